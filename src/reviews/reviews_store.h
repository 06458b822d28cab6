// Reads and writes review, recommendation, recommendation_before, recommendation_event, review_question and review_draft.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "reviews/reviews.h"

namespace concord::reviews {

/// Newest first, with their recommendations, the old members filled.
std::vector<Review> list(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Review> find(db::Tx& tx, OrganizationId organization, PatientId patient, ReviewId review);
/// With its recommendations; without any, the old members become one (first_of).
void insert(db::Tx& tx, OrganizationId organization, const Review& review);
/// Raises the review's version; false when `review.version` is stale.
bool touch(db::Tx& tx, OrganizationId organization, const Review& review);
/// Who was reviewed in a session, in that order.
struct Discussed {
  PatientId patient;
  ReviewId review;
};
std::vector<Discussed> list_discussed(db::Tx& tx, OrganizationId organization, SessionId session);

/// Bulk, for imports and simulation.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Review> reviews, Instant now);

// ---- Recommendations

std::vector<Recommendation> list_recommendations(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Recommendation> find(db::Tx& tx, OrganizationId organization, PatientId patient, RecommendationId recommendation);
void insert(db::Tx& tx, OrganizationId organization, const Recommendation& recommendation, Instant now);
/// False when `recommendation.version` is stale. What it said until now stays readable (docs/decisions/0012).
bool update(db::Tx& tx, OrganizationId organization, const Recommendation& recommendation, Instant now);
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, RecommendationId recommendation, const Step& step);
/// Oldest first.
std::vector<Step> list_steps(db::Tx& tx, OrganizationId organization, PatientId patient, RecommendationId recommendation);
/// Of one state in the organization, in the order they were sent, after a day and id.
std::vector<Recommendation> list_in_state(db::Tx& tx, OrganizationId organization, State state, Date after_day,
                                          RecommendationId after, int limit);
struct Declined {
  PatientId patient;
  RecommendationId recommendation;
  Date on;
  std::string to_role;
};
std::vector<Declined> list_declined(db::Tx& tx, OrganizationId organization, Date since);

// ---- Questions

/// Newest first.
std::vector<Question> list_questions(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Question> find(db::Tx& tx, OrganizationId organization, PatientId patient, QuestionId question);
std::vector<Question> list_questions(db::Tx& tx, OrganizationId organization, std::string_view state, Instant after_time,
                                     QuestionId after, int limit);
void insert(db::Tx& tx, OrganizationId organization, const Question& question);
/// Stores how it ended; false when `question.version` is stale.
bool end(db::Tx& tx, OrganizationId organization, const Question& question);

// ---- Drafts. `session` nil: outside a session.

Draft find_draft(db::Tx& tx, OrganizationId organization, PatientId patient, UserId reviewer, SessionId session);
/// False when `before` is stale.
bool save_draft(db::Tx& tx, OrganizationId organization, PatientId patient, UserId reviewer, SessionId session,
                std::int64_t before, std::string_view content, Instant now);
void delete_draft(db::Tx& tx, OrganizationId organization, PatientId patient, UserId reviewer, SessionId session);
std::vector<PatientId> list_drafts(db::Tx& tx, OrganizationId organization, UserId reviewer, SessionId session);

}  // namespace concord::reviews
