#include "db/postgres/postgres_database.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include "base/log.h"
#include "db/pool.h"
#include "db/postgres/connection.h"
#include "db/turns.h"

namespace concord::db {

namespace {

using postgres::Connection;
using postgres::ConnectionLost;
using postgres::PostgresTx;

constexpr std::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr std::string_view kBeginWrite = "BEGIN ISOLATION LEVEL SERIALIZABLE";

/// Tries of one unit of work before its serialization failure is the caller's, and the longest pause
/// before another try. The pause is random: two units that met once should not meet again.
constexpr int kMostTries = 30;
/// After so many of them it runs alone: many units on one row would else let one of them lose every time.
constexpr int kTriesBesideOthers = 8;
constexpr int kMostPauseMicros = 20000;
/// Reconnections for one unit of work when the server goes away before COMMIT.
constexpr int kMostReconnects = 2;

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::string url, const Options& options)
      : url_(std::move(url)), options_(options), readers_(options.read_connections, [this] { return connect(); }) {
    CHECK(options.read_connections > 0 && options.write_connections > 0);
    {
      Pool<Connection>::Lease first(readers_);
    }  // fails here, not at the first request
    if (options.read_only) return;
    for (int i = 0; i < options.write_connections; ++i) writers_.emplace_back([this] { write_loop(); });
  }

  ~PostgresDatabase() override {
    {
      std::lock_guard lock(queue_mutex_);
      stopping_ = true;
    }
    queue_changed_.notify_all();
    for (auto& writer : writers_) writer.join();
  }

  Dialect dialect() const override { return Dialect::postgres; }

  void submit(Work work) override {
    CHECK(!options_.read_only);
    {
      std::lock_guard lock(queue_mutex_);
      CHECK(!stopping_);
      queue_.push_back(std::move(work));
    }
    queue_changed_.notify_one();
  }

  void read_with(const std::function<void(Tx&)>& body) override {
    Pool<Connection>::Lease connection(readers_);
    try {
      connection->execute(kBeginRead);
    } catch (const ConnectionLost&) {
      connection.renew();  // nothing has run yet, so this is safe
      connection->execute(kBeginRead);
    }
    try {
      PostgresTx tx(*connection);
      body(tx);
    } catch (...) {
      rollback(*connection);
      throw;
    }
    connection->execute("COMMIT");
    reads_.fetch_add(1, std::memory_order_relaxed);
  }

  void migrate_with(const std::function<void(const std::function<void(std::string_view)>&, Tx&)>& body) override {
    CHECK(!options_.read_only);
    Options patient = options_;
    patient.statement_timeout_ms = 0;  // an index over a big table takes as long as it takes
    Connection connection(url_, patient);
    PostgresTx tx(connection);
    // A transaction left open by an exception ends with the connection.
    body([&](std::string_view sql) { connection.execute(sql); }, tx);
    if (connection.in_transaction()) connection.execute("ROLLBACK");
  }

  std::size_t waiting_writes() const override {
    std::lock_guard lock(queue_mutex_);
    return queue_.size();
  }

  Statistics statistics() const override {
    std::lock_guard lock(statistics_mutex_);
    Statistics out = statistics_;
    out.reads = reads_.load(std::memory_order_relaxed);
    return out;
  }

 private:
  std::unique_ptr<Connection> connect() const { return std::make_unique<Connection>(url_, options_); }

  static void rollback(Connection& connection) {
    try {
      if (connection.in_transaction()) connection.execute("ROLLBACK");
    } catch (const std::exception&) {
      // The pool or the writer drops a connection that is still in its transaction.
    }
  }

  void write_loop() {
    mark_database_thread();
    std::unique_ptr<Connection> connection;
    std::minstd_rand random(static_cast<unsigned>(std::hash<std::thread::id>{}(std::this_thread::get_id())));
    for (;;) {
      Work work;
      {
        std::unique_lock lock(queue_mutex_);
        queue_changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        work = std::move(queue_.front());
        queue_.pop_front();
      }
      std::exception_ptr problem;
      bool kept = false;
      std::uint64_t retries = 0;
      try {
        kept = run_unit(connection, work, random, retries);
      } catch (...) {
        problem = std::current_exception();
      }
      {
        std::lock_guard lock(statistics_mutex_);
        statistics_.retries += retries;
        if (kept) {
          ++statistics_.commits;
          ++statistics_.units;
          statistics_.largest_batch = 1;
        } else {
          ++statistics_.rolled_back;
        }
      }
      try {
        if (work.done) work.done(std::move(problem));
      } catch (const std::exception&) {
        log::error("db.done_threw");
      }
    }
  }

  bool run_unit(std::unique_ptr<Connection>& connection, const Work& work, std::minstd_rand& random, std::uint64_t& retries) {
    for (int reconnects = 0;;) {
      bool committing = false;
      std::optional<Turns::Beside> beside;
      std::optional<Turns::Alone> alone;
      if (retries < static_cast<std::uint64_t>(kTriesBesideOthers)) beside.emplace(turns_.beside());
      else alone.emplace(turns_.alone());
      try {
        if (connection && !connection->reusable()) connection.reset();
        if (!connection) connection = connect();
        connection->execute(kBeginWrite);
        PostgresTx tx(*connection);
        if (!work.run(tx)) {
          rollback(*connection);
          return false;
        }
        if (tx.failed()) throw BrokenInvariant("a unit of work went on after a failed statement");
        committing = true;
        if (connection->execute("COMMIT") != "COMMIT") throw DatabaseError("commit: the database rolled back", false);
        return true;
      } catch (const ConnectionLost&) {
        // Lost during COMMIT: nobody can say whether it is durable, so it must not run again.
        const bool never_connected = !connection;
        connection.reset();
        if (committing || never_connected || ++reconnects > kMostReconnects) throw;
      } catch (const DatabaseError& error) {
        rollback(*connection);
        if (!error.retryable || ++retries >= static_cast<std::uint64_t>(kMostTries)) throw;
        beside.reset();
        alone.reset();
        const int most = std::min(kMostPauseMicros, 100 << std::min<std::uint64_t>(retries, 10));
        std::this_thread::sleep_for(std::chrono::microseconds(random() % static_cast<unsigned>(most)));
      } catch (...) {
        if (connection) rollback(*connection);
        throw;
      }
    }
  }

  const std::string url_;
  const Options options_;

  Pool<Connection> readers_;

  Turns turns_;  ///< of this process's units; another process's are met with another try
  std::vector<std::thread> writers_;
  mutable std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Work> queue_;
  bool stopping_ = false;

  mutable std::mutex statistics_mutex_;
  Statistics statistics_;
  std::atomic<std::uint64_t> reads_{0};
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& url, const Options& options) {
  char* problem = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(url.c_str(), &problem);
  PQfreemem(problem);  // may quote a password
  if (!parsed) return fail(ErrorCode::bad_config, "The database address is not a valid postgresql:// address.");
  PQconninfoFree(parsed);
  try {
    return std::make_unique<PostgresDatabase>(url, options);
  } catch (const DatabaseError& error) {
    tl::unexpected<Error> out = fail(ErrorCode::database_unavailable,
                                     "The PostgreSQL database cannot be reached. Check address, user and password, "
                                     "and that the database exists.");
    out.value().detail = error.what();
    return out;
  }
}

}  // namespace concord::db
