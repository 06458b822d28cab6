#include "messaging/patient_messages.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"

namespace concord::messaging {
namespace {

std::filesystem::path content() { return std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "messages"; }
Instant utc(const char* text) { return *parse_instant(text); }

TEST(QuietHours, HoldAMessageUntilTheMorningOfTheSite) {
  const QuietHours quiet;  // 20:00 to 09:00
  constexpr auto kZone = "America/New_York";
  EXPECT_EQ(not_before(utc("2026-01-15T17:00:00Z"), quiet, kZone), utc("2026-01-15T17:00:00Z")) << "noon";
  EXPECT_EQ(not_before(utc("2026-01-16T00:59:59Z"), quiet, kZone), utc("2026-01-16T00:59:59Z")) << "19:59:59";
  EXPECT_EQ(not_before(utc("2026-01-16T01:00:00Z"), quiet, kZone), utc("2026-01-16T14:00:00Z")) << "20:00 waits for 9:00";
  EXPECT_EQ(not_before(utc("2026-01-16T13:59:59Z"), quiet, kZone), utc("2026-01-16T14:00:00Z"));
  EXPECT_EQ(not_before(utc("2026-01-16T14:00:00Z"), quiet, kZone), utc("2026-01-16T14:00:00Z")) << "9:00 is over";
  EXPECT_EQ(not_before(utc("2026-01-16T01:00:00Z"), quiet, "America/Los_Angeles"), utc("2026-01-16T01:00:00Z")) << "17:00 there";
}

TEST(QuietHours, AreAnHourShorterOrLongerWhenTheClocksChange) {
  const QuietHours quiet;
  constexpr auto kZone = "America/New_York";
  EXPECT_EQ(not_before(utc("2026-03-08T02:00:00Z"), quiet, kZone), utc("2026-03-08T13:00:00Z")) << "21:00 EST until 9:00 EDT";
  EXPECT_EQ(not_before(utc("2026-11-01T01:00:00Z"), quiet, kZone), utc("2026-11-01T14:00:00Z")) << "21:00 EDT until 9:00 EST";
  const QuietHours until_the_gap{22 * 60, 2 * 60 + 30};
  EXPECT_EQ(not_before(utc("2026-03-08T06:30:00Z"), until_the_gap, kZone), utc("2026-03-08T07:30:00Z"))
      << "2:30 does not exist that night: an hour after the gap began";
  const QuietHours until_the_double{22 * 60, 60 + 30};
  EXPECT_EQ(not_before(utc("2026-11-01T05:10:00Z"), until_the_double, kZone), utc("2026-11-01T05:30:00Z")) << "the first 1:30";
  EXPECT_EQ(not_before(utc("2026-11-01T06:10:00Z"), until_the_double, kZone), utc("2026-11-01T06:10:00Z"))
      << "1:10 for the second time: they have ended once";
}

TEST(QuietHours, MayLieInsideADayOrNotBe) {
  constexpr auto kZone = "UTC";
  EXPECT_EQ(not_before(utc("2026-01-15T13:00:00Z"), {12 * 60, 14 * 60}, kZone), utc("2026-01-15T14:00:00Z"));
  EXPECT_EQ(not_before(utc("2026-01-15T14:00:00Z"), {12 * 60, 14 * 60}, kZone), utc("2026-01-15T14:00:00Z"));
  EXPECT_EQ(not_before(utc("2026-01-15T03:00:00Z"), {0, 0}, kZone), utc("2026-01-15T03:00:00Z"));
}

TEST(PhoneNumbers, AreWrittenOneWay) {
  EXPECT_EQ(normal_phone("(555) 010-0123"), "+15550100123");
  EXPECT_EQ(normal_phone("1 555.010.0123"), "+15550100123");
  EXPECT_EQ(normal_phone(" +44 20 7946 0000 "), "+442079460000");
  EXPECT_EQ(normal_phone("555-0100"), std::nullopt);
  EXPECT_EQ(normal_phone("555 010 0123 ext 5"), std::nullopt) << "nobody reads a text there";
  EXPECT_EQ(normal_phone("44 20 7946 0000"), std::nullopt) << "a foreign number needs its +";
  EXPECT_EQ(normal_phone(""), std::nullopt);
}

struct WaysTest : ::testing::Test {
  Recipient recipient;
  Preference preference;
  AddressState mail, sms;
  bool mail_is_set_up = true, sms_is_set_up = true;
  WaysTest() {
    recipient.phone = "(555) 010-0123";
    recipient.mail = "ana@example.org";
  }
  std::string ways() const {
    const auto found = ways_to(recipient, preference, mail, sms, mail_is_set_up, sms_is_set_up);
    std::string out;
    for (const auto& way : found.ways) out += (out.empty() ? "" : " ") + std::string(name(way.channel));
    return out.empty() ? "none: " + found.why_not : out;
  }
};

TEST_F(WaysTest, FollowThePatientsWishAndKeepTheOtherInReserve) {
  EXPECT_EQ(ways(), "sms mail");
  recipient.preferred_channel = "email";
  EXPECT_EQ(ways(), "mail sms");
  recipient.preferred_channel = "portal";
  EXPECT_EQ(ways(), "mail sms");
  recipient.preferred_channel = "phone";
  EXPECT_EQ(ways(), "sms mail");
  preference.channel = "mail";
  EXPECT_EQ(ways(), "mail sms") << "what they said last wins over the demographics";
  preference.channel = "none";
  EXPECT_EQ(ways(), "none: wants_none");
}

TEST_F(WaysTest, NeverGoWhereStopWasSaid) {
  sms.stopped = true;
  EXPECT_EQ(ways(), "mail");
  preference.mail_stopped_at = Instant();
  EXPECT_EQ(ways(), "none: stopped");
  sms.stopped = false;
  preference.sms_stopped_at = Instant();
  EXPECT_EQ(ways(), "none: stopped");
}

TEST_F(WaysTest, GoLastWhereTheLastMessageCameBack) {
  sms.failing = true;
  EXPECT_EQ(ways(), "mail sms");
  recipient.mail = std::nullopt;
  EXPECT_EQ(ways(), "sms") << "the only one there is";
}

TEST_F(WaysTest, SayWhyThereIsNone) {
  recipient.mail = "no address";
  recipient.phone = "call the daughter";
  EXPECT_EQ(ways(), "none: no_address");
  recipient.phone = "+15550100123";
  sms_is_set_up = false;
  EXPECT_EQ(ways(), "none: not_set_up");
  recipient.deceased = true;
  EXPECT_EQ(ways(), "none: deceased");
}

TEST(Segments, AreCountedAsTheNetworkCountsThem) {
  EXPECT_EQ(sms_segments(std::string(160, 'a')), 1);
  EXPECT_EQ(sms_segments(std::string(161, 'a')), 2);
  EXPECT_EQ(sms_segments(std::string(306, 'a')), 2);
  EXPECT_EQ(sms_segments(std::string(307, 'a')), 3);
  EXPECT_EQ(sms_segments(std::string(159, 'a') + "€"), 2) << "the euro sign takes two";
  std::string spanish;
  for (int i = 0; i < 160; ++i) spanish += "ñ";
  EXPECT_EQ(sms_segments(spanish), 1) << "ñ is in the alphabet";
  EXPECT_EQ(sms_segments("más " + std::string(66, 'a')), 1) << "70 letters with an á";
  EXPECT_EQ(sms_segments("más " + std::string(67, 'a')), 2) << "71: á makes the whole message 16-bit";
}

TEST(ClinicNames, FitIntoAnSms) {
  EXPECT_EQ(clinic_for_sms("Maple Street"), "Maple Street");
  EXPECT_EQ(clinic_for_sms("Clínica Familiar Álamo"), "Clinica Familiar Alamo");
  EXPECT_EQ(clinic_for_sms("Riverside Community Health Center of the Northern Valley"), "Riverside Community Health");
  EXPECT_EQ(clinic_for_sms("李医生"), "Your clinic");
  EXPECT_EQ(sms_segments(clinic_for_sms("Peña & Søn")), 1);
}

TEST(PatientTexts, AllFitIntoOneSegmentAndNameTheClinicFirst) {
  const auto texts = load_patient_texts(content());
  ASSERT_TRUE(texts) << texts.error().issues.at(0).path << ": " << texts.error().issues.at(0).text;
  EXPECT_GE(texts->kinds.size(), 20u);
  for (const auto& [kind, one] : texts->kinds)
    for (const auto& [language, text] : one.texts) {
      EXPECT_TRUE(text.sms.starts_with("{clinic}: ")) << kind;
      EXPECT_EQ(sms_segments(fill(text.sms, std::string(kClinicLetters, 'c'), std::string(kLinkLetters, 'l'), "12345678")), 1)
          << kind << " " << language;
    }
  EXPECT_EQ(texts->of("no.such", "en"), nullptr);
  EXPECT_NE(texts->of("checkins.asked", "es-US")->sms, texts->of("checkins.asked", "en")->sms);
  EXPECT_EQ(texts->of("checkins.asked", "fr")->sms, texts->of("checkins.asked", "en")->sms);
}

TEST(PatientTexts, ThatGiveSomethingAwayAreRefused) {
  const auto folder = std::filesystem::temp_directory_path() / "concord-patient-texts";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto issues_of = [&](const std::string& sms, const std::string& more = "") {
    std::ofstream(folder / "patient.a.json")
        << R"({"kind":"patient.a","link":"page","review":{"es":"awaited"},)" << more
        << R"("texts":{"en":{"subject":"{clinic}: news","mail":"{clinic}: news {link}","sms":")" << sms
        << R"("},"es":{"subject":"{clinic}: algo","mail":"{clinic}: algo {link}",)"
        << R"("sms":"{clinic}: algo {link}"}}})";
    const auto loaded = load_patient_texts(folder);
    std::string out;
    if (!loaded)
      for (const auto& issue : loaded.error().issues) out += issue.path + " " + issue.text + "\n";
    return out;
  };
  EXPECT_EQ(issues_of("{clinic}: news {link}"), "");
  EXPECT_NE(issues_of("News from {clinic}: {link}").find("must begin with {clinic}"), std::string::npos);
  EXPECT_NE(issues_of("{clinic}: {name}, news {link}").find("no other variable"), std::string::npos);
  EXPECT_NE(issues_of("{clinic}: news").find("must hold {link}"), std::string::npos);
  EXPECT_NE(issues_of("{clinic}: your PHQ-9 waits {link}").find("phq"), std::string::npos);
  EXPECT_NE(issues_of("{clinic}: about your Depresión {link}").find("depresion"), std::string::npos);
  EXPECT_NE(issues_of("{clinic}: " + std::string(80, 'x') + " {link}").find("2 SMS segments"), std::string::npos);
  EXPECT_EQ(issues_of("{clinic}: " + std::string(80, 'x') + " {link}", R"("segments":{"en":2},)"), "");
  EXPECT_NE(issues_of("{clinic}: más {link}").find("outside the SMS alphabet"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Keywords, AreWholeMessagesInBothLanguages) {
  for (const char* stop : {"STOP", " stop. ", "Stop!", "ALTO", "baja", "Unsubscribe", "STOP ALL"})
    EXPECT_EQ(keyword_of(stop), Keyword::stop) << stop;
  for (const char* start : {"start", "Sí", "YES", "unstop"}) EXPECT_EQ(keyword_of(start), Keyword::start) << start;
  for (const char* help : {"HELP", "ayuda", "Info"}) EXPECT_EQ(keyword_of(help), Keyword::help) << help;
  for (const char* other : {"please stop hurting", "I need help now", "", "🙂", "no"})
    EXPECT_EQ(keyword_of(other), Keyword::none) << other;
}

TEST(Signatures, AreTheGatewaysOwn) {
  // The example in the gateway's documentation of request validation.
  const std::vector<std::pair<std::string, std::string>> form = {{"To", "+18005551212"},
                                                                 {"Digits", "1234"},
                                                                 {"CallSid", "CA1234567890ABCDE"},
                                                                 {"From", "+14158675309"},
                                                                 {"Caller", "+14158675309"}};
  const std::string url = "https://mycompany.com/myapp.php?foo=1&bar=2", good = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
  EXPECT_EQ(gateway_signature("12345", url, form), good);
  EXPECT_TRUE(is_signed("12345", url, form, good));
  EXPECT_FALSE(is_signed("12346", url, form, good));
  EXPECT_FALSE(is_signed("12345", url + "&x=1", form, good));
  EXPECT_FALSE(is_signed("12345", url, {}, good));
  EXPECT_FALSE(is_signed("12345", url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8"));
  EXPECT_FALSE(is_signed("12345", url, form, ""));
  EXPECT_FALSE(is_signed("", url, form, gateway_signature("", url, form))) << "without a token nothing is signed";
}

}  // namespace
}  // namespace concord::messaging
