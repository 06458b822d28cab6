// What only the SQLite backend promises: durability settings, group commit, file permissions.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "db/sqlite/connection.h"
#include "support/databases.h"

namespace concord::db::sqlite {
namespace {

constexpr Sql kInsert{"test.insert", "INSERT INTO t (n) VALUES ($1)"};
constexpr Sql kCount{"test.count", "SELECT COUNT(*) FROM t"};

std::unique_ptr<testing::FreshDatabase> with_table() {
  auto fresh = testing::bare_database(Dialect::sqlite);
  (*fresh)->migrate_with([](const auto& execute, Tx&) { execute("CREATE TABLE t (n INTEGER NOT NULL PRIMARY KEY) STRICT"); });
  return fresh;
}

std::int64_t count(Database& database) {
  return database.read([](Tx& tx) { return *tx.one(kCount, {}, [](const Row& row) { return row.integer(0); }); });
}

std::string path_of(testing::FreshDatabase& fresh) { return fresh.url().substr(7); }

std::string setting(Connection& connection, std::string_view pragma) {
  std::string out;
  Connection::Lease statement(connection, pragma, pragma);
  if (sqlite3_step(statement->handle) == SQLITE_ROW)
    out = reinterpret_cast<const char*>(sqlite3_column_text(statement->handle, 0));
  return out;
}

/// Holds the writer thread until released, so that what is submitted meanwhile becomes one batch.
class Gate {
 public:
  explicit Gate(Database& database) {
    database.submit({[this](Tx&) {
                       std::unique_lock lock(mutex_);
                       inside_ = true;
                       changed_.notify_all();
                       changed_.wait(lock, [&] { return open_; });
                       return true;
                     },
                     {}});
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return inside_; });
  }
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool inside_ = false, open_ = false;
};

TEST(SqliteConnection, TheWriterIsDurableAndChecksForeignKeys) {
  const auto fresh = with_table();
  Connection writer(path_of(*fresh), Connection::Role::writer, {});
  EXPECT_EQ(setting(writer, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(setting(writer, "PRAGMA synchronous"), "2");
  EXPECT_EQ(setting(writer, "PRAGMA foreign_keys"), "1");
  EXPECT_EQ(setting(writer, "PRAGMA temp_store"), "2");
  Connection reader(path_of(*fresh), Connection::Role::reader, {});
  EXPECT_EQ(setting(reader, "PRAGMA query_only"), "1");
  EXPECT_EQ(setting(reader, "PRAGMA wal_autocheckpoint"), "0");
}

TEST(SqliteConnection, AStatementThatIsNotPlainBreaksAnInvariant) {
  const auto fresh = with_table();
  Connection writer(path_of(*fresh), Connection::Role::writer, {});
  const auto prepare = [&](std::string_view text) { Connection::Lease lease(writer, "test", text); };
  EXPECT_THROW(prepare("SELECT 1; SELECT 2"), BrokenInvariant);
  EXPECT_THROW(prepare("SELECT ?"), BrokenInvariant);
  EXPECT_THROW(prepare("SELECT $1, $3"), BrokenInvariant);
  EXPECT_THROW(prepare("SELECT $name"), BrokenInvariant);
  EXPECT_THROW(prepare("-- nothing"), BrokenInvariant);
  EXPECT_THROW(prepare("SELECT \"double quotes are names\""), DatabaseError);
  EXPECT_NO_THROW(prepare("SELECT $2, $1;\n"));
}

TEST(SqliteDatabase, OnlyTheOwnerMayReadTheFile) {
  const auto fresh = with_table();
  for (const char* ending : {"", "-wal"}) {
    struct stat facts{};
    ASSERT_EQ(::stat((path_of(*fresh) + ending).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
  }
}

TEST(SqliteDatabase, ClosingCheckpointsAndRemovesTheLog) {
  const auto fresh = with_table();
  const std::string path = path_of(*fresh);
  EXPECT_TRUE(std::filesystem::exists(path + "-wal"));
  fresh->reopen();
  EXPECT_EQ(count(**fresh), 0);
}

TEST(SqliteDatabase, WhatWaitsIsCommittedTogether) {
  const auto fresh = with_table();
  Database& database = **fresh;
  const auto before = database.statistics();
  std::atomic<int> done{0};
  {
    Gate gate(database);
    for (int n = 0; n < 100; ++n)
      database.submit({[n](Tx& tx) { return tx.run(kInsert, {n}) == 1; }, [&](std::exception_ptr) { ++done; }});
    EXPECT_EQ(database.waiting_writes(), 100u);
    EXPECT_EQ(count(database), 0);
    gate.open();
    ASSERT_TRUE(database.write([](Tx&) -> Result<void> { return {}; }));
  }
  EXPECT_EQ(done, 100);
  EXPECT_EQ(count(database), 100);
  const auto after = database.statistics();
  EXPECT_EQ(after.units - before.units, 102u);
  EXPECT_LE(after.commits - before.commits, 3u);
  EXPECT_GE(after.largest_batch, 100u);
}

TEST(SqliteDatabase, ABatchHasALimitAndKeepsTheOrder) {
  const auto fresh = with_table();
  Database& database = **fresh;
  std::vector<int> order;
  {
    Gate gate(database);
    for (int n = 0; n < 600; ++n)
      database.submit({[&order, n](Tx& tx) {
                         order.push_back(n);
                         return tx.run(kInsert, {n}) == 1;
                       },
                       {}});
    gate.open();
    ASSERT_TRUE(database.write([](Tx&) -> Result<void> { return {}; }));
  }
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(order.size(), 600u);
  EXPECT_EQ(database.statistics().largest_batch, 256u);
  EXPECT_EQ(count(database), 600);
}

TEST(SqliteDatabase, AnAnswerComesOnlyAfterTheCommitIsVisible) {
  const auto fresh = with_table();
  Database& database = **fresh;
  for (int n = 0; n < 50; ++n) {
    ASSERT_TRUE(database.write([n](Tx& tx) -> Result<void> {
      tx.run(kInsert, {n});
      return {};
    }));
    EXPECT_EQ(count(database), n + 1);
  }
}

TEST(SqliteDatabase, WhenTheDiskIsFullNobodyIsToldOfACommitThatDidNotHappen) {
  const auto fresh = with_table();
  Database& database = **fresh;
  // A full disk, simulated: the writer may add a few pages only. SQLite then gives the whole transaction up.
  database.migrate_with([](const auto& execute, Tx&) {
    execute("CREATE TABLE big (n INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT");
    execute("PRAGMA max_page_count = 8");
  });
  std::atomic<int> failed{0}, kept{0};
  {
    Gate gate(database);
    for (int n = 0; n < 20; ++n)
      database.submit({[n](Tx& tx) {
                         tx.run(Sql{"test.big", "INSERT INTO big (n, text) VALUES ($1, $2)"}, {n, std::string(3000, 'x')});
                         return true;
                       },
                       [&](std::exception_ptr problem) { ++(problem ? failed : kept); }});
    gate.open();
    ASSERT_TRUE(database.write([](Tx&) -> Result<void> { return {}; }));
  }
  EXPECT_GT(failed, 10);
  EXPECT_GT(kept, 0);
  EXPECT_EQ(failed + kept, 20);
  // Who was told "kept" is there, and nobody else.
  EXPECT_EQ(database.read([](Tx& tx) {
    return *tx.one(Sql{"test.count_big", "SELECT COUNT(*) FROM big"}, {}, [](const Row& row) { return row.integer(0); });
  }),
            kept);
}

TEST(SqliteDatabase, ADeferredForeignKeyFailsItsOwnUnitOnly) {
  const auto fresh = with_table();
  Database& database = **fresh;
  database.migrate_with([](const auto& execute, Tx&) {
    execute("CREATE TABLE child (n INTEGER NOT NULL REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED) STRICT");
  });
  std::atomic<int> failed{0}, kept{0};
  {
    Gate gate(database);
    for (int n = 0; n < 10; ++n)
      database.submit({[n](Tx& tx) {
                         tx.run(Sql{"test.child", "INSERT INTO child (n) VALUES ($1)"}, {n});
                         if (n != 4) tx.run(kInsert, {n});
                         return true;
                       },
                       [&](std::exception_ptr problem) { ++(problem ? failed : kept); }});
    gate.open();
    ASSERT_TRUE(database.write([](Tx&) -> Result<void> { return {}; }));
  }
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(kept, 9);
  EXPECT_EQ(count(database), 9);
}

TEST(SqliteDatabase, TwoProgramsMayWriteTheSameFile) {
  const auto fresh = with_table();
  auto other = Database::open(fresh->url(), {});
  ASSERT_TRUE(other.has_value());
  std::thread first([&] {
    for (int n = 0; n < 100; ++n)
      (void)(*fresh)->write([n](Tx& tx) -> Result<void> {
        tx.run(kInsert, {n});
        return {};
      });
  });
  for (int n = 100; n < 200; ++n)
    (void)(*other)->write([n](Tx& tx) -> Result<void> {
      tx.run(kInsert, {n});
      return {};
    });
  first.join();
  EXPECT_EQ(count(**fresh), 200);
  EXPECT_EQ(count(**other), 200);
}

TEST(SqliteDatabase, ALongLogIsCheckpointedByTheWriter) {
  const auto fresh = with_table();
  Options options;
  options.checkpoint_pages = 500;
  auto opened = Database::open(fresh->url(), options);
  ASSERT_TRUE(opened.has_value());
  Database& database = **opened;
  for (int n = 0; n < 40; ++n)
    ASSERT_TRUE(database.write([n](Tx& tx) -> Result<void> {
      for (int i = 0; i < 20000; ++i) tx.run(kInsert, {n * 20000 + i});
      return {};
    }));
  // 800,000 rows are about 10 MB; the log starts over instead of keeping all of it.
  EXPECT_LT(std::filesystem::file_size(path_of(*fresh) + "-wal"), 8u << 20);
  EXPECT_EQ(count(database), 800000);
}

TEST(SqliteDatabase, APatientsRowsAreFoundThroughTheirIndexInAnEmptyOrAFullDatabase) {
  const auto fresh = testing::bare_database(Dialect::sqlite);
  Database& database = **fresh;
  database.migrate_with([](const auto& execute, Tx&) {
    execute("CREATE TABLE schema_migration (number INTEGER NOT NULL PRIMARY KEY) STRICT");
    execute(
        "CREATE TABLE visit (organization_id BLOB NOT NULL, visit_id BLOB NOT NULL, patient_id BLOB NOT NULL, day TEXT NOT NULL, "
        "PRIMARY KEY (organization_id, visit_id)) STRICT, WITHOUT ROWID");
    execute("CREATE INDEX idx_visit__patient ON visit (organization_id, patient_id)");
  });
  static constexpr Sql kPlan{"test.plan",
                             "EXPLAIN QUERY PLAN SELECT visit_id, day FROM visit WHERE organization_id = $1 AND patient_id = $2 "
                             "ORDER BY day DESC"};
  const auto plan = database.read(
      [](Tx& tx) { return tx.one(kPlan, {Uuid(), Uuid()}, [](const Row& row) { return row.string(3); }).value_or(""); });
  EXPECT_NE(plan.find("idx_visit__patient"), std::string::npos) << plan;
}

TEST(SqliteDatabase, AFileThatIsNoDatabaseIsUnavailable) {
  const std::string path = testing::scratch_folder() + "/not_a_database.db";
  {
    std::FILE* file = std::fopen(path.c_str(), "w");
    ASSERT_TRUE(file);
    std::fputs("This is a text of more than a hundred characters, so that nobody takes it for a header of anything at all.",
               file);
    std::fclose(file);
  }
  const auto opened = Database::open("sqlite:" + path, {});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::database_unavailable);
}

}  // namespace
}  // namespace concord::db::sqlite
