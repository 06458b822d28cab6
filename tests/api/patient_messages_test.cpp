// Messages to patients through the whole program: a real mail server and a real gateway on loopback, the gateway's own calls
// with their signatures, a server that is killed while it sends, and the daily reminders.
#include "messaging/patient_messages.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "http/target.h"
#include "support/fake_servers.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::Json;
using testing::TestServer;
using testing::World;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kToken = "secret";
constexpr std::string_view kPublicUrl = "https://concord.example.org";

class PatientPost : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override {
    if (!testing::can_use(GetParam())) GTEST_SKIP() << "PostgreSQL is not installed";
    token_ = testing::scratch_folder() + "/post.token";
    std::ofstream(token_) << kToken << '\n';
  }
  TestServer::Options options() {
    TestServer::Options options;
    options.dialect = GetParam();
    options.works_by_itself = false;
    options.configure = [this](app::Config& config) {
      config.messages.public_url = std::string(kPublicUrl);
      config.messages.smtp_url = "smtp://127.0.0.1:" + std::to_string(mail_.port());
      config.messages.smtp_from = "concord@example.org";
      config.messages.sms_url = "http://127.0.0.1:" + std::to_string(sms_.port());
      config.messages.sms_account = "AC0123";
      config.messages.sms_token_file = token_;
      config.messages.sms_from = "+15550100";
      config.messages.connections = 2;
    };
    return options;
  }
  static void run(TestServer& server) { server.application().housekeeping().run_due(); }
  /// Somebody with a number, a mail address and a care manager.
  static testing::PatientChart patient(World& w, const std::string& name, const std::string& phone, const std::string& mail) {
    auto chart = w.patient(name).enrolled("2026-01-05");
    const std::string path = "/api/v1/patients/" + chart.id("patient_id");
    const auto now = w.care_manager().get(path);
    const auto changed = w.care_manager().request(
        "PATCH", path, R"({"phone":")" + phone + R"(","email":")" + mail + R"(","preferred_channel":"sms"})",
        {{"If-Match", now.header("etag")}});
    EXPECT_EQ(changed.status, 200) << changed.body;
    return chart;
  }
  static std::string ask(World& w, const testing::PatientChart& chart) {
    const auto made = w.care_manager().post("/api/v1/patients/" + chart.id("patient_id") + "/check-ins",
                                            R"({"instruments":["phq-9"],"channel":"link"})");
    EXPECT_EQ(made.status, 201) << made.body;
    return Json(made.body)["id"].text();
  }
  /// The care manager in a new browser: sessions end overnight.
  static testing::HttpClient next_morning(TestServer& server) {
    auto browser = server.browser();
    browser.set_header("Origin", browser.origin());
    const auto answer = browser.post("/auth/sign-in", testing::credentials("care_manager.north"));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return browser;
  }
  static Json messages(TestServer& server, const testing::PatientChart& chart) {
    return Json(next_morning(server).get("/api/v1/patients/" + chart.id("patient_id") + "/messages-out").body);
  }
  static Json messages(World& w, const testing::PatientChart& chart) {
    return Json(w.care_manager().get("/api/v1/patients/" + chart.id("patient_id") + "/messages-out").body);
  }
  /// What the gateway posts, signed with `token`.
  static testing::ClientResponse hook(TestServer& server, const std::string& target, const Fields& form,
                                      std::string_view token = kToken) {
    std::string body;
    for (const auto& [name, value] : form)
      body += (body.empty() ? "" : "&") + http::percent_encode(name) + "=" + http::percent_encode(value);
    return server.browser().post(
        target, body,
        {{"Content-Type", "application/x-www-form-urlencoded"},
         {"X-Twilio-Signature", messaging::gateway_signature(token, std::string(kPublicUrl) + target, form)}});
  }
  static std::string target_of(const std::string& url) { return url.substr(kPublicUrl.size()); }

  std::string token_;
  testing::FakeMailServer mail_;
  testing::FakeSmsGateway sms_;
};
INSTANTIATE_TEST_SUITE_P(Messages, PatientPost, ::testing::Values(db::Dialect::sqlite, db::Dialect::postgres),
                         [](const auto& which) { return which.param == db::Dialect::sqlite ? "sqlite" : "postgres"; });

TEST_P(PatientPost, ALinkArrivesOpensAndStopEndsIt) {
  TestServer server(options());
  World w(server);
  auto ann = patient(w, "Ann", "(555) 010-0123", "ann@example.org");
  ask(w, ann);
  run(server);
  ASSERT_EQ(sms_.received().size(), 1u);
  EXPECT_TRUE(mail_.received().empty()) << "one way only";
  const auto sms = sms_.received()[0];
  EXPECT_EQ(sms.to, "+15550100123");
  EXPECT_EQ(sms.text.find("Ann"), std::string::npos);
  const auto link = sms.text.find(kPublicUrl);
  ASSERT_NE(link, std::string::npos);
  const std::string path = target_of(sms.text.substr(link, sms.text.find(' ', link) - link));
  EXPECT_EQ(server.browser().get(path).status, 200);

  // The gateway could not deliver it, says so twice, and is believed once.
  const std::string status = target_of(sms.status_callback);
  EXPECT_EQ(hook(server, status, {{"MessageStatus", "undelivered"}, {"ErrorCode", "30003"}}).status, 200);
  EXPECT_EQ(hook(server, status, {{"MessageStatus", "undelivered"}, {"ErrorCode", "30003"}}).status, 200);
  EXPECT_EQ(messages(w, ann)["items"][0]["delivery"].text(), "undelivered");
  EXPECT_EQ(messages(w, ann)["items"][0]["why"].text(), "gateway 30003");
  EXPECT_EQ(messages(w, ann)["reach"]["channel"].text(), "mail") << "the number is doubted now";

  EXPECT_EQ(hook(server, "/hooks/sms/inbound", {{"From", "+15550100123"}, {"Body", "Stop."}}).status, 200);
  EXPECT_EQ(hook(server, "/hooks/sms/inbound", {{"From", "+15550100123"}, {"Body", "STOP"}}).status, 200);
  run(server);
  ASSERT_EQ(sms_.received().size(), 2u) << "one confirmation";
  EXPECT_NE(sms_.received()[1].text.find("no more texts"), std::string::npos);
  const Json wishes(w.care_manager().get("/api/v1/patients/" + ann.id("patient_id") + "/contact-preferences").body);
  EXPECT_EQ(wishes["addresses"]["sms"].text(), "stopped");
  EXPECT_FALSE(wishes["sms_stopped_by_reply_at"].is_null());
  ask(w, ann);
  run(server);
  ASSERT_EQ(mail_.received().size(), 1u);
  EXPECT_EQ(mail_.received()[0].to, "ann@example.org");
  EXPECT_EQ(sms_.received().size(), 2u);
  // The privacy officer can prove it.
  const auto log = w.as("privacy_officer", w.north()).get("/api/v1/patients/" + ann.id("patient_id") + "/access-log");
  EXPECT_NE(log.body.find("messages.stopped"), std::string::npos) << log.body;
  testing::expect_whole_audit_log(server.database());
}

TEST_P(PatientPost, OnlyTheGatewayIsHeard) {
  TestServer server(options());
  World w(server);
  auto ann = patient(w, "Ann", "+15550100123", "ann@example.org");
  const std::string inbound = "/hooks/sms/inbound";
  const Fields stop = {{"From", "+15550100123"}, {"Body", "STOP"}};
  EXPECT_EQ(hook(server, inbound, stop, "another token").status, 401);
  EXPECT_EQ(hook(server, inbound, stop, "").status, 401);
  EXPECT_EQ(server.browser()
                .post(inbound, "From=%2B15550100123&Body=STOP", {{"Content-Type", "application/x-www-form-urlencoded"}})
                .status,
            401);
  // The signature covers address and fields: nothing can be moved under it.
  const auto signature = messaging::gateway_signature(kToken, std::string(kPublicUrl) + inbound, stop);
  const testing::HttpClient::Headers headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                                {"X-Twilio-Signature", signature}};
  EXPECT_EQ(server.browser().post(inbound, "From=%2B15550100124&Body=STOP", headers).status, 401);
  EXPECT_EQ(server.browser().post(inbound + "?x=1", "From=%2B15550100123&Body=STOP", headers).status, 401);
  EXPECT_EQ(server.browser().post("/hooks/sms/status", "From=%2B15550100123&Body=STOP", headers).status, 401);
  EXPECT_EQ(server.browser().get(inbound).status, 405);
  EXPECT_EQ(w.care_manager()
                .post(inbound, "From=%2B15550100123&Body=STOP", {{"Content-Type", "application/x-www-form-urlencoded"}})
                .status,
            401)
      << "nor is somebody of the staff";
  const Json wishes(w.care_manager().get("/api/v1/patients/" + ann.id("patient_id") + "/contact-preferences").body);
  EXPECT_EQ(wishes["addresses"]["sms"].text(), "set");
  // What is signed and makes no sense changes nothing and breaks nothing.
  for (const Fields& form :
       {Fields{}, Fields{{"From", "CLINIC"}, {"Body", "STOP"}}, Fields{{"From", "+15550109999"}, {"Body", "\xF0\x9F\x99\x82"}},
        Fields{{"Body", std::string(10000, 'x')}}})
    EXPECT_EQ(hook(server, inbound, form).status, 200);
  EXPECT_EQ(hook(server, "/hooks/sms/status?organization=x&message=y", {{"MessageStatus", "failed"}}).status, 200);
  EXPECT_EQ(hook(server, "/hooks/sms/status?organization=" + w.north().organization.text() + "&message=" + ann.id("patient_id"),
                 {{"MessageStatus", "failed"}})
                .status,
            200);
}

TEST_P(PatientPost, WhenTheGatewayRefusesTheNumberTheMailGoes) {
  TestServer server(options());
  World w(server);
  auto ann = patient(w, "Ann", "+15550100123", "ann@example.org");
  sms_.answer_with(400);
  ask(w, ann);
  run(server);
  ASSERT_EQ(mail_.received().size(), 1u);
  const auto all = messages(w, ann);
  ASSERT_EQ(all["items"].size(), 2u);
  EXPECT_EQ(mail_.received()[0].text().find("Ann"), std::string::npos);
  auto& admin = w.as("admin", w.north());
  const auto dead = admin.get("/api/v1/messages?state=dead&to=patients");
  EXPECT_NE(dead.body.find("***0123"), std::string::npos);
  EXPECT_EQ(dead.body.find("5550100123"), std::string::npos) << "an administrator needs no number of a patient";
  EXPECT_EQ(admin.get("/api/v1/messages?state=dead&to=staff").body.find("checkins.asked"), std::string::npos);
}

TEST_P(PatientPost, ALinkAnsweredOnThePhoneMeanwhileIsNotSent) {
  auto at_night = options();
  at_night.at = *parse_instant("2026-03-03T03:00:00Z");  // 22:00 in New York
  TestServer server(at_night);
  World w(server);
  auto ann = patient(w, "Ann", "+15550100123", "ann@example.org");
  ask(w, ann);
  run(server);
  EXPECT_TRUE(sms_.received().empty()) << "quiet hours";
  const auto entered = w.care_manager().post("/api/v1/patients/" + ann.id("patient_id") + "/measurements",
                                             R"({"instrument":"phq-9","mode":"phone","answers":[1,1,1,1,1,1,1,1,0]})");
  ASSERT_EQ(entered.status, 201) << entered.body;
  server.clock.set(*parse_instant("2026-03-03T14:00:00Z"));
  run(server);
  EXPECT_TRUE(sms_.received().empty());
  const auto list = next_morning(server).get("/api/v1/patients/" + ann.id("patient_id") + "/messages-out");
  EXPECT_EQ(Json(list.body)["items"][0]["state"].text(), "cancelled") << list.body;
}

TEST_P(PatientPost, TheDayIsPlannedAtItsTimeAndLeavesAfterTheQuietHours) {
  auto early = options();
  early.at = *parse_instant("2026-03-02T12:30:00Z");  // 7:30 in New York
  TestServer server(early);
  World w(server);
  auto ann = patient(w, "Ann", "+15550100123", "ann@example.org");
  auto ben = w.patient("Ben").enrolled("2026-01-05");  // no address
  run(server);
  EXPECT_EQ(messages(server, ann)["items"].size(), 0u);
  server.clock.set(*parse_instant("2026-03-02T13:00:10Z"));
  run(server);
  ASSERT_EQ(messages(server, ann)["items"].size(), 1u)
      << "planned at 8:00; " << next_morning(server).get("/api/v1/patients/" + ann.id("patient_id") + "/reminders").body;
  EXPECT_TRUE(sms_.received().empty());
  EXPECT_NE(next_morning(server).get("/api/v1/patients/" + ben.id("patient_id") + "/tasks").body.find("No way to reach"),
            std::string::npos);
  server.clock.set(*parse_instant("2026-03-02T13:30:10Z"));
  run(server);
  EXPECT_EQ(messages(server, ann)["items"].size(), 1u) << "once a day";
  server.clock.set(*parse_instant("2026-03-02T14:00:00Z"));
  run(server);
  ASSERT_EQ(sms_.received().size(), 1u);
  const Json page(next_morning(server).get("/api/v1/patients/" + ann.id("patient_id") + "/reminders").body);
  EXPECT_EQ(page["recent"][0]["act"].text(), "check_in");
  EXPECT_EQ(
      Json(next_morning(server).get("/api/v1/patients/" + ann.id("patient_id") + "/check-ins").body)["items"][0]["why"].text(),
      "reminder");
  // Three days later the same check-in comes with a new link; the old one is dead.
  server.clock.set(*parse_instant("2026-03-05T14:00:10Z"));
  run(server);
  run(server);
  ASSERT_EQ(sms_.received().size(), 2u);
  EXPECT_NE(sms_.received()[1].text.find("still wait"), std::string::npos);
  EXPECT_EQ(Json(next_morning(server).get("/api/v1/patients/" + ann.id("patient_id") + "/check-ins").body)["items"].size(), 1u);
}

TEST_P(PatientPost, KilledWithTheGatewaysAnswerOnTheWayItIsSentAgainUnderTheSameKey) {
  std::unique_ptr<testing::FreshDatabase> fresh;
  std::string file, url;
  if (GetParam() == db::Dialect::postgres) {
    fresh = testing::fresh_database(GetParam());
    url = fresh->url();
  } else {
    file = testing::scratch_folder() + "/post.db";
    for (const char* ending : {"", "-wal", "-shm", "-writer"}) std::remove((file + ending).c_str());
    url = "sqlite:" + file;
  }
  pid_t child = 0;
  bool kill_on_message = false;
  sms_.before_answer = [&] {
    if (kill_on_message) ::kill(child, SIGKILL);
  };
  const auto life = [&](const char* at, const std::function<void(TestServer&)>& live) {
    std::fflush(nullptr);
    int go[2];
    EXPECT_EQ(::pipe(go), 0);
    child = ::fork();
    if (child == 0) {
      char byte = 0;
      [[maybe_unused]] const auto got = ::read(go[0], &byte, 1);  // the parent knows the number of this process by now
      auto with = options();
      with.database_url = url;
      with.at = *parse_instant(at);
      with.seed = static_cast<std::uint64_t>(with.at.time_since_epoch().count());
      try {
        TestServer server(with);
        live(server);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
      std::fflush(nullptr);
      ::_exit(HasFailure() ? 1 : 0);
    }
    [[maybe_unused]] const auto told = ::write(go[1], "x", 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(go[0]);
    ::close(go[1]);
    return WIFSIGNALED(status) ? "killed" : WEXITSTATUS(status) == 0 ? "ended" : "failed";
  };
  EXPECT_STREQ(life("2026-03-02T15:00:00Z",
                    [&](TestServer& server) {
                      World w(server);
                      auto ann = patient(w, "Ann", "+15550100123", "ann@example.org");
                      ask(w, ann);
                    }),
               "ended");
  kill_on_message = true;
  EXPECT_STREQ(life("2026-03-02T15:01:00Z", run), "killed");
  kill_on_message = false;
  ASSERT_EQ(sms_.received().size(), 1u);
  EXPECT_STREQ(life("2026-03-02T15:01:30Z", run), "ended") << "the lease of the dead one still holds";
  EXPECT_EQ(sms_.received().size(), 1u);
  EXPECT_STREQ(life("2026-03-02T15:03:00Z", run), "ended");
  ASSERT_EQ(sms_.received().size(), 2u) << "perhaps twice, never not at all";
  EXPECT_EQ(sms_.received()[0].idempotency_key, sms_.received()[1].idempotency_key) << "and the gateway can tell";
  EXPECT_EQ(sms_.received()[0].text, sms_.received()[1].text) << "with the link that works";
  EXPECT_STREQ(life("2026-03-02T15:30:00Z", run), "ended");
  EXPECT_EQ(sms_.received().size(), 2u);
  EXPECT_TRUE(mail_.received().empty()) << "nothing went the other way";
  fresh.reset();
  if (!file.empty())
    for (const char* ending : {"", "-wal", "-shm", "-writer"}) std::remove((file + ending).c_str());
}

}  // namespace
}  // namespace concord
