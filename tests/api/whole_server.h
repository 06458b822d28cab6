// Fixtures of the black-box tests: a server and a world, one of each a test.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/world.h"

namespace concord::testing {

/// TEST_F on SQLite. The audit log must be whole at the end, whatever the test did.
class WholeServer : public ::testing::Test {
 protected:
  void TearDown() override { expect_whole_audit_log(server.database()); }
  TestServer server;
  World w{server};
};

/// TEST_P on both databases.
class WholeServerOnBoth : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override {
    if (!can_use(GetParam())) return;
    server_ = std::make_unique<TestServer>(GetParam());
    world_ = std::make_unique<World>(*server_);
  }
  void TearDown() override {
    if (server_) expect_whole_audit_log(server_->database());
  }
  TestServer& server() { return *server_; }
  World& world() { return *world_; }

 private:
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<World> world_;
};

/// What somebody outside can tell two answers apart by: everything but the request's own number and the time.
inline std::string telling(const ClientResponse& response) {
  std::string out = std::to_string(response.status) + "\n";
  for (const auto& [name, value] : response.headers)
    if (name != "x-request-id" && name != "date") out += name + ": " + value + "\n";
  std::string body = response.body;
  const std::string request = response.header("x-request-id");
  if (!request.empty())
    for (auto at = body.find(request); at != std::string::npos; at = body.find(request))
      body.replace(at, request.size(), "REQUEST");
  return out + body;
}

/// Runs `act(i)` on `threads` threads that start together.
inline void at_once(int threads, const std::function<void(int)>& act) {
  std::vector<std::thread> running;
  std::atomic<int> waiting{threads};
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&, i] {
      --waiting;
      while (waiting.load() > 0) std::this_thread::yield();
      act(i);
    });
  for (auto& thread : running) thread.join();
}

/// True as soon as `holds` does; false when it still does not after ten seconds.
inline bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

/// Code of a problem+json answer.
inline std::string code_of(const ClientResponse& response) { return Json(response.body)["code"].text(); }

/// One number from the database.
inline std::int64_t number(db::Database& database, std::string_view sql) {
  // Prepared statements are kept by the address of their text, so the text must stay.
  static std::set<std::string, std::less<>> texts;
  const db::Sql statement{"test.number", *texts.emplace(sql).first};
  return database.read([&](db::Tx& tx) { return *tx.one(statement, {}, [](const db::Row& row) { return row.integer(0); }); });
}

}  // namespace concord::testing
