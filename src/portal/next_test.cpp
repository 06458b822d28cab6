#include "portal/next.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace concord::portal {
namespace {

const Words& words() {
  static const Words loaded =
      std::move(load_words(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "portal" / "words.json").value());
  return loaded;
}

const Date kToday = Date::ymd(2026, 3, 3);

/// Everything at once.
NextFacts everything() {
  NextFacts f;
  f.today = kToday;
  f.check_in = NextFacts::CheckIn{Uuid{}, kToday.plus_days(3)};
  f.decision = NextFacts::Decision{"therapy-medicine-or-both", "Therapy, medicine or both"};
  f.visit = NextFacts::Visit{Uuid{}, Instant{}, kToday.plus_days(1), "Wednesday 4 March, 10:00, with Dana"};
  f.goal = NextFacts::Goal{Uuid{}, "I will walk."};
  f.messages = {Uuid{}, 2};
  f.reading = NextFacts::Reading{"sleep", "Sleep"};
  f.safety_plan_wanted = true;
  f.next_contact = kToday.plus_days(7);
  return f;
}
std::string kind(const NextFacts& f) { return std::string(next_for(f, words(), "en").kind); }

TEST(NextForYou, ShowsOneCardInAFixedOrder) {
  NextFacts f = everything();
  EXPECT_EQ(kind(f), "check_in");
  f.check_in.reset();
  EXPECT_EQ(kind(f), "decision");
  f.decision.reset();
  EXPECT_EQ(kind(f), "visit");
  f.visit.reset();
  EXPECT_EQ(kind(f), "goal");
  f.goal.reset();
  EXPECT_EQ(kind(f), "message");
  f.messages = {};
  EXPECT_EQ(kind(f), "reading");
  f.reading.reset();
  EXPECT_EQ(kind(f), "safety_plan");
  f.safety_plan_wanted = false;
  EXPECT_EQ(kind(f), "nothing");
}

TEST(NextForYou, AVisitNextWeekIsNotSoon) {
  NextFacts f = everything();
  f.check_in.reset();
  f.decision.reset();
  f.visit->on = kToday.plus_days(2);
  EXPECT_EQ(kind(f), "goal");
  f.visit->on = kToday;
  EXPECT_EQ(kind(f), "visit");
}

TEST(NextForYou, NothingSaysWhenTheTeamWillBeInTouch) {
  NextFacts f;
  f.today = kToday;
  EXPECT_EQ(next_for(f, words(), "en").text, "Your team will be in touch. You can write to them at any time.");
  f.next_contact = kToday.plus_days(7);
  EXPECT_EQ(next_for(f, words(), "en").text, "Your team plans to be in touch on 10 March.");
  EXPECT_EQ(next_for(f, words(), "es").text, "Su equipo piensa ponerse en contacto el 10 de marzo.");
  f.next_contact = kToday.plus_days(-1);
  EXPECT_EQ(next_for(f, words(), "en").text, "Your team will be in touch. You can write to them at any time.")
      << "the day is past";
  f.visit = NextFacts::Visit{Uuid{}, Instant{}, kToday.plus_days(9), "Thursday 12 March, 10:00, with Dana"};
  EXPECT_EQ(next_for(f, words(), "en").text, "Your next visit: Thursday 12 March, 10:00, with Dana");
  EXPECT_FALSE(next_for(f, words(), "en").act) << "there is nothing to press";
}

TEST(NextForYou, ATrustedPersonIsNotAskedForThePatientsSafetyPlan) {
  NextFacts f;
  f.today = kToday;
  f.safety_plan_wanted = true;
  f.is_self = false;
  EXPECT_EQ(kind(f), "nothing");
}

TEST(NextForYou, SaysByWhenTheAnswersAreWanted) {
  NextFacts f;
  f.today = kToday;
  f.check_in = NextFacts::CheckIn{Uuid{}, kToday.plus_days(3)};
  EXPECT_EQ(next_for(f, words(), "en").text, "Your team asks how you are. Please answer by 6 March.");
  f.check_in->due = kToday.plus_days(-3);
  EXPECT_EQ(next_for(f, words(), "en").text, "Your team asks how you are. It takes a few minutes.")
      << "nobody is scolded for being late";
}

TEST(PortalWords, EveryTextHasTheSameGapsInBothLanguages) {
  EXPECT_TRUE(parse_words(R"({"about":"x","review":"x","words":{"a":{"en":"One {}","es":"Uno {}"}}})").has_value());
  const auto wrong = parse_words(R"({"about":"x","review":"x","words":{"a":{"en":"One {}","es":"Uno"},"b":{"en":"x","es":""}}})");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().issues.size(), 2U);
}

TEST(PortalWords, SayDaysAsPeopleDo) {
  EXPECT_EQ(day_words(Date::ymd(2026, 3, 10), kToday, "en"), "10 March");
  EXPECT_EQ(day_words(Date::ymd(2025, 3, 10), kToday, "en"), "10 March 2025");
  EXPECT_EQ(day_words(Date::ymd(2025, 3, 10), kToday, "es"), "10 de marzo de 2025");
  EXPECT_EQ(month_words(Date::ymd(2026, 1, 10), kToday, "en"), "January");
  EXPECT_EQ(number_words(14), "14");
  EXPECT_EQ(number_words(4.25), "4.2");
}

TEST(PortalWords, KnowARoleByItsPlainName) {
  EXPECT_EQ(words().role("care_manager", "en"), "care manager");
  EXPECT_EQ(words().role("shaman", "en"), "your team");
}

}  // namespace
}  // namespace concord::portal
