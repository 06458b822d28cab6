#include "calendar/calendar_api.h"

#include <gtest/gtest.h>

#include "calendar/calendar_store.h"
#include "support/clinic.h"

namespace concord::calendar {
namespace {

class CalendarRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.time_zone = clinic().chart.time_zone;
    deps_.user_name = clinic().chart.user_name;
    deps_.calendar_changed = [this](db::Tx&, OrganizationId, SiteId site) { told_.push_back(site); };
    routes_ = routes(deps_);
    path_ = "/api/v1/sites/" + clinic().site.text() + "/calendar";
  }
  testing::Answer put(std::string body, std::optional<std::int64_t> version) {
    return clinic().call(routes_, "PUT", path_, std::move(body), version);
  }
  static std::string body(std::string_view more = "") {
    return R"({"week":[null,{"opens":"08:00","closes":"16:30"},{"opens":"08:00","closes":"16:30"},{"opens":"10:00","closes":"19:00"},)"
           R"({"opens":"08:00","closes":"16:30"},{"opens":"08:00","closes":"12:00"},null],"holidays":"us_federal")" +
           std::string(more) + "}";
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  std::string path_;
  std::vector<SiteId> told_;
};
CONCORD_ON_BOTH_DATABASES(CalendarRoutes);

TEST_P(CalendarRoutes, ASiteNobodyChangedHasTheDefault) {
  const auto found = clinic().call(routes_, "GET", path_);
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.reply.version, 0);
  EXPECT_EQ(found.text("week.0"), "null");
  EXPECT_EQ(found.text("week.1.opens"), "08:00");
  EXPECT_EQ(found.text("holidays"), "us_federal");
  EXPECT_EQ(found.text("next_closed.0.date"), "2026-05-25");
  EXPECT_EQ(found.text("changed_by"), "null");
}

TEST_P(CalendarRoutes, AChangeIsANewVersionAndTheOldOneIsKept) {
  const auto changed = put(body(R"(,"special_days":[{"date":"2026-12-24","name":"Half day","opens":"08:00","closes":"12:00"},)"
                                R"({"date":"2026-03-13","name":"Staff day"}],"reason":"new year"})")
                               .substr(0),
                           0);
  EXPECT_EQ(changed.status, 400) << "a brace too many is no JSON";
  const auto made = put(body(R"(,"special_days":[{"date":"2026-12-24","name":"Half day","opens":"08:00","closes":"12:00"},)"
                             R"({"date":"2026-03-13","name":"Staff day"}],"reason":"new year")"),
                        0);
  ASSERT_EQ(made.status, 200) << made.issue_paths();
  EXPECT_EQ(made.reply.version, 1);
  EXPECT_EQ(made.text("next_closed.0.date"), "2026-03-13") << "in order of the days";
  EXPECT_EQ(made.text("special_days.1.closes"), "12:00");
  EXPECT_EQ(made.text("changed_by.name"), "Mara Quill");
  EXPECT_EQ(told_, std::vector{clinic().site});
  ASSERT_EQ(put(body(), 1).status, 200);
  const auto all = clinic().call(routes_, "GET", path_ + "/versions?limit=1");
  EXPECT_EQ(all.text("items.0.version"), "2");
  EXPECT_EQ(all.count("items.0.special_days"), 0u);
  const auto rest = clinic().call(routes_, "GET", path_ + "/versions?after=" + all.text("next"));
  EXPECT_EQ(rest.text("items.0.special_days.0.name"), "Staff day");
  EXPECT_EQ(rest.text("items.0.reason"), "new year");
  EXPECT_EQ(rest.text("next"), "null");
}

TEST_P(CalendarRoutes, AStaleChangeShowsWhatIsThere) {
  EXPECT_EQ(put(body(), std::nullopt).code(), ErrorCode::precondition_missing);
  ASSERT_EQ(put(body(), 0).status, 200);
  const auto late = put(body(), 0);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.week.3.opens"), "10:00");
  EXPECT_EQ(told_.size(), 1u);
}

TEST_P(CalendarRoutes, SaysEverythingThatIsWrong) {
  EXPECT_EQ(put(R"({"week":[null,null,null,null,null,null,null],"holidays":"us_federal"})", 0).issue_paths(), "week");
  EXPECT_EQ(put(R"({"week":[null],"holidays":"lunar"})", 0).issue_paths(), "week holidays");
  EXPECT_EQ(
      put(body(
              R"(,"special_days":[{"date":"2026-13-01","name":""},{"date":"2026-05-01","name":"x","opens":"9:00","closes":"10:00"}])"),
          0)
          .issue_paths(),
      "special_days[0].date special_days[0].name special_days[1].opens");
  EXPECT_EQ(put(body(R"(,"special_days":[{"date":"2026-05-01","name":"x","opens":"10:00","closes":"09:00"}])"), 0).issue_paths(),
            "special_days[0]");
}

TEST_P(CalendarRoutes, IsReadInTheUnitOfWorkWithTheZone) {
  ASSERT_EQ(put(body(), 0).status, 200);
  const auto calendar = database().read(
      [&](db::Tx& tx) { return load(tx, clinic().organization, clinic().site, std::string(testing::Clinic::kZone)); });
  EXPECT_EQ(calendar.week[3], (Opening{600, 1140}));
  EXPECT_EQ(calendar.zone, testing::Clinic::kZone);
  const auto other = database().read([&](db::Tx& tx) { return find(tx, clinic().other_organization, clinic().site); });
  EXPECT_EQ(other.version, 0) << "another organization's";
}

TEST_P(CalendarRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", path_).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "PUT", path_, body(), 0).code(), ErrorCode::not_found);
  }
}

}  // namespace
}  // namespace concord::calendar
