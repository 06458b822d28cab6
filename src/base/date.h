// Dates of care and instants. A Date is a local calendar day at the site (when the patient was seen); an
// Instant is a point in time, UTC, microseconds. Turning one into the other needs a time zone: zone.h.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace concord {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// A proleptic Gregorian calendar day, kept as days since 1970-01-01.
class Date {
 public:
  constexpr Date() = default;
  constexpr explicit Date(std::int32_t days_since_1970) : days_(days_since_1970) {}
  /// `ymd(2026, 2, 30)` breaks an invariant: use from_ymd for input.
  static constexpr Date ymd(int year, unsigned month, unsigned day) {
    return Date(std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)));
  }
  constexpr explicit Date(std::chrono::sys_days days) : days_(static_cast<std::int32_t>(days.time_since_epoch().count())) {}
  /// Strict ISO 8601 "YYYY-MM-DD", years 1800 to 2200; nothing else.
  static std::optional<Date> parse(std::string_view text);
  static std::optional<Date> from_ymd(int year, unsigned month, unsigned day);

  constexpr std::int32_t days_since_1970() const { return days_; }
  constexpr std::chrono::sys_days sys() const { return std::chrono::sys_days(std::chrono::days(days_)); }
  constexpr std::chrono::year_month_day parts() const { return std::chrono::year_month_day(sys()); }
  /// 0 = Sunday ... 6 = Saturday.
  constexpr unsigned weekday() const { return std::chrono::weekday(sys()).c_encoding(); }
  constexpr bool is_weekend() const { return weekday() == 0 || weekday() == 6; }

  constexpr Date plus_days(int n) const { return Date(days_ + n); }
  /// Same day n months later, clamped to the month's last day (31 Jan + 1 = 28 or 29 Feb).
  Date plus_months(int n) const;
  Date first_of_month() const;
  Date last_of_month() const;

  std::string iso() const;  ///< "2026-03-01"
  void append_iso(std::string& out) const;

  constexpr auto operator<=>(const Date&) const = default;
  /// Elapsed days, negative when `other` is later.
  constexpr int operator-(Date other) const { return days_ - other.days_; }

 private:
  std::int32_t days_ = 0;
};

/// Whole years from birth to `on` (born on 29 Feb: the birthday is 1 Mar in common years).
int age_in_years(Date birth, Date on);

/// "2026-03-01T14:05:06.123456Z"; fraction left out when zero.
std::string iso(Instant instant);
/// RFC 3339 / FHIR instant with seconds and a zone ("Z" or "+hh:mm"); up to 6 fraction digits are kept.
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace concord
