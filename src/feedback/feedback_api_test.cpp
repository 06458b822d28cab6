#include "feedback/feedback_api.h"

#include <gtest/gtest.h>

#include "support/portal_people.h"

namespace concord::feedback {
namespace {

class FeedbackRoutes : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    max_ = clinic().caller("program_manager", "Max Roe", clinic().organization, {clinic().site});
    account(max_);
    deps_.chart = &clinic().chart;
    deps_.words = &testing::portal_words();
    deps_.viewer_of = viewers();
    deps_.labels_of = [](db::Tx&, OrganizationId, PatientId) { return std::string("normal"); };
    deps_.patient = patients::find;
    deps_.managers = [this](db::Tx&, OrganizationId, SiteId) { return std::vector{max_.user}; };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { notices_.push_back(n); };
    deps_.tell_patient = [this](db::Tx&, OrganizationId, const messaging::ToPatient& to) {
      told_.push_back(to.kind);
      return std::vector<messaging::Queued>();
    };
    acts_ = portal_routes(deps_);
    views_ = portal_views(deps_);
    staff_ = routes(deps_);
  }
  testing::Answer send(const Caller& who, std::string more = "") {
    return as(who, acts_, "POST", "/api/v1/portal/feedback", R"({"topic":"access","text":"Nobody called back.")" + more + "}");
  }
  testing::Answer list(const Caller& who, std::string query = "") { return as(who, staff_, "GET", "/api/v1/feedback" + query); }

  Deps deps_;
  Caller max_;
  std::vector<http::Route> acts_, staff_;
  std::vector<portal::View> views_;
  std::vector<messaging::Notice> notices_;
  std::vector<std::string> told_;
};
CONCORD_ON_BOTH_DATABASES(FeedbackRoutes);

TEST_P(FeedbackRoutes, IsReadAnsweredAndClosedAndThePatientHearsOfIt) {
  const auto sent = send(me_);
  ASSERT_EQ(sent.status, 201);
  EXPECT_EQ(sent.text("topic_name"), "Getting help or a visit");
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_FALSE(notices_[0].patient) << "the notice names nobody";
  EXPECT_EQ(list(max_).text("items.0.patient.name"), "Ruiz, Ana");
  EXPECT_EQ(list(max_).text("new"), "1");
  const std::string one = "/api/v1/feedback/" + sent.text("id");
  ASSERT_EQ(as(max_, staff_, "POST", one + "/answer", R"({"text":"We are sorry. We call back the same day now."})", 1).status,
            200);
  EXPECT_EQ(as(max_, staff_, "POST", one + "/close", "{}", 1).status, 412);
  ASSERT_EQ(as(max_, staff_, "POST", one + "/close", "{}", 2).status, 200);
  EXPECT_EQ(as(max_, staff_, "POST", one + "/close", "{}", 3).status, 409);
  EXPECT_EQ(told_, (std::vector<std::string>{"feedback.answered", "feedback.answered"}));
  const auto mine = see(views_, me_, "feedback");
  EXPECT_EQ(mine.text("items.0.state_words"), "Dealt with");
  EXPECT_EQ(mine.text("items.0.answer"), "We are sorry. We call back the same day now.");
  EXPECT_EQ(list(max_, "?state=closed").count("items"), 1U);
  EXPECT_EQ(list(max_, "?state=new").count("items"), 0U);
}

TEST_P(FeedbackRoutes, WithoutANameTellsNobodyWhoWroteIt) {
  const auto sent = send(me_, R"(,"anonymous":true)");
  ASSERT_EQ(sent.status, 201);
  EXPECT_EQ(sent.reply.audit_object, ana_.uuid) << "the log of the record does not lead to the words";
  const auto shown = list(max_);
  EXPECT_EQ(shown.text("items.0.patient"), "null");
  EXPECT_EQ(shown.reply.body.find("Ruiz"), std::string::npos);
  EXPECT_EQ(shown.reply.body.find(ana_.text()), std::string::npos);
  EXPECT_FALSE(shown.reply.audit_patient);
  const auto closed = as(max_, staff_, "POST", "/api/v1/feedback/" + sent.text("id") + "/close", R"({"text":"Thank you."})", 1);
  ASSERT_EQ(closed.status, 200);
  EXPECT_FALSE(closed.reply.audit_patient);
  EXPECT_EQ(see(views_, me_, "feedback").text("items.0.answer"), "Thank you.");
}

TEST_P(FeedbackRoutes, IsOfThePatientAlone) {
  EXPECT_EQ(send(sister_).status, 403);
  ASSERT_EQ(send(me_).status, 201);
  EXPECT_EQ(see(views_, sister_, "feedback").status, 403);
  const auto other = clinic().caller("program_manager", "Una Vey", clinic().organization, {clinic().other_site});
  EXPECT_EQ(list(other).count("items"), 0U);
}

TEST_P(FeedbackRoutes, RefusesWhatItCannotKeep) {
  EXPECT_EQ(as(me_, acts_, "POST", "/api/v1/portal/feedback", R"({"topic":"weather","text":"x"})").issue_paths(), "topic");
  EXPECT_EQ(as(me_, acts_, "POST", "/api/v1/portal/feedback", R"({"topic":"access","text":"  "})").issue_paths(), "text");
  EXPECT_EQ(as(me_, acts_, "POST", "/api/v1/portal/feedback", R"({"topic":"access","text":")" + std::string(5001, 'x') + "\"}")
                .issue_paths(),
            "text");
}

}  // namespace
}  // namespace concord::feedback
