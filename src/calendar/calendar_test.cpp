#include "calendar/calendar.h"

#include <gtest/gtest.h>

#include "base/zone.h"

namespace concord::calendar {
namespace {

Date day(int year, unsigned month, unsigned number) { return Date::ymd(year, month, number); }
Instant utc(std::string_view text) { return *parse_instant(text); }

TEST(Calendar, DefaultIsMondayToFridayEightToFive) {
  const Calendar calendar;
  EXPECT_FALSE(is_working_day(calendar, day(2026, 3, 1))) << "Sunday";
  EXPECT_TRUE(is_working_day(calendar, day(2026, 3, 2)));
  EXPECT_TRUE(is_working_day(calendar, day(2026, 3, 6)));
  EXPECT_FALSE(is_working_day(calendar, day(2026, 3, 7)));
  EXPECT_EQ(hours_on(calendar, day(2026, 3, 2)), (Opening{480, 1020}));
}

TEST(Calendar, KnowsTheElevenFederalHolidaysOf2026) {
  const std::pair<Date, std::string_view> expected[] = {{day(2026, 1, 1), "New Year's Day"},
                                                        {day(2026, 1, 19), "Birthday of Martin Luther King, Jr."},
                                                        {day(2026, 2, 16), "Washington's Birthday"},
                                                        {day(2026, 5, 25), "Memorial Day"},
                                                        {day(2026, 6, 19), "Juneteenth National Independence Day"},
                                                        {day(2026, 7, 3), "Independence Day"},
                                                        {day(2026, 9, 7), "Labor Day"},
                                                        {day(2026, 10, 12), "Columbus Day"},
                                                        {day(2026, 11, 11), "Veterans Day"},
                                                        {day(2026, 11, 26), "Thanksgiving Day"},
                                                        {day(2026, 12, 25), "Christmas Day"}};
  std::vector<std::pair<Date, std::string_view>> found;
  for (Date d = day(2026, 1, 1); d <= day(2026, 12, 31); d = d.plus_days(1))
    if (const auto name = federal_holiday(d)) found.emplace_back(d, *name);
  EXPECT_EQ(found, (std::vector<std::pair<Date, std::string_view>>(std::begin(expected), std::end(expected))));
}

TEST(Calendar, AHolidayOnAWeekendIsKeptOnTheNearestWeekday) {
  EXPECT_EQ(federal_holiday(day(2021, 12, 31)), "New Year's Day") << "1 Jan 2022 was a Saturday";
  EXPECT_EQ(federal_holiday(day(2022, 1, 1)), std::nullopt) << "kept the day before";
  EXPECT_EQ(federal_holiday(day(2023, 1, 2)), "New Year's Day") << "1 Jan 2023 was a Sunday";
  EXPECT_EQ(federal_holiday(day(2021, 7, 5)), "Independence Day");
  EXPECT_EQ(federal_holiday(day(2020, 6, 19)), std::nullopt) << "Juneteenth counts from 2021";
}

TEST(Calendar, WorkingDaysSkipWeekendsHolidaysAndSpecialDays) {
  Calendar calendar;
  calendar.special_days = {{day(2026, 3, 4), "Staff day", std::nullopt}, {day(2026, 3, 7), "Open Saturday", Opening{540, 720}}};
  EXPECT_EQ(add_working_days(calendar, day(2026, 3, 3), 1), day(2026, 3, 5));
  EXPECT_EQ(add_working_days(calendar, day(2026, 3, 6), 1), day(2026, 3, 7)) << "the open Saturday";
  EXPECT_EQ(add_working_days(calendar, day(2026, 3, 3), 0), day(2026, 3, 3));
  EXPECT_EQ(add_working_days(calendar, day(2026, 3, 9), -1), day(2026, 3, 7));
  EXPECT_EQ(add_working_days(calendar, day(2026, 1, 16), 1), day(2026, 1, 20)) << "over the King holiday";
  calendar.holidays = Holidays::none;
  EXPECT_EQ(add_working_days(calendar, day(2026, 1, 16), 1), day(2026, 1, 19));
}

TEST(Calendar, ASiteMayBeOpenOnAFederalHoliday) {
  Calendar calendar;
  calendar.special_days = {{day(2026, 10, 12), "We are open", Opening{}}};
  EXPECT_TRUE(is_working_day(calendar, day(2026, 10, 12)));
  EXPECT_EQ(holiday_name(calendar, day(2026, 10, 12)), std::nullopt);
  EXPECT_EQ(holiday_name(calendar, day(2026, 11, 11)), "Veterans Day");
}

TEST(Calendar, CountsBetweenTwoDaysBothWays) {
  const Calendar calendar;
  EXPECT_EQ(working_days_between(calendar, day(2026, 3, 6), day(2026, 3, 9)), 1);
  EXPECT_EQ(working_days_between(calendar, day(2026, 3, 2), day(2026, 3, 2)), 0);
  EXPECT_EQ(working_days_between(calendar, day(2026, 3, 9), day(2026, 3, 6)), -1);
}

TEST(Calendar, WorkingDaysLeftInTheMonthIncludeToday) {
  const Calendar calendar;
  EXPECT_EQ(working_days_left_in_month(calendar, day(2026, 3, 25)), 5);
  EXPECT_EQ(working_days_left_in_month(calendar, day(2026, 3, 31)), 1);
  EXPECT_EQ(working_days_left_in_month(calendar, day(2026, 2, 28)), 0) << "a Saturday, the last day";
  EXPECT_EQ(working_days_left_in_month(calendar, day(2026, 12, 21)), 8) << "without Christmas Day";
}

TEST(Calendar, MinutesRunOnlyWhileTheSiteIsOpen) {
  const Calendar calendar;
  const std::string_view zone = "America/New_York";
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-03-02T15:00:00Z"), 15, zone), utc("2026-03-02T15:15:00Z"));
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-03-02T03:40:00Z"), 15, zone), utc("2026-03-02T13:15:00Z")) << "Sunday 22:40";
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-03-06T21:50:30Z"), 15, zone), utc("2026-03-09T12:05:30Z"))
      << "over the weekend and the clock change; seconds are kept";
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-07-02T20:55:00Z"), 10, zone), utc("2026-07-06T12:05:00Z"))
      << "3 July 2026 is kept for Independence Day";
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-03-01T12:00:00Z"), 0, zone), utc("2026-03-02T13:00:00Z"));
}

TEST(Calendar, ADayWithAClockChangeHasItsRealMinutes) {
  Calendar calendar;
  calendar.zone = "America/New_York";
  for (auto& hours : calendar.week) hours = Opening{0, 1440};
  calendar.holidays = Holidays::none;
  // 8 March 2026 has 23 hours, 1 November 2026 has 25.
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-03-08T05:00:00Z"), 24 * 60), utc("2026-03-09T05:00:00Z"));
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-11-01T04:00:00Z"), 25 * 60), utc("2026-11-02T05:00:00Z"));
  calendar.week[0] = Opening{0, 4 * 60};  // Sundays midnight to four: three hours in spring
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-03-08T05:00:00Z"), 180), utc("2026-03-08T08:00:00Z"));
  EXPECT_EQ(add_working_minutes(calendar, utc("2026-03-08T05:00:00Z"), 181), utc("2026-03-09T04:01:00Z"));
}

TEST(Calendar, IsOpenFromOpeningUpToClosing) {
  Calendar calendar;
  calendar.zone = "America/New_York";
  EXPECT_FALSE(is_open(calendar, utc("2026-03-02T12:59:59Z")));
  EXPECT_TRUE(is_open(calendar, utc("2026-03-02T13:00:00Z")));
  EXPECT_FALSE(is_open(calendar, utc("2026-03-02T22:00:00Z")));
}

TEST(Calendar, SaysWhatIsWrong) {
  Calendar calendar;
  calendar.week = {};
  calendar.special_days = {{day(2026, 3, 4), "a", Opening{600, 600}}, {day(2026, 3, 4), "b", std::nullopt}};
  std::string paths;
  for (const auto& issue : check(calendar)) paths += issue.path + " ";
  EXPECT_EQ(paths, "week special_days[0] special_days[1].date ");
  EXPECT_TRUE(check(Calendar{}).empty());
}

TEST(Calendar, ReadsClockTimes) {
  EXPECT_EQ(minute_from("08:30"), 510);
  EXPECT_EQ(minute_from("24:00"), 1440);
  for (const auto* wrong : {"8:30", "24:01", "08:60", "0830", "ab:cd", ""}) EXPECT_EQ(minute_from(wrong), std::nullopt) << wrong;
  EXPECT_EQ(clock_text(510), "08:30");
}

}  // namespace
}  // namespace concord::calendar
