// Shapes of the answers for the interface description (JSON Schema texts): each part once, and what pages have in common once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/schema.h"

namespace concord::reports {

/// A page: who looks, which period, which filters and rules (write_head in figures_json.h), then `members`.
std::string page_schema(const http::Members& members);

std::string figure_schema();
/// A figure with its last year and what the literature reports.
std::string card_schema();
std::string listed_figure_schema();  ///< what a figure means
std::string group_schema();
std::string series_schema();
std::string run_chart_schema();
std::string strata_schema();
std::string reason_schema();
std::string patient_schema();  ///< somebody behind a figure
std::string funnel_step_schema();
std::string annotation_schema();
std::string benchmark_schema();
std::string assumptions_schema();
std::string cost_line_schema();
std::string letter_schema();

/// Query parameters of every page: the period and the filters.
std::vector<std::pair<std::string, std::string>> question_parameters();

}  // namespace concord::reports
