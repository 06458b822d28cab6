// An HTTP load generator for `concord bench`: N connections on one thread. Each sends its next request when the answer
// to the last one is complete, or, with `per_second`, when it is due: then the time of an answer counts from that moment,
// so that a server that falls behind cannot hide it. Loopback only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace concord::app {

struct LoadOptions {
  std::uint16_t port = 0;
  int connections = 32;
  double warmup_seconds = 1;
  double seconds = 5;
  double per_second = 0;  ///< 0: as fast as the answers come
  std::int64_t most = 0;  ///< ends after so many measured answers; 0: when `seconds` are over
};

struct LoadReport {
  std::int64_t requests = 0;  ///< answered within the measured time
  double seconds = 0;
  double p50_ms = 0, p99_ms = 0, max_ms = 0;
  std::int64_t bytes = 0;  ///< of answers, heads included
  std::map<int, std::int64_t> statuses;

  double per_second() const { return seconds > 0 ? static_cast<double>(requests) / seconds : 0; }
  double mean_bytes() const { return requests > 0 ? static_cast<double>(bytes) / static_cast<double>(requests) : 0; }
};

/// Appends the whole next request (head and body) to `out`; called for every request, `number` counts up.
using NextRequest = std::function<void(std::int64_t number, std::string& out)>;

/// Breaks off with an error when a connection fails or an answer cannot be read.
Result<LoadReport> run_load(const LoadOptions& options, const NextRequest& next);

}  // namespace concord::app
