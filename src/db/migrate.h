// Forward-only schema migrations: migrations/NNNN_<slice>_<verb>_<thing>.sql, one number line for both
// databases, each in one transaction under a lock, recorded with its BLAKE2b checksum in `schema_migration`.
// A file may end in .sqlite.sql / .postgres.sql when the two must differ. Type tokens are expanded
// ({{id}} {{date}} {{instant}} {{int}} {{bool}} {{real}} {{bytes}} {{table}} {{clustered}}): migrations/README.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/database.h"

namespace concord::db {

struct Migration {
  int number = 0;
  std::string name;      ///< file name without ending
  std::string text;      ///< as in the file
  std::string checksum;  ///< hex BLAKE2b-256 of `text`
};

struct MigrationReport {
  int before = 0;
  int now = 0;
  std::vector<std::string> applied;
};

/// The migrations of a folder for one database, in order. bad_file for a gap, a repeated number or a bad name.
Result<std::vector<Migration>> load_migrations(const std::filesystem::path& folder, Dialect dialect);
/// Applies what is missing. bad_file when an applied one's checksum differs from its file; conflict when
/// the database is newer than this program knows. Safe to kill at any statement and run again; two
/// processes at once: one waits for the other.
Result<MigrationReport> migrate(Database& database, const std::vector<Migration>& migrations, const Clock& clock);
/// Number of the newest applied migration; 0 for an empty database.
int schema_version(Database& database);
/// SQL text after expanding the type tokens; broken invariant for an unknown token.
std::string expand_tokens(std::string_view text, Dialect dialect);
/// Splits a script at semicolons, minding quotes and comments.
std::vector<std::string> split_statements(std::string_view script);

}  // namespace concord::db
