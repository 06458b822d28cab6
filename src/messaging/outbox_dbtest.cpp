#include <gtest/gtest.h>

#include "messaging/messaging_api.h"
#include "messaging/messaging_store.h"
#include "messaging/outbox.h"
#include "support/clinic.h"

namespace concord::messaging {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class OutboxTest : public concord::testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    texts_ = *load_texts(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "messages");
    outbox_.clock = &clinic().clock();
    outbox_.ids = &clinic().ids();
    outbox_.texts = &texts_;
    outbox_.public_url = "https://concord.example.org";
    outbox_.mail_is_set_up = outbox_.sms_is_set_up = true;
    outbox_.most_attempts = 3;
    outbox_.operators = [this](db::Tx&, OrganizationId) { return operators_; };
    outbox_.on_attempt = [this](db::Tx&, OrganizationId, const Message& m, const MessageAttempt& a) {
      told_.push_back(std::string(name(m.channel)) + " " + std::to_string(a.number) + " " + a.outcome);
    };
    dana_ = account("Dana", "dana@example.org", "+15550101");
    routes_ = routes({&clinic().chart, &outbox_});
  }
  UserId account(const std::string& who, std::optional<std::string> mail, std::optional<std::string> phone) {
    const auto user = clinic().caller("care_manager", who, clinic().organization, {clinic().site}).user;
    write([&](db::Tx& tx) {
      static constexpr db::Sql kAccount{
          "test.account",
          "INSERT INTO user_account (organization_id, user_id, display_name, imported, created_at) VALUES ($1, $2, $3, $4, $5)"};
      tx.run(kAccount, {clinic().organization, user, who, false, clinic().clock().now()});
      Contact contact;
      contact.mail = mail;
      contact.phone = phone;
      EXPECT_TRUE(save_contact(tx, clinic().organization, user, contact));
    });
    return user;
  }
  template <class Body>
  void write(Body&& body) {
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      body(tx);
      return {};
    }));
  }
  std::vector<Queued> tell(UserId who, bool urgent = true, std::string once = "", std::string kind = "safety.signal") {
    std::vector<Queued> queued;
    write([&](db::Tx& tx) {
      Notice notice;
      notice.to = who;
      notice.kind = kind;
      notice.object = clinic().site.uuid;
      notice.urgent = urgent;
      notice.once = once;
      queued = post(outbox_, tx, clinic().organization, notice);
    });
    return queued;
  }
  std::string channels(const std::vector<Queued>& queued) {
    std::string out;
    for (const auto& q : queued) out += (out.empty() ? "" : " ") + std::string(name(q.channel));
    return out;
  }
  /// A new process that sends mail; how many it ran.
  int send_mail() {
    jobs::Worker worker(database(), clinic().clock(), clinic().ids(), sender_settings());
    send_with(worker, Channel::mail, database(), outbox_, [this](const Outgoing& out) {
      sent_.push_back(out);
      return works_ ? Delivery{true, true, "smtp 250"} : Delivery{false, may_retry_, "smtp 451"};
    });
    return worker.run_due();
  }
  Message mail_of(const std::vector<Queued>& queued) {
    for (const auto& q : queued)
      if (q.channel == Channel::mail)
        return *database().read([&](db::Tx& tx) { return find_message(tx, clinic().organization, q.message); });
    return {};
  }
  std::string attempts_of(MessageId id) {
    std::string out;
    for (const auto& a : database().read([&](db::Tx& tx) { return list_attempts(tx, clinic().organization, id); }))
      out += std::to_string(a.number) + " " + a.outcome + "; ";
    return out;
  }

  Texts texts_;
  Outbox outbox_;
  UserId dana_;
  std::vector<UserId> operators_;
  std::vector<std::string> told_;
  std::vector<Outgoing> sent_;
  bool works_ = true, may_retry_ = true;
  std::vector<http::Route> routes_;
};
CONCORD_ON_BOTH_DATABASES(OutboxTest);

TEST_P(OutboxTest, NothingIsSentWhoseCauseDidNotHappen) {
  const auto refused = database().write([&](db::Tx& tx) -> Result<void> {
    Notice notice;
    notice.to = dana_;
    notice.kind = "safety.signal";
    notice.urgent = true;
    EXPECT_EQ(post(outbox_, tx, clinic().organization, notice).size(), 3u);
    return fail(ErrorCode::conflict, "no");
  });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(send_mail(), 0);
  EXPECT_TRUE(sent_.empty());
}

TEST_P(OutboxTest, UrgentGoesByEveryWayAndTheRestByTheirWish) {
  EXPECT_EQ(channels(tell(dana_, true)), "in_app sms mail");
  EXPECT_EQ(channels(tell(dana_, false)), "in_app") << "mail and SMS for urgent things only, unless they say otherwise";
  EXPECT_EQ(channels(tell(account("Eve", std::nullopt, std::nullopt))), "in_app");
  outbox_.mail_is_set_up = false;
  EXPECT_EQ(channels(tell(dana_, true)), "in_app sms");
}

TEST_P(OutboxTest, WhatIsAskedForOnceIsThereOnce) {
  EXPECT_EQ(channels(tell(dana_, true, "call 1")), "in_app sms mail");
  EXPECT_EQ(channels(tell(dana_, true, "call 1")), "");
  EXPECT_EQ(channels(tell(dana_, true, "call 2")), "in_app sms mail");
  EXPECT_EQ(send_mail(), 2);
}

TEST_P(OutboxTest, AMailSaysNothingButWhereToLook) {
  const auto queued = tell(dana_);
  ASSERT_EQ(send_mail(), 1);
  EXPECT_EQ(sent_[0].to, "dana@example.org");
  EXPECT_EQ(sent_[0].message_id, mail_of(queued).id.text());
  EXPECT_NE(sent_[0].text.find("https://concord.example.org/notices/" + mail_of(queued).notice.text()), std::string::npos);
  EXPECT_EQ(sent_[0].text.find("Dana"), std::string::npos);
  EXPECT_EQ(mail_of(queued).state, "sent");
  EXPECT_EQ(told_, std::vector<std::string>{"mail 1 sent"});
}

TEST_P(OutboxTest, AFailureIsTriedAgainAfterAPauseAndAtLastWaitsForAPerson) {
  works_ = false;
  operators_ = {account("Ada", std::nullopt, std::nullopt)};
  const auto queued = tell(dana_);
  EXPECT_EQ(send_mail(), 1);
  EXPECT_EQ(mail_of(queued).state, "retrying");
  EXPECT_EQ(mail_of(queued).next_at, clinic().clock().now() + seconds(30));
  EXPECT_EQ(send_mail(), 0) << "not before its time";
  clinic().clock().advance(seconds(30));
  EXPECT_EQ(send_mail(), 1);
  clinic().clock().advance(seconds(60));
  EXPECT_EQ(send_mail(), 1);
  EXPECT_EQ(mail_of(queued).state, "dead");
  EXPECT_EQ(attempts_of(mail_of(queued).id), "1 failed; 2 failed; 3 failed; ");
  EXPECT_EQ(told_.size(), 3u);
  const auto unread = database().read([&](db::Tx& tx) { return count_unread(tx, clinic().organization, operators_[0]); });
  EXPECT_EQ(unread.all, 1) << "a server that is down for an hour is one thing to look at";

  const auto admin = clinic().caller("admin", "Ada", clinic().organization, {clinic().site});
  const auto list = clinic().call_as(admin, routes_, "GET", "/api/v1/messages?state=dead");
  EXPECT_EQ(list.text("items.0.attempts.2.detail"), "smtp 451");
  EXPECT_EQ(list.text("counts.dead"), "1");
  works_ = true;
  const auto retried =
      clinic().call_as(admin, routes_, "POST", "/api/v1/messages/retry",
                       "{\"message_ids\":[\"" + mail_of(queued).id.text() + "\",\"" + clinic().site.text() + "\"]}");
  EXPECT_EQ(retried.text("retried"), "1");
  EXPECT_EQ(send_mail(), 1);
  EXPECT_EQ(mail_of(queued).state, "sent");
  EXPECT_EQ(attempts_of(mail_of(queued).id), "1 failed; 2 failed; 3 failed; 4 sent; ");
}

TEST_P(OutboxTest, AnAddressThatIsRefusedForGoodIsNotTriedAgain) {
  works_ = may_retry_ = false;
  const auto queued = tell(dana_);
  EXPECT_EQ(send_mail(), 1);
  EXPECT_EQ(mail_of(queued).state, "dead");
  clinic().clock().advance(minutes(10));
  EXPECT_EQ(send_mail(), 0);
}

TEST_P(OutboxTest, KilledWhileSendingItIsSentAgainUnderTheSameIdAndTheLostAttemptIsKept) {
  const auto queued = tell(dana_);
  const std::vector<std::string> kinds = {"messaging.mail_urgent"};
  write([&](db::Tx& tx) {  // a process takes the job and dies
    EXPECT_EQ(
        jobs::claim(tx, kinds, jobs::WorkerId(clinic().ids().next()), clinic().clock().now(), sender_settings().lease, 1).size(),
        1u);
  });
  EXPECT_EQ(send_mail(), 0) << "another may still be at it";
  clinic().clock().advance(sender_settings().lease);
  EXPECT_EQ(send_mail(), 1);
  EXPECT_EQ(attempts_of(mail_of(queued).id), "1 lost; 2 sent; ");
  EXPECT_EQ(sent_.at(0).message_id, mail_of(queued).id.text());
}

TEST_P(OutboxTest, KilledAfterItWasRecordedNothingIsSentTwice) {
  const auto queued = tell(dana_);
  EXPECT_EQ(send_mail(), 1);
  write([&](db::Tx& tx) {  // as if the job's end had not been stored
    static constexpr db::Sql kReopen{"test.reopen", "UPDATE job SET state = 'queued', finished_at = NULL WHERE kind = $1"};
    tx.run(kReopen, {"messaging.mail_urgent"});
  });
  EXPECT_EQ(send_mail(), 1);
  EXPECT_EQ(sent_.size(), 1u);
  EXPECT_EQ(attempts_of(mail_of(queued).id), "1 sent; ");
}

TEST_P(OutboxTest, AMessageWhoseLastProcessDiedIsFoundAndEnded) {
  const auto queued = tell(dana_);
  const std::vector<std::string> kinds = {"messaging.mail_urgent"};
  for (int process = 0; process < 3; ++process) {
    write([&](db::Tx& tx) {
      jobs::claim(tx, kinds, jobs::WorkerId(clinic().ids().next()), clinic().clock().now(), sender_settings().lease, 1);
    });
    clinic().clock().advance(sender_settings().lease);
  }
  EXPECT_EQ(send_mail(), 0) << "no attempts are left";
  EXPECT_EQ(mail_of(queued).state, "queued");
  clinic().clock().advance(minutes(30));
  write([&](db::Tx& tx) { EXPECT_EQ(end_lost_messages(outbox_, tx), 1); });
  EXPECT_EQ(mail_of(queued).state, "dead");
  EXPECT_EQ(told_, std::vector<std::string>{"mail 3 lost"});
  write([&](db::Tx& tx) { EXPECT_EQ(end_lost_messages(outbox_, tx), 0); });
}

TEST_P(OutboxTest, AnUrgentMailOvertakesOrdinaryOnes) {
  const auto eve = account("Eve", "eve@example.org", std::nullopt);
  write([&](db::Tx& tx) {
    Contact contact = find_contact(tx, clinic().organization, eve);
    contact.mail_for = "all";
    EXPECT_TRUE(save_contact(tx, clinic().organization, eve, contact));
  });
  for (int i = 0; i < 3; ++i) tell(eve, false, "", "task.handed_over");
  tell(dana_);
  EXPECT_EQ(send_mail(), 4);
  EXPECT_EQ(sent_.at(0).to, "dana@example.org");
}

TEST_P(OutboxTest, WhatIsNotNeededAnyMoreIsNotSent) {
  outbox_.still_needed = [](db::Tx&, OrganizationId, const Message&) { return false; };
  const auto queued = tell(dana_);
  EXPECT_EQ(send_mail(), 1);
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(mail_of(queued).state, "cancelled");
  EXPECT_EQ(attempts_of(mail_of(queued).id), "");
}

TEST_P(OutboxTest, APersonSeesTheirOwnNoticesOnly) {
  tell(dana_);
  clinic().clock().advance(minutes(1));
  tell(dana_, false, "", "task.handed_over");
  auto dana = clinic().manager;
  dana.user = dana_;
  const auto page = clinic().call_as(dana, routes_, "GET", "/api/v1/notices?limit=1");
  EXPECT_EQ(page.text("items.0.text"), "A task was handed to you");
  EXPECT_EQ(page.text("unread"), "2");
  EXPECT_EQ(page.text("urgent"), "1");
  const auto rest = clinic().call_as(dana, routes_, "GET", "/api/v1/notices?limit=1&after=" + page.text("next"));
  EXPECT_EQ(rest.text("items.0.kind"), "safety.signal");
  EXPECT_EQ(rest.text("next"), "null");
  const auto id = rest.text("items.0.id");
  const auto other = clinic().manager;
  EXPECT_EQ(clinic().call_as(other, routes_, "GET", "/api/v1/notices").count("items"), 0u);
  EXPECT_EQ(clinic().call_as(other, routes_, "GET", "/api/v1/notices?notice=" + id).count("items"), 0u);
  clinic().call_as(other, routes_, "POST", "/api/v1/notices/read", "{\"notice_ids\":[\"" + id + "\"]}");
  EXPECT_EQ(clinic().call_as(dana, routes_, "GET", "/api/v1/notices/unread").text("unread"), "2");
  EXPECT_EQ(clinic().call_as(dana, routes_, "GET", "/api/v1/notices?notice=" + id).text("items.0.object_id"),
            clinic().site.text());
  EXPECT_EQ(clinic().call_as(dana, routes_, "POST", "/api/v1/notices/read", "{\"notice_ids\":[\"" + id + "\"]}").text("urgent"),
            "0");
  EXPECT_EQ(clinic().call_as(dana, routes_, "GET", "/api/v1/notices?unread=true").count("items"), 1u);
  EXPECT_EQ(clinic().call_as(dana, routes_, "POST", "/api/v1/notices/read", R"({"all":true})").text("unread"), "0");
  EXPECT_EQ(clinic().call_as(dana, routes_, "POST", "/api/v1/notices/read", "{}").issue_paths(), "notice_ids");
}

TEST_P(OutboxTest, AddressesAreCheckedAndEditedByOneWindowAtATime) {
  auto dana = clinic().manager;
  dana.user = dana_;
  const std::string path = "/api/v1/account/contact";
  EXPECT_EQ(clinic().call_as(dana, routes_, "GET", path).text("mail"), "dana@example.org");
  EXPECT_EQ(clinic()
                .call_as(dana, routes_, "PATCH", path, R"({"mail":"a@b\r\nBcc: c@d","phone":"555","sms_for":"never"})", 1)
                .issue_paths(),
            "mail phone sms_for");
  const auto changed = clinic().call_as(dana, routes_, "PATCH", path, R"({"phone":null,"mail_for":"all"})", 1);
  EXPECT_EQ(changed.text("phone"), "null");
  EXPECT_EQ(changed.text("mail"), "dana@example.org") << "what is not named stays";
  EXPECT_EQ(changed.text("version"), "2");
  EXPECT_EQ(clinic().call_as(dana, routes_, "PATCH", path, R"({"phone":"+15550102"})", 1).status, 412);
  EXPECT_EQ(channels(tell(dana_, false)), "in_app mail");
  auto machine = dana;
  machine.kind = ActorKind::service;
  EXPECT_EQ(clinic().call_as(machine, routes_, "GET", path).status, 404);
}

}  // namespace
}  // namespace concord::messaging
