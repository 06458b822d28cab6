#include "episodes/episodes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace concord::episodes {
namespace {

const Date kReferred = Date::ymd(2026, 1, 5), kAssessed = Date::ymd(2026, 1, 7), kEnrolled = Date::ymd(2026, 1, 7);
const Date kToday = Date::ymd(2026, 3, 3);

constexpr State kStates[] = {State::referred, State::assessed,           State::active,
                             State::on_hold,  State::relapse_prevention, State::closed};
constexpr Act kActs[] = {Act::assess, Act::enroll, Act::meet_target, Act::complete,
                         Act::hold,   Act::resume, Act::relapse,     Act::close};

UserId some_user() {
  Uuid id;
  id.bytes[0] = 7;
  return UserId(id);
}

/// An episode that has everything its state asks for.
Episode in(State state) {
  Episode e;
  e.state = state;
  e.referred_date = kReferred;
  e.primary_condition = "depression";
  e.primary_instrument = "phq-9";
  e.billing_practitioner = "Dr Lee";
  e.care_manager = some_user();
  if (state != State::referred) e.assessed_date = kAssessed;
  if (is_enrolled(state)) e.enrolled_date = kEnrolled;
  if (state == State::on_hold) e.on_hold_date = Date::ymd(2026, 2, 1);
  if (state == State::relapse_prevention) e.relapse_prevention_date = Date::ymd(2026, 2, 1);
  if (state == State::closed) {
    e.closed_date = Date::ymd(2026, 2, 1);
    e.close_reason = "declined";
  }
  return e;
}

std::optional<std::string> reason_for(State state, Act act) {
  if (act != Act::close) return std::nullopt;
  return is_enrolled(state) ? "moved" : "declined";
}

TEST(Episodes, EveryActFromEveryStateIsExactlyAsDrawn) {
  const std::map<std::pair<State, Act>, State> drawn{
      {{State::referred, Act::assess}, State::assessed},
      {{State::referred, Act::close}, State::closed},
      {{State::assessed, Act::enroll}, State::active},
      {{State::assessed, Act::close}, State::closed},
      {{State::active, Act::meet_target}, State::relapse_prevention},
      {{State::active, Act::hold}, State::on_hold},
      {{State::active, Act::close}, State::closed},
      {{State::on_hold, Act::resume}, State::active},
      {{State::on_hold, Act::close}, State::closed},
      {{State::relapse_prevention, Act::complete}, State::closed},
      {{State::relapse_prevention, Act::relapse}, State::active},
      {{State::relapse_prevention, Act::close}, State::closed},
  };
  for (const State state : kStates)
    for (const Act act : kActs) {
      SCOPED_TRACE(std::string(name(state)) + " x " + std::string(name(act)));
      const auto after = apply(in(state), act, kToday, {.has_consent = true}, reason_for(state, act));
      const auto arrow = drawn.find({state, act});
      if (arrow != drawn.end()) {
        ASSERT_TRUE(after.has_value());
        EXPECT_EQ(after->state, arrow->second);
      } else {
        ASSERT_FALSE(after.has_value());
        EXPECT_EQ(after.error().code, ErrorCode::conflict);
        EXPECT_EQ(after.error().issues.at(0).path, "act");
      }
    }
}

TEST(Episodes, EnrollingListsEveryMissingPieceAtOnce) {
  Episode e = in(State::assessed);
  e.billing_practitioner.reset();
  e.primary_condition = "";
  e.primary_instrument.reset();
  e.care_manager.reset();
  const auto after = apply(e, Act::enroll, kToday, {.has_consent = false});
  ASSERT_FALSE(after.has_value());
  EXPECT_EQ(after.error().code, ErrorCode::invalid);
  std::set<std::string> paths;
  for (const Issue& issue : after.error().issues) paths.insert(issue.path);
  EXPECT_EQ(paths, (std::set<std::string>{"consent", "billing_practitioner", "primary_condition", "primary_instrument",
                                          "care_manager_id"}));
}

TEST(Episodes, EachGuardOfEnrolmentStandsAlone) {
  auto refused_for = [](auto&& change, bool consent = true) {
    Episode e = in(State::assessed);
    change(e);
    const auto after = apply(e, Act::enroll, kToday, {.has_consent = consent});
    return after || after.error().issues.size() != 1 ? std::string("-") : after.error().issues[0].path;
  };
  EXPECT_EQ(refused_for([](Episode&) {}, false), "consent");
  EXPECT_EQ(refused_for([](Episode& e) { e.billing_practitioner.reset(); }), "billing_practitioner");
  EXPECT_EQ(refused_for([](Episode& e) { e.primary_condition.reset(); }), "primary_condition");
  EXPECT_EQ(refused_for([](Episode& e) { e.primary_instrument = ""; }), "primary_instrument");
  EXPECT_EQ(refused_for([](Episode& e) { e.care_manager = UserId(); }), "care_manager_id");
}

TEST(Episodes, EnrolmentDateIsTheDayOfTheAssessmentEvenWhenTheFormIsFinishedLater) {
  const auto after = apply(in(State::assessed), Act::enroll, kToday, {.has_consent = true});
  ASSERT_TRUE(after);
  EXPECT_EQ(after->enrolled_date, kAssessed);
}

TEST(Episodes, AnActCannotBeDatedBeforeTheLastOne) {
  EXPECT_TRUE(apply(in(State::on_hold), Act::resume, Date::ymd(2026, 2, 1), {}));
  const auto early = apply(in(State::on_hold), Act::resume, Date::ymd(2026, 1, 31), {});
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().issues.at(0).path, "on");
}

TEST(Episodes, ClosingBeforeEnrolmentTakesOnlyTheReasonsBeforeEnrolment) {
  for (const auto reason : close_reasons_before_enrolment())
    EXPECT_TRUE(apply(in(State::referred), Act::close, kToday, {}, std::string(reason))) << reason;
  for (const auto reason : close_reasons_after_enrolment()) {
    const bool both = reason == "not_eligible";
    EXPECT_EQ(apply(in(State::assessed), Act::close, kToday, {}, std::string(reason)).has_value(), both) << reason;
    EXPECT_TRUE(apply(in(State::active), Act::close, kToday, {}, std::string(reason))) << reason;
  }
  EXPECT_FALSE(apply(in(State::active), Act::close, kToday, {}, std::string("declined")));
}

TEST(Episodes, ClosingWithoutAReasonIsRefused) {
  const auto after = apply(in(State::active), Act::close, kToday, {});
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().issues.at(0).path, "close_reason");
}

TEST(Episodes, CompletingClosesWithTargetMet) {
  const auto after = apply(in(State::relapse_prevention), Act::complete, kToday, {});
  ASSERT_TRUE(after);
  EXPECT_EQ(after->close_reason, "target_met");
  EXPECT_EQ(after->closed_date, kToday);
  EXPECT_FALSE(apply(in(State::relapse_prevention), Act::complete, kToday, {}, "moved"));
}

TEST(Episodes, AReasonBelongsToAnEndingOnly) { EXPECT_FALSE(apply(in(State::active), Act::hold, kToday, {}, "moved")); }

TEST(Episodes, ResumingAndRelapsingForgetTheDatesOfWhatEnded) {
  EXPECT_EQ(apply(in(State::on_hold), Act::resume, kToday, {})->on_hold_date, std::nullopt);
  EXPECT_EQ(apply(in(State::relapse_prevention), Act::relapse, kToday, {})->relapse_prevention_date, std::nullopt);
  EXPECT_EQ(apply(in(State::active), Act::hold, kToday, {})->on_hold_date, kToday);
  EXPECT_EQ(apply(in(State::active), Act::meet_target, kToday, {})->relapse_prevention_date, kToday);
}

TEST(Episodes, WeeksInCareCountWholeWeeksAndStopAtTheEnd) {
  Episode e = in(State::active);
  EXPECT_EQ(weeks_in_care(e, kEnrolled.plus_days(6)), 0);
  EXPECT_EQ(weeks_in_care(e, kEnrolled.plus_days(7)), 1);
  e.closed_date = kEnrolled.plus_days(20);
  EXPECT_EQ(weeks_in_care(e, kEnrolled.plus_days(200)), 2);
  EXPECT_EQ(weeks_in_care(in(State::referred), kToday), std::nullopt);
}

TEST(Episodes, EveryNameReadsBack) {
  for (const State s : kStates) EXPECT_EQ(parse_state(name(s)), s);
  for (const Act a : kActs) EXPECT_EQ(parse_act(name(a)), a);
  EXPECT_EQ(parse_state("Active"), std::nullopt);
  EXPECT_EQ(parse_act("delete"), std::nullopt);
}

}  // namespace
}  // namespace concord::episodes
