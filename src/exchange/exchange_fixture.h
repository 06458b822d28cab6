// Test support of this slice: a database with one organization and site, a scratch folder, the shipped
// instruments.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "exchange/csv_export.h"
#include "exchange/csv_folder.h"
#include "exchange/csv_import.h"
#include "exchange/fhir_import.h"
#include "identity/identity_store.h"
#include "measurements/measurements_store.h"
#include "support/databases.h"

namespace concord::exchange {

inline const instruments::Library& library() {
  static const instruments::Library loaded = [] {
    auto result = instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments");
    if (!result) throw std::runtime_error(result.error().text);
    return std::move(*result);
  }();
  return loaded;
}

inline Date today() { return Date::ymd(2026, 3, 31); }

/// A folder of files for one test.
class Folder {
 public:
  Folder() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(info->test_suite_name()) + "_" + info->name();
    for (char& c : name)
      if (c == '/') c = '_';
    path_ = std::filesystem::path(testing::scratch_folder()) / name;
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Folder& write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class ExchangeTest : public concord::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    prepare(database());
  }
  void prepare(db::Database& database) {
    auto made = database.write([&](db::Tx& tx) -> Result<int> {
      identity::insert_organization(tx, {organization_, "Birch Hill Clinic"}, now_);
      identity::insert_site(tx, organization_, {site_, "Main Street", "America/New_York", std::nullopt, std::nullopt}, now_);
      return 0;
    });
    ASSERT_TRUE(made);
  }
  ImportTarget target(std::string source) const {
    ImportTarget t;
    t.organization = organization_;
    t.default_site = site_;
    t.zone = "America/New_York";
    t.now = now_;
    t.source = std::move(source);
    return t;
  }
  Result<Report> fhir(const std::vector<std::filesystem::path>& paths, db::Database* into = nullptr) {
    FhirImportOptions options;
    options.target = target("fhir");
    options.instruments = &library();
    options.today = today();
    return import_fhir(into != nullptr ? *into : database(), options, paths);
  }
  Result<Report> csv(const std::filesystem::path& folder, bool partial = false, db::Database* into = nullptr) {
    CsvImportOptions options;
    options.target = target("csv");
    options.instruments = &library();
    options.today = today();
    options.partial = partial;
    return import_csv(into != nullptr ? *into : database(), options, folder);
  }
  Result<Report> write_csv(const std::filesystem::path& folder, db::Database* from = nullptr) {
    CsvExportOptions options;
    options.organization = organization_;
    options.zone = "America/New_York";
    options.instruments = &library();
    return export_csv(from != nullptr ? *from : database(), options, folder);
  }
  std::int64_t count(const char* table, const char* where = "1 = 1") {
    const std::string text = std::string("SELECT COUNT(*) FROM ") + table + " WHERE " + where;
    return database().read(
        [&](db::Tx& tx) { return *tx.one(db::Sql{"test.count", text}, {}, [](const db::Row& row) { return row.integer(0); }); });
  }
  PatientId patient(const std::string& source, const std::string& key) const {
    return PatientId(row_id(organization_, source, "patient", key));
  }
  std::vector<measurements::Measurement> scores(PatientId id) {
    return database().read([&](db::Tx& tx) { return measurements::list(tx, organization_, id); });
  }

  OrganizationId organization_{*Uuid::parse("0190aaaa-0000-7000-8000-000000000001")};
  SiteId site_{*Uuid::parse("0190aaaa-0000-7000-8000-000000000002")};
  Instant now_ = *parse_instant("2026-03-31T15:00:00Z");
};

}  // namespace concord::exchange
