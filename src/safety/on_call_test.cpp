#include "safety/on_call.h"

#include <gtest/gtest.h>

#include "base/zone.h"

namespace concord::safety {
namespace {

const Date kWednesday = Date::ymd(2026, 3, 4);

UserId user(std::uint8_t number) { return UserId(Uuid{{number}}); }

Shift shift(std::uint8_t who, std::string rung, int starts, int ends, int weekdays = 127) {
  Shift s;
  s.id = ShiftId(Uuid{{who}});
  s.user = user(who);
  s.rung = std::move(rung);
  s.from = Date::ymd(2026, 3, 1);
  s.starts_minute = starts;
  s.ends_minute = ends;
  s.weekdays = weekdays;
  return s;
}

calendar::Calendar clinic() {
  calendar::Calendar c;
  c.zone = "America/New_York";
  return c;
}

Instant at(std::string_view local, Date day = kWednesday) {
  return at_local_time(day, *calendar::minute_from(local), "America/New_York");
}

std::string people(const std::vector<OnDuty>& ladder) {
  std::string out;
  for (const auto& p : ladder) out += (out.empty() ? "" : " ") + p.rung + ":" + std::to_string(p.user.uuid.bytes[0]);
  return out;
}

TEST(Shift, RunsFromItsFirstMinuteToBeforeItsLast) {
  const auto s = shift(1, "on_call", 17 * 60, 22 * 60);
  EXPECT_FALSE(covers(s, kWednesday, 17 * 60 - 1));
  EXPECT_TRUE(covers(s, kWednesday, 17 * 60));
  EXPECT_TRUE(covers(s, kWednesday, 22 * 60 - 1));
  EXPECT_FALSE(covers(s, kWednesday, 22 * 60));
}

TEST(Shift, ThroughTheNightBelongsToTheDayItStartsOn) {
  auto s = shift(1, "on_call", 17 * 60, 8 * 60, 1 << 4);  // Friday evening to Saturday morning
  const Date friday = Date::ymd(2026, 3, 6);
  EXPECT_TRUE(covers(s, friday, 23 * 60));
  EXPECT_TRUE(covers(s, friday.plus_days(1), 7 * 60 + 59));
  EXPECT_FALSE(covers(s, friday.plus_days(1), 8 * 60));
  EXPECT_FALSE(covers(s, friday, 7 * 60)) << "that night is Thursday's";
  s.to = friday;
  EXPECT_TRUE(covers(s, friday.plus_days(1), 0)) << "the last night ends in the morning";
  EXPECT_FALSE(covers(s, friday.plus_days(8), 0));
  s.removed_at = Instant();
  EXPECT_FALSE(covers(s, friday, 23 * 60));
}

TEST(Shift, ThatStartsAndEndsAtTheSameTimeIsAWholeDay) {
  const auto s = shift(1, "on_call", 0, 0);
  for (const int minute : {0, 720, 1439}) EXPECT_TRUE(covers(s, kWednesday, minute));
  EXPECT_FALSE(covers(s, Date::ymd(2026, 2, 28), 720));
}

TEST(Ladder, AsksThePatientsCareManagerFirstWhileTheClinicIsOpen) {
  std::vector<Shift> rota = {shift(5, "consultant", 0, 0), shift(3, "on_call", 0, 0), shift(2, "on_call", 0, 0)};
  rota[1].place = 2;
  const Team team{user(1), user(9)};
  EXPECT_EQ(people(ladder(rota, clinic(), team, at("10:00"))), "care_manager:1 on_call:2 on_call:3 consultant:5 consultant:9");
  EXPECT_EQ(people(ladder(rota, clinic(), team, at("22:40"))), "on_call:2 on_call:3 consultant:5 consultant:9");
  EXPECT_EQ(people(ladder({}, clinic(), {}, at("10:00"))), "");
}

TEST(Ladder, HasEverybodyOnce) {
  const std::vector<Shift> rota = {shift(1, "on_call", 0, 0), shift(1, "consultant", 0, 0)};
  EXPECT_EQ(people(ladder(rota, clinic(), {user(1), user(1)}, at("10:00"))), "care_manager:1");
}

TEST(Ladder, KnowsHolidays) {
  const Date thanksgiving = Date::ymd(2026, 11, 26);
  EXPECT_EQ(people(ladder({}, clinic(), {user(1), std::nullopt}, at("10:00", thanksgiving))), "");
}

TEST(Ladder, GoesOnWithWhoeverWasNotAskedYet) {
  const std::vector<OnDuty> three = {{"care_manager", user(1)}, {"on_call", user(2)}, {"consultant", user(3)}};
  EXPECT_EQ(next_on(three, {})->user, user(1));
  const std::vector<UserId> one = {user(1)}, some = {user(1), user(3)}, all = {user(3), user(2), user(1)};
  EXPECT_EQ(next_on(three, one)->user, user(2));
  EXPECT_EQ(next_on(three, some)->user, user(2));
  EXPECT_FALSE(next_on(three, all).has_value());
}

TEST(Gaps, AreTheHoursNobodyAnswersIn) {
  // Nights are covered from Monday to Thursday; Friday 17:00 to Monday 8:00 is not.
  const std::vector<Shift> rota = {shift(1, "on_call", 17 * 60, 8 * 60, 1 + 2 + 4 + 8)};
  const auto found = gaps(rota, clinic(), at("10:07"), 7);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(iso(found[0].from), "2026-03-06T22:00:00Z");
  EXPECT_EQ(iso(found[0].until), "2026-03-09T12:00:00Z") << "summer time began on the Sunday between";
  EXPECT_TRUE(gaps(std::vector<Shift>{shift(1, "on_call", 0, 0)}, clinic(), at("10:00"), 14).empty());
}

}  // namespace
}  // namespace concord::safety
