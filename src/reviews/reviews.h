// Psychiatric case review of one patient. A session is the meeting: attending it, or being on its agenda, is not a
// review. Read next: recommendation.h (what a review advises and what becomes of it), agenda.h (whom to discuss
// first), reviews_store.h (tables), reviews_api.h (routes).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"
#include "reviews/recommendation.h"

namespace concord::reviews {

using SessionId = Id<struct ReviewSessionTag>;
using QuestionId = Id<struct ReviewQuestionTag>;

struct Review {
  ReviewId id;
  PatientId patient;
  Date date;
  std::optional<UserId> reviewer;
  std::string reviewer_name;
  std::string question;
  bool recommendation_documented = false;  ///< "continue as is" counts
  // The first recommendation in the words of before recommendations were rows of their own: what imports and the
  // simulation write, and what old clients read. mirror_first() fills them, first_of() makes a row of them.
  std::string recommendation;
  std::string recommendation_to;  ///< pcp, care_manager, patient, ""
  std::string recommendation_state = "none";
  std::optional<Date> answered_date;
  std::optional<std::string> answer_reason;
  std::optional<Date> done_date;
  std::string source = "concord";
  std::int64_t version = 1;

  std::optional<SessionId> session;
  std::string notes;
  std::optional<Instant> signed_at;
  std::vector<Recommendation> recommendations;  ///< by position
  std::optional<Instant> recorded_at = {};      ///< for bulk writers: since when it is known; unset: now
};

/// Copies the first recommendation into the old members.
void mirror_first(Review& review);
/// The recommendation that the old members describe, with the review's own id; nullopt when they describe none.
std::optional<Recommendation> first_of(const Review& review);

/// One step of a recommendation, as it is kept.
struct Step {
  std::string act, from, to;
  UserId by;
  std::string role;
  Instant at{};
  std::string note;
};

struct Attendee {
  std::optional<UserId> user;
  std::string name;
  std::string role;
};
struct Session {
  SessionId id;
  SiteId site;
  Date date;
  std::optional<std::string> starts_at;  ///< "13:00", the site's clock
  int minutes = 60;                      ///< that the consultant has
  std::optional<UserId> consultant;
  std::string state = "planned";  ///< planned, held, cancelled
  std::string note;
  std::vector<Attendee> attendees;
  UserId created_by;
  Instant created_at{};
  std::int64_t version = 1;
};

/// Asked by the care manager or the PCP, answered by a review.
struct Question {
  QuestionId id;
  PatientId patient;
  std::string question;
  std::string urgency = "routine";
  UserId asked_by;
  std::string asked_role;
  Instant asked_at{};
  Date asked_date;
  std::optional<UserId> to;
  std::string state = "open";  ///< open -> answered | withdrawn
  std::optional<ReviewId> review;
  std::optional<Instant> ended_at;
  std::optional<std::string> withdraw_reason;
  std::int64_t version = 1;
};

/// What one reviewer has typed about one patient and not signed.
struct Draft {
  std::string content = "{}";  ///< JSON of the form
  std::optional<Instant> saved_at;
  std::int64_t version = 0;  ///< 0: nothing saved yet
};

}  // namespace concord::reviews
