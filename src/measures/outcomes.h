// The figures of the program dashboard, each with a standing for every subject: in its denominator, in its numerator, or out, and
// why. Totals are sums of standings: `evaluate` and `standings` come from the same function, so a drill-down cannot differ from
// its figure. Pure: (snapshot, question) in; the numbers are in rulesets/outcomes-2026.json and in the instruments of
// concord-2026.
//
//   auto columns = residents.get(tx, organization);          // app/outcomes_wiring.h; nullptr: being prepared
//   Question q{Date::ymd(2026, 1, 1), Date::ymd(2026, 1, 31)};
//   q.filters = {{Stratum::language, {"es", "unknown"}}};
//   Totals totals = evaluate(*columns, q);
//   totals[Figure::response_of_enrolled].percent();
//   for (const StandingLine& line : standings(*columns, q, Figure::response_of_enrolled)) ...
//
// What the words mean (docs/measures.md has the reasons):
//   enrolled      the episode's enrolment overlaps the period by a day or more; it ends when it is closed, or `inactive_days`
//   after the
//                 latest clinical contact known by the last day, whichever comes first
//   long enough   enrolled for `enrolled_days` by the last day, or ended by then: who leaves early does not disappear, who has
//   just
//                 come is not judged yet
//   elevated      the baseline is at or above the instrument's mark; an episode without a baseline counts as a failure "of
//   enrolled" re-measured   a valid score of the primary instrument on a later day than the baseline, up to the last day response
//   current against baseline by the instrument's own criterion; remission, improved alike (concord-2026)
// Units are said per figure. Days are local days of care. Any thread may evaluate any snapshot.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/result.h"
#include "measurements/progress.h"

namespace concord::measures {

struct Resident;

/// The numbers of rulesets/outcomes-2026.json (each with its source there) and the instruments of concord-2026.
struct OutcomeRules {
  std::string name = "concord-2026", version;  ///< of the rule set whose instruments count
  std::string parameters, parameters_version;  ///< "outcomes-2026"
  int inactive_days = 90;                      ///< after the latest clinical contact an enrolment has ended
  int enrolled_days = 70;                      ///< "long enough"
  int first_contact_from_days = 1;             ///< after enrolment; the assessment itself is no follow-up
  int first_contact_days = 28;
  int measured_days = 30;     ///< ending on the last day, both ends included
  int review_from_days = 56;  ///< weeks 8 to 12 after enrolment, both ends included
  int review_due_days = 84;
  int change_within_days = 60;  ///< a later change of treatment is not counted as following from the review
  int funnel_link_days = 180;   ///< a referral so long after a positive screen still belongs to it
  int trial_weeks = 8;          ///< tried long enough: how long a recommendation done must stand when nobody said how it went
  int satisfied_percent = 75;   ///< an answer whose mean reaches this share of the scale is "satisfied" or "involved"
  std::string satisfaction_survey = "satisfaction";
  std::vector<std::string> involvement_surveys = {"involvement", "collaborate"};
  std::vector<int> age_bands = {12, 18, 30, 45, 65};  ///< first year of each band
  /// By instrument id.
  std::map<std::string, measurements::Criteria, std::less<>> instruments;
  struct Number {
    std::string id;
    double value = 0;
    std::string unit, source;
  };
  std::vector<Number> numbers;  ///< every number of the file, to be shown
};
/// bad_file with every issue and its path. `instruments`: the criteria of the rule set in force.
Result<OutcomeRules> load_outcome_rules(std::string_view json_text, std::vector<measurements::Criteria> instruments,
                                        std::string_view rule_set, std::string_view rule_set_version);

enum class Stratum : std::uint8_t {
  site,          ///< text of the site's id
  care_manager,  ///< text of the user's id
  pathway,
  instrument,  ///< primary instrument
  language,
  interpreter,  ///< "yes", "no"
  race,
  ethnicity,
  sex,
  age_band,  ///< "under_12", "12-17", "18-29", "30-44", "45-64", "65+": on the day of enrolment (funnel: of entry)
  payer,     ///< payer_category active on that day; of several: Medicaid first, then the one that began last
};
inline constexpr std::size_t kStrata = 11;
std::string_view name(Stratum stratum);  ///< "age_band"
std::optional<Stratum> parse_stratum(std::string_view name);

/// What a figure counts.
enum class Subject : std::uint8_t { episode, review, recommendation, survey_answer, goal, journey, site };
std::string_view name(Subject subject);

enum class Kind : std::uint8_t { count, rate, median, mean, funnel };
std::string_view name(Kind kind);

enum class Figure : std::uint8_t {
  enrolled,
  active_caseload,
  re_measured,
  response_of_enrolled,
  response_of_remeasured,
  remission_of_enrolled,
  remission_of_remeasured,
  improved_of_enrolled,
  improved_of_remeasured,
  mean_change,
  weekly_change,
  first_contact_in_28_days,
  days_to_first_contact,
  weeks_to_first_response,
  measured_in_30_days,
  nonresponders_reviewed,
  days_from_review_to_change,
  recommendations_sent,
  recommendations_answered,
  recommendations_accepted,
  recommendations_done,
  recommendations_tried,
  days_to_answer,
  days_to_done,
  caseload_per_fte,
  consultant_reach,
  satisfied,
  involved,
  goals_reached,
  funnel_screened,
  funnel_referred,
  funnel_reached,
  funnel_assessed,
  funnel_enrolled,
  funnel_first_contact,
  funnel_remeasured,
  funnel_response,
  funnel_remission,
};
inline constexpr std::size_t kFigures = 38;

struct FigureInfo {
  Figure figure;
  std::string_view id;  ///< "response_of_enrolled"
  Kind kind;
  Subject subject;
  std::string_view unit;   ///< "percent", "patients", "days", "weeks", "points per week", ...
  std::string_view of;     ///< "enrolled", "re-measured", ...: who is in the denominator, in a word
  std::string_view about;  ///< one sentence
  int better = 1;          ///< 1: more is better, -1: less is better, 0: neither
};
/// In the order of Figure.
std::span<const FigureInfo> figures();
const FigureInfo& info(Figure figure);
std::optional<Figure> find_figure(std::string_view id);

struct Filter {
  Stratum stratum;
  std::vector<std::string> values;  ///< any of these; one that nobody has matches nobody
};
/// A period of days, both included. A month, a rolling window, a year: all alike. `to` not after today: the caller's business.
struct Question {
  Date from, to;
  std::vector<Filter> filters;  ///< all must hold
};

enum class Place : std::uint8_t { out, denominator, numerator };

/// One subject of a figure. `reason` is a code from the list in docs/measures.md ("no_later_score"); never empty.
struct StandingLine {
  Uuid patient;
  Uuid episode;  ///< nil: the subject has none
  Uuid site;
  Place standing = Place::out;
  std::string_view reason;
  std::optional<double> value;  ///< of value figures: days, weeks, percent, points per week
  Date day;                     ///< of enrolment, review, sending, entry into the funnel, ...
};

struct Total {
  std::int64_t denominator = 0, numerator = 0;
  /// Median and mean figures, caseload_per_fte (patients per FTE), consultant_reach (patients reviewed per hour).
  std::optional<double> value;
  /// One decimal, half up, from the exact ratio; nullopt without anybody.
  std::optional<double> percent() const;
  bool operator==(const Total&) const = default;
};
/// By Figure. Count figures: numerator = denominator = the count. Value figures: numerator = how many values.
struct Totals {
  std::array<Total, kFigures> of{};
  const Total& operator[](Figure f) const { return of[static_cast<std::size_t>(f)]; }
  Total& operator[](Figure f) { return of[static_cast<std::size_t>(f)]; }
  bool operator==(const Totals&) const = default;
};

/// Every figure, in one pass over each kind of subject.
Totals evaluate(const Resident& facts, const Question& question);

struct StratumTotals {
  std::string value;  ///< "es", "unknown"
  Totals totals;
};
/// The same for each value of a stratum that anybody has (those nobody of the question has too: all zero), "unknown" last, others
/// in byte order. One pass. Figures of sites (caseload_per_fte) are filled for Stratum::site only.
std::vector<StratumTotals> evaluate_by(const Resident& facts, const Question& question, Stratum stratum);

struct Window {
  Date from, to;
};
/// `months` calendar months ending with that of `last`, each window `length` months long and ending with its month.
std::vector<Window> monthly_windows(Date last, int months, int length = 1);
/// Every figure for every window (ascending), in one pass; the question's own period is not looked at.
std::vector<Totals> series(const Resident& facts, const Question& question, std::span<const Window> windows);

/// Every figure for every window and every cell of two strata (or one, or none), in one pass: what complementary suppression
/// needs.
struct Cube {
  std::vector<std::string> rows, columns;  ///< values that anybody has, as evaluate_by orders them; {""} without a stratum
  std::vector<Totals> cells;               ///< windows x rows x columns
  const Totals& at(std::size_t window, std::size_t row, std::size_t column) const {
    return cells[(window * rows.size() + row) * columns.size() + column];
  }
};
/// `windows` as in series(): neither begin nor end goes back.
Cube cube(const Resident& facts, const Question& question, std::span<const Window> windows, std::optional<Stratum> rows,
          std::optional<Stratum> columns);

/// Every subject that the figure had to look at in the period, in order of patient, episode and day. Those whom the period does
/// not concern at all (enrolled later, ended before) are left out, those who fell out for a reason are there.
std::vector<StandingLine> standings(const Resident& facts, const Question& question, Figure figure);

/// Minutes of the period by the role in which they were spent, for cost. In byte order of the role; "" was not said.
struct RoleMinutes {
  std::string role;
  std::int64_t minutes = 0, patients = 0;
};
std::vector<RoleMinutes> minutes_by_role(const Resident& facts, const Question& question);

/// The six figures of the outcome report (enrolled, re-measured, response, remission, improved, mean change) of one period,
/// without filters: the fast path that evaluate() uses, by itself for the benchmark. With `slopes` the mean weekly change too.
Totals outcome_report(const Resident& facts, const Question& question, bool slopes);

}  // namespace concord::measures
