// Dates and times as FHIR writes them, and comparing them the way the measures mean it.
//
// A FHIR dateTime may be known to the year, month, day or instant. Two comparisons exist and every rule says which it uses:
//   by day:   the calendar day as written (the day at the place that wrote it); the offset does not move it.
//   in full:  instants by instant, offsets minded; days by day. A day against an instant on that day is unknown,
//             because nobody knows whether the day meant an earlier or a later hour. "Unknown" is never "met".
// A partial date (2026, 2026-03) is decided where the known parts differ, else unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/date.h"

namespace concord::ecqm {

enum class Truth : std::uint8_t { no, yes, unknown };

constexpr Truth both(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
}
constexpr Truth from(bool yes) { return yes ? Truth::yes : Truth::no; }
constexpr bool met(Truth t) { return t == Truth::yes; }

enum class Precision : std::uint8_t { none, year, month, day, time };

struct Moment {
  std::int64_t micros = 0;  ///< instant, microseconds since 1970-01-01 UTC; with Precision::time only
  Date day;                 ///< as written; the first day of a partial date
  Precision precision = Precision::none;

  bool present() const { return precision != Precision::none; }
  bool has_day() const { return precision >= Precision::day; }
  bool has_time() const { return precision == Precision::time; }
  static Moment of(Date d) { return {0, d, Precision::day}; }
  /// A Moment with a time; `written` is the day at the place that wrote it.
  static Moment at(Instant instant, Date written) { return {instant.time_since_epoch().count(), written, Precision::time}; }
  /// To put moments in an order: the instant, or the start of the (first) day in UTC.
  std::int64_t order() const {
    return precision == Precision::time ? micros : std::int64_t{day.days_since_1970()} * 86'400'000'000;
  }
  bool operator==(const Moment&) const = default;
};

/// FHIR date, dateTime or instant: YYYY, YYYY-MM, YYYY-MM-DD, or a time with seconds and offset (a time without an
/// offset is read as UTC; seconds may be missing). nullopt when it is none of these. Leap seconds become :59.
std::optional<Moment> parse_moment(std::string_view text);
/// "2026-03", "2026-03-01", "2026-03-01T14:05:06Z" (times in UTC); "" when not present.
std::string iso(const Moment& moment);

/// a <= b and a < b, by day. Unknown when either is absent or too coarse to tell.
Truth on_or_before_day(const Moment& a, const Moment& b);
Truth before_day(const Moment& a, const Moment& b);
/// a <= b in full.
Truth on_or_before(const Moment& a, const Moment& b);

/// A stretch of time, both ends included. An unknown start is some time on or before the end; an end is known or never comes.
struct Span {
  enum class Edge : std::uint8_t { known, unbounded, unknown };
  Moment low, high;
  Edge low_edge = Edge::unknown, high_edge = Edge::unbounded;
  bool exists = false;  ///< false: there is no such stretch, and every question about it is unknown

  /// A FHIR Period: without end it goes on, without start its start is unknown.
  static Span of_period(const Moment& start, const Moment& end);
  /// A point in time; nothing when it is absent.
  static Span of_point(const Moment& at);
  static Span of_days(Date from, Date to);
};

/// Do they share a moment? In full, and by day.
Truth overlap(const Span& a, const Span& b);
Truth overlap_by_day(const Span& a, const Span& b);
/// Is a day within first..last (both included)?
Truth day_within(const Moment& m, Date first, Date last);
/// The end (start) of the span within first..last, by day.
Truth ends_within(const Span& s, Date first, Date last);
Truth starts_within(const Span& s, Date first, Date last);
/// The whole span within first..last, by day.
Truth lies_within(const Span& s, const Moment& first, const Moment& last);
inline Truth lies_within(const Span& s, Date first, Date last) { return lies_within(s, Moment::of(first), Moment::of(last)); }

}  // namespace concord::ecqm
