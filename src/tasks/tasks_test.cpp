#include "tasks/tasks.h"

#include <gtest/gtest.h>

namespace concord::tasks {
namespace {

template <class IdType>
IdType id(unsigned char n) {
  Uuid uuid;
  uuid.bytes[15] = n;
  return IdType(uuid);
}
const SiteId kSite = id<SiteId>(1);
const UserId kSam = id<UserId>(10), kDana = id<UserId>(11), kLee = id<UserId>(12);
const Date kToday = Date::ymd(2026, 3, 4);

Cover cover(UserId absent, UserId stand_in, std::vector<PatientId> patients = {}) {
  return {id<HandOverId>(absent.uuid.bytes[15]), kSite, absent, stand_in, kToday, kToday, patients.empty(), patients};
}

TEST(Covers, WhoeverStandsInAnswers) {
  const Covers covers = {cover(kSam, kDana)};
  EXPECT_EQ(responsible(covers, kSite, kSam, id<PatientId>(1)), kDana);
  EXPECT_EQ(responsible(covers, kSite, kDana, id<PatientId>(1)), kDana);
  EXPECT_EQ(responsible(covers, id<SiteId>(2), kSam, id<PatientId>(1)), kSam) << "a cover is for one site";
}

TEST(Covers, AStandInWhoIsAwayIsStoodInForToo) {
  const Covers covers = {cover(kSam, kDana), cover(kDana, kLee)};
  EXPECT_EQ(responsible(covers, kSite, kSam, std::nullopt), kLee);
  EXPECT_EQ(stands_in_for(covers, kLee), (std::vector{kLee, kDana, kSam}));
}

TEST(Covers, ACoverOfChosenPatientsLeavesTheOthers) {
  const Covers covers = {cover(kSam, kDana, {id<PatientId>(1), id<PatientId>(3)})};
  EXPECT_EQ(responsible(covers, kSite, kSam, id<PatientId>(3)), kDana);
  EXPECT_EQ(responsible(covers, kSite, kSam, id<PatientId>(2)), kSam);
  EXPECT_EQ(responsible(covers, kSite, kSam, std::nullopt), kSam) << "what belongs to no patient stays";
}

TEST(Covers, ACircleEndsSomewhere) {
  const Covers covers = {cover(kSam, kDana), cover(kDana, kSam)};
  EXPECT_EQ(responsible(covers, kSite, kSam, std::nullopt), kDana);
  EXPECT_EQ(stands_in_for(covers, kSam).size(), 2u);
}

TEST(Tasks, AreDoneCancelledWithAReasonAndReopened) {
  Task task;
  EXPECT_EQ(apply(task, "cancel", "", kSam, Instant{}).error().issues.front().path, "reason");
  const auto done = apply(task, "done", "", kSam, Instant{});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state, "done");
  EXPECT_EQ(done->version, 2);
  EXPECT_EQ(apply(*done, "done", "", kSam, Instant{}).error().code, ErrorCode::conflict);
  const auto again = apply(*done, "reopen", "", kSam, Instant{});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, "open");
  EXPECT_EQ(again->closed_at, std::nullopt);
  EXPECT_EQ(apply(*again, "reopen", "", kSam, Instant{}).error().code, ErrorCode::conflict);
}

TEST(Tasks, AreOverdueFromTheDayAfter) {
  Task task;
  task.due = kToday;
  EXPECT_EQ(overdue_days(task, kToday), 0);
  EXPECT_EQ(overdue_days(task, kToday.plus_days(3)), 3);
  task.state = "done";
  EXPECT_EQ(overdue_days(task, kToday.plus_days(3)), 0);
}

TEST(Tasks, DifferenceKeepsWhatWasThereBefore) {
  Task before;
  before.title = "Call";
  before.note = "in the morning";
  before.owner = kSam;
  Task after = before;
  EXPECT_EQ(difference(before, after), std::nullopt);
  after.note = "in the evening";
  EXPECT_EQ(difference(before, after)->text_before, "Call\n\nin the morning");
  after.owner = kDana;
  EXPECT_EQ(difference(before, after)->kind, "assigned");
  EXPECT_EQ(difference(before, after)->owner_before, kSam);
}

TEST(HandOvers, StateFollowsTheDatesAlone) {
  HandOver h;
  h.from = kToday;
  EXPECT_EQ(state_of(h, kToday), "for_good");
  h.until = kToday.plus_days(7);
  EXPECT_EQ(state_of(h, kToday.plus_days(-1)), "planned");
  EXPECT_EQ(state_of(h, kToday), "running");
  EXPECT_EQ(state_of(h, kToday.plus_days(7)), "running") << "the last day is included";
  EXPECT_EQ(state_of(h, kToday.plus_days(8)), "ended");
  h.until = kToday.plus_days(-1);
  EXPECT_EQ(state_of(h, kToday.plus_days(-5)), "ended") << "taken back before it began";
}

TEST(HandOvers, SaysWhatIsWrong) {
  const auto paths = [](const HandOver& h) {
    std::string out;
    for (const auto& issue : check(h, kToday)) out += issue.path + " ";
    return out;
  };
  HandOver h;
  h.from_user = h.to_user = kSam;
  h.from = kToday.plus_days(-1);
  EXPECT_EQ(paths(h), "to_user_id from_date ");
  h.to_user = kDana;
  h.from = kToday.plus_days(1);
  EXPECT_EQ(paths(h), "from_date ") << "for good takes effect at once";
  h.until = kToday;
  EXPECT_EQ(paths(h), "until_date ");
  h.until = h.from.plus_days(kMostCoverDays + 1);
  EXPECT_EQ(paths(h), "until_date ");
  h.until = h.from;
  EXPECT_EQ(paths(h), "");
}

}  // namespace
}  // namespace concord::tasks
