// The monthly program report of New York State's Office of Mental Health, Collaborative Care metrics 2025, as Concord reads it
// (../shared design, metrics.md section 1; docs/measures.md says what the state leaves open and what we decided). Pure: facts,
// rules and month in; one line for every episode with the reason for being in or out of each figure; figures are sums of lines.
//
//   enrolled this month   enrolled on or before the last day, effective discharge not before the first
//   effective discharge   the earlier of the recorded one and: latest clinical contact up to the last day (or enrolment) + 90
//   days figures count people: of two episodes in one month the later stands for the patient, except in 3 and 4, which count
//   events
//
// Every number is a parameter of rulesets/nys-omh-2025.json; thresholds of a scale come from its instrument's file.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "instruments/instruments.h"
#include "measures/facts.h"
#include "measures/rates.h"

namespace concord::measures {

/// A calendar month in the site's time zone.
struct ReportMonth {
  Date first;
  Date last() const { return first.last_of_month(); }
  bool holds(Date day) const { return day >= first && day <= last(); }
  std::string text() const { return first.iso().substr(0, 7); }
  /// "2026-03"; nothing else.
  static std::optional<ReportMonth> parse(std::string_view text);
};

/// What a form's scores mean in this report. Units: points of the total, or symptom items where `of_symptoms`.
struct FormRule {
  std::optional<double> elevated;  ///< baseline at or above; nullopt: this form alone never is
  bool elevated_of_symptoms = false;
  std::optional<double> drop_percent, drop_points, or_below;  ///< improvement of the total
  std::optional<double> remission_below;
  bool remission_of_symptoms = false;
};

struct NysRules {
  std::string name, version;
  int inactivity_days = 90;     ///< after the latest clinical contact
  int treatment_days = 70;      ///< metrics 6 and 8: enrolled at least so long
  int review_window_days = 60;  ///< metric 8: ending on the last day, both ends included
  int screening_age = 12;       ///< years, on the day of the visit
  int screened_within_months = 12;
  int initial_phq9_days = 365;                                   ///< metric 10: no PHQ-9 in so many days before
  double yield_at = 10;                                          ///< metric 10: PHQ-9 total
  std::vector<std::string> visit_providers, visit_modalities;    ///< metric 9; a modality of "" was not said
  std::vector<std::pair<std::string, std::string>> visit_codes;  ///< metric 9: CPT and HCPCS, from and to, inclusive
  /// Primary scale -> the forms it is judged by ("vanderbilt-parent" -> parent and teacher).
  std::map<std::string, std::vector<std::string>, std::less<>> scale_instruments;
  std::vector<std::string> nys_scales;                  ///< metric 5: a score of any of them
  std::vector<std::string> screening_tools;             ///< metric 9
  std::vector<std::string> phq9_tools;                  ///< metric 10
  std::map<FormKey, FormRule> forms;                    ///< from the instruments' files
  std::vector<std::pair<std::string, double>> targets;  ///< metric -> target, per cent (metric 1: patients per FTE)

  const FormRule* rule_of(const FormKey& form) const;
  /// The form that a stored score belongs to: "self" is a pair's "child"; without a pair the informant does not matter.
  FormKey form_of(std::string_view instrument, std::string_view informant) const;
  /// `billing_codes` separated by blanks.
  bool is_screening_visit(std::string_view provider, std::string_view modality, std::string_view billing_codes) const;
};
/// bad_file with every issue and its path. `library` gives the scales' own numbers (nys thresholds).
Result<NysRules> load_nys_rules(std::string_view json_text, const instruments::Library& library);

/// One form's way through the month.
struct Course {
  FormKey form;
  std::optional<Score> baseline;  ///< first score on or after enrolment, up to the last day
  std::optional<Score> current;   ///< latest on a later day than the baseline's
  std::optional<Score> in_month;  ///< latest dated in the month
  bool elevated_baseline = false;
  bool improved = false;      ///< needs its own elevated baseline
  bool in_remission = false;  ///< of in_month; needs its own elevated baseline
};

struct NysLine {
  std::string patient_id, episode_id;
  bool stands_for_patient = true;  ///< false: a later episode of the same month does
  bool enrolled_this_month = false;
  bool medicaid = false;                    ///< on the first of the month
  std::optional<Date> effective_discharge;  ///< when it is on or before the last day
  std::string discharge_cause;              ///< recorded reason, "inactivity", or "" while there is none
  int days_in_treatment = 0;                ///< enrolment to the last day or the effective discharge
  std::vector<Course> courses;              ///< one a form of the primary scale that has scores; the first is shown
  bool elevated_baseline = false, improved = false, in_remission = false;
  bool active_treatment = false;  ///< metric 5: contact and score
  bool reviewed_in_window = false;
  std::array<Standing, 9> metrics;  ///< [1] .. [8]
};

/// Metrics 9 and 10 are about everybody seen at the practice, enrolled or not.
struct ScreeningLine {
  std::string patient_id;
  Standing screening;  ///< 9
  Standing yield;      ///< 10
};

struct NysReport {
  std::string rule_set, version;
  ReportMonth month;
  std::int64_t enrolled = 0, medicaid = 0, newly_enrolled = 0;           ///< 1, 2, 3
  std::vector<int> durations;                                            ///< 4: days, in order of the lines
  Rate contact, improvement, remission, consultation, screening, yield;  ///< 5 .. 10
  std::optional<double> fte;                                             ///< 11; nullopt: nobody attested it
  std::vector<NysLine> lines;                                            ///< by patient, enrolment, episode
  std::vector<ScreeningLine> screening_lines;                            ///< whoever is in 9 or 10

  /// 4: mean days / 7, one decimal, half up; nullopt when nobody was discharged.
  std::optional<double> weeks() const;
};

/// medicaid_ffs, medicaid_managed_care and dual_medicare_medicaid; not Child Health Plus, not Essential Plan.
bool is_medicaid(std::string_view payer_category);

/// Facts after the month's last day are not looked at. The same facts give the same report, in any order of patients.
NysReport nys_report(const Clinic& clinic, const NysRules& rules, ReportMonth month);

/// Members that the JSON has only when somebody asked for them.
struct JsonExtras {
  std::optional<Instant> as_of;  ///< the facts are those that were known then
  std::string published;         ///< JSON: what was published of the month
  std::string restatement;       ///< JSON: how that differs (restatement.h)
};
/// docs/measures.md describes every member. One line of JSON with a line break at the end.
std::string nys_json(const NysReport& report, const JsonExtras& extras = {});
/// Its pieces: "metrics", one of "patients", one of "screening".
std::string figures_json(const NysReport& report);
void write_line(json::Writer& w, const NysLine& line);
void write_line(json::Writer& w, const ScreeningLine& line);
/// For people.
std::string nys_table(const NysReport& report, const NysRules& rules);

}  // namespace concord::measures
