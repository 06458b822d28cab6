#include "patients/conditions_store.h"

#include "patients/patients_sql.h"

namespace concord::patients {

std::vector<Condition> list_conditions(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListConditions, {organization, patient}, [&](const db::Row& row) {
    Condition c;
    c.patient = patient;
    c.id = row.id<ConditionId>(0);
    c.text = row.string(1);
    c.code = row.maybe_string(2);
    c.code_system = row.maybe_string(3);
    c.clinical_status = row.string(4);
    c.onset_date = row.maybe_date(5);
    c.ended_date = row.maybe_date(6);
    c.recorded_date = row.date(7);
    c.labels = row.string(8);
    c.source = row.string(9);
    c.version = row.integer(10);
    return c;
  });
}

void insert(db::Tx& tx, OrganizationId organization, const Condition& c, Instant now) {
  insert_all(tx, organization, std::span(&c, 1), now);
}

bool end(db::Tx& tx, OrganizationId organization, const Condition& before, std::string_view clinical_status, Date on) {
  return tx.run(sql::kEndCondition, {organization, before.patient, before.id, before.version, clinical_status, on}) > 0;
}

std::vector<Allergy> list_allergies(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListAllergies, {organization, patient}, [&](const db::Row& row) {
    Allergy a;
    a.patient = patient;
    a.id = row.id<AllergyId>(0);
    a.substance = row.string(1);
    a.code = row.maybe_string(2);
    a.code_system = row.maybe_string(3);
    a.category = row.maybe_string(4);
    a.criticality = row.maybe_string(5);
    a.reaction = row.maybe_string(6);
    a.onset_date = row.maybe_date(7);
    a.ended_date = row.maybe_date(8);
    a.end_reason = row.maybe_string(9);
    a.labels = row.string(10);
    a.source = row.string(11);
    a.version = row.integer(12);
    return a;
  });
}

void insert(db::Tx& tx, OrganizationId organization, const Allergy& a) { insert_all(tx, organization, std::span(&a, 1), {}); }

bool end(db::Tx& tx, OrganizationId organization, const Allergy& before, std::string_view reason, Date on) {
  return tx.run(sql::kEndAllergy, {organization, before.patient, before.id, before.version, reason, on}) > 0;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Condition> conditions, Instant now) {
  if (conditions.empty()) return;
  static constexpr std::string_view kColumns[] = {
      "organization_id", "patient_id", "condition_id",  "text",   "code",   "code_system", "clinical_status",
      "onset_date",      "ended_date", "recorded_date", "labels", "source", "version",     "recorded_at"};
  std::size_t next = 0;
  tx.load("patient_condition", kColumns, [&](std::vector<db::Param>& values) {
    if (next == conditions.size()) return false;
    const Condition& c = conditions[next++];
    values.assign({organization, c.patient, c.id, c.text, c.code, c.code_system, c.clinical_status, c.onset_date, c.ended_date,
                   c.recorded_date, c.labels, c.source, c.version, now});
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Allergy> allergies, Instant) {
  if (allergies.empty()) return;
  static constexpr std::string_view kColumns[] = {"organization_id", "patient_id", "allergy_id",  "substance", "code",
                                                  "code_system",     "category",   "criticality", "reaction",  "onset_date",
                                                  "ended_date",      "end_reason", "labels",      "source",    "version"};
  std::size_t next = 0;
  tx.load("patient_allergy", kColumns, [&](std::vector<db::Param>& values) {
    if (next == allergies.size()) return false;
    const Allergy& a = allergies[next++];
    values.assign({organization, a.patient, a.id, a.substance, a.code, a.code_system, a.category, a.criticality, a.reaction,
                   a.onset_date, a.ended_date, a.end_reason, a.labels, a.source, a.version});
    return true;
  });
}

}  // namespace concord::patients
