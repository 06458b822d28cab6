// The hand-off from the signal to the end of the follow-up, with an invented outbox: who is told what, and in which
// order. The same with real mail and SMS: tests/api/safety_night_test.cpp.
#include <gtest/gtest.h>

#include "jobs/worker.h"
#include "safety/on_call_store.h"
#include "safety/safety_api.h"
#include "safety/safety_store.h"
#include "support/clinic_people.h"

namespace concord::safety {
namespace {

using std::chrono::minutes;

class HandOff : public concord::testing::PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    if (IsSkipped()) return;
    plan_ = *load_plan_template(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "safety" / "plan.json");
    first_ = person("bh_specialist", "Fay First");
    second_ = person("pcp", "Sam Second");
    consultant_ = person("psychiatric_consultant", "Dr. Sol Ames");
    deps_.chart = &clinic().chart;
    deps_.plan = &plan_;
    deps_.post = [this](db::Tx&, OrganizationId, const messaging::Notice& n) {
      posted_.push_back(n);
      std::vector<messaging::Queued> queued = {{messaging::Channel::in_app, {}}};
      for (const auto channel : reachable_[n.to]) queued.push_back({channel, messaging::MessageId(clinic().ids().next())});
      return queued;
    };
    deps_.team_of = [this](db::Tx&, OrganizationId, PatientId) { return team_; };
    deps_.works_at = [this](db::Tx&, OrganizationId, SiteId, UserId who) { return who != gone_; };
    deps_.clinicians_at = [this](db::Tx&, OrganizationId, SiteId) {
      return std::vector<UserId>{clinic().manager.user, first_.user, second_.user};
    };
    deps_.consultants_at = [this](db::Tx&, OrganizationId, SiteId) { return std::vector<UserId>{consultant_.user}; };
    deps_.screen = [this](db::Tx&, OrganizationId, PatientId, measurements::MeasurementId id) -> std::optional<Screen> {
      const auto found = screens_.find(id);
      return found == screens_.end() ? std::nullopt : std::optional(found->second);
    };
    deps_.latest_screen = [this](db::Tx&, OrganizationId, PatientId) -> std::optional<Screen> {
      return latest_ ? std::optional(screens_.at(*latest_)) : std::nullopt;
    };
    routes_ = routes(deps_);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text() + "/safety-events";
  }
  void night_shift(const Caller& who, int place) {
    const auto made = clinic().call(routes_, "POST", "/api/v1/sites/" + clinic().site.text() + "/on-call/shifts",
                                    R"({"rung":"on_call","user_id":")" + who.user.text() + R"(","place":)" +
                                        std::to_string(place) + R"(,"from_date":"2026-03-01","starts":"17:00","ends":"08:00"})");
    ASSERT_EQ(made.status, 201) << made.issue_paths();
  }
  void it_is(std::string_view local) { clinic().clock().set(at_local(local)); }
  static Instant at_local(std::string_view local) {
    return *parse_instant("2026-03-04T05:00:00Z") + minutes(*calendar::minute_from(local));  // New York, winter time
  }
  measurements::MeasurementId screen(std::string_view cells, std::string mode = "phone", Date on = Date::ymd(2026, 3, 4)) {
    Screen s;
    s.id = measurements::MeasurementId(clinic().ids().next());
    s.instrument = "c-ssrs-screener";
    s.mode = std::move(mode);
    s.on = on;
    std::optional<bool>* places[] = {&s.answers.q1, &s.answers.q2, &s.answers.q3,       &s.answers.q4,
                                     &s.answers.q5, &s.answers.q6, &s.answers.q6_recent};
    for (std::size_t i = 0; i < 7; ++i)
      if (cells[i] != '-') *places[i] = cells[i] == 'y';
    screens_[s.id] = s;
    latest_ = s.id;
    return s.id;
  }
  /// A score raises it: item 9, or a C-SSRS with its level.
  void raise_one(const Caller& who, measurements::MeasurementId id, const std::string& signal_text,
                 std::optional<std::string> level = std::nullopt) {
    const http::Request request;
    const Asker asker(http::Call{request, who, clinic().clock().now(), {}});
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      raise(deps_, tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, patient_), id, signal_text, level, std::nullopt);
      return {};
    }));
  }
  SafetyEvent raise_item9() {
    raise_one(clinic().manager, measurements::MeasurementId(clinic().ids().next()), "phq-9 item 9 = 1");
    return newest();
  }
  SafetyEvent newest() {
    return database().read([&](db::Tx& tx) { return list(tx, clinic().organization, patient_).at(0); });
  }
  int run_due() {
    jobs::Worker worker(database(), clinic().clock(), clinic().ids());
    worker.handle(std::string(kEscalateJob),
                  [this](jobs::JobRun& run) { return escalate(deps_, database(), clinic().clock(), run); });
    return worker.run_due();
  }
  /// "signalled; notified Fay First in_app; ..."
  std::string trail(const SafetyEvent& e) {
    std::string out;
    for (const auto& s : database().read([&](db::Tx& tx) { return list_steps(tx, clinic().organization, e.id); })) {
      if (!out.empty()) out += "; ";
      out += s.kind;
      const auto name = [&](const std::optional<UserId>& who) {
        if (!who) return;
        out +=
            " " +
            database().read([&](db::Tx& tx) { return clinic().chart.user_name(tx, clinic().organization, *who); }).value_or("?");
      };
      name(s.by);
      name(s.to);
      if (s.channel) out += " " + *s.channel;
      if (s.level) out += " " + *s.level;
      if (s.action) out += " " + *s.action;
    }
    return out;
  }
  std::string since(const SafetyEvent& e, std::size_t& seen) {
    const std::string all = trail(e);
    std::string fresh = all.substr(std::min(seen, all.size()));
    if (fresh.starts_with("; ")) fresh.erase(0, 2);
    seen = all.size();
    return fresh;
  }
  void report(const SafetyEvent& e, UserId to, messaging::Channel channel, bool sent) {
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      for (const auto& s : list_steps(tx, clinic().organization, e.id)) {
        if (s.kind != "notified" || s.to != to || s.channel != messaging::name(channel)) continue;
        messaging::Message m;
        m.id = messaging::MessageId(*s.message);
        m.to = to;
        m.kind = "safety.signal";
        m.object = e.id.uuid;
        m.channel = channel;
        on_attempt(deps_, tx, clinic().organization, m,
                   {1, clinic().clock().now(), sent ? "sent" : "failed", sent ? "smtp 250" : "cannot connect"});
      }
      return {};
    }));
  }
  testing::Answer act(const Caller& who, const std::string& what, std::string body = "") {
    const auto e = newest();
    return clinic().call_as(who, routes_, "POST", base_ + "/" + e.id.text() + "/" + what, std::move(body), e.version);
  }
  testing::Answer read() { return clinic().call(routes_, "GET", base_ + "/" + newest().id.text()); }

  PlanTemplate plan_;
  Deps deps_;
  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
  Caller first_, second_, consultant_;
  UserId gone_;
  Team team_;
  std::map<UserId, std::vector<messaging::Channel>> reachable_;
  std::vector<messaging::Notice> posted_;
  std::map<measurements::MeasurementId, Screen> screens_;
  std::optional<measurements::MeasurementId> latest_;
};
CONCORD_ON_BOTH_DATABASES(HandOff);

TEST_P(HandOff, AtNightTheFirstOnCallIsToldAtOnceAndTheSecondAfterTenMinutes) {
  night_shift(first_, 1);
  night_shift(second_, 2);
  reachable_[first_.user] = {messaging::Channel::sms, messaging::Channel::mail};
  reachable_[second_.user] = {messaging::Channel::mail};
  it_is("22:40");
  const auto e = raise_item9();
  std::size_t seen = 0;
  EXPECT_EQ(since(e, seen), "signalled Mara Quill; notified Fay First in_app; notified Fay First sms; notified Fay First mail");
  EXPECT_EQ(e.notified_at, at_local("22:40"));
  EXPECT_EQ(e.next_escalation_at, at_local("22:50"));
  EXPECT_EQ(e.due_at, at_local("22:55")) << "somebody answers now, so the clock runs now";
  EXPECT_EQ(run_due(), 0);
  it_is("22:50");
  EXPECT_EQ(run_due(), 1);
  EXPECT_EQ(since(e, seen), "escalated Sam Second; notified Sam Second in_app; notified Sam Second mail");
  EXPECT_EQ(run_due(), 0);
  EXPECT_EQ(act(second_, "acknowledge").text("state"), "acknowledged");
  EXPECT_EQ(since(e, seen), "acknowledged Sam Second");
  it_is("23:00");
  EXPECT_EQ(run_due(), 1) << "the call that was planned finds that somebody has it";
  EXPECT_EQ(since(e, seen), "");
  EXPECT_EQ(newest().has_it, second_.user);
  EXPECT_EQ(minutes_to_acknowledge(newest()), 10);
}

TEST_P(HandOff, ACallThatRunsTwiceIsMadeOnce) {
  night_shift(first_, 1);
  night_shift(second_, 2);
  reachable_[first_.user] = reachable_[second_.user] = {messaging::Channel::sms};
  it_is("22:40");
  const auto e = raise_item9();
  it_is("22:50");
  EXPECT_EQ(run_due(), 1);
  const auto once = trail(e);
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {  // as if the process had died before the job was ended
    static constexpr db::Sql kReopen{"test.reopen",
                                     "UPDATE job SET state = 'queued', finished_at = NULL WHERE kind = $1 AND state = 'done'"};
    tx.run(kReopen, {kEscalateJob});
    return {};
  }));
  EXPECT_EQ(run_due(), 1);
  EXPECT_EQ(trail(e), once);
}

TEST_P(HandOff, ACallWhoseJobIsGoneIsMadeAllTheSame) {
  night_shift(first_, 1);
  night_shift(second_, 2);
  reachable_[first_.user] = reachable_[second_.user] = {messaging::Channel::sms};
  it_is("22:40");
  const auto e = raise_item9();
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    static constexpr db::Sql kLose{"test.lose", "UPDATE job SET state = 'dead', finished_at = available_at WHERE kind = $1"};
    tx.run(kLose, {kEscalateJob});
    return {};
  }));
  it_is("22:54");
  EXPECT_EQ(*make_up_for_lost_calls(deps_, database(), clinic().clock()), 0) << "it may be on its way";
  it_is("22:56");
  EXPECT_EQ(*make_up_for_lost_calls(deps_, database(), clinic().clock()), 1);
  EXPECT_EQ(posted_.back().to, second_.user);
  EXPECT_EQ(*make_up_for_lost_calls(deps_, database(), clinic().clock()), 0);
  EXPECT_EQ(newest().next_escalation_at, at_local("23:06"));
}

TEST_P(HandOff, WhoeverCanBeReachedInsideConcordOnlyIsNotWaitedForAtNight) {
  night_shift(first_, 1);
  night_shift(second_, 2);
  reachable_[second_.user] = {messaging::Channel::sms};
  it_is("22:40");
  const auto e = raise_item9();
  EXPECT_EQ(trail(e),
            "signalled Mara Quill; notified Fay First in_app; escalated Sam Second; notified Sam Second in_app; "
            "notified Sam Second sms");
}

TEST_P(HandOff, WhenNobodyIsThereEverybodyIsToldAgainAndAgain) {
  it_is("22:40");
  const auto e = raise_item9();
  std::size_t seen = 0;
  EXPECT_EQ(since(e, seen),
            "signalled Mara Quill; nobody; notified Mara Quill in_app; notified Fay First in_app; notified Sam Second in_app");
  EXPECT_EQ(e.due_at, *parse_instant("2026-03-05T13:15:00Z")) << "15 minutes after the next opening";
  it_is("22:50");
  EXPECT_EQ(run_due(), 1);
  EXPECT_EQ(since(e, seen), "nobody; notified Mara Quill in_app; notified Fay First in_app; notified Sam Second in_app");
  EXPECT_EQ(newest().next_escalation_at, at_local("23:10")) << "each round waits longer, an hour at most";
  EXPECT_EQ(posted_.back().kind, "safety.unanswered");
  for (int round = 0; round < 8; ++round) {
    clinic().clock().set(*newest().next_escalation_at);
    EXPECT_EQ(run_due(), 1);
  }
  EXPECT_EQ(*newest().next_escalation_at - clinic().clock().now(), minutes(60));
}

TEST_P(HandOff, InTheDayThePatientsCareManagerIsFirstAndSomebodyWhoLeftIsPassedOver) {
  team_ = {clinic().manager.user, consultant_.user};
  it_is("10:00");
  EXPECT_EQ(trail(raise_item9()), "signalled Mara Quill; notified Mara Quill in_app");
  gone_ = clinic().manager.user;
  clinic().clock().advance(minutes(1));
  EXPECT_EQ(trail(raise_item9()), "signalled Mara Quill; notified Dr. Sol Ames in_app");
}

TEST_P(HandOff, WhenNoMessageReachesThemTheNextOneIsCalledAtOnce) {
  night_shift(first_, 1);
  night_shift(second_, 2);
  reachable_[first_.user] = {messaging::Channel::sms, messaging::Channel::mail};
  reachable_[second_.user] = {messaging::Channel::sms};
  it_is("22:40");
  const auto e = raise_item9();
  std::size_t seen = 0;
  since(e, seen);
  report(e, first_.user, messaging::Channel::mail, false);
  EXPECT_EQ(since(e, seen), "not_delivered Fay First mail");
  EXPECT_EQ(run_due(), 0) << "the SMS may still arrive";
  it_is("22:41");
  report(e, first_.user, messaging::Channel::sms, false);
  EXPECT_EQ(run_due(), 1) << "now there is no way to them: nobody waits ten minutes";
  EXPECT_EQ(since(e, seen),
            "not_delivered Fay First sms; escalated Sam Second; notified Sam Second in_app; notified Sam Second sms");
  it_is("22:50");
  EXPECT_EQ(run_due(), 1) << "the call planned for ten minutes later is an old one";
  EXPECT_EQ(since(e, seen), "");
}

TEST_P(HandOff, AMessageThatArrivedIsWaitedFor) {
  night_shift(first_, 1);
  night_shift(second_, 2);
  reachable_[first_.user] = {messaging::Channel::sms, messaging::Channel::mail};
  it_is("22:40");
  const auto e = raise_item9();
  report(e, first_.user, messaging::Channel::sms, true);
  report(e, first_.user, messaging::Channel::mail, false);
  EXPECT_EQ(run_due(), 0);
  EXPECT_EQ(newest().next_escalation_at, at_local("22:50"));
}

TEST_P(HandOff, AcknowledgedIsNotAssessed) {
  team_ = {clinic().manager.user, consultant_.user};
  it_is("10:00");
  const auto e = raise_item9();
  ASSERT_EQ(act(clinic().manager, "acknowledge").status, 200);
  std::size_t seen = 0;
  since(e, seen);
  it_is("11:00");
  // The ladder's old call and the reminder.
  EXPECT_GE(run_due(), 1);
  EXPECT_EQ(since(e, seen), "escalated Mara Quill; notified Mara Quill in_app; notified Dr. Sol Ames in_app");
  EXPECT_EQ(posted_.back().kind, "safety.unassessed");
  ASSERT_EQ(act(clinic().manager, "assess", R"({"measurement_id":")" + screen("nynnnn-").text() + "\"}").status, 200);
  it_is("12:00");
  run_due();
  EXPECT_EQ(since(e, seen), "assessed Mara Quill low; level Mara Quill low");
}

TEST_P(HandOff, TheWholeWayFromTheSignalToTheEndOfTheFollowUp) {
  team_ = {clinic().manager.user, consultant_.user};
  it_is("10:00");
  raise_item9();
  clinic().clock().advance(minutes(4));
  ASSERT_EQ(act(clinic().manager, "acknowledge").status, 200);
  clinic().clock().advance(minutes(20));
  const auto assessed = act(clinic().manager, "assess", R"({"measurement_id":")" + screen("yyyynn-").text() + "\"}");
  ASSERT_EQ(assessed.status, 200) << assessed.issue_paths();
  EXPECT_EQ(assessed.text("level"), "high");
  EXPECT_EQ(assessed.text("minutes_to_acknowledge"), "4");
  EXPECT_EQ(assessed.text("minutes_to_assessment"), "24");
  EXPECT_EQ(assessed.text("next_escalation_at"), "null");
  EXPECT_EQ(act(clinic().manager, "actions", R"({"action":"other"})").issue_paths(), "note");
  EXPECT_EQ(act(clinic().manager, "actions", R"({"action":"means_safety","note":"keys with the sister"})").status, 201);
  EXPECT_EQ(act(clinic().manager, "actions", R"({"action":"told_pcp"})").status, 201);
  const auto closed = act(clinic().manager, "close", R"({"level":"high","disposition":"day hospital from tomorrow"})");
  ASSERT_EQ(closed.status, 200) << closed.issue_paths();
  EXPECT_EQ(closed.text("reassess_date"), "2026-03-05");

  clinic().clock().advance(std::chrono::hours(24));
  const auto lower = screen("nynnnn-", "phone", Date::ymd(2026, 3, 5)).text();
  const auto alone = act(clinic().manager, "reassessments", R"({"measurement_id":")" + lower + "\"}");
  EXPECT_EQ(alone.issue_paths(), "level") << "nobody lowers a level alone";
  EXPECT_EQ(newest().level, "high");
  const auto same =
      act(clinic().manager, "reassessments", R"({"measurement_id":")" + lower + R"(","level":"high","note":"still frightened"})");
  ASSERT_EQ(same.status, 201) << same.issue_paths();
  EXPECT_EQ(same.text("reassess_date"), "2026-03-12") << "seven days after the second high";

  posted_.clear();
  EXPECT_EQ(act(clinic().manager, "step-down", R"({"to_level":"high","reason":"better"})").issue_paths(), "to_level");
  ASSERT_EQ(act(clinic().manager, "step-down", R"({"to_level":"low","reason":"a week without thoughts"})").status, 200);
  ASSERT_EQ(posted_.size(), 1u);
  EXPECT_EQ(posted_[0].to, consultant_.user);
  EXPECT_EQ(act(clinic().manager, "step-down", R"({"to_level":"low","reason":"again"})").code(), ErrorCode::conflict);
  EXPECT_EQ(act(clinic().manager, "step-down/answer", R"({"agree":true})").code(), ErrorCode::not_allowed);
  EXPECT_EQ(act(consultant_, "step-down/answer", R"({"agree":false})").issue_paths(), "reason");
  ASSERT_EQ(act(consultant_, "step-down/answer", R"({"agree":false,"reason":"one more week"})").status, 200);
  EXPECT_EQ(newest().level, "high");
  ASSERT_EQ(act(clinic().manager, "step-down", R"({"to_level":"low","reason":"two weeks now"})").status, 200);
  const auto agreed = act(consultant_, "step-down/answer", R"({"agree":true})");
  EXPECT_EQ(agreed.text("level"), "low");
  EXPECT_EQ(agreed.text("reassess_date"), "2026-04-04");
  EXPECT_EQ(agreed.text("step_down"), "null");
  EXPECT_EQ(act(consultant_, "step-down/answer", R"({"agree":true})").code(), ErrorCode::conflict);

  EXPECT_EQ(
      act(clinic().manager, "reassessments", R"({"measurement_id":")" + lower + R"(","ends":true,"next_date":"2026-04-01"})")
          .issue_paths(),
      "next_date");
  const auto ended = act(clinic().manager, "reassessments", R"({"measurement_id":")" + lower + R"(","ends":true})");
  ASSERT_EQ(ended.status, 201) << ended.issue_paths();
  EXPECT_EQ(ended.text("follow_up_ended"), "true");
  EXPECT_EQ(ended.text("reassess_date"), "null");
  EXPECT_EQ(act(clinic().manager, "reassessments", R"({"measurement_id":")" + lower + "\"}").code(), ErrorCode::conflict);
  EXPECT_EQ(
      trail(newest()),
      "signalled Mara Quill; notified Mara Quill in_app; acknowledged Mara Quill; assessed Mara Quill high; level Mara Quill "
      "high; action Mara Quill means_safety; action Mara Quill told_pcp; closed Mara Quill high; reassessed Mara Quill high; "
      "step_down_asked Mara Quill Dr. Sol Ames low; step_down_declined Dr. Sol Ames Mara Quill high; step_down_asked Mara "
      "Quill Dr. Sol Ames low; step_down_agreed Dr. Sol Ames Mara Quill low; reassessed Mara Quill low");
}

TEST_P(HandOff, AFindingBelowTheLevelThatStandsWaitsForTheConsultant) {
  it_is("10:00");
  raise_one(clinic().manager, screen("yyyynn-", "link"), "c-ssrs high", "high");
  EXPECT_EQ(newest().level, "high");
  ASSERT_EQ(act(clinic().manager, "acknowledge").status, 200);
  EXPECT_EQ(act(clinic().manager, "assess", R"({"measurement_id":")" + latest_->text() + "\"}").issue_paths(), "measurement_id")
      << "the patient filled it in alone";
  const auto assessed = act(clinic().manager, "assess", R"({"measurement_id":")" + screen("nynnnn-").text() + "\"}");
  ASSERT_EQ(assessed.status, 200) << assessed.issue_paths();
  EXPECT_EQ(assessed.text("found_level"), "low");
  EXPECT_EQ(assessed.text("level"), "high");
  EXPECT_EQ(act(clinic().manager, "close", R"({"level":"low","disposition":"fine"})").issue_paths(), "level");
  EXPECT_FALSE(newest().closed_at.has_value());
  ASSERT_EQ(act(clinic().manager, "step-down", R"({"to_level":"low","reason":"misread the question"})").status, 200);
  ASSERT_EQ(act(consultant_, "step-down/answer", R"({"agree":true})").status, 200);
  EXPECT_EQ(act(clinic().manager, "close", R"({"level":"low","disposition":"fine"})").text("state"), "closed");
}

TEST_P(HandOff, ALevelThatStandsFromTheLastEventHoldsForTheNext) {
  it_is("10:00");
  raise_item9();
  ASSERT_EQ(act(clinic().manager, "close", R"({"level":"high","disposition":"x","assessed_otherwise":"in the room"})").status,
            200);
  clinic().clock().advance(minutes(1));
  raise_item9();
  const auto assessed = act(clinic().manager, "assess", R"({"measurement_id":")" + screen("nn---n-").text() + "\"}");
  EXPECT_EQ(assessed.text("found_level"), "none");
  EXPECT_EQ(assessed.text("level"), "high");
}

TEST_P(HandOff, AClinicianMayJudgeHigherThanTheAnswersNeverLower) {
  it_is("10:00");
  raise_item9();
  const auto id = screen("yyynnn-").text();
  EXPECT_EQ(act(clinic().manager, "assess", R"({"measurement_id":")" + id + R"(","level":"low"})").issue_paths(), "level");
  EXPECT_EQ(act(clinic().manager, "assess", R"({"measurement_id":")" + id + R"(","level":"high"})").text("level"), "high");
}

TEST_P(HandOff, AnAssessmentIsACompleteScreenerOfThisPatientOrItsReason) {
  it_is("10:00");
  raise_item9();
  const auto wrong = [&](const std::string& body) { return act(clinic().manager, "assess", body).issue_paths(); };
  const auto with = [](const measurements::MeasurementId& id) { return R"({"measurement_id":")" + id.text() + "\"}"; };
  EXPECT_EQ(wrong("{}"), "measurement_id");
  EXPECT_EQ(wrong(with(measurements::MeasurementId(clinic().ids().next()))), "measurement_id");
  EXPECT_EQ(wrong(with(screen("nynnnn-", "phone", Date::ymd(2026, 3, 3)))), "measurement_id") << "from before the signal";
  EXPECT_EQ(wrong(with(screen("yy----n"))), "measurement_id") << "question 4 was not asked";
  EXPECT_EQ(wrong(R"({"assessed_otherwise":"seen in the emergency department"})"), "level");
  EXPECT_EQ(wrong(R"({"assessed_otherwise":"  ","level":"low"})"), "measurement_id");
  EXPECT_EQ(newest().assessed_at, std::nullopt) << "nothing half-done";
  const auto done =
      act(clinic().manager, "assess", R"({"assessed_otherwise":"seen in the emergency department","level":"high"})");
  EXPECT_EQ(done.text("state"), "assessed");
  EXPECT_EQ(done.text("assessed_otherwise"), "seen in the emergency department");
  const auto form = with(screen("nn---y-"));
  EXPECT_EQ(
      act(clinic().manager, "assess", form.substr(0, form.size() - 1) + R"(,"form":"since_last_contact"})").text("found_level"),
      "high");
}

TEST_P(HandOff, ClosingWithoutAnAssessmentIsRefusedUnlessAScreenerIsThere) {
  it_is("10:00");
  raise_item9();
  EXPECT_EQ(act(clinic().manager, "close", R"({"level":"low","disposition":"fine"})").issue_paths(), "assessed_otherwise");
  EXPECT_FALSE(newest().acknowledged_at.has_value()) << "nothing half-done";
  screen("nynnnn-", "link");
  EXPECT_EQ(act(clinic().manager, "close", R"({"level":"low","disposition":"fine"})").issue_paths(), "assessed_otherwise");
  screen("nynnnn-");
  const auto closed = act(clinic().manager, "close", R"({"level":"low","disposition":"fine"})");
  EXPECT_EQ(closed.text("assessment_id"), latest_->text());
  EXPECT_EQ(closed.text("acknowledged_by.name"), "Mara Quill");
}

TEST_P(HandOff, TheScreenerOfWhoeverHasTheEventIsItsAssessmentAndNobodyElsesIs) {
  it_is("10:00");
  raise_item9();
  ASSERT_EQ(act(clinic().manager, "acknowledge").status, 200);
  const auto open = [&] { return clinic().call(routes_, "GET", "/api/v1/safety-events").count("items"); };
  raise_one(first_, screen("yyynnn-"), "c-ssrs moderate", "moderate");
  EXPECT_EQ(open(), 2u) << "another clinician's finding is news";
  raise_one(clinic().manager, screen("yyyynn-", "link"), "c-ssrs high", "high");
  EXPECT_EQ(open(), 3u) << "what the patient answers alone is news";
  raise_one(clinic().manager, screen("yyynnn-"), "c-ssrs moderate", "moderate");
  EXPECT_EQ(open(), 3u);
  const auto all = database().read([&](db::Tx& tx) { return list(tx, clinic().organization, patient_); });
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [&](const SafetyEvent& e) { return e.assessment == latest_; }), 1);
  raise_one(clinic().manager, screen("yyynnn-"), "c-ssrs moderate", "moderate");
  EXPECT_EQ(open(), 4u) << "the event was assessed already: this is a new one";
}

TEST_P(HandOff, AScreenerDuringTheFollowUpIsTheReassessmentUnlessItIsWorse) {
  it_is("10:00");
  raise_item9();
  ASSERT_EQ(act(clinic().manager, "close", R"({"level":"moderate","disposition":"x","assessed_otherwise":"in the room"})").status,
            200);
  const auto open = [&] { return clinic().call(routes_, "GET", "/api/v1/safety-events").count("items"); };
  days_pass(14);
  raise_one(clinic().manager, screen("nynnnn-", "phone", Date::ymd(2026, 3, 18)), "c-ssrs low", "low");
  EXPECT_EQ(open(), 0u);
  const auto followed = newest();
  EXPECT_EQ(followed.reassessed_on, Date::ymd(2026, 3, 18));
  EXPECT_EQ(followed.reassess_date, Date::ymd(2026, 4, 1)) << "moderate again: 14 days";
  EXPECT_EQ(followed.found_level, "low");
  EXPECT_EQ(followed.level, "moderate") << "until the consultant agrees";
  days_pass(1);
  raise_one(clinic().manager, screen("yyynnn-", "link", Date::ymd(2026, 3, 19)), "c-ssrs moderate", "moderate");
  EXPECT_EQ(open(), 1u) << "what the patient answers alone is news, whatever its level";
  ASSERT_EQ(act(clinic().manager, "close", R"({"level":"moderate","disposition":"x","assessed_otherwise":"called back"})").status,
            200);
  days_pass(1);
  raise_one(clinic().manager, screen("yyyynn-", "phone", Date::ymd(2026, 3, 20)), "c-ssrs high", "high");
  EXPECT_EQ(open(), 1u) << "worse is news";
}

TEST_P(HandOff, AnotherClinicianMayTakeItOver) {
  it_is("10:00");
  raise_item9();
  EXPECT_EQ(act(first_, "take-over").code(), ErrorCode::conflict);
  ASSERT_EQ(act(clinic().manager, "acknowledge").status, 200);
  EXPECT_EQ(act(clinic().manager, "take-over").code(), ErrorCode::conflict);
  const auto taken = act(first_, "take-over");
  EXPECT_EQ(taken.text("has_it.name"), "Fay First");
  EXPECT_EQ(taken.text("acknowledged_by.name"), "Mara Quill");
  const auto worker = clinic().caller("community_worker", "Pia Holt", clinic().organization, {clinic().site});
  for (const char* what : {"acknowledge", "take-over", "assess", "actions", "close"})
    EXPECT_EQ(act(worker, what, "{}").code(), ErrorCode::not_allowed) << what;
}

TEST_P(HandOff, AMessageIsNeededUntilSomebodyDidWhatItAsksFor) {
  it_is("10:00");
  const auto e = raise_item9();
  const auto needed = [&](const char* kind) {
    messaging::Message m;
    m.kind = kind;
    m.object = e.id.uuid;
    return database().read([&](db::Tx& tx) { return still_needed(tx, clinic().organization, m); });
  };
  EXPECT_TRUE(needed("safety.signal"));
  ASSERT_EQ(act(clinic().manager, "acknowledge").status, 200);
  EXPECT_FALSE(needed("safety.signal"));
  EXPECT_FALSE(needed("safety.unanswered"));
  EXPECT_TRUE(needed("safety.unassessed"));
  ASSERT_EQ(act(clinic().manager, "assess", R"({"assessed_otherwise":"in the room","level":"low"})").status, 200);
  EXPECT_FALSE(needed("safety.unassessed"));
  EXPECT_TRUE(needed("safety.step_down_asked"));
  EXPECT_TRUE(needed("recommendation.sent")) << "not this slice's business";
}

TEST_P(HandOff, CallsForHelpDoNotMakeAnybodyLoadTheEventAgain) {
  it_is("22:40");
  const auto e = raise_item9();
  it_is("22:50");
  EXPECT_EQ(run_due(), 1);
  EXPECT_EQ(clinic().call_as(first_, routes_, "POST", base_ + "/" + e.id.text() + "/acknowledge", "", e.version).status, 200);
}

TEST_P(HandOff, TheBoardShowsWhoHasItForHowLongAndWhoIsNext) {
  night_shift(first_, 1);
  night_shift(second_, 2);
  reachable_[first_.user] = {messaging::Channel::sms};
  deps_.patient = [](db::Tx&, OrganizationId, PatientId) { return PatientLine{"Ana", "Ruiz", std::nullopt, std::nullopt}; };
  routes_ = routes(deps_);
  it_is("22:40");
  raise_item9();
  it_is("22:45");
  auto board = clinic().call(routes_, "GET", "/api/v1/safety-board");
  EXPECT_EQ(board.text("items.0.patient.family_name"), "Ruiz");
  EXPECT_EQ(board.text("items.0.minutes_open"), "5");
  EXPECT_EQ(board.text("items.0.next.person.name"), "Sam Second");
  EXPECT_EQ(board.text("items.0.next.at"), iso(at_local("22:50")));
  EXPECT_EQ(board.text("items.0.overdue"), "false");
  ASSERT_EQ(act(second_, "acknowledge").status, 200);
  board = clinic().call(routes_, "GET", "/api/v1/safety-board");
  EXPECT_EQ(board.text("items.0.event.has_it.name"), "Sam Second");
  EXPECT_EQ(board.text("items.0.next"), "null");
  EXPECT_EQ(board.text("times.median_minutes_to_acknowledge"), "5");
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", "/api/v1/safety-board").count("items"), 0u);
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", "/api/v1/safety-board").text("times.events"), "0");
}

TEST_P(HandOff, TheRotaIsKeptAndSaysItsGaps) {
  night_shift(first_, 1);
  const std::string path = "/api/v1/sites/" + clinic().site.text() + "/on-call";
  const auto shown = clinic().call(routes_, "GET", path + "?at=2026-03-05T03:40:00Z");
  EXPECT_EQ(shown.text("in_hours"), "false");
  EXPECT_EQ(shown.text("on_duty.0.user.name"), "Fay First");
  EXPECT_EQ(shown.text("shifts.0.ends"), "08:00");
  EXPECT_GE(shown.count("gaps"), 2u) << "the days of the weekend";
  EXPECT_EQ(shown.text("settings.escalate_after_minutes"), "10");
  gone_ = second_.user;
  const std::string shift =
      R"({"rung":"on_call","user_id":")" + second_.user.text() +
      R"(","from_date":"2026-03-01","to_date":"2026-02-01","starts":"25:00","ends":"08:00","weekdays":[8]})";
  EXPECT_EQ(clinic().call(routes_, "POST", path + "/shifts", shift).issue_paths(), "weekdays[0] starts");
  EXPECT_EQ(clinic()
                .call(routes_, "POST", path + "/shifts",
                      R"({"rung":"on_call","user_id":")" + second_.user.text() +
                          R"(","from_date":"2026-03-01","starts":"17:00","ends":"08:00"})")
                .issue_paths(),
            "user_id")
      << "somebody who does not work here";
  const auto changed = clinic().call(
      routes_, "PATCH", path + "/settings",
      R"({"escalate_after_minutes":5,"outside_text":{"en":"Call 555-0100."},"numbers":[{"label":"Crisis team","number":"555-0100"}]})",
      0);
  EXPECT_EQ(changed.text("escalate_after_minutes"), "5") << changed.issue_paths();
  EXPECT_EQ(clinic().call(routes_, "PATCH", path + "/settings", R"({"escalate_after_minutes":7})", 0).status, 412);
  it_is("22:40");
  EXPECT_EQ(raise_item9().next_escalation_at, at_local("22:45"));
  const auto id = shown.text("shifts.0.id");
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "POST", "/api/v1/on-call/shifts/" + id + "/remove").code(),
            ErrorCode::not_found);
  EXPECT_EQ(clinic().call(routes_, "POST", "/api/v1/on-call/shifts/" + id + "/remove").status, 200);
  EXPECT_EQ(clinic().call(routes_, "POST", "/api/v1/on-call/shifts/" + id + "/remove").code(), ErrorCode::conflict);
  EXPECT_EQ(clinic().call(routes_, "GET", path).count("shifts"), 0u);
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", path).code(), ErrorCode::not_found);
}

TEST_P(HandOff, ASafetyPlanIsWrittenWithThePatientInVersions) {
  const std::string path = "/api/v1/patients/" + patient_.text() + "/safety-plan";
  auto shown = clinic().call(routes_, "GET", path);
  EXPECT_EQ(shown.text("current"), "null");
  EXPECT_EQ(shown.count("template.en.steps"), 6u);
  EXPECT_EQ(clinic().call(routes_, "GET", path + "/print").code(), ErrorCode::not_found);
  const auto body = [](int based_on, std::string with, std::string sign) {
    return R"({"based_on":)" + std::to_string(based_on) + R"(,"language":"es","written_with":[)" + with +
           R"(],"steps":{"warning_signs":[")" + sign +
           R"("],"people":[{"name":"Luz","phone":"555-0101"}]},"not_for_me":["distraction"]})";
  };
  EXPECT_EQ(clinic().call(routes_, "POST", path, body(0, R"("family")", "no duermo")).issue_paths(), "written_with");
  const auto made = clinic().call(routes_, "POST", path, body(0, R"("patient","interpreter")", "no duermo"));
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("version"), "1");
  const auto stale = clinic().call(routes_, "POST", path, body(0, R"("patient")", "x"));
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.text("current.version"), "1");
  ASSERT_EQ(clinic().call(routes_, "POST", path, body(1, R"("patient")", "no como")).status, 201);
  shown = clinic().call(routes_, "GET", path);
  EXPECT_EQ(shown.text("current.steps.warning_signs.0"), "no como");
  EXPECT_EQ(shown.count("versions"), 2u);
  EXPECT_EQ(clinic().call(routes_, "GET", path + "/versions/" + made.text("id")).text("steps.warning_signs.0"), "no duermo");
  const auto printed = clinic().call(routes_, "GET", path + "/print");
  EXPECT_EQ(printed.text("title"), "Mi plan de seguridad");
  EXPECT_EQ(printed.text("review"), "awaiting clinical review");
  EXPECT_EQ(printed.text("crisis.0.number"), "988");
  EXPECT_EQ(printed.text("crisis.1.number"), "911");
  EXPECT_EQ(printed.text("sections.3.lines.0"), "Luz: 555-0101");
  EXPECT_EQ(printed.text("sections.2.lines.0"), "No es para mí");
  EXPECT_EQ(clinic().call(routes_, "GET", path + "/print?language=en").text("title"), "My safety plan");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner})
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", path).code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace concord::safety
