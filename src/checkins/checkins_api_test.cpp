#include <gmock/gmock.h>

#include <algorithm>

#include "base/random.h"
#include "checkins/scene_for_tests.h"

namespace concord::checkins::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckIns : public Scene {
 protected:
  static std::function<bool(std::string_view)> anything() {
    return [](std::string_view) { return true; };
  }
};
CONCORD_ON_BOTH_DATABASES(CheckIns);

TEST_P(CheckIns, GoFromTheMailToTheRecordUnseen) {
  const auto link = send_link();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].kind, "checkins.asked");
  EXPECT_EQ(link.size(), 3U + 22U) << "132 bits";
  Browser phone(*this);
  const auto landing = phone.get(link);
  EXPECT_EQ(landing.status, 200);
  EXPECT_TRUE(landing.has("A few questions from Maple Street"));
  EXPECT_FALSE(landing.has("Ana") || landing.has("Ruiz")) << "shows nobody's name";
  EXPECT_FALSE(landing.has("epress")) << "nor what it is about";
  const auto first = phone.start(link);
  EXPECT_EQ(first.path, "/c/q/1");
  EXPECT_TRUE(first.has("Little interest or pleasure in doing things"));
  EXPECT_THAT(phone.last_cookie_, HasSubstr("; Path=/; HttpOnly; SameSite=Strict; Max-Age=1800"));
  const auto check = phone.answer_all("phq-9", calm());
  EXPECT_EQ(check.path, "/c/check");
  EXPECT_TRUE(check.has("More than half the days"));
  const auto done = phone.send();
  EXPECT_EQ(done.path, "/c/done");
  EXPECT_TRUE(done.has("Your care team reads new answers when the clinic is open: Monday to Friday, 8 am to 5 pm."));
  EXPECT_TRUE(done.has("The clinic is open today until 5 pm."));
  EXPECT_FALSE(done.has(">8<")) << "no score";

  const auto all = scores();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].total, 8);
  EXPECT_EQ(all[0].mode, "link");
  EXPECT_EQ(all[0].language, "en");
  EXPECT_FALSE(all[0].seen_at.has_value());
  EXPECT_FALSE(all[0].entered_by.has_value());
  EXPECT_EQ(all[0].answers.size(), 10U);
  const auto rows = row();
  EXPECT_EQ(rows.text("items.0.state"), "submitted");
  EXPECT_EQ(rows.text("items.0.identity_verified"), "false");
  EXPECT_EQ(rows.text("items.0.forms.0.measurement_id"), all[0].id.text());
  EXPECT_FALSE(clinic().refreshed.empty());
}

TEST_P(CheckIns, ChangeNothingHoweverOftenTheLinkIsLookedAt) {
  const auto link = send_link();
  for (int i = 0; i < 20; ++i) {
    Browser scanner(*this);
    EXPECT_EQ(scanner.get(link).status, 200);
    EXPECT_TRUE(scanner.cookie_.empty()) << "a scanner gets no session";
  }
  EXPECT_EQ(row().text("items.0.state"), "sent");
  Browser phone(*this);
  EXPECT_EQ(phone.start(link).path, "/c/q/1");
}

TEST_P(CheckIns, AreSubmittedOnceWhoeverSendsThem) {
  const auto link = send_link();
  Browser phone(*this), laptop(*this);
  phone.start(link);
  laptop.start(link);
  phone.answer_all("phq-9", {"1", "2", "1", "0", "3"});
  const auto there = laptop.get("/c/now");
  EXPECT_EQ(there.path, "/c/q/6") << "the other device goes on where the first stopped";
  laptop.answer_all("phq-9", calm());
  const auto one = laptop.send();
  const auto two = phone.send();
  const auto three = laptop.send();
  EXPECT_EQ(one.path, "/c/done");
  EXPECT_EQ(one.body, two.body) << "the same receipt";
  EXPECT_EQ(one.body, three.body);
  EXPECT_EQ(scores().size(), 1U);
  EXPECT_EQ(phone.answer("phq-9/q1", "3").path, "/c/done");
  EXPECT_EQ(scores()[0].total, 8);
  Browser later(*this);
  const auto again = later.get(link);
  EXPECT_TRUE(again.has("Your answers are sent already"));
  EXPECT_FALSE(again.has("half the days")) << "answers are not shown";
  EXPECT_TRUE(later.start(link).has("Your answers are sent already"));
  EXPECT_TRUE(later.cookie_.empty());
}

TEST_P(CheckIns, RaiseTheSafetySignalWithTheAnswerItself) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  phone.answer_all("phq-9", {"1", "2", "1", "0", "3", "1", "0", "0"});
  const auto pause = phone.answer("phq-9/q9", "1");
  EXPECT_EQ(pause.path, "/c/pause?next=/c/q/10");
  EXPECT_TRUE(pause.has("Thank you for telling us"));
  EXPECT_TRUE(pause.has("href=\"/c/help\""));
  EXPECT_TRUE(pause.has("href=\"/c/q/10\""));
  // The phone is put away here: nothing is lost.
  auto all = events();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].signal, "phq-9 item 9 = 1");
  EXPECT_FALSE(all[0].measurement.has_value());
  EXPECT_TRUE(scores().empty());

  phone.answer("phq-9/q9", "1");
  EXPECT_EQ(events().size(), 1U) << "a second tap is the same answer";
  phone.answer("phq-9/q9", "0");
  EXPECT_EQ(events().size(), 1U) << "nobody takes a signal back";
  phone.answer("phq-9/q9", "2");
  all = events();
  ASSERT_EQ(all.size(), 1U) << "still unacknowledged: the event says more now";
  EXPECT_EQ(all[0].signal, "phq-9 item 9 = 2");
  phone.answer("phq-9/difficulty", "skip");
  EXPECT_EQ(phone.send().path, "/c/done");
  all = events();
  ASSERT_EQ(all.size(), 1U) << "the measurement raises nothing again";
  EXPECT_EQ(all[0].measurement, scores()[0].id);
  EXPECT_EQ(scores()[0].safety, "positive");
}

TEST_P(CheckIns, RaiseAnotherSignalWhenSomebodyHasTheFirstInHand) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  phone.answer_all("phq-9", {"1", "2", "1", "0", "3", "1", "0", "0"});
  phone.answer("phq-9/q9", "1");
  ASSERT_TRUE(database()
                  .write([&](db::Tx& tx) -> Result<void> {
                    auto e = safety::list(tx, clinic().organization, patient_).front();
                    http::Request request;
                    const http::Call call{request, clinic().manager, clinic().clock().now(), {}};
                    safety::acknowledge(safety_, tx, Asker(call), e);
                    safety::update(tx, clinic().organization, e);
                    return {};
                  })
                  .has_value());
  phone.answer("phq-9/q9", "3");
  EXPECT_EQ(events().size(), 2U);
}

TEST_P(CheckIns, RefuseLinksThatAreForgedExpiredOrTakenBack) {
  Browser phone(*this);
  const auto forged = phone.get("/c/AAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(forged.status, 404);
  EXPECT_TRUE(forged.has("This link does not work"));
  EXPECT_TRUE(forged.has("tel:988"));
  EXPECT_EQ(phone.get("/c/short").status, 404);
  EXPECT_EQ(phone.start("/c/AAAAAAAAAAAAAAAAAAAAAA").status, 404);
  EXPECT_EQ(phone.get("/c/now").status, 401);

  const auto link = send_link();
  const auto id = last_;
  EXPECT_EQ(clinic().call(staff_, "POST", base() + "/" + id + "/revocation").text("state"), "revoked");
  EXPECT_EQ(phone.get(link).status, 410);
  EXPECT_EQ(phone.start(link).status, 410);
  EXPECT_EQ(clinic().call(staff_, "POST", base() + "/" + id + "/revocation").status, 409);

  const auto next = send_link();
  phone.start(next);
  phone.answer("phq-9/q1", "1");
  clinic().clock().advance(std::chrono::hours(24 * 7));
  EXPECT_EQ(phone.get(next).status, 410);
  EXPECT_TRUE(phone.get(next).has("A link works for a few days only."));
  EXPECT_EQ(phone.start(next).status, 410);
  EXPECT_EQ(row().text("items.0.state"), "expired");
}

TEST_P(CheckIns, EndTheOneBeforeWhenTheNextIsSent) {
  const auto first = send_link();
  Browser phone(*this);
  phone.start(first);
  const auto second = send_link();
  EXPECT_NE(first, second);
  EXPECT_EQ(phone.get(first).status, 410);
  EXPECT_EQ(phone.answer("phq-9/q1", "1").status, 401) << "its cookie ended too";
  EXPECT_EQ(row().text("items.1.ended_why"), "replaced");
  EXPECT_EQ(phone.start(second).path, "/c/q/1");
}

TEST_P(CheckIns, KeepTheAnswersWhenTheLinkIsSentAgain) {
  const auto first = send_link();
  Browser phone(*this);
  phone.start(first);
  phone.answer("phq-9/q1", "2");
  ASSERT_EQ(clinic().call(staff_, "POST", base() + "/" + last_ + "/resend").status, 200);
  const auto second = told_.back().path;
  Browser other(*this);
  EXPECT_EQ(other.get(first).status, 404) << "the old secret is forgotten";
  EXPECT_EQ(other.start(second).path, "/c/q/2");
}

TEST_P(CheckIns, StartTenTimesAndNoMore) {
  const auto link = send_link();
  for (int i = 0; i < 10; ++i) {
    Browser one(*this);
    EXPECT_EQ(one.start(link).path, "/c/q/1");
    EXPECT_EQ(one.start(link).path, "/c/q/1") << "a second tap on Start counts nothing";
  }
  Browser late(*this);
  EXPECT_EQ(late.start(link).status, 410);
  EXPECT_TRUE(late.get(link).has("opened too many times"));
}

TEST_P(CheckIns, CloseThePageAfterHalfAnHourAndKeepWhatWasAnswered) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  clinic().clock().advance(std::chrono::minutes(29));
  phone.answer("phq-9/q1", "1");
  clinic().clock().advance(std::chrono::minutes(29));
  EXPECT_EQ(phone.get("/c/q/2").status, 200) << "an answer gives another half hour";
  clinic().clock().advance(std::chrono::minutes(2));
  const auto closed = phone.get("/c/q/2");
  EXPECT_EQ(closed.status, 401);
  EXPECT_TRUE(closed.has("What you answered is saved"));
  EXPECT_EQ(phone.start(link).path, "/c/q/2");
}

TEST_P(CheckIns, TellTheStaffAndNobodyElseAboutAWrongPerson) {
  const auto link = send_link();
  Browser stranger(*this);
  const auto page = stranger.post(link + "/not-me");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.has("The link is off"));
  EXPECT_FALSE(page.has("Ana"));
  EXPECT_THAT(notices_, ElementsAre("checkins.wrong_person"));
  EXPECT_EQ(stranger.post(link + "/not-me").status, 200) << "a second tap says the same";
  EXPECT_THAT(notices_, ElementsAre("checkins.wrong_person"));
  EXPECT_EQ(stranger.start(link).status, 410);
  EXPECT_EQ(clinic().call(staff_, "GET", "/api/v1/check-ins?state=doubted").text("items.0.patient.family_name"), "Ruiz");
  const auto by_machine = database().write([&](db::Tx& tx) -> Result<Sent> {
    NewCheckIn wanted;
    wanted.patient = patient_;
    wanted.instruments = {"phq-9"};
    wanted.why = "reminder";
    return send(deps_, tx, clinic().organization, wanted, clinic().clock().now());
  });
  EXPECT_EQ(by_machine.error().code, ErrorCode::conflict) << "no reminder goes to an address that is doubted";
  EXPECT_FALSE(send_link().empty()) << "a person may";
}

TEST_P(CheckIns, AskForTheBirthDateFiveTimes) {
  deps_.settings.ask_birth_date = true;
  wire();
  const auto link = send_link();
  Browser phone(*this);
  EXPECT_TRUE(phone.get(link).has("What is your date of birth?"));
  EXPECT_EQ(phone.start(link).status, 422) << "nothing typed uses up no try";
  EXPECT_EQ(phone.start(link, "month=2&day=30&year=1980").status, 422);
  for (int left = 4; left > 0; --left) {
    const auto wrong = phone.start(link, "month=1&day=1&year=19" + std::to_string(70 + left));
    EXPECT_EQ(wrong.status, 422);
    EXPECT_TRUE(wrong.has(left == 1 ? "one more time" : std::to_string(left) + " more times"));
  }
  EXPECT_EQ(phone.start(link, "month=1&day=1&year=1999").status, 410);
  EXPECT_EQ(phone.start(link, "month=2&day=3&year=1980").status, 410) << "the right one comes too late";
  EXPECT_THAT(notices_, ElementsAre("checkins.birth_date"));

  const auto next = send_link();
  EXPECT_EQ(phone.start(next, "month=02&day=+3&year=1980").path, "/c/q/1");
}

TEST_P(CheckIns, KeepNothingThatIsNoAnswer) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  EXPECT_EQ(phone.answer("gad-7/q1", "1").path, "/c/q/1") << "another instrument's question";
  EXPECT_EQ(phone.answer("phq-9/q99", "1").path, "/c/q/1");
  const std::string long_text(10000, 'x');
  for (const std::string& value :
       {std::string("4"), std::string("-1"), std::string("1.5"), std::string(""), std::string("nan"), std::string("1e0x"),
        std::string("%F0%9F%98%80"), std::string("%D7%A9%D7%9C%D7%95%D7%9D"), long_text}) {
    const auto page = phone.answer("phq-9/q1", value);
    EXPECT_EQ(page.status, 422) << value.substr(0, 20);
    EXPECT_TRUE(page.has("There is a problem"));
  }
  EXPECT_EQ(phone.answer("phq-9/q9", "skip").status, 422) << "item 9 is not skipped";
  EXPECT_EQ(phone.once("POST", "/c/q/1", "item=%FF&value=1").status, 400);
  EXPECT_EQ(phone.send().status, 422) << "not everything is answered";
  EXPECT_TRUE(scores().empty());
  EXPECT_EQ(row().text("items.0.answered"), "0");
}

TEST_P(CheckIns, LetASkippedQuestionBeWhatTheInstrumentSays) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  auto values = calm();
  values[0] = "skip";
  values[9] = "skip";
  EXPECT_EQ(phone.answer_all("phq-9", values).path, "/c/check");
  EXPECT_EQ(phone.send().path, "/c/done");
  ASSERT_EQ(scores().size(), 1U);
  EXPECT_TRUE(scores()[0].prorated);
  EXPECT_EQ(scores()[0].total, 8) << "7 of 8 answers, times nine eighths";
}

TEST_P(CheckIns, ChangeAnAnswerFromTheLastPageAndComeBackToIt) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  phone.answer_all("phq-9", calm());
  EXPECT_TRUE(phone.get("/c/q/3?then=check").has("name=\"then\" value=\"check\""));
  EXPECT_EQ(phone.answer("phq-9/q3", "3", "&then=check").path, "/c/check");
  phone.send();
  EXPECT_EQ(scores()[0].total, 10);
}

TEST_P(CheckIns, SpeakTheOtherLanguageOnAskingAndRecordIt) {
  const auto link = send_link();
  Browser phone(*this);
  EXPECT_TRUE(phone.get(link + "?lang=es").has("Algunas preguntas de Maple Street"));
  const auto first = phone.start(link, "language=es");
  EXPECT_TRUE(first.has("Poco interés o placer en hacer cosas"));
  EXPECT_TRUE(phone.post("/c/language", "language=en&back=/c/q/1").has("Little interest"));
  EXPECT_TRUE(phone.post("/c/language", "language=es&back=https://evil.example/").has("Poco interés")) << "only our own pages";
  phone.answer_all("phq-9", calm());
  EXPECT_TRUE(phone.send().has("Gracias. Sus respuestas están enviadas."));
  EXPECT_EQ(scores()[0].language, "es");
}

TEST_P(CheckIns, OnTheTabletLeaveNothingForTheNextPatient) {
  const auto made = clinic().call(staff_, "POST", base(), R"({"channel":"kiosk","instruments":["phq-9"]})");
  ASSERT_EQ(made.status, 201);
  EXPECT_THAT(made.text("url"), HasSubstr("https://concord.example.org/c/"));
  EXPECT_NE(made.text("qr.path"), "(none)");
  EXPECT_TRUE(told_.empty());
  const auto link = made.text("url").substr(std::string("https://concord.example.org").size());
  Browser tablet(*this);
  EXPECT_FALSE(tablet.get(link).has("not for me"));
  tablet.start(link);
  EXPECT_THAT(tablet.last_cookie_, HasSubstr("Max-Age=600"));
  tablet.answer_all("phq-9", calm());
  const auto end = tablet.send();
  EXPECT_EQ(end.path, "/c/finished");
  EXPECT_TRUE(end.has("Please hand the tablet back"));
  EXPECT_TRUE(tablet.cookie_.empty());
  for (const auto* path : {"/c/now", "/c/q/1", "/c/check", "/c/done"}) {
    const auto page = tablet.get(path);
    EXPECT_EQ(page.status, 401) << path;
    EXPECT_FALSE(page.has("half the days"));
  }
  EXPECT_TRUE(tablet.get("/c/finished").has("Please hand the tablet back"));
  EXPECT_EQ(scores()[0].mode, "tablet");
  const auto again = clinic().call(staff_, "GET", base());
  EXPECT_EQ(again.text("items.0.url"), "(none)") << "the secret is told once";
}

TEST_P(CheckIns, AreAnsweredByStaffWhoEnterTheScore) {
  const auto link = send_link(R"(["phq-9","gad-7"])");
  Browser phone(*this);
  phone.start(link);
  const auto enter = [&](std::string body) {
    const auto answer = clinic().call(scores_, "POST", "/api/v1/patients/" + patient_.text() + "/measurements", std::move(body));
    EXPECT_EQ(answer.status, 201);
  };
  enter(R"({"instrument":"phq-9","mode":"phone","total":12})");
  EXPECT_TRUE(phone.get("/c/now").has("1 of 8")) << "only the other questionnaire is left";
  enter(R"({"instrument":"gad-7","mode":"paper","total":9})");
  EXPECT_EQ(row().text("items.0.state"), "fulfilled");
  EXPECT_EQ(row().text("items.0.forms.0.by_staff"), "true");
  EXPECT_TRUE(phone.get(link).has("Your clinic has these answers already"));
  EXPECT_EQ(scores().size(), 2U);
}

TEST_P(CheckIns, TellThePatientWhenAndByWhomTheyWereRead) {
  const auto link = send_link(R"(["phq-9","gad-7"])");
  Browser phone(*this);
  phone.start(link);
  phone.answer_all("phq-9", calm());
  phone.answer_all("gad-7", {"0", "1", "2", "3", "0", "1", "2", "skip"});
  phone.send();
  EXPECT_EQ(clinic().call(staff_, "GET", "/api/v1/check-ins").count("items"), 1U);
  const auto all = scores();
  ASSERT_EQ(all.size(), 2U);
  told_.clear();
  const auto see = [&](const measurements::Measurement& m) {
    EXPECT_EQ(
        clinic().call(scores_, "POST", "/api/v1/patients/" + patient_.text() + "/measurements/" + m.id.text() + "/seen").status,
        200);
  };
  see(all[0]);
  EXPECT_THAT(told_, IsEmpty()) << "half of it";
  see(all[1]);
  see(all[1]);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].kind, "checkins.read");
  EXPECT_EQ(row().text("items.0.seen_role"), "care_manager");
  EXPECT_EQ(row().text("items.0.identity_verified"), "true");
  EXPECT_EQ(clinic().call(staff_, "GET", "/api/v1/check-ins").count("items"), 0U);
  std::string text;
  json::Writer w(text);
  read([&](db::Tx& tx, OrganizationId o) {
    write_for_patient(deps_, w, tx, o, patient_, "en", clinic().clock().now(), [](std::string_view) { return true; });
    return 0;
  });
  EXPECT_THAT(text, HasSubstr("\"read_by_role\":\"care_manager\""));
  std::string hidden;
  json::Writer h(hidden);
  read([&](db::Tx& tx, OrganizationId o) {
    write_for_patient(deps_, h, tx, o, patient_, "en", clinic().clock().now(),
                      [](std::string_view instrument) { return instrument != "gad-7"; });
    return 0;
  });
  EXPECT_EQ(hidden, R"({"open":null,"recent":[]})");
}

TEST_P(CheckIns, MarkAllOfItSeenAtOnce) {
  const auto link = send_link(R"(["phq-9","gad-7"])");
  Browser phone(*this);
  EXPECT_EQ(clinic().call(staff_, "POST", base() + "/" + last_ + "/seen").status, 409);
  phone.start(link);
  phone.answer_all("phq-9", calm());
  phone.answer_all("gad-7", {"0", "1", "2", "3", "0", "1", "2", "skip"});
  phone.send();
  EXPECT_EQ(clinic().call(staff_, "POST", base() + "/" + last_ + "/seen").text("seen_by.name"), "Mara Quill");
  for (const auto& m : scores()) EXPECT_TRUE(m.seen_at.has_value());
}

TEST_P(CheckIns, AreAnsweredNowOnThePortalGoingOnWithTheOpenOne) {
  send_link();
  Browser home(*this);
  const auto now = database().write([&](db::Tx& tx) {
    return answer_now(deps_, tx, clinic().organization, patient_, {}, std::nullopt, "en", clinic().clock().now(), anything());
  });
  ASSERT_TRUE(now.has_value());
  EXPECT_EQ(now->id.text(), last_);
  home.cookie_ = now->cookie.value;
  EXPECT_EQ(home.get("/c/now").path, "/c/q/1");
  const auto weekly = database().write([&](db::Tx& tx) {
    return answer_now(deps_, tx, clinic().organization, patient_, {"weekly-mood"}, std::nullopt, "es", clinic().clock().now(),
                      anything());
  });
  ASSERT_TRUE(weekly.has_value());
  home.cookie_ = weekly->cookie.value;
  EXPECT_TRUE(home.get("/c/now").has("Piense en la última semana."));
  home.answer("weekly-mood/q1", "7");
  home.send();
  EXPECT_EQ(scores()[0].mode, "portal");
  EXPECT_EQ(scores()[0].total, 7);
}

TEST_P(CheckIns, AreAnsweredByATrustedPersonOnlyWhereTheyMaySeeThem) {
  const auto link = send_link();
  const auto first = last_;
  const Uuid marta = clinic().ids().next();
  const auto no_phq = [](std::string_view instrument) { return instrument != "phq-9"; };
  const auto open_for = [&](const std::vector<std::string>& instruments, std::optional<Uuid> who,
                            const std::function<bool(std::string_view)>& may) {
    return database().write([&](db::Tx& tx) {
      return answer_now(deps_, tx, clinic().organization, patient_, instruments, who, "en", clinic().clock().now(), may);
    });
  };
  const auto hidden = open_for({}, marta, no_phq);
  ASSERT_TRUE(hidden.has_value());
  EXPECT_NE(hidden->id.text(), first) << "the weekly question, as if there were nothing else";
  EXPECT_EQ(open_for({"phq-9"}, marta, no_phq).error().code, ErrorCode::not_found);
  Browser phone(*this);
  EXPECT_EQ(phone.start(link).path, "/c/q/1") << "the patient's own link still works";
  phone.answer("phq-9/q1", "1");
  const auto other = open_for({"phq-9"}, marta, anything());
  ASSERT_TRUE(other.has_value());
  EXPECT_NE(other->id.text(), first) << "the patient has begun: nobody else goes on";
  Browser sister(*this);
  sister.cookie_ = other->cookie.value;
  EXPECT_TRUE(sister.get("/c/now").has("Little interest"));
  EXPECT_EQ(phone.get("/c/now").path, "/c/q/2");
  EXPECT_EQ(row().text("items.0.on_behalf"), "true");
}

TEST_P(CheckIns, LetNoDeadLinkLeaveTheOutbox) {
  const auto needed = [&](const std::string& id, const std::string& path) {
    return read([&](db::Tx& tx, OrganizationId o) { return still_needed(deps_, tx, o, *Uuid::parse(id), path); });
  };
  const auto first = send_link();
  const auto id = last_;
  EXPECT_TRUE(needed(id, first));
  clinic().call(staff_, "POST", base() + "/" + id + "/resend");
  EXPECT_FALSE(needed(id, first)) << "another secret by now";
  EXPECT_TRUE(needed(id, told_.back().path));
  const auto last = told_.back().path;
  send_link();
  EXPECT_FALSE(needed(id, last)) << "replaced";
}

TEST_P(CheckIns, SayWhyTheyCannotBeSent) {
  const auto post = [&](std::string body) { return clinic().call(staff_, "POST", base(), std::move(body)); };
  EXPECT_EQ(post(R"({"channel":"link","instruments":["phq-9","scared","epds"]})").issue_paths(), "instruments[1] instruments[2]");
  EXPECT_EQ(post(R"({"channel":"link","instruments":[]})").issue_paths(), "instruments");
  EXPECT_EQ(post(R"({"channel":"carrier pigeon"})").issue_paths(), "instruments channel");
  cannot_be_told_ = true;
  const auto unreachable = post(R"({"channel":"link","instruments":["phq-9"]})");
  EXPECT_EQ(unreachable.status, 409);
  EXPECT_EQ(row().count("items"), 0U) << "nothing stays behind";
}

TEST_P(CheckIns, AreNobodyElsesBusiness) {
  const auto link = send_link();
  const auto& elsewhere = clinic().elsewhere;
  const auto& foreigner = clinic().foreigner;
  for (const auto* who : {&elsewhere, &foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, staff_, "GET", base()).status, 404);
    EXPECT_EQ(clinic().call_as(*who, staff_, "POST", base() + "/" + last_ + "/revocation").status, 404);
    EXPECT_EQ(clinic().call_as(*who, staff_, "GET", "/api/v1/check-ins?state=open").count("items"), 0U);
  }
  const auto other = clinic().add_patient("Ben", "Okafor");
  EXPECT_EQ(clinic().call(staff_, "POST", "/api/v1/patients/" + other.text() + "/check-ins/" + last_ + "/revocation").status,
            404);
  EXPECT_EQ(clinic().call(staff_, "GET", "/api/v1/check-ins?state=open").count("items"), 1U);
}

TEST_P(CheckIns, AreWrittenDownAsExpiredAndTheirDraftsRemovedInTheEnd) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  phone.answer("phq-9/q1", "1");
  clinic().clock().advance(std::chrono::hours(24 * 8));
  const auto tidy = [&](Instant before) {
    return *database().write([&](db::Tx& tx) -> Result<std::pair<int, std::int64_t>> {
      const int ended = write_down_expired(tx, clinic().clock().now(), 100);
      return std::pair(ended, remove_old(tx, before));
    });
  };
  EXPECT_EQ(tidy(clinic().clock().now() - std::chrono::hours(24 * 30)), std::pair(1, std::int64_t{0}));
  clinic().clock().advance(std::chrono::hours(24 * 30));
  EXPECT_EQ(tidy(clinic().clock().now() - std::chrono::hours(24 * 30)), std::pair(0, std::int64_t{1}));
  EXPECT_EQ(row().text("items.0.state"), "expired");
}

TEST_P(CheckIns, TellTheScriptWhereToGoNext) {
  const auto link = send_link();
  Browser phone(*this);
  phone.start(link);
  const auto next = phone.once("POST", "/c/q/1", "item=phq-9/q1&value=1", "application/json");
  EXPECT_EQ(next.status, 200);
  EXPECT_EQ(next.body, R"({"next":"/c/q/2"})");
}

// Whatever is tapped in whatever order on two devices: what was answered last is what arrives, once.
TEST_P(CheckIns, LoseNothingAndDoubleNothingInAnyOrder) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    patient_ = clinic().add_patient("Test" + std::to_string(seed), "Person");
    const auto link = send_link(R"(["phq-9","gad-7"])");
    Browser devices[2] = {Browser(*this), Browser(*this)};
    for (auto& device : devices) device.start(link);
    std::map<std::string, std::string> expected;
    std::vector<std::string> items;
    for (const auto* id : {"phq-9", "gad-7"})
      for (const auto& item : library().find(id)->items) items.push_back(std::string(id) + "/" + item.link_id);
    int highest_item9 = 0;
    const auto tap = [&](const std::string& item) {
      auto& device = devices[random.integer(0, 1)];
      const int value = static_cast<int>(random.integer(0, 3));
      for (std::int64_t taps = random.integer(1, 2); taps > 0; --taps) device.answer(item, std::to_string(value));
      expected[item] = std::to_string(value);
      if (item == "phq-9/q9") highest_item9 = std::max(highest_item9, value);
    };
    for (int step = 0; step < 30; ++step) {
      switch (random.integer(0, 4)) {
        case 0:
          devices[random.integer(0, 1)].get("/c/now");
          break;
        case 1:
          devices[random.integer(0, 1)].get("/c/q/" + std::to_string(random.integer(0, 19)));
          break;
        case 2:
          if (expected.size() < items.size()) {
            EXPECT_EQ(devices[random.integer(0, 1)].send().status, 422);
          }
          break;
        default:
          tap(random.pick(items));
      }
    }
    for (const auto& item : items)
      if (!expected.count(item)) tap(item);
    EXPECT_TRUE(scores().empty());
    std::vector<std::string> receipts;
    for (std::int64_t sends = random.integer(1, 4); sends > 0; --sends)
      receipts.push_back(devices[random.integer(0, 1)].send().body);
    for (const auto& receipt : receipts) EXPECT_EQ(receipt, receipts.front());
    tap("phq-9/q1");  // too late
    const auto all = scores();
    ASSERT_EQ(all.size(), 2U);
    std::map<std::string, std::string> stored;
    for (const auto& m : all)
      for (const auto& answer : m.answers)
        stored[m.instrument + "/" + answer.item] = std::to_string(static_cast<int>(*answer.value));
    stored["phq-9/q1"] = expected["phq-9/q1"];
    EXPECT_EQ(stored, expected);
    EXPECT_EQ(events().size(), highest_item9 > 0 ? 1U : 0U);
  }
}

}  // namespace
}  // namespace concord::checkins::testing
