// Throw-away databases for tests, the same for SQLite and PostgreSQL:
//
//   class Enrollment : public concord::testing::DatabaseTest {};
//   CONCORD_ON_BOTH_DATABASES(Enrollment);
//   TEST_P(Enrollment, RefusesASecondOpenEpisode) { database().write(...); }
//
// Every test gets a migrated, empty database of its own, copied from a template that is migrated once in a
// test program. PostgreSQL comes from a private cluster (unix socket only, an unprivileged user, no fsync),
// started by the first test that needs it and stopped when the program ends. Without PostgreSQL on the
// machine those tests are skipped; with CONCORD_REQUIRE_POSTGRES=1 they fail.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "db/database.h"
#include "db/migrate.h"

namespace concord::testing {

/// A database that is removed with this object.
class FreshDatabase {
 public:
  /// `remove` is called after closing.
  FreshDatabase(std::string url, std::unique_ptr<db::Database> open, std::function<void()> remove);
  ~FreshDatabase();
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;

  db::Database& operator*() { return *open_; }
  db::Database* operator->() { return open_.get(); }
  db::Database& get() { return *open_; }
  const std::string& url() const { return url_; }
  /// Closes it (submitted work is finished first) and opens it again.
  void reopen(const db::Options& options = {});

 private:
  std::string url_;
  std::unique_ptr<db::Database> open_;
  std::function<void()> remove_;
};

/// Why there is no PostgreSQL here ("" when there is).
std::string why_no_postgres();
/// Migrated and empty. Throws std::runtime_error when it cannot be made.
std::unique_ptr<FreshDatabase> fresh_database(db::Dialect dialect, const db::Options& options = {});
/// Without any table.
std::unique_ptr<FreshDatabase> bare_database(db::Dialect dialect, const db::Options& options = {});
/// The project's migrations for one database.
const std::vector<db::Migration>& project_migrations(db::Dialect dialect);
/// A folder of this test program, removed at its end.
const std::string& scratch_folder();

class DatabaseTest : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override;  ///< call it first when overriding; check IsSkipped()
  void TearDown() override { fresh_.reset(); }
  db::Dialect dialect() const { return GetParam(); }
  db::Database& database() { return **fresh_; }
  FreshDatabase& fresh() { return *fresh_; }

 private:
  std::unique_ptr<FreshDatabase> fresh_;
};

/// Skips or fails the test when `dialect` cannot be had here; true when it can.
bool can_use(db::Dialect dialect);

inline std::string dialect_name(const ::testing::TestParamInfo<db::Dialect>& info) {
  return info.param == db::Dialect::sqlite ? "sqlite" : "postgres";
}

}  // namespace concord::testing

#define CONCORD_ON_BOTH_DATABASES(Fixture)                                                                                 \
  INSTANTIATE_TEST_SUITE_P(, Fixture, ::testing::Values(::concord::db::Dialect::sqlite, ::concord::db::Dialect::postgres), \
                           ::concord::testing::dialect_name)
