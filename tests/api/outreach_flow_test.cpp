// Visits, groups and help beside treatment on the whole server: what one slice does is seen by the others, and the patient's
// side answers through the portal.
#include <gtest/gtest.h>

#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;
using testing::PatientChart;
using testing::World;

class Outreach : public testing::WholeServerOnBoth {
 protected:
  HttpClient& sam() { return world().care_manager(); }
  HttpClient& worker() { return world().as("community_worker", world().north()); }
  static HttpClient::Headers version(std::int64_t n) { return {{"If-Match", '"' + std::to_string(n) + '"'}}; }
  /// The clock moves on, past everybody's session.
  void pass(std::chrono::seconds time) {
    server().clock.advance(time);
    world().forget_browsers();
  }
  void days_pass(int days) { pass(std::chrono::hours(24 * days)); }
  static std::string of(const PatientChart& patient, std::string_view rest) {
    return "/api/v1/patients/" + patient.id("patient_id") + std::string(rest);
  }
  Json good(const ClientResponse& answer) {
    EXPECT_TRUE(answer.status == 200 || answer.status == 201) << answer.status << " " << answer.body;
    return Json(answer.body);
  }
  Json book(const PatientChart& patient, std::string_view date, int minute, std::string_view kind = "in_person") {
    return good(sam().post(of(patient, "/visits"), R"({"kind":")" + std::string(kind) + R"(","date":")" + std::string(date) +
                                                       R"(","start_minute":)" + std::to_string(minute) + R"(,"minutes":30})"));
  }
  Json contacts(const PatientChart& patient) { return good(sam().get(of(patient, "/contacts")))["items"]; }
};
CONCORD_ON_BOTH_DATABASES(Outreach);

TEST_P(Outreach, AMissedVisitIsAContactAndComingLateIsNone) {
  auto ann = world().patient("Ann").enrolled("2026-01-05");
  const auto visit = book(ann, "2026-03-02", 10 * 60 + 30);
  const auto acts = of(ann, "/visits/" + visit["id"].text() + "/acts");
  pass(std::chrono::minutes(50));
  const auto missed = good(sam().post(acts, R"({"act":"no_show"})", version(1)));
  ASSERT_EQ(contacts(ann).size(), 1u);
  EXPECT_EQ(contacts(ann)[0]["kind"].text(), "no_show");
  EXPECT_EQ(contacts(ann)[0]["id"].text(), missed["contact_id"].text());
  EXPECT_TRUE(contacts(ann)[0]["minutes"].is_null());
  good(sam().post(acts, R"({"act":"reopen"})", version(2)));
  EXPECT_EQ(contacts(ann).size(), 0u);
  const auto done = good(sam().post(acts, R"({"act":"done"})", version(3)))["contact_prefill"];
  const auto contact = good(sam().post(
      of(ann, "/contacts"), R"({"kind":"treatment","modality":")" + done["modality"].text() + R"(","started_at":")" +
                                done["started_at"].text() + R"(","minutes":20,"visit_id":")" + done["visit_id"].text() + "\"}"));
  const auto one = good(sam().get(of(ann, "/visits/" + visit["id"].text())));
  EXPECT_EQ(one["contact_id"].text(), contact["contact"]["id"].text());
  EXPECT_EQ(sam()
                .post(of(ann, "/contacts"), R"({"kind":"treatment","modality":"phone","visit_id":")" + visit["id"].text() + "\"}")
                .status,
            409)
      << "a visit is one contact";
  EXPECT_EQ(contacts(ann).size(), 1u) << "and nothing of the second is stored";
  const auto summary = good(sam().get(of(ann, "/summary")));
  EXPECT_TRUE(summary["visits"]["last_no_show"].is_null());
  const auto timeline = sam().get(of(ann, "/timeline?kind=visit")).body;
  EXPECT_NE(timeline.find("no_show"), std::string::npos) << "what was said first is not forgotten";
}

TEST_P(Outreach, ThePatientAnswersInThePortalAndSomebodyTrustedSeesThePreview) {
  auto ann = world().patient("Ann").enrolled("2026-01-05");
  const auto visit = book(ann, "2026-03-05", 600);
  const auto secret = good(sam().post(
      of(ann, "/visits"), R"({"kind":"phone","date":"2026-03-06","start_minute":660,"minutes":30,"confidential":true})"));
  auto mine = world().portal(ann);
  auto theirs = world().trusted(ann, {"appointments"});
  const auto seen = mine.get("/api/v1/portal/visits");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(Json(seen.body)["upcoming"].size(), 2u);
  const auto shown = theirs.get("/api/v1/portal/visits");
  EXPECT_EQ(Json(shown.body)["upcoming"].size(), 1u);
  EXPECT_EQ(shown.body.find(secret["id"].text()), std::string::npos);
  EXPECT_EQ(mine.get("/api/v1/portal/trusted-persons/preview/visits?scopes=appointments").body, shown.body);
  const auto path = "/api/v1/portal/visits/" + visit["id"].text();
  const auto file = theirs.get(path + "/calendar.ics");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.header("content-type"), "text/calendar; charset=utf-8");
  EXPECT_EQ(file.body.find("Ann"), std::string::npos);
  EXPECT_EQ(theirs.get("/api/v1/portal/visits/" + secret["id"].text() + "/calendar.ics").status, 404);
  EXPECT_EQ(good(mine.post(path + "/acts", R"({"act":"ask_change","words":"after three?"})"))["answer"].text(), "change_asked");
  const auto notices = sam().get("/api/v1/notices").body;
  EXPECT_NE(notices.find("visit.change_asked"), std::string::npos);
  EXPECT_EQ(notices.find("after three"), std::string::npos);
  EXPECT_EQ(good(sam().get(of(ann, "/visits/" + visit["id"].text())))["answer_words"].text(), "after three?");
}

TEST_P(Outreach, AGroupSessionIsAContactWithoutMinutesForEverybodyWhoCame) {
  auto ann = world().patient("Ann").enrolled("2026-01-05");
  auto bob = world().patient("Bob").enrolled("2026-01-05");
  const auto group = good(sam().post(
      "/api/v1/groups",
      R"({"name":"Walk","kind":"psychotherapy","modality":"in_person","capacity":2,"first_date":"2026-03-03","start_minute":600,"minutes":60,"sessions":3})"));
  const auto path = "/api/v1/groups/" + group["id"].text();
  const auto join = [&](const PatientChart& patient) {
    return good(sam().post(path + "/members", R"({"as":"join","patient_id":")" + patient.id("patient_id") + "\"}"))["id"].text();
  };
  const auto first = join(ann), second = join(bob);
  days_pass(2);
  const auto sheet = path + "/sessions/" + group["sessions"][0]["id"].text();
  const auto put = [&](std::string_view status, std::int64_t of_version) {
    return sam().request("PUT", sheet + "/attendance",
                         R"({"entries":[{"member_id":")" + first + R"(","status":")" + std::string(status) +
                             R"("},{"member_id":")" + second + R"(","status":"absent"}]})",
                         version(of_version));
  };
  ASSERT_EQ(put("present", 1).status, 200);
  ASSERT_EQ(contacts(ann).size(), 1u);
  EXPECT_EQ(contacts(ann)[0]["interventions"][0].text(), "group_session");
  EXPECT_TRUE(contacts(ann)[0]["minutes"].is_null());
  EXPECT_EQ(contacts(ann)[0]["note"].text(), "Walk, session 1");
  EXPECT_EQ(contacts(bob).size(), 0u);
  EXPECT_EQ(good(sam().get(of(ann, "/summary")))["psychotherapy_sessions"].size(), 1u);
  ASSERT_EQ(put("excused", 2).status, 200);
  EXPECT_EQ(contacts(ann).size(), 0u) << "it was a mistake";
  EXPECT_EQ(good(sam().get(of(ann, "/summary")))["psychotherapy_sessions"].size(), 0u);
}

TEST_P(Outreach, APlaceThatNobodyAnswersGoesToTheNextByItself) {
  auto ann = world().patient("Ann");
  auto bob = world().patient("Bob");
  auto eva = world().patient("Eva");
  const auto group = good(sam().post(
      "/api/v1/groups",
      R"({"name":"Walk","modality":"in_person","capacity":2,"first_date":"2026-04-07","start_minute":600,"minutes":60,"sessions":3,"offer_days":2})"));
  const auto path = "/api/v1/groups/" + group["id"].text();
  const auto add = [&](const PatientChart& patient, std::string_view as) {
    return good(
        sam().post(path + "/members", R"({"as":")" + std::string(as) + R"(","patient_id":")" + patient.id("patient_id") + "\"}"));
  };
  add(ann, "join");
  EXPECT_EQ(add(bob, "invite")["state"].text(), "invited");
  EXPECT_EQ(add(eva, "invite")["state"].text(), "waiting");
  days_pass(3);
  EXPECT_TRUE(testing::eventually([&] {
    const auto members = Json(sam().get(path).body)["members"];
    return members[1]["state"].text() == "offered" && members[1]["patient"]["id"].text() == eva.id("patient_id");
  })) << sam().get(path).body;
  auto hers = world().portal(eva);
  const auto view = hers.get("/api/v1/portal/groups");
  ASSERT_EQ(view.status, 200) << view.body;
  for (const auto* other : {&ann, &bob}) EXPECT_EQ(view.body.find(other->id("patient_id")), std::string::npos);
  EXPECT_EQ(view.body.find("Ann"), std::string::npos);
  const auto place = Json(view.body)["items"][0]["id"].text();
  EXPECT_EQ(good(hers.post("/api/v1/portal/groups/" + place + "/answer", R"({"answer":"yes"})"))["state"].text(), "joined");
  EXPECT_EQ(good(sam().get(path))["joined"].integer(), 2);
}

TEST_P(Outreach, AReferralThatNobodyConfirmsStandsInTheAttentionListUntilSomebodyDoes) {
  auto ann = world().patient("Ann").enrolled("2026-02-23");
  const auto service =
      good(worker().post("/api/v1/community/services", R"({"name":"Harbor Pantry","kinds":["food"],"phone":"555-0110"})"));
  const auto need = good(worker().post(of(ann, "/needs"), R"({"kind":"food","source":"ahc-hrsn"})"));
  const auto sent = good(worker().post(of(ann, "/community-referrals"),
                                       R"({"need_id":")" + need["id"].text() + R"(","service_id":")" + service["id"].text() +
                                           R"(","sent_by_way":"phone","shares":["name"],"consent":{"method":"verbal"}})"));
  const auto fires = [&] { return sam().get(of(ann, "/attention")).body.find("community.open") != std::string::npos; };
  days_pass(13);
  EXPECT_FALSE(fires());
  days_pass(1);
  ASSERT_TRUE(fires());
  const auto lines = good(sam().get(of(ann, "/attention")))["items"];
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i]["rule"].text() != "community.open") continue;
    EXPECT_EQ(lines[i]["owner"].text(), "community_worker");
    EXPECT_EQ(lines[i]["evidence"][0]["id"].text(), sent["id"].text());
  }
  auto mine = world().portal(ann);
  EXPECT_NE(mine.get("/api/v1/portal/community").body.find("Harbor Pantry"), std::string::npos);
  ASSERT_EQ(mine.post("/api/v1/portal/community/" + sent["id"].text() + "/acts", R"({"act":"seen"})").status, 200);
  EXPECT_FALSE(fires());
  EXPECT_EQ(good(worker().get(of(ann, "/community-referrals")))["items"][0]["seen_confirmed_by"].text(), "patient");
}

TEST_P(Outreach, TheCommunityWorkerSeesWhatTheWorkNeedsAndNoMore) {
  auto ann = world().patient("Ann").everything().reached_out();
  for (const auto* path : {"/needs", "/community-referrals", "/visits", "/groups"})
    EXPECT_EQ(worker().get(of(ann, path)).status, 200) << path;
  for (const auto* path : {"/summary", "/measurements", "/treatments", "/reviews", "/plans", "/safety-plan"})
    EXPECT_EQ(worker().get(of(ann, path)).status, 403) << path;
}

}  // namespace
}  // namespace concord
