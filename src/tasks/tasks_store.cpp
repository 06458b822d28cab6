#include "tasks/tasks_store.h"

#include <algorithm>

#include "tasks/tasks_sql.h"

namespace concord::tasks {
namespace {

Task read_task(const db::Row& row) {
  Task t;
  t.id = row.id<TaskId>(0);
  t.site = row.id<SiteId>(1);
  t.patient = row.maybe_id<PatientId>(2);
  if (!row.is_null(3)) t.episode = row.uuid(3);
  t.title = row.string(4);
  t.note = row.string(5);
  t.due = row.date(6);
  t.owner = row.id<UserId>(7);
  t.source = row.string(8);
  t.rule = row.maybe_string(9);
  if (!row.is_null(10)) t.source_id = row.uuid(10);
  t.state = row.string(11);
  t.reason = row.string(12);
  t.created_by = row.id<UserId>(13);
  t.created_at = row.instant(14);
  t.closed_by = row.maybe_id<UserId>(15);
  t.closed_at = row.maybe_instant(16);
  t.version = row.integer(17);
  return t;
}

TaskChange read_change(const db::Row& row) {
  TaskChange c;
  c.id = row.uuid(0);
  c.task = row.id<TaskId>(1);
  c.at = row.instant(2);
  c.by = row.id<UserId>(3);
  c.kind = row.string(4);
  c.owner_before = row.maybe_id<UserId>(5);
  c.owner_after = row.maybe_id<UserId>(6);
  c.due_before = row.maybe_date(7);
  c.due_after = row.maybe_date(8);
  c.text_before = row.maybe_string(9);
  c.reason = row.string(10);
  return c;
}

}  // namespace

AfterClosed newest() {
  Uuid highest;
  highest.bytes.fill(0xFF);
  return {Instant(Date::ymd(2200, 12, 31).sys()), TaskId(highest)};
}

std::optional<Task> find(db::Tx& tx, OrganizationId organization, TaskId task) {
  return tx.one(sql::kFindTask, {organization, task}, read_task);
}

std::optional<Task> find_open_of_line(db::Tx& tx, OrganizationId organization, const Uuid& episode, std::string_view rule) {
  return tx.one(sql::kFindOpenOfLine, {organization, episode, rule}, read_task);
}

std::vector<Task> list_open_of_owner(db::Tx& tx, OrganizationId organization, UserId owner, const AfterOpen& after, int limit) {
  return tx.all(sql::kListOpenOfOwner, {organization, owner, after.due, after.id, limit}, read_task);
}

std::vector<Task> list_open(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<UserId> owner,
                            const AfterOpen& after, int limit) {
  return tx.all(sql::kListOpenOfSite, {organization, site, after.due, after.id, limit, owner}, read_task);
}

std::vector<Task> list_closed(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<UserId> owner,
                              const AfterClosed& after, int limit) {
  return tx.all(sql::kListClosedOfSite, {organization, site, after.at, after.id, limit, owner}, read_task);
}

std::vector<Task> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  auto all = tx.all(sql::kListOfPatient, {organization, patient}, read_task);
  std::sort(all.begin(), all.end(), [](const Task& a, const Task& b) {
    if ((a.state == "open") != (b.state == "open")) return a.state == "open";
    if (a.state == "open") return std::pair(a.due, a.id) < std::pair(b.due, b.id);
    return std::pair(*b.closed_at, b.id) < std::pair(*a.closed_at, a.id);
  });
  return all;
}

void insert(db::Tx& tx, OrganizationId organization, const Task& t) {
  tx.run(sql::kInsertTask, {organization, t.id, t.site, t.patient, t.episode, t.title, t.note, t.due, t.owner, t.source, t.rule,
                            t.source_id, t.state, t.reason, t.created_by, t.created_at, t.closed_by, t.closed_at, t.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Task& t, std::int64_t version) {
  return tx.run(sql::kUpdateTask,
                {organization, t.id, version, t.title, t.note, t.due, t.owner, t.state, t.reason, t.closed_by, t.closed_at}) > 0;
}

void insert(db::Tx& tx, OrganizationId organization, const TaskChange& c) {
  tx.run(sql::kInsertChange, {organization, c.task, c.id, c.at, c.by, c.kind, c.owner_before, c.owner_after, c.due_before,
                              c.due_after, c.text_before, c.reason});
}

std::vector<TaskChange> list_changes(db::Tx& tx, OrganizationId organization, TaskId task) {
  return tx.all(sql::kListChanges, {organization, task}, read_change);
}

std::vector<ChangeOfPatient> list_changes(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListChangesOfPatient, {organization, patient}, [](const db::Row& row) {
    return ChangeOfPatient{read_change(row), row.string(11), row.id<UserId>(12), row.id<UserId>(13)};
  });
}

}  // namespace concord::tasks
