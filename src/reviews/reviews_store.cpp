#include "reviews/reviews_store.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "reviews/reviews_sql.h"

namespace concord::reviews {
namespace {

Review read_review(const db::Row& row) {
  Review r;
  r.patient = row.id<PatientId>(0);
  r.date = row.date(1);
  r.id = row.id<ReviewId>(2);
  r.reviewer = row.maybe_id<UserId>(3);
  r.reviewer_name = row.string(4);
  r.question = row.string(5);
  r.recommendation_documented = row.boolean(6);
  r.source = row.string(7);
  r.version = row.integer(8);
  r.session = row.maybe_id<SessionId>(9);
  r.notes = row.string(10);
  r.signed_at = row.maybe_instant(11);
  return r;
}

std::optional<Uuid> maybe_uuid(const db::Row& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.uuid(column));
}

Recommendation read_recommendation(const db::Row& row) {
  Recommendation r;
  r.patient = row.id<PatientId>(0);
  r.id = row.id<RecommendationId>(1);
  r.review = row.id<ReviewId>(2);
  r.position = static_cast<int>(row.integer(3));
  r.kind = row.string(4);
  r.text = row.string(5);
  r.medication = row.maybe_string(6);
  r.dose = row.maybe_string(7);
  r.treatment = maybe_uuid(row, 8);
  r.to_role = row.string(9);
  r.to = row.maybe_id<UserId>(10);
  r.urgency = row.string(11);
  r.state = parse_state(row.text(12)).value();
  r.author = row.maybe_id<UserId>(13);
  r.created_at = row.maybe_instant(14);
  r.sent_date = row.maybe_date(15);
  r.read_at = row.maybe_instant(16);
  r.answered_date = row.maybe_date(17);
  r.answered_by = row.maybe_id<UserId>(18);
  r.answer_reason = row.maybe_string(19);
  r.done_date = row.maybe_date(20);
  r.closed_by_treatment = maybe_uuid(row, 21);
  r.trial_dose = row.maybe_string(22);
  if (const auto weeks = row.maybe_integer(23)) r.trial_weeks = static_cast<int>(*weeks);
  r.trial_reason = row.maybe_string(24);
  r.withdrawn_reason = row.maybe_string(25);
  r.ended_date = row.maybe_date(26);
  r.source = row.string(27);
  r.version = row.integer(28);
  return r;
}

constexpr std::array<std::string_view, 14> kReviewColumns = {
    "organization_id",           "patient_id", "review_date", "review_id",  "reviewer_id", "reviewer_name", "question",
    "recommendation_documented", "source",     "version",     "session_id", "notes",       "signed_at",     "recorded_at"};
constexpr std::array<std::string_view, 31> kRecommendationColumns = {"organization_id",
                                                                     "patient_id",
                                                                     "recommendation_id",
                                                                     "review_id",
                                                                     "position",
                                                                     "kind",
                                                                     "text",
                                                                     "medication",
                                                                     "dose",
                                                                     "treatment_id",
                                                                     "to_role",
                                                                     "to_user_id",
                                                                     "urgency",
                                                                     "state",
                                                                     "author_id",
                                                                     "created_at",
                                                                     "sent_date",
                                                                     "read_at",
                                                                     "answered_date",
                                                                     "answered_by",
                                                                     "answer_reason",
                                                                     "done_date",
                                                                     "closed_by_treatment_id",
                                                                     "trial_dose",
                                                                     "trial_weeks",
                                                                     "trial_reason",
                                                                     "withdrawn_reason",
                                                                     "ended_date",
                                                                     "source",
                                                                     "version",
                                                                     "recorded_at"};

/// In the order of those columns; looks into `r`.
std::vector<db::Param> values_of(OrganizationId organization, const Recommendation& r, std::optional<Instant> recorded_at) {
  return {organization,
          r.patient,
          r.id,
          r.review,
          r.position,
          r.kind,
          r.text,
          r.medication,
          r.dose,
          r.treatment,
          r.to_role,
          r.to,
          r.urgency,
          name(r.state),
          r.author,
          r.created_at,
          r.sent_date,
          r.read_at,
          r.answered_date,
          r.answered_by,
          r.answer_reason,
          r.done_date,
          r.closed_by_treatment,
          r.trial_dose,
          r.trial_weeks,
          r.trial_reason,
          r.withdrawn_reason,
          r.ended_date,
          r.source,
          r.version,
          recorded_at};
}

/// A review's columns in the order of the table; looks into `r`.
std::vector<db::Param> values_of(OrganizationId organization, const Review& r, const std::optional<Instant>& recorded_at) {
  return {organization, r.patient, r.date,    r.id,    r.reviewer,  r.reviewer_name, r.question, r.recommendation_documented,
          r.source,     r.version, r.session, r.notes, r.signed_at, recorded_at};
}

Question read_question(const db::Row& row) {
  Question q;
  q.patient = row.id<PatientId>(0);
  q.id = row.id<QuestionId>(1);
  q.question = row.string(2);
  q.urgency = row.string(3);
  q.asked_by = row.id<UserId>(4);
  q.asked_role = row.string(5);
  q.asked_at = row.instant(6);
  q.asked_date = row.date(7);
  q.to = row.maybe_id<UserId>(8);
  q.state = row.string(9);
  q.review = row.maybe_id<ReviewId>(10);
  q.ended_at = row.maybe_instant(11);
  q.withdraw_reason = row.maybe_string(12);
  q.version = row.integer(13);
  return q;
}

}  // namespace

std::vector<Review> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  auto reviews = tx.all(sql::kListReviews, {organization, patient}, read_review);
  if (reviews.empty()) return reviews;
  std::unordered_map<Uuid, Review*> by_id;
  for (auto& review : reviews) by_id.emplace(review.id.uuid, &review);
  for (auto& recommendation : list_recommendations(tx, organization, patient))
    if (const auto found = by_id.find(recommendation.review.uuid); found != by_id.end())
      found->second->recommendations.push_back(std::move(recommendation));
  for (auto& review : reviews) mirror_first(review);
  return reviews;
}

std::optional<Review> find(db::Tx& tx, OrganizationId organization, PatientId patient, ReviewId id) {
  auto review = tx.one(sql::kFindReview, {organization, patient, id}, read_review);
  if (!review) return review;
  for (auto& recommendation : list_recommendations(tx, organization, patient))
    if (recommendation.review == id) review->recommendations.push_back(std::move(recommendation));
  mirror_first(*review);
  return review;
}

void insert(db::Tx& tx, OrganizationId organization, const Review& r) {
  tx.run(sql::kInsertReview, values_of(organization, r, r.signed_at));
  const auto put = [&](const Recommendation& advice) {
    tx.run(sql::kInsertRecommendation, values_of(organization, advice, r.signed_at));
  };
  if (r.recommendations.empty()) {
    if (const auto first = first_of(r)) put(*first);
  }
  for (const auto& recommendation : r.recommendations) put(recommendation);
}

bool touch(db::Tx& tx, OrganizationId organization, const Review& r) {
  return tx.run(sql::kTouchReview, {organization, r.patient, r.date, r.id, r.version}) > 0;
}

std::vector<Discussed> list_discussed(db::Tx& tx, OrganizationId organization, SessionId session) {
  return tx.all(sql::kListSessionReviews, {organization, session},
                [](const db::Row& row) { return Discussed{row.id<PatientId>(0), row.id<ReviewId>(1)}; });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Review> reviews, Instant now) {
  std::size_t next = 0;
  tx.load("review", kReviewColumns, [&](std::vector<db::Param>& values) {
    if (next == reviews.size()) return false;
    const Review& r = reviews[next++];
    values = values_of(organization, r, r.recorded_at.value_or(now));
    return true;
  });
  std::vector<std::pair<Recommendation, Instant>> rows;  // since when each is known
  for (const Review& r : reviews) {
    const Instant known = r.recorded_at.value_or(now);
    for (const Recommendation& advice : r.recommendations) rows.emplace_back(advice, known);
    if (!r.recommendations.empty()) continue;
    if (auto first = first_of(r)) rows.emplace_back(std::move(*first), known);
  }
  next = 0;
  tx.load("recommendation", kRecommendationColumns, [&](std::vector<db::Param>& values) {
    if (next == rows.size()) return false;
    const auto& [advice, known] = rows[next++];
    values = values_of(organization, advice, known);
    return true;
  });
}

std::vector<Recommendation> list_recommendations(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListRecommendations, {organization, patient}, read_recommendation);
}

std::optional<Recommendation> find(db::Tx& tx, OrganizationId organization, PatientId patient, RecommendationId id) {
  return tx.one(sql::kFindRecommendation, {organization, patient, id}, read_recommendation);
}

void insert(db::Tx& tx, OrganizationId organization, const Recommendation& r, Instant now) {
  tx.run(sql::kInsertRecommendation, values_of(organization, r, now));
}

bool update(db::Tx& tx, OrganizationId organization, const Recommendation& r, Instant now) {
  tx.run(sql::kKeepRecommendation,
         {organization, r.patient, r.id, r.version, now, r.kind, name(r.state), r.answered_date, r.done_date});
  return tx.run(sql::kUpdateRecommendation, {organization,  r.patient,       r.id,           r.version,
                                             r.kind,        r.text,          r.medication,   r.dose,
                                             r.treatment,   r.to_role,       r.to,           r.urgency,
                                             name(r.state), r.sent_date,     r.read_at,      r.answered_date,
                                             r.answered_by, r.answer_reason, r.done_date,    r.closed_by_treatment,
                                             r.trial_dose,  r.trial_weeks,   r.trial_reason, r.withdrawn_reason,
                                             r.ended_date}) > 0;
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, RecommendationId recommendation, const Step& s) {
  tx.run(sql::kInsertEvent, {organization, patient, recommendation, s.act, s.from, s.to, s.by, s.role, s.at, s.note});
}

std::vector<Step> list_steps(db::Tx& tx, OrganizationId organization, PatientId patient, RecommendationId recommendation) {
  return tx.all(sql::kListEvents, {organization, patient, recommendation}, [](const db::Row& row) {
    return Step{row.string(0), row.string(1), row.string(2), row.id<UserId>(3), row.string(4), row.instant(5), row.string(6)};
  });
}

std::vector<Recommendation> list_in_state(db::Tx& tx, OrganizationId organization, State state, Date after_day,
                                          RecommendationId after, int limit) {
  return tx.all(sql::kListOpenRecommendations, {organization, name(state), after_day, after, limit}, read_recommendation);
}

std::vector<Declined> list_declined(db::Tx& tx, OrganizationId organization, Date since) {
  return tx.all(sql::kListDeclined, {organization, since}, [](const db::Row& row) {
    return Declined{row.id<PatientId>(0), row.id<RecommendationId>(1), row.date(2), row.string(3)};
  });
}

std::vector<Question> list_questions(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListQuestions, {organization, patient}, read_question);
}

std::optional<Question> find(db::Tx& tx, OrganizationId organization, PatientId patient, QuestionId question) {
  for (auto& q : list_questions(tx, organization, patient))
    if (q.id == question) return std::move(q);
  return std::nullopt;
}

std::vector<Question> list_questions(db::Tx& tx, OrganizationId organization, std::string_view state, Instant after_time,
                                     QuestionId after, int limit) {
  return tx.all(sql::kListQuestionsByState, {organization, state, after_time, after, limit}, read_question);
}

void insert(db::Tx& tx, OrganizationId organization, const Question& q) {
  tx.run(sql::kInsertQuestion, {organization, q.patient, q.id, q.question, q.urgency, q.asked_by, q.asked_role, q.asked_at,
                                q.asked_date, q.to, q.state, q.review, q.ended_at, q.withdraw_reason, q.version});
}

bool end(db::Tx& tx, OrganizationId organization, const Question& q) {
  return tx.run(sql::kEndQuestion, {organization, q.patient, q.id, q.version, q.state, q.review, q.ended_at, q.withdraw_reason}) >
         0;
}

Draft find_draft(db::Tx& tx, OrganizationId organization, PatientId patient, UserId reviewer, SessionId session) {
  const auto found = tx.one(sql::kFindDraft, {organization, patient, reviewer, session},
                            [](const db::Row& row) { return Draft{row.string(0), row.instant(1), row.integer(2)}; });
  return found.value_or(Draft{});
}

bool save_draft(db::Tx& tx, OrganizationId organization, PatientId patient, UserId reviewer, SessionId session,
                std::int64_t before, std::string_view content, Instant now) {
  if (before == 0) return tx.run(sql::kInsertDraft, {organization, patient, reviewer, session, content, now}) > 0;
  return tx.run(sql::kUpdateDraft, {organization, patient, reviewer, session, before, content, now}) > 0;
}

void delete_draft(db::Tx& tx, OrganizationId organization, PatientId patient, UserId reviewer, SessionId session) {
  tx.run(sql::kDeleteDraft, {organization, patient, reviewer, session});
}

std::vector<PatientId> list_drafts(db::Tx& tx, OrganizationId organization, UserId reviewer, SessionId session) {
  return tx.all(sql::kListSessionDrafts, {organization, reviewer, session},
                [](const db::Row& row) { return row.id<PatientId>(0); });
}

}  // namespace concord::reviews
