#include <gtest/gtest.h>

#include "safety/portal_plan.h"
#include "safety/safety_store.h"
#include "support/portal_people.h"

namespace concord::safety {
namespace {

class OwnSafetyPlan : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    static const PlanTemplate words =
        std::move(load_plan_template(std::filesystem::path(CONCORD_SOURCE_DIR) / "content/safety/plan.json").value());
    deps_.chart = &clinic().chart;
    deps_.plan = &words;
    deps_.words = &testing::portal_words();
    deps_.crisis_of = [](db::Tx&, OrganizationId, SiteId, std::string_view language, Instant) {
      CrisisHelp help;
      help.language = std::string(language);
      help.title = "Get help now";
      return help;
    };
    deps_.viewer_of = viewers();
    deps_.addressee_of = [this](db::Tx&, OrganizationId, const patients::Place&, Instant) {
      return std::optional(clinic().manager.user);
    };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { told_.push_back(n.kind); };
    acts_ = portal_routes(deps_);
    views_ = portal_views(deps_);
  }
  testing::Answer save(const Caller& who, int based_on, std::string steps) {
    return as(who, acts_, "POST", "/api/v1/portal/safety-plan",
              R"({"based_on":)" + std::to_string(based_on) + R"(,"steps":)" + steps + "}");
  }

  PortalDeps deps_;
  std::vector<http::Route> acts_;
  std::vector<portal::View> views_;
  std::vector<std::string> told_;
};
CONCORD_ON_BOTH_DATABASES(OwnSafetyPlan);

constexpr const char* kSteps =
    R"({"warning_signs":["no sleep"],"people":[{"name":"Marta","phone":"555-0102"}],"surroundings":["canary-44d1"]})";

TEST_P(OwnSafetyPlan, IsChangedByThePatientInVersionsAndStaffHear) {
  EXPECT_EQ(see(views_, me_, "safety-plan").text("version"), "0");
  const auto first = save(me_, 0, kSteps);
  ASSERT_EQ(first.status, 201) << first.issue_paths();
  EXPECT_EQ(first.text("by"), "you");
  EXPECT_EQ(told_, (std::vector<std::string>{"safety_plan.patient_edited"}));
  EXPECT_EQ(save(me_, 0, kSteps).status, 412) << "another device was faster";
  ASSERT_EQ(save(me_, 1, R"({"coping":["music"]})").status, 201);
  const auto stored = database().read([&](db::Tx& tx) { return list_plans(tx, clinic().organization, ana_); });
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored[0].written_by_kind, "patient");
  EXPECT_EQ(stored[0].written_by, me_.user);
  EXPECT_EQ(save(me_, 2, "{}").issue_paths(), "steps");
}

TEST_P(OwnSafetyPlan, NeverShowsTheStepAboutTheSurroundingsToATrustedPerson) {
  ASSERT_EQ(save(me_, 0, kSteps).status, 201);
  const auto mine = see(views_, me_, "safety-plan");
  EXPECT_EQ(mine.text("plan.steps.surroundings.0"), "canary-44d1");
  EXPECT_EQ(mine.count("words.steps"), 6U);
  const auto hers = see(views_, sister_, "safety-plan");
  EXPECT_EQ(hers.text("plan.steps.people.0.name"), "Marta");
  EXPECT_EQ(hers.reply.body.find("canary"), std::string::npos);
  EXPECT_EQ(hers.count("words.steps"), 5U);
  EXPECT_EQ(hers.text("may_edit"), "false");
  EXPECT_EQ(save(sister_, 1, kSteps).status, 403);
  EXPECT_EQ(see(views_, stranger_, "safety-plan").status, 403);
}

TEST_P(OwnSafetyPlan, OfAYoungPersonIsNotThereForOthers) {
  young_ = true;
  ASSERT_EQ(save(me_, 0, kSteps).status, 201);
  const auto hers = see(views_, sister_, "safety-plan");
  EXPECT_EQ(hers.text("plan"), "null");
  EXPECT_EQ(hers.text("version"), "0");
}

}  // namespace
}  // namespace concord::safety
