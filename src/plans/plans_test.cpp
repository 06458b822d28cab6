#include "plans/plans.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "plans/decision_aid.h"

namespace concord::plans {
namespace {

Plan care_plan() {
  Plan plan;
  PlanVersion v;
  v.content.wants = "Sleep through the night";
  v.content.steps = {{"Walk after lunch", "Ana", std::nullopt}};
  plan.versions = {v};
  return plan;
}

std::string paths(const Result<void>& result) {
  std::string all;
  if (!result)
    for (const auto& issue : result.error().issues) all += (all.empty() ? "" : " ") + issue.path;
  return all;
}

TEST(Plans, TakeEffectOnlyWithThePatientsAgreement) {
  Plan plan = care_plan();
  auto result = may_take_effect(plan);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::conflict);
  EXPECT_EQ(paths(result), "patient_view");
  plan.versions[0].patient_view = "wants_something_else";
  EXPECT_EQ(paths(may_take_effect(plan)), "patient_view");
  for (const auto view : {"agreed", "agreed_with_reservation"}) {
    plan.versions[0].patient_view = view;
    EXPECT_TRUE(may_take_effect(plan)) << view;
  }
  plan.versions[0].state = "in_effect";
  EXPECT_EQ(may_take_effect(plan).error().code, ErrorCode::conflict) << "already is";
}

TEST(Plans, ThatSayTooLittleDoNotTakeEffect) {
  Plan plan = care_plan();
  plan.versions[0].patient_view = "agreed";
  plan.versions[0].content = {};
  EXPECT_EQ(paths(may_take_effect(plan)), "content.wants content.steps");
  plan.kind = "relapse_prevention";
  EXPECT_EQ(paths(may_take_effect(plan)), "content.warning_signs content.contacts content.written_with");
  auto& c = plan.versions[0].content;
  c.warning_signs = {"sleeping badly"};
  c.contacts = {{"Dana", "555-0100", "weekdays"}};
  c.written_with = {"caregiver"};
  EXPECT_EQ(paths(may_take_effect(plan)), "content.written_with") << "not behind the patient's back";
  c.written_with = {"caregiver", "patient"};
  EXPECT_TRUE(may_take_effect(plan));
}

TEST(Plans, WordsThePatientHasSeenAreFixed) {
  Plan plan = care_plan();
  EXPECT_TRUE(may_be_edited(plan));
  plan.versions[0].patient_view = "wants_something_else";
  EXPECT_FALSE(may_be_edited(plan));
  plan.versions[0].patient_view = "not_asked";
  plan.versions[0].state = "in_effect";
  EXPECT_FALSE(may_be_edited(plan));
}

TEST(Plans, FromElsewhereOrEndedAreNotChanged) {
  Plan plan = care_plan();
  plan.kind = "imported";
  plan.versions[0].patient_view = "agreed";
  EXPECT_FALSE(may_be_changed(plan));
  EXPECT_FALSE(may_take_effect(plan));
  plan.kind = "care_plan";
  plan.status = "ended";
  EXPECT_FALSE(may_take_effect(plan));
}

TEST(Plans, ContentReadsBackAsItWasWritten) {
  Content c;
  c.wants = "Dormir \"bien\"";
  c.steps = {{"Caminar", "Ana", Date::ymd(2026, 4, 1)}, {"Llamar", "Dana", std::nullopt}};
  c.written_with = {"patient", "interpreter"};
  EXPECT_EQ(encode("care_plan", decode("care_plan", encode("care_plan", c))), encode("care_plan", c));
  Content r;
  r.warning_signs = {"no sleep", "no calls"};
  r.helps = {"walking"};
  r.contacts = {{"Dana", "555-0100", "weekdays 8 to 5"}};
  r.maintenance = "sertraline 100 mg for 6 months";
  EXPECT_EQ(encode("relapse_prevention", decode("relapse_prevention", encode("relapse_prevention", r))),
            encode("relapse_prevention", r));
}

TEST(Plans, GivenMembersReplaceAndOthersStay) {
  Content c;
  c.wants = "Sleep";
  c.barriers = "Night shifts";
  c.steps = {{"Walk", "", std::nullopt}};
  const auto document = *json::Document::parse(R"({"barriers":null,"steps":[{"text":"Swim"},{"text":"Rest"}]})");
  json::Issues issues;
  read_content(json::Cursor(document.root(), issues), "care_plan", c);
  EXPECT_TRUE(issues.empty());
  EXPECT_EQ(c.wants, "Sleep");
  EXPECT_EQ(c.barriers, "");
  ASSERT_EQ(c.steps.size(), 2u);
  EXPECT_EQ(c.steps[1].text, "Rest");
}

TEST(Plans, AMemberOfAnotherKindOfPlanIsRefused) {
  const auto document = *json::Document::parse(R"({"warning_signs":["x"],"steps":[{"text":" "}]})");
  json::Issues issues;
  Content c;
  read_content(json::Cursor(document.root(), issues), "care_plan", c);
  ASSERT_EQ(issues.list().size(), 2u);
  EXPECT_EQ(issues.list()[0].path, "warning_signs");
  EXPECT_EQ(issues.list()[1].path, "steps[0].text");
}

// Decision aids

const std::filesystem::path kAids = std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "decision_aids";

std::string text_of(const std::string& file) {
  std::ifstream in(kAids / file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The issues of perinatal-treatment.json after one replacement in its text.
std::string issues_after(const std::string& from, const std::string& to) {
  std::string text = text_of("perinatal-treatment.json");
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto aid = parse_aid("perinatal-treatment.json", text);
  std::string all;
  if (!aid)
    for (const auto& issue : aid.error().issues) all += issue.path + ": " + issue.text + "\n";
  return all;
}

TEST(DecisionAids, AllFourLoadInBothLanguages) {
  const auto library = load_aids(kAids);
  ASSERT_TRUE(library) << (library ? "" : library.error().issues[0].path + " " + library.error().issues[0].text);
  std::set<std::string> ids;
  for (const auto& aid : library->all()) {
    ids.insert(aid.id);
    std::size_t none = 0;
    for (const auto& option : aid.options) none += option.none ? 1 : 0;
    EXPECT_EQ(none, 1u) << aid.id;
    EXPECT_EQ(aid.review_es, "awaiting clinical review") << aid.id;
    for (const auto& issue : aid.issues) EXPECT_EQ(issue.answers.size(), aid.options.size()) << aid.id << " " << issue.id;
    for (const auto language : {"en", "es"}) {
      std::string out;
      json::Writer w(out);
      write_aid(w, aid, language);
      EXPECT_TRUE(json::Document::parse(out)) << aid.id;
      EXPECT_NE(out.find("988"), std::string::npos) << "help is on every page";
      EXPECT_NE(out.find("911"), std::string::npos);
    }
  }
  EXPECT_EQ(ids, (std::set<std::string>{"alcohol-treatment", "antidepressant-by-issue", "perinatal-treatment",
                                        "therapy-medicine-or-both"}));
}

TEST(DecisionAids, AnOptionWithoutTreatmentIsNeverMissing) {
  EXPECT_NE(issues_after("\"none\": true", "\"none\": false").find("options: needs an option without treatment now"),
            std::string::npos);
}

TEST(DecisionAids, EveryOptionAnswersEveryQuestion) {
  EXPECT_NE(issues_after("\"option\": \"watch\"", "\"option\": \"both\"")
                .find("issues[0].answers: needs exactly one answer for the option \"watch\""),
            std::string::npos);
}

TEST(DecisionAids, NumbersNeedASourceAndTheSameFrame) {
  const auto issues = issues_after("\"harm\": {", "\"harm\": {\"per_100\": 12,");
  EXPECT_NE(issues.find("harm: has a number and needs its source"), std::string::npos) << issues;
  EXPECT_NE(issues.find("mixes numbers and words"), std::string::npos) << issues;
  EXPECT_NE(issues_after("Helps many with mood and worry.", "Helps 60 % with mood.").find("says a percentage in words"),
            std::string::npos);
}

TEST(DecisionAids, BenefitAndHarmAreToldAtLikeLength) {
  EXPECT_NE(
      issues_after("Takes some weeks and needs time with a baby.", std::string(300, 'x')).find("very different length (en)"),
      std::string::npos);
}

TEST(DecisionAids, SpanishIsNotOptional) {
  const auto issues = issues_after("\"es\": \"Terapia\"", "\"es\": \" \"");
  EXPECT_NE(issues.find("perinatal-treatment.json: options[0].name.es: must not be empty"), std::string::npos) << issues;
}

TEST(DecisionAids, TheIdIsTheFilesName) {
  const auto aid = parse_aid("other.json", text_of("perinatal-treatment.json"));
  ASSERT_FALSE(aid);
  EXPECT_EQ(aid.error().issues[0].path, "other.json: id");
  const auto broken = parse_aid("other.json", "{");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::bad_file);
  EXPECT_FALSE(load_aids(kAids / "nowhere"));
}

}  // namespace
}  // namespace concord::plans
