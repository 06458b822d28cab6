#include "support/databases.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace concord::testing {

namespace {

namespace fs = std::filesystem;
using db::Dialect;

constexpr std::string_view kPrefix = "concord-test-";

std::atomic<int> next_number{0};

/// A folder named after this process. Folders of processes that were killed are removed on the way.
class Scratch {
 public:
  Scratch() {
    const fs::path base = fs::temp_directory_path();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(base, ignored)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(kPrefix)) continue;
      const int pid = std::atoi(name.c_str() + kPrefix.size());
      if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
    }
    std::string pattern = (base / (std::string(kPrefix) + std::to_string(::getpid()) + "-XXXXXX")).string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no scratch folder");
    ::chmod(pattern.c_str(), 0711);  // the cluster's user passes through
    path = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  std::string path;
};

Scratch& scratch() {
  static Scratch made;
  return made;
}

fs::path postgres_programs() {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) found.push_back(entry.path() / "bin");
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return std::atoi(a.parent_path().filename().c_str()) > std::atoi(b.parent_path().filename().c_str());
  });
  if (const char* path = std::getenv("PATH")) {
    const std::string all(path);
    for (std::size_t from = 0; from <= all.size();) {
      const std::size_t colon = std::min(all.find(':', from), all.size());
      found.emplace_back(all.substr(from, colon - from));
      from = colon + 1;
    }
  }
  for (const auto& folder : found)
    if (::access((folder / "initdb").c_str(), X_OK) == 0 && ::access((folder / "postgres").c_str(), X_OK) == 0) return folder;
  return {};
}

/// postgres refuses to run as root.
const passwd* unprivileged_user() {
  if (::geteuid() != 0) return nullptr;
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* user = ::getpwnam(name)) return user;
  throw std::runtime_error("running as root, and there is no user postgres or nobody");
}

pid_t start_program(const std::vector<std::string>& words, const std::string& log, const passwd* user) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const uid_t uid = user ? user->pw_uid : ::getuid();
  const gid_t gid = user ? user->pw_gid : ::getgid();
  const bool change = user != nullptr;
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int in = ::open("/dev/null", O_RDONLY);
  if (out >= 0) ::dup2(out, 1), ::dup2(out, 2);
  if (in >= 0) ::dup2(in, 0);
  if (change && (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0)) ::_exit(126);
  ::setsid();  // a Ctrl-C at the terminal is for the tests; they stop the cluster themselves
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != parent) ::_exit(125);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

std::string end_of(const std::string& file) {
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

/// A private PostgreSQL server of this process.
class Cluster {
 public:
  Cluster() {
    const fs::path programs = postgres_programs();
    if (programs.empty()) throw std::runtime_error("PostgreSQL (initdb, postgres) is not installed");
    const passwd* user = unprivileged_user();
    folder_ = scratch().path + "/postgres";
    fs::create_directory(folder_);
    ::chmod(folder_.c_str(), 0700);
    if (user && ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
    const std::string log = scratch().path + "/postgres.log";
    const pid_t init = start_program({(programs / "initdb").string(), "-D", folder_ + "/data", "-U", "concord", "-A", "trust",
                                      "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                                     log, user);
    int status = 0;
    if (::waitpid(init, &status, 0) != init || status != 0) throw std::runtime_error("initdb failed:\n" + end_of(log));
    server_ = start_program({(programs / "postgres").string(), "-D", folder_ + "/data", "-k", folder_, "-c",
                             "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
                             "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "autovacuum=off"},
                            log, user);
    db::Options options;
    options.read_connections = options.write_connections = 1;
    for (int tries = 0;; ++tries) {
      auto opened = db::Database::open(url("postgres"), options);
      if (opened) {
        admin_ = std::move(*opened);
        return;
      }
      const bool ended = ::waitpid(server_, &status, WNOHANG) == server_;
      if (ended || tries > 600) {
        if (!ended) stop();
        throw std::runtime_error("postgres did not start:\n" + end_of(log) + opened.error().detail);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  ~Cluster() {
    admin_.reset();
    stop();
  }

  std::string url(const std::string& name) const { return "postgresql://concord@/" + name + "?host=" + folder_; }
  void execute(const std::string& sql) {
    admin_->migrate_with([&](const std::function<void(std::string_view)>& run, db::Tx&) { run(sql); });
  }

 private:
  void stop() {
    ::kill(server_, SIGQUIT);  // at once: nothing in it is kept
    int status = 0;
    ::waitpid(server_, &status, 0);
  }

  std::string folder_;
  pid_t server_ = -1;
  std::unique_ptr<db::Database> admin_;
};

/// One start a process; the reason of a failure is kept.
struct ClusterOrReason {
  std::unique_ptr<Cluster> cluster;
  std::string reason;
};
ClusterOrReason& shared_cluster() {
  scratch();  // made first, so removed last
  static ClusterOrReason made = [] {
    ClusterOrReason out;
    try {
      out.cluster = std::make_unique<Cluster>();
    } catch (const std::exception& problem) {
      out.reason = problem.what();
    }
    return out;
  }();
  return made;
}

Cluster& cluster() {
  auto& shared = shared_cluster();
  if (!shared.cluster) throw std::runtime_error(shared.reason);
  return *shared.cluster;
}

std::unique_ptr<db::Database> open_or_throw(const std::string& url, const db::Options& options) {
  auto opened = db::Database::open(url, options);
  if (!opened) throw std::runtime_error(opened.error().text + " " + opened.error().detail);
  return std::move(*opened);
}

void migrate_or_throw(const std::string& url, Dialect dialect) {
  db::Options options;
  options.read_connections = options.write_connections = 1;
  const auto database = open_or_throw(url, options);
  const ManualClock clock(Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)));
  const auto report = db::migrate(*database, project_migrations(dialect), clock);
  if (report) return;
  std::string text = report.error().text;
  for (const auto& issue : report.error().issues) text += "\n" + issue.path + ": " + issue.text;
  throw std::runtime_error(text);
}

/// Migrated once a process; a path or a database name.
const std::string& template_of(Dialect dialect) {
  if (dialect == Dialect::sqlite) {
    static const std::string path = [] {
      std::string file = scratch().path + "/template.db";
      migrate_or_throw("sqlite:" + file, Dialect::sqlite);
      return file;
    }();
    return path;
  }
  static const std::string name = [] {
    const std::string made = "concord_template";
    cluster().execute("CREATE DATABASE " + made);
    migrate_or_throw(cluster().url(made), Dialect::postgres);
    return made;
  }();
  return name;
}

std::unique_ptr<FreshDatabase> make(Dialect dialect, const db::Options& options, bool migrated) {
  const std::string number = std::to_string(++next_number);
  if (dialect == Dialect::sqlite) {
    const std::string path = scratch().path + "/" + number + ".db";
    if (migrated) fs::copy_file(template_of(dialect), path);
    const std::string url = "sqlite:" + path;
    return std::make_unique<FreshDatabase>(url, open_or_throw(url, options), [path] {
      std::error_code ignored;
      for (const char* ending : {"", "-wal", "-shm", "-writer"}) fs::remove(path + ending, ignored);
    });
  }
  const std::string name = "test_" + number;
  cluster().execute("CREATE DATABASE " + name + (migrated ? " TEMPLATE " + template_of(dialect) : ""));
  const std::string url = cluster().url(name);
  return std::make_unique<FreshDatabase>(url, open_or_throw(url, options),
                                         [name] { cluster().execute("DROP DATABASE " + name + " WITH (FORCE)"); });
}

}  // namespace

FreshDatabase::FreshDatabase(std::string url, std::unique_ptr<db::Database> open, std::function<void()> remove)
    : url_(std::move(url)), open_(std::move(open)), remove_(std::move(remove)) {}

FreshDatabase::~FreshDatabase() {
  open_.reset();
  try {
    remove_();
  } catch (const std::exception& problem) {
    ADD_FAILURE() << "the test's database could not be removed: " << problem.what();
  }
}

void FreshDatabase::reopen(const db::Options& options) {
  open_.reset();
  open_ = open_or_throw(url_, options);
}

std::string why_no_postgres() { return postgres_programs().empty() ? "PostgreSQL (initdb, postgres) is not installed" : ""; }

std::unique_ptr<FreshDatabase> fresh_database(Dialect dialect, const db::Options& options) {
  return make(dialect, options, true);
}
std::unique_ptr<FreshDatabase> bare_database(Dialect dialect, const db::Options& options) {
  return make(dialect, options, false);
}

const std::vector<db::Migration>& project_migrations(Dialect dialect) {
  static const auto load = [](Dialect wanted) {
    auto loaded = db::load_migrations(fs::path(CONCORD_SOURCE_DIR) / "migrations", wanted);
    if (loaded) return std::move(*loaded);
    std::string text = loaded.error().text;
    for (const auto& issue : loaded.error().issues) text += "\n" + issue.path + ": " + issue.text;
    throw std::runtime_error(text);
  };
  if (dialect == Dialect::sqlite) {
    static const auto sqlite = load(Dialect::sqlite);
    return sqlite;
  }
  static const auto postgres = load(Dialect::postgres);
  return postgres;
}

const std::string& scratch_folder() { return scratch().path; }

bool can_use(Dialect dialect) {
  if (dialect == Dialect::sqlite) return true;
  const std::string why = why_no_postgres();
  if (why.empty()) return true;
  const char* required = std::getenv("CONCORD_REQUIRE_POSTGRES");
  const bool must = required && std::string_view(required) == "1";
  [&] {
    if (must) FAIL() << why;
    GTEST_SKIP() << why;
  }();
  return false;
}

void DatabaseTest::SetUp() {
  if (!can_use(GetParam())) return;
  try {
    fresh_ = fresh_database(GetParam());
  } catch (const std::exception& problem) {
    FAIL() << problem.what();
  }
}

}  // namespace concord::testing
