// Series by hand for every rule and its edges, and a second, plainer implementation on random series.
#include "measures/run_chart.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/random.h"
#include "json/data_files.h"

namespace concord::measures {
namespace {

const RunChartRules& rules() {
  static const auto loaded = [] {
    const auto text = json::read_file(std::filesystem::path(CONCORD_SOURCE_DIR) / "rulesets/run-charts-2026.json");
    return std::move(load_run_chart_rules(text.value()).value());
  }();
  return loaded;
}

Date month(std::size_t i) { return Date::ymd(2024, 1, 1).plus_months(static_cast<int>(i)); }

constexpr double kGap = -1;

std::vector<ChartPoint> values(std::initializer_list<double> list) {
  std::vector<ChartPoint> out;
  for (const double v : list) {
    ChartPoint point;
    point.month = month(out.size());
    if (v != kGap) point.value = v;
    out.push_back(point);
  }
  return out;
}

/// "shift up 3-8 x6; trend ..."
std::string said(const RunChart& chart) {
  std::string text;
  for (const auto& s : chart.signals)
    text += (text.empty() ? "" : "; ") + std::string(s.code) + (s.up ? " up " : " down ") + std::to_string(s.first) + "-" +
            std::to_string(s.last) + " x" + std::to_string(s.points);
  return text;
}

std::string said(std::initializer_list<double> list) { return said(run_chart(values(list), ChartMeasure::value, rules())); }

TEST(RunChart, RulesAreThePublishedOnes) {
  EXPECT_EQ(rules().name, "run-charts-2026");
  EXPECT_EQ(rules().shift_points, 6);
  EXPECT_EQ(rules().trend_points, 5);
  EXPECT_EQ(rules().limits_from_points, 20);
  EXPECT_EQ(rules().sigmas, 3);
  EXPECT_NE(rules().source.find("2011;20:46-51"), std::string::npos);
}

TEST(RunChart, AFileThatLacksANumberIsRefusedWithItsPath) {
  const auto bad = load_run_chart_rules(R"({"name":"x","version":"1","source":"s","rules":{"shift":{"points":6}},"limits":{}})");
  ASSERT_FALSE(bad.has_value());
  std::string paths;
  for (const auto& issue : bad.error().issues) paths += issue.path + " ";
  EXPECT_NE(paths.find("rules.trend"), std::string::npos) << paths;
  EXPECT_NE(paths.find("limits.sigmas"), std::string::npos) << paths;
}

TEST(RunChart, SixPointsOnOneSideOfTheMedianAreAShiftAndFiveAreNone) {
  EXPECT_EQ(said({5, 6, 4, 5, 6, 4, 20, 22, 20, 22, 20, 22}), "shift down 0-5 x6; shift up 6-11 x6");
  EXPECT_EQ(said({5, 6, 4, 6, 4, 20, 22, 20, 22, 20}), "");
}

TEST(RunChart, PointsOnTheMedianNeitherAddToARunNorBreakIt) {
  // Median 10: three above, two on it, three above.
  EXPECT_EQ(said({12, 11, 12, 10, 10, 11, 12, 11, 8, 9, 8, 9, 7, 10}), "shift up 0-7 x6");
  // One point fewer above: no shift, though seven months are not below.
  EXPECT_EQ(said({12, 11, 10, 10, 11, 12, 11, 8, 9, 8, 9, 8, 10}), "");
}

TEST(RunChart, APointOnTheOtherSideBreaksTheRun) { EXPECT_EQ(said({12, 11, 12, 8, 11, 12, 11, 8, 9, 8, 9, 12, 8, 9}), ""); }

TEST(RunChart, FivePointsGoingOneWayAreATrendTheFirstIncluded) {
  EXPECT_EQ(said({5, 1, 2, 3, 4, 5, 1}), "trend up 1-5 x5");
  EXPECT_EQ(said({5, 1, 2, 3, 4, 1, 5}), "");
  EXPECT_EQ(said({3, 9, 7, 5, 3, 1, 4}), "trend down 1-5 x5");
}

TEST(RunChart, EqualNeighboursCountOnceAndDoNotBreakATrend) {
  EXPECT_EQ(said({5, 1, 2, 2, 3, 4, 4, 5, 1}), "trend up 1-7 x5");
  EXPECT_EQ(said({5, 1, 2, 2, 3, 3, 4, 4, 1}), "");
}

TEST(RunChart, ATurningPointBelongsToBothTrends) {
  EXPECT_EQ(said({1, 2, 3, 4, 5, 4, 3, 2, 1}), "trend up 0-4 x5; trend down 4-8 x5");
}

TEST(RunChart, EqualValuesAllTheTimeSayNothing) { EXPECT_EQ(said({7, 7, 7, 7, 7, 7, 7, 7, 7, 7}), ""); }

TEST(RunChart, AMonthWithoutDenominatorIsAGapThatNeitherAddsNorBreaks) {
  EXPECT_EQ(said({5, 1, 2, kGap, 3, kGap, 4, 5, 1}), "trend up 1-7 x5");
  std::vector<ChartPoint> shares;
  for (int i = 0; i < 3; ++i) shares.push_back({month(shares.size()), 1, i == 1 ? 0 : 2, {}});
  const auto chart = run_chart(shares, ChartMeasure::share, rules());
  EXPECT_FALSE(chart.points[1].value.has_value());
  EXPECT_EQ(chart.with_value, 2);
  EXPECT_EQ(chart.median, 50.0);
}

TEST(RunChart, WithoutPointsThereIsNoMedian) {
  EXPECT_FALSE(run_chart({}, ChartMeasure::value, rules()).median.has_value());
  EXPECT_FALSE(run_chart(values({kGap, kGap}), ChartMeasure::value, rules()).median.has_value());
}

TEST(RunChart, MedianOfAnEvenNumberIsTheMiddleOfTheTwo) {
  EXPECT_EQ(run_chart(values({1, 10, 4, 2}), ChartMeasure::value, rules()).median, 3.0);
}

TEST(RunChart, LimitsBeginWithTwentyPoints) {
  std::vector<ChartPoint> series;
  for (int i = 0; i < 19; ++i) series.push_back({month(series.size()), 0, 0, i % 2 == 0 ? 10.0 : 12.0});
  EXPECT_EQ(run_chart(series, ChartMeasure::value, rules()).kind, "run_chart");
  EXPECT_FALSE(run_chart(series, ChartMeasure::value, rules()).mean.has_value());
  series.push_back({month(series.size()), 0, 0, std::optional<double>()});
  EXPECT_EQ(run_chart(series, ChartMeasure::value, rules()).kind, "run_chart");  // a gap is no point
  series.push_back({month(series.size()), 0, 0, 12.0});
  const auto chart = run_chart(series, ChartMeasure::value, rules());
  EXPECT_EQ(chart.kind, "xmr_chart");
  EXPECT_DOUBLE_EQ(*chart.mean, 11.0);
  // Every moving range is 2: 11 +- 3 x 2 / 1.128.
  EXPECT_NEAR(*chart.points[0].upper, 11 + 5.3191, 1e-4);
  EXPECT_NEAR(*chart.points[0].lower, 11 - 5.3191, 1e-4);
  EXPECT_FALSE(chart.points[19].upper.has_value());
}

TEST(RunChart, APointBeyondThreeSigmaIsOutsideTheLimits) {
  std::vector<ChartPoint> series;
  for (int i = 0; i < 24; ++i) series.push_back({month(series.size()), 0, 0, i == 12 ? 30.0 : 10.0 + (i * 2) % 3});
  EXPECT_EQ(said(run_chart(series, ChartMeasure::value, rules())), "outside_limits up 12-12 x1");
}

TEST(RunChart, LimitsOfAShareFollowItsDenominator) {
  std::vector<ChartPoint> series;
  for (int i = 0; i < 20; ++i) series.push_back({month(series.size()), i % 2 == 0 ? 45 : 55, 100, {}});
  series.push_back({month(series.size()), 200, 400, {}});
  series.push_back({month(series.size()), 0, 9, {}});  // 0 of 9: within the wide limits of nine? 50 - 50 = 0: on the limit
  const auto chart = run_chart(series, ChartMeasure::share, rules());
  EXPECT_EQ(chart.kind, "p_chart");
  const double p = 1200.0 / 2409;
  EXPECT_NEAR(*chart.mean, 100 * p, 1e-9);
  EXPECT_NEAR(*chart.points[0].upper, 100 * (p + 3 * std::sqrt(p * (1 - p) / 100)), 1e-9);
  EXPECT_NEAR(*chart.points[20].upper, 100 * (p + 3 * std::sqrt(p * (1 - p) / 400)), 1e-9);
  EXPECT_EQ(*chart.points[21].lower, 0.0);  // never below nothing
  EXPECT_EQ(said(chart), "");
}

TEST(RunChart, JsonSaysMonthsAndRoundsToTwoDecimals) {
  std::string text;
  json::Writer w(text);
  std::vector<ChartPoint> series = {{month(0), 1, 3, {}}, {month(1), 0, 0, {}}};
  write_run_chart(w, run_chart(series, ChartMeasure::share, rules()), rules());
  EXPECT_EQ(text,
            R"({"rule_set":"run-charts-2026","rule_set_version":"1","kind":"run_chart","median":33.33,"mean":null,"points":[)"
            R"({"month":"2024-01","value":33.33,"denominator":3,"lower":null,"upper":null},)"
            R"({"month":"2024-02","value":null,"lower":null,"upper":null}],"signals":[]})");
}

/// The rules once more, as one would do it with a ruler: strike out gaps, then for every start look how far a run goes, and keep
/// the runs that cannot be made longer. Whole numbers only.
std::string by_ruler(const std::vector<std::optional<int>>& series) {
  struct P {
    int value;
    std::size_t at;
  };
  std::vector<P> all;
  for (std::size_t i = 0; i < series.size(); ++i)
    if (series[i]) all.push_back({*series[i], i});
  if (all.empty()) return "";
  // Twice the median, so that it stays whole.
  std::vector<int> sorted;
  for (const auto& p : all) sorted.push_back(p.value);
  std::sort(sorted.begin(), sorted.end());
  const int twice = sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2];
  std::string text;
  const auto say = [&](std::string_view code, bool up, const std::vector<P>& of, std::size_t a, std::size_t b) {
    text += (text.empty() ? "" : "; ") + std::string(code) + (up ? " up " : " down ") + std::to_string(of[a].at) + "-" +
            std::to_string(of[b].at) + " x" + std::to_string(b - a + 1);
  };
  std::vector<P> off;
  for (const auto& p : all)
    if (2 * p.value != twice) off.push_back(p);
  for (std::size_t a = 0; a < off.size(); ++a)
    for (std::size_t b = a + 5; b < off.size(); ++b) {
      const auto above = [&](std::size_t i) { return 2 * off[i].value > twice; };
      bool same = true;
      for (std::size_t i = a; i <= b; ++i) same = same && above(i) == above(a);
      const bool longest = (a == 0 || above(a - 1) != above(a)) && (b + 1 == off.size() || above(b + 1) != above(b));
      if (same && longest) say("shift", above(a), off, a, b);
    }
  std::vector<P> once;
  for (const auto& p : all)
    if (once.empty() || once.back().value != p.value) once.push_back(p);
  for (std::size_t a = 0; a < once.size(); ++a)
    for (std::size_t b = a + 4; b < once.size(); ++b)
      for (const int way : {1, -1}) {
        const auto goes = [&](std::size_t i) { return way * (once[i + 1].value - once[i].value) > 0; };
        bool same = true;
        for (std::size_t i = a; i < b; ++i) same = same && goes(i);
        const bool longest = (a == 0 || !goes(a - 1)) && (b + 1 == once.size() || !goes(b));
        if (same && longest) say("trend", way > 0, once, a, b);
      }
  return text;
}

TEST(RunChart, ASecondPlainerImplementationAgreesOnRandomSeries) {
  Random random(20260301);
  RunChartRules few = rules();
  few.limits_from_points = 1000;
  int shifts = 0, trends = 0;
  for (int round = 0; round < 5000; ++round) {
    const auto n = static_cast<std::size_t>(random.integer(0, 40));
    const auto spread = random.integer(1, 12);
    std::vector<std::optional<int>> series(n);
    std::vector<ChartPoint> points;
    int level = 50;
    for (std::size_t i = 0; i < n; ++i) {
      if (random.integer(0, 9) == 0) level += static_cast<int>(random.integer(-6, 6));
      if (random.integer(0, 7) != 0) series[i] = level + static_cast<int>(random.integer(0, spread));
      ChartPoint point;
      point.month = month(i);
      if (series[i]) point.value = *series[i];
      points.push_back(point);
    }
    const auto mine = said(run_chart(points, ChartMeasure::value, few));
    ASSERT_EQ(mine, by_ruler(series)) << "round " << round;
    shifts += mine.find("shift") != std::string::npos;
    trends += mine.find("trend") != std::string::npos;
    // The same as shares of different denominators: 3/6 and 1/2 are the same point.
    std::vector<ChartPoint> shares;
    for (std::size_t i = 0; i < n; ++i) {
      ChartPoint point;
      point.month = month(i);
      if (series[i]) {
        const auto times = random.integer(1, 7);
        point.numerator = *series[i] * times;
        point.denominator = 200 * times;
      }
      shares.push_back(point);
    }
    ASSERT_EQ(said(run_chart(shares, ChartMeasure::share, few)), mine) << "round " << round;
  }
  EXPECT_GT(shifts, 100);
  EXPECT_GT(trends, 100);
}

}  // namespace
}  // namespace concord::measures
