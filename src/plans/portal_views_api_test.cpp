#include <gtest/gtest.h>

#include "plans/plans_store.h"
#include "plans/portal_views.h"
#include "support/portal_people.h"

namespace concord::plans {
namespace {

using testing::Answer;

class PortalPlans : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    static const AidLibrary aids =
        std::move(load_aids(std::filesystem::path(CONCORD_SOURCE_DIR) / "content/decision_aids").value());
    deps_.chart = &clinic().chart;
    deps_.aids = &aids;
    deps_.words = &testing::portal_words();
    deps_.viewer_of = viewers();
    deps_.labels_of = [this](db::Tx&, OrganizationId, PatientId) { return labels_; };
    deps_.aids_for = [this](db::Tx&, OrganizationId, PatientId) { return offered_; };
    acts_ = portal_routes(deps_);
    views_ = portal_views(deps_);
    staff_deps_.chart = &clinic().chart;
    staff_deps_.aids = &aids;
    staff_ = routes(staff_deps_);
  }
  Answer goal(const Caller& who, std::string more = "") {
    return as(who, acts_, "POST", "/api/v1/portal/goals", R"({"what":"walk with Marta","confidence":6)" + more + "}");
  }
  Answer tick(const Caller& who, const std::string& id, std::string result = "done", std::string more = "") {
    return as(who, acts_, "POST", "/api/v1/portal/goals/" + id + "/check-offs", R"({"result":")" + result + "\"" + more + "}");
  }

  PortalDeps deps_;
  Deps staff_deps_;
  std::string labels_ = "normal";
  std::vector<std::string> offered_ = {"therapy-medicine-or-both", "antidepressant-by-issue"};
  std::vector<http::Route> acts_, staff_;
  std::vector<portal::View> views_;
};
CONCORD_ON_BOTH_DATABASES(PortalPlans);

TEST_P(PortalPlans, AGoalIsBuiltAsASentence) {
  const auto made = goal(
      me_, R"(,"how_long":"10 minutes","days":["thu","mon"],"at":"after lunch","obstacle":"rain","obstacle_plan":"an umbrella")");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("statement"), "I will walk with Marta for 10 minutes on Monday and Thursday, after lunch.");
  EXPECT_EQ(made.text("days.0"), "mon");
  EXPECT_EQ(made.text("offer_smaller_step"), "true") << "6 of 10 is not sure enough";
  EXPECT_EQ(made.text("written_by"), "you");
  EXPECT_EQ(made.text("for_today"), "false") << "it is a Wednesday";
  EXPECT_EQ(clinic().refreshed.back(), ana_);
  const auto list = as(clinic().manager, staff_, "GET", "/api/v1/patients/" + ana_.text() + "/goals");
  EXPECT_EQ(list.text("items.0.written_by"), "patient");
  EXPECT_EQ(list.text("items.0.how_long"), "10 minutes");
  EXPECT_EQ(goal(me_, R"(,"days":["someday"])").issue_paths(), "days[0]");
  EXPECT_EQ(as(me_, acts_, "POST", "/api/v1/portal/goals", R"({"what":"x"})").issue_paths(), "confidence");
  EXPECT_EQ(goal(me_, R"(,"until":"2026-01-01")").issue_paths(), "until");
}

TEST_P(PortalPlans, ACheckOffIsCelebratedOnceAndTwiceTappedIsOnce) {
  const auto id = goal(me_).text("id");
  EXPECT_EQ(see(views_, me_, "goals").text("items.0.for_today"), "true");
  const auto first = tick(me_, id);
  ASSERT_EQ(first.status, 201);
  EXPECT_EQ(first.text("celebrate.0.id"), "first_time");
  EXPECT_EQ(first.text("today"), "done");
  const auto again = tick(me_, id);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.count("celebrate"), 0U);
  EXPECT_EQ(again.text("times"), "1");
  EXPECT_EQ(tick(me_, id, "something_else").status, 409);
  clinic().clock().advance(std::chrono::hours(24));
  const auto other = tick(me_, id, "something_else");
  EXPECT_EQ(other.status, 201) << "something else counts the same";
  EXPECT_EQ(other.text("times"), "2");
  EXPECT_EQ(tick(me_, id, "done", R"(,"on":"2026-03-03")").issue_paths(), "on") << "before the goal began";
  EXPECT_EQ(tick(me_, id, "done", R"(,"on":"2026-04-03")").issue_paths(), "on");
}

TEST_P(PortalPlans, AnEditKeepsTheFormerWordsAndAnOldPageIsRefused) {
  const auto made = goal(me_);
  const std::string one = "/api/v1/portal/goals/" + made.text("id");
  const auto edited = as(me_, acts_, "PATCH", one, R"({"what":"walk alone","confidence":8})", 1);
  ASSERT_EQ(edited.status, 200);
  EXPECT_EQ(edited.text("statement"), "I will walk alone.");
  EXPECT_EQ(edited.text("offer_smaller_step"), "false");
  EXPECT_EQ(as(me_, acts_, "PATCH", one, R"({"what":"x"})", 1).status, 412);
  EXPECT_EQ(as(me_, acts_, "POST", one + "/status", R"({"status":"stopped"})", 2).status, 200) << "nobody has to say why";
  const auto staff = as(clinic().manager, staff_, "GET", "/api/v1/patients/" + ana_.text() + "/goals");
  EXPECT_EQ(staff.text("items.0.revisions.0.statement"), "I will walk with Marta.");
  EXPECT_EQ(staff.text("items.0.status"), "stopped");
}

TEST_P(PortalPlans, ATrustedPersonActsInTheScopeAndIsNamed) {
  const auto made = goal(sister_);
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.text("written_by"), "trusted_person");
  EXPECT_EQ(tick(sister_, made.text("id")).text("check_offs.0.by"), "trusted_person");
  EXPECT_EQ(goal(stranger_).status, 403);
  EXPECT_EQ(tick(stranger_, made.text("id")).status, 403);
  EXPECT_EQ(see(views_, stranger_, "goals").status, 403);
}

TEST_P(PortalPlans, AYoungPersonsOwnGoalsAndTicksLeaveNoTrace) {
  young_ = true;
  const auto own = goal(me_, R"(,"obstacle":"canary-31c9")");
  ASSERT_EQ(own.status, 201);
  // A goal that the team wrote with the family is shown, without what the young person told about it.
  const auto shared = as(clinic().manager, staff_, "POST", "/api/v1/patients/" + ana_.text() + "/goals",
                         R"({"what":"sleep before ten","confidence":8})");
  ASSERT_EQ(shared.status, 201);
  ASSERT_EQ(tick(me_, shared.text("id"), "done", R"(,"note":"canary-31c9")").status, 201);
  const auto seen = see(views_, sister_, "goals");
  EXPECT_EQ(seen.count("items"), 1U);
  EXPECT_EQ(seen.text("items.0.times"), "0");
  EXPECT_EQ(seen.count("items.0.milestones"), 0U);
  EXPECT_EQ(seen.text("items.0.today"), "null");
  EXPECT_EQ(seen.reply.body.find("canary"), std::string::npos);
  EXPECT_EQ(tick(sister_, own.text("id")).status, 404);
  EXPECT_EQ(see(views_, me_, "goals").count("items"), 2U);
  const auto now = database().read([&](db::Tx& tx) { return goals_now(tx, viewer_of(sister_)); });
  EXPECT_EQ(now.active, 1);
  EXPECT_TRUE(now.milestones.empty());
}

TEST_P(PortalPlans, WeightsAreSavedBeforeTheDecisionAndStaffSeeThem) {
  auto view = see(views_, me_, "decisions");
  ASSERT_GE(view.count("open"), 1U);
  const std::string aid = view.text("open.0.aid.id"), matter = view.text("open.0.aid.matters.0.id"),
                    option = view.text("open.0.aid.options.0.id");
  const auto waits = [&] {
    return database().read([&](db::Tx& tx) { return decision_to_make(deps_, tx, viewer_of(me_)) != nullptr; });
  };
  EXPECT_TRUE(waits());
  const std::string path = "/api/v1/portal/decisions/" + aid + "/weights";
  const auto weigh = [&](int weight, std::string leaning, int version) {
    return as(me_, acts_, "PUT", path,
              R"({"weights":[{"item":")" + matter + R"(","weight":)" + std::to_string(weight) +
                  R"(},{"item":"my dog","weight":5}],"leaning":")" + leaning + R"(","words":"not at night","version":)" +
                  std::to_string(version) + "}");
  };
  EXPECT_EQ(weigh(6, option, 0).issue_paths(), "weights[0].weight");
  EXPECT_EQ(weigh(4, "no such option", 0).issue_paths(), "leaning");
  ASSERT_EQ(weigh(4, option, 0).status, 200);
  EXPECT_EQ(weigh(3, option, 0).status, 412) << "saved on another device";
  ASSERT_EQ(weigh(3, option, 1).status, 200);
  view = see(views_, me_, "decisions");
  EXPECT_EQ(view.text("open.0.weights.0.weight"), "3");
  EXPECT_EQ(view.text("open.0.weights.1.text"), "my dog");
  EXPECT_EQ(view.text("open.0.version"), "2");
  std::string shown;
  database().read([&](db::Tx& tx) {
    json::Writer w(shown);
    http::Request request;
    const http::Call call{request, clinic().manager, clinic().clock().now(), {}};
    write_preparations(staff_deps_, w, tx, patients::Asker(call), {ana_, clinic().site, "UTC", clinic().today()});
  });
  EXPECT_NE(shown.find("not at night"), std::string::npos);
  // Once it is decided the aid is not open any more.
  ASSERT_EQ(as(clinic().manager, staff_, "POST", "/api/v1/patients/" + ana_.text() + "/decisions",
               R"({"aid":")" + aid + R"(","options":[")" + option + R"("],"choice":")" + option + R"(","took_part":["patient"]})")
                .status,
            201);
  view = see(views_, me_, "decisions");
  for (std::size_t i = 0; i < view.count("open"); ++i) EXPECT_NE(view.text("open." + std::to_string(i) + ".aid.id"), aid);
  EXPECT_EQ(view.text("made.0.choice"), option);
  EXPECT_EQ(weigh(3, option, 2).status, 404);
}

TEST_P(PortalPlans, AidsOfAnotherPathwayAreNotOpen) {
  offered_.clear();
  EXPECT_EQ(see(views_, me_, "decisions").count("open"), 0U);
  EXPECT_NE(see(views_, me_, "decisions").text("empty"), "null");
}

TEST_P(PortalPlans, ThePlanIsShownAsItWasAgreedInItsLanguage) {
  EXPECT_NE(see(views_, me_, "plan").text("empty"), "null");
  const auto made = as(
      clinic().manager, staff_, "POST", "/api/v1/patients/" + ana_.text() + "/plans",
      R"({"kind":"care_plan","language":"es","content":{"wants":"dormir","steps":[{"text":"caminar","who":"Ana"}],"written_with":["patient"]}})");
  ASSERT_EQ(made.status, 201) << made.issue_paths() << (made.error ? made.error->text : "");
  EXPECT_EQ(see(views_, me_, "plan").text("in_progress"), "true");
  EXPECT_EQ(see(views_, me_, "plan").text("plan"), "null") << "nothing holds before the patient has said yes";
  const std::string one = "/api/v1/patients/" + ana_.text() + "/plans/" + made.text("id");
  auto version = std::stoll(made.text("version"));
  const auto agreed = as(clinic().manager, staff_, "POST", one + "/view", R"({"view":"agreed","words":"yes"})", version);
  ASSERT_EQ(agreed.status, 200) << agreed.issue_paths();
  version = std::stoll(agreed.text("version"));
  ASSERT_EQ(as(clinic().manager, staff_, "POST", one + "/effect", "{}", version).status, 200);
  const auto view = see(views_, me_, "plan");
  EXPECT_EQ(view.text("plan.in_your_language"), "false");
  EXPECT_EQ(view.text("plan.note"), "This is written in Spanish. Ask your team to write it in your language.");
  EXPECT_EQ(view.text("plan.sections.0.heading"), "What I want");
  EXPECT_EQ(view.text("plan.steps.0.text"), "caminar");
  EXPECT_EQ(view.text("plan.your_words"), "yes");
  EXPECT_EQ(see(views_, stranger_, "plan").status, 403);
  EXPECT_EQ(see(views_, sister_, "plan").text("plan.id"), made.text("id"));
}

}  // namespace
}  // namespace concord::plans
