// What the pages of the reports have in common, as JSON: a period, a figure, its months, its run chart.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/writer.h"
#include "measures/run_chart.h"
#include "reports/scene.h"

namespace concord::reports {

/// Members of every page: who looks, at which period of whom, under which rules.
void write_head(json::Writer& w, const Scene& scene);
void write_period(json::Writer& w, const Period& period);

bool is_share(const measures::FigureInfo& info);
/// "up", "down" or "": which way is better.
std::string_view better(const measures::FigureInfo& info);
/// id, group, kind, unit, name, what, of, better: what a figure is, whoever looks at it.
void write_meaning(json::Writer& w, const measures::FigureInfo& info, const portal::Words& words, std::string_view language);

/// suppressed, numerator, denominator, percent, and the value of what is no share as `value`.
void write_numbers(json::Writer& w, const measures::FigureInfo& info, const Shown& shown, std::string_view value = "value");
void write_figure_members(json::Writer& w, const Scene& scene, const measures::FigureInfo& info, const Shown& shown);
void write_figure(json::Writer& w, const Scene& scene, const measures::FigureInfo& info, const Shown& shown);

measures::RunChart chart_of(const Scene& scene, const std::vector<Sheet>& series, const measures::FigureInfo& info);
void write_run_chart(json::Writer& w, const Scene& scene, const measures::RunChart& chart);
void write_series(json::Writer& w, const Scene& scene, const std::vector<Sheet>& series, const measures::FigureInfo& info,
                  const measures::RunChart& chart);

void write_annotation(json::Writer& w, const Annotation& a, const std::string& site_name, const std::string& author);
/// Those of the organization's or the question's sites; `figure`: without the ones of other figures.
void write_annotations(json::Writer& w, const Scene& scene, const std::optional<std::string_view>& figure);

}  // namespace concord::reports
