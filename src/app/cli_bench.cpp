// concord bench: measures this machine against the limits we set ourselves. The server runs as a child
// process on one core, the load comes from another.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

#include "app/bench_ecqm.h"
#include "app/bench_outcomes.h"
#include "app/bench_reminders.h"
#include "app/bench_report_csv.h"
#include "app/cli.h"
#include "app/demo.h"
#include "app/imports.h"
#include "app/load.h"
#include "app/review_cases.h"
#include "base/zone.h"
#include "billing/billing_store.h"
#include "caseload/caseload_store.h"
#include "checkins/checkins_store.h"
#include "identity/password.h"
#include "json/writer.h"
#include "patients/patients_store.h"
#include "reviews/agenda.h"

namespace concord::app {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The limits of the architecture document: one core of the server, SQLite, release build, loopback.
constexpr double kPageTarget = 7000, kPageP99TargetMs = 5, kWriteTarget = 5000, kWriteSyncMs = 0.2;
constexpr double kFhirTarget = 15000, kCsvTarget = 100000, kIdleTargetMb = 40, kReadyTargetMs = 300, kSimulateTarget = 100000;

// Of issue "Team loop": attention for 100,000 episodes in a second, an agenda in 20 ms, a month board in a second.
constexpr double kAttentionTarget = 1, kAgendaTarget = 20, kMonthBoardTarget = 1;

// Of issue "Patient": check-ins sent in 200 times a second beside a working registry, each within 50 ms.
constexpr double kSubmitRate = 200, kSubmitP99TargetMs = 50;

// ... and ten thousand reminders planned and queued in five seconds.
constexpr int kReminders = 10000;
constexpr double kRemindersTarget = 5;

// Of issue "Numbers": the program report of 100,000 patients from CSV, from the start of the process to its last byte.
constexpr double kReportCsvTarget = 1;

// National measures: 30,000 patients a CPU-second with JSON parsing.
constexpr double kEcqmTarget = 30000;

// ... and figures of outcomes over a million episodes with 8 scores each: the report, the same with slopes, a page of every
// figure with 24 months at 100,000 patients, and the load of the columns.
constexpr double kOutcomeTargetMs = 10, kSlopesTargetMs = 25, kOutcomePageTargetMs = 50, kLoadTarget = 3, kLoadPostgresTarget = 6;

// ... and the dashboard over HTTP.
constexpr double kDashboardP99TargetMs = 50;
constexpr int kDashboardWaits = 600, kDashboardMonths = 24;

constexpr int kIdleWaits = 600, kIdleWaitMs = 500;

constexpr std::int64_t kCopiedUpTo = 200000;

struct BenchOptions {
  std::vector<std::int64_t> sizes = {1000, 10000, 100000};
  std::string folder = "build/bench";
  std::string postgres;  // a URI; empty: SQLite
  double seconds = 5;
  int connections = 32;
  std::string fhir_folder;
  bool as_json = false;
  bool only_reminders = false;
  bool only_report_csv = false;
  bool only_ecqm = false;
  std::vector<std::int64_t> ecqm_patients = {10000, 100000};
  int report_patients = 100000;
  bool only_outcomes = false;
  std::int64_t episodes = 1000000;
};

struct Figure {
  std::string what;
  double ours = 0;
  std::string unit;
  double target = 0;  // 0: none
  bool lower_is_better = false;
  std::string note;

  double ratio() const { return target == 0 || ours == 0 ? 0 : lower_is_better ? target / ours : ours / target; }
};

double seconds_since(SteadyClock::time_point start) { return std::chrono::duration<double>(SteadyClock::now() - start).count(); }

// Median milliseconds of a 4 KiB overwrite made durable by fdatasync, in the folder the database is in.
double probe_sync_ms(const std::string& folder) {
  const std::string path = folder + "/sync.probe";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  if (fd < 0) return 0;
  std::vector<char> block(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 200; ++i) {
    const auto start = SteadyClock::now();
    if (::pwrite(fd, block.data(), block.size(), static_cast<off_t>((i % 16) * 4096)) < 0 || ::fdatasync(fd) != 0) break;
    times.push_back(seconds_since(start) * 1000);
  }
  ::close(fd);
  ::unlink(path.c_str());
  if (times.empty()) return 0;
  std::nth_element(times.begin(), times.begin() + static_cast<long>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

void pin_to(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  sched_setaffinity(0, sizeof cores, &cores);
}

void use_every_core() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (unsigned core = 0; core < std::thread::hardware_concurrency(); ++core) CPU_SET(core, &cores);
  sched_setaffinity(0, sizeof cores, &cores);
}

// `concord serve` as a child on core 0.
class ServerProcess {
 public:
  static Result<std::unique_ptr<ServerProcess>> start(const std::string& database_url) {
    int pipe_ends[2];
    if (::pipe(pipe_ends) != 0) return fail(ErrorCode::internal, "Cannot make a pipe.");
    auto server = std::unique_ptr<ServerProcess>(new ServerProcess());
    const auto begin = SteadyClock::now();
    const std::string executable = executable_path().string();
    server->pid_ = ::fork();
    if (server->pid_ == 0) {
      pin_to(0);
      ::dup2(pipe_ends[1], 1);
      ::close(pipe_ends[0]);
      ::close(pipe_ends[1]);
      ::setenv("CONCORD_LOG_LEVEL", "error", 1);
      ::execl(executable.c_str(), "concord", "serve", "--db", database_url.c_str(), "--port", "0", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(pipe_ends[1]);
    std::string line;
    char c = 0;
    while (::read(pipe_ends[0], &c, 1) == 1 && c != '\n') line += c;
    ::close(pipe_ends[0]);
    const auto colon = line.rfind(':');
    if (colon == std::string::npos) return fail(ErrorCode::internal, "The server did not start.");
    server->port_ = static_cast<std::uint16_t>(std::atoi(line.c_str() + colon + 1));
    server->ready_ms_ = seconds_since(begin) * 1000;
    return server;
  }
  ~ServerProcess() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }
  std::uint16_t port() const { return port_; }
  double ready_ms() const { return ready_ms_; }
  double resident_mb() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
    return 0;
  }
  double cpu_seconds() const {
    std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
    std::string line;
    std::getline(stat, line);
    long user = 0, system = 0;
    std::sscanf(line.c_str() + line.rfind(')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user, &system);
    return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }

 private:
  ServerProcess() = default;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  double ready_ms_ = 0;
};

struct Signed {
  std::string cookie;
  std::vector<patients::PatientId> patients;
};

// Sessions of up to 512 care managers, as signing in would make them, and patients of their site.
Result<std::vector<Signed>> sign_in_care_managers(db::Database& database, OrganizationId organization, Instant now,
                                                  const simulation::Cohort& cohort) {
  constexpr std::size_t kMost = 512;
  std::vector<Signed> people;
  std::map<UserId, std::size_t> by_manager;
  CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
    std::int64_t all = 0;
    for (const auto& site : cohort.sites) all += static_cast<std::int64_t>(site.care_managers.size());
    const auto step = static_cast<std::size_t>(std::max<std::int64_t>(1, all / static_cast<std::int64_t>(kMost)));
    std::size_t number = 0;
    for (const auto& site : cohort.sites)
      for (const auto& manager : site.care_managers) {
        if (number++ % step != 0 || people.size() >= kMost) continue;
        const auto token = identity::new_token();
        identity::insert_session(tx, identity::token_hash(token), organization, manager, now);
        by_manager[manager] = people.size();
        people.push_back({"concord_session=" + token, {}});
      }
    return {};
  }));
  // The cohort is the same for the same seed: no query needed to know whose patient is whose. Everybody at the
  // site is written to, so that no patient gets more scores than a person could have.
  std::map<SiteId, std::vector<patients::PatientId>> at_site;
  const std::int64_t looked_at = std::min<std::int64_t>(cohort.options.patients, 400000);
  for (std::int64_t i = cohort.options.patients - looked_at; i < cohort.options.patients; ++i) {
    const auto history = simulation::simulate(cohort, i);
    at_site[history.patient.site].push_back(history.patient.id);
  }
  for (const auto& site : cohort.sites) {
    const auto& there = at_site[site.id];
    for (std::size_t m = 0; m < site.care_managers.size(); ++m) {
      const auto found = by_manager.find(site.care_managers[m]);
      if (found == by_manager.end()) continue;
      for (std::size_t i = m; i < there.size(); i += site.care_managers.size())
        people[found->second].patients.push_back(there[i]);
    }
  }
  std::erase_if(people, [](const Signed& p) { return p.patients.empty(); });
  if (people.empty()) return fail(ErrorCode::internal, "The cohort has no patients.");
  return people;
}

// The cookie of somebody who runs the program at every site and sees sums only: the most that a dashboard can cost.
Result<std::string> sign_in_program_manager(db::Database& database, IdSource& ids, OrganizationId organization, Instant now,
                                            const simulation::Cohort& cohort) {
  identity::User manager;
  manager.organization = organization;
  manager.id = UserId(ids.next());
  manager.display_name = "Max Demo";
  for (const auto& site : cohort.sites) manager.roles.push_back({"program_manager", site.id});
  const auto token = identity::new_token();
  CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
    identity::insert_user(tx, manager, now);
    identity::insert_session(tx, identity::token_hash(token), organization, manager.id, now);
    return {};
  }));
  return "concord_session=" + token;
}

// Check-ins that are answered and wait to be sent, one for each of the first patients; the cookies that hold them.
Result<std::vector<std::string>> answered_check_ins(db::Database& database, IdSource& ids, OrganizationId organization,
                                                    Instant now, const simulation::Cohort& cohort,
                                                    const std::vector<Signed>& people, std::size_t wanted) {
  std::vector<patients::PatientId> patients;
  for (std::size_t i = 0; patients.size() < wanted; ++i) {
    const auto before = patients.size();
    for (const auto& person : people)
      if (i < person.patients.size() && patients.size() < wanted) patients.push_back(person.patients[i]);
    if (patients.size() == before) break;  // a small cohort has no more
  }
  std::vector<std::string> cookies;
  constexpr std::size_t kAtOnce = 500;
  for (std::size_t from = 0; from < patients.size(); from += kAtOnce)
    CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
      for (std::size_t i = from; i < std::min(patients.size(), from + kAtOnce); ++i) {
        checkins::CheckIn c;
        c.id = checkins::CheckInId(ids.next());
        c.patient = patients[i];
        c.site = patients::find_site(tx, organization, patients[i]).value_or(cohort.sites.front().id);
        c.state = "started";
        c.starts = 1;
        c.forms = {{"phq-9", "self", std::nullopt, false}};
        c.made_at = now;
        c.sent_at = c.started_at = now;
        c.expires_at = now + std::chrono::hours(24 * 7);
        checkins::insert(tx, organization, c, identity::token_hash(identity::new_token()));
        const auto cookie = identity::new_token();
        checkins::insert_session(tx, organization, c.id, identity::token_hash(cookie), now, c.expires_at);
        for (int item = 1; item <= 9; ++item)
          checkins::keep(tx, organization, c.id,
                         {"phq-9", "q" + std::to_string(item),
                          item == 9 ? 0.0 : static_cast<double>((i + static_cast<std::size_t>(item)) % 4)},
                         now);
        cookies.push_back("concord_checkin=" + cookie);
      }
      return {};
    }));
  return cookies;
}

void get_request(std::string& out, const std::string& path, const std::string& cookie) {
  out += "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookie + "\r\n\r\n";
}

void post_request(std::string& out, const std::string& path, const std::string& cookie, const std::string& key,
                  const std::string& body) {
  out += "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookie +
         "\r\nContent-Type: application/json\r\nIdempotency-Key: " + key + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string thousands(double value) {
  std::string digits = std::to_string(static_cast<std::int64_t>(value + 0.5));
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string short_number(double value) {
  if (value >= 1000) return thousands(value);
  char text[32];
  std::snprintf(text, sizeof text, value < 10 ? "%.2f" : "%.1f", value);
  return text;
}

std::string note_of(const LoadReport& load) {
  std::string note = "p50 " + short_number(load.p50_ms) + " ms, max " + short_number(load.max_ms) + " ms, " +
                     short_number(load.mean_bytes() / 1024) + " KiB";
  for (const auto& [status, count] : load.statuses)
    if (status >= 300) note += ", " + std::to_string(count) + " x " + std::to_string(status);
  return note;
}

class Bench {
 public:
  Bench(CommandLine& line, BenchOptions options) : line_(line), options_(std::move(options)) {}

  Result<void> run() {
    CONCORD_TRY(config_, line_.config());
    std::filesystem::create_directories(options_.folder);
    pin_to(static_cast<int>(std::thread::hardware_concurrency()) - 1);
    sync_ms_ = probe_sync_ms(options_.folder);
    add({"fdatasync of 4 KiB", sync_ms_, "ms", 0, true, "probe, median of 200"});
    if (options_.only_reminders) return measure_reminders();
    if (options_.only_report_csv) return measure_report_csv();
    if (options_.only_outcomes) return measure_outcomes();
    if (options_.only_ecqm) return measure_ecqm();
    for (const auto size : options_.sizes) CONCORD_TRY_VOID(measure_size(size));
    CONCORD_TRY_VOID(measure_reminders());
    CONCORD_TRY_VOID(measure_report_csv());
    CONCORD_TRY_VOID(measure_outcomes());
    pin_to(static_cast<int>(std::thread::hardware_concurrency()) - 1);
    CONCORD_TRY_VOID(measure_ecqm());
    CONCORD_TRY_VOID(measure_imports());
    return {};
  }
  const std::vector<Figure>& figures() const { return figures_; }

 private:
  void add(Figure figure) {
    std::fprintf(stderr, "%-58s %12s %s\n", figure.what.c_str(), short_number(figure.ours).c_str(), figure.unit.c_str());
    figures_.push_back(std::move(figure));
  }

  bool is_postgres() const { return !options_.postgres.empty(); }

  std::string url_of(const std::string& name) const {
    return is_postgres() ? options_.postgres : "sqlite:" + options_.folder + "/" + name + ".db";
  }

  Result<void> measure_size(std::int64_t size) {
    const std::string label = ", " + thousands(static_cast<double>(size)) + " patients";
    Config config = config_;
    config.database_url = url_of("simulated-" + std::to_string(size));
    simulation::Options cohort_options;
    cohort_options.patients = size;
    cohort_options.seed = static_cast<std::uint64_t>(size);
    const std::string name = "Bench Demo Health " + std::to_string(size);
    const std::string seed = std::to_string(cohort_options.seed);
    const std::string_view parts[] = {"simulation", "organization", name, seed};
    const OrganizationId organization(make_uuid_from(parts));
    CommandLine with_url(line_.clock);
    with_url.database_url = config.database_url;
    CONCORD_TRY(auto data, load_data_files(config.data_folder));
    CONCORD_TRY(auto database, with_url.open_database(config, data));
    // The day is kept with the database, so that a later run tells the same histories.
    const std::string day_file =
        options_.folder + "/simulated-" + std::to_string(size) + (is_postgres() ? ".postgres" : "") + ".day";
    const auto there = database->read([](db::Tx& tx) { return identity::organizations(tx); });
    const bool is_made = std::any_of(there.begin(), there.end(), [&](const auto& o) { return o.id == organization; });
    cohort_options.today = local_date(line_.clock.now(), cohort_options.time_zone);
    if (is_made) {
      std::ifstream in(day_file);
      std::string text;
      std::getline(in, text);
      const auto day = Date::parse(text);
      if (!day)
        return fail(ErrorCode::conflict,
                    "The benchmark's database is not complete. Remove " + options_.folder + " and run again.");
      cohort_options.today = *day;
    } else {
      Slices slices(line_.clock, line_.ids, std::move(data));
      const auto begin = SteadyClock::now();
      CONCORD_TRY_VOID(simulate_into(
          *database, slices, line_.ids, line_.clock.now(), name, cohort_options, false, [&](const simulation::Progress& p) {
            if (is_terminal(2))
              std::fprintf(stderr, "\rsimulating %lld of %lld", static_cast<long long>(p.done), static_cast<long long>(p.total));
          }));
      if (is_terminal(2)) std::fprintf(stderr, "\r\033[K");
      std::ofstream(day_file) << cohort_options.today.iso() << "\n";
      if (size >= 10000)
        add({"simulate" + label, static_cast<double>(size) / seconds_since(begin) * 60, "patients/min", kSimulateTarget, false,
             ""});
    }
    const auto cohort = simulation::plan_cohort(cohort_options);
    CONCORD_TRY(const auto people, sign_in_care_managers(*database, organization, line_.clock.now(), cohort));
    CONCORD_TRY(const auto manager, sign_in_program_manager(*database, line_.ids, organization, line_.clock.now(), cohort));
    CONCORD_TRY_VOID(measure_rules(*database, organization, cohort, label));
    database.reset();

    CONCORD_TRY(auto server, ServerProcess::start(config.database_url));
    add({"ready after start" + label, server->ready_ms(), "ms", target(kReadyTargetMs), true, ""});
    add({"idle memory" + label, server->resident_mb(), "MB", target(kIdleTargetMb), true, "resident set of the server"});

    wait_until_idle(*server);
    LoadOptions load;
    load.port = server->port();
    load.connections = options_.connections;
    load.seconds = options_.seconds;
    load.connections = std::max(1, options_.connections * 5 / 8);  // people who look are fewer than writes in flight
    double cpu = server->cpu_seconds();
    CONCORD_TRY(const auto page, run_load(load, [&](std::int64_t n, std::string& out) {
                  const auto& person = people[static_cast<std::size_t>(n) % people.size()];
                  get_request(out, "/api/v1/caseload?care_manager=me&limit=50", person.cookie);
                }));
    cpu = (server->cpu_seconds() - cpu) / (load.seconds + load.warmup_seconds);
    add({"caseload page" + label, page.per_second(), "requests/s", target(kPageTarget), false,
         note_of(page) + ", server used " + short_number(cpu * 100) + " % of a core"});
    add({"caseload page, p99" + label, page.p99_ms, "ms", target(kPageP99TargetMs), true, ""});

    CONCORD_TRY_VOID(measure_dashboard(*server, cohort, manager, label));

    // Writes go to a copy where one is quickly made: a few busy patients with thousands of new scores would make
    // the next run's pages unlike a clinic's.
    std::vector<std::string> check_ins;
    if (!is_postgres() && size <= kCopiedUpTo) {
      server.reset();
      const std::string from = options_.folder + "/simulated-" + std::to_string(size) + ".db",
                        to = options_.folder + "/written.db";
      for (const char* ending : {"", "-wal", "-shm", "-writer"}) std::filesystem::remove(to + ending);
      std::filesystem::copy_file(from, to);
      if (std::filesystem::exists(from + "-wal")) std::filesystem::copy_file(from + "-wal", to + "-wal");
      Config copy = config_;
      copy.database_url = "sqlite:" + to;
      CommandLine of_copy(line_.clock);
      of_copy.database_url = copy.database_url;
      CONCORD_TRY(auto written, of_copy.open_database(copy));
      const double needed = kSubmitRate * (load.seconds + load.warmup_seconds) * 1.1;
      CONCORD_TRY(check_ins, answered_check_ins(*written, line_.ids, organization, line_.clock.now(), cohort, people,
                                                static_cast<std::size_t>(needed)));
      if (check_ins.size() < static_cast<std::size_t>(needed)) check_ins.clear();  // too few patients for this rate
      written.reset();
      CONCORD_TRY(server, ServerProcess::start("sqlite:" + to));
      wait_until_idle(*server);
      load.port = server->port();
    }
    const std::string prefix = identity::new_token().substr(0, 12);
    load.connections = options_.connections;
    cpu = server->cpu_seconds();
    CONCORD_TRY(
        const auto post, run_load(load, [&](std::int64_t n, std::string& out) {
          const auto& person = people[static_cast<std::size_t>(n) % people.size()];
          const auto& patient =
              person.patients[static_cast<std::size_t>(n / static_cast<std::int64_t>(people.size())) % person.patients.size()];
          std::string body = R"({"instrument":"phq-9","mode":"phone","answers":{)";
          for (int item = 1; item <= 9; ++item)
            body += (item > 1 ? ",\"q" : "\"q") + std::to_string(item) +
                    "\":" + std::to_string(item == 9 ? 0 : static_cast<int>((n + item) % 4));
          body += "}}";
          post_request(out, "/api/v1/patients/" + patient.text() + "/measurements", person.cookie,
                       prefix + "-" + std::to_string(n), body);
        }));
    add({"durable measurement POST" + label, post.per_second(), "requests/s", sync_ms_ <= kWriteSyncMs ? target(kWriteTarget) : 0,
         false, note_of(post) + ", p99 " + short_number(post.p99_ms) + " ms"});
    if (!check_ins.empty()) CONCORD_TRY_VOID(measure_check_ins(*server, people, check_ins, label));
    return {};
  }

  // A day's first start plans reminders for everybody, for half a minute with a hundred thousand patients on this one core; the
  // figures are of the rest of the day.
  static void wait_until_idle(const ServerProcess& server) {
    for (int quiet = 0, waits = 0; quiet < 3 && waits < kIdleWaits; ++waits) {
      const double before = server.cpu_seconds();
      std::this_thread::sleep_for(std::chrono::milliseconds(kIdleWaitMs));
      quiet = server.cpu_seconds() - before < 0.1 * kIdleWaitMs / 1000 ? quiet + 1 : 0;
    }
  }

  // Questions that were never asked before one after the other, then the same few by many at once.
  Result<void> measure_dashboard(const ServerProcess& server, const simulation::Cohort& cohort, const std::string& cookie,
                                 const std::string& label) {
    const auto last = cohort.options.today.first_of_month().plus_days(-1);
    const auto ask = [&](std::int64_t n, std::string& out) {
      Date month = last;
      for (auto back = n % kDashboardMonths; back > 0; --back) month = month.first_of_month().plus_days(-1);
      const auto filter = static_cast<std::size_t>(n / kDashboardMonths) % (cohort.sites.size() + 1);
      std::string path = "/api/v1/reports/dashboard?period=month&at=" + month.iso().substr(0, 7);
      if (filter > 0) path += "&site=" + cohort.sites[filter - 1].id.text();
      get_request(out, path, cookie);
    };
    LoadOptions load;
    load.port = server.port();
    load.connections = 1;
    load.warmup_seconds = 0;
    load.seconds = 0.1;
    const auto begin = SteadyClock::now();
    for (int waits = 0;; ++waits) {  // the columns are read when somebody first asks
      CONCORD_TRY(const auto first, run_load(load, [&](std::int64_t, std::string& out) { ask(0, out); }));
      if (first.statuses.size() == 1 && first.statuses.begin()->first == 200) break;
      if (waits == kDashboardWaits) return fail(ErrorCode::internal, "The reports were never ready.");
    }
    add({"dashboard ready after the first question" + label, seconds_since(begin), "s", 0, true,
         "columns read in the background"});
    load.seconds = options_.seconds;
    load.most = static_cast<std::int64_t>(cohort.sites.size() + 1) * kDashboardMonths - 1;  // then they begin again
    CONCORD_TRY(const auto fresh, run_load(load, [&](std::int64_t n, std::string& out) { ask(n + 1, out); }));
    load.most = 0;
    add({"dashboard, a new question each time, p99" + label, fresh.p99_ms, "ms", target(kDashboardP99TargetMs), true,
         note_of(fresh) + ", " + thousands(static_cast<double>(fresh.requests)) + " questions"});
    load.connections = 8;
    load.warmup_seconds = 1;
    CONCORD_TRY(const auto known, run_load(load, [&](std::int64_t n, std::string& out) { ask(n % 12, out); }));
    add({"dashboard, p99" + label, known.p99_ms, "ms", target(kDashboardP99TargetMs), true,
         note_of(known) + ", " + short_number(known.per_second()) + " requests/s, 12 questions"});
    return {};
  }

  // Patients send in at a steady rate while the staff's pages are loaded as fast as the server answers them.
  Result<void> measure_check_ins(const ServerProcess& server, const std::vector<Signed>& people,
                                 const std::vector<std::string>& check_ins, const std::string& label) {
    LoadOptions registry, sending;
    registry.port = sending.port = server.port();
    registry.seconds = sending.seconds = options_.seconds;
    registry.connections = 8;
    sending.connections = 32;
    sending.per_second = kSubmitRate;
    Result<LoadReport> pages = fail(ErrorCode::internal, "");
    std::thread staff([&] {
      pages = run_load(registry, [&](std::int64_t n, std::string& out) {
        get_request(out, "/api/v1/caseload?care_manager=me&limit=50", people[static_cast<std::size_t>(n) % people.size()].cookie);
      });
    });
    const auto sent = run_load(sending, [&](std::int64_t n, std::string& out) {
      const auto& cookie = check_ins[static_cast<std::size_t>(n) % check_ins.size()];
      out += "POST /c/check HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookie +
             "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n";
    });
    staff.join();
    if (!sent) return tl::unexpected<Error>(sent.error());
    if (!pages) return tl::unexpected<Error>(pages.error());
    add({"check-in sent in at 200/s, p99" + label, sent->p99_ms, "ms", target(kSubmitP99TargetMs), true,
         note_of(*sent) + ", " + short_number(sent->per_second()) + "/s answered, beside " + short_number(pages->per_second()) +
             " caseload pages/s"});
    return {};
  }

  // What the rules and the month cost without any server: recomputed from the facts, on this thread.
  Result<void> measure_rules(db::Database& database, OrganizationId organization, const simulation::Cohort& cohort,
                             const std::string& label) {
    CONCORD_TRY(const auto data, load_data_files(config_.data_folder));
    const Date today = cohort.options.today;
    {
      constexpr std::size_t kEpisodes = 100000;
      std::vector<caseload::EpisodeFacts> facts;
      database.read([&](db::Tx& tx) {
        caseload::each_facts(tx, organization, data.rules, [&](caseload::EpisodeFacts&& f) {
          if (f.state != episodes::State::closed && facts.size() < kEpisodes) facts.push_back(std::move(f));
        });
      });
      if (facts.empty()) return {};
      // A smaller database goes round until it has been a hundred thousand.
      std::size_t lines = 0;
      const auto begin = SteadyClock::now();
      for (std::size_t i = 0; i < kEpisodes; ++i) {
        const auto row = caseload::derive(facts[i % facts.size()], data.rules);
        for (const auto& trigger : row.triggers) lines += trigger.counts(today);
      }
      add({"attention, 100,000 open episodes" + label, seconds_since(begin), "s", kAttentionTarget, true,
           thousands(static_cast<double>(lines)) + " lines, from facts in memory, one core"});
    }
    {
      // Care managers of one site until they have a caseload of 120 between them.
      const auto& site = cohort.sites.front();
      http::Request request;
      Caller caller;
      caller.organization = organization;
      caller.sites = {site.id};
      const http::Call call{request, caller, line_.clock.now(), {}};
      const patients::Asker asker(call);
      std::vector<UserId> managers;
      std::size_t people = 0;
      for (const auto& manager : site.care_managers) {
        managers.push_back(manager);
        people = database.read([&](db::Tx& tx) { return review_cases(tx, asker, data.rules, site.id, managers, today).size(); });
        if (people >= 120) break;
      }
      std::vector<double> times;
      for (int i = 0; i < 41; ++i) {
        const auto begin = SteadyClock::now();
        database.read([&](db::Tx& tx) {
          const auto cases = review_cases(tx, asker, data.rules, site.id, managers, today);
          return reviews::propose(cases, data.agenda, 60, {}, today).planned;
        });
        times.push_back(seconds_since(begin) * 1000);
      }
      std::sort(times.begin(), times.end());
      add({"review agenda, caseload of 120" + label, times[times.size() / 2], "ms", kAgendaTarget, true,
           std::to_string(people) + " patients, database and ranking, median of 41"});
    }
    {
      const auto month = billing::Month::of(today);
      const auto begin = SteadyClock::now();
      const auto book =
          database.read([&](db::Tx& tx) { return billing::load_organization(tx, organization, month, data.billing); });
      const double loaded = seconds_since(begin);
      const auto rows = billing::months(book, month, data.billing, billing::terms_of(data.billing));
      const double whole = seconds_since(begin);
      add({"month board" + label, whole, "s", cohort.options.patients <= 100000 ? kMonthBoardTarget : 0, true,
           thousands(static_cast<double>(rows.size())) + " patients in it; reading took " + short_number(loaded) +
               " s, the codes " + short_number(whole - loaded) + " s"});
    }
    return {};
  }

  // In a database of their own: everybody in it is due on the same day.
  Result<void> measure_reminders() {
    Config config = config_;
    config.database_url = url_of("reminders");
    if (!is_postgres())
      for (const char* ending : {"", "-wal", "-shm", "-writer"})
        std::filesystem::remove(options_.folder + "/reminders.db" + ending);
    const int connections = config_.messages.connections;
    CONCORD_TRY(const auto done, bench_reminders(line_, config, kReminders, connections, 5));
    add({"10,000 reminders planned and queued", done.plan_seconds, "s", target(kRemindersTarget), true,
         thousands(static_cast<double>(done.check_ins)) + " check-ins with their messages for " +
             thousands(static_cast<double>(done.patients)) + " patients"});
    add({"reminders sent, a gateway that answers in 5 ms", static_cast<double>(done.sent) / done.send_seconds, "messages/s", 0,
         false,
         std::to_string(connections) + " connections for mail and as many for SMS, " + std::to_string(done.most_at_once) +
             " at once at most"});
    return {};
  }

  Result<void> measure_report_csv() {
    const auto folder = std::filesystem::path(options_.folder) / "report-csv";
    CONCORD_TRY(const auto done, bench_report_csv(config_, folder, options_.report_patients, 5));
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    const std::string what = "program report from CSV, " + thousands(options_.report_patients) + " patients";
    const std::string read = thousands(static_cast<double>(done.rows)) + " rows, " +
                             short_number(static_cast<double>(done.bytes) / 1e6) +
                             " MB read; process start to last byte, median of 5";
    add({what, done.table_seconds, "s", kReportCsvTarget, true, read});
    add({what + ", --json", done.json_seconds, "s", kReportCsvTarget, true,
         "every patient with reasons: " + short_number(static_cast<double>(done.json_bytes) / 1e6) + " MB written"});
    return {};
  }

  Result<void> measure_ecqm() {
    CONCORD_TRY(const auto all, bench_ecqm(std::filesystem::path(options_.folder) / "ecqm", options_.ecqm_patients));
    for (const auto& one : all) {
      const std::string what = one.measure + ", " + thousands(static_cast<double>(one.patients)) + " patients";
      add({what + ", bundle files to table", static_cast<double>(one.patients) / one.process_cpu_seconds, "patients/CPU-s",
           kEcqmTarget, false,
           short_number(one.bytes_per_patient / 1e3) + " kB a patient, one thread, " + short_number(one.process_seconds) + " s"});
      add({what + ", peak memory", one.process_peak_mb, "MB", 0, true, "the process"});
      if (one.from_text == 0) continue;
      add({one.measure + ", from text in memory", one.from_text, "patients/CPU-s", kEcqmTarget, false,
           "with parsing, " + short_number(one.resources_per_patient) + " resources a patient"});
      add({one.measure + ", from parsed JSON", one.from_parsed, "patients/CPU-s", 0, false, "without parsing"});
    }
    return {};
  }

  Result<void> measure_outcomes() {
    Config config = config_;
    config.database_url = url_of("outcomes-" + std::to_string(options_.episodes));
    use_every_core();  // figures are computed on one thread; every fact is read by two, as in a server
    CONCORD_TRY(const auto done, bench_outcomes(line_, config, options_.episodes));
    const std::string label = ", " + thousands(static_cast<double>(options_.episodes)) + " episodes";
    const double share = static_cast<double>(options_.episodes) / 1e6;  // the limits are for a million
    add({"outcome report" + label, done.report_ms, "ms", kOutcomeTargetMs * share, true,
         "one core, median of 11; columns of " + short_number(done.bytes / 1e6) + " MB"});
    add({"outcome report with slopes" + label, done.report_slopes_ms, "ms", kSlopesTargetMs * share, true,
         "one core, median of 11"});
    add({"every figure of a year" + label, done.all_ms, "ms", 0, true, "one core"});
    add({"every figure, 24 months" + label, done.series_ms, "ms", 0, true, "one core, one pass"});
    add({"every figure by 7 strata" + label, done.strata_ms, "ms", 0, true, "one core, a pass each"});
    add({"dashboard: figures and 24 months, a tenth of them", done.page_ms, "ms", kOutcomePageTargetMs * share, true,
         "one core, computed anew; kept until a fact changes"});
    const double load_target = (is_postgres() ? kLoadPostgresTarget : kLoadTarget) * share;
    add({"columns at a start" + label, done.resume_seconds, "s", load_target, true,
         "as they were kept, with what changed since; 64 patients compared with their facts"});
    add({"columns from every fact" + label, done.load_seconds, "s", load_target, true,
         thousands(static_cast<double>(done.rows)) +
             " rows (with 2 contacts each), two readers: the first start, then hourly behind it"});
    add({"columns kept" + label, done.keep_seconds, "s", 0, true, "behind everything else, every six hours"});
    return {};
  }

  Result<void> measure_imports() {
    const auto fresh = [&](const std::string& name) -> Config {
      Config config = config_;
      config.database_url = url_of(name);
      if (!is_postgres())
        for (const char* ending : {"", "-wal", "-shm", "-writer"})
          std::filesystem::remove(options_.folder + "/" + name + ".db" + ending);
      return config;
    };
    if (!options_.fhir_folder.empty() && std::filesystem::exists(options_.fhir_folder)) {
      CONCORD_TRY(const auto report,
                  import_fhir_into(line_, fresh("fhir"), {options_.fhir_folder}, {"Bench FHIR import", "", ""}));
      add({"FHIR import", static_cast<double>(report.resources) / report.seconds, "resources/s", target(kFhirTarget), false,
           thousands(static_cast<double>(report.resources)) + " resources"});
    } else {
      std::fprintf(stderr, "No FHIR bundles given (--fhir FOLDER): FHIR import not measured.\n");
    }
    const std::string csv = options_.folder + "/csv";
    if (!std::filesystem::exists(csv + "/patient.csv")) {
      // The extract of a simulated clinic, made once.
      Config config = config_;
      config.database_url = "sqlite:" + options_.folder + "/simulated-" + std::to_string(options_.sizes.front()) + ".db";
      if (is_postgres()) config.database_url = options_.postgres;
      CONCORD_TRY_VOID(export_csv_from(line_, config, csv, "Bench Demo Health " + std::to_string(options_.sizes.front())));
    }
    CONCORD_TRY(const auto report, import_csv_into(line_, fresh("csv"), {csv, {}, false}, {"Bench CSV import", "", ""}));
    add({"CSV import", static_cast<double>(report.resources) / report.seconds, "rows/s", target(kCsvTarget), false,
         thousands(static_cast<double>(report.resources)) + " rows"});
    return {};
  }

  // Limits are set for SQLite; PostgreSQL is measured without.
  double target(double value) const { return is_postgres() ? 0 : value; }

  CommandLine& line_;
  BenchOptions options_;
  Config config_;
  double sync_ms_ = 0;
  std::vector<Figure> figures_;
};

void print_table(const std::vector<Figure>& figures) {
  std::printf("%-58s %12s %-13s %10s %7s  %s\n", "measured", "ours", "", "target", "ratio", "");
  for (const auto& f : figures) {
    char ratio[16] = "";
    if (f.target > 0) std::snprintf(ratio, sizeof ratio, "%.2f", f.ratio());
    std::printf("%-58s %12s %-13s %10s %7s  %s\n", f.what.c_str(), short_number(f.ours).c_str(), f.unit.c_str(),
                f.target > 0 ? short_number(f.target).c_str() : "-", ratio, f.note.c_str());
  }
  std::printf("A ratio of 1 or more meets the target.\n");
}

void print_json(const std::vector<Figure>& figures) {
  std::string out;
  json::Writer w(out);
  w.object().key("figures").array();
  for (const auto& f : figures)
    w.object()
        .field("what", f.what)
        .field("ours", f.ours)
        .field("unit", f.unit)
        .field("target", f.target)
        .field("ratio", f.ratio())
        .field("note", f.note)
        .end();
  w.end().end();
  std::printf("%s\n", out.c_str());
}

}  // namespace

void add_bench_command(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<BenchOptions>();
  auto* bench = app.add_subcommand("bench", "Measure this machine: caseload page, durable writes, imports, start, memory");
  bench->add_option("--size", options->sizes, "Simulated patients, one database each (kept in --folder)")
      ->delimiter(',')
      ->check(CLI::Range(100, 5000000));
  bench->add_option("--folder", options->folder, "Folder for the databases");
  bench->add_option("--postgres", options->postgres, "Measure this PostgreSQL database instead (a URI; it is filled)");
  bench->add_option("--seconds", options->seconds, "Seconds per load run")->check(CLI::Range(0.2, 600.0));
  bench->add_option("--connections", options->connections, "Requests in flight")->check(CLI::Range(1, 4096));
  bench->add_option("--fhir", options->fhir_folder, "Folder of FHIR bundles for the import figure");
  bench->add_flag("--reminders", options->only_reminders, "Measure the reminders only");
  bench->add_flag("--report-csv", options->only_report_csv, "Measure the program report from CSV only");
  bench->add_option("--patients", options->report_patients, "Patients of the folder for --report-csv")
      ->check(CLI::Range(1, 10000000));
  bench->add_flag("--ecqm", options->only_ecqm, "Measure the national measures only");
  bench->add_option("--ecqm-patients", options->ecqm_patients, "Patients for --ecqm, one run each")
      ->delimiter(',')
      ->check(CLI::Range(100, 10000000));
  bench->add_flag("--outcomes", options->only_outcomes, "Measure figures of outcomes only");
  bench->add_option("--episodes", options->episodes, "Episodes for figures of outcomes (the database is kept in --folder)")
      ->check(CLI::Range(1000, 10000000));
  bench->add_flag("--json", options->as_json, "Machine-readable output");
  bench->footer("Example:\n  concord bench --size 1000,100000 --seconds 10");
  bench->callback([&line, options] {
    Bench run(line, *options);
    if (const auto done = run.run(); !done) return line.failed(done.error());
    if (options->as_json) print_json(run.figures());
    else print_table(run.figures());
  });
}

}  // namespace concord::app
