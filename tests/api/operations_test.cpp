// What an operator and a program see: health, metrics, the description of the interface, error shapes,
// security headers, start and stop.
#include <filesystem>
#include <fstream>

#include "whole_server.h"

namespace concord {
namespace {

using testing::code_of;
using testing::HttpClient;
using testing::Json;
using testing::TestServer;
using testing::World;

class Operations : public testing::WholeServer {};

TEST_F(Operations, HealthReadinessAndMetricsAnswerWithoutSigningIn) {
  auto nobody = server.browser();
  EXPECT_EQ(nobody.get("/healthz").body, "ok\n");
  EXPECT_EQ(nobody.get("/readyz").body, "ready\n");
  auto ann = w.patient("Ann").enrolled();
  w.care_manager().get("/api/v1/patients/" + ann.id("patient_id"));
  const auto metrics = nobody.get("/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_TRUE(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
  EXPECT_NE(metrics.body.find("patients.read"), std::string::npos);
  EXPECT_EQ(metrics.body.find(ann.id("patient_id")), std::string::npos) << "no ids in metrics";
  EXPECT_EQ(metrics.body.find("mark"), std::string::npos);
  EXPECT_EQ(nobody.post("/healthz").status, 405);
}

TEST_F(Operations, EveryRouteIsInTheDescriptionOfTheInterface) {
  const auto answer = server.browser().get("/api/openapi.json");
  ASSERT_EQ(answer.status, 200);
  const Json api(answer.body);
  EXPECT_TRUE(api["openapi"].text().starts_with("3."));
  std::set<std::string> operation_ids;
  for (const auto& route : server.application().router().routes()) {
    // Check-in pages and hooks are no interface for others' programs.
    if (route.audience == http::Audience::form || route.audience == http::Audience::gateway) continue;
    std::string method(http::name(route.method));
    for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto operation = api["paths"][route.pattern][method];
    ASSERT_TRUE(operation.exists()) << method << " " << route.pattern;
    EXPECT_EQ(operation["operationId"].text(), route.name);
    EXPECT_FALSE(operation["summary"].text().empty());
    EXPECT_TRUE(operation_ids.insert(route.name).second) << route.name << " names two routes";
  }
  EXPECT_NE(answer.body.find("Idempotency-Key"), std::string::npos);
}

TEST_F(Operations, EveryErrorIsAProblemWithItsRequestId) {
  auto nobody = server.browser();
  auto& hands = w.care_manager();
  const auto check = [](const testing::ClientResponse& answer, int status, std::string_view code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    const Json body(answer.body);
    EXPECT_EQ(body["status"].integer(), status);
    EXPECT_EQ(body["code"].text(), code);
    EXPECT_EQ(body["type"].text(), "urn:concord:error:" + std::string(code));
    EXPECT_FALSE(body["detail"].text().empty());
    EXPECT_FALSE(answer.header("x-request-id").empty());
    EXPECT_EQ(body["request_id"].text(), answer.header("x-request-id"));
  };
  check(nobody.get("/api/v1/caseload"), 401, "not_signed_in");
  check(nobody.get("/auth/session"), 401, "not_signed_in");
  check(nobody.post("/auth/sign-in", testing::credentials("x", "y")), 401, "wrong_credentials");
  check(hands.get("/api/v1/nothing"), 404, "not_found");
  check(hands.request("DELETE", "/api/v1/patients"), 405, "method_not_allowed");
  check(hands.post("/api/v1/patients", "{"), 400, "bad_request");
  check(hands.post("/api/v1/patients", "{}"), 422, "invalid");
  check(hands.post("/api/v1/patients", "{}", {{"Content-Type", "text/plain"}}), 415, "wrong_media_type");
  check(w.as("billing", w.north()).get("/api/v1/caseload"), 403, "not_allowed");
  check(hands.patch("/api/v1/account", "{}"), 428, "precondition_missing");
}

TEST_F(Operations, ARequestIdOfTheCallerIsKeptWhenItIsAShortToken) {
  auto& hands = w.care_manager();
  EXPECT_EQ(hands.get("/api/v1/account", {{"X-Request-Id", "trace-123"}}).header("x-request-id"), "trace-123");
  EXPECT_NE(hands.get("/api/v1/account", {{"X-Request-Id", std::string(300, 'x')}}).header("x-request-id"),
            std::string(300, 'x'));
  EXPECT_NE(hands.get("/api/v1/account", {{"X-Request-Id", "has space <b>"}}).header("x-request-id"), "has space <b>");
}

TEST_F(Operations, AnswersAboutPeopleAreNotKeptByAnyCache) {
  auto ann = w.patient("Ann").enrolled();
  for (const std::string& target : {std::string("/api/v1/caseload"), "/api/v1/patients/" + ann.id("patient_id"),
                                    std::string("/api/v1/account"), std::string("/api/v1/caseload.csv")}) {
    const auto answer = w.care_manager().get(target);
    ASSERT_EQ(answer.status, 200) << target;
    EXPECT_EQ(answer.header("cache-control"), "no-store") << target;
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << target;
    EXPECT_NE(answer.header("content-security-policy").find("default-src 'none'"), std::string::npos) << target;
    EXPECT_NE(answer.header("referrer-policy"), "") << target;
  }
}

TEST_F(Operations, WhatWasAcceptedIsAnsweredAndStoredWhenTheServerStops) {
  auto ann = w.patient("Ann").enrolled();
  auto machine = server.browser();
  machine.set_header("Authorization", "Bearer " + w.north().service_key);
  std::atomic<bool> stopping{false};
  std::atomic<int> acknowledged{0};
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i)
    writers.emplace_back([&, i] {
      auto hands = server.browser();
      hands.set_header("Authorization", "Bearer " + w.north().service_key);
      for (int n = 0; n < 10000; ++n) {
        try {
          const auto answer =
              hands.post("/api/v1/patients/" + ann.id("patient_id") + "/measurements", R"({"instrument":"phq-9","total":7})",
                         {{"Idempotency-Key", std::to_string(i) + "-" + std::to_string(n)}});
          if (answer.status != 201) return;
          ++acknowledged;
        } catch (const std::exception&) {
          return;  // the connection was closed between two requests
        }
      }
    });
  while (acknowledged.load() < 100) std::this_thread::yield();
  server.restart();
  for (auto& writer : writers) writer.join();
  EXPECT_GE(testing::number(server.database(), "SELECT COUNT(*) FROM measurement"), acknowledged.load());
}

TEST(ServerStart, RefusesWhatWouldBeUnsafeAndSaysSo) {
  const auto refused = [](const std::function<void(app::Config&)>& configure) -> std::string {
    TestServer::Options options;
    options.configure = configure;
    try {
      TestServer server(options);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(refused([](app::Config& c) { c.server.address = "0.0.0.0"; }), "") << "a non-loopback address without TLS";
  EXPECT_NE(refused([](app::Config& c) { c.database_url = "mysql://x"; }), "");
  EXPECT_NE(refused([](app::Config& c) { c.data_folder = "/nonexistent"; }), "");
  EXPECT_NE(refused([](app::Config& c) { c.server.tls_certificate = "/nonexistent.pem"; }), "");
}

TEST(ServerStart, MetricsAskForTheirTokenWhenThereIsOne) {
  const std::string file = testing::scratch_folder() + "/metrics-token";
  std::ofstream(file) << "a-token-of-sixteen-or-more\n";
  TestServer::Options options;
  options.configure = [&](app::Config& config) { config.metrics_token_file = file; };
  TestServer server(options);
  EXPECT_EQ(server.browser().get("/metrics").status, 401);
  EXPECT_EQ(server.browser().get("/metrics", {{"Authorization", "Bearer a-token-of-sixteen-or-more"}}).status, 200);
}

TEST(ServerStart, ARestartKeepsSessionsAndRows) {
  TestServer server;
  World w(server);
  const auto ann = w.patient("Ann").enrolled();
  const auto cookies = w.care_manager().cookies();
  server.restart();
  auto b = server.browser();
  b.cookies() = cookies;
  const auto summary = b.get("/api/v1/patients/" + ann.id("patient_id") + "/summary");
  ASSERT_EQ(summary.status, 200);
  EXPECT_EQ(Json(summary.body)["episode"]["state"].text(), "active");
  testing::expect_whole_audit_log(server.database());
}

}  // namespace
}  // namespace concord
