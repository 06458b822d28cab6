#include "db/sqlite/sqlite_database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "db/pool.h"
#include "db/sqlite/connection.h"

namespace concord::db {

namespace {

using sqlite::Connection;
using sqlite::SqliteTx;

constexpr Sql kBeginRead{"db.begin_read", "BEGIN"};
constexpr Sql kBeginWrite{"db.begin_write", "BEGIN IMMEDIATE"};
constexpr Sql kCommit{"db.commit", "COMMIT"};
constexpr Sql kRollback{"db.rollback", "ROLLBACK"};
constexpr Sql kSavepoint{"db.savepoint", "SAVEPOINT unit"};
constexpr Sql kRelease{"db.release", "RELEASE unit"};
constexpr Sql kRollbackUnit{"db.rollback_unit", "ROLLBACK TO unit"};

/// Units of work in one transaction at most, so the first of a batch does not wait long for the last.
constexpr std::size_t kLargestBatch = 256;
/// When readers have kept the log from starting over until it is this many times too long, wait a little for them.
constexpr int kRestartFactor = 4;
constexpr int kRestartWaitMs = 200;

/// Keeps two processes (the server and a command) from writing or checkpointing at the same moment:
/// SQLite 3.40.1 may lose track of its log then. A file of its own, because closing another descriptor of
/// the database file would drop SQLite's own locks.
class WriterLock {
 public:
  explicit WriterLock(const std::string& path) {
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) throw DatabaseError("open: the writer lock file cannot be made", false);
  }
  ~WriterLock() { ::close(file_); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

  class Held {
   public:
    explicit Held(WriterLock& lock) : file_(lock.file_) {
      while (::flock(file_, LOCK_EX) != 0)
        if (errno != EINTR) throw DatabaseError("the writer lock cannot be taken", false);
    }
    ~Held() { ::flock(file_, LOCK_UN); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    int file_;
  };

 private:
  int file_;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, const Options& options)
      : path_(std::move(path)), options_(options), readers_(options.read_connections, [this] {
          return std::make_unique<Connection>(path_, Connection::Role::reader, options_);
        }) {
    CHECK(options.read_connections > 0);
    if (options.read_only) {
      Pool<Connection>::Lease reader(readers_);
      SqliteTx tx(*reader);  // fails here, not at the first request, when this is no database
      tx.each(Sql{"db.probe", "SELECT count(*) FROM sqlite_master"}, {}, [](const Row&) {});
      return;
    }
    // Health data: nobody but the owner may read the file. SQLite gives its log the same permissions.
    const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) throw DatabaseError("open: the database file cannot be opened or made", false);
    ::close(file);
    lock_ = std::make_unique<WriterLock>(path_ + "-writer");
    {
      WriterLock::Held held(*lock_);
      writer_ = std::make_unique<Connection>(path_, Connection::Role::writer, options_);
    }
    thread_ = std::thread([this] { write_loop(); });
  }

  ~SqliteDatabase() override {
    if (thread_.joinable()) {
      {
        std::lock_guard lock(queue_mutex_);
        stopping_ = true;
      }
      queue_changed_.notify_one();
      thread_.join();
    }
    readers_.close_idle();
    if (writer_) {
      // Closing the last connection checkpoints and removes the log.
      try {
        WriterLock::Held held(*lock_);
        writer_.reset();
      } catch (const DatabaseError&) {
        writer_.reset();
      }
    }
  }

  Dialect dialect() const override { return Dialect::sqlite; }

  void submit(Work work) override {
    CHECK(!options_.read_only);
    enqueue({std::move(work), nullptr});
  }

  void read_with(const std::function<void(Tx&)>& body) override {
    Pool<Connection>::Lease lease(readers_);
    Connection& connection = *lease;
    connection.execute(kBeginRead);
    try {
      SqliteTx tx(connection);
      body(tx);
    } catch (...) {
      if (connection.in_transaction()) connection.execute(kRollback);
      throw;
    }
    connection.execute(kCommit);
    reads_.fetch_add(1, std::memory_order_relaxed);
  }

  void migrate_with(const std::function<void(const std::function<void(std::string_view)>&, Tx&)>& body) override {
    CHECK(!options_.read_only);
    std::mutex mutex;
    std::condition_variable changed;
    bool finished = false;
    std::exception_ptr problem;
    enqueue({{}, [&](Connection& connection) {
               std::exception_ptr thrown;
               try {
                 SqliteTx tx(connection);
                 body([&](std::string_view sql) { connection.execute_once(sql); }, tx);
                 if (!connection.in_transaction()) connection.tell_planner();
               } catch (...) {
                 thrown = std::current_exception();
               }
               try {
                 if (connection.in_transaction()) connection.execute(kRollback);
               } catch (...) {
                 if (!thrown) thrown = std::current_exception();
               }
               std::lock_guard lock(mutex);
               problem = thrown;
               finished = true;
               changed.notify_one();
             }});
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return finished; });
    if (problem) std::rethrow_exception(problem);
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
  struct Job {
    Work work;
    std::function<void(Connection&)> alone;  // a migration run: outside any batch
  };

  void enqueue(Job job) {
    {
      std::lock_guard lock(queue_mutex_);
      CHECK(!stopping_);
      queue_.push_back(std::move(job));
    }
    queue_changed_.notify_one();
  }

  void write_loop() {
    mark_database_thread();
    std::vector<Job> batch;
    for (;;) {
      batch.clear();
      {
        std::unique_lock lock(queue_mutex_);
        queue_changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        while (!queue_.empty() && batch.size() < kLargestBatch) {
          if (queue_.front().alone && !batch.empty()) break;
          batch.push_back(std::move(queue_.front()));
          queue_.pop_front();
          if (batch.back().alone) break;
        }
      }
      if (batch.front().alone) {
        std::optional<WriterLock::Held> held;
        try {
          held.emplace(*lock_);
        } catch (const DatabaseError&) {
          // Migrations take SQLite's own lock as well.
        }
        batch.front().alone(*writer_);
      } else {
        for (std::span<Job> rest(batch); !rest.empty();) rest = rest.subspan(run_batch(rest));
      }
    }
  }

  /// One transaction for the whole batch, a savepoint for each unit of work. Answers those that ran and
  /// returns their number, at least one: the rest has not been touched and can have a transaction of its own.
  std::size_t run_batch(std::span<Job> batch) {
    struct Outcome {
      bool kept = false;
      std::exception_ptr problem;
    };
    std::vector<Outcome> outcomes(batch.size());
    std::size_t ran = batch.size();
    std::optional<WriterLock::Held> held;
    std::size_t next = 0;
    bool begun = false;
    try {
      held.emplace(*lock_);
      writer_->execute(kBeginWrite);
      begun = true;
      for (; next < batch.size(); ++next) {
        Outcome& outcome = outcomes[next];
        writer_->execute(kSavepoint);
        try {
          SqliteTx tx(*writer_);
          outcome.kept = batch[next].work.run(tx);
          if (outcome.kept && tx.violated()) throw BrokenInvariant("a unit of work went on after a failed statement");
          if (outcome.kept && deferred_violation())
            throw ConstraintViolation(ConstraintViolation::Kind::foreign_key, "foreign key");
        } catch (...) {
          outcome = {false, std::current_exception()};
        }
        if (!writer_->in_transaction())  // disk full, input/output error: SQLite gave the transaction up
          throw DatabaseError("the transaction was rolled back by the database", false);
        if (!outcome.kept) writer_->execute(kRollbackUnit);
        writer_->execute(kRelease);
      }
      writer_->execute(kCommit);
    } catch (...) {
      // What ran in this transaction is lost with it, except that who failed before keeps the own reason.
      const std::exception_ptr problem = std::current_exception();
      if (begun) ran = std::min(next + 1, batch.size());
      for (std::size_t i = 0; i < ran; ++i)
        if (outcomes[i].kept || i >= next) outcomes[i] = {false, outcomes[i].problem ? outcomes[i].problem : problem};
      try {
        if (writer_->in_transaction()) writer_->execute(kRollback);
      } catch (const std::exception&) {
        log::error("db.rollback_failed");
      }
      log::error("db.batch_failed", {{"units", static_cast<std::int64_t>(ran)}});
    }
    {
      std::lock_guard lock(statistics_mutex_);
      std::uint64_t kept = 0;
      for (const auto& outcome : outcomes) kept += outcome.kept ? 1 : 0;
      statistics_.commits += kept > 0 ? 1 : 0;
      statistics_.units += kept;
      statistics_.rolled_back += ran - kept;
      statistics_.largest_batch = std::max<std::uint64_t>(statistics_.largest_batch, ran);
    }
    for (std::size_t i = 0; i < ran; ++i) {
      try {
        if (batch[i].work.done) batch[i].work.done(std::move(outcomes[i].problem));
      } catch (const std::exception&) {
        log::error("db.done_threw");
      }
    }
    if (held) checkpoint();
    return ran;
  }

  bool deferred_violation() const {
    int unresolved = 0, unused = 0;
    sqlite3_db_status(writer_->handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &unused, 0);
    return unresolved != 0;
  }

  /// After the answers: what is committed is durable in the log, copying it back can wait.
  void checkpoint() {
    const int pages = writer_->wal_pages;
    if (pages < options_.checkpoint_pages) return;
    writer_->wal_pages = 0;
    int in_log = 0, copied = 0;
    if (pages / kRestartFactor >= options_.checkpoint_pages) {
      sqlite3_busy_timeout(writer_->handle(), kRestartWaitMs);
      sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_RESTART, &in_log, &copied);
      sqlite3_busy_timeout(writer_->handle(), options_.busy_timeout_ms);
    } else {
      sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    }
  }

  const std::string path_;
  const Options options_;

  std::unique_ptr<WriterLock> lock_;
  std::unique_ptr<Connection> writer_;  // used by thread_ only
  std::thread thread_;
  mutable std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Job> queue_;
  bool stopping_ = false;

  Pool<Connection> readers_;

  mutable std::mutex statistics_mutex_;
  Statistics statistics_;
  std::atomic<std::uint64_t> reads_{0};
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path, const Options& options) {
  try {
    return std::make_unique<SqliteDatabase>(path, options);
  } catch (const DatabaseError& error) {
    tl::unexpected<Error> out = fail(ErrorCode::database_unavailable,
                                     "The database file cannot be opened. Check that its folder exists, that this "
                                     "user may write there, and that it is a Concord database.");
    out.value().detail = error.what();
    return out;
  }
}

}  // namespace concord::db
