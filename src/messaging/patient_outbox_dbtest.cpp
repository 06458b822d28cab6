#include <gtest/gtest.h>

#include "messaging/patient_messages_api.h"
#include "messaging/patient_messages_store.h"
#include "messaging/patient_outbox.h"
#include "support/clinic.h"

namespace concord::messaging {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto kNoon = "2026-03-04T17:00:00Z";     // at the clinic
constexpr auto kEvening = "2026-03-05T02:00:00Z";  // 21:00
constexpr auto kMorning = "2026-03-05T14:00:00Z";  // 9:00 the day after

class PatientOutbox : public concord::testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    const auto folder = std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "messages";
    texts_ = *load_texts(folder);
    patient_texts_ = *load_patient_texts(folder);
    outbox_.clock = &clinic().clock();
    outbox_.ids = &clinic().ids();
    outbox_.texts = &texts_;
    outbox_.patient_texts = &patient_texts_;
    outbox_.public_url = "https://concord.example.org";
    outbox_.mail_is_set_up = outbox_.sms_is_set_up = true;
    outbox_.most_attempts = 2;
    outbox_.recipients = [this](db::Tx& tx, OrganizationId organization, PatientId first, PatientId last) {
      std::vector<Recipient> all;
      for (const auto& line : patients::list_contact_lines(tx, organization, first, last))
        all.push_back({line.id, line.site, "Clínica Maple", std::string(clinic().kZone), line.language, line.preferred_channel,
                       line.phone, line.email, line.deceased});
      return all;
    };
    outbox_.not_reached = [this](db::Tx&, OrganizationId, const Message& m) {
      not_reached_.push_back(std::string(name(m.channel)) + " " + m.state + " " + m.delivery.value_or("-"));
    };
    deps_.chart = &clinic().chart;
    deps_.outbox = &outbox_;
    routes_ = patient_routes(deps_);
    at(kNoon);
    ana_ = person("Ana", "(555) 010-0101", "ana@example.org");
  }
  void at(const char* when) { clinic().clock().set(*parse_instant(when)); }
  PatientId person(const char* given, std::optional<std::string> phone, std::optional<std::string> mail,
                   std::optional<std::string> language = std::nullopt) {
    auto p = clinic().patient(given, "Ruiz");
    p.phone = std::move(phone);
    p.email = std::move(mail);
    p.language = std::move(language);
    return clinic().add(p);
  }
  template <class Body>
  void write(Body&& body) {
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      body(tx);
      return {};
    }));
  }
  static ToPatient check_in(PatientId patient, std::string once = "") {
    ToPatient to;
    to.patient = patient;
    to.kind = "checkins.asked";
    to.path = "/c/abcdefghijklmnopqrstuv";
    to.object = patient.uuid;
    to.once = std::move(once);
    return to;
  }
  static ToPatient page(PatientId patient) {
    ToPatient to;
    to.patient = patient;
    to.kind = "patient_messages.waiting";
    to.path = "/portal/messages";
    to.object = patient.uuid;
    return to;
  }
  std::vector<Queued> say(const ToPatient& to) {
    std::vector<Queued> queued;
    write([&](db::Tx& tx) { queued = tell(outbox_, tx, clinic().organization, to); });
    return queued;
  }
  static std::string channels(const std::vector<Queued>& queued) {
    std::string out;
    for (const auto& q : queued) out += (out.empty() ? "" : " ") + std::string(name(q.channel));
    return out;
  }
  Message message(const std::vector<Queued>& queued) {
    return *database().read([&](db::Tx& tx) { return find_message(tx, clinic().organization, queued.at(0).message); });
  }
  std::vector<Message> all_of(PatientId patient) {
    return database().read([&](db::Tx& tx) { return list_of_patient(tx, clinic().organization, patient, std::nullopt, 50); });
  }
  void prefer(PatientId patient, const std::function<void(Preference&)>& change) {
    write([&](db::Tx& tx) {
      auto p = find_preference(tx, clinic().organization, patient);
      change(p);
      EXPECT_TRUE(save_preference(tx, clinic().organization, patient, p, clinic().manager.user.uuid, clinic().clock().now()));
    });
  }
  /// New processes that send both; how many they ran.
  int send() {
    int ran = 0;
    for (const auto channel : {Channel::mail, Channel::sms}) {
      jobs::Worker worker(database(), clinic().clock(), clinic().ids(), sender_settings());
      send_to_patients_with(worker, channel, database(), outbox_, [this](const Outgoing& out) {
        sent_.push_back(out);
        if (while_sending_) while_sending_();
        const bool works = out.channel == Channel::mail ? mail_works_ : sms_works_;
        return works ? Delivery{true, true, "ok"} : Delivery{false, may_retry_, "refused"};
      });
      ran += worker.run_due();
    }
    return ran;
  }

  Texts texts_;
  PatientTexts patient_texts_;
  Outbox outbox_;
  PatientDeps deps_;
  std::vector<http::Route> routes_;
  PatientId ana_;
  std::vector<Outgoing> sent_;
  std::vector<std::string> not_reached_;
  std::function<void()> while_sending_;
  bool mail_works_ = true, sms_works_ = true, may_retry_ = true;
};
CONCORD_ON_BOTH_DATABASES(PatientOutbox);

TEST_P(PatientOutbox, GoesOneWayOnlyAndSaysNothingButWhereToLook) {
  const auto queued = say(check_in(ana_));
  EXPECT_EQ(channels(queued), "sms");
  EXPECT_EQ(send(), 1);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, "+15550100101");
  EXPECT_EQ(
      sent_[0].text,
      "Clinica Maple: a few questions for you, 2 minutes: https://concord.example.org/c/abcdefghijklmnopqrstuv STOP to end");
  EXPECT_EQ(sent_[0].text.find("Ana"), std::string::npos);
  EXPECT_EQ(message(queued).state, "sent");
}

TEST_P(PatientOutbox, ASecretIsGoneOnceTheMessageIsSentOrGivenUp) {
  const auto queued = say(check_in(ana_));
  EXPECT_TRUE(message(queued).link_path.has_value());
  send();
  EXPECT_FALSE(message(queued).link_path.has_value());
  auto code = page(ana_);
  code.kind = "portal.code";
  code.path = "";
  code.code = "12345678";
  code.ignores_quiet_hours = true;
  sms_works_ = mail_works_ = may_retry_ = false;
  const auto second = say(code);
  EXPECT_EQ(message(second).code, "12345678");
  send();
  send();
  EXPECT_EQ(message(second).state, "dead");
  for (const auto& m : all_of(ana_)) {
    EXPECT_FALSE(m.code.has_value());
    EXPECT_FALSE(m.link_path.has_value());
  }
}

TEST_P(PatientOutbox, QuietHoursHoldItAndASignInCodeGoesAtOnce) {
  at(kEvening);
  const auto queued = say(check_in(ana_));
  EXPECT_EQ(message(queued).not_before, *parse_instant(kMorning));
  EXPECT_EQ(send(), 0);
  auto code = page(ana_);
  code.kind = "portal.code";
  code.code = "12345678";
  code.ignores_quiet_hours = true;
  say(code);
  EXPECT_EQ(send(), 1);
  at(kMorning);
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(message(queued).state, "sent");
}

TEST_P(PatientOutbox, AnAttemptThatFallsIntoTheNightWaitsForTheMorningWithoutLosingATry) {
  clinic().clock().set(*parse_instant("2026-03-05T00:59:50Z"));  // 19:59:50
  sms_works_ = false;
  const auto queued = say(check_in(ana_));
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(message(queued).state, "retrying");
  clinic().clock().advance(seconds(30));
  EXPECT_EQ(send(), 1) << "looked at, not sent";
  EXPECT_EQ(sent_.size(), 1u);
  EXPECT_EQ(message(queued).not_before, *parse_instant(kMorning));
  EXPECT_EQ(message(queued).state, "queued");
  EXPECT_EQ(message(queued).attempts, 1);
  at(kMorning);
  sms_works_ = true;
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(message(queued).state, "sent");
  EXPECT_EQ(message(queued).attempts, 2);
}

TEST_P(PatientOutbox, APatientsOwnQuietHoursAndLanguageCount) {
  prefer(ana_, [](Preference& p) {
    p.quiet_from = p.quiet_until = 0;
    p.language = "es";
  });
  at(kEvening);
  say(check_in(ana_));
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(sent_.at(0).text.find("Clinica Maple: unas preguntas para usted"), 0u);
}

TEST_P(PatientOutbox, WhatIsAskedForOnceIsThereOnceAndAWaitingPageIsNotJoinedByAnother) {
  const auto first = say(check_in(ana_, "2026-03-04"));
  EXPECT_EQ(say(check_in(ana_, "2026-03-04")).at(0).message, first.at(0).message);
  EXPECT_NE(say(check_in(ana_, "2026-03-05")).at(0).message, first.at(0).message);
  at(kEvening);
  const auto news = say(page(ana_));
  EXPECT_EQ(say(page(ana_)).at(0).message, news.at(0).message) << "three messages in a night are one text in the morning";
  at(kMorning);
  EXPECT_EQ(send(), 3);
  EXPECT_NE(say(page(ana_)).at(0).message, news.at(0).message) << "after it was sent there is news again";
}

TEST_P(PatientOutbox, WhenOneWayDiesTheOtherIsTriedOnce) {
  sms_works_ = may_retry_ = false;
  const auto queued = say(check_in(ana_));
  send();
  clinic().clock().advance(seconds(1));
  send();
  EXPECT_EQ(message(queued).state, "dead");
  const auto all = all_of(ana_);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(sent_.at(1).to, "ana@example.org");
  EXPECT_NE(sent_.at(1).text.find("/c/abcdefghijklmnopqrstuv"), std::string::npos);
  const auto& second = all[0].instead_of ? all[0] : all[1];
  EXPECT_EQ(second.instead_of, queued.at(0).message);
  EXPECT_EQ(second.state, "sent");
  EXPECT_TRUE(not_reached_.empty());
  EXPECT_EQ(channels(say(check_in(ana_))), "mail") << "the number is known to fail";
}

TEST_P(PatientOutbox, NobodyIsLeftWithoutAWordWhenBothWaysDie) {
  sms_works_ = mail_works_ = may_retry_ = false;
  say(check_in(ana_));
  send();
  clinic().clock().advance(seconds(1));
  send();
  EXPECT_EQ(sent_.size(), 2u);
  EXPECT_EQ(not_reached_, std::vector<std::string>{"mail dead -"});
}

TEST_P(PatientOutbox, StopHoldsForTheNumberEverywhereAndIsConfirmedOnce) {
  const auto waiting = say(check_in(ana_));
  at(kEvening);
  const OrganizationId both[] = {clinic().organization, clinic().other_organization};
  WroteBack wrote;
  write([&](db::Tx& tx) { wrote = wrote_back(outbox_, tx, both, "+15550100101", "Stop"); });
  EXPECT_EQ(wrote.keyword, Keyword::stop);
  ASSERT_EQ(wrote.patients.size(), 1u);
  EXPECT_EQ(wrote.patients[0].second, ana_);
  EXPECT_EQ(send(), 2) << "the one that waited is looked at and not sent; the confirmation goes at night too";
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_NE(sent_[0].text.find("you get no more texts"), std::string::npos);
  EXPECT_EQ(message(waiting).state, "cancelled");
  at(kMorning);
  EXPECT_EQ(send(), 1) << "the check-in by mail instead";
  EXPECT_EQ(sent_.at(1).channel, Channel::mail);
  EXPECT_EQ(channels(say(check_in(ana_))), "mail");
  write([&](db::Tx& tx) {
    wrote_back(outbox_, tx, both, "+15550100101", "STOP");
    EXPECT_TRUE(find_address(tx, clinic().other_organization, Channel::sms, "+15550100101").stopped_at.has_value());
  });
  send();
  EXPECT_EQ(sent_.size(), 3u) << "the check-in just asked for, and no second confirmation";
  write([&](db::Tx& tx) { wrote_back(outbox_, tx, both, "+15550100101", "START"); });
  send();
  EXPECT_NE(sent_.back().text.find("texts from us again"), std::string::npos);
  EXPECT_EQ(channels(say(check_in(ana_))), "sms");
}

TEST_P(PatientOutbox, OtherWordsAreAnsweredOnceADayAndNotKept) {
  say(check_in(ana_));
  send();
  const OrganizationId both[] = {clinic().organization, clinic().other_organization};
  const auto wrote = [&](const char* body) {
    const auto before = sent_.size();
    write([&](db::Tx& tx) { wrote_back(outbox_, tx, both, "+15550100101", body); });
    send();
    return sent_.size() - before;
  };
  EXPECT_EQ(wrote("who is this?"), 1u);
  EXPECT_NE(sent_.back().text.find("nobody reads replies"), std::string::npos);
  EXPECT_NE(sent_.back().text.find("988"), std::string::npos);
  EXPECT_EQ(wrote("hello?"), 0u);
  EXPECT_EQ(wrote("HELP"), 1u) << "who asks for help gets it each time";
  clinic().clock().advance(hours(25));
  EXPECT_EQ(wrote("hello"), 1u);
  write([&](db::Tx& tx) { EXPECT_TRUE(wrote_back(outbox_, tx, both, "+15550109999", "hello").patients.empty()); });
  EXPECT_EQ(send(), 0) << "a number we never wrote to gets no answer";
}

TEST_P(PatientOutbox, WhatTheGatewaySaysLaterIsKeptAndAPageGoesTheOtherWay) {
  const auto queued = say(page(ana_));
  send();
  const auto heard = [&](const char* status, const char* code) {
    write([&](db::Tx& tx) {
      EXPECT_TRUE(delivery_came(outbox_, tx, clinic().organization, queued.at(0).message, status, code).has_value());
    });
  };
  heard("sent", "");
  EXPECT_FALSE(message(queued).delivery.has_value());
  heard("undelivered", "30003");
  EXPECT_EQ(message(queued).delivery, "undelivered");
  EXPECT_EQ(message(queued).delivery_code, "30003");
  heard("undelivered", "30003");
  EXPECT_EQ(send(), 1) << "once, however often it is said";
  EXPECT_EQ(sent_.back().to, "ana@example.org");
  heard("delivered", "");
  EXPECT_EQ(message(queued).delivery, "delivered");
  heard("failed", "1");
  EXPECT_EQ(message(queued).delivery, "delivered") << "what arrived has arrived";
  // A link that is gone cannot go the other way: somebody must be told.
  const auto link = say(check_in(ana_));
  send();
  write([&](db::Tx& tx) { delivery_came(outbox_, tx, clinic().organization, link.at(0).message, "failed", "30006"); });
  EXPECT_EQ(not_reached_, std::vector<std::string>{"sms sent undelivered"});
  write([&](db::Tx& tx) {
    EXPECT_FALSE(delivery_came(outbox_, tx, clinic().other_organization, link.at(0).message, "failed", "1").has_value());
  });
}

TEST_P(PatientOutbox, ACorrectedNumberADeathOrNoMoreMessagesCountUntilTheLastMoment) {
  at(kEvening);
  const auto queued = say(check_in(ana_));
  const auto ben = person("Ben", "+15550100102", std::nullopt), cleo = person("Cleo", "+15550100103", std::nullopt);
  say(check_in(ben));
  say(check_in(cleo));
  write([&](db::Tx& tx) {
    auto before = *patients::find(tx, clinic().organization, ana_);
    auto after = before;
    after.phone = "+15550100199";
    EXPECT_TRUE(patients::update(tx, clinic().organization, before, after, clinic().clock().now()));
    before = *patients::find(tx, clinic().organization, ben);
    after = before;
    after.deceased_date = Date::ymd(2026, 3, 4);
    EXPECT_TRUE(patients::update(tx, clinic().organization, before, after, clinic().clock().now()));
  });
  prefer(cleo, [](Preference& p) { p.channel = "none"; });
  at(kMorning);
  send();
  send();
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, "+15550100199");
  EXPECT_EQ(message(queued).state, "cancelled");
  EXPECT_EQ(not_reached_.size(), 2u);
}

TEST_P(PatientOutbox, WhatIsNotNeededAnyMoreIsNotSentByAnyWay) {
  outbox_.patient_needs = [](db::Tx&, OrganizationId, const Message&) { return false; };
  const auto queued = say(check_in(ana_));
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(send(), 0);
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(message(queued).state, "cancelled");
  EXPECT_TRUE(not_reached_.empty());
}

TEST_P(PatientOutbox, SomebodyElsesAddressIsWrittenToAndHasNoOtherWay) {
  auto invite = check_in(ana_);
  invite.kind = "portal.trusted_invited";
  invite.to_address = "rosa@example.org";
  invite.language = "es";
  prefer(ana_, [](Preference& p) { p.channel = "none"; });
  const auto queued = say(invite);
  EXPECT_EQ(channels(queued), "mail");
  mail_works_ = may_retry_ = false;
  send();
  send();
  EXPECT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].subject, "Clínica Maple: alguien que conoce le pide ayuda");
  invite.to_address = "nobody";
  EXPECT_EQ(channels(say(invite)), "");
}

TEST_P(PatientOutbox, KilledAfterTheGatewayTookItItIsSentAgainUnderTheSameId) {
  struct Killed {};
  const auto queued = say(check_in(ana_));
  while_sending_ = [] { throw Killed{}; };
  EXPECT_THROW(send(), Killed);  // the process dies between the gateway's answer and our record of it
  while_sending_ = nullptr;
  EXPECT_EQ(send(), 0) << "another may still be at it";
  clinic().clock().advance(sender_settings().lease);
  EXPECT_EQ(send(), 1);
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(sent_[0].message_id, sent_[1].message_id);
  EXPECT_EQ(sent_[0].text, sent_[1].text) << "the link was kept for it";
  EXPECT_EQ(message(queued).state, "sent");
  EXPECT_EQ(message(queued).attempts, 2);
}

TEST_P(PatientOutbox, AMessageWhoseProcessesDiedIsGivenUpButOneThatWaitsForTheMorningIsNot) {
  at(kEvening);
  const auto held = say(check_in(ana_));
  clinic().clock().advance(hours(2));
  write([&](db::Tx& tx) { EXPECT_EQ(end_lost_messages(outbox_, tx), 0); });
  at(kMorning);
  const std::vector<std::string> kinds = {"messaging.patient_sms"};
  for (int process = 0; process < 2; ++process) {
    write([&](db::Tx& tx) {
      jobs::claim(tx, kinds, jobs::WorkerId(clinic().ids().next()), clinic().clock().now(), sender_settings().lease, 1);
    });
    clinic().clock().advance(sender_settings().lease);
  }
  EXPECT_EQ(send(), 0);
  clinic().clock().advance(minutes(31));
  write([&](db::Tx& tx) { EXPECT_EQ(end_lost_messages(outbox_, tx), 1); });
  EXPECT_EQ(message(held).state, "dead");
  EXPECT_EQ(all_of(ana_).size(), 1u) << "it may have arrived: nothing goes the other way";
  EXPECT_EQ(not_reached_.size(), 1u);
}

TEST_P(PatientOutbox, DeadOnesAreTriedAgainOnlyWhileTheirLinkIsKnown) {
  outbox_.sms_is_set_up = false;
  mail_works_ = may_retry_ = false;
  const auto link = say(check_in(ana_)), news = say(page(ana_));
  send();
  send();
  EXPECT_EQ(message(link).state, "dead");
  EXPECT_EQ(message(news).state, "dead");
  mail_works_ = true;
  write([&](db::Tx& tx) {
    EXPECT_FALSE(retry(outbox_, tx, clinic().organization, link.at(0).message, clinic().clock().now()));
    EXPECT_TRUE(retry(outbox_, tx, clinic().organization, news.at(0).message, clinic().clock().now()));
  });
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(message(news).state, "sent");
}

TEST_P(PatientOutbox, ManyAtOnceAreQueuedLikeOneByOne) {
  std::vector<ToPatient> all;
  std::vector<PatientId> people;
  for (int i = 0; i < 40; ++i) {
    people.push_back(person("Many", i % 4 == 0 ? std::nullopt : std::optional("+1555020" + std::to_string(1000 + i)),
                            i % 8 == 0 ? std::nullopt : std::optional("p" + std::to_string(i) + "@example.org")));
    all.push_back(check_in(people.back()));
  }
  write([&](db::Tx& tx) { stop_address(tx, clinic().organization, Channel::sms, "+15550201001", clinic().clock().now()); });
  std::vector<std::vector<Queued>> told;
  write([&](db::Tx& tx) { told = tell(outbox_, tx, clinic().organization, all); });
  ASSERT_EQ(told.size(), 40u);
  EXPECT_EQ(channels(told[0]), "");
  EXPECT_EQ(channels(told[4]), "mail");
  EXPECT_EQ(channels(told[1]), "mail") << "the number said STOP";
  EXPECT_EQ(channels(told[2]), "sms");
  EXPECT_EQ(send(), 35);
  EXPECT_EQ(sent_.size(), 35u);
  const auto [first, last] = std::minmax_element(people.begin(), people.end());
  const auto reach = database().read([&](db::Tx& tx) { return reach_of(outbox_, tx, clinic().organization, *first, *last); });
  ASSERT_GE(reach.size(), 40u);
  for (const auto& [patient, one] : reach) {
    if (patient == people[0]) {
      EXPECT_EQ(one.why_not, "no_address");
    }
    if (patient == people[2]) {
      EXPECT_EQ(one.channel, Channel::sms);
    }
  }
}

TEST_P(PatientOutbox, StaffSeeWhatBecameOfItAndNoAddress) {
  sms_works_ = may_retry_ = false;
  say(check_in(ana_));
  send();
  send();
  const std::string path = "/api/v1/patients/" + ana_.text() + "/messages-out";
  const auto list = clinic().call(routes_, "GET", path);
  ASSERT_EQ(list.count("items"), 2u);
  EXPECT_EQ(list.text("reach.channel"), "mail");
  EXPECT_EQ(list.reply.body.find("example.org"), std::string::npos);
  EXPECT_EQ(list.reply.body.find("5550100"), std::string::npos);
  EXPECT_EQ(list.reply.body.find("/c/"), std::string::npos);
  EXPECT_NE(list.reply.body.find("\"why\":\"refused\""), std::string::npos);
  const auto page_one = clinic().call(routes_, "GET", path + "?limit=1");
  EXPECT_EQ(page_one.count("items"), 1u);
  EXPECT_EQ(clinic().call(routes_, "GET", path + "?limit=1&after=" + page_one.text("next")).text("next"), "null");
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", path).status, 404);
  EXPECT_EQ(clinic().call_as(clinic().foreigner, routes_, "GET", path).status, 404);
}

TEST_P(PatientOutbox, WishesAreEditedByOneWindowAtATime) {
  const std::string path = "/api/v1/patients/" + ana_.text() + "/contact-preferences";
  const auto first = clinic().call(routes_, "GET", path);
  EXPECT_EQ(first.text("version"), "0");
  EXPECT_EQ(first.text("effective.channel"), "sms");
  EXPECT_EQ(first.text("effective.quiet_from"), "20:00");
  EXPECT_EQ(first.text("addresses.mail"), "set");
  EXPECT_EQ(clinic()
                .call(routes_, "PUT", path, R"({"channel":"pigeon","language":"fr","quiet_from":"25:00","quiet_until":null})", 0)
                .issue_paths(),
            "channel language quiet_from quiet_until");
  const auto saved =
      clinic().call(routes_, "PUT", path,
                    R"({"channel":"mail","language":"es","quiet_from":"18:30","quiet_until":"10:00","sms_stopped":true})", 0);
  EXPECT_EQ(saved.status, 200);
  EXPECT_EQ(saved.text("version"), "1");
  EXPECT_EQ(saved.text("effective.quiet_until"), "10:00");
  EXPECT_EQ(saved.text("sms_stopped"), "true");
  EXPECT_EQ(clinic().call(routes_, "PUT", path, R"({"channel":"sms"})", 0).status, 412);
  EXPECT_EQ(clinic().call(routes_, "PUT", path, R"({"channel":"none"})", 1).text("why_not"), "wants_none");
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "PUT", path, R"({"channel":"none"})", 2).status, 404);
}

TEST_P(PatientOutbox, ThatAnswersWereReadIsToldToThoseWhoWantIt) {
  auto read = page(ana_);
  read.kind = "checkins.read";
  EXPECT_EQ(channels(say(read)), "sms");
  prefer(ana_, [](Preference& p) { p.tell_when_read = false; });
  read.object = clinic().site.uuid;
  read.path = "/portal/check-ins";
  EXPECT_EQ(channels(say(read)), "");
}

}  // namespace
}  // namespace concord::messaging
