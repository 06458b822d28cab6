#include "reports/costs.h"

#include <gtest/gtest.h>

#include "json/data_files.h"

namespace concord::reports {
namespace {

Rules shipped() {
  const auto text = json::read_file(std::string(CONCORD_SOURCE_DIR) + "/rulesets/reports-2026.json");
  auto rules = load_rules(*text);
  EXPECT_TRUE(rules.has_value());
  return *rules;
}

const CostLine& line(const std::vector<CostLine>& lines, std::string_view id) {
  for (const auto& one : lines)
    if (one.id == id) return one;
  ADD_FAILURE() << id;
  return lines.front();
}

// By hand: 120 h of care managers x 50, 10 h of consultant x 200, 2 h of others x 60 = 6,000 + 2,000 + 120 = 8,120;
// 10 % on it 812; fixed 3 x 100 = 300; together 9,232. 40 patients: 230.80 each; 16 responses: 577 each.
// Savings 40 x 3 / 12 x 840 = 8,400; 8,400 / 9,232 = 0.91.
TEST(Costs, AddUpAsOnPaper) {
  CostInput input;
  input.minutes = {{"", 120, 1}, {"care_manager", 6900, 38}, {"bh_specialist", 300, 2}, {"psychiatric_consultant", 600, 20}};
  input.patients = 40;
  input.responses = 16;
  input.months = 3;
  const Assumptions assumed{{"care_manager_hourly", 50}, {"consultant_hourly", 200}, {"other_hourly", 60},
                            {"overhead_percent", 10},    {"fixed_monthly", 100},     {"saving_per_patient_year", 840}};
  const auto lines = costs(input, assumed);
  EXPECT_EQ(line(lines, "care_manager_hours").value, 120);
  EXPECT_EQ(line(lines, "care_manager_cost").value, 6000);
  EXPECT_EQ(line(lines, "consultant_cost").value, 2000);
  EXPECT_EQ(line(lines, "other_cost").value, 120);
  EXPECT_EQ(line(lines, "overhead").value, 812);
  EXPECT_EQ(line(lines, "fixed").value, 300);
  EXPECT_EQ(line(lines, "cost_total").value, 9232);
  EXPECT_EQ(line(lines, "cost_per_patient").value, 230.8);
  EXPECT_EQ(line(lines, "cost_per_response").value, 577);
  EXPECT_EQ(line(lines, "savings").value, 8400);
  EXPECT_EQ(line(lines, "return").value, 0.91);
  EXPECT_EQ(line(lines, "care_manager_cost").formula, "120 h x 50 usd");
  EXPECT_EQ(line(lines, "cost_per_patient").formula, "9232 usd / 40");
}

TEST(Costs, ConsultantHoursAreThoseOfSessionsWhereTheyAreMore) {
  CostInput input;
  input.minutes = {{"psychiatric_consultant", 60, 3}};
  input.consultant_session_hours = 4;
  input.patients = 3;
  input.responses = 0;
  const auto lines = costs(input, {{"consultant_hourly", 200}});
  EXPECT_EQ(line(lines, "consultant_cost").value, 800);
  EXPECT_FALSE(line(lines, "cost_per_response").value) << "nobody responded: no cost per response, not an endless one";
  EXPECT_FALSE(line(lines, "cost_per_response").suppressed);
}

TEST(Costs, AHiddenNumberOfPatientsHidesWhatWouldTellIt) {
  CostInput input;
  input.minutes = {{"care_manager", 60, 3}};
  const auto lines = costs(input, {{"care_manager_hourly", 50}});
  for (const auto* id : {"cost_per_patient", "cost_per_response", "savings", "return"}) {
    EXPECT_TRUE(line(lines, id).suppressed) << id;
    EXPECT_FALSE(line(lines, id).value) << id;
    EXPECT_EQ(line(lines, id).formula, "") << id;
  }
}

TEST(ReportRules, ShippedRulesSayWhatNobodyCouldConfirm) {
  const auto rules = shipped();
  EXPECT_EQ(rules.threshold, 10);
  int without_source = 0;
  for (const auto& b : rules.benchmarks) without_source += !b.primary_source;
  EXPECT_EQ(without_source, 6) << "what clinics quote: partnership, satisfaction, referrals, adherence, cost per course, return";
  for (const auto& a : rules.assumptions) EXPECT_FALSE(a.source.empty());
}

TEST(ReportRules, WrongRulesNameEveryPlace) {
  const auto rules = load_rules(R"({"name":"x","version":"1","about":"y",
    "suppression":{"threshold":{"value":10,"unit":"people","source":"s"},"most_filters":{"value":3,"unit":"filters","source":"s"}},
    "assumptions":[{"id":"a","value":5,"unit":"usd","minimum":6,"maximum":7,"source":"s"}],
    "benchmarks":[],"letter":{"figures":["nothing"],"at_least":[],"least_people":{"value":10,"unit":"people","source":"s"}}})");
  ASSERT_FALSE(rules.has_value());
  std::string paths;
  for (const auto& issue : rules.error().issues) paths += issue.path + " ";
  EXPECT_EQ(paths, "suppression.most_filters assumptions[0].value letter.figures[0] ");
}

TEST(Period, IsReadFromAKindAndAMonth) {
  const Date today = Date::ymd(2026, 3, 4);
  EXPECT_EQ(read_period("", "", today)->from, Date::ymd(2026, 2, 1));
  const auto quarter = read_period("quarter", "2025-11", today);
  EXPECT_EQ(quarter->from.iso() + quarter->to.iso(), "2025-10-012025-12-31");
  EXPECT_EQ(read_period("quarter", "", today)->to, Date::ymd(2025, 12, 31));
  EXPECT_EQ(read_period("year", "", today)->from, Date::ymd(2025, 1, 1));
  const auto twelve = read_period("12months", "2026-02", today);
  EXPECT_EQ(twelve->from.iso() + twelve->to.iso(), "2025-03-012026-02-28");
  const auto running = read_period("month", "2026-03", today);
  EXPECT_FALSE(running->complete);
  EXPECT_EQ(running->to, today);
}

TEST(Period, WrongOnesNameTheParameter) {
  const Date today = Date::ymd(2026, 3, 4);
  const auto path = [&](const char* period, const char* at) {
    const auto read = read_period(period, at, today);
    return read ? std::string("fine") : read.error().issues.front().path;
  };
  EXPECT_EQ(path("week", ""), "period");
  EXPECT_EQ(path("month", "2026-13"), "at");
  EXPECT_EQ(path("month", "2026-1"), "at");
  EXPECT_EQ(path("month", "2026-04"), "at") << "in the future";
  EXPECT_EQ(path("year", "2026-03"), "fine");
}

}  // namespace
}  // namespace concord::reports
