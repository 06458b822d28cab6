#include "referrals/referrals_api.h"

#include <gtest/gtest.h>

#include "episodes/episodes_api.h"
#include "episodes/episodes_store.h"
#include "referrals/referrals_store.h"
#include "support/clinic.h"

namespace concord::referrals {
namespace {

/// Wired to the real episodes, as app/ does it.
class ReferralRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    Deps deps;
    deps.chart = &clinic().chart;
    deps.patient = patients::find;
    deps.open_episode = [this](db::Tx& tx, const Asker& asker, PatientId patient, SiteId site, ReferralId referral, Date on) {
      return episodes::open(clinic().chart, tx, asker, patient, site, referral, on);
    };
    deps.episode_of = episodes::of_referral;
    deps.close_episode = [this](db::Tx& tx, const Asker& asker, PatientId patient, ReferralId referral, std::string_view reason,
                                std::string_view note, Date on) {
      return episodes::close_of_referral(clinic().chart, tx, asker, patient, referral, reason, note, on);
    };
    routes_ = routes(deps);
    patient_ = clinic().add_patient();
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", path, std::move(body), version);
  }
  testing::Answer refer(PatientId patient, std::string_view on = "2026-03-01") {
    return post("/api/v1/referrals", R"({"patient_id":")" + patient.text() + R"(","site_id":")" + clinic().site.text() +
                                         R"(","referred_by":"Dr. Tam Reyes","reason":"low mood","received_date":")" +
                                         std::string(on) + "\"}");
  }
  std::string path(const testing::Answer& referral) { return "/api/v1/referrals/" + referral.text("id"); }
  std::string list(std::string_view query = "") {
    std::string dates;
    const auto answer = clinic().call(routes_, "GET", "/api/v1/referrals" + std::string(query));
    for (std::size_t i = 0; i < answer.count("items"); ++i)
      dates += answer.text("items." + std::to_string(i) + ".received_date").substr(5) + " ";
    return dates;
  }

  std::vector<http::Route> routes_;
  PatientId patient_;
};
CONCORD_ON_BOTH_DATABASES(ReferralRoutes);

TEST_P(ReferralRoutes, CreateOpensAnEpisodeAndShowsWhoWaits) {
  const auto made = refer(patient_);
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("patient.family_name"), "Ruiz");
  EXPECT_EQ(made.text("age_days"), "3");
  EXPECT_EQ(made.text("episode_state"), "referred");
  EXPECT_EQ(made.text("outcome"), "null");
  EXPECT_EQ(refer(patient_).code(), ErrorCode::already_enrolled);
  EXPECT_EQ(list(), "03-01 ") << "the refused one left nothing behind";
  EXPECT_EQ(refer(patient_, "2026-03-05").issue_paths(), "received_date") << "tomorrow";
}

TEST_P(ReferralRoutes, EveryAttemptIsKeptWithWhoAndWhen) {
  const auto made = refer(patient_);
  const auto tried =
      post(path(made) + "/attempts", R"({"modality":"phone","result":"no_answer","note":"voicemail full","on":"2026-03-02"})");
  ASSERT_EQ(tried.status, 201);
  EXPECT_EQ(tried.text("attempts.0.result"), "no_answer");
  EXPECT_EQ(tried.text("attempts.0.by_name"), "Mara Quill");
  EXPECT_EQ(tried.text("attempts.0.on"), "2026-03-02");
  EXPECT_EQ(tried.reply.audit_detail, "result=no_answer") << "never the note";
  EXPECT_EQ(post(path(made) + "/attempts", R"({"modality":"phone","result":"busy"})").issue_paths(), "result");
  EXPECT_EQ(post(path(made) + "/attempts", R"({"modality":"phone","result":"reached","on":"2026-02-28"})").issue_paths(), "on");
}

TEST_P(ReferralRoutes, AnOutcomeClosesTheEpisodeWithTheSameReason) {
  const auto made = refer(patient_);
  const auto ended = post(path(made) + "/outcome", R"({"outcome":"declined","on":"2026-03-03"})", 1);
  ASSERT_EQ(ended.status, 200);
  EXPECT_EQ(ended.text("outcome"), "declined");
  EXPECT_EQ(ended.text("episode_state"), "closed");
  EXPECT_EQ(ended.reply.version, 2);
  EXPECT_EQ(list(), "");
  EXPECT_EQ(list("?status=closed"), "03-01 ");
  EXPECT_EQ(post(path(made) + "/outcome", R"({"outcome":"unreachable"})", 2).code(), ErrorCode::conflict);
  EXPECT_EQ(post(path(made) + "/outcome", R"({"outcome":"unreachable"})", 1).status, 412);
  EXPECT_EQ(refer(patient_).status, 201) << "and makes room for the next";
}

TEST_P(ReferralRoutes, EnrolledIsAnOutcomeOfTheEpisodeOnly) {
  const auto made = refer(patient_);
  EXPECT_EQ(post(path(made) + "/outcome", R"({"outcome":"enrolled"})", 1).code(), ErrorCode::conflict);
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    const auto id = *ReferralId::parse(made.text("id"));
    set_outcome(tx, clinic().organization, id, "enrolled", Date::ymd(2026, 3, 4));
    set_outcome(tx, clinic().organization, id, "declined", Date::ymd(2026, 3, 4));
    return {};
  }));
  EXPECT_EQ(clinic().call(routes_, "GET", path(made)).text("outcome"), "enrolled") << "the first outcome stays";
}

TEST_P(ReferralRoutes, SentToAnotherLevelOfCareStaysVisibleUntilSeenThere) {
  const auto made = refer(patient_);
  EXPECT_EQ(post(path(made) + "/seen-elsewhere", R"({"on":"2026-03-04"})", 1).code(), ErrorCode::conflict);
  ASSERT_EQ(post(path(made) + "/outcome", R"({"outcome":"other_level_of_care"})", 1).status, 200);
  EXPECT_EQ(list(), "03-01 ");
  EXPECT_EQ(list("?status=closed"), "");
  EXPECT_EQ(post(path(made) + "/seen-elsewhere", R"({"on":"2026-03-04"})", 2).text("seen_elsewhere_date"), "2026-03-04");
  EXPECT_EQ(list(), "");
  EXPECT_EQ(list("?status=closed"), "03-01 ");
}

TEST_P(ReferralRoutes, TheOpenListShowsTheLongestWaitingFirstAndPagesByKey) {
  for (const auto* on : {"2026-03-02", "2026-02-10", "2026-02-20"}) refer(clinic().add_patient(), on);
  EXPECT_EQ(list(), "02-10 02-20 03-02 ");
  EXPECT_EQ(list("?status=all"), "03-02 02-20 02-10 ");
  for (const auto* status : {"open", "all"}) {
    std::string seen, after;
    for (int page = 0; page < 4; ++page) {
      const auto answer = clinic().call(
          routes_, "GET", "/api/v1/referrals?limit=2&status=" + std::string(status) + (after.empty() ? "" : "&after=" + after));
      for (std::size_t i = 0; i < answer.count("items"); ++i)
        seen += answer.text("items." + std::to_string(i) + ".received_date").substr(5) + " ";
      after = answer.text("next");
      if (after == "null") break;
    }
    EXPECT_EQ(seen, std::string(status) == "open" ? "02-10 02-20 03-02 " : "03-02 02-20 02-10 ");
  }
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/referrals?status=new").issue_paths(), "status");
}

TEST_P(ReferralRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto made = refer(patient_);
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", path(made)).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", path(made) + "/outcome", R"({"outcome":"declined"})", 1).code(),
              ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", "/api/v1/referrals").count("items"), 0u);
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", "/api/v1/referrals?site=" + clinic().site.text()).code(),
              ErrorCode::not_found);
  }
}

TEST_P(ReferralRoutes, LoadsManyAsOneByOne) {
  Referral r;
  r.id = ReferralId(clinic().ids().next());
  r.patient = patient_;
  r.site = clinic().site;
  r.referred_by = "Dr. Tam Reyes";
  r.received_at = clinic().clock().now();
  r.received_date = Date::ymd(2026, 1, 1);
  const Attempt a{clinic().ids().next(), r.id, r.received_at, r.received_date, clinic().manager.user, "phone", "reached", ""};
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    insert_all(tx, clinic().organization, std::span<const Referral>(&r, 1), clinic().clock().now());
    insert_all(tx, clinic().organization, std::span<const Attempt>(&a, 1), clinic().clock().now());
    return {};
  }));
  const auto back = clinic().call(routes_, "GET", "/api/v1/referrals/" + r.id.text());
  EXPECT_EQ(back.text("received_date"), "2026-01-01");
  EXPECT_EQ(back.text("attempts.0.result"), "reached");
  EXPECT_EQ(back.text("episode_id"), "null");
}

}  // namespace
}  // namespace concord::referrals
