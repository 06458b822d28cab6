#include "safety/safety.h"

#include <gtest/gtest.h>

namespace concord::safety {
namespace {

constexpr std::string_view kZone = "America/New_York";

std::string due(std::string_view from, int minutes = kReviewWithinWorkingMinutes) {
  return iso(add_working_minutes(*parse_instant(from), minutes, kZone));
}

TEST(SafetyClock, RunsWithinWorkingHours) { EXPECT_EQ(due("2026-03-04T15:00:00Z"), "2026-03-04T15:15:00Z"); }

TEST(SafetyClock, StartsAtTheNextOpeningOutsideWorkingHours) {
  EXPECT_EQ(due("2026-03-04T11:00:00Z"), "2026-03-04T13:15:00Z") << "Wednesday 6:00 -> 8:15";
  EXPECT_EQ(due("2026-03-05T01:00:00Z"), "2026-03-05T13:15:00Z") << "Wednesday 20:00 -> Thursday 8:15";
  EXPECT_EQ(due("2026-03-06T23:00:00Z"), "2026-03-09T12:15:00Z") << "Friday evening -> Monday 8:15, summer time by then";
  EXPECT_EQ(due("2026-03-07T17:00:00Z"), "2026-03-09T12:15:00Z") << "Saturday";
}

TEST(SafetyClock, GoesOnAtTheNextOpeningWhenTheDayEnds) {
  EXPECT_EQ(due("2026-03-04T21:50:00Z"), "2026-03-05T13:05:00Z") << "16:50 + 15 min";
  EXPECT_EQ(due("2026-03-04T15:00:00Z", 9 * 60), "2026-03-05T15:00:00Z") << "a working day has nine hours";
}

TEST(SafetyReassessment, FollowsTheLevel) {
  const Date on = Date::ymd(2026, 3, 4);
  EXPECT_EQ(default_reassessment("high", false, on), on.plus_days(1)) << "the next day";
  EXPECT_EQ(default_reassessment("high", true, on), on.plus_days(7));
  EXPECT_EQ(default_reassessment("moderate", false, on), on.plus_days(14));
  EXPECT_EQ(default_reassessment("low", true, on), on.plus_days(30));
}

}  // namespace
}  // namespace concord::safety
