// When a site works: hours per weekday, holidays, special days. Pure functions over a plain value; nothing here
// reads the clock. Loaded by calendar_store.h; app/ lends it as `Deps.calendar_of(tx, organization, site)`.
// Units: dates are local days at the site, minutes count from local midnight, instants are UTC.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"

namespace concord::calendar {

/// From when to when somebody is there; `closes_minute` may be 1440 (midnight), never before `opens_minute`.
struct Opening {
  int opens_minute = 8 * 60;
  int closes_minute = 17 * 60;
  bool operator==(const Opening&) const = default;
};

/// One day that is not as its weekday says: closed, or open with these hours (also on a holiday or a weekend).
struct SpecialDay {
  Date date;
  std::string name;
  std::optional<Opening> opening;  ///< nullopt: closed
  bool operator==(const SpecialDay&) const = default;
};

/// Which list of holidays a site keeps by default; its own days come on top.
enum class Holidays { none, us_federal };

/// What a site has until somebody changes it: Monday to Friday, 8 to 17 o'clock, United States federal holidays.
/// The hours are our own default (program parameter, no published value).
struct Calendar {
  std::array<std::optional<Opening>, 7> week = {std::nullopt, Opening{}, Opening{},   Opening{},
                                                Opening{},    Opening{}, std::nullopt};  ///< 0 = Sunday
  Holidays holidays = Holidays::us_federal;
  std::vector<SpecialDay> special_days;  ///< by date, one a date
  std::string zone = "UTC";              ///< IANA name
};

/// The hours of that day; nullopt on a day that nobody works.
std::optional<Opening> hours_on(const Calendar& calendar, Date day);
bool is_working_day(const Calendar& calendar, Date day);
/// The n-th working day after `day` (before it when n < 0). n = 0: `day` itself, working or not.
Date add_working_days(const Calendar& calendar, Date day, int n);
/// Working days after `from`, up to and with `to`; negative (those after `to`, up to `from`) when `to` is earlier.
int working_days_between(const Calendar& calendar, Date from, Date to);
/// Working days of the month that are still to come, `day` itself included when it is one.
int working_days_left_in_month(const Calendar& calendar, Date day);
/// The instant that lies `minutes` of open time after `from`; while closed the clock stands still. Right across
/// clock changes: minutes are elapsed minutes, opening and closing are local. 0 minutes while closed: the next opening.
Instant add_working_minutes(const Calendar& calendar, Instant from, int minutes, std::string_view zone);
/// The same in the calendar's own zone.
Instant add_working_minutes(const Calendar& calendar, Instant from, int minutes);
bool is_open(const Calendar& calendar, Instant at);

/// Name of the federal holiday that is kept on this day, nullopt on others. 5 U.S.C. 6103(a): eleven days;
/// 6103(b) and Executive Order 11582: one on a Saturday is kept on the Friday before, one on a Sunday on the
/// Monday after. Juneteenth counts from 2021 (Pub. L. 117-17).
std::optional<std::string_view> federal_holiday(Date day);
/// Name of the holiday or special closed day; nullopt when the calendar names none.
std::optional<std::string> holiday_name(const Calendar& calendar, Date day);

/// Everything wrong with a calendar that somebody typed in: hours in order, at least one open weekday, a day
/// named once. Paths as in the body of PUT /api/v1/sites/{site_id}/calendar.
std::vector<Issue> check(const Calendar& calendar);
/// Sorts the special days by date: every function above counts on it.
void put_in_order(Calendar& calendar);

std::string_view name(Holidays holidays);  ///< "none", "us_federal"
std::optional<Holidays> holidays_from(std::string_view name);
/// "08:00" <-> 480; "24:00" is 1440.
std::string clock_text(int minute);
std::optional<int> minute_from(std::string_view text);

}  // namespace concord::calendar
