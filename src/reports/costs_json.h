// Costs, the assumptions they rest on, and what the literature reports, as JSON.
#pragma once

#include <string>
#include <vector>

#include "json/writer.h"
#include "reports/costs.h"
#include "reports/scene.h"

namespace concord::reports {

/// `sheet`: the question's figures. Of a small group nothing is said.
std::vector<CostLine> costs_of(const Scene& scene, const Sheet& sheet);
void write_cost_line(json::Writer& w, const Scene& scene, const CostLine& line);
/// The members of a cost line in the shape of a figure.
void write_cost_figure_members(json::Writer& w, const Scene& scene, const CostLine& line);

/// `author`: the name of who set them.
void write_assumption_members(json::Writer& w, const Deps& deps, std::string_view language, const AssumptionsVersion& now,
                              const std::string& author);

/// With ours beside it: a figure, or one of the cost lines.
void write_benchmark(json::Writer& w, const Scene& scene, const Benchmark& b, const Sheet& sheet,
                     const std::vector<CostLine>& cost_lines);

}  // namespace concord::reports
