#include "groups/groups.h"

#include <gtest/gtest.h>

#include "base/zone.h"

namespace concord::groups {
namespace {

constexpr std::string_view kZone = "America/New_York";
const Date kToday = Date::ymd(2026, 3, 4);

Instant at(std::string_view text) { return *parse_instant(text); }
const Instant kNow = at("2026-03-04T15:00:00Z");

Uuid number(int n) {
  Uuid id;
  id.bytes[15] = static_cast<std::uint8_t>(n);
  return id;
}

Member member(int n, std::string state, std::int64_t line = 0) {
  Member m;
  m.id = MemberId(number(n));
  m.patient = PatientId(number(100 + n));
  m.state = std::move(state);
  if (m.state == "waiting") m.line = line;
  if (m.state == "invited" || m.state == "offered") m.answer_by = kNow + std::chrono::hours(24);
  if (m.state == "joined") m.joined = kToday;
  return m;
}

Group group(int capacity) {
  Group g;
  g.name = "Sleep";
  g.capacity = capacity;
  g.first_date = Date::ymd(2026, 3, 5);
  g.start_minute = 18 * 60;
  g.sessions_planned = 3;
  return g;
}

TEST(GroupSessions, KeepTheirLocalTimeAcrossTheClockChange) {
  const auto times = session_times(group(4), kZone);
  ASSERT_EQ(times.size(), 3u);
  EXPECT_EQ(times[0].first, at("2026-03-05T23:00:00Z"));
  EXPECT_EQ(times[1].first, at("2026-03-12T22:00:00Z")) << "clocks went forward on 8 March";
  EXPECT_EQ(local_minute_of_day(times[2].first, kZone), 18 * 60);
  EXPECT_EQ(times[2].second - times[2].first, std::chrono::minutes(60));
}

TEST(GroupSessions, FollowTheRule) {
  auto g = group(4);
  g.every_weeks = 2;
  const auto times = session_times(g, kZone);
  EXPECT_EQ(local_date(times[1].first, kZone), Date::ymd(2026, 3, 19));
  EXPECT_EQ(local_date(times[2].first, kZone), Date::ymd(2026, 4, 2));
}

TEST(GroupRules, EverythingWrongIsSaidAtOnce) {
  Group g;
  g.capacity = 1;
  g.first_date = kToday.plus_days(-1);
  g.minutes = 5;
  g.every_weeks = 3;
  std::string paths;
  for (const auto& issue : check(g, kToday)) paths += issue.path + " ";
  EXPECT_EQ(paths, "name capacity first_date minutes every_weeks sessions ");
  EXPECT_TRUE(check(group(8), kToday).empty());
}

TEST(WaitingList, AFreePlaceGoesToTheFirstInLine) {
  std::vector<Member> all = {member(1, "joined"), member(2, "waiting", 7), member(3, "waiting", 5), member(4, "waiting", 6)};
  const auto steps = settle(group(3), all, kNow);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(all[2].state, "offered");
  EXPECT_EQ(all[3].state, "offered");
  EXPECT_EQ(all[1].state, "waiting");
  EXPECT_EQ(all[2].answer_by, kNow + std::chrono::hours(24 * 5));
  EXPECT_TRUE(settle(group(3), all, kNow).empty()) << "it is settled";
}

TEST(WaitingList, AnOfferWithoutAnAnswerGoesOnToTheNext) {
  std::vector<Member> all = {member(1, "offered"), member(2, "waiting", 1)};
  EXPECT_TRUE(settle(group(1), all, kNow + std::chrono::hours(24) - std::chrono::seconds(1)).empty());
  const auto steps = settle(group(1), all, kNow + std::chrono::hours(24));
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].reason, "no_answer");
  EXPECT_EQ(all[0].state, "left");
  EXPECT_EQ(all[1].state, "offered");
}

TEST(WaitingList, NothingMovesInAGroupThatHasEnded) {
  std::vector<Member> all = {member(1, "waiting", 1)};
  auto g = group(3);
  g.state = "ended";
  EXPECT_TRUE(settle(g, all, kNow).empty());
}

TEST(WaitingList, ShowsEachTheirPlace) {
  const std::vector<Member> all = {member(1, "joined"), member(2, "waiting", 7), member(3, "waiting", -5)};
  EXPECT_EQ(place_in_line(all, all[2]), 1);
  EXPECT_EQ(place_in_line(all, all[1]), 2);
  EXPECT_FALSE(place_in_line(all, all[0]));
  EXPECT_EQ(end_of_line(all), 8);
  EXPECT_EQ(free_places(group(4), all), 3);
}

TEST(MemberActs, JoiningFromTheLineNeedsAPlace) {
  const std::vector<Member> all = {member(1, "joined"), member(2, "waiting", 1), member(3, "invited")};
  EXPECT_FALSE(apply(group(2), all, all[1], "join", "", kToday, kNow));
  EXPECT_EQ(apply(group(3), all, all[1], "join", "", kToday, kNow)->state, "joined");
  EXPECT_EQ(apply(group(2), all, all[2], "join", "", kToday, kNow)->joined, kToday) << "an invitation holds a place";
  EXPECT_EQ(apply(group(2), all, all[0], "leave", " ", kToday, kNow).error().issues.front().path, "reason");
  EXPECT_EQ(apply(group(2), all, all[0], "leave", "moved away", kToday, kNow)->left, kToday);
  EXPECT_EQ(apply(group(2), all, all[2], "decline", "", kToday, kNow)->reason, "declined");
}

TEST(MemberActs, ComingAgainMeansAPlaceOrTheEndOfTheLine) {
  auto gone = member(1, "left");
  gone.left = kToday;
  EXPECT_EQ(apply(group(2), {gone, member(2, "joined")}, gone, "again", "", kToday, kNow)->state, "invited");
  const auto waits = apply(group(1), {gone, member(2, "joined")}, gone, "again", "", kToday, kNow);
  EXPECT_EQ(waits->state, "waiting");
  EXPECT_EQ(waits->line, 1);
  EXPECT_FALSE(waits->left);
  EXPECT_EQ(apply(group(3), {gone, member(2, "waiting", 4)}, gone, "again", "", kToday, kNow)->line, 5)
      << "nobody jumps the line";
}

TEST(MemberAnswers, AreTakenInTimeOnly) {
  const auto offered = member(1, "offered");
  EXPECT_EQ(answer(group(2), offered, "yes", "", kToday, kNow)->state, "joined");
  EXPECT_FALSE(answer(group(2), offered, "yes", "", kToday, kNow + std::chrono::hours(24)));
  EXPECT_EQ(answer(group(2), offered, "no", "", kToday, kNow)->reason, "declined");
  EXPECT_FALSE(answer(group(2), member(1, "waiting", 1), "yes", "", kToday, kNow));
  EXPECT_FALSE(answer(group(2), offered, "leave", "", kToday, kNow));
  EXPECT_EQ(answer(group(2), member(1, "joined"), "leave", "work", kToday, kNow)->reason, "work");
}

TEST(AttendanceSheet, HoldsWhoWasInTheGroupOnThatDay) {
  auto m = member(1, "joined");
  EXPECT_FALSE(is_on_sheet(m, kToday.plus_days(-1)));
  EXPECT_TRUE(is_on_sheet(m, kToday));
  m.state = "left";
  m.left = kToday.plus_days(7);
  EXPECT_TRUE(is_on_sheet(m, kToday.plus_days(7)));
  EXPECT_FALSE(is_on_sheet(m, kToday.plus_days(8)));
  EXPECT_FALSE(is_on_sheet(member(2, "waiting", 1), kToday));
}

TEST(FacilitatorNotes, NamesOfOthersAreFound) {
  const auto ann = MemberId(number(1)), bob = MemberId(number(2)), eva = MemberId(number(3));
  const std::vector<RosterName> roster = {{ann, "Ann", "Birch"},
                                          {bob, "Jos\xC3\xA9",
                                           "N\xC3\xBA\xC3\xB1"
                                           "ez Ortega"},
                                          {eva, "Eva", "Birch"}};
  EXPECT_TRUE(names_in("Spoke about sleep. Planned a walk.", ann, roster).empty());
  EXPECT_EQ(names_in("Laughed with JOSE about it", ann, roster), std::vector<std::string>{"Jos\xC3\xA9"});
  EXPECT_EQ(names_in("sat beside Nu\xC3\xB1"
                     "ez's chair; Ortega",
                     ann, roster),
            (std::vector<std::string>{"N\xC3\xBA\xC3\xB1"
                                      "ez",
                                      "Ortega"}));
  EXPECT_TRUE(names_in("Mrs Birch was tired", ann, roster).empty()) << "her own name, though another has it too";
  EXPECT_EQ(names_in("Eva spoke", ann, roster), std::vector<std::string>{"Eva"});
  EXPECT_TRUE(names_in("evaluated her week", ann, roster).empty()) << "whole words only";
  EXPECT_TRUE(names_in("", ann, roster).empty());
}

}  // namespace
}  // namespace concord::groups
