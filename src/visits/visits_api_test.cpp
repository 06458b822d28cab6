#include "visits/visits_api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/portal_people.h"
#include "visits/visits_store.h"

namespace concord::visits {
namespace {

class VisitRoutes : public testing::PortalViewTest {
 protected:
  void SetUp() override {
    PortalViewTest::SetUp();
    if (IsSkipped()) return;
    sam_ = clinic().manager;
    dana_ = clinic().caller("bh_specialist", "Dana Reed", clinic().organization, {clinic().site});
    admin_ = clinic().caller("admin", "Ada Ming", clinic().organization, {clinic().site});
    for (const auto* c : {&sam_, &dana_, &admin_, &clinic().elsewhere, &clinic().foreigner}) account(*c);
    ann_ = clinic().add_patient("Ann", "Birch");
    bob_ = clinic().add_patient("Bob", "Cole");
    deps_.chart = &clinic().chart;
    deps_.patient = patients::find;
    deps_.may_hold = [this](db::Tx&, OrganizationId, UserId user, SiteId) { return user == sam_.user || user == dana_.user; };
    deps_.site_name = [](db::Tx&, OrganizationId, SiteId) { return std::string("Maple Street"); };
    deps_.calendar_of = [](db::Tx&, OrganizationId, SiteId) {
      calendar::Calendar calendar;
      calendar.zone = testing::Clinic::kZone;
      return calendar;
    };
    deps_.record_no_show = [this](db::Tx&, const Asker&, const Place&, const Visit& v) {
      missed_.push_back(v.id);
      return clinic().ids().next();
    };
    deps_.take_back_no_show = [this](db::Tx&, OrganizationId, PatientId, const Uuid&, Instant) { ++taken_back_; };
    deps_.code = [this] { return "code" + std::to_string(++codes_); };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { notices_.push_back(n.kind); };
    deps_.tell_patient = [this](db::Tx&, OrganizationId, PatientId, std::string_view kind, const Uuid&, const std::string& once) {
      told_.push_back(std::string(kind) + " " + once);
    };
    deps_.viewer = [this](db::Tx&, const Caller& caller, Instant now) { return viewer_of(caller, now); };
    deps_.public_url = "https://concord.example.org";
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
  static std::string of(PatientId patient, std::string_view rest = "") {
    return "/api/v1/patients/" + patient.text() + "/visits" + std::string(rest);
  }
  testing::Answer book(PatientId patient, std::string_view date, int minute, std::string more = "", int minutes = 30) {
    return sam("POST", of(patient),
               R"({"kind":"in_person","date":")" + std::string(date) + R"(","start_minute":)" + std::to_string(minute) +
                   R"(,"minutes":)" + std::to_string(minutes) + more + "}");
  }
  std::string view(const Caller& who) { return shown(portal_view(deps_), who); }

  Deps deps_;
  std::vector<http::Route> routes_;
  Caller sam_, dana_, admin_;
  PatientId ann_, bob_;
  std::vector<VisitId> missed_;
  std::vector<std::string> notices_, told_;
  int taken_back_ = 0, codes_ = 0;
};
CONCORD_ON_BOTH_DATABASES(VisitRoutes);

// The clinic's clock: Wednesday 2026-03-04, 10:00 in New York.

TEST_P(VisitRoutes, ABookedVisitIsShownWithItsLocalTimeAndThePatientIsTold) {
  const auto made = book(ann_, "2026-03-09", 9 * 60);
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("starts_at"), "2026-03-09T13:00:00Z") << "after the clock change";
  EXPECT_EQ(made.text("start_minute"), "540");
  EXPECT_EQ(made.text("zone"), testing::Clinic::kZone);
  EXPECT_EQ(made.text("staff.name"), "Mara Quill");
  EXPECT_EQ(made.text("patient.family_name"), "Birch");
  EXPECT_EQ(made.text("state") + " " + made.text("answer"), "booked none");
  EXPECT_EQ(made.count("warnings"), 0u);
  EXPECT_EQ(told_, std::vector<std::string>{"visits.booked v0"});
  EXPECT_EQ(made.reply.audit_patient, ann_.uuid);
  const auto one = sam("GET", of(ann_, "/" + made.text("id")));
  EXPECT_EQ(one.count("history"), 1u);
  EXPECT_EQ(one.text("history.0.by.name"), "Mara Quill");
  EXPECT_EQ(one.reply.version, 1);
}

TEST_P(VisitRoutes, EverythingWrongIsNamed) {
  EXPECT_EQ(sam("POST", of(ann_), "{}").issue_paths(), "date start_minute minutes kind");
  EXPECT_EQ(book(ann_, "2026-03-04", 9 * 60).issue_paths(), "start_minute") << "an hour ago";
  EXPECT_EQ(book(ann_, "2026-03-08", 150).issue_paths(), "start_minute") << "half past two does not exist that day";
  EXPECT_EQ(book(ann_, "2027-06-01", 600).issue_paths(), "date");
  EXPECT_EQ(book(ann_, "2026-03-09", 600, R"(,"staff_id":")" + admin_.user.text() + "\"").issue_paths(), "staff_id");
  EXPECT_EQ(book(ann_, "2026-03-09", 600, R"(,"starts_at":"2026-03-09T15:00:00Z")").issue_paths(), "starts_at");
  EXPECT_EQ(
      sam("POST", of(PatientId(clinic().ids().next())), R"({"kind":"phone","date":"2026-03-09","start_minute":600,"minutes":30})")
          .status,
      404);
  EXPECT_TRUE(told_.empty());
}

TEST_P(VisitRoutes, UnusualTimesAreTakenWithAWarning) {
  EXPECT_EQ(book(ann_, "2026-03-09", 17 * 60 - 10).text("warnings.0"), "outside_hours") << "ends after closing";
  EXPECT_EQ(book(ann_, "2026-03-07", 600).text("warnings.0"), "outside_hours") << "a Saturday";
  EXPECT_EQ(book(ann_, "2026-05-25", 600).text("warnings.0"), "holiday");
  const auto twice = book(ann_, "2026-11-01", 90);
  EXPECT_EQ(twice.text("warnings.1"), "clock_change");
  EXPECT_EQ(twice.text("starts_at"), "2026-11-01T05:30:00Z");
}

TEST_P(VisitRoutes, OneTimeIsNotGivenTwiceUnlessSomebodySaysWhy) {
  ASSERT_EQ(book(ann_, "2026-03-09", 600, "", 60).status, 201);
  const auto refused = book(bob_, "2026-03-09", 630);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.text("overlaps.0.of"), "staff");
  EXPECT_EQ(refused.text("overlaps.0.starts_at"), "2026-03-09T14:00:00Z");
  EXPECT_EQ(refused.count("overlaps"), 1u);
  EXPECT_EQ(book(bob_, "2026-03-09", 660).status, 201) << "right after it";
  const auto same_patient = book(ann_, "2026-03-09", 615, R"(,"staff_id":")" + dana_.user.text() + "\"");
  EXPECT_EQ(same_patient.text("overlaps.0.of"), "patient");
  const auto both = book(bob_, "2026-03-09", 630, R"(,"overlap_reason":"a joint visit with the family")");
  ASSERT_EQ(both.status, 201);
  EXPECT_EQ(both.text("overlap_reason"), "a joint visit with the family");
  // A cancelled visit is in nobody's way.
  const auto later = book(ann_, "2026-03-10", 600);
  ASSERT_EQ(sam("POST", of(ann_, "/" + later.text("id") + "/acts"), R"({"act":"cancel","reason":"snow"})", 1).status, 200);
  EXPECT_EQ(book(bob_, "2026-03-10", 600).status, 201);
  // ... so it cannot come back over the new one.
  const auto back = sam("POST", of(ann_, "/" + later.text("id") + "/acts"), R"({"act":"reopen"})", 2);
  EXPECT_EQ(back.status, 409);
  EXPECT_EQ(back.count("overlaps"), 1u);
}

TEST_P(VisitRoutes, MovingKeepsWhatItWasAndAsksThePatientAnew) {
  const auto made = book(ann_, "2026-03-09", 600);
  const auto path = of(ann_, "/" + made.text("id"));
  const auto me = portal(ann_);
  ASSERT_EQ(as(me, "POST", "/api/v1/portal/visits/" + made.text("id") + "/acts", R"({"act":"confirm"})").status, 200);
  EXPECT_EQ(sam("PATCH", path, R"({"start_minute":660})", 1).status, 412) << "the patient answered meanwhile";
  const auto moved = sam("PATCH", path, R"({"start_minute":660,"reason":"staff ill"})", 2);
  ASSERT_EQ(moved.status, 200) << moved.issue_paths();
  EXPECT_EQ(moved.text("answer"), "none");
  EXPECT_EQ(moved.text("minutes"), "30") << "as long as before";
  EXPECT_EQ(told_.back(), "visits.changed v1");
  const auto one = sam("GET", path);
  EXPECT_EQ(one.text("history.1.kind"), "confirmed");
  EXPECT_EQ(one.text("history.1.by_kind"), "patient");
  EXPECT_EQ(one.text("history.2.kind"), "moved");
  EXPECT_EQ(one.text("history.2.starts_before"), "2026-03-09T14:00:00Z");
  EXPECT_EQ(one.text("history.2.reason"), "staff ill");
  const auto noted = sam("PATCH", path, R"({"note":"bring the form"})", 3);
  EXPECT_EQ(noted.status, 200);
  EXPECT_EQ(told_.size(), 2u) << "a note for the staff is nobody's news";
  EXPECT_EQ(sam("PATCH", path, R"({"date":"2026-03-08","start_minute":150})", 4).issue_paths(), "start_minute");
}

TEST_P(VisitRoutes, AMissedVisitIsAContactAndComingLateTakesItBack) {
  const auto made = book(ann_, "2026-03-04", 10 * 60 + 30);
  const auto acts = of(ann_, "/" + made.text("id") + "/acts");
  EXPECT_EQ(sam("POST", acts, R"({"act":"no_show"})", 1).status, 409) << "not yet";
  clinic().clock().advance(std::chrono::minutes(45));
  clinic().refreshed.clear();
  const auto missed = sam("POST", acts, R"({"act":"no_show"})", 1);
  ASSERT_EQ(missed.status, 200);
  EXPECT_EQ(missed_.size(), 1u);
  EXPECT_NE(missed.text("contact_id"), "null");
  EXPECT_EQ(clinic().refreshed.size(), 1u);
  std::string glance;
  database().read([&](db::Tx& tx) {
    http::Request request;
    const http::Call call{request, sam_, clinic().clock().now(), {}};
    json::Writer w(glance);
    write_glance(deps_, w, tx, Asker(call), Place{ann_, clinic().site, std::string(testing::Clinic::kZone), clinic().today()});
  });
  EXPECT_EQ(glance, R"({"next":[],"last_no_show":"2026-03-04","no_shows_90_days":1})");
  const auto late = sam("POST", acts, R"({"act":"reopen"})", 2);
  EXPECT_EQ(late.text("state") + " " + late.text("contact_id"), "arrived null");
  EXPECT_EQ(taken_back_, 1);
  const auto done = sam("POST", acts, R"({"act":"done"})", 3);
  EXPECT_EQ(done.text("contact_prefill.modality"), "in_person");
  EXPECT_EQ(done.text("contact_prefill.minutes"), "30");
  EXPECT_EQ(done.text("contact_prefill.started_at"), "2026-03-04T15:30:00Z");
}

TEST_P(VisitRoutes, AContactBelongsToOneVisitOfTheSamePatient) {
  const auto made = book(ann_, "2026-03-04", 10 * 60 + 30);
  const auto visit = *VisitId::parse(made.text("id"));
  const auto contact = clinic().ids().next();
  const auto take = [&](PatientId of_whom, const Uuid& which) {
    return database().write([&](db::Tx& tx) -> Result<void> {
      http::Request request;
      const http::Call call{request, sam_, clinic().clock().now(), {}};
      return take_contact(deps_, tx, Asker(call),
                          Place{of_whom, clinic().site, std::string(testing::Clinic::kZone), clinic().today()}, which, contact);
    });
  };
  EXPECT_FALSE(take(bob_, visit.uuid));
  EXPECT_FALSE(take(ann_, clinic().ids().next()));
  ASSERT_TRUE(take(ann_, visit.uuid));
  EXPECT_FALSE(take(ann_, visit.uuid)) << "it has one";
  const auto one = sam("GET", of(ann_, "/" + made.text("id")));
  EXPECT_EQ(one.text("state"), "done");
  EXPECT_EQ(one.text("contact_id"), contact.text());
  EXPECT_EQ(sam("POST", of(ann_, "/" + made.text("id") + "/acts"), R"({"act":"reopen"})", 2).status, 409);
}

TEST_P(VisitRoutes, TheWeekIsListedByStartAndPaged) {
  ASSERT_EQ(book(ann_, "2026-03-06", 600).status, 201);
  ASSERT_EQ(book(bob_, "2026-03-05", 600).status, 201);
  ASSERT_EQ(book(ann_, "2026-03-05", 900, R"(,"staff_id":")" + dana_.user.text() + "\"").status, 201);
  ASSERT_EQ(book(bob_, "2026-03-20", 600).status, 201);
  const auto page = sam("GET", "/api/v1/visits?limit=2");
  EXPECT_EQ(page.text("items.0.date") + page.text("items.1.date"), "2026-03-052026-03-05");
  const auto rest = sam("GET", "/api/v1/visits?limit=2&after=" + page.text("next"));
  EXPECT_EQ(rest.count("items"), 1u);
  EXPECT_EQ(rest.text("items.0.date"), "2026-03-06");
  EXPECT_EQ(rest.text("next"), "null");
  EXPECT_EQ(sam("GET", "/api/v1/visits?staff=me").count("items"), 2u);
  EXPECT_EQ(sam("GET", "/api/v1/visits?from=2026-03-06&to=2026-03-20").count("items"), 2u);
  EXPECT_EQ(sam("GET", "/api/v1/visits?from=2026-03-05&to=2026-03-05&state=booked").count("items"), 2u);
  EXPECT_EQ(sam("GET", "/api/v1/visits?state=cancelled").count("items"), 0u);
  EXPECT_EQ(sam("GET", "/api/v1/visits?from=2026-01-01&to=2026-06-01").issue_paths(), "to");
  EXPECT_EQ(sam("GET", "/api/v1/visits?from=yesterday").issue_paths(), "from");
  EXPECT_EQ(sam("GET", "/api/v1/visits?after=x").issue_paths(), "after");
  EXPECT_EQ(as(clinic().elsewhere, "GET", "/api/v1/visits").count("items"), 0u);
  EXPECT_EQ(sam("GET", "/api/v1/visits?site=" + clinic().other_site.text()).status, 404);
}

TEST_P(VisitRoutes, OthersSeeNothingOfIt) {
  const auto made = book(ann_, "2026-03-09", 600);
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(as(*who, "GET", of(ann_, "/" + made.text("id"))).status, 404);
    EXPECT_EQ(as(*who, "GET", of(ann_)).status, 404);
    EXPECT_EQ(as(*who, "POST", of(ann_, "/" + made.text("id") + "/acts"), R"({"act":"cancel","reason":"x"})", 1).status, 404);
  }
  EXPECT_EQ(sam("GET", of(bob_, "/" + made.text("id"))).status, 404) << "another patient's visit";
  EXPECT_EQ(as(portal(bob_), "GET", "/api/v1/portal/visits/" + made.text("id") + "/calendar.ics").status, 404);
}

TEST_P(VisitRoutes, ThePatientAnswersAndTheStaffHears) {
  const auto made = book(ann_, "2026-03-09", 600);
  const auto acts = "/api/v1/portal/visits/" + made.text("id") + "/acts";
  const auto me = portal(ann_);
  EXPECT_EQ(as(me, "POST", acts, R"({"act":"confirm"})").text("answer"), "confirmed");
  EXPECT_TRUE(notices_.empty());
  EXPECT_EQ(as(me, "POST", acts, R"({"act":"ask_change","words":"after 3 pm?"})").text("answer"), "change_asked");
  EXPECT_EQ(notices_, std::vector<std::string>{"visit.change_asked"});
  const auto helper = portal(ann_, ActorKind::trusted_person, {"appointments"});
  const auto gone = as(helper, "POST", acts, R"({"act":"cancel"})");
  ASSERT_EQ(gone.status, 200);
  EXPECT_EQ(gone.text("state") + gone.text("can_answer"), "cancelledfalse");
  const auto one = sam("GET", of(ann_, "/" + made.text("id")));
  EXPECT_EQ(one.text("answered_by") + " " + one.text("cancelled_by"), "trusted_person patient");
  EXPECT_EQ(one.text("history.3.by_kind"), "trusted_person");
  EXPECT_EQ(as(me, "POST", acts, R"({"act":"confirm"})").status, 409);
  EXPECT_EQ(as(portal(ann_, ActorKind::trusted_person, {"goals"}), "POST", acts, R"({"act":"confirm"})").status, 403)
      << "not shared";
  EXPECT_EQ(as(sam_, "POST", acts, R"({"act":"confirm"})").status, 403) << "no portal caller";
}

TEST_P(VisitRoutes, AConfidentialVisitLeavesNoTraceForAGuardian) {
  const auto open = book(ann_, "2026-03-09", 600);
  const auto hidden = book(ann_, "2026-03-10", 600, R"(,"confidential":true,"place":"Room Cedar")");
  ASSERT_EQ(hidden.text("labels.0"), "adolescent_confidential");
  EXPECT_EQ(told_.size(), 1u) << "no message that a parent might read";
  const auto parent = portal(ann_, ActorKind::trusted_person, {"appointments"});
  const auto seen = view(parent);
  EXPECT_NE(seen.find(open.text("id")), std::string::npos);
  EXPECT_EQ(seen.find(hidden.text("id")), std::string::npos);
  EXPECT_EQ(seen.find("Cedar"), std::string::npos);
  EXPECT_NE(view(portal(ann_)).find("Cedar"), std::string::npos) << "the young person sees it";
  const auto path = "/api/v1/portal/visits/" + hidden.text("id");
  EXPECT_EQ(as(parent, "GET", path + "/calendar.ics").status, 404);
  EXPECT_EQ(as(parent, "POST", path + "/acts", R"({"act":"cancel"})").status, 404);
  EXPECT_EQ(as(portal(ann_), "POST", path + "/acts", R"({"act":"confirm"})").status, 200);
}

TEST_P(VisitRoutes, VideoVisitsGetALinkThatSaysNothing) {
  const auto settings = "/api/v1/sites/" + clinic().site.text() + "/visit-settings";
  EXPECT_EQ(as(admin_, "GET", settings).text("version"), "0");
  EXPECT_EQ(as(admin_, "PUT", settings, R"({"video_link_template":"http://video.example.org/x"})", 0).issue_paths(),
            "video_link_template video_link_template");
  ASSERT_EQ(
      as(admin_, "PUT", settings, R"({"video_link_template":"https://video.example.org/{visit}","place":"12 Maple Street"})", 0)
          .status,
      200);
  EXPECT_EQ(as(admin_, "PUT", settings, R"({"place":"elsewhere"})", 0).status, 412);
  EXPECT_EQ(as(clinic().elsewhere, "GET", settings).status, 404);
  const auto made = sam("POST", of(ann_), R"({"kind":"video","date":"2026-03-09","start_minute":600,"minutes":30})");
  EXPECT_EQ(made.text("video_link"), "https://video.example.org/code1");
  EXPECT_EQ(made.text("place"), "");
  EXPECT_EQ(book(bob_, "2026-03-09", 700).text("place"), "12 Maple Street");
  ASSERT_EQ(sam("POST", of(ann_, "/" + made.text("id") + "/acts"), R"({"act":"cancel","reason":"snow"})", 1).status, 200);
  EXPECT_EQ(view(portal(ann_)).find("video.example.org"), std::string::npos) << "a cancelled visit lets nobody in";
}

TEST_P(VisitRoutes, TheCalendarFileHoldsClinicAndTimeOnly) {
  const auto made = book(ann_, "2026-03-09", 600, R"(,"note":"sertraline","place":"Room Cedar","purpose":"therapy")");
  http::Request request;
  const auto path = of(ann_, "/" + made.text("id") + "/calendar.ics");
  request.path = path;
  for (const auto& route : routes_)
    if (route.name == "visits.calendar") {
      const http::Call call{request, sam_, clinic().clock().now(), {{"patient_id", ann_.text()}, {"visit_id", made.text("id")}}};
      const auto work = route.handler(call);
      ASSERT_TRUE(work);
      const auto reply = database().read([&](db::Tx& tx) { return (*work)(tx); });
      ASSERT_TRUE(reply);
      EXPECT_TRUE(reply->content_type.starts_with("text/calendar"));
      for (const char* word : {"Birch", "Ann", "sertraline", "Cedar", "therapy", "Mara"})
        EXPECT_EQ(reply->body.find(word), std::string::npos) << word;
      EXPECT_NE(reply->body.find("SUMMARY:Maple Street\r\n"), std::string::npos);
      EXPECT_NE(reply->body.find("UID:" + made.text("id") + "\r\n"), std::string::npos);
    }
}

TEST_P(VisitRoutes, RemindersAreLentWhatLiesAhead) {
  const auto first = book(ann_, "2026-03-05", 600);
  ASSERT_EQ(book(bob_, "2026-03-05", 700).status, 201);
  const auto gone = book(ann_, "2026-03-05", 800);
  ASSERT_EQ(sam("POST", of(ann_, "/" + gone.text("id") + "/acts"), R"({"act":"cancel","reason":"snow"})", 1).status, 200);
  ASSERT_EQ(book(bob_, "2026-03-12", 600).status, 201);
  ASSERT_EQ(book(bob_, "2026-03-05", 900, R"(,"confidential":true)").status, 201);
  const auto now = clinic().clock().now();
  const auto ahead =
      database().read([&](db::Tx& tx) { return upcoming(tx, clinic().organization, now, now + std::chrono::hours(48), 100); });
  ASSERT_EQ(ahead.size(), 2u);
  EXPECT_EQ(ahead[0].id.text(), first.text("id"));
  EXPECT_EQ(ahead[0].zone, testing::Clinic::kZone);
  const auto foreign = database().read(
      [&](db::Tx& tx) { return upcoming(tx, clinic().other_organization, now, now + std::chrono::hours(480), 100); });
  EXPECT_TRUE(foreign.empty());
}

}  // namespace
}  // namespace concord::visits
