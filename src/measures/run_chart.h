// Run charts: does a series of monthly figures show a change, or only chance? One published rule set for every chart
// (rulesets/run-charts-2026.json, with its source). Pure.
//
//   shift            six or more points in a row on one side of the median; points on it neither add nor break
//   trend            five or more points in a row going one way; of equal neighbours only the first counts
//   outside_limits   from 20 points: beyond three sigma of the mean (p-chart for shares, XmR for other figures)
//
//   const auto chart = run_chart(points, ChartMeasure::share, rules);
//   for (const auto& s : chart.signals) ...   // code, direction, from, to: the words are the screen's
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "json/writer.h"

namespace concord::measures {

struct RunChartRules {
  std::string name, version, source;
  int shift_points = 6;
  int trend_points = 5;
  int limits_from_points = 20;  ///< points with a value, gaps not counted
  double sigmas = 3;
  double moving_range_constant = 1.128;  ///< d2
};
/// bad_file with every issue and its path.
Result<RunChartRules> load_run_chart_rules(std::string_view json_text);

/// share: value is 100 x numerator / denominator (per cent). value: any figure; `value` is read.
enum class ChartMeasure { share, value };

/// A month of a series. A share without anybody in its denominator, and a value that is not there, are gaps; so is whatever a
/// caller leaves out because it is suppressed.
struct ChartPoint {
  Date month;  ///< its first day
  std::int64_t numerator = 0, denominator = 0;
  std::optional<double> value;
};

struct RunChart {
  struct Point {
    Date month;
    std::optional<double> value;         ///< nullopt: gap. Per cent for a share; not rounded
    std::int64_t denominator = 0;        ///< of a share
    std::optional<double> lower, upper;  ///< limits of this point; a p-chart's differ from month to month
  };
  struct Signal {
    std::string_view code;            ///< "shift", "trend", "outside_limits"
    bool up = false;                  ///< above the median, rising, above the upper limit
    std::size_t first = 0, last = 0;  ///< indices into points, both included
    int points = 0;                   ///< that count: without gaps, and without those on the median (shift) or repeated (trend)
  };
  std::string_view kind;         ///< "run_chart", "p_chart", "xmr_chart"
  std::vector<Point> points;     ///< one for each given, in their order
  int with_value = 0;            ///< points that are no gaps
  std::optional<double> median;  ///< nullopt without points
  std::optional<double>
      mean;  ///< centre of the limits; nullopt below 20 points. Of a share: all numerators over all denominators
  std::vector<Signal>
      signals;  ///< by code (shift, trend, outside_limits), then by month; runs as long as they are, none in another
};

/// `series` in the order of months; months that are missing in it are simply not there.
RunChart run_chart(std::span<const ChartPoint> series, ChartMeasure measure, const RunChartRules& rules);

/// {"rule_set","rule_set_version","kind","median","mean","points":[{"month","value","denominator"?,"lower","upper"}],
///  "signals":[{"code","direction":"up|down","from":"2026-01","to":"2026-06","points":6}]}; numbers rounded to two decimals.
void write_run_chart(json::Writer& w, const RunChart& chart, const RunChartRules& rules);

}  // namespace concord::measures
