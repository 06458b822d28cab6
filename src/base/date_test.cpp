#include "base/date.h"

#include <gtest/gtest.h>

namespace concord {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

Instant utc(int y, unsigned m, unsigned d, int h = 0, int min = 0, int s = 0, int micros = 0) {
  return Instant(Date::ymd(y, m, d).sys()) + std::chrono::hours(h) + std::chrono::minutes(min) + seconds(s) +
         microseconds(micros);
}

TEST(Date, ReadsIsoAndWritesTheSameText) {
  for (const char* text : {"1800-01-01", "1970-01-01", "2024-02-29", "2026-03-01", "2200-12-31"}) {
    const auto date = Date::parse(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->iso(), text);
  }
  EXPECT_EQ(Date::parse("1970-01-02")->days_since_1970(), 1);
  EXPECT_EQ(Date::parse("1969-12-31")->days_since_1970(), -1);
}

TEST(Date, RefusesEverythingThatIsNotAStrictIsoDay) {
  for (const char* text : {"",
                           "2026",
                           "2026-03",
                           "2026-3-1",
                           "2026-03-1",
                           "26-03-01",
                           "2026/03/01",
                           "2026-03-01 ",
                           " 2026-03-01",
                           "2026-03-01T",
                           "2026-00-10",
                           "2026-13-10",
                           "2026-01-00",
                           "2026-01-32",
                           "2026-02-29",
                           "2026-04-31",
                           "1900-02-29",
                           "1799-12-31",
                           "2201-01-01",
                           "+026-01-01",
                           "-026-01-01",
                           "2026-+1-01",
                           "2026-01--1",
                           "20260301",
                           "2026-0a-01",
                           "2026-03-0:",
                           "\xEF\xBC\x92"
                           "026-01-"})
    EXPECT_FALSE(Date::parse(text)) << text;
  EXPECT_FALSE(
      Date::parse(std::string_view("2026-03-\0"
                                   "1",
                                   10)));
}

TEST(Date, KnowsLeapDays) {
  EXPECT_TRUE(Date::parse("2000-02-29"));
  EXPECT_TRUE(Date::parse("2024-02-29"));
  EXPECT_FALSE(Date::parse("2100-02-29"));
  EXPECT_FALSE(Date::from_ymd(2023, 2, 29));
  EXPECT_FALSE(Date::from_ymd(2023, 0, 1));
  EXPECT_FALSE(Date::from_ymd(2023, 1, 256 + 1));
}

TEST(Date, EveryDayOfFourCenturiesReadsBack) {
  for (Date day = Date::ymd(1800, 1, 1); day <= Date::ymd(2200, 12, 31); day = day.plus_days(1))
    ASSERT_EQ(Date::parse(day.iso()), day) << day.iso();
}

TEST(Date, AddingMonthsKeepsTheDayOrTakesTheLastOfTheMonth) {
  EXPECT_EQ(Date::ymd(2026, 1, 31).plus_months(1), Date::ymd(2026, 2, 28));
  EXPECT_EQ(Date::ymd(2024, 1, 31).plus_months(1), Date::ymd(2024, 2, 29));
  EXPECT_EQ(Date::ymd(2024, 2, 29).plus_months(12), Date::ymd(2025, 2, 28));
  EXPECT_EQ(Date::ymd(2026, 3, 31).plus_months(-1), Date::ymd(2026, 2, 28));
  EXPECT_EQ(Date::ymd(2026, 1, 15).plus_months(-1), Date::ymd(2025, 12, 15));
  EXPECT_EQ(Date::ymd(2026, 1, 15).plus_months(-13), Date::ymd(2024, 12, 15));
  EXPECT_EQ(Date::ymd(2026, 11, 30).plus_months(3), Date::ymd(2027, 2, 28));
  EXPECT_EQ(Date::ymd(2026, 5, 5).plus_months(0), Date::ymd(2026, 5, 5));
}

TEST(Date, FindsTheEndsOfItsMonth) {
  EXPECT_EQ(Date::ymd(2024, 2, 10).first_of_month(), Date::ymd(2024, 2, 1));
  EXPECT_EQ(Date::ymd(2024, 2, 10).last_of_month(), Date::ymd(2024, 2, 29));
  EXPECT_EQ(Date::ymd(2026, 12, 31).last_of_month(), Date::ymd(2026, 12, 31));
}

TEST(Date, CountsDaysAndKnowsWeekdays) {
  EXPECT_EQ(Date::ymd(2026, 3, 1) - Date::ymd(2026, 2, 1), 28);
  EXPECT_EQ(Date::ymd(2024, 2, 1) - Date::ymd(2024, 3, 1), -29);
  EXPECT_EQ(Date::ymd(2026, 3, 1).weekday(), 0u);
  EXPECT_TRUE(Date::ymd(2026, 2, 28).is_weekend());
  EXPECT_TRUE(Date::ymd(2026, 3, 1).is_weekend());
  EXPECT_FALSE(Date::ymd(2026, 3, 2).is_weekend());
  EXPECT_EQ(Date::ymd(1950, 1, 1).weekday(), 0u);  // before 1970 too
}

TEST(Age, ChangesOnTheBirthday) {
  EXPECT_EQ(age_in_years(Date::ymd(1990, 6, 15), Date::ymd(2026, 6, 14)), 35);
  EXPECT_EQ(age_in_years(Date::ymd(1990, 6, 15), Date::ymd(2026, 6, 15)), 36);
  EXPECT_EQ(age_in_years(Date::ymd(2026, 6, 15), Date::ymd(2026, 6, 15)), 0);
}

TEST(Age, OfSomebodyBornOnLeapDayChangesOnTheFirstOfMarchInCommonYears) {
  EXPECT_EQ(age_in_years(Date::ymd(2008, 2, 29), Date::ymd(2026, 2, 28)), 17);
  EXPECT_EQ(age_in_years(Date::ymd(2008, 2, 29), Date::ymd(2026, 3, 1)), 18);
  EXPECT_EQ(age_in_years(Date::ymd(2008, 2, 29), Date::ymd(2028, 2, 29)), 20);
}

TEST(InstantText, LeavesTheFractionOutWhenItIsZero) {
  EXPECT_EQ(iso(utc(2026, 3, 1, 14, 5, 6)), "2026-03-01T14:05:06Z");
  EXPECT_EQ(iso(utc(2026, 3, 1, 14, 5, 6, 123456)), "2026-03-01T14:05:06.123456Z");
  EXPECT_EQ(iso(utc(2026, 3, 1, 0, 0, 0, 1)), "2026-03-01T00:00:00.000001Z");
  EXPECT_EQ(iso(utc(1969, 12, 31, 23, 59, 59, 999999)), "1969-12-31T23:59:59.999999Z");
}

TEST(InstantText, IsReadWithItsZone) {
  EXPECT_EQ(parse_instant("2026-03-01T14:05:06Z"), utc(2026, 3, 1, 14, 5, 6));
  EXPECT_EQ(parse_instant("2026-03-01T14:05:06+02:00"), utc(2026, 3, 1, 12, 5, 6));
  EXPECT_EQ(parse_instant("2026-03-01T20:05:06-05:30"), utc(2026, 3, 2, 1, 35, 6));
  EXPECT_EQ(parse_instant("2026-03-01T14:05:06-00:00"), utc(2026, 3, 1, 14, 5, 6));
  EXPECT_EQ(parse_instant("2026-01-01T00:30:00+14:00"), utc(2025, 12, 31, 10, 30));
}

TEST(InstantText, KeepsSixFractionDigits) {
  EXPECT_EQ(parse_instant("2026-03-01T14:05:06.1Z"), utc(2026, 3, 1, 14, 5, 6, 100000));
  EXPECT_EQ(parse_instant("2026-03-01T14:05:06.000001Z"), utc(2026, 3, 1, 14, 5, 6, 1));
  EXPECT_EQ(parse_instant("2026-03-01T14:05:06.1234569+00:00"), utc(2026, 3, 1, 14, 5, 6, 123456));
  EXPECT_EQ(parse_instant("2026-03-01T14:05:06.999999999999Z"), utc(2026, 3, 1, 14, 5, 6, 999999));
}

TEST(InstantText, TakesALeapSecondForTheSecondAfter) { EXPECT_EQ(parse_instant("2016-12-31T23:59:60Z"), utc(2017, 1, 1)); }

TEST(InstantText, RefusesWhatHasNoSecondsOrNoZoneOrIsNotATime) {
  for (const char* text : {"",
                           "2026-03-01",
                           "2026-03-01T14:05Z",
                           "2026-03-01T14:05:06",
                           "2026-03-01 14:05:06Z",
                           "2026-03-01t14:05:06z",
                           "2026-03-01T24:00:00Z",
                           "2026-03-01T14:60:00Z",
                           "2026-03-01T14:05:61Z",
                           "2026-02-29T14:05:06Z",
                           "2026-03-01T14:05:06.Z",
                           "2026-03-01T14:05:06,5Z",
                           "2026-03-01T14:05:06+2:00",
                           "2026-03-01T14:05:06+0200",
                           "2026-03-01T14:05:06+02",
                           "2026-03-01T14:05:06+15:00",
                           "2026-03-01T14:05:06+02:60",
                           "2026-03-01T14:05:06ZZ",
                           "2026-03-01T14:05:06.5",
                           "2026-03-01T-4:05:06Z",
                           "2026-03-01T14:05:06 02:00"})
    EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(InstantText, CutOffAnywhereIsRefused) {
  const std::string_view whole = "2026-03-01T14:05:06.123+02:00";
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse_instant(whole.substr(0, size))) << size;
  EXPECT_TRUE(parse_instant(whole));
}

}  // namespace
}  // namespace concord
