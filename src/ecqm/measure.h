// What a measure is and what it says about a patient. One function, evaluate(), gives a patient's place in every population with
// the reason; totals are sums of these, so a drill-down cannot differ from its figure.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "ecqm/facts.h"
#include "ecqm/terms.h"

namespace concord::ecqm {

/// First and last day of the measurement period, both included.
struct MeasurementPeriod {
  Date from, to;
  /// "2026" or "2026-01-01/2026-12-31".
  static Result<MeasurementPeriod> parse(std::string_view text);
  bool operator==(const MeasurementPeriod&) const = default;
};

/// What to do where the published text and the official cases leave the meaning open (reference/measures.md 1.3).
struct Switches {
  /// 1.3.1 A condition neither active, recurrence or relapse nor with an abatement has no prevalence. true: it goes on from its
  /// onset.
  bool null_prevalence_is_ongoing = false;
  /// 1.3.2 A medication order without supply data counts as follow-up (CMS2), as the usual engine does it. false: it does not.
  bool order_without_supply_counts = true;
  /// 1.3.3 Of several with exactly the same time, which is "last": the one listed first (as the usual engine) or last.
  enum class Tie : std::uint8_t { first_listed, last_listed } tie = Tie::first_listed;
  /// 1.3.4 Only resources whose meta.profile names the QI-Core profile are seen. false: what a resource is follows from its
  /// content.
  bool trust_meta_profile = false;
};

enum class Population : std::uint8_t { initial_population, denominator, denominator_exclusion, denominator_exception, numerator };
inline constexpr std::array kPopulations = {Population::initial_population, Population::denominator,
                                            Population::denominator_exclusion, Population::denominator_exception,
                                            Population::numerator};
std::string_view name_of(Population p);  ///< "initial-population", ... (FHIR measure-population codes)

/// In (count > 0) or out of a population and why. `reason` is a code of the measure ("no_index_assessment"), static text.
/// Counts are 0 or 1 for measures that count patients, and visits for CMS177.
struct Standing {
  int count = 0;
  std::string_view reason;
  bool in() const { return count > 0; }
};

struct GroupResult {
  std::array<Standing, kPopulations.size()> standings{};
  int stratum = -1;  ///< place in GroupInfo::strata; -1 none
  const Standing& operator[](Population p) const { return standings[static_cast<std::size_t>(p)]; }
  Standing& operator[](Population p) { return standings[static_cast<std::size_t>(p)]; }
};

/// A date the result rests on, for the drill-down: {"index_date", 2025-03-01}.
struct KeyDate {
  std::string_view name;
  Date date;
};

struct PatientResult {
  std::string patient_id;
  std::string source;               ///< file (and line) the patient was read from
  std::vector<GroupResult> groups;  ///< as many as Measure::groups
  std::vector<KeyDate> dates;
  std::vector<std::pair<std::string_view, double>> values;  ///< {"index_score", 14}
  std::vector<std::string> evidence;                        ///< resources it rests on: "Encounter/e1", without repeats
  /// Not empty: the record could not be used; groups is empty then.
  std::vector<Issue> errors;
};

struct GroupInfo {
  std::string_view id;  ///< "1", "acute"
  std::string_view title;
  std::vector<std::string_view> strata;  ///< "12-17", "18+"
};

struct Question {
  MeasurementPeriod period;
  Switches switches;
};

/// A measure of the table. Pure data and one pure function; thread-safe.
struct Measure {
  std::string_view id;    ///< "cms159"
  std::string_view name;  ///< of the published Measure resource
  std::string_view title;
  std::string_view version;  ///< "1.0.000"
  std::string_view url;      ///< canonical
  std::string_view basis;    ///< "boolean" or "Encounter" (what is counted)
  bool has_exceptions = false;
  bool has_exclusions = true;
  std::vector<GroupInfo> groups;
  std::vector<TermNeed> terms;  ///< at most 64
  /// Fills groups, dates, values and evidence of `out`, whose lists arrive empty.
  void (*evaluate)(const Facts& facts, const Question& question, PatientResult& out) = nullptr;
  /// Words for a reason code, for people; "" when the measure has no such code.
  std::string_view (*words)(std::string_view reason) = nullptr;
};

const Measure& cms159();
const Measure& cms2();
const Measure& cms128();
const Measure& cms177();
/// By id; null when there is none.
const Measure* find_measure(std::string_view id);

/// Sums of patient results. Order does not matter.
class Totals {
 public:
  struct Counts {
    std::array<std::int64_t, kPopulations.size()> of{};
    std::int64_t operator[](Population p) const { return of[static_cast<std::size_t>(p)]; }
    /// Denominator without exclusions and exceptions.
    std::int64_t measured() const { return of[1] - of[2] - of[3]; }
  };
  struct Why {
    Population population;
    bool in;
    std::string_view reason;
    auto operator<=>(const Why&) const = default;
  };
  struct Group {
    Counts all;
    std::vector<Counts> strata;
    /// Patients by population, in or out of it, and reason.
    std::map<Why, std::int64_t> reasons;
  };

  explicit Totals(const Measure& measure);
  void add(const PatientResult& result);
  void add(const Totals& other);

  std::vector<Group> groups;
  std::int64_t patients = 0;  ///< with a usable record
  std::int64_t errors = 0;    ///< without one
};

}  // namespace concord::ecqm
