// One PostgreSQL connection with its prepared statements, and the Tx and Row over it. A connection is used
// by one thread at a time. Needs session pooling when a pooler sits in between (prepared statements).
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/database.h"
#include "db/internal.h"

namespace concord::db::postgres {

/// The server has gone away or cannot be reached.
class ConnectionLost : public DatabaseError {
 public:
  explicit ConnectionLost(std::string what) : DatabaseError(std::move(what), false) {}
};

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

struct Statement {
  std::string name;  ///< ours, for errors
  std::string text;
  std::string server_name;      ///< the prepared statement's
  std::vector<unsigned> types;  ///< of its parameters, as the server inferred them
};

class Connection {
 public:
  /// Throws ConnectionLost.
  Connection(const std::string& url, const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool in_transaction() const { return PQtransactionStatus(link_) != PQTRANS_IDLE; }
  bool reusable() const { return PQstatus(link_) == CONNECTION_OK && !in_transaction() && !stale_; }
  /// One statement without parameters; rows are ignored. Answers the command tag ("COMMIT").
  std::string execute(std::string_view sql);
  /// A prepared statement with parameters; results are binary.
  Answer execute(const Sql& sql, std::span<const Param> params);
  /// A query whose rows are handed over as they arrive (binary COPY): memory stays flat.
  void copy_out(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row);
  std::int64_t copy_in(std::string_view table, std::span<const std::string_view> columns, const NextRow& next);

 private:
  const Statement& prepare(const Sql& sql);
  Answer checked(PGresult* result, std::string_view statement);
  [[noreturn]] void raise(const PGresult* result, std::string_view statement);

  PGconn* link_ = nullptr;
  std::unordered_map<const char*, Statement> statements_;  // by address of the SQL text
  int next_name_ = 0;
  bool stale_ = false;  // the schema changed under its prepared statements
  // Scratch for parameters.
  std::string encoded_;
  std::vector<std::size_t> offsets_;
  std::vector<const char*> values_;
  std::vector<int> lengths_, formats_;
};

class PostgresTx final : public Tx {
 public:
  explicit PostgresTx(Connection& connection) : connection_(connection) {}

  using Tx::each;
  using Tx::run;
  using Tx::scan;
  void each(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) override;
  void scan(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) override;
  std::int64_t run(const Sql& sql, std::span<const Param> params) override;
  std::int64_t load(std::string_view table, std::span<const std::string_view> columns, const NextRow& next) override;
  Dialect dialect() const override { return Dialect::postgres; }

  bool failed() const { return failed_; }

 private:
  template <class Body>
  auto guarded(std::string_view statement, Body&& body);

  Connection& connection_;
  bool failed_ = false;
};

}  // namespace concord::db::postgres
