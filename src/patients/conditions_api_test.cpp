#include "patients/conditions_api.h"

#include <gtest/gtest.h>

#include "support/clinic.h"

namespace concord::patients {
namespace {

class ConditionRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    routes_ = condition_routes(clinic().chart);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text();
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", base_ + std::string(path), std::move(body), version);
  }
  std::string section(void (*write)(json::Writer&, db::Tx&, const Asker&, const Place&)) {
    const http::Request request;
    const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
    return database().read([&](db::Tx& tx) {
      std::string out;
      json::Writer w(out);
      write(w, tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, patient_));
      return out;
    });
  }

  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
};
CONCORD_ON_BOTH_DATABASES(ConditionRoutes);

TEST_P(ConditionRoutes, AConditionStandsUntilItEndsAndStaysInTheList) {
  const auto made = post(
      "/conditions",
      R"({"text":" Type 2 diabetes ","code":"E11.9","code_system":"http://hl7.org/fhir/sid/icd-10-cm","onset_date":"2020-02-01"})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("text"), "Type 2 diabetes");
  EXPECT_EQ(made.text("clinical_status"), "active");
  EXPECT_EQ(made.text("recorded_date"), "2026-03-04");
  EXPECT_NE(section(write_conditions).find("diabetes"), std::string::npos);
  const auto end = "/conditions/" + made.text("id") + "/end";
  EXPECT_EQ(post(end, R"({"on":"2026-03-05"})", 1).issue_paths(), "on") << "tomorrow";
  EXPECT_EQ(post(end, R"({"on":"2020-01-31"})", 1).issue_paths(), "on") << "before it began";
  const auto ended = post(end, R"({"on":"2026-03-01","clinical_status":"remission"})", 1);
  EXPECT_EQ(ended.text("clinical_status"), "remission");
  EXPECT_EQ(ended.text("ended_date"), "2026-03-01");
  EXPECT_EQ(post(end, "{}", 1).status, 412);
  EXPECT_EQ(post(end, "{}", 2).code(), ErrorCode::conflict);
  EXPECT_EQ(section(write_conditions), "[]") << "the page shows those that stand";
  EXPECT_EQ(clinic().call(routes_, "GET", base_ + "/conditions").count("items"), 1u);
}

TEST_P(ConditionRoutes, AnAllergyEndsWithAReason) {
  const auto made =
      post("/allergies", R"({"substance":"Penicillin","category":"medication","criticality":"high","reaction":"hives"})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("active"), "true");
  EXPECT_NE(section(write_allergies).find("Penicillin"), std::string::npos);
  const auto end = "/allergies/" + made.text("id") + "/end";
  EXPECT_EQ(post(end, "{}", 1).issue_paths(), "reason");
  EXPECT_EQ(post(end, R"({"reason":"tested: none"})", 1).text("active"), "false");
  EXPECT_EQ(section(write_allergies), "[]");
  EXPECT_EQ(clinic().call(routes_, "GET", base_ + "/allergies").text("items.0.end_reason"), "tested: none");
}

TEST_P(ConditionRoutes, WrongInputIsToldWithItsPlace) {
  EXPECT_EQ(post("/conditions", R"({"text":"","onset_date":"2026-03-05"})").issue_paths(), "text");
  EXPECT_EQ(post("/conditions", R"({"text":"Asthma","onset_date":"2026-03-05"})").issue_paths(), "onset_date");
  EXPECT_EQ(post("/conditions", R"({"text":"Asthma","code_system":"x"})").issue_paths(), "code");
  EXPECT_EQ(post("/allergies", R"({"substance":"Egg","category":"pet","criticality":"some"})").issue_paths(),
            "category criticality");
}

TEST_P(ConditionRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto condition = base_ + "/conditions/" + post("/conditions", R"({"text":"Asthma"})").text("id") + "/end";
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", base_ + "/conditions").code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", base_ + "/allergies").code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", condition, "{}", 1).code(), ErrorCode::not_found);
  }
}

}  // namespace
}  // namespace concord::patients
