#include "portal/accounts.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/zone.h"
#include "portal/confidentiality.h"
#include "portal/totp.h"
#include "portal/view.h"
#include "portal/webauthn.h"
#include "support/authenticator.h"

namespace concord::portal {
namespace {

constexpr std::string_view kZone = "America/New_York";

Instant at(std::string_view text) { return *parse_instant(text); }

Confidentiality shipped() {
  std::ifstream in(std::string(CONCORD_SOURCE_DIR) + "/rulesets/confidentiality-2026.json");
  std::stringstream text;
  text << in.rdbuf();
  return *load_confidentiality(text.str());
}

// ---- labels

TEST(Labels, EveryCombinationOfLabelsAndViewersFollowsTheOneRule) {
  const std::vector<std::string> labels = {"normal",           "part2",         "counseling_note", "adolescent_confidential",
                                           "staff_as_patient", "invented_later"};
  int seen = 0, hidden = 0;
  for (unsigned of_record = 0; of_record < 64; ++of_record)
    for (unsigned of_row = 0; of_row < 64; ++of_row)
      for (const bool self : {true, false})
        for (const bool part2 : {true, false})
          for (const bool is_private : {true, false}) {
            Viewer viewer;
            viewer.is_self = self;
            viewer.part2_agreed = part2;
            viewer.private_codes = {"instrument:audit", "instrument:phq-9"};
            std::string row;
            bool allowed = true;
            for (std::size_t i = 0; i < labels.size(); ++i) {
              if ((of_record >> i & 1) != 0) viewer.record_labels += labels[i] + " ";
              if ((of_row >> i & 1) != 0) row += " " + labels[i];
              if (((of_record | of_row) >> i & 1) == 0) continue;
              // The table of the rule, said a second time.
              if (labels[i] == "counseling_note" || labels[i] == "invented_later") allowed = false;
              if (labels[i] == "adolescent_confidential" && !self) allowed = false;
              if (labels[i] == "part2" && !self && !part2) allowed = false;
            }
            EXPECT_EQ(may_see(viewer, row), allowed) << viewer.record_labels << "/" << row;
            const std::string code = is_private ? "instrument:phq-9" : "instrument:psc-17";
            EXPECT_EQ(may_see(viewer, row, code), allowed && (self || !is_private)) << code;
            ++(allowed ? seen : hidden);
          }
  EXPECT_GT(seen, 100);
  EXPECT_GT(hidden, 10000);
}

TEST(Labels, SpacingAndOrderDoNotMatter) {
  Viewer viewer;
  EXPECT_TRUE(may_see(viewer, ""));
  EXPECT_TRUE(may_see(viewer, "  normal  normal "));
  EXPECT_FALSE(may_see(viewer, "normal  adolescent_confidential"));
  EXPECT_FALSE(may_see(viewer, "adolescent_confidential normal"));
  EXPECT_FALSE(may_see(viewer, "ADOLESCENT_CONFIDENTIAL")) << "a label that nobody knows hides";
}

TEST(Scopes, AnEmptySetIsNothingAndTheEmptyScopeIsThePatientsOnly) {
  Viewer other, self;
  self.is_self = true;
  other.scopes = {"", "goals", "everything"};
  for (const auto scope : kScopes) {
    EXPECT_TRUE(self.has(scope));
    EXPECT_EQ(other.has(scope), scope == "goals") << scope;
    EXPECT_FALSE(Viewer{}.has(scope));
  }
  EXPECT_TRUE(self.has(""));
  EXPECT_FALSE(other.has("")) << "even where somebody wrote an empty word";
  EXPECT_FALSE(other.has("everything")) << "what is no scope opens nothing";
}

TEST(Scopes, ActsAskForTheCallersKindAndScope) {
  Caller caller;
  caller.patient = Uuid{};
  caller.scopes = {"goals"};
  for (const auto kind : {ActorKind::user, ActorKind::service, ActorKind::system, ActorKind::form, ActorKind::gateway}) {
    caller.kind = kind;
    EXPECT_FALSE(require(caller, "goals")) << static_cast<int>(kind);
    EXPECT_FALSE(require_self(caller));
  }
  caller.kind = ActorKind::trusted_person;
  EXPECT_TRUE(require(caller, "goals"));
  EXPECT_FALSE(require(caller, "messages"));
  EXPECT_FALSE(require(caller, ""));
  EXPECT_FALSE(require_self(caller));
  EXPECT_EQ(on_behalf_by(caller), caller.user);
  caller.scopes.clear();
  EXPECT_FALSE(require(caller, "goals"));
  caller.kind = ActorKind::patient;
  EXPECT_TRUE(require(caller, "goals"));
  EXPECT_TRUE(require_self(caller));
  EXPECT_FALSE(on_behalf_by(caller));
  caller.patient.reset();
  EXPECT_FALSE(require(caller, "goals")) << "no record, no act";
}

// ---- ages

TEST(Confidentiality, AgesFollowTheRules) {
  const auto rules = shipped();
  const auto& program = rules.of("");
  const Date today = Date::ymd(2026, 3, 4);
  EXPECT_EQ(stage_of(Date::ymd(2014, 3, 5), today, program), Stage::child) << "twelve tomorrow";
  EXPECT_EQ(stage_of(Date::ymd(2014, 3, 4), today, program), Stage::adolescent);
  EXPECT_EQ(stage_of(Date::ymd(2008, 3, 5), today, program), Stage::adolescent);
  EXPECT_EQ(stage_of(Date::ymd(2008, 3, 4), today, program), Stage::adult);
  EXPECT_EQ(stage_of(std::nullopt, today, program), Stage::adolescent) << "no birth date gives no parent a look";
  EXPECT_TRUE(private_codes(Stage::adult, program).empty());
  const auto& kept = private_codes(Stage::adolescent, program);
  EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), "instrument:phq-9m"));
  EXPECT_FALSE(std::binary_search(kept.begin(), kept.end(), "instrument:psc-17")) << "parents fill that one in themselves";
  EXPECT_EQ(&rules.of("XX"), &rules.of("")) << "a state without its own rules has the program's";
  EXPECT_EQ(rules.of("CA").private_codes, program.private_codes) << "what a state does not say stays the program's";
}

TEST(Confidentiality, EverybodyIsAskedAgainOnTheBirthday) {
  AgeRules rules;
  EXPECT_FALSE(last_asking(Date::ymd(2014, 3, 5), Date::ymd(2027, 3, 4), rules));
  EXPECT_EQ(last_asking(Date::ymd(2014, 3, 5), Date::ymd(2027, 3, 5), rules), Date::ymd(2027, 3, 5));
  EXPECT_EQ(last_asking(Date::ymd(2008, 2, 29), Date::ymd(2026, 2, 28), rules), Date::ymd(2021, 3, 1));
  EXPECT_EQ(last_asking(Date::ymd(2008, 2, 29), Date::ymd(2026, 3, 1), rules), Date::ymd(2026, 3, 1));
}

TEST(Confidentiality, WrongRulesNameTheirPlace) {
  const auto wrong = load_confidentiality(
      R"({"name":"x","version":"1","default":{"source":"program default","ask_again":["x"],"private":["phq"]},"states":[{"state":"NEW","rules":{}}]})");
  ASSERT_FALSE(wrong);
  std::set<std::string> paths;
  for (const auto& issue : wrong.error().issues) paths.insert(issue.path);
  EXPECT_EQ(paths,
            (std::set<std::string>{"default.ask_again[0]", "default.private[0]", "states[0].state", "states[0].rules.source"}));
}

TEST(Grants, AreLiveOnlyBetweenAgreementAndEnd) {
  const AgeRules ages;
  Grant grant;
  grant.invited_at = grant.agreed_at = at("2026-01-10T15:00:00Z");
  grant.expires_at = at("2027-01-11T05:00:00Z");
  const Date adult = Date::ymd(1980, 1, 1);
  const auto now = at("2026-03-04T15:00:00Z");
  EXPECT_EQ(state_of(grant, adult, ages, kZone, now), "invited");
  grant.accepted_at = now;
  EXPECT_EQ(state_of(grant, adult, ages, kZone, now), "active");
  EXPECT_EQ(state_of(grant, adult, ages, kZone, grant.expires_at - std::chrono::microseconds(1)), "active");
  EXPECT_EQ(state_of(grant, adult, ages, kZone, grant.expires_at), "expired");
  // Thirteen on 5 March: from midnight at the clinic on, whoever was trusted before has to be agreed to again.
  const Date young = Date::ymd(2013, 3, 5);
  EXPECT_EQ(state_of(grant, young, ages, kZone, at("2026-03-05T04:59:59Z")), "active");
  EXPECT_EQ(state_of(grant, young, ages, kZone, at("2026-03-05T05:00:00Z")), "ask_again");
  grant.agreed_at = at("2026-03-05T05:00:00Z");
  EXPECT_EQ(state_of(grant, young, ages, kZone, at("2026-03-05T05:00:00Z")), "active");
  grant.kind = "guardian";
  EXPECT_EQ(state_of(grant, young, ages, kZone, now), "active");
  EXPECT_EQ(state_of(grant, adult, ages, kZone, now), "ask_again") << "an adult has no guardian";
  grant.ended_at = now;
  EXPECT_EQ(state_of(grant, young, ages, kZone, now), "ended");
}

TEST(Sessions, EndAfterAQuarterOfAnHourAndInAnyCaseAfterTwelve) {
  Session s;
  s.created_at = s.proved_at = s.last_active_at = at("2026-03-04T15:00:00Z");
  EXPECT_TRUE(is_live(s, at("2026-03-04T15:14:59Z")));
  EXPECT_FALSE(is_live(s, at("2026-03-04T15:15:00Z")));
  EXPECT_TRUE(is_proved(s, at("2026-03-04T15:09:59Z")));
  EXPECT_FALSE(is_proved(s, at("2026-03-04T15:10:00Z")));
  s.last_active_at = at("2026-03-05T02:59:00Z");
  EXPECT_TRUE(is_live(s, at("2026-03-05T02:59:59Z")));
  EXPECT_FALSE(is_live(s, at("2026-03-05T03:00:00Z")));
  s.ended_at = s.created_at;
  EXPECT_FALSE(is_live(s, s.created_at));
}

// ---- words people type

TEST(ContactPoints, AreReadAsPeopleTypeThem) {
  EXPECT_EQ(contact_point(" Ana@Example.org "), (ContactPoint{"mail", "Ana@Example.org"}));
  EXPECT_EQ(folded(*contact_point("Ana@Example.org")), "ana@example.org");
  EXPECT_EQ(contact_point("(555) 010-0123"), (ContactPoint{"sms", "+15550100123"}));
  for (const auto wrong : {"", "ana", "@example.org", "ana@", "ana@example", "a b@example.org", "a@b@example.org", "12"})
    EXPECT_FALSE(contact_point(wrong)) << wrong;
  EXPECT_EQ(masked({"mail", "ana@example.org"}), "a***@example.org");
  EXPECT_EQ(masked({"sms", "+15550100123"}), "***0123");
}

TEST(Codes, BlanksAndHyphensDoNotCount) {
  EXPECT_EQ(digits_of("1234 5678"), "12345678");
  EXPECT_EQ(digits_of("1234-5678 "), "12345678");
  EXPECT_EQ(digits_of("1234x5678"), "");
}

TEST(PortalPasswords, EightCharactersThatOthersDoNotGuess) {
  const auto wrong = [](std::string_view password) {
    return !check_portal_password(password, "Ana Ruiz", "Riverside Clinic").empty();
  };
  for (const auto p : {"short", "password", "Password1", "12345678", "aaaaaaaa", "abababab", "riverside1", "anaruiz12",
                       "qwertyui", "concord2026"})
    EXPECT_TRUE(wrong(p)) << p;
  for (const auto p : {"blue teapot", "correct horse battery", "wXk4!pq9z", "mañana lluvia"}) EXPECT_FALSE(wrong(p)) << p;
}

TEST(Networks, NeighboursAreOneNetwork) {
  EXPECT_EQ(network_of("192.0.2.7"), network_of("192.0.2.200"));
  EXPECT_NE(network_of("192.0.2.7"), network_of("192.0.3.7"));
  EXPECT_EQ(network_of("::ffff:192.0.2.7"), network_of("192.0.2.9"));
  EXPECT_EQ(network_of("2001:db8:1:2:3::1"), network_of("2001:db8:1:2:ffff::9"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
}

// ---- codes from an app

TEST(Totp, MakesTheCodesOfRfc6238) {
  const std::string secret = "12345678901234567890";  // appendix B, SHA-1; the last six digits of its eight
  EXPECT_EQ(totp_code(secret, Instant(std::chrono::seconds(59))), "287082");
  EXPECT_EQ(totp_code(secret, Instant(std::chrono::seconds(1111111109))), "081804");
  EXPECT_EQ(totp_code(secret, Instant(std::chrono::seconds(20000000000))), "353130");
  EXPECT_EQ(base32(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST(Totp, EachCodeWorksOnceAndOnlyAroundItsTime) {
  const std::string secret = new_totp_secret();
  const auto now = at("2026-03-04T15:00:10Z");
  const auto code = totp_code(secret, now);
  const auto step = totp_step_of(secret, code, now, 0);
  ASSERT_TRUE(step);
  EXPECT_FALSE(totp_step_of(secret, code, now, *step)) << "used";
  EXPECT_EQ(totp_step_of(secret, code, now + std::chrono::seconds(30), 0), step) << "clocks differ";
  EXPECT_FALSE(totp_step_of(secret, code, now + std::chrono::seconds(60), 0));
  EXPECT_FALSE(totp_step_of(secret, "", now, 0));
  EXPECT_FALSE(totp_step_of("", code, now, 0));
}

// ---- passkeys: an authenticator of our own

using testing::Authenticator;

class Passkeys : public ::testing::Test {
 protected:
  const Party party_{"clinic.example.org", "https://clinic.example.org"};
  const Authenticator authenticator_;
  Result<NewCredential> registration(std::string_view rp, unsigned char flags, std::string_view client) {
    return check_registration(party_, "chal", base64url(client), base64url(authenticator_.data(rp, flags, 1, true)));
  }
  bool assertion(std::string_view rp, unsigned char flags, std::uint32_t count, std::int64_t last, std::string_view client,
                 std::string_view signed_client = {}) {
    const auto made = registration(party_.id, 0x05, Authenticator::client("webauthn.create", "chal", party_.origin));
    const auto data = authenticator_.data(rp, flags, count, false);
    const auto signature = authenticator_.sign(data, signed_client.empty() ? client : signed_client);
    return check_assertion(party_, "chal", base64url(client), base64url(data), base64url(signature), made->algorithm,
                           made->public_key, last)
        .has_value();
  }
};

TEST_F(Passkeys, RegisterOnlyForThisSiteThisChallengeAndAVerifiedPerson) {
  const auto good = Authenticator::client("webauthn.create", "chal", party_.origin);
  const auto made = registration(party_.id, 0x05, good);
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->algorithm, -7);
  EXPECT_EQ(made->credential_id, base64url("credential-id-16"));
  EXPECT_FALSE(registration("evil.example.org", 0x05, good));
  EXPECT_FALSE(registration(party_.id, 0x01, good)) << "present, but not verified";
  EXPECT_FALSE(registration(party_.id, 0x05, Authenticator::client("webauthn.get", "chal", party_.origin)));
  EXPECT_FALSE(registration(party_.id, 0x05, Authenticator::client("webauthn.create", "other", party_.origin)));
  EXPECT_FALSE(
      registration(party_.id, 0x05, Authenticator::client("webauthn.create", "chal", "https://clinic.example.org.evil.com")));
  EXPECT_FALSE(registration(party_.id, 0x05, Authenticator::client("webauthn.create", "chal", party_.origin, true)));
  EXPECT_FALSE(registration(party_.id, 0x05, "not json"));
}

TEST_F(Passkeys, SignInOnlyWithWhatTheKeySigned) {
  const auto good = Authenticator::client("webauthn.get", "chal", party_.origin);
  EXPECT_TRUE(assertion(party_.id, 0x05, 2, 1, good));
  EXPECT_TRUE(assertion(party_.id, 0x05, 0, 0, good)) << "keys of a cloud have no counter";
  EXPECT_FALSE(assertion(party_.id, 0x05, 1, 1, good)) << "the counter did not move: a copy";
  EXPECT_FALSE(assertion("evil.example.org", 0x05, 2, 1, good));
  EXPECT_FALSE(assertion(party_.id, 0x01, 2, 1, good)) << "not verified";
  EXPECT_FALSE(assertion(party_.id, 0x04, 2, 1, good)) << "nobody present";
  EXPECT_FALSE(assertion(party_.id, 0x05, 2, 1, Authenticator::client("webauthn.get", "other", party_.origin)));
  EXPECT_FALSE(assertion(party_.id, 0x05, 2, 1, Authenticator::client("webauthn.create", "chal", party_.origin)));
  EXPECT_FALSE(assertion(party_.id, 0x05, 2, 1, good, good + " ")) << "signed something else";
}

TEST(Party, IsTheHostOfThePublicAddress) {
  EXPECT_EQ(party_of("https://Clinic.example.org:8443/x")->id, "clinic.example.org");
  EXPECT_EQ(party_of("https://Clinic.example.org:8443/x")->origin, "https://clinic.example.org:8443");
  EXPECT_FALSE(party_of("clinic"));
  EXPECT_FALSE(party_of("https://"));
}

}  // namespace
}  // namespace concord::portal
