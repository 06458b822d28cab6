// One SQLite connection with its prepared statements, and the Tx and Row over it. A connection is used by
// one thread at a time (opened without SQLite's own mutexes).
#pragma once

#include <sqlite3.h>

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/database.h"
#include "db/internal.h"

namespace concord::db::sqlite {

/// A prepared statement with the places of its $N parameters, resolved once.
struct Statement {
  Statement(sqlite3* db, std::string_view name, std::string_view text, bool keep);
  ~Statement() { sqlite3_finalize(handle); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(std::span<const Param> params);

  std::string name;
  std::string text;
  sqlite3_stmt* handle = nullptr;
  std::vector<int> places;                  ///< places[n - 1] is SQLite's index of $n
  std::vector<std::array<char, 10>> dates;  ///< texts of bound dates, alive while the statement runs
  bool in_use = false;
};

class Connection {
 public:
  /// Throws DatabaseError. A reader never writes, never checkpoints.
  enum class Role { writer, reader };
  Connection(const std::string& path, Role role, const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* handle() const { return db_; }
  /// True while a transaction is open.
  bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
  bool reusable() const { return !in_transaction(); }
  /// Runs one statement without parameters and ignores its rows.
  void execute(const Sql& sql);
  /// The same for text that is not static: not kept.
  void execute_once(std::string_view text);
  /// Tells SQLite's planner how our keys are spread: organization_id, the first column of every key, is the same in
  /// all rows, the columns after it are choosy. Without this it takes organization_id alone to be choosy and reads a
  /// whole table where an index names the patient. Nothing is counted, so it takes no time on a large database.
  void tell_planner();
  /// Throws what the last failed call on this connection means.
  [[noreturn]] void raise(int code, std::string_view statement);

  /// The cached statement for `sql`, or a temporary one when it is running already (a query inside the
  /// callback of the same query).
  class Lease {
   public:
    Lease(Connection& connection, const Sql& sql);
    Lease(Connection& connection, std::string_view name, std::string_view text);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Statement* operator->() { return statement_; }
    Statement& operator*() { return *statement_; }

   private:
    Statement* statement_;
    std::unique_ptr<Statement> temporary_;
  };

  int wal_pages = 0;  ///< pages in the write-ahead log after the last commit (writer only)

 private:
  std::vector<std::string> names_of_unique(std::string_view table, const std::vector<std::string>& columns);

  sqlite3* db_ = nullptr;
  std::unordered_map<const char*, std::unique_ptr<Statement>> statements_;  // by address of the SQL text
};

class SqliteTx final : public Tx {
 public:
  explicit SqliteTx(Connection& connection) : connection_(connection) {}

  using Tx::each;
  using Tx::run;
  using Tx::scan;
  void each(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) override;
  std::int64_t run(const Sql& sql, std::span<const Param> params) override;
  std::int64_t load(std::string_view table, std::span<const std::string_view> columns, const NextRow& next) override;
  Dialect dialect() const override { return Dialect::sqlite; }

  bool violated() const { return violated_; }

 private:
  template <class Body>
  auto guarded(std::string_view statement, Body&& body);

  Connection& connection_;
  bool violated_ = false;  // PostgreSQL ends a transaction at its first error; so does this one
};

}  // namespace concord::db::sqlite
