#include "community/community_api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/zone.h"
#include "community/community_store.h"
#include "support/portal_people.h"

namespace concord::community {
namespace {

class CommunityRoutes : public testing::PortalViewTest {
 protected:
  void SetUp() override {
    PortalViewTest::SetUp();
    if (IsSkipped()) return;
    sam_ = clinic().manager;
    wes_ = clinic().caller("community_worker", "Wes Hill", clinic().organization, {clinic().site});
    ann_ = clinic().add_patient("Ann", "Birch");
    bob_ = clinic().add_patient("Bob", "Cole");
    deps_.chart = &clinic().chart;
    deps_.patient = patients::find;
    deps_.may_own = [this](db::Tx&, OrganizationId, UserId user, SiteId) { return user == sam_.user || user == wes_.user; };
    deps_.worker_of = [this](db::Tx&, OrganizationId, PatientId) { return std::optional(wes_.user); };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { notices_.push_back(n.kind); };
    deps_.viewer = [this](db::Tx&, const Caller& caller, Instant now) { return viewer_of(caller, now); };
    routes_ = routes(deps_);
  }
  testing::Answer as(const Caller& who, std::string_view method, std::string_view path, std::string body = "",
                     std::optional<std::int64_t> version = std::nullopt) {
    clinic().clock().advance(std::chrono::seconds(1));
    return clinic().call_as(who, routes_, method, path, std::move(body), version);
  }
  testing::Answer wes(std::string_view method, std::string_view path, std::string body = "",
                      std::optional<std::int64_t> version = std::nullopt) {
    return as(wes_, method, path, std::move(body), version);
  }
  static std::string of(PatientId patient, std::string_view rest) {
    return "/api/v1/patients/" + patient.text() + std::string(rest);
  }
  std::string service(std::string_view name = "Harbor Food Pantry", std::string_view kind = "food", std::string more = "") {
    const auto made = wes("POST", "/api/v1/community/services",
                          R"({"name":")" + std::string(name) + R"(","kinds":[")" + std::string(kind) + "\"]" + more + "}");
    EXPECT_EQ(made.status, 201) << made.issue_paths();
    return made.text("id");
  }
  std::string need(PatientId patient, std::string_view kind = "food", std::string more = "") {
    const auto made = wes("POST", of(patient, "/needs"), R"({"kind":")" + std::string(kind) + "\"" + more + "}");
    EXPECT_EQ(made.status, 201) << made.issue_paths();
    return made.text("id");
  }
  testing::Answer refer(PatientId patient, const std::string& the_need, const std::string& the_service, std::string more = "") {
    return wes("POST", of(patient, "/community-referrals"),
               R"({"need_id":")" + the_need + R"(","service_id":")" + the_service +
                   R"(","sent_by_way":"phone","shares":["name","phone"],"consent":{"method":"verbal"})" + more + "}");
  }
  std::string view(const Caller& who) { return shown(portal_view(deps_), who); }

  Deps deps_;
  std::vector<http::Route> routes_;
  Caller sam_, wes_;
  PatientId ann_, bob_;
  std::vector<std::string> notices_;
};
CONCORD_ON_BOTH_DATABASES(CommunityRoutes);

TEST_P(CommunityRoutes, TheDirectoryIsSearchedAndPagedByName) {
  service("Zeta Pantry", "food", R"(,"areas":["10453"],"languages":["es"])");
  service("Alpha Law", "law");
  const auto mid = service("Mid Shelter", "housing", R"(,"areas":["Bronx"])");
  const std::string list = "/api/v1/community/services";
  const auto page = wes("GET", list + "?limit=2");
  EXPECT_EQ(page.text("items.0.name") + "," + page.text("items.1.name"), "Alpha Law,Mid Shelter");
  EXPECT_EQ(wes("GET", list + "?limit=2&after=mid+shelter").text("items.0.name"), "Zeta Pantry");
  EXPECT_EQ(wes("GET", list + "?need=food&language=es&area=10453").count("items"), 1u);
  EXPECT_EQ(wes("GET", list + "?area=10453").count("items"), 2u) << "Alpha Law is everywhere";
  EXPECT_EQ(wes("GET", list + "?q=SHELTER").text("items.0.id"), mid);
  EXPECT_EQ(wes("GET", list + "?need=fun").issue_paths(), "need");
  EXPECT_EQ(as(clinic().foreigner, "GET", list).count("items"), 0u);
  EXPECT_EQ(as(clinic().foreigner, "GET", list + "/" + mid).status, 404);
}

TEST_P(CommunityRoutes, AServiceIsChangedCheckedAndWithdrawn) {
  const auto id = service();
  const auto path = "/api/v1/community/services/" + id;
  service("Other");
  EXPECT_EQ(wes("POST", "/api/v1/community/services", R"({"name":"HARBOR food pantry","kinds":["food"]})").status, 409);
  EXPECT_EQ(wes("PATCH", path, R"({"name":"Other"})", 1).status, 409);
  EXPECT_EQ(wes("PATCH", path, R"({"web":"food"})", 1).issue_paths(), "web");
  ASSERT_EQ(wes("PATCH", path, R"({"phone":"555-0100"})", 1).status, 200);
  EXPECT_EQ(wes("PATCH", path, R"({"phone":"555-0101"})", 1).status, 412);
  EXPECT_EQ(wes("POST", path + "/acts", R"({"act":"checked"})", 2).text("checked_on"), "2026-03-04");
  ASSERT_EQ(wes("POST", path + "/acts", R"({"act":"withdraw"})", 3).status, 200);
  EXPECT_EQ(wes("GET", "/api/v1/community/services").count("items"), 1u);
  EXPECT_EQ(wes("GET", "/api/v1/community/services?withdrawn=true").count("items"), 1u);
  EXPECT_EQ(refer(ann_, need(ann_), id).issue_paths(), "service_id");
}

TEST_P(CommunityRoutes, AnImportAddsAndChangesAndLeavesTheRest) {
  const auto import = [&](std::string_view text) {
    return database().write([&](db::Tx& tx) -> Result<ImportCounts> {
      CONCORD_TRY(const auto services, read_directory(text, "services.csv", clinic().today()));
      return import_services(tx, clinic().organization, services, clinic().ids(), clinic().clock().now());
    });
  };
  auto first = import("name,kinds,phone\nOne,food,1\nTwo,law,2\n");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->added, 2);
  auto second = import("name,kinds,phone\none,food,9\nTwo,law,2\nThree,work,3\n");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->added * 100 + second->changed * 10 + second->unchanged, 111);
  EXPECT_EQ(wes("GET", "/api/v1/community/services").count("items"), 3u);
  EXPECT_FALSE(import("name,kinds\nFour,food\nFive,fun\n"));
  EXPECT_EQ(wes("GET", "/api/v1/community/services").count("items"), 3u) << "nothing half-stored";
  EXPECT_EQ(wes("GET", "/api/v1/community/services?q=one").text("items.0.phone"), "9");
}

TEST_P(CommunityRoutes, AQuestionnaireFindsNeedsOnce) {
  const auto path = of(ann_, "/need-screenings");
  const auto first =
      wes("POST", path, R"({"form":"ahc-hrsn","asked":["housing","food","transport"],"found":["food","housing"]})");
  ASSERT_EQ(first.status, 201) << first.issue_paths();
  EXPECT_EQ(first.count("needs"), 2u);
  EXPECT_EQ(first.text("needs.0.source") + first.text("needs.0.state"), "ahc-hrsnfound");
  const auto second = wes("POST", path, R"({"form":"prapare","asked":["food","work"],"found":["food","work"]})");
  EXPECT_EQ(second.text("needs.0.id"), first.text("needs.0.id")) << "the food need is known";
  const auto all = wes("GET", of(ann_, "/needs"));
  EXPECT_EQ(all.count("items"), 3u);
  EXPECT_EQ(all.count("screenings"), 2u);
  EXPECT_EQ(all.text("screenings.0.form"), "prapare");
  EXPECT_EQ(wes("POST", path, R"({"form":"ahc-hrsn","declined":true})").status, 201);
  EXPECT_EQ(wes("POST", path, R"({"form":"ahc-hrsn","asked":["law"],"on":"2026-04-01"})").issue_paths(), "on asked");
}

TEST_P(CommunityRoutes, WhatThePatientSaysAboutHelpIsKept) {
  const auto id = need(ann_);
  const auto path = of(ann_, "/needs/" + id);
  const auto twice = wes("POST", of(ann_, "/needs"), R"({"kind":"food"})");
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.text("need.id"), id);
  EXPECT_EQ(wes("PATCH", path, R"({"wants_help":"later","later_until":"2026-04-01"})", 1).text("later_until"), "2026-04-01");
  EXPECT_EQ(wes("PATCH", path, R"({"wants_help":"yes"})", 2).text("later_until"), "null");
  EXPECT_EQ(wes("PATCH", path, R"({"wants_help":"no","met":true})", 3).issue_paths(), "met");
  EXPECT_EQ(wes("PATCH", path, R"({"met":true})", 3).text("state"), "met");
  EXPECT_EQ(wes("PATCH", path, R"({"wants_help":"yes"})", 4).status, 409);
  need(ann_);  // it came back: a new row
  const auto changes = database().read([&](db::Tx& tx) { return list_need_changes(tx, clinic().organization, ann_); });
  EXPECT_EQ(changes.size(), 5u);
  EXPECT_EQ(*changes[3].before + ">" + changes[3].after, "wants_help>met");
}

TEST_P(CommunityRoutes, AReferralIsTrackedUntilTheNeedIsMet) {
  const auto made = refer(ann_, need(ann_), service());
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("state") + " " + made.text("due_on") + " " + made.text("owner.name"), "sent 2026-03-18 Wes Hill");
  EXPECT_EQ(made.text("consent.method") + made.text("consent.on") + made.text("shares.1"), "verbal2026-03-04phone");
  EXPECT_FALSE(clinic().refreshed.empty());
  EXPECT_EQ(wes("GET", of(ann_, "/needs")).text("items.0.state"), "wants_help");
  const auto acts = of(ann_, "/community-referrals/" + made.text("id") + "/acts");
  days_pass(16);
  const auto late = wes("GET", "/api/v1/community/worklist");
  EXPECT_EQ(late.text("items.0.overdue_days"), "2");
  EXPECT_EQ(late.text("counts.open") + late.text("counts.overdue"), "11");
  EXPECT_EQ(late.text("items.0.patient.family_name"), "Birch");
  EXPECT_EQ(wes("POST", acts, R"({"act":"accept"})", 1).text("state"), "accepted");
  EXPECT_EQ(wes("POST", acts, R"({"act":"seen"})", 2).issue_paths(), "confirmed_by");
  const auto seen = wes("POST", acts, R"({"act":"seen","confirmed_by":"service","on":"2026-03-19"})", 2);
  EXPECT_EQ(seen.text("seen_on") + seen.text("seen_confirmed_by") + seen.text("overdue_days"), "2026-03-19service0");
  EXPECT_EQ(wes("GET", "/api/v1/community/worklist").text("counts.overdue"), "0");
  EXPECT_EQ(wes("POST", acts, R"({"act":"close","outcome":"met"})", 2).status, 412);
  ASSERT_EQ(wes("POST", acts, R"({"act":"close","outcome":"met"})", 3).status, 200);
  EXPECT_EQ(wes("GET", of(ann_, "/needs")).text("items.0.state"), "met");
  EXPECT_EQ(wes("GET", "/api/v1/community/worklist").count("items"), 0u);
  const auto one = wes("GET", of(ann_, "/community-referrals/" + made.text("id")));
  EXPECT_EQ(one.count("history"), 4u);
  EXPECT_EQ(one.text("history.2.detail"), "service");
}

TEST_P(CommunityRoutes, WithoutConsentNothingIsSent) {
  const auto the_need = need(ann_), the_service = service();
  const auto refused =
      wes("POST", of(ann_, "/community-referrals"),
          R"({"need_id":")" + the_need + R"(","service_id":")" + the_service + R"(","sent_by_way":"phone","shares":["name"]})");
  EXPECT_EQ(refused.issue_paths(), "consent");
  EXPECT_EQ(refer(ann_, need(bob_), the_service).issue_paths(), "need_id") << "another patient's need";
  EXPECT_EQ(refer(ann_, the_need, clinic().ids().next().text()).issue_paths(), "service_id");
  EXPECT_EQ(refer(ann_, the_need, the_service, R"(,"owner_id":")" + clinic().elsewhere.user.text() + "\"").issue_paths(),
            "owner_id");
  EXPECT_EQ(wes("GET", of(ann_, "/community-referrals")).count("items"), 0u);
}

TEST_P(CommunityRoutes, TheWorkListsAreOfMySitesAndPaged) {
  const auto the_service = service();
  for (int i = 0; i < 3; ++i) {
    const auto patient = clinic().add_patient("P" + std::to_string(i), "X");
    ASSERT_EQ(refer(patient, need(patient), the_service).status, 201);
    days_pass(1);
  }
  const auto page = wes("GET", "/api/v1/community/worklist?limit=2");
  EXPECT_EQ(page.count("items"), 2u);
  EXPECT_EQ(page.text("items.0.patient.given_name"), "P0");
  EXPECT_EQ(wes("GET", "/api/v1/community/worklist?limit=2&after=" + page.text("next")).text("items.0.patient.given_name"), "P2");
  EXPECT_EQ(wes("GET", "/api/v1/community/worklist?owner=me&kind=food").count("items"), 3u);
  EXPECT_EQ(wes("GET", "/api/v1/community/worklist?kind=law").count("items"), 0u);
  EXPECT_EQ(as(sam_, "GET", "/api/v1/community/worklist?owner=me").count("items"), 0u);
  EXPECT_EQ(as(clinic().elsewhere, "GET", "/api/v1/community/worklist").count("items"), 0u);
  EXPECT_EQ(wes("GET", "/api/v1/community/worklist?site=" + clinic().other_site.text()).status, 404);
  EXPECT_EQ(wes("GET", "/api/v1/community/worklist?after=x").issue_paths(), "after");
  // Help is wanted and nobody sends.
  need(ann_, "law", R"(,"wants_help":"yes")");
  need(ann_, "work", R"(,"wants_help":"later")");
  const auto wanted = wes("GET", "/api/v1/community/wanted");
  ASSERT_EQ(wanted.count("items"), 1u);
  EXPECT_EQ(wanted.text("items.0.kind") + wanted.text("items.0.patient.given_name"), "lawAnn");
}

TEST_P(CommunityRoutes, OthersSeeNothingOfIt) {
  const auto made = refer(ann_, need(ann_), service());
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(as(*who, "GET", of(ann_, "/needs")).status, 404);
    EXPECT_EQ(as(*who, "GET", of(ann_, "/community-referrals/" + made.text("id"))).status, 404);
    EXPECT_EQ(as(*who, "POST", of(ann_, "/community-referrals/" + made.text("id") + "/acts"), R"({"act":"accept"})", 1).status,
              404);
  }
  EXPECT_EQ(wes("GET", of(bob_, "/community-referrals/" + made.text("id"))).status, 404);
}

TEST_P(CommunityRoutes, ThePatientAnswersFromThePortal) {
  const auto the_need = need(ann_);
  const auto me = portal(ann_);
  EXPECT_EQ(as(me, "POST", "/api/v1/portal/needs/" + the_need + "/answer", R"({"wants_help":"yes"})").text("state"),
            "wants_help");
  EXPECT_EQ(notices_, std::vector<std::string>{"community.wanted"});
  EXPECT_EQ(as(portal(bob_), "POST", "/api/v1/portal/needs/" + the_need + "/answer", R"({"wants_help":"no"})").status, 404);
  const auto made = refer(ann_, the_need, service());
  const auto acts = "/api/v1/portal/community/" + made.text("id") + "/acts";
  const auto friend_of_ann = portal(ann_, ActorKind::trusted_person, {"appointments"});
  EXPECT_EQ(as(portal(ann_, ActorKind::trusted_person, {"goals"}), "POST", acts, R"({"act":"seen"})").status, 403);
  EXPECT_EQ(as(friend_of_ann, "POST", acts, R"({"act":"withdraw_consent"})").status, 403) << "the patient's own";
  EXPECT_EQ(as(friend_of_ann, "POST", acts, R"({"act":"seen"})").text("state"), "seen");
  const auto one = wes("GET", of(ann_, "/community-referrals/" + made.text("id")));
  EXPECT_EQ(one.text("seen_confirmed_by") + " " + one.text("history.1.by_kind"), "patient trusted_person");
  EXPECT_EQ(as(me, "POST", acts, R"({"act":"withdraw_consent"})").text("state"), "closed");
  EXPECT_EQ(notices_.back(), "community.answered");
}

TEST_P(CommunityRoutes, SafetyAtHomeAndConfidentialNeedsLeaveNoTraceWhereTheyMustNot) {
  const auto danger = need(ann_, "safety", R"(,"wants_help":"yes")");
  const auto hidden = need(ann_, "work", R"(,"confidential":true)");
  const auto open = need(ann_, "food");
  const auto shelter = service("Safe Door", "safety");
  ASSERT_EQ(refer(ann_, danger, shelter).status, 201);
  const auto mine = view(portal(ann_));
  EXPECT_EQ(mine.find("safety"), std::string::npos) << "not even for herself: somebody may look over her shoulder";
  EXPECT_EQ(mine.find("Safe Door"), std::string::npos);
  EXPECT_NE(mine.find(hidden), std::string::npos);
  EXPECT_NE(mine.find(open), std::string::npos);
  const auto parent = view(portal(ann_, ActorKind::trusted_person, {"appointments"}));
  EXPECT_EQ(parent.find(hidden), std::string::npos);
  EXPECT_NE(parent.find(open), std::string::npos);
  EXPECT_EQ(as(portal(ann_), "POST", "/api/v1/portal/needs/" + danger + "/answer", R"({"wants_help":"no"})").status, 404);
}

}  // namespace
}  // namespace concord::community
