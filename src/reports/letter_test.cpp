#include "reports/letter.h"

#include <gtest/gtest.h>

#include "json/data_files.h"

namespace concord::reports {
namespace {

TEST(Letter, OfAMonthWithTooFewPeopleSaysSoAndPraisesNobody) {
  const std::filesystem::path source(CONCORD_SOURCE_DIR);
  const auto words = portal::load_words(source / "content" / "reports" / "words.json");
  ASSERT_TRUE(words);
  Rules rules;
  rules.marks = {{"first_contact_in_28_days", "first_contact", "", 80}, {"measured_in_30_days", "measure", "", 80}};
  LetterInput input;
  input.program = "Clinic";
  input.month = 2026 * 12 + 2;
  auto& contact = input.figures[static_cast<std::size_t>(measures::Figure::first_contact_in_28_days)];
  auto& measured = input.figures[static_cast<std::size_t>(measures::Figure::measured_in_30_days)];
  contact.suppressed = true;
  measured.denominator = rules.least_people - 1;
  measured.numerator = 1;
  measured.percent = 11.1;
  const Letter few = letter(input, rules, *words, "en");
  ASSERT_EQ(few.went_well.size(), 1u);
  EXPECT_EQ(few.went_well[0].text, "Too few people to tell.");
  EXPECT_EQ(few.needs_a_look[0].text, "Too few people to tell.");
  ASSERT_EQ(few.next_steps.size(), 1u);
  EXPECT_EQ(few.next_steps[0].rule, "step.small");

  measured.denominator = rules.least_people;
  const Letter enough = letter(input, rules, *words, "en");
  EXPECT_EQ(enough.needs_a_look[0].figure, "measured_in_30_days");
  EXPECT_NE(enough.went_well[0].text, "Too few people to tell.");
  EXPECT_EQ(enough.next_steps[0].rule, "step.measure");
}

}  // namespace
}  // namespace concord::reports
