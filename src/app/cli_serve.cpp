// concord serve | demo: the server, stopped by SIGINT or SIGTERM.
#include <malloc.h>
#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "app/application.h"
#include "app/cli.h"
#include "app/demo.h"
#include "app/demo_loop.h"
#include "app/demo_portal.h"
#include "base/zone.h"

namespace concord::app {
namespace {

// Waits for a signal on a thread of its own: handlers may do almost nothing, a thread may do all.
class StopOnSignal {
 public:
  StopOnSignal() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGUSR2);  // ends the thread when the server stopped by itself
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  void start(Application& application) {
    thread_ = std::thread([this, &application] {
      int received = 0;
      sigwait(&signals_, &received);
      if (received != SIGUSR2) application.stop();
    });
  }
  ~StopOnSignal() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), SIGUSR2);
    thread_.join();
  }

 private:
  sigset_t signals_;
  std::thread thread_;
};

struct ServeOptions {
  int port = -1;
  std::string address;
};

void apply(const ServeOptions& options, Config& config) {
  if (options.port >= 0) config.server.port = static_cast<std::uint16_t>(options.port);
  if (!options.address.empty()) config.server.address = options.address;
}

std::string url_of(const Config& config, std::uint16_t port) {
  const bool tls = !config.server.tls_certificate.empty();
  return std::string(tls ? "https://" : "http://") + config.server.address + ":" + std::to_string(port);
}

// The database thread and the network threads hand every request to each other. Where they share a core, a woken
// thread would push the waking one aside at each answer; batch scheduling lets a group of answers go out together
// (10 % more pages a second on one core). Needs no privilege and may fail without harm.
void take_turns() {
  const sched_param parameters{};
  ::sched_setscheduler(0, SCHED_BATCH, &parameters);
}

// A page of the caseload is some 40 KiB, made and thrown away thousands of times a second: memory given back to
// the kernel in between comes back as page faults.
void keep_freed_memory() {
  constexpr int kKept = 32 << 20;
  ::mallopt(M_TRIM_THRESHOLD, kKept);
  ::mallopt(M_MMAP_THRESHOLD, kKept);
}

void serve(CommandLine& line, const Config& config, bool cheap_passwords, const std::function<void(std::uint16_t)>& started) {
  keep_freed_memory();
  take_turns();
  log::start(config.log_level);
  StopOnSignal signals;
  auto application = Application::build(config, line.clock, line.ids, cheap_passwords);
  if (!application) return line.failed(application.error());
  signals.start(**application);
  started((*application)->port());
  log::info("started", {{"port", static_cast<std::int64_t>((*application)->port())}});
  (*application)->run();
  log::info("stopped");
}

void run_serve(CommandLine& line, const ServeOptions& options) {
  auto config = line.config();
  if (!config) return line.failed(config.error());
  apply(options, *config);
  serve(line, *config, false, [&](std::uint16_t port) {
    std::printf("Concord serves %s\n", url_of(*config, port).c_str());
    std::fflush(stdout);
  });
}

constexpr std::string_view kDemoOrganization = "Riverside Demo Health";

struct DemoOptions : ServeOptions {
  std::string folder = "demo-data";
  std::int64_t patients = 760;
  bool keep = false;
};

void run_demo(CommandLine& line, const DemoOptions& options) {
  auto config = line.config();
  if (!config) return line.failed(config.error());
  apply(options, *config);
  if (config->log_level == log::Level::info) config->log_level = log::Level::warn;
  // No mail server here: what a patient would be sent stands on the console.
  config->portal.show = [](const std::string& address, const std::string& text) {
    std::printf("  Portal, for %s:  %s\n", address.c_str(), text.c_str());
    std::fflush(stdout);
  };
  bool fill = true;
  if (!line.database_url.empty()) {
    // Somebody's own database is filled once and never emptied.
    auto database = line.open_database(*config);
    if (!database) return line.failed(database.error());
    const auto there = (*database)->read([](db::Tx& tx) { return identity::organizations(tx); });
    fill = std::none_of(there.begin(), there.end(), [](const auto& o) { return o.name == kDemoOrganization; });
  } else {
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    const std::filesystem::path file = std::filesystem::path(options.folder) / "demo.db";
    config->database_url = "sqlite:" + file.string();
    if (options.keep && std::filesystem::exists(file)) fill = false;
    else
      for (const char* ending : {"", "-wal", "-shm", "-writer"}) std::filesystem::remove(file.string() + ending, error);
  }
  if (fill) {
    const auto filled = [&]() -> Result<simulation::Written> {
      CONCORD_TRY(auto data, load_data_files(config->data_folder));
      CONCORD_TRY(auto database, line.open_database(*config, data));
      Slices slices(line.clock, line.ids, std::move(data));
      simulation::Options cohort;
      cohort.patients = options.patients;
      cohort.weekly_sessions = true;
      cohort.seed = 2026;
      cohort.today = local_date(line.clock.now(), cohort.time_zone);
      CONCORD_TRY(auto written,
                  simulate_into(*database, slices, line.ids, line.clock.now(), kDemoOrganization, cohort, true, {}));
      for (const auto& organization : database->read([](db::Tx& tx) { return identity::organizations(tx); }))
        if (organization.name == kDemoOrganization)
          CONCORD_TRY_VOID(bring_demo_to_life(*database, slices, organization.id, line.clock.now()));
      return written;
    }();
    if (!filled) return line.failed(filled.error());
    std::printf("A demo clinic with %lld invented patients is ready.\n", static_cast<long long>(filled->patients));
  }
  serve(line, *config, true, [&](std::uint16_t port) {
    std::printf("\nOpen %s\n\n  Sign in as\n", url_of(*config, port).c_str());
    for (const auto& person : demo_people())
      std::printf("    %-12s %s\n", std::string(person.sign_in_name).c_str(), std::string(person.role).c_str());
    std::string portal_people;
    for (const auto& person : demo_portal_people())
      portal_people += (portal_people.empty() ? "" : "\n    ") + std::string(person.name) + "  " + std::string(person.who);
    std::printf(
        "  Password    %s\n"
        "\nThe patients' portal is %s/portal. Ask for a code as\n"
        "    %s\n  and it appears here.\n\nEverybody here is invented. Changes are gone at the next start, unless you say "
        "--keep. Stop with "
        "Ctrl-C.\n",
        std::string(kDemoPassword).c_str(), url_of(*config, port).c_str(), portal_people.c_str());
    std::fflush(stdout);
  });
}

}  // namespace

void add_serve_commands(CLI::App& app, CommandLine& line) {
  const auto listen_options = [](CLI::App* command, ServeOptions& options) {
    command->add_option("--port", options.port, "Port (0: any free one)")->check(CLI::Range(0, 65535));
    command->add_option("--address", options.address, "Address to listen on (default 127.0.0.1)");
  };
  auto options = std::make_shared<ServeOptions>();
  auto* serve_command = app.add_subcommand("serve", "Serve the web front and the API until SIGTERM or Ctrl-C");
  listen_options(serve_command, *options);
  serve_command->footer("Examples:\n  concord serve\n  concord serve --config /etc/concord.toml --port 8443");
  serve_command->callback([&line, options] { run_serve(line, *options); });

  auto demo = std::make_shared<DemoOptions>();
  auto* demo_command = app.add_subcommand("demo", "Serve a demo clinic with invented patients; nothing to set up");
  listen_options(demo_command, *demo);
  demo_command->add_option("--folder", demo->folder, "Folder for the demo database");
  demo_command->add_option("--patients", demo->patients, "How many referrals to invent")->check(CLI::Range(1, 1000000));
  demo_command->add_flag("--keep", demo->keep, "Keep the database of the last start");
  demo_command->footer("Example:\n  concord demo --port 8081");
  demo_command->callback([&line, demo] { run_demo(line, *demo); });
}

}  // namespace concord::app
