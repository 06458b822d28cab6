// What an adolescent keeps to themselves leaves no trace for a parent, and what has ended opens nothing.
//
// Two clinics are made alike, down to every id; in one of them the young person has confidential things of every kind that can
// be labelled. Whatever a parent with every scope can ask must be answered with the same bytes in both. Tables are found in the
// schema by their column "labels": a new one fails here until somebody puts a row into it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "portal/accounts_store.h"
#include "portal/view.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;
using testing::number;
using testing::PatientChart;
using testing::TestServer;
using testing::World;

constexpr std::string_view kNowhere = "018f0000-0000-7000-8000-00000000dead";
constexpr std::string_view kWord = "canaryxyzzy";
constexpr std::string_view kNumber = "8675309";
const std::vector<std::string> kAll(std::begin(portal::kScopes), std::end(portal::kScopes));

/// Statements are kept by the address of their text.
db::Sql sql(std::string text) {
  static std::set<std::string, std::less<>> texts;
  return {"test.privacy", *texts.insert(std::move(text)).first};
}

/// One of the two clinics.
class Scene {
 public:
  enum class Secrets { none, labelled, open };
  explicit Scene(Secrets secrets) {
    ok(hands().patch(of(""), R"({"birth_date":"2011-05-05"})", {{"If-Match", "\"1\""}}));
    cleo_.enrolled().treatment();
    self_.emplace(w_.portal(cleo_));
    parent_.emplace(w_.trusted(cleo_, kAll, "guardian"));
    parent_grant = cleo_.id("grant_id");
    if (secrets != Secrets::none) add_secrets(secrets == Secrets::labelled);
  }

  /// Everything anybody with the parent's session can ask, and what came back.
  std::map<std::string, std::string> walk(HttpClient& who, const std::string& tries = "1") {
    std::map<std::string, std::string> seen;
    const auto& app = server_.application();
    for (const auto& route : app.router().routes()) {
      if (route.audience != http::Audience::portal) continue;
      if (route.name == "portal_trusted.stop" || route.name == "portal_preview.read") continue;
      std::vector<std::string> targets = {route.pattern};
      if (route.method == http::Method::get)
        for (const auto& [name, meaning] : route.query_parameters) {
          if (name == "limit" || name == "days" || name == "weeks") targets.push_back(route.pattern + "?" + name + "=" + tries);
          if (name == "q") targets.push_back(route.pattern + "?q=" + std::string(kWord));
        }
      for (auto& target : targets) {
        const std::string label = std::string(http::name(route.method)) + " " + target;
        // Rows that exist in one clinic only must look as missing as in the other.
        std::vector<std::string> ids = target.find('{') == std::string::npos ? std::vector<std::string>{""} : secret_ids();
        for (std::size_t i = 0; i < ids.size(); ++i) {
          std::string path = target;
          for (auto at = path.find('{'); at != std::string::npos; at = path.find('{'))
            path.replace(at, path.find('}', at) - at + 1, ids[i]);
          const auto answer = who.request(http::name(route.method), path,
                                          route.method == http::Method::get ? "" : body_of(route.name), {{"If-Match", "\"1\""}});
          // What was made just now has a new id in each clinic.
          seen[label + (i == 0 ? "" : " (secret)")] = answer.status == 201 ? "201" : testing::telling(answer);
          all_ += testing::telling(answer);
        }
      }
    }
    const auto session = who.get("/auth/portal/session");
    seen["session"] = testing::telling(session);
    all_ += seen["session"];
    return seen;
  }
  HttpClient& parent() { return *parent_; }
  HttpClient& self() { return *self_; }
  World& world() { return w_; }
  TestServer& server() { return server_; }
  PatientChart& cleo() { return cleo_; }
  HttpClient& hands() { return w_.care_manager(); }
  std::string of(const std::string& rest) { return "/api/v1/patients/" + cleo_.id("patient_id") + rest; }
  const std::string& all() const { return all_; }
  std::vector<std::string> labelled_tables() {
    std::vector<std::string> names;
    server_.database().read([&](db::Tx& tx) {
      tx.each(sql("SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) l ON l.name = 'labels' "
                  "JOIN pragma_table_info(m.name) p ON p.name = 'patient_id' WHERE m.type = 'table' ORDER BY m.name"),
              {}, [&](const db::Row& row) { names.push_back(row.string(0)); });
      return 0;
    });
    return names;
  }
  std::int64_t rows_of(const std::string& table) {
    return server_.database().read([&](db::Tx& tx) {
      return *tx.one(sql("SELECT COUNT(*) FROM " + table + " WHERE patient_id = $1 AND labels LIKE '%adolescent_confidential%'"),
                     {*Uuid::parse(cleo_.id("patient_id"))}, [](const db::Row& row) { return row.integer(0); });
    });
  }
  std::string parent_grant;

 private:
  Json ok(const ClientResponse& answer) {
    if (answer.status >= 300) ADD_FAILURE() << answer.status << " " << answer.body.substr(0, 400);
    return Json(answer.status < 300 && !answer.body.empty() ? answer.body : "{}");
  }
  std::string word() const { return "\"" + std::string(kWord) + " " + std::string(kNumber) + "\""; }
  std::vector<std::string> secret_ids() {
    std::vector<std::string> ids = {std::string(kNowhere)};
    for (const auto& id : secrets_) ids.push_back(id);
    return ids;
  }
  static std::string body_of(const std::string& name) {
    static const std::map<std::string, std::string> bodies = {
        {"portal.goals.create", R"({"what":"walk"})"},      {"portal.goals.edit", R"({"what":"swim"})"},
        {"portal.goals.check_off", R"({"result":"done"})"}, {"portal.goals.status", R"({"status":"reached"})"},
        {"portal.visits_answer", R"({"act":"confirm"})"},   {"portal.community_act", R"({"act":"seen"})"},
    };
    const auto found = bodies.find(name);
    return found == bodies.end() ? "{}" : found->second;
  }

  /// One of each kind, by the staff and by the young person, then labelled.
  void add_secrets(bool label) {
    auto& h = hands();
    const auto keep = [&](const Json& row) {
      if (row["id"].exists()) secrets_.push_back(row["id"].text());
      return row;
    };
    keep(ok(h.post(of("/measurements"), R"({"instrument":"psc-17","mode":"paper","total":21})")));
    keep(ok(h.post(of("/measurements"), R"({"instrument":"phq-9","mode":"phone","total":23})")));
    keep(ok(h.post(of("/contacts"), R"({"kind":"treatment","modality":"phone","minutes":33,"note":)" + word() + "}")));
    keep(ok(h.post(of("/goals"), R"({"what":)" + word() + R"(,"confidence":7})")));
    keep(ok(h.post(of("/plans"), R"({"kind":"care_plan","content":{"wants":)" + word() + "}}")));
    keep(ok(h.post(
        of("/decisions"),
        R"({"aid":"alcohol-treatment","options":["talks","none"],"choice":"none","took_part":["patient","care_manager"],"note":)" +
            word() + "}")));
    keep(ok(h.post(of("/conversation"), R"({"text":)" + word() + "}")));
    keep(ok(h.post(of("/conditions"), R"({"text":)" + word() + "}")));
    keep(ok(h.post(of("/allergies"), R"({"substance":)" + word() + "}")));
    keep(ok(h.post(of("/treatments/" + cleo_.id("treatment_id") + "/reports"),
                   R"({"adherence":"some","side_effects":)" + word() + R"(,"bother":1})")));
    keep(ok(h.post(of("/patient-messages"), R"({"subject":)" + word() + R"(,"text":)" + word() + "}")));
    keep(ok(h.post(of("/education"), R"({"piece":"grounding","note":)" + word() + R"(,"tell":false})")));
    keep(ok(h.post(of("/visits"), R"({"date":"2026-03-09","start_minute":600,"minutes":45,"kind":"video","note":)" + word() +
                                      R"(,"tell_patient":false})")));
    const auto need = keep(ok(h.post(of("/needs"), R"({"kind":"housing","wants_help":"yes","note":)" + word() + "}")));
    const auto service = ok(w_.as("community_worker", w_.north())
                                .post("/api/v1/community/services", R"({"name":)" + word() + R"(,"kinds":["housing"]})"));
    if (need["id"].exists() && service["id"].exists())
      keep(ok(h.post(of("/community-referrals"),
                     R"({"need_id":")" + need["id"].text() + R"(","service_id":")" + service["id"].text() +
                         R"(","sent_by_way":"phone","shares":["name"],"consent":{"method":"verbal","on":"2026-03-02"}})")));
    const auto group = ok(h.post(
        "/api/v1/groups",
        R"({"site_id":")" + w_.north().id.text() + R"(","name":)" + word() +
            R"(,"kind":"education","modality":"in_person","capacity":8,"first_date":"2026-03-10","start_minute":600,"minutes":60,"every_weeks":1,"sessions":4})"));
    if (group["id"].exists())
      keep(ok(h.post("/api/v1/groups/" + group["id"].text() + "/members",
                     R"({"patient_id":")" + cleo_.id("patient_id") + R"(","as":"join"})")));
    auto& s = self();
    keep(ok(s.post("/api/v1/portal/goals", R"({"what":)" + word() + R"(,"confidence":8})")));
    keep(ok(s.post("/api/v1/portal/logs", R"({"kind":"mood","score":3,"text":)" + word() + "}")));
    keep(ok(s.post("/api/v1/portal/messages", R"({"subject":)" + word() + R"(,"text":)" + word() + "}")));
    keep(ok(s.post("/api/v1/portal/feedback", R"({"topic":"other","text":)" + word() + R"(,"anonymous":false})")));
    ok(s.put("/api/v1/portal/decisions/therapy-medicine-or-both/weights",
             R"({"weights":[],"words":)" + word() + R"(,"version":0})"));
    ok(s.post("/api/v1/portal/surveys/involvement/answers", R"({"declined":true})"));
    if (!label) return;
    const Uuid id = *Uuid::parse(cleo_.id("patient_id"));
    EXPECT_TRUE(server_.database().write([&](db::Tx& tx) -> Result<void> {
      for (const auto& table : labelled_tables_in(tx))
        if (table != "patient" && table != "episode")
          tx.run(sql("UPDATE " + table + " SET labels = 'adolescent_confidential' WHERE patient_id = $1"), {id});
      return {};
    }));
  }
  static std::vector<std::string> labelled_tables_in(db::Tx& tx) {
    std::vector<std::string> names;
    tx.each(sql("SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) l ON l.name = 'labels' "
                "JOIN pragma_table_info(m.name) p ON p.name = 'patient_id' WHERE m.type = 'table' ORDER BY m.name"),
            {}, [&](const db::Row& row) { names.push_back(row.string(0)); });
    return names;
  }

  TestServer server_;
  World w_{server_};
  PatientChart cleo_ = w_.patient("Cleo");
  std::optional<HttpClient> self_, parent_;
  std::vector<std::string> secrets_;
  std::string all_;
};

TEST(AdolescentPrivacy, AParentsAnswersAreTheSameBytesAsIfThereWereNothing) {
  Scene with(Scene::Secrets::labelled), without(Scene::Secrets::none);
  for (const auto& table : with.labelled_tables())
    EXPECT_TRUE(table == "patient" || table == "episode" || with.rows_of(table) > 0)
        << table << " has privacy labels and this test puts no confidential row into it";
  const auto seen = with.walk(with.parent());
  const auto empty = without.walk(without.parent());
  std::size_t compared = 0;
  for (const auto& [what, answer] : seen) {
    const bool is_secret = what.ends_with(" (secret)");
    const auto other = empty.find(is_secret ? what.substr(0, what.size() - 9) : what);
    ASSERT_NE(other, empty.end()) << what;
    EXPECT_EQ(answer, other->second) << what;
    ++compared;
  }
  std::printf("[  portal  ] %zu answers to a parent are what they would be without the secrets\n", compared);
  EXPECT_GT(compared, 20U);
  EXPECT_EQ(with.all().find(kWord), std::string::npos);
  EXPECT_EQ(with.all().find(kNumber), std::string::npos);
  // The walk can fail: without labels a parent sees the word, and the young person always does.
  Scene open(Scene::Secrets::open);
  open.walk(open.parent());
  EXPECT_NE(open.all().find(kWord), std::string::npos);
  std::string own;
  for (const auto& view : with.server().application().slices().portal_views())
    own += with.self().get("/api/v1/portal/" + view.name).body;
  EXPECT_NE(own.find(kWord), std::string::npos);
}

TEST(AdolescentPrivacy, AGuardianLosesTheViewOnTheBirthdayAtWhichEverybodyIsAskedAgain) {
  TestServer server;
  World w(server);
  auto cleo = w.patient("Cleo");
  const std::string of_cleo = "/api/v1/patients/" + cleo.id("patient_id");
  // Thirteen on 3 March 2026, tomorrow.
  ASSERT_EQ(w.care_manager().patch(of_cleo, R"({"birth_date":"2013-03-03"})", {{"If-Match", "\"1\""}}).status, 200);
  auto parent = w.trusted(cleo, {"goals"}, "guardian");
  EXPECT_EQ(parent.get("/api/v1/portal/goals").status, 200);
  server.clock.advance(std::chrono::hours(13) + std::chrono::minutes(59));  // 23:59 in New York
  w.forget_browsers();
  const auto grant = portal::GrantId(*Uuid::parse(cleo.id("grant_id")));
  const auto state_at = [&](Instant now) {
    return std::string(server.database().read([&](db::Tx& tx) {
      return portal::state_of(*portal::find_grant(tx, w.north().organization, grant), Date::ymd(2013, 3, 3), portal::AgeRules(),
                              "America/New_York", now);
    }));
  };
  EXPECT_EQ(state_at(server.clock.now()), "active");
  EXPECT_EQ(state_at(server.clock.now() + std::chrono::minutes(1)), "ask_again");
}

TEST(StaleGrants, AreNotServedOnceInAThousandEndings) {
  TestServer server;
  World w(server);
  auto ann = w.patient("Ann").everything();
  auto mine = w.portal(ann);
  auto& hands = w.care_manager();
  const std::string of_ann = "/api/v1/patients/" + ann.id("patient_id");
  const auto change = [&](const std::string& text, const Uuid& id, Instant at) {
    EXPECT_TRUE(server.database().write([&](db::Tx& tx) -> Result<void> {
      if (text.find("$2") != std::string::npos) tx.run(sql(text), {id, at});
      else tx.run(sql(text), {id});
      return {};
    }));
  };
  int stale = 0, before = 0;
  for (int i = 0; i < 1000; ++i) {
    auto theirs = w.trusted(ann, {"goals", "scores"});
    const Uuid grant = *Uuid::parse(ann.id("grant_id"));
    before += theirs.get("/api/v1/portal/goals").status == 200 ? 1 : 0;
    switch (i % 6) {
      case 0:
        EXPECT_EQ(mine.post("/api/v1/portal/trusted-persons/" + grant.text() + "/stop").status, 200);
        break;
      case 1:
        EXPECT_EQ(hands.post(of_ann + "/trusted-persons/" + grant.text() + "/end", R"({"reason":"x"})").status, 200);
        break;
      case 2:
        EXPECT_EQ(theirs.post("/api/v1/portal/trusted-persons/" + grant.text() + "/stop").status, 200);
        break;
      case 3:
        change("UPDATE trusted_grant SET expires_at = $2 WHERE grant_id = $1", grant, server.clock.now());
        break;
      case 4:
        change("UPDATE trusted_grant SET scopes = '' WHERE grant_id = $1", grant, {});
        break;  // nothing is nothing
      default:
        change("DELETE FROM portal_session WHERE grant_id = $1", grant, {});
        break;  // purged between two requests
    }
    for (const auto* view : {"goals", "scores", "home", "accesses"})
      stale += theirs.get(std::string("/api/v1/portal/") + view).status == 200 ? 1 : 0;
    stale += theirs.post("/api/v1/portal/goals", R"({"what":"walk","confidence":5})").status < 400 ? 1 : 0;
  }
  EXPECT_EQ(before, 1000);
  EXPECT_EQ(stale, 0);
}

TEST(StaleGrants, AreNotServedWhileSomebodyElseEndsThem) {
  TestServer server;
  World w(server);
  auto ann = w.patient("Ann").everything();
  auto mine = w.portal(ann);
  for (int round = 0; round < 20; ++round) {
    auto theirs = w.trusted(ann, {"goals"});
    const std::string stop = "/api/v1/portal/trusted-persons/" + ann.id("grant_id") + "/stop";
    std::atomic<bool> ended{false};
    int late = 0;
    testing::at_once(2, [&](int who) {
      if (who == 0) {
        EXPECT_EQ(mine.post(stop).status, 200);
        ended = true;
        return;
      }
      for (int i = 0; i < 60; ++i) {
        const bool was_over = ended;
        if (theirs.get("/api/v1/portal/goals").status == 200 && was_over) ++late;
      }
    });
    EXPECT_EQ(late, 0);
  }
}

}  // namespace
}  // namespace concord
