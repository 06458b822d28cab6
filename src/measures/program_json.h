// Members that the JSON of the AIMS set, of the HEDIS-like figures and of their routes have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "json/writer.h"
#include "measures/facts.h"
#include "measures/period.h"

namespace concord::measures {

struct FigureValues {
  std::string_view id, kind, of, unit;
  std::optional<std::int64_t> numerator, denominator;
  std::optional<double> percent, value;
};
/// The members of a figure; the object stays open for what else it has.
json::Writer& open_figure(json::Writer& w, const FigureValues& figure);
/// `"period":{"name":..,"from":..,"to":..,"known_until":..}`
json::Writer& write_period(json::Writer& w, const ReportPeriod& period);
/// `"name":{"date":..,"total":..}` or null
void write_score(json::Writer& w, std::string_view name, const std::optional<Score>& score);

}  // namespace concord::measures
