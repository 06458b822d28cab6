#include "episodes/episodes_api.h"

#include <gtest/gtest.h>

#include <algorithm>
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
    deps.has_role = [this](db::Tx&, OrganizationId, UserId user, SiteId, std::string_view role) {
      return (user == clinic().manager.user && role == "care_manager") || (user == specialist_.user && role == "bh_specialist");
    };
    deps.pathway_label = [](std::string_view id) -> std::optional<std::string> {
      if (id == "adult-depression") return "normal";
      if (id == "substance-use") return "part2";
      return std::nullopt;
    };
    deps.note_pathway = [this](db::Tx&, const Asker&, EpisodeId, const std::optional<std::string>& from,
                               const std::optional<std::string>& to, const std::string& reason, Date on) {
      pathways_.push_back(from.value_or("none") + " " + to.value_or("none") + " " + reason + " " + on.iso());
    };
    specialist_ = clinic().caller("bh_specialist", "Bo Lind", clinic().organization, {clinic().site});
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
  Caller specialist_;
  PatientId patient_;
  std::vector<std::string> outcomes_;
  std::vector<std::string> pathways_;
};
CONCORD_ON_BOTH_DATABASES(EpisodeRoutes);

TEST_P(EpisodeRoutes, APathwayIsChosenFreelyAndLeftWithAReason) {
  const auto made = open(R"(,"referred_date":"2026-03-01")");
  const auto path = "/api/v1/episodes/" + made.text("id");
  const auto patch = [&](std::string body, std::int64_t version) {
    return clinic().call(routes_, "PATCH", path, std::move(body), version);
  };
  EXPECT_EQ(post(acts(made), R"({"act":"assess","on":"2026-03-02","pathway":"nothing"})", 1).issue_paths(), "pathway");
  EXPECT_EQ(post(acts(made), R"({"act":"assess","on":"2026-03-02","pathway":"adult-depression"})", 1).text("pathway"),
            "adult-depression");
  EXPECT_EQ(patch(R"({"pathway":"nothing"})", 2).issue_paths(), "pathway");
  EXPECT_EQ(patch(R"({"pathway":"substance-use"})", 2).issue_paths(), "pathway_reason");
  EXPECT_EQ(patch(R"({"pathway":"adult-depression"})", 2).status, 200) << "the same again is no change";
  const auto changed = patch(R"({"pathway":"substance-use","pathway_reason":"drinking came up"})", 3);
  ASSERT_EQ(changed.status, 200) << changed.issue_paths();
  EXPECT_EQ(changed.text("labels.0"), "part2") << "the pathway's label comes along";
  const auto back = patch(R"({"pathway":"adult-depression","pathway_reason":"mood first"})", 4);
  EXPECT_EQ(back.text("labels.0"), "part2") << "and stays: what was written then was written under it";
  EXPECT_EQ(pathways_, (std::vector<std::string>{"none adult-depression  2026-03-02",
                                                 "adult-depression substance-use drinking came up 2026-03-04",
                                                 "substance-use adult-depression mood first 2026-03-04"}));
}

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

TEST_P(EpisodeRoutes, AMemberWithASignInHoldsTheRoleHere) {
  const auto base = "/api/v1/episodes/" + open().text("id") + "/team";
  const auto with = [](std::string_view role, const Caller& who) {
    return R"({"role":")" + std::string(role) + R"(","user_id":")" + who.user.text() + "\"}";
  };
  EXPECT_EQ(post(base, with("bh_specialist", clinic().manager)).issue_paths(), "user_id");
  EXPECT_EQ(post(base, with("bh_specialist", specialist_)).status, 201);
  EXPECT_EQ(post(base, with("bh_specialist", specialist_)).code(), ErrorCode::conflict) << "twice in one role";
  EXPECT_EQ(post(base, with("therapist", clinic().manager)).status, 201) << "a role that nobody signs in with";
  EXPECT_EQ(post(base, R"({"role":"wizard","name":"M."})").issue_paths(), "role");
}

TEST_P(EpisodeRoutes, PeopleWithoutASignInAreOnTheTeamToo) {
  const auto base = "/api/v1/episodes/" + open().text("id") + "/team";
  const auto mother =
      post(base, R"({"role":"caregiver","name":"Rosa Ruiz","relationship":"mother","phone":"555-0188","informant":true})");
  ASSERT_EQ(mother.status, 201) << mother.issue_paths();
  EXPECT_EQ(mother.text("informant"), "true");
  EXPECT_EQ(post(base, R"({"role":"obstetrician","name":"Dr. Ola Berg"})").status, 201);
  const auto end = base + "/" + mother.text("id") + "/end";
  EXPECT_EQ(post(end, R"({"on":"2026-03-03"})").issue_paths(), "on") << "before she joined";
  EXPECT_EQ(post(end, R"({"reason":"moved away"})").text("until_reason"), "moved away");
  EXPECT_EQ(post(end, "{}").code(), ErrorCode::conflict);
  const auto team = clinic().call(routes_, "GET", base);
  EXPECT_EQ(team.text("items.1.relationship"), "mother");
  EXPECT_EQ(team.text("items.1.phone"), "555-0188");
}

TEST_P(EpisodeRoutes, OnlyPeopleWithTheRoleAtTheSiteAreCareManagerOrConsultant) {
  const auto made = open();
  const auto path = "/api/v1/episodes/" + made.text("id");
  const auto edit = [&](std::string body) { return clinic().call(routes_, "PATCH", path, std::move(body), 1); };
  EXPECT_EQ(
      edit(R"({"care_manager_id":")" + specialist_.user.text() + R"(","consultant_id":")" + clinic().manager.user.text() + "\"}")
          .issue_paths(),
      "care_manager_id consultant_id");
  EXPECT_EQ(edit(R"({"care_manager_id":")" + clinic().elsewhere.user.text() + "\"}").issue_paths(), "care_manager_id");
  EXPECT_EQ(post(path + "/acts", R"({"act":"assess","care_manager_id":")" + specialist_.user.text() + "\"}", 1).issue_paths(),
            "care_manager_id");
  EXPECT_EQ(edit(R"({"care_manager_id":")" + clinic().manager.user.text() + "\"}").status, 200);
}

TEST_P(EpisodeRoutes, ACaseloadMovesToAnotherCareManager) {
  const auto made = enrolled();
  const http::Request request;
  const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  const auto people = [&](UserId who) {
    return database().read([&](db::Tx& tx) { return patients_of(tx, clinic().organization, clinic().site, who, 10); });
  };
  EXPECT_EQ(people(clinic().manager.user), std::vector{patient_});
  const auto move = [&](SiteId site) {
    return database().write([&](db::Tx& tx) {
      return move_care_manager(tx, asker, site, clinic().manager.user, specialist_.user, std::nullopt, 10);
    });
  };
  EXPECT_TRUE(move(clinic().other_site)->empty());
  EXPECT_EQ(*move(clinic().site), std::vector{patient_});
  EXPECT_TRUE(people(clinic().manager.user).empty());
  const auto after = clinic().call(routes_, "GET", "/api/v1/episodes/" + made.text("id"));
  EXPECT_EQ(after.text("care_manager_id"), specialist_.user.text());
  EXPECT_EQ(after.text("version"), "4") << "whoever edits the old one is told";
  EXPECT_EQ(database().read([&](db::Tx& tx) { return people_of(tx, clinic().organization, patient_); }),
            std::vector{specialist_.user});
}

TEST_P(EpisodeRoutes, LendThePatientsTimelineItsParts) {
  const auto made = enrolled();
  ASSERT_EQ(post("/api/v1/episodes/" + made.text("id") + "/team", R"({"role":"pcp","name":"Dr. Tam Reyes"})").status, 201);
  const http::Request request;
  const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  std::vector<patients::TimelineEntry> entries;
  database().read(
      [&](db::Tx& tx) { add_to_timeline(tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, patient_), entries); });
  std::sort(entries.begin(), entries.end(), patients::newer);
  std::string words;
  for (const auto& e : entries) words += e.date.iso() + " " + e.kind + "/" + e.what + "\n";
  EXPECT_EQ(words,
            "2026-03-04 team/joined\n2026-03-03 episode/active\n2026-03-02 episode/assessed\n2026-03-02 consent/given\n"
            "2026-03-01 episode/opened\n");
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
