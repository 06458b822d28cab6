#include "reports/costs_json.h"

#include <algorithm>

#include "reports/figures_json.h"

namespace concord::reports {

using measures::Figure;

std::vector<CostLine> costs_of(const Scene& scene, const Sheet& sheet) {
  CostInput input;
  measures::Question q{scene.asked.period.from, scene.asked.period.to, {}};
  const auto* site = scene.asked.filter(Stratum::site);
  q.filters.push_back({Stratum::site, site != nullptr ? std::vector{*site} : scene.asked.sites});
  for (const auto& [stratum, value] : scene.asked.filters)
    if (stratum != Stratum::site) q.filters.push_back({stratum, {value}});
  input.minutes = measures::minutes_by_role(*scene.facts, q);
  const Shown& reach = sheet[static_cast<std::size_t>(Figure::consultant_reach)];
  if (!reach.suppressed && reach.value && *reach.value > 0)
    input.consultant_session_hours = static_cast<double>(reach.numerator) / *reach.value;
  const Shown& enrolled = sheet[static_cast<std::size_t>(Figure::enrolled)];
  const Shown& response = sheet[static_cast<std::size_t>(Figure::response_of_enrolled)];
  if (!enrolled.suppressed) input.patients = enrolled.numerator;
  if (!response.suppressed) input.responses = response.numerator;
  // Of a period that is running, those that have begun: nothing was spent in the others yet.
  input.months = month_of(scene.asked.period.to) - scene.asked.period.span.from + 1;
  auto lines = costs(input, scene.assumptions.values);
  // Minutes of a small group are as good as its number.
  if (!scene.asked.filters.empty() && enrolled.suppressed)
    for (auto& line : lines) {
      line.suppressed = true;
      line.value.reset();
      line.formula.clear();
    }
  return lines;
}

void write_cost_line(json::Writer& w, const Scene& scene, const CostLine& line) {
  w.object()
      .field("id", line.id)
      .field("name", scene.say("cost." + line.id))
      .field("value", line.value)
      .field("unit", line.unit)
      .field("formula", line.formula)
      .field("suppressed", line.suppressed)
      .end();
}

void write_cost_figure_members(json::Writer& w, const Scene& scene, const CostLine& line) {
  w.field("id", line.id)
      .field("group", "cost")
      .field("kind", "mean")
      .field("unit", line.unit)
      .field("name", scene.say("cost." + line.id))
      .field("what", line.formula)
      .key("of")
      .null()
      .field("better", line.id == "return" ? "up" : "")
      .field("suppressed", line.suppressed);
  w.key("numerator").null().key("denominator").null().key("percent").null().field("value", line.value);
  w.field("rule_set", scene.rules().name).field("rule_set_version", scene.rules().version).key("period");
  write_period(w, scene.asked.period);
  w.field("not_sent", false).field("opens", false).key("signal").null().key("series").array().end();
}

void write_assumption_members(json::Writer& w, const Deps& deps, std::string_view language, const AssumptionsVersion& now,
                              const std::string& author) {
  w.field("version", now.version).field("at", now.at).key("by");
  if (now.by) w.object().field("id", *now.by).field("name", author).end();
  else w.null();
  w.field("reason", now.reason).key("values").array();
  for (const auto& a : deps.rules->assumptions) {
    const auto found = now.values.find(a.id);
    const double value = found == now.values.end() ? a.value : found->second;
    w.object()
        .field("id", a.id)
        .field("name", (*deps.words)("assumption." + a.id, language))
        .field("value", value)
        .field("unit", a.unit)
        .field("assumed", value == a.value)
        .field("source", value == a.value ? a.source : now.reason)
        .field("minimum", a.minimum)
        .field("maximum", a.maximum)
        .end();
  }
  w.end();
}

void write_benchmark(json::Writer& w, const Scene& scene, const Benchmark& b, const Sheet& sheet,
                     const std::vector<CostLine>& cost_lines) {
  w.object()
      .field("id", b.id)
      .field("text", scene.say("benchmark." + b.id))
      .field("figure", b.figure)
      .field("of", b.of)
      .field("unit", b.unit)
      .field("value", b.value);
  if (b.unit == "percent") w.field("percent", b.value);
  else w.key("percent").null();
  w.field("comparison", b.comparison)
      .field("n", b.n)
      .field("months", b.months)
      .field("source", b.source)
      .field("primary_source", b.primary_source)
      .field("note", b.primary_source ? std::string() : scene.say("no_primary_source"))
      .key("ours");
  const auto figure = b.figure ? measures::find_figure(*b.figure) : std::nullopt;
  const auto line = std::find_if(cost_lines.begin(), cost_lines.end(), [&](const CostLine& one) { return b.figure == one.id; });
  if (figure) {
    write_figure(w, scene, measures::info(*figure), sheet[static_cast<std::size_t>(*figure)]);
  } else if (line != cost_lines.end()) {
    w.object();
    write_cost_figure_members(w, scene, *line);
    w.end();
  } else {
    w.null();
  }
  w.end();
}

}  // namespace concord::reports
