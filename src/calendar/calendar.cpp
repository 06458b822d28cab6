#include "calendar/calendar.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "base/zone.h"

namespace concord::calendar {
namespace {

constexpr int kMinutesADay = 24 * 60;
/// No site is closed for so long: a calendar that is has slipped past check().
constexpr int kLongestClosedDays = 3660;

/// A rule of 5 U.S.C. 6103(a): a fixed day, or the n-th (5: the last) of a weekday in a month.
struct FederalRule {
  std::string_view name;
  unsigned month;
  unsigned day;      // fixed rules; 0 otherwise
  unsigned weekday;  // 0 = Sunday
  unsigned nth;      // 5 = last
  int first_year;
};
constexpr FederalRule kFederal[] = {
    {"New Year's Day", 1, 1, 0, 0, 1885},
    {"Birthday of Martin Luther King, Jr.", 1, 0, 1, 3, 1986},
    {"Washington's Birthday", 2, 0, 1, 3, 1971},
    {"Memorial Day", 5, 0, 1, 5, 1971},
    {"Juneteenth National Independence Day", 6, 19, 0, 0, 2021},
    {"Independence Day", 7, 4, 0, 0, 1885},
    {"Labor Day", 9, 0, 1, 1, 1894},
    {"Columbus Day", 10, 0, 1, 2, 1971},
    {"Veterans Day", 11, 11, 0, 0, 1978},
    {"Thanksgiving Day", 11, 0, 4, 4, 1942},
    {"Christmas Day", 12, 25, 0, 0, 1885},
};

bool falls_on(const FederalRule& rule, Date day) {
  const auto parts = day.parts();
  if (static_cast<int>(parts.year()) < rule.first_year || static_cast<unsigned>(parts.month()) != rule.month) return false;
  const auto number = static_cast<unsigned>(parts.day());
  if (rule.day != 0) return number == rule.day;
  if (day.weekday() != rule.weekday) return false;
  if (rule.nth == 5) return day.plus_days(7) > day.last_of_month();
  return (number - 1) / 7 + 1 == rule.nth;
}

const SpecialDay* special(const Calendar& calendar, Date day) {
  const auto& days = calendar.special_days;
  const auto found = std::lower_bound(days.begin(), days.end(), day, [](const SpecialDay& d, Date at) { return d.date < at; });
  return found != days.end() && found->date == day ? &*found : nullptr;
}

/// `minute` may be 1440: the midnight that ends the day.
Instant local_instant(Date day, int minute, std::string_view zone) {
  return minute >= kMinutesADay ? at_local_time(day.plus_days(1), minute - kMinutesADay, zone) : at_local_time(day, minute, zone);
}

}  // namespace

std::optional<std::string_view> federal_holiday(Date day) {
  for (const auto& rule : kFederal) {
    if (!day.is_weekend() && falls_on(rule, day)) return rule.name;
    // Only fixed days can fall on a weekend; they are kept on the nearest weekday.
    if (rule.day == 0) continue;
    if (day.weekday() == 5 && falls_on(rule, day.plus_days(1))) return rule.name;
    if (day.weekday() == 1 && falls_on(rule, day.plus_days(-1))) return rule.name;
  }
  return std::nullopt;
}

std::optional<Opening> hours_on(const Calendar& calendar, Date day) {
  if (const auto* own = special(calendar, day)) return own->opening;
  const auto& usual = calendar.week[day.weekday()];
  if (usual && calendar.holidays == Holidays::us_federal && federal_holiday(day)) return std::nullopt;
  return usual;
}

std::optional<std::string> holiday_name(const Calendar& calendar, Date day) {
  if (const auto* own = special(calendar, day)) {
    if (own->opening) return std::nullopt;
    return own->name;
  }
  if (calendar.holidays != Holidays::us_federal) return std::nullopt;
  const auto found = federal_holiday(day);
  if (!found) return std::nullopt;
  return std::string(*found);
}

bool is_working_day(const Calendar& calendar, Date day) { return hours_on(calendar, day).has_value(); }

Date add_working_days(const Calendar& calendar, Date day, int n) {
  const int step = n < 0 ? -1 : 1;
  int closed = 0;
  while (n != 0) {
    day = day.plus_days(step);
    if (is_working_day(calendar, day)) {
      n -= step;
      closed = 0;
    } else {
      CHECK(++closed < kLongestClosedDays);
    }
  }
  return day;
}

int working_days_between(const Calendar& calendar, Date from, Date to) {
  if (to < from) return -working_days_between(calendar, to, from);
  int days = 0;
  for (Date day = from.plus_days(1); day <= to; day = day.plus_days(1)) days += is_working_day(calendar, day);
  return days;
}

int working_days_left_in_month(const Calendar& calendar, Date day) {
  return working_days_between(calendar, day.plus_days(-1), day.last_of_month());
}

Instant add_working_minutes(const Calendar& calendar, Instant from, int minutes, std::string_view zone) {
  CHECK(minutes >= 0);
  auto left = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::minutes(minutes));
  Date day = local_date(from, zone);
  Instant start = from;  // seconds beyond the whole minute are kept
  for (int closed = 0; closed < kLongestClosedDays; ++closed) {
    if (const auto hours = hours_on(calendar, day)) {
      const Instant opens = local_instant(day, hours->opens_minute, zone);
      const Instant closes = local_instant(day, hours->closes_minute, zone);
      start = std::max(start, opens);
      if (start < closes) {
        if (start + left <= closes) return start + left;
        left -= closes - start;
        closed = 0;
      }
    }
    day = day.plus_days(1);
  }
  CHECK(false && "a calendar without working days");
  return from;
}

Instant add_working_minutes(const Calendar& calendar, Instant from, int minutes) {
  return add_working_minutes(calendar, from, minutes, calendar.zone);
}

bool is_open(const Calendar& calendar, Instant at) {
  const Date day = local_date(at, calendar.zone);
  const auto hours = hours_on(calendar, day);
  return hours && at >= local_instant(day, hours->opens_minute, calendar.zone) &&
         at < local_instant(day, hours->closes_minute, calendar.zone);
}

std::vector<Issue> check(const Calendar& calendar) {
  std::vector<Issue> issues;
  const auto check_hours = [&](const std::optional<Opening>& hours, const std::string& path) {
    if (!hours) return;
    if (hours->opens_minute < 0 || hours->closes_minute > kMinutesADay || hours->opens_minute >= hours->closes_minute)
      issues.push_back({path, "must open before it closes, between 00:00 and 24:00"});
  };
  bool any = false;
  for (std::size_t weekday = 0; weekday < 7; ++weekday) {
    any = any || calendar.week[weekday].has_value();
    check_hours(calendar.week[weekday], "week[" + std::to_string(weekday) + "]");
  }
  if (!any) issues.push_back({"week", "must have at least one weekday with hours"});
  for (std::size_t i = 0; i < calendar.special_days.size(); ++i) {
    const auto& day = calendar.special_days[i];
    const std::string path = "special_days[" + std::to_string(i) + "]";
    check_hours(day.opening, path);
    for (std::size_t j = 0; j < i; ++j)
      if (calendar.special_days[j].date == day.date) issues.push_back({path + ".date", "is named twice"});
  }
  return issues;
}

void put_in_order(Calendar& calendar) {
  std::sort(calendar.special_days.begin(), calendar.special_days.end(),
            [](const SpecialDay& a, const SpecialDay& b) { return a.date < b.date; });
}

std::string_view name(Holidays holidays) { return holidays == Holidays::us_federal ? "us_federal" : "none"; }

std::optional<Holidays> holidays_from(std::string_view text) {
  if (text == "us_federal") return Holidays::us_federal;
  if (text == "none") return Holidays::none;
  return std::nullopt;
}

std::string clock_text(int minute) {
  const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return two(minute / 60) + ":" + two(minute % 60);
}

std::optional<int> minute_from(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour > 24 || (hour == 24 && minute != 0)) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace concord::calendar
