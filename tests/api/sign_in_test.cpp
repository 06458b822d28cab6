// Signing in and out, and how long a session lives (security.md 2.2).
#include "identity/identity_store.h"
#include "identity/password.h"
#include "whole_server.h"

namespace concord {
namespace {

using namespace std::chrono_literals;
using testing::ClientResponse;
using testing::code_of;
using testing::credentials;
using testing::HttpClient;
using testing::Json;
using testing::kPassword;
using testing::telling;
using testing::TestServer;
using testing::World;

class SignIn : public testing::WholeServer {
 protected:
  HttpClient browser() {
    auto b = server.browser();
    b.set_header("Origin", b.origin());
    return b;
  }
  ClientResponse sign_in(std::string_view name, std::string_view password = kPassword) {
    auto b = browser();
    return b.post("/auth/sign-in", credentials(name, password));
  }
  void change(const std::function<void(db::Tx&)>& what) {
    ASSERT_TRUE(server.database().write([&](db::Tx& tx) -> Result<void> {
      what(tx);
      return {};
    }));
  }
};

TEST_F(SignIn, AnswersWhoOneIsAndWhatOneMayDo) {
  const auto answer = sign_in("care_manager.north");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json session(answer.body);
  EXPECT_EQ(session["user"]["id"].text(), w.user("care_manager", w.north()).text());
  EXPECT_EQ(session["organization"]["name"].text(), "Alder aldermark");
  ASSERT_EQ(session["sites"].size(), 1u);
  EXPECT_EQ(session["sites"][0]["id"].text(), w.north().id.text());
  EXPECT_EQ(session["today"][w.north().id.text()].text(), "2026-03-02");
  EXPECT_EQ(session["idle_timeout_seconds"].integer(), 900);
  EXPECT_GT(session["permissions"].size(), 10u);
  EXPECT_EQ(answer.body.find("hash"), std::string::npos);
  EXPECT_EQ(answer.header("cache-control"), "no-store");
}

TEST_F(SignIn, CookieIsForTheServerAlone) {
  const auto cookie = sign_in("care_manager.north").header("set-cookie");
  EXPECT_TRUE(cookie.starts_with("concord_session=")) << cookie;
  for (const auto* word : {"HttpOnly", "SameSite=Strict", "Path=/"}) EXPECT_NE(cookie.find(word), std::string::npos) << word;
  EXPECT_EQ(cookie.find("Domain"), std::string::npos);
  // 32 random bytes.
  EXPECT_GE(cookie.find(';') - cookie.find('='), 43u);
}

TEST_F(SignIn, BehindAProxyTheCookieIsSecureAndOfThisHostOnly) {
  TestServer::Options options;
  options.configure = [](app::Config& config) { config.server.behind_proxy = true; };
  TestServer proxied(options);
  World people(proxied);
  auto b = proxied.browser();
  const auto answer = b.post("/auth/sign-in", credentials("pcp.north"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto cookie = answer.header("set-cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-concord_session=")) << cookie;
  EXPECT_NE(cookie.find("; Secure"), std::string::npos) << cookie;
  EXPECT_EQ(b.get("/api/v1/account").status, 200);
  EXPECT_NE(b.get("/api/v1/account").header("strict-transport-security"), "");
}

TEST_F(SignIn, UnknownNameWrongPasswordAndDisabledPersonAnswerAlike) {
  change(
      [&](db::Tx& tx) { identity::disable_user(tx, w.north().organization, w.user("billing", w.north()), server.clock.now()); });
  const auto wrong = sign_in("care_manager.north", "not the password at all");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(code_of(wrong), "wrong_credentials");
  EXPECT_FALSE(wrong.has_header("set-cookie"));
  EXPECT_EQ(telling(sign_in("nobody.anywhere", "not the password at all")), telling(wrong));
  EXPECT_EQ(telling(sign_in("billing.north")), telling(wrong));
}

TEST_F(SignIn, NamesAreFoldedAndPasswordsAreNot) {
  EXPECT_EQ(sign_in("Care_Manager.NORTH").status, 200);
  std::string loud(kPassword);
  for (char& c : loud) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(sign_in("care_manager.north", loud).status, 401);
}

TEST_F(SignIn, MustWaitAfterThreeFailuresAndThenGetsIn) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(sign_in("pcp.north", "guess number " + std::to_string(i)).status, 401);
  const auto refused = sign_in("pcp.north");
  EXPECT_EQ(refused.status, 429) << "even the right password waits";
  EXPECT_NE(refused.header("retry-after"), "");
  EXPECT_EQ(sign_in("bh_specialist.north").status, 200) << "others do not wait";
  server.clock.advance(2s);
  EXPECT_EQ(sign_in("pcp.north").status, 200);
  EXPECT_EQ(sign_in("pcp.north", "a typing mistake").status, 401) << "success starts the count again";
  EXPECT_EQ(sign_in("pcp.north").status, 200);
}

TEST_F(SignIn, WaitsGrowWithEveryFailure) {
  std::vector<std::int64_t> waits;
  for (int failures = 1; failures <= 8; ++failures) {
    ASSERT_EQ(sign_in("pcp.north", "guess").status, 401);
    if (failures < 3) continue;
    const auto refused = sign_in("pcp.north", "guess");
    ASSERT_EQ(refused.status, 429);
    waits.push_back(std::stoll(refused.header("retry-after")));
    server.clock.advance(std::chrono::seconds(waits.back()));
  }
  ASSERT_EQ(waits.size(), 6u);
  for (std::size_t i = 1; i < waits.size(); ++i) EXPECT_GT(waits[i], waits[i - 1]);
}

TEST_F(SignIn, NobodyLearnsFromTheWaitsWhichNamesExist) {
  for (int i = 0; i < 8; ++i) {
    const auto known = sign_in("pcp.north", "guess"), unknown = sign_in("nobody.anywhere", "guess");
    ASSERT_EQ(telling(known), telling(unknown)) << "attempt " << i;
  }
  server.clock.advance(20min);
  EXPECT_EQ(telling(sign_in("pcp.north", "guess")), telling(sign_in("nobody.anywhere", "guess")));
}

TEST_F(SignIn, MisshapenRequestsSayWhatIsWrong) {
  auto b = browser();
  EXPECT_EQ(b.post("/auth/sign-in", "{").status, 400);
  const auto empty = b.post("/auth/sign-in", "{}");
  EXPECT_EQ(empty.status, 422);
  EXPECT_EQ(Json(empty.body)["issues"].size(), 2u);
  EXPECT_EQ(b.post("/auth/sign-in", R"({"sign_in_name":"a","password":"b","role":"admin"})").status, 422);
  EXPECT_EQ(b.get("/auth/sign-in").status, 405);
}

TEST_F(SignIn, SigningOutKillsTheTokenOnTheServer) {
  auto b = w.sign_in("care_manager.north");
  ASSERT_EQ(b.get("/api/v1/account").status, 200);
  const auto cookies = b.cookies();
  const auto out = b.post("/auth/sign-out");
  EXPECT_EQ(out.status, 204);
  EXPECT_NE(out.header("set-cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_NE(out.header("clear-site-data"), "");
  EXPECT_TRUE(b.cookies().empty());
  auto thief = browser();
  thief.cookies() = cookies;
  EXPECT_EQ(thief.get("/api/v1/account").status, 401);
  EXPECT_EQ(thief.get("/auth/session").status, 401);
}

TEST_F(SignIn, EverySignInMakesANewTokenAndEndsTheOneTheBrowserHad) {
  auto b = w.sign_in("care_manager.north");
  auto thief = browser();
  thief.cookies() = b.cookies();
  ASSERT_EQ(b.post("/auth/sign-in", credentials("care_manager.north")).status, 200);
  EXPECT_NE(b.cookies(), thief.cookies());
  EXPECT_EQ(b.get("/api/v1/account").status, 200);
  EXPECT_EQ(thief.get("/api/v1/account").status, 401);
  // A token that somebody planted before is not taken over.
  auto planted = browser();
  planted.cookies()["concord_session"] = "planted-token-planted-token-planted-token-pl";
  ASSERT_EQ(planted.post("/auth/sign-in", credentials("pcp.north")).status, 200);
  EXPECT_NE(planted.cookies()["concord_session"], "planted-token-planted-token-planted-token-pl");
}

TEST_F(SignIn, ForcedSignOutDisablingAndRoleChangesCountFromTheNextRequest) {
  auto b = w.sign_in("care_manager.north");
  change([&](db::Tx& tx) {
    identity::end_sessions(tx, w.north().organization, w.user("care_manager", w.north()), "", server.clock.now(), "forced");
  });
  EXPECT_EQ(b.get("/api/v1/account").status, 401);

  auto c = w.sign_in("pcp.north");
  ASSERT_EQ(c.get("/api/v1/patients").status, 200);
  change([&](db::Tx& tx) { identity::disable_user(tx, w.north().organization, w.user("pcp", w.north()), server.clock.now()); });
  EXPECT_EQ(c.get("/api/v1/patients").status, 401);
  EXPECT_EQ(sign_in("pcp.north").status, 401);

  auto d = w.sign_in("admin.north");
  ASSERT_EQ(d.get("/api/v1/patients").status, 403);
  change([&](db::Tx& tx) {
    identity::add_role(tx, w.north().organization, w.user("admin", w.north()), {"care_manager", w.north().id});
  });
  EXPECT_EQ(d.get("/api/v1/patients").status, 200) << "no grant is cached";
}

TEST_F(SignIn, SessionEndsAfterFifteenIdleMinutes) {
  auto b = w.sign_in("care_manager.north");
  for (int i = 0; i < 3; ++i) {
    server.clock.advance(14min);
    EXPECT_EQ(b.get("/api/v1/account").status, 200) << "every act starts the quarter of an hour again";
  }
  server.clock.advance(15min);
  const auto ended = b.get("/api/v1/account");
  EXPECT_EQ(ended.status, 401);
  EXPECT_EQ(code_of(ended), "not_signed_in");
  EXPECT_EQ(b.get("/auth/session").status, 401);
  EXPECT_EQ(b.post("/api/v1/patients", "{}").status, 401) << "before the body is looked at";
}

TEST_F(SignIn, BackgroundPollingDoesNotExtendASession) {
  auto b = w.sign_in("care_manager.north");
  for (int i = 0; i < 14; ++i) {
    server.clock.advance(1min);
    ASSERT_EQ(b.get("/api/v1/caseload", {{"X-Concord-Background", "1"}}).status, 200);
  }
  server.clock.advance(1min);
  EXPECT_EQ(b.get("/api/v1/caseload", {{"X-Concord-Background", "1"}}).status, 401);
}

TEST_F(SignIn, LookingAtTheSessionAndTheLiveStreamDoNotExtendIt) {
  auto b = w.sign_in("care_manager.north");
  server.clock.advance(14min);
  ASSERT_EQ(b.get("/auth/session").status, 200);
  ASSERT_EQ(b.open_stream("/api/v1/events").head.status, 200);
  server.clock.advance(1min);
  EXPECT_EQ(b.get("/api/v1/account").status, 401);
}

TEST_F(SignIn, SessionEndsAfterTwelveHoursHoweverBusy) {
  auto b = w.sign_in("care_manager.north");
  for (int i = 1; i < 72; ++i) {
    server.clock.advance(10min);
    ASSERT_EQ(b.get("/api/v1/account").status, 200) << i * 10 << " minutes";
  }
  server.clock.advance(10min);
  EXPECT_EQ(b.get("/api/v1/account").status, 401);
}

TEST_F(SignIn, NoParameterOrHeaderRevivesAnEndedSession) {
  auto b = w.sign_in("care_manager.north");
  server.clock.advance(16min);
  for (const auto* query :
       {"?skip_timeout_reset=1", "?background=1", "?user=care_manager.north", "?concord_session=x", "?as_of=2026-03-02"})
    EXPECT_EQ(b.get(std::string("/api/v1/caseload") + query).status, 401) << query;
  for (const auto* header : {"X-Concord-Background", "X-Forwarded-User", "X-Remote-User", "X-Concord-User"})
    EXPECT_EQ(b.get("/api/v1/caseload", {{header, "care_manager.north"}}).status, 401) << header;
}

TEST_F(SignIn, AnswersSayUntilWhenTheSessionLives) {
  auto b = w.sign_in("care_manager.north");
  server.clock.advance(5min);
  const auto polled =
      parse_instant(b.get("/api/v1/account", {{"X-Concord-Background", "1"}}).header("x-concord-session-expires"));
  ASSERT_TRUE(polled);
  EXPECT_EQ(*polled, TestServer::start_time() + 15min);
  const auto acted = parse_instant(b.get("/api/v1/account").header("x-concord-session-expires"));
  ASSERT_TRUE(acted);
  EXPECT_GT(*acted, *polled);
  EXPECT_LE(*acted, server.clock.now() + 15min);
}

TEST_F(SignIn, ANewPasswordEndsTheOtherSessionsOnly) {
  auto here = w.sign_in("care_manager.north"), elsewhere = w.sign_in("care_manager.north");
  const std::string fresh = "seven loud geese leave the harbour";
  const auto body = [](std::string_view current, std::string_view wanted) {
    return "{\"current_password\":\"" + std::string(current) + "\",\"new_password\":\"" + std::string(wanted) + "\"}";
  };
  EXPECT_EQ(here.post("/auth/password", body("wrong", fresh)).status, 422);
  EXPECT_EQ(here.post("/auth/password", body(kPassword, "short")).status, 422);
  EXPECT_EQ(here.post("/auth/password", body(kPassword, "care_manager.north Alder aldermark")).status, 422);
  EXPECT_EQ(here.post("/auth/password", body(kPassword, fresh)).status, 204);
  EXPECT_EQ(here.get("/api/v1/account").status, 200);
  EXPECT_EQ(elsewhere.get("/api/v1/account").status, 401);
  EXPECT_EQ(sign_in("care_manager.north").status, 401);
  EXPECT_EQ(sign_in("care_manager.north", fresh).status, 200);
}

TEST_F(SignIn, ServiceKeyWorksUntilItIsRevokedAndHasNoSession) {
  auto machine = server.browser();
  machine.set_header("Authorization", "Bearer " + w.north().service_key);
  EXPECT_EQ(machine.get("/api/v1/caseload").status, 200);
  EXPECT_EQ(machine.get("/auth/session").status, 401);
  auto wrong = server.browser();
  wrong.set_header("Authorization", "Bearer " + w.north().service_key + "x");
  EXPECT_EQ(wrong.get("/api/v1/caseload").status, 401);
  wrong.set_header("Authorization", "Basic " + w.north().service_key);
  EXPECT_EQ(wrong.get("/api/v1/caseload").status, 401);
  change([&](db::Tx& tx) {
    EXPECT_TRUE(identity::revoke_service_key(tx, w.north().organization, "machine aldermark", server.clock.now()));
  });
  EXPECT_EQ(machine.get("/api/v1/caseload").status, 401);
}

TEST_F(SignIn, EverySignInIsAuditedWithItsResult) {
  const auto count = [&](std::string_view result) {
    return testing::number(server.database(), "SELECT COUNT(*) FROM audit_event WHERE action = 'auth.sign-in' AND result = '" +
                                                  std::string(result) + "'");
  };
  sign_in("care_manager.north");
  sign_in("care_manager.north", "wrong");
  sign_in("nobody.anywhere", "wrong");
  EXPECT_EQ(count("ok"), 1);
  EXPECT_EQ(count("wrong_credentials"), 2);
  for (int i = 0; i < 3; ++i) sign_in("care_manager.north", "wrong");
  EXPECT_GE(count("too_many_requests"), 1);
}

}  // namespace
}  // namespace concord
