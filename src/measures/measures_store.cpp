#include "measures/measures_store.h"

#include <unordered_map>

#include "contacts/contacts.h"
#include "measurements/scored.h"
#include "measures/measures_sql.h"

namespace concord::measures {

Score score_from(Clinic& clinic, const NysRules& rules, const db::Row& row) {
  const FormKey form = rules.form_of(row.text(1), row.text(2));
  Score score;
  score.date = row.date(3);
  score.at = row.instant(4).time_since_epoch().count();
  score.form = clinic.form(form.instrument, form.informant);
  score.total = row.real(5);
  if (const std::string_view stored = row.text(6); stored.find("symptom_count") != std::string_view::npos)
    for (const auto& subscale : measurements::decode_subscales(stored))
      if (subscale.id == "symptom_count") score.symptoms = static_cast<int>(subscale.total);
  return score;
}

void add_treatment(Clinic& clinic, PatientIndex patient, const db::Row& row) {
  clinic.treatment_steps.add(patient, {row.date(1), TreatmentStep::What::start});
  if (!row.is_null(2)) clinic.treatment_steps.add(patient, {row.date(2), TreatmentStep::What::stop});
}

Visit visit_from(const NysRules& rules, const db::Row& row) {
  return {row.date(1), rules.is_screening_visit(row.text(2), row.text(3), row.text(4)), names_hospice(row.text(4))};
}

void add_diagnosis(Clinic& clinic, PatientIndex patient, const db::Row& row) {
  if (row.is_null(1) || row.is_null(2)) return;
  if (auto fact = diagnosis_of(row.text(2), row.text(1), row.maybe_date(3), row.date(4)))
    clinic.diagnoses.add(patient, std::move(*fact));
}

Clinic load_clinic(db::Tx& tx, OrganizationId organization, const NysRules& rules, const NameOf& name_of) {
  Clinic clinic;
  std::unordered_map<Uuid, PatientIndex> index;
  tx.each(sql::kFactsPatients, {organization}, [&](const db::Row& row) {
    index.emplace(row.uuid(0), clinic.add_patient(name_of("patient", row.uuid(0)), row.maybe_date(1), row.maybe_date(2)));
  });
  const auto each = [&](const db::Sql& statement, const auto& take) {
    tx.each(statement, {organization}, [&](const db::Row& row) { take(index.at(row.uuid(0)), row); });
  };
  each(sql::kFactsCoverage, [&](PatientIndex patient, const db::Row& row) {
    clinic.coverage.add(patient, {row.date(2), row.maybe_date(3), is_medicaid(row.text(1))});
  });
  each(sql::kFactsEpisodes, [&](PatientIndex patient, const db::Row& row) {
    clinic.episodes.add(patient,
                        {name_of("episode", row.uuid(1)), row.date(2), row.maybe_date(3), row.maybe_string(4).value_or(""),
                         row.maybe_string(5).value_or(""), row.maybe_string(6).value_or("")});
  });
  each(sql::kFactsContacts, [&](PatientIndex patient, const db::Row& row) {
    const auto modality = row.is_null(2) ? std::nullopt : std::optional(row.text(2));
    if (contacts::is_clinical("treatment", modality, row.text(3), row.text(4), row.text(5)))
      clinic.contacts.add(patient, {row.date(1)});
  });
  each(sql::kFactsScores,
       [&](PatientIndex patient, const db::Row& row) { clinic.scores.add(patient, score_from(clinic, rules, row)); });
  each(sql::kFactsReviews,
       [&](PatientIndex patient, const db::Row& row) { clinic.reviews.add(patient, {row.date(1), row.boolean(2)}); });
  each(sql::kFactsRecommendations, [&](PatientIndex patient, const db::Row& row) {
    clinic.recommendations.add(patient, {row.date(1), std::string(row.text(2)), row.maybe_date(3), row.maybe_date(4)});
  });
  each(sql::kFactsTreatments, [&](PatientIndex patient, const db::Row& row) { add_treatment(clinic, patient, row); });
  each(sql::kFactsTreatmentChanges, [&](PatientIndex patient, const db::Row& row) {
    clinic.treatment_steps.add(patient, {row.date(1), TreatmentStep::What::dose});
  });
  each(sql::kFactsVisits, [&](PatientIndex patient, const db::Row& row) { clinic.visits.add(patient, visit_from(rules, row)); });
  each(sql::kFactsConditions, [&](PatientIndex patient, const db::Row& row) { add_diagnosis(clinic, patient, row); });
  tx.each(sql::kFactsSiteMonths, {organization},
          [&](const db::Row& row) { clinic.bhcm_fte.emplace_back(row.date(0), row.real(1)); });
  clinic.group();
  return clinic;
}

}  // namespace concord::measures
