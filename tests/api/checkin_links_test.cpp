// Check-in links through the whole server: who is let in, what the audit log says, two devices at the same moment.
#include <gmock/gmock.h>

#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using ::testing::HasSubstr;
using testing::HttpClient;
using ::testing::Not;
using testing::number;
using testing::PatientChart;
using testing::WholeServerOnBoth;

class CheckInLinks : public WholeServerOnBoth {
 protected:
  static HttpClient::Headers form(const HttpClient& client) {
    return {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", client.origin()}};
  }
  static ClientResponse post(HttpClient& client, std::string_view target, std::string_view body = "") {
    return client.post(target, body, form(client));
  }
};
INSTANTIATE_TEST_SUITE_P(, CheckInLinks, ::testing::Values(db::Dialect::sqlite, db::Dialect::postgres), testing::dialect_name);

TEST_P(CheckInLinks, OpenTheirOwnCheckInAndNothingElse) {
  auto ann = world().patient("Ann").checked_in();
  HttpClient phone = server().browser();
  const auto landing = phone.get(ann.id("check_in_path"));
  EXPECT_EQ(landing.status, 200);
  EXPECT_EQ(landing.header("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(landing.header("content-security-policy"), HasSubstr("script-src 'self'"));
  EXPECT_THAT(landing.header("content-security-policy"), Not(HasSubstr("unsafe")));
  EXPECT_EQ(landing.header("referrer-policy"), "same-origin");
  EXPECT_EQ(landing.header("cache-control"), "no-store");
  EXPECT_FALSE(landing.has_header("set-cookie"));
  EXPECT_THAT(landing.body, Not(HasSubstr("Ann")));

  const auto started = post(phone, ann.id("check_in_path"), "language=en");
  EXPECT_EQ(started.status, 303);
  EXPECT_EQ(started.header("location"), "/c/now");
  EXPECT_THAT(started.header("set-cookie"), HasSubstr("HttpOnly; SameSite=Strict"));
  for (const auto* path : {"/api/v1/caseload", "/api/v1/account", "/api/v1/portal/home", "/api/v1/check-ins"})
    EXPECT_EQ(phone.get(path).status, 401) << path;
  EXPECT_EQ(world().care_manager().get("/c/now").status, 401) << "a staff session is no check-in";
}

TEST_P(CheckInLinks, AreNotAnsweredFromOtherSites) {
  auto ann = world().patient("Ann").checked_in();
  HttpClient phone = server().browser();
  const HttpClient::Headers foreign = {{"Content-Type", "application/x-www-form-urlencoded"},
                                       {"Origin", "https://elsewhere.example"}};
  const auto refused = phone.post(ann.id("check_in_path"), "language=en", foreign);
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("tel:988"));
  const auto plain =
      phone.post(ann.id("check_in_path"), "language=en", {{"Content-Type", "text/plain"}, {"Origin", phone.origin()}});
  EXPECT_GE(plain.status, 400);
  post(phone, ann.id("check_in_path"));
  const auto forged = phone.post("/c/q/1", "item=weekly-mood%2Fq1&value=7", foreign);
  EXPECT_EQ(forged.status, 403);
  EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM check_in_answer"), 0);
}

TEST_P(CheckInLinks, StandInTheAuditLogWithoutTheirSecret) {
  auto ann = world().patient("Ann").checked_in(true);
  EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM measurement WHERE mode = 'tablet' AND seen_at IS NULL"), 1);
  EXPECT_GE(number(server().database(), "SELECT COUNT(*) FROM audit_event WHERE role = 'form'"), 3);
  EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM audit_event WHERE detail LIKE '%/c/%'"), 0);
  const auto log = world().as("privacy_officer", world().north()).get("/api/v1/patients/" + ann.id("patient_id") + "/access-log");
  EXPECT_THAT(log.body, HasSubstr("checkin_pages.send"));
  EXPECT_THAT(log.body, Not(HasSubstr(ann.id("check_in_path").substr(3))));
}

TEST_P(CheckInLinks, AreSubmittedOnceByManyDevicesAtTheSameMoment) {
  auto ann = world().patient("Ann").checked_in();
  constexpr int kDevices = 6;
  std::vector<HttpClient> devices;
  for (int i = 0; i < kDevices; ++i) devices.push_back(server().browser());
  for (auto& device : devices) EXPECT_EQ(post(device, ann.id("check_in_path")).status, 303);
  std::vector<int> statuses(kDevices);
  testing::at_once(kDevices, [&](int i) {
    auto& device = devices[static_cast<std::size_t>(i)];
    post(device, "/c/q/1", "item=weekly-mood%2Fq1&value=" + std::to_string(i));
    statuses[static_cast<std::size_t>(i)] = post(device, "/c/check").status;
  });
  for (const int status : statuses) EXPECT_EQ(status, 303);
  EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM measurement WHERE instrument = 'weekly-mood'"), 1);
  EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM check_in WHERE state = 'submitted'"), 1);
  EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM check_in_answer"), 0);
}

TEST_P(CheckInLinks, GiveAPageToWhoeverIsNotLetIn) {
  HttpClient phone = server().browser();
  for (const auto* path : {"/c/AAAAAAAAAAAAAAAAAAAAAAAA", "/c/x", "/c/now", "/c/q/1", "/c/done", "/c/no/such/page"}) {
    const auto page = phone.get(path);
    EXPECT_GE(page.status, 400) << path;
    EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8") << path;
    EXPECT_THAT(page.body, HasSubstr("tel:988")) << path;
  }
  EXPECT_EQ(phone.get("/c/finished").status, 200);
  const auto spanish = phone.get("/c/now", {{"Accept-Language", "es-US,es;q=0.9"}});
  EXPECT_THAT(spanish.body, HasSubstr("<html lang=\"es\">"));
}

}  // namespace
}  // namespace concord
