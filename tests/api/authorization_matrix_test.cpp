// Who may do what, to whose record: every route x every principal x every relation between them, made from
// the router itself, so that a new route without an entry here fails the test (security.md T8, Z1, Z2).
//
//   nobody                                  401
//   a role without the route's permission   403, whatever the address names
//   the permission, a record of one's site  what the recipe says
//   the permission, any other record        404, the same bytes for every reason
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>

#include "identity/permissions.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;
using testing::PatientChart;
using testing::Site;
using testing::TestServer;
using testing::World;

constexpr std::string_view kNowhere = "018f0000-0000-7000-8000-00000000dead";

enum class Relation { own, unrelated, other_organization, missing, malformed };
constexpr std::string_view kRelationNames[] = {"own", "same organization, other site", "other organization", "missing",
                                               "malformed"};
std::string name_of(Relation relation) { return std::string(kRelationNames[static_cast<int>(relation)]); }

/// What a patient must have for a route to have something to work on.
enum class Needs {
  nothing,
  patient,
  referral,
  sent_elsewhere,
  everything,
  answered_review,
  review_hour,
  draft_advice,
  accepted_advice,
  done_advice,
  agreed_plan,
  team_work,
  minutes,
  month_open,
  charge_held,
  charge_ready,
  charge_exported,
  colleagues_event,
  assessed_event,
  step_down,
  safety_plan,
  checked_in,
  answered_check_in,
  with_mail,
  on_portal,
  given_to_read,
  wrote_to_us,
  reached_out,
  rota
};

/// The ids a request is built from.
struct Subject {
  std::map<std::string, std::string> ids;
  std::map<std::string, std::int64_t> versions;
  std::string site;
  bool all_the_same = false;  ///< every id is the same text: missing, malformed

  std::string id(const std::string& name) const {
    if (const auto found = ids.find(name); found != ids.end()) return found->second;
    return all_the_same ? ids.at("any") : std::string();
  }
  std::int64_t version(const std::string& name) const {
    const auto found = versions.find(name);
    return found == versions.end() ? 1 : found->second;
  }
};

struct Recipe {
  Needs needs = Needs::nothing;
  int success = 200;
  std::function<std::string(const Subject&)> body{};
  std::string version_of{};  ///< If-Match with this row's version
  std::string query{};
  bool names_in_body = false;                     ///< the patient stands in the body, not in the address
  bool uses_up = false;                           ///< a success changes the patient so that the same does not work again
  std::map<std::string, std::string> literals{};  ///< path parameters that are no rows: the instrument's name
  int service_success = 0;                        ///< when a service key gets another answer than a person
  std::optional<std::string> version_from{};      ///< If-Match with the ETag of this address
  bool any_patient = false;                       ///< the last id may be any patient of the site
  std::map<std::string, int> success_of{};        ///< principals that get another answer than the others
  bool whole_organization = false;                ///< every site of the organization has the row
  /// The row is the principal's own and nobody else's: makes it, and there are no strangers' rows to try.
  std::function<void(HttpClient&, Subject&)> own_desk{};
};

std::function<std::string(const Subject&)> text(std::string json) {
  return [json](const Subject&) { return json; };
}

const std::map<std::string, Recipe>& recipes() {
  static const std::map<std::string, Recipe> all = [] {
    std::map<std::string, Recipe> r;
    const std::string score = R"({"instrument":"phq-9","mode":"phone","total":12})";
    // caseload
    r["caseload.list"] = {};
    r["caseload.export"] = {};
    r["attention.read"] = {.needs = Needs::everything};
    r["attention.defer"] = {.needs = Needs::everything,
                            .success = 201,
                            .body = text(R"({"rule":"contact.due","until":"2026-03-09","reason":"on holiday"})"),
                            .uses_up = true};
    r["attention.undefer"] = {.needs = Needs::everything,
                              .success = 409,  // nothing is put off
                              .body = text(R"({"rule":"contact.due"})")};
    // patients
    r["patients.search"] = {.query = "?q=testcase"};
    r["patients.create"] = {
        .success = 201, .body = [](const Subject& s) {
          return R"({"given_name":"New","family_name":"Person","birth_date":"1970-01-01","accept_duplicate":true,"site_id":")" +
                 s.site + "\"}";
        }};
    r["patients.read"] = {.needs = Needs::patient};
    r["patients.edit"] = {
        .needs = Needs::patient, .body = text(R"({"phone":"555-0123"})"), .version_of = "patient_id", .uses_up = true};
    r["patients.summary"] = {.needs = Needs::everything};
    r["coverage.list"] = {.needs = Needs::everything};
    r["coverage.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"payer_category":"commercial","start_date":"2026-01-01"})")};
    r["coverage.edit"] = {
        .needs = Needs::everything, .body = text(R"({"plan_name":"Another"})"), .version_of = "coverage_id", .uses_up = true};
    // referrals
    const auto with_patient = [](std::string rest) {
      return [rest](const Subject& s) {
        return "{\"patient_id\":\"" + s.id("patient_id") + "\",\"site_id\":\"" + s.site + "\"" + rest + "}";
      };
    };
    r["referrals.list"] = {};
    r["referrals.create"] = {.needs = Needs::patient,
                             .success = 201,
                             .body = with_patient(R"(,"referred_by":"Dr. Lee","reason":"low mood")"),
                             .names_in_body = true,
                             .uses_up = true};
    r["referrals.read"] = {.needs = Needs::referral};
    r["referrals.attempt"] = {
        .needs = Needs::referral, .success = 201, .body = text(R"({"modality":"phone","result":"reached"})"), .uses_up = true};
    r["referrals.outcome"] = {
        .needs = Needs::referral, .body = text(R"({"outcome":"declined"})"), .version_of = "referral_id", .uses_up = true};
    r["referrals.seen_elsewhere"] = {
        .needs = Needs::sent_elsewhere, .body = text(R"({"on":"2026-03-02"})"), .version_of = "referral_id", .uses_up = true};
    // episodes
    r["episodes.list"] = {.needs = Needs::everything};
    r["episodes.read"] = {.needs = Needs::everything};
    r["episodes.create"] = {
        .needs = Needs::patient, .success = 201, .body = with_patient(""), .names_in_body = true, .uses_up = true};
    r["episodes.edit"] = {
        .needs = Needs::everything, .body = text(R"({"target":"remission"})"), .version_of = "episode_id", .uses_up = true};
    r["episodes.act"] = {
        .needs = Needs::everything, .body = text(R"({"act":"meet_target"})"), .version_of = "episode_id", .uses_up = true};
    r["consents.list"] = {.needs = Needs::everything};
    r["consents.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"method":"verbal","text_version":"2026-1"})")};
    r["consents.withdraw"] = {.needs = Needs::everything, .body = text("{}"), .version_of = "consent_id", .uses_up = true};
    r["care_team.list"] = {.needs = Needs::everything};
    r["care_team.create"] = {
        .needs = Needs::everything, .success = 201, .body = text(R"({"role":"therapist","name":"Sam"})"), .uses_up = true};
    r["care_team.end"] = {.needs = Needs::everything, .success = 204, .uses_up = true};
    // the chart
    r["measurements.list"] = {.needs = Needs::everything};
    r["measurements.create"] = {.needs = Needs::patient, .success = 201, .body = text(score)};
    r["measurements.correct"] = {.needs = Needs::everything,
                                 .success = 201,
                                 .body = text(R"({"instrument":"phq-9","total":11,"reason":"misread"})"),
                                 .uses_up = true};
    r["measurements.see"] = {.needs = Needs::everything};
    r["contacts.list"] = {.needs = Needs::everything};
    r["contacts.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"kind":"treatment","modality":"phone","minutes":20})")};
    r["contacts.edit"] = {
        .needs = Needs::everything, .body = text(R"({"minutes":25})"), .version_of = "contact_id", .uses_up = true};
    r["treatments.list"] = {.needs = Needs::everything};
    r["treatments.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"kind":"medication","name":"sertraline"})")};
    r["treatments.change"] = {.needs = Needs::everything,
                              .success = 201,
                              .body = text(R"({"to_dose":"100 mg"})"),
                              .version_of = "treatment_id",
                              .uses_up = true};
    r["treatments.stop"] = {
        .needs = Needs::everything, .body = text(R"({"reason":"nausea"})"), .version_of = "treatment_id", .uses_up = true};
    r["reviews.list"] = {.needs = Needs::everything};
    r["reviews.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"question":"what next?"})")};
    r["reviews.answer"] = {.needs = Needs::everything,
                           .body = text(R"({"state":"accepted"})"),
                           .version_of = "review_id",
                           .uses_up = true,
                           .success_of = {{"bh_specialist", 403}}};
    r["reviews.done"] = {.needs = Needs::answered_review,
                         .body = text("{}"),
                         .version_of = "review_id",
                         .uses_up = true,
                         .success_of = {{"bh_specialist", 403}}};
    // review mode, questions, sessions, recommendations
    for (const auto name :
         {"reviews.get", "reviews.page", "review_drafts.get", "questions.list", "recommendations.list", "recommendations.get",
          "recommendations.page", "treatment_reports.list", "psychotherapy_sessions.list"})
      r[name] = {.needs = Needs::everything};
    r["reviews.recommend"] = {.needs = Needs::everything,
                              .success = 201,
                              .body = text(R"({"kind":"labs","text":"TSH","to_role":"pcp"})"),
                              .uses_up = true};
    r["review_drafts.save"] = {.needs = Needs::everything,
                               .body = text(R"({"notes":"think of thyroid"})"),
                               .version_from = "/api/v1/patients/{patient_id}/review-draft"};
    r["review_drafts.discard"] = {.needs = Needs::everything, .success = 204};
    r["questions.open"] = {};
    r["questions.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"question":"is it bipolar?"})")};
    r["questions.withdraw"] = {
        .needs = Needs::review_hour, .body = text(R"({"reason":"clear now"})"), .version_of = "question_id", .uses_up = true};
    r["review_sessions.list"] = {};
    r["review_sessions.create"] = {.success = 201, .body = [](const Subject& s) {
                                     return R"({"date":"2026-03-03","minutes":60,"site_id":")" + s.site + "\"}";
                                   }};
    r["review_sessions.get"] = {.needs = Needs::review_hour};
    r["review_sessions.edit"] = {
        .needs = Needs::review_hour, .body = text(R"({"minutes":45})"), .version_of = "session_id", .uses_up = true};
    r["review_agenda.get"] = {.needs = Needs::review_hour};
    r["review_agenda.order"] = {.needs = Needs::review_hour,
                                .body = [](const Subject& s) { return R"({"patient_ids":[")" + s.id("patient_id") + "\"]}"; },
                                .version_of = "session_id",
                                .uses_up = true};
    r["review_agenda.add"] = {
        .needs = Needs::review_hour,
        .success = 201,
        .body = [](const Subject& s) { return R"({"reason":"worried","patient_id":")" + s.id("patient_id") + "\"}"; },
        .uses_up = true};
    r["review_agenda.remove"] = {
        .needs = Needs::review_hour, .body = text(R"({"reason":"seen yesterday"})"), .uses_up = true, .any_patient = true};
    r["recommendations.mine"] = {};
    r["recommendations.read"] = {.needs = Needs::everything, .uses_up = true};
    r["recommendations.edit"] = {
        .needs = Needs::draft_advice, .body = text(R"({"dose":"75 mg"})"), .version_of = "recommendation_id", .uses_up = true};
    r["recommendations.send"] = {.needs = Needs::draft_advice, .version_of = "recommendation_id", .uses_up = true};
    r["recommendations.answer"] = {.needs = Needs::everything,
                                   .body = text(R"({"state":"accepted"})"),
                                   .version_of = "recommendation_id",
                                   .uses_up = true,
                                   .success_of = {{"bh_specialist", 403}}};
    r["recommendations.done"] = {.needs = Needs::accepted_advice,
                                 .body = text("{}"),
                                 .version_of = "recommendation_id",
                                 .uses_up = true,
                                 .success_of = {{"bh_specialist", 403}}};
    r["recommendations.trial"] = {.needs = Needs::done_advice,
                                  .body = text(R"({"result":"adequate","dose":"100 mg","weeks":6})"),
                                  .version_of = "recommendation_id",
                                  .uses_up = true,
                                  .success_of = {{"bh_specialist", 403}}};
    r["recommendations.withdraw"] = {.needs = Needs::everything,
                                     .body = text(R"({"reason":"a mistake"})"),
                                     .version_of = "recommendation_id",
                                     .uses_up = true,
                                     .service_success = 403};  // neither its author nor a consultant
    r["treatment_reports.create"] = {.needs = Needs::everything,
                                     .success = 201,
                                     .body = text(R"({"adherence":"some","side_effects":"dry mouth","bother":1})")};
    r["psychotherapy_sessions.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"approach":"pst","minutes":30})")};
    r["safety.list"] = {};
    r["safety.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"signal":"staff concern"})")};
    r["safety.acknowledge"] = {.needs = Needs::everything, .version_of = "safety_event_id", .uses_up = true};
    r["safety.close"] = {
        .needs = Needs::everything,
        .body = text(R"({"level":"low","disposition":"spoke with the patient","assessed_otherwise":"in the room"})"),
        .version_of = "safety_event_id",
        .uses_up = true};
    // safety
    const auto with_event = [](Needs needs, int success, std::string json) {
      return Recipe{
          .needs = needs, .success = success, .body = text(std::move(json)), .version_of = "safety_event_id", .uses_up = true};
    };
    r["safety.board"] = {};
    r["safety.read"] = {.needs = Needs::everything};
    r["safety.take_over"] = with_event(Needs::colleagues_event, 200, "");
    r["safety.take_over"].success_of = {{"bh_specialist", 409}};  // has it
    r["safety.assess"] = with_event(Needs::everything, 200, R"({"assessed_otherwise":"in the room","level":"low"})");
    r["safety.action"] = with_event(Needs::everything, 201, R"({"action":"safety_plan"})");
    r["safety.ask_step_down"] = with_event(Needs::assessed_event, 200, R"({"to_level":"low","reason":"calm"})");
    r["safety.answer_step_down"] = with_event(Needs::step_down, 200, R"({"agree":true})");
    r["safety.reassess"] = with_event(Needs::assessed_event, 201, R"({"assessed_otherwise":"on the phone","level":"high"})");
    r["safety_plan.read"] = {.needs = Needs::safety_plan};
    r["safety_plan.version"] = {.needs = Needs::safety_plan};
    r["safety_plan.print"] = {.needs = Needs::safety_plan};
    r["safety_plan.write"] = {
        .needs = Needs::patient,
        .success = 201,
        .body = text(R"({"based_on":0,"language":"en","written_with":["patient"],"steps":{"coping":["walk"]}})"),
        .uses_up = true};
    r["oncall.show"] = {.needs = Needs::patient};
    r["oncall.add"] = {.needs = Needs::rota, .success = 201, .body = [](const Subject& s) {
                         return R"({"rung":"on_call","from_date":"2026-03-01","starts":"17:00","ends":"08:00","user_id":")" +
                                (s.all_the_same ? std::string(kNowhere) : s.id("rota_user")) + "\"}";
                       }};
    r["oncall.remove"] = {.needs = Needs::rota, .uses_up = true};
    r["oncall.change"] = {.needs = Needs::patient,
                          .body = text(R"({"escalate_after_minutes":12})"),
                          .version_from = "/api/v1/sites/{site_id}/on-call"};
    // who uses the portal
    const auto reason = text(R"({"reason":"asked for it"})");
    r["portal.state"] = {.needs = Needs::on_portal};
    r["portal.invite"] = {.needs = Needs::with_mail, .success = 201, .body = text(R"({"channel":"mail"})"), .uses_up = true};
    r["portal.end_invitation"] = {.needs = Needs::on_portal, .body = reason, .uses_up = true};
    r["portal.end"] = {.needs = Needs::on_portal, .body = reason, .uses_up = true};
    r["trusted_persons.invite"] = {.needs = Needs::with_mail, .success = 201, .body = [](const Subject&) {
                                     static int people = 0;
                                     return R"({"name":"Kim","kind":"trusted","channel":"mail","address":"kim)" +
                                            std::to_string(++people) +
                                            R"(@example.org","scopes":["goals"],"wish":"wants her sister to help"})";
                                   }};
    r["trusted_persons.end"] = {.needs = Needs::on_portal, .body = reason, .uses_up = true};
    r["crisis.show"] = {.needs = Needs::patient};
    r["crisis.change"] = {.needs = Needs::patient,
                          .body = text(R"({"read_when":{"en":"On weekdays.","es":"Entre semana."}})"),
                          .version_from = "/api/v1/sites/{site_id}/crisis"};
    // what patients write
    r["patient_messages.inbox"] = {};
    r["patient_messages.list"] = {.needs = Needs::wrote_to_us};
    r["patient_messages.start"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"subject":"Hello","text":"How are you?"})")};
    r["patient_messages.reply"] = {.needs = Needs::wrote_to_us, .success = 201, .body = text(R"({"text":"Yes, you may."})")};
    r["patient_messages.read"] = {.needs = Needs::wrote_to_us, .body = text("{}")};
    r["patient_messages.close"] = {
        .needs = Needs::wrote_to_us, .body = text(R"({"reason":"said by phone"})"), .version_of = "thread_id", .uses_up = true};
    r["patient_messages.assign"] = {.needs = Needs::wrote_to_us,
                                    .body = [](const Subject& s) { return R"({"to_user_id":")" + s.id("first_user") + "\"}"; },
                                    .version_of = "thread_id",
                                    .uses_up = true};
    r["logs.list"] = {.needs = Needs::wrote_to_us};
    r["surveys.list"] = {};
    r["surveys.results"] = {};
    r["surveys.permit"] = {
        .success = 201,
        .body =
            [](const Subject& s) {
              return R"({"site_id":")" + s.site +
                     R"(","permitted_by":"the owner","reference":"letter","words":{"en":{"items":["One?","Two?","Three?"],"low":"none","high":"all"}}})";
            },
        .literals = {{"survey", "collaborate"}}};
    r["feedback.list"] = {};
    r["feedback.answer"] = {.needs = Needs::wrote_to_us,
                            .body = text(R"({"text":"We call back now."})"),
                            .version_of = "feedback_id",
                            .uses_up = true};
    r["feedback.close"] = {.needs = Needs::wrote_to_us, .body = text("{}"), .version_of = "feedback_id", .uses_up = true};
    // pieces to read
    r["education.library"] = {};
    r["education.piece"] = {.literals = {{"piece", "sleep"}}};
    r["education.of_patient"] = {.needs = Needs::given_to_read};
    r["education.assign"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"piece":"grounding"})"), .uses_up = true};
    r["education.withdraw"] = {.needs = Needs::given_to_read, .body = text("{}"), .version_of = "assignment_id", .uses_up = true};
    // visits, groups, community
    r["visits.list"] = {};
    r["visits.of_patient"] = {.needs = Needs::reached_out};
    r["visits.create"] = {
        .needs = Needs::patient,
        .success = 201,
        .body = text(R"({"kind":"phone","date":"2026-06-01","start_minute":600,"minutes":20,"overlap_reason":"a test"})"),
        .service_success = 422};  // a machine has no visits, leads no group and follows nobody
    r["visits.read"] = {.needs = Needs::reached_out};
    r["visits.edit"] = {
        .needs = Needs::reached_out, .body = text(R"({"note":"bring the form"})"), .version_of = "visit_id", .uses_up = true};
    r["visits.act"] = {.needs = Needs::reached_out,
                       .body = text(R"({"act":"cancel","reason":"snow"})"),
                       .version_of = "visit_id",
                       .uses_up = true};
    r["visits.calendar"] = {.needs = Needs::reached_out};
    r["visits.read_settings"] = {.needs = Needs::patient};
    r["site_months.list"] = {.needs = Needs::patient, .query = "?year=2026"};
    r["site_months.attest"] = {.needs = Needs::patient, .body = text(R"({"fte":1.5})"), .literals = {{"month", "2026-01"}}};
    r["visits.write_settings"] = {.needs = Needs::patient,
                                  .body = text(R"({"video_link_template":"https://video.example.org/{visit}"})"),
                                  .version_from = "/api/v1/sites/{site_id}/visit-settings"};
    r["groups.list"] = {};
    r["groups.create"] = {
        .success = 201,
        .body =
            [](const Subject& s) {
              return R"({"name":"Walk","modality":"in_person","capacity":6,"first_date":"2026-06-01","start_minute":600,"minutes":60,"sessions":2,"site_id":")" +
                     s.site + "\"}";
            },
        .service_success = 422};
    r["groups.read"] = {.needs = Needs::reached_out};
    r["groups.edit"] = {
        .needs = Needs::reached_out, .body = text(R"({"topic":"Rest"})"), .version_of = "group_id", .uses_up = true};
    r["groups.act"] = {.needs = Needs::reached_out,
                       .body = text(R"({"act":"end","reason":"the room is gone"})"),
                       .version_of = "group_id",
                       .uses_up = true};
    r["groups.add_member"] = {
        .needs = Needs::reached_out,
        .success = 201,
        .body = [](const Subject& s) { return R"({"as":"wait","patient_id":")" + s.id("guest_id") + "\"}"; },
        .uses_up = true};
    r["groups.act_on_member"] = {.needs = Needs::reached_out,
                                 .body = text(R"({"act":"leave","reason":"new job"})"),
                                 .version_of = "member_id",
                                 .uses_up = true};
    r["groups.add_session"] = {.needs = Needs::reached_out,
                               .success = 201,
                               .body = text(R"({"date":"2026-06-08","start_minute":600})"),
                               .uses_up = true};
    r["groups.session"] = {.needs = Needs::reached_out};
    r["groups.move_session"] = {
        .needs = Needs::reached_out, .body = text(R"({"start_minute":1090})"), .version_of = "session_id", .uses_up = true};
    r["groups.act_on_session"] = {.needs = Needs::reached_out,
                                  .body = text(R"({"act":"cancel","reason":"snow"})"),
                                  .version_of = "session_id",
                                  .uses_up = true};
    r["groups.attendance"] = {.needs = Needs::reached_out,
                              .success = 409,  // it has not begun
                              .body = text(R"({"entries":[]})"),
                              .version_of = "session_id"};
    r["groups.of_patient"] = {.needs = Needs::reached_out};
    r["community.services"] = {.query = "?need=food"};
    r["community.create_service"] = {.success = 201, .body = [](const Subject&) {
                                       static int services = 0;
                                       return R"({"kinds":["law"],"name":"Law )" + std::to_string(++services) + "\"}";
                                     }};
    r["community.service"] = {.needs = Needs::reached_out, .whole_organization = true};
    r["community.edit_service"] = {.needs = Needs::reached_out,
                                   .body = text(R"({"phone":"555-0100"})"),
                                   .version_of = "service_id",
                                   .uses_up = true,
                                   .whole_organization = true};
    r["community.act_on_service"] = {.needs = Needs::reached_out,
                                     .body = text(R"({"act":"checked"})"),
                                     .version_of = "service_id",
                                     .uses_up = true,
                                     .whole_organization = true};
    r["community.forms"] = {};
    r["community.worklist"] = {};
    r["community.wanted"] = {};
    r["community.needs"] = {.needs = Needs::reached_out};
    r["community.create_need"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"kind":"law"})"), .uses_up = true};
    r["community.edit_need"] = {
        .needs = Needs::reached_out, .body = text(R"({"wants_help":"later"})"), .version_of = "need_id", .uses_up = true};
    r["community.create_screening"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"form":"ahc-hrsn","declined":true})")};
    r["community.referrals"] = {.needs = Needs::reached_out};
    r["community.create_referral"] = {
        .needs = Needs::reached_out,
        .success = 201,
        .body =
            [](const Subject& s) {
              return R"({"sent_by_way":"phone","shares":["name"],"consent":{"method":"written"},"need_id":")" + s.id("need_id") +
                     R"(","service_id":")" + s.id("service_id") + "\"}";
            },
        .service_success = 422};
    r["community.referral"] = {.needs = Needs::reached_out};
    r["community.act_on_referral"] = {.needs = Needs::reached_out,
                                      .body = text(R"({"act":"note","note":"called twice"})"),
                                      .version_of = "community_referral_id",
                                      .uses_up = true};
    // messages
    r["notices.list"] = {};
    r["notices.count"] = {};
    r["notices.read"] = {.body = text(R"({"all":true})")};
    r["account.contact"] = {.service_success = 404};
    r["account.change_contact"] = {
        .body = text(R"({"mail_for":"all"})"), .service_success = 404, .version_from = "/api/v1/account/contact"};
    r["messages.list"] = {};
    r["messages.retry"] = {.body = text(R"({"message_ids":[]})")};
    r["patient_contact.messages"] = {.needs = Needs::patient};
    r["patient_contact.preferences"] = {.needs = Needs::patient};
    r["patient_contact.change"] = {.needs = Needs::patient,
                                   .body = text(R"({"channel":"mail"})"),
                                   .version_from = "/api/v1/patients/{patient_id}/contact-preferences"};
    r["reminders.read"] = {.needs = Needs::everything};
    r["reminders.change"] = {.needs = Needs::patient,
                             .body = text(R"({"weekly_agreed":true})"),
                             .version_from = "/api/v1/patients/{patient_id}/reminders"};
    // check-ins
    r["checkins.board"] = {};
    r["checkins.of_patient"] = {.needs = Needs::checked_in};
    r["checkins.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"channel":"kiosk","instruments":["phq-9"]})")};
    r["checkins.resend"] = {.needs = Needs::checked_in, .uses_up = true};
    r["checkins.revoke"] = {.needs = Needs::checked_in, .uses_up = true};
    r["checkins.see"] = {.needs = Needs::answered_check_in, .uses_up = true};
    // the rest
    r["instruments.list"] = {};
    r["instruments.get"] = {.literals = {{"instrument", "phq-9"}}};
    r["instruments.permit"] = {
        .success = 201,
        .body =
            [](const Subject& s) {
              return R"({"valid_from":"2026-01-01","permitted_by":"the owner","reference":"letter 1","site_id":")" + s.site +
                     "\"}";
            },
        .literals = {{"instrument", "epds"}}};
    // plans, goals, decisions, pathways
    const auto ok = [](Needs needs) { return Recipe{.needs = needs}; };
    for (const auto name : {"plans.list", "plans.read", "goals.list", "goals.read", "decisions.list", "pathways.of_patient",
                            "conditions.list", "allergies.list"})
      r[name] = ok(Needs::everything);
    r["plans.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"kind":"care_plan"})"), .uses_up = true};
    r["plans.edit"] = {.needs = Needs::everything,
                       .body = text(R"({"content":{"wants":"Something else"}})"),
                       .version_of = "plan_id",
                       .uses_up = true};
    r["plans.new_version"] = {.needs = Needs::everything,
                              .success = 201,
                              .body = text(R"({"reason":"a new step"})"),
                              .version_of = "plan_id",
                              .uses_up = true};
    r["plans.view"] = {
        .needs = Needs::everything, .body = text(R"({"view":"agreed"})"), .version_of = "plan_id", .uses_up = true};
    r["plans.effect"] = {.needs = Needs::agreed_plan, .body = text("{}"), .version_of = "plan_id", .uses_up = true};
    r["plans.end"] = {
        .needs = Needs::everything, .body = text(R"({"reason":"moved away"})"), .version_of = "plan_id", .uses_up = true};
    r["goals.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"what":"walk","confidence":5})")};
    r["goals.edit"] = {.needs = Needs::everything, .body = text(R"({"what":"swim"})"), .version_of = "goal_id", .uses_up = true};
    r["goals.check_off"] = {.needs = Needs::everything, .success = 201, .body = text(R"({"result":"done"})"), .uses_up = true};
    r["goals.review"] = {.needs = Needs::everything, .success = 201, .body = text(R"({"progress":"some"})"), .uses_up = true};
    r["goals.status"] = {
        .needs = Needs::everything, .body = text(R"({"status":"reached"})"), .version_of = "goal_id", .uses_up = true};
    r["decisions.create"] = {
        .needs = Needs::patient,
        .success = 201,
        .body = text(
            R"({"aid":"alcohol-treatment","options":["talks","none"],"choice":"none","took_part":["patient","care_manager"]})")};
    r["decision_aids.list"] = {};
    r["decision_aids.read"] = {.literals = {{"aid", "alcohol-treatment"}}};
    r["pathways.list"] = {};
    r["pathways.read"] = {.literals = {{"pathway", "ptsd"}}};
    r["conditions.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"text":"Asthma"})")};
    r["conditions.end"] = {.needs = Needs::everything, .body = text("{}"), .version_of = "condition_id", .uses_up = true};
    r["allergies.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"substance":"Penicillin"})")};
    r["allergies.end"] = {
        .needs = Needs::everything, .body = text(R"({"reason":"tested"})"), .version_of = "allergy_id", .uses_up = true};
    // calendar
    r["calendar.read"] = {.needs = Needs::patient};
    r["calendar.change"] = {
        .needs = Needs::patient,
        .body = text(R"({"week":[null,{"opens":"08:00","closes":"17:00"},null,null,null,null,null],"holidays":"us_federal"})"),
        .version_from = "/api/v1/sites/{site_id}/calendar"};
    r["calendar.versions"] = {.needs = Needs::patient};
    // tasks, hand-overs, conversations
    const std::map<std::string, int> not_theirs = {{"community_worker", 404}};
    r["tasks.list"] = {};
    r["tasks.team"] = {};
    r["tasks.counts"] = {};
    r["tasks.of_patient"] = {.needs = Needs::team_work};
    r["tasks.read"] = {.needs = Needs::team_work, .success_of = not_theirs};
    r["tasks.create"] = {.needs = Needs::team_work,
                         .success = 201,
                         .body =
                             [](const Subject& s) {
                               return R"({"title":"Call","due_date":"2026-12-01","patient_id":")" + s.id("patient_id") +
                                      R"(","owner_id":")" + (s.all_the_same ? s.id("any") : s.id("first_user")) + "\"}";
                             },
                         .names_in_body = true};
    r["tasks.edit"] = {.needs = Needs::team_work,
                       .body = text(R"({"note":"after five"})"),
                       .version_of = "task_id",
                       .uses_up = true,
                       .success_of = not_theirs};
    r["tasks.act"] = {.needs = Needs::team_work,
                      .body = text(R"({"act":"done"})"),
                      .version_of = "task_id",
                      .uses_up = true,
                      .success_of = not_theirs};
    r["handovers.list"] = {};
    r["handovers.of_patient"] = {.needs = Needs::team_work};
    // A machine has no caseload of its own to hand over.
    r["handovers.create"] = {.needs = Needs::team_work,
                             .success = 201,
                             .body =
                                 [](const Subject& s) {
                                   static int covers = 0;
                                   const Date from = Date::ymd(2027, 1, 1).plus_days(7 * ++covers);
                                   return R"({"site_id":")" + s.site + R"(","from_user_id":")" + s.id("first_user") +
                                          R"(","to_user_id":")" + s.id("second_user") + R"(","from_date":")" + from.iso() +
                                          R"(","until_date":")" + from.plus_days(2).iso() + R"(","reason":"leave"})";
                                 },
                             .service_success = 403};
    r["handovers.end"] = {
        .needs = Needs::team_work, .body = text("{}"), .version_of = "hand_over_id", .uses_up = true, .service_success = 403};
    r["conversations.list"] = {.needs = Needs::team_work};
    r["conversations.write"] = {.needs = Needs::team_work, .success = 201, .body = text(R"({"text":"Good idea"})")};
    // Only one's own words.
    r["conversations.correct"] = {.needs = Needs::team_work,
                                  .success = 403,
                                  .body = text(R"({"text":"What then?"})"),
                                  .uses_up = true,
                                  .success_of = {{"care_manager", 201}}};
    r["conversations.mark_read"] = {.needs = Needs::team_work, .body = text("{}")};
    r["conversations.people"] = {.needs = Needs::team_work};
    r["conversations.unread"] = {};
    r["patients.timeline"] = {.needs = Needs::everything};
    r["care_team.leave"] = {.needs = Needs::everything, .body = text("{}"), .uses_up = true};
    // one's own desk: a machine has none, and nobody has somebody else's
    r["views.list"] = {.service_success = 404};
    r["views.create"] = {.success = 201,
                         .body =
                             [](const Subject&) {
                               static int views = 0;
                               return R"({"name":"v)" + std::to_string(++views) + R"(","query":"need=overdue"})";
                             },
                         .service_success = 404};
    const auto own_view = [](HttpClient& client, Subject& subject) {
      static int views = 0;
      const auto made = client.post("/api/v1/views", R"({"name":"own )" + std::to_string(++views) + R"(","query":""})");
      subject.ids["view_id"] = made.status == 201 ? testing::Json(made.body)["id"].text() : std::string(kNowhere);
      subject.versions["view_id"] = 1;
    };
    r["views.edit"] = {
        .body = text(R"({"query":"need=safety"})"), .version_of = "view_id", .service_success = 404, .own_desk = own_view};
    r["views.remove"] = {.success = 204, .service_success = 404, .own_desk = own_view};
    const auto own_draft = [](HttpClient& client, Subject& subject) {
      client.request("PUT", "/api/v1/drafts/contact-note", R"({"text":"not yet"})", {});
      subject.ids["draft_key"] = "contact-note";
    };
    r["drafts.read"] = {.service_success = 404, .own_desk = own_draft};
    r["drafts.write"] = {.body = text(R"({"text":"some words"})"), .service_success = 404, .own_desk = own_draft};
    r["drafts.remove"] = {.success = 204, .service_success = 404, .own_desk = own_draft};
    // minutes and billing
    for (const auto name : {"minutes.list", "initiating_visits.list", "outside_services.list", "inpatient_stays.list"})
      r[name] = ok(Needs::minutes);
    r["minutes.create"] = {.needs = Needs::patient, .success = 201, .body = text(R"({"minutes":5,"activity":"outreach"})")};
    r["minutes.correct"] = {.needs = Needs::minutes,
                            .success = 201,
                            .body = text(R"({"minutes":6,"reason":"typed wrongly"})"),
                            .version_of = "entry_id",
                            .uses_up = true};
    r["minutes.remove"] = {
        .needs = Needs::minutes, .body = text(R"({"reason":"another patient's"})"), .version_of = "entry_id", .uses_up = true};
    r["timer.read"] = {};
    r["timer.start"] = {
        .needs = Needs::patient,
        .success = 201,
        .body = [](const Subject& s) { return R"({"activity":"outreach","patient_id":")" + s.id("patient_id") + "\"}"; },
        .names_in_body = true};
    r["timer.stop"] = {.body = text(R"({"keep":false})")};
    r["initiating_visits.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"date":"2026-01-02","code":"99214"})")};
    r["initiating_visits.remove"] = {.needs = Needs::minutes, .success = 204, .uses_up = true};
    r["outside_services.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"date":"2026-01-02","code":"G0556"})")};
    r["outside_services.remove"] = {.needs = Needs::minutes, .success = 204, .uses_up = true};
    r["inpatient_stays.create"] = {
        .needs = Needs::patient, .success = 201, .body = text(R"({"kind":"observation","admit_date":"2026-01-02"})")};
    r["inpatient_stays.discharge"] = {
        .needs = Needs::minutes, .body = text(R"({"discharge_date":"2025-11-05"})"), .version_of = "stay_id", .uses_up = true};
    r["inpatient_stays.remove"] = {.needs = Needs::minutes, .success = 204, .uses_up = true};
    r["billing_choices.set"] = {.needs = Needs::patient,
                                .body = text(R"({"family":"time_codes","reason":"agreed"})"),
                                .literals = {{"month", "2026-03"}}};
    const auto of_site = [](std::string rest) {
      return [rest](const Subject& s) { return R"({"site_id":")" + s.site + "\"" + rest + "}"; };
    };
    const std::map<std::string, std::string> january = {{"month", "2026-01"}};
    for (const auto name : {"billing.month", "billing.charges", "billing.exports", "billing.history"})
      r[name] = {.needs = Needs::charge_exported, .literals = january};
    r["billing.close"] = {.needs = Needs::month_open, .body = of_site(""), .uses_up = true, .literals = january};
    r["billing.reopen"] = {
        .needs = Needs::charge_held, .body = of_site(R"(,"reason":"late")"), .uses_up = true, .literals = january};
    r["billing.decide"] = {.needs = Needs::charge_held,
                           .body = text(R"({"decision":"decline","reason":"not covered"})"),
                           .version_of = "charge_id",
                           .uses_up = true};
    r["billing.export"] = {
        .needs = Needs::charge_ready, .success = 201, .body = of_site(""), .uses_up = true, .literals = january};
    r["billing.export_csv"] = {.needs = Needs::charge_exported};
    r["billing.export_dft"] = {.needs = Needs::charge_exported};
    r["billing.settings"] = {};
    r["billing.set"] = {
        .success = 201,
        .body = text(R"({"payer_category":"other","valid_from":"2026-02-01","settings":{"add_on_cap":1},"reason":"contract"})")};
    r["billing.rates"] = {};
    r["account.read"] = {.service_success = 404};  // a machine has no account
    r["account.change"] = {.body = text(R"({"language":"es"})"), .service_success = 404, .version_from = "/api/v1/account"};
    r["staff.list"] = {};
    r["state_report.read"] = {.query = "?month=2026-02"};
    r["state_report.published"] = {};
    r["state_report.publish"] = {.success = 201, .body = text(R"({"month":"2026-02"})")};
    r["aims_report.read"] = {.query = "?quarter=2026-Q1"};
    r["aims_report.patients"] = {.query = "?quarter=2026-Q1&figure=caseload&in=denominator"};
    r["hedis_report.read"] = {.query = "?year=2026"};
    r["hedis_report.patients"] = {.query = "?year=2026&figure=dsf_screening&in=out"};
    r["state_report.patients"] = {.query = "?month=2026-02&metric=1&in=denominator"};
    for (const auto name :
         {"reports.dashboard", "reports.figures", "reports.funnel", "reports.costs", "reports.assumptions", "reports.benchmarks",
          "reports.annotations", "reports.letter", "reports.export_csv", "reports.export_xlsx"})
      r[name] = {};
    for (const auto name : {"reports.figure", "reports.patients", "reports.export_patients_csv", "reports.export_patients_xlsx"})
      r[name] = {.literals = {{"figure", "enrolled"}}};
    r["reports.write_assumptions"] = {.body = text(R"({"values":{"care_manager_hourly":60},"reason":"payroll"})"),
                                      .version_from = "/api/v1/reports/assumptions"};
    r["reports.annotate"] = {.success = 201, .body = text(R"({"date":"2026-02-02","text":"New care manager started"})")};
    r["reports.end_annotation"] = {.body = text(R"({"reason":"wrong day"})"),
                                   .version_of = "annotation_id",
                                   .own_desk = [](HttpClient& client, Subject& subject) {
                                     const auto made = client.request("POST", "/api/v1/reports/annotations",
                                                                      R"({"date":"2026-02-02","text":"A change"})", {});
                                     subject.ids["annotation_id"] =
                                         made.status == 201 ? Json(made.body)["id"].text() : std::string(kNowhere);
                                     subject.versions["annotation_id"] = 1;
                                   }};
    r["reports.what_if_parameters"] = {};
    r["reports.what_if"] = {.body = text(R"({"changes":[{"id":"review.new.due_days","value":7}]})")};
    r["audit.accesses"] = {.needs = Needs::everything};
    r["events.stream"] = {};
    return r;
  }();
  return all;
}

std::vector<std::string> parameters_of(const http::Route& route) {
  std::vector<std::string> names;
  for (std::size_t at = route.pattern.find('{'); at != std::string::npos; at = route.pattern.find('{', at + 1))
    names.push_back(route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1));
  return names;
}

struct Principal {
  std::string name;
  std::string role;  ///< "" for nobody
  HttpClient client;
};

class Matrix {
 public:
  explicit Matrix(db::Dialect dialect) : server_(with_messages(dialect)), world_(server_) {
    for (const auto& grants : identity::role_grants())
      principals_.push_back(
          {std::string(grants.role), std::string(grants.role), world_.sign_in(World::sign_in_name(grants.role, world_.north()))});
    HttpClient machine = server_.browser();
    machine.set_header("Authorization", "Bearer " + world_.north().service_key);
    principals_.push_back({"service key", "care_manager", std::move(machine)});
    HttpClient nobody = server_.browser();
    nobody.set_header("Origin", nobody.origin());
    principals_.push_back({"nobody", "", std::move(nobody)});
  }

  /// `only`: the principals to try, all when empty.
  void run(const std::vector<std::string>& only) {
    const auto& routes = server_.application().router().routes();
    for (const auto needs : {Needs::patient,          Needs::referral,       Needs::sent_elsewhere,    Needs::everything,
                             Needs::answered_review,  Needs::review_hour,    Needs::draft_advice,      Needs::accepted_advice,
                             Needs::done_advice,      Needs::agreed_plan,    Needs::team_work,         Needs::minutes,
                             Needs::month_open,       Needs::charge_held,    Needs::charge_ready,      Needs::charge_exported,
                             Needs::colleagues_event, Needs::assessed_event, Needs::step_down,         Needs::with_mail,
                             Needs::on_portal,        Needs::safety_plan,    Needs::reached_out,       Needs::given_to_read,
                             Needs::wrote_to_us,      Needs::checked_in,     Needs::answered_check_in, Needs::rota})
      for (const auto relation : {Relation::own, Relation::unrelated, Relation::other_organization}) shared(needs, relation);
    // Columns of figures are made in the background, the first time somebody asks.
    while (world_.care_manager().get("/api/v1/reports/dashboard").status == 503) {
    }
    const auto before = strangers();
    for (const auto& route : routes) {
      if (route.audience != http::Audience::staff) continue;  // portal_matrix_test.cpp; no staff session opens the others
      EXPECT_FALSE(route.permission.empty()) << route.name << " names no permission";
      const auto& permissions = identity::all_permissions();
      EXPECT_NE(std::find(permissions.begin(), permissions.end(), route.permission), permissions.end())
          << route.name << " needs " << route.permission << ", which no role has";
      const auto recipe = recipes().find(route.name);
      if (recipe == recipes().end()) {
        ADD_FAILURE() << "the route " << route.name << " (" << http::name(route.method) << " " << route.pattern
                      << ") has no recipe in this test: say what a good request to it is";
        continue;
      }
      for (auto& principal : principals_)
        if (only.empty() || std::find(only.begin(), only.end(), principal.name) != only.end())
          try_route(route, recipe->second, principal);
      if (failures_ > 40) {
        ADD_FAILURE() << "too many failures; the rest is not tried";
        break;
      }
    }
    for (const auto& [name, recipe] : recipes())
      EXPECT_TRUE(std::any_of(routes.begin(), routes.end(), [&](const auto& r) { return r.name == name; }))
          << "no route is called " << name;
    EXPECT_EQ(strangers(), before) << "something of somebody else was changed";
    testing::expect_whole_audit_log(server_.database());
    std::printf("[  matrix  ] %zu routes, %zu cells, %zu of them successes\n", routes.size(), cells_, successes_);
    ::testing::Test::RecordProperty("cells", static_cast<int>(cells_));
    EXPECT_GT(cells_, routes.size() * (only.empty() ? principals_.size() : only.size()));
  }

 private:
  /// Where a message to a patient can go.
  static TestServer::Options with_messages(db::Dialect dialect) {
    TestServer::Options options;
    options.dialect = dialect;
    options.configure = [](app::Config& config) { config.portal.show = [](const std::string&, const std::string&) {}; };
    return options;
  }
  const Site& site_of(Relation relation) const {
    return relation == Relation::unrelated            ? world_.south()
           : relation == Relation::other_organization ? world_.birch()
                                                      : world_.north();
  }

  Subject make(Needs needs, Relation relation) {
    const Site& site = site_of(relation);
    auto chart = world_.patient("Ann", site);
    switch (needs) {
      case Needs::nothing:
      case Needs::patient:
        break;
      case Needs::referral:
        chart.referred();
        break;
      case Needs::sent_elsewhere:
        chart.referred().sent_elsewhere();
        break;
      case Needs::everything:
        chart.everything();
        break;
      case Needs::answered_review:
        chart.everything().answered().minutes();
        break;
      case Needs::minutes:
        chart.enrolled().minutes();
        break;
      case Needs::month_open:
        chart.enrolled().billed("open");
        break;
      case Needs::charge_held:
        chart.enrolled().billed();
        break;
      case Needs::charge_ready:
        chart.enrolled().billed("ready");
        break;
      case Needs::charge_exported:
        chart.enrolled().billed("exported");
        break;
      case Needs::colleagues_event:
        chart.everything().acknowledged_by_colleague();
        break;
      case Needs::assessed_event:
        chart.everything().found_high();
        break;
      case Needs::step_down:
        chart.everything().step_down_asked();
        break;
      case Needs::safety_plan:
        chart.safety_planned();
        break;
      case Needs::given_to_read:
        chart.given_to_read();
        break;
      case Needs::wrote_to_us:
        chart.wrote();
        break;
      case Needs::reached_out:
        chart.reached_out();
        break;
      case Needs::with_mail:
        chart.with_mail();
        break;
      case Needs::on_portal:
        chart.on_portal();
        break;
      case Needs::checked_in:
        chart.checked_in();
        break;
      case Needs::answered_check_in:
        chart.checked_in(true);
        break;
      case Needs::rota:
        chart.on_the_rota();
        break;
      case Needs::review_hour:
        chart.everything().review_hour();
        break;
      case Needs::draft_advice:
        chart.everything().advised("draft");
        break;
      case Needs::accepted_advice:
        chart.everything().advised("accepted");
        break;
      case Needs::done_advice:
        chart.everything().advised("done");
        break;
      case Needs::team_work:
        chart.enrolled().tasked().talked().handed_over();
        break;
      case Needs::agreed_plan:
        chart.everything().agreed();
        break;
    }
    Subject subject;
    subject.ids = chart.ids();
    subject.ids["first_user"] = world_.user("care_manager", world_.north()).text();
    subject.ids["second_user"] = world_.stand_in(world_.north()).text();
    subject.ids["site_id"] = site.id.text();
    for (const auto& [name, id] : subject.ids) subject.versions[name] = chart.version(name);
    subject.site = world_.north().id.text();
    return subject;
  }

  /// One that no cell may change.
  const Subject& shared(Needs needs, Relation relation) {
    const auto key = std::pair(needs, relation);
    if (const auto known = shared_.find(key); known != shared_.end()) return known->second;
    return shared_[key] = make(needs, relation);
  }

  Subject subject_for(const Recipe& recipe, Relation relation, bool will_succeed) {
    Subject subject;
    subject.site = world_.north().id.text();
    if (relation == Relation::missing || relation == Relation::malformed) {
      subject.all_the_same = true;
      subject.ids["any"] = relation == Relation::missing ? std::string(kNowhere) : "no-id-at-all";
    } else if (recipe.needs != Needs::nothing) {
      subject = relation == Relation::own && will_succeed && recipe.uses_up ? make(recipe.needs, relation)
                                                                            : shared(recipe.needs, relation);
    }
    for (const auto& [name, literal] : recipe.literals) subject.ids[name] = relation == Relation::own ? literal : "no-such-thing";
    return subject;
  }

  std::string target_of(const http::Route& route, const Recipe& recipe, const Subject& subject) {
    std::string target = route.pattern;
    for (const auto& parameter : parameters_of(route)) {
      const std::string id = subject.id(parameter);
      if (id.empty()) ADD_FAILURE() << "the recipe of " << route.name << " makes nothing for {" << parameter << "}";
      target.replace(target.find("{" + parameter + "}"), parameter.size() + 2, id);
    }
    return target + recipe.query;
  }

  ClientResponse send(HttpClient& client, const http::Route& route, const Recipe& recipe, const Subject& subject,
                      bool streams = false) {
    const std::string target = target_of(route, recipe, subject);
    if (streams) {
      const auto before = testing::audit_entries(server_.database());
      auto stream = client.open_stream(target);
      // The entry is written behind the head of the answer.
      testing::eventually([&] { return (audited_ = testing::audit_entries(server_.database()) - before) > 0; });
      return stream.head;
    }
    HttpClient::Headers headers;
    if (!recipe.version_of.empty())
      headers.emplace_back("If-Match", '"' + std::to_string(subject.version(recipe.version_of)) + '"');
    if (recipe.version_from) {
      std::string from = *recipe.version_from;
      if (const auto at = from.find("{site_id}"); at != std::string::npos) from.replace(at, 9, subject.id("site_id"));
      if (const auto at = from.find("{patient_id}"); at != std::string::npos) from.replace(at, 12, subject.id("patient_id"));
      const auto current = client.get(from);
      headers.emplace_back("If-Match", current.status == 200 ? current.header("etag") : "\"1\"");
    }
    const auto audited = testing::audit_entries(server_.database());
    auto response = client.request(http::name(route.method), target, recipe.body ? recipe.body(subject) : "", headers);
    audited_ = testing::audit_entries(server_.database()) - audited;
    return response;
  }

  /// What somebody can tell apart: everything but the request's own number and the time.
  static std::string canonical(const ClientResponse& response) {
    std::string out = std::to_string(response.status) + "\n";
    const std::string request = response.header("x-request-id");
    auto headers = response.headers;
    std::sort(headers.begin(), headers.end());
    for (const auto& [name, value] : headers)
      if (name != "x-request-id" && name != "date" && name != "x-concord-session-expires") out += name + ": " + value + "\n";
    std::string body = response.body;
    if (!request.empty())
      for (auto at = body.find(request); at != std::string::npos; at = body.find(request))
        body.replace(at, request.size(), "REQUEST");
    return out + body;
  }

  void expect(const std::string& cell, const ClientResponse& response, int status, bool is_known) {
    ++cells_;
    if (response.status != status) {
      ++failures_;
      ADD_FAILURE() << cell << ": expected " << status << ", got " << response.status << " " << response.body.substr(0, 300);
    }
    if (audited_ != (is_known ? 1 : 0)) {
      ++failures_;
      ADD_FAILURE() << cell << ": " << audited_ << " audit entries";
    }
    if (response.status >= 400) {
      if (response.header("content-type") != "application/problem+json" ||
          response.body.find(response.header("x-request-id")) == std::string::npos) {
        ++failures_;
        ADD_FAILURE() << cell << ": no problem+json with its request id: " << response.body.substr(0, 200);
      }
    } else {
      ++successes_;
      const bool all_staff = response.body.find("southmark") != std::string::npos && cell.starts_with("staff.list");
      if (response.body.find("birchmark") != std::string::npos ||
          (response.body.find("southmark") != std::string::npos && !all_staff)) {
        ++failures_;
        ADD_FAILURE() << cell << ": shows something of another site: " << response.body.substr(0, 300);
      }
    }
  }

  void try_route(const http::Route& route, const Recipe& recipe, Principal& principal) {
    const auto parameters = parameters_of(route);
    const bool has_object = (!parameters.empty() || recipe.names_in_body) && !recipe.own_desk;
    const bool is_known = !principal.role.empty();
    const bool allowed = is_known && identity::role_allows(principal.role, route.permission);
    const auto label = [&](const std::string& what) { return route.name + " | " + principal.name + " | " + what; };

    int success = principal.name == "service key" && recipe.service_success ? recipe.service_success : recipe.success;
    if (const auto other = recipe.success_of.find(principal.name); other != recipe.success_of.end()) success = other->second;
    const int refusal = !is_known ? 401 : 403;
    {
      const bool streams = allowed && !route.handler;
      Subject subject = subject_for(recipe, Relation::own, allowed);
      if (recipe.own_desk) recipe.own_desk(principal.client, subject);
      const auto response = send(principal.client, route, recipe, subject, streams);
      expect(label("own"), response, allowed ? success : refusal, is_known);
    }
    if (!has_object) return;
    std::optional<std::string> first;
    const auto alike = [&](const std::string& what, const ClientResponse& response) {
      expect(label(what), response, allowed ? 404 : refusal, is_known);
      const std::string seen = canonical(response);
      if (!first) first = seen;
      else if (seen != *first) {
        ++failures_;
        ADD_FAILURE() << label(what) << " can be told from a missing one:\n" << seen << "\ninstead of\n" << *first;
      }
    };
    alike("missing", send(principal.client, route, recipe, subject_for(recipe, Relation::missing, false)));
    if (!recipe.literals.empty()) return;
    for (const auto relation : {Relation::unrelated, Relation::other_organization})
      if (relation != Relation::unrelated || !recipe.whole_organization)
        alike(name_of(relation), send(principal.client, route, recipe, subject_for(recipe, relation, false)));
    if (!recipe.names_in_body)
      alike("malformed", send(principal.client, route, recipe, subject_for(recipe, Relation::malformed, false)));
    if (parameters.size() < 2) return;
    // The record of the address is one's own, the row in it is somebody else's (security.md: sibling ids).
    const Subject home = shared(recipe.needs, Relation::own);
    const auto graft = [&](const std::string& what, const Subject& from) {
      Subject mixed = home;
      mixed.ids[parameters.back()] = from.id(parameters.back());
      mixed.versions[recipe.version_of] = from.version(recipe.version_of);
      alike(what, send(principal.client, route, recipe, mixed));
    };
    graft("own record, row of another site", shared(recipe.needs, Relation::unrelated));
    graft("own record, row of another organization", shared(recipe.needs, Relation::other_organization));
    if (recipe.any_patient) return;
    if (!second_) second_ = make(Needs::answered_review, Relation::own);
    graft("own record, row of another patient",
          second_->id(parameters.back()).empty() ? make(recipe.needs, Relation::own) : *second_);
  }

  /// Everything that belongs to others and to the shared patients, as their own people see it.
  std::string strangers() {
    std::string all;
    for (const auto& [key, subject] : shared_) {
      const Site& site = site_of(key.second);
      if (key.second == Relation::own) continue;
      all +=
          Json(world_.as("care_manager", site).get("/api/v1/patients/" + subject.id("patient_id") + "/summary").body)["patient"]
                                                                                                                     ["id"]
                                                                                                                         .text();
      all += world_.as("care_manager", site).get("/api/v1/patients/" + subject.id("patient_id") + "/summary").body;
    }
    return all;
  }

  TestServer server_;
  World world_;
  std::vector<Principal> principals_;
  std::map<std::pair<Needs, Relation>, Subject> shared_;
  std::optional<Subject> second_;
  std::size_t cells_ = 0, successes_ = 0;
  std::int64_t audited_ = 0;
  int failures_ = 0;
};

TEST(AuthorizationMatrix, EveryRouteRoleAndRelationAnswersAsThePermissionsSay) { Matrix(db::Dialect::sqlite).run({}); }

TEST(AuthorizationMatrix, HoldsOnPostgresToo) {
  if (!testing::can_use(db::Dialect::postgres)) return;
  Matrix(db::Dialect::postgres).run({"care_manager", "billing", "nobody"});
}

TEST(AuthorizationMatrix, WhatNeedsNoPermissionIsListedWithItsReasonAndAnswersAsExpected) {
  TestServer server;
  World world(server);
  // The answer of each public path to somebody who is nobody.
  const std::map<std::string, std::pair<std::string, int>> expected = {
      {"POST /auth/sign-in", {"{}", 422}},
      {"POST /auth/sign-out", {"{}", 204}},
      {"GET /auth/session", {"", 401}},
      {"POST /auth/password", {R"({"current_password":"a","new_password":"b"})", 401}},
      {"GET /healthz", {"", 200}},
      {"GET /readyz", {"", 200}},
      {"GET /metrics", {"", 200}},
      {"GET /api/openapi.json", {"", 200}},
      {"GET /auth/portal/session", {"", 401}},
      {"POST /auth/portal/code", {R"({"name":"nobody@example.org"})", 202}},
      {"POST /auth/portal/code/verify", {R"({"code":"12345678"})", 401}},
      {"POST /auth/portal/sign-in", {R"({"name":"a@example.org","password":"b","totp":"123456"})", 401}},
      {"POST /auth/portal/passkey/begin", {"{}", 200}},
      {"POST /auth/portal/passkey/finish",
       {R"({"credential_id":"a","authenticator_data":"b","client_data_json":"c","signature":"d"})", 401}},
      {"POST /auth/portal/sign-out", {"{}", 204}},
      {"POST /auth/portal/act-for", {"{}", 401}},
      {"POST /auth/portal/invitation", {R"({"token":"x"})", 404}},
      {"POST /auth/portal/invitation/confirm", {R"({"token":"x","channel":"mail","birth_date":"1980-01-01"})", 404}},
      {"POST /auth/portal/password", {R"({"new_password":"blue teapot seven"})", 401}},
      {"POST /auth/portal/password/remove", {"{}", 401}},
      {"POST /auth/portal/totp/begin", {"{}", 401}},
      {"POST /auth/portal/totp/confirm", {R"({"code":"123456"})", 401}},
      {"POST /auth/portal/totp/remove", {"{}", 401}},
      {"POST /auth/portal/passkeys/begin", {"{}", 401}},
      {"POST /auth/portal/passkeys/finish", {R"({"name":"a","authenticator_data":"b","client_data_json":"c"})", 401}},
      {"POST /auth/portal/passkeys/remove", {R"({"id":"018f0000-0000-7000-8000-00000000dead"})", 401}},
      {"POST /auth/portal/contact", {R"({"channel":"mail","address":"a@example.org"})", 401}},
      {"POST /auth/portal/language", {R"({"language":"es"})", 401}},
  };
  auto nobody = server.browser();
  for (const auto& path : app::public_paths()) {
    const std::string label = std::string(http::name(path.method)) + " " + std::string(path.path);
    EXPECT_FALSE(path.reason.empty()) << label;
    const auto known = expected.find(label);
    ASSERT_NE(known, expected.end()) << label << " is public and this test does not know why";
    const auto answer = nobody.request(http::name(path.method), path.path, known->second.first);
    EXPECT_EQ(answer.status, known->second.second) << label << " " << answer.body;
    EXPECT_EQ(answer.body.find("aldermark"), std::string::npos) << label;
    EXPECT_EQ(server.application().router().match(path.method, path.path).route, nullptr)
        << label << " is a route with a permission too";
  }
  EXPECT_EQ(expected.size(), app::public_paths().size());
  for (const std::string path : {"/auth/", "/auth/sign-up", "/auth/session/x"}) EXPECT_EQ(nobody.get(path).status, 404) << path;
  EXPECT_EQ(nobody.get("/api/v1/nothing").status, 404);
}

TEST(AuthorizationMatrix, ARoleCountsAtTheSiteWhereItIsHeldOnly) {
  TestServer server;
  World w(server);
  w.add_person("two.hats", "Two Hats aldermark",
               {{"care_manager", w.north().id}, {"program_manager", w.south().id}, {"billing", w.south().id}},
               w.north().organization);
  auto browser = w.sign_in("two.hats");
  const auto here = w.patient("Ann").everything();
  const auto there = w.patient("Bea", w.south()).everything();
  EXPECT_EQ(browser.get("/api/v1/patients/" + here.id("patient_id") + "/summary").status, 200);
  // Billing may read a patient's name there; the chart needs a clinical role there.
  EXPECT_EQ(browser.get("/api/v1/patients/" + there.id("patient_id")).status, 200);
  EXPECT_EQ(browser.get("/api/v1/patients/" + there.id("patient_id") + "/summary").status, 404);
  EXPECT_EQ(browser.get("/api/v1/patients/" + there.id("patient_id") + "/measurements").status, 404);
  EXPECT_EQ(browser.post("/api/v1/patients/" + there.id("patient_id") + "/contacts", R"({"kind":"treatment"})").status, 404);
}

// Ids inside bodies and queries are checked like those in addresses.
TEST(AuthorizationMatrix, IdsInBodiesAndQueriesOfOthersAreRefusedLikeMissingOnes) {
  TestServer server;
  World w(server);
  auto& hands = w.care_manager();
  const auto waiting = w.patient("Ann");
  const auto chart = w.patient("Bea").everything();
  const auto stranger = w.patient("Cleo", w.birch()).everything();
  const auto neighbour = w.patient("Dora", w.south()).everything();
  const auto scrub = [](const ClientResponse& r) {
    std::string body = r.body;
    const auto id = r.header("x-request-id");
    if (const auto at = body.find(id); at != std::string::npos) body.replace(at, id.size(), "REQUEST");
    return std::to_string(r.status) + body;
  };
  const auto all_alike = [&](const std::string& what, const std::vector<ClientResponse>& answers) {
    for (const auto& answer : answers) {
      EXPECT_TRUE(answer.status == 404 || answer.status == 422) << what << ": " << answer.status << " " << answer.body;
      EXPECT_EQ(scrub(answer), scrub(answers.front())) << what;
    }
  };
  const std::string nowhere(kNowhere);
  const std::vector<std::string> sites = {nowhere, w.south().id.text(), w.birch().id.text()};
  const auto each = [](const std::vector<std::string>& ids, auto&& ask) {
    std::vector<ClientResponse> answers;
    for (const auto& id : ids) answers.push_back(ask(id));
    return answers;
  };
  all_alike("a patient of a foreign site", each(sites, [&](const std::string& site) {
              return hands.post("/api/v1/patients",
                                R"({"given_name":"A","family_name":"B","birth_date":"1970-01-01","site_id":")" + site + "\"}");
            }));
  all_alike("moving a patient to a foreign site", each(sites, [&](const std::string& site) {
              return hands.patch("/api/v1/patients/" + waiting.id("patient_id"), "{\"site_id\":\"" + site + "\"}",
                                 {{"If-Match", "\"1\""}});
            }));
  all_alike("a referral to a foreign site", each(sites, [&](const std::string& site) {
              return hands.post("/api/v1/referrals", "{\"patient_id\":\"" + waiting.id("patient_id") + "\",\"site_id\":\"" +
                                                         site + "\",\"referred_by\":\"x\",\"reason\":\"y\"}");
            }));
  all_alike("an episode at a foreign site", each(sites, [&](const std::string& site) {
              return hands.post("/api/v1/episodes",
                                "{\"patient_id\":\"" + waiting.id("patient_id") + "\",\"site_id\":\"" + site + "\"}");
            }));
  all_alike("a permission for a foreign site", each(sites, [&](const std::string& site) {
              return w.as("admin", w.north())
                  .post(
                      "/api/v1/instruments/epds/permissions",
                      R"({"valid_from":"2026-01-01","permitted_by":"the owner","reference":"letter","site_id":")" + site + "\"}");
            }));
  for (const std::string list : {"/api/v1/referrals?site=", "/api/v1/caseload?site="})
    all_alike(list, each(sites, [&](const std::string& site) { return hands.get(list + site); }));
  const std::vector<std::string> people = {nowhere, w.user("care_manager", w.birch()).text()};
  all_alike("a care manager of another organization", each(people, [&](const std::string& person) {
              return hands.patch("/api/v1/episodes/" + chart.id("episode_id"), "{\"care_manager_id\":\"" + person + "\"}",
                                 {{"If-Match", '"' + std::to_string(chart.version("episode_id")) + '"'}});
            }));
  all_alike("a consultant of another organization", each(people, [&](const std::string& person) {
              return hands.patch("/api/v1/episodes/" + chart.id("episode_id"), "{\"consultant_id\":\"" + person + "\"}",
                                 {{"If-Match", '"' + std::to_string(chart.version("episode_id")) + '"'}});
            }));
  all_alike("a team member of another organization", each(people, [&](const std::string& person) {
              return hands.post("/api/v1/episodes/" + chart.id("episode_id") + "/team",
                                "{\"role\":\"pcp\",\"user_id\":\"" + person + "\"}");
            }));
  const std::vector<std::string> scores = {nowhere, stranger.id("measurement_id"), neighbour.id("measurement_id")};
  all_alike("a score of another patient as a safety assessment", each(scores, [&](const std::string& score) {
              return hands.post(
                  "/api/v1/patients/" + chart.id("patient_id") + "/safety-events/" + chart.id("safety_event_id") + "/assess",
                  "{\"measurement_id\":\"" + score + "\"}",
                  {{"If-Match", '"' + std::to_string(chart.version("safety_event_id")) + '"'}});
            }));
  all_alike("somebody else's person on the rota", each(people, [&](const std::string& person) {
              return hands.post(
                  "/api/v1/sites/" + w.north().id.text() + "/on-call/shifts",
                  R"({"rung":"on_call","from_date":"2026-03-01","starts":"17:00","ends":"08:00","user_id":")" + person + "\"}");
            }));
  const std::vector<std::string> treatments = {nowhere, stranger.id("treatment_id"), neighbour.id("treatment_id")};
  all_alike("a treatment of another patient in a contact", each(treatments, [&](const std::string& treatment) {
              return hands.post("/api/v1/patients/" + chart.id("patient_id") + "/contacts",
                                "{\"kind\":\"treatment\",\"modality\":\"phone\",\"treatment_changes\":[{\"treatment_id\":\"" +
                                    treatment + "\",\"version\":1,\"to_dose\":\"1 mg\"}]}");
            }));
  const auto mine = hands.post("/api/v1/patients/" + chart.id("patient_id") + "/contacts",
                               "{\"kind\":\"treatment\",\"modality\":\"phone\",\"treatment_changes\":[{\"treatment_id\":\"" +
                                   chart.id("treatment_id") + "\",\"version\":1,\"to_dose\":\"1 mg\"}]}");
  EXPECT_EQ(mine.status, 201) << "the same with one's own works: " << mine.body;
}

}  // namespace
}  // namespace concord
