// Reads and writes task and task_change. A task has its own site: pass one the caller may use.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "tasks/tasks.h"

namespace concord::tasks {

/// The last row of the page before.
struct AfterOpen {
  Date due = Date::ymd(1800, 1, 1);
  TaskId id;
};
struct AfterClosed {
  Instant at{};
  TaskId id;
};
/// Where the newest page of closed tasks begins.
AfterClosed newest();

std::optional<Task> find(db::Tx& tx, OrganizationId organization, TaskId task);
std::optional<Task> find_open_of_line(db::Tx& tx, OrganizationId organization, const Uuid& episode, std::string_view rule);
/// Oldest due first.
std::vector<Task> list_open_of_owner(db::Tx& tx, OrganizationId organization, UserId owner, const AfterOpen& after, int limit);
std::vector<Task> list_open(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<UserId> owner,
                            const AfterOpen& after, int limit);
/// Newest first.
std::vector<Task> list_closed(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<UserId> owner,
                              const AfterClosed& after, int limit);
/// Open ones by due day, then the closed ones, newest first.
std::vector<Task> list(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Task& task);
/// Changes the row with `version`; false when that is stale. Site, patient and source stay.
bool update(db::Tx& tx, OrganizationId organization, const Task& task, std::int64_t version);

void insert(db::Tx& tx, OrganizationId organization, const TaskChange& change);
std::vector<TaskChange> list_changes(db::Tx& tx, OrganizationId organization, TaskId task);
/// A change with what is needed to show it without its task.
struct ChangeOfPatient {
  TaskChange change;
  std::string title;
  UserId owner, created_by;
};
std::vector<ChangeOfPatient> list_changes(db::Tx& tx, OrganizationId organization, PatientId patient);

}  // namespace concord::tasks
