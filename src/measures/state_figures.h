// The eleven figures as numbers, and which of them are hidden from people who see aggregates only. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "measures/nys_words.h"
#include "measures/small_cells.h"

namespace concord::measures {

struct StateFigure {
  std::optional<std::int64_t> numerator, denominator;  ///< people; a count has its numerator only
  std::optional<double> percent;
  std::optional<double> value;  ///< people (1-3), weeks (4), FTE (11)
};
/// [1] .. [11]
using StateFigures = std::array<StateFigure, kNysMetrics + 1>;
/// From the object "metrics" of a report.
StateFigures read_figures(std::string_view metrics_json);

using HiddenFigures = std::array<bool, kNysMetrics + 1>;
/// What must not be shown: counts of 1 to 10 people, and whatever lets one compute them from the other figures of the month or
/// from an earlier statement of the same month (`earlier`): what 5, 7 and 6 take from 2, and 8 from 6.
HiddenFigures hidden_figures(const StateFigures& figures, std::span<const StateFigures> earlier);

}  // namespace concord::measures
