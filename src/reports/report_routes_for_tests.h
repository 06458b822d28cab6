// The routes of the reports over a made-up program at the two sites of the invented clinic: for tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "http/route.h"
#include "json/data_files.h"
#include "reports/made_up_program.h"
#include "reports/reports_api.h"
#include "support/clinic.h"

namespace concord::reports {

inline const std::filesystem::path kSource = CONCORD_SOURCE_DIR;

inline const Rules& rules() {
  static const Rules all = *load_rules(*json::read_file(kSource / "rulesets" / "reports-2026.json"));
  return all;
}
inline const portal::Words& words() {
  static const portal::Words all = *portal::load_words(kSource / "content" / "reports" / "words.json");
  return all;
}
inline const measures::RunChartRules& run_charts() {
  static const auto all = *measures::load_run_chart_rules(*json::read_file(kSource / "rulesets" / "run-charts-2026.json"));
  return all;
}

class ReportRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    sites_ = {clinic().site.text(), clinic().other_site.text()};
    sam_ = clinic().manager;
    sam_.sites = {clinic().site, clinic().other_site};
    pat_ = clinic().caller("program_manager", "Pat Moss", clinic().organization, sam_.sites);
    for (const auto* who : {&sam_, &clinic().elsewhere, &pat_, &clinic().foreigner})
      users_.emplace_back(who->user, who->display_name);
    program_ = made_up_program(3, 700, clinic().organization, 1, sites_, {sam_.user.text(), clinic().elsewhere.user.text()});
    facts_ = program_.facts;
    deps_.chart = &clinic().chart;
    deps_.rules = &rules();
    deps_.words = &words();
    deps_.run_charts = &run_charts();
    deps_.resident = [this](db::Tx&, OrganizationId) { return facts_; };
    deps_.may_open = [](db::Tx&, const Caller& caller) { return caller.role == "care_manager"; };
    deps_.organization_name = [](db::Tx&, OrganizationId) { return std::string("Maple Street Clinic"); };
    site_names_ = {{clinic().site, "Maple Street"}, {clinic().other_site, "Elm Street"}};
    deps_.sites = [this](db::Tx&, OrganizationId) { return site_names_; };
    deps_.users = [this](db::Tx&, OrganizationId) { return users_; };
    deps_.patient = [](db::Tx&, OrganizationId, patients::PatientId id) {
      return std::optional(PatientLine{"Given", "=cmd(" + id.text().substr(30) + ")", Date::ymd(1980, 1, 2)});
    };
    deps_.episode = [this](db::Tx&, OrganizationId, const Uuid&) {
      return std::optional(EpisodeLine{"active", sam_.user, Date::ymd(2025, 1, 2)});
    };
    routes_ = routes(deps_);
  }
  testing::Answer as(const Caller& who, std::string_view target, std::string_view method = "GET", std::string body = "",
                     std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call_as(who, routes_, method, "/api/v1/reports" + std::string(target), std::move(body), version);
  }
  testing::Answer sam(std::string_view target) { return as(sam_, target); }
  testing::Answer pat(std::string_view target) { return as(pat_, target); }
  /// A download: not JSON.
  http::Reply file(const Caller& who, std::string_view path, std::vector<std::pair<std::string, std::string>> query) {
    const http::Router router(routes_);
    http::Request request;
    request.path = "/api/v1/reports" + std::string(path);
    request.query = std::move(query);
    const auto match = router.match(http::Method::get, request.path);
    if (match.route == nullptr) {
      ADD_FAILURE() << path;
      return {};
    }
    const http::Call call{request, who, clinic().clock().now(), match.parameters};
    const auto work = match.route->handler(call);
    EXPECT_TRUE(work.has_value());
    const auto reply = database().read([&](db::Tx& tx) { return (*work)(tx); });
    EXPECT_TRUE(reply.has_value()) << (reply ? "" : reply.error().text);
    return reply.value_or(http::Reply{});
  }
  const json::Value* figure(const testing::Answer& answer, std::string_view id) {
    for (const auto& group : answer.at("groups")->items())
      for (const auto& one : group.find("figures")->items())
        if (one.find("id")->text() == id) return &one;
    ADD_FAILURE() << id;
    return nullptr;
  }

  Program program_;
  std::shared_ptr<const measures::Resident> facts_;
  Deps deps_;
  std::vector<http::Route> routes_;
  std::vector<std::string> sites_;
  std::vector<std::pair<SiteId, std::string>> site_names_;
  std::vector<std::pair<UserId, std::string>> users_;
  Caller sam_, pat_;
};

}  // namespace concord::reports
