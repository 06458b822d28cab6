#include "db/sqlite/connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

namespace concord::db::sqlite {

namespace {

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(const Statement& statement) : statement_(statement), handle_(statement.handle) {}

  bool is_null(int column) const override {
    if (column < 0 || column >= sqlite3_column_count(handle_)) broken_row(statement_.name, column, "does not exist");
    return sqlite3_value_type(sqlite3_column_value(handle_, column)) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override { return sqlite3_value_int64(value(column, SQLITE_INTEGER, "an integer")); }
  double real(int column) const override {
    sqlite3_value* v = sqlite3_column_value(handle_, column);
    const int type = sqlite3_value_type(v);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) broken_row(statement_.name, column, "is not a number");
    return sqlite3_value_double(v);
  }
  bool boolean(int column) const override {
    const std::int64_t v = sqlite3_value_int64(value(column, SQLITE_INTEGER, "a boolean"));
    if (v != 0 && v != 1) broken_row(statement_.name, column, "is not a boolean");
    return v == 1;
  }
  std::string_view text(int column) const override {
    sqlite3_value* v = value(column, SQLITE_TEXT, "a text");
    const auto* start = reinterpret_cast<const char*>(sqlite3_value_text(v));
    return {start, static_cast<std::size_t>(sqlite3_value_bytes(v))};
  }
  Date date(int column) const override {
    const auto date = read_iso_date(text(column));
    if (!date) broken_row(statement_.name, column, "is not a date");
    return *date;
  }
  Instant instant(int column) const override { return Instant(std::chrono::microseconds(integer(column))); }
  Uuid uuid(int column) const override {
    sqlite3_value* v = value(column, SQLITE_BLOB, "an id");
    if (sqlite3_value_bytes(v) != 16) broken_row(statement_.name, column, "is not an id");
    Uuid out;
    std::memcpy(out.bytes.data(), sqlite3_value_blob(v), 16);
    return out;
  }
  Bytes bytes(int column) const override {
    sqlite3_value* v = value(column, SQLITE_BLOB, "bytes");
    return {static_cast<const std::uint8_t*>(sqlite3_value_blob(v)), static_cast<std::size_t>(sqlite3_value_bytes(v))};
  }

 private:
  // The "unprotected" value is safe to read: this connection belongs to one thread.
  sqlite3_value* value(int column, int type, const char* kind) const {
    sqlite3_value* v = sqlite3_column_value(handle_, column);
    if (sqlite3_value_type(v) != type) [[unlikely]]
      broken_row(statement_.name, column, std::string(sqlite3_value_type(v) == SQLITE_NULL ? "is NULL, not " : "is not ") + kind);
    return v;
  }

  const Statement& statement_;
  sqlite3_stmt* handle_;
};

constexpr std::string_view kUniqueFailed = "UNIQUE constraint failed: ";
constexpr std::string_view kNotNullFailed = "NOT NULL constraint failed: ";
constexpr std::string_view kCheckFailed = "CHECK constraint failed: ";

}  // namespace

Statement::Statement(sqlite3* db, std::string_view name_, std::string_view text_, bool keep) : name(name_), text(text_) {
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(db, text.data(), static_cast<int>(text.size()), keep ? SQLITE_PREPARE_PERSISTENT : 0, &handle, &rest);
  if (code != SQLITE_OK) throw DatabaseError(name + ": " + sqlite3_errmsg(db), (code & 0xff) == SQLITE_BUSY);
  if (!handle) broken_statement(name, "holds no statement");
  for (const char* c = rest; c < text.data() + text.size(); ++c)
    if (*c != ' ' && *c != '\n' && *c != '\r' && *c != '\t' && *c != ';') {
      sqlite3_finalize(handle);
      broken_statement(name, "holds more than one statement");
    }
  const int count = sqlite3_bind_parameter_count(handle);
  places.resize(static_cast<std::size_t>(count), 0);
  dates.resize(static_cast<std::size_t>(count));
  for (int index = 1; index <= count; ++index) {
    const char* parameter = sqlite3_bind_parameter_name(handle, index);
    int number = 0;
    if (parameter && parameter[0] == '$') std::from_chars(parameter + 1, parameter + std::strlen(parameter), number);
    // $1 to $n without gaps: PostgreSQL could not know the type of one that is never used.
    if (number < 1 || number > count) {
      sqlite3_finalize(handle);
      broken_statement(name, "parameters must be $1, $2, ... without gaps");
    }
    places[static_cast<std::size_t>(number - 1)] = index;
  }
}

void Statement::bind(std::span<const Param> params) {
  if (params.size() != places.size())
    broken_statement(name, "takes " + std::to_string(places.size()) + " parameters, not " + std::to_string(params.size()));
  for (std::size_t i = 0; i < params.size(); ++i) {
    const int place = places[i];
    const Param::Variant& v = params[i].variant();
    int code = SQLITE_OK;
    switch (v.index()) {
      case 0:
        code = sqlite3_bind_null(handle, place);
        break;
      case 1:
        code = sqlite3_bind_int64(handle, place, *std::get_if<1>(&v));
        break;
      case 2:
        code = sqlite3_bind_double(handle, place, *std::get_if<2>(&v));
        break;
      case 3:
        code = sqlite3_bind_int(handle, place, *std::get_if<3>(&v) ? 1 : 0);
        break;
      case 4: {
        const std::string_view text_value = *std::get_if<4>(&v);
        code = sqlite3_bind_text64(handle, place, text_value.data() ? text_value.data() : "", text_value.size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
        break;
      }
      case 5: {
        write_iso_date(*std::get_if<5>(&v), dates[i].data());
        code = sqlite3_bind_text64(handle, place, dates[i].data(), 10, SQLITE_STATIC, SQLITE_UTF8);
        break;
      }
      case 6:
        code = sqlite3_bind_int64(handle, place, std::get_if<6>(&v)->time_since_epoch().count());
        break;
      case 7:
        code = sqlite3_bind_blob64(handle, place, std::get_if<7>(&v)->bytes.data(), 16, SQLITE_STATIC);
        break;
      case 8: {
        const Bytes bytes = *std::get_if<8>(&v);
        code = sqlite3_bind_blob64(handle, place, bytes.data() ? static_cast<const void*>(bytes.data()) : "", bytes.size(),
                                   SQLITE_STATIC);
        break;
      }
    }
    if (code != SQLITE_OK) throw DatabaseError(name + ": a parameter could not be bound", false);
  }
}

Connection::Connection(const std::string& path, Role role, const Options& options) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | (role == Role::writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
  if (code != SQLITE_OK) {
    std::string text = db_ ? sqlite3_errmsg(db_) : "out of memory";
    sqlite3_close(db_);
    throw DatabaseError("open: " + text, false);
  }
  try {
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, options.busy_timeout_ms);
    // Double-quoted strings would be errors on PostgreSQL; refuse them here too.
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    execute_once("PRAGMA temp_store = MEMORY");
    execute_once("PRAGMA cache_size = -" + std::to_string(role == Role::writer ? options.writer_cache_kib : options.cache_kib));
    execute_once("PRAGMA mmap_size = " + std::to_string(options.mmap_bytes));
    execute_once("PRAGMA foreign_keys = ON");
    if (role == Role::writer) {
      // Counts for a new file only. One care manager's rows fill half as many pages as with 4 KiB.
      execute_once("PRAGMA page_size = 8192");
      execute_once("PRAGMA journal_mode = WAL");
      execute_once("PRAGMA synchronous = FULL");
      execute_once("PRAGMA journal_size_limit = 67108864");
      // Takes the place of wal_autocheckpoint: the writer checkpoints after it has answered.
      sqlite3_wal_hook(
          db_,
          [](void* self, sqlite3*, const char*, int pages) {
            static_cast<Connection*>(self)->wal_pages = pages;
            return SQLITE_OK;
          },
          this);
    } else {
      execute_once("PRAGMA query_only = ON");
      execute_once("PRAGMA wal_autocheckpoint = 0");
      sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
  } catch (...) {
    sqlite3_close(db_);
    throw;
  }
}

void Connection::tell_planner() {
  const auto rows_of = [&](const char* name, const char* query, const std::function<void(sqlite3_stmt*)>& each) {
    Statement statement(db_, name, query, false);
    while (sqlite3_step(statement.handle) == SQLITE_ROW) each(statement.handle);
  };
  const auto text = [](sqlite3_stmt* s, int column) {
    const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
    return std::string(start ? start : "");
  };
  using Told = std::array<std::string, 3>;  // table, index, how it is spread
  std::vector<Told> wanted, told;
  bool migrated = false, has_told = false;
  rows_of("db.list_tables", "SELECT name FROM sqlite_master WHERE name IN ('schema_migration', 'sqlite_stat1')",
          [&](sqlite3_stmt* s) { (text(s, 0) == "sqlite_stat1" ? has_told : migrated) = true; });
  if (!migrated) return;
  rows_of("db.list_indexes",
          "SELECT t.name, i.name, i.\"unique\", (SELECT count(*) FROM pragma_index_info(i.name)) "
          "FROM sqlite_master t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND "
          "(SELECT c.name FROM pragma_index_info(i.name) c WHERE c.seqno = 0) = 'organization_id' ORDER BY t.name, i.name",
          [&](sqlite3_stmt* s) {
            const bool unique = sqlite3_column_int(s, 2) != 0;
            const int columns = sqlite3_column_int(s, 3);
            // Rows of the table, then rows that share the first column, the first two, ...: an order of magnitude each.
            std::string spread = "1000000 1000000";
            int rows = 100;
            for (int column = 1; column < columns; ++column, rows = std::max(rows / 10, 2))
              spread += unique && column + 1 == columns ? " 1" : " " + std::to_string(rows);
            wanted.push_back({text(s, 0), text(s, 1), std::move(spread)});
          });
  if (has_told)
    rows_of("db.list_told", "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx",
            [&](sqlite3_stmt* s) { told.push_back({text(s, 0), text(s, 1), text(s, 2)}); });
  if (told == wanted) return;                // nearly always: every command comes by here
  execute_once("ANALYZE schema_migration");  // makes the table of statistics
  execute_once("BEGIN IMMEDIATE");
  execute_once("DELETE FROM sqlite_stat1");
  for (const auto& [table, index, spread] : wanted)
    execute_once("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('" + table + "', '" + index + "', '" + spread + "')");
  execute_once("COMMIT");
  execute_once("ANALYZE sqlite_schema");  // reads it in
}

Connection::~Connection() {
  statements_.clear();
  sqlite3_close_v2(db_);
}

Connection::Lease::Lease(Connection& connection, const Sql& sql) {
  auto& kept = connection.statements_[sql.text.data()];
  // The address is the key; the comparison keeps a text with reused storage from running another's statement.
  if (!kept || (kept->text != sql.text && !kept->in_use))
    kept = std::make_unique<Statement>(connection.db_, sql.name, sql.text, true);
  if (kept->in_use) {
    temporary_ = std::make_unique<Statement>(connection.db_, sql.name, sql.text, false);
    statement_ = temporary_.get();
  } else {
    statement_ = kept.get();
  }
  statement_->in_use = true;
}

Connection::Lease::Lease(Connection& connection, std::string_view name, std::string_view text)
    : temporary_(std::make_unique<Statement>(connection.db_, name, text, false)) {
  statement_ = temporary_.get();
}

Connection::Lease::~Lease() {
  sqlite3_reset(statement_->handle);
  statement_->in_use = false;
}

void Connection::execute(const Sql& sql) {
  Lease statement(*this, sql);
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement->handle);
  if (code != SQLITE_DONE) raise(code, sql.name);
}

void Connection::execute_once(std::string_view text) {
  // The first words name the statement in errors; texts of migrations hold no data.
  Lease statement(*this, text.substr(0, text.find_first_of("(\n")), text);
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement->handle);
  if (code != SQLITE_DONE) raise(code, statement->name);
}

void Connection::raise(int code, std::string_view statement) {
  using Kind = ConstraintViolation::Kind;
  const std::string message = sqlite3_errmsg(db_);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: {
      std::string_view what = message;
      if (what.starts_with(kUniqueFailed)) what.remove_prefix(kUniqueFailed.size());
      if (what.starts_with("index '")) {  // an index over expressions: SQLite names it
        what.remove_prefix(7);
        throw ConstraintViolation(Kind::unique, std::string(what.substr(0, what.find('\''))));
      }
      std::string table;
      std::vector<std::string> columns;
      for (std::size_t from = 0; from < what.size();) {
        const std::size_t comma = std::min(what.find(", ", from), what.size());
        const std::string_view item = what.substr(from, comma - from);
        const std::size_t dot = item.find('.');
        if (dot != std::string_view::npos) {
          table = item.substr(0, dot);
          columns.emplace_back(item.substr(dot + 1));
        }
        from = comma + 2;
      }
      throw ConstraintViolation(Kind::unique, std::string(what), names_of_unique(table, columns));
    }
    case SQLITE_CONSTRAINT_NOTNULL:
      throw ConstraintViolation(Kind::not_null,
                                message.starts_with(kNotNullFailed) ? message.substr(kNotNullFailed.size()) : message);
    case SQLITE_CONSTRAINT_CHECK:
      throw ConstraintViolation(Kind::check, message.starts_with(kCheckFailed) ? message.substr(kCheckFailed.size()) : message);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      throw ConstraintViolation(Kind::foreign_key, "foreign key");
    default: {
      const int primary = code & 0xff;
      throw DatabaseError(std::string(statement) + ": " + message, primary == SQLITE_BUSY || primary == SQLITE_LOCKED);
    }
  }
}

std::vector<std::string> Connection::names_of_unique(std::string_view table, const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  const auto texts = [&](std::string_view sql, std::string_view argument, const auto& each) {
    Statement statement(db_, "schema", sql, false);
    const Param params[] = {Param(argument)};
    statement.bind(params);
    while (sqlite3_step(statement.handle) == SQLITE_ROW) each(statement.handle);
  };
  const auto text = [](sqlite3_stmt* s, int column) {
    const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
    return std::string(start ? start : "");
  };
  struct Index {
    std::string name, origin;
  };
  std::vector<Index> indexes;
  try {
    texts("SELECT name, origin FROM pragma_index_list($1) WHERE \"unique\" = 1", table,
          [&](sqlite3_stmt* s) { indexes.push_back({text(s, 0), text(s, 1)}); });
    for (const auto& index : indexes) {
      std::vector<std::string> of_index;
      texts("SELECT name FROM pragma_index_info($1) ORDER BY seqno", index.name,
            [&](sqlite3_stmt* s) { of_index.push_back(text(s, 0)); });
      if (of_index == columns && index.origin == "c") names.push_back(index.name);
    }
    std::vector<std::string> key;
    texts("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", table,
          [&](sqlite3_stmt* s) { key.push_back(text(s, 0)); });
    if (key == columns) names.push_back(std::string(table) + "_pkey");
    std::string clause(table);
    for (const auto& column : columns) clause += "_" + column;
    names.push_back(clause + "_key");
  } catch (const DatabaseError&) {
    // The names are a help; the violation itself is what matters.
  }
  return names;
}

template <class Body>
auto SqliteTx::guarded(std::string_view statement, Body&& body) {
  if (violated_) throw DatabaseError(std::string(statement) + ": the unit of work has already failed", false);
  try {
    return body();
  } catch (const ConstraintViolation&) {
    violated_ = true;
    throw;
  } catch (const DatabaseError&) {
    violated_ = true;
    throw;
  }
}

void SqliteTx::each(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) {
  guarded(sql.name, [&] {
    Connection::Lease statement(connection_, sql);
    statement->bind(params);
    const SqliteRow row(*statement);
    int code;
    while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW) each_row(row);
    if (code != SQLITE_DONE) connection_.raise(code, sql.name);
  });
}

std::int64_t SqliteTx::run(const Sql& sql, std::span<const Param> params) {
  return guarded(sql.name, [&]() -> std::int64_t {
    Connection::Lease statement(connection_, sql);
    statement->bind(params);
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement->handle);
    if (code != SQLITE_DONE) connection_.raise(code, sql.name);
    return sqlite3_changes64(connection_.handle());
  });
}

std::int64_t SqliteTx::load(std::string_view table, std::span<const std::string_view> columns, const NextRow& next) {
  check_identifier(table);
  CHECK(!columns.empty());
  std::string text = "INSERT INTO " + std::string(table) + " (";
  std::string values = ") VALUES (";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    check_identifier(columns[i]);
    text += (i ? ", " : "") + std::string(columns[i]);
    values += (i ? ", $" : "$") + std::to_string(i + 1);
  }
  text += values + ")";
  const std::string name = "load." + std::string(table);
  return guarded(name, [&] {
    Connection::Lease statement(connection_, name, text);
    std::vector<Param> row;
    row.reserve(columns.size());
    std::int64_t rows = 0;
    while (row.clear(), next(row)) {
      statement->bind(row);
      const int code = sqlite3_step(statement->handle);
      if (code != SQLITE_DONE) connection_.raise(code, name);
      sqlite3_reset(statement->handle);
      ++rows;
    }
    return rows;
  });
}

}  // namespace concord::db::sqlite
