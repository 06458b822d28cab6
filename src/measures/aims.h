// Process and outcome figures of a collaborative care program (rule set aims-2026) with the two fidelity clocks. Pure: facts,
// rules and period in; one line for every episode with the reason for being in or out of each figure; figures are sums of lines.
//
//   caseload           enrolled in the period by a day or more; of two episodes of a patient the later stands for the patient
//   active caseload    still enrolled on the last day that is known
//   a clock            starts with an enrolment or a review and ends with the contact, review or change it waits for, or on its
//                      last day, or with the discharge. It counts once, in the period in which it ends: a quarter is the sum of
//                      its months, and nobody is judged before the time is over ("not_due_yet")
//
// Every number is a parameter of rulesets/aims-2026.json with its source; docs/measures.md says what is our reading.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "measures/facts.h"
#include "measures/period.h"
#include "measures/rule_file.h"

namespace concord::measures {

struct AimsRules {
  std::string name, version;
  int inactivity_days = 90;
  int contacts_at_least = 3, contacts_within_months = 3;
  int first_contact_days = 28, first_contact_from_days = 1;  ///< after enrolment; both included
  int monitored_within_days = 30;                            ///< ending on the last day, both included
  int contact_score_days = 7;                                ///< before a contact
  int treatment_days = 70;
  double elevated_at = 10, improved_below = 10, improved_drop_percent = 50;  ///< PHQ-9 points; per cent
  int nonresponse_day = 56, review_from_day = 56, review_to_day = 84;        ///< after enrolment; both ends included
  int change_within_days = 14, change_followed_days = 84;                    ///< after the review; the review's day is 0
  bool needs_elevated_baseline = true, review_needs_recommendation = true, early_discharge_counts = true;
  std::vector<std::string> depression_scales, change_kinds;
  std::vector<std::vector<std::string>> same_scale;  ///< instruments that stand for one another
  std::vector<Benchmark> benchmarks;
  RuleFile file;
};
/// bad_file with every issue and its path.
Result<AimsRules> load_aims_rules(std::string_view json_text);

enum class AimsFigure : std::uint8_t {
  caseload,
  active_caseload,
  caseload_per_fte,
  active_caseload_per_fte,
  contacts_per_month,
  three_contacts,
  first_contact,
  days_to_first_contact,
  score_monitored,
  score_at_contact,
  median_phq9,
  improved,
  consulted,
  changed,
  reviewed_weeks_8_to_12,
  change_after_review,
  days_to_change,
};
inline constexpr std::size_t kAimsFigures = 17;

struct AimsFigureInfo {
  std::string_view id, kind, unit;  ///< kind: count, mean, rate, median
  std::string_view of;              ///< who or what is in the denominator
  std::string_view label;
  bool is_of_lines = true;     ///< false: computed from another figure (per FTE)
  bool counts_events = false;  ///< contacts or reviews, of which a line may have several; else a line is in once
};
const AimsFigureInfo& info(AimsFigure figure);

/// How much of a figure a line is: events or, for most figures, 0 or 1.
struct Share {
  int numerator = 0, denominator = 0;
  std::string_view reason;
};

struct AimsLine {
  std::string patient_id, episode_id;
  Date enrolled;
  std::optional<Date> effective_discharge;  ///< when it is on or before the last day that is known
  std::string discharge_cause;              ///< recorded reason, "not_given", "inactivity", or ""
  int days_in_treatment = 0;                ///< enrolment to the last day that is known or the effective discharge
  std::optional<Date> first_contact;        ///< first one after the assessment
  std::optional<Score> baseline, current;   ///< depression scale; current is on a later day
  std::optional<Score> latest;              ///< current, or the last one of the baseline's day
  struct Change {
    Date review, change;
    int days() const { return change - review; }
  };
  std::vector<Change> changes;  ///< made in the period, with the review that asked for one
  std::array<Share, kAimsFigures> shares;
  const Share& share(AimsFigure figure) const { return shares[static_cast<std::size_t>(figure)]; }
};

struct AimsTotal {
  std::int64_t numerator = 0, denominator = 0;
  std::optional<double> value;  ///< of counts, means and medians; one decimal, half up
  /// Of rates: one decimal, half up; nullopt without anybody.
  std::optional<double> percent() const;
};

struct AimsReport {
  std::string rule_set, version;
  ReportPeriod period;
  std::optional<double> fte;  ///< mean of the months for which it was attested; nullopt: none
  std::array<AimsTotal, kAimsFigures> totals;
  std::vector<AimsLine> lines;  ///< by patient, enrolment, episode; whoever was enrolled by the last day that is known
  const AimsTotal& total(AimsFigure figure) const { return totals[static_cast<std::size_t>(figure)]; }
};

/// Facts after `period.until` are not looked at. The same facts give the same report, in any order of patients.
AimsReport aims_report(const Clinic& clinic, const AimsRules& rules, const ReportPeriod& period);

/// docs/measures.md describes every member. One line of JSON with a line break at the end. `as_of`: the facts are of that
/// instant.
std::string aims_json(const AimsReport& report, const AimsRules& rules, std::optional<Instant> as_of = {});
/// For people.
std::string aims_table(const AimsReport& report, const AimsRules& rules);

}  // namespace concord::measures
