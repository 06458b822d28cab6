// What patients say about the care itself, to the program manager and nobody else. Somebody who wants to stay unknown is: the
// manager gets no name, and the log of who looked at whose record says nothing either.
//
//   new --answer--> answered --close--> closed        new --close--> closed        the patient is told that it was dealt with
//
// Pure. Read next: feedback_store.h (table), feedback_api.h (view, act, staff routes).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::feedback {

using patients::PatientId;
using FeedbackId = Id<struct FeedbackTag>;

/// What it is about; the words stand in content/portal/words.json ("feedback.topic.access").
inline constexpr std::string_view kTopics[] = {"access", "team", "treatment", "questions", "portal", "place", "praise", "other"};
inline constexpr std::size_t kMostCharacters = 5000;

struct Feedback {
  FeedbackId id;
  PatientId patient;
  SiteId site;
  Instant at{};
  std::string topic, words;
  std::string language = "en";
  bool anonymous = false;
  std::string state = "new";  ///< new, answered, closed
  std::optional<std::string> answer;
  std::optional<UserId> answered_by;
  std::optional<Instant> answered_at;
  std::optional<UserId> closed_by;
  std::optional<Instant> closed_at;
  std::string labels = "normal";
  std::int64_t version = 1;
};

/// conflict when it is closed.
Result<void> answer(Feedback& feedback, std::string words, UserId by, Instant at);
/// `words` may be empty: closed without an answer, or after one.
Result<void> close(Feedback& feedback, std::string words, UserId by, Instant at);

}  // namespace concord::feedback
