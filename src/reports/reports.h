// What people ask of the program's reports: which period, of whom; and the rules of the house: what is hidden, which assumptions
// costs rest on, what the literature reports. Pure. Counting is measures/outcomes.h, hiding suppression.h, both together sheet.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "measures/outcomes.h"
#include "reports/suppression.h"

namespace concord::reports {

using measures::Stratum;

// ---- rulesets/reports-2026.json

struct Assumption {
  std::string id, unit, source;
  double value = 0, minimum = 0, maximum = 0;
};
/// What somebody else has published.
struct Benchmark {
  std::string id, of, unit, source;
  std::optional<std::string> figure;  ///< ours beside it: a figure of outcomes.h or a line of costs.h
  double value = 0;
  std::optional<double> comparison;
  std::optional<std::int64_t> n, months;
  bool primary_source = true;
};
/// The letter speaks up when a share is below `percent`.
struct Mark {
  std::string figure, step, source;
  double percent = 0;
};
struct Rules {
  std::string name, version;
  int threshold = 10;    ///< counts of 1 to so many are hidden from who sees aggregates only
  int most_filters = 2;  ///< for them; a breakdown counts as one
  std::vector<Assumption> assumptions;
  std::vector<Benchmark> benchmarks;
  std::vector<std::string> letter_figures;
  int least_people = 10;  ///< in the denominator of what the letter judges
  std::vector<Mark> marks;
  const Assumption* assumption(std::string_view id) const;
};
/// bad_file with every issue and its path.
Result<Rules> load_rules(std::string_view json_text);

// ---- questions

enum class PeriodKind { month, quarter, year, months12 };
std::string_view name(PeriodKind kind);  ///< "12months"
std::optional<PeriodKind> parse_period_kind(std::string_view name);

struct Period {
  PeriodKind kind = PeriodKind::month;
  Span span;
  Date from, to;         ///< `to` is today in a period that is running
  bool complete = true;  ///< it is over
};
/// `at` "2026-03" is a month of it (of 12 months: the last); empty: the latest one that is over. Issues name `period` and `at`.
Result<Period> read_period(std::string_view period, std::string_view at, Date today);
std::string month_text(MonthNumber month);  ///< "2026-03"
std::optional<MonthNumber> parse_month(std::string_view text);

struct Asked {
  Period period;
  std::vector<std::pair<Stratum, std::string>> filters;  ///< by stratum; each at most once
  std::vector<std::string> sites;                        ///< texts of ids, sorted: whom the caller may see
  bool exact = false;                                    ///< the caller may open patients
  Date today;

  const std::string* filter(Stratum stratum) const;
  /// Everything that decides over an answer, as one text.
  std::string key() const;
};

/// The figure's parts are hidden or shown together.
struct Shown {
  bool suppressed = false;
  bool hidden_numerator = false;    ///< of a funnel's step: its own count
  bool hidden_denominator = false;  ///< of a funnel's step: the count of the step before
  std::int64_t numerator = 0, denominator = 0;
  std::optional<double> percent, value;
};

/// The group a figure stands in on the screen: outcomes, reach, care, loop, capacity, experience, funnel.
std::string_view group_of(measures::Figure figure);
inline constexpr std::string_view kGroups[] = {"outcomes", "reach", "care", "loop", "capacity", "experience"};

}  // namespace concord::reports
