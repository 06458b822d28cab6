#include "jobs/job.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace concord::jobs {
namespace {

constexpr std::array<std::string_view, 4> kStateNames = {"queued", "leased", "done", "dead"};

}  // namespace

std::string_view state_name(State state) { return kStateNames.at(static_cast<std::size_t>(state)); }

std::optional<State> state_named(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) return std::nullopt;
  return static_cast<State>(found - kStateNames.begin());
}

std::chrono::seconds pause_after(int attempt) {
  CHECK(attempt >= 1);
  constexpr std::chrono::seconds kFirst{30};
  constexpr std::chrono::seconds kMost{3600};
  constexpr int kDoublings = 7;  // 30 s * 2^7 is beyond the most
  return std::min(kFirst * (1 << std::min(attempt - 1, kDoublings)), kMost);
}

Instant period_start(Instant now, std::chrono::minutes every) {
  CHECK(every.count() > 0);
  const auto since = now.time_since_epoch();
  auto into = since % every;
  if (into.count() < 0) into += every;
  return now - into;
}

}  // namespace concord::jobs
