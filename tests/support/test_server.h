// The whole server in this process: a free loopback port, a clock that stands still, repeatable ids, cheap
// passwords and a database of its own that goes with it.
//
//   TestServer server;                          // SQLite
//   auto answer = server.browser().get("/healthz");
//   server.clock.advance(std::chrono::minutes(15));
//
// Read next: world.h (clinics, people and patients to work on).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "app/application.h"
#include "base/clock.h"
#include "base/id.h"
#include "support/databases.h"
#include "support/http_client.h"

namespace concord::testing {

class TestServer {
 public:
  /// Monday 2 March 2026, 10:00 in New York.
  static Instant start_time() { return Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + std::chrono::hours(15)); }
  struct Options {
    db::Dialect dialect = db::Dialect::sqlite;
    std::function<void(app::Config&)> configure;
    bool cheap_passwords = true;
    std::uint64_t seed = 1;
    /// False: no background worker runs; the test calls application().housekeeping().run_due(). Reminders are planned only
    /// then, unless `configure` says otherwise.
    bool works_by_itself = true;
    /// A database that is there already, and stays.
    std::string database_url = {};
    Instant at = start_time();
  };

  TestServer() : TestServer(Options()) {}
  explicit TestServer(db::Dialect dialect) : TestServer(with(dialect)) {}
  /// Throws std::runtime_error with the reason when the server does not come up.
  explicit TestServer(Options options);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  /// Stops it as SIGTERM would: what was accepted is answered and stored. The database stays.
  void stop();
  /// Stops it and starts it again on the same database.
  void restart();

  std::uint16_t port() const { return application_->port(); }
  HttpClient browser() const { return HttpClient(port()); }
  app::Application& application() { return *application_; }
  /// The server's own handle: a database opened twice would be two writers.
  db::Database& database() { return application_->database(); }
  const std::string& database_url() const { return config_.database_url; }
  const app::Config& config() const { return config_; }

  ManualClock clock{start_time()};
  SeededIds ids;

 private:
  static Options with(db::Dialect dialect) {
    Options options;
    options.dialect = dialect;
    return options;
  }
  void start();

  std::unique_ptr<FreshDatabase> fresh_;  // PostgreSQL; SQLite is a file of the scratch folder
  std::string sqlite_file_;
  app::Config config_;
  bool cheap_passwords_;
  bool works_by_itself_;
  std::unique_ptr<app::Application> application_;
  std::thread thread_;
};

/// Entries of the audit log so far, of everybody.
std::int64_t audit_entries(db::Database& database);
/// Fails the test when the audit log is not whole.
void expect_whole_audit_log(db::Database& database);

}  // namespace concord::testing
