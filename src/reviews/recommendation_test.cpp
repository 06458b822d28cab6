#include "reviews/recommendation.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "reviews/reviews.h"

namespace concord::reviews {
namespace {

const Date kDay = Date::ymd(2026, 3, 4);
const Instant kNow = *parse_instant("2026-03-04T15:00:00Z");

// The drawing of recommendation.h once more, by hand: state -> act -> state. What is not here must be refused.
const std::map<State, std::map<Act, State>> kTable = {
    {State::draft, {{Act::send, State::sent}, {Act::note, State::noted}, {Act::withdraw, State::withdrawn}}},
    {State::noted, {}},
    {State::sent,
     {{Act::open, State::read},
      {Act::accept, State::accepted},
      {Act::modify, State::modified},
      {Act::decline, State::declined},
      {Act::withdraw, State::withdrawn}}},
    {State::read,
     {{Act::accept, State::accepted},
      {Act::modify, State::modified},
      {Act::decline, State::declined},
      {Act::withdraw, State::withdrawn}}},
    {State::accepted, {{Act::finish, State::done}, {Act::withdraw, State::withdrawn}}},
    {State::modified, {{Act::finish, State::done}, {Act::withdraw, State::withdrawn}}},
    {State::declined, {}},
    {State::done, {{Act::adequate, State::adequate_trial}, {Act::not_adequate, State::not_adequate}}},
    {State::adequate_trial, {}},
    {State::not_adequate, {{Act::adequate, State::adequate_trial}}},
    {State::withdrawn, {}},
};

TEST(Recommendation, MovesAlongTheDrawingAndNowhereElse) {
  for (const State from : kStates)
    for (const Act act : kActs) {
      const auto& row = kTable.at(from);
      const auto expected = row.find(act);
      const auto to = next(from, act);
      if (expected == row.end()) EXPECT_FALSE(to.has_value()) << name(from) << " --" << name(act) << "-->";
      else EXPECT_EQ(to, expected->second) << name(from) << " --" << name(act) << "-->";
    }
}

TEST(Recommendation, RefusesAnActWithASentenceAndChangesNothing) {
  for (const State from : kStates)
    for (const Act act : kActs) {
      if (next(from, act)) continue;
      Recommendation r;
      r.kind = "increase";
      r.state = from;
      const auto refused = take(r, act, kDay, kNow);
      ASSERT_FALSE(refused.has_value());
      EXPECT_EQ(refused.error().code, ErrorCode::conflict);
      EXPECT_NE(refused.error().text.find("nothing was changed"), std::string::npos) << refused.error().text;
      EXPECT_EQ(r.state, from);
      EXPECT_FALSE(r.answered_date || r.sent_date || r.done_date || r.ended_date);
    }
}

TEST(Recommendation, EveryStateReachesAnEnd) {
  for (const std::string& kind : std::vector<std::string>{"increase", "labs"})
    for (const State start : kStates) {
      std::set<State> seen{start};
      bool ends = false;
      for (bool grew = true; grew;) {
        grew = false;
        for (const State s : std::set<State>(seen)) {
          Recommendation r;
          r.kind = kind;
          r.state = s;
          ends = ends || is_over(r);
          for (const Act act : kActs)
            if (const auto to = next(s, act); to && seen.insert(*to).second) grew = true;
        }
      }
      EXPECT_TRUE(ends) << kind << " from " << name(start);
    }
}

TEST(Recommendation, AnsweringAWithdrawnOneSaysSo) {
  Recommendation r;
  r.state = State::withdrawn;
  EXPECT_NE(take(r, Act::accept, kDay, kNow).error().text.find("withdrawn"), std::string::npos);
}

TEST(Recommendation, KeepsTheDayOfEachStep) {
  Recommendation r;
  r.kind = "start";
  ASSERT_TRUE(take(r, Act::send, kDay, kNow));
  ASSERT_TRUE(take(r, Act::open, kDay.plus_days(1), kNow));
  ASSERT_TRUE(take(r, Act::modify, kDay.plus_days(2), kNow));
  ASSERT_TRUE(take(r, Act::finish, kDay.plus_days(3), kNow));
  EXPECT_EQ(r.ended_date, std::nullopt) << "the trial has to be judged";
  ASSERT_TRUE(take(r, Act::not_adequate, kDay.plus_days(30), kNow));
  EXPECT_EQ(r.ended_date, kDay.plus_days(30));
  ASSERT_TRUE(take(r, Act::adequate, kDay.plus_days(60), kNow)) << "it was gone on with";
  EXPECT_EQ(r.sent_date, kDay);
  EXPECT_EQ(r.read_at, kNow);
  EXPECT_EQ(r.answered_date, kDay.plus_days(2));
  EXPECT_EQ(r.done_date, kDay.plus_days(3));
  EXPECT_EQ(r.ended_date, kDay.plus_days(60));
}

TEST(Recommendation, WithoutATrialEndsWhenItIsDone) {
  Recommendation r;
  r.kind = "labs";
  r.state = State::accepted;
  ASSERT_TRUE(take(r, Act::finish, kDay, kNow));
  EXPECT_TRUE(is_over(r));
  EXPECT_EQ(r.ended_date, kDay);
  EXPECT_FALSE(take(r, Act::adequate, kDay, kNow)) << "there is no trial to judge";
}

TEST(Recommendation, IsSaidInOneSentence) {
  Recommendation r;
  r.kind = "increase";
  r.medication = "sertraline";
  r.dose = "100 mg daily";
  EXPECT_EQ(summary(r, "en"), "Increase sertraline to 100 mg daily");
  EXPECT_EQ(summary(r, "es"), "Aumentar sertraline a 100 mg daily");
  r.text = "Recheck in 4 weeks";
  EXPECT_EQ(summary(r, "en"), "Increase sertraline to 100 mg daily. Recheck in 4 weeks");
  r.medication.reset();
  r.text.clear();
  EXPECT_EQ(summary(r, "en"), "Increase the dose to 100 mg daily");
  r.kind = "start";
  r.medication = "mirtazapine";
  r.dose.reset();
  EXPECT_EQ(summary(r, "en"), "Start mirtazapine");
  r.kind = "continue";
  r.medication.reset();
  EXPECT_EQ(summary(r, "en"), "Continue as is");
  r.kind = "diagnosis_question";
  r.text = "Ask about hypomania";
  EXPECT_EQ(summary(r, "en"), "Ask about hypomania");
}

TEST(Recommendation, NeedsWhatItsKindSays) {
  const auto paths = [](Recommendation r) {
    std::string all;
    for (const auto& issue : check(r, "x.")) all += issue.path + " ";
    return all;
  };
  Recommendation r;
  r.kind = "start";
  EXPECT_EQ(paths(r), "x.medication ");
  r.kind = "increase";
  EXPECT_EQ(paths(r), "x.dose ");
  r.kind = "labs";
  EXPECT_EQ(paths(r), "x.text ");
  r.text = " ";
  EXPECT_EQ(paths(r), "x.text ");
  r.text = "TSH";
  EXPECT_EQ(paths(r), "");
  r.to = UserId();
  EXPECT_EQ(paths(r), "x.to_role ");
}

TEST(Recommendation, OldWordsGoBothWays) {
  for (const std::string& old : std::vector<std::string>{"none", "sent", "accepted", "modified", "declined", "done"}) {
    Review review;
    review.recommendation = "raise the dose";
    review.recommendation_to = old == "none" ? "" : "pcp";
    review.recommendation_state = old;
    review.date = kDay;
    const auto first = first_of(review);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->id.uuid, review.id.uuid);
    Review back;
    back.recommendations.push_back(*first);
    mirror_first(back);
    EXPECT_EQ(back.recommendation_state, old);
    EXPECT_EQ(back.recommendation, "raise the dose");
  }
  EXPECT_FALSE(first_of(Review{}).has_value());
}

}  // namespace
}  // namespace concord::reviews
