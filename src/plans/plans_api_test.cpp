#include "plans/plans_api.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "plans/plans_store.h"
#include "support/clinic.h"

namespace concord::plans {
namespace {

class PlanRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.chart = &clinic().chart;
    deps_.aids = &aids();
    deps_.language_of = [](db::Tx&, OrganizationId, PatientId) { return std::optional<std::string>("es"); };
    deps_.labels_of = [](db::Tx&, OrganizationId, PatientId) { return std::string("part2"); };
    routes_ = routes(deps_);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text();
  }
  static const AidLibrary& aids() {
    static const AidLibrary loaded =
        std::move(load_aids(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "decision_aids").value());
    return loaded;
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", base_ + std::string(path), std::move(body), version);
  }
  testing::Answer get(std::string_view path) { return clinic().call(routes_, "GET", base_ + std::string(path)); }
  testing::Answer plan() {
    return post(
        "/plans",
        R"({"kind":"care_plan","content":{"wants":"Dormir","preferences":"no tablets at night","steps":[{"text":"Walk","who":"Ana"}]}})");
  }
  testing::Answer goal() {
    return post(
        "/goals",
        R"({"what":"caminar","where_with":"con Marta","times_per_week":2,"confidence":5,"obstacle":"lluvia","obstacle_plan":"en casa"})");
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
};
CONCORD_ON_BOTH_DATABASES(PlanRoutes);

TEST_P(PlanRoutes, APlanTakesEffectOnlyWithThePatientsRecordedView) {
  const auto made = plan();
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("newest.state"), "draft");
  EXPECT_EQ(made.text("newest.patient_view"), "not_asked") << "visible";
  EXPECT_EQ(made.text("newest.language"), "es") << "the patient's";
  EXPECT_EQ(made.text("labels.0"), "part2") << "the episode's label comes along";
  EXPECT_EQ(made.text("in_effect"), "null");
  const auto one = "/plans/" + made.text("id");
  auto refused = post(one + "/effect", "{}", 1);
  EXPECT_EQ(refused.code(), ErrorCode::conflict);
  EXPECT_EQ(refused.issue_paths(), "patient_view");
  EXPECT_EQ(post(one + "/view", R"({"view":"wants_something_else"})", 1).issue_paths(), "words");
  EXPECT_EQ(post(one + "/view", R"({"view":"wants_something_else","words":"no groups"})", 1).status, 200);
  EXPECT_EQ(post(one + "/effect", "{}", 2).issue_paths(), "patient_view");
  EXPECT_EQ(post(one + "/view", R"({"view":"agreed_with_reservation","words":"yes, but not at night"})", 2).status, 200);
  const auto effect = post(one + "/effect", "{}", 3);
  ASSERT_EQ(effect.status, 200) << effect.issue_paths();
  EXPECT_EQ(effect.text("in_effect.plan_version"), "1");
  EXPECT_EQ(effect.text("in_effect.effective_date"), "2026-03-04");
  EXPECT_EQ(effect.text("in_effect.patient_words"), "yes, but not at night");
  EXPECT_EQ(effect.count("in_effect.views"), 2u) << "the no is kept";
  EXPECT_EQ(effect.text("in_effect.views.0.words"), "no groups");
  EXPECT_EQ(effect.reply.version, 4);
  EXPECT_FALSE(clinic().refreshed.empty());
}

TEST_P(PlanRoutes, TheDatabaseItselfRefusesAPlanInEffectWithoutAgreement) {
  const auto id = PlanId::parse(plan().text("id"));
  const auto done = database().write([&](db::Tx& tx) -> Result<void> {
    auto row = find_plan(tx, clinic().organization, patient_, *id);
    PlanVersion v = row->newest();
    v.state = "in_effect";
    v.effective_date = Date::ymd(2026, 3, 4);
    set_state(tx, clinic().organization, *row, v);
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::conflict);
}

TEST_P(PlanRoutes, ANewVersionNeverOverwritesTheOneBefore) {
  const auto one = "/plans/" + plan().text("id");
  EXPECT_EQ(
      clinic().call(routes_, "PATCH", base_ + one, R"({"content":{"barriers":"Night shifts"}})", 1).text("newest.content.wants"),
      "Dormir");
  post(one + "/view", R"({"view":"agreed"})", 2);
  EXPECT_EQ(clinic().call(routes_, "PATCH", base_ + one, R"({"content":{"wants":"x"}})", 3).code(), ErrorCode::conflict)
      << "the patient has agreed to these words";
  EXPECT_EQ(post(one + "/effect", "", 3).status, 200);
  const auto second = post(one + "/versions", R"({"reason":"new job","content":{"wants":"Trabajar"}})", 4);
  ASSERT_EQ(second.status, 201) << second.issue_paths();
  EXPECT_EQ(second.text("newest.plan_version"), "2");
  EXPECT_EQ(second.text("newest.content.barriers"), "Night shifts") << "what was not given stays";
  EXPECT_EQ(second.text("newest.patient_view"), "not_asked");
  EXPECT_EQ(second.text("in_effect.plan_version"), "1") << "until the new one is agreed";
  post(one + "/view", R"({"view":"agreed"})", 5);
  const auto now = post(one + "/effect", "{}", 6);
  EXPECT_EQ(now.text("in_effect.plan_version"), "2");
  ASSERT_EQ(now.count("versions"), 2u);
  EXPECT_EQ(now.text("versions.1.state"), "replaced");
  EXPECT_EQ(now.text("versions.1.content.wants"), "Dormir");
  EXPECT_EQ(now.text("versions.1.replaced_date"), "2026-03-04");
  const auto late = post(one + "/versions", R"({"reason":"x"})", 3);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.newest.plan_version"), "2");
}

TEST_P(PlanRoutes, APatientWhoChangesTheirMindTakesThePlanOutOfEffect) {
  const auto one = "/plans/" + plan().text("id");
  post(one + "/view", R"({"view":"agreed"})", 1);
  post(one + "/effect", "{}", 2);
  const auto no = post(one + "/view", R"({"view":"wants_something_else","words":"I stop walking"})", 3);
  ASSERT_EQ(no.status, 200) << no.issue_paths();
  EXPECT_EQ(no.text("in_effect"), "null");
  EXPECT_EQ(no.text("newest.state"), "withdrawn");
  EXPECT_EQ(no.text("newest.patient_words"), "I stop walking");
  EXPECT_EQ(post(one + "/effect", "{}", 4).code(), ErrorCode::conflict) << "needs a new version";
  EXPECT_EQ(post(one + "/versions", R"({"reason":"swimming"})", 4).status, 201);
}

TEST_P(PlanRoutes, OnlyOneOpenPlanOfAKindAndEndedOnesStay) {
  const auto first = plan();
  EXPECT_EQ(plan().code(), ErrorCode::conflict);
  EXPECT_EQ(plan().issue_paths(), "kind");
  EXPECT_EQ(post("/plans", R"({"kind":"relapse_prevention"})").status, 201) << "another kind";
  EXPECT_EQ(post("/plans/" + first.text("id") + "/end", R"({})", 1).issue_paths(), "reason");
  EXPECT_EQ(post("/plans/" + first.text("id") + "/end", R"({"reason":"care is over"})", 1).text("status"), "ended");
  EXPECT_EQ(plan().status, 201);
  EXPECT_EQ(get("/plans").count("items"), 3u);
}

TEST_P(PlanRoutes, ARelapsePlanIsKnownOnceItIsInEffect) {
  const auto has = [&] {
    return database().read([&](db::Tx& tx) { return has_relapse_plan(tx, clinic().organization, patient_); });
  };
  const auto made = post(
      "/plans",
      R"({"kind":"relapse_prevention","content":{"warning_signs":["no sleep"],"contacts":[{"name":"Dana","phone":"555-0100","when":"weekdays"}],"written_with":["patient"],"way_back":"call Dana"}})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("title"), "Relapse prevention plan");
  EXPECT_FALSE(has());
  const auto one = "/plans/" + made.text("id");
  post(one + "/view", R"({"view":"agreed"})", 1);
  EXPECT_EQ(post(one + "/effect", "{}", 2).status, 200);
  EXPECT_TRUE(has());
}

TEST_P(PlanRoutes, WrongInputIsToldWithItsPlace) {
  EXPECT_EQ(post("/plans", R"({"kind":"care_plan","content":{"steps":[{"who":"Ana"}],"extra":1}})").issue_paths(),
            "content.extra content.steps[0].text");
  EXPECT_EQ(post("/plans", R"({"kind":"imported"})").issue_paths(), "kind");
  const auto one = "/plans/" + plan().text("id");
  EXPECT_EQ(post(one + "/view", R"({"view":"agreed","on":"2026-03-05"})", 1).issue_paths(), "on") << "tomorrow";
  EXPECT_EQ(post(one + "/view", R"({"view":"agreed","on":"2026-03-03"})", 1).issue_paths(), "on") << "before it was written";
  EXPECT_EQ(post(one + "/view", R"({"view":"agreed","plan_version":9})", 1).issue_paths(), "plan_version");
}

TEST_P(PlanRoutes, GoalsAreSentencesWithConfidenceTicksAndMilestones) {
  const auto made = goal();
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("statement"), "Voy a caminar con Marta, 2 veces a la semana.");
  EXPECT_EQ(made.text("offer_smaller_step"), "true");
  EXPECT_EQ(made.text("last_reviewed_date"), "2026-03-04");
  const auto one = "/goals/" + made.text("id");
  EXPECT_EQ(post(one + "/check-offs", R"({"result":"done","on":"2026-03-03"})").issue_paths(), "on") << "before it began";
  EXPECT_EQ(post(one + "/check-offs", R"({"result":"done","note":"rain"})").status, 201);
  const auto ticked = post(one + "/check-offs", R"({"result":"something_else"})");
  EXPECT_EQ(ticked.text("check_offs_total"), "2");
  EXPECT_EQ(ticked.text("milestones.0.id"), "first_time");
  EXPECT_EQ(ticked.text("milestones.0.text"), "Done for the first time") << "in the reader's language";
  EXPECT_EQ(ticked.text("weeks.done"), "1");
  EXPECT_EQ(ticked.reply.version, 1) << "a tick is a row of its own";
  EXPECT_EQ(post("/goals", R"({"what":" ","confidence":11})").issue_paths(), "confidence");
  EXPECT_EQ(post("/goals", R"({"what":"x"})").issue_paths(), "confidence");
  EXPECT_EQ(post("/goals", R"({"what":"x","confidence":5,"until":"2026-03-01"})").issue_paths(), "until");
}

TEST_P(PlanRoutes, OtherWordsForAGoalKeepTheFormerOnes) {
  const auto one = "/goals/" + goal().text("id");
  const auto edited = clinic().call(routes_, "PATCH", base_ + one, R"({"what":"nadar","confidence":8})", 1);
  ASSERT_EQ(edited.status, 200) << edited.issue_paths();
  EXPECT_EQ(edited.text("statement"), "Voy a nadar con Marta, 2 veces a la semana.");
  EXPECT_EQ(edited.text("revisions.0.statement"), "Voy a caminar con Marta, 2 veces a la semana.");
  EXPECT_EQ(edited.text("revisions.0.confidence"), "5");
  EXPECT_EQ(edited.text("offer_smaller_step"), "false");
  EXPECT_EQ(clinic().call(routes_, "PATCH", base_ + one, R"({"what":"x"})", 1).status, 412);
  EXPECT_EQ(post(one + "/status", R"({"status":"stopped"})", 2).issue_paths(), "reason");
  EXPECT_EQ(post(one + "/status", R"({"status":"stopped","reason":"knee"})", 2).text("status"), "stopped");
  EXPECT_EQ(get(one).text("revisions.0.version"), "1");
}

TEST_P(PlanRoutes, AGoalIsLookedAtInAContactOnItsDay) {
  const auto id = goal().text("id");
  clinic().clock().advance(std::chrono::hours(24 * 10));
  const auto read = goal_check_reader(deps_);
  const auto run = [&](const std::string& body) -> Result<std::string> {
    const auto document = *json::Document::parse(body);
    json::Issues issues;
    const auto store = read(json::Cursor(document.root(), issues));
    if (!issues.empty()) return issues.error();
    const http::Request request;
    const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
    return database().write([&](db::Tx& tx) -> Result<std::string> {
      std::string out;
      json::Writer w(out);
      CONCORD_TRY_VOID(store(tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, patient_), Date::ymd(2026, 3, 12), w));
      return out;
    });
  };
  ASSERT_TRUE(run(R"({"goal_id":")" + id + R"(","progress":"going_well","confidence":8,"note":"walks alone"})"));
  const auto seen = get("/goals/" + id);
  EXPECT_EQ(seen.text("last_reviewed_date"), "2026-03-12");
  EXPECT_EQ(seen.text("reviews.0.progress"), "going_well");
  EXPECT_EQ(seen.text("confidence_now"), "8");
  EXPECT_EQ(seen.text("milestones.0.id"), "confidence_up");
  ASSERT_TRUE(run(R"({"goal_id":")" + id + R"(","progress":"reached"})"));
  EXPECT_EQ(get("/goals/" + id).text("status"), "reached");
  EXPECT_EQ(run(R"({"goal_id":")" + patient_.text() + R"(","progress":"some"})").error().issues[0].path, ".goal_id");
  EXPECT_EQ(run(R"({"goal_id":")" + id + R"("})").error().issues[0].path, "progress");
}

TEST_P(PlanRoutes, ADecisionKeepsOptionsWeightsChoiceAndWhoTookPart) {
  const std::string good =
      R"({"aid":"antidepressant-by-issue","options":["ssri","mirtazapine","none"],"weights":[{"item":"weight","weight":5},{"item":"my mother","weight":3}],"choice":"none","took_part":["patient","care_manager"],"note":"asks again in May")";
  const auto made = post("/decisions", good + "}");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("aid_version"), "1.0.0");
  EXPECT_EQ(made.text("choice_name"), "No medicine now");
  EXPECT_EQ(made.text("options.0.name"), "Sertraline or escitalopram (SSRI)");
  EXPECT_EQ(made.text("weights.0.text"), "Not gaining weight");
  EXPECT_EQ(made.text("weights.1.text"), "my mother");
  const auto later =
      post("/decisions",
           R"({"aid":"antidepressant-by-issue","options":["ssri","none"],"choice":"ssri","took_part":["patient"],"replaces":")" +
               made.text("id") + "\"}");
  ASSERT_EQ(later.status, 201) << later.issue_paths();
  const auto all = get("/decisions");
  ASSERT_EQ(all.count("items"), 2u);
  EXPECT_EQ(all.text("items.1.replaced_by"), later.text("id"));
  EXPECT_EQ(all.text("items.1.choice"), "none") << "the former one is kept";
  EXPECT_EQ(post("/decisions", good + R"(,"replaces":")" + made.text("id") + "\"}").issue_paths(), "replaces");
}

TEST_P(PlanRoutes, ADecisionWithoutThePatientOrOutsideTheAidIsRefused) {
  const auto refused = [&](const std::string& body) { return post("/decisions", body).issue_paths(); };
  EXPECT_EQ(refused(R"({"aid":"alcohol-treatment","options":["talks"],"choice":"talks","took_part":["pcp"]})"), "took_part");
  EXPECT_EQ(refused(R"({"aid":"alcohol-treatment","options":["talks","ssri"],"choice":"none","took_part":["patient"]})"),
            "options[1] choice");
  EXPECT_EQ(refused(R"({"aid":"nothing","options":["a"],"choice":"a","took_part":["patient"]})"), "aid");
  EXPECT_EQ(refused(R"({"options":["a"],"choice":"other","took_part":["patient"]})"), "topic choice_words");
  EXPECT_EQ(
      post("/decisions", R"({"aid":"alcohol-treatment","options":["talks"],"choice":"undecided","took_part":["caregiver"]})")
          .status,
      201);
}

TEST_P(PlanRoutes, DecisionAidsAreReadInEitherLanguage) {
  const auto list = clinic().call(routes_, "GET", "/api/v1/decision-aids?language=es");
  EXPECT_EQ(list.count("items"), 4u);
  EXPECT_EQ(list.text("items.0.title"), "Ayuda con la bebida");
  const auto one = clinic().call(routes_, "GET", "/api/v1/decision-aids/alcohol-treatment");
  EXPECT_EQ(one.text("title"), "Help with drinking");
  EXPECT_EQ(one.count("issues.0.answers"), one.count("options"));
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/decision-aids/nothing").code(), ErrorCode::not_found);
}

TEST_P(PlanRoutes, WishesAreReadyForACaseReview) {
  const auto wishes = [&] {
    const http::Request request;
    const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
    return database().read([&](db::Tx& tx) {
      std::string out;
      json::Writer w(out);
      write_wishes(deps_, w, tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, patient_));
      return std::move(*json::Document::parse(out));
    });
  };
  {
    const auto none = wishes();
    EXPECT_FALSE(none.root().find("plan_in_effect")->boolean());
    EXPECT_TRUE(none.root().find("patient_view")->is(json::Kind::null));
  }
  plan();
  goal();
  const auto some = wishes();
  EXPECT_EQ(some.root().find("wants")->text(), "Dormir");
  EXPECT_EQ(some.root().find("patient_view")->text(), "not_asked");
  EXPECT_EQ(some.root().find("goals")->items().size(), 1u);
}

TEST_P(PlanRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto plan_path = base_ + "/plans/" + plan().text("id"), goal_path = base_ + "/goals/" + goal().text("id");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    for (const auto& path : {base_ + "/plans", plan_path, base_ + "/goals", goal_path, base_ + "/decisions"})
      EXPECT_EQ(clinic().call_as(*who, routes_, "GET", path).code(), ErrorCode::not_found) << path;
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", plan_path + "/view", R"({"view":"agreed"})", 1).code(),
              ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", goal_path + "/check-offs", R"({"result":"done"})").code(),
              ErrorCode::not_found);
  }
  const auto other = clinic().add_patient("Ben", "Okafor");
  EXPECT_EQ(clinic()
                .call(routes_, "GET", "/api/v1/patients/" + other.text() + "/plans/" + plan_path.substr(plan_path.size() - 36))
                .code(),
            ErrorCode::not_found)
      << "another patient's plan";
}

}  // namespace
}  // namespace concord::plans
