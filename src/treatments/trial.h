// Was a treatment tried long enough at a sufficient dose, and what has happened since the plan last changed? Pure
// functions; the numbers are data with their sources (rulesets/trials-2026.json). They judge a trial, they never
// advise a dose.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "treatments/treatments.h"

namespace concord::treatments {

struct TrialRules {
  std::string name, version;
  int review_after_weeks = 10;
  std::string review_source;
  int minimum_weeks = 4;
  std::string weeks_source;
  std::map<std::string, double, std::less<>> minimum_mg;  ///< per day, by folded name; brand names too
  std::string dose_source;
  std::map<std::string, int, std::less<>> minimum_sessions;  ///< by approach
  std::string sessions_source;
};
/// bad_file with every issue: a number missing, out of range or without source, a name twice.
Result<TrialRules> load_trial_rules(std::string_view json_text);

/// "50 mg twice daily" -> 100; nullopt where Concord cannot be sure: ranges, as needed, other units, weekly doses.
std::optional<double> mg_per_day(std::string_view dose);

enum class Answer { yes, no, unknown };
std::string_view name(Answer answer);

struct Adequacy {
  Answer result = Answer::unknown;
  int weeks = 0;  ///< longest run at or above the minimum dose
  std::optional<int> needed_weeks;
  std::optional<double> minimum_mg;
  int sessions = 0;
  std::optional<int> needed_sessions;
  std::string why;       ///< a sentence in `language`
  std::string citation;  ///< of the number that decided
};
/// Medication: weeks in a row at or above the minimum dose. Reports of having taken none of it end such a run;
/// "some" makes a long run uncertain. Psychotherapy: sessions since its start.
Adequacy adequacy(const Treatment& treatment, std::span<const Report> reports, std::span<const Session> sessions,
                  const TrialRules& rules, Date today, std::string_view language = "en");

struct ScorePoint {
  Date date;
  double total = 0;
};
/// Of the primary instrument, in any order.
struct ScoreSeries {
  std::string instrument;  ///< "" when none is chosen
  bool higher_is_worse = true;
  std::vector<ScorePoint> points;
};

/// The trial clock of the whole plan.
struct Trial {
  std::optional<Date> plan_since;
  std::optional<int> weeks_on_plan;
  struct Change {
    Date on;
    TreatmentId treatment;
    std::string what;  ///< start, dose, stop
    std::string line;
  };
  std::optional<Change> last_change;
  std::optional<ScorePoint> at_change;  ///< the last score on or before the change
  std::optional<ScorePoint> best;       ///< the best one after it
  std::optional<ScorePoint> current;    ///< the latest one after it
  std::optional<double> best_change, best_percent,
      current_percent;  ///< against at_change; below 0 is better when higher is worse
  Answer adequate = Answer::unknown;
  std::string why;
  std::vector<std::string> lines;  ///< of what is taken now, "sertraline 50 -> 100 mg, 6 weeks"
};
Trial trial(const std::vector<Treatment>& treatments, std::span<const Report> reports, std::span<const Session> sessions,
            const ScoreSeries& scores, const TrialRules& rules, Date today, std::string_view language = "en");

}  // namespace concord::treatments
