#include "contacts/contacts_api.h"

#include <gtest/gtest.h>

#include "contacts/contacts_store.h"
#include "support/clinic.h"

namespace concord::contacts {
namespace {

/// Scores and dose changes are stood in for: each writes a search word of the patient, so that a test can see
/// whether it was stored or rolled back.
class ContactRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    Deps& deps = deps_;
    deps.chart = &clinic().chart;
    deps.read_measurement = [this](const json::Cursor& body, std::string_view mode) -> StorePart {
      const auto name = body.required("instrument").string();
      if (!name) return nullptr;
      return [this, name = *name, mode = std::string(mode)](db::Tx& tx, const Asker& asker, const Place& place, Date day,
                                                            json::Writer& w) -> Result<void> {
        static constexpr db::Sql kMark{"test.mark",
                                       "INSERT INTO patient_name_word (organization_id, word, patient_id) VALUES ($1, $2, $3)"};
        tx.run(kMark, {asker.organization(), "mark" + name, place.patient});
        if (name == "refused") return fail(ErrorCode::invalid, "No.", {{"measurements[1].total", "is wrong"}});
        w.value(name + " " + mode + " " + day.iso());
        return {};
      };
    };
    deps.read_treatment_change = [](const json::Cursor&) -> StorePart {
      return [](db::Tx&, const Asker&, const Place&, Date day, json::Writer& w) -> Result<void> {
        w.value(day);
        return {};
      };
    };
    deps.read_goal_check = [](const json::Cursor& body) -> StorePart {
      const auto goal = body.required("goal_id").string();
      if (!goal) return nullptr;
      return [goal = *goal](db::Tx&, const Asker&, const Place&, Date day, json::Writer& w) -> Result<void> {
        w.value(goal + " " + day.iso());
        return {};
      };
    };
    deps.write_attention = [this](json::Writer& w, db::Tx&, const Asker&, const Place&) {
      w.array();
      for (int i = 0; i < attention_; ++i) w.value(i);
      w.end();
      return attention_--;
    };
    routes_ = routes(deps);
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text() + "/contacts";
  }
  testing::Answer post(std::string body) { return clinic().call(routes_, "POST", base_, std::move(body)); }
  std::size_t marks() {
    std::vector<SiteId> sites{clinic().site};
    return database().read([&](db::Tx& tx) {
      static constexpr db::Sql kMarks{
          "test.marks", "SELECT word FROM patient_name_word WHERE organization_id = $1 AND word >= 'mark' AND word < 'marl'"};
      return tx.all(kMarks, {clinic().organization}, [](const db::Row& row) { return row.string(0); }).size();
    });
  }
  std::vector<TimeEntry> entries() {
    return database().read([&](db::Tx& tx) {
      return list_time_entries(tx, clinic().organization, patient_, Date::ymd(2026, 1, 1), Date::ymd(2026, 12, 31));
    });
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  PatientId patient_;
  std::string base_;
  int attention_ = 2;
};
CONCORD_ON_BOTH_DATABASES(ContactRoutes);

TEST_P(ContactRoutes, GoalsAreLookedAtInTheContact) {
  EXPECT_EQ(post(R"({"kind":"treatment","modality":"phone","minutes":20,"goal_checks":[{}]})").issue_paths(),
            "goal_checks[0].goal_id");
  const auto made =
      post(R"({"kind":"treatment","modality":"phone","minutes":20,"date":"2026-03-03","goal_checks":[{"goal_id":"walk"}]})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("goal_checks.0"), "walk 2026-03-03");
}

TEST_P(ContactRoutes, StoresContactMinutesScoresAndChangesTogether) {
  const auto made = post(
      R"({"kind":"treatment","modality":"phone","started_at":"2026-03-04T14:10:00Z","minutes":25,"with_whom":["patient","interpreter"],
    "interventions":["behavioral_activation","psychoeducation"],"note":"walks again","next_due_date":"2026-03-11","next_due_modality":"video",
    "measurements":[{"instrument":"phq-9"},{"instrument":"gad-7"}],"treatment_changes":[{}]})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("contact.date"), "2026-03-04");
  EXPECT_EQ(made.text("contact.staff.name"), "Mara Quill");
  EXPECT_EQ(made.text("contact.staff_role"), "care_manager");
  EXPECT_EQ(made.text("contact.with_whom.1"), "interpreter");
  EXPECT_EQ(made.text("contact.interventions.0"), "behavioral_activation");
  EXPECT_EQ(made.text("measurements.1"), "gad-7 phone 2026-03-04");
  EXPECT_EQ(made.text("treatment_changes.0"), "2026-03-04");
  EXPECT_EQ(made.text("minutes_this_month"), "25");
  EXPECT_EQ(made.text("attention_before"), "2");
  EXPECT_EQ(made.count("attention"), 1u);
  EXPECT_EQ(made.reply.audit_detail, "kind=treatment measurements=2") << "never the note";
  ASSERT_EQ(entries().size(), 1u);
  EXPECT_EQ(entries()[0].start_minute, 9 * 60 + 10) << "ten past nine in New York";
  EXPECT_EQ(entries()[0].contact->text(), made.text("contact.id"));
  EXPECT_EQ(clinic().refreshed.size(), 1u);
}

TEST_P(ContactRoutes, ARefusedScoreLeavesNothingBehind) {
  const auto refused = post(
      R"({"kind":"treatment","modality":"phone","minutes":25,"measurements":[{"instrument":"phq-9"},{"instrument":"refused"}]})");
  EXPECT_EQ(refused.issue_paths(), "measurements[1].total");
  EXPECT_EQ(clinic().call(routes_, "GET", base_).count("items"), 0u);
  EXPECT_TRUE(entries().empty());
  EXPECT_EQ(marks(), 0u);
}

TEST_P(ContactRoutes, NamesEveryWrongField) {
  EXPECT_EQ(
      post(R"({"kind":"chat","minutes":-1,"with_whom":["dog"],"interventions":["magic"],"measurements":[{}]})").issue_paths(),
      "kind minutes with_whom[0] interventions[0] measurements[0].instrument");
  EXPECT_EQ(post(R"({"kind":"treatment","modality":"sms"})").issue_paths(), "modality");
  EXPECT_EQ(post(R"({"kind":"message","modality":"sms","date":"2026-03-05"})").issue_paths(), "date");
  EXPECT_EQ(post(R"({"kind":"no_show","started_at":"2026-03-04T16:00:00Z"})").issue_paths(), "started_at");
  EXPECT_EQ(post(R"({"kind":"no_show","note":")" + std::string(20001, 'x') + "\"}").issue_paths(), "note");
}

TEST_P(ContactRoutes, MinutesAreThoseOfTheSitesCalendarMonth) {
  // 02:00 UTC on 1 March is still 28 February in New York.
  ASSERT_EQ(post(R"({"kind":"treatment","modality":"phone","minutes":10,"started_at":"2026-03-01T02:00:00Z"})").status, 201);
  ASSERT_EQ(post(R"({"kind":"treatment","modality":"phone","minutes":20,"started_at":"2026-03-01T15:00:00Z"})").status, 201);
  ASSERT_EQ(post(R"({"kind":"scheduling","minutes":5})").status, 201);
  EXPECT_EQ(post(R"({"kind":"treatment","modality":"video","minutes":7})").text("minutes_this_month"), "27")
      << "scheduling is clerical";
  EXPECT_EQ(entries().size(), 4u) << "and kept all the same";
}

TEST_P(ContactRoutes, AnEditKeepsWhatItSaidBeforeAndTheIdAndTheMinutesOwner) {
  const auto made = post(R"({"kind":"treatment","modality":"phone","minutes":25,"note":"first words"})");
  const auto id = made.text("contact.id");
  const auto path = base_ + "/" + id;
  auto colleague = clinic().caller("care_manager", "Lena Park", clinic().organization, {clinic().site});
  const auto edited = clinic().call_as(colleague, routes_, "PATCH", path, R"({"note":"better words","minutes":30})", 1);
  ASSERT_EQ(edited.status, 200) << edited.issue_paths();
  EXPECT_EQ(edited.text("id"), id);
  EXPECT_EQ(edited.text("note"), "better words");
  EXPECT_EQ(edited.text("staff.name"), "Mara Quill");
  EXPECT_EQ(clinic().call(routes_, "GET", base_).count("items"), 1u);
  const auto earlier =
      database().read([&](db::Tx& tx) { return list_earlier(tx, clinic().organization, patient_, *ContactId::parse(id)); });
  ASSERT_EQ(earlier.size(), 1u);
  EXPECT_EQ(earlier[0].note, "first words");
  EXPECT_EQ(earlier[0].minutes, 25);
  ASSERT_EQ(entries().size(), 1u);
  EXPECT_EQ(entries()[0].minutes, 30);
  EXPECT_EQ(entries()[0].staff_name, "Mara Quill");
  const auto late = clinic().call(routes_, "PATCH", path, R"({"note":"mine"})", 1);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.note"), "better words");
}

TEST_P(ContactRoutes, BillingSeesMinutesAndNoNotes) {
  ASSERT_EQ(post(R"({"kind":"treatment","modality":"phone","minutes":25,"note":"private"})").status, 201);
  const auto billing = clinic().caller("billing", "Rui Costa", clinic().organization, {clinic().site});
  const auto list = clinic().call_as(billing, routes_, "GET", base_);
  EXPECT_EQ(list.text("items.0.minutes"), "25");
  EXPECT_EQ(list.reply.body.find("private"), std::string::npos);
}

TEST_P(ContactRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto made = post(R"({"kind":"no_show"})");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(clinic().call_as(*who, routes_, "GET", base_).code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "POST", base_, R"({"kind":"no_show"})").code(), ErrorCode::not_found);
    EXPECT_EQ(clinic().call_as(*who, routes_, "PATCH", base_ + "/" + made.text("contact.id"), R"({"note":"x"})", 1).code(),
              ErrorCode::not_found);
  }
}

TEST_P(ContactRoutes, MinutesThatMayNotBeWrittenRefuseTheContactBeforeAnythingIsStored) {
  deps_.refuse_minutes = [](db::Tx&, const Asker& asker, const Place&, const TimeEntry& entry,
                            std::optional<TimeEntryId> replaces) -> Result<std::optional<http::Reply>> {
    if (entry.minutes != 33) return std::optional<http::Reply>();
    EXPECT_EQ(entry.staff_role, "care_manager");
    if (replaces) return fail(ErrorCode::conflict, "The month is closed.");
    return std::optional(
        http::problem_reply(Error{ErrorCode::conflict, "They overlap.", {}, {}}, asker.request_id, "overlaps", "[]"));
  };
  deps_.minutes_counted = [](db::Tx&, OrganizationId, const Place&, Date) { return 7; };
  routes_ = routes(deps_);
  const auto refused = clinic().call(routes_, "POST", base_, R"({"kind":"treatment","modality":"phone","minutes":33})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.count("overlaps"), 0u);
  EXPECT_EQ(clinic().call(routes_, "GET", base_).count("items"), 0u);
  const auto made = clinic().call(routes_, "POST", base_, R"({"kind":"treatment","modality":"phone","minutes":20})");
  EXPECT_EQ(made.text("minutes_this_month"), "7") << "billing says which minutes count";
  const auto path = base_ + "/" + made.text("contact.id");
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"minutes":33})", 1).code(), ErrorCode::conflict);
  EXPECT_EQ(clinic().call(routes_, "PATCH", path, R"({"note":"quiet day"})", 1).status, 200) << "other words may change";
}

TEST_P(ContactRoutes, LoadsManyAsOneByOne) {
  Contact c;
  c.id = ContactId(clinic().ids().next());
  c.patient = patient_;
  c.date = clinic().today();
  c.interventions = {"motivational_interviewing", "other"};
  c.source = "simulation";
  TimeEntry t;
  t.id = TimeEntryId(clinic().ids().next());
  t.patient = patient_;
  t.date = c.date;
  t.staff_name = "Mara Quill";
  t.minutes = 12;
  t.activity = "treatment";
  t.start_minute = 540;
  t.contact = c.id;
  ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
    insert_all(tx, clinic().organization, std::span<const Contact>(&c, 1), clinic().clock().now());
    insert_all(tx, clinic().organization, std::span<const TimeEntry>(&t, 1), clinic().clock().now());
    return {};
  }));
  const auto list_now = clinic().call(routes_, "GET", base_);
  EXPECT_EQ(list_now.text("items.0.interventions.1"), "other");
  EXPECT_EQ(list_now.text("items.0.staff"), "null");
  EXPECT_EQ(database().read([&](db::Tx& tx) { return minutes_in_month(tx, clinic().organization, patient_, clinic().today()); }),
            12);
}

}  // namespace
}  // namespace concord::contacts
