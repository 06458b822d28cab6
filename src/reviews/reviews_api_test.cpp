#include "reviews/reviews_api.h"

#include <gtest/gtest.h>

#include "reviews/reviews_store.h"
#include "support/clinic.h"

namespace concord::reviews {
namespace {

class ReviewRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    Deps deps;
    deps.chart = &clinic().chart;
    routes_ = routes(deps);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text() + "/reviews";
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", path, std::move(body), version);
  }

  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
};
CONCORD_ON_BOTH_DATABASES(ReviewRoutes);

TEST_P(ReviewRoutes, ARecommendationIsSentAnsweredAndDone) {
  const auto made =
      post(base_, R"({"question":"no better at week 9","recommendation":"sertraline to 100 mg","recommendation_to":"pcp"})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("recommendation_state"), "sent");
  EXPECT_EQ(made.text("recommendation_documented"), "true");
  EXPECT_EQ(made.text("reviewer.name"), "Mara Quill");
  EXPECT_EQ(made.text("date"), "2026-03-04");
  const auto path = base_ + "/" + made.text("id");
  EXPECT_EQ(post(path + "/done", "{}", 1).code(), ErrorCode::conflict) << "not answered yet";
  EXPECT_EQ(post(path + "/answer", R"({"state":"modified"})", 1).issue_paths(), "reason");
  const auto answered = post(path + "/answer", R"({"state":"modified","reason":"75 mg first"})", 1);
  EXPECT_EQ(answered.text("recommendation_state"), "modified");
  EXPECT_EQ(answered.text("answered_date"), "2026-03-04");
  EXPECT_EQ(post(path + "/answer", R"({"state":"accepted"})", 2).code(), ErrorCode::conflict);
  EXPECT_EQ(post(path + "/answer", R"({"state":"accepted"})", 1).status, 412);
  EXPECT_EQ(post(path + "/done", R"({"on":"2026-03-03"})", 2).issue_paths(), "on");
  EXPECT_EQ(post(path + "/done", "{}", 2).text("done_date"), "2026-03-04");
  EXPECT_EQ(clinic().refreshed.size(), 3u);
}

TEST_P(ReviewRoutes, ContinueAsIsIsDocumentedAndWaitsForNobody) {
  const auto made = post(base_, R"({"date":"2026-03-01","recommendation":"continue as is"})");
  EXPECT_EQ(made.text("recommendation_state"), "none");
  EXPECT_EQ(made.text("recommendation_documented"), "true");
  EXPECT_EQ(post(base_, R"({"question":"seen"})").text("recommendation_documented"), "false");
  EXPECT_EQ(post(base_, R"({"recommendation_to":"pcp"})").issue_paths(), "recommendation");
  EXPECT_EQ(post(base_, R"({"date":"2026-03-05"})").issue_paths(), "date");
}

TEST_P(ReviewRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto made = post(base_, R"({"recommendation":"x","recommendation_to":"pcp"})");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", base_).code(), ErrorCode::not_found);
    EXPECT_EQ(
        clinic().call_as(*who, routes_, "POST", base_ + "/" + made.text("id") + "/answer", R"({"state":"accepted"})", 1).code(),
        ErrorCode::not_found);
  }
}

TEST_P(ReviewRoutes, LoadsManyAsOneByOne) {
  Review r;
  r.id = ReviewId(clinic().ids().next());
  r.patient = patient_;
  r.date = Date::ymd(2026, 1, 1);
  r.reviewer_name = "Dr. Sol Ames";
  r.recommendation_documented = true;
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    insert_all(tx, clinic().organization, std::span<const Review>(&r, 1), clinic().clock().now());
    return {};
  }));
  EXPECT_EQ(clinic().call(routes_, "GET", base_).text("items.0.reviewer.name"), "Dr. Sol Ames");
}

}  // namespace
}  // namespace concord::reviews
