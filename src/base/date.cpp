#include "base/date.h"

#include <algorithm>

namespace concord {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

constexpr int kFirstYear = 1800;
constexpr int kLastYear = 2200;

/// The number of `count` decimal digits at `from`, or -1. The caller has checked the length.
int digits(std::string_view text, std::size_t from, std::size_t count) {
  int n = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    const unsigned d = static_cast<unsigned char>(text[i]) - static_cast<unsigned>('0');
    if (d > 9) return -1;
    n = n * 10 + static_cast<int>(d);
  }
  return n;
}

void put_digits(char* to, unsigned n, int count) {
  for (int i = count - 1; i >= 0; --i, n /= 10) to[i] = static_cast<char>('0' + n % 10);
}

}  // namespace

std::optional<Date> Date::from_ymd(int y, unsigned m, unsigned d) {
  if (y < kFirstYear || y > kLastYear || m > 12 || d > 31) return std::nullopt;
  const year_month_day parts{year(y), month(m), day(d)};
  if (!parts.ok()) return std::nullopt;
  return Date(std::chrono::sys_days(parts));
}

std::optional<Date> Date::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return std::nullopt;
  return from_ymd(y, static_cast<unsigned>(m), static_cast<unsigned>(d));
}

Date Date::plus_months(int n) const {
  const year_month_day now = parts();
  const std::chrono::year_month moved = std::chrono::year_month(now.year(), now.month()) + std::chrono::months(n);
  const year_month_day_last last = moved / std::chrono::last;
  return Date(std::chrono::sys_days(last.year() / last.month() / std::min(now.day(), last.day())));
}

Date Date::first_of_month() const {
  const year_month_day now = parts();
  return Date(std::chrono::sys_days(now.year() / now.month() / 1));
}

Date Date::last_of_month() const {
  const year_month_day now = parts();
  return Date(std::chrono::sys_days(now.year() / now.month() / std::chrono::last));
}

void Date::append_iso(std::string& out) const {
  const year_month_day now = parts();
  const int y = static_cast<int>(now.year());
  if (y < 0 || y > 9999) {  // outside what parse() takes; only arithmetic gets here
    out += std::to_string(y);
  } else {
    char four[4];
    put_digits(four, static_cast<unsigned>(y), 4);
    out.append(four, 4);
  }
  char rest[6] = {'-', 0, 0, '-', 0, 0};
  put_digits(rest + 1, static_cast<unsigned>(now.month()), 2);
  put_digits(rest + 4, static_cast<unsigned>(now.day()), 2);
  out.append(rest, 6);
}

std::string Date::iso() const {
  std::string out;
  append_iso(out);
  return out;
}

int age_in_years(Date birth, Date on) {
  const year_month_day b = birth.parts(), o = on.parts();
  const int years = static_cast<int>(o.year()) - static_cast<int>(b.year());
  const bool before_birthday = o.month() < b.month() || (o.month() == b.month() && o.day() < b.day());
  return years - (before_birthday ? 1 : 0);
}

std::string iso(Instant instant) {
  const auto midnight = std::chrono::floor<std::chrono::days>(instant);
  const auto micros = static_cast<std::uint64_t>((instant - midnight).count());
  const auto seconds = static_cast<unsigned>(micros / 1'000'000);
  const auto fraction = static_cast<unsigned>(micros % 1'000'000);
  std::string out;
  out.reserve(27);
  Date(midnight).append_iso(out);
  char time[17] = {'T', 0, 0, ':', 0, 0, ':', 0, 0, '.'};
  put_digits(time + 1, seconds / 3600, 2);
  put_digits(time + 4, seconds / 60 % 60, 2);
  put_digits(time + 7, seconds % 60, 2);
  put_digits(time + 10, fraction, 6);
  out.append(time, fraction == 0 ? 9 : 16);
  out += 'Z';
  return out;
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto day_part = Date::parse(text.substr(0, 10));
  const int h = digits(text, 11, 2), m = digits(text, 14, 2), s = digits(text, 17, 2);
  // 60 is a leap second, which both RFC 3339 and FHIR allow; it becomes the second after.
  if (!day_part || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60) return std::nullopt;
  std::size_t at = 19;
  int micros = 0;
  if (text[at] == '.') {
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      if (at - first < 6) micros = micros * 10 + (text[at] - '0');
    if (at == first) return std::nullopt;
    for (std::size_t kept = at - first; kept < 6; ++kept) micros *= 10;
  }
  const std::string_view zone = text.substr(at);
  int offset_minutes = 0;
  if (zone != "Z") {
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
    const int zh = digits(zone, 1, 2), zm = digits(zone, 4, 2);
    if (zh < 0 || zh > 14 || zm < 0 || zm > 59) return std::nullopt;
    offset_minutes = (zh * 60 + zm) * (zone[0] == '-' ? -1 : 1);
  }
  using namespace std::chrono;
  return Instant(day_part->sys()) + hours(h) + minutes(m - offset_minutes) + seconds(s) + microseconds(micros);
}

}  // namespace concord
