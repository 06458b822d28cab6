#include "treatments/treatments.h"

#include <gtest/gtest.h>

namespace concord::treatments {
namespace {

Date day(unsigned d) { return Date::ymd(2026, 1, d); }

TEST(Treatments, TheTrialClockStartsAtTheLatestStartStopOrDoseChange) {
  Treatment sertraline;
  sertraline.start_date = day(5);
  EXPECT_EQ(last_change({sertraline}, day(31)), day(5));
  sertraline.changes.push_back({.id = {}, .on = day(12), .from_dose = "50 mg", .to_dose = "100 mg", .reason = ""});
  EXPECT_EQ(last_change({sertraline}, day(31)), day(12));
  sertraline.stop_date = day(20);
  EXPECT_EQ(last_change({sertraline}, day(31)), day(20));
  Treatment therapy;
  therapy.start_date = day(25);
  EXPECT_EQ(last_change({sertraline, therapy}, day(31)), day(25));
}

TEST(Treatments, WhatHasNotHappenedYetDoesNotCount) {
  Treatment t;
  t.start_date = day(5);
  t.stop_date = day(20);
  EXPECT_EQ(last_change({t}, day(19)), day(5));
  EXPECT_EQ(last_change({t}, day(20)), day(20));
  EXPECT_EQ(last_change({t}, day(4)), std::nullopt);
  EXPECT_EQ(last_change({}, day(4)), std::nullopt);
}

}  // namespace
}  // namespace concord::treatments
