#include "base/zone.h"

#include <date/tz.h>

#include <stdexcept>

#include "base/check.h"

namespace concord {
namespace {

/// Null when the system's database has no such zone.
const date::time_zone* find_zone(std::string_view name) {
  // Most programs ask for one zone again and again; the library's own search compares strings.
  thread_local std::string last_name;
  thread_local const date::time_zone* last_zone = nullptr;
  if (last_zone && name == last_name) return last_zone;
  try {
    const date::time_zone* zone = date::locate_zone(name);
    last_name = name;
    last_zone = zone;
    return zone;
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

const date::time_zone& known_zone(std::string_view name) {
  const date::time_zone* zone = find_zone(name);
  CHECK(zone != nullptr);
  return *zone;
}

}  // namespace

bool is_known_zone(std::string_view zone) { return !zone.empty() && find_zone(zone) != nullptr; }

Date local_date(Instant instant, std::string_view zone) {
  const auto local = known_zone(zone).to_local(instant);
  return Date(static_cast<std::int32_t>(date::floor<date::days>(local).time_since_epoch().count()));
}

int local_minute_of_day(Instant instant, std::string_view zone) {
  const auto local = known_zone(zone).to_local(instant);
  const auto since_midnight = local - date::floor<date::days>(local);
  return static_cast<int>(std::chrono::floor<std::chrono::minutes>(since_midnight).count());
}

Instant at_local_time(Date date, int minute_of_day, std::string_view zone) {
  CHECK(minute_of_day >= 0 && minute_of_day < 24 * 60);
  const date::local_seconds local{std::chrono::seconds(date.days_since_1970() * std::int64_t{86400}) +
                                  std::chrono::minutes(minute_of_day)};
  // In a gap `first` is what was in force before it: subtracting its offset lands as far behind the gap as
  // the asked time lay inside it. In an overlap `first` gives the earlier of the two instants.
  const auto info = known_zone(zone).get_info(local);
  return Instant(std::chrono::seconds(local.time_since_epoch()) - info.first.offset);
}

}  // namespace concord
