#include "db/migrate.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/check.h"
#include "support/databases.h"

namespace concord::db {
namespace {

using Texts = std::vector<std::string>;

TEST(ExpandTokens, EveryTokenHasATypeOnBothDatabases) {
  const std::string text = "{{id}} {{date}} {{instant}} {{int}} {{bool}} {{real}} {{bytes}} ({{table}}) ({{clustered}})";
  EXPECT_EQ(expand_tokens(text, Dialect::sqlite), "BLOB TEXT INTEGER INTEGER INTEGER REAL BLOB (STRICT) (STRICT, WITHOUT ROWID)");
  EXPECT_EQ(expand_tokens(text, Dialect::postgres), "UUID DATE TIMESTAMPTZ BIGINT BOOLEAN DOUBLE PRECISION BYTEA () ()");
}

TEST(ExpandTokens, AnUnknownOrUnfinishedTokenBreaksAnInvariant) {
  EXPECT_THROW(expand_tokens("x {{uuid}}", Dialect::sqlite), BrokenInvariant);
  EXPECT_THROW(expand_tokens("x {{id", Dialect::sqlite), BrokenInvariant);
}

TEST(SplitStatements, SemicolonsInTextsNamesAndCommentsDoNotSplit) {
  EXPECT_EQ(split_statements("INSERT INTO t VALUES ('a;b', 'it''s; so');\n-- a; comment\nSELECT \"x;y\" /* ; */ FROM t;\n\n;"),
            (Texts{"INSERT INTO t VALUES ('a;b', 'it''s; so')", "SELECT \"x;y\"   FROM t"}));
}

TEST(SplitStatements, TheLastStatementNeedsNoSemicolonAndCommentsAloneAreNoStatement) {
  EXPECT_EQ(split_statements("SELECT 1;\nSELECT 2"), (Texts{"SELECT 1", "SELECT 2"}));
  EXPECT_EQ(split_statements("-- nothing here\n/* nor; here */"), Texts{});
}

TEST(SplitStatements, AnApostropheInACommentIsNotAQuote) {
  EXPECT_EQ(split_statements("-- the patient's row\nSELECT 1; SELECT 2;"), (Texts{"SELECT 1", "SELECT 2"}));
}

TEST(SplitStatements, ATriggerBodyStaysWhole) {
  const std::string trigger =
      "CREATE TRIGGER keep BEFORE DELETE ON t BEGIN SELECT CASE WHEN 1 THEN RAISE(ABORT, 'no') END; SELECT 2; END";
  EXPECT_EQ(split_statements(trigger + "; SELECT 1;"), (Texts{trigger, "SELECT 1"}));
}

TEST(SplitStatements, ADollarQuotedFunctionStaysWhole) {
  const std::string function = "CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN RETURN NULL; END; $body$ LANGUAGE plpgsql";
  EXPECT_EQ(split_statements(function + ";\nSELECT $1;"), (Texts{function, "SELECT $1"}));
}

class LoadMigrations : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::scratch_folder()) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directory(folder_);
  }
  void file(const std::string& name, const std::string& text = "SELECT 1;") { std::ofstream(folder_ / name) << text; }
  std::filesystem::path folder_;
};

TEST_F(LoadMigrations, OrdersByNumberAndTakesTheFileOfTheDatabase) {
  file("0002_b_make_it.sqlite.sql", "SELECT 'sqlite';");
  file("0002_b_make_it.postgres.sql", "SELECT 'postgres';");
  file("0001_a_make_it.sql");
  file("README.md");
  const auto sqlite = load_migrations(folder_, Dialect::sqlite);
  ASSERT_TRUE(sqlite.has_value());
  ASSERT_EQ(sqlite->size(), 2u);
  EXPECT_EQ((*sqlite)[0].name, "0001_a_make_it");
  EXPECT_EQ((*sqlite)[1].name, "0002_b_make_it");
  EXPECT_EQ((*sqlite)[1].text, "SELECT 'sqlite';");
  EXPECT_EQ((*sqlite)[1].checksum.size(), 64u);
  const auto postgres = load_migrations(folder_, Dialect::postgres);
  ASSERT_TRUE(postgres.has_value());
  EXPECT_EQ((*postgres)[1].text, "SELECT 'postgres';");
  EXPECT_EQ((*postgres)[0].checksum, (*sqlite)[0].checksum);
  EXPECT_NE((*postgres)[1].checksum, (*sqlite)[1].checksum);
}

TEST_F(LoadMigrations, TheChecksumIsBlake2bOfTheBytes) {
  file("0001_a_make_it.sql", "");
  const auto loaded = load_migrations(folder_, Dialect::sqlite);
  ASSERT_TRUE(loaded.has_value());
  // BLAKE2b-256 of no bytes, from the algorithm's published test values.
  EXPECT_EQ((*loaded)[0].checksum, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

TEST_F(LoadMigrations, RefusesAGap) {
  file("0001_a_make_it.sql");
  file("0003_c_make_it.sql");
  const auto loaded = load_migrations(folder_, Dialect::sqlite);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::bad_file);
  EXPECT_NE(loaded.error().issues.at(0).text.find("number 2"), std::string::npos);
}

TEST_F(LoadMigrations, RefusesARepeatedNumberAndABadName) {
  file("0001_a_make_it.sql");
  file("0001_b_make_it.sql");
  file("2_short.sql");
  file("0002_Upper.sql");
  const auto loaded = load_migrations(folder_, Dialect::sqlite);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().issues.size(), 3u);
}

TEST_F(LoadMigrations, RefusesAFolderThatIsNotThere) {
  const auto loaded = load_migrations(folder_ / "missing", Dialect::sqlite);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::bad_file);
}

}  // namespace
}  // namespace concord::db
