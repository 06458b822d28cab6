#include "treatments/treatments_store.h"

#include "treatments/treatments_sql.h"

namespace concord::treatments {
namespace {

Treatment read_treatment(const db::Row& row) {
  Treatment t;
  t.patient = row.id<PatientId>(0);
  t.id = row.id<TreatmentId>(1);
  t.kind = row.string(2);
  t.name = row.string(3);
  t.code = row.maybe_string(4);
  t.dose = row.maybe_string(5);
  t.start_date = row.date(6);
  t.stop_date = row.maybe_date(7);
  t.stop_reason = row.maybe_string(8);
  t.source = row.string(9);
  t.version = row.integer(10);
  if (!row.is_null(11)) t.recommendation = row.uuid(11);
  return t;
}

Report read_report(const db::Row& row) {
  Report r;
  r.patient = row.id<PatientId>(0);
  r.id = row.uuid(1);
  r.treatment = row.id<TreatmentId>(2);
  r.on = row.date(3);
  r.adherence = row.string(4);
  r.side_effects = row.string(5);
  if (const auto bother = row.maybe_integer(6)) r.bother = static_cast<int>(*bother);
  if (!row.is_null(7)) r.contact = row.uuid(7);
  r.by = row.id<UserId>(8);
  r.at = row.instant(9);
  r.reporter = row.string(10);
  r.labels = row.string(11);
  return r;
}

Session read_session(const db::Row& row) {
  Session s;
  s.patient = row.id<PatientId>(0);
  s.id = row.uuid(1);
  s.treatment = row.maybe_id<TreatmentId>(2);
  s.on = row.date(3);
  s.approach = row.string(4);
  if (const auto minutes = row.maybe_integer(5)) s.minutes = static_cast<int>(*minutes);
  s.focus = row.string(6);
  s.homework = row.string(7);
  if (!row.is_null(8)) s.contact = row.uuid(8);
  s.by = row.id<UserId>(9);
  s.at = row.instant(10);
  return s;
}

/// A change's columns in the order of the table; looks into both.
std::vector<db::Param> values_of(OrganizationId organization, const Treatment& t, const DoseChange& c, Instant recorded_at) {
  return {organization, t.patient, t.id, c.on, c.id, c.from_dose, c.to_dose, c.reason, recorded_at};
}

}  // namespace

std::vector<Treatment> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  auto treatments = tx.all(sql::kListTreatments, {organization, patient}, read_treatment);
  if (treatments.empty()) return treatments;
  tx.each(sql::kListChanges, {organization, patient}, [&](const db::Row& row) {
    const auto id = row.id<TreatmentId>(1);
    for (auto& treatment : treatments)
      if (treatment.id == id)
        treatment.changes.push_back({row.uuid(3), row.date(2), row.maybe_string(4), row.string(5), row.string(6)});
  });
  return treatments;
}

std::optional<Treatment> find(db::Tx& tx, OrganizationId organization, PatientId patient, TreatmentId treatment) {
  for (auto& t : list(tx, organization, patient))
    if (t.id == treatment) return std::move(t);
  return std::nullopt;
}

void insert(db::Tx& tx, OrganizationId organization, const Treatment& t, Instant now) {
  tx.run(sql::kInsertTreatment, {organization, t.patient, t.id, t.kind, t.name, t.code, t.dose, t.start_date, t.stop_date,
                                 t.stop_reason, t.source, t.version, t.recommendation, now});
  for (const auto& c : t.changes) tx.run(sql::kInsertChange, values_of(organization, t, c, now));
}

bool change_dose(db::Tx& tx, OrganizationId organization, const Treatment& before, const DoseChange& c, Instant now) {
  if (tx.run(sql::kSetDose, {organization, before.patient, before.id, before.version, c.to_dose}) == 0) return false;
  tx.run(sql::kInsertChange, values_of(organization, before, c, now));
  return true;
}

bool stop(db::Tx& tx, OrganizationId organization, const Treatment& before, Date on, std::string_view reason, Instant now) {
  tx.run(sql::kKeepTreatment, {organization, before.patient, before.id, before.version, now});
  return tx.run(sql::kStopTreatment, {organization, before.patient, before.id, before.version, on, reason}) > 0;
}

std::vector<Report> list_reports(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListReports, {organization, patient}, read_report);
}

void insert(db::Tx& tx, OrganizationId organization, const Report& r) {
  tx.run(sql::kInsertReport, {organization, r.patient, r.id, r.treatment, r.on, r.adherence, r.side_effects, r.bother, r.contact,
                              r.by, r.at, r.reporter, r.labels});
}

std::vector<Session> list_sessions(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListSessions, {organization, patient}, read_session);
}

void insert(db::Tx& tx, OrganizationId organization, const Session& s) {
  tx.run(sql::kInsertSession,
         {organization, s.patient, s.id, s.treatment, s.on, s.approach, s.minutes, s.focus, s.homework, s.contact, s.by, s.at});
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Treatment> treatments, Instant now) {
  static constexpr std::string_view kColumns[] = {
      "organization_id", "patient_id", "treatment_id", "kind",   "name",    "code",       "dose",
      "start_date",      "stop_date",  "stop_reason",  "source", "version", "recorded_at"};
  std::size_t next = 0;
  tx.load("treatment", kColumns, [&](std::vector<db::Param>& values) {
    if (next == treatments.size()) return false;
    const Treatment& t = treatments[next++];
    values.assign({organization, t.patient, t.id, t.kind, t.name, t.code, t.dose, t.start_date, t.stop_date, t.stop_reason,
                   t.source, t.version, t.recorded_at.value_or(now)});
    return true;
  });
  static constexpr std::string_view kChangeColumns[] = {"organization_id", "patient_id", "treatment_id",
                                                        "change_date",     "change_id",  "from_dose",
                                                        "to_dose",         "reason",     "recorded_at"};
  next = 0;
  std::size_t inner = 0;
  tx.load("treatment_change", kChangeColumns, [&](std::vector<db::Param>& values) {
    while (next < treatments.size() && inner == treatments[next].changes.size()) ++next, inner = 0;
    if (next == treatments.size()) return false;
    const Treatment& t = treatments[next];
    const DoseChange& c = t.changes[inner++];
    values = values_of(organization, t, c, c.recorded_at.value_or(now));
    return true;
  });
}

void remove_session_of_contact(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& contact) {
  tx.run(sql::kRemoveSessionOfContact, {organization, patient, contact});
}

}  // namespace concord::treatments
