// A small invented clinic in a throw-away database, and a way to call a slice's routes without a server:
//
//   class Patients : public concord::testing::DatabaseTest { ... Clinic clinic{database()}; };
//   auto reply = clinic.call(routes, "POST", "/api/v1/patients", R"({...})");
//   EXPECT_EQ(reply.status, 201); EXPECT_EQ(reply.text("family_name"), "Ruiz");
//
// Handler and unit of work run as the dispatcher runs them: a write in a write transaction, a read on a
// snapshot. Header only, so that a test links just its own slice.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "db/database.h"
#include "http/route.h"
#include "json/value.h"
#include "patients/chart.h"
#include "patients/patients_store.h"
#include "support/databases.h"

namespace concord::testing {

/// One answer: what came back, or the problem it would have become.
struct Answer {
  int status = 0;
  http::Reply reply;
  std::optional<Error> error;
  std::optional<json::Document> document;

  const json::Value* at(std::string_view path) const {  // "contact.minutes", "items.0.id"
    if (!document) return nullptr;
    const json::Value* value = &document->root();
    while (!path.empty()) {
      const auto dot = path.find('.');
      const auto key = path.substr(0, dot);
      path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
      if (value->is(json::Kind::array)) {
        const auto index = static_cast<std::size_t>(std::stoul(std::string(key)));
        if (index >= value->items().size()) return nullptr;
        value = &value->items()[index];
      } else {
        value = value->find(key);
      }
      if (!value) return nullptr;
    }
    return value;
  }
  /// A string's text, a number's digits, "null", "true"; "(none)" when there is no such member.
  std::string text(std::string_view path) const {
    const auto* value = at(path);
    if (!value) return "(none)";
    if (value->is(json::Kind::null)) return "null";
    if (value->is(json::Kind::boolean)) return value->boolean() ? "true" : "false";
    return std::string(value->text());
  }
  std::size_t count(std::string_view path) const {
    const auto* value = at(path);
    return value ? value->items().size() : 0;
  }
  /// Paths of the issues, joined by blanks.
  std::string issue_paths() const {
    std::string paths;
    if (error)
      for (const auto& issue : error->issues) paths += (paths.empty() ? "" : " ") + issue.path;
    return paths;
  }
  ErrorCode code() const { return error ? error->code : ErrorCode::internal; }
};

class Clinic {
 public:
  static constexpr std::string_view kZone = "America/New_York";

  explicit Clinic(db::Database& database) : database_(database), ids_(clock_, 7) {
    organization = OrganizationId(ids_.next());
    other_organization = OrganizationId(ids_.next());
    site = SiteId(ids_.next());
    other_site = SiteId(ids_.next());
    foreign_site = SiteId(ids_.next());
    manager = caller("care_manager", "Mara Quill", organization, {site});
    elsewhere = caller("care_manager", "Otto Fenn", organization, {other_site});
    foreigner = caller("care_manager", "Ines Vale", other_organization, {foreign_site});
    const auto stored = database_.write([&](db::Tx& tx) -> Result<void> {
      static constexpr db::Sql kOrganization{"test.organization",
                                             "INSERT INTO organization (organization_id, name, created_at) VALUES ($1, $2, $3)"};
      static constexpr db::Sql kSite{
          "test.site", "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)"};
      tx.run(kOrganization, {organization, "Maple Street Clinic", clock_.now()});
      tx.run(kOrganization, {other_organization, "Harbor Clinic", clock_.now()});
      tx.run(kSite, {organization, site, "Maple Street", kZone, clock_.now()});
      tx.run(kSite, {organization, other_site, "Elm Street", kZone, clock_.now()});
      tx.run(kSite, {other_organization, foreign_site, "Harbor", kZone, clock_.now()});
      return {};
    });
    EXPECT_TRUE(stored.has_value());
    chart.ids = &ids_;
    chart.time_zone = [](OrganizationId, SiteId) { return std::string(kZone); };
    chart.site_of = patients::find_site;
    chart.user_name = [this](db::Tx&, OrganizationId asked, UserId user) -> std::optional<std::string> {
      for (const auto& [where, who, name] : people_)
        if (where == asked && who == user) return name;
      return std::nullopt;
    };
    chart.refresh_caseload = [this](db::Tx&, OrganizationId, patients::PatientId patient) { refreshed.push_back(patient); };
  }

  Caller caller(std::string role, std::string name, OrganizationId where, std::vector<SiteId> sites) {
    Caller c;
    c.kind = ActorKind::user;
    c.organization = where;
    c.user = UserId(ids_.next());
    c.display_name = name;
    c.role = std::move(role);
    c.sites = std::move(sites);
    people_.emplace_back(where, c.user, std::move(name));
    return c;
  }

  patients::Patient patient(std::string given, std::string family, Date born = Date::ymd(1980, 2, 3)) {
    patients::Patient p;
    p.id = patients::PatientId(ids_.next());
    p.site = site;
    p.given_name = std::move(given);
    p.family_name = std::move(family);
    p.birth_date = born;
    return p;
  }
  patients::PatientId add(const patients::Patient& p) {
    const auto stored = database_.write([&](db::Tx& tx) -> Result<void> {
      patients::insert(tx, organization, p, clock_.now());
      return {};
    });
    EXPECT_TRUE(stored.has_value());
    return p.id;
  }
  patients::PatientId add_patient(std::string given = "Ana", std::string family = "Ruiz") {
    return add(patient(std::move(given), std::move(family)));
  }

  /// Calls the route for "METHOD /path?query" as `who`; `version` becomes If-Match.
  Answer call_as(const Caller& who, const std::vector<http::Route>& routes, std::string_view method, std::string_view target,
                 std::string body = "", std::optional<std::int64_t> version = std::nullopt) {
    Answer answer;
    http::Request request;
    request.target = std::string(target);
    const auto question = target.find('?');
    request.path = std::string(target.substr(0, question));
    if (question != std::string_view::npos) {
      std::string_view query = target.substr(question + 1);
      while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        const auto equals = pair.find('=');
        std::string value(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
        for (auto& c : value)
          if (c == '+') c = ' ';
        request.query.emplace_back(std::string(pair.substr(0, equals)), value);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
      }
    }
    request.body = std::move(body);
    request.request_id = "test";
    if (version) request.headers.emplace_back("if-match", '"' + std::to_string(*version) + '"');
    for (const auto& route : routes) {
      if (http::name(route.method) != method) continue;
      std::vector<std::pair<std::string_view, std::string>> parameters;
      if (!matches(route.pattern, request.path, parameters)) continue;
      const http::Call call{request, who, clock_.now(), parameters};
      const auto work = route.handler(call);
      if (!work) return failed(work.error());
      const auto result = route.run_as == http::RunAs::write ? database_.write([&](db::Tx& tx) { return (*work)(tx); })
                                                             : database_.read([&](db::Tx& tx) { return (*work)(tx); });
      if (!result) return failed(result.error());
      answer.reply = *result;
      answer.status = result->status;
      if (!result->body.empty()) {
        auto parsed = json::Document::parse(result->body);
        EXPECT_TRUE(parsed.has_value()) << result->body;
        if (parsed) answer.document = std::move(*parsed);
      }
      return answer;
    }
    ADD_FAILURE() << "no route for " << method << " " << target;
    return answer;
  }
  Answer call(const std::vector<http::Route>& routes, std::string_view method, std::string_view target, std::string body = "",
              std::optional<std::int64_t> version = std::nullopt) {
    return call_as(manager, routes, method, target, std::move(body), version);
  }

  ManualClock& clock() { return clock_; }
  IdSource& ids() { return ids_; }
  db::Database& database() { return database_; }
  Date today() const { return Date::ymd(2026, 3, 4); }

  OrganizationId organization, other_organization;
  SiteId site, other_site, foreign_site;
  Caller manager;    ///< care manager at `site`
  Caller elsewhere;  ///< care manager at `other_site` of the same organization
  Caller foreigner;  ///< care manager of the other organization
  patients::Chart chart;
  std::vector<patients::PatientId> refreshed;  ///< caseload rows that were brought up to date

 private:
  static Answer failed(const Error& error) {
    Answer answer;
    answer.status = http_status(error.code);
    answer.error = error;
    return answer;
  }
  static bool matches(std::string_view pattern, std::string_view path,
                      std::vector<std::pair<std::string_view, std::string>>& parameters) {
    while (true) {
      const auto a = pattern.find('/'), b = path.find('/');
      const auto want = pattern.substr(0, a), got = path.substr(0, b);
      if (want.starts_with("{")) parameters.emplace_back(want.substr(1, want.size() - 2), std::string(got));
      else if (want != got) return false;
      if ((a == std::string_view::npos) != (b == std::string_view::npos)) return false;
      if (a == std::string_view::npos) return true;
      pattern.remove_prefix(a + 1);
      path.remove_prefix(b + 1);
    }
  }

  // Wednesday 2026-03-04, 10:00 in New York.
  ManualClock clock_{*parse_instant("2026-03-04T15:00:00Z")};
  db::Database& database_;
  SeededIds ids_;
  std::vector<std::tuple<OrganizationId, UserId, std::string>> people_;
};

/// A test of a slice's routes over both databases.
class ClinicTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    clinic_ = std::make_unique<Clinic>(database());
  }
  void TearDown() override {
    clinic_.reset();
    DatabaseTest::TearDown();
  }
  Clinic& clinic() { return *clinic_; }

 private:
  std::unique_ptr<Clinic> clinic_;
};

}  // namespace concord::testing
