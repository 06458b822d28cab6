// A bounded pool of threads for work that would hold up the I/O threads: lists and password hashing.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace concord::app {

/// Thread-safe. The destructor finishes what was accepted.
class WorkerPool {
 public:
  WorkerPool(int threads, std::size_t max_waiting);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when as much is waiting as may wait: the caller answers 503.
  bool submit(std::function<void()> job);
  std::size_t waiting() const;

 private:
  void run();

  const std::size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  bool stopping_ = false;                   // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace concord::app
