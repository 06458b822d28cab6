#include "episodes/episodes_api.h"

#include <gtest/gtest.h>

#include <thread>

#include "episodes/episodes_store.h"
#include "support/clinic.h"

namespace concord::episodes {
namespace {

class EpisodeRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    Deps deps;
    deps.chart = &clinic().chart;
    deps.is_instrument = [](std::string_view id) { return id == "phq-9" || id == "gad-7"; };
    deps.set_referral_outcome = [this](db::Tx&, OrganizationId, ReferralId referral, std::string_view outcome, Date on) {
      outcomes_.push_back(referral.text() + " " + std::string(outcome) + " " + on.iso());
    };
    routes_ = routes(deps);
    patient_ = clinic().add_patient();
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", path, std::move(body), version);
  }
  testing::Answer open(std::string more = "") {
    return post("/api/v1/episodes",
                R"({"patient_id":")" + patient_.text() + R"(","site_id":")" + clinic().site.text() + "\"" + more + "}");
  }
  std::string acts(const testing::Answer& episode) { return "/api/v1/episodes/" + episode.text("id") + "/acts"; }
  void consent() {
    ASSERT_EQ(post("/api/v1/patients/" + patient_.text() + "/consents",
                   R"({"method":"verbal","text_version":"2026-1","language":"es","given_date":"2026-03-02"})")
                  .status,
              201);
  }
  std::string complete_enrolment(std::string_view on = "2026-03-03") {
    return R"({"act":"enroll","on":")" + std::string(on) +
           R"(","primary_condition":"depression","primary_instrument":"phq-9","billing_practitioner":"Dr. Tam Reyes","care_manager_id":")" +
           clinic().manager.user.text() + "\"}";
  }
  /// An enrolled episode; version 3.
  testing::Answer enrolled() {
    const auto made = open(R"(,"referred_date":"2026-03-01")");
    consent();
    EXPECT_EQ(post(acts(made), R"({"act":"assess","on":"2026-03-02"})", 1).status, 200);
    auto answer = post(acts(made), complete_enrolment(), 2);
    EXPECT_EQ(answer.status, 200) << answer.issue_paths();
    return answer;
  }

  std::vector<http::Route> routes_;
  PatientId patient_;
  std::vector<std::string> outcomes_;
};
CONCORD_ON_BOTH_DATABASES(EpisodeRoutes);

TEST_P(EpisodeRoutes, WalksFromReferralToEnrolmentWithTheAssessmentsDate) {
  const auto episode = enrolled();
  EXPECT_EQ(episode.text("state"), "active");
  EXPECT_EQ(episode.text("enrolled_date"), "2026-03-02") << "the day of the initial assessment";
  EXPECT_EQ(episode.text("care_manager.name"), "Mara Quill");
  EXPECT_EQ(episode.text("weeks_in_care"), "0");
  EXPECT_EQ(episode.reply.version, 3);
  const auto transitions = database().read(
      [&](db::Tx& tx) { return list_transitions(tx, clinic().organization, *EpisodeId::parse(episode.text("id"))); });
  ASSERT_EQ(transitions.size(), 2u);
  EXPECT_EQ(transitions[1].from, State::assessed);
  EXPECT_EQ(transitions[1].to, State::active);
  EXPECT_EQ(transitions[1].by, clinic().manager.user);
}

TEST_P(EpisodeRoutes, EnrolmentNamesEverythingThatIsMissing) {
  const auto made = open();
  ASSERT_EQ(post(acts(made), R"({"act":"assess"})", 1).status, 200);
  const auto refused = post(acts(made), R"({"act":"enroll"})", 2);
  EXPECT_EQ(refused.code(), ErrorCode::invalid);
  EXPECT_EQ(refused.issue_paths(), "consent billing_practitioner primary_condition primary_instrument care_manager_id");
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/episodes/" + made.text("id")).text("state"), "assessed");
}

TEST_P(EpisodeRoutes, AnActTheDrawingHasNoArrowForIsAConflict) {
  const auto made = open();
  EXPECT_EQ(post(acts(made), R"({"act":"meet_target"})", 1).code(), ErrorCode::conflict);
  EXPECT_EQ(post(acts(made), R"({"act":"promote"})", 1).issue_paths(), "act");
  EXPECT_EQ(post(acts(made), R"({"act":"assess","on":"2026-03-05"})", 1).issue_paths(), "on") << "tomorrow";
  EXPECT_EQ(post(acts(made), R"({"act":"assess"})").code(), ErrorCode::precondition_missing);
  EXPECT_EQ(post(acts(made), R"({"act":"assess"})", 7).status, 412);
}

TEST_P(EpisodeRoutes, ASecondOpenEpisodeIsRefusedAndAClosedOneMakesRoom) {
  const auto made = open();
  EXPECT_EQ(open().code(), ErrorCode::already_enrolled);
  ASSERT_EQ(post(acts(made), R"({"act":"close","close_reason":"declined"})", 1).text("state"), "closed");
  const auto again = open();
  EXPECT_EQ(again.status, 201);
  EXPECT_NE(again.text("id"), made.text("id"));
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/patients/" + patient_.text() + "/episodes").count("items"), 2u);
}

TEST_P(EpisodeRoutes, TwoEnrolmentsAtOnceLeaveOneOpenEpisode) {
  constexpr int kAtOnce = 8;
  std::vector<std::thread> threads;
  std::vector<testing::Answer> answers(kAtOnce);
  for (int i = 0; i < kAtOnce; ++i) threads.emplace_back([&, i] { answers[static_cast<std::size_t>(i)] = open(); });
  for (auto& thread : threads) thread.join();
  int made = 0, refused = 0;
  for (const auto& answer : answers) {
    made += answer.status == 201;
    refused += answer.error && answer.error->code == ErrorCode::already_enrolled;
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, kAtOnce - 1);
  EXPECT_EQ(database().read([&](db::Tx& tx) { return list(tx, clinic().organization, patient_).size(); }), 1u);
}

TEST_P(EpisodeRoutes, ClosingAfterEnrolmentNeedsAReasonThatFits) {
  const auto episode = enrolled();
  EXPECT_EQ(post(acts(episode), R"({"act":"close"})", 3).issue_paths(), "close_reason");
  EXPECT_EQ(post(acts(episode), R"({"act":"close","close_reason":"declined"})", 3).issue_paths(), "close_reason");
  EXPECT_EQ(post(acts(episode), R"({"act":"close","close_reason":"moved"})", 3).text("close_reason"), "moved");
}

TEST_P(EpisodeRoutes, EditChecksPeopleAndInstrumentsAndKeepsWhatEnrolmentNeeds) {
  const auto episode = enrolled();
  const auto path = "/api/v1/episodes/" + episode.text("id");
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"primary_instrument":"phq-10"})", 3).issue_paths(), "primary_instrument");
  EXPECT_EQ(clinic()
                .call(routes_, "PATCH", path,
                      R"({"primary_condition":null,"care_manager_id":")" + clinic().foreigner.user.text() + "\"}", 3)
                .issue_paths(),
            "care_manager_id primary_condition");
  const auto edited = clinic().call(routes_, "PATCH", path, R"({"primary_instrument":"gad-7","target":"remission"})", 3);
  EXPECT_EQ(edited.text("primary_instrument"), "gad-7");
  const auto late = clinic().call(routes_, "PATCH", path, R"({"target":"response"})", 3);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.target"), "remission");
}

TEST_P(EpisodeRoutes, OfAReferralTellsItHowItEnded) {
  const ReferralId referral(clinic().ids().next());
  testing::Answer made;
  const patients::Asker asker(http::Call{{}, clinic().manager, clinic().clock().now(), {}});
  const auto opened = database().write([&](db::Tx& tx) {
    return episodes::open(clinic().chart, tx, asker, patient_, clinic().site, referral, Date::ymd(2026, 3, 1));
  });
  ASSERT_TRUE(opened.has_value());
  const auto path = "/api/v1/episodes/" + opened->id.text() + "/acts";
  const auto closed = post(path, R"({"act":"close","close_reason":"unreachable","on":"2026-03-03"})", 1);
  EXPECT_EQ(outcomes_, std::vector<std::string>{referral.text() + " unreachable 2026-03-03"});
  EXPECT_EQ(closed.reply.events.back().topic, "referrals");
}

TEST_P(EpisodeRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto made = open();
  const auto path = "/api/v1/episodes/" + made.text("id");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", path).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", path + "/acts", R"({"act":"assess"})", 1).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", "/api/v1/patients/" + patient_.text() + "/episodes").code(),
              ErrorCode::not_found);
  }
}

TEST_P(EpisodeRoutes, AWithdrawnConsentNoLongerAllowsEnrolment) {
  const auto made = open(R"(,"referred_date":"2026-03-01")");
  consent();
  const auto base = "/api/v1/patients/" + patient_.text() + "/consents";
  const auto id = clinic().call(routes_, "GET", base).text("items.0.id");
  EXPECT_EQ(post(base + "/" + id + "/withdraw", R"({"on":"2026-03-01"})", 1).issue_paths(), "on") << "before it was given";
  EXPECT_EQ(post(base + "/" + id + "/withdraw", R"({"on":"2026-03-03"})", 1).text("withdrawn_date"), "2026-03-03");
  EXPECT_EQ(post(base + "/" + id + "/withdraw", R"({"on":"2026-03-03"})", 2).code(), ErrorCode::conflict);
  ASSERT_EQ(post(acts(made), R"({"act":"assess","on":"2026-03-02"})", 1).status, 200);
  EXPECT_EQ(post(acts(made), complete_enrolment(), 2).issue_paths(), "consent");
}

TEST_P(EpisodeRoutes, TheCareTeamKeepsWhoLeft) {
  const auto base = "/api/v1/episodes/" + open().text("id") + "/team";
  EXPECT_EQ(post(base, R"({"role":"pcp"})").issue_paths(), "name");
  const auto mine = post(base, R"({"role":"care_manager","user_id":")" + clinic().manager.user.text() + "\"}");
  EXPECT_EQ(mine.text("name"), "Mara Quill");
  ASSERT_EQ(post(base, R"({"role":"pcp","name":"Dr. Tam Reyes"})").status, 201);
  EXPECT_EQ(clinic().call(routes_, "DELETE", base + "/" + mine.text("id")).status, 204);
  EXPECT_EQ(clinic().call(routes_, "DELETE", base + "/" + mine.text("id")).code(), ErrorCode::not_found);
  const auto team = clinic().call(routes_, "GET", base);
  EXPECT_EQ(team.text("items.0.name"), "Dr. Tam Reyes");
  EXPECT_EQ(team.text("items.1.until"), "2026-03-04");
}

TEST_P(EpisodeRoutes, LoadsManyAsOneByOne) {
  Episode e;
  e.id = EpisodeId(clinic().ids().next());
  e.patient = patient_;
  e.site = clinic().site;
  e.referred_date = Date::ymd(2026, 1, 1);
  Consent c;
  c.id = ConsentId(clinic().ids().next());
  c.patient = patient_;
  c.given_date = Date::ymd(2026, 1, 2);
  const EpisodeTransition t{
      e.id, {clinic().ids().next(), e.referred_date, State::referred, State::assessed, clinic().manager.user, ""}};
  const EpisodeTeamMember m{e.id, {clinic().ids().next(), "pcp", std::nullopt, "Dr. Tam Reyes", e.referred_date, std::nullopt}};
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    const auto now = clinic().clock().now();
    insert_all(tx, clinic().organization, std::span<const Episode>(&e, 1), now);
    insert_all(tx, clinic().organization, std::span<const Consent>(&c, 1), now);
    insert_all(tx, clinic().organization, std::span<const EpisodeTransition>(&t, 1), now);
    insert_all(tx, clinic().organization, std::span<const EpisodeTeamMember>(&m, 1), now);
    return {};
  }));
  database().read([&](db::Tx& tx) {
    EXPECT_EQ(find_open(tx, clinic().organization, patient_)->id, e.id);
    EXPECT_TRUE(has_consent(tx, clinic().organization, patient_, Date::ymd(2026, 1, 2)));
    EXPECT_FALSE(has_consent(tx, clinic().organization, patient_, Date::ymd(2026, 1, 1)));
    EXPECT_EQ(list_transitions(tx, clinic().organization, e.id).size(), 1u);
    EXPECT_EQ(list_team(tx, clinic().organization, e.id).size(), 1u);
  });
}

}  // namespace
}  // namespace concord::episodes
