#include "measurements/measurements_api.h"

#include <gtest/gtest.h>

#include "measurements/measurements_store.h"
#include "measurements/scored.h"
#include "support/clinic.h"

namespace concord::measurements {
namespace {

const instruments::Library& library() {
  static const instruments::Library loaded = [] {
    auto result = instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments");
    EXPECT_TRUE(result.has_value());
    return std::move(*result);
  }();
  return loaded;
}

class MeasurementRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.chart = &clinic().chart;
    deps_.library = &library();
    deps_.permitted = [](db::Tx&, OrganizationId, SiteId, std::string_view) { return false; };
    deps_.raise_signal = [this](db::Tx&, const Asker&, const patients::Place&, const RaisedSignal& raised) {
      raised_.push_back(raised);
    };
    routes_ = routes(deps_);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text() + "/measurements";
  }
  testing::Answer post(std::string body) { return clinic().call(routes_, "POST", base_, std::move(body)); }
  static std::string phq9(std::string_view answers, std::string_view more = "") {
    return R"({"instrument":"phq-9","mode":"phone","answers":)" + std::string(answers) + std::string(more) + "}";
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
  std::vector<RaisedSignal> raised_;
};
CONCORD_ON_BOTH_DATABASES(MeasurementRoutes);

TEST_P(MeasurementRoutes, ScoresStoresAndShowsWhatWasEntered) {
  const auto made = post(phq9("[3,3,2,2,2,1,1,1,0]"));
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("total"), "15");
  EXPECT_EQ(made.text("severity"), "moderately severe");
  EXPECT_EQ(made.text("valid"), "true");
  EXPECT_EQ(made.text("safety"), "none");
  EXPECT_EQ(made.text("mode"), "phone");
  EXPECT_EQ(made.text("administered_date"), "2026-03-04");
  EXPECT_EQ(made.text("administered_at"), "2026-03-04T15:00:00Z");
  EXPECT_EQ(made.text("entered_by.name"), "Mara Quill");
  EXPECT_EQ(made.text("seen_by.name"), "Mara Quill") << "who types it in has seen it";
  EXPECT_EQ(made.count("answers"), 9u);
  EXPECT_EQ(made.reply.audit_detail, "instrument=phq-9") << "never the score";
  EXPECT_EQ(clinic().refreshed, std::vector<PatientId>{patient_});
  EXPECT_TRUE(raised_.empty());
  const auto list = clinic().call(routes_, "GET", base_);
  EXPECT_EQ(list.text("items.0.answers.0.item"), "q1");
  EXPECT_EQ(list.text("items.0.answers.0.value"), "3");
}

TEST_P(MeasurementRoutes, APositiveSafetyItemIsRaisedInTheSameTransaction) {
  const auto made = post(phq9("[0,0,0,0,0,0,0,0,1]"));
  EXPECT_EQ(made.text("safety"), "positive");
  ASSERT_EQ(raised_.size(), 1u);
  EXPECT_EQ(raised_[0].signal, "phq-9 item 9 = 1");
  EXPECT_EQ(raised_[0].measurement.text(), made.text("id"));
  EXPECT_FALSE(raised_[0].level.has_value());
}

TEST_P(MeasurementRoutes, AScreenerWithLevelsRaisesItsLevel) {
  const auto* screener = library().find("c-ssrs-screener");
  ASSERT_NE(screener, nullptr);
  std::string answers;
  for (const auto& item : screener->items)
    answers += (answers.empty() ? "{\"" : ",\"") + item.link_id +
               "\":" + (item.link_id == "q4" || item.link_id == "q2" ? "true" : "false");
  const auto made = post(R"({"instrument":"c-ssrs-screener","mode":"in_person","answers":)" + answers + "}}");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  ASSERT_EQ(raised_.size(), 1u);
  EXPECT_EQ(raised_[0].signal, "c-ssrs high");
  EXPECT_EQ(raised_[0].level, "high");
}

TEST_P(MeasurementRoutes, ATotalOf28OnThePhq9IsRefused) {
  const auto refused = post(R"({"instrument":"phq-9","mode":"paper","total":28})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.issue_paths(), "total");
  EXPECT_EQ(clinic().call(routes_, "GET", base_).count("items"), 0u);
  EXPECT_EQ(post(R"({"instrument":"phq-9","mode":"paper","total":27})").text("total"), "27");
}

TEST_P(MeasurementRoutes, AnUnknownInstrumentIsRefused) {
  EXPECT_EQ(post(R"({"instrument":"phq-10","mode":"paper","total":3})").issue_paths(), "instrument");
  EXPECT_EQ(post(R"({"mode":"paper","total":3})").issue_paths(), "instrument");
}

TEST_P(MeasurementRoutes, EveryWrongAnswerIsNamed) {
  EXPECT_EQ(post(phq9(R"({"q1":4,"q2":1,"q3":"x","q10":1})")).issue_paths(), "answers.q10 answers.q3");
  EXPECT_EQ(post(phq9(R"({"q1":4,"q2":1.5,"q3":1,"q4":1,"q5":1,"q6":1,"q7":1,"q8":1,"q9":0})")).issue_paths(),
            "answers.q1 answers.q2");
  EXPECT_EQ(post(phq9(R"({"q1":1,"q2":1,"q3":1,"q4":1,"q5":1,"q6":1,"q7":1})")).issue_paths(), "answers.q8 answers.q9");
  EXPECT_EQ(post(phq9("[1,2,3]")).issue_paths(), "answers");
  EXPECT_EQ(post(R"({"instrument":"phq-9","mode":"phone"})").issue_paths(), "answers");
  EXPECT_EQ(post(R"({"instrument":"phq-9","mode":"pigeon","total":3})").issue_paths(), "mode");
}

TEST_P(MeasurementRoutes, ABlankFollowsTheInstrumentsRuleAndIsKeptAsBlank) {
  const auto prorated = post(phq9(R"({"q1":2,"q2":2,"q3":2,"q4":2,"q5":2,"q6":2,"q7":2,"q8":null,"q9":0})"));
  ASSERT_EQ(prorated.status, 201) << prorated.issue_paths();
  EXPECT_EQ(prorated.text("prorated"), "true");
  EXPECT_EQ(prorated.text("answers.7.value"), "null");
  const auto invalid = post(phq9("[2,null,null,null,2,2,2,2,0]"));
  ASSERT_EQ(invalid.status, 201);
  EXPECT_EQ(invalid.text("valid"), "false");
  EXPECT_EQ(invalid.text("total"), "null");
  EXPECT_NE(invalid.text("invalid_reason"), "null");
  const auto unknown = post(phq9("[2,2,2,2,2,2,2,2,null]"));
  EXPECT_EQ(unknown.text("safety"), "unknown") << "never taken as no";
}

TEST_P(MeasurementRoutes, DatesAreTheSitesOwnAndNeverInTheFuture) {
  // 03:30 UTC on the 2nd is the evening of the 1st in New York.
  const auto evening = post(phq9("[0,0,0,0,0,0,0,0,0]", R"(,"administered_at":"2026-03-02T03:30:00Z")"));
  EXPECT_EQ(evening.text("administered_date"), "2026-03-01");
  const auto day = post(phq9("[0,0,0,0,0,0,0,0,0]", R"(,"administered_date":"2026-03-02")"));
  EXPECT_EQ(day.text("administered_date"), "2026-03-02");
  EXPECT_EQ(day.text("administered_at"), "2026-03-02T17:00:00Z") << "noon at the site";
  EXPECT_EQ(post(phq9("[0,0,0,0,0,0,0,0,0]", R"(,"administered_at":"2026-03-04T15:00:01Z")")).issue_paths(), "administered_at");
  EXPECT_EQ(post(phq9("[0,0,0,0,0,0,0,0,0]", R"(,"administered_date":"2026-03-05")")).issue_paths(), "administered_date");
}

TEST_P(MeasurementRoutes, AnInstrumentThatNeedsAPermissionIsRefusedWithoutOne) {
  const auto body = R"({"instrument":"epds","mode":"paper","total":9})";
  EXPECT_EQ(post(body).code(), ErrorCode::not_permitted_by_licence);
  deps_.permitted = [](db::Tx&, OrganizationId, SiteId, std::string_view instrument) { return instrument == "epds"; };
  routes_ = routes(deps_);
  EXPECT_EQ(post(body).status, 201);
}

TEST_P(MeasurementRoutes, ACorrectionKeepsTheOriginalAndItsTime) {
  const auto made = post(phq9("[1,0,0,0,0,0,0,0,0]", R"(,"administered_date":"2026-03-02")"));
  const auto path = base_ + "/" + made.text("id") + "/corrections";
  const std::string body = R"({"instrument":"phq-9","answers":[2,0,0,0,0,0,0,0,1])";
  EXPECT_EQ(clinic().call(routes_, "POST", path, body + "}").issue_paths(), "reason");
  const auto fixed = clinic().call(routes_, "POST", path, body + R"(,"reason":"misread the form"})");
  ASSERT_EQ(fixed.status, 201) << fixed.issue_paths();
  EXPECT_EQ(fixed.text("replaces"), made.text("id"));
  EXPECT_EQ(fixed.text("administered_at"), made.text("administered_at"));
  EXPECT_EQ(fixed.text("mode"), "phone");
  EXPECT_EQ(fixed.text("correction_reason"), "misread the form");
  ASSERT_EQ(raised_.size(), 1u);
  EXPECT_EQ(raised_[0].corrects->text(), made.text("id"));
  const auto original = database().read(
      [&](db::Tx& tx) { return find(tx, clinic().organization, patient_, *MeasurementId::parse(made.text("id"))); });
  EXPECT_EQ(original->total, 1);
  EXPECT_EQ(original->replaced_by->text(), fixed.text("id"));
  EXPECT_EQ(clinic().call(routes_, "POST", path, body + R"(,"reason":"again"})").code(), ErrorCode::conflict);
  EXPECT_EQ(clinic().call(routes_, "GET", base_).count("items"), 2u) << "the refused one left nothing behind";
}

TEST_P(MeasurementRoutes, WhatAPatientSentIsUnseenUntilSomebodyLooks) {
  auto service = clinic().manager;
  service.kind = ActorKind::service;
  const auto made = clinic().call_as(service, routes_, "POST", base_, phq9("[0,0,0,0,0,0,0,0,0]"));
  EXPECT_EQ(made.text("seen_by"), "null");
  const auto path = base_ + "/" + made.text("id") + "/seen";
  EXPECT_EQ(clinic().call(routes_, "POST", path).text("seen_by.name"), "Mara Quill");
  auto colleague = clinic().caller("care_manager", "Lena Park", clinic().organization, {clinic().site});
  EXPECT_EQ(clinic().call_as(colleague, routes_, "POST", path).text("seen_by.name"), "Mara Quill") << "the first one stays";
}

TEST_P(MeasurementRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto made = post(phq9("[0,0,0,0,0,0,0,0,0]"));
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", base_).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", base_, phq9("[0,0,0,0,0,0,0,0,0]")).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", base_ + "/" + made.text("id") + "/seen").code(), ErrorCode::not_found);
  }
}

TEST_P(MeasurementRoutes, ReaderGivesTheContactsDayAndPathsOfItsOwn) {
  const auto read = reader(deps_);
  const auto document =
      *json::Document::parse(R"({"measurements":[{"instrument":"phq-9","total":40},{"instrument":"gad-7","total":5}]})");
  json::Issues issues;
  std::vector<StoreMeasurement> stores;
  json::Cursor(document.root(), issues).required("measurements").each([&](const json::Cursor& item) {
    stores.push_back(read(item, "video"));
  });
  ASSERT_EQ(issues.list().size(), 1u);
  EXPECT_EQ(issues.list()[0].path, "measurements[0].total");
  EXPECT_FALSE(stores[0]);
  ASSERT_TRUE(static_cast<bool>(stores[1]));
  std::string out;
  const http::Request request;
  const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  ASSERT_TRUE(database().write([&](db::Tx& tx) {
    out.clear();
    json::Writer w(out);
    const auto place = clinic().chart.find(tx, asker.caller, asker.now, patient_);
    return stores[1](tx, asker, *place, Date::ymd(2026, 3, 2), w);
  }));
  const auto list = clinic().call(routes_, "GET", base_);
  EXPECT_EQ(list.text("items.0.administered_date"), "2026-03-02");
  EXPECT_EQ(list.text("items.0.mode"), "video");
}

TEST_P(MeasurementRoutes, LoadsManyAsOneByOne) {
  std::vector<Measurement> many;
  for (int i = 0; i < 3; ++i) {
    Measurement m;
    m.id = MeasurementId(clinic().ids().next());
    m.patient = patient_;
    m.instrument = "phq-9";
    m.instrument_version = "1";
    m.administered_at = clinic().clock().now() + std::chrono::minutes(i);
    m.administered_date = clinic().today();
    m.total = i + 0.5;
    m.answers = {{"q1", 2}, {"q2", std::nullopt}};
    m.subscales = {{"B", 3}};
    m.source = "simulation";
    many.push_back(m);
  }
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    insert_all(tx, clinic().organization, many, clinic().clock().now());
    return {};
  }));
  const auto back = database().read([&](db::Tx& tx) { return list(tx, clinic().organization, patient_); });
  ASSERT_EQ(back.size(), 3u);
  EXPECT_EQ(back[0].total, 2.5) << "newest first";
  EXPECT_EQ(back[0].answers, many[2].answers);
  EXPECT_EQ(back[0].subscales, many[2].subscales);
  EXPECT_EQ(back[0].entered_at, clinic().clock().now());
}

TEST(ScoredMeasurement, NamesEachPositiveItemInItsSignal) {
  const auto* teen = library().find("phq-9m");
  ASSERT_NE(teen, nullptr);
  instruments::Score score;
  score.safety_signals = {{"q9", 2, ""}, {teen->items.back().link_id, 1, ""}};
  EXPECT_EQ(safety_signal(*teen, score).substr(0, 17), "phq-9m item 9 = 2");
  EXPECT_NE(safety_signal(*teen, score).find(", item "), std::string::npos);
  EXPECT_EQ(safety_signal(*teen, instruments::Score{}), "");
}

}  // namespace
}  // namespace concord::measurements
