// Item 9 is positive at 22:40. The first on call does not answer, the mail server is down for ten minutes, and the
// server is killed again and again: before it sent anything, while the gateway has an SMS and has not said so, holding
// the job that calls the second, and after the mail server took a mail. The second acknowledges, and the trail tells all
// of it. Real sockets, real processes, real SIGKILL; the clock is the test's own.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>

#include "jobs/queue.h"
#include "safety/hand_off.h"
#include "support/fake_servers.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::Json;
using testing::TestServer;
using testing::World;

class Night : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override {
    if (!testing::can_use(GetParam())) GTEST_SKIP() << "PostgreSQL is not installed";
    if (GetParam() == db::Dialect::postgres) {
      fresh_ = testing::fresh_database(GetParam());
      url_ = fresh_->url();
    } else {
      file_ = testing::scratch_folder() + "/night.db";
      remove_file();
      url_ = "sqlite:" + file_;
    }
    notes_ = testing::scratch_folder() + "/night.notes";
    token_ = testing::scratch_folder() + "/night.token";
    std::ofstream(token_) << "secret\n";
    // Whoever is in the middle of talking to it dies.
    const auto kill_child = [this] {
      if (kill_on_message_) ::kill(child_, SIGKILL);
    };
    mail_.before_answer = sms_.before_answer = kill_child;
  }
  void TearDown() override {
    fresh_.reset();
    remove_file();
  }
  void remove_file() {
    if (file_.empty()) return;
    for (const char* ending : {"", "-wal", "-shm", "-writer"}) std::remove((file_ + ending).c_str());
  }

  /// One life of the server, from `at` to its end, in a process of its own. True when it ended by itself.
  bool life(std::string_view at, const std::function<void(TestServer&)>& live) {
    std::fflush(nullptr);
    int go[2];
    EXPECT_EQ(::pipe(go), 0);
    child_ = ::fork();
    if (child_ == 0) {
      char byte = 0;
      [[maybe_unused]] const auto got = ::read(go[0], &byte, 1);  // the parent knows the number of this process by now
      {
        TestServer::Options options;
        options.dialect = GetParam();
        options.database_url = url_;
        options.works_by_itself = false;
        options.at = *parse_instant(at);
        options.seed = static_cast<std::uint64_t>(options.at.time_since_epoch().count());
        options.configure = [&](app::Config& config) {
          config.messages.public_url = "https://concord.example.org";
          config.messages.smtp_url = "smtp://127.0.0.1:" + std::to_string(mail_.port());
          config.messages.smtp_from = "concord@example.org";
          config.messages.sms_url = "http://127.0.0.1:" + std::to_string(sms_.port());
          config.messages.sms_account = "AC0123";
          config.messages.sms_token_file = token_;
          config.messages.sms_from = "+15550100";
        };
        try {
          TestServer server(options);
          live(server);
        } catch (const std::exception& error) {
          ADD_FAILURE() << error.what();
        }
      }
      std::fflush(nullptr);
      ::_exit(HasFailure() ? 1 : 0);
    }
    [[maybe_unused]] const auto told = ::write(go[1], "x", 1);
    int status = 0;
    ::waitpid(child_, &status, 0);
    ::close(go[0]);
    ::close(go[1]);
    if (WIFSIGNALED(status)) {
      EXPECT_EQ(WTERMSIG(status), SIGKILL);
      return false;
    }
    EXPECT_EQ(WEXITSTATUS(status), 0) << "the life that began at " << at << " found something wrong (above)";
    return true;
  }
  static void run(TestServer& server) { server.application().housekeeping().run_due(); }
  [[noreturn]] static void die() {
    std::fflush(nullptr);
    ::raise(SIGKILL);
    ::_exit(9);
  }
  static std::string version(const Json& event) { return '"' + std::to_string(event["version"].integer()) + '"'; }
  static testing::HttpClient sign_in(TestServer& server, std::string_view name) {
    auto browser = server.browser();
    browser.set_header("Origin", browser.origin());
    const auto answer = browser.post("/auth/sign-in", testing::credentials(name));
    if (answer.status != 200) throw std::runtime_error("signing in: " + answer.body);
    return browser;
  }

  std::unique_ptr<testing::FreshDatabase> fresh_;
  std::string file_, url_, notes_, token_;
  testing::FakeMailServer mail_;
  testing::FakeSmsGateway sms_;
  bool kill_on_message_ = false;
  pid_t child_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Safety, Night, ::testing::Values(db::Dialect::sqlite, db::Dialect::postgres),
                         [](const auto& which) { return which.param == db::Dialect::sqlite ? "sqlite" : "postgres"; });

TEST_P(Night, ThePositiveAnswerReachesTheSecondWhateverDies) {
  // Wednesday 4 March 2026, New York: 22:40 is 03:40 UTC of the next day.
  mail_.down();
  EXPECT_FALSE(life("2026-03-05T03:40:00Z", [&](TestServer& server) {
    World w(server);
    const auto on_call = [&](std::string_view role, int place) {
      const auto made = w.as("program_manager", w.north())
                            .post("/api/v1/sites/" + w.north().id.text() + "/on-call/shifts",
                                  R"({"rung":"on_call","user_id":")" + w.user(role, w.north()).text() + R"(","place":)" +
                                      std::to_string(place) + R"(,"from_date":"2026-03-01","starts":"17:00","ends":"08:00"})");
      ASSERT_EQ(made.status, 201) << made.body;
    };
    on_call("bh_specialist", 1);
    on_call("pcp", 2);
    const auto reach = [&](std::string_view role, const std::string& how) {
      const auto done = w.as(role, w.north()).request("PATCH", "/api/v1/account/contact", how, {{"If-Match", "\"0\""}});
      ASSERT_EQ(done.status, 200) << done.body;
    };
    reach("bh_specialist", R"({"mail":"first@example.org","phone":"+15550101"})");
    reach("pcp", R"({"mail":"second@example.org"})");
    auto ann = w.patient("Ann").enrolled("2026-01-05");
    // Filled in by Ann at home: what she answers is stored before anything else happens.
    const auto scored = w.care_manager().post("/api/v1/patients/" + ann.id("patient_id") + "/measurements",
                                              R"({"instrument":"phq-9","mode":"link","answers":[1,1,1,1,1,1,1,1,2]})");
    ASSERT_EQ(scored.status, 201) << scored.body;
    const Json open(w.care_manager().get("/api/v1/safety-events").body);
    ASSERT_EQ(open["items"].size(), 1u);
    std::ofstream(notes_) << ann.id("patient_id") << ' ' << open["items"][0]["id"].text() << '\n';
    die();  // before any message left
  })) << "killed";
  std::string patient, event;
  std::ifstream(notes_) >> patient >> event;
  ASSERT_FALSE(event.empty());
  const std::string path = "/api/v1/patients/" + patient + "/safety-events/" + event;

  kill_on_message_ = true;
  EXPECT_FALSE(life("2026-03-05T03:40:20Z", run)) << "killed by the gateway, which has the SMS";
  ASSERT_EQ(sms_.received().size(), 1u);
  kill_on_message_ = false;
  EXPECT_TRUE(life("2026-03-05T03:40:40Z", run)) << "the lease of the dead one still holds";
  EXPECT_EQ(sms_.received().size(), 1u);
  EXPECT_TRUE(life("2026-03-05T03:42:00Z", [&](TestServer& server) {
    run(server);
    run(server);
    // The operator can see it.
    auto admin = sign_in(server, "admin.north");
    EXPECT_NE(admin.get("/api/v1/notices").body.find("messages.failing"), std::string::npos);
    EXPECT_NE(admin.get("/api/v1/messages?state=retrying").body.find("first@example.org"), std::string::npos);
  }));
  ASSERT_EQ(sms_.received().size(), 2u) << "perhaps twice, never not at all";
  EXPECT_EQ(sms_.received()[0].idempotency_key, sms_.received()[1].idempotency_key) << "and the gateway can tell";
  EXPECT_EQ(sms_.received()[1].to, "+15550101");

  // Ten minutes without an answer. The mail server is back; the process that takes the job dies with it.
  mail_.up();
  EXPECT_FALSE(life("2026-03-05T03:50:00Z", [&](TestServer& server) {
    const std::vector<std::string> kinds = {std::string(safety::kEscalateJob)};
    const auto claimed = server.database().write([&](db::Tx& tx) -> Result<std::size_t> {
      return jobs::claim(tx, kinds, jobs::WorkerId(server.ids.next()), server.clock.now(), std::chrono::seconds(30), 8).size();
    });
    EXPECT_EQ(*claimed, 1u);
    die();
  })) << "killed";
  kill_on_message_ = true;
  EXPECT_FALSE(life("2026-03-05T03:50:31Z", run)) << "killed by the mail server, which has the mail";
  kill_on_message_ = false;
  EXPECT_TRUE(life("2026-03-05T03:52:31Z", run));
  const auto mails = mail_.received();
  // The first one's mail waited for the server: it is what the process died with, and it was sent again.
  std::map<std::string, std::vector<std::string>> ids;
  for (const auto& mail : mails) ids[mail.to].push_back(mail.header("Message-ID"));
  ASSERT_EQ(ids["first@example.org"].size(), 2u);
  EXPECT_EQ(ids["first@example.org"][0], ids["first@example.org"][1]) << "the same mail to whoever reads it";
  EXPECT_EQ(ids["second@example.org"].size(), 1u);
  for (const auto& mail : mails) EXPECT_EQ(mail.data.find("Ann"), std::string::npos) << "nothing personal leaves";

  EXPECT_TRUE(life("2026-03-05T03:53:00Z", [&](TestServer& server) {
    auto second = sign_in(server, "pcp.north");
    const Json notices(second.get("/api/v1/notices?unread=true").body);
    EXPECT_EQ(notices["items"][0]["kind"].text(), "safety.escalated");
    EXPECT_EQ(notices["items"][0]["object_id"].text(), event);
    const Json before(second.get(path).body);
    const auto taken = second.post(path + "/acknowledge", "{}", {{"If-Match", version(before)}});
    EXPECT_EQ(taken.status, 200) << taken.body;
    EXPECT_EQ(Json(sign_in(server, "bh_specialist.north").get("/api/v1/notices/unread").body)["urgent"].integer(), 0)
        << "the first one finds in the morning that it is in hand";
  }));
  const auto sent_by_then = mail_.received().size() + sms_.received().size();
  // Nobody is woken any more.
  for (const char* at : {"2026-03-05T04:00:31Z", "2026-03-05T04:30:00Z"}) EXPECT_TRUE(life(at, run));
  EXPECT_EQ(mail_.received().size() + sms_.received().size(), sent_by_then);

  EXPECT_TRUE(life("2026-03-05T04:31:00Z", [&](TestServer& server) {
    auto second = sign_in(server, "pcp.north");
    auto now = [&] { return Json(second.get(path).body); };
    EXPECT_EQ(
        second.post(path + "/close", R"({"level":"low","disposition":"spoke on the phone"})", {{"If-Match", version(now())}})
            .status,
        422)
        << "not without an assessment";
    const auto screened =
        second.post("/api/v1/patients/" + patient + "/measurements",
                    R"({"instrument":"c-ssrs-screener","mode":"phone","answers":{"q1":1,"q2":1,"q3":1,"q4":0,"q5":0,"q6":0}})");
    EXPECT_EQ(screened.status, 201) << screened.body;
    EXPECT_EQ(now()["state"].text(), "assessed") << "their screener is the assessment";
    EXPECT_EQ(now()["level"].text(), "moderate");
    EXPECT_EQ(second.post(path + "/actions", R"({"action":"means_safety"})", {{"If-Match", version(now())}}).status, 201);
    EXPECT_EQ(second.post(path + "/close", R"({"level":"low","disposition":"calm"})", {{"If-Match", version(now())}}).status, 422)
        << "nobody lowers a level alone";
    const auto closed = second.post(path + "/close", R"({"level":"moderate","disposition":"plan made; visit tomorrow"})",
                                    {{"If-Match", version(now())}});
    EXPECT_EQ(closed.status, 200) << closed.body;
    const Json whole(second.get(path).body);
    EXPECT_EQ(whole["minutes_to_acknowledge"].integer(), 13);
    EXPECT_EQ(whole["minutes_to_assessment"].integer(), 51);
    EXPECT_EQ(whole["reassess_date"].text(), "2026-03-18");
    std::string trail;
    for (std::size_t i = 0; i < whole["steps"].size(); ++i) {
      const auto step = whole["steps"][i];
      trail += step["at"].text().substr(11, 8) + " " + step["kind"].text();
      for (const char* who : {"by", "to"})
        if (step[who]["name"].exists()) trail += " " + step[who]["name"].text().substr(0, step[who]["name"].text().find(' '));
      if (!step["channel"].is_null()) trail += " " + step["channel"].text();
      trail += "\n";
    }
    EXPECT_EQ(trail,
              "03:40:00 signalled care_manager\n"
              "03:40:00 notified bh_specialist in_app\n"
              "03:40:00 notified bh_specialist sms\n"
              "03:40:00 notified bh_specialist mail\n"
              "03:40:20 not_delivered bh_specialist mail\n"
              "03:42:00 not_delivered bh_specialist mail\n"
              "03:42:00 delivered bh_specialist sms\n"
              "03:50:31 escalated pcp\n"
              "03:50:31 notified pcp in_app\n"
              "03:50:31 notified pcp mail\n"
              "03:52:31 delivered pcp mail\n"
              "03:52:31 delivered bh_specialist mail\n"
              "03:53:00 acknowledged pcp\n"
              "04:31:00 assessed pcp\n"
              "04:31:00 level pcp\n"
              "04:31:00 action pcp\n"
              "04:31:00 closed pcp\n");
    testing::expect_whole_audit_log(server.database());
  }));
}

}  // namespace
}  // namespace concord
