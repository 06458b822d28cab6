#include "measures/run_chart.h"

#include <algorithm>
#include <cmath>

#include "json/cursor.h"

namespace concord::measures {
namespace {

// Shares are ratios: two that are equal may differ in their last bits.
constexpr double kTolerance = 1e-9;

int sign(double difference) { return difference > kTolerance ? 1 : difference < -kTolerance ? -1 : 0; }

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

void find_shifts(RunChart& chart, const RunChartRules& rules) {
  int side = 0;
  RunChart::Signal run{"shift"};
  const auto close = [&] {
    if (side != 0 && run.points >= rules.shift_points) chart.signals.push_back(run);
  };
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    if (!chart.points[i].value) continue;
    const int here = sign(*chart.points[i].value - *chart.median);
    if (here == 0) continue;
    if (here != side) {
      close();
      side = here;
      run = {"shift", here > 0, i, i, 0};
    }
    run.last = i;
    ++run.points;
  }
  close();
}

void find_trends(RunChart& chart, const RunChartRules& rules) {
  int direction = 0;
  std::optional<std::size_t> before;  // the point that counts, not its repetitions
  RunChart::Signal run{"trend"};
  const auto close = [&] {
    if (direction != 0 && run.points >= rules.trend_points) chart.signals.push_back(run);
  };
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    if (!chart.points[i].value) continue;
    if (!before) {
      before = i;
      continue;
    }
    const int here = sign(*chart.points[i].value - *chart.points[*before].value);
    if (here == 0) continue;
    if (here != direction) {
      close();
      direction = here;
      run = {"trend", here > 0, *before, i, 1};  // a turning point ends one run and begins the next
    }
    run.last = i;
    ++run.points;
    before = i;
  }
  close();
}

void set_limits(RunChart& chart, std::span<const ChartPoint> series, ChartMeasure measure, const RunChartRules& rules) {
  if (measure == ChartMeasure::share) {
    std::int64_t numerator = 0, denominator = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (!chart.points[i].value) continue;
      numerator += series[i].numerator;
      denominator += series[i].denominator;
    }
    const double share = static_cast<double>(numerator) / static_cast<double>(denominator);
    chart.kind = "p_chart";
    chart.mean = 100 * share;
    for (auto& point : chart.points) {
      if (!point.value) continue;
      const double sigma = 100 * std::sqrt(share * (1 - share) / static_cast<double>(point.denominator));
      point.lower = std::max(0.0, *chart.mean - rules.sigmas * sigma);
      point.upper = std::min(100.0, *chart.mean + rules.sigmas * sigma);
    }
    return;
  }
  double sum = 0, ranges = 0;
  std::optional<double> before;
  for (const auto& point : chart.points) {
    if (!point.value) continue;
    sum += *point.value;
    if (before) ranges += std::abs(*point.value - *before);
    before = point.value;
  }
  chart.kind = "xmr_chart";
  chart.mean = sum / chart.with_value;
  const double sigma = ranges / (chart.with_value - 1) / rules.moving_range_constant;
  for (auto& point : chart.points) {
    if (!point.value) continue;
    point.lower = *chart.mean - rules.sigmas * sigma;
    point.upper = *chart.mean + rules.sigmas * sigma;
  }
}

void find_outside(RunChart& chart) {
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    const auto& point = chart.points[i];
    if (!point.value || !point.upper) continue;
    if (*point.value > *point.upper + kTolerance) chart.signals.push_back({"outside_limits", true, i, i, 1});
    if (*point.value < *point.lower - kTolerance) chart.signals.push_back({"outside_limits", false, i, i, 1});
  }
}

std::optional<double> two_decimals(std::optional<double> value) {
  if (!value) return std::nullopt;
  const double rounded = std::floor(*value * 100 + 0.5 + kTolerance) / 100;
  return rounded == 0 ? 0.0 : rounded;  // never "-0"
}

}  // namespace

Result<RunChartRules> load_run_chart_rules(std::string_view json_text) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "source", "rules", "limits", "gaps"});
  RunChartRules out;
  out.name = root.required("name").string(1, 60).value_or("");
  out.version = root.required("version").string(1, 20).value_or("");
  out.source = root.required("source").string(1, 600).value_or("");
  const auto rules = root.required("rules");
  rules.only({"shift", "trend", "outside_limits"});
  out.shift_points = static_cast<int>(rules.required("shift").required("points").integer(3, 100).value_or(6));
  out.trend_points = static_cast<int>(rules.required("trend").required("points").integer(3, 100).value_or(5));
  const auto limits = root.required("limits");
  limits.only({"from_points", "sigmas", "moving_range_constant"});
  out.limits_from_points = static_cast<int>(limits.required("from_points").required("value").integer(2, 1000).value_or(20));
  out.sigmas = limits.required("sigmas").required("value").real(1, 10).value_or(3);
  out.moving_range_constant = limits.required("moving_range_constant").required("value").real(0.5, 5).value_or(1.128);
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rules of run charts cannot be used.", issues.list());
  return out;
}

RunChart run_chart(std::span<const ChartPoint> series, ChartMeasure measure, const RunChartRules& rules) {
  RunChart chart;
  chart.kind = "run_chart";
  std::vector<double> values;
  for (const auto& given : series) {
    RunChart::Point point;
    point.month = given.month;
    if (measure == ChartMeasure::share) {
      point.denominator = given.denominator;
      if (given.denominator > 0)
        point.value = 100 * static_cast<double>(given.numerator) / static_cast<double>(given.denominator);
    } else {
      point.value = given.value;
    }
    if (point.value) values.push_back(*point.value);
    chart.points.push_back(point);
  }
  chart.with_value = static_cast<int>(values.size());
  if (values.empty()) return chart;
  chart.median = median_of(std::move(values));
  if (chart.with_value >= rules.limits_from_points) set_limits(chart, series, measure, rules);
  find_shifts(chart, rules);
  find_trends(chart, rules);
  find_outside(chart);
  return chart;
}

void write_run_chart(json::Writer& w, const RunChart& chart, const RunChartRules& rules) {
  const auto month = [](Date day) { return day.iso().substr(0, 7); };
  w.object().field("rule_set", rules.name).field("rule_set_version", rules.version).field("kind", chart.kind);
  w.field("median", two_decimals(chart.median)).field("mean", two_decimals(chart.mean));
  w.key("points").array();
  for (const auto& point : chart.points) {
    w.object().field("month", month(point.month)).field("value", two_decimals(point.value));
    if (point.denominator > 0) w.field("denominator", point.denominator);
    w.field("lower", two_decimals(point.lower)).field("upper", two_decimals(point.upper)).end();
  }
  w.end().key("signals").array();
  for (const auto& s : chart.signals) {
    w.object().field("code", s.code).field("direction", s.up ? "up" : "down");
    w.field("from", month(chart.points[s.first].month)).field("to", month(chart.points[s.last].month));
    w.field("points", s.points).end();
  }
  w.end().end();
}

}  // namespace concord::measures
