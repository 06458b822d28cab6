#include "treatments/trial.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace concord::treatments {
namespace {

const Date kStart = Date::ymd(2026, 1, 5);  // a Monday

const TrialRules& rules() {
  static const TrialRules loaded = [] {
    std::ifstream in(CONCORD_SOURCE_DIR "/rulesets/trials-2026.json");
    std::stringstream text;
    text << in.rdbuf();
    return load_trial_rules(text.str()).value();
  }();
  return loaded;
}

TreatmentId id_of(int n) {
  Uuid id;
  id.bytes[15] = static_cast<std::uint8_t>(n);
  return TreatmentId(id);
}
Treatment medication(std::string name, std::optional<std::string> dose, int n = 1) {
  Treatment t;
  t.id = id_of(n);
  t.name = std::move(name);
  t.dose = std::move(dose);
  t.start_date = kStart;
  return t;
}
void change(Treatment& t, int week, std::string to) {
  t.changes.push_back({{}, kStart.plus_days(7 * week), t.dose, to, ""});
  t.dose = to;
}
Report report(const Treatment& t, int day, std::string adherence) {
  Report r;
  r.treatment = t.id;
  r.on = kStart.plus_days(day);
  r.adherence = std::move(adherence);
  return r;
}
Session session(int day, std::string approach, std::optional<TreatmentId> of = {}) {
  Session s;
  s.on = kStart.plus_days(day);
  s.approach = std::move(approach);
  s.treatment = of;
  return s;
}
Adequacy judge(const Treatment& t, int day, std::vector<Report> reports = {}, std::vector<Session> sessions = {}) {
  return adequacy(t, reports, sessions, rules(), kStart.plus_days(day));
}

TEST(Dose, IsReadOnlyWhereThereIsNoDoubt) {
  EXPECT_EQ(mg_per_day("50 mg"), 50);
  EXPECT_EQ(mg_per_day("50mg daily"), 50);
  EXPECT_EQ(mg_per_day("37.5 mg bid"), 75);
  EXPECT_EQ(mg_per_day("150 mg XL every morning"), 150);
  EXPECT_EQ(mg_per_day("15 mg PO at bedtime"), 15);
  EXPECT_EQ(mg_per_day("5 mg three times a day"), 15);
  EXPECT_EQ(mg_per_day("20 mg/day"), 20);
  for (const auto* unclear : {"50-100 mg", "1 tablet", "90 mg weekly", "25 mg as needed", "mg", "", "50 mcg", "50", "1.2.3 mg",
                              "0 mg", "50 mg daily, 25 on Sunday", "10 mg/ml"})
    EXPECT_EQ(mg_per_day(unclear), std::nullopt) << unclear;
}

TEST(TreatmentLine, IsWhatTheFieldWrites) {
  auto t = medication("sertraline", "50 mg daily");
  const Date far = kStart.plus_days(300);
  EXPECT_EQ(line(t, far), "sertraline 50 mg daily");
  change(t, 2, "100 mg daily");
  EXPECT_EQ(line(t, far), "sertraline 50 -> 100 mg daily");
  EXPECT_EQ(line(t, kStart.plus_days(13)), "sertraline 50 mg daily") << "the change is tomorrow";
  change(t, 4, "100 mg bid");
  EXPECT_EQ(line(t, far), "sertraline 50 mg daily -> 100 mg daily -> 100 mg bid");
  EXPECT_EQ(line(medication("problem-solving treatment", std::nullopt), far), "problem-solving treatment");
  auto slow = medication("venlafaxine", "37.5 mg");
  for (int week = 1; week <= 5; ++week) change(slow, week, std::to_string(75 * week) + " mg");
  EXPECT_EQ(line(slow, far), "venlafaxine 37.5 -> ... -> 300 -> 375 mg");
}

TEST(Adequacy, FourWeeksAtTheMinimumDose) {
  const auto t = medication("Sertraline", "50 mg daily");
  EXPECT_EQ(judge(t, 27).result, Answer::no);
  EXPECT_EQ(judge(t, 28).result, Answer::yes);
  EXPECT_EQ(judge(t, 28).weeks, 4);
  EXPECT_EQ(judge(t, 28).why, "4 weeks at 50 mg a day or more; 4 are needed");
  EXPECT_NE(judge(t, 28).citation.find("Sackeim"), std::string::npos);
}

TEST(Adequacy, TheClockStartsWhenTheDoseIsHighEnough) {
  auto t = medication("sertraline", "25 mg");
  change(t, 2, "50 mg");
  EXPECT_EQ(judge(t, 41).result, Answer::no);
  EXPECT_EQ(judge(t, 42).result, Answer::yes);
  change(t, 7, "100 mg");
  EXPECT_EQ(judge(t, 60).weeks, 6) << "a higher dose goes on, it does not start anew";
  change(t, 9, "25 mg");
  EXPECT_EQ(judge(t, 100).weeks, 7) << "and ends when the dose is too low";
}

TEST(Adequacy, AStoppedTrialCountsToItsStop) {
  auto t = medication("citalopram", "20 mg");
  t.stop_date = kStart.plus_days(27);
  EXPECT_EQ(judge(t, 300).result, Answer::no);
  t.stop_date = kStart.plus_days(28);
  EXPECT_EQ(judge(t, 300).result, Answer::yes);
}

TEST(Adequacy, WhatWasNotTakenDoesNotCount) {
  const auto t = medication("sertraline", "50 mg");
  EXPECT_EQ(judge(t, 60, {report(t, 10, "as_planned"), report(t, 20, "as_planned")}).result, Answer::yes);
  EXPECT_EQ(judge(t, 60, {report(t, 20, "some")}).result, Answer::unknown);
  const auto gap = judge(t, 60, {report(t, 20, "none"), report(t, 34, "as_planned")});
  EXPECT_EQ(gap.result, Answer::no);
  EXPECT_EQ(gap.weeks, 3) << "day 34 to day 60";
  EXPECT_EQ(judge(t, 62, {report(t, 34, "as_planned"), report(t, 20, "none")}).result, Answer::yes) << "in any order";
  const auto other = medication("trazodone", "50 mg", 2);
  EXPECT_EQ(judge(t, 60, {report(other, 20, "none")}).result, Answer::yes) << "another treatment's report";
}

TEST(Adequacy, WhatCannotBeKnownIsUnknown) {
  EXPECT_EQ(judge(medication("St John's wort", "300 mg"), 90).result, Answer::unknown);
  EXPECT_EQ(judge(medication("sertraline", "1 tablet"), 90).result, Answer::unknown);
  EXPECT_EQ(judge(medication("sertraline", std::nullopt), 90).result, Answer::unknown);
  EXPECT_EQ(judge(medication("Zoloft (sertraline) 50", "50 mg"), 90).result, Answer::yes) << "brand names and notes";
}

TEST(Adequacy, PsychotherapyCountsItsSessions) {
  Treatment t = medication("Problem-solving treatment", std::nullopt);
  t.kind = "psychotherapy";
  std::vector<Session> sessions;
  for (int i = 0; i < 5; ++i) sessions.push_back(session(7 * i, "pst", t.id));
  sessions.push_back(session(3, "cbt"));
  sessions.push_back(session(-7, "pst"));
  EXPECT_EQ(judge(t, 60, {}, sessions).result, Answer::no);
  EXPECT_EQ(judge(t, 60, {}, sessions).why, "5 sessions; 6 are needed");
  sessions.push_back(session(40, "pst"));
  EXPECT_EQ(judge(t, 60, {}, sessions).result, Answer::yes) << "one that names no treatment counts by its approach";
  t.name = "talking";
  EXPECT_EQ(judge(t, 60, {}, {}).result, Answer::unknown);
}

TEST(Trial, TheClockOfThePlan) {
  auto t = medication("sertraline", "50 mg");
  change(t, 4, "100 mg");
  ScoreSeries scores{"phq-9", true, {}};
  for (const auto& [day, total] : std::vector<std::pair<int, int>>{{-3, 20}, {27, 16}, {35, 12}, {49, 14}, {200, 2}})
    scores.points.push_back({kStart.plus_days(day), static_cast<double>(total)});
  const auto out = trial({t}, {}, {}, scores, rules(), kStart.plus_days(28 + 41));
  EXPECT_EQ(out.plan_since, kStart.plus_days(28));
  EXPECT_EQ(out.weeks_on_plan, 5);
  EXPECT_EQ(out.last_change->what, "dose");
  EXPECT_EQ(out.last_change->line, "sertraline 50 -> 100 mg");
  EXPECT_EQ(out.at_change->total, 16);
  EXPECT_EQ(out.best->total, 12);
  EXPECT_EQ(out.current->total, 14);
  EXPECT_EQ(out.best_change, -4);
  EXPECT_EQ(out.best_percent, -25);
  EXPECT_EQ(out.current_percent, -12.5);
  EXPECT_EQ(out.adequate, Answer::yes);
  ASSERT_EQ(out.lines.size(), 1u);
  EXPECT_EQ(out.lines[0], "sertraline 50 -> 100 mg, 9 weeks");
}

TEST(Trial, BestIsHighestWhereHigherIsBetter) {
  ScoreSeries scores{"who-5", false, {{kStart, 20}, {kStart.plus_days(7), 60}, {kStart.plus_days(14), 40}}};
  EXPECT_EQ(trial({medication("sertraline", "50 mg")}, {}, {}, scores, rules(), kStart.plus_days(20)).best->total, 60);
}

TEST(Trial, ASwitchOnOneDayIsAStart) {
  auto old = medication("citalopram", "20 mg", 1);
  old.stop_date = kStart.plus_days(30);
  auto fresh = medication("sertraline", "50 mg", 2);
  fresh.start_date = kStart.plus_days(30);
  for (const auto& order : {std::vector<Treatment>{old, fresh}, std::vector<Treatment>{fresh, old}}) {
    const auto out = trial(order, {}, {}, {}, rules(), kStart.plus_days(37));
    EXPECT_EQ(out.last_change->what, "start");
    EXPECT_EQ(out.last_change->treatment, id_of(2));
    EXPECT_EQ(out.adequate, Answer::no);
    EXPECT_EQ(out.lines.size(), 1u);
  }
}

TEST(Trial, WithoutATreatmentThereIsNothingToWaitFor) {
  const auto none = trial({}, {}, {}, {}, rules(), kStart);
  EXPECT_FALSE(none.plan_since || none.weeks_on_plan || none.last_change || none.best);
  EXPECT_EQ(none.adequate, Answer::no);
  EXPECT_EQ(none.why, "No treatment at present");
  EXPECT_EQ(trial({}, {}, {}, {}, rules(), kStart, "es").why, "Ningún tratamiento en curso");
}

TEST(TrialRules, EveryNumberHasASource) {
  EXPECT_EQ(rules().minimum_weeks, 4);
  EXPECT_EQ(rules().review_after_weeks, 10);
  EXPECT_FALSE(rules().weeks_source.empty() || rules().review_source.empty() || rules().dose_source.empty() ||
               rules().sessions_source.empty());
}

TEST(TrialRules, RefusesAFileWithHoles) {
  const auto wrong = load_trial_rules(
      R"({"name":"x","version":"1","review_after_weeks":{"value":0,"source":"s"},"medication":{"minimum_weeks":{"value":4},"dose_source":"s","minimum_mg_per_day":[{"name":"a","mg":1},{"name":"b","aliases":["A"],"mg":2}]},"psychotherapy":{"source":"s","minimum_sessions":[{"approach":"hypnosis","sessions":1}]}})");
  ASSERT_FALSE(wrong.has_value());
  std::string paths;
  for (const auto& issue : wrong.error().issues) paths += issue.path + " ";
  EXPECT_EQ(paths,
            "review_after_weeks.value medication.minimum_weeks.source medication.minimum_mg_per_day[1].aliases[0] "
            "psychotherapy.minimum_sessions[0].approach ");
}

}  // namespace
}  // namespace concord::treatments
