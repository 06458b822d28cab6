#include "logs/logs.h"

#include <gtest/gtest.h>

namespace concord::logs {
namespace {

Log log(std::string kind, Date on, int minute) {
  Log l;
  l.kind = std::move(kind);
  l.on = on;
  l.at = Instant(std::chrono::minutes(minute));
  return l;
}

TEST(Logs, OfTwoAboutOneMedicineAndDayTheLaterCounts) {
  Uuid pills;
  pills.bytes[0] = 1;
  auto a = log("medicine", Date::ymd(2026, 3, 3), 1), b = log("medicine", Date::ymd(2026, 3, 3), 2),
       c = log("medicine", Date::ymd(2026, 3, 4), 3);
  a.treatment = b.treatment = c.treatment = pills;
  a.taken = "no";
  b.taken = "yes";
  c.taken = "partly";
  const std::vector<Log> all = {b, a, c};
  const auto days = taken_days(all);
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].taken, "partly") << "newest day first";
  EXPECT_EQ(days[1].taken, "yes");
}

TEST(Logs, AGlanceHasOneMoodADay) {
  auto a = log("mood", Date::ymd(2026, 3, 3), 1), b = log("mood", Date::ymd(2026, 3, 3), 2);
  a.score = 2;
  b.score = 6;
  auto effect = log("side_effect", Date::ymd(2026, 3, 3), 3);
  effect.bother = 2;
  const std::vector<Log> all = {effect, b, a, log("activity", Date::ymd(2026, 3, 2), 0)};
  const auto seen = glance(all);
  ASSERT_EQ(seen.mood.size(), 1U);
  EXPECT_EQ(seen.mood[0].score, 6);
  EXPECT_EQ(seen.activities, 1);
  EXPECT_EQ(seen.side_effects, 1);
}

}  // namespace
}  // namespace concord::logs
