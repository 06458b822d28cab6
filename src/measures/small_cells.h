// What is a small cell, for people who see aggregates only. Pure. How cells of a table, of periods and of counts within counts
// are hidden together is reports/suppression.h; the published reports hide with these rules alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace concord::measures {

/// Counts of 1 to this many people are hidden (metrics.md; rulesets/reports-2026.json says the same).
inline constexpr int kSmallestHidden = 10;

/// People in groups without overlap. An empty list says nothing and is safe.
using Parts = std::vector<std::int64_t>;

inline bool is_safe(std::int64_t count, int threshold = kSmallestHidden) { return count == 0 || count > threshold; }
inline bool is_safe(const Parts& parts, int threshold = kSmallestHidden) {
  return std::all_of(parts.begin(), parts.end(), [&](std::int64_t n) { return is_safe(n, threshold); });
}

/// A few people, more or fewer.
inline bool is_small(std::int64_t difference, int threshold = kSmallestHidden) {
  return !is_safe(std::abs(difference), threshold);
}
/// Two counts beside each other tell of a few people: a numerator and its denominator, now and then.
inline bool tell_of_few(std::int64_t one, std::int64_t other, int threshold = kSmallestHidden) {
  return is_small(one, threshold) || is_small(other, threshold) || is_small(other - one, threshold);
}

}  // namespace concord::measures
