#include "messaging/messaging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "messaging/transport_curl.h"

namespace concord::messaging {
namespace {

using ::testing::HasSubstr;

class Folder {
 public:
  Folder() : path_(std::filesystem::path(::testing::TempDir()) / "concord-messages") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& kind, const std::string& mail) {
    const std::string text = R"({"notice":"N","subject":"S","mail":")" + mail + R"(","sms":"see {link}"})";
    std::ofstream(path_ / (kind + ".json")) << R"({"kind":")" << kind << R"(","review":{"es":"awaiting"},"texts":{"en":)" << text
                                            << R"(,"es":)" << text << "}}";
  }

 private:
  std::filesystem::path path_;
};

TEST(MessageTexts, ThoseThatShipAreGoodAndNameNobody) {
  const auto texts = load_texts(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "messages");
  ASSERT_TRUE(texts.has_value()) << (texts ? "" : texts.error().issues.at(0).path + " " + texts.error().issues.at(0).text);
  for (const char* kind : {"safety.signal", "safety.escalated", "safety.unassessed", "safety.unanswered",
                           "safety.step_down_asked", "safety.step_down_answered", "messages.failing", "messages.test", "general"})
    EXPECT_TRUE(texts->kinds.contains(kind)) << kind << ": the program uses it";
  // An SMS with its link (some 80 characters) must fit into three parts.
  for (const auto& [kind, languages] : texts->kinds)
    for (const auto& [language, text] : languages) EXPECT_LE(text.sms.size(), 300u) << kind << " " << language;
  EXPECT_NE(texts->of("safety.signal", "es").notice, texts->of("safety.signal", "en").notice);
  EXPECT_EQ(&texts->of("no.such.kind", "en"), &texts->of("general", "en")) << "better a general word than none";
  EXPECT_EQ(&texts->of("general", "fr"), &texts->of("general", "en"));
}

TEST(MessageTexts, AnythingButALinkIsRefused) {
  Folder folder;
  folder.write("general", "open {link}");
  EXPECT_TRUE(load_texts(folder.path()).has_value());
  folder.write("other", "{patient} waits: {link}");
  const auto refused = load_texts(folder.path());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::bad_file);
  EXPECT_EQ(refused.error().issues.at(0).path, "other.json: texts.en.mail");
  folder.write("other", "no way in");
  EXPECT_FALSE(load_texts(folder.path()).has_value());
}

TEST(MessageTexts, WithoutAGeneralTextNothingStarts) {
  Folder folder;
  folder.write("safety.signal", "open {link}");
  EXPECT_EQ(load_texts(folder.path()).error().issues.at(0).path, "general.json");
}

TEST(Addresses, HoldNothingThatCouldEndAHeaderLine) {
  EXPECT_TRUE(is_mail_address("dana@example.org"));
  for (const char* bad :
       {"", "dana", "@example.org", "dana@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b,c@d", "ñ@example.org"})
    EXPECT_FALSE(is_mail_address(bad)) << bad;
  EXPECT_TRUE(is_phone("+15550100"));
  for (const char* bad : {"", "15550100", "+1555010", "+1 555 0100", "+1555010a0", "+12345678901234567"})
    EXPECT_FALSE(is_phone(bad)) << bad;
}

TEST(Mail, SaysWhatAMailServerNeedsAndKeepsItsIdAtEveryAttempt) {
  Outgoing out;
  out.to = "dana@example.org";
  out.subject = "URGENTE: señal";
  out.text = "Una señal\nhttps://concord.example.org/notices/1\n";
  out.message_id = "018f0000-0000-7000-8000-000000000001";
  out.urgent = true;
  out.at = *parse_instant("2026-03-05T03:40:00Z");
  const auto mail = compose_mail(out, "concord@example.org");
  EXPECT_THAT(mail, HasSubstr("Date: Thu, 05 Mar 2026 03:40:00 +0000\r\n"));
  EXPECT_THAT(mail, HasSubstr("Message-ID: <018f0000-0000-7000-8000-000000000001@example.org>\r\n"));
  EXPECT_THAT(mail, HasSubstr("Subject: =?utf-8?B?VVJHRU5URTogc2XDsWFs?=\r\n"));
  EXPECT_THAT(mail, HasSubstr("Auto-Submitted: auto-generated\r\n"));
  EXPECT_THAT(mail, HasSubstr("Importance: high\r\n"));
  EXPECT_THAT(mail, ::testing::Not(HasSubstr("señal"))) << "seven bits on the wire";
  EXPECT_EQ(mail, compose_mail(out, "concord@example.org"));
}

TEST(Transports, RefuseSettingsThatWouldSendInTheOpen) {
  const auto path = [](const auto& made) { return made ? std::string("made") : made.error().issues.at(0).path; };
  MailSettings mail;
  mail.from = "concord@example.org";
  for (const char* url : {"http://mail.example.org", "smtp://user:secret@mail.example.org", "nonsense", ""}) {
    mail.url = url;
    EXPECT_EQ(path(make_mail_transport(mail)), "messages.smtp_url") << url;
  }
  mail.url = "smtps://mail.example.org:465";
  EXPECT_EQ(path(make_mail_transport(mail)), "made");
  mail.url = "smtp://127.0.0.1:25";
  mail.user = "me";
  EXPECT_EQ(path(make_mail_transport(mail)), "messages.smtp_user") << "no password without TLS";
  SmsSettings sms;
  sms.account = "AC1";
  sms.token = "secret";
  sms.from = "+15550100";
  sms.url = "http://sms.example.org";
  EXPECT_EQ(path(make_sms_transport(sms)), "messages.sms_url");
  sms.url = "http://127.0.0.1:9/";
  EXPECT_EQ(path(make_sms_transport(sms)), "made");
  sms.from = "Concord";
  EXPECT_EQ(path(make_sms_transport(sms)), "messages.sms_from");
}

}  // namespace
}  // namespace concord::messaging
