// Attested care-manager time, from the screen's routes to the state report.
#include <gtest/gtest.h>

#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;

class CareManagerTime : public testing::WholeServerOnBoth {
 protected:
  HttpClient& manager() { return world().as("program_manager", world().north()); }
  std::string address() { return "/api/v1/sites/" + std::string(world().north().id.text()) + "/care-manager-time"; }
  ClientResponse attest(std::string_view month, std::string_view body) {
    return manager().put(address() + "/" + std::string(month), std::string(body));
  }
};
CONCORD_ON_BOTH_DATABASES(CareManagerTime);

TEST_P(CareManagerTime, AnAttestedMonthStandsInItsYearAndInTheStateReport) {
  EXPECT_EQ(attest("2026-01", R"({"fte":1.5})").status, 200);
  EXPECT_EQ(attest("2026-02", R"({"fte":0})").status, 200);
  const Json year(manager().get(address() + "?year=2026").body);
  ASSERT_EQ(year["items"].size(), 2u);
  EXPECT_EQ(year["items"][0]["month"].text(), "2026-01");
  EXPECT_EQ(year["items"][0]["fte"].value().text(), "1.5");
  EXPECT_EQ(year["items"][1]["fte"].value().text(), "0") << "nobody worked there: said, not missing";
  EXPECT_EQ(Json(manager().get(address() + "?year=2025").body)["items"].size(), 0u);
  const Json report(manager().get("/api/v1/reports/nys-omh-2025?month=2026-01").body);
  EXPECT_EQ(report["figures"][10]["value"].value().text(), "1.5");
}

TEST_P(CareManagerTime, WhoDidNotSeeWhatIsThereDoesNotWriteOverIt) {
  EXPECT_EQ(attest("2026-01", R"({"fte":1})").status, 200);
  EXPECT_EQ(attest("2026-01", R"({"fte":1})").status, 200) << "a repeated request is no conflict";
  const auto refused = attest("2026-01", R"({"fte":2})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find("instead_of"), std::string::npos);
  EXPECT_EQ(attest("2026-01", R"({"fte":2,"instead_of":1})").status, 200);
  EXPECT_EQ(Json(manager().get(address() + "?year=2026").body)["items"][0]["fte"].value().text(), "2");
}

TEST_P(CareManagerTime, WhatCannotBeMeantIsRefusedWithItsName) {
  EXPECT_EQ(attest("2026-13", R"({"fte":1})").status, 422);
  EXPECT_EQ(attest("2026-01", R"({"fte":-1})").status, 422);
  EXPECT_EQ(attest("2026-01", R"({"fte":201})").status, 422);
  EXPECT_EQ(attest("2026-01", R"({})").status, 422);
  EXPECT_EQ(manager().get(address() + "?year=soon").status, 422);
  EXPECT_EQ(Json(manager().get(address() + "?year=2026").body)["items"].size(), 0u) << "nothing was stored";
  EXPECT_EQ(world().care_manager().put(address() + "/2026-01", R"({"fte":1})").status, 403) << "reads, does not attest";
}

}  // namespace
}  // namespace concord
