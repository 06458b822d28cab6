#include "reports/figures_json.h"

#include <algorithm>

namespace concord::reports {

using measures::FigureInfo;
using measures::Kind;

void write_head(json::Writer& w, const Scene& scene) {
  w.field("viewer", scene.asked.exact ? "patients" : "aggregates").key("period");
  write_period(w, scene.asked.period);
  w.key("filters").object();
  for (const auto& [stratum, value] : scene.asked.filters) w.field(measures::name(stratum), value);
  w.end()
      .field("rule_set", scene.facts->rules->name)
      .field("rule_set_version", scene.facts->rules->version)
      .field("threshold", scene.rules().threshold);
}

void write_period(json::Writer& w, const Period& period) {
  w.object()
      .field("kind", name(period.kind))
      .field("from", period.from)
      .field("to", period.to)
      .field("at", month_text(period.span.to))
      .field("complete", period.complete)
      .end();
}

bool is_share(const FigureInfo& info) { return info.kind == Kind::rate || info.kind == Kind::funnel; }

std::string_view better(const FigureInfo& info) { return info.better > 0 ? "up" : info.better < 0 ? "down" : ""; }

void write_meaning(json::Writer& w, const FigureInfo& info, const portal::Words& words, std::string_view language) {
  w.field("id", info.id)
      .field("group", group_of(info.figure))
      .field("kind", measures::name(info.kind))
      .field("unit", info.unit)
      .field("name", words("figure." + std::string(info.id), language))
      .field("what", words("what." + std::string(info.id), language))
      .field("of", info.of)
      .field("better", better(info));
}

void write_numbers(json::Writer& w, const FigureInfo& info, const Shown& s, std::string_view value) {
  w.field("suppressed", s.suppressed);
  if (s.suppressed) {
    w.key("numerator").null().key("denominator").null().key("percent").null().key(value).null();
    return;
  }
  w.field("numerator", s.numerator);
  w.field("denominator", s.hidden_denominator ? std::nullopt : std::optional(s.denominator));
  w.field("percent", is_share(info) ? s.percent : std::nullopt);
  w.field(value, is_share(info) ? std::nullopt : s.value);
}

void write_figure_members(json::Writer& w, const Scene& scene, const FigureInfo& info, const Shown& s) {
  write_meaning(w, info, scene.words(), scene.language);
  write_numbers(w, info, s);
  w.field("rule_set", scene.facts->rules->name).field("rule_set_version", scene.facts->rules->version).key("period");
  write_period(w, scene.asked.period);
  w.field("not_sent", false).field("opens", scene.asked.exact);
}

void write_figure(json::Writer& w, const Scene& scene, const FigureInfo& info, const Shown& s) {
  w.object();
  write_figure_members(w, scene, info, s);
  w.end();
}

measures::RunChart chart_of(const Scene& scene, const std::vector<Sheet>& series, const FigureInfo& info) {
  std::vector<measures::ChartPoint> points;
  const auto at = static_cast<std::size_t>(info.figure);
  MonthNumber month = scene.asked.period.span.to - static_cast<int>(series.size()) + 1;
  for (const auto& sheet : series) {
    measures::ChartPoint point;
    point.month = first_day(month++);
    const Shown& s = sheet[at];
    // A month without anybody is a gap, also of a count: a program that has not begun is not at zero.
    if (!s.suppressed && (is_share(info) || s.denominator > 0)) {
      point.numerator = s.numerator;
      point.denominator = s.denominator;
      point.value = s.value;
    }
    points.push_back(point);
  }
  return measures::run_chart(points, is_share(info) ? measures::ChartMeasure::share : measures::ChartMeasure::value,
                             *scene.deps().run_charts);
}

void write_run_chart(json::Writer& w, const Scene& scene, const measures::RunChart& chart) {
  w.object()
      .field("kind", chart.kind)
      .field("median", chart.median)
      .field("mean", chart.mean)
      .field("points", chart.with_value)
      .field("enough_points", chart.with_value >= scene.deps().run_charts->shift_points)
      .key("signals")
      .array();
  for (const auto& signal : chart.signals)
    w.object()
        .field("kind", signal.code)
        .field("direction", signal.up ? "up" : "down")
        .field("from", month_text(month_of(chart.points[signal.first].month)))
        .field("to", month_text(month_of(chart.points[signal.last].month)))
        .field("points", signal.points)
        .end();
  w.end().field("rule_set", scene.deps().run_charts->name).field("rule_set_version", scene.deps().run_charts->version).end();
}

void write_series(json::Writer& w, const Scene& scene, const std::vector<Sheet>& series, const FigureInfo& info,
                  const measures::RunChart& chart) {
  w.array();
  MonthNumber month = scene.asked.period.span.to - static_cast<int>(series.size()) + 1;
  for (std::size_t i = 0; i < series.size(); ++i, ++month) {
    w.object().field("month", month_text(month)).key("period").object();
    w.field("from", first_day(month)).field("to", std::min(first_day(month).last_of_month(), scene.asked.today)).end();
    write_numbers(w, info, series[i][static_cast<std::size_t>(info.figure)]);
    w.field("lower", chart.points[i].lower).field("upper", chart.points[i].upper).end();
  }
  w.end();
}

void write_annotation(json::Writer& w, const Annotation& a, const std::string& site_name, const std::string& author) {
  w.object().field("id", a.id).field("date", a.on).field("text", a.words).key("site");
  if (a.site) w.object().field("id", *a.site).field("name", site_name).end();
  else w.null();
  w.field("figure", a.figure).key("by").object().field("id", a.created_by).field("name", author).end();
  w.field("created_at", a.created_at)
      .field("ended_at", a.ended_at)
      .field("end_reason", a.end_reason)
      .field("version", a.version)
      .end();
}

void write_annotations(json::Writer& w, const Scene& scene, const std::optional<std::string_view>& figure) {
  w.array();
  for (const auto& a : scene.annotations) {
    if (a.figure && figure && *a.figure != *figure) continue;
    const auto site = a.site ? scene.sites.find(a.site->text()) : scene.sites.end();
    write_annotation(w, a, site == scene.sites.end() ? std::string() : site->second, scene.user_name(a.created_by));
  }
  w.end();
}

}  // namespace concord::reports
