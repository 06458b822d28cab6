#include "support/test_server.h"

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "audit/audit_store.h"

namespace concord::testing {
namespace {

constexpr db::Sql kAuditEntries{"test.audit_entries", "SELECT COALESCE(SUM(sequence), 0) FROM audit_head"};
std::atomic<int> next_file{0};

}  // namespace

TestServer::TestServer(Options options)
    : ids(clock, options.seed), cheap_passwords_(options.cheap_passwords), works_by_itself_(options.works_by_itself) {
  clock.set(options.at);
  if (!options.database_url.empty()) {
    config_.database_url = options.database_url;
  } else if (options.dialect == db::Dialect::postgres) {
    fresh_ = fresh_database(db::Dialect::postgres);
    config_.database_url = fresh_->url();
  } else {
    sqlite_file_ = scratch_folder() + "/server-" + std::to_string(++next_file) + ".db";
    config_.database_url = "sqlite:" + sqlite_file_;
  }
  config_.data_folder = CONCORD_SOURCE_DIR;
  config_.server.port = 0;
  // A worker that plans a day whenever the clock moves would add tasks between two looks of a test.
  config_.reminders.on = !options.works_by_itself;
  if (options.configure) options.configure(config_);
  start();
}

TestServer::~TestServer() {
  stop();
  application_.reset();
  std::error_code ignored;
  if (!sqlite_file_.empty())
    for (const char* ending : {"", "-wal", "-shm", "-writer"}) std::filesystem::remove(sqlite_file_ + ending, ignored);
}

void TestServer::start() {
  auto built = app::Application::build(config_, clock, ids, cheap_passwords_, works_by_itself_);
  if (!built) {
    std::string text = built.error().text + " " + built.error().detail;
    for (const auto& issue : built.error().issues) text += "\n" + issue.path + ": " + issue.text;
    throw std::runtime_error(text);
  }
  application_ = std::move(*built);
  thread_ = std::thread([this] { application_->run(); });
  // The first answer says that it runs; whoever stops it at once stops a running server.
  if (const auto ready = browser().get("/readyz"); ready.status != 200)
    throw std::runtime_error("the server is not ready: " + ready.body);
}

void TestServer::stop() {
  if (!thread_.joinable()) return;
  application_->stop();
  thread_.join();
}

void TestServer::restart() {
  stop();
  application_.reset();
  start();
}

std::int64_t audit_entries(db::Database& database) {
  return database.read([](db::Tx& tx) { return *tx.one(kAuditEntries, {}, [](const db::Row& row) { return row.integer(0); }); });
}

void expect_whole_audit_log(db::Database& database) {
  const auto verification = database.read([](db::Tx& tx) { return audit::verify(tx, {}); });
  for (const auto& problem : verification.problems) ADD_FAILURE() << problem;
}

}  // namespace concord::testing
