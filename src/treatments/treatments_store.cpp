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
  return t;
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

void insert(db::Tx& tx, OrganizationId organization, const Treatment& t) {
  tx.run(sql::kInsertTreatment, {organization, t.patient, t.id, t.kind, t.name, t.code, t.dose, t.start_date, t.stop_date,
                                 t.stop_reason, t.source, t.version});
  for (const auto& c : t.changes)
    tx.run(sql::kInsertChange, {organization, t.patient, t.id, c.on, c.id, c.from_dose, c.to_dose, c.reason});
}

bool change_dose(db::Tx& tx, OrganizationId organization, const Treatment& before, const DoseChange& c) {
  if (tx.run(sql::kSetDose, {organization, before.patient, before.id, before.version, c.to_dose}) == 0) return false;
  tx.run(sql::kInsertChange, {organization, before.patient, before.id, c.on, c.id, c.from_dose, c.to_dose, c.reason});
  return true;
}

bool stop(db::Tx& tx, OrganizationId organization, const Treatment& before, Date on, std::string_view reason) {
  return tx.run(sql::kStopTreatment, {organization, before.patient, before.id, before.version, on, reason}) > 0;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Treatment> treatments, Instant) {
  static constexpr std::string_view kColumns[] = {
      "organization_id", "patient_id", "treatment_id", "kind",   "name",   "code", "dose",
      "start_date",      "stop_date",  "stop_reason",  "source", "version"};
  std::size_t next = 0;
  tx.load("treatment", kColumns, [&](std::vector<db::Param>& values) {
    if (next == treatments.size()) return false;
    const Treatment& t = treatments[next++];
    values.assign({organization, t.patient, t.id, t.kind, t.name, t.code, t.dose, t.start_date, t.stop_date, t.stop_reason,
                   t.source, t.version});
    return true;
  });
  static constexpr std::string_view kChangeColumns[] = {"organization_id", "patient_id", "treatment_id", "change_date",
                                                        "change_id",       "from_dose",  "to_dose",      "reason"};
  next = 0;
  std::size_t inner = 0;
  tx.load("treatment_change", kChangeColumns, [&](std::vector<db::Param>& values) {
    while (next < treatments.size() && inner == treatments[next].changes.size()) ++next, inner = 0;
    if (next == treatments.size()) return false;
    const Treatment& t = treatments[next];
    const DoseChange& c = t.changes[inner++];
    values.assign({organization, t.patient, t.id, c.on, c.id, c.from_dose, c.to_dose, c.reason});
    return true;
  });
}

}  // namespace concord::treatments
