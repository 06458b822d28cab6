#include "surveys/surveys_api.h"

#include <gtest/gtest.h>

#include "support/portal_people.h"

namespace concord::surveys {
namespace {

class SurveyRoutes : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    static const Library library =
        std::move(load_surveys(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "surveys").value());
    course_ = Course{clinic().ids().next(), clinic().site, Date::ymd(2026, 2, 2), std::nullopt, "normal"};
    deps_.chart = &clinic().chart;
    deps_.library = &library;
    deps_.words = &testing::portal_words();
    deps_.viewer_of = viewers();
    deps_.labels_of = [](db::Tx&, OrganizationId, PatientId) { return std::string("normal"); };
    deps_.course_of = [this](db::Tx&, OrganizationId, PatientId) { return course_; };
    acts_ = portal_routes(deps_);
    views_ = portal_views(deps_);
    staff_ = routes(deps_);
    max_ = clinic().caller("program_manager", "Max Roe", clinic().organization, {clinic().site});
    kim_ = clinic().caller("admin", "Kim Day", clinic().organization, {clinic().site});
  }
  testing::Answer answer(const Caller& who, std::string survey, std::string body) {
    return as(who, acts_, "POST", "/api/v1/portal/surveys/" + survey + "/answers", std::move(body));
  }

  Deps deps_;
  std::optional<Course> course_;
  Caller max_, kim_;
  std::vector<http::Route> acts_, staff_;
  std::vector<portal::View> views_;
};
CONCORD_ON_BOTH_DATABASES(SurveyRoutes);

const char* const kInvolved = R"({"answers":{"say":4,"choices":3,"counted":2}})";

TEST_P(SurveyRoutes, AreAnsweredOncePerPoint) {
  auto mine = see(views_, me_, "surveys");
  ASSERT_EQ(mine.count("due"), 2U) << "involvement and satisfaction; CollaboRATE needs a permission";
  EXPECT_EQ(mine.text("due.0.id"), "involvement");
  EXPECT_EQ(mine.text("due.0.reason"), "You have been with us for about a month.");
  const auto done = answer(me_, "involvement", kInvolved);
  ASSERT_EQ(done.status, 201);
  EXPECT_EQ(done.text("thanks"), "Thank you. We want to decide with you.");
  EXPECT_EQ(answer(me_, "involvement", kInvolved).status, 409);
  ASSERT_EQ(answer(me_, "satisfaction", R"({"declined":true})").status, 201);
  mine = see(views_, me_, "surveys");
  EXPECT_EQ(mine.count("due"), 0U);
  EXPECT_EQ(mine.count("answered"), 1U) << "a no is not an answer";
}

TEST_P(SurveyRoutes, RefuseAnswersOutOfRange) {
  EXPECT_EQ(answer(me_, "involvement", R"({"answers":{"say":5,"choices":3}})").issue_paths(), "answers.say answers.counted");
  EXPECT_EQ(answer(me_, "involvement", R"({"answers":{"say":1,"choices":3,"counted":2,"more":1}})").issue_paths(),
            "answers.more");
  EXPECT_EQ(answer(me_, "nothing", kInvolved).status, 404);
  EXPECT_EQ(answer(sister_, "involvement", kInvolved).status, 403);
  course_.reset();
  EXPECT_EQ(answer(me_, "involvement", kInvolved).status, 409) << "not in care";
}

TEST_P(SurveyRoutes, AnotherOwnersWordsAreAskedOnlyWithThePermissionAndAsTheSiteGaveThem) {
  EXPECT_EQ(answer(me_, "collaborate", R"({"answers":{"q1":9,"q2":9,"q3":9}})").status, 409);
  const std::string path = "/api/v1/surveys/collaborate/permissions";
  const std::string head =
      R"({"site_id":")" + clinic().site.text() + R"(","permitted_by":"the owner","reference":"letter of 2 May",)";
  EXPECT_EQ(
      as(kim_, staff_, "POST", path, head + R"("words":{"en":{"items":["One?"],"low":"none","high":"all"}}})").issue_paths(),
      "words.en.items");
  ASSERT_EQ(
      as(kim_, staff_, "POST", path, head + R"("words":{"en":{"items":["One?","Two?","Three?"],"low":"none","high":"all"}}})")
          .status,
      201);
  EXPECT_EQ(
      as(kim_, staff_, "POST", path, head + R"("words":{"en":{"items":["One?","Two?","Three?"],"low":"none","high":"all"}}})")
          .status,
      409);
  auto mine = see(views_, me_, "surveys");
  ASSERT_EQ(mine.count("due"), 3U);
  EXPECT_EQ(mine.text("due.0.items.1.text"), "Two?");
  EXPECT_EQ(mine.text("due.0.items.1.high"), "all");
  me_.language = "es";
  EXPECT_EQ(see(views_, me_, "surveys").count("due"), 2U) << "no words in Spanish: not asked in Spanish";
  me_.language = "en";
  EXPECT_EQ(answer(me_, "collaborate", R"({"answers":{"q1":9,"q2":9,"q3":9}})").status, 201);
  EXPECT_EQ(as(kim_, staff_, "GET", "/api/v1/surveys").text("items.0.offered.0.why"), "permission_recorded");
  EXPECT_EQ(as(kim_, staff_, "POST", "/api/v1/surveys/involvement/permissions",
               head + R"("words":{"en":{"items":["a","b","c"],"low":"x","high":"y"}}})")
                .status,
            409);
}

TEST_P(SurveyRoutes, ResultsAreAddedUpByWholeMonthsWithoutSmallCells) {
  std::vector<Caller> people;
  for (int i = 0; i < 11; ++i) people.push_back(portal(clinic().add_patient("P" + std::to_string(i), "Test")));
  for (int i = 0; i < 10; ++i) {
    course_->episode = clinic().ids().next();
    ASSERT_EQ(answer(people[static_cast<std::size_t>(i)], "involvement", kInvolved).status, 201);
  }
  auto results = as(max_, staff_, "GET", "/api/v1/surveys/results?from=2026-03-10&to=2026-03-11");
  EXPECT_EQ(results.text("from"), "2026-03-01");
  EXPECT_EQ(results.text("to"), "2026-03-31");
  EXPECT_EQ(results.text("surveys.1.id"), "involvement");
  EXPECT_EQ(results.text("surveys.1.answered"), "null");
  EXPECT_EQ(results.text("surveys.1.suppressed"), "true");
  course_->episode = clinic().ids().next();
  ASSERT_EQ(answer(people[10], "involvement", kInvolved).status, 201);
  results = as(max_, staff_, "GET", "/api/v1/surveys/results");
  EXPECT_EQ(results.text("surveys.1.answered"), "11");
  EXPECT_EQ(results.text("surveys.1.items.0.mean"), "4");
  EXPECT_EQ(as(max_, staff_, "GET", "/api/v1/surveys/results?from=march").issue_paths(), "from");
  EXPECT_EQ(as(max_, staff_, "GET", "/api/v1/surveys/results?site_id=" + clinic().other_site.text()).status, 404);
}

}  // namespace
}  // namespace concord::surveys
