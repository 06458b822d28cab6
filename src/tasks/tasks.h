// What somebody must do by a date, and the hand-over of a caseload.
//
//   open --done--> done        cancelled needs a reason; both may be reopened, nothing is deleted
//     |   <-reopen-- |
//     +--cancel--> cancelled --reopen--> open
//
// A line of the attention list can become somebody's task; there is at most one open task for a line. The line
// stays what it is: it goes away when its facts change, not when the task is done.
// Read next: cover.h (who answers while somebody is away), tasks_store.h, handover_store.h, tasks_api.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "tasks/cover.h"

namespace concord::tasks {

using TaskId = Id<struct TaskTag>;
using EpisodeId = Id<struct EpisodeTag>;

struct Task {
  TaskId id;
  SiteId site;
  std::optional<PatientId> patient;
  std::optional<Uuid> episode;
  std::string title;
  std::string note;
  Date due;
  UserId owner;
  std::string source = "free";      ///< free, attention, recommendation, hand_over
  std::optional<std::string> rule;  ///< of the attention line it came from
  std::optional<Uuid> source_id;    ///< the recommendation or hand-over
  std::string state = "open";       ///< open, done, cancelled
  std::string reason;               ///< why it was cancelled, or a word about how it was done
  UserId created_by;
  Instant created_at{};
  std::optional<UserId> closed_by;
  std::optional<Instant> closed_at;
  std::int64_t version = 1;
};

/// One thing that happened to a task.
struct TaskChange {
  Uuid id;
  TaskId task;
  Instant at{};
  UserId by;
  std::string kind;  ///< created, edited, assigned, handed_over, done, cancelled, reopened
  std::optional<UserId> owner_before, owner_after;
  std::optional<Date> due_before, due_after;
  std::optional<std::string> text_before;  ///< title and note as they were, when they changed
  std::string reason;
};

/// A task may lie this far ahead.
inline constexpr int kMostDaysAhead = 3 * 366;
inline constexpr std::size_t kTitleBytes = 500;
inline constexpr std::size_t kNoteBytes = 10000;

/// Everything wrong with a due day that somebody typed in.
std::vector<Issue> check_due(Date due, Date today);
/// `done`, `cancel`, `reopen`; the task after it, or why not (conflict, invalid with path "reason").
Result<Task> apply(const Task& before, std::string_view act, const std::string& reason, UserId by, Instant at);
/// 0 unless open and past its day.
int overdue_days(const Task& task, Date today);
/// What changed between two versions of an open task, as a row of its history; nullopt when nothing did.
std::optional<TaskChange> difference(const Task& before, const Task& after);

/// A caseload that somebody else looks after: for good (no `until`), or from `from` to `until`, both included.
struct HandOver {
  HandOverId id;
  SiteId site;
  UserId from_user, to_user;
  Date from;
  std::optional<Date> until;          ///< last day; moves when it is ended early
  std::optional<Date> planned_until;  ///< as it was agreed
  bool all_patients = true;
  int patients = 0;  ///< how many, when it was made
  int tasks = 0;     ///< open tasks that went along
  std::string reason;
  UserId made_by;
  Instant made_at{};
  std::optional<UserId> ended_by;
  std::optional<Instant> ended_at;
  std::int64_t version = 1;
};

/// planned, running, ended, for_good.
std::string_view state_of(const HandOver& hand_over, Date today);
/// Everything wrong with a hand-over that somebody typed in.
std::vector<Issue> check(const HandOver& hand_over, Date today);
/// Both leave the same person's patients to somebody on the same day.
bool overlap(const HandOver& a, const HandOver& b);
/// A cover may last this long; a longer absence is a hand-over for good, or a second cover.
inline constexpr int kMostCoverDays = 366;
/// Patients that move in one unit of work.
inline constexpr int kMostPatientsAtOnce = 1000;

}  // namespace concord::tasks
