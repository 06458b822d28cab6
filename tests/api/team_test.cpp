// The team around one patient on the whole server: a line becomes a task, somebody covers for the care manager,
// people talk, and everything is on one timeline.
#include <gtest/gtest.h>

#include "app/housekeeping.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;
using testing::TestServer;
using testing::World;

class Team : public testing::WholeServerOnBoth {
 protected:
  HttpClient& dana() {
    if (!dana_) {
      world().stand_in(world().north());
      dana_ = world().sign_in("stand_in.north");
    }
    return *dana_;
  }
  static std::string paths(const ClientResponse& answer) {
    std::string out;
    const Json issues = Json(answer.body)["issues"];
    for (std::size_t i = 0; i < issues.size(); ++i) out += issues[i]["path"].text() + " ";
    return out;
  }
  static HttpClient::Headers version(std::int64_t n) { return {{"If-Match", '"' + std::to_string(n) + '"'}}; }
  std::string user(std::string_view role) { return world().user(role, world().north()).text(); }
  std::string north() { return world().north().id.text(); }
  std::string cover(std::string_view from, std::string_view until) {
    return R"({"site_id":")" + north() + R"(","from_user_id":")" + user("care_manager") + R"(","to_user_id":")" +
           world().stand_in(world().north()).text() + R"(","from_date":")" + std::string(from) + R"(","until_date":")" +
           std::string(until) + R"(","reason":"leave"})";
  }

 private:
  std::optional<HttpClient> dana_;
};
CONCORD_ON_BOTH_DATABASES(Team);

TEST_P(Team, ALineOfTheAttentionListBecomesSomebodysTask) {
  auto ann = world().patient("Ann").enrolled("2026-01-05");
  auto& sam = world().care_manager();
  const Json lines = Json(sam.get("/api/v1/patients/" + ann.id("patient_id") + "/attention").body)["items"];
  ASSERT_GT(lines.size(), 0u);
  const std::string rule = lines[0]["rule"].text();
  const std::string body = R"({"episode_id":")" + ann.id("episode_id") + R"(","rule":")" + rule + R"(","owner_id":")" +
                           world().stand_in(world().north()).text() + "\"}";
  const auto made = sam.post("/api/v1/tasks", body);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(Json(made.body)["title"].text(), lines[0]["text"].text());
  const auto again = sam.post("/api/v1/tasks", body);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(Json(again.body)["task"]["id"].text(), Json(made.body)["id"].text());
  const Json hers = Json(dana().get("/api/v1/tasks").body)["items"];
  ASSERT_EQ(hers.size(), 1u);
  const Json notices = Json(dana().get("/api/v1/notices").body)["items"];
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0]["kind"].text(), "task.handed_over");
  const Json page = Json(sam.get("/api/v1/patients/" + ann.id("patient_id") + "/summary").body);
  EXPECT_EQ(page["tasks"][0]["owner"]["id"].text(), world().stand_in(world().north()).text());
}

TEST_P(Team, ACoverTakesCaseloadAndTasksAndEndsByItself) {
  auto ann = world().patient("Ann").enrolled("2026-02-23").tasked();
  ASSERT_EQ(Json(dana().get("/api/v1/caseload?care_manager=me").body)["items"].size(), 0u);
  const auto made = world().care_manager().post("/api/v1/handovers", cover("2026-03-02", "2026-03-03"));
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(Json(made.body)["patients"].integer(), 1);
  const Json rows = Json(dana().get("/api/v1/caseload?care_manager=me").body)["items"];
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["cover"]["until"].text(), "2026-03-03");
  EXPECT_EQ(Json(dana().get("/api/v1/tasks").body)["items"].size(), 1u);
  const Json page = Json(dana().get("/api/v1/patients/" + ann.id("patient_id") + "/summary").body);
  EXPECT_EQ(page["cover"]["id"].text(), world().stand_in(world().north()).text());
  EXPECT_EQ(page["episode"]["care_manager_id"].text(), user("care_manager")) << "the owner stays the owner";
  server().clock.advance(std::chrono::hours(48));
  world().forget_browsers();
  HttpClient later = world().sign_in("stand_in.north");
  EXPECT_EQ(Json(later.get("/api/v1/caseload?care_manager=me").body)["items"].size(), 0u);
  EXPECT_EQ(Json(later.get("/api/v1/tasks").body)["items"].size(), 0u);
  EXPECT_EQ(Json(world().care_manager().get("/api/v1/tasks").body)["items"].size(), 1u);
}

TEST_P(Team, AHandOverForGoodMovesTheCaseload) {
  auto ann = world().patient("Ann").enrolled("2026-02-23").tasked();
  auto ben = world().patient("Ben").enrolled("2026-02-23").worried();
  const std::string event = "/api/v1/patients/" + ben.id("patient_id") + "/safety-events/" + ben.id("safety_event_id");
  ASSERT_EQ(world().care_manager().post(event + "/acknowledge", "", version(ben.version("safety_event_id"))).status, 200);
  const auto made = world().care_manager().post(
      "/api/v1/handovers", R"({"site_id":")" + north() + R"(","from_user_id":")" + user("care_manager") + R"(","to_user_id":")" +
                               world().stand_in(world().north()).text() + R"(","reason":"new job"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(Json(made.body)["patients"].integer(), 2);
  EXPECT_EQ(Json(dana().get("/api/v1/caseload?care_manager=me").body)["items"].size(), 2u);
  EXPECT_EQ(Json(dana().get("/api/v1/tasks").body)["items"].size(), 1u);
  EXPECT_EQ(Json(world().care_manager().get("/api/v1/caseload?care_manager=me").body)["items"].size(), 0u);
  const Json history = Json(dana().get("/api/v1/patients/" + ben.id("patient_id") + "/handovers").body)["items"];
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0]["state"].text(), "for_good");
  const Json page = Json(dana().get("/api/v1/patients/" + ben.id("patient_id") + "/summary").body);
  EXPECT_EQ(page["safety_events"][0]["has_it"]["id"].text(), world().stand_in(world().north()).text()) << "hers to finish now";
  for (const auto* chart : {&ann, &ben}) {
    const Json log = Json(world()
                              .as("privacy_officer", world().north())
                              .get("/api/v1/patients/" + chart->id("patient_id") + "/access-log")
                              .body)["items"];
    bool seen = false;
    for (std::size_t i = 0; i < log.size(); ++i) seen = seen || log[i]["action"].text() == "handovers.create";
    EXPECT_TRUE(seen) << "a hand-over stands in each patient's log";
  }
}

TEST_P(Team, OnlyACareManagerOfTheSiteGetsThePatient) {
  auto ann = world().patient("Ann").enrolled("2026-02-23");
  auto& sam = world().care_manager();
  const std::string path = "/api/v1/episodes/" + ann.id("episode_id");
  const auto edit = [&](std::string_view key, const std::string& who) {
    return sam.patch(path, "{\"" + std::string(key) + "\":\"" + who + "\"}", version(ann.version("episode_id")));
  };
  EXPECT_EQ(paths(edit("care_manager_id", user("pcp"))), "care_manager_id ");
  EXPECT_EQ(paths(edit("care_manager_id", world().user("care_manager", world().south()).text())), "care_manager_id ");
  EXPECT_EQ(paths(edit("consultant_id", user("care_manager"))), "consultant_id ");
  EXPECT_EQ(edit("consultant_id", user("psychiatric_consultant")).status, 200);
}

TEST_P(Team, WhoIsMentionedHasANoticeAndSomethingUnread) {
  auto ann = world().patient("Ann").enrolled("2026-02-23");
  const std::string path = "/api/v1/patients/" + ann.id("patient_id") + "/conversation";
  const auto said =
      world().care_manager().post(path, R"({"text":"Could you look at the dose?","mentions":[")" + user("pcp") + "\"]}");
  ASSERT_EQ(said.status, 201) << said.body;
  auto& pcp = world().as("pcp", world().north());
  EXPECT_EQ(Json(pcp.get("/api/v1/notices").body)["items"][0]["kind"].text(), "conversation.mention");
  EXPECT_EQ(Json(pcp.get("/api/v1/conversations/unread").body)["total"].integer(), 1);
  EXPECT_EQ(Json(pcp.get("/api/v1/patients/" + ann.id("patient_id") + "/summary").body)["conversation"]["unread"].integer(), 1);
  ASSERT_EQ(pcp.post(path + "/read", "{}").status, 200);
  EXPECT_EQ(Json(pcp.get("/api/v1/conversations/unread").body)["total"].integer(), 0);
  auto& billing = world().as("billing", world().north());
  EXPECT_EQ(billing.get(path).status, 403);
}

TEST_P(Team, EverythingIsOnOneTimelineByPages) {
  auto ann = world().patient("Ann").everything().tasked().talked();
  const std::string path = "/api/v1/patients/" + ann.id("patient_id") + "/timeline";
  std::set<std::string> kinds, keys;
  std::string next, last_date = "9999";
  int rows = 0;
  do {
    const Json page = Json(world().care_manager().get(path + "?limit=7" + (next.empty() ? "" : "&after=" + next)).body);
    for (std::size_t i = 0; i < page["items"].size(); ++i) {
      const Json item = page["items"][i];
      kinds.insert(item["kind"].text());
      keys.insert(item["kind"].text() + item["what"].text() + item["id"].text() +
                  (item["at"].is_null() ? "" : item["at"].text()));
      EXPECT_LE(item["date"].text(), last_date);
      last_date = item["date"].text();
      ++rows;
    }
    next = page["next"].is_null() ? "" : page["next"].text();
  } while (!next.empty());
  for (const auto* kind : {"consent", "contact", "conversation", "episode", "plan", "recommendation", "referral", "review",
                           "safety", "score", "task", "team", "treatment"})
    EXPECT_TRUE(kinds.contains(kind)) << kind;
  const Json whole = Json(world().care_manager().get(path + "?limit=200").body);
  EXPECT_EQ(whole["items"].size(), static_cast<std::size_t>(rows)) << "no row is lost or shown twice between pages";
  const Json scores = Json(world().care_manager().get(path + "?kind=score,contact").body)["items"];
  EXPECT_EQ(scores.size(), 4u);
  // A community worker sees no scores, no conversation of others' notes beyond theirs, and no task of another.
  const Json part = Json(world().as("community_worker", world().north()).get(path + "?limit=200").body)["items"];
  for (std::size_t i = 0; i < part.size(); ++i) {
    EXPECT_NE(part[i]["kind"].text(), "score");
    EXPECT_NE(part[i]["kind"].text(), "task");
  }
}

TEST_P(Team, AccountSaysWhichSessionIsThisOne) {
  auto& sam = world().care_manager();
  HttpClient other = world().sign_in("care_manager.north");
  const Json sessions = Json(sam.get("/api/v1/account").body)["sessions"];
  ASSERT_EQ(sessions.size(), 2u);
  int current = 0;
  for (std::size_t i = 0; i < sessions.size(); ++i) current += sessions[i]["current"].boolean();
  EXPECT_EQ(current, 1);
}

TEST_P(Team, ACalendarChangesWhenWorkIsDue) {
  auto ann = world().patient("Ann").referred("2026-03-02");
  auto& sam = world().care_manager();
  const std::string lines = "/api/v1/patients/" + ann.id("patient_id") + "/attention?as_of=2026-03-02";
  auto& admin = world().as("admin", world().north());
  const std::string path = "/api/v1/sites/" + north() + "/calendar";
  EXPECT_EQ(sam.put(path, "{}", version(0)).status, 403);
  const auto changed = admin.put(
      path,
      R"({"week":[null,{"opens":"08:00","closes":"17:00"},null,null,null,null,null],"holidays":"none","reason":"Mondays only"})",
      version(0));
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(Json(changed.body)["version"].integer(), 1);
  // Two working days after Monday 2 March are two Mondays later: nothing is due before.
  server().clock.advance(std::chrono::hours(24 * 7));
  world().forget_browsers();
  testing::eventually(
      [&] { return Json(world().care_manager().get("/api/v1/caseload?rule=referral.waiting").body)["items"].size() == 0; });
  EXPECT_EQ(Json(world().care_manager().get("/api/v1/caseload?rule=referral.waiting").body)["items"].size(), 0u);
  server().clock.advance(std::chrono::hours(24 * 7));
  world().forget_browsers();
  EXPECT_EQ(Json(world().care_manager().get("/api/v1/caseload?rule=referral.waiting").body)["items"].size(), 1u);
}

}  // namespace
}  // namespace concord
