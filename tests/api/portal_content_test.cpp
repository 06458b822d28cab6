// What patients write in the portal reaches the team, and what the team does reaches the patient, on the whole server
// (scenarios F and N of the design, patient side).
#include <gtest/gtest.h>

#include "support/databases.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::HttpClient;
using testing::Json;
using testing::World;

class PortalContent : public testing::WholeServerOnBoth {
 protected:
  Json ok(const testing::ClientResponse& answer) {
    EXPECT_LT(answer.status, 300) << answer.body;
    return Json(answer.status < 300 && !answer.body.empty() ? answer.body : "{}");
  }
  HttpClient staff(std::string_view role) { return world().sign_in(World::sign_in_name(role, world().north())); }
  static const Json* line(const Json& lines, std::string_view rule, Json& into) {
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i]["rule"].text() == rule) {
        into = lines[i];
        return &into;
      }
    return nullptr;
  }
  void next_day(int days) { server().clock.advance(std::chrono::hours(24 * days)); }
};
CONCORD_ON_BOTH_DATABASES(PortalContent);

TEST_P(PortalContent, AMessageThatNobodyAnsweredStandsOnTheCaseloadUntilSomebodyDoes) {
  auto ann = world().patient("Ann").enrolled();
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  auto me = world().portal(ann);
  const Json sent = ok(me.post("/api/v1/portal/messages", R"({"subject":"A question","text":"May I drive? \ud83d\ude97"})"));
  auto dana = staff("care_manager");
  Json found(std::string("{}"));
  EXPECT_EQ(line(ok(dana.get(patient + "/attention"))["items"], "message.unanswered", found), nullptr) << "not before its day";
  EXPECT_EQ(ok(dana.get(patient + "/summary"))["patient_messages"]["waiting"].integer(), 1);
  next_day(1);
  dana = staff("care_manager");
  ASSERT_NE(line(ok(dana.get(patient + "/attention"))["items"], "message.unanswered", found), nullptr);
  EXPECT_EQ(found["suggested_act"].text(), "answer_message");
  EXPECT_EQ(ok(dana.get("/api/v1/patient-messages"))["unanswered"].integer(), 1);
  const std::string one = patient + "/patient-messages/" + sent["id"].text();
  ok(dana.post(one + "/replies", R"({"text":"Not in the first week."})"));
  EXPECT_EQ(line(ok(dana.get(patient + "/attention"))["items"], "message.unanswered", found), nullptr);
  me = world().portal(ann);
  const Json home = ok(me.get("/api/v1/portal/home"));
  EXPECT_EQ(home["messages"]["unread"].integer(), 1);
  const Json mine = ok(me.get("/api/v1/portal/messages?thread=" + sent["id"].text()));
  EXPECT_EQ(mine["thread"]["messages"][0]["text"].text(), "May I drive? 🚗");
  EXPECT_EQ(mine["thread"]["messages"][0]["read"]["role_name"].text(), "care manager");
  EXPECT_EQ(mine["thread"]["messages"][1]["text"].text(), "Not in the first week.");
}

TEST_P(PortalContent, WhatAPatientWritesDownReachesTheTeamWhereItLooks) {
  auto ann = world().patient("Ann").enrolled().treatment();
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  auto me = world().portal(ann);
  const std::string treatment = R"("treatment_id":")" + ann.id("treatment_id") + "\"";
  ok(me.post("/api/v1/portal/logs", R"({"kind":"mood","score":3,"text":"tired"})"));
  ok(me.post("/api/v1/portal/logs", R"({"kind":"medicine","taken":"no",)" + treatment + "}"));
  ok(me.post("/api/v1/portal/logs", R"({"kind":"side_effect","text":"dry mouth","bother":2,)" + treatment + "}"));
  const Json goal = ok(me.post("/api/v1/portal/goals", R"({"what":"walk","how_long":"10 minutes","confidence":8})"));
  ok(me.post("/api/v1/portal/goals/" + goal["id"].text() + "/check-offs", R"({"result":"something_else"})"));
  ok(me.post("/api/v1/portal/safety-plan", R"({"based_on":0,"steps":{"coping":["music"]}})"));
  auto dana = staff("care_manager");
  const Json page = ok(dana.get(patient + "/summary"));
  EXPECT_EQ(page["patient_logs"]["mood"][0]["score"].integer(), 3);
  EXPECT_EQ(page["treatment_reports"][0]["reported_by"].text(), "patient");
  EXPECT_EQ(page["treatment_reports"][0]["adherence"].text(), "not_said");
  EXPECT_EQ(page["treatments"][0]["taken"]["no"].integer(), 1);
  EXPECT_EQ(page["goals"][0]["written_by"].text(), "patient");
  EXPECT_EQ(page["goals"][0]["check_offs"][0]["by_whom"].text(), "patient");
  EXPECT_TRUE(page["safety_plan"]["written_by_patient"].boolean());
  const Json view = ok(me.get("/api/v1/portal/treatments"));
  EXPECT_EQ(view["items"][0]["today"].text(), "no");
  EXPECT_EQ(view["items"][0]["side_effects"][0]["text"].text(), "dry mouth");
}

TEST_P(PortalContent, FeedbackIsTheProgramManagersAndNotTheCareTeams) {
  auto ann = world().patient("Ann").enrolled();
  auto me = world().portal(ann);
  const Json sent = ok(me.post("/api/v1/portal/feedback", R"({"topic":"access","text":"Nobody called back.","anonymous":true})"));
  EXPECT_EQ(staff("care_manager").get("/api/v1/feedback").status, 403);
  auto max = staff("program_manager");
  const Json list = ok(max.get("/api/v1/feedback"));
  EXPECT_EQ(list["items"][0]["text"].text(), "Nobody called back.");
  EXPECT_TRUE(list["items"][0]["patient"].is_null());
  ok(max.request("POST", "/api/v1/feedback/" + sent["id"].text() + "/close", R"({"text":"We changed it."})",
                 {{"If-Match", "\"1\""}}));
  EXPECT_EQ(ok(me.get("/api/v1/portal/feedback"))["items"][0]["answer"].text(), "We changed it.");
}

TEST_P(PortalContent, TwoTapsSendOneMessage) {
  auto ann = world().patient("Ann").enrolled();
  auto me = world().portal(ann);
  const HttpClient::Headers key = {{"Idempotency-Key", "one-tap"}};
  const auto first = me.request("POST", "/api/v1/portal/messages", R"({"text":"Hello"})", key);
  const auto again = me.request("POST", "/api/v1/portal/messages", R"({"text":"Hello"})", key);
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(Json(first.body)["id"].text(), Json(again.body)["id"].text());
  EXPECT_EQ(ok(me.get("/api/v1/portal/messages"))["items"].size(), 1U);
}

}  // namespace
}  // namespace concord
