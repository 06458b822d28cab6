#include "measurements/progress.h"

#include <gtest/gtest.h>

namespace concord::measurements {
namespace {

const Date kEnrolled = Date::ymd(2026, 1, 5);

Criteria phq9() {
  Criteria c;
  c.instrument = "phq-9";
  c.elevated = 10;
  c.response_kind = ResponseKind::percent;
  c.response = 50;
  c.remission_below = 5;
  c.improved_below = 10;
  c.worse_by = 5;
  return c;
}

Criteria pcl5() {
  Criteria c;
  c.instrument = "pcl-5";
  c.elevated = 33;
  c.response_kind = ResponseKind::points;
  c.response = 12;
  c.remission_below = 33;
  c.worse_by = 10;
  return c;
}

Score score(int day, double total, std::string instrument = "phq-9") {
  static std::uint8_t serial = 0;
  Score s;
  s.id.bytes[0] = ++serial;
  s.instrument = std::move(instrument);
  s.date = kEnrolled.plus_days(day);
  s.total = total;
  return s;
}

Progress of(const std::vector<Score>& scores, const Criteria& c = phq9()) { return progress(scores, c, kEnrolled); }

TEST(Progress, BaselineIsTheFirstScoreOnOrAfterEnrolment) {
  const std::vector<Score> scores{score(-1, 20), score(0, 18), score(10, 15)};
  EXPECT_EQ(of(scores).baseline->total, 18);
  EXPECT_EQ(of(scores).screening->total, 20);
}

TEST(Progress, BaselineMayComeLaterThanFourteenDays) {
  const std::vector<Score> scores{score(-30, 20), score(15, 17)};
  EXPECT_EQ(of(scores).baseline->total, 17);
  EXPECT_EQ(of(scores).current, nullptr);
}

TEST(Progress, AScoreFromBeforeEnrolmentIsNeverTheBaseline) {
  const std::vector<Score> scores{score(-3, 20)};
  EXPECT_EQ(of(scores).baseline, nullptr);
  EXPECT_EQ(of(scores).change, std::nullopt);
}

TEST(Progress, WithoutALaterScoreThereIsNoChange) {
  const std::vector<Score> scores{score(0, 18)};
  EXPECT_EQ(of(scores).change, std::nullopt);
  EXPECT_EQ(of(scores).percent, std::nullopt);
  EXPECT_FALSE(of(scores).improved);
}

TEST(Progress, ASecondScoreOnTheBaselinesDayIsNotAChange) {
  const std::vector<Score> scores{score(0, 18), score(0, 12)};
  EXPECT_EQ(of(scores).current, nullptr);
}

TEST(Progress, ZeroIsAFullImprovement) {
  const std::vector<Score> scores{score(0, 18), score(30, 0)};
  EXPECT_EQ(of(scores).change, -18);
  EXPECT_EQ(of(scores).percent, -100);
  EXPECT_TRUE(of(scores).improved && of(scores).response && of(scores).remission);
}

TEST(Progress, PercentIsUndefinedOnlyForABaselineOfZero) {
  const std::vector<Score> scores{score(0, 0), score(30, 6)};
  EXPECT_EQ(of(scores).change, 6);
  EXPECT_EQ(of(scores).percent, std::nullopt);
}

TEST(Progress, OnOneDayTheLaterTimeIsCurrent) {
  auto morning = score(30, 9), evening = score(30, 14);
  morning.at = Instant(std::chrono::hours(8));
  evening.at = Instant(std::chrono::hours(20));
  const std::vector<Score> scores{score(0, 18), evening, morning};
  EXPECT_EQ(of(scores).current->total, 14);
}

TEST(Progress, OnOneDayWithoutTimesTheLaterEntryIsCurrent) {
  auto first = score(30, 9), second = score(30, 14);
  first.entered_at = Instant(std::chrono::seconds(5));
  second.entered_at = Instant(std::chrono::seconds(6));
  const std::vector<Score> scores{score(0, 18), second, first};
  EXPECT_EQ(of(scores).current->total, 14);
}

TEST(Progress, CorrectedInvalidAndOtherScoresAreIgnored) {
  auto corrected = score(30, 2), invalid = score(31, 1);
  corrected.replaced = true;
  invalid.valid = false;
  const std::vector<Score> scores{score(0, 18), score(29, 12), corrected, invalid, score(40, 1, "gad-7")};
  EXPECT_EQ(of(scores).current->total, 12);
}

TEST(Progress, HalfIsAResponseAndJustOverHalfIsNot) {
  EXPECT_TRUE(of(std::vector<Score>{score(0, 20), score(30, 10)}).response);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 20), score(30, 11)}).response);
}

TEST(Progress, BelowTenIsImprovedWithoutAResponse) {
  EXPECT_TRUE(of(std::vector<Score>{score(0, 14), score(30, 9)}).improved);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 14), score(30, 9)}).response);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 14), score(30, 10)}).improved);
}

TEST(Progress, ImprovedNeedsAnElevatedBaseline) {
  EXPECT_TRUE(of(std::vector<Score>{score(0, 10), score(30, 9)}).improved);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 9), score(30, 2)}).improved);
}

TEST(Progress, RemissionIsBelowFive) {
  EXPECT_TRUE(of(std::vector<Score>{score(0, 14), score(30, 4)}).remission);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 14), score(30, 5)}).remission);
}

TEST(Progress, FivePointsMoreIsWorseAndFourAreNot) {
  EXPECT_TRUE(of(std::vector<Score>{score(0, 18), score(20, 10), score(30, 15)}).worse_than_previous);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 18), score(20, 10), score(30, 14)}).worse_than_previous);
  EXPECT_TRUE(of(std::vector<Score>{score(0, 12), score(20, 14), score(30, 17)}).worse_than_baseline);
}

TEST(Progress, Pcl5RespondsByPoints) {
  EXPECT_TRUE(of(std::vector<Score>{score(0, 60, "pcl-5"), score(30, 48, "pcl-5")}, pcl5()).response);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 60, "pcl-5"), score(30, 49, "pcl-5")}, pcl5()).response);
  EXPECT_FALSE(of(std::vector<Score>{score(0, 60, "pcl-5"), score(30, 49, "pcl-5")}, pcl5()).improved);
}

TEST(Progress, PairedFormsAreJudgedEachAgainstItsOwnBaselineAndEitherSuffices) {
  Criteria c = phq9();
  c.instrument = "scared";
  c.elevated = 25;
  c.improved_below.reset();
  auto form = [](int day, double total, const char* informant) {
    auto s = score(day, total, "scared");
    s.informant = informant;
    return s;
  };
  const std::vector<Score> scores{form(0, 40, "child"), form(0, 50, "parent"), form(30, 38, "child"), form(30, 25, "parent")};
  const Progress p = of(scores, c);
  EXPECT_EQ(p.baseline->total, 40) << "the patient's own form is shown";
  EXPECT_EQ(p.current->total, 38);
  EXPECT_TRUE(p.improved) << "the parent's form fell by half";
  const std::vector<Score> mixed{form(0, 40, "child"), form(30, 20, "parent")};
  EXPECT_FALSE(of(mixed, c).response) << "a parent's score is no follow-up of the child's";
}

TEST(Progress, AnInstrumentWhereMoreIsBetterTurnsRound) {
  Criteria c;
  c.instrument = "who-5";
  c.higher_is_worse = false;
  c.elevated = 50;
  c.response_kind = ResponseKind::points;
  c.response = 10;
  c.worse_by = 10;
  EXPECT_TRUE(of(std::vector<Score>{score(0, 30, "who-5"), score(30, 40, "who-5")}, c).improved);
  EXPECT_TRUE(of(std::vector<Score>{score(0, 40, "who-5"), score(30, 30, "who-5")}, c).worse_than_baseline);
}

TEST(Progress, PercentagesAreRoundedHalfUpToOneDecimal) {
  EXPECT_EQ(one_decimal(-100.0 * 2 / 19), -10.5);
  EXPECT_EQ(one_decimal(-12.25), -12.3);
  EXPECT_EQ(one_decimal(12.25), 12.3);
  EXPECT_EQ(one_decimal(-0.01), 0);
}

}  // namespace
}  // namespace concord::measurements
