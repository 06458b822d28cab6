// Connections that are handed out one at a time per user; made when first needed, at most `most` of them.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace concord::db {

template <class Connection>
class Pool {
 public:
  Pool(int most, std::function<std::unique_ptr<Connection>()> make) : most_(most), make_(std::move(make)) {}

  /// Waits while all are taken. Throws what `make` throws.
  class Lease {
   public:
    explicit Lease(Pool& pool) : pool_(pool), connection_(pool.take()) {}
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }
    /// Closes this connection and every idle one, and opens a new one: the server has gone away.
    void renew() {
      pool_.close_idle();
      connection_.reset();
      connection_ = pool_.make_();
    }

   private:
    Pool& pool_;
    std::unique_ptr<Connection> connection_;
  };

  void close_idle() {
    std::vector<std::unique_ptr<Connection>> closing;
    {
      std::lock_guard lock(mutex_);
      closing.swap(idle_);
      open_ -= static_cast<int>(closing.size());
    }
    for (std::size_t i = 0; i < closing.size(); ++i) free_.notify_one();
  }

 private:
  std::unique_ptr<Connection> take() {
    {
      std::unique_lock lock(mutex_);
      free_.wait(lock, [&] { return !idle_.empty() || open_ < most_; });
      if (!idle_.empty()) {
        auto connection = std::move(idle_.back());  // the last used one: its caches are warm
        idle_.pop_back();
        return connection;
      }
      ++open_;
    }
    try {
      return make_();
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }

  void give_back(std::unique_ptr<Connection> connection) {
    // One that could not end its transaction must not hand its snapshot to the next user.
    if (connection && !connection->reusable()) connection.reset();
    {
      std::lock_guard lock(mutex_);
      if (connection) idle_.push_back(std::move(connection));
      else --open_;
    }
    free_.notify_one();
  }

  const int most_;
  const std::function<std::unique_ptr<Connection>()> make_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;
};

}  // namespace concord::db
