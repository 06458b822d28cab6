#include "ecqm/moment.h"

#include <algorithm>

namespace concord::ecqm {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kDay = 86'400 * kSecond;

/// `count` digits at `at`; -1 when they are not all digits or the text ends.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit > 9) return -1;
    value = value * 10 + static_cast<int>(digit);
  }
  return value;
}

/// Offset in minutes of "Z", "+hh:mm", "-hh:mm" or nothing (UTC).
std::optional<int> offset_minutes(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  const int offset = hours * 60 + minutes;
  return text[0] == '-' ? -offset : offset;
}

/// How the two compare at the parts both know up to `precision`: -1, 0, 1; nullopt when one is too coarse to tell.
std::optional<int> compare_days(const Moment& a, const Moment& b) {
  if (!a.present() || !b.present()) return std::nullopt;
  if (a.has_day() && b.has_day()) return a.day < b.day ? -1 : a.day == b.day ? 0 : 1;
  const auto x = a.day.parts(), y = b.day.parts();
  if (x.year() != y.year()) return x.year() < y.year() ? -1 : 1;
  if (a.precision == Precision::year || b.precision == Precision::year) return std::nullopt;
  if (x.month() != y.month()) return x.month() < y.month() ? -1 : 1;
  return std::nullopt;
}

/// The same in full: two equal days are 0, a day and an instant on it cannot be told apart.
std::optional<int> compare(const Moment& a, const Moment& b) {
  if (a.has_time() && b.has_time()) return a.micros < b.micros ? -1 : a.micros == b.micros ? 0 : 1;
  const auto days = compare_days(a, b);
  if (!days) return a.present() && a.precision == b.precision && a.day == b.day ? std::optional(0) : std::nullopt;
  if (*days == 0 && a.has_time() != b.has_time()) return std::nullopt;
  return days;
}

Truth truth(std::optional<int> order, int most) { return order ? from(*order <= most) : Truth::unknown; }

/// low <= b, where low is the lower edge of `s`; `le` compares two moments.
template <class LessOrEqual>
Truth low_on_or_before(const Span& s, const Moment& b, LessOrEqual le) {
  switch (s.low_edge) {
    case Span::Edge::known:
      return le(s.low, b);
    case Span::Edge::unbounded:
      return Truth::yes;
    case Span::Edge::unknown:
      break;
  }
  // Some time on or before the end: sure only when the end is.
  if (s.high_edge == Span::Edge::known && met(le(s.high, b))) return Truth::yes;
  return Truth::unknown;
}

/// low of one <= high of the other.
template <class LessOrEqual>
Truth edges_meet(const Span& low_of, const Span& high_of, LessOrEqual le) {
  return high_of.high_edge == Span::Edge::known ? low_on_or_before(low_of, high_of.high, le) : Truth::yes;
}

template <class LessOrEqual>
Truth overlap_by(const Span& a, const Span& b, LessOrEqual le) {
  if (!a.exists || !b.exists) return Truth::unknown;
  return both(edges_meet(a, b, le), edges_meet(b, a, le));
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  const int year = digits(text, 0, 4);
  if (year < 0) return std::nullopt;
  int month = 1, day = 1;
  Moment moment;
  if (text.size() == 4) moment.precision = Precision::year;
  else {
    month = digits(text, 5, 2);
    if (text[4] != '-' || month < 0) return std::nullopt;
    if (text.size() == 7) moment.precision = Precision::month;
    else {
      day = digits(text, 8, 2);
      if (text[7] != '-' || day < 0) return std::nullopt;
      moment.precision = text.size() == 10 ? Precision::day : Precision::time;
    }
  }
  const auto date = Date::from_ymd(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  if (!date) return std::nullopt;
  moment.day = *date;
  if (moment.precision != Precision::time) return moment;

  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2);
  if (text[10] != 'T' || hour < 0 || hour > 23 || minute < 0 || minute > 59 || text[13] != ':') return std::nullopt;
  std::size_t at = 16;
  std::int64_t second = 0, micros = 0;
  if (at < text.size() && text[at] == ':') {
    second = digits(text, at + 1, 2);
    if (second < 0 || second > 60) return std::nullopt;
    second = std::min<std::int64_t>(second, 59);
    at += 3;
    if (at < text.size() && text[at] == '.') {
      std::int64_t unit = 100'000;
      const std::size_t first = ++at;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) micros += (text[at] - '0') * unit;
      if (at == first) return std::nullopt;
    }
  }
  const auto offset = offset_minutes(text.substr(at));
  if (!offset) return std::nullopt;
  moment.micros = std::int64_t{date->days_since_1970()} * kDay +
                  ((std::int64_t{hour} * 60 + minute - *offset) * 60 + second) * kSecond + micros;
  return moment;
}

std::string iso(const Moment& moment) {
  switch (moment.precision) {
    case Precision::none:
      return "";
    case Precision::year:
      return moment.day.iso().substr(0, 4);
    case Precision::month:
      return moment.day.iso().substr(0, 7);
    case Precision::day:
      return moment.day.iso();
    case Precision::time:
      break;
  }
  return concord::iso(Instant(std::chrono::microseconds(moment.micros)));
}

Truth on_or_before_day(const Moment& a, const Moment& b) { return truth(compare_days(a, b), 0); }
Truth before_day(const Moment& a, const Moment& b) { return truth(compare_days(a, b), -1); }
Truth on_or_before(const Moment& a, const Moment& b) { return truth(compare(a, b), 0); }

Span Span::of_period(const Moment& start, const Moment& end) {
  Span span;
  span.low = start;
  span.high = end;
  span.low_edge = start.present() ? Edge::known : Edge::unknown;
  span.high_edge = end.present() ? Edge::known : Edge::unbounded;
  span.exists = start.present() || end.present();
  return span;
}

Span Span::of_point(const Moment& at) {
  Span span;
  if (!at.present()) return span;
  span.low = span.high = at;
  span.low_edge = span.high_edge = Edge::known;
  span.exists = true;
  return span;
}

Span Span::of_days(Date first, Date last) { return of_period(Moment::of(first), Moment::of(last)); }

Truth overlap(const Span& a, const Span& b) { return overlap_by(a, b, on_or_before); }
Truth overlap_by_day(const Span& a, const Span& b) { return overlap_by(a, b, on_or_before_day); }

Truth day_within(const Moment& m, Date first, Date last) {
  return both(on_or_before_day(Moment::of(first), m), on_or_before_day(m, Moment::of(last)));
}

Truth ends_within(const Span& s, Date first, Date last) {
  if (!s.exists) return Truth::unknown;
  return s.high_edge == Span::Edge::known ? day_within(s.high, first, last) : Truth::no;
}

Truth starts_within(const Span& s, Date first, Date last) {
  if (!s.exists || s.low_edge == Span::Edge::unknown) return Truth::unknown;
  return s.low_edge == Span::Edge::known ? day_within(s.low, first, last) : Truth::no;
}

Truth lies_within(const Span& s, const Moment& first, const Moment& last) {
  if (!s.exists) return Truth::unknown;
  const Truth start = s.low_edge == Span::Edge::known       ? on_or_before_day(first, s.low)
                      : s.low_edge == Span::Edge::unbounded ? Truth::no
                                                            : Truth::unknown;
  const Truth end = s.high_edge == Span::Edge::known ? on_or_before_day(s.high, last) : Truth::no;
  return both(start, end);
}

}  // namespace concord::ecqm
