#include "caseload/caseload_explain.h"

#include <gtest/gtest.h>

#include <set>

#include "caseload/facts_for_tests.h"
#include "json/value.h"

namespace concord::caseload {
namespace {

const Silence* find(const Explanation& e, Rule rule) {
  for (const Silence& s : e.silences)
    if (s.rule == rule) return &s;
  return nullptr;
}

TEST(Explain, EveryRuleIsALineOrASilenceNeverBoth) {
  const auto facts = Scene1().score(0, 16).contact(3).signal(10).f;
  const auto e = explain(facts, concord_2026(), kMonday.plus_days(20));
  std::set<Rule> all;
  for (const Line& line : e.lines) all.insert(line.rule);
  EXPECT_TRUE(all.contains(Rule::safety_unreviewed));
  EXPECT_TRUE(all.contains(Rule::contact_due));
  for (const Silence& s : e.silences) {
    EXPECT_TRUE(all.insert(s.rule).second) << name(s.rule);
    EXPECT_FALSE(s.reason.empty()) << name(s.rule);
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kRuleCount));
}

TEST(Explain, ASilentRuleSaysWhenItWillSpeakOrWhyNot) {
  auto scene = Scene1().score(0, 20).score(30, 4).contact(3).review(5);
  const auto e = explain(scene.f, concord_2026(), kMonday.plus_days(31));
  ASSERT_NE(find(e, Rule::measure_stale), nullptr);
  EXPECT_EQ(find(e, Rule::measure_stale)->from, kMonday.plus_days(60));
  EXPECT_EQ(find(e, Rule::measure_stale)->reason, "not before 2026-03-06");
  EXPECT_EQ(find(e, Rule::plan_adjust)->reason, "in remission (PHQ-9)");
  EXPECT_EQ(find(e, Rule::review_new)->reason, "reviewed on 2026-01-10");
  EXPECT_EQ(find(e, Rule::relapse)->reason, "asked in relapse prevention only");
  EXPECT_EQ(find(e, Rule::care_manager_missing)->reason, "has a care manager: Dana");
}

TEST(Explain, TheTextNamesRuleOwnerNumbersTheirSourceEvidenceAndCitation) {
  auto scene = Scene1().score(0, 16).contact(3);
  const auto e = explain(scene.f, concord_2026(), kMonday.plus_days(12));
  const std::string text = explanation_text(e, concord_2026());
  for (const std::string_view part : {"Okafor, Ben", "rule set concord-2026 3", "Contact was due", "rule: contact.due, medium",
                                      "owner: care_manager", "parameter: contact.due.early_days = 7 days (COMPASS",
                                      "evidence: Contact, 2026-01-08", "source: Cadence of the COMPASS", "Silent:", "target.met"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  const std::string spanish =
      explanation_text(explain(scene.f, concord_2026(), kMonday.plus_days(12), "es"), concord_2026(), "es");
  EXPECT_NE(spanish.find("En silencio:"), std::string::npos);
  EXPECT_NE(spanish.find("responsable: care_manager"), std::string::npos);
}

TEST(Explain, TheJsonIsWholeAndKeepsLinesThatWerePutOff) {
  auto scene = Scene1().score(0, 16).contact(3);
  scene.f.deferrals.push_back({Rule::contact_due, kMonday.plus_days(11), kMonday.plus_days(20)});
  const auto e = explain(scene.f, concord_2026(), kMonday.plus_days(12));
  const auto json = json::Document::parse(explanation_json(e, concord_2026()));
  ASSERT_TRUE(json.has_value());
  const auto* lines = json->root().find("lines");
  ASSERT_NE(lines, nullptr);
  bool is_marked = false;
  for (const auto& line : lines->items())
    if (line.find("rule")->text() == "contact.due") is_marked = line.find("deferred_until")->text() == "2026-01-25";
  EXPECT_TRUE(is_marked);
  EXPECT_EQ(json->root().find("next_step")->find("owner")->text(), "psychiatric_consultant") << "the review of a new case";
}

}  // namespace
}  // namespace concord::caseload
