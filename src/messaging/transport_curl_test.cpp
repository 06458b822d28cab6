// Real sockets on loopback: what goes over the wire, and what each answer means.
#include "messaging/transport_curl.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "http/server.h"
#include "support/certificate.h"
#include "support/fake_servers.h"

namespace concord::messaging {
namespace {

using concord::testing::FakeMailServer;
using concord::testing::FakeSmsGateway;

Outgoing to(std::string address) {
  Outgoing out;
  out.to = std::move(address);
  out.subject = "Concord: test";
  out.text = ".a line that begins with a dot\nand ñ\nhttp://127.0.0.1/notices/1\n";
  out.message_id = "id-1";
  out.at = *parse_instant("2026-03-05T03:40:00Z");
  return out;
}

class OverTheWire : public ::testing::Test {
 protected:
  Transport mail_transport() {
    MailSettings settings;
    settings.url = "smtp://127.0.0.1:" + std::to_string(mail.port());
    settings.from = "concord@example.org";
    return *make_mail_transport(settings);
  }
  Transport sms_transport() {
    SmsSettings settings;
    settings.url = "http://127.0.0.1:" + std::to_string(sms.port());
    settings.account = "AC0123";
    settings.token = "secret";
    settings.from = "+15550100";
    return *make_sms_transport(settings);
  }
  FakeMailServer mail;
  FakeSmsGateway sms;
};

TEST_F(OverTheWire, AMailArrivesAsItWasWritten) {
  const auto delivery = mail_transport()(to("dana@example.org"));
  ASSERT_TRUE(delivery.sent) << delivery.detail;
  ASSERT_EQ(mail.received().size(), 1u);
  const auto got = mail.received()[0];
  EXPECT_EQ(got.from, "concord@example.org");
  EXPECT_EQ(got.to, "dana@example.org");
  EXPECT_EQ(got.header("Message-ID"), "<id-1@example.org>");
  EXPECT_EQ(got.text(), to("").text);
}

TEST_F(OverTheWire, AServerThatIsDownIsTriedAgainAndAMailboxThatIsNoneIsNot) {
  const auto send = mail_transport();
  mail.down();
  auto delivery = send(to("dana@example.org"));
  EXPECT_FALSE(delivery.sent);
  EXPECT_TRUE(delivery.may_retry);
  EXPECT_NE(delivery.detail, "");
  mail.up();
  mail.refuse_with("451 try later");
  delivery = send(to("dana@example.org"));
  EXPECT_FALSE(delivery.sent);
  EXPECT_TRUE(delivery.may_retry);
  EXPECT_NE(delivery.detail.find("451"), std::string::npos) << delivery.detail;
  mail.refuse_with("550 nobody here");
  delivery = send(to("dana@example.org"));
  EXPECT_FALSE(delivery.sent);
  EXPECT_FALSE(delivery.may_retry) << delivery.detail;
  mail.refuse_with("");
  EXPECT_TRUE(send(to("dana@example.org")).sent);
  EXPECT_EQ(mail.received().size(), 1u);
}

TEST_F(OverTheWire, AnSmsGoesToTheGatewayWithItsKeyAndSecret) {
  const auto delivery = sms_transport()(to("+15550199"));
  ASSERT_TRUE(delivery.sent) << delivery.detail;
  const auto got = sms.received().at(0);
  EXPECT_EQ(got.path, "/2010-04-01/Accounts/AC0123/Messages.json");
  EXPECT_EQ(got.authorization, "Basic QUMwMTIzOnNlY3JldA==");
  EXPECT_EQ(got.idempotency_key, "id-1");
  EXPECT_EQ(got.to, "+15550199");
  EXPECT_EQ(got.from, "+15550100");
  EXPECT_EQ(got.text, to("").text);
}

TEST_F(OverTheWire, TheGatewaysAnswerSaysWhetherToTryAgain) {
  const auto send = sms_transport();
  for (const auto& [status, may_retry] : {std::pair(500, true), {429, true}, {401, true}, {400, false}, {404, false}}) {
    sms.answer_with(status);
    const auto delivery = send(to("+15550199"));
    EXPECT_FALSE(delivery.sent);
    EXPECT_EQ(delivery.may_retry, may_retry) << status;
    EXPECT_EQ(delivery.detail, "http " + std::to_string(status));
  }
}

TEST_F(OverTheWire, AnAddressThatIsNoneNeverReachesTheWire) {
  EXPECT_FALSE(mail_transport()(to("a@b\r\nBcc: c@d")).may_retry);
  EXPECT_FALSE(sms_transport()(to("+1555&Body=x")).may_retry);
  EXPECT_TRUE(mail.received().empty() && sms.received().empty());
}

// A gateway with a certificate that nobody vouches for.
class Https : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / ("concord-https-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    http::ServerOptions options;
    options.port = 0;
    options.tls_certificate = folder_ / "cert.pem";
    options.tls_key = folder_ / "key.pem";
    testing::make_certificate(options.tls_certificate, options.tls_key);
    auto made = http::Server::listen(options, [this](http::Exchange exchange) {
      ++requests_;
      http::Response created;
      created.status = 201;
      exchange.respond(std::move(created));
    });
    ASSERT_TRUE(made) << made.error().text;
    server_ = std::move(*made);
    thread_ = std::thread([this] { server_->run(); });
  }
  void TearDown() override {
    if (thread_.joinable()) {
      server_->stop();
      thread_.join();
    }
    std::filesystem::remove_all(folder_);
  }
  Delivery send(const std::string& host, const std::string& ca_file) {
    SmsSettings settings;
    settings.url = "https://" + host + ":" + std::to_string(server_->port());
    settings.account = "AC0123";
    settings.token = "secret";
    settings.from = "+15550100";
    settings.ca_file = ca_file;
    return (*make_sms_transport(settings))(to("+15550199"));
  }
  std::filesystem::path folder_;
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
  std::atomic<int> requests_{0};
};

TEST_F(Https, NothingIsToldToASecretKeeperNobodyKnows) {
  const auto unknown = send("localhost", "");
  EXPECT_FALSE(unknown.sent);
  EXPECT_TRUE(unknown.may_retry);
  EXPECT_NE(unknown.detail.find("SSL"), std::string::npos) << unknown.detail;
  const auto other_name = send("127.0.0.1", folder_ / "cert.pem");
  EXPECT_FALSE(other_name.sent) << "the certificate is for localhost";
  EXPECT_EQ(requests_, 0);
  const auto known = send("localhost", folder_ / "cert.pem");
  EXPECT_TRUE(known.sent) << known.detail;
  EXPECT_EQ(requests_, 1);
}

}  // namespace
}  // namespace concord::messaging
