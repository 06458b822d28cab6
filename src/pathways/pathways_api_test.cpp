#include "pathways/pathways_api.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "episodes/episodes_store.h"
#include "pathways/pathways_store.h"
#include "support/clinic.h"

namespace concord::pathways {
namespace {

namespace fs = std::filesystem;

class PathwayRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.chart = &clinic().chart;
    deps_.library = &library();
    deps_.instruments = &instruments_here();
    deps_.aid_title = [](std::string_view aid, std::string_view) { return "title of " + std::string(aid); };
    deps_.open_episode = episodes::find_open;
    deps_.team_of = episodes::list_team;
    deps_.given = [this](db::Tx&, OrganizationId, PatientId) { return given_; };
    deps_.birth_date = [](db::Tx&, OrganizationId, PatientId) { return std::optional(Date::ymd(2010, 5, 1)); };
    deps_.has_medication = [](db::Tx&, OrganizationId, PatientId) { return false; };
    deps_.has_relapse_plan = [](db::Tx&, OrganizationId, PatientId) { return false; };
    deps_.permitted = [](db::Tx&, OrganizationId, SiteId, std::string_view) { return false; };
    routes_ = routes(deps_);
    patient_ = clinic().add_patient();
    path_ = "/api/v1/patients/" + patient_.text() + "/pathway";
  }
  static const instruments::Library& instruments_here() {
    static const auto loaded = std::move(instruments::load_library(fs::path(CONCORD_SOURCE_DIR) / "instruments").value());
    return loaded;
  }
  static const Library& library() {
    static const auto loaded =
        std::move(load_pathways(fs::path(CONCORD_SOURCE_DIR) / "pathways", instruments_here(), [](std::string_view) {
                    return true;
                  }).value());
    return loaded;
  }
  episodes::EpisodeId open_episode(std::optional<std::string> pathway, SiteId site) {
    episodes::Episode e;
    e.id = episodes::EpisodeId(clinic().ids().next());
    e.patient = patient_;
    e.site = site;
    e.state = episodes::State::assessed;
    e.primary_condition = "depression";
    e.pathway = std::move(pathway);
    e.referred_date = Date::ymd(2026, 3, 1);
    EXPECT_TRUE(
        database().write([&](db::Tx& tx) { return episodes::insert(tx, clinic().organization, e, clinic().clock().now()); }));
    return e.id;
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  std::vector<Given> given_;
  PatientId patient_;
  std::string path_;
};
CONCORD_ON_BOTH_DATABASES(PathwayRoutes);

TEST_P(PathwayRoutes, SayWhatToGiveNowAndWhy) {
  open_episode("perinatal", clinic().site);
  given_ = {{"phq-9", "self", Date::ymd(2026, 3, 2), 14, true}};
  const auto answer = clinic().call(routes_, "GET", path_);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("pathway.id"), "perinatal");
  EXPECT_EQ(answer.text("due.0.instrument"), "epds");
  EXPECT_EQ(answer.text("due.0.when"), "intake");
  EXPECT_EQ(answer.text("due.0.why"), "The questions made for pregnancy and the time after birth.");
  EXPECT_EQ(answer.text("due.0.may_start"), "false") << "the site recorded no permission";
  EXPECT_EQ(answer.text("due.2.instrument"), "gad-7");
  EXPECT_EQ(answer.text("due.2.may_start"), "true");
  EXPECT_EQ(answer.text("due.0.overdue_days"), "3");
  EXPECT_EQ(answer.count("team_missing"), 2u);
  EXPECT_EQ(answer.text("prompts.0.act"), "measure");
  EXPECT_EQ(answer.text("pathway.decision_aids.0.title"), "title of perinatal-treatment");
  EXPECT_EQ(answer.text("break"), "null");
  EXPECT_EQ(answer.count("suggested"), 0u) << "one is chosen";
}

TEST_P(PathwayRoutes, WithoutAPathwaySuggestOnesThatFit) {
  const auto none = clinic().call(routes_, "GET", path_);
  EXPECT_EQ(none.text("episode_id"), "null");
  EXPECT_EQ(none.count("suggested"), 0u);
  open_episode(std::nullopt, clinic().site);
  const auto answer = clinic().call(routes_, "GET", path_);
  EXPECT_EQ(answer.text("pathway"), "null");
  EXPECT_EQ(answer.text("suggested.0"), "adolescent") << "somebody of 15";
  EXPECT_EQ(answer.count("due"), 0u);
}

TEST_P(PathwayRoutes, KeepEveryChoiceWithItsReason) {
  const auto episode = open_episode("ptsd", clinic().site);
  const http::Request request;
  const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    note_choice(clinic().chart, tx, asker, episode, std::nullopt, "adult-depression", "", Date::ymd(2026, 3, 1));
    return {};
  }));
  clinic().clock().advance(std::chrono::hours(1));
  const Asker later(http::Call{request, clinic().manager, clinic().clock().now(), {}});
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    note_choice(clinic().chart, tx, later, episode, "adult-depression", "ptsd", "trauma came up", Date::ymd(2026, 3, 4));
    return {};
  }));
  const auto answer = clinic().call(routes_, "GET", path_);
  ASSERT_EQ(answer.count("history"), 2u);
  EXPECT_EQ(answer.text("history.0.to"), "ptsd");
  EXPECT_EQ(answer.text("history.0.reason"), "trauma came up");
  EXPECT_EQ(answer.text("history.0.by.name"), "Mara Quill");
  EXPECT_EQ(answer.text("history.1.from"), "null");
}

TEST_P(PathwayRoutes, AreHiddenWithTheEpisodeOfAnotherSite) {
  open_episode("ptsd", clinic().other_site);
  const auto answer = clinic().call(routes_, "GET", path_);
  EXPECT_EQ(answer.text("episode_id"), "null");
  EXPECT_EQ(answer.text("pathway"), "null");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner})
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", path_).code(), ErrorCode::not_found);
}

TEST_P(PathwayRoutes, AreReadInEitherLanguage) {
  const auto list = clinic().call(routes_, "GET", "/api/v1/pathways?language=es");
  EXPECT_EQ(list.count("items"), 9u);
  const auto one = clinic().call(routes_, "GET", "/api/v1/pathways/college?language=es");
  EXPECT_EQ(one.text("title"), "Estudiantes universitarios");
  EXPECT_EQ(one.text("review"), "awaiting clinical review");
  EXPECT_EQ(one.text("terms.0.from"), "01-20");
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/pathways/nothing").code(), ErrorCode::not_found);
  EXPECT_EQ(label_of(library(), "substance-use"), "part2");
  EXPECT_EQ(label_of(library(), "nothing"), std::nullopt);
}

}  // namespace
}  // namespace concord::pathways
