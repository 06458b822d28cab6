#include "db/migrate.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include "base/check.h"
#include "base/text.h"

namespace concord::db {

namespace {

namespace fs = std::filesystem;

constexpr Sql kHasTable{"db.has_schema_migration",
                        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'",
                        "SELECT count(*) FROM (SELECT to_regclass('schema_migration') AS found) t WHERE found IS NOT NULL"};
constexpr Sql kVersion{"db.schema_version", "SELECT COALESCE(MAX(number), 0) FROM schema_migration"};
constexpr Sql kApplied{"db.applied_migrations", "SELECT number, name, checksum FROM schema_migration ORDER BY number"};
constexpr Sql kRecord{"db.record_migration",
                      "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)"};
constexpr std::string_view kCreate =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "number {{int}} NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at {{instant}} NOT NULL) "
    "{{table}}";
/// One run at a time on PostgreSQL; released with the transaction, whatever happens to the process.
constexpr std::string_view kLock = "SELECT pg_advisory_xact_lock(7239017465120934)";

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::string checksum_of(std::string_view text) {
  CHECK(sodium_init() >= 0);
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return to_hex(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

struct Applied {
  int number;
  std::string name, checksum;
};

/// The statement's words up to BEGIN tell a SQLite trigger, whose body holds semicolons.
class TriggerWords {
 public:
  void word(std::string_view w) {
    const std::string lower = to_lower(w);
    if (count_ == 0) create_ = lower == "create";
    if (create_ && count_ < 3 && lower == "trigger") trigger_ = true;
    ++count_;
    if (!trigger_) return;
    if (lower == "begin" || lower == "case") ++depth_;
    if (lower == "end" && depth_ > 0) --depth_;
  }
  bool inside_body() const { return depth_ > 0; }

 private:
  int count_ = 0, depth_ = 0;
  bool create_ = false, trigger_ = false;
};

}  // namespace

std::string expand_tokens(std::string_view text, Dialect dialect) {
  static const std::map<std::string_view, std::pair<std::string_view, std::string_view>> kTokens = {
      {"id", {"BLOB", "UUID"}},       {"date", {"TEXT", "DATE"}},       {"instant", {"INTEGER", "TIMESTAMPTZ"}},
      {"int", {"INTEGER", "BIGINT"}}, {"bool", {"INTEGER", "BOOLEAN"}}, {"real", {"REAL", "DOUBLE PRECISION"}},
      {"bytes", {"BLOB", "BYTEA"}},   {"table", {"STRICT", ""}},        {"clustered", {"STRICT, WITHOUT ROWID", ""}},
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (!text.substr(i).starts_with("{{")) {
      out += text[i++];
      continue;
    }
    const std::size_t end = text.find("}}", i);
    CHECK(end != std::string_view::npos);
    const auto token = kTokens.find(text.substr(i + 2, end - i - 2));
    if (token == kTokens.end())
      throw BrokenInvariant("unknown type token {{" + std::string(text.substr(i + 2, end - i - 2)) + "}}");
    out += dialect == Dialect::sqlite ? token->second.first : token->second.second;
    i = end + 2;
  }
  return out;
}

std::vector<std::string> split_statements(std::string_view script) {
  std::vector<std::string> statements;
  std::string current;
  TriggerWords words;
  const auto finish = [&] {
    const std::string_view trimmed = trim(current);
    if (!trimmed.empty()) statements.emplace_back(trimmed);
    current.clear();
    words = TriggerWords();
  };
  const std::size_t size = script.size();
  for (std::size_t i = 0; i < size;) {
    const char c = script[i];
    const std::string_view rest = script.substr(i);
    std::size_t length = 1;
    if (rest.starts_with("--")) {
      i += std::min(rest.find('\n'), rest.size());  // dropped; the line end stays
      continue;
    }
    if (rest.starts_with("/*")) {
      const std::size_t end = rest.find("*/", 2);
      i += end == std::string_view::npos ? rest.size() : end + 2;
      current += ' ';
      continue;
    }
    if (c == '\'' || c == '"') {
      // A doubled quote inside ends and starts a quoted run: the same result.
      const std::size_t end = rest.find(c, 1);
      length = end == std::string_view::npos ? rest.size() : end + 1;
    } else if (c == '$' && (i == 0 || !is_word(script[i - 1]))) {  // $$ ... $$ and $tag$ ... $tag$
      std::size_t tag = 1;
      while (tag < rest.size() && is_word(rest[tag])) ++tag;
      const bool quote = tag < rest.size() && rest[tag] == '$' && !(rest[1] >= '0' && rest[1] <= '9');
      if (quote) {
        const std::size_t end = rest.find(rest.substr(0, tag + 1), tag + 1);
        length = end == std::string_view::npos ? rest.size() : end + tag + 1;
      }
    } else if (is_word(c)) {
      while (length < rest.size() && is_word(rest[length])) ++length;
      words.word(rest.substr(0, length));
    } else if (c == ';' && !words.inside_body()) {
      finish();
      ++i;
      continue;
    }
    current += rest.substr(0, length);
    i += length;
  }
  finish();
  return statements;
}

Result<std::vector<Migration>> load_migrations(const fs::path& folder, Dialect dialect) {
  constexpr std::string_view kEnding = ".sql", kSqlite = ".sqlite", kPostgres = ".postgres";
  std::map<int, Migration> found;
  std::vector<Issue> issues;
  std::error_code failed;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == kEnding) files.push_back(entry.path());
  if (failed) return fail(ErrorCode::bad_file, "The migrations folder cannot be read.", {{folder.string(), failed.message()}});
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const std::string file = path.filename().string();
    std::string_view name = std::string_view(file).substr(0, file.size() - kEnding.size());
    const bool for_sqlite = name.ends_with(kSqlite), for_postgres = name.ends_with(kPostgres);
    if (for_sqlite) name.remove_suffix(kSqlite.size());
    if (for_postgres) name.remove_suffix(kPostgres.size());
    const auto good = [](std::string_view n) {
      if (n.size() < 6 || n[4] != '_') return false;
      for (std::size_t i = 0; i < n.size(); ++i) {
        const bool digit = n[i] >= '0' && n[i] <= '9';
        if (i < 4 ? !digit : !(digit || n[i] == '_' || (n[i] >= 'a' && n[i] <= 'z'))) return false;
      }
      return true;
    };
    if (!good(name)) {
      issues.push_back({file, "must be named NNNN_<slice>_<verb>_<thing>.sql"});
      continue;
    }
    const int number = std::stoi(std::string(name.substr(0, 4)));
    if ((for_sqlite && dialect != Dialect::sqlite) || (for_postgres && dialect != Dialect::postgres)) continue;
    std::ifstream in(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) {
      issues.push_back({file, "cannot be read"});
      continue;
    }
    Migration migration{number, std::string(name), std::move(text), {}};
    migration.checksum = checksum_of(migration.text);
    if (!found.emplace(number, std::move(migration)).second) issues.push_back({file, "has the number of another migration"});
  }
  std::vector<Migration> out;
  for (auto& [number, migration] : found) {
    if (number != static_cast<int>(out.size()) + 1 && issues.empty())
      issues.push_back({migration.name, "follows a gap: number " + std::to_string(out.size() + 1) + " is missing"});
    out.push_back(std::move(migration));
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The migrations folder is not in order.", std::move(issues));
  return out;
}

Result<MigrationReport> migrate(Database& database, const std::vector<Migration>& migrations, const Clock& clock) {
  MigrationReport report;
  std::optional<Error> refused;
  const bool postgres = database.dialect() == Dialect::postgres;
  database.migrate_with([&](const std::function<void(std::string_view)>& execute, Tx& tx) {
    const auto begin = [&] {
      execute(postgres ? "BEGIN" : "BEGIN IMMEDIATE");
      if (postgres) execute(kLock);
    };
    /// Inside a transaction that holds the lock: what is applied, or nullopt after setting `refused`.
    const auto applied = [&]() -> std::optional<std::vector<Applied>> {
      auto rows = tx.all(kApplied, {},
                         [](const Row& row) { return Applied{static_cast<int>(row.integer(0)), row.string(1), row.string(2)}; });
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i >= migrations.size()) {
          refused = Error{ErrorCode::conflict,
                          "The database is newer than this program. Use the program version that migrated it, or a newer one.",
                          {{rows[i].name, "is not known to this program"}},
                          {}};
          return std::nullopt;
        }
        if (rows[i].number != migrations[i].number || rows[i].checksum != migrations[i].checksum) {
          refused = Error{ErrorCode::bad_file,
                          "An applied migration differs from its file. Restore the file; change the schema with a new migration.",
                          {{rows[i].name, "was applied with another content"}},
                          {}};
          return std::nullopt;
        }
      }
      return rows;
    };

    begin();
    execute(expand_tokens(kCreate, database.dialect()));
    execute("COMMIT");
    for (bool first = true;; first = false) {
      begin();
      const auto rows = applied();
      if (!rows || rows->size() == migrations.size()) {
        execute("ROLLBACK");
        if (rows) report.now = migrations.empty() ? 0 : migrations.back().number;
        if (rows && first) report.before = report.now;
        return;
      }
      if (first) report.before = rows->empty() ? 0 : rows->back().number;
      const Migration& migration = migrations[rows->size()];
      for (const auto& statement : split_statements(expand_tokens(migration.text, database.dialect()))) execute(statement);
      tx.run(kRecord, {migration.number, migration.name, migration.checksum, clock.now()});
      execute("COMMIT");
      report.applied.push_back(migration.name);
    }
  });
  if (refused) return tl::unexpected<Error>(std::move(*refused));
  return report;
}

int schema_version(Database& database) {
  return database.read([&](Tx& tx) -> int {
    if (tx.one(kHasTable, {}, [](const Row& row) { return row.integer(0); }).value_or(0) == 0) return 0;
    return static_cast<int>(*tx.one(kVersion, {}, [](const Row& row) { return row.integer(0); }));
  });
}

}  // namespace concord::db
