#include <gtest/gtest.h>

#include "safety/on_call_store.h"
#include "safety/safety_api.h"
#include "support/clinic.h"

namespace concord::safety {
namespace {

class CrisisRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    content_ = *load_crisis(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "crisis" / "help.json");
    deps_.chart = &clinic().chart;
    deps_.crisis = &content_;
    deps_.clinic = [](db::Tx&, OrganizationId, SiteId) { return ClinicLine{"Maple Street", "555-0100", "weekdays 8 to 5"}; };
    routes_ = routes(deps_);
    path_ = "/api/v1/sites/" + clinic().site.text() + "/crisis";
  }
  Caller patient() {
    Caller c;
    c.kind = ActorKind::patient;
    c.organization = clinic().organization;
    c.user = UserId(clinic().ids().next());
    c.role = "patient";
    c.language = "es";
    c.sites = {clinic().site};
    c.patient = clinic().ids().next();
    return c;
  }
  Deps deps_;
  CrisisContent content_;
  std::vector<http::Route> routes_;
  std::string path_;
};
CONCORD_ON_BOTH_DATABASES(CrisisRoutes);

constexpr const char* kOwn = R"({"lines":[{"label":{"en":"Mobile team","es":"Equipo movil"},"number":"555-0199"}],)"
                             R"("read_when":{"en":"We read answers on weekdays.","es":"Leemos entre semana."}})";

TEST_P(CrisisRoutes, BeforeAnythingIsSavedTheLinesStandAndWhatIsMissingIsNamed) {
  const auto shown = clinic().call(routes_, "GET", path_);
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(shown.text("version"), "0");
  EXPECT_EQ(shown.text("missing.0"), "read_when");
  EXPECT_EQ(shown.text("help.en.lines.0.call"), "tel:988");
  EXPECT_EQ(shown.text("help.es.lines.0.text_to"), "sms:988?body=AYUDA");
  EXPECT_EQ(shown.text("help.en.lines.2.call"), "tel:5550100");
  EXPECT_EQ(shown.text("clinic.phone"), "555-0100");
}

TEST_P(CrisisRoutes, ASitesWordsAreSavedByVersionAndSeenByItsPatients) {
  const auto saved = clinic().call(routes_, "PATCH", path_, kOwn, 0);
  ASSERT_EQ(saved.status, 200) << saved.issue_paths();
  EXPECT_EQ(saved.text("version"), "1");
  EXPECT_EQ(saved.count("missing"), 0u);
  EXPECT_EQ(clinic().call(routes_, "PATCH", path_, R"({"lines":[]})", 0).status, 412);
  const auto seen = clinic().call_as(patient(), routes_, "GET", "/api/v1/portal/help");
  ASSERT_EQ(seen.status, 200);
  EXPECT_EQ(seen.text("language"), "es");
  EXPECT_EQ(seen.text("read_when"), "Leemos entre semana.");
  EXPECT_EQ(seen.text("lines.3.label"), "Equipo movil");
  EXPECT_EQ(seen.text("lines.3.call"), "tel:5550199");
  EXPECT_EQ(clinic().call_as(patient(), routes_, "GET", "/api/v1/portal/help?language=en").text("lines.3.label"), "Mobile team");
  EXPECT_EQ(clinic().call_as(patient(), routes_, "GET", "/api/v1/portal/help?language=fr").status, 422);
  const auto second = clinic().call(routes_, "PATCH", path_, R"({"clinic_hours":{"en":"8 to 5","es":"8 a 5"}})", 1);
  EXPECT_EQ(second.text("version"), "2");
  EXPECT_EQ(second.count("lines"), 1u);  // what is not named stays
  EXPECT_EQ(second.text("help.es.lines.2.hours"), "8 a 5");
}

TEST_P(CrisisRoutes, WrongWordsAreRefusedAndNothingIsSaved) {
  EXPECT_EQ(clinic().call(routes_, "PATCH", path_, R"({"read_when":{"en":"x"}})", 0).issue_paths(), "read_when.es");
  EXPECT_EQ(clinic().call(routes_, "GET", path_).text("version"), "0");
}

TEST_P(CrisisRoutes, AnotherSiteIsNotThere) {
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", path_).status, 404);
  EXPECT_EQ(clinic().call_as(clinic().foreigner, routes_, "PATCH", path_, kOwn, 0).status, 404);
}

TEST_P(CrisisRoutes, OutsideTheHoursTheClinicsWordsComeToo) {
  EXPECT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    OnCallSettings rota;
    rota.outside_text_en = "At night call 555-0111.";
    save_settings(tx, clinic().organization, clinic().site, rota);
    return {};
  }));
  EXPECT_EQ(clinic().call(routes_, "GET", path_).text("help.en.outside_text"), "null");  // Wednesday, 10:00
  clinic().clock().advance(std::chrono::hours(12));
  EXPECT_EQ(clinic().call(routes_, "GET", path_).text("help.en.outside_text"), "At night call 555-0111.");
}

}  // namespace
}  // namespace concord::safety
