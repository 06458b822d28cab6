#include "reviews/reviews_api.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "http/wrong_parameter.h"
#include "patients/shapes.h"
#include "reviews/api_parts.h"

namespace concord::reviews {
namespace {

constexpr std::size_t kQuestionBytes = 5000;
constexpr std::size_t kNoteBytes = 20000;
constexpr std::size_t kDraftBytes = 64 * 1024;
constexpr std::size_t kMostRecommendations = 12;
constexpr std::size_t kMostQuestions = 20;
constexpr int kChunk = 200;

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Review& r) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker, r);
  return out;
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Question& q) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker, q);
  return out;
}

void write_draft(json::Writer& w, const Draft& draft) {
  w.object().key("content").raw(draft.content).field("version", draft.version).field("saved_at", draft.saved_at).end();
}

/// What somebody signs: the review and what is recommended, read but not yet a row.
struct Signed {
  Review review;
  std::optional<Date> date;
  std::vector<QuestionId> questions;
  bool send = true;
};

Result<Signed> read_signed(const Kept& deps, const Call& call, PatientId patient) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "question", "recommendation", "recommendation_to", "recommendation_documented", "session_id", "question_ids",
             "notes", "recommendations", "send"});
  Signed s;
  s.date = body.optional("date").date();
  Review& review = s.review;
  review.question = std::string(trim(body.optional("question").string(0, kQuestionBytes).value_or("")));
  review.notes = std::string(trim(body.optional("notes").string(0, kNoteBytes).value_or("")));
  review.session = body.optional("session_id").id<SessionId>();
  s.send = body.optional("send").boolean().value_or(true);
  if (const auto list = body.optional("question_ids"); list.present())
    list.each([&](const json::Cursor& item) {
      if (s.questions.size() >= kMostQuestions) item.issue("is one too many: at most 20");
      else if (const auto id = item.id<QuestionId>()) s.questions.push_back(*id);
    });
  // One line and an addressee: how a review was written before recommendations had rows of their own.
  Recommendation line;
  line.text = std::string(trim(body.optional("recommendation").string(0, kQuestionBytes).value_or("")));
  line.to_role = body.optional("recommendation_to").one_of({"pcp", "care_manager", "patient", ""}).value_or("");
  if (!line.to_role.empty() && line.text.empty() && issues.empty())
    body.required("recommendation").issue("say what is recommended");
  if (!line.text.empty()) review.recommendations.push_back(std::move(line));
  if (const auto list = body.optional("recommendations"); list.present())
    list.each([&](const json::Cursor& item) {
      if (review.recommendations.size() >= kMostRecommendations) item.issue("is one too many: at most 12");
      else review.recommendations.push_back(read_recommendation(item, false));
    });
  review.recommendation_documented =
      body.optional("recommendation_documented").boolean().value_or(!review.recommendations.empty());
  if (!issues.empty()) return issues.error();
  review.id = ReviewId(deps->chart->ids->next());
  review.patient = patient;
  review.reviewer = call.caller.user;
  review.reviewer_name = call.caller.display_name;
  review.signed_at = call.now;
  int position = 1;
  for (Recommendation& r : review.recommendations) {
    r.id = RecommendationId(deps->chart->ids->next());
    r.patient = patient;
    r.review = review.id;
    r.position = position++;
    r.author = call.caller.user;
    r.created_at = call.now;
  }
  return s;
}

/// Signing: the review, its recommendations, the questions it answers, and the draft that is not needed any more.
Result<Work> create_review(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(auto read, read_signed(deps, call, patient));
  return Work([deps, asker = Asker(call), read = std::move(read)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, read.review.patient));
    Review row = read.review;
    row.date = read.date.value_or(place.today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.date, place.today, "date", wrong);
    if (row.session) {
      const auto session = visible_session(tx, asker, *row.session);
      if (!session) wrong.push_back({"session_id", "is no review session here"});
      else if (session->state == "cancelled") return fail(ErrorCode::conflict, "This session was cancelled.");
    }
    std::vector<Question> answered;
    for (std::size_t i = 0; i < read.questions.size(); ++i) {
      const auto question = find(tx, organization, row.patient, read.questions[i]);
      if (!question) wrong.push_back({"question_ids[" + std::to_string(i) + "]", "is no question about this patient"});
      else if (question->state == "open") answered.push_back(*question);
    }
    for (std::size_t i = 0; i < row.recommendations.size(); ++i)
      check_ids(*deps, tx, asker, row.recommendations[i], "recommendations[" + std::to_string(i) + "].", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (row.session)
      for (const auto& before : list_discussed(tx, organization, *row.session))
        if (before.patient == row.patient)
          return fail(ErrorCode::conflict,
                      "This patient was reviewed in this session already; add a recommendation to that review.");
    // The rows first, as drafts: their steps refer to them.
    insert(tx, organization, row);
    for (Recommendation& r : row.recommendations) {
      if (!read.send) continue;
      CONCORD_TRY_VOID(send(*deps, tx, asker, place, r));
      if (!update(tx, organization, r, asker.now)) return fail(ErrorCode::internal, "A recommendation was lost.");
      ++r.version;
      tell_sent(*deps, tx, asker, r);
    }
    for (Question& question : answered) {
      question.state = "answered";
      question.review = row.id;
      question.ended_at = asker.now;
      if (!end(tx, organization, question))
        return fail(ErrorCode::conflict, "Somebody else answered a question just now. Look again.");
      if (question.asked_by != asker.caller.user)
        deps->notify(tx, organization,
                     {question.asked_by, "question.answered", row.patient, question.id.uuid, false, "answered"});
    }
    delete_draft(tx, organization, row.patient, asker.caller.user, row.session.value_or(SessionId()));
    mirror_first(row);
    deps->chart->refresh_caseload(tx, organization, row.patient);
    Reply reply = changed(201, to_json(*deps, tx, asker, row), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/reviews/" + row.id.text();
    reply.version = row.version;
    reply.audit_detail = "recommendations=" + std::to_string(row.recommendations.size());
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
    write_all(*deps, w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> get_review(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ReviewId>("review_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto review = find(tx, asker.organization(), patient, id);
    if (!review) return http::not_found();
    Reply reply = looked(to_json(*deps, tx, asker, *review), patient, id.uuid);
    reply.version = review->version;
    return reply;
  });
}

/// One step of a review's first recommendation, the way of before they had addresses of their own.
Work first_step_of(const Kept& deps, const Call& call, PatientId patient, ReviewId id, std::int64_t version,
                   std::function<Result<void>(db::Tx&, const Asker&, const Place&, const Review&, Recommendation&)> change) {
  return Work([deps, asker = Asker(call), patient, id, version, change = std::move(change)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    if (before->version != version) return stale(asker.request_id, to_json(*deps, tx, asker, *before), patient, id.uuid);
    if (before->recommendations.empty())
      return fail(ErrorCode::conflict, "This review made no recommendation that waits for an answer.");
    Review after = *before;
    Recommendation& first = after.recommendations.front();
    CONCORD_TRY_VOID(change(tx, asker, place, *before, first));
    if (!update(tx, asker.organization(), first, asker.now) || !touch(tx, asker.organization(), after))
      return fail(ErrorCode::conflict, "Somebody else changed this recommendation just now. Look again.");
    ++first.version;
    ++after.version;
    mirror_first(after);
    deps->chart->refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(200, to_json(*deps, tx, asker, after), patient, id.uuid);
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
  const Act act = *state == "accepted" ? Act::accept : *state == "modified" ? Act::modify : Act::decline;
  return first_step_of(
      deps, call, patient, id, version,
      [deps, act, reason](db::Tx& tx, const Asker& asker, const Place& place, const Review&, Recommendation& r) -> Result<void> {
        CONCORD_TRY_VOID(refuse_bystander(asker.caller, r));
        CONCORD_TRY_VOID(step(tx, asker, r, act, place.today, reason));
        r.answered_by = asker.caller.user;
        if (!reason.empty()) r.answer_reason = reason;
        tell_answered(*deps, tx, asker, r);
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
  return first_step_of(
      deps, call, patient, id, version,
      [on](db::Tx& tx, const Asker& asker, const Place& place, const Review& review, Recommendation& r) -> Result<void> {
        CONCORD_TRY_VOID(refuse_bystander(asker.caller, r));
        if (!next(r.state, Act::finish)) return fail(ErrorCode::conflict, why_not(r.state, Act::finish));
        const Date day = on.value_or(place.today);
        std::vector<Issue> wrong;
        patients::check_not_after(day, place.today, "on", wrong);
        if (day < review.date) wrong.push_back({"on", "must not be before the review"});
        CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
        return step(tx, asker, r, Act::finish, day);
      });
}

Result<Work> add_recommendation(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ReviewId>("review_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  Recommendation read = read_recommendation(body, true);
  const bool wants_send = body.optional("send").boolean().value_or(true);
  if (!issues.empty()) return issues.error();
  read.id = RecommendationId(deps->chart->ids->next());
  read.patient = patient;
  read.review = id;
  read.author = call.caller.user;
  read.created_at = call.now;
  return Work([deps, asker = Asker(call), read = std::move(read), wants_send](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, read.patient));
    const auto review = find(tx, organization, read.patient, read.review);
    if (!review) return http::not_found();
    if (review->recommendations.size() >= kMostRecommendations)
      return fail(ErrorCode::conflict, "This review has 12 recommendations already; make another review.");
    Recommendation row = read;
    std::vector<Issue> wrong;
    check_ids(*deps, tx, asker, row, "", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    row.position = review->recommendations.empty() ? 1 : review->recommendations.back().position + 1;
    insert(tx, organization, row, asker.now);
    if (wants_send) {
      CONCORD_TRY_VOID(send(*deps, tx, asker, place, row));
      if (!update(tx, organization, row, asker.now)) return fail(ErrorCode::internal, "A recommendation was lost.");
      ++row.version;
      tell_sent(*deps, tx, asker, row);
    }
    if (!touch(tx, organization, *review))
      return fail(ErrorCode::conflict, "Somebody else changed this review just now. Look again.");
    deps->chart->refresh_caseload(tx, organization, row.patient);
    std::string text;
    json::Writer w(text);
    write(*deps, w, tx, asker, row, &*review);
    Reply reply = changed(201, std::move(text), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/recommendations/" + row.id.text();
    reply.version = row.version;
    return reply;
  });
}

// ---- Review mode

/// Everything the consultant needs on one screen.
Result<Work> get_review_page(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto session, session_of(deps, call));
  return Work([deps, asker = Asker(call), patient, session](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    if (!session.is_nil() && !visible_session(tx, asker, session)) return http::not_found();
    const auto who = deps->patient(tx, organization, patient);
    const auto reviews = list(tx, organization, patient);
    std::string body;
    json::Writer w(body);
    w.object().key("patient").object().field("id", patient);
    if (who) {
      w.field("given_name", who->given_name)
          .field("family_name", who->family_name)
          .field("birth_date", who->birth_date)
          .key("age");
      if (who->birth_date) w.value(age_in_years(*who->birth_date, place.today));
      else w.null();
      w.field("sex", who->sex)
          .field("gender_identity", who->gender_identity)
          .field("language", who->language)
          .field("interpreter_needed", who->interpreter_needed)
          .key("labels");
      patients::write_labels(w, who->labels, patients::Normal::left_out);
    }
    w.end().key("questions");
    write_open_questions(*deps, w, tx, asker, place);
    w.key("story");
    write_story(*deps, w, tx, asker, place, reviews);
    w.key("draft");
    const Draft draft = find_draft(tx, organization, patient, asker.caller.user, session);
    if (draft.version == 0) w.null();
    else write_draft(w, draft);
    w.key("review_in_session");
    const auto here =
        std::find_if(reviews.begin(), reviews.end(), [&](const Review& r) { return !session.is_nil() && r.session == session; });
    if (here == reviews.end()) w.null();
    else write(*deps, w, tx, asker, *here);
    w.key("reviews").array();
    for (std::size_t i = 0; i < reviews.size() && i < 5; ++i) write(*deps, w, tx, asker, reviews[i]);
    w.end().key("trend");
    deps->write_trend(w, tx, asker, place);
    write_sections(deps->review_sections, w, tx, asker, place);
    w.end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> get_draft(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto session, session_of(deps, call));
  return Work([deps, asker = Asker(call), patient, session](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    if (!session.is_nil() && !visible_session(tx, asker, session)) return http::not_found();
    const Draft draft = find_draft(tx, asker.organization(), patient, asker.caller.user, session);
    std::string body;
    json::Writer w(body);
    write_draft(w, draft);
    Reply reply = looked(std::move(body), patient, patient.uuid);
    reply.version = draft.version;
    return reply;
  });
}

/// Saved as somebody types: nothing is required, everything is bounded.
Result<Work> put_draft(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto session, session_of(deps, call));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"question", "notes", "recommendations", "question_ids"});
  body.optional("question").string(0, kQuestionBytes);
  body.optional("notes").string(0, kNoteBytes);
  if (const auto list = body.optional("recommendations"); list.present()) {
    std::size_t count = 0;
    list.each([&](const json::Cursor& item) {
      if (++count > kMostRecommendations) item.issue("is one too many: at most 12");
    });
  }
  if (call.request.body.size() > kDraftBytes) issues.add("", "is too long: at most 64 KiB");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, session, version, content = call.request.body](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    if (!session.is_nil() && !visible_session(tx, asker, session)) return http::not_found();
    const auto current = [&](const Draft& draft) {
      std::string text;
      json::Writer w(text);
      write_draft(w, draft);
      return text;
    };
    if (!save_draft(tx, asker.organization(), patient, asker.caller.user, session, version, content, asker.now))
      return stale(asker.request_id, current(find_draft(tx, asker.organization(), patient, asker.caller.user, session)), patient,
                   patient.uuid);
    Draft draft{content, asker.now, version + 1};
    // Nobody else sees a draft, so nobody hears of it.
    Reply reply = looked(current(draft), patient, patient.uuid);
    reply.version = draft.version;
    return reply;
  });
}

Result<Work> remove_draft(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto session, session_of(deps, call));
  return Work([deps, asker = Asker(call), patient, session](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    if (!session.is_nil() && !visible_session(tx, asker, session)) return http::not_found();
    delete_draft(tx, asker.organization(), patient, asker.caller.user, session);
    Reply reply = looked("", patient, patient.uuid);
    reply.status = 204;
    return reply;
  });
}

// ---- Questions

Result<Work> ask(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"question", "urgency", "to_user_id"});
  Question q;
  const auto text = body.required("question").string(1, kQuestionBytes);
  if (text && trim(*text).empty()) body.required("question").issue("say what you would like to know");
  q.urgency = body.optional("urgency").one_of({"routine", "soon", "urgent"}).value_or("routine");
  q.to = body.optional("to_user_id").id<UserId>();
  if (!issues.empty()) return issues.error();
  q.question = std::string(trim(*text));
  q.id = QuestionId(deps->chart->ids->next());
  q.patient = patient;
  q.asked_by = call.caller.user;
  q.asked_role = call.caller.role;
  q.asked_at = call.now;
  return Work([deps, asker = Asker(call), read = std::move(q)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, read.patient));
    Question row = read;
    row.asked_date = place.today;
    std::vector<Issue> wrong;
    deps->chart->check_user(tx, organization, row.to, "to_user_id", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, organization, row);
    const auto consultant = row.to ? row.to : deps->team(tx, organization, row.patient).consultant;
    if (consultant && *consultant != asker.caller.user)
      deps->notify(tx, organization, {*consultant, "question.asked", row.patient, row.id.uuid, row.urgency == "urgent", "asked"});
    deps->chart->refresh_caseload(tx, organization, row.patient);
    Reply reply = changed(201, to_json(*deps, tx, asker, row), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/review-questions/" + row.id.text();
    reply.version = row.version;
    return reply;
  });
}

Result<Work> list_questions_of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& q : list_questions(tx, asker.organization(), patient)) write(*deps, w, tx, asker, q);
    w.end().key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> list_open_questions(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  if (const auto state = call.request.parameter("state"); state && *state != "open")
    return http::wrong_filter("state", "must be open; what has ended is on the patient's page");
  Instant after_time{};
  QuestionId after;
  if (page.after) {  // "2026-03-01T14:05:06Z_<id>"
    const auto parts = split(*page.after, '_');
    const auto at = parts.size() == 2 ? parse_instant(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? QuestionId::parse(parts[1]) : std::nullopt;
    if (!at || !id) return http::wrong_page();
    after_time = *at;
    after = *id;
  }
  return Work([deps, asker = Asker(call), page, after_time, after](db::Tx& tx) -> Result<Reply> {
    const auto most = static_cast<std::size_t>(page.limit);
    std::vector<std::pair<Question, Date>> found;
    Instant time = after_time;
    QuestionId id = after;
    while (found.size() <= most) {
      const auto some = list_questions(tx, asker.organization(), "open", time, id, kChunk);
      for (const auto& q : some) {
        if (found.size() > most) break;
        if (const auto place = deps->chart->find(tx, asker.caller, asker.now, q.patient)) found.emplace_back(q, place->today);
      }
      if (static_cast<int>(some.size()) < kChunk) break;
      time = some.back().asked_at;
      id = some.back().id;
    }
    const bool more = found.size() > most;
    if (more) found.resize(most);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& [q, today] : found) {
      write(*deps, w, tx, asker, q, true);
      w.key("patient");
      write_patient(w, deps->patient(tx, asker.organization(), q.patient), q.patient, today);
      w.end();
    }
    w.end().key("next");
    if (more) w.value(iso(found.back().first.asked_at) + "_" + found.back().first.id.text());
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> withdraw_question(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<QuestionId>("question_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  const auto reason = body.required("reason").string(1, 1000);
  if (!issues.empty()) return issues.error();
  return Work(
      [deps, asker = Asker(call), patient, id, version, reason = std::string(trim(*reason))](db::Tx& tx) -> Result<Reply> {
        CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
        const auto before = find(tx, asker.organization(), patient, id);
        if (!before) return http::not_found();
        if (before->version != version) return stale(asker.request_id, to_json(*deps, tx, asker, *before), patient, id.uuid);
        if (before->state != "open") return fail(ErrorCode::conflict, "This question has been " + before->state + " already.");
        Question after = *before;
        after.state = "withdrawn";
        after.ended_at = asker.now;
        after.withdraw_reason = reason;
        if (!end(tx, asker.organization(), after))
          return stale(asker.request_id, to_json(*deps, tx, asker, *before), patient, id.uuid);
        ++after.version;
        deps->chart->refresh_caseload(tx, asker.organization(), patient);
        Reply reply = changed(200, to_json(*deps, tx, asker, after), patient, id.uuid);
        reply.version = after.version;
        return reply;
      });
}

}  // namespace

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Review& r) {
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
      .field("session_id", r.session)
      .field("notes", r.notes)
      .field("signed_at", r.signed_at)
      .key("recommendations")
      .array();
  for (const auto& recommendation : r.recommendations) write(deps, w, tx, asker, recommendation, &r);
  w.end().field("version", r.version).end();
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Question& q, bool open_object) {
  w.object()
      .field("id", q.id)
      .field("patient_id", q.patient)
      .field("question", q.question)
      .field("urgency", q.urgency)
      .key("asked_by");
  deps.chart->write_user(w, tx, asker.caller, q.asked_by);
  w.field("asked_role", q.asked_role).field("asked_at", q.asked_at).field("asked_date", q.asked_date).key("to");
  deps.chart->write_user(w, tx, asker.caller, q.to);
  w.field("state", q.state)
      .field("review_id", q.review)
      .field("ended_at", q.ended_at)
      .field("withdraw_reason", q.withdraw_reason)
      .field("version", q.version);
  if (!open_object) w.end();
}

void write_story(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place,
                 const std::vector<Review>& reviews) {
  w.array();
  const auto weeks = [&](const std::optional<Date>& since) {
    if (since && *since <= place.today) w.value((place.today - *since) / 7);
    else w.null();
  };
  if (const auto c = deps.one_case(tx, asker, place.patient, place.today)) {
    w.object().field("kind", "in_care").field("enrolled_date", c->enrolled).key("weeks");
    weeks(c->enrolled);
    w.field("state", c->state).field("care_manager_name", c->care_manager_name).end();
    w.object().field("kind", "score").field("instrument", c->score.instrument);
    w.field("baseline", c->score.baseline).field("baseline_date", c->score.baseline_date);
    w.field("current", c->score.current).field("current_date", c->score.current_date);
    w.field("change", c->score.change).field("percent", c->score.percent).end();
    const PlanLine plan = deps.plan_line(tx, asker, place);
    w.object().field("kind", "plan").field("since", c->plan_since).key("weeks");
    weeks(c->plan_since);
    w.field("line", plan.line).field("adequate", plan.adequate).end();
    if (reviews.empty()) {
      w.object()
          .field("kind", "last_review")
          .key("date")
          .null()
          .field("reviewer_name", "")
          .field("recommendations", 0)
          .field("open", 0)
          .end();
    } else {
      int open = 0;
      for (const auto& r : reviews.front().recommendations) open += is_over(r) ? 0 : 1;
      w.object().field("kind", "last_review").field("date", reviews.front().date);
      w.field("reviewer_name", reviews.front().reviewer_name);
      w.field("recommendations", reviews.front().recommendations.size()).field("open", open).end();
    }
    w.object().field("kind", "contacts").field("last_contact_date", c->last_contact).field("next_due", c->next_due).end();
  }
  w.end();
}

void write_sections(const std::vector<Section>& sections, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  for (const auto& section : sections) {
    w.key(section.name);
    section.write(w, tx, asker, place);
  }
}

Result<SessionId> session_of(const Kept&, const Call& call) {
  const auto given = call.request.parameter("session");
  if (!given) return SessionId();
  const auto id = SessionId::parse(*given);
  if (!id) return http::not_found();
  return *id;
}

std::optional<Session> visible_session(db::Tx& tx, const Asker& asker, SessionId id) {
  auto session = find(tx, asker.organization(), id);
  if (session && !asker.caller.may_use(session->site)) session.reset();
  return session;
}

void write_all(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& r : list(tx, asker.organization(), place.patient)) write(deps, w, tx, asker, r);
  w.end();
}

void write_open_questions(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& q : list_questions(tx, asker.organization(), place.patient))
    if (q.state == "open") write(deps, w, tx, asker, q);
  w.end();
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
                       {"session_id", "id?!"},
                       {"notes", "text!"},
                       {"signed_at", "instant?!"},
                       {"recommendations", "[]" + recommendation_schema() + "!"},
                       {"version", "integer!"}});
}

std::string question_schema() {
  const std::string person = patients::user_schema() + "!";
  return http::schema({{"id", "id!"},
                       {"patient_id", "id!"},
                       {"question", "text!"},
                       {"urgency", "routine|soon|urgent!"},
                       {"asked_by", person},
                       {"asked_role", "text!"},
                       {"asked_at", "instant!"},
                       {"asked_date", "date!"},
                       {"to", person},
                       {"state", "open|answered|withdrawn!"},
                       {"review_id", "id?!"},
                       {"ended_at", "instant?!"},
                       {"withdraw_reason", "text?!"},
                       {"version", "integer!"},
                       {"patient", "object"}});
}

std::vector<http::Route> review_routes(const Kept& deps) {
  using http::Method;
  using http::RunAs;
  const std::string row = review_schema(), question = question_schema();
  const std::string of_patient = "/api/v1/patients/{patient_id}";
  const std::string base = of_patient + "/reviews", questions = of_patient + "/review-questions",
                    draft = of_patient + "/review-draft";
  const std::string draft_row = http::schema({{"content", "object!"}, {"version", "integer!"}, {"saved_at", "instant?!"}});
  const std::vector<std::pair<std::string, std::string>> of_session = {
      {"session", "the review session it belongs to; absent: outside one"}};
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
       handler(deps, list_reviews)},
      {Method::post,
       base,
       "reviews.create",
       "reviews.write",
       "A psychiatric case review of this patient, signed, with what it recommends",
       RunAs::write,
       true,
       http::schema({{"date", "date"},
                     {"question", "text"},
                     {"notes", "text"},
                     {"session_id", "id?"},
                     {"question_ids", "[]id"},
                     {"recommendations", "[]object"},
                     {"send", "boolean"},
                     {"recommendation", "text"},
                     {"recommendation_to", "pcp|care_manager|patient|"},
                     {"recommendation_documented", "boolean"}},
                    true),
       row,
       {},
       handler(deps, create_review)},
      {Method::get,
       base + "/{review_id}",
       "reviews.get",
       "reviews.read",
       "One case review",
       RunAs::point,
       false,
       "",
       row,
       {},
       handler(deps, get_review)},
      {Method::post,
       base + "/{review_id}/answer",
       "reviews.answer",
       "reviews.answer",
       "Accepts, modifies or declines the first recommendation",
       RunAs::write,
       false,
       http::schema({{"state", "accepted|modified|declined!"}, {"reason", "text"}}, true),
       row,
       {},
       handler(deps, answer_review)},
      {Method::post,
       base + "/{review_id}/done",
       "reviews.done",
       "reviews.answer",
       "The first recommendation was carried out",
       RunAs::write,
       false,
       http::schema({{"on", "date"}}, true),
       row,
       {},
       handler(deps, finish_review)},
      {Method::post,
       base + "/{review_id}/recommendations",
       "reviews.recommend",
       "reviews.write",
       "One more recommendation of this review",
       RunAs::write,
       true,
       http::schema(
           {{"kind", "start|increase|switch|augment|taper|psychotherapy|labs|diagnosis_question|referral|continue|other!"},
            {"text", "text"},
            {"medication", "text?"},
            {"dose", "text?"},
            {"treatment_id", "id?"},
            {"to_role", "pcp|care_manager|bh_specialist|patient|"},
            {"to_user_id", "id?"},
            {"urgency", "routine|soon|urgent"},
            {"send", "boolean"}},
           true),
       recommendation_schema(),
       {},
       handler(deps, add_recommendation)},
      {Method::get, of_patient + "/review-page", "reviews.page", "reviews.read",
       "The prepared page of a review: question, story, reviews, and what the other slices know", RunAs::point, false, "",
       http::schema({{"patient", "object!"},
                     {"questions", "[]" + question + "!"},
                     {"story", "[]object!"},
                     {"draft", "any!"},
                     {"review_in_session", "any!"},
                     {"reviews", "[]" + row + "!"},
                     {"trend", "any!"}}),
       of_session, handler(deps, get_review_page)},
      {Method::get, draft, "review_drafts.get", "reviews.write", "What the caller has typed and not signed", RunAs::point, false,
       "", draft_row, of_session, handler(deps, get_draft)},
      {Method::put, draft, "review_drafts.save", "reviews.write",
       "Keeps what the caller has typed; If-Match \"0\" the first time", RunAs::write, false,
       http::schema({{"question", "text"}, {"notes", "text"}, {"recommendations", "[]object"}, {"question_ids", "[]id"}}, true),
       draft_row, of_session, handler(deps, put_draft)},
      {Method::del, draft, "review_drafts.discard", "reviews.write", "Throws the draft away", RunAs::write, false, "", "",
       of_session, handler(deps, remove_draft)},
      {Method::get,
       "/api/v1/review-questions",
       "questions.open",
       "reviews.read",
       "Questions to the consultant that are open at the caller's sites, oldest first",
       RunAs::list,
       false,
       "",
       http::list_schema(question),
       {{"state", "open"}, {"limit", "1 to 200"}, {"after", "next of the page before"}},
       handler(deps, list_open_questions)},
      {Method::get,
       questions,
       "questions.list",
       "reviews.read",
       "Questions about a patient, newest first",
       RunAs::point,
       false,
       "",
       http::list_schema(question),
       {},
       handler(deps, list_questions_of_patient)},
      {Method::post,
       questions,
       "questions.create",
       "reviews.ask",
       "Asks the psychiatric consultant about this patient",
       RunAs::write,
       true,
       http::schema({{"question", "text!"}, {"urgency", "routine|soon|urgent"}, {"to_user_id", "id?"}}, true),
       question,
       {},
       handler(deps, ask)},
      {Method::post,
       questions + "/{question_id}/withdraw",
       "questions.withdraw",
       "reviews.ask",
       "The question is not asked any more",
       RunAs::write,
       false,
       http::schema({{"reason", "text!"}}, true),
       question,
       {},
       handler(deps, withdraw_question)},
  };
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  std::vector<http::Route> all;
  for (auto part : {review_routes(deps), recommendation_routes(deps), session_routes(deps)})
    for (auto& route : part) all.push_back(std::move(route));
  return all;
}

}  // namespace concord::reviews
