#include "caseload/caseload_api.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "caseload/world_for_tests.h"
#include "json/value.h"
#include "support/databases.h"

namespace concord::caseload {
namespace {

class CaseloadApi : public testing::DatabaseTest {
 protected:
  void SetUp() override {
    testing::DatabaseTest::SetUp();
    if (IsSkipped()) return;
    write([&](db::Tx& tx) {
      world_.emplace(tx);
      for (const char* family : {"Okafor", "Ruiz", "Ng"}) mine_.push_back(enrolled(tx, family, world_->site));
      elsewhere_ = enrolled(tx, "Elsewhere", world_->other_site);
    });
    ids_ = std::make_unique<SeededIds>(clock_, 5);
    chart_.ids = ids_.get();
    chart_.time_zone = [](OrganizationId, SiteId) { return std::string("America/New_York"); };
    chart_.site_of = [this](db::Tx& tx, OrganizationId organization, PatientId patient) -> std::optional<SiteId> {
      const auto facts = read_facts(tx, organization, patient, concord_2026());
      if (!facts) return std::nullopt;
      return patient == elsewhere_.first ? world_->other_site : world_->site;
    };
    Deps deps{&concord_2026(), &chart_};
    deps.covers_on = [this](db::Tx&, OrganizationId, Date day) {
      tasks::Covers running;
      for (const auto& cover : covers_)
        if (cover.from <= day && day <= cover.until) running.push_back(cover);
      return running;
    };
    chart_.user_name = [](db::Tx&, OrganizationId, UserId) { return std::optional<std::string>("Dana Reed"); };
    routes_ = routes(deps);
    caller_.kind = ActorKind::user;
    caller_.organization = world_->organization;
    caller_.user = world_->care_managers[0];
    caller_.sites = {world_->site};
  }

  template <class Body>
  void write(Body&& body) {
    const auto done = database().write([&](db::Tx& tx) -> Result<bool> {
      body(tx);
      return true;
    });
    ASSERT_TRUE(done) << done.error().text;
  }
  std::pair<PatientId, EpisodeId> enrolled(db::Tx& tx, const char* family, SiteId site) {
    const PatientId p = world_->patient(tx, family, "Ana", site);
    const EpisodeId e = world_->episode(tx, p, site, State::active, world_->care_managers[0], 0);
    world_->consent(tx, p, 0);
    world_->contact(tx, p, 7);
    world_->score(tx, p, 0, 16);
    refresh(tx, world_->organization, p, concord_2026());
    return {p, e};
  }
  /// Calls a route by name, as the choke point does.
  Result<http::Reply> call(std::string_view name, std::vector<std::pair<std::string, std::string>> query = {},
                           std::vector<std::pair<std::string_view, std::string>> path = {}, std::string body = {}) {
    for (const http::Route& route : routes_) {
      if (route.name != name) continue;
      http::Request request;
      request.query = std::move(query);
      request.body = std::move(body);
      const http::Call c{request, caller_, now_, std::move(path)};
      CONCORD_TRY(auto work, route.handler(c));
      if (route.run_as == http::RunAs::write) return database().write([&](db::Tx& tx) { return work(tx); });
      return database().read([&](db::Tx& tx) { return work(tx); });
    }
    throw std::runtime_error("no such route");
  }
  json::Document parsed(const Result<http::Reply>& reply) {
    if (!reply) throw std::runtime_error(reply.error().text);
    auto document = json::Document::parse(reply->body);
    if (!document) throw std::runtime_error("not JSON: " + reply->body);
    return std::move(*document);
  }
  std::vector<std::string> names(const Result<http::Reply>& reply) {
    const auto document = parsed(reply);
    std::vector<std::string> out;
    for (const auto& row : document.root().find("items")->items()) {
      const std::string_view name = row.find("name")->text();  // "Ruiz, Ana"
      out.emplace_back(name.substr(0, name.find(',')));
    }
    return out;
  }

  ManualClock clock_{World::noon(0)};
  std::unique_ptr<SeededIds> ids_;
  std::optional<World> world_;
  std::vector<std::pair<PatientId, EpisodeId>> mine_;
  std::pair<PatientId, EpisodeId> elsewhere_;
  patients::Chart chart_;
  tasks::Covers covers_;
  std::vector<http::Route> routes_;
  Caller caller_;
  Instant now_ = World::noon(20);
};
CONCORD_ON_BOTH_DATABASES(CaseloadApi);

TEST_P(CaseloadApi, ListsMyPatientsAtMySitesOnly) {
  const auto reply = call("caseload.list", {{"care_manager", "me"}});
  EXPECT_EQ(names(reply), (std::vector<std::string>{"Ng", "Okafor", "Ruiz"}));
  const auto document = parsed(reply);
  EXPECT_EQ(document.root().find("as_of")->text(), World::day(20).iso());
  EXPECT_EQ(document.root().find("counts")->find("need_you")->integer(), 3);
  EXPECT_EQ(reply->audit_detail, "rows=3");
  caller_.sites.push_back(world_->other_site);
  EXPECT_EQ(names(call("caseload.list")).size(), 4U);
  caller_.sites.clear();
  EXPECT_TRUE(names(call("caseload.list")).empty());
}

TEST_P(CaseloadApi, PagesGoOnWhereTheyEndedAndHoldNoName) {
  std::vector<std::string> seen;
  std::string after;
  for (int i = 0; i < 10; ++i) {
    const auto reply = call("caseload.list", {{"limit", "1"}, {"after", after}});
    for (const auto& name : names(reply)) seen.push_back(name);
    const auto document = parsed(reply);
    if (document.root().find("next")->is(json::Kind::null)) break;
    after = document.root().find("next")->text();
    EXPECT_EQ(after.find("kafor"), std::string::npos);
    EXPECT_EQ(after.find("ng"), std::string::npos);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"Ng", "Okafor", "Ruiz"}));
}

TEST_P(CaseloadApi, EveryWrongFilterIsNamedAtOnce) {
  const auto reply = call("caseload.list", {{"site", world_->other_site.text()},
                                            {"care_manager", "dana"},
                                            {"state", "gone"},
                                            {"need", "sleep"},
                                            {"rule", "nap"},
                                            {"as_of", "2020-01-01"},
                                            {"after", "x"}});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::invalid);
  std::set<std::string> paths;
  for (const Issue& issue : reply.error().issues) paths.insert(issue.path);
  EXPECT_EQ(paths, (std::set<std::string>{"site", "care_manager", "state", "need", "rule", "as_of", "after"}));
}

TEST_P(CaseloadApi, LooksAheadToADay) {
  const auto today = parsed(call("caseload.list", {{"rule", "measure.stale"}}));
  EXPECT_TRUE(today.root().find("items")->items().empty());
  const auto then = call("caseload.list", {{"rule", "measure.stale"}, {"as_of", World::day(30).iso()}});
  EXPECT_EQ(names(then).size(), 3U);
}

TEST_P(CaseloadApi, OnlyOneCareManagersListCountsAsALittleReading) {
  auto reads_little = [&](std::vector<std::pair<std::string, std::string>> query) {
    http::Request request;
    request.query = std::move(query);
    for (const http::Route& route : routes_)
      if (route.name == "caseload.list") return route.reads_little(request);
    return false;
  };
  EXPECT_TRUE(reads_little({{"care_manager", "me"}}));
  EXPECT_FALSE(reads_little({{"care_manager", ""}}));
  EXPECT_FALSE(reads_little({}));
}

TEST_P(CaseloadApi, SpeaksTheCallersLanguage) {
  caller_.language = "es";
  const auto document = parsed(call("caseload.list", {{"limit", "1"}}));
  EXPECT_EQ(document.root().find("items")->items()[0].find("why")->find("text")->text(),
            "Contacto: vencía el lun 19 ene, 6 días de retraso; último contacto 12 ene.");
}

TEST_P(CaseloadApi, DownloadsATable) {
  const auto reply = call("caseload.export", {{"care_manager", "me"}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(std::count(reply->body.begin(), reply->body.end(), '\n'), 4);
  EXPECT_NE(reply->body.find("\"Ng, Ana\",1980-05-17,45,active,2,Manager 1,phq-9,16,2026-01-05,"), std::string::npos)
      << reply->body;
}

TEST_P(CaseloadApi, OnePatientsLinesHaveTheirParameters) {
  const auto document = parsed(call("attention.read", {}, {{"patient_id", mine_[0].first.text()}}));
  const auto& line = document.root().find("items")->items()[0];
  EXPECT_EQ(line.find("rule")->text(), "contact.due");
  EXPECT_EQ(line.find("parameters")->find("contact.due.early_days")->integer(), 7);
  EXPECT_TRUE(line.find("evidence")->items()[0].find("id"));
}

TEST_P(CaseloadApi, AnotherSitesPatientIsNotThere) {
  const auto reply = call("attention.read", {}, {{"patient_id", elsewhere_.first.text()}});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::not_found);
}

TEST_P(CaseloadApi, NotNowHidesTheLineFromTheListAndMarksItForThePatient) {
  const auto reply = call("attention.defer", {}, {{"episode_id", mine_[0].second.text()}},
                          R"({"rule":"contact.due","until":")" + World::day(27).iso() + R"(","reason":"on holiday"})");
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->status, 201);
  EXPECT_EQ(names(call("caseload.list", {{"rule", "contact.due"}})), (std::vector<std::string>{"Ng", "Ruiz"}));
  const auto document = parsed(call("attention.read", {}, {{"patient_id", mine_[0].first.text()}}));
  const auto& line = document.root().find("items")->items()[0];
  EXPECT_EQ(line.find("rule")->text(), "contact.due");
  ASSERT_TRUE(line.find("deferred_until"));
  EXPECT_EQ(line.find("deferred_until")->text(), World::day(27).iso());
}

TEST_P(CaseloadApi, NotNowIsTakenBack) {
  const std::vector<std::pair<std::string_view, std::string>> path = {{"episode_id", mine_[0].second.text()}};
  const std::string rule = R"({"rule":"contact.due"})";
  const auto nothing = call("attention.undefer", {}, path, rule);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::conflict);
  ASSERT_TRUE(call("attention.defer", {}, path,
                   R"({"rule":"contact.due","until":")" + World::day(27).iso() + R"(","reason":"on holiday"})"));
  const auto back = call("attention.undefer", {}, path, rule);
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(names(call("caseload.list", {{"rule", "contact.due"}})).size(), 3U);
  EXPECT_FALSE(call("attention.undefer", {}, path, rule)) << "once is enough";
  const auto other = call("attention.undefer", {}, {{"episode_id", elsewhere_.second.text()}}, rule);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::not_found);
}

TEST_P(CaseloadApi, WhoCoversHasTheRowsUntilTheLastDay) {
  tasks::Cover cover;
  cover.site = world_->site;
  cover.absent = world_->care_managers[0];
  cover.stand_in = world_->care_managers[1];
  cover.from = World::day(18);
  cover.until = World::day(22);
  cover.all_patients = false;
  cover.patients = {mine_[0].first, mine_[2].first};
  std::sort(cover.patients.begin(), cover.patients.end());
  covers_ = {cover};
  caller_.user = cover.stand_in;
  const auto page = call("caseload.list", {{"care_manager", "me"}});
  EXPECT_EQ(names(page), (std::vector<std::string>{"Ng", "Okafor"})) << "not Ruiz, who is not covered";
  const auto document = parsed(page);
  const auto* shown = document.root().find("items")->items()[0].find("cover");
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->find("name")->text(), "Dana Reed");
  EXPECT_EQ(shown->find("until")->text(), World::day(22).iso());
  EXPECT_EQ(document.root().find("counts")->find("total")->integer(), 2);
  now_ = World::noon(23);
  EXPECT_TRUE(names(call("caseload.list", {{"care_manager", "me"}})).empty()) << "ended by itself";
  caller_.user = cover.absent;
  now_ = World::noon(20);
  EXPECT_EQ(names(call("caseload.list", {{"care_manager", "me"}})).size(), 3U) << "still the owner's";
}

TEST_P(CaseloadApi, NotNowIsRefusedForSafetyForNothingAndForAnotherSite) {
  auto refused = [&](std::string rule, Date until, EpisodeId episode) {
    const auto reply = call("attention.defer", {}, {{"episode_id", episode.text()}},
                            R"({"rule":")" + rule + R"(","until":")" + until.iso() + R"(","reason":"later"})");
    if (reply) return std::string("accepted");
    return reply.error().issues.empty() ? std::string(code_name(reply.error().code)) : reply.error().issues[0].path;
  };
  const EpisodeId mine = mine_[0].second;
  EXPECT_EQ(refused("safety.unreviewed", World::day(21), mine), "rule");
  EXPECT_EQ(refused("nap", World::day(21), mine), "rule");
  EXPECT_EQ(refused("relapse", World::day(21), mine), "rule") << "it does not fire";
  EXPECT_EQ(refused("contact.due", World::day(20), mine), "until");
  EXPECT_EQ(refused("contact.due", World::day(111), mine), "until");
  EXPECT_EQ(refused("contact.due", World::day(21), elsewhere_.second), "not_found");
  EXPECT_EQ(refused("contact.due", World::day(21), EpisodeId(serial_id())), "not_found");
}

}  // namespace
}  // namespace concord::caseload
