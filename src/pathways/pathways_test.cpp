#include "pathways/pathways.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace concord::pathways {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = CONCORD_SOURCE_DIR;

const instruments::Library& instruments_here() {
  static const instruments::Library loaded = std::move(instruments::load_library(kRoot / "instruments").value());
  return loaded;
}
/// By name only: whether the aids themselves are whole is tested in plans.
bool is_aid(std::string_view id) { return fs::exists(kRoot / "content" / "decision_aids" / (std::string(id) + ".json")); }

const Library& library() {
  static const Library loaded = [] {
    auto result = load_pathways(kRoot / "pathways", instruments_here(), is_aid);
    if (!result)
      for (const auto& issue : result.error().issues) ADD_FAILURE() << issue.path << " " << issue.text;
    return result ? std::move(*result) : Library();
  }();
  return loaded;
}

const Pathway& pathway(std::string_view id) {
  const auto* found = library().find(id);
  if (found == nullptr) throw std::runtime_error("no pathway " + std::string(id));
  return *found;
}

/// The issues of a file after one replacement in its text.
std::string issues_after(const std::string& file, const std::string& from, const std::string& to) {
  std::ifstream in(kRoot / "pathways" / file, std::ios::binary);
  std::stringstream read;
  read << in.rdbuf();
  std::string text = read.str();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto parsed = parse_pathway(file, text, instruments_here(), is_aid);
  std::string all;
  if (!parsed)
    for (const auto& issue : parsed.error().issues) all += issue.path + ": " + issue.text + "\n";
  return all;
}

/// Jan 2026, day by number.
Date jan(int day) { return Date::ymd(2026, 1, 1).plus_days(day - 1); }

Facts enrolled() {
  Facts f;
  f.state = episodes::State::active;
  f.begun = jan(5);
  f.enrolled = jan(5);
  return f;
}

/// "phq-9 gad-7 | phq-9@2026-02-04": what is due now, and what later.
std::string due_words(const Pathway& p, const Facts& f, Date today) {
  std::string now, later;
  for (const auto& d : due(p, f, today)) {
    auto& into = d.now ? now : later;
    into += (into.empty() ? "" : " ") + d.use->instrument + (d.use->informant.empty() ? "" : ":" + d.use->informant);
    if (!d.now) into += "@" + d.due_date.iso();
  }
  return now + " | " + later;
}

std::string prompt_ids(const Pathway* p, const Facts& f, Date today) {
  std::string all;
  for (const auto& one : prompts(p, f, today)) all += (all.empty() ? "" : " ") + one.id;
  return all;
}

TEST(Pathways, AllNineAreWhole) {
  std::set<std::string> ids;
  for (const auto& p : library().all()) ids.insert(p.id);
  EXPECT_EQ(ids, (std::set<std::string>{"adult-depression", "adult-anxiety", "ptsd", "perinatal", "older-adult", "substance-use",
                                        "adolescent", "college", "chronic-illness"}));
  for (const auto& p : library().all()) {
    EXPECT_FALSE(p.decision_aids.empty()) << p.id;
    EXPECT_FALSE(p.education.empty()) << p.id;
    EXPECT_FALSE(p.prompts.empty()) << p.id;
    EXPECT_EQ(p.review_es, "awaiting clinical review") << p.id;
  }
}

TEST(Pathways, HoldWhatTheirPopulationNeeds) {
  const auto has = [](const Pathway& p, std::string_view instrument, When when) {
    for (const auto& use : p.instruments)
      if (use.instrument == instrument && use.when == when) return true;
    return false;
  };
  const auto role = [](const Pathway& p, std::string_view word) {
    for (const auto& r : p.team)
      if (r.role == word) return true;
    return false;
  };
  EXPECT_TRUE(has(pathway("perinatal"), "epds", When::cadence));
  EXPECT_TRUE(has(pathway("perinatal"), "mdq", When::intake)) << "bipolar screen before an antidepressant";
  EXPECT_TRUE(role(pathway("perinatal"), "obstetrician"));
  EXPECT_TRUE(role(pathway("perinatal"), "pediatrician"));
  EXPECT_TRUE(has(pathway("older-adult"), "gds-15", When::cadence));
  EXPECT_TRUE(has(pathway("older-adult"), "peg", When::intake));
  EXPECT_TRUE(role(pathway("older-adult"), "caregiver"));
  EXPECT_TRUE(has(pathway("substance-use"), "audit", When::intake));
  EXPECT_TRUE(has(pathway("substance-use"), "dast-10", When::intake));
  EXPECT_EQ(pathway("substance-use").privacy_label, "part2");
  EXPECT_EQ(pathway("adolescent").primary_instrument, "phq-9m");
  EXPECT_EQ(pathway("adolescent").privacy_label, "adolescent_confidential");
  EXPECT_TRUE(has(pathway("adolescent"), "psc-17", When::intake));
  EXPECT_EQ(pathway("college").terms.size(), 2u);
  std::set<std::string> measures;
  for (const auto& m : pathway("chronic-illness").physical_measures) measures.insert(m.id);
  EXPECT_EQ(measures, (std::set<std::string>{"hba1c", "blood-pressure", "ldl"}));
}

TEST(PathwayFiles, EveryMistakeIsNamedWithItsPlace) {
  EXPECT_NE(issues_after("ptsd.json", "\"instrument\": \"isi\"", "\"instrument\": \"iso\"")
                .find("ptsd.json: instruments[5].instrument: is no instrument"),
            std::string::npos);
  EXPECT_NE(issues_after("ptsd.json", "\"antidepressant-by-issue\"", "\"nothing\"").find("is no decision aid"),
            std::string::npos);
  EXPECT_NE(issues_after("ptsd.json", "\"at_least\": 33", "\"at_least\": 81").find("is outside the scores of pcl-5"),
            std::string::npos);
  EXPECT_NE(issues_after("ptsd.json", "\"primary_instrument\": \"pcl-5\"", "\"primary_instrument\": \"gad-2\"")
                .find("must be among the instruments with a cadence"),
            std::string::npos);
  EXPECT_NE(issues_after("ptsd.json", "\"from_week\": 0", "\"from_week\": 1").find("must begin with week 0"), std::string::npos);
  EXPECT_NE(issues_after("ptsd.json", "\"missing\": \"mdq\"", "\"missing\": \"mdq\", \"weeks_in_care\": 3")
                .find("needs exactly one condition"),
            std::string::npos);
  EXPECT_NE(issues_after("adolescent.json", "\"informant\": \"parent\"", "\"informant\": \"teacher\"")
                .find("is no informant of psc-17"),
            std::string::npos);
  EXPECT_NE(
      issues_after("perinatal.json", "\"role\": \"obstetrician\"", "\"role\": \"midwife\"").find("is no role of a care team"),
      std::string::npos);
  EXPECT_NE(issues_after("college.json", "\"from\": \"08-25\"", "\"from\": \"02-29\"").find("of every year"), std::string::npos);
  EXPECT_NE(issues_after("college.json", "\"to\": \"05-10\"", "\"to\": \"09-10\"").find("must not overlap"), std::string::npos);
  EXPECT_NE(issues_after("chronic-illness.json", "4548-4", "4548-5").find("wrong check digit"), std::string::npos);
  EXPECT_NE(issues_after("college.json", "\"id\": \"college\"", "\"id\": \"school\"").find("must be the file's name"),
            std::string::npos);
  EXPECT_NE(issues_after("college.json", "\"version\"", "\"versoin\"").find("college.json: versoin"), std::string::npos);
  EXPECT_FALSE(load_pathways(kRoot / "pathways" / "nowhere", instruments_here(), is_aid));
}

TEST(DueInstruments, AtIntakeComeOnceInTheFilesOrder) {
  const auto& p = pathway("adult-depression");
  Facts f;
  f.state = episodes::State::referred;
  f.begun = jan(5);
  EXPECT_EQ(due_words(p, f, jan(5)), "phq-9 gad-7 mdq audit-c dast-10 pc-ptsd-5 | ") << "no cadence before enrolment";
  f.given = {{"phq-9", "self", jan(5), 16, true}, {"gad-7", "self", jan(5), 9, true}, {"mdq", "self", jan(5), 2, true}};
  EXPECT_EQ(due_words(p, f, jan(6)), "audit-c dast-10 pc-ptsd-5 | ");
}

TEST(DueInstruments, AScoreRightBeforeTheReferralIsNotAskedAgain) {
  const auto& p = pathway("adult-depression");
  Facts f;
  f.state = episodes::State::assessed;
  f.begun = jan(20);
  f.given = {{"phq-9", "self", jan(6), 16, true}};  // 14 days before
  EXPECT_EQ(due_words(p, f, jan(20)).rfind("gad-7", 0), 0u);
  f.given[0].on = jan(5);  // 15 days
  EXPECT_EQ(due_words(p, f, jan(20)).rfind("phq-9", 0), 0u);
  f.given = {{"phq-9", "self", jan(20), std::nullopt, false}};
  EXPECT_EQ(due_words(p, f, jan(20)).rfind("phq-9", 0), 0u) << "an invalid form answers nothing";
}

TEST(DueInstruments, FollowTheirCadenceByStateToTheDay) {
  const auto& p = pathway("adult-depression");
  Facts f = enrolled();
  for (const auto* id : {"phq-9", "gad-7", "mdq", "audit-c", "dast-10", "pc-ptsd-5"})
    f.given.push_back({id, "self", jan(5), 1, true});
  EXPECT_EQ(due_words(p, f, jan(34)), " | phq-9@2026-02-04 gad-7@2026-03-06");
  EXPECT_EQ(due_words(p, f, jan(35)), "phq-9 | gad-7@2026-03-06") << "30 days after 5 January";
  const auto late = due(p, f, jan(40));
  EXPECT_EQ(late[0].overdue_days, 5);
  EXPECT_EQ(late[0].last_date, jan(5));
  f.state = episodes::State::relapse_prevention;
  EXPECT_EQ(due_words(p, f, jan(94)), " | phq-9@2026-04-05 gad-7@2026-04-05");
  EXPECT_EQ(due_words(p, f, jan(95)), "phq-9 gad-7 | ");
  f.state = episodes::State::on_hold;
  EXPECT_EQ(due_words(p, f, jan(95)), " | ");
  f.state = episodes::State::closed;
  EXPECT_EQ(due_words(p, f, jan(95)), " | ");
}

TEST(DueInstruments, AFullFormFollowsAPositiveShortOne) {
  const auto& p = pathway("adult-depression");
  Facts f = enrolled();
  for (const auto* id : {"phq-9", "gad-7", "mdq", "dast-10", "pc-ptsd-5"}) f.given.push_back({id, "self", jan(5), 1, true});
  f.given.push_back({"audit-c", "self", jan(5), 2, true});
  EXPECT_EQ(due_words(p, f, jan(6)), " | phq-9@2026-02-04 gad-7@2026-03-06");
  f.given.back().total = 3;
  EXPECT_EQ(due_words(p, f, jan(6)), "audit | phq-9@2026-02-04 gad-7@2026-03-06");
  f.given.push_back({"audit", "self", jan(6), 9, true});
  EXPECT_EQ(due_words(p, f, jan(6)), " | phq-9@2026-02-04 gad-7@2026-03-06") << "answered";
  f.given.push_back({"audit-c", "self", jan(20), 5, true});
  EXPECT_EQ(due_words(p, f, jan(20)), "audit | phq-9@2026-02-04 gad-7@2026-03-06") << "a later positive one asks again";
  f.given.push_back({"audit-c", "self", jan(21), 0, true});
  EXPECT_EQ(due_words(p, f, jan(21)), " | phq-9@2026-02-04 gad-7@2026-03-06") << "the latest counts";
}

TEST(DueInstruments, AParentsFormIsItsOwn) {
  const auto& p = pathway("adolescent");
  Facts f = enrolled();
  f.given = {{"phq-9m", "self", jan(5), 12, true}, {"dast-10", "self", jan(5), 0, true}, {"scared", "parent", jan(5), 12, true}};
  EXPECT_EQ(due_words(p, f, jan(5)), "psc-17:parent scared:child | phq-9m@2026-02-04");
}

TEST(DueInstruments, OfAnEarlierCourseDoNotCount) {
  const auto& p = pathway("adult-anxiety");
  Facts f = enrolled();
  f.given = {{"gad-7", "self", Date::ymd(2025, 6, 1), 12, true}};
  EXPECT_EQ(due_words(p, f, jan(5)).rfind("gad-7", 0), 0u);
}

TEST(Prompts, TheRelapsePlanIsAskedForWhenTheTargetIsReachedWithOrWithoutAPathway) {
  Facts f = enrolled();
  EXPECT_EQ(prompt_ids(nullptr, f, jan(20)), "");
  f.state = episodes::State::relapse_prevention;
  EXPECT_EQ(prompt_ids(nullptr, f, jan(20)), "relapse-prevention-plan");
  EXPECT_EQ(prompts(nullptr, f, jan(20))[0].act, "relapse_prevention_plan");
  f.has_relapse_plan = true;
  EXPECT_EQ(prompt_ids(nullptr, f, jan(20)), "");
  EXPECT_EQ(prompt_ids(&pathway("adult-anxiety"), f, jan(20)).find("relapse-prevention-plan"), std::string::npos);
}

TEST(Prompts, BipolarIsAskedBeforeAnAntidepressantUntilItWas) {
  const auto& p = pathway("perinatal");
  Facts f;
  f.begun = jan(5);
  f.state = episodes::State::assessed;
  const auto has = [&](std::string_view id) {
    return (" " + prompt_ids(&p, f, jan(6)) + " ").find(" " + std::string(id) + " ") != std::string::npos;
  };
  EXPECT_TRUE(has("bipolar-before-antidepressant"));
  EXPECT_TRUE(has("past-bipolar"));
  EXPECT_TRUE(has("baby"));
  EXPECT_TRUE(has("obstetrician"));
  EXPECT_EQ(prompts(&p, f, jan(6))[0].act + " " + prompts(&p, f, jan(6))[0].object, "measure mdq");
  f.given = {{"mdq", "self", jan(5), 3, true}, {"epds", "self", jan(5), 12, true}};
  f.roles = {"obstetrician"};
  f.has_medication = true;
  EXPECT_FALSE(has("bipolar-before-antidepressant"));
  EXPECT_FALSE(has("past-bipolar")) << "a medication goes on";
  EXPECT_FALSE(has("obstetrician"));
  EXPECT_TRUE(has("pediatrician"));
  EXPECT_FALSE(has("epds-raised"));
  f.given.back().total = 13;
  EXPECT_TRUE(has("epds-raised"));
  ASSERT_EQ(missing_roles(p, f).size(), 1u);
  EXPECT_EQ(missing_roles(p, f)[0]->role, "pediatrician");
}

TEST(Prompts, TenWeeksAreCountedFromEnrolment) {
  const auto& p = pathway("adult-depression");
  Facts f = enrolled();
  EXPECT_EQ(prompt_ids(&p, f, jan(5 + 69)).find("ten-weeks"), std::string::npos);
  EXPECT_NE(prompt_ids(&p, f, jan(5 + 70)).find("ten-weeks"), std::string::npos);
}

TEST(Terms, TheNextBreakIsFoundOverTheYearsEnd) {
  const auto& p = pathway("college");
  auto pause = next_break(p, Date::ymd(2026, 11, 22));
  ASSERT_TRUE(pause);
  EXPECT_EQ(pause->from, Date::ymd(2026, 12, 16));
  EXPECT_EQ(pause->to, Date::ymd(2027, 1, 19));
  EXPECT_EQ(pause->days_until, 24);
  EXPECT_EQ(pause->after->name.en, "Fall term");
  pause = next_break(p, Date::ymd(2027, 1, 2));
  EXPECT_EQ(pause->days_until, 0) << "it is now";
  EXPECT_EQ(pause->to, Date::ymd(2027, 1, 19));
  pause = next_break(p, Date::ymd(2027, 1, 20));
  EXPECT_EQ(pause->from, Date::ymd(2027, 5, 11));
  EXPECT_FALSE(next_break(pathway("ptsd"), jan(1)));
  Facts f = enrolled();
  EXPECT_EQ(prompt_ids(&p, f, Date::ymd(2026, 4, 19)).find("before-the-break"), std::string::npos) << "22 days before";
  EXPECT_NE(prompt_ids(&p, f, Date::ymd(2026, 4, 20)).find("before-the-break"), std::string::npos) << "21 days before";
}

TEST(Suggestions, FitConditionAndAge) {
  const auto ids = [](std::string_view condition, std::optional<int> age) {
    std::string all;
    for (const auto* p : suggest(library(), condition, age)) all += (all.empty() ? "" : " ") + p->id;
    return all;
  };
  EXPECT_EQ(ids("ptsd", 40), "ptsd");
  EXPECT_EQ(ids("alcohol_use", std::nullopt), "substance-use");
  EXPECT_EQ(ids("depression", 15).rfind("adolescent", 0), 0u) << "an age fits closer";
  EXPECT_EQ(ids("depression", 66).rfind("older-adult", 0), 0u);
  EXPECT_EQ(ids("depression", 20).rfind("college", 0), 0u);
  EXPECT_EQ(ids("depression", 40).rfind("adult-depression", 0), 0u);
  EXPECT_EQ(ids("depression", 40).find("older-adult"), std::string::npos);
  EXPECT_EQ(ids("", 40), "");
}

}  // namespace
}  // namespace concord::pathways
