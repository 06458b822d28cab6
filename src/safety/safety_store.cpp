#include "safety/safety_store.h"

#include "safety/safety_sql.h"

namespace concord::safety {
namespace {

SafetyEvent read_event(const db::Row& row) {
  SafetyEvent e;
  e.patient = row.id<PatientId>(0);
  e.id = row.id<SafetyEventId>(1);
  e.signalled_at = row.instant(2);
  e.signalled_date = row.date(3);
  e.signal = row.string(4);
  e.measurement = row.maybe_id<measurements::MeasurementId>(5);
  e.note = row.maybe_string(6);
  e.due_at = row.instant(7);
  e.acknowledged_by = row.maybe_id<UserId>(8);
  e.acknowledged_at = row.maybe_instant(9);
  e.level = row.maybe_string(10);
  e.disposition = row.maybe_string(11);
  e.closed_by = row.maybe_id<UserId>(12);
  e.closed_at = row.maybe_instant(13);
  e.reassess_date = row.maybe_date(14);
  e.version = row.integer(15);
  return e;
}

}  // namespace

std::vector<SafetyEvent> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListEvents, {organization, patient}, read_event);
}

std::optional<SafetyEvent> find(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event) {
  return tx.one(sql::kFindEvent, {organization, patient, event}, read_event);
}

std::vector<SafetyEvent> list_open(db::Tx& tx, OrganizationId organization, const std::optional<After>& after, int limit) {
  const After from = after.value_or(After{Instant{}, {}});
  return tx.all(sql::kListOpen, {organization, from.due_at, from.id, limit}, read_event);
}

void insert(db::Tx& tx, OrganizationId organization, const SafetyEvent& e) {
  tx.run(sql::kInsertEvent,
         {organization, e.patient, e.id, e.signalled_at, e.signalled_date, e.signal, e.measurement, e.note, e.due_at,
          e.acknowledged_by, e.acknowledged_at, e.level, e.disposition, e.closed_by, e.closed_at, e.reassess_date, e.version});
}

bool update(db::Tx& tx, OrganizationId organization, const SafetyEvent& e) {
  return tx.run(sql::kUpdateEvent, {organization, e.patient, e.id, e.version, e.acknowledged_by, e.acknowledged_at, e.level,
                                    e.disposition, e.closed_by, e.closed_at, e.reassess_date}) > 0;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const SafetyEvent> events, Instant) {
  static constexpr std::string_view kColumns[] = {
      "organization_id", "patient_id", "safety_event_id", "signalled_at",    "signalled_date",  "signal",
      "measurement_id",  "note",       "due_at",          "acknowledged_by", "acknowledged_at", "level",
      "disposition",     "closed_by",  "closed_at",       "reassess_date",   "version"};
  std::size_t next = 0;
  tx.load("safety_event", kColumns, [&](std::vector<db::Param>& values) {
    if (next == events.size()) return false;
    const SafetyEvent& e = events[next++];
    values.assign({organization, e.patient, e.id, e.signalled_at, e.signalled_date, e.signal, e.measurement, e.note, e.due_at,
                   e.acknowledged_by, e.acknowledged_at, e.level, e.disposition, e.closed_by, e.closed_at, e.reassess_date,
                   e.version});
    return true;
  });
}

}  // namespace concord::safety
