#include "groups/groups_api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/zone.h"
#include "groups/groups_store.h"
#include "support/portal_people.h"

namespace concord::groups {
namespace {

class GroupRoutes : public testing::PortalViewTest {
 protected:
  void SetUp() override {
    PortalViewTest::SetUp();
    if (IsSkipped()) return;
    sam_ = clinic().manager;
    for (const auto* c : {&sam_, &clinic().elsewhere, &clinic().foreigner}) account(*c);
    ann_ = clinic().add_patient("Ann", "Birch");
    bob_ = clinic().add_patient("Bob", "Cole");
    eva_ = clinic().add_patient("Eva", "Dorn");
    deps_.chart = &clinic().chart;
    deps_.patient = patients::find;
    deps_.may_lead = [this](db::Tx&, OrganizationId, UserId user, SiteId) { return user == sam_.user; };
    deps_.calendar_of = [](db::Tx&, OrganizationId, SiteId) { return calendar::Calendar{}; };
    deps_.record_contact = [this](db::Tx&, const Asker&, const Group&, const Session&, const Attendance& a) {
      contacts_.push_back(a.status);
      return clinic().ids().next();
    };
    deps_.take_back_contact = [this](db::Tx&, OrganizationId, PatientId, const Uuid&, Instant) { ++taken_back_; };
    deps_.video_link = [](db::Tx&, OrganizationId, SiteId, std::string_view code) {
      return std::optional("https://video.example.org/" + std::string(code));
    };
    deps_.code = [this] { return "code" + std::to_string(++codes_); };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { notices_.push_back(n.kind); };
    deps_.tell_patient = [this](db::Tx&, OrganizationId, PatientId who, std::string_view kind, const Uuid&, const std::string&) {
      told_.emplace_back(who, std::string(kind));
    };
    deps_.viewer = [this](db::Tx&, const Caller& caller, Instant now) { return viewer_of(caller, now); };
    routes_ = routes(deps_);
  }
  testing::Answer as(const Caller& who, std::string_view method, std::string_view path, std::string body = "",
                     std::optional<std::int64_t> version = std::nullopt) {
    clinic().clock().advance(std::chrono::seconds(1));
    return clinic().call_as(who, routes_, method, path, std::move(body), version);
  }
  testing::Answer sam(std::string_view method, std::string_view path, std::string body = "",
                      std::optional<std::int64_t> version = std::nullopt) {
    return as(sam_, method, path, std::move(body), version);
  }
  /// A weekly group on Thursdays at 18:00, from tomorrow on.
  std::string make(int capacity, std::string more = "") {
    const auto made = sam("POST", "/api/v1/groups",
                          R"({"name":"Sleep better","modality":"in_person","first_date":"2026-03-05","start_minute":1080,)"
                          R"("minutes":60,"sessions":4,"capacity":)" +
                              std::to_string(capacity) + more + "}");
    EXPECT_EQ(made.status, 201) << made.issue_paths();
    session_ = made.text("sessions.0.id");
    return "/api/v1/groups/" + made.text("id");
  }
  testing::Answer add(const std::string& group, PatientId patient, std::string_view as = "join", std::string more = "") {
    return sam("POST", group + "/members",
               R"({"patient_id":")" + patient.text() + R"(","as":")" + std::string(as) + "\"" + more + "}");
  }
  std::string view(const Caller& who) { return shown(portal_view(deps_), who); }
  static std::string entry(const std::string& member, std::string_view status, std::string more = "") {
    return R"({"member_id":")" + member + R"(","status":")" + std::string(status) + "\"" + more + "}";
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  Caller sam_;
  PatientId ann_, bob_, eva_;
  std::vector<std::string> contacts_, notices_;
  std::vector<std::pair<PatientId, std::string>> told_;
  std::string session_;
  int taken_back_ = 0, codes_ = 0;
};
CONCORD_ON_BOTH_DATABASES(GroupRoutes);

TEST_P(GroupRoutes, ANewGroupHasItsSessions) {
  const auto path = make(3, R"(,"every_weeks":2)");
  const auto group = sam("GET", path);
  EXPECT_EQ(group.count("sessions"), 4u);
  EXPECT_EQ(group.text("sessions.1.date"), "2026-03-19");
  EXPECT_EQ(group.text("sessions.1.start_minute"), "1080") << "six o'clock after the clock change too";
  EXPECT_EQ(group.text("sessions.1.starts_at"), "2026-03-19T22:00:00Z");
  EXPECT_EQ(group.text("facilitators.0.name"), "Mara Quill");
  EXPECT_EQ(group.text("free"), "3");
  EXPECT_EQ(group.text("next_session.date"), "2026-03-05");
  EXPECT_EQ(sam("GET", "/api/v1/groups").count("items"), 1u);
  EXPECT_EQ(as(clinic().elsewhere, "GET", "/api/v1/groups").count("items"), 0u);
  EXPECT_EQ(as(clinic().elsewhere, "GET", path).status, 404);
  EXPECT_EQ(as(clinic().foreigner, "GET", path).status, 404);
  const auto closed = sam(
      "POST", "/api/v1/groups",
      R"({"name":"x","modality":"phone","first_date":"2026-05-25","start_minute":600,"minutes":60,"sessions":1,"capacity":4})");
  EXPECT_EQ(closed.text("warnings.0"), "closed_day:2026-05-25");
  EXPECT_EQ(sam("POST", "/api/v1/groups", "{}").issue_paths(), "name modality capacity first_date start_minute minutes sessions");
  EXPECT_EQ(
      sam("POST", "/api/v1/groups",
          R"({"name":"x","modality":"phone","first_date":"2026-03-01","start_minute":600,"minutes":60,"sessions":1,"capacity":4,"facilitator_ids":[")" +
              clinic().elsewhere.user.text() + "\"]}")
          .issue_paths(),
      "first_date facilitator_ids[0]");
}

TEST_P(GroupRoutes, WhoComesLateWaitsAndIsOfferedTheNextFreePlace) {
  const auto path = make(2);
  const auto first = add(path, ann_);
  EXPECT_EQ(first.text("state"), "joined");
  EXPECT_EQ(add(path, bob_, "invite").text("state"), "invited");
  const auto third = add(path, eva_);
  EXPECT_EQ(third.text("state"), "waiting") << "the invitation holds the second place";
  EXPECT_EQ(third.text("place_in_line"), "1");
  const auto twice = add(path, eva_);
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.text("member.state"), "waiting");
  told_.clear();
  ASSERT_EQ(sam("POST", path + "/members/" + first.text("id") + "/acts", R"({"act":"leave","reason":"new job"})", 1).status, 200);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0], std::pair(eva_, std::string("groups.place")));
  const auto group = sam("GET", path);
  EXPECT_EQ(group.text("members.0.state") + group.text("members.1.state") + group.text("members.2.state"), "invitedofferedleft");
  EXPECT_EQ(group.text("members.2.reason"), "new job");
}

TEST_P(GroupRoutes, AnOfferThatNobodyAnswersEndsByItself) {
  const auto path = make(2);
  add(path, ann_);
  add(path, bob_, "invite");
  add(path, eva_);
  told_.clear();
  days_pass(4);
  EXPECT_EQ(database().write(
                [&](db::Tx& tx) -> Result<int> { return sweep(deps_, tx, clinic().organization, clinic().clock().now()); }),
            0);
  days_pass(2);
  const auto changed = database().write(
      [&](db::Tx& tx) -> Result<int> { return sweep(deps_, tx, clinic().organization, clinic().clock().now()); });
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, 2);
  EXPECT_EQ(told_, (std::vector<std::pair<PatientId, std::string>>{{eva_, "groups.place"}}));
  const auto group = sam("GET", path);
  EXPECT_EQ(group.text("members.2.reason"), "no_answer");
  EXPECT_EQ(group.text("members.2.patient.given_name"), "Bob");
  EXPECT_EQ(database().write(
                [&](db::Tx& tx) -> Result<int> { return sweep(deps_, tx, clinic().organization, clinic().clock().now()); }),
            0);
}

TEST_P(GroupRoutes, MoreRoomIsOfferedAndLessIsRefused) {
  const auto path = make(2);
  add(path, ann_);
  add(path, bob_);
  add(path, eva_);
  const auto more = sam("PATCH", path, R"({"capacity":3})", 1);
  ASSERT_EQ(more.status, 200) << more.issue_paths();
  EXPECT_EQ(more.text("members.2.state"), "offered");
  EXPECT_EQ(sam("PATCH", path, R"({"capacity":2})", 2).status, 409);
  EXPECT_EQ(sam("PATCH", path, R"({"name":"New"})", 1).status, 412);
}

TEST_P(GroupRoutes, OnlyPatientsOfTheSiteComeIn) {
  const auto path = make(2);
  EXPECT_EQ(add(path, PatientId(clinic().ids().next())).status, 404);
  auto far = clinic().patient("Far", "Away");
  far.site = clinic().other_site;
  clinic().add(far);
  EXPECT_EQ(add(path, far.id).status, 404);
  Caller both = sam_;
  both.sites.push_back(clinic().other_site);
  EXPECT_EQ(as(both, "POST", path + "/members", R"({"patient_id":")" + far.id.text() + "\"}").issue_paths(), "patient_id");
}

TEST_P(GroupRoutes, WhoCameHasAContactAndACorrectionTakesItBack) {
  const auto path = make(4);
  const auto ann = add(path, ann_).text("id"), bob = add(path, bob_).text("id"), eva = add(path, eva_).text("id");
  const auto sheet = path + "/sessions/" + session_;
  EXPECT_EQ(sam("PUT", sheet + "/attendance", "{\"entries\":[" + entry(ann, "present") + "]}", 1).status, 409) << "not yet";
  days_pass(2);
  const auto empty = sam("GET", sheet);
  EXPECT_EQ(empty.count("attendance"), 3u);
  EXPECT_EQ(empty.text("attendance.0.status"), "null");
  const auto kept = sam("PUT", sheet + "/attendance",
                        "{\"entries\":[" + entry(ann, "present", R"(,"note":"Tried the breathing exercise.")") + "," +
                            entry(bob, "phone") + "," + entry(eva, "absent") + "]}",
                        1);
  ASSERT_EQ(kept.status, 200) << kept.issue_paths();
  EXPECT_EQ(kept.text("state"), "held");
  EXPECT_EQ(contacts_, (std::vector<std::string>{"present", "phone"}));
  EXPECT_EQ(kept.reply.audit_more_patients.size(), 3u);
  // The same again changes nothing; a correction does.
  const auto again = sam("PUT", sheet + "/attendance", "{\"entries\":[" + entry(ann, "present") + "]}", 2);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(contacts_.size(), 2u);
  const auto corrected =
      sam("PUT", sheet + "/attendance", "{\"entries\":[" + entry(ann, "excused") + "," + entry(bob, "present") + "]}", 3);
  ASSERT_EQ(corrected.status, 200);
  EXPECT_EQ(taken_back_, 2);
  EXPECT_EQ(contacts_.back(), "present");
  EXPECT_EQ(contacts_.size(), 3u);
  EXPECT_EQ(corrected.text("attendance.0.note"), "Tried the breathing exercise.") << "a note stays until it is changed";
  const auto of_ann = sam("GET", "/api/v1/patients/" + ann_.text() + "/groups");
  EXPECT_EQ(of_ann.text("items.0.attended") + of_ann.text("items.0.excused"), "01");
  EXPECT_EQ(of_ann.text("items.0.notes.0.status"), "excused");
  EXPECT_EQ(sam("PUT", sheet + "/attendance", "{\"entries\":[" + entry(ann, "present") + "," + entry(ann, "absent") + "]}", 4)
                .issue_paths(),
            "entries[1]");
  EXPECT_EQ(sam("PUT", sheet + "/attendance", "{\"entries\":[" + entry(clinic().ids().next().text(), "present") + "]}", 4)
                .issue_paths(),
            "entries[0].member_id");
}

TEST_P(GroupRoutes, ANoteNamesNobodyElse) {
  const auto path = make(4);
  const auto ann = add(path, ann_).text("id");
  add(path, bob_);
  days_pass(2);
  const auto sheet = path + "/sessions/" + session_;
  const std::string note = R"(,"note":"Opened up after Bob's story.")";
  const auto refused = sam("PUT", sheet + "/attendance", "{\"entries\":[" + entry(ann, "present", note) + "]}", 1);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.text("named.0.names.0"), "Bob");
  EXPECT_EQ(refused.text("named.0.member_id"), ann);
  EXPECT_TRUE(contacts_.empty()) << "nothing is stored";
  EXPECT_EQ(
      sam("PUT", sheet + "/attendance", "{\"entries\":[" + entry(ann, "present", note + R"(,"accept_names":true)") + "]}", 1)
          .status,
      200);
}

TEST_P(GroupRoutes, EverybodyHearsOfACancelledSession) {
  const auto path = make(3);
  add(path, ann_);
  add(path, bob_);
  add(path, eva_, "join", R"(,"confidential":true)");
  told_.clear();
  const auto sheet = path + "/sessions/" + session_;
  EXPECT_EQ(sam("POST", sheet + "/acts", R"({"act":"cancel"})", 1).issue_paths(), "reason");
  ASSERT_EQ(sam("POST", sheet + "/acts", R"({"act":"cancel","reason":"snow"})", 1).status, 200);
  EXPECT_EQ(told_.size(), 2u) << "nobody writes to Eva's home";
  EXPECT_EQ(told_[0].second, "groups.changed");
  EXPECT_EQ(sam("POST", sheet + "/acts", R"({"act":"cancel","reason":"snow"})", 2).status, 409);
  EXPECT_EQ(sam("POST", sheet + "/acts", R"({"act":"restore"})", 2).text("state"), "planned");
  const auto moved = sam("PATCH", sheet, R"({"start_minute":1140})", 3);
  EXPECT_EQ(moved.text("start_minute") + moved.text("minutes"), "114060");
  EXPECT_EQ(told_.back().second, "groups.changed");
  EXPECT_EQ(sam("PATCH", sheet, R"({"date":"2026-03-01"})", 4).issue_paths(), "start_minute");
  EXPECT_EQ(sam("POST", path + "/sessions", R"({"date":"2026-04-09","start_minute":1080})").text("number"), "5");
}

TEST_P(GroupRoutes, OnlyWhoHasJoinedIsRemindedOfASessionAndNobodyWhosePlaceIsConfidential) {
  const auto path = make(3);
  add(path, ann_);
  add(path, bob_, "invite");
  add(path, eva_, "join", R"(,"confidential":true)");
  const auto soon = [&](int days) {
    const Instant now = clinic().clock().now();
    std::vector<PatientId> patients;
    for (const auto& one : database().read(
             [&](db::Tx& tx) { return upcoming(tx, clinic().organization, now, now + std::chrono::hours(24 * days), 100); }))
      patients.push_back(one.patient);
    return patients;
  };
  EXPECT_EQ(soon(2), std::vector{ann_}) << "the session of tomorrow";
  EXPECT_EQ(soon(9).size(), 2u) << "and that of next week";
  ASSERT_EQ(sam("POST", path + "/sessions/" + session_ + "/acts", R"({"act":"cancel","reason":"ill"})", 1).status, 200);
  EXPECT_TRUE(soon(2).empty()) << "a session that is off is not called to mind";
}

TEST_P(GroupRoutes, AGroupThatEndsLetsEverybodyGo) {
  const auto path = make(2);
  add(path, ann_);
  add(path, bob_);
  add(path, eva_);
  told_.clear();
  const auto ended = sam("POST", path + "/acts", R"({"act":"end","reason":"the facilitator leaves"})", 1);
  ASSERT_EQ(ended.status, 200);
  EXPECT_EQ(ended.text("sessions.0.state"), "cancelled");
  EXPECT_EQ(ended.text("members.2.reason"), "group_ended");
  EXPECT_EQ(told_.size(), 2u) << "once each, however many sessions";
  EXPECT_EQ(add(path, ann_).status, 409);
  EXPECT_EQ(sam("GET", "/api/v1/groups").count("items"), 0u);
  EXPECT_EQ(sam("GET", "/api/v1/groups?state=ended").count("items"), 1u);
  EXPECT_EQ(view(portal(ann_)), R"({"items":[]})");
}

TEST_P(GroupRoutes, APatientSeesTheirOwnPlaceAndNobodyElse) {
  const auto path = make(3, R"(,"topic":"Rest and nights")");
  const auto mine = add(path, ann_, "invite");
  add(path, bob_);
  add(path, eva_, "join", R"(,"confidential":true)");
  add(path, clinic().add_patient("Gus", "Hale"), "wait");
  for (const auto& who : {portal(ann_), portal(eva_)}) {
    const auto seen = view(who);
    EXPECT_NE(seen.find("Sleep better"), std::string::npos);
    EXPECT_NE(seen.find("Mara Quill"), std::string::npos) << "who leads it";
    for (const char* word : {"Bob", "Cole", "Gus", "Hale", "capacity", "joined\":", "waiting", "place_in_line", "free"})
      EXPECT_EQ(seen.find(word), std::string::npos) << word;
  }
  const auto mother = portal(eva_, ActorKind::trusted_person, {"appointments"});
  EXPECT_EQ(view(mother), R"({"items":[]})") << "confidential";
  const auto answer = "/api/v1/portal/groups/" + mine.text("id") + "/answer";
  EXPECT_EQ(as(portal(bob_), "POST", answer, R"({"answer":"yes"})").status, 404) << "somebody else's place";
  EXPECT_EQ(as(portal(ann_, ActorKind::trusted_person, {"goals"}), "POST", answer, R"({"answer":"yes"})").status, 403);
  EXPECT_EQ(as(portal(ann_), "POST", answer, R"({"answer":"yes"})").text("state"), "joined");
  EXPECT_TRUE(notices_.empty());
  EXPECT_EQ(as(portal(ann_), "POST", answer, R"({"answer":"leave","words":"too late in the evening"})").status, 200);
  EXPECT_EQ(notices_, std::vector<std::string>{"group.left"});
  const auto group = sam("GET", path);
  EXPECT_EQ(group.text("members.2.state"), "offered") << "Gus is next";
  EXPECT_EQ(group.text("members.3.reason"), "too late in the evening");
  const auto changes = database().read([&](db::Tx& tx) {
    return list_changes(tx, clinic().organization, *GroupId::parse(path.substr(15)), *MemberId::parse(mine.text("id")));
  });
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[1].by_kind, "patient");
}

}  // namespace
}  // namespace concord::groups
