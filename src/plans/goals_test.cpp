#include "plans/goals.h"

#include <gtest/gtest.h>

namespace concord::plans {
namespace {

Goal walking() {
  Goal g;
  g.what = "walk";
  g.where_with = "with Marta";
  g.times_per_week = 2;
  g.until = Date::ymd(2026, 6, 1);
  g.confidence = 5;
  g.start_date = g.status_date = g.last_reviewed_date = Date::ymd(2026, 3, 2);
  return g;
}

void tick(Goal& g, Date on, std::string result = "done") {
  g.entries.push_back({{}, on, "check_off", std::move(result), std::nullopt, "", {}});
}

std::string ids(const Goal& g) {
  std::string all;
  for (const auto& m : milestones(g)) all += (all.empty() ? "" : " ") + m.id + "@" + m.on.iso();
  return all;
}

TEST(Goals, AreOneSentenceInTheirOwnLanguage) {
  Goal g = walking();
  EXPECT_EQ(statement(g), "I will walk with Marta, twice a week, until 1 June 2026.");
  g.language = "es-US";
  g.what = "caminar";
  g.where_with = "con Marta";
  EXPECT_EQ(statement(g), "Voy a caminar con Marta, 2 veces a la semana, hasta el 1 de junio de 2026.");
  g.how_often = "los lunes y jueves";
  EXPECT_EQ(statement(g), "Voy a caminar con Marta, los lunes y jueves, hasta el 1 de junio de 2026.") << "own words win";
}

TEST(Goals, DoNotSayTheOpeningTwiceNorTwoFullStops) {
  Goal g = walking();
  g.what = "I will call Ben. ";
  g.where_with = g.how_often = std::nullopt;
  g.times_per_week = 1;
  g.until = std::nullopt;
  EXPECT_EQ(statement(g), "I will call Ben, once a week.");
  g.status = "imported";
  g.what = "Hemoglobin A1c below 7";
  EXPECT_EQ(statement(g), "Hemoglobin A1c below 7") << "not our sentence";
}

TEST(Goals, BelowSevenASmallerStepIsOffered) {
  Goal g = walking();
  EXPECT_TRUE(offer_smaller_step(g));
  g.confidence = 7;
  EXPECT_FALSE(offer_smaller_step(g));
  g.entries.push_back({{}, Date::ymd(2026, 3, 9), "review", "stuck", 6, "", {}});
  EXPECT_TRUE(offer_smaller_step(g)) << "what was said last counts";
  g.status = "reached";
  EXPECT_FALSE(offer_smaller_step(g));
}

TEST(Goals, CountWeeksWithATickOfTheLastFourAndNothingElse) {
  Goal g = walking();
  EXPECT_EQ(recent_weeks(g, Date::ymd(2026, 3, 1)).of, 0) << "before it began";
  EXPECT_EQ(recent_weeks(g, Date::ymd(2026, 3, 2)).of, 1);
  tick(g, Date::ymd(2026, 3, 8));  // week 1, its last day
  tick(g, Date::ymd(2026, 3, 9));  // week 2, its first day
  tick(g, Date::ymd(2026, 3, 10), "something_else");
  auto weeks = recent_weeks(g, Date::ymd(2026, 3, 23));  // week 4
  EXPECT_EQ(weeks.done, 2);
  EXPECT_EQ(weeks.of, 4);
  weeks = recent_weeks(g, Date::ymd(2026, 3, 30));  // week 5: the first has left
  EXPECT_EQ(weeks.done, 1);
  EXPECT_EQ(weeks.of, 4);
}

TEST(Goals, MilestonesAreNoticedOnTheirDayAndSomethingElseCounts) {
  Goal g = walking();
  EXPECT_EQ(ids(g), "");
  tick(g, Date::ymd(2026, 3, 3), "something_else");
  EXPECT_EQ(ids(g), "first_time@2026-03-03");
  for (int i = 0; i < 4; ++i) tick(g, Date::ymd(2026, 3, 3).plus_days(7 * i));
  EXPECT_EQ(ids(g), "first_time@2026-03-03 times_5@2026-03-24 weeks_4@2026-03-24");
}

TEST(Goals, AGapTakesNothingAway) {
  Goal g = walking();
  for (const int week : {0, 1, 9, 20}) tick(g, g.start_date.plus_days(7 * week));
  EXPECT_EQ(ids(g), "first_time@2026-03-02 weeks_4@2026-07-20") << "four different weeks, far apart";
}

TEST(Goals, MoreConfidenceThanAtTheStartIsAMilestoneOnce) {
  Goal g = walking();
  g.entries.push_back({{}, Date::ymd(2026, 3, 9), "review", "some", 6, "", {}});
  EXPECT_EQ(ids(g), "");
  g.entries.push_back({{}, Date::ymd(2026, 3, 16), "review", "going_well", 7, "", {}});
  g.entries.push_back({{}, Date::ymd(2026, 3, 23), "review", "going_well", 9, "", {}});
  EXPECT_EQ(ids(g), "confidence_up@2026-03-16");
  // The first words count, not the later ones: somebody rewrote the goal in between.
  g.revisions.push_back({1, "I will walk.", 8, std::nullopt, std::nullopt, Date::ymd(2026, 3, 4), {}});
  EXPECT_EQ(ids(g), "") << "was sure at the start";
}

TEST(Goals, ReachedIsTheLastMilestone) {
  Goal g = walking();
  tick(g, Date::ymd(2026, 3, 3));
  g.status = "reached";
  g.status_date = Date::ymd(2026, 4, 1);
  EXPECT_EQ(ids(g), "first_time@2026-03-03 reached@2026-04-01");
  for (const auto language : {"en", "es"})
    for (const auto id : {"first_time", "times_5", "times_50", "weeks_12", "confidence_up", "reached"})
      EXPECT_FALSE(milestone_text(id, language).empty());
  EXPECT_EQ(milestone_text("times_25", "en"), "Done 25 times");
  EXPECT_EQ(milestone_text("weeks_4", "es"), "Hecho en 4 semanas distintas");
}

}  // namespace
}  // namespace concord::plans
