#include "treatments/treatments_api.h"

#include <gtest/gtest.h>

#include "support/clinic.h"
#include "treatments/treatments_store.h"

namespace concord::treatments {
namespace {

class TreatmentRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.chart = &clinic().chart;
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

}  // namespace
}  // namespace concord::treatments
