#include "ecqm/own_record.h"

#include <gtest/gtest.h>

namespace concord::ecqm {
namespace {

constexpr Date kToday = Date::ymd(2026, 12, 31);

Instant at(Date day, int hour = 15) { return Instant(day.sys() + std::chrono::hours(hour)); }

/// "ipop denom numer", as counted in the first group.
std::string place(const Measure& measure, const OwnRecord& record, Switches switches = {}, std::size_t group = 0) {
  OwnReader reader(measure, kToday);
  PatientResult out;
  measure.evaluate(reader.read(record), {MeasurementPeriod::parse("2026").value(), switches}, out);
  std::string text;
  for (const Population p : kPopulations)
    if (out.groups.at(group)[p].in()) text += (text.empty() ? "" : " ") + std::string(name_of(p));
  return text;
}

constexpr std::string_view kNumerator = "initial-population denominator numerator";
constexpr std::string_view kDenominator = "initial-population denominator";
constexpr std::string_view kExcluded = "initial-population denominator denominator-exclusion";

/// Referred and seen on 10 March 2025 with a PHQ-9 of 15, 3 a year later.
OwnRecord somebody() {
  OwnRecord r;
  r.id = "p";
  r.birth = Date::ymd(1980, 6, 15);
  r.episodes = {{"depression", Date::ymd(2025, 3, 10)}};
  r.visits = {{"v1", Date::ymd(2025, 3, 10), OwnRecord::Way::in_person}};
  r.scores = {{"m1", "phq-9", at(Date::ymd(2025, 3, 10)), Date::ymd(2025, 3, 10), 15},
              {"m2", "phq-9", at(Date::ymd(2026, 3, 10)), Date::ymd(2026, 3, 10), 3}};
  return r;
}

TEST(OwnRecord, EpisodeForDepressionWithAScoreAtTheContactIsFollowedForAYear) {
  auto r = somebody();
  EXPECT_EQ(place(cms159(), r), kNumerator);
  r.scores[1].total = 5;
  EXPECT_EQ(place(cms159(), r), kDenominator);
  r.episodes[0].condition = "perinatal_depression";
  EXPECT_EQ(place(cms159(), r), kDenominator);
  r.episodes[0].condition = "anxiety";
  EXPECT_EQ(place(cms159(), r), "");
  r.conditions = {
      {"c1", "F33.1", "http://hl7.org/fhir/sid/icd-10-cm", "active", std::nullopt, std::nullopt, Date::ymd(2025, 3, 1)}};
  EXPECT_EQ(place(cms159(), r), kDenominator) << "a coded condition is as good as the episode's";
  r.conditions[0].recorded = Date::ymd(2025, 3, 11);
  EXPECT_EQ(place(cms159(), r), "") << "without an onset it counts from the day it was recorded";
}

TEST(OwnRecord, ScoresOfOtherInstrumentsAndOfPhq2AreNoIndex) {
  auto r = somebody();
  r.scores[0].instrument = "phq-2";
  EXPECT_EQ(place(cms159(), r), "");
  r.scores[0].instrument = "phq-9m";
  EXPECT_EQ(place(cms159(), r), kNumerator);
}

TEST(OwnRecord, ExclusionsComeFromCodedConditionsAndDeath) {
  for (const std::string code : {"F31.9", "F60.3", "F25.0", "F84.0", "Z51.5"}) {
    auto r = somebody();
    r.conditions = {{"c1", code, "ICD-10-CM", "active", Date::ymd(2020, 1, 1), std::nullopt, Date::ymd(2020, 1, 1)}};
    EXPECT_EQ(place(cms159(), r), kExcluded) << code;
  }
  auto r = somebody();
  r.conditions = {{"c1", "E11.9", "ICD-10-CM", "active", Date::ymd(2020, 1, 1), std::nullopt, Date::ymd(2020, 1, 1)}};
  EXPECT_EQ(place(cms159(), r), kNumerator);
  r.died = Date::ymd(2026, 5, 9);
  EXPECT_EQ(place(cms159(), r), kExcluded);
}

TEST(OwnRecord, ScoreIsAScreenWhoseToolGoesByAgeAndForm) {
  OwnRecord r;
  r.birth = Date::ymd(1980, 6, 15);
  r.visits = {{"v1", Date::ymd(2026, 3, 10), OwnRecord::Way::in_person}};
  EXPECT_EQ(place(cms2(), r), kDenominator);
  r.scores = {{"m1", "phq-2", at(Date::ymd(2026, 3, 10)), Date::ymd(2026, 3, 10), 2}};
  EXPECT_EQ(place(cms2(), r), kNumerator);
  r.scores[0].total = 3;
  EXPECT_EQ(place(cms2(), r), kDenominator) << "positive without a plan";
  r.referrals = {{"r1", Date::ymd(2026, 3, 12)}};
  EXPECT_EQ(place(cms2(), r), kNumerator);
  r.referrals = {{"r1", Date::ymd(2026, 3, 13)}};
  EXPECT_EQ(place(cms2(), r), kDenominator);
  r.treatments = {{"t1", "psychotherapy", "Behavioral activation", Date::ymd(2026, 3, 10), std::nullopt}};
  EXPECT_EQ(place(cms2(), r), kNumerator);
  r.treatments = {{"t1", "medication", "Sertraline 50 mg", Date::ymd(2026, 3, 10), std::nullopt}};
  EXPECT_EQ(place(cms2(), r), kNumerator);
  r.treatments[0].name = "Metformin";
  EXPECT_EQ(place(cms2(), r), kDenominator);

  r.treatments.clear();
  r.scores = {{"m1", "phq-9", at(Date::ymd(2026, 3, 10)), Date::ymd(2026, 3, 10), 9}};
  EXPECT_EQ(place(cms2(), r), kNumerator);
  r.birth = Date::ymd(2011, 1, 1);
  EXPECT_EQ(place(cms2(), r), kNumerator) << "15: the score counts as the adolescents' tool";
  r.birth = std::nullopt;
  EXPECT_EQ(place(cms2(), r), "");
}

TEST(OwnRecord, BipolarDisorderBeforeTheVisitExcludesFromScreening) {
  OwnRecord r;
  r.birth = Date::ymd(1980, 6, 15);
  r.visits = {{"v1", Date::ymd(2026, 3, 10), OwnRecord::Way::phone}};
  r.conditions = {{"c1", "F31.81", "http://hl7.org/fhir/sid/icd-10-cm", "active", Date::ymd(2026, 3, 9), std::nullopt,
                   Date::ymd(2026, 3, 9)}};
  EXPECT_EQ(place(cms2(), r), kExcluded);
  r.conditions[0].onset = Date::ymd(2026, 3, 10);
  EXPECT_EQ(place(cms2(), r), kDenominator);
}

TEST(OwnRecord, MedicineThatIsTakenStandsForDispensesFromItsStartToItsStopOrToday) {
  OwnRecord r;
  r.birth = Date::ymd(1980, 6, 15);
  r.episodes = {{"depression", Date::ymd(2025, 8, 20)}};
  r.visits = {{"v1", Date::ymd(2025, 9, 1), OwnRecord::Way::in_person}};
  r.treatments = {{"t1", "medication", "sertraline", Date::ymd(2025, 9, 1), Date::ymd(2025, 11, 23)}};
  EXPECT_EQ(place(cms128(), r), kNumerator) << "84 days";
  EXPECT_EQ(place(cms128(), r, {}, 1), kDenominator);
  r.treatments[0].stop = Date::ymd(2025, 11, 22);
  EXPECT_EQ(place(cms128(), r), kDenominator);
  r.treatments[0].stop = std::nullopt;
  EXPECT_EQ(place(cms128(), r, {}, 1), kNumerator);
  r.treatments.push_back({"t0", "medication", "Fluoxetine 20", Date::ymd(2024, 1, 1), std::nullopt});
  EXPECT_EQ(place(cms128(), r), kExcluded) << "another antidepressant that was already taken";
}

TEST(OwnRecord, SuicideRiskScreenOnTheDayOfTheVisitIsItsAssessment) {
  OwnRecord r;
  r.birth = Date::ymd(2012, 6, 15);
  r.episodes = {{"depression", Date::ymd(2026, 3, 1)}};
  r.visits = {{"v1", Date::ymd(2026, 3, 10), OwnRecord::Way::video}, {"v2", Date::ymd(2026, 2, 10), OwnRecord::Way::video}};
  EXPECT_EQ(place(cms177(), r), kDenominator) << "the visit before the depression does not count";
  r.scores = {{"m1", "c-ssrs-screener", at(Date::ymd(2026, 3, 10)), Date::ymd(2026, 3, 10), std::nullopt}};
  EXPECT_EQ(place(cms177(), r), kNumerator);
  r.scores[0].day = Date::ymd(2026, 3, 11);
  EXPECT_EQ(place(cms177(), r), kDenominator);
}

TEST(OwnRecord, TrustedProfileTagsHideNothingOfOurOwn) {
  Switches trust;
  trust.trust_meta_profile = true;
  EXPECT_EQ(place(cms159(), somebody(), trust), kNumerator);
}

TEST(OwnRecord, CodesOfOtherSystemsAndNeighbouringCodesAreNotRead) {
  EXPECT_EQ(concept_of_code("http://snomed.info/sct", "F33.1"), Concept::other);
  EXPECT_EQ(concept_of_code("http://hl7.org/fhir/sid/icd-10-cm", "f33.1"), Concept::depression);
  EXPECT_EQ(concept_of_code("icd-10", "F3341"), Concept::depression_in_remission);
  EXPECT_EQ(concept_of_code("icd-10", "F32.81"), Concept::other);
  EXPECT_EQ(concept_of_code("icd-10", "F34.1"), Concept::dysthymia);
  EXPECT_EQ(concept_of_code("icd-10", "F34.0"), Concept::other);
  EXPECT_EQ(concept_of_code("icd-10", "F84.5"), Concept::developmental);
  EXPECT_TRUE(is_antidepressant("Bupropion XL 150 mg"));
  EXPECT_FALSE(is_antidepressant("Lithium"));
}

}  // namespace
}  // namespace concord::ecqm
