#include "treatments/treatments_api.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/clinic.h"
#include "treatments/treatments_store.h"

namespace concord::treatments {
namespace {

const TrialRules& rules() {
  static const TrialRules loaded = [] {
    std::ifstream in(CONCORD_SOURCE_DIR "/rulesets/trials-2026.json");
    std::stringstream text;
    text << in.rdbuf();
    return load_trial_rules(text.str()).value();
  }();
  return loaded;
}

class TreatmentRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.chart = &clinic().chart;
    deps_.rules = &rules();
    deps_.scores = [](db::Tx&, OrganizationId, PatientId) {
      return ScoreSeries{"phq-9", true, {{Date::ymd(2026, 1, 9), 18}, {Date::ymd(2026, 2, 20), 12}}};
    };
    deps_.close_recommendation = [this](db::Tx&, const Asker&, const Place&, const Uuid& recommendation, const Uuid& treatment,
                                        Date day, std::string_view path) -> Result<void> {
      if (recommendation == withdrawn_) return fail(ErrorCode::conflict, "It was withdrawn; nothing was changed.");
      if (recommendation != known_)
        return fail(ErrorCode::invalid, "?", {{std::string(path), "is no recommendation for this patient"}});
      closed_.emplace_back(treatment, day);
      return {};
    };
    known_ = clinic().ids().next();
    withdrawn_ = clinic().ids().next();
    routes_ = routes(deps_);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text() + "/treatments";
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", path, std::move(body), version);
  }
  testing::Answer sertraline() {
    return post(base_,
                R"({"kind":"medication","name":"sertraline","code":"36437","dose":"50 mg daily","start_date":"2026-01-10"})");
  }

  Uuid known_, withdrawn_;
  std::vector<std::pair<Uuid, Date>> closed_;
  Deps deps_;
  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
};
CONCORD_ON_BOTH_DATABASES(TreatmentRoutes);

TEST_P(TreatmentRoutes, AChangeOfDoseIsARowOfItsOwn) {
  const auto made = sertraline();
  ASSERT_EQ(made.status, 201);
  const auto path = base_ + "/" + made.text("id");
  const auto changed = post(path + "/changes", R"({"on":"2026-02-10","to_dose":"100 mg daily","reason":"partial response"})", 1);
  ASSERT_EQ(changed.status, 201) << changed.issue_paths();
  EXPECT_EQ(changed.text("dose"), "100 mg daily");
  EXPECT_EQ(changed.text("changes.0.from_dose"), "50 mg daily");
  EXPECT_EQ(changed.reply.version, 2);
  EXPECT_EQ(post(path + "/changes", R"({"on":"2026-02-09","to_dose":"75 mg"})", 2).issue_paths(), "on")
      << "before the last change";
  EXPECT_EQ(post(path + "/changes", R"({"on":"2026-03-05","to_dose":"75 mg"})", 2).issue_paths(), "on") << "tomorrow";
  const auto late = post(path + "/changes", R"({"to_dose":"25 mg"})", 1);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.dose"), "100 mg daily");
  EXPECT_EQ(clinic().refreshed.size(), 2u);
}

TEST_P(TreatmentRoutes, AStoppedTrialIsNotChangedAnyMore) {
  const auto made = sertraline();
  const auto path = base_ + "/" + made.text("id");
  EXPECT_EQ(post(path + "/stop", R"({"on":"2026-01-09","reason":"nausea"})", 1).issue_paths(), "on");
  EXPECT_EQ(post(path + "/stop", R"({"on":"2026-02-01"})", 1).issue_paths(), "reason");
  EXPECT_EQ(post(path + "/stop", R"({"on":"2026-02-01","reason":"nausea"})", 1).text("stop_date"), "2026-02-01");
  EXPECT_EQ(post(path + "/changes", R"({"to_dose":"75 mg"})", 2).code(), ErrorCode::conflict);
  EXPECT_EQ(post(path + "/stop", R"({"reason":"nausea"})", 2).code(), ErrorCode::conflict);
}

TEST_P(TreatmentRoutes, ReaderStoresAChangeOnTheContactsDay) {
  const auto id = sertraline().text("id");
  const auto read = reader(deps_);
  const auto document = *json::Document::parse(R"({"treatment_id":")" + id + R"(","version":1,"to_dose":"100 mg daily"})");
  json::Issues issues;
  const auto store = read(json::Cursor(document.root(), issues));
  ASSERT_TRUE(issues.empty());
  const http::Request request;
  const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  const auto run = [&] {
    return database().write([&](db::Tx& tx) {
      std::string out;
      json::Writer w(out);
      return store(tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, patient_), Date::ymd(2026, 3, 2), w);
    });
  };
  EXPECT_TRUE(run().has_value());
  EXPECT_EQ(clinic().call(routes_, "GET", base_).text("items.0.changes.0.on"), "2026-03-02");
  const auto again = run();
  EXPECT_EQ(again.error().code, ErrorCode::conflict) << "the version is stale";
}

TEST_P(TreatmentRoutes, WhoMayOnlyWriteContactsChangesNoTreatment) {
  const auto id = sertraline().text("id");
  const auto worker = clinic().caller("community_worker", "Wen Abara", clinic().organization, {clinic().site});
  const auto specialist = clinic().caller("bh_specialist", "Sol Reyes", clinic().organization, {clinic().site});
  const auto change = *json::Document::parse(R"({"treatment_id":")" + id + R"(","version":1,"to_dose":"100 mg daily"})");
  const auto report = *json::Document::parse(R"({"treatment_id":")" + id + R"(","adherence":"none"})");
  json::Issues issues;
  const auto store_change = reader(deps_)(json::Cursor(change.root(), issues));
  const auto store_report = report_reader(deps_)(json::Cursor(report.root(), issues));
  const http::Request request;
  const auto run = [&](const Caller& who, bool changes) {
    const Asker asker(http::Call{request, who, clinic().clock().now(), {}});
    return database().write([&](db::Tx& tx) -> Result<void> {
      std::string out;
      json::Writer w(out);
      const auto place = *clinic().chart.find(tx, asker.caller, asker.now, patient_);
      if (changes) return store_change(tx, asker, place, Date::ymd(2026, 3, 2), w);
      return store_report(tx, asker, place, clinic().ids().next(), Date::ymd(2026, 3, 2), w);
    });
  };
  EXPECT_EQ(run(worker, true).error().code, ErrorCode::not_allowed);
  EXPECT_EQ(run(worker, false).error().code, ErrorCode::not_allowed);
  EXPECT_EQ(run(specialist, true).error().code, ErrorCode::not_allowed);
  EXPECT_TRUE(run(specialist, false).has_value());
  EXPECT_EQ(clinic().call(routes_, "GET", base_).text("items.0.version"), "1");
}

TEST_P(TreatmentRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto path = base_ + "/" + sertraline().text("id");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", base_).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", path + "/stop", R"({"reason":"x"})", 1).code(), ErrorCode::not_found);
  }
}

TEST_P(TreatmentRoutes, LoadsManyWithTheirChanges) {
  std::vector<Treatment> many(3);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].id = TreatmentId(clinic().ids().next());
    many[i].patient = patient_;
    many[i].name = "sertraline";
    many[i].start_date = Date::ymd(2026, 1, static_cast<unsigned>(i + 1));
  }
  many[1].changes = {{clinic().ids().next(), Date::ymd(2026, 2, 1), "50 mg", "100 mg", ""},
                     {clinic().ids().next(), Date::ymd(2026, 2, 8), "100 mg", "150 mg", ""}};
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    insert_all(tx, clinic().organization, many, clinic().clock().now());
    return {};
  }));
  const auto back = clinic().call(routes_, "GET", base_);
  EXPECT_EQ(back.count("items"), 3u);
  EXPECT_EQ(back.count("items.1.changes"), 2u);
  EXPECT_EQ(back.text("items.1.changes.1.to_dose"), "150 mg");
}

TEST_P(TreatmentRoutes, AStartAChangeAndAStopCloseTheirRecommendation) {
  const auto with = [&](const Uuid& id) { return R"("recommendation_id":")" + id.text() + "\""; };
  const auto made =
      post(base_, R"({"kind":"medication","name":"sertraline","dose":"50 mg","start_date":"2026-02-01",)" + with(known_) + "}");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("recommendation_id"), known_.text());
  const auto path = base_ + "/" + made.text("id");
  EXPECT_EQ(post(path + "/changes", R"({"to_dose":"100 mg",)" + with(known_) + "}", 1).status, 201);
  EXPECT_EQ(post(path + "/stop", R"({"reason":"nausea",)" + with(known_) + "}", 2).status, 200);
  ASSERT_EQ(closed_.size(), 3u);
  EXPECT_EQ(closed_[0].first.text(), made.text("id"));
  EXPECT_EQ(closed_[0].second, Date::ymd(2026, 2, 1));
  EXPECT_EQ(closed_[2].second, clinic().today());
}

TEST_P(TreatmentRoutes, NothingIsStoredWhenTheAdviceCannotBeCarriedOut) {
  const auto with = [&](const Uuid& id) { return R"("recommendation_id":")" + id.text() + "\""; };
  EXPECT_EQ(post(base_, R"({"kind":"medication","name":"sertraline",)" + with(withdrawn_) + "}").code(), ErrorCode::conflict);
  EXPECT_EQ(post(base_, R"({"kind":"medication","name":"sertraline",)" + with(clinic().ids().next()) + "}").issue_paths(),
            "recommendation_id");
  EXPECT_EQ(clinic().call(routes_, "GET", base_).count("items"), 0u);
  const auto path = base_ + "/" + sertraline().text("id");
  EXPECT_EQ(post(path + "/changes", R"({"to_dose":"100 mg",)" + with(withdrawn_) + "}", 1).code(), ErrorCode::conflict);
  EXPECT_EQ(post(path + "/stop", R"({"reason":"x",)" + with(withdrawn_) + "}", 1).code(), ErrorCode::conflict);
  const auto after = clinic().call(routes_, "GET", base_);
  EXPECT_EQ(after.text("items.0.version"), "1");
  EXPECT_EQ(after.text("items.0.dose"), "50 mg daily");
  EXPECT_EQ(after.text("items.0.stop_date"), "null");
}

TEST_P(TreatmentRoutes, TellHowLongAndHowWell) {
  const auto path = base_ + "/" + sertraline().text("id");
  post(path + "/changes", R"({"on":"2026-02-10","to_dose":"100 mg daily"})", 1);
  const auto list = clinic().call(routes_, "GET", base_);
  EXPECT_EQ(list.text("items.0.line"), "sertraline 50 -> 100 mg daily");
  EXPECT_EQ(list.text("items.0.weeks"), "7");
  EXPECT_EQ(list.text("items.0.weeks_at_dose"), "3");
  EXPECT_EQ(list.text("items.0.active"), "true");
  EXPECT_EQ(list.text("items.0.adequate.result"), "yes");
  EXPECT_EQ(list.text("items.0.last_report"), "null");
  EXPECT_EQ(list.text("trial.plan_since"), "2026-02-10");
  EXPECT_EQ(list.text("trial.weeks_on_plan"), "3");
  EXPECT_EQ(list.text("trial.score_at_change.total"), "18");
  EXPECT_EQ(list.text("trial.best_percent"), "-33.3");
  EXPECT_EQ(list.text("trial.lines.0"), "sertraline 50 -> 100 mg daily, 7 weeks");
}

TEST_P(TreatmentRoutes, ReportsAreKeptWithWhoAskedAndWhen) {
  const auto id = sertraline().text("id");
  const auto reports = base_ + "/" + id + "/reports";
  const auto made = post(reports, R"({"on":"2026-02-20","adherence":"some","side_effects":" dry mouth ","bother":1})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("side_effects"), "dry mouth");
  EXPECT_EQ(made.text("by.name"), "Mara Quill");
  EXPECT_EQ(post(reports, R"({"adherence":"mostly","bother":4})").issue_paths(), "adherence bother");
  EXPECT_EQ(post(reports, R"({"on":"2026-01-09","adherence":"some"})").issue_paths(), "on") << "before it began";
  EXPECT_EQ(post(reports, R"({"on":"2026-03-05","adherence":"some"})").issue_paths(), "on") << "tomorrow";
  EXPECT_EQ(post(base_ + "/" + clinic().ids().next().text() + "/reports", R"({"adherence":"some"})").code(),
            ErrorCode::not_found);
  const auto list = clinic().call(routes_, "GET", base_);
  EXPECT_EQ(list.text("items.0.last_report.adherence"), "some");
  EXPECT_EQ(list.text("items.0.adequate.result"), "unknown") << "taken only in part";
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/patients/" + patient_.text() + "/treatment-reports").count("items"), 1u);
}

TEST_P(TreatmentRoutes, SessionsOfPsychotherapyAreNumbered) {
  const auto sessions = "/api/v1/patients/" + patient_.text() + "/psychotherapy-sessions";
  EXPECT_EQ(post(sessions, R"({"approach":"pst","on":"2026-02-20","minutes":30,"focus":"rent","homework":"call the landlord"})")
                .text("number"),
            "1");
  EXPECT_EQ(post(sessions, R"({"approach":"ba","on":"2026-02-21"})").text("number"), "1");
  EXPECT_EQ(post(sessions, R"({"approach":"pst","on":"2026-02-13"})").text("number"), "1") << "written down later, held before";
  const auto list = clinic().call(routes_, "GET", sessions);
  EXPECT_EQ(list.text("items.1.number"), "2");
  EXPECT_EQ(list.text("items.1.homework"), "call the landlord");
  const auto pill = sertraline().text("id");
  EXPECT_EQ(post(sessions, R"({"approach":"pst","treatment_id":")" + pill + "\"}").issue_paths(), "treatment_id")
      << "a medication";
  EXPECT_EQ(post(sessions, R"({"approach":"hypnosis"})").issue_paths(), "approach");
}

TEST_P(TreatmentRoutes, ReadersStoreWhatAContactBrings) {
  const auto id = sertraline().text("id");
  const auto document = *json::Document::parse(R"({"treatment_id":")" + id + R"(","adherence":"as_planned","bother":0})");
  const auto therapy = *json::Document::parse(R"({"approach":"ba","homework":"walk on Monday"})");
  json::Issues issues;
  const auto report = report_reader(deps_)(json::Cursor(document.root(), issues));
  const auto session = session_reader(deps_)(json::Cursor(therapy.root(), issues), 24);
  ASSERT_TRUE(issues.empty());
  const http::Request request;
  const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  const Uuid contact = clinic().ids().next();
  std::string out;
  const auto done = database().write([&](db::Tx& tx) -> Result<void> {
    out.clear();
    json::Writer w(out);
    w.array();
    const auto place = *clinic().chart.find(tx, asker.caller, asker.now, patient_);
    CONCORD_TRY_VOID(report(tx, asker, place, contact, Date::ymd(2026, 3, 2), w));
    CONCORD_TRY_VOID(session(tx, asker, place, contact, Date::ymd(2026, 3, 2), w));
    w.end();
    return {};
  });
  ASSERT_TRUE(done.has_value());
  EXPECT_NE(out.find(R"("minutes":24)"), std::string::npos) << out;
  EXPECT_NE(out.find(contact.text()), std::string::npos) << out;
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/patients/" + patient_.text() + "/treatment-reports").text("items.0.on"),
            "2026-03-02");
}

}  // namespace
}  // namespace concord::treatments
