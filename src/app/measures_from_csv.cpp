#include "app/measures_from_csv.h"

#include <unordered_map>

#include "contacts/contacts.h"
#include "exchange/csv_folder.h"

namespace concord::app {

measures::Clinic clinic_from_rows(const exchange::Rows& rows, const measures::NysRules& rules) {
  measures::Clinic clinic;
  std::unordered_map<Uuid, measures::PatientIndex> index;
  for (const auto& p : rows.patients) index.emplace(p.row.id.uuid, clinic.add_patient(p.key, p.row.birth_date));
  for (const auto& c : rows.coverage)
    clinic.coverage.add(index.at(c.row.patient.uuid),
                        {c.row.start_date, c.row.end_date, measures::is_medicaid(c.row.payer_category)});
  for (const auto& e : rows.episodes)
    if (e.row.enrolled_date)
      clinic.episodes.add(index.at(e.row.patient.uuid), {e.key, *e.row.enrolled_date, e.row.closed_date,
                                                         e.row.close_reason.value_or(""), e.row.primary_instrument.value_or("")});
  for (const auto& c : rows.contacts)
    if (contacts::is_clinical(c.row)) clinic.contacts.add(index.at(c.row.patient.uuid), {c.row.date});
  for (const auto& m : rows.measurements) {
    if (!m.row.valid || !m.row.total || m.row.replaced_by) continue;
    const auto form = rules.form_of(m.row.instrument, m.row.informant);
    measures::Score score;
    score.date = m.row.administered_date;
    score.at = m.row.administered_at.time_since_epoch().count();
    score.form = clinic.form(form.instrument, form.informant);
    score.total = *m.row.total;
    for (const auto& subscale : m.row.subscales)
      if (subscale.id == "symptom_count") score.symptoms = static_cast<int>(subscale.total);
    clinic.scores.add(index.at(m.row.patient.uuid), score);
  }
  for (const auto& r : rows.reviews)
    clinic.reviews.add(index.at(r.row.patient.uuid), {r.row.date, r.row.recommendation_documented});
  for (const auto& v : rows.visits)
    clinic.visits.add(index.at(v.row.patient.uuid),
                      {v.row.date, rules.is_screening_visit(v.row.provider_category, v.row.modality, v.row.billing_codes)});
  for (const auto& m : rows.site_months) clinic.bhcm_fte.emplace_back(m.row.month_start, m.row.bhcm_fte);
  clinic.group();
  return clinic;
}

Result<CsvClinic> clinic_from_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                                  const measures::NysRules& rules) {
  CONCORD_TRY(auto read, exchange::read_faultless_folder(folder, instruments));
  return CsvClinic{clinic_from_rows(read.rows, rules), std::move(read.notes)};
}

}  // namespace concord::app
