#include "safety/safety.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "instruments/score.h"

namespace concord::safety {
namespace {

TEST(SafetyReassessment, FollowsTheLevel) {
  const Date on = Date::ymd(2026, 3, 4);
  EXPECT_EQ(default_reassessment("high", false, on), on.plus_days(1)) << "the next day";
  EXPECT_EQ(default_reassessment("high", true, on), on.plus_days(7));
  EXPECT_EQ(default_reassessment("moderate", false, on), on.plus_days(14));
  EXPECT_EQ(default_reassessment("low", true, on), on.plus_days(30));
  EXPECT_EQ(default_reassessment("none", false, on), std::nullopt);
}

Columbia answers(std::string_view cells) {  // "ynn-nn-": q1 ... q6, q6_recent
  Columbia c;
  std::optional<bool>* places[] = {&c.q1, &c.q2, &c.q3, &c.q4, &c.q5, &c.q6, &c.q6_recent};
  for (std::size_t i = 0; i < 7; ++i)
    if (cells[i] != '-') *places[i] = cells[i] == 'y';
  return c;
}

std::string level(std::string_view cells, Form form = Form::recent) {
  return std::string(triage(answers(cells), form).value_or("?"));
}

TEST(Triage, IsColumbiasItemByItem) {
  EXPECT_EQ(level("nn---n-"), "none");
  EXPECT_EQ(level("yn---n-"), "low");
  EXPECT_EQ(level("nynnnn-"), "low");
  EXPECT_EQ(level("yyynnn-"), "moderate");
  EXPECT_EQ(level("yyyynn-"), "high");
  EXPECT_EQ(level("yynyn"
                  "n-"),
            "high");
  EXPECT_EQ(level("yynnyn-"), "high");
  EXPECT_EQ(level("nn---yn"), "moderate") << "behavior longer ago, whatever is thought today";
  EXPECT_EQ(level("nn---yy"), "high") << "behavior within three months";
}

TEST(Triage, AnOldAttemptNeverLowersAYesToFourOrFive) {
  EXPECT_EQ(level("yyyynyn"), "high");
  EXPECT_EQ(level("yynnyyn"), "high");
}

TEST(Triage, SinceLastContactAnyBehaviorIsHigh) {
  EXPECT_EQ(level("nn---y-", Form::since_last_contact), "high");
  EXPECT_EQ(level("nn---yn", Form::since_last_contact), "high");
  EXPECT_EQ(level("nn---n-", Form::since_last_contact), "none");
}

TEST(Triage, ABlankThatCouldMakeItWorseIsAskedAgain) {
  EXPECT_EQ(level("yy-nnn-"), "?") << "question 3 may be a yes";
  EXPECT_EQ(level("yyyn-n-"), "?");
  EXPECT_EQ(level("nn---y-"), "?") << "when was it?";
  EXPECT_EQ(level("nn-----"), "?");
  EXPECT_EQ(level("-n---n-"), "?");
  EXPECT_EQ(level("---y---"), "high") << "nothing can make it worse";
  EXPECT_EQ(level("nnny"
                  "nn-"),
            "high")
      << "a yes that should not have been asked is a yes";
}

// The instrument's own scoring is data; this is code. All 2,186 ways to fill in the form.
TEST(Triage, AgreesWithTheInstrumentForEveryFormThereIs) {
  const auto library = instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments");
  ASSERT_TRUE(library.has_value());
  const auto* screener = library->find("c-ssrs-screener");
  ASSERT_NE(screener, nullptr);
  const std::string_view items[] = {"q1", "q2", "q3", "q4", "q5", "q6", "q6_recent"};
  for (int code = 1; code < 2187; ++code) {  // 0 is no form at all
    std::string cells;
    std::vector<instruments::Answer> given;
    for (int rest = code, i = 0; i < 7; ++i, rest /= 3) {
      cells += "-ny"[rest % 3];
      if (rest % 3 != 0) given.push_back({items[i], rest % 3 == 2 ? 1.0 : 0.0});
    }
    const auto score = instruments::score(*screener, given);
    ASSERT_TRUE(score.has_value()) << cells << " " << score.error().text << " " << score.error().issues.at(0).path << " "
                                   << score.error().issues.at(0).text;
    if (score->valid) ASSERT_EQ(level(cells), score->level) << cells;
    else ASSERT_TRUE(level(cells) == "?" || level(cells) == score->level) << cells << " " << score->level;
    const bool any_yes = cells.find('y') != std::string::npos;
    ASSERT_EQ(score->safety == instruments::Safety::yes, any_yes) << cells << ": a yes is a signal, whatever else is blank";
  }
}

SafetyEvent event(int day, std::optional<std::string> level_, bool closed = true) {
  SafetyEvent e;
  e.id = SafetyEventId(Uuid{{static_cast<std::uint8_t>(day)}});
  e.signalled_at = *parse_instant("2026-03-01T15:00:00Z") + std::chrono::hours(24 * day);
  e.due_at = e.signalled_at + std::chrono::minutes(15);
  e.level = std::move(level_);
  if (closed) e.closed_at = e.signalled_at + std::chrono::hours(1);
  return e;
}

TEST(StandingLevel, IsTheEventsOwnOrThatOfTheLastWhoseFollowUpGoesOn) {
  const Instant now = *parse_instant("2026-03-20T15:00:00Z");
  const auto open = event(18, std::nullopt, false);
  EXPECT_EQ(standing_level({}, open, now), "none");
  std::vector<SafetyEvent> past = {event(1, "high"), event(9, "moderate")};
  EXPECT_EQ(standing_level(past, open, now), "moderate") << "the latest disposition counts, not the worst ever";
  EXPECT_EQ(standing_level(past, event(18, "high", false), now), "high");
  past[1].follow_up_ended_on = Date::ymd(2026, 3, 15);
  EXPECT_EQ(standing_level(past, open, now), "none");
  past[1].follow_up_ended_on.reset();
  EXPECT_EQ(standing_level(past, open, past[1].closed_at.value() + std::chrono::hours(24 * 91)), "none")
      << "nobody followed it up";
}

TEST(HandOffTimes, AreMedianElapsedMinutes) {
  const Instant now = *parse_instant("2026-03-20T15:00:00Z");
  std::vector<SafetyEvent> events = {event(1, "low"), event(2, "low"), event(3, std::nullopt, false)};
  events[0].acknowledged_at = events[0].signalled_at + std::chrono::minutes(4);
  events[0].assessed_at = events[0].signalled_at + std::chrono::minutes(30);
  events[1].acknowledged_at = events[1].signalled_at + std::chrono::minutes(21);
  const auto times = measure_times(events, now);
  EXPECT_EQ(times.events, 3);
  EXPECT_EQ(times.acknowledged, 2);
  EXPECT_EQ(times.assessed, 1);
  EXPECT_EQ(times.median_minutes_to_acknowledge, 12.5);
  EXPECT_EQ(times.median_minutes_to_assessment, 30);
  EXPECT_EQ(times.late, 2) << "one acknowledged after its clock, one not at all";
  EXPECT_EQ(measure_times({}, now).median_minutes_to_acknowledge, std::nullopt);
}

}  // namespace
}  // namespace concord::safety
