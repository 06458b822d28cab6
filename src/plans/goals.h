// A patient's goal as a sentence ("I will walk with Marta, twice a week, until 1 June 2026"), how sure they are, what may get in
// the way, what they ticked off, and each time somebody looked at it with them. Whatever counts for a patient is counted without
// streaks and without loss: a week without a tick says nothing, and "I did something else" counts. Pure. Read next: plans.h,
// plans_store.h, plans_api.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"

namespace concord::plans {

using GoalId = Id<struct GoalTag>;
using patients::PatientId;

/// Below this confidence (of 10) a smaller step is offered (ux.md section 5).
inline constexpr int kSureEnough = 7;

struct GoalEntry {
  Uuid id;
  Date on;
  std::string kind;               ///< check_off, review
  std::string result;             ///< check_off: done, something_else; review: going_well, some, stuck, reached
  std::optional<int> confidence;  ///< as said at a review
  std::string note;
  UserId by;                                ///< a portal account where the patient's side told it
  std::string told_by = "staff";            ///< staff, patient, trusted_person
  std::optional<UserId> on_behalf_by = {};  ///< the trusted person's portal account
};

struct GoalRevision {
  std::int64_t version = 1;  ///< of the goal that had these words
  std::string statement;
  std::optional<int> confidence;
  std::optional<std::string> obstacle, obstacle_plan;
  Date changed_on;
  UserId changed_by;
};

struct Goal {
  GoalId id;
  PatientId patient;
  std::string what;
  std::optional<std::string> where_with, how_often;
  std::optional<int> times_per_week;
  std::optional<std::string> how_long;  ///< "10 minutes"
  std::optional<std::string> days;      ///< "mon thu": words of kDays in week order
  std::optional<std::string> day_time;  ///< "after lunch"
  std::optional<Date> until;
  std::optional<int> confidence;  ///< 0 to 10, when the words were written; nullopt only for imported goals
  std::optional<std::string> obstacle, obstacle_plan;
  std::string language = "en";
  std::string status = "active";  ///< active, reached, stopped, imported
  Date status_date;
  std::optional<std::string> status_reason;
  Date start_date;
  Date last_reviewed_date;  ///< start_date until it was looked at
  std::string labels = "normal";
  std::string source = "concord";
  std::string written_by = "staff";  ///< staff, patient, trusted_person
  std::optional<UserId> on_behalf_by;
  std::vector<GoalEntry> entries;       ///< oldest first
  std::vector<GoalRevision> revisions;  ///< former words, oldest first
  std::int64_t version = 1;
};

inline constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
/// The goal as one sentence in its own language. An imported goal's text is left as it came.
std::string statement(const Goal& goal);
/// What was said last: at a review, or with the words.
std::optional<int> confidence_now(const Goal& goal);
/// Somebody who is not sure enough is offered a smaller step.
bool offer_smaller_step(const Goal& goal);

/// Is it a day for this goal? Its own days; without days, as long as it was not told as often as planned this week.
bool is_for(const Goal& goal, Date today);
/// What was told for that day: done, something_else; the later one counts.
std::optional<std::string> told_for(const Goal& goal, Date day);

struct Weeks {
  int done = 0;  ///< with a tick at least
  int of = 0;    ///< weeks since the start, 4 at most; a week begins on the start's weekday
};
Weeks recent_weeks(const Goal& goal, Date today);

struct Milestone {
  std::string id;  ///< first_time, times_5, ..., weeks_4, ..., confidence_up, reached
  Date on;
};
/// What is worth noticing, oldest first. Never taken away again.
std::vector<Milestone> milestones(const Goal& goal);
/// In words a patient may read.
std::string milestone_text(std::string_view id, std::string_view language);

/// A day as people write it: "1 June 2026", "1 de junio de 2026".
std::string day_in_words(Date day, std::string_view language);

}  // namespace concord::plans
