// The numbers of the attention list, as data: rulesets/concord-2026.json. Every number has a name, a unit and
// a source; a rule names the numbers it uses and the evidence it stands on. Changing one is a new version.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/result.h"
#include "calendar/calendar.h"
#include "measurements/progress.h"
#include "pathways/pathways.h"

namespace concord::db {
class Tx;
}
namespace concord::billing {
struct Rules;
}

namespace concord::caseload {

/// The rules of domain.md whose facts exist. The numbers are stored in the projection: never renumber.
enum class Rule : std::uint8_t {
  safety_unreviewed = 1,
  safety_reassess = 2,
  referral_waiting = 3,
  contact_first = 4,
  contact_due = 5,
  measure_stale = 6,
  review_new = 7,
  review_nonresponse = 8,
  review_stale = 9,
  plan_adjust = 10,
  score_worse = 11,
  recommendation_unanswered = 12,
  recommendation_undone = 13,
  target_met = 14,
  relapse = 15,
  episode_long = 16,
  inactive = 17,
  consent_missing = 18,
  checkin_unseen = 19,
  recommendation_unsent = 20,
  recommendation_trial = 21,
  question_open = 22,
  goal_review = 23,
  education_language = 24,
  plan_relapse_prevention = 25,
  visit_missing = 26,
  minutes_near = 27,
  task_due = 28,
  pathway_measure = 29,
  care_manager_missing = 30,
  message_unanswered = 31,
  community_open = 32,
};
/// A list keeps the rules that fire as bits of 64: the last number is 63.
inline constexpr int kRuleCount = 32;
std::string_view name(Rule rule);  ///< "contact.first"
std::optional<Rule> parse_rule(std::string_view name);
/// Every rule, in number order.
std::span<const Rule> all_rules();

/// One number of the rule set, as people see it.
struct Parameter {
  std::string id;  ///< "contact.first.due_days"
  double value = 0;
  std::string unit;    ///< "days", "minutes", "points", "percent", "months"
  std::string source;  ///< citation, or "program default"
};

/// A pathway (pathways/*.json): its own cadence of contacts, and the forms it asks for besides the primary instrument.
struct PathwayRules {
  pathways::Pathway way;
  std::string contact_parameters_json, form_parameters_json;  ///< what contact.due and pathway.measure show of it
};

/// The typed values; parameter_names() in ruleset.cpp ties each to its id.
struct Numbers {
  int safety_unreviewed_minutes = 0, safety_escalate_minutes = 0;
  int safety_reassess_high_first_days = 0, safety_reassess_high_days = 0;
  int safety_reassess_moderate_days = 0, safety_reassess_low_days = 0, safety_reassess_escalate_days = 0;
  int referral_attempt_working_days = 0, referral_outcome_days = 0, referral_seen_elsewhere_days = 0;
  int contact_first_amber_days = 0, contact_first_due_days = 0;
  int cadence_early_until_day = 0, cadence_early_days = 0;
  int cadence_middle_until_day = 0, cadence_middle_days = 0, cadence_late_days = 0;
  int cadence_relapse_prevention_days = 0, cadence_on_hold_days = 0, contact_overdue_high_days = 0;
  int review_new_days = 0;
  int review_nonresponse_from_days = 0, review_nonresponse_due_days = 0, review_nonresponse_quiet_days = 0;
  int review_stale_enrolled_days = 0, review_stale_quiet_days = 0;
  int plan_adjust_days = 0;
  int recommendation_send_working_days = 0;
  int recommendation_answer_days = 0, recommendation_answer_urgent_working_days = 0;
  int recommendation_done_days = 0, recommendation_done_urgent_days = 0, recommendation_trial_days = 0;
  int question_days = 0, question_urgent_working_days = 0;
  int goal_review_days = 0, relapse_plan_days = 0;
  int visit_within_days = 0;
  int minutes_near_minutes = 0, minutes_near_working_days = 0;
  int target_apart_days = 0;
  int episode_long_months = 0, episode_long_again_months = 0;
  int inactive_notice_days = 0, inactive_close_days = 0;
  int checkin_working_days = 0;
  int message_working_days = 0;
  int community_open_days = 0;
  int sparkline_days = 0;
};

/// The largest value a file may give a number of Numbers; breaks an invariant for an id that is none.
int largest_value(std::string_view id);
/// Sets a number by its id; breaks an invariant for an id that is none.
void set_number(Numbers& numbers, std::string_view id, int value);

struct RuleSet {
  std::string name;     ///< "concord-2026"
  std::string version;  ///< "1"
  Numbers numbers;
  std::vector<Parameter> parameters;  ///< as in the file, instruments' numbers included
  std::map<std::string, measurements::Criteria, std::less<>> instruments;
  std::map<std::string, PathwayRules, std::less<>> pathways;
  /// Instruments that a site needs its owner's permission for: pathway.measure never asks for them.
  std::set<std::string, std::less<>> opt_in;
  std::shared_ptr<const billing::Rules> billing;  ///< null: minutes and visits are not looked at
  /// Lends the working calendar of a site (app/ wires it); without it `calendar` holds everywhere.
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  calendar::Calendar calendar;  ///< where the site's own is not known: Monday to Friday but for the file's holidays
  std::array<std::string, kRuleCount + 1> citation;  ///< by rule number
  using ByRule = std::array<std::string, kRuleCount + 1>;
  ByRule parameters_json;                                                 ///< by rule number: {"contact.first.due_days":28,...}
  std::map<std::string, ByRule, std::less<>> instrument_parameters_json;  ///< the same with the instrument's numbers

  const std::string& citation_of(Rule rule) const { return citation[static_cast<std::size_t>(rule)]; }
  /// JSON object of the numbers the rule uses for an episode with that primary instrument.
  const std::string& parameters_of(Rule rule, std::string_view instrument) const;
  /// The instrument's numbers; for one the rule set does not know: no thresholds, 30 and 90 days, its id as label.
  const measurements::Criteria& criteria(std::string_view instrument) const;
  /// Adds what the file does not say itself (app/ fills it from the instruments library); the file wins.
  void add_instrument(measurements::Criteria criteria);
  /// Null for none and for one that is not known.
  const PathwayRules* pathway(std::string_view id) const;
  void add_pathway(pathways::Pathway way);
  /// parameters_of() with the pathway's own numbers beside it.
  const std::string& parameters_of(Rule rule, std::string_view instrument, std::string_view pathway) const;

 private:
  measurements::Criteria unknown_;
};

/// Reads a rule set; bad_file with every issue (missing, unknown or doubled number, number without unit or
/// source, a rule without citation or naming a number that is not there).
Result<RuleSet> load_rule_set(std::string_view json_text);

}  // namespace concord::caseload
