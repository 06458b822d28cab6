// What a list needs to know of a row to place it, read from its bytes without building the triggers.
#pragma once

#include <cstdint>
#include <span>

#include "caseload/caseload.h"

namespace concord::caseload {

inline constexpr std::int64_t kDayMicros = 86'400'000'000;
/// Taken from the due time of a signal that nobody has assessed: it stands before every reassessment, however
/// long that is overdue.
inline constexpr std::int64_t kUnassessedFirst = std::int64_t{1} << 60;

struct Glance {
  Need need = Need::on_track;
  std::int64_t due = 0;     ///< as SortKey::due
  std::uint64_t rules = 0;  ///< bit n: rule number n fires and is not deferred
};
/// The same place as place() of the decoded triggers.
Glance glance(std::span<const std::uint8_t> encoded, Date today);

}  // namespace concord::caseload
