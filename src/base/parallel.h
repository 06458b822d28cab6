// A few heavy pieces of work at once: threads of its own, gone when it returns. For command lines, and for the few requests of
// a server that compute for seconds; everything else has the server's pool.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace concord {

inline unsigned cores() { return std::max(1u, std::thread::hardware_concurrency()); }

/// Calls work(0) .. work(n - 1), each once, on as many threads as there are cores; the caller is one of them. Returns when all
/// are done; the first exception is thrown again. `work` must be safe to call from several threads at once.
template <class Work>
void parallel(std::size_t n, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failed(n);
  const auto run = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < n;) {
      try {
        work(i);
      } catch (...) {
        failed[i] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 1; t < std::min<std::size_t>(cores(), n); ++t) threads.emplace_back(run);
    run();
  }
  for (const auto& e : failed)
    if (e) std::rethrow_exception(e);
}

}  // namespace concord
