#include "patients/patients.h"

#include <gtest/gtest.h>

#include "patients/patients_store.h"

namespace concord::patients {
namespace {

Patient ana() {
  Patient p;
  p.given_name = "Ana María";
  p.family_name = "O'Brien-Núñez";
  p.birth_date = Date::ymd(1980, 2, 3);
  return p;
}

const Date kToday = Date::ymd(2026, 3, 4);

TEST(Patient, IsFoundByEveryWordOfTheNameFoldedAndByTheNameWrittenTogether) {
  EXPECT_EQ(search_words(ana()), (std::vector<std::string>{"o", "brien", "nunez", "ana", "maria", "obriennunez", "anamaria"}));
}

TEST(Patient, HasAFoldedNameWithTheFamilyFirst) { EXPECT_EQ(folded_name(ana()), "o'brien-nunez ana maria"); }

TEST(Patient, WithEverythingInOrderHasNoIssue) { EXPECT_TRUE(check(ana(), kToday).empty()); }

TEST(Patient, BornTomorrowIsRefused) {
  auto p = ana();
  p.birth_date = kToday.plus_days(1);
  EXPECT_EQ(check(p, kToday), (std::vector<Issue>{{"birth_date", "must not be in the future"}}));
}

TEST(Patient, EveryWrongFieldIsNamedAtOnce) {
  auto p = ana();
  p.given_name = " ";
  p.birth_date.reset();
  p.language = "spanish please";
  p.email = "nobody";
  p.phone = "call me";
  p.identifiers = {{"mrn", "1"}, {"mrn", "1"}, {"", "2"}};
  std::string paths;
  for (const auto& issue : check(p, kToday)) paths += issue.path + " ";
  EXPECT_EQ(paths, "given_name birth_date language phone email identifiers[1] identifiers[2].system ");
}

TEST(Patient, CannotHaveDiedBeforeTheBirth) {
  auto p = ana();
  p.deceased_date = Date::ymd(1979, 1, 1);
  ASSERT_EQ(check(p, kToday).size(), 1u);
  EXPECT_EQ(check(p, kToday)[0].path, "deceased_date");
}

TEST(Coverage, EndsNoEarlierThanItBeginsAndHasAKnownPayer) {
  Coverage c;
  c.payer_category = "gold";
  c.start_date = kToday;
  c.end_date = kToday.plus_days(-1);
  ASSERT_EQ(check(c).size(), 2u);
  EXPECT_EQ(check(c)[0].path, "payer_category");
  EXPECT_EQ(check(c)[1].path, "end_date");
}

TEST(PatientSearch, TakesADateOutOfTheWords) {
  for (const auto* typed : {"ruiz 1980-02-03", "2/3/1980 Ruiz"}) {
    const auto search = parse_search(typed);
    EXPECT_EQ(search.words, std::vector<std::string>{"ruiz"}) << typed;
    EXPECT_EQ(search.birth_date, Date::ymd(1980, 2, 3)) << typed;
  }
  EXPECT_FALSE(parse_search("13/45/1980").birth_date.has_value());
}

}  // namespace
}  // namespace concord::patients
