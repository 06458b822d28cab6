// One patient through every slice of the registry on the whole server: what is written in one of them shows in
// the others in the same moment.
#include <gtest/gtest.h>

#include "support/databases.h"
#include "support/world.h"

namespace concord {
namespace {

using testing::Json;
using testing::TestServer;
using testing::World;

class RegistryFlow : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override {
    if (!testing::can_use(GetParam())) return;
    server_ = std::make_unique<TestServer>(GetParam());
    world_ = std::make_unique<World>(*server_);
  }
  World& world() { return *world_; }
  Json get(std::string_view target) { return Json(world().care_manager().get(target).body); }
  Json post(std::string_view target, std::string_view body, std::optional<std::int64_t> version = std::nullopt) {
    testing::HttpClient::Headers headers;
    if (version) headers.emplace_back("If-Match", '"' + std::to_string(*version) + '"');
    const auto answer = world().care_manager().post(target, body, headers);
    EXPECT_LT(answer.status, 300) << answer.body;
    return Json(answer.body);
  }

 private:
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<World> world_;
};
CONCORD_ON_BOTH_DATABASES(RegistryFlow);

TEST_P(RegistryFlow, APositiveItemNineInAContactPutsThePatientOnTopUntilAClinicianClosesIt) {
  auto first = world().patient("Bea").enrolled("2026-02-23");
  auto ann = world().patient("Ann").enrolled("2026-02-23");
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");

  const Json saved =
      post(patient + "/contacts",
           R"({"kind":"treatment","modality":"phone","minutes":22,"with_whom":["patient"],"interventions":["safety_planning"],
      "note":"first call","next_due_date":"2026-03-09","measurements":[{"instrument":"phq-9","mode":"phone","answers":[2,2,2,2,2,2,2,1,1]}]})");
  EXPECT_EQ(saved["measurements"][0]["safety"].text(), "positive");
  EXPECT_EQ(saved["minutes_this_month"].integer(), 22);
  ASSERT_GT(saved["attention"].size(), 0u);
  EXPECT_EQ(saved["attention"][0]["rule"].text(), "safety.unreviewed");

  const Json caseload = get("/api/v1/caseload");
  EXPECT_EQ(caseload["items"][0]["patient_id"].text(), ann.id("patient_id"));
  EXPECT_EQ(caseload["items"][0]["need"].text(), "safety");
  EXPECT_EQ(caseload["items"][0]["last_contact_date"].text(), "2026-03-02");

  const Json open = get("/api/v1/safety-events?open=true");
  ASSERT_EQ(open["items"].size(), 1u);
  EXPECT_EQ(open["items"][0]["signal"].text(), "phq-9 item 9 = 1");
  EXPECT_EQ(open["items"][0]["due_at"].text(), "2026-03-02T17:00:00Z")
      << "120 working minutes, the rule set's safety.unreviewed.due_minutes";
  EXPECT_EQ(open["items"][0]["measurement_id"].text(), saved["measurements"][0]["id"].text());

  // Correcting the answer does not close the signal: a clinician does.
  post(patient + "/measurements/" + saved["measurements"][0]["id"].text() + "/corrections",
       R"({"instrument":"phq-9","answers":[2,2,2,2,2,2,2,1,0],"reason":"wrong box"})");
  EXPECT_EQ(get("/api/v1/safety-events")["items"].size(), 1u);
  EXPECT_EQ(get("/api/v1/caseload")["items"][0]["need"].text(), "safety");

  post(
      patient + "/safety-events/" + open["items"][0]["id"].text() + "/close",
      R"({"level":"low","disposition":"wrong box; asked again, no thoughts of death","assessed_otherwise":"asked again on the phone"})",
      1);
  EXPECT_EQ(get("/api/v1/safety-events")["items"].size(), 0u);
  EXPECT_NE(get("/api/v1/caseload")["items"][0]["need"].text(), "safety");

  const Json page = get(patient + "/summary");
  EXPECT_EQ(page["measurements"].size(), 2u) << "the original is kept";
  EXPECT_EQ(page["contacts"][0]["note"].text(), "first call");
  EXPECT_EQ(page["safety_events"][0]["disposition"].text(), "wrong box; asked again, no thoughts of death");
  EXPECT_EQ(page["episode"]["state"].text(), "active");
  EXPECT_EQ(page["referrals"].size() + page["episodes"].size(), page["referrals"].size() + 1);
}

TEST_P(RegistryFlow, TheReferralKnowsHowItsEpisodeWentOn) {
  auto ann = world().patient("Ann").referred("2026-02-20").attempted().enrolled("2026-02-23");
  const Json referral = get("/api/v1/referrals/" + ann.id("referral_id"));
  EXPECT_EQ(referral["outcome"].text(), "enrolled");
  EXPECT_EQ(referral["outcome_date"].text(), "2026-02-23");
  EXPECT_EQ(referral["episode_state"].text(), "active");
  EXPECT_EQ(get("/api/v1/referrals")["items"].size(), 0u);
  EXPECT_EQ(get("/api/v1/referrals?status=closed")["items"].size(), 1u);
}

TEST_P(RegistryFlow, ReEnrolmentIsANewEpisodeWithItsOwnBaseline) {
  auto ann = world().patient("Ann").enrolled("2026-01-05").phq9({18});
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  const std::string old = ann.id("episode_id");
  const Json before = get("/api/v1/episodes/" + old);
  post("/api/v1/episodes/" + old + "/acts", R"({"act":"close","close_reason":"moved","on":"2026-02-01"})",
       before["version"].integer());
  post("/api/v1/episodes", R"({"patient_id":")" + ann.id("patient_id") + R"(","site_id":")" + world().north().id.text() +
                               R"(","referred_date":"2026-02-20"})");
  const Json page = get(patient + "/summary");
  ASSERT_EQ(page["episodes"].size(), 2u);
  EXPECT_NE(page["episode"]["id"].text(), old);
  const std::string again = page["episode"]["id"].text();
  post("/api/v1/episodes/" + again + "/acts", R"({"act":"assess","on":"2026-02-23"})", 1);
  post(
      "/api/v1/episodes/" + again + "/acts",
      R"({"act":"enroll","on":"2026-02-23","primary_condition":"depression","primary_instrument":"phq-9","billing_practitioner":"Dr. Tam Reyes","care_manager_id":")" +
          world().user("care_manager", world().north()).text() + "\"}",
      2);
  EXPECT_TRUE(get("/api/v1/caseload")["items"][0]["primary"]["baseline"].is_null()) << "the old episode's score is no baseline";
  post(patient + "/measurements", R"({"instrument":"phq-9","mode":"phone","administered_date":"2026-02-24","total":12})");
  EXPECT_EQ(get("/api/v1/caseload")["items"][0]["primary"]["baseline"].integer(), 12);
}

}  // namespace
}  // namespace concord
