#include <gtest/gtest.h>

#include "measurements/measurements_store.h"
#include "measurements/portal_scores.h"
#include "support/portal_people.h"

namespace concord::measurements {
namespace {

Criteria phq9() {
  Criteria c;
  c.instrument = "phq-9";
  c.worse_by = 5;
  return c;
}

TEST(ScoresInWords, DirectionIsByTheInstrumentsOwnAmount) {
  EXPECT_EQ(direction_of(19, 14, phq9()), Direction::fewer);
  EXPECT_EQ(direction_of(19, 15, phq9()), Direction::about_the_same);
  EXPECT_EQ(direction_of(14, 19, phq9()), Direction::more);
  Criteria wellbeing;
  wellbeing.higher_is_worse = false;
  wellbeing.response_kind = ResponseKind::points;
  wellbeing.response = 10;
  EXPECT_EQ(direction_of(40, 52, wellbeing), Direction::fewer);
  EXPECT_EQ(direction_of(52, 40, wellbeing), Direction::more);
  Criteria silent;
  silent.response_kind = ResponseKind::percent;
  EXPECT_EQ(direction_of(40, 4, silent), Direction::none) << "no amount, no verdict";
}

class ScoresView : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    static const instruments::Library library =
        std::move(instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments").value());
    static const Criteria known = phq9();
    static const Criteria unknown;
    deps_.library = &library;
    deps_.words = &testing::portal_words();
    deps_.criteria = [](std::string_view id) -> const Criteria& { return id == "phq-9" ? known : unknown; };
    deps_.role_of = [](db::Tx&, OrganizationId, UserId, SiteId) { return std::string("care_manager"); };
    deps_.own_goal = [](db::Tx&, const portal::Viewer&) { return std::optional(std::pair(Uuid{}, std::string("I will walk."))); };
    views_ = portal_views(deps_);
  }
  void score(std::string instrument, Date on, double total, std::string mode = "phone", bool seen = false) {
    Measurement m;
    m.id = MeasurementId(clinic().ids().next());
    m.patient = ana_;
    m.instrument = std::move(instrument);
    m.instrument_version = "1";
    m.mode = std::move(mode);
    m.administered_date = on;
    m.administered_at = Instant(on.sys()) + std::chrono::hours(15);
    m.entered_at = m.administered_at;
    m.total = total;
    if (seen) {
      m.seen_by = clinic().manager.user;
      m.seen_at = m.administered_at + std::chrono::hours(24);
    }
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      insert(tx, clinic().organization, m);
      return {};
    }));
  }

  PortalDeps deps_;
  std::vector<portal::View> views_;
};
CONCORD_ON_BOTH_DATABASES(ScoresView);

TEST_P(ScoresView, SaysTheNumbersAndWhatLowerMeans) {
  account(clinic().manager);
  EXPECT_NE(see(views_, me_, "scores").text("empty"), "null");
  score("phq-9", Date::ymd(2026, 1, 12), 19);
  EXPECT_EQ(see(views_, me_, "scores").text("items.0.words"), "Your score was 19 on 12 January. Lower is fewer symptoms.");
  EXPECT_EQ(see(views_, me_, "scores").text("items.0.direction"), "first");
  score("phq-9", Date::ymd(2026, 3, 2), 14, "link", true);
  auto view = see(views_, me_, "scores");
  EXPECT_EQ(view.text("items.0.words"), "Your score was 14. In January it was 19. Lower is fewer symptoms.");
  EXPECT_EQ(view.text("items.0.direction"), "fewer");
  EXPECT_EQ(view.text("items.0.direction_words"), "Fewer symptoms than last time.");
  EXPECT_EQ(view.text("items.0.points.1.seen.on"), "2026-03-03");
  EXPECT_EQ(view.text("items.0.points.1.seen.role_name"), "care manager");
  EXPECT_EQ(view.text("items.0.points.0.seen"), "null") << "was filled in together";
  EXPECT_EQ(view.text("goal.statement"), "I will walk.");
  EXPECT_EQ(view.reply.body.find("severe"), std::string::npos) << "no bands";
  me_.language = "es";
  EXPECT_EQ(see(views_, me_, "scores").text("items.0.words"),
            "Su resultado fue 14. En enero fue 19. Más bajo es menos síntomas.");
}

TEST_P(ScoresView, LeavesOutScreensThatOnlyFindThingsOut) {
  score("mdq", Date::ymd(2026, 1, 12), 8);
  score("c-ssrs-screener", Date::ymd(2026, 1, 12), 1);
  EXPECT_EQ(see(views_, me_, "scores").count("items"), 0U);
}

TEST_P(ScoresView, OfAYoungPersonHasNothingOfPrivateInstruments) {
  score("phq-9", Date::ymd(2026, 1, 12), 19);
  score("peg", Date::ymd(2026, 1, 13), 4);
  EXPECT_EQ(see(views_, sister_, "scores").count("items"), 2U);
  young_ = true;
  EXPECT_EQ(see(views_, sister_, "scores").count("items"), 1U);
  EXPECT_EQ(see(views_, sister_, "scores").text("items.0.instrument"), "peg");
  EXPECT_EQ(see(views_, sister_, "scores").text("items.0.direction"), "first");
  EXPECT_EQ(see(views_, me_, "scores").count("items"), 2U);
  EXPECT_EQ(see(views_, stranger_, "scores").status, 403);
}

}  // namespace
}  // namespace concord::measurements
