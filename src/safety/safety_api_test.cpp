#include "safety/safety_api.h"

#include <gtest/gtest.h>

#include "safety/safety_store.h"
#include "support/clinic.h"

namespace concord::safety {
namespace {

class SafetyRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    deps_.chart = &clinic().chart;
    routes_ = routes(deps_);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text() + "/safety-events";
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call(routes_, "POST", path, std::move(body), version);
  }
  testing::Answer worry(std::string note = "said something in the hallway") {
    return post(base_, R"({"signal":"staff concern","note":")" + note + "\"}");
  }
  measurements::MeasurementId raise_one(const std::string& signal, std::optional<std::string> level,
                                        std::optional<measurements::MeasurementId> corrects = std::nullopt) {
    const measurements::MeasurementId id(clinic().ids().next());
    const http::Request request;
    const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
    EXPECT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      raise(deps_, tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, patient_), id, signal, level, corrects);
      return {};
    }));
    return id;
  }
  testing::Answer open() { return clinic().call(routes_, "GET", "/api/v1/safety-events?open=true"); }

  Deps deps_;
  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
};
CONCORD_ON_BOTH_DATABASES(SafetyRoutes);

TEST_P(SafetyRoutes, AConcernIsAcknowledgedAndClosedByAClinicianWithTheirWords) {
  const auto made = worry();
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("due_at"), "2026-03-04T15:15:00Z");
  EXPECT_EQ(made.reply.audit_detail, "");
  const auto path = base_ + "/" + made.text("id");
  const auto taken = post(path + "/acknowledge", "", 1);
  EXPECT_EQ(taken.text("acknowledged_by.name"), "Mara Quill");
  EXPECT_EQ(post(path + "/acknowledge", "", 2).code(), ErrorCode::conflict);
  EXPECT_EQ(post(path + "/close", R"({"disposition":" "})", 2).issue_paths(), "level");
  EXPECT_EQ(post(path + "/close", R"({"level":"low","disposition":" "})", 2).issue_paths(), "disposition");
  EXPECT_EQ(post(path + "/close", R"({"level":"low","disposition":"x","reassess_date":"2026-03-03"})", 2).issue_paths(),
            "reassess_date");
  EXPECT_EQ(post(path + "/close", R"({"level":"low","disposition":"seems fine"})", 2).issue_paths(), "assessed_otherwise")
      << "nobody closes what nobody assessed";
  EXPECT_EQ(open().count("items"), 1u) << "still open after every refusal";
  const auto closed = post(
      path + "/close", R"({"level":"low","disposition":"denies plan; safety plan made","assessed_otherwise":"in the room"})", 2);
  ASSERT_EQ(closed.status, 200);
  EXPECT_EQ(closed.text("closed_by.name"), "Mara Quill");
  EXPECT_EQ(closed.text("reassess_date"), "2026-04-03");
  EXPECT_EQ(open().count("items"), 0u);
  EXPECT_EQ(post(path + "/close", R"({"level":"low","disposition":"again"})", 3).code(), ErrorCode::conflict);
  EXPECT_EQ(clinic().refreshed.size(), 3u);
}

TEST_P(SafetyRoutes, OnlyAClinicianCloses) {
  const auto path = base_ + "/" + worry().text("id") + "/close";
  const auto worker = clinic().caller("community_worker", "Pia Holt", clinic().organization, {clinic().site});
  EXPECT_EQ(clinic().call_as(worker, routes_, "POST", path, R"({"level":"low","disposition":"fine"})", 1).code(),
            ErrorCode::not_allowed);
}

TEST_P(SafetyRoutes, OnlyTheConsultantGoesBelowTheScreenersLevel) {
  raise_one("c-ssrs high", "high");
  const auto id = open().text("items.0.id");
  const auto path = base_ + "/" + id + "/close";
  const std::string body = R"({"level":"moderate","disposition":"calm now","assessed_otherwise":"seen by the consultant"})";
  EXPECT_EQ(post(path, body, 1).issue_paths(), "level");
  const auto consultant = clinic().caller("psychiatric_consultant", "Dr. Sol Ames", clinic().organization, {clinic().site});
  const auto closed = clinic().call_as(consultant, routes_, "POST", path, body, 1);
  EXPECT_EQ(closed.text("level"), "moderate");
  EXPECT_EQ(closed.text("reassess_date"), "2026-03-18");
}

TEST_P(SafetyRoutes, TheDayAfterAFirstHighLevelAndAWeekAfterTheNext) {
  for (const auto* expected : {"2026-03-05", "2026-03-11"}) {
    raise_one("c-ssrs high", "high");
    const auto id = open().text("items.0.id");
    EXPECT_EQ(post(base_ + "/" + id + "/close",
                   R"({"level":"high","disposition":"admitted","assessed_otherwise":"admitted at once"})", 1)
                  .text("reassess_date"),
              expected);
  }
}

TEST_P(SafetyRoutes, ACorrectionThatSaysTheSameRaisesNothingNew) {
  const auto first = raise_one("phq-9 item 9 = 1", std::nullopt);
  raise_one("phq-9 item 9 = 1", std::nullopt, first);
  EXPECT_EQ(open().count("items"), 1u);
  raise_one("phq-9 item 9 = 3", std::nullopt, first);
  EXPECT_EQ(open().count("items"), 2u);
}

TEST_P(SafetyRoutes, TheOpenListShowsTheMostPressingFirstAndPagesByKey) {
  for (int i = 0; i < 3; ++i) {
    worry(std::to_string(i));
    clinic().clock().advance(std::chrono::minutes(1));
  }
  std::string seen, after;
  for (int page = 0; page < 4; ++page) {
    const auto answer = clinic().call(routes_, "GET", "/api/v1/safety-events?limit=2" + (after.empty() ? "" : "&after=" + after));
    for (std::size_t i = 0; i < answer.count("items"); ++i) seen += answer.text("items." + std::to_string(i) + ".note");
    after = answer.text("next");
    if (after == "null") break;
  }
  EXPECT_EQ(seen, "012");
  EXPECT_EQ(clinic().call(routes_, "GET", "/api/v1/safety-events?open=false").issue_paths(), "open");
}

TEST_P(SafetyRoutes, TheSecondOfTwoCliniciansGetsTheRowAsItIsNow) {
  const auto path = base_ + "/" + worry().text("id");
  ASSERT_EQ(post(path + "/acknowledge", "", 1).status, 200);
  const auto late = post(path + "/close", R"({"level":"low","disposition":"fine"})", 1);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.acknowledged_by.name"), "Mara Quill");
}

TEST_P(SafetyRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto path = base_ + "/" + worry().text("id");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", "/api/v1/safety-events").count("items"), 0u);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", base_, R"({"signal":"staff concern"})").code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", path + "/close", R"({"level":"low","disposition":"x"})", 1).code(),
              ErrorCode::not_found);
  }
}

TEST_P(SafetyRoutes, LoadsManyAsOneByOne) {
  SafetyEvent e;
  e.id = SafetyEventId(clinic().ids().next());
  e.patient = patient_;
  e.signalled_at = e.due_at = clinic().clock().now();
  e.signalled_date = clinic().today();
  e.signal = "phq-9 item 9 = 2";
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    insert_all(tx, clinic().organization, std::span<const SafetyEvent>(&e, 1), clinic().clock().now());
    return {};
  }));
  EXPECT_EQ(open().text("items.0.signal"), "phq-9 item 9 = 2");
}

}  // namespace
}  // namespace concord::safety
