// What measures are computed from: facts of every patient as columns, grouped by patient, small enough to stay in memory.
// Filled by a reader of CSV or of the database (app/measures_facts.h), then never changed: any thread may read.
//
//   Clinic clinic;
//   const auto ann = clinic.add_patient("ann", Date::ymd(1980, 5, 1));
//   clinic.scores.add(ann, {...});              // in the order of entry
//   clinic.group();                             // once, after the last row
//   for (const Score& s : clinic.scores.of(ann)) ...
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.h"

namespace concord::measures {

/// Index of a patient in a Clinic.
using PatientIndex = std::uint32_t;

/// Rows of many patients; `group` brings each patient's together and keeps their order.
template <class Row>
class Grouped {
 public:
  void add(PatientIndex patient, Row row) {
    patients_.push_back(patient);
    rows_.push_back(std::move(row));
  }
  void group(std::size_t patients) {
    starts_.assign(patients + 1, 0);
    for (const PatientIndex p : patients_) ++starts_[p + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    std::vector<Row> sorted(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) sorted[next[patients_[i]]++] = std::move(rows_[i]);
    rows_ = std::move(sorted);
    patients_ = {};
  }
  /// Instead of add and group: the rows of several parts, one after the other; the parts are empty afterwards.
  void join(const std::vector<Grouped*>& parts, std::size_t patients) {
    starts_.assign(patients + 1, 0);
    std::size_t size = 0;
    for (const Grouped* part : parts) {
      for (const PatientIndex p : part->patients_) ++starts_[p + 1];
      size += part->rows_.size();
    }
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    rows_ = std::vector<Row>(size);
    for (Grouped* part : parts) {
      for (std::size_t i = 0; i < part->rows_.size(); ++i) rows_[next[part->patients_[i]]++] = std::move(part->rows_[i]);
      *part = {};
    }
    patients_ = {};
  }
  /// Before grouping, for renumbering what rows refer to.
  template <class Change>
  void change_each(const Change& change) {
    for (auto& row : rows_) change(row);
  }
  std::span<const Row> of(PatientIndex patient) const {
    return std::span<const Row>(rows_).subspan(starts_[patient], starts_[patient + 1] - starts_[patient]);
  }
  std::size_t size() const { return rows_.size(); }

 private:
  std::vector<PatientIndex> patients_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> starts_ = {0};
};

/// A questionnaire as one kind of person fills it in: the forms of a pair are two. Teacher and parent forms of Vanderbilt are
/// instruments of their own already.
struct FormKey {
  std::string instrument;  ///< "scared"
  std::string informant;   ///< "child"; "" where the instrument has one kind of informant
  auto operator<=>(const FormKey&) const = default;
};
/// Index into Clinic::forms.
using FormIndex = std::uint8_t;

struct Coverage {
  Date start;
  std::optional<Date> end;
  bool is_medicaid = false;  ///< fee-for-service, managed care or dual; not Child Health Plus, not Essential Plan
};
struct Episode {
  std::string id;
  Date enrolled;
  std::optional<Date> discharged;
  std::string discharge_reason;        ///< "moved"; "" while it is open
  std::string primary_scale;           ///< instrument id fixed at enrolment
  std::string primary_condition = {};  ///< "depression"; "" when not said
};
/// Documented treatment contacts that count (contacts::is_clinical), nothing else.
struct Contact {
  Date date;
};
/// A valid score; corrected and invalid ones are not here.
struct Score {
  Date date;
  FormIndex form = 0;
  std::int64_t at = 0;  ///< microseconds since 1970; one without a time of day counts as noon, in the order of entry
  double total = 0;
  std::optional<int> symptoms;  ///< Vanderbilt: items answered often or very often
};
struct Review {
  Date date;
  bool has_recommendation = false;
};
/// What a review advised, drafts and withdrawn advice left out; it belongs to the patient's reviews of that day.
struct Recommendation {
  Date reviewed;
  std::string kind;  ///< reviews::kKinds; "other" where only words are known
  std::optional<Date> answered, done;
};
/// A medication or psychotherapy was begun, changed in dose or ended.
struct TreatmentStep {
  enum class What : std::uint8_t { start, dose, stop };
  Date date;
  What what = What::start;
};
/// A visit at the practice.
struct Visit {
  Date date;
  bool is_screening_visit = false;  ///< with a medical provider, in person or telehealth, a listed CPT code; age is asked later
  bool is_hospice = false;          ///< a service of hospice care was billed (names_hospice)
};
/// A diagnosis of the patient's list with an ICD-10-CM code. It was there once: whether it has ended is not asked.
struct Diagnosis {
  Date since;        ///< onset, or the day it was recorded
  std::string code;  ///< "F319": no dot, upper case
};

struct Clinic {
  struct Patient {
    std::string id;
    std::optional<Date> born, died;
  };
  std::vector<Patient> patients;
  std::vector<FormKey> forms;
  Grouped<Coverage> coverage;
  Grouped<Episode> episodes;
  Grouped<Contact> contacts;
  Grouped<Score> scores;
  Grouped<Review> reviews;
  Grouped<Visit> visits;
  Grouped<Recommendation> recommendations;
  Grouped<TreatmentStep> treatment_steps;
  Grouped<Diagnosis> diagnoses;
  /// Attested care-manager FTE: first day of the month and the sum over sites.
  std::vector<std::pair<Date, double>> bhcm_fte;

  PatientIndex add_patient(std::string id, std::optional<Date> born, std::optional<Date> died = {});
  /// Breaks an invariant past 255 forms: instruments are a fixed list.
  FormIndex form(std::string_view instrument, std::string_view informant);
  void group();
  /// Instead of adding rows and grouping: facts that were read in parts, in the order of the parts, as if one reader had added
  /// them. The parts name patients by this clinic's numbers, have forms of their own and no patients, and are empty afterwards.
  void join(std::span<Clinic> parts);
};

/// Among billing codes with blanks between: one that is billed for hospice care only (HCPCS Level II, published by CMS).
bool names_hospice(std::string_view billing_codes);
/// nullopt: no ICD-10-CM code. `system`: its name or address, such as "http://hl7.org/fhir/sid/icd-10-cm".
std::optional<Diagnosis> diagnosis_of(std::string_view system, std::string_view code, std::optional<Date> onset, Date recorded);

}  // namespace concord::measures
