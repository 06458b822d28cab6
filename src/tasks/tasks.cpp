#include "tasks/tasks.h"

#include <algorithm>

namespace concord::tasks {

std::vector<Issue> check_due(Date due, Date today) {
  if (due < today) return {{"due_date", "must not be in the past"}};
  if (due > today.plus_days(kMostDaysAhead)) return {{"due_date", "must be within three years"}};
  return {};
}

Result<Task> apply(const Task& before, std::string_view act, const std::string& reason, UserId by, Instant at) {
  Task after = before;
  ++after.version;
  if (act == "reopen") {
    if (before.state == "open") return fail(ErrorCode::conflict, "This task is open already.");
    after.state = "open";
    after.reason.clear();
    after.closed_by = std::nullopt;
    after.closed_at = std::nullopt;
    return after;
  }
  if (before.state != "open")
    return fail(ErrorCode::conflict, before.state == "done" ? "This task is done already." : "This task was cancelled.");
  if (act == "cancel" && reason.empty())
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"reason", "say why it is not needed any more"}});
  after.state = act == "cancel" ? "cancelled" : "done";
  after.reason = reason;
  after.closed_by = by;
  after.closed_at = at;
  return after;
}

int overdue_days(const Task& task, Date today) { return task.state == "open" ? std::max(0, today - task.due) : 0; }

std::optional<TaskChange> difference(const Task& before, const Task& after) {
  TaskChange change;
  change.task = before.id;
  change.kind = "edited";
  const bool words = before.title != after.title || before.note != after.note;
  if (words) change.text_before = before.note.empty() ? before.title : before.title + "\n\n" + before.note;
  if (before.due != after.due) {
    change.due_before = before.due;
    change.due_after = after.due;
  }
  if (before.owner != after.owner) {
    change.kind = "assigned";
    change.owner_before = before.owner;
    change.owner_after = after.owner;
  }
  if (!words && before.due == after.due && before.owner == after.owner) return std::nullopt;
  return change;
}

std::string_view state_of(const HandOver& h, Date today) {
  if (!h.until) return "for_good";
  if (*h.until < today || *h.until < h.from) return "ended";
  return h.from > today ? "planned" : "running";
}

std::vector<Issue> check(const HandOver& h, Date today) {
  std::vector<Issue> issues;
  if (h.from_user == h.to_user) issues.push_back({"to_user_id", "must be somebody else"});
  if (h.from < today) issues.push_back({"from_date", "must not be in the past"});
  if (!h.until) {
    if (h.from > today) issues.push_back({"from_date", "must be today: a hand-over for good takes effect at once"});
    return issues;
  }
  if (*h.until < h.from) issues.push_back({"until_date", "must not be before the first day"});
  else if (*h.until - h.from > kMostCoverDays)
    issues.push_back({"until_date", "must be within a year: hand over for good instead"});
  return issues;
}

bool overlap(const HandOver& a, const HandOver& b) {
  if (!a.until || !b.until) return false;
  return a.site == b.site && a.from_user == b.from_user && a.from <= *b.until && b.from <= *a.until;
}

}  // namespace concord::tasks
