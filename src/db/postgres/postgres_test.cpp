// What only the PostgreSQL backend promises: retries, reconnection, numbers of any form.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "db/postgres/connection.h"
#include "db/postgres/types.h"
#include "support/databases.h"

namespace concord::db::postgres {
namespace {

TEST(PostgresNumeric, EveryFormReadsAsDecimalText) {
  const auto numeric = [](std::initializer_list<int> shorts) {
    std::string out;
    for (const int v : shorts) out += {static_cast<char>(v >> 8 & 0xff), static_cast<char>(v & 0xff)};
    return numeric_text(out.data(), static_cast<int>(out.size()));
  };
  EXPECT_EQ(numeric({0, 0, 0, 0}), "0");
  EXPECT_EQ(numeric({1, 0, 0, 0, 7}), "7");
  EXPECT_EQ(numeric({1, 1, 0x4000, 0, 3}), "-30000");
  EXPECT_EQ(numeric({2, 1, 0, 0, 1, 42}), "10042");
  EXPECT_EQ(numeric({2, 0, 0, 2, 12, 5000}), "12.50");
  EXPECT_EQ(numeric({1, -2, 0, 6, 1200}), "0.000012");
  EXPECT_EQ(numeric({0, 0, 0xC000, 0}), std::nullopt);
  EXPECT_EQ(numeric_text("\0\1", 2), std::nullopt);
}

TEST(PostgresNumeric, WhatIsWrittenReadsBack) {
  for (const std::int64_t v : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-9999}, std::int64_t{10000},
                               std::int64_t{-123456789012}, INT64_MAX, INT64_MIN}) {
    std::string out;
    ASSERT_TRUE(append_binary(out, Param(v).variant(), kNumeric));
    EXPECT_EQ(numeric_text(out.data(), static_cast<int>(out.size())), std::to_string(v));
  }
  std::string out;
  ASSERT_TRUE(append_binary(out, Param(-6.25).variant(), kNumeric));
  EXPECT_EQ(numeric_text(out.data(), static_cast<int>(out.size())), "-6.25000000");
}

TEST(PostgresTypes, AKindThatDoesNotFitIsRefused) {
  std::string out;
  EXPECT_FALSE(append_binary(out, Param("text").variant(), kUuid));
  EXPECT_FALSE(append_binary(out, Param(1).variant(), kBool));
  EXPECT_FALSE(append_binary(out, Param(std::int64_t{1} << 40).variant(), kInt4));
  EXPECT_FALSE(append_binary(out, Param(Date()).variant(), kTimestamptz));
  EXPECT_TRUE(out.empty());
}

class PostgresDatabase : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::can_use(Dialect::postgres)) return;
    fresh_ = testing::bare_database(Dialect::postgres);
    (*fresh_)->migrate_with([](const auto& execute, Tx&) {
      execute("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, total BIGINT NOT NULL)");
      execute("INSERT INTO t VALUES (1, 10), (2, 10)");
    });
  }
  void TearDown() override { fresh_.reset(); }
  Database& database() { return **fresh_; }
  void end_every_connection() {
    Options options;
    Connection other(fresh_->url(), options);
    other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }
  std::unique_ptr<testing::FreshDatabase> fresh_;
};

constexpr Sql kSum{"test.sum", "SELECT SUM(total) FROM t"};
constexpr Sql kTake{"test.take", "UPDATE t SET total = total - $2 WHERE n = $1"};

TEST_F(PostgresDatabase, WriteSkewIsRefusedByRunningTheUnitAgain) {
  // Both units see 20 in sum and take 15 from different rows: only one may.
  std::barrier together(2);
  std::atomic<int> runs{0}, taken{0};
  const auto unit = [&](int n) {
    bool first = true;
    const auto done = database().write([&](Tx& tx) -> Result<void> {
      ++runs;
      const auto sum = *tx.one(kSum, {}, [](const Row& row) { return row.integer(0); });
      if (std::exchange(first, false)) together.arrive_and_wait();
      if (sum < 15) return fail(ErrorCode::conflict, "not enough");
      tx.run(kTake, {n, 15});
      return {};
    });
    if (done) ++taken;
  };
  std::thread one([&] { unit(1); });
  std::thread two([&] { unit(2); });
  one.join();
  two.join();
  EXPECT_EQ(taken, 1);
  EXPECT_GE(runs, 3);
  EXPECT_GE(database().statistics().retries, 1u);
}

TEST_F(PostgresDatabase, ADeadlockEndsWithBothUnitsDone) {
  std::barrier together(2);
  const auto unit = [&](int first_row, int second_row) {
    bool first = true;
    EXPECT_TRUE(database().write([&](Tx& tx) -> Result<void> {
      tx.run(kTake, {first_row, 1});
      if (std::exchange(first, false)) together.arrive_and_wait();
      tx.run(kTake, {second_row, 1});
      return {};
    }));
  };
  std::thread one([&] { unit(1, 2); });
  std::thread two([&] { unit(2, 1); });
  one.join();
  two.join();
  EXPECT_EQ(database().read([](Tx& tx) { return *tx.one(kSum, {}, [](const Row& row) { return row.integer(0); }); }), 16);
}

TEST_F(PostgresDatabase, AUnitThatLosesAgainAndAgainBesideOthersRunsAloneAndIsDone) {
  constexpr int kBesideOthers = 8;
  std::vector<std::future<void>> others;
  int tries = 0;
  const auto done = database().write([&](Tx& tx) -> Result<void> {
    ++tries;
    const auto sum = *tx.one(kSum, {}, [](const Row& row) { return row.integer(0); });
    // Somebody else takes from what was just read. From inside a unit of this one they could not.
    others.push_back(std::async(std::launch::async, [&] {
      EXPECT_TRUE(database().write([](Tx& other) -> Result<void> {
        other.run(kTake, {1, 1});
        return {};
      }));
    }));
    if (tries <= kBesideOthers) others.back().wait();
    else EXPECT_EQ(others.back().wait_for(std::chrono::milliseconds(50)), std::future_status::timeout) << "is not alone";
    tx.run(kTake, {1, sum - 10});
    return {};
  });
  EXPECT_TRUE(done);
  others.clear();  // the last one is done after it
  EXPECT_EQ(tries, kBesideOthers + 1);
  EXPECT_EQ(database().statistics().retries, static_cast<std::uint64_t>(kBesideOthers));
  EXPECT_EQ(database().read([](Tx& tx) { return *tx.one(kSum, {}, [](const Row& row) { return row.integer(0); }); }), 10 - 1)
      << "the unit left 10, the one that waited for it took 1";
}

TEST_F(PostgresDatabase, ConnectionsThatTheServerClosedAreReplaced) {
  const auto sum = [&] {
    return database().read([](Tx& tx) { return *tx.one(kSum, {}, [](const Row& row) { return row.integer(0); }); });
  };
  const auto take = [&] {
    return database().write([](Tx& tx) -> Result<void> {
      tx.run(kTake, {1, 1});
      return {};
    });
  };
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(take());
  EXPECT_EQ(sum(), 12);
  end_every_connection();
  EXPECT_EQ(sum(), 12);
  EXPECT_TRUE(take());
  EXPECT_EQ(sum(), 11);
}

TEST_F(PostgresDatabase, AConnectionLostInTheMiddleOfAUnitRunsItAgain) {
  int runs = 0;
  ASSERT_TRUE(database().write([&](Tx& tx) -> Result<void> {
    tx.run(kTake, {1, 1});
    if (++runs == 1) end_every_connection();
    tx.run(kTake, {2, 1});
    return {};
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(database().read([](Tx& tx) { return *tx.one(kSum, {}, [](const Row& row) { return row.integer(0); }); }), 18);
}

TEST_F(PostgresDatabase, ASlowStatementIsStopped) {
  Options options;
  // Long enough for a quick statement on a busy machine, far too short for the slow one.
  options.statement_timeout_ms = 1500;
  fresh_->reopen(options);
  EXPECT_THROW(
      database().read([](Tx& tx) { tx.run(Sql{"test.slow", "SELECT COUNT(*) FROM generate_series(1, 1000000000)"}, {}); }),
      DatabaseError);
  EXPECT_EQ(database().read([](Tx& tx) { return *tx.one(kSum, {}, [](const Row& row) { return row.integer(0); }); }), 20);
}

TEST_F(PostgresDatabase, ErrorsDoNotQuoteValues) {
  try {
    database().read([](Tx& tx) { tx.run(Sql{"test.cast", "SELECT CAST(CAST($1 AS TEXT) AS BIGINT)"}, {"Maria Secret"}); });
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_EQ(std::string(error.what()).find("Secret"), std::string::npos) << error.what();
  }
}

TEST_F(PostgresDatabase, TheTextForPostgresIsUsedWhereThereIsOne) {
  constexpr Sql kOther{"test.other", "SELECT nothing_like_this()", "SELECT CAST(5 AS BIGINT)"};
  EXPECT_EQ(database().read([&](Tx& tx) { return *tx.one(kOther, {}, [](const Row& row) { return row.integer(0); }); }), 5);
}

}  // namespace
}  // namespace concord::db::postgres
