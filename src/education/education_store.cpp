#include "education/education_store.h"

#include "base/check.h"
#include "education/education_sql.h"

namespace concord::education {
namespace {

Assignment read_assignment(const db::Row& row) {
  Assignment a;
  a.id = row.id<AssignmentId>(0);
  a.patient = row.id<PatientId>(1);
  a.piece = row.string(2);
  a.language = row.string(3);
  a.note = row.maybe_string(4);
  a.labels = row.string(5);
  a.by = row.id<UserId>(6);
  a.at = row.instant(7);
  a.on = row.date(8);
  a.withdrawn_by = row.maybe_id<UserId>(9);
  a.withdrawn_at = row.maybe_instant(10);
  a.withdrawn_reason = row.maybe_string(11);
  a.version = row.integer(12);
  return a;
}

ReadState read_state(const db::Row& row) {
  ReadState s;
  s.piece = row.string(0);
  s.reader = row.id<UserId>(1);
  s.on_behalf = row.boolean(2);
  s.language = row.string(3);
  s.opened_at = row.instant(4);
  s.finished_at = row.maybe_instant(5);
  return s;
}

}  // namespace

std::vector<Assignment> list_assignments(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListAssignments, {organization, patient}, read_assignment);
}

std::optional<Assignment> find(db::Tx& tx, OrganizationId organization, PatientId patient, AssignmentId assignment) {
  return tx.one(sql::kFindAssignment, {organization, patient, assignment}, read_assignment);
}

void insert(db::Tx& tx, OrganizationId organization, const Assignment& a) {
  tx.run(sql::kInsertAssignment, {organization, a.patient, a.id, a.piece, a.language, a.note, a.labels, a.by, a.at, a.on});
}

bool withdraw(db::Tx& tx, OrganizationId organization, const Assignment& a, std::int64_t version) {
  return tx.run(sql::kWithdrawAssignment,
                {organization, a.patient, a.id, version, a.withdrawn_by, a.withdrawn_at, a.withdrawn_reason}) == 1;
}

std::vector<ReadState> list_readings(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListReadings, {organization, patient}, read_state);
}

ReadState note_reading(db::Tx& tx, OrganizationId organization, PatientId patient, const ReadState& s, bool finished,
                       Instant now) {
  tx.run(sql::kInsertReading, {organization, patient, s.piece, s.reader, s.on_behalf, s.language, now});
  if (finished) tx.run(sql::kFinishReading, {organization, patient, s.piece, s.reader, now});
  const auto after = tx.one(sql::kFindReading, {organization, patient, s.piece, s.reader}, read_state);
  CHECK(after.has_value());
  return *after;
}

}  // namespace concord::education
