#include "caseload/criteria.h"

#include <gtest/gtest.h>

#include "caseload/facts_for_tests.h"

namespace concord::caseload {
namespace {

const instruments::Library& library() {
  static const auto loaded = instruments::load_library(std::string(CONCORD_SOURCE_DIR) + "/instruments");
  if (!loaded) throw std::runtime_error(loaded.error().text);
  return *loaded;
}

/// Equal, or only one of them knows it.
bool agree(const std::optional<double>& a, const std::optional<double>& b) { return !a || !b || *a == *b; }

TEST(Criteria, TheRuleSetAndTheInstrumentFilesDoNotContradictEachOther) {
  for (const auto& [id, ours] : concord_2026().instruments) {
    const auto* instrument = library().find(id);
    if (!instrument) continue;  // scales that are shipped under another name
    SCOPED_TRACE(id);
    const auto theirs = criteria_of(*instrument);
    EXPECT_EQ(ours.label, theirs.label);
    EXPECT_EQ(ours.minimum, theirs.minimum);
    EXPECT_EQ(ours.maximum, theirs.maximum);
    EXPECT_EQ(ours.higher_is_worse, theirs.higher_is_worse);
    EXPECT_TRUE(agree(ours.elevated, theirs.elevated)) << "elevated";
    EXPECT_TRUE(agree(ours.remission_below, theirs.remission_below)) << "remission_below";
    EXPECT_TRUE(agree(ours.worse_by, theirs.worse_by)) << "worse_by";
    if (ours.response_kind && theirs.response_kind) {
      EXPECT_EQ(*ours.response_kind, *theirs.response_kind);
      EXPECT_EQ(ours.response, theirs.response);
    }
    EXPECT_TRUE(agree(ours.improved_below, theirs.improved_below)) << "improved_below";
    EXPECT_EQ(ours.stale_days_active, theirs.stale_days_active);
    EXPECT_EQ(ours.stale_days_relapse_prevention, theirs.stale_days_relapse_prevention);
  }
}

TEST(Criteria, AnInstrumentTheRuleSetDoesNotNameBringsItsOwnNumbers) {
  RuleSet rules = concord_2026();
  EXPECT_TRUE(rules.criteria("who-5").label.empty());
  add_instruments(rules, library());
  for (const auto* instrument : library().all()) EXPECT_FALSE(rules.criteria(instrument->id).label.empty()) << instrument->id;
  EXPECT_FALSE(rules.criteria("who-5").higher_is_worse);
  EXPECT_EQ(rules.criteria("phq-9").worse_by, 5);
}

}  // namespace
}  // namespace concord::caseload
