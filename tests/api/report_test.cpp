// Reports from a database: a golden clinic, imported, gives the report that its folder gives.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "exchange/csv_import.h"
#include "exchange/outside_names.h"
#include "identity/identity_store.h"
#include "measures/aims.h"
#include "measures/hedis.h"
#include "measures/measures_store.h"
#include "measures/nys.h"
#include "support/databases.h"

namespace concord {
namespace {

namespace fs = std::filesystem;

fs::path source() { return CONCORD_SOURCE_DIR; }
std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A report of an organization's stored facts.
using Render = std::function<std::string(const measures::Clinic&)>;

class StoredReport : public testing::DatabaseTest {
 protected:
  /// Imports the golden folder and gives its report, and the report of an organization that has nothing of it.
  std::pair<std::string, std::string> of_imported(const std::string& folder, const Render& render) {
    const auto organization = *OrganizationId::parse("00000000-0000-7000-8000-000000000001");
    const auto other = *OrganizationId::parse("00000000-0000-7000-8000-000000000002");
    const auto site = *SiteId::parse("00000000-0000-7000-8000-000000000003");
    const Instant now{Date::ymd(2027, 1, 20).sys()};
    EXPECT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      identity::insert_organization(tx, {organization, "Golden Demo Clinic"}, now);
      identity::insert_organization(tx, {other, "Other Demo Clinic"}, now);
      identity::insert_site(tx, organization, {site, "Main", "America/New_York", {}, {}}, now);
      return {};
    }));
    exchange::CsvImportOptions options;
    options.target.organization = organization;
    options.target.default_site = site;
    options.target.source = "csv";
    options.target.zone = "America/New_York";
    options.target.now = now;
    options.instruments = &library_;
    options.today = Date::ymd(2027, 1, 20);
    const auto imported = exchange::import_csv(database(), options, source() / "tests/golden" / folder / "clinic");
    EXPECT_TRUE(imported) << imported.error().text;
    EXPECT_EQ(imported->rejected.size(), 0u);
    const auto report = [&](OrganizationId whose) {
      return database().read([&](db::Tx& tx) {
        exchange::OutsideNames names(tx, whose);
        return render(measures::load_clinic(tx, whose, facts_rules_,
                                            [&](std::string_view kind, const Uuid& id) { return names.of(kind, id); }));
      });
    };
    return {report(organization), report(other)};
  }
  static std::string rule_set(const std::string& name) { return read_text(source() / "rulesets" / (name + ".json")); }

  const instruments::Library library_ = std::move(instruments::load_library(source() / "instruments").value());
  const measures::NysRules facts_rules_ = std::move(measures::load_nys_rules(rule_set("nys-omh-2025"), library_).value());
};
CONCORD_ON_BOTH_DATABASES(StoredReport);

TEST_P(StoredReport, OfAnImportedFolderIsTheReportOfTheFolderToTheByte) {
  const auto [ours, others] = of_imported("nys", [&](const measures::Clinic& clinic) {
    return measures::nys_json(measures::nys_report(clinic, facts_rules_, *measures::ReportMonth::parse("2026-03")));
  });
  EXPECT_EQ(ours, read_text(source() / "tests/golden/nys/2026-03.json"));
  EXPECT_NE(others.find(R"("patients":[])"), std::string::npos) << "another organization's patients";
}

TEST_P(StoredReport, OfTheAimsSetIsThatOfTheFolderToTheByte) {
  const auto rules = std::move(measures::load_aims_rules(rule_set("aims-2026")).value());
  const auto [ours, others] = of_imported("aims", [&](const measures::Clinic& clinic) {
    return measures::aims_json(measures::aims_report(clinic, rules, *measures::ReportPeriod::quarter("2026-Q1")), rules);
  });
  EXPECT_EQ(ours, read_text(source() / "tests/golden/aims/2026-Q1.json"));
  EXPECT_NE(others.find(R"("episodes":[])"), std::string::npos) << "another organization's patients";
}

TEST_P(StoredReport, OfTheHedisLikeFiguresIsThatOfTheFolderToTheByte) {
  const auto rules = std::move(measures::load_hedis_rules(rule_set("hedis-my2026")).value());
  const auto [ours, others] = of_imported("hedis", [&](const measures::Clinic& clinic) {
    return measures::hedis_json(measures::hedis_report(clinic, rules, *measures::ReportPeriod::year("2026")), rules);
  });
  EXPECT_EQ(ours, read_text(source() / "tests/golden/hedis/2026.json"));
  EXPECT_NE(others.find(R"("patients":[])"), std::string::npos) << "another organization's patients";
}

}  // namespace
}  // namespace concord
