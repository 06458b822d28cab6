// What one organization, site or browser learns of another: nothing of other organizations ever, live word
// of changes inside its own. And that the audit log has seen every request of a known person.
#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "whole_server.h"

namespace concord {
namespace {

using namespace std::chrono_literals;
using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;
using testing::number;
using testing::PatientChart;
using testing::Site;
using testing::World;

class Organizations : public testing::WholeServerOnBoth {
 protected:
  /// What an address names: something of the patient's, or a word that is nobody's.
  static std::string value_of(const PatientChart& chart, const std::string& name) {
    static const std::map<std::string, std::string> words = {
        {"month", "2026-01"}, {"draft_key", "note"}, {"pathway", "adult-depression"}, {"aid", "antidepressant-by-issue"}};
    if (const auto word = words.find(name); word != words.end()) return word->second;
    return name == "site_id" ? chart.site().id.text() : chart.id(chart.has(name) ? name : "patient_id");
  }
  /// Every address that GET knows, about these patients, with the queries that widen or narrow a list.
  std::vector<std::string> addresses(const std::vector<PatientChart>& charts) {
    std::vector<std::string> all;
    for (const auto& route : server().application().router().routes()) {
      if (route.method != http::Method::get || !route.handler) continue;
      std::vector<std::string> targets;
      if (route.pattern.find('{') == std::string::npos) targets.push_back(route.pattern);
      else if (route.pattern.find("{instrument}") != std::string::npos) targets.push_back("/api/v1/instruments/phq-9");
      else
        for (const auto& chart : charts) {
          std::string target = route.pattern;
          for (auto from = target.find('{'); from != std::string::npos; from = target.find('{')) {
            const auto to = target.find('}', from);
            target.replace(from, to - from + 1, value_of(chart, target.substr(from + 1, to - from - 1)));
          }
          targets.push_back(target);
        }
      for (const auto& target : targets) {
        all.push_back(target);
        for (const auto& [name, meaning] : route.query_parameters) {
          if (name == "q")
            for (const auto* word : {"testcase", "aldermark", "birchmark", "1950"}) all.push_back(target + "?q=" + word);
          if (name == "site")
            for (const auto& site : world().sites()) all.push_back(target + "?site=" + site.id.text());
          if (name == "limit") all.push_back(target + "?limit=1");
          if (name == "status") all.push_back(target + "?status=all");
          if (name == "state") all.push_back(target + "?state=closed");
          if (name == "care_manager")
            for (const auto& site : world().sites())
              all.push_back(target + "?care_manager=" + world().user("care_manager", site).text());
        }
      }
    }
    return all;
  }
};
CONCORD_ON_BOTH_DATABASES(Organizations);

TEST_P(Organizations, NoAnswerHoldsAWordOfAnotherOrganization) {
  std::vector<PatientChart> charts;
  for (const auto& site : world().sites()) {
    auto ann = world().patient("Ann", site).everything();
    ann.safety_planned().on_the_rota().review_hour().advised().tasked().talked().handed_over().minutes().billed("exported");
    charts.push_back(ann);
    charts.push_back(world().patient("Bea", site).referred().attempted());
  }
  std::vector<PatientChart> whole;
  for (std::size_t i = 0; i < charts.size(); i += 2) whole.push_back(charts[i]);
  const auto targets = addresses(whole);
  ASSERT_GT(targets.size(), 60u);
  std::size_t asked = 0, told = 0;
  // Columns of figures are made in the background, the first time somebody of an organization asks.
  for (const auto& site : world().sites())
    while (world().as("care_manager", site).get("/api/v1/reports/dashboard").status == 503) {
    }
  for (const auto& site : world().sites()) {
    const std::string foreign = site.organization_mark == "aldermark" ? "birchmark" : "aldermark";
    std::vector<std::string> foreign_ids;
    for (const auto& chart : charts)
      if (chart.site().organization_mark == foreign)
        for (const auto& [name, id] : chart.ids()) foreign_ids.push_back(id);
    for (const auto& grants : identity::role_grants()) {
      auto& browser = world().as(grants.role, site);
      for (const auto& target : targets) {
        const auto answer = browser.get(target);
        ++asked;
        ASSERT_LT(answer.status, 500) << grants.role << " " << target << " " << answer.body;
        std::string all = answer.body;
        for (const auto& [name, value] : answer.headers) all += "\n" + name + ": " + value;
        ASSERT_EQ(all.find(foreign), std::string::npos) << grants.role << "." << site.short_name << " " << target << "\n"
                                                        << all.substr(0, 2000);
        for (const auto& id : foreign_ids)
          ASSERT_EQ(all.find(id), std::string::npos) << grants.role << "." << site.short_name << " " << target;
        if (all.find(site.organization_mark) != std::string::npos) ++told;
      }
    }
  }
  EXPECT_GT(told, asked / 20) << "the marks are not in the answers: this test would not see a leak";
  std::printf("[  canary  ] %zu answers, %zu with words of one's own organization, none with another's\n", asked, told);
}

TEST_P(Organizations, AChangeReachesOtherBrowsersOfTheOrganizationAndNobodyElse) {
  auto ann = world().patient("Ann").enrolled();
  auto cleo = world().patient("Cleo", world().birch()).enrolled();
  auto colleague = world().as("psychiatric_consultant", world().north()).open_stream("/api/v1/events");
  auto stranger = world().as("care_manager", world().birch()).open_stream("/api/v1/events");
  ASSERT_EQ(colleague.head.status, 200);
  ASSERT_EQ(colleague.head.header("content-type").substr(0, 17), "text/event-stream");
  ASSERT_EQ(stranger.head.status, 200);
  ann.phq9({12}, "2026-03-01");
  const auto heard = colleague.connection.read_until("\"topic\":\"patient\",\"id\":\"" + ann.id("patient_id") + "\"}\n\n");
  EXPECT_NE(heard.find("event: change"), std::string::npos);
  EXPECT_NE(heard.find("\"topic\":\"caseload\""), std::string::npos);
  EXPECT_EQ(heard.find("mark"), std::string::npos) << "ids only: " << heard;
  // The stranger hears of their own organization next, so nothing of ours was on its way.
  cleo.phq9({9}, "2026-03-01");
  const auto theirs = stranger.connection.read_until(cleo.id("patient_id"));
  EXPECT_EQ(theirs.find(ann.id("patient_id")), std::string::npos) << theirs;
}

TEST_P(Organizations, AFailedChangeTellsNobody) {
  auto ann = world().patient("Ann").enrolled();
  auto colleague = world().as("pcp", world().north()).open_stream("/api/v1/events");
  auto& hands = world().care_manager();
  const std::string path = "/api/v1/patients/" + ann.id("patient_id");
  ASSERT_EQ(hands.post(path + "/measurements", R"({"instrument":"phq-9","total":28})").status, 422);
  ASSERT_EQ(hands.patch(path, R"({"phone":"1"})", {{"If-Match", "\"77\""}}).status, 412);
  auto bea = world().patient("Bea");
  const auto heard = colleague.connection.read_until(bea.id("patient_id"));
  EXPECT_EQ(heard.find(ann.id("patient_id")), std::string::npos) << heard;
}

TEST_P(Organizations, TheLiveStreamEndsWithTheSession) {
  auto browser = world().sign_in("care_manager.north");
  auto stream = browser.open_stream("/api/v1/events");
  ASSERT_EQ(stream.head.status, 200);
  ASSERT_EQ(browser.post("/auth/sign-out").status, 204);
  EXPECT_NO_THROW(stream.connection.read_to_end()) << "the stream of a signed-out browser stays open";
}

TEST_P(Organizations, TheLiveStreamHearsNothingAfterItsSessionRanOut) {
  auto ann = world().patient("Ann").enrolled();
  auto idle = world().sign_in("pcp.north").open_stream("/api/v1/events");
  ASSERT_EQ(idle.head.status, 200);
  server().clock.advance(16min);
  world().forget_browsers();
  auto busy = world().care_manager().open_stream("/api/v1/events");
  ann.contact();
  busy.connection.read_until(ann.id("patient_id"));
  EXPECT_EQ(idle.connection.read_to_end().find(ann.id("patient_id")), std::string::npos);
}

TEST_P(Organizations, EveryRequestOfAKnownPersonLeavesAnEntry) {
  auto ann = world().patient("Ann").everything();
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  const std::string own = world().user("care_manager", world().north()).text();
  struct Case {
    std::string method, target, body;
    HttpClient::Headers headers;
    int status;
    std::string action, result;
  };
  const std::vector<Case> cases = {
      {"GET", patient, "", {}, 200, "patients.read", "ok"},
      {"GET", patient + "/summary", "", {}, 200, "patients.summary", "ok"},
      {"GET", "/api/v1/caseload", "", {}, 200, "caseload.list", "ok"},
      {"GET", "/api/v1/patients?q=ann", "", {}, 200, "patients.search", "ok"},
      {"GET", "/api/v1/patients?limit=x", "", {}, 422, "patients.search", "invalid"},
      {"HEAD", patient, "", {}, 200, "patients.read", "ok"},
      {"GET", "/api/v1/patients/018f0000-0000-7000-8000-00000000dead", "", {}, 404, "patients.read", "not_found"},
      {"GET", patient + "/access-log", "", {}, 403, "audit.accesses", "not_allowed"},
      {"PATCH", patient, R"({"phone":"1"})", {}, 428, "patients.edit", "precondition_missing"},
      {"PATCH", patient, R"({"phone":"1"})", {{"If-Match", "\"9\""}}, 412, "patients.edit", "edited_meanwhile"},
      {"PATCH", patient, R"({"phone":"1"})", {{"If-Match", "\"1\""}}, 200, "patients.edit", "ok"},
      {"POST", patient + "/measurements", R"({"instrument":"phq-9","total":28})", {}, 422, "measurements.create", "invalid"},
      {"POST", patient + "/measurements", "{", {}, 400, "measurements.create", "bad_request"},
      {"POST",
       patient + "/measurements",
       R"({"instrument":"phq-9","total":7})",
       {{"Idempotency-Key", "a"}},
       201,
       "measurements.create",
       "ok"},
      {"POST",
       patient + "/measurements",
       R"({"instrument":"phq-9","total":7})",
       {{"Idempotency-Key", "a"}},
       201,
       "measurements.create",
       "ok"},
      {"POST",
       patient + "/measurements",
       R"({"instrument":"phq-9","total":8})",
       {{"Idempotency-Key", "a"}},
       422,
       "measurements.create",
       "key_reused"},
      {"POST",
       "/api/v1/referrals",
       "{\"patient_id\":\"" + ann.id("patient_id") + "\",\"site_id\":\"" + world().north().id.text() +
           R"(","referred_by":"x","reason":"y"})",
       {},
       409,
       "referrals.create",
       "already_enrolled"},
  };
  constexpr db::Sql kLast{"test.last_entry",
                          "SELECT action, result, role, actor_kind, actor_id, patient_id, request_id, detail FROM audit_event "
                          "WHERE organization_id = $1 AND request_id = $2"};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method + " " + c.target);
    const auto before = testing::audit_entries(server().database());
    const auto answer = world().care_manager().request(c.method, c.target, c.body, c.headers);
    ASSERT_EQ(answer.status, c.status) << answer.body;
    EXPECT_EQ(testing::audit_entries(server().database()), before + 1);
    int found = 0;
    server().database().read([&](db::Tx& tx) {
      tx.each(kLast, {world().north().organization, answer.header("x-request-id")}, [&](const db::Row& row) {
        ++found;
        EXPECT_EQ(row.text(0), c.action);
        EXPECT_EQ(row.text(1), c.result);
        if (c.status != 403) {
          EXPECT_EQ(row.text(2), "care_manager");
        }
        EXPECT_EQ(row.text(3), "user");
        EXPECT_EQ(row.id<UserId>(4).text(), own);
        if (c.target.starts_with(patient)) {
          EXPECT_EQ(row.maybe_id<Uuid>(5), Uuid::parse(ann.id("patient_id")));
        }
        EXPECT_EQ(row.string(7).find("mark"), std::string::npos);
      });
    });
    EXPECT_EQ(found, 1);
  }
  // Opening the live stream is a request too.
  const auto before = number(server().database(), "SELECT COUNT(*) FROM audit_event WHERE action = 'events.stream'");
  auto stream = world().care_manager().open_stream("/api/v1/events");
  ASSERT_EQ(stream.head.status, 200);
  const auto entries = [&] {
    return number(server().database(), "SELECT COUNT(*) FROM audit_event WHERE action = 'events.stream'");
  };
  EXPECT_TRUE(testing::eventually([&] { return entries() > before; })) << "the entry is written behind the head of the answer";
  EXPECT_EQ(entries(), before + 1);
}

TEST_P(Organizations, ThePrivacyOfficerSeesWhoLookedAtAPatient) {
  auto ann = world().patient("Ann");
  const std::string patient = "/api/v1/patients/" + ann.id("patient_id");
  world().as("pcp", world().north()).get(patient);
  world().as("community_worker", world().north()).get(patient + "/summary");
  const auto answer = world().as("privacy_officer", world().north()).get(patient + "/access-log");
  ASSERT_EQ(answer.status, 200);
  std::set<std::string> seen;
  const Json log(answer.body);
  for (std::size_t i = 0; i < log["items"].size(); ++i)
    seen.insert(log["items"][i]["role"].text() + " " + log["items"][i]["action"].text() + " " + log["items"][i]["result"].text());
  EXPECT_TRUE(seen.count("pcp patients.read ok")) << answer.body;
  EXPECT_TRUE(seen.count("care_manager patients.create ok")) << answer.body;
  EXPECT_NE(answer.body.find("patients.summary"), std::string::npos) << "refused looks are there too";
  EXPECT_NE(answer.body.find("not_allowed"), std::string::npos);
}

}  // namespace
}  // namespace concord
