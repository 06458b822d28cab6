#include <gtest/gtest.h>

#include "support/portal_people.h"
#include "treatments/portal_view.h"
#include "treatments/treatments_store.h"

namespace concord::treatments {
namespace {

class TreatmentsView : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    deps_.words = &testing::portal_words();
    deps_.taken = [this](db::Tx&, OrganizationId, PatientId, Date) { return taken_; };
    views_ = portal_views(deps_);
    pills_.id = TreatmentId(clinic().ids().next());
    pills_.patient = ana_;
    pills_.name = "sertraline";
    pills_.dose = "50 mg daily";
    pills_.start_date = Date::ymd(2026, 1, 6);
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      insert(tx, clinic().organization, pills_, clinic().clock().now());
      return {};
    }));
  }
  Result<void> effect(Date on, TreatmentId treatment) {
    Report r;
    r.id = clinic().ids().next();
    r.patient = ana_;
    r.treatment = treatment;
    r.on = on;
    r.adherence = "not_said";
    r.side_effects = "dry mouth";
    r.bother = 2;
    r.by = me_.user;
    r.at = clinic().clock().now();
    r.reporter = "patient";
    return database().write([&](db::Tx& tx) { return report_side_effect(tx, clinic().organization, r, clinic().today()); });
  }

  PortalDeps deps_;
  Treatment pills_;
  std::vector<TakenDay> taken_;
  std::vector<portal::View> views_;
};
CONCORD_ON_BOTH_DATABASES(TreatmentsView);

TEST_P(TreatmentsView, SaysInPlainWordsWhatIsTaken) {
  taken_ = {{pills_.id, clinic().today(), "yes", "normal"}, {pills_.id, clinic().today().plus_days(-1), "no", "normal"}};
  ASSERT_TRUE(effect(clinic().today(), pills_.id));
  const auto view = see(views_, me_, "treatments");
  EXPECT_EQ(view.text("items.0.words"), "You take sertraline, 50 mg daily, since 6 January.");
  EXPECT_EQ(view.text("items.0.today"), "yes");
  EXPECT_EQ(view.count("items.0.taken"), 2U);
  EXPECT_EQ(view.text("items.0.side_effects.0.text"), "dry mouth");
  EXPECT_EQ(view.text("empty"), "null");
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    stop(tx, clinic().organization, pills_, Date::ymd(2026, 2, 1), "finished", clinic().clock().now());
    return {};
  }));
  const auto later = see(views_, me_, "treatments");
  EXPECT_EQ(later.count("items"), 0U);
  EXPECT_EQ(later.text("past.0.words"), "You took sertraline from 6 January to 1 February.");
}

TEST_P(TreatmentsView, WhatAYoungPersonWroteDownIsNotShownToOthers) {
  taken_ = {{pills_.id, clinic().today(), "no", "normal"}};
  ASSERT_TRUE(effect(clinic().today(), pills_.id));
  young_ = true;
  const auto hers = see(views_, sister_, "treatments");
  EXPECT_EQ(hers.count("items"), 1U);
  EXPECT_EQ(hers.text("items.0.today"), "null");
  EXPECT_EQ(hers.count("items.0.taken"), 0U);
  EXPECT_EQ(hers.count("items.0.side_effects"), 0U);
}

TEST_P(TreatmentsView, ASideEffectBelongsToATreatmentOfThePatient) {
  EXPECT_FALSE(effect(clinic().today(), TreatmentId(clinic().ids().next())));
  EXPECT_FALSE(effect(Date::ymd(2026, 1, 1), pills_.id)) << "before it began";
  EXPECT_FALSE(effect(Date::ymd(2026, 4, 1), pills_.id));
}

}  // namespace
}  // namespace concord::treatments
