// One storage interface over SQLite and PostgreSQL. Everything above db/ sees only this file (and
// migrate.h); sqlite3.h and libpq-fe.h are included under db/ alone.
//
//   auto rows = database.read([&](Tx& tx) { tx.each(kListDue, {org, today}, [&](const Row& r) { ... }); });
//   Result<X> x = database.write([&](Tx& tx) -> Result<X> { ... });   // blocks until durable
//   database.submit(...);                                            // the same without blocking
//
// A unit of work is a function of a Tx: it may read, decide and write. It returns Result; an error rolls
// everything it wrote back. It may run again from the start (serialization failure on PostgreSQL), so it
// must not have other side effects. A violated unique or check constraint leaves the function as
// ConstraintViolation; write() turns it into ErrorCode::conflict unless the slice catches it itself.
//
// Writes: SQLite runs whatever waits inside one transaction, a savepoint each, and answers after COMMIT
// (group commit, synchronous=FULL, one connection does all writes and all checkpoints). PostgreSQL uses a
// pooled connection and a transaction each. Threads: every method of Database is thread-safe; a Tx and its
// Rows belong to the function they were given to.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/result.h"

namespace concord::db {

enum class Dialect { sqlite, postgres };

/// A named statement with static storage (one file in <slice>/sql/, embedded at build). Parameters are
/// $1, $2, ...; the name shows in slow-query logs and metrics. `postgres` is empty unless the texts differ.
struct Sql {
  std::string_view name;
  std::string_view text;
  std::string_view postgres = {};
};

using Bytes = std::span<const std::uint8_t>;

/// One bound value. Views must stay valid during the call. Column kinds: see migrations/README.md.
class Param {
 public:
  using Variant = std::variant<std::monostate, std::int64_t, double, bool, std::string_view, Date, Instant, Uuid, Bytes>;
  Param(std::nullptr_t) {}
  Param(std::nullopt_t) {}
  Param(std::int64_t v) : v_(v) {}
  Param(int v) : v_(static_cast<std::int64_t>(v)) {}
  Param(double v) : v_(v) {}
  Param(bool v) : v_(v) {}
  Param(std::string_view v) : v_(v) {}
  Param(const std::string& v) : v_(std::string_view(v)) {}
  Param(const char* v) : v_(std::string_view(v)) {}
  Param(Date v) : v_(v) {}
  Param(Instant v) : v_(v) {}
  Param(const Uuid& v) : v_(v) {}
  Param(Bytes v) : v_(v) {}
  template <class Tag>
  Param(const Id<Tag>& v) : v_(v.uuid) {}
  template <class T>
  Param(const std::optional<T>& v) {
    if (v) v_ = Param(*v).v_;
  }
  const Variant& variant() const { return v_; }

 private:
  Variant v_;
};

/// A result row, valid during the callback. Reading a NULL or another kind breaks an invariant, except
/// through the maybe_ readers (nullopt for NULL). Text views die with the callback.
class Row {
 public:
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual bool boolean(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual Date date(int column) const = 0;
  virtual Instant instant(int column) const = 0;
  virtual Uuid uuid(int column) const = 0;
  virtual Bytes bytes(int column) const = 0;

  std::string string(int column) const { return std::string(text(column)); }
  template <class IdType>
  IdType id(int column) const {
    return IdType(uuid(column));
  }
  std::optional<std::int64_t> maybe_integer(int c) const { return is_null(c) ? std::nullopt : std::optional(integer(c)); }
  std::optional<double> maybe_real(int c) const { return is_null(c) ? std::nullopt : std::optional(real(c)); }
  std::optional<Date> maybe_date(int c) const { return is_null(c) ? std::nullopt : std::optional(date(c)); }
  std::optional<Instant> maybe_instant(int c) const { return is_null(c) ? std::nullopt : std::optional(instant(c)); }
  std::optional<std::string> maybe_string(int c) const { return is_null(c) ? std::nullopt : std::optional(string(c)); }
  template <class IdType>
  std::optional<IdType> maybe_id(int c) const {
    return is_null(c) ? std::nullopt : std::optional(IdType(uuid(c)));
  }

 protected:
  ~Row() = default;
};

/// A unique, foreign-key, not-null or check constraint refused a row. `constraint` is the constraint's or
/// index's name on PostgreSQL and "table.column, ..." on SQLite ("table.column" on both for not_null).
/// Slices compare with `about("name")`, which both databases satisfy for unique indexes, named check
/// constraints, primary keys ("<table>_pkey") and unnamed UNIQUE clauses ("<table>_<column>_<column>_key").
/// SQLite never says which foreign key failed: tell those by `kind`.
/// After a violation the unit of work can only end: further statements throw, and it must roll back.
class ConstraintViolation : public std::runtime_error {
 public:
  enum class Kind { unique, foreign_key, not_null, check };
  ConstraintViolation(Kind which, std::string name, std::vector<std::string> other_names = {})
      : std::runtime_error("constraint violated: " + name),
        kind(which),
        constraint(std::move(name)),
        names(std::move(other_names)) {}
  /// True when this is (or, for several unique indexes over the same columns, may be) the named one.
  bool about(std::string_view name) const {
    if (constraint == name) return true;
    for (const auto& n : names)
      if (n == name) return true;
    return false;
  }
  Kind kind;
  std::string constraint;
  std::vector<std::string> names;  ///< what else the violated constraint may be called
};

/// The database refused or failed for another reason: disk full, connection lost, broken SQL.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(std::string text, bool may_retry) : std::runtime_error(std::move(text)), retryable(may_retry) {}
  bool retryable;  ///< serialization failure or deadlock: run the unit of work again
};

/// Gives the values of the next row of a bulk load, or false at the end.
using NextRow = std::function<bool(std::vector<Param>& values)>;

class Tx {
 public:
  /// Runs a query and calls `each_row` per row, in order.
  virtual void each(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) = 0;
  /// The same for whole tables: rows are handed over as they arrive, in whatever order the database reads them fastest, and are
  /// never held together. Parameters may be ids, dates and whole numbers. No other statement runs on this Tx inside the callback.
  virtual void scan(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) {
    each(sql, params, each_row);
  }
  /// Runs a statement that returns no rows; the number of rows changed.
  virtual std::int64_t run(const Sql& sql, std::span<const Param> params) = 0;
  /// Inserts many rows the fast way (prepared loop on SQLite, binary COPY on PostgreSQL). Any constraint
  /// violation fails the whole load.
  virtual std::int64_t load(std::string_view table, std::span<const std::string_view> columns, const NextRow& next) = 0;
  virtual Dialect dialect() const = 0;

  void each(const Sql& sql, std::initializer_list<Param> params, const std::function<void(const Row&)>& f) {
    each(sql, std::span<const Param>(params.begin(), params.size()), f);
  }
  void scan(const Sql& sql, std::initializer_list<Param> params, const std::function<void(const Row&)>& f) {
    scan(sql, std::span<const Param>(params.begin(), params.size()), f);
  }
  std::int64_t run(const Sql& sql, std::initializer_list<Param> params) {
    return run(sql, std::span<const Param>(params.begin(), params.size()));
  }
  /// The first row through `map`, or nullopt.
  template <class Map>
  auto one(const Sql& sql, std::initializer_list<Param> params, Map&& map)
      -> std::optional<std::decay_t<std::invoke_result_t<Map, const Row&>>> {
    std::optional<std::decay_t<std::invoke_result_t<Map, const Row&>>> found;
    each(sql, params, [&](const Row& row) {
      if (!found) found.emplace(map(row));
    });
    return found;
  }
  /// Every row through `map`.
  template <class Map>
  auto all(const Sql& sql, std::initializer_list<Param> params, Map&& map)
      -> std::vector<std::decay_t<std::invoke_result_t<Map, const Row&>>> {
    std::vector<std::decay_t<std::invoke_result_t<Map, const Row&>>> rows;
    each(sql, params, [&](const Row& row) { rows.push_back(map(row)); });
    return rows;
  }

 protected:
  ~Tx() = default;
};

struct Options {
  int read_connections = 4;   ///< at most this many at once; made when first needed
  int write_connections = 4;  ///< PostgreSQL only
  int busy_timeout_ms = 5000;
  int statement_timeout_ms = 60000;  ///< PostgreSQL only
  /// SQLite. 0: every commit makes readers map the file anew, which costs more than the copying it saves.
  std::int64_t mmap_bytes = 0;
  /// SQLite's writer copies its log back into the file once it is this many pages of 8 KiB long. A longer log writes a
  /// page that changes often only once: 4,000 pages (32 MB) gave 30 % more small writes a second than 1,000.
  int checkpoint_pages = 4000;
  int writer_cache_kib = 65536;  ///< page cache of SQLite's writer, which also does the small reads
  int cache_kib = 8192;          ///< page cache per SQLite connection
  bool read_only = false;        ///< no writer; write() and submit() break an invariant
};

/// A submitted unit of work: `run` returns true to keep what it wrote, false to roll it back. `done` is
/// called once after the commit is durable (or with the exception that prevented it), on a database
/// thread: it must only hand over.
struct Work {
  std::function<bool(Tx&)> run;
  std::function<void(std::exception_ptr)> done;
};

/// Counters since the database was opened, for metrics.
struct Statistics {
  std::uint64_t reads = 0;        ///< read_with() calls that ended well
  std::uint64_t commits = 0;      ///< transactions committed by the write queue
  std::uint64_t units = 0;        ///< units of work kept; units / commits is the mean batch on SQLite
  std::uint64_t rolled_back = 0;  ///< units that returned false or threw
  std::uint64_t retries = 0;      ///< units run again after a serialization failure (PostgreSQL)
  std::uint64_t largest_batch = 0;
};

class Database {
 public:
  /// "sqlite:PATH" (made when missing), "postgres://..." or "postgresql://..." (a libpq URI).
  /// database_unavailable or bad_config when it cannot be opened. Does not migrate.
  static Result<std::unique_ptr<Database>> open(std::string_view url, const Options& options);
  virtual ~Database() = default;  ///< finishes submitted work first

  virtual Dialect dialect() const = 0;
  /// Queues a unit of work; FIFO on SQLite.
  virtual void submit(Work work) = 0;
  /// Runs on a read-only snapshot on the calling thread.
  virtual void read_with(const std::function<void(Tx&)>& body) = 0;
  /// Runs statements outside the write queue, each as given, for the migration runner only. SQL text may
  /// hold one statement. Commits nothing by itself: BEGIN and COMMIT are statements like others.
  virtual void migrate_with(
      const std::function<void(const std::function<void(std::string_view sql)>& execute, Tx& tx)>& body) = 0;
  /// Waits in the write queue now: a gauge for metrics and for 503.
  virtual std::size_t waiting_writes() const = 0;
  virtual Statistics statistics() const { return {}; }

  template <class Body>
  auto read(Body&& body) -> std::invoke_result_t<Body, Tx&> {
    using T = std::invoke_result_t<Body, Tx&>;
    if constexpr (std::is_void_v<T>) {
      read_with([&](Tx& tx) { body(tx); });
    } else {
      std::optional<T> out;
      read_with([&](Tx& tx) { out.emplace(body(tx)); });
      return std::move(*out);
    }
  }

  /// Body: Result<T>(Tx&). Blocks until durable. Not from a database thread.
  template <class Body>
  auto write(Body&& body) -> std::invoke_result_t<Body, Tx&> {
    using R = std::invoke_result_t<Body, Tx&>;
    std::optional<R> out;
    std::optional<Error> refused = write_blocking([&](Tx& tx) {
      out.reset();
      out.emplace(body(tx));
      return out->has_value();
    });
    if (refused) return tl::unexpected<Error>(std::move(*refused));
    return std::move(*out);
  }

 private:
  /// submit() and wait. An Error only for ConstraintViolation; other exceptions are rethrown here.
  std::optional<Error> write_blocking(const std::function<bool(Tx&)>& run);
};

}  // namespace concord::db
