#include "patients/patients_api.h"

#include <gtest/gtest.h>

#include "support/clinic.h"

namespace concord::patients {
namespace {

class PatientRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    Deps deps;
    deps.chart = &clinic().chart;
    deps.episode_state = [](db::Tx&, OrganizationId, PatientId) { return std::optional<std::string>("active"); };
    deps.sections = {{"minutes_this_month", [](json::Writer& w, db::Tx&, const Asker&, const Place&) { w.value(42); }}};
    routes_ = routes(deps);
  }
  std::string body(std::string_view more = "") {
    return R"({"site_id":")" + clinic().site.text() + R"(","given_name":" Ana ","family_name":"Ruiz","birth_date":"1980-02-03")" +
           std::string(more) + "}";
  }
  std::vector<http::Route> routes_;
};
CONCORD_ON_BOTH_DATABASES(PatientRoutes);

TEST_P(PatientRoutes, CreateAnswersTheRowItsAddressAndItsVersion) {
  const auto made = clinic().call(routes_, "POST", "/api/v1/patients",
                                  body(R"(,"sex":"female","language":"es","identifiers":[{"system":"mrn","value":" 42 "}])"));
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.text("given_name"), "Ana");
  EXPECT_EQ(made.text("identifiers.0.value"), "42");
  EXPECT_EQ(made.reply.version, 1);
  EXPECT_EQ(made.reply.location, "/api/v1/patients/" + made.text("id"));
  EXPECT_TRUE(made.reply.audit_patient.has_value());
  EXPECT_EQ(made.reply.audit_detail.find("Ruiz"), std::string::npos);
  const auto read = clinic().call(routes_, "GET", made.reply.location);
  EXPECT_EQ(read.reply.body, made.reply.body);
}

TEST_P(PatientRoutes, CreateNamesEveryWrongField) {
  const auto made = clinic().call(
      routes_, "POST", "/api/v1/patients",
      R"({"site_id":")" + clinic().other_site.text() + R"(","family_name":"","birth_date":"1980-02-30","sex":"f","age":4})");
  EXPECT_EQ(made.code(), ErrorCode::invalid);
  EXPECT_EQ(made.issue_paths(), "age given_name family_name birth_date sex site_id");
}

TEST_P(PatientRoutes, CreateWarnsOfTheSameNameAndBirthDateUntilItIsAccepted) {
  const auto first = clinic().call(routes_, "POST", "/api/v1/patients", body());
  const auto warned = clinic().call(routes_, "POST", "/api/v1/patients", body(R"(,"gender_identity":"woman")"));
  EXPECT_EQ(warned.status, 409);
  EXPECT_EQ(warned.text("code"), "possible_duplicate");
  EXPECT_EQ(warned.text("duplicates.0.id"), first.text("id"));
  EXPECT_EQ(warned.text("duplicates.0.because"), "name_and_birth_date");
  EXPECT_EQ(clinic().call(routes_, "POST", "/api/v1/patients", body(R"(,"accept_duplicate":true)")).status, 201);
}

TEST_P(PatientRoutes, CreateWarnsOfTheSameIdentifierButNeverOfAnotherSitesPatient) {
  auto p = clinic().patient("Bo", "Lund");
  p.identifiers = {{"mrn", "42"}};
  clinic().add(p);
  auto hidden = clinic().patient("Ana", "Ruiz");
  hidden.site = clinic().other_site;
  clinic().add(hidden);
  const auto warned =
      clinic().call(routes_, "POST", "/api/v1/patients", body(R"(,"identifiers":[{"system":"mrn","value":"42"}])"));
  EXPECT_EQ(warned.status, 409);
  EXPECT_EQ(warned.count("duplicates"), 1u);
  EXPECT_EQ(warned.text("duplicates.0.because"), "identifier");
}

TEST_P(PatientRoutes, MissingForeignAndOtherSitesPatientsAnswerAlike) {
  const auto id = clinic().add_patient().text();
  const auto missing = clinic().call(routes_, "GET", "/api/v1/patients/" + PatientId(clinic().ids().next()).text());
  const auto malformed = clinic().call(routes_, "GET", "/api/v1/patients/42");
  const auto elsewhere = clinic().call_as(clinic().elsewhere, routes_, "GET", "/api/v1/patients/" + id);
  const auto foreign = clinic().call_as(clinic().foreigner, routes_, "GET", "/api/v1/patients/" + id);
  const auto change = clinic().call_as(clinic().elsewhere, routes_, "PATCH", "/api/v1/patients/" + id, R"({"phone":"1"})", 1);
  for (const auto* answer : {&missing, &malformed, &elsewhere, &foreign, &change}) {
    ASSERT_TRUE(answer->error.has_value());
    EXPECT_EQ(answer->error->code, ErrorCode::not_found);
    EXPECT_EQ(answer->error->text, missing.error->text);
    EXPECT_TRUE(answer->error->issues.empty());
  }
}

TEST_P(PatientRoutes, EditChangesWhatIsNamedClearsNullsAndRefreshesTheCaseload) {
  auto p = clinic().patient("Ana", "Ruiz");
  p.phone = "555-0100";
  p.email = "ana@example.org";
  const auto id = clinic().add(p);
  const auto edited =
      clinic().call(routes_, "PATCH", "/api/v1/patients/" + id.text(), R"({"phone":null,"family_name":"Lund"})", 1);
  ASSERT_EQ(edited.status, 200);
  EXPECT_EQ(edited.text("phone"), "null");
  EXPECT_EQ(edited.text("email"), "ana@example.org");
  EXPECT_EQ(edited.text("family_name"), "Lund");
  EXPECT_EQ(edited.reply.version, 2);
  EXPECT_EQ(clinic().refreshed, std::vector<PatientId>{id});
  ASSERT_EQ(edited.reply.events.size(), 2u);
  EXPECT_EQ(edited.reply.events[0].topic, "caseload");
}

TEST_P(PatientRoutes, TheSecondOfTwoEditorsGetsTheRowAsItIsNow) {
  const auto id = clinic().add_patient();
  const auto path = "/api/v1/patients/" + id.text();
  ASSERT_EQ(clinic().call(routes_, "PATCH", path, R"({"phone":"555-0101"})", 1).status, 200);
  const auto second = clinic().call(routes_, "PATCH", path, R"({"phone":"555-0102"})", 1);
  EXPECT_EQ(second.status, 412);
  EXPECT_EQ(second.text("code"), "edited_meanwhile");
  EXPECT_EQ(second.text("current.phone"), "555-0101");
  EXPECT_EQ(second.text("current.version"), "2");
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"phone":"1"})").code(), ErrorCode::precondition_missing);
}

TEST_P(PatientRoutes, SearchPagesAndShowsTheEpisodeState) {
  for (const auto* name : {"Adams", "Brown", "Clark"}) clinic().add_patient("Ana", name);
  const auto first = clinic().call(routes_, "GET", "/api/v1/patients?q=ana&limit=2");
  EXPECT_EQ(first.count("items"), 2u);
  EXPECT_EQ(first.text("items.0.family_name"), "Adams");
  EXPECT_EQ(first.text("items.0.episode_state"), "active");
  EXPECT_EQ(first.reply.audit_detail, "rows=2");
  const auto second = clinic().call(routes_, "GET", "/api/v1/patients?q=ana&limit=2&after=" + first.text("next"));
  EXPECT_EQ(second.count("items"), 1u);
  EXPECT_EQ(second.text("items.0.family_name"), "Clark");
  EXPECT_EQ(second.text("next"), "null");
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/patients?limit=0").issue_paths(), "limit");
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/patients?after=x").issue_paths(), "after");
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", "/api/v1/patients?q=ana").count("items"), 0u);
}

TEST_P(PatientRoutes, SummaryHoldsThePatientTheCoverageAndEverySection) {
  const auto id = clinic().add_patient().text();
  ASSERT_EQ(clinic()
                .call(routes_, "POST", "/api/v1/patients/" + id + "/coverage",
                      R"({"payer_category":"medicare","start_date":"2025-01-01"})")
                .status,
            201);
  const auto page = clinic().call(routes_, "GET", "/api/v1/patients/" + id + "/summary");
  EXPECT_EQ(page.text("as_of"), "2026-03-04");
  EXPECT_EQ(page.text("patient.family_name"), "Ruiz");
  EXPECT_EQ(page.text("coverage.0.payer_category"), "medicare");
  EXPECT_EQ(page.text("minutes_this_month"), "42");
}

TEST_P(PatientRoutes, CoverageIsEditedWithItsVersion) {
  const auto base = "/api/v1/patients/" + clinic().add_patient().text() + "/coverage";
  const auto made = clinic().call(routes_, "POST", base, R"({"payer_category":"medicare","start_date":"2025-01-01"})");
  ASSERT_EQ(made.status, 201);
  const auto path = base + "/" + made.text("id");
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"end_date":"2024-12-31"})", 1).issue_paths(), "end_date");
  const auto ended = clinic().call(routes_, "PATCH", path, R"({"end_date":"2025-12-31"})", 1);
  EXPECT_EQ(ended.text("end_date"), "2025-12-31");
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"plan_name":"x"})", 1).status, 412);
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", base).code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace concord::patients
