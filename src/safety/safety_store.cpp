#include "safety/safety_store.h"

#include "base/text.h"
#include "safety/safety_sql.h"

namespace concord::safety {
namespace {

using measurements::MeasurementId;

SafetyEvent read_event(const db::Row& row) {
  SafetyEvent e;
  e.patient = row.id<PatientId>(0);
  e.id = row.id<SafetyEventId>(1);
  e.signalled_at = row.instant(2);
  e.signalled_date = row.date(3);
  e.signal = row.string(4);
  e.measurement = row.maybe_id<MeasurementId>(5);
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
  e.notified_at = row.maybe_instant(16);
  e.has_it = row.maybe_id<UserId>(17);
  e.assessed_by = row.maybe_id<UserId>(18);
  e.assessed_at = row.maybe_instant(19);
  e.assessment = row.maybe_id<MeasurementId>(20);
  e.assessed_otherwise = row.maybe_string(21);
  e.found_level = row.maybe_string(22);
  if (!row.is_null(23))
    e.step_down = StepDown{row.string(23), row.maybe_string(24).value_or(""), row.id<UserId>(25), row.instant(26)};
  e.reassessed_on = row.maybe_date(27);
  e.follow_up_ended_on = row.maybe_date(28);
  e.escalations = static_cast<int>(row.integer(29));
  e.next_escalation_at = row.maybe_instant(30);
  // Before there was a holder, who acknowledged it had it.
  if (!e.has_it) e.has_it = e.acknowledged_by;
  return e;
}

Step read_step(const db::Row& row) {
  Step s;
  s.number = static_cast<int>(row.integer(0));
  s.at = row.instant(1);
  s.kind = row.string(2);
  s.by = row.maybe_id<UserId>(3);
  s.to = row.maybe_id<UserId>(4);
  s.channel = row.maybe_string(5);
  s.rung = row.maybe_string(6);
  s.level = row.maybe_string(7);
  s.action = row.maybe_string(8);
  s.text = row.maybe_string(9);
  s.measurement = row.maybe_id<MeasurementId>(10);
  if (!row.is_null(11)) s.message = row.uuid(11);
  return s;
}

SafetyPlan read_plan(const db::Row& row) {
  SafetyPlan p;
  p.version = static_cast<int>(row.integer(0));
  p.id = row.id<PlanId>(1);
  p.patient = row.id<PatientId>(2);
  p.written_at = row.instant(3);
  p.written_on = row.date(4);
  p.written_by = row.id<UserId>(5);
  for (const auto who : split(row.text(6), ' '))
    if (!who.empty()) p.written_with.emplace_back(who);
  p.language = row.string(7);
  p.steps = decode_steps(row.text(8));
  p.reason = row.maybe_string(9);
  p.written_by_kind = row.string(10);
  return p;
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

std::vector<SafetyEvent> list_signalled(db::Tx& tx, OrganizationId organization, Instant since, int limit) {
  return tx.all(sql::kListSignalled, {organization, since, limit}, read_event);
}

void insert(db::Tx& tx, OrganizationId organization, const SafetyEvent& e) {
  std::optional<std::string> to_level, reason;
  std::optional<UserId> asked_by;
  std::optional<Instant> asked_at;
  if (e.step_down)
    std::tie(to_level, reason, asked_by, asked_at) =
        std::tie(e.step_down->to_level, e.step_down->reason, e.step_down->asked_by, e.step_down->asked_at);
  tx.run(sql::kInsertEvent, {organization,
                             e.patient,
                             e.id,
                             e.signalled_at,
                             e.signalled_date,
                             e.signal,
                             e.measurement,
                             e.note,
                             e.due_at,
                             e.acknowledged_by,
                             e.acknowledged_at,
                             e.level,
                             e.disposition,
                             e.closed_by,
                             e.closed_at,
                             e.reassess_date,
                             e.version,
                             e.notified_at,
                             e.has_it,
                             e.assessed_by,
                             e.assessed_at,
                             e.assessment,
                             e.assessed_otherwise,
                             e.found_level,
                             to_level,
                             reason,
                             asked_by,
                             asked_at,
                             e.reassessed_on,
                             e.follow_up_ended_on,
                             e.escalations,
                             e.next_escalation_at});
}

bool update(db::Tx& tx, OrganizationId organization, const SafetyEvent& e) {
  std::optional<std::string> to_level, reason;
  std::optional<UserId> asked_by;
  std::optional<Instant> asked_at;
  if (e.step_down)
    std::tie(to_level, reason, asked_by, asked_at) =
        std::tie(e.step_down->to_level, e.step_down->reason, e.step_down->asked_by, e.step_down->asked_at);
  return tx.run(sql::kUpdateEvent, {organization,
                                    e.patient,
                                    e.id,
                                    e.version,
                                    e.acknowledged_by,
                                    e.acknowledged_at,
                                    e.level,
                                    e.disposition,
                                    e.closed_by,
                                    e.closed_at,
                                    e.reassess_date,
                                    e.has_it,
                                    e.assessed_by,
                                    e.assessed_at,
                                    e.assessment,
                                    e.assessed_otherwise,
                                    e.found_level,
                                    to_level,
                                    reason,
                                    asked_by,
                                    asked_at,
                                    e.reassessed_on,
                                    e.follow_up_ended_on,
                                    e.escalations,
                                    e.next_escalation_at}) > 0;
}

bool update_escalation(db::Tx& tx, OrganizationId organization, const SafetyEvent& e, int calls_before) {
  return tx.run(sql::kUpdateEscalation,
                {organization, e.patient, e.id, calls_before, e.escalations, e.next_escalation_at, e.notified_at}) > 0;
}

void hurry_escalation(db::Tx& tx, OrganizationId organization, const SafetyEvent& e, Instant now) {
  tx.run(sql::kHurryEscalation, {organization, e.patient, e.id, now});
}

void set_signal(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event, std::string_view signal) {
  tx.run(sql::kSetSignal, {organization, patient, event, signal});
}

void set_measurement(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event,
                     measurements::MeasurementId measurement) {
  tx.run(sql::kSetEventMeasurement, {organization, patient, event, measurement});
}

std::vector<Stuck> list_stuck(db::Tx& tx, Instant time, int most) {
  return tx.all(sql::kListStuck, {time, most}, [](const db::Row& row) {
    return Stuck{row.id<OrganizationId>(0), row.id<PatientId>(1), row.id<SafetyEventId>(2)};
  });
}

void add_step(db::Tx& tx, OrganizationId organization, const SafetyEvent& event, Step s) {
  const auto last = tx.one(sql::kLastStep, {organization, event.id}, [](const db::Row& row) { return row.integer(0); });
  tx.run(sql::kInsertStep, {organization, event.id, event.patient, last.value_or(0) + 1, s.at, s.kind, s.by, s.to, s.channel,
                            s.rung, s.level, s.action, s.text, s.measurement, s.message});
}

std::optional<PatientId> patient_of(db::Tx& tx, OrganizationId organization, SafetyEventId event) {
  return tx.one(sql::kPatientOfEvent, {organization, event}, [](const db::Row& row) { return row.id<PatientId>(0); });
}

std::vector<Step> list_steps(db::Tx& tx, OrganizationId organization, SafetyEventId event) {
  return tx.all(sql::kListSteps, {organization, event}, read_step);
}

void insert(db::Tx& tx, OrganizationId organization, const SafetyPlan& p) {
  std::string with;
  for (const auto& who : p.written_with) with += (with.empty() ? "" : " ") + who;
  const std::string steps = encode_steps(p.steps);
  tx.run(sql::kInsertPlan, {organization, p.version, p.id, p.patient, p.written_at, p.written_on, p.written_by, with, p.language,
                            steps, p.reason, p.written_by_kind});
}

std::vector<SafetyPlan> list_plans(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListPlans, {organization, patient}, read_plan);
}

std::optional<SafetyPlan> find_plan(db::Tx& tx, OrganizationId organization, PatientId patient, PlanId plan) {
  return tx.one(sql::kFindPlan, {organization, patient, plan}, read_plan);
}

std::optional<SafetyPlan> last_plan(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kLastPlan, {organization, patient}, read_plan);
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
