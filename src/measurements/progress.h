// What a series of scores of one instrument means in an episode: baseline, current, change, improvement,
// response, remission, worsening (domain.md "Scores"; metrics.md section 1 for ties and paired forms). Pure;
// no clock, no database. The numbers are parameters: rulesets/concord-2026.json names each with its source.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/id.h"

namespace concord::measurements {

/// One administration as the rules read it.
struct Score {
  Uuid id;
  std::string instrument;          ///< "phq-9"
  std::string informant = "self";  ///< self and child are one series; parent, teacher, ... are their own
  Date date;                       ///< site-local day of administration
  std::optional<Instant> at;       ///< time of administration where known
  Instant entered_at{};            ///< order of entry breaks what date and time leave open
  std::optional<double> total;
  bool valid = true;
  bool replaced = false;  ///< corrected by a later row: ignored
  bool safety_positive = false;
  bool unseen = false;  ///< sent in by the patient, no member of staff has looked yet
};

enum class ResponseKind { percent, points };

/// The numbers of one instrument. `higher_is_worse` false (WHO-5) turns every comparison round.
struct Criteria {
  std::string instrument;
  std::string label;                          ///< as people write it, "PHQ-9"
  std::optional<double> elevated;             ///< at or above: symptoms need care
  std::optional<ResponseKind> response_kind;  ///< nullopt: response is not defined
  double response = 50;                       ///< per cent of the baseline, or points
  std::optional<double> response_parent;      ///< points for a parent's form where it differs (SMFQ)
  std::optional<double> remission_below;
  std::optional<double> improved_below;  ///< "or below 10" of PHQ-9 and GAD-7
  std::optional<double> worse_by;        ///< points
  int stale_days_active = 30;
  int stale_days_relapse_prevention = 90;
  double minimum = 0, maximum = 27;
  bool higher_is_worse = true;

  bool is_elevated(double total) const;
  bool is_remission(double total) const;
  bool is_response(double baseline, double total, bool parent_form) const;
  /// Worse by at least worse_by points.
  bool is_worse(double before, double total) const;
};

/// Pointers point into the scores given to progress().
struct Progress {
  std::vector<const Score*> series;  ///< valid scores of the informant shown, oldest first, screening included
  const Score* screening = nullptr;  ///< latest before enrolment: shown, never the baseline
  const Score* baseline = nullptr;
  const Score* current = nullptr;   ///< latest on a day after the baseline's
  const Score* previous = nullptr;  ///< the one before `current` (the baseline at the earliest)
  std::optional<double> change;     ///< current - baseline, points
  std::optional<double> percent;    ///< 100 x change / baseline; no value only when there is no change or baseline 0
  // Over all informants; of paired forms either suffices, each against its own baseline.
  bool baseline_elevated = false;
  bool current_elevated = false;
  bool improved = false;  ///< elevated baseline and the instrument's criterion
  bool response = false;
  bool remission = false;  ///< current below the mark; `baseline_elevated` is the reporter's business
  // Of the informant shown.
  bool worse_than_previous = false;
  bool worse_than_baseline = false;

  /// The latest valid score, screening included.
  const Score* latest() const { return series.empty() ? nullptr : series.back(); }
};

/// Chronological order: date, then time where both are known, then order of entry, then id.
bool earlier(const Score& a, const Score& b);

/// Scores of other instruments, invalid, replaced or without total are ignored. Without an enrolment date
/// there is no baseline and no current score, only the series.
Progress progress(std::span<const Score> scores, const Criteria& criteria, std::optional<Date> enrolled);

/// Points of change for one day of the series: is `score` at response or remission against `baseline`?
bool at_target(const Score& score, const Score& baseline, const Criteria& criteria, bool remission_only);

/// One decimal, half up on the magnitude: -10.526 -> -10.5, 12.25 -> 12.3.
double one_decimal(double value);

}  // namespace concord::measurements
