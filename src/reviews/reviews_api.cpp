#include "reviews/reviews_api.h"

#include <memory>
#include <utility>

#include "base/text.h"
#include "json/cursor.h"
#include "reviews/reviews_store.h"

namespace concord::reviews {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using patients::changed;
using patients::looked;
using patients::Place;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

void write(json::Writer& w, const Review& r) {
  w.object().field("id", r.id).field("date", r.date).key("reviewer");
  w.object().field("id", r.reviewer).field("name", r.reviewer_name).end();
  w.field("question", r.question)
      .field("recommendation_documented", r.recommendation_documented)
      .field("recommendation", r.recommendation)
      .field("recommendation_to", r.recommendation_to)
      .field("recommendation_state", r.recommendation_state)
      .field("answered_date", r.answered_date)
      .field("answer_reason", r.answer_reason)
      .field("done_date", r.done_date)
      .field("version", r.version)
      .end();
}

std::string to_json(const Review& r) {
  std::string out;
  json::Writer w(out);
  write(w, r);
  return out;
}

Result<Work> create_review(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "question", "recommendation", "recommendation_to", "recommendation_documented"});
  const auto date = body.optional("date").date();
  Review review;
  review.question = body.optional("question").string(0, 5000).value_or("");
  review.recommendation = std::string(trim(body.optional("recommendation").string(0, 5000).value_or("")));
  review.recommendation_to = body.optional("recommendation_to").one_of({"pcp", "care_manager", "patient", ""}).value_or("");
  review.recommendation_documented =
      body.optional("recommendation_documented").boolean().value_or(!review.recommendation.empty());
  if (!review.recommendation_to.empty() && review.recommendation.empty() && issues.empty())
    body.required("recommendation").issue("say what is recommended");
  if (!issues.empty()) return issues.error();
  // What is recommended to somebody waits for their answer; "continue as is" waits for nobody.
  review.recommendation_state = review.recommendation.empty() || review.recommendation_to.empty() ? "none" : "sent";
  review.id = ReviewId(deps->chart->ids->next());
  review.patient = patient;
  review.reviewer = call.caller.user;
  review.reviewer_name = call.caller.display_name;
  return Work([deps, asker = Asker(call), review = std::move(review), date](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, review.patient));
    Review row = review;
    row.date = date.value_or(place.today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.date, place.today, "date", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row);
    deps->chart->refresh_caseload(tx, asker.organization(), row.patient);
    Reply reply = changed(201, to_json(row), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/reviews/" + row.id.text();
    reply.version = row.version;
    return reply;
  });
}

Result<Work> list_reviews(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    write_all(w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

/// One step of a recommendation: `step` changes the review or says why not.
Work step_of(const Kept& deps, const Call& call, PatientId patient, ReviewId id, std::int64_t version,
             std::function<Result<void>(Review&, const Place&)> step) {
  return Work([deps, asker = Asker(call), patient, id, version, step = std::move(step)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    if (before->version != version) return stale(asker.request_id, to_json(*before), patient, id.uuid);
    Review after = *before;
    CONCORD_TRY_VOID(step(after, place));
    if (!update_recommendation(tx, asker.organization(), after))
      return stale(asker.request_id, to_json(*before), patient, id.uuid);
    ++after.version;
    deps->chart->refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(200, to_json(after), patient, id.uuid);
    reply.version = after.version;
    reply.audit_detail = "state=" + after.recommendation_state;
    return reply;
  });
}

Result<Work> answer_review(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ReviewId>("review_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"state", "reason"});
  const auto state = body.required("state").one_of({"accepted", "modified", "declined"});
  const auto reason = std::string(trim(body.optional("reason").string(0, 2000).value_or("")));
  if (state && *state != "accepted" && reason.empty() && issues.empty())
    body.required("reason").issue("say what is changed, or why not");
  if (!issues.empty()) return issues.error();
  return step_of(deps, call, patient, id, version, [state = *state, reason](Review& r, const Place& place) -> Result<void> {
    if (r.recommendation_state != "sent") return fail(ErrorCode::conflict, "This recommendation does not wait for an answer.");
    r.recommendation_state = state;
    r.answered_date = place.today;
    if (!reason.empty()) r.answer_reason = reason;
    return {};
  });
}

Result<Work> finish_review(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ReviewId>("review_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on"});
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  return step_of(deps, call, patient, id, version, [on](Review& r, const Place& place) -> Result<void> {
    if (r.recommendation_state != "accepted" && r.recommendation_state != "modified")
      return fail(ErrorCode::conflict, "Only an accepted or modified recommendation can be done.");
    const Date day = on.value_or(place.today);
    std::vector<Issue> wrong;
    patients::check_not_after(day, place.today, "on", wrong);
    if (day < r.date) wrong.push_back({"on", "must not be before the review"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    r.recommendation_state = "done";
    r.done_date = day;
    return {};
  });
}

std::string review_schema() {
  return http::schema({{"id", "id!"},
                       {"date", "date!"},
                       {"reviewer", http::schema({{"id", "id?!"}, {"name", "text!"}}) + "!"},
                       {"question", "text!"},
                       {"recommendation_documented", "boolean!"},
                       {"recommendation", "text!"},
                       {"recommendation_to", "text!"},
                       {"recommendation_state", "none|sent|accepted|modified|declined|done!"},
                       {"answered_date", "date?!"},
                       {"answer_reason", "text?!"},
                       {"done_date", "date?!"},
                       {"version", "integer!"}});
}

}  // namespace

void write_all(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& r : list(tx, asker.organization(), place.patient)) write(w, r);
  w.end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = review_schema();
  const std::string base = "/api/v1/patients/{patient_id}/reviews";
  return {
      {Method::get,
       base,
       "reviews.list",
       "reviews.read",
       "Case reviews of a patient, newest first",
       RunAs::point,
       false,
       "",
       http::list_schema(row),
       {},
       handler(list_reviews)},
      {Method::post,
       base,
       "reviews.create",
       "reviews.write",
       "A psychiatric case review of this patient",
       RunAs::write,
       true,
       http::schema({{"date", "date"},
                     {"question", "text"},
                     {"recommendation", "text"},
                     {"recommendation_to", "pcp|care_manager|patient|"},
                     {"recommendation_documented", "boolean"}},
                    true),
       row,
       {},
       handler(create_review)},
      {Method::post,
       base + "/{review_id}/answer",
       "reviews.answer",
       "reviews.answer",
       "Accepts, modifies or declines the recommendation",
       RunAs::write,
       false,
       http::schema({{"state", "accepted|modified|declined!"}, {"reason", "text"}}, true),
       row,
       {},
       handler(answer_review)},
      {Method::post,
       base + "/{review_id}/done",
       "reviews.done",
       "reviews.answer",
       "The recommendation was carried out",
       RunAs::write,
       false,
       http::schema({{"on", "date"}}, true),
       row,
       {},
       handler(finish_review)},
  };
}

}  // namespace concord::reviews
