#include "ecqm/measure.h"

namespace concord::ecqm {

Result<MeasurementPeriod> MeasurementPeriod::parse(std::string_view text) {
  const auto wrong = [] {
    return fail(ErrorCode::invalid, "The measurement period cannot be read.",
                {{"--period", "must be a year (2026) or two dates (2026-01-01/2026-12-31)"}});
  };
  MeasurementPeriod period;
  if (text.size() == 4) {
    const auto first = Date::parse(std::string(text) + "-01-01"), last = Date::parse(std::string(text) + "-12-31");
    if (!first || !last) return wrong();
    return MeasurementPeriod{*first, *last};
  }
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return wrong();
  const auto first = Date::parse(text.substr(0, slash)), last = Date::parse(text.substr(slash + 1));
  if (!first || !last) return wrong();
  if (*last < *first)
    return fail(ErrorCode::invalid, "The measurement period cannot be read.", {{"--period", "must not end before it begins"}});
  return MeasurementPeriod{*first, *last};
}

std::string_view name_of(Population p) {
  switch (p) {
    case Population::initial_population:
      return "initial-population";
    case Population::denominator:
      return "denominator";
    case Population::denominator_exclusion:
      return "denominator-exclusion";
    case Population::denominator_exception:
      return "denominator-exception";
    case Population::numerator:
      return "numerator";
  }
  return {};
}

const Measure* find_measure(std::string_view id) {
  for (const auto of : {&cms159, &cms2, &cms128, &cms177})
    if (of().id == id) return &of();
  return nullptr;
}

Totals::Totals(const Measure& measure) : groups(measure.groups.size()) {
  for (std::size_t g = 0; g < groups.size(); ++g) groups[g].strata.resize(measure.groups[g].strata.size());
}

void Totals::add(const PatientResult& result) {
  if (!result.errors.empty()) {
    ++errors;
    return;
  }
  ++patients;
  for (std::size_t g = 0; g < result.groups.size() && g < groups.size(); ++g) {
    const GroupResult& one = result.groups[g];
    Counts* stratum = one.stratum >= 0 && static_cast<std::size_t>(one.stratum) < groups[g].strata.size()
                          ? &groups[g].strata[static_cast<std::size_t>(one.stratum)]
                          : nullptr;
    for (const Population p : kPopulations) {
      const Standing& standing = one[p];
      groups[g].all.of[static_cast<std::size_t>(p)] += standing.count;
      if (stratum != nullptr) stratum->of[static_cast<std::size_t>(p)] += standing.count;
      ++groups[g].reasons[{p, standing.in(), standing.reason}];
    }
  }
}

void Totals::add(const Totals& other) {
  patients += other.patients;
  errors += other.errors;
  for (std::size_t g = 0; g < groups.size() && g < other.groups.size(); ++g) {
    for (std::size_t i = 0; i < kPopulations.size(); ++i) {
      groups[g].all.of[i] += other.groups[g].all.of[i];
      for (std::size_t s = 0; s < groups[g].strata.size() && s < other.groups[g].strata.size(); ++s)
        groups[g].strata[s].of[i] += other.groups[g].strata[s].of[i];
    }
    for (const auto& [key, count] : other.groups[g].reasons) groups[g].reasons[key] += count;
  }
}

}  // namespace concord::ecqm
