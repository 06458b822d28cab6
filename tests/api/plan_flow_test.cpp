// Intake, plan together and target reached (scenarios B, C and K) on the whole server: pathway, decision, plan, goals
// and relapse prevention meet in one patient.
#include <gtest/gtest.h>

#include "support/databases.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::Json;

class PlanFlow : public testing::WholeServerOnBoth {
 protected:
  testing::ClientResponse send(std::string_view method, const std::string& target, std::string_view body = "",
                               std::optional<std::int64_t> version = std::nullopt) {
    testing::HttpClient::Headers headers;
    if (version) headers.emplace_back("If-Match", '"' + std::to_string(*version) + '"');
    return world().care_manager().request(method, target, std::string(body), headers);
  }
  Json get(const std::string& target) {
    const auto answer = send("GET", target);
    EXPECT_EQ(answer.status, 200) << target << " " << answer.body;
    return Json(answer.body);
  }
  Json post(const std::string& target, std::string_view body, std::optional<std::int64_t> version = std::nullopt) {
    const auto answer = send("POST", target, body, version);
    EXPECT_LT(answer.status, 300) << target << " " << answer.body;
    return Json(answer.body);
  }
  static bool has(const Json& list, std::string_view member, std::string_view value) {
    for (std::size_t i = 0; i < list.size(); ++i)
      if (!list[i][member].is_null() && list[i][member].text() == value) return true;
    return false;
  }
};
CONCORD_ON_BOTH_DATABASES(PlanFlow);

TEST_P(PlanFlow, ThePathwayChosenAtIntakeSaysWhatToAskNow) {
  auto ann = world().patient("Ann").referred("2026-02-20");
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id"), episode = "/api/v1/episodes/" + ann.id("episode_id");
  EXPECT_TRUE(get(patient + "/pathway")["pathway"].is_null());
  const auto version = get(episode)["version"].integer();
  const auto wrong = send("POST", episode + "/acts", R"({"act":"assess","on":"2026-03-02","pathway":"nowhere"})", version);
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(Json(wrong.body)["issues"][0]["path"].text(), "pathway");
  post(episode + "/acts", R"({"act":"assess","on":"2026-03-02","pathway":"substance-use","primary_condition":"alcohol_use"})",
       version);

  Json now = get(patient + "/pathway");
  EXPECT_EQ(now["due"][0]["instrument"].text(), "audit-c");
  EXPECT_TRUE(has(now["team_missing"], "role", "community_worker"));
  EXPECT_TRUE(has(now["prompts"], "id", "part2-consent"));
  EXPECT_EQ(get(episode)["labels"][0].text(), "part2");

  post(patient + "/measurements", R"({"instrument":"audit-c","mode":"phone","total":9})");
  now = get(patient + "/pathway");
  EXPECT_FALSE(has(now["due"], "instrument", "audit-c"));
  EXPECT_TRUE(has(now["due"], "instrument", "audit"));
  post(patient + "/measurements", R"({"instrument":"audit","mode":"phone","total":24})");
  EXPECT_TRUE(has(get(patient + "/summary")["prompts"], "id", "zone-four")) << "the patient page has the prompts too";

  const auto unsaid = send("PATCH", episode, R"({"pathway":"adult-depression"})", version + 1);
  EXPECT_EQ(unsaid.status, 422);
  EXPECT_EQ(send("PATCH", episode, R"({"pathway":"adult-depression","pathway_reason":"mood comes first"})", version + 1).status,
            200);
  now = get(patient + "/pathway");
  EXPECT_EQ(now["pathway"]["id"].text(), "adult-depression");
  EXPECT_EQ(now["history"].size(), 2u);
  EXPECT_EQ(now["history"][0]["reason"].text(), "mood comes first");
  EXPECT_EQ(get(episode)["labels"][0].text(), "part2") << "a label is not taken away";
  const Json plan = post(patient + "/plans", R"({"kind":"care_plan"})");
  EXPECT_EQ(plan["labels"][0].text(), "part2") << "what is written now is written under it";
}

TEST_P(PlanFlow, APlanIsMadeTogetherAndNeverBehindThePatientsBack) {
  auto ann = world().patient("Ann").enrolled("2026-02-23");
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  const Json aid = get("/api/v1/decision-aids/therapy-medicine-or-both?language=es");
  EXPECT_EQ(aid["language"].text(), "es");
  post(
      patient + "/decisions",
      R"({"aid":"therapy-medicine-or-both","options":["therapy","medicine","watch"],"weights":[{"item":"talk","weight":5}],"choice":"therapy",
           "took_part":["patient","care_manager"]})");
  Json plan =
      post(patient + "/plans", R"({"kind":"care_plan","content":{"wants":"Sleep through","preferences":"no tablets at night",
      "steps":[{"text":"Talk each week","who":"Bo","by":"2026-04-01"}]}})");
  const std::string path = patient + "/plans/" + plan["id"].text();
  const auto refused = send("POST", path + "/effect", "{}", 1);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(Json(refused.body)["code"].text(), "conflict");
  EXPECT_EQ(Json(refused.body)["issues"][0]["path"].text(), "patient_view");
  EXPECT_EQ(get(patient + "/summary")["plans"][0]["newest"]["patient_view"].text(), "not_asked") << "to be seen on the page";
  EXPECT_EQ(send("POST", path + "/view", R"({"view":"agreed"})").status, 428);
  post(path + "/view", R"({"view":"agreed_with_reservation","words":"yes, but no tablets at night"})", 1);
  plan = post(path + "/effect", "{}", 2);
  EXPECT_EQ(plan["in_effect"]["patient_words"].text(), "yes, but no tablets at night");

  const Json goal = post(
      patient + "/goals",
      R"({"what":"walk","where_with":"with Marta","times_per_week":2,"confidence":6,"obstacle":"rain","obstacle_plan":"the mall"})");
  EXPECT_EQ(goal["statement"].text(), "I will walk with Marta, twice a week.");
  post(patient + "/goals/" + goal["id"].text() + "/check-offs", R"({"result":"something_else","note":"swam"})");
  const Json saved =
      post(patient + "/contacts", R"({"kind":"treatment","modality":"phone","minutes":20,"goal_checks":[{"goal_id":")" +
                                      goal["id"].text() + R"(","progress":"going_well","confidence":8}]})");
  EXPECT_EQ(saved["goal_checks"][0]["confidence_now"].integer(), 8);
  EXPECT_TRUE(has(saved["goal_checks"][0]["milestones"], "id", "confidence_up"));
  // A goal of somebody else is refused with its place, and nothing of the contact is stored.
  auto ben = world().patient("Ben").enrolled("2026-02-23");
  const auto foreign = send("POST", "/api/v1/patients/" + ben.id("patient_id") + "/contacts",
                            R"({"kind":"treatment","modality":"phone","minutes":20,"goal_checks":[{"goal_id":")" +
                                goal["id"].text() + R"(","progress":"some"}]})");
  EXPECT_EQ(foreign.status, 422);
  EXPECT_EQ(Json(foreign.body)["issues"][0]["path"].text(), "goal_checks[0].goal_id");
  EXPECT_EQ(get("/api/v1/patients/" + ben.id("patient_id") + "/contacts")["items"].size(), 0u);

  const Json page = get(patient + "/summary");
  EXPECT_EQ(page["goals"][0]["weeks"]["done"].integer(), 1);
  EXPECT_EQ(page["decisions"][0]["choice"].text(), "therapy");
  const Json line = get(patient + "/timeline?kind=goal,decision");
  EXPECT_TRUE(has(line["items"], "what", "set"));
  EXPECT_TRUE(has(line["items"], "what", "going_well"));
  EXPECT_TRUE(has(line["items"], "what", "decided"));
}

TEST_P(PlanFlow, TheTargetAsksForARelapsePlanAndDoesNotWaitForIt) {
  auto ann = world().patient("Ann").enrolled("2026-01-05").phq9({18, 8, 4});
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id"), episode = "/api/v1/episodes/" + ann.id("episode_id");
  EXPECT_FALSE(has(get(patient + "/summary")["prompts"], "act", "relapse_prevention_plan"));
  post(episode + "/acts", R"({"act":"meet_target","on":"2026-03-02"})", get(episode)["version"].integer());
  EXPECT_TRUE(has(get(patient + "/summary")["prompts"], "act", "relapse_prevention_plan"));
  const Json plan =
      post(patient + "/plans",
           R"({"kind":"relapse_prevention","content":{"warning_signs":["I stop answering the phone"],"helps":["walking"],
      "contacts":[{"name":"Dana","phone":"555-0100","when":"weekdays 8 to 5"}],"maintenance":"sertraline until autumn","way_back":"call Dana, no new referral",
      "written_with":["patient"]}})");
  const std::string path = patient + "/plans/" + plan["id"].text();
  post(path + "/view", R"({"view":"agreed"})", 1);
  post(path + "/effect", "{}", 2);
  EXPECT_FALSE(has(get(patient + "/summary")["prompts"], "act", "relapse_prevention_plan"));
  EXPECT_EQ(get(patient + "/plans")["items"][0]["kind"].text(), "relapse_prevention");
}

}  // namespace
}  // namespace concord
