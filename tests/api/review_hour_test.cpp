// Scenarios H, I and J of the product on the whole server: the case review hour, the doctor's two minutes, and the
// patient who is not better after ten weeks stays in sight until a review and a change have happened.
#include <gtest/gtest.h>

#include "support/databases.h"
#include "support/world.h"

namespace concord {
namespace {

using testing::HttpClient;
using testing::Json;
using testing::TestServer;
using testing::World;

class ReviewHour : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override {
    if (!testing::can_use(GetParam())) return;
    server_ = std::make_unique<TestServer>(GetParam());
    world_ = std::make_unique<World>(*server_);
  }
  World& world() { return *world_; }
  HttpClient& as(std::string_view role) { return world().as(role, world().north()); }
  Json send(std::string_view role, std::string_view method, const std::string& target, const std::string& body = "",
            std::optional<std::int64_t> version = std::nullopt, int status = 0) {
    HttpClient::Headers headers;
    if (version) headers.emplace_back("If-Match", '"' + std::to_string(*version) + '"');
    const auto answer = as(role).request(method, target, body, headers);
    if (status) EXPECT_EQ(answer.status, status) << method << " " << target << " " << answer.body;
    else EXPECT_LT(answer.status, 300) << method << " " << target << " " << answer.body;
    return Json(answer.body.empty() ? "{}" : answer.body);
  }
  static std::string lines(const Json& attention) {
    std::string all;
    for (std::size_t i = 0; i < attention["items"].size(); ++i) all += attention["items"][i]["rule"].text() + " ";
    return all;
  }

 private:
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<World> world_;
};
CONCORD_ON_BOTH_DATABASES(ReviewHour);

TEST_P(ReviewHour, FromTheAgendaToADoseThatIsChanged) {
  // Ann: eleven weeks on the same dose, 19 -> 17, reviewed once in week 2. Ben is doing well.
  auto ann = world().patient("Ann").enrolled("2025-12-15").phq9({19, 18, 17}, "2025-12-15");
  ann.treatment("2025-12-15").contact("2026-02-23").review("2025-12-29");
  auto ben = world().patient("Ben").enrolled("2025-12-15").phq9({18, 9, 4}, "2025-12-15");
  ben.treatment("2025-12-15").contact("2026-02-23").review("2026-02-16");
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  send("care_manager", "POST", "/api/v1/episodes/" + ann.id("episode_id") + "/team",
       R"({"role":"pcp","name":"x","user_id":")" + world().user("pcp", world().north()).text() + "\"}");
  send("care_manager", "POST", patient + "/reviews/" + ann.id("review_id") + "/answer", R"({"state":"accepted"})", 1);
  send("care_manager", "POST", patient + "/reviews/" + ann.id("review_id") + "/done", "{}", 2);

  // The care manager asks, the consultant opens the hour.
  const Json question = send("care_manager", "POST", patient + "/review-questions", R"({"question":"Raise or switch?"})");
  const Json session = send("psychiatric_consultant", "POST", "/api/v1/review-sessions",
                            R"({"site_id":")" + world().north().id.text() +
                                R"(","date":"2026-03-02","minutes":30,"attendees":[{"role":"care_manager","user_id":")" +
                                world().user("care_manager", world().north()).text() + "\"}]}");
  const std::string agenda_path = "/api/v1/review-sessions/" + session["id"].text() + "/agenda";
  const Json agenda = send("psychiatric_consultant", "GET", agenda_path);
  ASSERT_EQ(agenda["items"].size(), 1u) << "Ben needs nobody";
  const Json first = agenda["items"][0];
  EXPECT_EQ(first["patient"]["id"].text(), ann.id("patient_id"));
  std::string kinds;
  for (std::size_t i = 0; i < first["reasons"].size(); ++i) kinds += first["reasons"][i]["kind"].text() + " ";
  EXPECT_EQ(kinds, "nonresponse stale asked ");
  EXPECT_NE(first["reasons"][0]["text"].text().find("19"), std::string::npos) << first["reasons"][0]["text"].text();
  EXPECT_FALSE(first["reasons"][0]["citation"].text().empty());

  // One prepared page.
  const Json page = send("psychiatric_consultant", "GET", patient + "/review-page?session=" + session["id"].text());
  EXPECT_EQ(page["questions"][0]["question"].text(), "Raise or switch?");
  ASSERT_EQ(page["story"].size(), 5u);
  EXPECT_EQ(page["story"][0]["weeks"].integer(), 11);
  EXPECT_EQ(page["story"][1]["current"].integer(), 17);
  EXPECT_EQ(page["trial"]["weeks_on_plan"].integer(), 11);
  EXPECT_EQ(page["trial"]["adequate"].text(), "yes");
  for (const auto* section : {"treatments", "measurements", "safety_events", "attention"})
    EXPECT_TRUE(page[section].exists()) << section;

  // A draft, then the signature.
  send("psychiatric_consultant", "PUT", patient + "/review-draft?session=" + session["id"].text(), R"({"notes":"raise"})", 0);
  const Json review =
      send("psychiatric_consultant", "POST", patient + "/reviews",
           R"({"session_id":")" + session["id"].text() + R"(","question_ids":[")" + question["id"].text() +
               R"("],"question":"Raise or switch?","notes":"Little response at 50 mg.",)" +
               R"("recommendations":[{"kind":"increase","medication":"sertraline","dose":"100 mg","to_role":"pcp"}]})");
  const std::string advice = patient + "/recommendations/" + review["recommendations"][0]["id"].text();
  const Json after = send("psychiatric_consultant", "GET", agenda_path);
  EXPECT_EQ(after["items"][0]["review_id"].text(), review["id"].text());
  EXPECT_EQ(after["items"][0]["question_ids"].size(), 0u);

  // The doctor hears of it, without a word about whom, and opens one page.
  const Json notices = send("pcp", "GET", "/api/v1/notices");
  ASSERT_EQ(notices["items"].size(), 1u);
  EXPECT_EQ(notices["items"][0]["kind"].text(), "recommendation.sent");
  EXPECT_EQ(notices["items"][0]["object_id"].text(), review["recommendations"][0]["id"].text());
  EXPECT_EQ(notices["items"][0]["text"].text().find("Ann"), std::string::npos);
  EXPECT_EQ(send("pcp", "GET", "/api/v1/recommendations")["items"].size(), 2u) << "Ben's old one has no answer yet";
  EXPECT_EQ(send("pcp", "POST", advice + "/read", "{}")["state"].text(), "read");
  const Json two_minutes = send("pcp", "GET", advice + "/page");
  EXPECT_EQ(two_minutes["question"].text(), "Raise or switch?");
  EXPECT_EQ(two_minutes["trend"]["points"].size(), 3u);
  EXPECT_EQ(two_minutes["recommendation"]["summary"].text(), "Increase sertraline to 100 mg");
  EXPECT_EQ(send("pcp", "POST", advice + "/answer", R"({"state":"accepted"})",
                 two_minutes["recommendation"]["version"].integer())["state"]
                .text(),
            "accepted");
  EXPECT_EQ(send("psychiatric_consultant", "GET", "/api/v1/notices")["items"][0]["kind"].text(), "recommendation.answered");

  // The change of dose carries it out; the patient leaves the list of those who do not improve.
  EXPECT_NE(lines(send("care_manager", "GET", patient + "/attention")).find("plan.adjust"), std::string::npos)
      << "a review alone is no change";
  const Json changed =
      send("pcp", "POST", patient + "/treatments/" + ann.id("treatment_id") + "/changes",
           R"({"to_dose":"100 mg","recommendation_id":")" + review["recommendations"][0]["id"].text() + "\"}", 1);
  EXPECT_NE(changed["line"].text().find("50 -> 100 mg"), std::string::npos) << changed["line"].text();
  const Json done = send("pcp", "GET", advice);
  EXPECT_EQ(done["state"].text(), "done");
  EXPECT_EQ(done["closed_by_treatment_id"].text(), ann.id("treatment_id"));
  ASSERT_EQ(done["history"].size(), 4u);
  const std::string left = lines(send("care_manager", "GET", patient + "/attention"));
  EXPECT_EQ(left.find("plan.adjust"), std::string::npos) << left;
  EXPECT_EQ(left.find("review."), std::string::npos) << left;
}

TEST_P(ReviewHour, AdviceThatIsWithdrawnIsNotCarriedOut) {
  auto ann = world().patient("Ann").enrolled("2025-12-15").treatment("2025-12-15");
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  const Json review = send("psychiatric_consultant", "POST", patient + "/reviews",
                           R"({"recommendations":[{"kind":"increase","dose":"100 mg","to_role":"pcp"}]})");
  const std::string id = review["recommendations"][0]["id"].text(), advice = patient + "/recommendations/" + id;
  send("psychiatric_consultant", "POST", advice + "/withdraw", R"({"reason":"she is pregnant"})", 2);
  const Json late = send("pcp", "POST", advice + "/answer", R"({"state":"accepted"})", 2, 412);
  EXPECT_EQ(late["current"]["state"].text(), "withdrawn");
  send("pcp", "POST", advice + "/answer", R"({"state":"accepted"})", 3, 409);
  const std::string treatment = patient + "/treatments/" + ann.id("treatment_id");
  send("pcp", "POST", treatment + "/changes", R"({"to_dose":"100 mg","recommendation_id":")" + id + "\"}", 1, 409);
  EXPECT_EQ(send("pcp", "GET", patient + "/treatments")["items"][0]["version"].integer(), 1) << "no dose was changed either";
  // In a contact it takes the whole contact with it.
  send("care_manager", "POST", patient + "/contacts",
       R"({"kind":"treatment","modality":"phone","minutes":10,"treatment_changes":[{"treatment_id":")" + ann.id("treatment_id") +
           R"(","version":1,"to_dose":"100 mg","recommendation_id":")" + id + "\"}]}",
       std::nullopt, 409);
  EXPECT_EQ(send("care_manager", "GET", patient + "/contacts")["items"].size(), 0u);
}

TEST_P(ReviewHour, AContactAsksAboutTheTabletsAndHoldsASession) {
  auto ann = world().patient("Ann").enrolled("2026-02-02").treatment("2026-02-02");
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  const Json saved = send(
      "care_manager", "POST", patient + "/contacts",
      R"({"kind":"treatment","modality":"phone","minutes":24,"treatment_reports":[{"treatment_id":")" + ann.id("treatment_id") +
          R"(","adherence":"some","side_effects":"nausea","bother":1}],"psychotherapy":{"approach":"ba","homework":"walk"}})");
  EXPECT_EQ(saved["treatment_reports"][0]["contact_id"].text(), saved["contact"]["id"].text());
  EXPECT_EQ(saved["psychotherapy"]["minutes"].integer(), 24);
  const Json summary = send("care_manager", "GET", patient + "/summary");
  EXPECT_EQ(summary["treatments"][0]["last_report"]["side_effects"].text(), "nausea");
  EXPECT_EQ(summary["treatments"][0]["adequate"]["result"].text(), "unknown") << "four weeks, taken in part";
  EXPECT_EQ(summary["psychotherapy_sessions"][0]["homework"].text(), "walk");
  EXPECT_TRUE(summary["trial"].exists());
  const auto foreign = world().patient("Zoe", world().south()).treatment("2026-02-02");
  send("care_manager", "POST", patient + "/contacts",
       R"({"kind":"treatment","modality":"phone","treatment_reports":[{"treatment_id":")" + foreign.id("treatment_id") +
           R"(","adherence":"some"}]})",
       std::nullopt, 422);
  EXPECT_EQ(send("care_manager", "GET", patient + "/contacts")["items"].size(), 1u);
}

}  // namespace
}  // namespace concord
