// The program report from a database: the golden clinic, imported, gives the report that its folder gives.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "exchange/csv_import.h"
#include "exchange/outside_names.h"
#include "identity/identity_store.h"
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

class StoredReport : public testing::DatabaseTest {};
CONCORD_ON_BOTH_DATABASES(StoredReport);

TEST_P(StoredReport, OfAnImportedFolderIsTheReportOfTheFolderToTheByte) {
  const auto library = std::move(instruments::load_library(source() / "instruments").value());
  const auto rules = std::move(measures::load_nys_rules(read_text(source() / "rulesets/nys-omh-2025.json"), library).value());
  const auto organization = *OrganizationId::parse("00000000-0000-7000-8000-000000000001");
  const auto other = *OrganizationId::parse("00000000-0000-7000-8000-000000000002");
  const auto site = *SiteId::parse("00000000-0000-7000-8000-000000000003");
  const Instant now{Date::ymd(2026, 4, 20).sys()};
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
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
  options.instruments = &library;
  options.today = Date::ymd(2026, 4, 20);
  const auto imported = exchange::import_csv(database(), options, source() / "tests/golden/nys/clinic");
  ASSERT_TRUE(imported) << imported.error().text;
  ASSERT_EQ(imported->rejected.size(), 0u);
  const auto report = [&](OrganizationId whose) {
    return database().read([&](db::Tx& tx) {
      exchange::OutsideNames names(tx, whose);
      const auto clinic =
          measures::load_clinic(tx, whose, rules, [&](std::string_view kind, const Uuid& id) { return names.of(kind, id); });
      return measures::nys_report(clinic, rules, *measures::ReportMonth::parse("2026-03"));
    });
  };
  EXPECT_EQ(measures::nys_json(report(organization)), read_text(source() / "tests/golden/nys/2026-03.json"));
  EXPECT_TRUE(report(other).lines.empty()) << "another organization's patients";
}

}  // namespace
}  // namespace concord
