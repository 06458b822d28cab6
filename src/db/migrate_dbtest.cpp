// The migration runner on both databases, and the project's own migrations.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "db/migrate.h"
#include "support/databases.h"

namespace concord::db {
namespace {

using testing::bare_database;
using testing::can_use;
using testing::FreshDatabase;
using testing::project_migrations;

struct Killed {};

/// Throws Killed before the nth statement of a migration run (the first is 0), as a kill would end it.
class KilledAt final : public Database {
 public:
  KilledAt(Database& real, int at) : real_(real), left_(at) {}
  Dialect dialect() const override { return real_.dialect(); }
  void submit(Work work) override { real_.submit(std::move(work)); }
  void read_with(const std::function<void(Tx&)>& body) override { real_.read_with(body); }
  std::size_t waiting_writes() const override { return 0; }
  void migrate_with(const std::function<void(const std::function<void(std::string_view)>&, Tx&)>& body) override {
    real_.migrate_with([&](const std::function<void(std::string_view)>& execute, Tx& tx) {
      CountingTx counting(*this, tx);
      body(
          [&](std::string_view sql) {
            count();
            execute(sql);
          },
          counting);
    });
  }

 private:
  class CountingTx final : public Tx {
   public:
    CountingTx(KilledAt& owner, Tx& real) : owner_(owner), real_(real) {}
    void each(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& f) override {
      owner_.count();
      real_.each(sql, params, f);
    }
    std::int64_t run(const Sql& sql, std::span<const Param> params) override {
      owner_.count();
      return real_.run(sql, params);
    }
    std::int64_t load(std::string_view, std::span<const std::string_view>, const NextRow&) override { return 0; }
    Dialect dialect() const override { return real_.dialect(); }

   private:
    KilledAt& owner_;
    Tx& real_;
  };
  void count() {
    if (left_-- == 0) throw Killed();
  }

  Database& real_;
  int left_;
};

Migration migration(int number, const std::string& name, const std::string& text) {
  return {number, name, text, "checksum of " + text};
}

const std::vector<Migration> kThree = {
    migration(1, "0001_a_make_pets",
              "CREATE TABLE pet (id {{id}} NOT NULL PRIMARY KEY, name TEXT NOT NULL) {{table}};"
              "CREATE INDEX idx_pet__name ON pet (name);"),
    migration(2, "0002_a_fill_pets",
              "INSERT INTO pet (id, name) SELECT id, name FROM pet; ALTER TABLE pet ADD COLUMN born {{date}};"),
    migration(3, "0003_b_make_toys",
              "CREATE TABLE toy (number {{int}} NOT NULL PRIMARY KEY) {{clustered}};"
              "INSERT INTO toy (number) VALUES (1), (2);"),
};

class Migrating : public ::testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (can_use(GetParam())) fresh_ = bare_database(GetParam());
  }
  void TearDown() override { fresh_.reset(); }
  Database& database() { return **fresh_; }
  std::int64_t number(const Sql& sql) {
    return database().read([&](Tx& tx) { return *tx.one(sql, {}, [](const Row& row) { return row.integer(0); }); });
  }
  /// Everything of kThree is there, once.
  void expect_complete() {
    EXPECT_EQ(schema_version(database()), 3);
    EXPECT_EQ(number({"test.toys", "SELECT COUNT(*) FROM toy"}), 2);
    EXPECT_EQ(number({"test.pets", "SELECT COUNT(born) FROM pet"}), 0);
    EXPECT_EQ(number({"test.rows", "SELECT COUNT(*) FROM schema_migration"}), 3);
  }

  std::unique_ptr<FreshDatabase> fresh_;
  ManualClock clock_{Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
};
CONCORD_ON_BOTH_DATABASES(Migrating);

TEST_P(Migrating, AnEmptyDatabaseHasVersionZero) { EXPECT_EQ(schema_version(database()), 0); }

TEST_P(Migrating, AppliesWhatIsMissingAndThenNothing) {
  const auto two = migrate(database(), {kThree[0], kThree[1]}, clock_);
  ASSERT_TRUE(two.has_value()) << two.error().text;
  EXPECT_EQ(two->before, 0);
  EXPECT_EQ(two->now, 2);
  EXPECT_EQ(two->applied, (std::vector<std::string>{"0001_a_make_pets", "0002_a_fill_pets"}));
  const auto third = migrate(database(), kThree, clock_);
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(third->before, 2);
  EXPECT_EQ(third->now, 3);
  EXPECT_EQ(third->applied, (std::vector<std::string>{"0003_b_make_toys"}));
  const auto again = migrate(database(), kThree, clock_);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->before, 3);
  EXPECT_EQ(again->now, 3);
  EXPECT_TRUE(again->applied.empty());
  expect_complete();
}

TEST_P(Migrating, RecordsNameChecksumAndTime) {
  ASSERT_TRUE(migrate(database(), kThree, clock_));
  database().read([&](Tx& tx) {
    tx.each(Sql{"test.record", "SELECT name, checksum, applied_at FROM schema_migration WHERE number = 2"}, {},
            [&](const Row& row) {
              EXPECT_EQ(row.text(0), kThree[1].name);
              EXPECT_EQ(row.text(1), kThree[1].checksum);
              EXPECT_EQ(row.instant(2), clock_.now());
            });
  });
}

TEST_P(Migrating, KilledAtAnyStatementItRunsThroughTheSecondTime) {
  int killed = 0;
  for (int at = 0;; ++at) {
    fresh_ = bare_database(GetParam());
    KilledAt breaking(database(), at);
    bool finished = false;
    try {
      finished = migrate(breaking, kThree, clock_).has_value();
    } catch (const Killed&) {
      ++killed;
    }
    if (finished) break;
    ASSERT_LT(at, 100);
    const int version = schema_version(database());
    EXPECT_LE(version, 3);
    const auto second = migrate(database(), kThree, clock_);
    ASSERT_TRUE(second.has_value()) << "killed at " << at << ": " << second.error().text;
    EXPECT_EQ(second->before, version);
    expect_complete();
  }
  EXPECT_GT(killed, 15);
}

TEST_P(Migrating, AStatementThatFailsLeavesTheMigrationUndone) {
  auto broken = kThree;
  broken[2].text = "CREATE TABLE toy (number {{int}} NOT NULL) {{table}}; INSERT INTO nowhere VALUES (1);";
  EXPECT_THROW((void)migrate(database(), broken, clock_), DatabaseError);
  EXPECT_EQ(schema_version(database()), 2);
  ASSERT_TRUE(migrate(database(), kThree, clock_));
  expect_complete();
}

TEST_P(Migrating, RefusesAChangedMigration) {
  ASSERT_TRUE(migrate(database(), kThree, clock_));
  auto changed = kThree;
  changed[1].checksum = "another";
  const auto refused = migrate(database(), changed, clock_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::bad_file);
  EXPECT_EQ(refused.error().issues.at(0).path, "0002_a_fill_pets");
}

TEST_P(Migrating, RefusesADatabaseThatIsNewerThanTheProgram) {
  ASSERT_TRUE(migrate(database(), kThree, clock_));
  const auto refused = migrate(database(), {kThree[0], kThree[1]}, clock_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(schema_version(database()), 3);
}

TEST_P(Migrating, TwoAtOnceApplyEachMigrationOnce) {
  auto other = Database::open(fresh_->url(), {});
  ASSERT_TRUE(other.has_value());
  std::vector<std::string> applied[2];
  std::thread first([&] { applied[0] = migrate(database(), kThree, clock_)->applied; });
  std::thread second([&] { applied[1] = migrate(**other, kThree, clock_)->applied; });
  first.join();
  second.join();
  EXPECT_EQ(applied[0].size() + applied[1].size(), 3u);
  expect_complete();
}

TEST_P(Migrating, TheProjectsMigrationsRunFromEmptyAndThenDoNothing) {
  const auto& migrations = project_migrations(GetParam());
  const auto first = migrate(database(), migrations, clock_);
  ASSERT_TRUE(first.has_value()) << first.error().text;
  EXPECT_EQ(first->applied.size(), migrations.size());
  const auto second = migrate(database(), migrations, clock_);
  ASSERT_TRUE(second.has_value());
  EXPECT_TRUE(second->applied.empty());
  EXPECT_EQ(schema_version(database()), static_cast<int>(migrations.size()));
}

using Schema = std::map<std::string, std::set<std::string>>;

/// "table" -> "column NULL", "key (a, b)", "unique (a, b) where", "index (a, b)", "foreign (a, b) to t"
Schema sqlite_schema(Database& database) {
  Schema out;
  const auto join = [](std::string& list, std::string_view item) { list += (list.empty() ? "" : ", ") + std::string(item); };
  database.read([&](Tx& tx) {
    const auto tables =
        tx.all(Sql{"test.tables", "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"}, {},
               [](const Row& row) { return row.string(0); });
    for (const auto& table : tables) {
      auto& facts = out[table];
      std::map<std::int64_t, std::string> key;
      tx.each(Sql{"test.columns", "SELECT name, \"notnull\", pk FROM pragma_table_info($1)"}, {table}, [&](const Row& row) {
        facts.insert(row.string(0) + (row.boolean(1) || row.integer(2) > 0 ? " NOT NULL" : " NULL"));
        if (row.integer(2) > 0) key[row.integer(2)] = row.string(0);
      });
      std::string columns;
      for (const auto& [place, name] : key) join(columns, name);
      if (!columns.empty()) facts.insert("key (" + columns + ")");
      struct Index {
        std::string name, origin;
        bool unique, partial;
      };
      const auto indexes =
          tx.all(Sql{"test.indexes", "SELECT name, origin, \"unique\", partial FROM pragma_index_list($1)"}, {table},
                 [](const Row& row) { return Index{row.string(0), row.string(1), row.boolean(2), row.boolean(3)}; });
      for (const auto& index : indexes) {
        if (index.origin == "pk") continue;
        columns.clear();
        tx.each(Sql{"test.index_columns",
                    "SELECT COALESCE(name, 'expression'), \"desc\" FROM pragma_index_xinfo($1) WHERE key = 1 ORDER BY seqno"},
                {index.name}, [&](const Row& row) { join(columns, row.string(0) + (row.boolean(1) ? " DESC" : "")); });
        facts.insert((index.origin == "c" ? index.name + ": " : "") + (index.unique ? "unique (" : "index (") + columns + ")" +
                     (index.partial ? " partial" : ""));
      }
      std::map<std::int64_t, std::pair<std::string, std::string>> foreign;
      tx.each(Sql{"test.foreign", "SELECT id, \"from\", \"table\" FROM pragma_foreign_key_list($1) ORDER BY id, seq"}, {table},
              [&](const Row& row) {
                join(foreign[row.integer(0)].first, row.text(1));
                foreign[row.integer(0)].second = row.string(2);
              });
      for (const auto& [id, parts] : foreign) facts.insert("foreign (" + parts.first + ") to " + parts.second);
    }
  });
  return out;
}

Schema postgres_schema(Database& database) {
  Schema out;
  database.read([&](Tx& tx) {
    tx.each(Sql{"test.columns",
                "SELECT c.relname, a.attname, a.attnotnull FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0"
                " AND NOT a.attisdropped"},
            {}, [&](const Row& row) { out[row.string(0)].insert(row.string(1) + (row.boolean(2) ? " NOT NULL" : " NULL")); });
    tx.each(Sql{"test.indexes",
                "SELECT t.relname, i.relname, x.indisprimary, x.indisunique, x.indpred IS NOT NULL, EXISTS (SELECT 1 FROM"
                " pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype = 'u'),"
                " (SELECT string_agg(COALESCE(a.attname, 'expression') || CASE WHEN x.indoption[o.n - 1] & 1 = 1 THEN ' DESC' "
                "ELSE '' END,"
                " ', ' ORDER BY o.n) FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS o(number, n)"
                " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.number)"
                " FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
                " JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public'"},
            {}, [&](const Row& row) {
              const std::string columns = " (" + row.string(6) + ")";
              auto& facts = out[row.string(0)];
              if (row.boolean(2)) facts.insert("key" + columns);
              else
                facts.insert((row.boolean(5) ? "" : row.string(1) + ": ") + (row.boolean(3) ? "unique" : "index") + columns +
                             (row.boolean(4) ? " partial" : ""));
            });
    tx.each(Sql{"test.foreign",
                "SELECT t.relname, (SELECT string_agg(a.attname, ', ' ORDER BY o.n) FROM unnest(k.conkey) WITH ORDINALITY AS "
                "o(number, n)"
                " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.number), f.relname FROM pg_constraint k"
                " JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid WHERE k.contype = 'f'"},
            {}, [&](const Row& row) { out[row.string(0)].insert("foreign (" + row.string(1) + ") to " + row.string(2)); });
  });
  return out;
}

TEST(SchemaParity, BothDatabasesHaveTheSameTablesColumnsAndIndexes) {
  if (!can_use(Dialect::postgres)) return;
  const auto sqlite = testing::fresh_database(Dialect::sqlite);
  const auto postgres = testing::fresh_database(Dialect::postgres);
  const Schema left = sqlite_schema(**sqlite), right = postgres_schema(**postgres);
  std::set<std::string> tables;
  for (const auto& [table, facts] : left) tables.insert(table);
  for (const auto& [table, facts] : right) tables.insert(table);
  for (const auto& table : tables) {
    const auto l = left.find(table), r = right.find(table);
    ASSERT_NE(l, left.end()) << table << " is missing on SQLite";
    ASSERT_NE(r, right.end()) << table << " is missing on PostgreSQL";
    EXPECT_EQ(l->second, r->second) << table;
  }
  EXPECT_TRUE(tables.contains("schema_migration"));
}

TEST(SchemaParity, EveryTableButTheGlobalOnesStartsItsKeyWithTheOrganization) {
  // Found by a secret or a name, before anybody knows the organization.
  const std::set<std::string> global = {"portal_code", "portal_session", "service_key", "session", "sign_in_name"};
  const auto sqlite = testing::fresh_database(Dialect::sqlite);
  for (const auto& [table, facts] : sqlite_schema(**sqlite)) {
    if (!facts.contains("organization_id NOT NULL") || global.contains(table)) continue;
    bool starts = false;
    for (const auto& fact : facts) starts = starts || fact.starts_with("key (organization_id");
    EXPECT_TRUE(starts) << table;
  }
}

}  // namespace
}  // namespace concord::db
