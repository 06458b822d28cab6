#include "logs/logs_api.h"

#include <gtest/gtest.h>

#include "support/portal_people.h"

namespace concord::logs {
namespace {

class PatientLogs : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    pills_ = clinic().ids().next();
    talk_ = clinic().ids().next();
    deps_.chart = &clinic().chart;
    deps_.words = &testing::portal_words();
    deps_.viewer_of = viewers();
    deps_.labels_of = [](db::Tx&, OrganizationId, PatientId) { return std::string("normal"); };
    deps_.medicines = [this](db::Tx&, OrganizationId, PatientId) {
      return std::vector<Medicine>{{pills_, "sertraline", "medication", Date::ymd(2026, 3, 1), std::nullopt},
                                   {talk_, "problem solving", "psychotherapy", Date::ymd(2026, 3, 1), std::nullopt}};
    };
    deps_.report_side_effect = [this](db::Tx&, OrganizationId, const Log& l, std::string_view teller, Date) -> Result<void> {
      reported_.push_back(std::string(teller) + ": " + l.words);
      return {};
    };
    acts_ = portal_routes(deps_);
    views_ = portal_views(deps_);
    staff_ = routes(deps_);
  }
  testing::Answer note(const Caller& who, const std::string& body) { return as(who, acts_, "POST", "/api/v1/portal/logs", body); }
  std::string about(const Uuid& treatment, std::string more) {
    return R"({"treatment_id":")" + treatment.text() + "\"," + more + "}";
  }

  Deps deps_;
  Uuid pills_, talk_;
  std::vector<http::Route> acts_, staff_;
  std::vector<portal::View> views_;
  std::vector<std::string> reported_;
};
CONCORD_ON_BOTH_DATABASES(PatientLogs);

TEST_P(PatientLogs, KeepMoodActivityMedicineAndSideEffects) {
  ASSERT_EQ(note(me_, R"({"kind":"mood","score":4,"text":"tired 😴"})").status, 201);
  ASSERT_EQ(note(me_, R"({"kind":"activity","text":"walked","pleasure":6,"mastery":7,"on":"2026-03-03"})").status, 201);
  ASSERT_EQ(note(me_, about(pills_, R"("kind":"medicine","taken":"partly")")).status, 201);
  ASSERT_EQ(note(me_, about(pills_, R"("kind":"side_effect","text":"dry mouth","bother":1)")).status, 201);
  EXPECT_EQ(reported_, (std::vector<std::string>{"patient: dry mouth"}));
  const auto mine = see(views_, me_, "logs");
  ASSERT_EQ(mine.count("items"), 4U);
  EXPECT_EQ(mine.text("items.0.text"), "dry mouth");
  EXPECT_EQ(mine.text("items.1.treatment.name"), "sertraline");
  EXPECT_EQ(mine.text("items.3.on"), "2026-03-03") << "by their day";
  const auto staff = as(clinic().manager, staff_, "GET", "/api/v1/patients/" + ana_.text() + "/logs?kind=mood");
  ASSERT_EQ(staff.count("items"), 1U);
  EXPECT_EQ(staff.text("items.0.text"), "tired 😴");
  EXPECT_EQ(staff.text("items.0.by"), "patient");
  EXPECT_EQ(as(clinic().elsewhere, staff_, "GET", "/api/v1/patients/" + ana_.text() + "/logs").status, 404);
}

TEST_P(PatientLogs, RefuseWhatCannotBe) {
  EXPECT_EQ(note(me_, R"({"kind":"mood","score":11})").issue_paths(), "score");
  EXPECT_EQ(note(me_, R"({"kind":"mood","score":4,"taken":"yes"})").issue_paths(), "taken");
  EXPECT_EQ(note(me_, R"({"kind":"activity"})").issue_paths(), "text");
  EXPECT_EQ(note(me_, R"({"kind":"dance"})").issue_paths(), "kind");
  EXPECT_EQ(note(me_, about(talk_, R"("kind":"medicine","taken":"yes")")).issue_paths(), "treatment_id")
      << "therapy is not taken";
  EXPECT_EQ(note(me_, about(clinic().ids().next(), R"("kind":"medicine","taken":"yes")")).issue_paths(), "treatment_id");
  EXPECT_EQ(note(me_, R"({"kind":"mood","score":4,"on":"2026-03-09"})").issue_paths(), "on");
  EXPECT_EQ(note(me_, R"({"kind":"mood","score":4,"on":"2026-01-01"})").issue_paths(), "on");
  EXPECT_EQ(note(me_, about(pills_, R"("kind":"medicine","taken":"yes","on":"2026-02-20")")).issue_paths(), "on")
      << "before it was started";
}

TEST_P(PatientLogs, AreThePatientsOnly) {
  ASSERT_EQ(note(me_, R"({"kind":"mood","score":4})").status, 201);
  EXPECT_EQ(see(views_, sister_, "logs").status, 403);
  EXPECT_EQ(note(sister_, R"({"kind":"mood","score":4})").status, 403);
}

TEST_P(PatientLogs, ComeByPages) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(note(me_, R"({"kind":"mood","score":)" + std::to_string(i) + "}").status, 201);
  const auto first = see(views_, me_, "logs", {{"limit", "2"}});
  EXPECT_EQ(first.count("items"), 2U);
  EXPECT_EQ(first.text("items.0.score"), "2");
  const auto rest = see(views_, me_, "logs", {{"limit", "2"}, {"after", first.text("next")}});
  EXPECT_EQ(rest.count("items"), 1U);
  EXPECT_EQ(rest.text("next"), "null");
  EXPECT_EQ(see(views_, me_, "logs", {{"after", "x"}}).status, 422);
}

}  // namespace
}  // namespace concord::logs
