// One administration as another system gives it -> a scored Measurement. Answers are scored here; a total
// that disagrees with complete answers is kept as stated_total and never trusted. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "instruments/instruments.h"
#include "instruments/score.h"
#include "measurements/measurements.h"

namespace concord::exchange {

struct GivenForm {
  const instruments::Instrument* instrument = nullptr;
  std::string informant;  ///< empty: the instrument's first
  struct Answer {
    int item = 0;                  ///< index into the instrument's items
    std::optional<double> points;  ///< nullopt: said to be blank
  };
  std::vector<Answer> answers;
  std::optional<double> total;                            ///< as stated
  std::vector<std::pair<std::string, double>> subscales;  ///< totals of subscales, for totals-only instruments
  /// The total was counted where all items were known (a score of its own): it stands when items are missing here.
  bool total_stands_alone = false;
};

struct ScoredForm {
  measurements::Measurement row;  ///< without id, patient, times
  bool total_disagrees = false;   ///< stated_total is set and not trusted
  std::vector<instruments::SafetySignal> signals;
};

/// `invalid` with issues: answers that are no option of their item, a total outside the instrument's range,
/// neither answers nor a total.
Result<ScoredForm> score_form(const GivenForm& form);

/// "phq-9 q9 = 1" or "c-ssrs-screener high": what a safety event says. No personal data.
std::string safety_signal_text(std::string_view instrument, const std::vector<instruments::SafetySignal>& signals);

/// An imported positive answer opens a safety event when it is this recent; older ones stay on the
/// measurement (README, "Safety").
inline constexpr int kSafetyEventDays = 90;

}  // namespace concord::exchange
