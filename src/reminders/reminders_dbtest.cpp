#include <gtest/gtest.h>

#include <map>

#include "reminders/reminders_api.h"
#include "support/clinic.h"

namespace concord::reminders {
namespace {

const Date kDay = Date::ymd(2026, 3, 4);
constexpr auto kZone = "America/New_York";

class Reminders : public concord::testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    clinic().clock().set(*parse_instant("2026-03-04T13:00:00Z"));
    rules_.gather_days = 3;
    rules_.repeat_after_days = 3;
    rules_.most_repeats = 2;
    rules_.rest_days = 7;
    rules_.most_unanswered = 3;
    rules_.ask_again_days = 28;
    rules_.weekly_every_days = 7;
    rules_.weekly_instrument = "weekly-mood";
    rules_.visit_days_before = 2;
    rules_.most_instruments = 3;
    rules_.without_pathway_days = 28;
    rules_.without_pathway_days_relapse_prevention = 84;
    lent_.clock = &clinic().clock();
    lent_.rules = &rules_;
    lent_.pathways = &pathways_;
    lent_.batch = 250;
    lent_.is_for_patient = [](db::Tx&, OrganizationId, SiteId, std::string_view, std::string_view) { return true; };
    lent_.reach = [this](db::Tx& tx, OrganizationId organization, PatientId first, PatientId last) {
      std::vector<std::pair<PatientId, messaging::Reach>> all;
      for (const auto& line : patients::list_contact_lines(tx, organization, first, last))
        all.push_back({line.id, unreachable_.contains(line.id) ? messaging::Reach{std::nullopt, unreachable_[line.id]}
                                                               : messaging::Reach{messaging::Channel::sms, ""}});
      return all;
    };
    lent_.send = [this](db::Tx& tx, OrganizationId organization, std::span<const checkins::NewCheckIn> wanted) {
      std::vector<Result<checkins::Sent>> sent;
      for (const auto& one : wanted) {
        if (refused_) {
          sent.push_back(fail(ErrorCode::conflict, "no"));
          continue;
        }
        const checkins::CheckInId id(clinic().ids().next());
        put_check_in(tx, organization, id, one.patient, one.instruments.at(0));
        sent_.push_back(one.text + " " + std::to_string(one.instruments.size()));
        sent.push_back(checkins::Sent{id, "", {}});
      }
      return sent;
    };
    lent_.resend = [this](db::Tx&, OrganizationId, std::span<const Lent::Again> wanted) {
      std::vector<Result<checkins::Sent>> sent;
      for (const auto& one : wanted) {
        sent_.push_back(one.text);
        sent.push_back(checkins::Sent{checkins::CheckInId(one.check_in), "", {}});
      }
      return sent;
    };
    lent_.tell = [this](db::Tx&, OrganizationId, std::span<const messaging::ToPatient> to) {
      std::vector<std::vector<messaging::Queued>> told;
      for (const auto& one : to) {
        sent_.push_back(one.kind);
        told.push_back({{messaging::Channel::sms, messaging::MessageId(clinic().ids().next())}});
      }
      return told;
    };
    lent_.visits = [this](db::Tx&, OrganizationId, Instant from, Instant until) {
      std::vector<Lent::Upcoming> all;
      for (const auto& one : visits_)
        if (one.starts_at >= from && one.starts_at < until) all.push_back(one);
      return all;
    };
    lent_.add_task = [this](db::Tx&, OrganizationId, const Lent::AskTask& ask) -> std::optional<Uuid> {
      asked_.push_back(ask.why);
      return clinic().ids().next();
    };
    routes_ = routes({&clinic().chart, lent_});
  }
  /// In care since January; the last PHQ-9 so many days ago.
  PatientId in_care(int phq_days_ago, std::string state = "active") {
    const auto patient = clinic().add_patient();
    write([&](db::Tx& tx) {
      static constexpr db::Sql kEpisode{
          "test.episode",
          "INSERT INTO episode (organization_id, episode_id, patient_id, site_id, state, primary_condition, primary_instrument, "
          "care_manager_id, referred_date, enrolled_date, labels, version, created_at, updated_at) "
          "VALUES ($1, $2, $3, $4, $5, 'depression', 'phq-9', $6, $7, $8, 'normal', 1, $9, $9)"};
      tx.run(kEpisode, {clinic().organization, clinic().ids().next(), patient, clinic().site, state, clinic().manager.user,
                        Date::ymd(2025, 12, 1), Date::ymd(2025, 12, 8), clinic().clock().now()});
      static constexpr db::Sql kScore{
          "test.score",
          "INSERT INTO measurement (organization_id, patient_id, administered_at, measurement_id, administered_date, instrument, "
          "instrument_version, informant, mode, language, total, valid, prorated, safety, answers, subscales, source, "
          "entered_at, "
          "labels) VALUES ($1, $2, $3, $4, $5, 'phq-9', '1', 'self', 'phone', 'en', 12, TRUE, FALSE, 'none', '[]', '[]', "
          "'staff', $3, "
          "'normal')"};
      tx.run(kScore,
             {clinic().organization, patient, clinic().clock().now(), clinic().ids().next(), kDay.plus_days(-phq_days_ago)});
    });
    return patient;
  }
  void put_check_in(db::Tx& tx, OrganizationId organization, checkins::CheckInId id, PatientId patient,
                    const std::string& instrument) {
    static constexpr db::Sql kCheckIn{
        "test.check_in",
        "INSERT INTO check_in (organization_id, check_in_id, patient_id, site_id, channel, why, state, language, token_hash, "
        "asks_birth_date, made_at, sent_at, expires_at) VALUES ($1, $2, $3, $4, 'link', 'reminder', 'sent', 'en', $5, FALSE, $6, "
        "$6, $7)"};
    static constexpr db::Sql kForm{
        "test.form",
        "INSERT INTO check_in_form (organization_id, check_in_id, number, instrument, informant) VALUES "
        "($1, $2, 1, $3, 'self')"};
    const Instant now = clinic().clock().now();
    tx.run(kCheckIn, {organization, id, patient, clinic().site, db::Bytes(id.uuid.bytes), now, now + std::chrono::hours(24 * 7)});
    tx.run(kForm, {organization, id, instrument});
  }
  template <class Body>
  void write(Body&& body) {
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      body(tx);
      return {};
    }));
  }
  void next_day(int days = 1) {
    clinic().clock().advance(std::chrono::hours(24 * days));
    day_ = day_.plus_days(days);
    sent_.clear();
  }
  Counts run() {
    const auto done = run_site(lent_, database(), clinic().organization, clinic().site, kZone, day_, [] { return true; });
    EXPECT_TRUE(done.has_value());
    return done ? done->counts : Counts{};
  }
  std::string what() const {
    std::string out;
    for (const auto& one : sent_) out += (out.empty() ? "" : ", ") + one;
    return out;
  }

  Rules rules_;
  pathways::Library pathways_;
  Lent lent_;
  std::vector<http::Route> routes_;
  std::map<PatientId, std::string> unreachable_;
  std::vector<Lent::Upcoming> visits_;
  std::vector<std::string> sent_, asked_;
  bool refused_ = false;
  Date day_ = kDay;
};
CONCORD_ON_BOTH_DATABASES(Reminders);

TEST_P(Reminders, ADayIsPlannedOnceHoweverOftenItIsRun) {
  in_care(28);
  in_care(27);
  in_care(40, "on_hold");
  const auto counts = run();
  EXPECT_EQ(counts.patients, 2) << "who is on hold is not asked";
  EXPECT_EQ(counts.check_ins, 1);
  EXPECT_EQ(what(), "checkins.asked 1");
  EXPECT_EQ(run().check_ins, 1);
  EXPECT_EQ(what(), "checkins.asked 1");
}

TEST_P(Reminders, ALinkIsCalledToMindTwiceThenRestsThenAsksAnewAndAtLastAPersonAsks) {
  in_care(28);
  std::string story;
  for (int i = 0; i < 60; ++i) {
    run();
    for (const auto& one : sent_) story += std::to_string(i) + " " + one + "; ";
    next_day();
  }
  EXPECT_EQ(story,
            "0 checkins.asked 1; 3 checkins.again; 6 checkins.again; 13 checkins.asked 1; 16 checkins.again; 19 checkins.again; "
            "26 checkins.asked 1; 29 checkins.again; 32 checkins.again; ");
  EXPECT_EQ(asked_, std::vector<std::string>({"unanswered"}));
}

TEST_P(Reminders, KilledBetweenTwoBatchesItGoesOnWhereItWas) {
  for (int i = 0; i < 260; ++i) in_care(28);
  int asked = 0;
  const auto half = run_site(lent_, database(), clinic().organization, clinic().site, kZone, day_, [&] { return asked++ == 0; });
  ASSERT_TRUE(half.has_value());
  EXPECT_FALSE(half->finished_at.has_value());
  EXPECT_EQ(half->counts.check_ins, 250);
  EXPECT_EQ(run().check_ins, 260);
  EXPECT_EQ(sent_.size(), 260u) << "nobody twice";
}

TEST_P(Reminders, ABatchThatDiesInTheMiddleLeavesNothingBehind) {
  in_care(28);
  struct Killed {};
  const auto send = lent_.send;
  lent_.send = [&](db::Tx& tx, OrganizationId organization,
                   std::span<const checkins::NewCheckIn> wanted) -> std::vector<Result<checkins::Sent>> {
    send(tx, organization, wanted);
    throw Killed{};
  };
  EXPECT_THROW(run(), Killed);
  lent_.send = send;
  sent_.clear();
  EXPECT_EQ(run().check_ins, 1);
  const auto check_ins = database().read([&](db::Tx& tx) {
    static constexpr db::Sql kCount{"test.count", "SELECT COUNT(*) FROM check_in WHERE organization_id = $1"};
    return *tx.one(kCount, {clinic().organization}, [](const db::Row& row) { return row.integer(0); });
  });
  EXPECT_EQ(check_ins, 1);
}

TEST_P(Reminders, TwoProcessesAtOnceDoNotSendTwice) {
  in_care(28);
  const auto send = lent_.send;
  lent_.send = [&](db::Tx& tx, OrganizationId organization, std::span<const checkins::NewCheckIn> wanted) {
    // The other process was faster: the run has moved on before this batch ends.
    EXPECT_TRUE(advance_run(tx, organization, clinic().site, day_, PatientId(), wanted[0].patient, {}, clinic().clock().now()));
    return send(tx, organization, wanted);
  };
  const auto done = run_site(lent_, database(), clinic().organization, clinic().site, kZone, day_, [] { return true; });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::conflict);
}

TEST_P(Reminders, WhomNoMessageReachesBecomesATaskOnceAMonth) {
  unreachable_[in_care(28)] = "no_address";
  EXPECT_EQ(run().asked, 1);
  next_day();
  EXPECT_EQ(run().asked, 0);
  next_day(26);
  EXPECT_EQ(run().asked, 0);
  next_day();
  EXPECT_EQ(run().asked, 1);
  EXPECT_EQ(asked_, std::vector<std::string>({"no_address", "no_address"}));
  EXPECT_EQ(what(), "");
}

TEST_P(Reminders, ACheckInThatIsRefusedIsSeenByAPerson) {
  in_care(28);
  refused_ = true;
  const auto counts = run();
  EXPECT_EQ(counts.not_possible, 1);
  EXPECT_EQ(counts.asked, 1);
  EXPECT_EQ(asked_, std::vector<std::string>({"check_in_refused"}));
}

TEST_P(Reminders, AVisitIsCalledToMindOnceAndAgainWhenItMoved) {
  const auto ana = in_care(5);
  const auto at = [&](Date day) { return Instant(day.sys()) + std::chrono::hours(18); };
  visits_ = {{clinic().ids().next(), ana, at(kDay.plus_days(2)), 0}};
  run();
  EXPECT_EQ(what(), "visits.soon");
  next_day();
  run();
  EXPECT_EQ(what(), "");
  visits_[0].starts_at = at(kDay.plus_days(3));
  next_day();
  run();
  EXPECT_EQ(what(), "visits.soon");
}

TEST_P(Reminders, ASessionOfAGroupIsCalledToMindInItsOwnWords) {
  const auto ana = in_care(5);
  visits_ = {{clinic().ids().next(), ana, Instant(kDay.plus_days(2).sys()) + std::chrono::hours(18), 0, true}};
  run();
  EXPECT_EQ(what(), "groups.soon");
  next_day();
  run();
  EXPECT_EQ(what(), "");
}

TEST_P(Reminders, QuestionsAndVisitOfOneDayAreOneMessage) {
  const auto ana = in_care(28);
  visits_ = {{clinic().ids().next(), ana, Instant(kDay.plus_days(1).sys()) + std::chrono::hours(18), 0}};
  run();
  EXPECT_EQ(what(), "checkins.before_visit 1");
  next_day();
  run();
  EXPECT_EQ(what(), "");
}

TEST_P(Reminders, StaffPauseThemAndSeeWhatIsNextAndWhatWas) {
  const auto ana = in_care(28);
  const std::string path = "/api/v1/patients/" + ana.text() + "/reminders";
  const auto first = clinic().call(routes_, "GET", path);
  EXPECT_EQ(first.text("version"), "0");
  EXPECT_EQ(first.text("next.0.act"), "check_in");
  EXPECT_EQ(first.text("next.0.instruments.0"), "phq-9");
  EXPECT_EQ(clinic().call(routes_, "PUT", path, R"({"paused":true,"every_days":3})", 0).issue_paths(), "pause_reason every_days");
  const auto paused =
      clinic().call(routes_, "PUT", path, R"({"paused":true,"pause_reason":"in hospital","paused_until":"2026-03-10"})", 0);
  EXPECT_EQ(paused.status, 200);
  EXPECT_EQ(paused.count("next"), 0u);
  EXPECT_EQ(paused.text("version"), "1");
  EXPECT_EQ(clinic().call(routes_, "PUT", path, R"({"paused":false})", 0).status, 412);
  EXPECT_EQ(run().check_ins, 0);
  next_day(7);
  EXPECT_EQ(run().check_ins, 1);
  const auto later = clinic().call(routes_, "GET", path);
  EXPECT_EQ(later.count("next"), 0u) << "done today";
  EXPECT_EQ(later.text("recent.0.act"), "check_in");
  EXPECT_EQ(later.text("recent.0.day"), "2026-03-11");
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", path).status, 404);
  EXPECT_EQ(clinic().call_as(clinic().foreigner, routes_, "PUT", path, R"({"paused":false})", 1).status, 404);
}

TEST_P(Reminders, ADryRunWritesNothing) {
  in_care(28);
  int seen = 0;
  plan_site(lent_, database(), clinic().organization, clinic().site, kZone, day_, [&](const Planned&) { ++seen; });
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(what(), "");
  EXPECT_EQ(run().check_ins, 1);
}

}  // namespace
}  // namespace concord::reminders
