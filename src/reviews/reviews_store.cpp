#include "reviews/reviews_store.h"

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
  r.recommendation = row.string(7);
  r.recommendation_to = row.string(8);
  r.recommendation_state = row.string(9);
  r.answered_date = row.maybe_date(10);
  r.answer_reason = row.maybe_string(11);
  r.done_date = row.maybe_date(12);
  r.source = row.string(13);
  r.version = row.integer(14);
  return r;
}

}  // namespace

std::vector<Review> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListReviews, {organization, patient}, read_review);
}

std::optional<Review> find(db::Tx& tx, OrganizationId organization, PatientId patient, ReviewId review) {
  return tx.one(sql::kFindReview, {organization, patient, review}, read_review);
}

void insert(db::Tx& tx, OrganizationId organization, const Review& r) {
  tx.run(sql::kInsertReview, {organization, r.patient, r.date, r.id, r.reviewer, r.reviewer_name, r.question,
                              r.recommendation_documented, r.recommendation, r.recommendation_to, r.recommendation_state,
                              r.answered_date, r.answer_reason, r.done_date, r.source, r.version});
}

bool update_recommendation(db::Tx& tx, OrganizationId organization, const Review& r) {
  return tx.run(sql::kUpdateRecommendation, {organization, r.patient, r.date, r.id, r.version, r.recommendation_state,
                                             r.answered_date, r.answer_reason, r.done_date}) > 0;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Review> reviews, Instant) {
  static constexpr std::string_view kColumns[] = {"organization_id",
                                                  "patient_id",
                                                  "review_date",
                                                  "review_id",
                                                  "reviewer_id",
                                                  "reviewer_name",
                                                  "question",
                                                  "recommendation_documented",
                                                  "recommendation",
                                                  "recommendation_to",
                                                  "recommendation_state",
                                                  "answered_date",
                                                  "answer_reason",
                                                  "done_date",
                                                  "source",
                                                  "version"};
  std::size_t next = 0;
  tx.load("review", kColumns, [&](std::vector<db::Param>& values) {
    if (next == reviews.size()) return false;
    const Review& r = reviews[next++];
    values.assign({organization, r.patient, r.date, r.id, r.reviewer, r.reviewer_name, r.question, r.recommendation_documented,
                   r.recommendation, r.recommendation_to, r.recommendation_state, r.answered_date, r.answer_reason, r.done_date,
                   r.source, r.version});
    return true;
  });
}

}  // namespace concord::reviews
