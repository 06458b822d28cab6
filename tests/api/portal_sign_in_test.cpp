// Signing in to the portal through the real interface: invitations, codes, an authenticator app, sessions, step-up, and what
// strangers find out. What would be mailed is taken from where the demo shows it.
#include <gtest/gtest.h>

#include <mutex>
#include <optional>

#include "portal/accounts_store.h"
#include "portal/totp.h"
#include "portal/webauthn.h"
#include "support/authenticator.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::code_of;
using testing::HttpClient;
using testing::Json;
using testing::TestServer;
using testing::World;

class PortalSignIn : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override {
    if (!testing::can_use(GetParam())) GTEST_SKIP();
    TestServer::Options options;
    options.dialect = GetParam();
    options.configure = [this](app::Config& config) {
      config.portal.show = [this](const std::string& address, const std::string& text) {
        const std::lock_guard lock(mutex_);
        sent_.emplace_back(address, text);
      };
    };
    server_ = std::make_unique<TestServer>(std::move(options));
    world_ = std::make_unique<World>(*server_);
  }
  void TearDown() override {
    if (server_) testing::expect_whole_audit_log(server_->database());
  }
  World& w() { return *world_; }
  TestServer& server() { return *server_; }
  HttpClient browser() {
    auto made = server_->browser();
    made.set_header("Origin", made.origin());
    return made;
  }
  /// The last thing sent there; waits for it, because a code leaves after its answer.
  std::string sent_to(const std::string& address, std::size_t at_least = 1) {
    std::string found;
    EXPECT_TRUE(testing::eventually([&] {
      const std::lock_guard lock(mutex_);
      std::size_t count = 0;
      for (const auto& [to, text] : sent_)
        if (to == address) {
          ++count;
          found = text;
        }
      return count >= at_least;
    })) << "nothing was sent to "
        << address;
    return found;
  }
  std::size_t all_sent() {
    const std::lock_guard lock(mutex_);
    return sent_.size();
  }
  static std::string secret_of(const std::string& link) { return link.substr(link.find('#') + 1); }
  std::string birth_date(const testing::PatientChart& chart) {
    return Json(w().care_manager().get("/api/v1/patients/" + chart.id("patient_id")).body)["birth_date"].text();
  }
  testing::ClientResponse enter(HttpClient& b, const std::string& name, std::size_t nth) {
    EXPECT_EQ(b.post("/auth/portal/code", R"({"name":")" + name + "\"}").status, 202);
    return b.post("/auth/portal/code/verify", R"({"code":")" + sent_to(name, nth) + "\"}");
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> sent_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<World> world_;
};
INSTANTIATE_TEST_SUITE_P(Databases, PortalSignIn, ::testing::Values(db::Dialect::sqlite, db::Dialect::postgres),
                         [](const auto& parameter) { return parameter.param == db::Dialect::sqlite ? "sqlite" : "postgres"; });

TEST_P(PortalSignIn, AnInvitationBecomesAnAccountWithTheBirthDateAndACode) {
  auto ann = w().patient("Ann").with_mail();
  const std::string mail = ann.id("mail");
  const std::string of_ann = "/api/v1/patients/" + ann.id("patient_id");
  auto& hands = w().care_manager();
  EXPECT_EQ(Json(hands.get(of_ann + "/portal").body)["can_invite"]["channels"][0].text(), "mail");
  ASSERT_EQ(hands.post(of_ann + "/portal-invitations", R"({"channel":"sms"})").status, 422) << "the number cannot be read";
  const auto made = hands.post(of_ann + "/portal-invitations", R"({"channel":"mail"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body.find("portal/i"), std::string::npos) << "staff never see the link";
  const std::string token = secret_of(sent_to(mail));
  auto b = browser();
  const std::string with_token = R"({"token":")" + token + "\"";
  for (int i = 0; i < 20; ++i)  // scanners open links; this one is opened by its page, and reading changes nothing
    ASSERT_EQ(b.post("/auth/portal/invitation", with_token + "}").status, 200);
  const auto open = b.post("/auth/portal/invitation", with_token + "}");
  EXPECT_EQ(open.body.find("Ann"), std::string::npos) << "says nothing about the patient: " << open.body;
  EXPECT_TRUE(Json(open.body)["asks_birth_date"].boolean());
  EXPECT_EQ(b.post("/auth/portal/invitation/confirm", with_token + R"(,"channel":"mail"})").status, 422);
  EXPECT_EQ(b.post("/auth/portal/invitation/confirm", with_token + R"(,"channel":"mail","birth_date":"1949-01-01"})").status,
            422);
  EXPECT_EQ(Json(hands.get(of_ann + "/portal").body)["invitations"][0]["tries_left"].integer(), 3);
  const auto asked =
      b.post("/auth/portal/invitation/confirm", with_token + R"(,"channel":"mail","birth_date":")" + birth_date(ann) + "\"}");
  ASSERT_EQ(asked.status, 202) << asked.body;
  const std::string code = sent_to(mail, 2);
  EXPECT_EQ(code.size(), 8U);
  auto stranger = browser();
  EXPECT_EQ(stranger.post("/auth/portal/code/verify", R"({"code":")" + code + "\"}").status, 401) << "another browser";
  const auto in = b.post("/auth/portal/code/verify", R"({"code":")" + code.substr(0, 4) + " " + code.substr(4) + "\"}");
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(Json(in.body)["acting"]["kind"].text(), "self");
  EXPECT_EQ(Json(in.body)["acting"]["patient"]["given_name"].text(), "Ann");
  EXPECT_EQ(b.get("/auth/portal/session").status, 200);
  EXPECT_EQ(b.get("/api/v1/portal/accesses").status, 200);
  EXPECT_EQ(b.post("/auth/portal/invitation", with_token + "}").status, 404) << "a link makes one account";
  EXPECT_EQ(hands.post(of_ann + "/portal-invitations", R"({"channel":"mail"})").status, 409) << "has one";
  const auto state = Json(hands.get(of_ann + "/portal").body);
  EXPECT_EQ(state["account"]["state"].text(), "active");
  EXPECT_EQ(state["invitations"][0]["state"].text(), "accepted");
  // Staff and portal do not open each other's doors.
  EXPECT_EQ(b.get(of_ann).status, 401);
  EXPECT_EQ(hands.get("/api/v1/portal/accesses").status, 401);
  // Staff end it: the next request is refused.
  EXPECT_EQ(hands.post(of_ann + "/portal/end", R"({"reason":"asked for it"})").status, 200);
  EXPECT_EQ(b.get("/api/v1/portal/accesses").status, 401);
  EXPECT_EQ(b.get("/auth/portal/session").status, 401);
  EXPECT_EQ(hands.post(of_ann + "/portal/end", R"({"reason":"again"})").status, 404);
  EXPECT_EQ(hands.post(of_ann + "/portal-invitations", R"({"channel":"mail"})").status, 201) << "may be invited again";
}

TEST_P(PortalSignIn, FiveWrongBirthDatesEndAnInvitation) {
  auto ann = w().patient("Ann").with_mail();
  ASSERT_EQ(
      w().care_manager().post("/api/v1/patients/" + ann.id("patient_id") + "/portal-invitations", R"({"channel":"mail"})").status,
      201);
  const std::string token = secret_of(sent_to(ann.id("mail")));
  auto b = browser();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(b.post("/auth/portal/invitation/confirm",
                     R"({"token":")" + token + R"(","channel":"mail","birth_date":"1901-01-0)" + std::to_string(i + 1) + "\"}")
                  .status,
              422);
  EXPECT_EQ(b.post("/auth/portal/invitation/confirm",
                   R"({"token":")" + token + R"(","channel":"mail","birth_date":")" + birth_date(ann) + "\"}")
                .status,
            404);
  EXPECT_EQ(b.post("/auth/portal/invitation", R"({"token":")" + token + "\"}").status, 404);
}

TEST_P(PortalSignIn, LinksEndAfterAWeekAndWhenStaffSaySo) {
  auto ann = w().patient("Ann").with_mail();
  const std::string of_ann = "/api/v1/patients/" + ann.id("patient_id");
  auto b = browser();
  const auto opens = [&](const std::string& token) {
    return b.post("/auth/portal/invitation", R"({"token":")" + token + "\"}").status;
  };
  ASSERT_EQ(w().care_manager().post(of_ann + "/portal-invitations", R"({"channel":"mail"})").status, 201);
  const auto first = secret_of(sent_to(ann.id("mail"), 1));
  const auto again = w().care_manager().post(of_ann + "/portal-invitations", R"({"channel":"mail"})");
  ASSERT_EQ(again.status, 201);
  const auto second = secret_of(sent_to(ann.id("mail"), 2));
  EXPECT_EQ(opens(first), 404) << "the newer one took its place";
  EXPECT_EQ(opens(second), 200);
  EXPECT_EQ(w().care_manager()
                .post(of_ann + "/portal-invitations/" + Json(again.body)["id"].text() + "/end", R"({"reason":"wrong person"})")
                .status,
            200);
  EXPECT_EQ(opens(second), 404);
  ASSERT_EQ(w().care_manager().post(of_ann + "/portal-invitations", R"({"channel":"mail"})").status, 201);
  const auto third = secret_of(sent_to(ann.id("mail"), 3));
  server().clock.advance(std::chrono::hours(24 * 7) - std::chrono::seconds(1));
  EXPECT_EQ(opens(third), 200);
  server().clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(opens(third), 404);
  EXPECT_EQ(opens("no-such-secret"), 404);
}

TEST_P(PortalSignIn, ACodeIsForOneBrowserTenMinutesFiveTriesAndOnce) {
  auto ann = w().patient("Ann").with_mail();
  w().portal(ann);
  const std::string mail = ann.id("mail"), ask = R"({"name":")" + mail + "\"}";
  const auto verify = [](HttpClient& b, const std::string& code) {
    return b.post("/auth/portal/code/verify", R"({"code":")" + code + "\"}").status;
  };
  auto a = browser();
  ASSERT_EQ(a.post("/auth/portal/code", ask).status, 202);
  const auto code = sent_to(mail, 1);
  auto other = browser();
  ASSERT_EQ(other.post("/auth/portal/code", ask).status, 202);
  sent_to(mail, 2);
  EXPECT_EQ(verify(other, code), 401) << "sent for another browser";
  for (int i = 0; i < 4; ++i) EXPECT_EQ(verify(a, "00000000"), 401);
  EXPECT_EQ(verify(a, code), 200) << "the fifth try still counts";
  auto copy = browser();
  copy.cookies() = a.cookies();
  EXPECT_EQ(verify(copy, code), 401) << "used";
  auto late = browser();
  ASSERT_EQ(late.post("/auth/portal/code", ask).status, 202);
  const auto third = sent_to(mail, 3);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(verify(late, "00000000"), 401);
  EXPECT_EQ(verify(late, third), 401) << "five tries are all";
  auto slow = browser();
  ASSERT_EQ(slow.post("/auth/portal/code", ask).status, 202);
  const auto fourth = sent_to(mail, 4);
  server().clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(verify(slow, fourth), 401) << "ten minutes are over";
}

TEST_P(PortalSignIn, ThePortalOpensBeforeAnybodyOfTheStaffHasComeIn) {
  auto ann = w().patient("Ann").with_mail();
  w().portal(ann);
  auto there = w().trusted(ann, {"goals"});
  server().restart();  // a process that has met no site yet
  auto b = browser();
  ASSERT_EQ(enter(b, ann.id("mail"), 1).status, 200);
  EXPECT_EQ(Json(b.get("/auth/portal/session").body)["clinic"]["time_zone"].text(), "America/New_York");
  EXPECT_EQ(b.get("/api/v1/portal/home").status, 200);
  server().restart();
  auto again = browser();
  again.cookies() = there.cookies();
  EXPECT_EQ(again.get("/api/v1/portal/goals").status, 200);
}

TEST_P(PortalSignIn, NobodyLearnsWhoHasAnAccountAndNobodyIsFlooded) {
  auto ann = w().patient("Ann").with_mail();
  w().portal(ann);
  auto b = browser();
  const auto known = b.post("/auth/portal/code", R"({"name":")" + ann.id("mail") + "\"}");
  auto c = browser();
  const auto unknown = c.post("/auth/portal/code", R"({"name":"nobody@example.org"})");
  EXPECT_EQ(known.status, unknown.status);
  EXPECT_EQ(known.body, unknown.body);
  EXPECT_EQ(known.count_header("set-cookie"), unknown.count_header("set-cookie"));
  sent_to(ann.id("mail"), 1);
  for (int i = 0; i < 30; ++i) {
    auto more = browser();
    EXPECT_EQ(more.post("/auth/portal/code", R"({"name":")" + ann.id("mail") + "\"}").status, 202);
  }
  // One after the other in the queue of writes: when the last has been decided, the sum is final.
  EXPECT_EQ(w().care_manager().get("/api/v1/account").status, 200);
  EXPECT_TRUE(testing::eventually([&] {
    return testing::number(server().database(), "SELECT COUNT(*) FROM audit_event WHERE action = 'auth.portal.code'") == 31;
  }));
  EXPECT_TRUE(testing::eventually([&] { return all_sent() >= 5; }));
  EXPECT_EQ(all_sent(), 5U) << "a network gets five codes of an account in an hour";
  server().clock.advance(std::chrono::minutes(61));
  EXPECT_EQ(enter(b, ann.id("mail"), 6).status, 200) << "and later the person comes in";
  auto wrong = browser();
  const auto a =
      wrong.post("/auth/portal/sign-in", R"({"name":")" + ann.id("mail") + R"(","password":"not this one","totp":"123456"})");
  const auto n = wrong.post("/auth/portal/sign-in", R"({"name":"nobody@example.org","password":"not this one","totp":"123456"})");
  EXPECT_EQ(a.status, 401);
  EXPECT_EQ(n.status, 401);
  EXPECT_EQ(code_of(a), code_of(n));
  EXPECT_EQ(wrong.post("/auth/portal/code", R"({"name":"no address"})").status, 422);
}

TEST_P(PortalSignIn, APasswordWorksOnlyWithAnAppAndEachCodeOnce) {
  auto ann = w().patient("Ann").with_mail();
  auto b = w().portal(ann);
  const std::string mail = ann.id("mail");
  EXPECT_EQ(b.post("/auth/portal/password", R"({"new_password":"blue teapot seven"})").status, 409) << "no app yet";
  const auto begun = b.post("/auth/portal/totp/begin", "{}");
  ASSERT_EQ(begun.status, 200) << begun.body;
  EXPECT_NE(Json(begun.body)["uri"].text().find("otpauth://totp/"), std::string::npos);
  const auto account = portal::AccountId(*Uuid::parse(ann.id("account_id")));
  const auto secret = server().database().read(
      [&](db::Tx& tx) { return portal::find_account(tx, ann.site().organization, account)->totp_candidate; });
  EXPECT_EQ(portal::base32(secret), Json(begun.body)["secret"].text());
  EXPECT_EQ(b.post("/auth/portal/totp/confirm", R"({"code":"000000"})").status, 422);
  EXPECT_EQ(b.post("/auth/portal/totp/confirm", R"({"code":")" + portal::totp_code(secret, server().clock.now()) + "\"}").status,
            204);
  EXPECT_EQ(b.post("/auth/portal/password", R"({"new_password":"password1"})").status, 422);
  EXPECT_EQ(b.post("/auth/portal/password", R"({"new_password":"blue teapot seven"})").status, 204);
  const auto with = [&](const std::string& password, const std::string& totp) {
    return R"({"name":")" + mail + R"(","password":")" + password + R"(","totp":")" + totp + "\"}";
  };
  auto again = browser();
  EXPECT_EQ(again.post("/auth/portal/sign-in", with("blue teapot seven", portal::totp_code(secret, server().clock.now()))).status,
            401)
      << "this code was used to set the app up";
  server().clock.advance(std::chrono::minutes(2));
  const auto code = portal::totp_code(secret, server().clock.now());
  EXPECT_EQ(again.post("/auth/portal/sign-in", with("something else", code)).status, 401);
  EXPECT_EQ(again.post("/auth/portal/sign-in", with("blue teapot seven", "000000")).status, 401);
  server().clock.advance(std::chrono::minutes(1));
  const auto fresh = portal::totp_code(secret, server().clock.now());
  EXPECT_EQ(again.post("/auth/portal/sign-in", with("blue teapot seven", fresh)).status, 200);
  auto third = browser();
  EXPECT_EQ(third.post("/auth/portal/sign-in", with("blue teapot seven", fresh)).status, 401) << "once";
  // A factor that goes ends every other session.
  EXPECT_EQ(again.post("/auth/portal/totp/remove", "{}").status, 204);
  EXPECT_EQ(b.get("/auth/portal/session").status, 401);
  EXPECT_FALSE(Json(again.get("/auth/portal/session").body)["account"]["has_password"].boolean())
      << "useless alone, so it is gone";
}

TEST_P(PortalSignIn, APasskeySignsInWithoutAnythingElse) {
  auto ann = w().patient("Ann").with_mail();
  auto b = w().portal(ann);
  const testing::Authenticator key;
  const std::string host = b.origin().substr(7), rp = host.substr(0, host.find(':'));
  const auto register_in = [&](HttpClient& browser, const std::string& challenge) {
    const auto client = testing::Authenticator::client("webauthn.create", challenge, browser.origin());
    return browser.post("/auth/portal/passkeys/finish", R"({"name":"phone","authenticator_data":")" +
                                                            portal::base64url(key.data(rp, 0x05, 1, true)) +
                                                            R"(","client_data_json":")" + portal::base64url(client) + "\"}");
  };
  const auto begun = b.post("/auth/portal/passkeys/begin", "{}");
  ASSERT_EQ(begun.status, 200) << begun.body;
  EXPECT_EQ(Json(begun.body)["rp"]["id"].text(), rp);
  EXPECT_EQ(register_in(b, "another-challenge").status, 422);
  EXPECT_EQ(register_in(b, Json(begun.body)["challenge"].text()).status, 409) << "a challenge is answered once";
  const auto made = register_in(b, Json(b.post("/auth/portal/passkeys/begin", "{}").body)["challenge"].text());
  ASSERT_EQ(made.status, 201) << made.body;
  const auto sign = [&](HttpClient& browser, const std::string& challenge, std::uint32_t count) {
    const auto client = testing::Authenticator::client("webauthn.get", challenge, browser.origin());
    const auto data = key.data(rp, 0x05, count, false);
    return browser.post("/auth/portal/passkey/finish",
                        R"({"credential_id":")" + portal::base64url("credential-id-16") + R"(","authenticator_data":")" +
                            portal::base64url(data) + R"(","client_data_json":")" + portal::base64url(client) +
                            R"(","signature":")" + portal::base64url(key.sign(data, client)) + "\"}");
  };
  const auto challenge_for = [](HttpClient& browser) {
    return Json(browser.post("/auth/portal/passkey/begin", "{}").body)["challenge"].text();
  };
  auto c = browser(), d = browser();
  const auto challenge = challenge_for(c);
  EXPECT_EQ(sign(d, challenge, 2).status, 401) << "the challenge is of another browser";
  const auto in = sign(c, challenge, 2);
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(Json(in.body)["method"].text(), "passkey");
  EXPECT_EQ(c.get("/api/v1/portal/record").status, 200) << "a passkey is a proof";
  EXPECT_EQ(sign(d, challenge_for(d), 2).status, 401) << "the counter did not move";
  EXPECT_EQ(c.post("/auth/portal/passkeys/remove", R"({"id":")" + Json(made.body)["id"].text() + "\"}").status, 204);
  EXPECT_EQ(sign(d, challenge_for(d), 9).status, 401);
}

TEST_P(PortalSignIn, AStrangerSlowsOnlyTheirOwnNetworkDown) {
  auto ann = w().patient("Ann").with_mail();
  w().portal(ann);
  auto stranger = browser();
  int waits = 0;
  for (int i = 0; i < 8; ++i)
    waits += stranger.post("/auth/portal/sign-in", R"({"name":")" + ann.id("mail") + R"(","password":"wrong","totp":"123456"})")
                         .status == 429
                 ? 1
                 : 0;
  EXPECT_GT(waits, 0);
  auto b = browser();
  EXPECT_EQ(enter(b, ann.id("mail"), 1).status, 200) << "a mailed code opens all the same";
}

TEST_P(PortalSignIn, SessionsEndIdleAndAfterTwelveHoursAndPollingDoesNotKeepThem) {
  auto ann = w().patient("Ann").with_mail();
  auto b = w().portal(ann);
  const auto look = [&](bool background) {
    return b
        .get("/api/v1/portal/accesses", background ? HttpClient::Headers{{"X-Concord-Background", "1"}} : HttpClient::Headers{})
        .status;
  };
  server().clock.advance(std::chrono::minutes(14));
  EXPECT_EQ(look(false), 200);
  server().clock.advance(std::chrono::minutes(14));
  EXPECT_EQ(look(true), 200);
  server().clock.advance(std::chrono::minutes(2));
  EXPECT_EQ(look(false), 401) << "the page asked, nobody did";
  b = w().portal(ann);
  for (int i = 0; i < 60; ++i) {
    server().clock.advance(std::chrono::minutes(12));
    const int status = look(false);
    ASSERT_EQ(status, i < 59 ? 200 : 401) << i;
  }
}

TEST_P(PortalSignIn, WhatMattersAsksOnceMoreWhoYouAre) {
  auto ann = w().patient("Ann").with_mail();
  auto b = w().portal(ann);
  const std::string invite = R"({"name":"Bo","channel":"mail","address":"bo@example.org","scopes":["goals"]})";
  server().clock.advance(std::chrono::minutes(11));
  EXPECT_EQ(code_of(b.get("/api/v1/portal/record")), "step_up_needed");
  EXPECT_EQ(code_of(b.post("/api/v1/portal/trusted-persons", invite)), "step_up_needed");
  EXPECT_EQ(code_of(b.post("/auth/portal/totp/begin", "{}")), "step_up_needed");
  const auto before = b.cookies()["concord_portal"];
  EXPECT_EQ(b.post("/auth/portal/code", "{}").status, 202) << "to one's own address";
  EXPECT_EQ(b.post("/auth/portal/code/verify", R"({"code":")" + sent_to(ann.id("mail")) + "\"}").status, 200);
  EXPECT_NE(b.cookies()["concord_portal"], before) << "rotated";
  EXPECT_EQ(b.get("/api/v1/portal/record").status, 200);
  EXPECT_EQ(b.post("/api/v1/portal/trusted-persons", invite).status, 201);
  auto old = browser();
  old.cookies()["concord_portal"] = before;
  EXPECT_EQ(old.get("/api/v1/portal/accesses").status, 401);
}

TEST_P(PortalSignIn, APersonWhomTwoTrustChoosesForWhomTheyAct) {
  auto ann = w().patient("Ann").with_mail(), ben = w().patient("Ben").with_mail();
  auto of_ann = w().portal(ann), of_ben = w().portal(ben);
  const auto invite = [&](HttpClient& b, const std::string& scopes) {
    const auto made =
        b.post("/api/v1/portal/trusted-persons",
               R"({"name":"Kim","relationship":"sister","channel":"mail","address":"kim@example.org","scopes":)" + scopes + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return Json(made.body)["id"].text();
  };
  const auto from_ann = invite(of_ann, R"(["goals"])");
  auto kim = browser();
  const auto accept = [&](std::size_t nth) {
    const auto token = secret_of(sent_to("kim@example.org", nth));
    const auto open = kim.post("/auth/portal/invitation", R"({"token":")" + token + "\"}");
    EXPECT_EQ(open.status, 200) << open.body;
    EXPECT_FALSE(Json(open.body)["asks_birth_date"].boolean());
    EXPECT_EQ(kim.post("/auth/portal/invitation/confirm", R"({"token":")" + token + R"(","channel":"mail"})").status, 202);
    const auto in = kim.post("/auth/portal/code/verify", R"({"code":")" + sent_to("kim@example.org", nth + 1) + "\"}");
    EXPECT_EQ(in.status, 200) << in.body;
    return Json(in.body);
  };
  auto session = accept(1);
  EXPECT_EQ(session["acting"]["grant_id"].text(), from_ann);
  EXPECT_EQ(session["acting"]["patient"]["given_name"].text(), "Ann");
  EXPECT_FALSE(session["acting"]["patient"]["birth_date"].exists());
  const auto from_ben = invite(of_ben, R"(["plan","scores"])");
  session = accept(3);
  EXPECT_EQ(session["acting"]["grant_id"].text(), from_ben);
  EXPECT_EQ(session["can_act_for"].size(), 2U);
  EXPECT_EQ(testing::number(server().database(), "SELECT COUNT(*) FROM portal_account WHERE patient_id IS NULL"), 1)
      << "one account, two grants";
  const auto turned = kim.post("/auth/portal/act-for", R"({"grant_id":")" + from_ann + "\"}");
  EXPECT_EQ(Json(turned.body)["acting"]["patient"]["given_name"].text(), "Ann");
  EXPECT_EQ(kim.post("/auth/portal/act-for", R"({"grant_id":null})").status, 404) << "no record of one's own";
  EXPECT_EQ(kim.post("/auth/portal/act-for", R"({"grant_id":"018f0000-0000-7000-8000-00000000dead"})").status, 404);
  // The patient sees that, and stops it with one tap.
  EXPECT_NE(of_ann.get("/api/v1/portal/accesses").body.find("\"trusted_person\""), std::string::npos);
  EXPECT_EQ(of_ann.post("/api/v1/portal/trusted-persons/" + from_ann + "/stop").status, 200);
  EXPECT_TRUE(Json(kim.get("/auth/portal/session").body)["acting"].is_null());
  EXPECT_EQ(kim.get("/api/v1/portal/accesses").status, 403);
  EXPECT_EQ(kim.post("/auth/portal/act-for", R"({"grant_id":")" + from_ben + "\"}").status, 200);
  EXPECT_EQ(of_ben.post("/api/v1/portal/trusted-persons/" + from_ann + "/stop").status, 404) << "not Ben's";
  EXPECT_EQ(kim.post("/api/v1/portal/trusted-persons/" + from_ben + "/stop").status, 200) << "a trusted person may stop as well";
  EXPECT_EQ(kim.get("/api/v1/portal/accesses").status, 403);
}

TEST_P(PortalSignIn, SharedContactPointsAreRefused) {
  auto ann = w().patient("Ann").with_mail();
  auto b = w().portal(ann);
  const auto invite = [&](const std::string& address) {
    return b
        .post("/api/v1/portal/trusted-persons",
              R"({"name":"Kim","channel":"mail","address":")" + address + R"(","scopes":["goals"]})")
        .status;
  };
  EXPECT_EQ(invite(ann.id("mail")), 422) << "one's own";
  EXPECT_EQ(invite("kim@example.org"), 201);
  EXPECT_EQ(invite("KIM@example.org"), 409) << "invited already";
  EXPECT_EQ(b.post("/auth/portal/contact", R"({"channel":"mail","address":"kim@example.org"})").status, 422);
  // A young person whose record holds the address of a parent who is trusted already.
  auto cleo = w().patient("Cleo");
  auto& hands = w().care_manager();
  const std::string of_cleo = "/api/v1/patients/" + cleo.id("patient_id");
  ASSERT_EQ(hands.patch(of_cleo, R"({"birth_date":"2011-05-05","email":"mother@example.org"})", {{"If-Match", "\"1\""}}).status,
            200);
  ASSERT_EQ(
      hands
          .post(
              of_cleo + "/trusted-persons",
              R"({"name":"Mother","kind":"guardian","channel":"mail","address":"mother@example.org","scopes":["appointments"],"wish":"Cleo agrees"})")
          .status,
      422)
      << "the same as on Cleo's own record";
  ASSERT_EQ(hands.patch(of_cleo, R"({"email":"cleo@example.org"})", {{"If-Match", "\"2\""}}).status, 200);
  ASSERT_EQ(
      hands
          .post(
              of_cleo + "/trusted-persons",
              R"({"name":"Mother","kind":"guardian","channel":"mail","address":"mother@example.org","scopes":["appointments"],"wish":"Cleo agrees"})")
          .status,
      201);
  ASSERT_EQ(hands.patch(of_cleo, R"({"email":"mother@example.org"})", {{"If-Match", "\"3\""}}).status, 200);
  EXPECT_EQ(hands.post(of_cleo + "/portal-invitations", R"({"channel":"mail"})").status, 422);
  EXPECT_EQ(Json(hands.get(of_cleo + "/portal").body)["can_invite"]["problem"].text(), "shared_address");
  // A child has no account; an adult no guardian.
  auto dot = w().patient("Dot");
  const std::string of_dot = "/api/v1/patients/" + dot.id("patient_id");
  ASSERT_EQ(hands.patch(of_dot, R"({"birth_date":"2017-05-05","email":"dot@example.org"})", {{"If-Match", "\"1\""}}).status, 200);
  EXPECT_EQ(hands.post(of_dot + "/portal-invitations", R"({"channel":"mail"})").status, 409);
  EXPECT_EQ(
      hands
          .post(
              "/api/v1/patients/" + ann.id("patient_id") + "/trusted-persons",
              R"({"name":"X","kind":"guardian","channel":"mail","address":"x@example.org","scopes":["goals"],"wish":"wants it"})")
          .status,
      422);
}

}  // namespace
}  // namespace concord
