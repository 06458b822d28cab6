#include "billing/billing_api.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/text.h"
#include "billing/billing_store.h"
#include "support/clinic.h"

namespace concord::billing {
namespace {

const Rules& rules() {
  static const Rules loaded = [] {
    std::ifstream in(std::string(CONCORD_SOURCE_DIR) + "/rulesets/billing-2026.json");
    std::stringstream text;
    text << in.rdbuf();
    return *load_rules(text.str());
  }();
  return loaded;
}

// It is Wednesday 4 March 2026, 10:00 in New York. February is over and open.
class BillingRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.chart = &clinic().chart;
    deps_.rules = &rules();
    deps_.calendar_of = [](db::Tx&, OrganizationId, SiteId) { return calendar::Calendar{}; };
    deps_.site_name = [](db::Tx&, OrganizationId, SiteId) { return std::string("Maple Street"); };
    routes_ = routes(deps_);
    biller_ = clinic().caller("billing", "Bea Teller", clinic().organization, {clinic().site});
    ana_ = enrolled("Ana", "Ruiz");
  }

  /// With consent, episode, practitioner, visit and review since January.
  PatientId enrolled(std::string given, std::string family, std::string practitioner = "Dr. Lee") {
    const auto patient = clinic().add_patient(given, family);
    EXPECT_TRUE(
        database()
            .write([&](db::Tx& tx) -> Result<void> {
              static constexpr db::Sql kConsent{
                  "test.consent",
                  "INSERT INTO consent (organization_id, patient_id, consent_id, kind, method, text_version, language, "
                  "given_date, recorded_by, "
                  "recorded_at, version) VALUES ($1, $2, $3, 'collaborative_care', 'verbal', '1', 'en', $4, $5, $6, 1)"};
              static constexpr db::Sql kEpisode{
                  "test.episode",
                  "INSERT INTO episode (organization_id, episode_id, patient_id, site_id, state, primary_condition, "
                  "primary_instrument, "
                  "care_manager_id, billing_practitioner, referred_date, enrolled_date, labels, version, created_at, updated_at) "
                  "VALUES ($1, $2, $3, $4, 'active', 'depression', 'phq-9', $5, $6, $7, $7, 'normal', 1, $8, $8)"};
              static constexpr db::Sql kReview{"test.review",
                                               "INSERT INTO review (organization_id, patient_id, review_date, review_id, "
                                               "reviewer_name, question, recommendation_documented, "
                                               "source, version) VALUES ($1, $2, $3, $4, 'Dr. Noor', '', TRUE, 'concord', 1)"};
              const auto now = clinic().clock().now();
              const auto organization = clinic().organization;
              tx.run(kConsent, {organization, patient, clinic().ids().next(), Date::ymd(2026, 1, 5), clinic().manager.user, now});
              tx.run(kEpisode, {organization, clinic().ids().next(), patient, clinic().site, clinic().manager.user, practitioner,
                                Date::ymd(2026, 1, 5), now});
              tx.run(kReview, {organization, patient, Date::ymd(2026, 2, 16), clinic().ids().next()});
              return {};
            })
            .has_value());
    EXPECT_EQ(
        post(base(patient) + "/initiating-visits", R"({"date":"2025-12-20","code":"99214","practitioner":"Dr. Lee"})").status,
        201);
    return patient;
  }

  std::string base(PatientId patient) const { return "/api/v1/patients/" + patient.text(); }
  std::string minutes_of(PatientId patient) const { return base(patient) + "/minutes"; }
  testing::Answer get(std::string_view path) { return clinic().call(routes_, "GET", path); }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", path, std::move(body), version);
  }
  testing::Answer bill(std::string_view method, std::string_view path, std::string body = "",
                       std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call_as(biller_, routes_, method, path, std::move(body), version);
  }
  testing::Answer spend(PatientId patient, std::string_view date, int minutes, std::string_view more = "") {
    auto answer = post(minutes_of(patient), R"({"activity":"care_coordination","date":")" + std::string(date) +
                                                R"(","minutes":)" + std::to_string(minutes) + std::string(more) + "}");
    EXPECT_EQ(answer.status, 201) << answer.issue_paths();
    return answer;
  }
  std::string file(std::string_view path) {
    // The files are no JSON; call_as would want to parse them.
    std::string body;
    for (const auto& route : routes_) {
      if (route.name != (path.ends_with("csv") ? "billing.export_csv" : "billing.export_dft")) continue;
      http::Request request;
      request.request_id = "test";
      const auto id = split(path, '/')[5];
      const http::Call call{request, biller_, clinic().clock().now(), {{"export_id", std::string(id)}}};
      const auto work = route.handler(call);
      EXPECT_TRUE(work.has_value());
      const auto reply = database().read([&](db::Tx& tx) { return (*work)(tx); });
      EXPECT_TRUE(reply.has_value());
      body = reply->body;
    }
    return body;
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  Caller biller_;
  PatientId ana_;
};
CONCORD_ON_BOTH_DATABASES(BillingRoutes);

TEST_P(BillingRoutes, MinutesAreJudgedAndBecomeACode) {
  const auto made = spend(ana_, "2026-02-10", 36, R"(,"start":"09:00","note":"called the pharmacy")");
  EXPECT_EQ(made.text("minutes_counted"), "36");
  EXPECT_EQ(made.text("end"), "09:36");
  EXPECT_EQ(made.text("staff.name"), "Mara Quill");
  spend(ana_, "2026-02-11", 10, R"(,"separately_billed":true)");
  const auto ledger = get(minutes_of(ana_) + "?month=2026-02");
  EXPECT_EQ(ledger.text("minutes_counted"), "36");
  EXPECT_EQ(ledger.text("minutes_not_counted"), "10");
  EXPECT_EQ(ledger.text("codes.0.code"), "99492");
  EXPECT_EQ(ledger.text("codes.0.confirm"), "null");
  EXPECT_EQ(ledger.count("missing"), 0u);
  EXPECT_EQ(ledger.text("next.code"), "99494");
  EXPECT_EQ(ledger.text("next.minutes"), "50");
  EXPECT_EQ(ledger.text("items.1.reason"), "separately_billed");
  EXPECT_EQ(ledger.text("items.0.note"), "called the pharmacy");
  EXPECT_EQ(bill("GET", minutes_of(ana_) + "?month=2026-02").text("items.0.note"), "null") << "billing reads no notes";
  EXPECT_EQ(get(minutes_of(ana_)).text("month"), "2026-03");
  EXPECT_EQ(get(minutes_of(ana_)).text("initial"), "false") << "February billed the first code";
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-2").issue_paths(), "month");
}

TEST_P(BillingRoutes, WrongMinutesAreRefusedWithEveryIssue) {
  EXPECT_EQ(post(minutes_of(ana_), R"({"minutes":0,"activity":"knitting","start":"25:00"})").issue_paths(),
            "start minutes activity");
  EXPECT_EQ(post(minutes_of(ana_), "{}").issue_paths(), "minutes activity");
  EXPECT_EQ(post(minutes_of(ana_), R"({"minutes":10,"activity":"outreach","date":"2026-03-05"})").issue_paths(), "date");
  EXPECT_EQ(post(minutes_of(ana_), R"({"minutes":30,"activity":"outreach","start":"09:45"})").issue_paths(), "minutes")
      << "it is 10:00: the minutes would end in the future";
  EXPECT_EQ(get(minutes_of(ana_)).count("items"), 0u);
}

TEST_P(BillingRoutes, OverlappingMinutesAreRefusedAndSayWithWhatToThoseWhoMaySee) {
  const auto ben = enrolled("Ben", "Ode");
  spend(ana_, "2026-03-02", 30, R"(,"start":"09:00")");
  const auto refused = post(minutes_of(ben), R"({"minutes":20,"activity":"outreach","date":"2026-03-02","start":"09:29"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.text("overlaps.0.patient.name"), "Ruiz, Ana");
  EXPECT_EQ(refused.text("overlaps.0.start"), "09:00");
  EXPECT_EQ(refused.text("overlaps.0.end"), "09:30");
  EXPECT_EQ(get(minutes_of(ben)).count("items"), 0u) << "nothing is half-done";
  EXPECT_EQ(post(minutes_of(ben), R"({"minutes":20,"activity":"outreach","date":"2026-03-02","start":"09:30"})").status, 201);
  // The same person, working at the other site only: the name of a patient they may not see there stays hidden.
  auto roaming = clinic().manager;
  roaming.sites = {clinic().other_site};
  auto far = clinic().patient("Far", "Away");
  far.site = clinic().other_site;
  const auto away = clinic().add(far);
  const auto hidden = clinic().call_as(roaming, routes_, "POST", minutes_of(away),
                                       R"({"minutes":20,"activity":"outreach","date":"2026-03-02","start":"09:10"})");
  EXPECT_EQ(hidden.status, 409);
  EXPECT_EQ(hidden.text("overlaps.0.patient"), "null");
  EXPECT_EQ(hidden.reply.body.find("Ruiz"), std::string::npos);
  // Somebody else's minutes never stand in the way.
  auto other = clinic().caller("care_manager", "Ora Lin", clinic().organization, {clinic().site});
  EXPECT_EQ(clinic()
                .call_as(other, routes_, "POST", minutes_of(ana_),
                         R"({"minutes":20,"activity":"outreach","date":"2026-03-02","start":"09:10"})")
                .status,
            201);
}

TEST_P(BillingRoutes, ACorrectionKeepsTheOriginal) {
  const auto made = spend(ana_, "2026-03-02", 20, R"(,"start":"09:00")");
  const auto path = minutes_of(ana_) + "/" + made.text("id");
  EXPECT_EQ(post(path + "/corrections", R"({"minutes":25})", 1).issue_paths(), "reason");
  const auto corrected = post(path + "/corrections", R"({"minutes":25,"start":"09:05","reason":"typed wrongly"})", 1);
  ASSERT_EQ(corrected.status, 201) << corrected.issue_paths();
  EXPECT_EQ(corrected.text("start"), "09:05") << "the old entry is no overlap";
  EXPECT_EQ(post(path + "/corrections", R"({"minutes":26,"reason":"again"})", 1).status, 412);
  const auto ledger = get(minutes_of(ana_));
  EXPECT_EQ(ledger.text("minutes_counted"), "25");
  EXPECT_EQ(ledger.count("items"), 2u);
  EXPECT_EQ(ledger.text("items.0.corrected.reason"), "typed wrongly");
  EXPECT_EQ(ledger.text("items.0.corrected.replaced_by"), corrected.text("id"));
  EXPECT_EQ(ledger.text("items.0.minutes"), "20");
  const auto removed = post(minutes_of(ana_) + "/" + corrected.text("id") + "/removal", R"({"reason":"another patient"})", 1);
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(removed.text("corrected.replaced_by"), "null");
  EXPECT_EQ(get(minutes_of(ana_)).text("minutes_counted"), "0");
  EXPECT_EQ(get(minutes_of(ana_)).count("items"), 2u);
}

TEST_P(BillingRoutes, TheTimerRunsOnTheServer) {
  EXPECT_EQ(get("/api/v1/timer").text("timer"), "null");
  const auto body = R"({"patient_id":")" + ana_.text() + R"(","activity":"outreach"})";
  EXPECT_EQ(post("/api/v1/timer", body).status, 201);
  EXPECT_EQ(post("/api/v1/timer", body).status, 409);
  EXPECT_EQ(post("/api/v1/timer", body).text("timer.activity"), "outreach");
  clinic().clock().advance(std::chrono::minutes(24) + std::chrono::seconds(59));
  EXPECT_EQ(get("/api/v1/timer").text("timer.minutes"), "24");
  EXPECT_EQ(get("/api/v1/timer").text("timer.patient.name"), "Ruiz, Ana");
  const auto stopped = post("/api/v1/timer/stop", R"({"note":"spoke with her sister"})");
  EXPECT_EQ(stopped.text("entry.minutes"), "24") << "whole minutes only";
  EXPECT_EQ(stopped.text("entry.start"), "10:00");
  EXPECT_EQ(stopped.text("entry.source"), "timer");
  EXPECT_EQ(get("/api/v1/timer").text("timer"), "null");
  EXPECT_EQ(post("/api/v1/timer/stop", "{}").text("entry"), "null") << "nothing runs";
  // For a contact form: the minutes are handed over and nothing is stored.
  EXPECT_EQ(post("/api/v1/timer", body).status, 201);
  clinic().clock().advance(std::chrono::minutes(7));
  const auto handed = post("/api/v1/timer/stop", R"({"keep":false})");
  EXPECT_EQ(handed.text("minutes"), "7");
  EXPECT_EQ(handed.text("entry"), "null");
  EXPECT_EQ(get(minutes_of(ana_)).text("minutes_counted"), "24");
  // A forgotten one asks for the minutes.
  EXPECT_EQ(post("/api/v1/timer", body).status, 201);
  clinic().clock().advance(std::chrono::hours(9));
  EXPECT_EQ(post("/api/v1/timer/stop", "{}").issue_paths(), "minutes");
  EXPECT_EQ(post("/api/v1/timer/stop", R"({"minutes":600})").issue_paths(), "minutes");
  EXPECT_EQ(post("/api/v1/timer/stop", R"({"minutes":15})").text("entry.minutes"), "15");
}

TEST_P(BillingRoutes, ATimerOverAClockChangeCountsElapsedMinutes) {
  // 8 March 2026: at 02:00 the clocks go to 03:00.
  clinic().clock().set(*parse_instant("2026-03-08T06:50:00Z"));  // 01:50
  post("/api/v1/timer", R"({"patient_id":")" + ana_.text() + R"(","activity":"outreach"})");
  clinic().clock().set(*parse_instant("2026-03-08T07:10:00Z"));  // 03:10
  EXPECT_EQ(post("/api/v1/timer/stop", "{}").text("entry.minutes"), "20");
}

TEST_P(BillingRoutes, TheBoardShowsWhoIsNearACodeAndWhatIsMissing) {
  const auto ben = enrolled("Ben", "Ode", "");
  spend(ana_, "2026-02-10", 40);
  spend(ana_, "2026-03-02", 25);
  spend(ben, "2026-02-10", 40);
  auto board = bill("GET", "/api/v1/billing/months/2026-03");
  EXPECT_EQ(board.status, 200);
  EXPECT_EQ(board.text("state"), "open");
  EXPECT_EQ(board.text("can_close"), "false");
  EXPECT_EQ(board.text("working_days_left"), "20");
  EXPECT_EQ(board.text("counts.near"), "0") << "there is time yet";
  EXPECT_EQ(board.text("items.0.patient.name"), "Ruiz, Ana");
  EXPECT_EQ(board.text("items.0.codes.0.confirm.code"), "payer_16_to_29");
  EXPECT_EQ(board.text("items.1.minutes_counted"), "0") << "an enrolled patient without minutes is on the board";
  clinic().clock().set(*parse_instant("2026-03-25T15:00:00Z"));  // Wednesday: 5 working days left
  board = clinic().call(routes_, "GET", "/api/v1/billing/months/2026-03?show=near");
  EXPECT_EQ(board.text("working_days_left"), "5");
  EXPECT_EQ(board.count("items"), 1u);
  EXPECT_EQ(board.text("items.0.next.code"), "G2214");
  EXPECT_EQ(board.text("items.0.next.minutes"), "5");
  board = bill("GET", "/api/v1/billing/months/2026-02?show=missing");
  EXPECT_EQ(board.count("items"), 1u);
  EXPECT_EQ(board.text("items.0.missing.0.kind"), "practitioner");
  EXPECT_EQ(board.text("counts.minutes_counted"), "80");
  EXPECT_EQ(bill("GET", "/api/v1/billing/months/2026-02?show=what").issue_paths(), "show");
  EXPECT_EQ(bill("GET", "/api/v1/billing/months/soon").code(), ErrorCode::not_found);
  EXPECT_EQ(bill("GET", "/api/v1/billing/months/2026-02?site=" + clinic().other_site.text()).issue_paths(), "site");
  // Pages follow one another without a gap.
  const auto first = bill("GET", "/api/v1/billing/months/2026-02?limit=1");
  const auto second = bill("GET", "/api/v1/billing/months/2026-02?limit=1&after=" + first.text("next"));
  EXPECT_NE(first.text("items.0.patient.id"), second.text("items.0.patient.id"));
  EXPECT_EQ(second.text("next"), "null");
}

TEST_P(BillingRoutes, OverlapsCountOnTheBoardAsInThePatientsLedger) {
  const auto ben = enrolled("Ben", "Ode");
  // Imported minutes may overlap; nobody is asked then.
  ASSERT_TRUE(database()
                  .write([&](db::Tx& tx) -> Result<void> {
                    for (const auto& [patient, start] : {std::pair(ana_, 540), std::pair(ben, 560)}) {
                      TimeEntry t;
                      t.id = TimeEntryId(clinic().ids().next());
                      t.patient = patient;
                      t.date = Date::ymd(2026, 2, 10);
                      t.staff_name = "Imported Person";
                      t.minutes = 36;
                      t.activity = "contact";
                      t.start_minute = start;
                      insert(tx, clinic().organization, t);
                    }
                    return {};
                  })
                  .has_value());
  const auto board = bill("GET", "/api/v1/billing/months/2026-02");
  EXPECT_EQ(board.text("counts.minutes_counted"), "36");
  EXPECT_EQ(board.text("items.1.reasons.0.reason"), "overlap");
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("minutes_counted"), "36");
  EXPECT_EQ(get(minutes_of(ben) + "?month=2026-02").text("minutes_counted"), "0");
  EXPECT_EQ(get(minutes_of(ben) + "?month=2026-02").text("items.0.reason"), "overlap");
}

TEST_P(BillingRoutes, AClosedMonthRefusesChangesAndSaysHowToCorrect) {
  const auto made = spend(ana_, "2026-02-10", 36);
  const std::string february = "/api/v1/billing/months/2026-02";
  EXPECT_EQ(bill("POST", "/api/v1/billing/months/2026-03/close", "{}").code(), ErrorCode::conflict) << "March is not over";
  const auto closed = bill("POST", february + "/close", R"({"site_id":")" + clinic().site.text() + "\"}");
  ASSERT_EQ(closed.status, 200);
  EXPECT_EQ(closed.text("charges"), "1");
  EXPECT_EQ(closed.text("held"), "0");
  EXPECT_EQ(bill("POST", february + "/close", "{}").code(), ErrorCode::conflict);
  const auto path = minutes_of(ana_) + "/" + made.text("id");
  const auto refused = post(path + "/corrections", R"({"minutes":40,"reason":"typed wrongly"})", 1);
  EXPECT_EQ(refused.code(), ErrorCode::conflict);
  EXPECT_NE(refused.error->text.find("reopen"), std::string::npos);
  EXPECT_EQ(post(minutes_of(ana_), R"({"minutes":5,"activity":"outreach","date":"2026-02-11"})").code(), ErrorCode::conflict);
  EXPECT_EQ(post(minutes_of(ana_), R"({"minutes":5,"activity":"outreach","date":"2026-01-30"})").code(), ErrorCode::conflict)
      << "what lies before a closed month is closed";
  EXPECT_EQ(post(path + "/removal", R"({"reason":"x"})", 1).code(), ErrorCode::conflict);
  EXPECT_EQ(bill("PUT", base(ana_) + "/billing-choices/2026-02", R"({"family":"apcm","reason":"x"})").code(),
            ErrorCode::conflict);
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("closed"), "true");
  EXPECT_EQ(bill("POST", february + "/reopen", "{}").issue_paths(), "reason");
  clinic().clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(bill("POST", february + "/reopen", R"({"reason":"a correction"})").status, 200);
  clinic().clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(post(path + "/corrections", R"({"minutes":90,"reason":"typed wrongly"})", 1).status, 201);
  EXPECT_EQ(bill("POST", february + "/close", "{}").text("charges"), "2") << "99492 and 99494";
  const auto history = bill("GET", february + "/history");
  EXPECT_EQ(history.count("items"), 3u);
  EXPECT_EQ(history.text("items.1.kind"), "reopen");
  EXPECT_EQ(history.text("items.1.reason"), "a correction");
}

TEST_P(BillingRoutes, MonthsCloseInOrderAndReopenFromTheLast) {
  spend(ana_, "2026-02-10", 36);
  const std::string months = "/api/v1/billing/months/";
  EXPECT_EQ(bill("POST", months + "2026-01/close", "{}").status, 200);
  clinic().clock().set(*parse_instant("2026-05-01T15:00:00Z"));
  EXPECT_EQ(bill("POST", months + "2026-03/close", "{}").issue_paths(), "month");
  EXPECT_EQ(bill("POST", months + "2026-02/close", "{}").status, 200);
  EXPECT_EQ(bill("POST", months + "2026-03/close", "{}").status, 200);
  EXPECT_EQ(bill("POST", months + "2026-02/reopen", R"({"reason":"x"})").issue_paths(), "month");
  EXPECT_EQ(bill("POST", months + "2026-04/reopen", R"({"reason":"x"})").code(), ErrorCode::conflict) << "April is open";
  // March had no minutes; the course is carried over it, so April is a later month.
  spend(ana_, "2026-04-10", 36);
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-04").text("codes.0.code"), "99493");
  EXPECT_EQ(bill("POST", months + "2026-03/reopen", R"({"reason":"x"})").status, 200);
  EXPECT_EQ(bill("POST", months + "2026-02/reopen", R"({"reason":"x"})").status, 200);
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-04").text("codes.0.code"), "99493") << "computed from open months alike";
}

TEST_P(BillingRoutes, AContactWrittenIntoAClosedMonthDoesNotCountThere) {
  spend(ana_, "2026-02-10", 36);
  bill("POST", "/api/v1/billing/months/2026-02/close", "{}");
  clinic().clock().advance(std::chrono::hours(1));
  ASSERT_TRUE(database()
                  .write([&](db::Tx& tx) -> Result<void> {
                    TimeEntry t;
                    t.id = TimeEntryId(clinic().ids().next());
                    t.patient = ana_;
                    t.date = Date::ymd(2026, 2, 20);
                    t.minutes = 60;
                    t.activity = "treatment";
                    t.staff_role = "care_manager";
                    t.entered_at = clinic().clock().now();
                    insert(tx, clinic().organization, t);
                    return {};
                  })
                  .has_value());
  const auto ledger = get(minutes_of(ana_) + "?month=2026-02");
  EXPECT_EQ(ledger.text("minutes_counted"), "36");
  EXPECT_EQ(ledger.text("items.1.reason"), "after_close");
  bill("POST", "/api/v1/billing/months/2026-02/reopen", R"({"reason":"a late contact"})");
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("minutes_counted"), "96");
}

TEST_P(BillingRoutes, EveryChargeGoesOutOnce) {
  const auto ben = enrolled("Ben", "O^de|&~\\", "");
  spend(ana_, "2026-02-10", 90);
  spend(ben, "2026-02-10", 40);
  const std::string february = "/api/v1/billing/months/2026-02";
  EXPECT_EQ(bill("POST", february + "/exports", "{}").code(), ErrorCode::conflict) << "the month is open";
  EXPECT_EQ(bill("POST", february + "/close", "{}").text("held"), "1") << "Ben's episode names no practitioner";
  const auto batch = bill("POST", february + "/exports", "{}");
  ASSERT_EQ(batch.status, 201);
  EXPECT_EQ(batch.text("charges"), "2");
  EXPECT_EQ(bill("POST", february + "/exports", "{}").code(), ErrorCode::conflict) << "nothing is left";
  const auto path = "/api/v1/billing/exports/" + batch.text("id");
  const auto csv = file(path + "/csv"), dft = file(path + "/dft");
  EXPECT_NE(csv.find(",99492,"), std::string::npos);
  EXPECT_NE(csv.find("160.32,\"Medicare, national, non-facility\",2026-01-01,2026-12-31"), std::string::npos);
  EXPECT_EQ(std::count(dft.begin(), dft.end(), '\n'), 0) << "segments end with CR";
  EXPECT_NE(dft.find("|DFT^P03^DFT_P03|"), std::string::npos);
  EXPECT_EQ(file(path + "/dft"), dft) << "the same bytes each time";
  // Ben's is confirmed by a person and goes out in a batch of its own.
  auto held = bill("GET", february + "/charges?state=held");
  ASSERT_EQ(held.count("items"), 1u);
  EXPECT_EQ(held.text("items.0.missing.0"), "practitioner");
  const auto decision = "/api/v1/billing/charges/" + held.text("items.0.id") + "/decision";
  EXPECT_EQ(bill("POST", decision, R"({"decision":"confirm"})", 1).issue_paths(), "reason");
  EXPECT_EQ(bill("POST", decision, R"({"decision":"confirm","reason":"Dr. Lee bills"})", 1).text("state"), "ready");
  EXPECT_EQ(bill("POST", decision, R"({"decision":"decline","reason":"x"})", 1).status, 412);
  const auto second = bill("POST", february + "/exports", "{}");
  EXPECT_EQ(second.text("charges"), "1");
  EXPECT_NE(file("/api/v1/billing/exports/" + second.text("id") + "/dft").find("|O\\S\\de\\F\\\\T\\\\R\\\\E\\^Ben|"),
            std::string::npos);
  EXPECT_EQ(bill("GET", february + "/exports").count("items"), 2u);
  EXPECT_EQ(bill("POST", decision, R"({"decision":"decline","reason":"x"})", 3).code(), ErrorCode::conflict) << "it has gone out";
}

TEST_P(BillingRoutes, ACorrectionAfterTheExportCreditsWhatWentOut) {
  const auto made = spend(ana_, "2026-02-10", 90);
  const std::string february = "/api/v1/billing/months/2026-02";
  bill("POST", february + "/close", "{}");
  bill("POST", february + "/exports", "{}");
  bill("POST", february + "/reopen", R"({"reason":"the minutes were another patient's"})");
  EXPECT_EQ(
      post(minutes_of(ana_) + "/" + made.text("id") + "/corrections", R"({"minutes":40,"reason":"50 were Ben's"})", 1).status,
      201);
  bill("POST", february + "/close", "{}");
  const auto batch = bill("POST", february + "/exports", "{}");
  EXPECT_EQ(batch.text("charges"), "0") << "99492 went out before and stays";
  EXPECT_EQ(batch.text("credits"), "1") << "99494 is taken back";
  const auto dft = file("/api/v1/billing/exports/" + batch.text("id") + "/dft");
  EXPECT_NE(dft.find("|CR|99494^"), std::string::npos);
  EXPECT_EQ(dft.find("|CG|"), std::string::npos);
  EXPECT_EQ(bill("POST", february + "/exports", "{}").code(), ErrorCode::conflict);
  EXPECT_EQ(bill("GET", february + "/charges?state=credited").count("items"), 1u);
}

TEST_P(BillingRoutes, ADeclinedFirstCodeMayBeBilledLater) {
  spend(ana_, "2026-02-10", 36);
  const std::string february = "/api/v1/billing/months/2026-02";
  bill("POST", february + "/close", "{}");
  const auto charge = bill("GET", february + "/charges").text("items.0.id");
  EXPECT_EQ(get(minutes_of(ana_)).text("initial"), "false");
  EXPECT_EQ(bill("POST", "/api/v1/billing/charges/" + charge + "/decision", R"({"decision":"decline","reason":"not covered"})", 1)
                .text("state"),
            "declined");
  EXPECT_EQ(get(minutes_of(ana_)).text("initial"), "true");
  EXPECT_EQ(bill("POST", february + "/exports", "{}").code(), ErrorCode::conflict);
}

TEST_P(BillingRoutes, TheAddOnIsHeldUntilSomebodyChooses) {
  spend(ana_, "2026-02-10", 90);
  EXPECT_EQ(bill("POST", base(ana_) + "/outside-services", R"({"date":"2026-02-02","code":"99213"})").issue_paths(), "code");
  const auto service =
      bill("POST", base(ana_) + "/outside-services", R"({"date":"2026-02-02","code":"g0557","practitioner":"dr. lee"})");
  ASSERT_EQ(service.status, 201);
  auto ledger = get(minutes_of(ana_) + "?month=2026-02");
  EXPECT_EQ(ledger.text("codes.0.code"), "99492");
  EXPECT_EQ(ledger.text("codes.0.confirm.code"), "apcm_either_or");
  EXPECT_EQ(bill("PUT", base(ana_) + "/billing-choices/2026-02", R"({"family":"apcm","reason":"pays more"})").status, 200);
  ledger = get(minutes_of(ana_) + "?month=2026-02");
  EXPECT_EQ(ledger.count("codes"), 1u) << "never beside the time codes";
  EXPECT_EQ(ledger.text("codes.0.code"), "G0568");
  EXPECT_EQ(ledger.text("codes.0.confirm"), "null");
  EXPECT_EQ(clinic().call_as(biller_, routes_, "DELETE", base(ana_) + "/outside-services/" + service.text("id")).status, 204);
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("missing.0.kind"), "apcm_base");
}

TEST_P(BillingRoutes, AHospitalStayTakesItsDaysOut) {
  spend(ana_, "2026-02-10", 36);
  const auto stay = post(base(ana_) + "/inpatient-stays", R"({"kind":"inpatient","admit_date":"2026-02-09"})");
  ASSERT_EQ(stay.status, 201);
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("items.0.reason"), "inpatient");
  const auto path = base(ana_) + "/inpatient-stays/" + stay.text("id");
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"discharge_date":"2026-02-08"})", 1).issue_paths(), "discharge_date");
  EXPECT_EQ(clinic()
                .call(routes_, "PATCH", path, R"({"discharge_date":"2026-02-09","discharge_time":"17:30"})", 1)
                .text("discharge_time"),
            "17:30");
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"discharge_date":"2026-02-09"})", 1).status, 412);
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("minutes_counted"), "36");
  EXPECT_EQ(clinic().call(routes_, "DELETE", path).status, 204);
  EXPECT_EQ(get(base(ana_) + "/inpatient-stays").count("items"), 0u);
}

TEST_P(BillingRoutes, PayerSettingsAreVersionsAndDecideTheCodes) {
  const auto covered = [&] {
    return database().write([&](db::Tx& tx) -> Result<void> {
      static constexpr db::Sql kCoverage{
          "test.coverage",
          "INSERT INTO coverage (organization_id, patient_id, coverage_id, payer_category, plan_name, "
          "start_date, version) VALUES ($1, $2, $3, 'commercial', 'Blue', $4, 1)"};
      tx.run(kCoverage, {clinic().organization, ana_, clinic().ids().next(), Date::ymd(2026, 1, 1)});
      return {};
    });
  };
  ASSERT_TRUE(covered().has_value());
  spend(ana_, "2026-02-10", 146);
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("codes.1.units"), "2");
  EXPECT_EQ(bill("POST", "/api/v1/billing/settings",
                 R"({"payer_category":"gold","valid_from":"2026-02-02","settings":{"cap":3},"reason":""})")
                .issue_paths(),
            "payer_category valid_from settings.cap reason");
  const auto setting =
      bill("POST", "/api/v1/billing/settings",
           R"({"payer_category":"commercial","valid_from":"2026-02-01","settings":{"add_on_cap":null},"reason":"contract"})");
  ASSERT_EQ(setting.status, 201) << setting.issue_paths();
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("codes.1.units"), "3");
  bill("POST", "/api/v1/billing/settings",
       R"({"payer_category":"commercial","valid_from":"2026-02-01","settings":{"add_on_cap":1},"reason":"read it again"})");
  EXPECT_EQ(get(minutes_of(ana_) + "?month=2026-02").text("codes.1.units"), "1");
  const auto all = bill("GET", "/api/v1/billing/settings");
  EXPECT_EQ(all.count("items"), 2u) << "the first version stays";
  EXPECT_EQ(all.text("items.0.version"), "2");
  EXPECT_EQ(all.text("items.0.current"), "true");
  EXPECT_EQ(all.text("items.1.current"), "false");
  EXPECT_EQ(all.text("items.1.settings.add_on_cap"), "null");
  EXPECT_EQ(bill("POST", "/api/v1/billing/settings",
                 R"({"payer_category":"medicare","valid_from":"2026-02-01","settings":{"family":"g0512"},"reason":"x"})")
                .issue_paths(),
            "settings.family")
      << "G0512 ended for Medicare";
}

TEST_P(BillingRoutes, RatesCarryTheirDateAndSource) {
  const auto rates = bill("GET", "/api/v1/billing/rates");
  EXPECT_EQ(rates.text("codes.0.code"), "99492");
  EXPECT_EQ(rates.text("codes.0.rates.0.usd"), "160.32");
  EXPECT_EQ(rates.text("codes.0.rates.0.until"), "2026-12-31");
  EXPECT_NE(rates.text("codes.0.rates.0.source"), "");
}

TEST_P(BillingRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto id = spend(ana_, "2026-02-10", 36).text("id");
  bill("POST", "/api/v1/billing/months/2026-02/close", "{}");
  const auto charge = bill("GET", "/api/v1/billing/months/2026-02/charges").text("items.0.id");
  const auto batch = bill("POST", "/api/v1/billing/months/2026-02/exports", "{}").text("id");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    const auto ask = [&](std::string_view method, const std::string& path, std::string body = "",
                         std::optional<std::int64_t> v = std::nullopt) {
      return clinic().call_as(*who, routes_, method, path, std::move(body), v).code();
    };
    EXPECT_EQ(ask("GET", minutes_of(ana_)), ErrorCode::not_found);
    EXPECT_EQ(ask("POST", minutes_of(ana_), R"({"minutes":5,"activity":"outreach"})"), ErrorCode::not_found);
    EXPECT_EQ(ask("POST", minutes_of(ana_) + "/" + id + "/removal", R"({"reason":"x"})", 1), ErrorCode::not_found);
    EXPECT_EQ(ask("POST", "/api/v1/timer", R"({"patient_id":")" + ana_.text() + R"(","activity":"outreach"})"),
              ErrorCode::not_found);
    EXPECT_EQ(ask("GET", base(ana_) + "/initiating-visits"), ErrorCode::not_found);
    EXPECT_EQ(ask("POST", "/api/v1/billing/charges/" + charge + "/decision", R"({"decision":"decline","reason":"x"})", 2),
              ErrorCode::not_found);
    EXPECT_EQ(ask("GET", "/api/v1/billing/exports/" + batch + "/csv"), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", "/api/v1/billing/months/2026-02").text("counts.patients"), "0");
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", "/api/v1/billing/months/2026-02/charges").count("items"), 0u);
  }
}

TEST_P(BillingRoutes, ThePatientPageShowsThisMonth) {
  spend(ana_, "2026-03-02", 30);
  http::Request request;
  const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  std::string out;
  json::Writer w(out);
  database().read([&](db::Tx& tx) { write_month(deps_, w, tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, ana_)); });
  EXPECT_NE(out.find(R"("month":"2026-03","minutes_counted":30)"), std::string::npos) << out;
  // Somebody without minutes and episode.
  const auto cem = clinic().add_patient("Cem", "Pala");
  out.clear();
  json::Writer again(out);
  database().read(
      [&](db::Tx& tx) { write_month(deps_, again, tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, cem)); });
  EXPECT_NE(out.find(R"("minutes_counted":0)"), std::string::npos) << out;
}

}  // namespace
}  // namespace concord::billing
