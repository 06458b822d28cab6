#include "reviews/reviews_api.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "reviews/reviews_store.h"
#include "support/clinic.h"

namespace concord::reviews {
namespace {

const AgendaRules& rules() {
  static const AgendaRules loaded = [] {
    std::ifstream in(CONCORD_SOURCE_DIR "/rulesets/review-agenda-2026.json");
    std::stringstream text;
    text << in.rdbuf();
    return load_agenda_rules(text.str()).value();
  }();
  return loaded;
}

/// A clinic with a consultant and a doctor; what other slices know is said by the test.
class Reviewing : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    consultant_ = clinic().caller("psychiatric_consultant", "Dr. Sol Ames", clinic().organization, {clinic().site});
    doctor_ = clinic().caller("pcp", "Dr. Ira Lee", clinic().organization, {clinic().site});
    Deps deps;
    deps.chart = &clinic().chart;
    deps.agenda_rules = &rules();
    deps.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& notice) { told_.push_back(notice); };
    deps.patient = patients::find;
    deps.team = [this](db::Tx&, OrganizationId, PatientId) {
      return Team{clinic().manager.user, consultant_.user, doctor_.user, std::nullopt};
    };
    deps.cases = [this](db::Tx&, const Asker&, SiteId, const std::vector<UserId>& managers, Date) {
      asked_managers_ = managers;
      return cases_;
    };
    deps.one_case = [this](db::Tx&, const Asker&, PatientId patient, Date) -> std::optional<Case> {
      for (const auto& c : cases_)
        if (c.patient == patient) return c;
      return std::nullopt;
    };
    deps.write_trend = [](json::Writer& w, db::Tx&, const Asker&, const Place&) { w.null(); };
    deps.plan_line = [](db::Tx&, const Asker&, const Place&) { return PlanLine{"sertraline 50 -> 100 mg", "yes"}; };
    deps.is_treatment = [this](db::Tx&, OrganizationId, PatientId, const Uuid& id) { return id == treatment_; };
    deps.review_sections = {{"goals", [](json::Writer& w, db::Tx&, const Asker&, const Place&) { w.array().end(); }}};
    deps_ = deps;
    routes_ = routes(deps);
    treatment_ = clinic().ids().next();
    patient_ = clinic().add_patient();
    base_ = "/api/v1/patients/" + patient_.text();
  }
  testing::Answer send(const Caller& who, std::string_view method, std::string_view path, std::string body = "",
                       std::optional<std::int64_t> version = std::nullopt) {
    return clinic().call_as(who, routes_, method, path, std::move(body), version);
  }
  testing::Answer post(std::string_view path, std::string body, std::optional<std::int64_t> version = std::nullopt) {
    return send(clinic().manager, "POST", path, std::move(body), version);
  }
  /// A signed review by the consultant that advises the doctor; the recommendation's address.
  std::string advise(std::string more = "") {
    const auto made = send(
        consultant_, "POST", base_ + "/reviews",
        R"({"question":"no better","recommendations":[{"kind":"increase","medication":"sertraline","dose":"100 mg","to_role":"pcp")" +
            more + "}]}");
    EXPECT_EQ(made.status, 201) << made.issue_paths();
    return base_ + "/recommendations/" + made.text("recommendations.0.id");
  }
  Case case_of(PatientId patient, Reason reason, std::string name = "Ruiz, Ana") {
    Case c;
    c.patient = patient;
    c.site = clinic().site;
    c.name = std::move(name);
    c.causes.push_back({reason, clinic().today().plus_days(-3), {}, "because", "episode", patient.uuid, "source"});
    return c;
  }
  std::string session(std::string more = "") {
    const auto made = send(consultant_, "POST", "/api/v1/review-sessions",
                           R"({"site_id":")" + clinic().site.text() + R"(","date":"2026-03-04","minutes":20)" + more + "}");
    EXPECT_EQ(made.status, 201) << made.issue_paths();
    return made.text("id");
  }
  std::string told() const {
    std::string all;
    for (const auto& n : told_)
      all += (n.to == doctor_.user       ? "doctor "
              : n.to == consultant_.user ? "consultant "
              : n.to == clinic_user()    ? "manager "
                                         : "? ") +
             n.kind + (n.urgent ? "! " : " ");
    return all;
  }
  UserId clinic_user() const { return const_cast<Reviewing*>(this)->clinic().manager.user; }

  Caller consultant_, doctor_;
  Deps deps_;
  std::vector<http::Route> routes_;
  std::vector<Case> cases_;
  std::vector<UserId> asked_managers_;
  std::vector<messaging::Notice> told_;
  Uuid treatment_;
  PatientId patient_;
  std::string base_;
};

class ReviewRoutes : public Reviewing {};
CONCORD_ON_BOTH_DATABASES(ReviewRoutes);

// ---- the way of before recommendations had addresses

TEST_P(ReviewRoutes, ARecommendationIsSentAnsweredAndDone) {
  const auto made =
      post(base_ + "/reviews",
           R"({"question":"no better at week 9","recommendation":"sertraline to 100 mg","recommendation_to":"pcp"})");
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("recommendation_state"), "sent");
  EXPECT_EQ(made.text("recommendation_documented"), "true");
  EXPECT_EQ(made.text("reviewer.name"), "Mara Quill");
  EXPECT_EQ(made.text("date"), "2026-03-04");
  const auto path = base_ + "/reviews/" + made.text("id");
  EXPECT_EQ(post(path + "/done", "{}", 1).code(), ErrorCode::conflict) << "not answered yet";
  EXPECT_EQ(post(path + "/answer", R"({"state":"modified"})", 1).issue_paths(), "reason");
  const auto answered = post(path + "/answer", R"({"state":"modified","reason":"75 mg first"})", 1);
  EXPECT_EQ(answered.text("recommendation_state"), "modified");
  EXPECT_EQ(answered.text("answered_date"), "2026-03-04");
  EXPECT_EQ(post(path + "/answer", R"({"state":"accepted"})", 2).code(), ErrorCode::conflict);
  EXPECT_EQ(post(path + "/answer", R"({"state":"accepted"})", 1).status, 412);
  EXPECT_EQ(post(path + "/done", R"({"on":"2026-03-03"})", 2).issue_paths(), "on");
  EXPECT_EQ(post(path + "/done", "{}", 2).text("done_date"), "2026-03-04");
  EXPECT_EQ(clinic().refreshed.size(), 3u);
}

TEST_P(ReviewRoutes, ContinueAsIsIsDocumentedAndWaitsForNobody) {
  const auto made = post(base_ + "/reviews", R"({"date":"2026-03-01","recommendation":"continue as is"})");
  EXPECT_EQ(made.text("recommendation_state"), "none");
  EXPECT_EQ(made.text("recommendations.0.state"), "noted");
  EXPECT_EQ(made.text("recommendation_documented"), "true");
  EXPECT_EQ(post(base_ + "/reviews/" + made.text("id") + "/answer", R"({"state":"accepted"})", 1).code(), ErrorCode::conflict);
  EXPECT_EQ(post(base_ + "/reviews", R"({"question":"seen"})").text("recommendation_documented"), "false");
  EXPECT_EQ(post(base_ + "/reviews", R"({"recommendation_to":"pcp"})").issue_paths(), "recommendation");
  EXPECT_EQ(post(base_ + "/reviews", R"({"date":"2026-03-05"})").issue_paths(), "date");
}

TEST_P(ReviewRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto advice = advise();
  const auto id = session();
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    for (const std::string& path : {base_ + "/reviews", base_ + "/review-page", base_ + "/review-questions",
                                    base_ + "/recommendations", advice, advice + "/page", base_ + "/review-draft",
                                    "/api/v1/review-sessions/" + id, "/api/v1/review-sessions/" + id + "/agenda"})
      EXPECT_EQ(send(*who, "GET", path).code(), ErrorCode::not_found) << path;
    EXPECT_EQ(send(*who, "POST", advice + "/answer", R"({"state":"accepted"})", 2).code(), ErrorCode::not_found);
    EXPECT_EQ(send(*who, "GET", "/api/v1/recommendations?for=pcp").count("items"), 0u);
    EXPECT_EQ(send(*who, "GET", "/api/v1/review-sessions").count("items"), 0u);
  }
}

// ---- recommendations

TEST_P(ReviewRoutes, AdviceGoesToTheDoctorAndComesBackWithAnAnswer) {
  const auto advice = advise();
  EXPECT_EQ(told(), "doctor recommendation.sent manager recommendation.copy ");
  const auto sent = send(doctor_, "GET", advice);
  EXPECT_EQ(sent.text("state"), "sent");
  EXPECT_EQ(sent.text("summary"), "Increase sertraline to 100 mg");
  EXPECT_EQ(sent.text("to.name"), "Dr. Ira Lee");
  EXPECT_EQ(sent.text("may.0"), "answer");
  EXPECT_EQ(send(clinic().manager, "POST", advice + "/read", "{}").text("state"), "sent") << "somebody else's look is no reading";
  EXPECT_EQ(send(doctor_, "POST", advice + "/read", "{}").text("state"), "read");
  EXPECT_EQ(send(doctor_, "POST", advice + "/read", "{}").reply.version, 3) << "twice is once";
  EXPECT_EQ(send(doctor_, "POST", advice + "/answer", R"({"state":"declined"})", 3).issue_paths(), "reason");
  told_.clear();
  const auto answered = send(doctor_, "POST", advice + "/answer", R"({"state":"accepted"})", 3);
  EXPECT_EQ(answered.text("state"), "accepted") << answered.issue_paths();
  EXPECT_EQ(answered.text("answered_by.name"), "Dr. Ira Lee");
  EXPECT_EQ(told(), "consultant recommendation.answered manager recommendation.answered ");
  EXPECT_EQ(send(doctor_, "POST", advice + "/done", R"({"on":"2026-03-05"})", 4).issue_paths(), "on");
  EXPECT_EQ(send(doctor_, "POST", advice + "/done", "{}", 4).text("state"), "done");
  EXPECT_EQ(send(doctor_, "POST", advice + "/trial", R"({"result":"adequate","weeks":6})", 5).issue_paths(), "dose");
  EXPECT_EQ(send(doctor_, "POST", advice + "/trial", R"({"result":"not_adequate"})", 5).issue_paths(), "reason");
  const auto judged = send(consultant_, "POST", advice + "/trial", R"({"result":"adequate","dose":"100 mg","weeks":6})", 5);
  EXPECT_EQ(judged.text("state"), "adequate_trial");
  EXPECT_EQ(judged.text("ended_date"), "2026-03-04");
  const auto history = send(doctor_, "GET", advice);
  std::string acts;
  for (int i = 0; i < 5; ++i) acts += history.text("history." + std::to_string(i) + ".act") + " ";
  EXPECT_EQ(acts, "send read accept finish adequate_trial ");
  EXPECT_EQ(history.text("history.2.by.name"), "Dr. Ira Lee");
  EXPECT_EQ(history.text("history.2.role"), "pcp");
  EXPECT_EQ(history.count("may"), 0u);
}

TEST_P(ReviewRoutes, AWithdrawnRecommendationIsNotAnswered) {
  const auto advice = advise();
  EXPECT_EQ(send(clinic().manager, "POST", advice + "/withdraw", R"({"reason":"x"})", 2).code(), ErrorCode::not_allowed)
      << "neither author nor consultant";
  told_.clear();
  EXPECT_EQ(send(consultant_, "POST", advice + "/withdraw", R"({"reason":"she is pregnant"})", 2).text("state"), "withdrawn");
  EXPECT_EQ(told(), "doctor recommendation.withdrawn ");
  const auto late = send(doctor_, "POST", advice + "/answer", R"({"state":"accepted"})", 2);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("current.state"), "withdrawn");
  const auto refused = send(doctor_, "POST", advice + "/answer", R"({"state":"accepted"})", 3);
  EXPECT_EQ(refused.code(), ErrorCode::conflict);
  EXPECT_NE(refused.error->text.find("withdrawn"), std::string::npos);
  const auto after = send(doctor_, "GET", advice);
  EXPECT_EQ(after.text("answered_date"), "null");
  EXPECT_EQ(after.text("version"), "3") << "nothing half-done";
  EXPECT_EQ(after.count("history"), 2u);
}

TEST_P(ReviewRoutes, ASpecialistAnswersOnlyWhatIsAskedOfThem) {
  const auto specialist = clinic().caller("bh_specialist", "Sol Reyes", clinic().organization, {clinic().site});
  const auto advice = advise();
  EXPECT_EQ(send(specialist, "GET", advice).count("may"), 0u);
  EXPECT_EQ(send(specialist, "POST", advice + "/answer", R"({"state":"accepted"})", 2).code(), ErrorCode::not_allowed);
  EXPECT_EQ(send(specialist, "GET", advice).count("history"), 1u);
  const auto made = send(consultant_, "POST", base_ + "/reviews",
                         R"({"recommendations":[{"kind":"psychotherapy","text":"CBT","to_role":"bh_specialist"}]})");
  const auto theirs = base_ + "/recommendations/" + made.text("recommendations.0.id");
  EXPECT_EQ(send(specialist, "GET", "/api/v1/recommendations").count("items"), 1u);
  EXPECT_EQ(send(specialist, "POST", theirs + "/answer", R"({"state":"accepted"})", 2).text("state"), "accepted");
}

TEST_P(ReviewRoutes, ADraftWaitsUntilItIsSent) {
  const auto made = send(consultant_, "POST", base_ + "/reviews",
                         R"({"send":false,"recommendations":[{"kind":"labs","text":"TSH","to_role":"pcp"}]})");
  const auto advice = base_ + "/recommendations/" + made.text("recommendations.0.id");
  EXPECT_EQ(made.text("recommendations.0.state"), "draft");
  EXPECT_EQ(told(), "");
  EXPECT_EQ(send(doctor_, "GET", "/api/v1/recommendations").count("items"), 0u);
  EXPECT_EQ(send(doctor_, "POST", advice + "/answer", R"({"state":"accepted"})", 1).code(), ErrorCode::conflict);
  EXPECT_EQ(send(consultant_, "PATCH", advice, R"({"text":""})", 1).issue_paths(), "text");
  EXPECT_EQ(send(consultant_, "PATCH", advice, R"({"text":"TSH and B12","urgency":"urgent"})", 1).text("text"), "TSH and B12");
  EXPECT_EQ(send(consultant_, "POST", advice + "/send", "", 1).status, 412);
  EXPECT_EQ(send(consultant_, "POST", advice + "/send", "", 2).text("state"), "sent");
  EXPECT_EQ(told(), "doctor recommendation.sent! manager recommendation.copy! ");
  EXPECT_EQ(send(consultant_, "PATCH", advice, R"({"text":"no"})", 3).code(), ErrorCode::conflict);
  EXPECT_EQ(send(doctor_, "GET", "/api/v1/recommendations").text("items.0.recommendation.text"), "TSH and B12");
  EXPECT_EQ(send(doctor_, "GET", "/api/v1/recommendations").text("items.0.patient.name"), "Ruiz, Ana");
}

TEST_P(ReviewRoutes, MyListIsUrgentFirstThenOldestAndPaged) {
  advise();
  advise();
  const auto urgent = advise(R"(,"urgency":"urgent")");
  const auto answered = advise();
  send(doctor_, "POST", answered + "/answer", R"({"state":"accepted"})", 2);
  const auto first = send(doctor_, "GET", "/api/v1/recommendations?limit=3");
  ASSERT_EQ(first.count("items"), 3u);
  EXPECT_EQ(base_ + "/recommendations/" + first.text("items.0.recommendation.id"), urgent);
  const auto second = send(doctor_, "GET", "/api/v1/recommendations?limit=3&after=" + first.text("next"));
  ASSERT_EQ(second.count("items"), 1u);
  EXPECT_EQ(second.text("items.0.recommendation.state"), "accepted")
      << "what waits for an answer comes before what waits for doing";
  EXPECT_EQ(second.text("next"), "null");
  EXPECT_EQ(send(clinic().manager, "GET", "/api/v1/recommendations").count("items"), 0u) << "not hers";
  EXPECT_EQ(send(clinic().manager, "GET", "/api/v1/recommendations?for=pcp").count("items"), 4u);
  EXPECT_EQ(send(consultant_, "GET", "/api/v1/recommendations?for=mine").count("items"), 4u);
  EXPECT_EQ(send(doctor_, "GET", "/api/v1/recommendations?for=nobody").issue_paths(), "for");
}

TEST_P(ReviewRoutes, TheDoctorsPageSaysQuestionAndAdvice) {
  cases_ = {case_of(patient_, Reason::stale)};
  const auto advice = advise();
  send(consultant_, "POST", base_ + "/reviews", R"({"recommendations":[{"kind":"labs","text":"TSH","to_role":"pcp"}]})");
  const auto page = send(doctor_, "GET", advice + "/page");
  EXPECT_EQ(page.text("question"), "no better");
  EXPECT_EQ(page.text("consultant.name"), "Dr. Sol Ames");
  EXPECT_EQ(page.text("recommendation.summary"), "Increase sertraline to 100 mg");
  EXPECT_EQ(page.text("patient.name"), "Ruiz, Ana");
  EXPECT_EQ(page.text("story.2.line"), "sertraline 50 -> 100 mg");
  EXPECT_EQ(page.count("other_recommendations"), 1u);
  EXPECT_EQ(page.reply.version, 2);
}

TEST_P(ReviewRoutes, ATreatmentClosesARecommendation) {
  const auto advice = advise();
  const auto id = *Uuid::parse(advice.substr(advice.rfind('/') + 1));
  const http::Request request;
  const auto close = [&](const Uuid& recommendation) {
    return database().write([&](db::Tx& tx) -> Result<void> {
      const Asker asker(http::Call{request, clinic().manager, clinic().clock().now(), {}});
      const auto place = clinic().chart.find(tx, asker.caller, asker.now, patient_);
      return close_recommendation(deps_, tx, asker, *place, recommendation, treatment_, clinic().today(), "recommendation_id");
    });
  };
  ASSERT_TRUE(close(id).has_value());
  const auto after = send(doctor_, "GET", advice);
  EXPECT_EQ(after.text("state"), "done");
  EXPECT_EQ(after.text("closed_by_treatment_id"), treatment_.text());
  EXPECT_EQ(after.text("answered_by.name"), "Mara Quill") << "whoever changed the treatment accepted it";
  EXPECT_EQ(after.count("history"), 3u);
  EXPECT_EQ(close(id).error().code, ErrorCode::conflict) << "done already";
  EXPECT_EQ(close(clinic().ids().next()).error().code, ErrorCode::invalid);
  const auto other = advise();
  send(consultant_, "POST", other + "/withdraw", R"({"reason":"wrong patient"})", 2);
  EXPECT_EQ(close(*Uuid::parse(other.substr(other.rfind('/') + 1))).error().code, ErrorCode::conflict);
}

TEST_P(ReviewRoutes, WrongAdviceIsRefusedAsAWhole) {
  const auto wrong = send(
      consultant_, "POST", base_ + "/reviews",
      R"({"recommendations":[{"kind":"start","to_role":"pcp"},{"kind":"labs","text":"TSH","to_role":"boss"},{"kind":"increase"}]})");
  EXPECT_EQ(wrong.issue_paths(), "recommendations[0].medication recommendations[1].to_role");
  const auto strangers =
      send(consultant_, "POST", base_ + "/reviews",
           R"({"recommendations":[{"kind":"labs","text":"TSH","to_role":"pcp","to_user_id":")" + clinic().foreigner.user.text() +
               R"(","treatment_id":")" + clinic().ids().next().text() + R"("}]})");
  EXPECT_EQ(strangers.issue_paths(), "recommendations[0].to_user_id recommendations[0].treatment_id");
  EXPECT_EQ(send(consultant_, "GET", base_ + "/reviews").count("items"), 0u);
}

TEST_P(ReviewRoutes, OneMoreRecommendationIsAdded) {
  advise();
  const auto review = send(consultant_, "GET", base_ + "/reviews").text("items.0.id");
  const auto more = send(consultant_, "POST", base_ + "/reviews/" + review + "/recommendations",
                         R"({"kind":"psychotherapy","text":"behavioral activation","to_role":"care_manager"})");
  ASSERT_EQ(more.status, 201) << more.issue_paths();
  EXPECT_EQ(more.text("position"), "2");
  EXPECT_EQ(more.text("to.name"), "Mara Quill");
  EXPECT_EQ(send(consultant_, "GET", base_ + "/reviews/" + review).count("recommendations"), 2u);
  EXPECT_EQ(send(consultant_, "GET", base_ + "/recommendations").count("items"), 2u);
}

// ---- review mode

TEST_P(ReviewRoutes, WhatIsTypedIsKeptUntilItIsSigned) {
  const auto id = session();
  const auto draft = base_ + "/review-draft?session=" + id;
  EXPECT_EQ(send(consultant_, "GET", draft).text("version"), "0");
  EXPECT_EQ(send(consultant_, "PUT", draft, R"({"notes":"think of","recommendations":[{"kind":"start"}]})", 0).text("version"),
            "1");
  const auto clash = send(consultant_, "PUT", draft, R"({"notes":"other tab"})", 0);
  EXPECT_EQ(clash.status, 412);
  EXPECT_EQ(clash.text("current.content.notes"), "think of");
  EXPECT_EQ(send(clinic().manager, "GET", draft).text("version"), "0") << "a draft is its writer's";
  EXPECT_EQ(send(consultant_, "PUT", draft, R"({"mood":"?"})", 1).issue_paths(), "mood");
  EXPECT_EQ(send(consultant_, "GET", base_ + "/review-page?session=" + id).text("draft.content.notes"), "think of");
  EXPECT_EQ(send(consultant_, "GET", "/api/v1/review-sessions/" + id + "/agenda").count("items"), 0u);
  const auto made = send(consultant_, "POST", base_ + "/reviews", R"({"session_id":")" + id + R"(","notes":"thought of it"})");
  EXPECT_EQ(made.text("notes"), "thought of it");
  EXPECT_EQ(made.text("session_id"), id);
  EXPECT_EQ(send(consultant_, "GET", draft).text("version"), "0");
  EXPECT_EQ(send(consultant_, "POST", base_ + "/reviews", R"({"session_id":")" + id + "\"}").code(), ErrorCode::conflict);
  const auto page = send(consultant_, "GET", base_ + "/review-page?session=" + id);
  EXPECT_EQ(page.text("draft"), "null");
  EXPECT_EQ(page.text("review_in_session.notes"), "thought of it");
  EXPECT_EQ(page.count("goals"), 0u);
  EXPECT_NE(page.at("goals"), nullptr) << "what other slices know is on the page";
  const auto foreign = clinic().ids().next().text();
  EXPECT_EQ(send(consultant_, "GET", base_ + "/review-page?session=" + foreign).code(), ErrorCode::not_found);
  EXPECT_EQ(send(consultant_, "POST", base_ + "/reviews", R"({"session_id":")" + foreign + "\"}").issue_paths(), "session_id");
}

TEST_P(ReviewRoutes, AQuestionIsAnsweredByAReview) {
  const auto asked = post(base_ + "/review-questions", R"({"question":"Is it bipolar?","urgency":"urgent"})");
  ASSERT_EQ(asked.status, 201) << asked.issue_paths();
  EXPECT_EQ(told(), "consultant question.asked! ");
  EXPECT_EQ(send(consultant_, "GET", "/api/v1/review-questions").text("items.0.patient.name"), "Ruiz, Ana");
  told_.clear();
  const auto made =
      send(consultant_, "POST", base_ + "/reviews", R"({"question_ids":[")" + asked.text("id") + R"("],"notes":"no"})");
  EXPECT_EQ(told(), "manager question.answered ");
  const auto after = post(base_ + "/review-questions/" + asked.text("id") + "/withdraw", R"({"reason":"x"})", 2);
  EXPECT_EQ(after.code(), ErrorCode::conflict);
  EXPECT_EQ(send(consultant_, "GET", base_ + "/review-questions").text("items.0.review_id"), made.text("id"));
  EXPECT_EQ(send(consultant_, "GET", "/api/v1/review-questions").count("items"), 0u);
  EXPECT_EQ(send(consultant_, "POST", base_ + "/reviews", R"({"question_ids":[")" + clinic().ids().next().text() + "\"]}")
                .issue_paths(),
            "question_ids[0]");
  EXPECT_EQ(post(base_ + "/review-questions", R"({"question":"  "})").issue_paths(), "question");
}

TEST_P(ReviewRoutes, AWithdrawnQuestionLeavesTheAgenda) {
  const auto id = session();
  const auto agenda = "/api/v1/review-sessions/" + id + "/agenda";
  const auto asked = post(base_ + "/review-questions", R"({"question":"Is it bipolar?"})");
  const auto shown = send(consultant_, "GET", agenda);
  ASSERT_EQ(shown.count("items"), 1u) << "in nobody's caseload, and asked about";
  EXPECT_EQ(shown.text("items.0.reasons.0.kind"), "asked");
  EXPECT_EQ(shown.text("items.0.question_ids.0"), asked.text("id"));
  EXPECT_EQ(shown.text("items.0.patient.name"), "Ruiz, Ana");
  EXPECT_EQ(post(base_ + "/review-questions/" + asked.text("id") + "/withdraw", R"({"reason":"clear now"})", 1).text("state"),
            "withdrawn");
  EXPECT_EQ(send(consultant_, "GET", agenda).count("items"), 0u);
}

// ---- sessions and agenda

TEST_P(ReviewRoutes, ASessionIsMadeChangedAndListed) {
  const auto id = session(R"(,"starts_at":"13:00","attendees":[{"user_id":")" + clinic().manager.user.text() +
                          R"(","role":"care_manager"},{"name":"A student","role":"other"}])");
  const auto path = "/api/v1/review-sessions/" + id;
  const auto got = send(clinic().manager, "GET", path);
  EXPECT_EQ(got.text("attendees.0.name"), "Mara Quill");
  EXPECT_EQ(got.text("attendees.1.name"), "A student");
  EXPECT_EQ(got.text("starts_at"), "13:00");
  EXPECT_EQ(send(clinic().manager, "PATCH", path, R"({"minutes":45,"attendees":[]})", 1).text("minutes"), "45");
  EXPECT_EQ(send(clinic().manager, "PATCH", path, R"({"minutes":30})", 1).text("current.minutes"), "45");
  EXPECT_EQ(send(clinic().manager, "PATCH", path, R"({"starts_at":"25:00","minutes":0})", 2).issue_paths(), "starts_at minutes");
  const auto next_week = send(consultant_, "POST", "/api/v1/review-sessions",
                              R"({"site_id":")" + clinic().site.text() + R"(","date":"2026-03-11","minutes":60})");
  const auto list = send(clinic().manager, "GET", "/api/v1/review-sessions?limit=1");
  EXPECT_EQ(list.text("items.0.id"), next_week.text("id"));
  EXPECT_EQ(send(clinic().manager, "GET", "/api/v1/review-sessions?limit=1&after=" + list.text("next")).text("items.0.id"), id);
  EXPECT_EQ(send(clinic().manager, "GET", "/api/v1/review-sessions?from=2026-03-05").count("items"), 1u);
  EXPECT_EQ(send(clinic().manager, "GET", "/api/v1/review-sessions?to=tomorrow").issue_paths(), "to");
  const auto wrong = send(
      consultant_, "POST", "/api/v1/review-sessions",
      R"({"site_id":")" + clinic().other_site.text() + R"(","date":"2026-03-11","minutes":0,"attendees":[{"role":"king"}]})");
  EXPECT_EQ(wrong.issue_paths(), "site_id minutes attendees[0].role attendees[0]");
}

TEST_P(ReviewRoutes, TheAgendaIsProposedOrderedAddedToAndRemovedFrom) {
  const auto ben = clinic().add_patient("Ben", "Okafor"), cal = clinic().add_patient("Cal", "Dorsey");
  const auto eve = clinic().add_patient("Eve", "Marsh");
  cases_ = {case_of(patient_, Reason::stale), case_of(ben, Reason::safety, "Okafor, Ben"),
            case_of(cal, Reason::worse, "Dorsey, Cal")};
  const auto id = session(R"(,"attendees":[{"user_id":")" + clinic().manager.user.text() + R"(","role":"care_manager"}])");
  const auto path = "/api/v1/review-sessions/" + id + "/agenda";
  const auto names = [](const testing::Answer& agenda) {
    std::string all;
    for (std::size_t i = 0; i < agenda.count("items"); ++i)
      all += agenda.text("items." + std::to_string(i) + ".patient.name") + "; ";
    return all;
  };
  const auto proposed = send(consultant_, "GET", path);
  EXPECT_EQ(names(proposed), "Okafor, Ben; Ruiz, Ana; Dorsey, Cal; ");
  EXPECT_EQ(asked_managers_, std::vector<UserId>{clinic().manager.user});
  EXPECT_EQ(proposed.text("minutes.available"), "20");
  EXPECT_EQ(proposed.text("minutes.planned"), "19");
  EXPECT_EQ(proposed.text("items.0.reasons.0.text"), "because");
  EXPECT_EQ(proposed.text("items.0.reasons.0.citation"), "source");
  EXPECT_EQ(send(consultant_, "PUT", path + "/order", R"({"patient_ids":[")" + cal.text() + "\"]}", 7).status, 412);
  const auto ordered =
      send(consultant_, "PUT", path + "/order", R"({"patient_ids":[")" + cal.text() + R"(",")" + ben.text() + "\"]}", 1);
  EXPECT_EQ(names(ordered), "Dorsey, Cal; Okafor, Ben; Ruiz, Ana; ") << ordered.issue_paths();
  EXPECT_EQ(ordered.text("ordered_by_hand"), "true");
  EXPECT_EQ(ordered.text("items.2.arrived_since_ordering"), "true");
  EXPECT_EQ(ordered.reply.version, 2);
  EXPECT_EQ(
      send(consultant_, "PUT", path + "/order", R"({"patient_ids":[")" + clinic().ids().next().text() + "\"]}", 2).issue_paths(),
      "patient_ids[0]");
  EXPECT_EQ(names(send(consultant_, "PUT", path + "/order", R"({"patient_ids":[]})", 2)),
            "Okafor, Ben; Ruiz, Ana; Dorsey, Cal; ");

  const auto added = send(consultant_, "POST", path + "/patients",
                          R"({"patient_id":")" + eve.text() + R"(","reason":"her mother died","minutes":1})");
  EXPECT_EQ(added.status, 201) << added.issue_paths();
  EXPECT_EQ(names(added), "Okafor, Ben; Ruiz, Ana; Dorsey, Cal; Marsh, Eve; ");
  EXPECT_EQ(added.text("items.3.reasons.0.text"), "her mother died");
  const auto removed = send(consultant_, "POST", path + "/patients/" + cal.text() + "/remove", R"({"reason":"seen yesterday"})");
  EXPECT_EQ(names(removed), "Okafor, Ben; Ruiz, Ana; Marsh, Eve; ");
  EXPECT_EQ(removed.text("removed.0.reason"), "seen yesterday");
  EXPECT_EQ(removed.text("removed.0.by.name"), "Dr. Sol Ames");
  EXPECT_EQ(send(consultant_, "POST", path + "/patients/" + cal.text() + "/remove", "{}").issue_paths(), "reason");
  EXPECT_EQ(
      names(send(consultant_, "POST", path + "/patients", R"({"patient_id":")" + cal.text() + R"(","reason":"after all"})")),
      "Okafor, Ben; Ruiz, Ana; Dorsey, Cal; Marsh, Eve; ");

  send(consultant_, "POST", "/api/v1/patients/" + eve.text() + "/reviews", R"({"session_id":")" + id + "\"}");
  const auto discussed = send(consultant_, "GET", path);
  EXPECT_EQ(names(discussed), "Marsh, Eve; Okafor, Ben; Ruiz, Ana; Dorsey, Cal; ");
  EXPECT_NE(discussed.text("items.0.review_id"), "null");
  EXPECT_EQ(send(consultant_, "POST", path + "/patients/" + eve.text() + "/remove", R"({"reason":"x"})").code(),
            ErrorCode::conflict);
}

TEST_P(ReviewRoutes, DeclinedAdviceComesBackUntilTheNextReview) {
  auto c = case_of(patient_, Reason::stale);
  c.causes.clear();
  cases_ = {c};
  const auto id = session();
  const auto path = "/api/v1/review-sessions/" + id + "/agenda";
  const auto advice = advise();
  EXPECT_EQ(send(consultant_, "GET", path).count("items"), 0u);
  EXPECT_EQ(send(doctor_, "POST", advice + "/answer", R"({"state":"declined","reason":"QT"})", 2).text("state"), "declined");
  EXPECT_EQ(send(consultant_, "GET", path).text("items.0.reasons.0.kind"), "declined");
  cases_[0].last_review = clinic().today().plus_days(1);
  EXPECT_EQ(send(consultant_, "GET", path).count("items"), 0u);
}

TEST_P(ReviewRoutes, ACancelledSessionTakesNoReview) {
  const auto id = session();
  send(consultant_, "PATCH", "/api/v1/review-sessions/" + id, R"({"state":"cancelled"})", 1);
  EXPECT_EQ(send(consultant_, "POST", base_ + "/reviews", R"({"session_id":")" + id + "\"}").code(), ErrorCode::conflict);
}

}  // namespace
}  // namespace concord::reviews
