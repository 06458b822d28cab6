#include "reminders/reminders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace concord::reminders {
namespace {

const Date kToday = Date::ymd(2026, 3, 4);

std::string rules_text() {
  std::ifstream in(std::filesystem::path(CONCORD_SOURCE_DIR) / "rulesets" / "reminders-2026.json");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class Planning : public ::testing::Test {
 protected:
  Planning() : rules_(*load_rules(rules_text())) {
    pathways::Use phq;
    phq.instrument = "phq-9";
    phq.when = pathways::When::cadence;
    phq.every_days = 30;
    phq.every_days_relapse_prevention = 90;
    auto gad = phq;
    gad.instrument = "gad-7";
    gad.every_days = 60;
    auto mdq = phq;
    mdq.instrument = "mdq";
    mdq.when = pathways::When::intake;
    pathway_.instruments = {mdq, phq, gad};
    facts_.care.state = episodes::State::active;
    facts_.care.begun = kToday.plus_days(-80);
    facts_.care.enrolled = kToday.plus_days(-78);
    facts_.primary_instrument = "phq-9";
    given("phq-9", 30);
    given("gad-7", 20);
  }
  void given(const char* instrument, int days_ago) {
    facts_.care.given.push_back({instrument, "self", kToday.plus_days(-days_ago), 10.0, true});
  }
  void open(int days_ago, int reminders = 0, std::optional<int> reminded_days_ago = std::nullopt) {
    OpenCheckIn one;
    one.id.bytes[0] = 7;
    one.sent_on = kToday.plus_days(-days_ago);
    one.reminders = reminders;
    if (reminded_days_ago) one.reminded_on = kToday.plus_days(-*reminded_days_ago);
    one.instruments = {"phq-9"};
    facts_.open = one;
    facts_.last_message = std::max(one.sent_on, one.reminded_on.value_or(one.sent_on));
    facts_.unanswered = 1;
  }
  void visit(int in_days, bool reminded = false) {
    Visit one;
    one.id.bytes[0] = 9;
    one.on = kToday.plus_days(in_days);
    one.reminded = reminded;
    facts_.visits.push_back(one);
  }
  std::string steps(Date today = kToday, bool with_pathway = true) {
    std::string out;
    const auto is_for_patient = [](std::string_view instrument, std::string_view) { return instrument != "mini-cog"; };
    for (const auto& step : plan(facts_, with_pathway ? &pathway_ : nullptr, rules_, is_for_patient, today)) {
      out += (out.empty() ? "" : "; ") + std::string(name(step.act)) + " " + step.why;
      for (const auto& instrument : step.instruments) out += " " + instrument;
    }
    return out;
  }

  Rules rules_;
  pathways::Pathway pathway_;
  Facts facts_;
};

TEST_F(Planning, AQuestionnaireIsSentOnTheDayItIsDueAndNotBefore) {
  EXPECT_EQ(steps(kToday.plus_days(-1)), "");
  EXPECT_EQ(steps(), "check_in cadence phq-9");
}

TEST_F(Planning, WhatIsDueSoonComesAlongAndWhatIsAskedAtIntakeDoesNot) {
  facts_.care.given[1].on = kToday.plus_days(-57);
  EXPECT_EQ(steps(), "check_in cadence phq-9 gad-7");
  facts_.care.given[1].on = kToday.plus_days(-56);
  EXPECT_EQ(steps(), "check_in cadence phq-9");
}

TEST_F(Planning, NothingIsSentToSomebodyOnHoldClosedDeadOrPaused) {
  for (const auto state :
       {episodes::State::on_hold, episodes::State::closed, episodes::State::referred, episodes::State::assessed}) {
    facts_.care.state = state;
    EXPECT_EQ(steps(), "");
  }
  facts_.care.state = episodes::State::active;
  facts_.setting.paused = true;
  EXPECT_EQ(steps(), "");
  facts_.setting.paused_until = kToday;
  EXPECT_EQ(steps(), "") << "the last day of the pause";
  facts_.setting.paused_until = kToday.plus_days(-1);
  EXPECT_NE(steps(), "");
  facts_.deceased = true;
  visit(1);
  EXPECT_EQ(steps(), "");
}

TEST_F(Planning, ALiveLinkIsCalledToMindAfterThreeDaysTwiceAtMost) {
  open(2);
  EXPECT_EQ(steps(), "");
  open(3);
  EXPECT_EQ(steps(), "again unanswered phq-9");
  open(5, 1, 2);
  EXPECT_EQ(steps(), "");
  open(6, 1, 3);
  EXPECT_EQ(steps(), "again unanswered phq-9");
  open(9, 2, 3);
  EXPECT_EQ(steps(), "") << "no third time";
}

TEST_F(Planning, AMessageThatCameBackIsSentAgainTheNextDay) {
  open(1);
  EXPECT_EQ(steps(), "");
  facts_.open->undelivered = true;
  EXPECT_EQ(steps(), "again undelivered phq-9");
  facts_.reachable = false;
  facts_.why_not = "no_address";
  EXPECT_EQ(steps(), "ask no_address phq-9");
}

TEST_F(Planning, SomebodyWhoDoesNotAnswerIsLeftInPeaceForAWeekAndThenAskedByAPerson) {
  facts_.unanswered = 1;
  facts_.last_message = kToday.plus_days(-6);
  EXPECT_EQ(steps(), "");
  facts_.last_message = kToday.plus_days(-7);
  EXPECT_EQ(steps(), "check_in cadence phq-9");
  facts_.unanswered = 3;
  EXPECT_EQ(steps(), "ask unanswered phq-9");
  facts_.last_asked = kToday.plus_days(-27);
  EXPECT_EQ(steps(), "");
  facts_.last_asked = kToday.plus_days(-28);
  EXPECT_EQ(steps(), "ask unanswered phq-9");
}

TEST_F(Planning, WhomNoMessageReachesIsAskedOnThePhone) {
  facts_.reachable = false;
  facts_.why_not = "stopped";
  visit(1);
  EXPECT_EQ(steps(), "ask stopped phq-9");
}

TEST_F(Planning, TheWeeklyQuestionNeedsTheirWordAndNeverJoinsAnotherMessage) {
  facts_.care.given[0].on = kToday.plus_days(-7);
  EXPECT_EQ(steps(), "");
  facts_.setting.weekly_agreed = true;
  EXPECT_EQ(steps(), "weekly weekly weekly-mood");
  facts_.last_message = kToday.plus_days(-6);
  EXPECT_EQ(steps(), "") << "they were written to this week";
  facts_.last_message = kToday.plus_days(-7);
  given("gad-7", 6);
  EXPECT_EQ(steps(), "") << "they were heard this week";
  facts_.care.given.pop_back();
  facts_.care.given[0].on = kToday.plus_days(-30);
  EXPECT_EQ(steps(), "check_in cadence phq-9") << "the questionnaire takes its place";
  open(2);
  facts_.open->instruments = {"weekly-mood"};
  EXPECT_EQ(steps(), "check_in cadence phq-9") << "also while the weekly question is still open";
  facts_.care.given[0].on = kToday.plus_days(-10);
  open(4);
  facts_.open->instruments = {"weekly-mood"};
  EXPECT_EQ(steps(), "") << "nobody is reminded of one question";
}

TEST_F(Planning, VisitAndQuestionsOfADayAreOneMessage) {
  visit(3);
  EXPECT_EQ(steps(), "check_in cadence phq-9") << "too early for the visit";
  visit(2);
  EXPECT_EQ(steps(), "check_in_before_visit cadence phq-9");
  open(3);
  EXPECT_EQ(steps(), "check_in_before_visit unanswered phq-9");
  open(1);
  EXPECT_EQ(steps(), "visit visit");
  facts_.setting.visits = false;
  EXPECT_EQ(steps(), "");
  facts_.setting.visits = true;
  facts_.visits.back().reminded = true;
  EXPECT_EQ(steps(), "") << "once";
  facts_.visits.clear();
  visit(-1);
  EXPECT_EQ(steps(), "") << "over";
}

TEST_F(Planning, APatientsOwnCadenceTakesThePlaceOfThePathways) {
  facts_.setting.every_days = 14;
  given("phq-9", 14);
  given("gad-7", 12);
  EXPECT_EQ(steps(), "check_in cadence phq-9 gad-7");
  facts_.setting.every_days = 45;
  EXPECT_EQ(steps(), "");
}

TEST_F(Planning, RelapsePreventionAndPatientsWithoutAPathwayHaveTheirOwnDays) {
  facts_.care.state = episodes::State::relapse_prevention;
  EXPECT_EQ(steps(), "");
  facts_.care.given[0].on = kToday.plus_days(-90);
  EXPECT_EQ(steps().find("check_in cadence phq-9"), 0u);
  facts_.care.state = episodes::State::active;
  facts_.care.given[0].on = kToday.plus_days(-27);
  EXPECT_EQ(steps(kToday, false), "");
  facts_.care.given[0].on = kToday.plus_days(-28);
  EXPECT_EQ(steps(kToday, false), "check_in cadence phq-9");
  facts_.primary_instrument = "mini-cog";
  EXPECT_EQ(steps(kToday, false), "") << "nobody can give that to themselves";
}

TEST(ReminderRules, EveryNumberHasASource) {
  ASSERT_TRUE(load_rules(rules_text()));
  auto broken = rules_text();
  const auto at = broken.find("\"source\"");
  broken.replace(at, 8, "\"origin\"");
  const auto loaded = load_rules(broken);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().issues.at(0).path, "gather_days.source");
  EXPECT_FALSE(load_rules("{}"));
}

TEST(ReminderSettings, AreChecked) {
  Setting setting;
  EXPECT_TRUE(check(setting, kToday).empty());
  setting.paused = true;
  EXPECT_EQ(check(setting, kToday).at(0).path, "pause_reason");
  setting.pause_reason = "in hospital";
  setting.paused_until = kToday.plus_days(-1);
  EXPECT_EQ(check(setting, kToday).at(0).path, "paused_until");
  setting.paused_until = kToday;
  EXPECT_TRUE(check(setting, kToday).empty());
  setting.every_days = 6;
  EXPECT_EQ(check(setting, kToday).at(0).path, "every_days");
}

}  // namespace
}  // namespace concord::reminders
