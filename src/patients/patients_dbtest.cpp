#include <gtest/gtest.h>

#include "patients/patients_store.h"
#include "support/clinic.h"

namespace concord::patients {
namespace {

class PatientStore : public testing::ClinicTest {
 protected:
  std::string found(std::string_view typed, std::optional<PatientId> after = std::nullopt, int limit = 50) {
    std::vector<SiteId> sites{clinic().site};
    std::string names;
    database().read([&](db::Tx& tx) {
      for (const auto& p : search(tx, clinic().organization, sites, parse_search(typed), after, limit))
        names += (names.empty() ? "" : ", ") + p.given_name + " " + p.family_name;
    });
    return names;
  }
};
CONCORD_ON_BOTH_DATABASES(PatientStore);

TEST_P(PatientStore, GivesBackExactlyWhatWasStored) {
  auto p = clinic().patient("Ana", "Núñez");
  p.sex = "female";
  p.language = "es";
  p.interpreter_needed = true;
  p.preferred_channel = "sms";
  p.phone = "555-0100";
  p.deceased_date = Date::ymd(2026, 1, 1);
  p.labels = "normal part2";
  p.identifiers = {{"insurer", "9"}, {"mrn", "0042"}};
  clinic().add(p);
  const auto back = database().read([&](db::Tx& tx) { return find(tx, clinic().organization, p.id); });
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->family_name, "Núñez");
  EXPECT_EQ(back->site, clinic().site);
  EXPECT_EQ(back->birth_date, p.birth_date);
  EXPECT_EQ(back->language, "es");
  EXPECT_TRUE(back->interpreter_needed);
  EXPECT_EQ(back->deceased_date, p.deceased_date);
  EXPECT_EQ(back->labels, p.labels);
  EXPECT_EQ(back->identifiers, p.identifiers);
  EXPECT_FALSE(back->email.has_value());
  EXPECT_EQ(back->version, 1);
}

TEST_P(PatientStore, OfAnotherOrganizationIsNotFound) {
  const auto id = clinic().add_patient();
  EXPECT_FALSE(database().read([&](db::Tx& tx) { return find_site(tx, clinic().other_organization, id); }).has_value());
}

TEST_P(PatientStore, FindsByAnyBeginningOfAnyWordWhateverTheCaseAndAccents) {
  clinic().add_patient("Ana María", "Núñez");
  clinic().add_patient("Annette", "Brown");
  clinic().add_patient("Louis", "Brown");
  EXPECT_EQ(found("an"), "Annette Brown, Ana María Núñez");
  EXPECT_EQ(found("NUÑ"), "Ana María Núñez");
  EXPECT_EQ(found("brow ann"), "Annette Brown");
  EXPECT_EQ(found("nunez maria"), "Ana María Núñez");
  EXPECT_EQ(found("rown"), "");
  EXPECT_EQ(found(""), "Annette Brown, Louis Brown, Ana María Núñez");
  EXPECT_EQ(found("--"), "");
}

TEST_P(PatientStore, FindsByBirthDateAndNarrowsWordsByIt) {
  clinic().add(clinic().patient("Ana", "Ruiz", Date::ymd(1980, 2, 3)));
  clinic().add(clinic().patient("Ana", "Ruiz", Date::ymd(1991, 5, 6)));
  clinic().add(clinic().patient("Bo", "Lund", Date::ymd(1980, 2, 3)));
  EXPECT_EQ(found("1980-02-03"), "Bo Lund, Ana Ruiz");
  EXPECT_EQ(found("ruiz 2/3/1980"), "Ana Ruiz");
  EXPECT_EQ(found("lund 1991-05-06"), "");
}

TEST_P(PatientStore, WithExactlyThatIdentifierWinsOverNames) {
  auto p = clinic().patient("Ana", "Ruiz");
  p.identifiers = {{"mrn", "Lund"}};
  clinic().add(p);
  clinic().add_patient("Bo", "Lund");
  EXPECT_EQ(found("Lund"), "Ana Ruiz");
  EXPECT_EQ(found("lund"), "Bo Lund");
}

TEST_P(PatientStore, PagesByKeyWithoutLossOrRepetition) {
  for (int i = 0; i < 7; ++i) clinic().add_patient("Ana", "Same");  // equal names: the id decides
  std::vector<SiteId> sites{clinic().site};
  std::vector<PatientId> seen;
  std::optional<PatientId> after;
  while (true) {
    const auto page =
        database().read([&](db::Tx& tx) { return search(tx, clinic().organization, sites, parse_search("same ana"), after, 3); });
    for (const auto& p : page) seen.push_back(p.id);
    if (page.size() < 3) break;
    after = page.back().id;
  }
  EXPECT_EQ(seen.size(), 7u);
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST_P(PatientStore, SearchesMoreThanEightSitesInOneOrder) {
  std::vector<SiteId> sites;
  for (int i = 0; i < 9; ++i) {
    sites.push_back(SiteId(clinic().ids().next()));
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      static constexpr db::Sql kSite{
          "test.site", "INSERT INTO site (organization_id, site_id, name, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)"};
      tx.run(kSite, {clinic().organization, sites.back(), "Site", "UTC", clinic().clock().now()});
      return {};
    }));
    auto p = clinic().patient("P", std::string(1, static_cast<char>('z' - i)));
    p.site = sites.back();
    clinic().add(p);
  }
  const auto page =
      database().read([&](db::Tx& tx) { return search(tx, clinic().organization, sites, parse_search(""), std::nullopt, 4); });
  std::string names;
  for (const auto& p : page) names += p.family_name;
  EXPECT_EQ(names, "rstu");
}

TEST_P(PatientStore, RenamedIsFoundByTheNewNameOnly) {
  const auto id = clinic().add_patient("Ana", "Ruiz");
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    const auto before = *find(tx, clinic().organization, id);
    auto after = before;
    after.family_name = "Lund";
    EXPECT_TRUE(update(tx, clinic().organization, before, after, clinic().clock().now()));
    EXPECT_FALSE(update(tx, clinic().organization, before, after, clinic().clock().now())) << "the version is stale now";
    return {};
  }));
  EXPECT_EQ(found("ruiz"), "");
  EXPECT_EQ(found("lund"), "Ana Lund");
}

TEST_P(PatientStore, LoadsManyAsOneByOne) {
  std::vector<Patient> patients;
  for (const auto* name : {"Ruiz", "Núñez-Lund", "O'Brien"}) patients.push_back(clinic().patient("Ana", name));
  patients[1].identifiers = {{"mrn", "1"}, {"mrn", "2"}};
  patients[2].identifiers = {{"mrn", "3"}};
  Coverage coverage{
      CoverageId(clinic().ids().next()), patients[0].id, "medicare", std::nullopt, Date::ymd(2025, 1, 1), std::nullopt};
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    insert_all(tx, clinic().organization, std::span<const Patient>(patients), clinic().clock().now());
    insert_all(tx, clinic().organization, std::span<const Coverage>(&coverage, 1), clinic().clock().now());
    return {};
  }));
  EXPECT_EQ(found("lund"), "Ana Núñez-Lund");
  EXPECT_EQ(found("obrien"), "Ana O'Brien");
  EXPECT_EQ(found("3"), "Ana O'Brien");
  EXPECT_EQ(found("ana").size(), found("").size());
  database().read([&](db::Tx& tx) {
    EXPECT_EQ(find(tx, clinic().organization, patients[1].id)->identifiers, patients[1].identifiers);
    EXPECT_EQ(list_coverage(tx, clinic().organization, patients[0].id).size(), 1u);
  });
}

}  // namespace
}  // namespace concord::patients
