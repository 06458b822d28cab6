#include "base/zone.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace concord {
namespace {

constexpr std::string_view kNewYork = "America/New_York";  // 2026: gap 8 March 02:00-03:00, overlap 1 November 01:00-02:00

Instant at(std::string_view text) { return parse_instant(text).value(); }

TEST(Zone, KnowsTheSystemsNamesOnly) {
  EXPECT_TRUE(is_known_zone(kNewYork));
  EXPECT_TRUE(is_known_zone("UTC"));
  EXPECT_TRUE(is_known_zone("America/Puerto_Rico"));
  for (const char* name : {"", "America", "America/Gotham", "../../etc/passwd", "america/new_york", " UTC", "EST5XYZ"})
    EXPECT_FALSE(is_known_zone(name)) << name;
}

TEST(Zone, UnknownZoneIsABrokenInvariant) {
  EXPECT_THROW(local_date(at("2026-03-01T00:00:00Z"), "America/Gotham"), BrokenInvariant);
  EXPECT_THROW(at_local_time(Date::ymd(2026, 3, 1), 0, ""), BrokenInvariant);
  EXPECT_THROW(at_local_time(Date::ymd(2026, 3, 1), 1440, "UTC"), BrokenInvariant);
  EXPECT_THROW(at_local_time(Date::ymd(2026, 3, 1), -1, "UTC"), BrokenInvariant);
}

TEST(Zone, TheDayDependsOnThePlace) {
  const Instant late = at("2026-03-02T04:30:00Z");
  EXPECT_EQ(local_date(late, "UTC"), Date::ymd(2026, 3, 2));
  EXPECT_EQ(local_date(late, kNewYork), Date::ymd(2026, 3, 1));
  EXPECT_EQ(local_minute_of_day(late, kNewYork), 23 * 60 + 30);
  EXPECT_EQ(local_date(late, "Pacific/Kiritimati"), Date::ymd(2026, 3, 2));
  EXPECT_EQ(local_minute_of_day(late, "Pacific/Kiritimati"), 18 * 60 + 30);
  EXPECT_EQ(local_minute_of_day(late, "Asia/Kathmandu"), 10 * 60 + 15);
}

TEST(Zone, InstantsBefore1970HaveADayToo) {
  EXPECT_EQ(local_date(at("1950-06-01T03:59:59.999999Z"), kNewYork), Date::ymd(1950, 5, 31));
  EXPECT_EQ(local_minute_of_day(at("1950-06-01T03:59:59.999999Z"), kNewYork), 1439);
}

TEST(Zone, WinterAndSummerHaveTheirOwnOffset) {
  EXPECT_EQ(at_local_time(Date::ymd(2026, 1, 15), 9 * 60, kNewYork), at("2026-01-15T14:00:00Z"));
  EXPECT_EQ(at_local_time(Date::ymd(2026, 7, 15), 9 * 60, kNewYork), at("2026-07-15T13:00:00Z"));
}

TEST(Zone, SkippedLocalTimeMovesForwardByTheGap) {
  EXPECT_EQ(at_local_time(Date::ymd(2026, 3, 8), 1 * 60 + 59, kNewYork), at("2026-03-08T06:59:00Z"));
  EXPECT_EQ(at_local_time(Date::ymd(2026, 3, 8), 2 * 60, kNewYork), at("2026-03-08T07:00:00Z"));
  EXPECT_EQ(at_local_time(Date::ymd(2026, 3, 8), 2 * 60 + 30, kNewYork), at("2026-03-08T07:30:00Z"));
  EXPECT_EQ(local_minute_of_day(at("2026-03-08T07:30:00Z"), kNewYork), 3 * 60 + 30);
  EXPECT_EQ(at_local_time(Date::ymd(2026, 3, 8), 3 * 60, kNewYork), at("2026-03-08T07:00:00Z"));
}

TEST(Zone, LocalTimeThatHappensTwiceMeansTheFirst) {
  EXPECT_EQ(at_local_time(Date::ymd(2026, 11, 1), 0 * 60 + 59, kNewYork), at("2026-11-01T04:59:00Z"));
  EXPECT_EQ(at_local_time(Date::ymd(2026, 11, 1), 1 * 60 + 30, kNewYork), at("2026-11-01T05:30:00Z"));
  EXPECT_EQ(at_local_time(Date::ymd(2026, 11, 1), 2 * 60, kNewYork), at("2026-11-01T07:00:00Z"));
  EXPECT_EQ(local_minute_of_day(at("2026-11-01T05:30:00Z"), kNewYork), 90);
  EXPECT_EQ(local_minute_of_day(at("2026-11-01T06:30:00Z"), kNewYork), 90);
}

TEST(Zone, MidnightThatAClockChangeSkipsIsOneInTheMorning) {
  // Cuba changes at midnight: 8 March 2026 begins at 01:00.
  EXPECT_EQ(at_local_time(Date::ymd(2026, 3, 8), 0, "America/Havana"), at("2026-03-08T05:00:00Z"));
  EXPECT_EQ(local_date(at("2026-03-08T05:00:00Z"), "America/Havana"), Date::ymd(2026, 3, 8));
}

TEST(Zone, ADayThatNeverWasMovesForward) {
  // Samoa skipped 30 December 2011.
  const Instant moved = at_local_time(Date::ymd(2011, 12, 30), 12 * 60, "Pacific/Apia");
  EXPECT_EQ(local_date(moved, "Pacific/Apia"), Date::ymd(2011, 12, 31));
  EXPECT_EQ(local_minute_of_day(moved, "Pacific/Apia"), 12 * 60);
}

TEST(Zone, GoingThereAndBackKeepsEveryMinuteOutsideAGap) {
  for (Date day = Date::ymd(2026, 1, 1); day < Date::ymd(2027, 1, 1); day = day.plus_days(1))
    for (int minute = 0; minute < 1440; minute += 30) {
      if (day == Date::ymd(2026, 3, 8) && minute >= 120 && minute < 180) continue;
      const Instant instant = at_local_time(day, minute, kNewYork);
      ASSERT_EQ(local_date(instant, kNewYork), day) << day.iso() << " " << minute;
      ASSERT_EQ(local_minute_of_day(instant, kNewYork), minute) << day.iso();
    }
}

}  // namespace
}  // namespace concord
