#include "app/measures_from_csv.h"

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

#include "app/plain_clinic_csv.h"
#include "contacts/contacts.h"
#include "exchange/csv_folder.h"

namespace concord::app {

measures::Coverage coverage_fact(const patients::Coverage& row) {
  return {row.start_date, row.end_date, measures::is_medicaid(row.payer_category)};
}

std::optional<measures::Episode> episode_fact(const std::string& key, const episodes::Episode& row) {
  if (!row.enrolled_date) return std::nullopt;
  return measures::Episode{key,
                           *row.enrolled_date,
                           row.closed_date,
                           row.close_reason.value_or(""),
                           row.primary_instrument.value_or(""),
                           row.primary_condition.value_or("")};
}

std::optional<measures::Contact> contact_fact(const contacts::Contact& row) {
  if (!contacts::is_clinical(row)) return std::nullopt;
  return measures::Contact{row.date};
}

std::optional<measures::Score> score_fact(measures::Clinic& clinic, const measurements::Measurement& row,
                                          const measures::NysRules& rules) {
  if (!row.valid || !row.total || row.replaced_by) return std::nullopt;
  const auto form = rules.form_of(row.instrument, row.informant);
  measures::Score score;
  score.date = row.administered_date;
  score.at = row.administered_at.time_since_epoch().count();
  score.form = clinic.form(form.instrument, form.informant);
  score.total = *row.total;
  for (const auto& subscale : row.subscales)
    if (subscale.id == "symptom_count") score.symptoms = static_cast<int>(subscale.total);
  return score;
}

measures::Review review_fact(const reviews::Review& row) { return {row.date, row.recommendation_documented}; }

std::optional<measures::Recommendation> recommendation_fact(const reviews::Review& row) {
  const auto advice = reviews::first_of(row);
  if (!advice || advice->state == reviews::State::draft || advice->state == reviews::State::withdrawn) return std::nullopt;
  return measures::Recommendation{row.date, advice->kind, advice->answered_date, advice->done_date};
}

measures::Visit visit_fact(const exchange::PracticeVisit& row, const measures::NysRules& rules) {
  return {row.date, rules.is_screening_visit(row.provider_category, row.modality, row.billing_codes),
          measures::names_hospice(row.billing_codes)};
}

measures::Clinic clinic_from_rows(const exchange::Rows& rows, const measures::NysRules& rules) {
  measures::Clinic clinic;
  std::unordered_map<Uuid, measures::PatientIndex> index;
  for (const auto& p : rows.patients)
    index.emplace(p.row.id.uuid, clinic.add_patient(p.key, p.row.birth_date, p.row.deceased_date));
  for (const auto& c : rows.coverage) clinic.coverage.add(index.at(c.row.patient.uuid), coverage_fact(c.row));
  for (const auto& c : rows.conditions)
    if (c.row.code && c.row.code_system)
      if (auto fact = measures::diagnosis_of(*c.row.code_system, *c.row.code, c.row.onset_date, c.row.recorded_date))
        clinic.diagnoses.add(index.at(c.row.patient.uuid), std::move(*fact));
  for (const auto& e : rows.episodes)
    if (auto fact = episode_fact(e.key, e.row)) clinic.episodes.add(index.at(e.row.patient.uuid), std::move(*fact));
  for (const auto& c : rows.contacts)
    if (const auto fact = contact_fact(c.row)) clinic.contacts.add(index.at(c.row.patient.uuid), *fact);
  for (const auto& m : rows.measurements)
    if (const auto fact = score_fact(clinic, m.row, rules)) clinic.scores.add(index.at(m.row.patient.uuid), *fact);
  for (const auto& r : rows.reviews) {
    const auto who = index.at(r.row.patient.uuid);
    clinic.reviews.add(who, review_fact(r.row));
    if (auto advice = recommendation_fact(r.row)) clinic.recommendations.add(who, std::move(*advice));
  }
  for (const auto& t : rows.treatments) {
    const auto who = index.at(t.row.patient.uuid);
    using Step = measures::TreatmentStep;
    clinic.treatment_steps.add(who, {t.row.start_date, Step::What::start});
    if (t.row.stop_date) clinic.treatment_steps.add(who, {*t.row.stop_date, Step::What::stop});
    for (const auto& change : t.row.changes) clinic.treatment_steps.add(who, {change.on, Step::What::dose});
  }
  for (const auto& v : rows.visits) clinic.visits.add(index.at(v.row.patient.uuid), visit_fact(v.row, rules));
  for (const auto& m : rows.site_months) clinic.bhcm_fte.emplace_back(m.row.month_start, m.row.bhcm_fte);
  clinic.group();
  return clinic;
}

Result<CsvClinic> clinic_from_any_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                                      const measures::NysRules& rules) {
  CONCORD_TRY(auto read, exchange::read_faultless_folder(folder, instruments));
  return CsvClinic{clinic_from_rows(read.rows, rules), std::move(read.notes)};
}

namespace {

/// Two scores of one form at the same time: which is the first and which the last follows from their order alone. Without a time
/// of day a score stands at noon, and each row a microsecond after the row before it.
std::optional<std::string> scores_of_one_time(const measures::Clinic& clinic) {
  constexpr std::int64_t kOneTime = 60'000'000;  // microseconds
  std::size_t patients = 0;
  std::string example;
  for (measures::PatientIndex who = 0; who < clinic.patients.size(); ++who) {
    const auto scores = clinic.scores.of(who);
    const auto twice = [&](const measures::Score& a) {
      return std::any_of(&a + 1, scores.data() + scores.size(), [&](const measures::Score& b) {
        return b.form == a.form && b.total != a.total && std::abs(b.at - a.at) < kOneTime;
      });
    };
    const auto found = std::find_if(scores.begin(), scores.end(), twice);
    if (found == scores.end()) continue;
    if (patients++ == 0)
      example = clinic.patients[who].id + ", " + clinic.forms[found->form].instrument + " on " + found->date.iso();
  }
  if (patients == 0) return std::nullopt;
  return "scale_result.csv: " + std::to_string(patients) + (patients == 1 ? " patient has" : " patients have") +
         " two different scores of one form at one time (" + example + "): the order of the rows decides";
}

}  // namespace

Result<CsvClinic> clinic_from_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                                  const measures::NysRules& rules) {
  CsvClinic read;
  if (auto plain = clinic_from_plain_csv(folder, instruments, rules)) {
    read.clinic = std::move(*plain);
  } else {
    CONCORD_TRY(read, clinic_from_any_csv(folder, instruments, rules));
  }
  for (const char* file : {"coverage.csv", "episode.csv", "contact.csv", "scale_result.csv", "psych_review.csv",
                           "practice_visit.csv", "site_month.csv"})
    if (std::error_code unknown; !std::filesystem::exists(folder / file, unknown))
      read.notes.push_back(std::string(file) + " is not in the folder: it is read as if there were no such rows");
  if (auto note = scores_of_one_time(read.clinic)) read.notes.push_back(std::move(*note));
  return read;
}

}  // namespace concord::app
