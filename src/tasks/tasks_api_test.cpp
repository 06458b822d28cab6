#include "tasks/tasks_api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/clinic_people.h"
#include "tasks/handover_store.h"
#include "tasks/tasks_store.h"

namespace concord::tasks {
namespace {

class TaskRoutes : public testing::PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    if (IsSkipped()) return;
    sam_ = clinic().manager;
    dana_ = person("care_manager", "Dana Reed");
    lee_ = person("care_manager", "Lee Park");
    worker_ = person("community_worker", "Wes Hill");
    program_ = person("program_manager", "Pat Moss");
    account(sam_);
    account(clinic().elsewhere);
    account(clinic().foreigner);
    ann_ = clinic().add_patient("Ann", "Birch");
    bob_ = clinic().add_patient("Bob", "Cole");
    episode_ = clinic().ids().next();
    caseload_ = {ann_, bob_};
    deps_.chart = &clinic().chart;
    deps_.patient = patients::find;
    deps_.has_role = [this](db::Tx&, OrganizationId, UserId user, SiteId, std::string_view role) {
      return std::any_of(staff_.begin(), staff_.end(), [&](const Caller& c) { return c.user == user && c.role == role; });
    };
    deps_.may_own = [this](db::Tx&, OrganizationId, UserId user, SiteId site) {
      return std::any_of(staff_.begin(), staff_.end(), [&](const Caller& c) { return c.user == user && c.may_use(site); });
    };
    deps_.sees_team = [](std::string_view role) { return role != "community_worker"; };
    deps_.episode = [this](db::Tx&, OrganizationId organization, const Uuid& id) -> std::optional<std::pair<PatientId, SiteId>> {
      if (organization != clinic().organization || id != episode_) return std::nullopt;
      return std::pair(ann_, clinic().site);
    };
    deps_.line = [](db::Tx&, const Asker&, const patients::Place& place, std::string_view rule) -> std::optional<AttentionLine> {
      if (rule == "contact.due") return AttentionLine{"No contact for 20 days", place.today.plus_days(-3)};
      if (rule == "review.new") return AttentionLine{"New, never reviewed", place.today.plus_days(5)};
      return std::nullopt;
    };
    deps_.patients_of = [this](db::Tx&, OrganizationId, SiteId, UserId user, int) {
      return user == sam_.user ? caseload_ : std::vector<PatientId>();
    };
    deps_.move_care_manager = [this](db::Tx&, const Asker&, SiteId, UserId, UserId to,
                                     const std::optional<std::vector<PatientId>>& only, int) -> Result<std::vector<PatientId>> {
      moved_to_ = to;
      return only ? *only : caseload_;
    };
    deps_.refresh_caseload = [this](db::Tx&, OrganizationId, const std::vector<PatientId>& of) { refreshed_ = of; };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& notice) {
      told_.emplace_back(notice.kind, notice.to);
    };
    routes_ = routes(deps_);
  }
  testing::Answer as(const Caller& who, std::string_view method, std::string_view path, std::string body = "",
                     std::optional<std::int64_t> version = std::nullopt) {
    clinic().clock().advance(std::chrono::seconds(1));
    return clinic().call_as(who, routes_, method, path, std::move(body), version);
  }
  testing::Answer sam(std::string_view method, std::string_view path, std::string body = "",
                      std::optional<std::int64_t> version = std::nullopt) {
    return as(sam_, method, path, std::move(body), version);
  }
  testing::Answer make(std::string_view title, std::string_view due, std::string more = "") {
    return sam("POST", "/api/v1/tasks",
               R"({"title":")" + std::string(title) + R"(","due_date":")" + std::string(due) + "\"" + more + "}");
  }
  std::string cover(std::string_view from, std::string_view until, const Caller& to, std::string more = "") {
    return R"({"site_id":")" + clinic().site.text() + R"(","from_user_id":")" + sam_.user.text() + R"(","to_user_id":")" +
           to.user.text() + R"(","reason":"leave","from_date":")" + std::string(from) + R"(","until_date":")" +
           std::string(until) + "\"" + more + "}";
  }
  std::string for_good(const Caller& to, std::string more = "") {
    return R"({"site_id":")" + clinic().site.text() + R"(","from_user_id":")" + sam_.user.text() + R"(","to_user_id":")" +
           to.user.text() + R"(","reason":"moved away")" + more + "}";
  }
  static std::string quoted(std::string_view key, std::string_view value) {
    return ",\"" + std::string(key) + "\":\"" + std::string(value) + "\"";
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  Caller sam_, dana_, lee_, worker_, program_;
  PatientId ann_, bob_;
  Uuid episode_;
  std::vector<PatientId> caseload_, refreshed_;
  std::optional<UserId> moved_to_;
  std::vector<std::pair<std::string, UserId>> told_;
};
CONCORD_ON_BOTH_DATABASES(TaskRoutes);

TEST_P(TaskRoutes, MyTasksShowTheLongestOverdueFirst) {
  ASSERT_EQ(make("third", "2026-03-09").status, 201);
  ASSERT_EQ(make("first", "2026-03-04").status, 201);
  ASSERT_EQ(make("second", "2026-03-05").status, 201);
  EXPECT_EQ(make("late", "2026-03-03").issue_paths(), "due_date");
  days_pass(2);
  const auto page = sam("GET", "/api/v1/tasks?limit=2");
  EXPECT_EQ(page.text("items.0.title"), "first");
  EXPECT_EQ(page.text("items.0.overdue_days"), "2");
  EXPECT_EQ(page.text("items.1.title"), "second");
  const auto rest = sam("GET", "/api/v1/tasks?limit=2&after=" + page.text("next"));
  EXPECT_EQ(rest.count("items"), 1u);
  EXPECT_EQ(rest.text("items.0.title"), "third");
  EXPECT_EQ(rest.text("next"), "null");
  const auto counts = sam("GET", "/api/v1/tasks/counts");
  EXPECT_EQ(counts.text("open") + counts.text("overdue") + counts.text("due_today"), "320");
  EXPECT_EQ(as(dana_, "GET", "/api/v1/tasks").count("items"), 0u);
  EXPECT_EQ(as(dana_, "GET", "/api/v1/tasks/team").count("items"), 3u);
  EXPECT_EQ(as(dana_, "GET", "/api/v1/tasks/team?owner=" + dana_.user.text()).count("items"), 0u);
  EXPECT_EQ(sam("GET", "/api/v1/tasks?after=nonsense").issue_paths(), "after");
}

TEST_P(TaskRoutes, GivingATaskToSomebodyTellsThemOnce) {
  const auto made =
      make("Call the pharmacy", "2026-03-06", quoted("patient_id", ann_.text()) + quoted("owner_id", dana_.user.text()));
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("owner.name"), "Dana Reed");
  EXPECT_EQ(made.text("patient.family_name"), "Birch");
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0], std::pair(std::string("task.handed_over"), dana_.user));
  const auto path = "/api/v1/tasks/" + made.text("id");
  ASSERT_EQ(as(dana_, "PATCH", path, R"({"note":"they close at five"})", 1).status, 200);
  EXPECT_EQ(told_.size(), 1u) << "her own change";
  const auto given = as(dana_, "PATCH", path, R"({"reason":"your turn","owner_id":")" + sam_.user.text() + "\"}", 2);
  ASSERT_EQ(given.status, 200);
  EXPECT_EQ(told_.back().second, sam_.user);
  const auto whole = sam("GET", path);
  EXPECT_EQ(whole.reply.version, 3);
  ASSERT_EQ(whole.count("history"), 3u);
  EXPECT_EQ(whole.text("history.0.kind"), "created");
  EXPECT_EQ(whole.text("history.1.text_before"), "Call the pharmacy");
  EXPECT_EQ(whole.text("history.2.owner_before.name"), "Dana Reed");
  EXPECT_EQ(whole.text("history.2.reason"), "your turn");
}

TEST_P(TaskRoutes, AStaleEditShowsTheTaskAsItIs) {
  const auto path = "/api/v1/tasks/" + make("Call", "2026-03-06").text("id");
  ASSERT_EQ(sam("PATCH", path, R"({"title":"Call again"})", 1).status, 200);
  const auto late = sam("POST", path + "/acts", R"({"act":"done"})", 1);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.title"), "Call again");
  EXPECT_EQ(sam("PATCH", path, R"({"title":" "})", 2).issue_paths(), "title");
  EXPECT_EQ(sam("PATCH", path, R"({"due_date":"2026-03-03"})", 2).issue_paths(), "due_date");
}

TEST_P(TaskRoutes, IsDoneOrCancelledWithAReasonAndMayBeReopened) {
  const auto path = "/api/v1/tasks/" + make("Call", "2026-03-06").text("id");
  EXPECT_EQ(sam("POST", path + "/acts", R"({"act":"cancel"})", 1).issue_paths(), "reason");
  const auto done = sam("POST", path + "/acts", R"({"act":"done","reason":"reached her"})", 1);
  EXPECT_EQ(done.text("state"), "done");
  EXPECT_EQ(done.text("closed_by.name"), "Mara Quill");
  EXPECT_EQ(sam("GET", "/api/v1/tasks").count("items"), 0u);
  EXPECT_EQ(sam("GET", "/api/v1/tasks?state=closed").text("items.0.reason"), "reached her");
  EXPECT_EQ(sam("PATCH", path, R"({"title":"x"})", 2).code(), ErrorCode::conflict);
  EXPECT_EQ(sam("POST", path + "/acts", R"({"act":"reopen"})", 2).text("state"), "open");
}

TEST_P(TaskRoutes, ALineOfTheAttentionListBecomesOneTask) {
  const std::string line = R"({"episode_id":")" + episode_.text() + R"(","rule":"contact.due"})";
  const auto made = sam("POST", "/api/v1/tasks", line);
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("title"), "No contact for 20 days");
  EXPECT_EQ(made.text("due_date"), "2026-03-04") << "never before today";
  EXPECT_EQ(made.text("source"), "attention");
  EXPECT_EQ(made.text("patient.id"), ann_.text());
  const auto twice = as(dana_, "POST", "/api/v1/tasks", line);
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.text("task.id"), made.text("id"));
  EXPECT_EQ(twice.text("task.owner.name"), "Mara Quill");
  const auto next = sam("POST", "/api/v1/tasks",
                        R"({"episode_id":")" + episode_.text() + R"(","rule":"review.new","title":"Ask for a review"})");
  EXPECT_EQ(next.text("due_date"), "2026-03-09");
  EXPECT_EQ(next.text("title"), "Ask for a review");
  EXPECT_EQ(sam("POST", "/api/v1/tasks", R"({"episode_id":")" + episode_.text() + R"(","rule":"inactive"})").code(),
            ErrorCode::conflict);
  const auto path = "/api/v1/tasks/" + made.text("id") + "/acts";
  ASSERT_EQ(sam("POST", path, R"({"act":"done"})", 1).status, 200);
  ASSERT_EQ(sam("POST", "/api/v1/tasks", line).status, 201) << "the line is still there, so it may be a task again";
  EXPECT_EQ(sam("POST", path, R"({"act":"reopen"})", 2).status, 409);
  EXPECT_EQ(as(worker_, "POST", "/api/v1/tasks", line).code(), ErrorCode::not_allowed);
}

TEST_P(TaskRoutes, SaysWhatIsMissing) {
  EXPECT_EQ(sam("POST", "/api/v1/tasks", "{}").issue_paths(), "title due_date");
  EXPECT_EQ(sam("POST", "/api/v1/tasks", R"({"rule":"contact.due"})").issue_paths(), "episode_id");
  EXPECT_EQ(make("x", "2026-03-06", quoted("owner_id", clinic().foreigner.user.text())).issue_paths(), "owner_id");
  EXPECT_EQ(make("x", "2036-03-06").issue_paths(), "due_date");
}

TEST_P(TaskRoutes, ACommunityWorkerSeesOnlyTheirOwn) {
  const auto hers = make("Bus pass", "2026-03-06", quoted("patient_id", ann_.text()) + quoted("owner_id", worker_.user.text()));
  const auto other = make("PHQ-9 again", "2026-03-06", quoted("patient_id", ann_.text()));
  EXPECT_EQ(as(worker_, "GET", "/api/v1/tasks/" + hers.text("id")).status, 200);
  EXPECT_EQ(as(worker_, "GET", "/api/v1/tasks/" + other.text("id")).code(), ErrorCode::not_found);
  const auto path = "/api/v1/patients/" + ann_.text() + "/tasks";
  EXPECT_EQ(as(worker_, "GET", path).count("items"), 1u);
  EXPECT_EQ(sam("GET", path).count("items"), 2u);
}

TEST_P(TaskRoutes, ACoverEndsByItself) {
  ASSERT_EQ(make("Call Ann", "2026-03-10", quoted("patient_id", ann_.text())).status, 201);
  const auto made = sam("POST", "/api/v1/handovers", cover("2026-03-06", "2026-03-10", dana_));
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("state"), "planned");
  EXPECT_EQ(made.text("patients"), "2");
  EXPECT_EQ(made.text("tasks"), "1");
  EXPECT_EQ(told_.back(), std::pair(std::string("caseload.handed_over"), dana_.user));
  EXPECT_FALSE(moved_to_) << "nothing is rewritten";
  EXPECT_EQ(as(dana_, "GET", "/api/v1/tasks").count("items"), 0u);
  days_pass(2);
  const auto hers = as(dana_, "GET", "/api/v1/tasks");
  ASSERT_EQ(hers.count("items"), 1u);
  EXPECT_EQ(hers.text("items.0.owner.name"), "Mara Quill");
  EXPECT_EQ(hers.text("items.0.owner.cover.name"), "Dana Reed");
  EXPECT_EQ(hers.text("items.0.owner.cover.until"), "2026-03-10");
  EXPECT_EQ(sam("GET", "/api/v1/tasks").count("items"), 1u) << "still the owner's";
  const auto answers = [&](Date day) {
    return database().read(
        [&](db::Tx& tx) { return responsible_for(tx, clinic().organization, clinic().site, ann_, sam_.user, day); });
  };
  EXPECT_EQ(answers(Date::ymd(2026, 3, 10)), dana_.user);
  EXPECT_EQ(answers(Date::ymd(2026, 3, 11)), sam_.user);
  days_pass(5);
  EXPECT_EQ(as(dana_, "GET", "/api/v1/tasks").count("items"), 0u);
  EXPECT_EQ(sam("GET", "/api/v1/handovers").count("items"), 0u);
  EXPECT_EQ(sam("GET", "/api/v1/handovers?state=all").text("items.0.state"), "ended");
}

TEST_P(TaskRoutes, ACoverOfChosenPatientsTakesTheirTasksOnly) {
  ASSERT_EQ(make("Call Ann", "2026-03-10", quoted("patient_id", ann_.text())).status, 201);
  ASSERT_EQ(make("Call Bob", "2026-03-10", quoted("patient_id", bob_.text())).status, 201);
  ASSERT_EQ(make("Tidy up", "2026-03-10").status, 201);
  const auto only_bob = ",\"patients\":[\"" + bob_.text() + "\"]";
  ASSERT_EQ(sam("POST", "/api/v1/handovers", cover("2026-03-04", "2026-03-10", dana_, only_bob)).status, 201);
  const auto hers = as(dana_, "GET", "/api/v1/tasks");
  ASSERT_EQ(hers.count("items"), 1u);
  EXPECT_EQ(hers.text("items.0.title"), "Call Bob");
  const auto stranger = clinic().add_patient("Not", "Hers");
  EXPECT_EQ(
      sam("POST", "/api/v1/handovers", cover("2026-03-04", "2026-03-10", lee_, ",\"patients\":[\"" + stranger.text() + "\"]"))
          .issue_paths(),
      "patients[0]");
  EXPECT_EQ(sam("POST", "/api/v1/handovers", cover("2026-03-08", "2026-03-12", lee_, only_bob)).code(), ErrorCode::conflict);
  EXPECT_EQ(sam("POST", "/api/v1/handovers", cover("2026-03-08", "2026-03-12", lee_)).code(), ErrorCode::conflict)
      << "all holds Bob too";
  EXPECT_EQ(
      sam("POST", "/api/v1/handovers", cover("2026-03-08", "2026-03-12", lee_, ",\"patients\":[\"" + ann_.text() + "\"]")).status,
      201);
  EXPECT_EQ(sam("GET", "/api/v1/patients/" + bob_.text() + "/handovers").count("items"), 1u);
}

TEST_P(TaskRoutes, NobodyCoversWhoIsAwayThemselves) {
  ASSERT_EQ(sam("POST", "/api/v1/handovers", cover("2026-03-04", "2026-03-10", dana_)).status, 201);
  const std::string back = R"({"site_id":")" + clinic().site.text() + R"(","from_user_id":")" + dana_.user.text() +
                           R"(","to_user_id":")" + sam_.user.text() +
                           R"(","reason":"leave","from_date":"2026-03-09","until_date":"2026-03-12"})";
  EXPECT_EQ(as(dana_, "POST", "/api/v1/handovers", back).code(), ErrorCode::conflict);
}

TEST_P(TaskRoutes, ACoverMayEndEarly) {
  const auto made = sam("POST", "/api/v1/handovers", cover("2026-03-04", "2026-03-20", dana_));
  const auto path = "/api/v1/handovers/" + made.text("id") + "/end";
  days_pass(2);
  EXPECT_EQ(as(dana_, "POST", path, R"({"on":"2026-03-05"})", 1).issue_paths(), "on");
  EXPECT_EQ(as(lee_, "POST", path, "{}", 1).code(), ErrorCode::not_allowed);
  const auto ended = as(dana_, "POST", path, R"({"on":"2026-03-09"})", 1);
  ASSERT_EQ(ended.status, 200);
  EXPECT_EQ(ended.text("until_date"), "2026-03-08");
  EXPECT_EQ(ended.text("planned_until_date"), "2026-03-20");
  EXPECT_EQ(told_.back(), std::pair(std::string("caseload.cover_ended"), sam_.user));
  EXPECT_EQ(as(dana_, "POST", path, "{}", 1).status, 412);
  ASSERT_EQ(sam("POST", "/api/v1/handovers", cover("2026-03-09", "2026-03-20", lee_)).status, 201) << "the days are free again";
  EXPECT_EQ(sam("POST", path, "{}", 2).status, 200);
  EXPECT_EQ(sam("POST", path, "{}", 3).code(), ErrorCode::conflict) << "over";
}

TEST_P(TaskRoutes, AHandOverForGoodMovesPatientsAndOpenTasks) {
  const auto task = make("Call Ann", "2026-03-10", quoted("patient_id", ann_.text()));
  ASSERT_EQ(make("Call Bob", "2026-03-10", quoted("patient_id", bob_.text())).status, 201);
  const auto made = sam("POST", "/api/v1/handovers", for_good(dana_, ",\"patients\":[\"" + ann_.text() + "\"]"));
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("state"), "for_good");
  EXPECT_EQ(made.text("tasks"), "1");
  EXPECT_EQ(moved_to_, dana_.user);
  EXPECT_EQ(refreshed_, std::vector{ann_});
  EXPECT_EQ(as(dana_, "GET", "/api/v1/tasks").text("items.0.id"), task.text("id"));
  EXPECT_EQ(sam("GET", "/api/v1/tasks").text("items.0.title"), "Call Bob");
  const auto whole = sam("GET", "/api/v1/tasks/" + task.text("id"));
  EXPECT_EQ(whole.text("history.1.kind"), "handed_over");
  EXPECT_EQ(whole.text("history.1.owner_after.name"), "Dana Reed");
  EXPECT_EQ(sam("POST", "/api/v1/handovers/" + made.text("id") + "/end", "{}", 1).code(), ErrorCode::conflict);
  EXPECT_EQ(sam("GET", "/api/v1/patients/" + ann_.text() + "/handovers").text("items.0.state"), "for_good");
}

TEST_P(TaskRoutes, OnlyACareManagerOfTheSiteTakesOver) {
  EXPECT_EQ(sam("POST", "/api/v1/handovers", for_good(worker_)).issue_paths(), "to_user_id");
  EXPECT_EQ(as(lee_, "POST", "/api/v1/handovers", for_good(dana_)).code(), ErrorCode::not_allowed) << "not hers to give";
  EXPECT_EQ(as(lee_, "POST", "/api/v1/handovers", cover("2026-03-04", "2026-03-10", lee_)).status, 201) << "Sam is ill";
  EXPECT_EQ(as(program_, "POST", "/api/v1/handovers", for_good(dana_, ",\"patients\":[\"" + ann_.text() + "\"]")).issue_paths(),
            "patients");
  EXPECT_EQ(as(program_, "POST", "/api/v1/handovers", for_good(dana_)).status, 201);
  EXPECT_EQ(as(clinic().elsewhere, "POST", "/api/v1/handovers", for_good(dana_)).code(), ErrorCode::not_found);
}

TEST_P(TaskRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto path = "/api/v1/tasks/" + make("Call", "2026-03-06", quoted("patient_id", ann_.text())).text("id");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(as(*who, "GET", path).code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "PATCH", path, R"({"title":"x"})", 1).code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "POST", path + "/acts", R"({"act":"done"})", 1).code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "GET", "/api/v1/tasks/team").count("items"), 0u);
    EXPECT_EQ(
        as(*who, "POST", "/api/v1/tasks", R"({"title":"x","due_date":"2026-03-06","patient_id":")" + ann_.text() + "\"}").code(),
        ErrorCode::not_found);
  }
}

}  // namespace
}  // namespace concord::tasks
