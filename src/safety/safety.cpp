#include "safety/safety.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "base/zone.h"

namespace concord::safety {

Instant add_working_minutes(Instant from, int minutes, std::string_view zone, const WorkingHours& hours) {
  CHECK(minutes >= 0 && hours.closes_minute > hours.opens_minute);
  Date day = local_date(from, zone);
  // Where the clock may start on the first day; seconds beyond the whole minute are kept.
  Instant start = from;
  if (local_minute_of_day(from, zone) < hours.opens_minute) start = at_local_time(day, hours.opens_minute, zone);
  auto left = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::minutes(minutes));
  while (true) {
    const Instant closes = at_local_time(day, hours.closes_minute, zone);
    if (!day.is_weekend() && start < closes) {
      if (start + left <= closes) return start + left;
      left -= closes - start;
    }
    day = day.plus_days(1);
    start = at_local_time(day, hours.opens_minute, zone);
  }
}

Date default_reassessment(std::string_view level, bool again, Date on) {
  if (level == "high") return on.plus_days(again ? kReassessHighDays : kReassessHighFirstDays);
  if (level == "moderate") return on.plus_days(kReassessModerateDays);
  return on.plus_days(kReassessLowDays);
}

int rank(std::string_view level) {
  if (level == "high") return 3;
  if (level == "moderate") return 2;
  if (level == "low") return 1;
  return 0;
}

}  // namespace concord::safety
