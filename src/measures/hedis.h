// Screening, monitoring and outcome of depression over our own store, after what is publicly said of the HEDIS measures DSF-E,
// DMS-E and DRR-E (rule set hedis-my2026). Our own reading: not HEDIS results, no text and no value sets of NCQA. Pure: facts,
// rules and year in; one line a patient with the reason for each figure; figures are sums of lines.
//
//   depression encounter   a practice visit or a clinical contact of the program within an episode of depression
//   intake                 1 May of the year before to 30 April (not confirmed: a parameter)
//
//   exclusion              death, hospice care, bipolar, personality, psychotic or developmental disorder: out of the measures
//   that
//                          the rule names, whatever else is so
//
// Every number is a parameter of rulesets/hedis-my2026.json with its source; docs/measures.md says what is our reading. What
// exclusions cannot be read from our facts stands in the rule set too, and in every report.
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
#include "measures/rates.h"
#include "measures/rule_file.h"

namespace concord::measures {

struct HedisRules {
  struct Screen {
    std::string instrument;
    double positive_at = 0;  ///< points
    bool is_brief = false;   ///< a longer one of the same day decides
  };
  struct Exclusion {
    std::string id;                     ///< one of hedis_exclusions()
    std::vector<std::string> measures;  ///< dsf, dms, drr
    std::vector<std::string> before;    ///< of these, in which it counts only when it was there before the year
    std::vector<std::string> codes;     ///< beginnings of ICD-10-CM codes: "F31"
    std::vector<std::string> episodes;  ///< conditions of our own episodes: "bipolar"
  };
  struct NotRead {
    std::string id, why;
  };
  std::string name, version, notice;
  int age = 12;  ///< years
  int screened_until_month = 12, screened_until_day = 1;
  int follow_up_days = 30;
  int known_depression_months = 12;
  int measured_months = 4;
  int intake_first_month = 5;
  int diagnosed_within_days = 30;
  int reassessed_from_day = 120, reassessed_to_day = 240;  ///< after the index score, both included
  double index_above = 9, remission_below = 5, response_drop_percent = 50;
  bool same_day_negative_counts = true, most_recent_score = true, known_depression_excluded = true;
  std::vector<Screen> screens;
  std::vector<Exclusion> exclusions;  ///< the first that applies is the reason
  std::vector<NotRead> exclusions_not_read;
  std::vector<std::string> phq9_tools, depression_conditions;
  std::vector<std::string> depression_encounters;  ///< "visit", "contact": what counts for DMS-E
  std::vector<std::string> follow_up_care;         ///< what counts as care after a positive screen
  RuleFile file;
};
/// bad_file with every issue and its path.
Result<HedisRules> load_hedis_rules(std::string_view json_text);

enum class HedisFigure : std::uint8_t {
  dsf_screening,
  dsf_follow_up,
  dms_first,
  dms_second,
  dms_third,
  drr_follow_up,
  drr_remission,
  drr_response,
};
inline constexpr std::size_t kHedisFigures = 8;

/// What a rule set may leave people out for: "died", "hospice", "bipolar", ... The reason is "excluded_" and the id.
std::vector<std::string_view> hedis_exclusions();

struct HedisFigureInfo {
  std::string_view id, of, label;
};
const HedisFigureInfo& info(HedisFigure figure);

struct HedisLine {
  std::string patient_id;
  std::optional<Date> first_positive;        ///< DSF-E: day of the first positive screen
  std::optional<Score> index, reassessment;  ///< DRR-E: the score that opens it and the most recent one in the window
  std::array<Standing, kHedisFigures> standings;
  const Standing& standing(HedisFigure figure) const { return standings[static_cast<std::size_t>(figure)]; }
};

struct HedisReport {
  std::string rule_set, version;
  ReportPeriod period;  ///< a year
  std::array<Rate, kHedisFigures> totals;
  Rate dms;  ///< DMS-E: the three periods together; a patient may be in each
  std::vector<HedisLine>
      lines;  ///< by patient: visited or with a depression encounter in the year, or an elevated score in the intake
  const Rate& total(HedisFigure figure) const { return totals[static_cast<std::size_t>(figure)]; }
};

/// Facts after `year.until` are not looked at. The same facts give the same report, in any order of patients.
HedisReport hedis_report(const Clinic& clinic, const HedisRules& rules, const ReportPeriod& year);

/// docs/measures.md describes every member. One line of JSON with a line break at the end. `as_of`: the facts are of that
/// instant.
std::string hedis_json(const HedisReport& report, const HedisRules& rules, std::optional<Instant> as_of = {});
/// `"exclusions_read":["died",..],"exclusions_not_read":[{"id":..,"why":..},..]`
void write_exclusions(json::Writer& w, const HedisRules& rules);
/// For people.
std::string hedis_table(const HedisReport& report, const HedisRules& rules);

}  // namespace concord::measures
