#include "ecqm/moment.h"

#include <gtest/gtest.h>

namespace concord::ecqm {
namespace {

Moment m(const char* text) {
  const auto parsed = parse_moment(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Moment{});
}
Span span(const char* from, const char* to) {
  return Span::of_period(*from == 0 ? Moment{} : m(from), *to == 0 ? Moment{} : m(to));
}

TEST(Moment, KeepsItsPrecisionAndTheDayAsWritten) {
  EXPECT_EQ(m("2026").precision, Precision::year);
  EXPECT_EQ(m("2026-03").precision, Precision::month);
  EXPECT_EQ(m("2026-03-01").precision, Precision::day);
  const Moment late = m("2026-03-01T23:30:00-05:00");
  EXPECT_EQ(late.precision, Precision::time);
  EXPECT_EQ(late.day, Date::ymd(2026, 3, 1));
  EXPECT_EQ(iso(late), "2026-03-02T04:30:00Z");
  EXPECT_EQ(iso(m("2026-03")), "2026-03");
}

TEST(Moment, OneInstantInTwoOffsetsIsTheSameInstant) {
  EXPECT_EQ(m("2026-03-01T10:00:00-05:00").micros, m("2026-03-01T15:00:00.000Z").micros);
  EXPECT_EQ(m("2026-03-01T10:00:00.250Z").micros - m("2026-03-01T10:00:00Z").micros, 250'000);
}

TEST(Moment, RefusesWhatIsNoFhirDate) {
  for (const char* text :
       {"", "26-03-01", "2026-3-1", "2026-02-30", "2026-13", "03/01/2026", "2026-03-01 10:00", "2026-03-01T25:00:00Z",
        "2026-03-01T10:00:00+5", "2026-03-01T10:61:00Z", "yesterday", "2026-03-01T", "2026-03-01T10:00:00.Z"})
    EXPECT_FALSE(parse_moment(text)) << text;
}

TEST(Moment, ADayAgainstAnInstantOnThatDayIsUnknownInFull) {
  EXPECT_EQ(on_or_before(m("2026-03-01"), m("2026-03-01T10:00:00Z")), Truth::unknown);
  EXPECT_EQ(on_or_before(m("2026-03-01T10:00:00Z"), m("2026-03-01")), Truth::unknown);
  EXPECT_EQ(on_or_before(m("2026-03-01"), m("2026-03-02T00:00:00Z")), Truth::yes);
  EXPECT_EQ(on_or_before(m("2026-03-03"), m("2026-03-02T23:59:59Z")), Truth::no);
  EXPECT_EQ(on_or_before(m("2026-03-01"), m("2026-03-01")), Truth::yes);
  EXPECT_EQ(on_or_before(Moment{}, m("2026-03-01")), Truth::unknown);
}

TEST(Moment, ByDayTheOffsetDoesNotMoveTheDay) {
  EXPECT_EQ(on_or_before_day(m("2026-03-01T23:30:00-05:00"), m("2026-03-01")), Truth::yes);
  EXPECT_EQ(before_day(m("2026-03-01T23:30:00-05:00"), m("2026-03-02T04:00:00Z")), Truth::yes);
  EXPECT_EQ(before_day(m("2026-03-01T00:00:00Z"), m("2026-03-01T23:00:00Z")), Truth::no);
}

TEST(Moment, APartialDateIsDecidedWhereTheKnownPartsDiffer) {
  EXPECT_EQ(before_day(m("2025"), m("2026-03-01")), Truth::yes);
  EXPECT_EQ(before_day(m("2026-04"), m("2026-03-31")), Truth::no);
  EXPECT_EQ(before_day(m("2026-03"), m("2026-03-31")), Truth::unknown);
  EXPECT_EQ(on_or_before(m("2026"), m("2026-03-01T10:00:00Z")), Truth::unknown);
}

TEST(Moment, APeriodWithoutEndGoesOnAndOneWithoutStartBeganBeforeItsEnd) {
  EXPECT_EQ(overlap(span("2026-01-01", ""), span("2030-01-01", "2030-02-01")), Truth::yes);
  EXPECT_EQ(ends_within(span("2026-01-01", ""), Date::ymd(2026, 1, 1), Date::ymd(2026, 12, 31)), Truth::no);
  EXPECT_EQ(overlap_by_day(span("", "2026-03-05"), span("2026-03-01", "2026-03-31")), Truth::yes);
  EXPECT_EQ(overlap_by_day(span("", "2026-05-05"), span("2026-03-01", "2026-03-31")), Truth::unknown);
  EXPECT_EQ(overlap_by_day(span("", "2026-02-05"), span("2026-03-01", "2026-03-31")), Truth::no);
  EXPECT_EQ(starts_within(span("", "2026-03-05"), Date::ymd(2026, 3, 1), Date::ymd(2026, 3, 31)), Truth::unknown);
  EXPECT_EQ(overlap(Span{}, span("2026-01-01", "")), Truth::unknown);
  EXPECT_FALSE(Span::of_period({}, {}).exists);
}

TEST(Moment, BothEndsOfAPeriodAreIncluded) {
  EXPECT_EQ(overlap(span("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"), span("2026-03-01T11:00:00Z", "")), Truth::yes);
  EXPECT_EQ(overlap(span("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"), span("2026-03-01T11:00:01Z", "")), Truth::no);
  EXPECT_EQ(lies_within(span("2026-01-01", "2026-12-31"), Date::ymd(2026, 1, 1), Date::ymd(2026, 12, 31)), Truth::yes);
  EXPECT_EQ(lies_within(span("2025-12-31", "2026-12-31"), Date::ymd(2026, 1, 1), Date::ymd(2026, 12, 31)), Truth::no);
}

}  // namespace
}  // namespace concord::ecqm
