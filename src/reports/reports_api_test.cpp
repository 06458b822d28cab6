#include "reports/reports_api.h"

#include <fstream>
#include <set>

#include "base/text.h"
#include "reports/report_routes_for_tests.h"
#include "reports/suppression.h"

namespace concord::reports {
namespace {

using measures::Figure;

CONCORD_ON_BOTH_DATABASES(ReportRoutes);
/// What is computed from columns in memory and never asks the database: one is enough.
class ReportAnswers : public ReportRoutes {};
INSTANTIATE_TEST_SUITE_P(, ReportAnswers, ::testing::Values(db::Dialect::sqlite), testing::dialect_name);

TEST_P(ReportAnswers, EveryFigureOpensToAsManyLinesAsItSays) {
  for (const auto& info : measures::figures()) {
    for (const auto* filter : {"", "&language=es", "&payer=unknown"}) {
      const std::string question = "period=quarter&at=2025-12" + std::string(filter);
      const std::string path = "/figures/" + std::string(info.id) + "/patients?" + question;
      const auto all = sam(path + "&limit=1"), met = sam(path + "&standing=numerator&limit=1"),
                 not_met = sam(path + "&standing=not_met&limit=1");
      ASSERT_EQ(all.status, 200) << path;
      EXPECT_EQ(met.text("total"), all.text("figure.numerator")) << path;
      const bool is_share = info.kind == measures::Kind::rate || info.kind == measures::Kind::funnel;
      EXPECT_EQ(all.text("total"), is_share ? all.text("figure.denominator") : all.text("figure.numerator")) << path;
      EXPECT_EQ(std::stoi(met.text("total")) + std::stoi(not_met.text("total")), std::stoi(all.text("total"))) << path;
    }
  }
}

TEST_P(ReportAnswers, FiguresOpenToAsManyLinesAsTheySay) {
  for (const auto* id : {"enrolled", "response_of_enrolled", "recommendations_answered", "funnel_enrolled"}) {
    const auto got = sam("/figures/" + std::string(id) + "/patients?period=12months&limit=3");
    ASSERT_EQ(got.status, 200) << id;
    EXPECT_EQ(got.text("total"), got.text("figure.denominator")) << id;
    EXPECT_EQ(got.count("items"), 3u);
    EXPECT_EQ(got.text("items.0.care_manager.name"), "Mara Quill");
  }
}

TEST_P(ReportAnswers, PagesOfAListHoldEveryLineOnce) {
  std::string after;
  std::vector<std::string> seen;
  std::string total;
  for (int page = 0; page < 60; ++page) {
    const auto got = sam("/figures/recommendations_sent/patients?period=12months&at=2026-02&limit=25" + after);
    ASSERT_EQ(got.status, 200);
    total = got.text("total");
    for (std::size_t i = 0; i < got.count("items"); ++i)
      seen.push_back(got.text("items." + std::to_string(i) + ".patient_id") + got.text("items." + std::to_string(i) + ".day"));
    if (got.text("next") == "null") break;
    after = "&after=" + got.text("next");
  }
  EXPECT_EQ(std::to_string(seen.size()), total);
  EXPECT_GT(seen.size(), 200u);
  EXPECT_EQ(sam("/figures/enrolled/patients?after=nonsense").status, 422);
}

TEST_P(ReportAnswers, TheManagerSeesTheSameFiguresWithoutSmallOnes) {
  const auto exact = sam("/dashboard?period=quarter&at=2025-12"), coarse = pat("/dashboard?period=quarter&at=2025-12");
  ASSERT_EQ(exact.status, 200);
  ASSERT_EQ(coarse.status, 200);
  EXPECT_EQ(exact.text("viewer") + " " + coarse.text("viewer"), "patients aggregates");
  int hidden = 0, shown = 0;
  for (const auto& info : measures::figures()) {
    if (group_of(info.figure) == "funnel") continue;
    const auto* a = figure(exact, info.id);
    const auto* b = figure(coarse, info.id);
    EXPECT_FALSE(a->find("suppressed")->boolean());
    EXPECT_FALSE(b->find("opens")->boolean());
    if (b->find("suppressed")->boolean()) {
      ++hidden;
      EXPECT_TRUE(b->find("numerator")->is(json::Kind::null)) << info.id;
      EXPECT_TRUE(b->find("denominator")->is(json::Kind::null)) << info.id;
      EXPECT_TRUE(b->find("percent")->is(json::Kind::null)) << info.id;
      EXPECT_TRUE(b->find("value")->is(json::Kind::null)) << info.id;
    } else {
      ++shown;
      EXPECT_EQ(a->find("numerator")->text(), b->find("numerator")->text()) << info.id;
    }
  }
  EXPECT_GT(shown, 5);
  EXPECT_GT(hidden, 0);
}

TEST_P(ReportRoutes, AFigureInDepthHasItsSeriesTablesAndReasons) {
  const auto got = sam("/figures/response_of_enrolled?period=12months&at=2026-02&by=language,site");
  ASSERT_EQ(got.status, 200);
  EXPECT_EQ(got.count("series"), 24u);
  EXPECT_EQ(got.text("series.23.month"), "2026-02");
  EXPECT_EQ(got.text("run_chart.rule_set"), "run-charts-2026");
  EXPECT_EQ(got.count("strata"), 2u);
  EXPECT_EQ(got.text("strata.0.id"), "language");
  EXPECT_EQ(got.text("strata.1.rows.0.name") == "Maple Street" || got.text("strata.1.rows.1.name") == "Maple Street", true);
  EXPECT_GT(got.count("reasons"), 2u);
  EXPECT_EQ(got.text("benchmarks.0.id"), "impact_response");
  EXPECT_EQ(got.text("benchmarks.0.of"), "enrolled");
  // Rows of a stratum add up to the figure.
  int sum = 0;
  for (std::size_t i = 0; i < got.count("strata.0.rows"); ++i)
    sum += std::stoi(got.text("strata.0.rows." + std::to_string(i) + ".denominator"));
  EXPECT_EQ(std::to_string(sum), got.text("figure.denominator"));
}

TEST_P(ReportAnswers, AMonthWithoutAnybodyIsNoPercentageOfZero) {
  const auto got = sam("/figures/response_of_enrolled?at=2020-01");
  EXPECT_EQ(got.text("figure.denominator"), "0");
  EXPECT_EQ(got.text("figure.percent"), "null");
}

TEST_P(ReportAnswers, WrongQuestionsNameTheParameter) {
  const auto path = [&](const Caller& who, std::string_view target) {
    const auto got = as(who, target);
    return std::to_string(got.status) + " " + got.issue_paths();
  };
  EXPECT_EQ(path(sam_, "/dashboard?period=decade"), "422 period");
  EXPECT_EQ(path(sam_, "/dashboard?at=2026-13"), "422 at");
  EXPECT_EQ(path(sam_, "/dashboard?at=2027-01"), "422 at");
  EXPECT_EQ(path(sam_, "/dashboard?language=klingon"), "422 language");
  EXPECT_EQ(path(sam_, "/dashboard?language=en&language=es"), "422 language");
  EXPECT_EQ(path(sam_, "/dashboard?site=" + clinic().foreign_site.text()), "422 site");
  EXPECT_EQ(path(sam_, "/figures/response_of_enrolled?by=shoe_size"), "422 by");
  EXPECT_EQ(path(sam_, "/figures/happiness"), "404 ");
  EXPECT_EQ(path(sam_, "/figures/enrolled/patients?standing=maybe"), "422 standing");
  EXPECT_EQ(path(sam_, "/export.csv?table=secrets"), "422 table");
  EXPECT_EQ(path(sam_, "/export.csv?table=patients"), "422 table");
  EXPECT_EQ(path(sam_, "/export.csv?table=series"), "422 figure");
  EXPECT_EQ(path(pat_, "/dashboard?at=2026-03"), "422 at") << "a month that is not over would tell one person after the other";
  EXPECT_EQ(path(pat_, "/dashboard?language=en&sex=male&race=white"), "422 sex") << "three filters";
  EXPECT_EQ(path(pat_, "/figures/enrolled?language=en&sex=male&by=race"), "422 by");
  EXPECT_EQ(pat("/figures/enrolled?language=en&sex=male").count("strata"), 0u);
  EXPECT_EQ(sam("/dashboard?language=en&sex=male&race=white").status, 200);
  EXPECT_EQ(sam("/dashboard?at=2026-03").text("period.complete"), "false");
}

TEST_P(ReportAnswers, WhileColumnsAreLoadedSomebodyIsToldToComeBack) {
  facts_ = nullptr;
  const auto got = sam("/dashboard");
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.code(), ErrorCode::overloaded);
}

TEST_P(ReportAnswers, OnlyTheCallersSitesAreCounted) {
  Caller one = sam_;
  one.sites = {clinic().other_site};
  const auto mine = as(one, "/figures/enrolled?period=quarter&at=2025-12");
  const auto filtered = sam("/figures/enrolled?period=quarter&at=2025-12&site=" + clinic().other_site.text());
  EXPECT_EQ(mine.text("figure.numerator"), filtered.text("figure.numerator"));
  EXPECT_NE(mine.text("figure.numerator"), sam("/figures/enrolled?period=quarter&at=2025-12").text("figure.numerator"));
  EXPECT_EQ(as(one, "/dashboard?site=" + clinic().site.text()).issue_paths(), "site");
}

TEST_P(ReportAnswers, TheFunnelNarrowsAndSaysSoForEveryGroup) {
  const auto got = sam("/funnel?period=year&at=2025-06");
  ASSERT_EQ(got.status, 200);
  EXPECT_EQ(got.count("steps"), 9u);
  for (const auto* pair : {"0 1", "1 2", "2 3", "3 4", "4 6", "6 7", "7 8"}) {
    const std::string from(1, pair[0]), to(1, pair[2]);
    EXPECT_GE(std::stoi(got.text("steps." + from + ".n")), std::stoi(got.text("steps." + to + ".n"))) << pair;
  }
  EXPECT_EQ(got.count("strata"), 9u);
  const auto coarse = pat("/funnel?period=year&at=2025-06&by=language");
  int hidden = 0;
  for (std::size_t row = 0; row < coarse.count("strata.0.rows"); ++row)
    for (int step = 0; step < 9; ++step) {
      const auto n = coarse.text("strata.0.rows." + std::to_string(row) + ".steps." + std::to_string(step) + ".n");
      if (n == "null") ++hidden;
      else EXPECT_TRUE(is_safe(std::stoi(n), 10));
    }
  EXPECT_GT(hidden, 0);
}

TEST_P(ReportRoutes, AssumptionsAreChangedWithAReasonAndKept) {
  const auto before = pat("/assumptions");
  EXPECT_EQ(before.text("version"), "1");
  EXPECT_EQ(before.reply.version, 1);
  EXPECT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"care_manager_hourly":60.5},"reason":"payroll 2026"})", 1).status, 200);
  const auto after = sam("/costs?period=quarter&at=2025-12");
  EXPECT_EQ(after.text("assumptions.version"), "2");
  EXPECT_EQ(after.text("assumptions.values.0.value"), "60.5");
  EXPECT_EQ(after.text("assumptions.values.0.assumed"), "false");
  EXPECT_EQ(after.text("assumptions.values.0.source"), "payroll 2026");
  EXPECT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"care_manager_hourly":1},"reason":"late"})", 1).status, 412);
  EXPECT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"overhead_percent":20},"reason":"audit"})", 2).status, 200);
  const auto history = pat("/assumptions");
  EXPECT_EQ(history.text("history.0.version") + history.text("history.1.version"), "32");
  EXPECT_EQ(history.text("history.0.values.care_manager_hourly"), "60.5") << "what was set stays set";
  EXPECT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"moon":1},"reason":"x"})", 3).issue_paths(), "values.moon");
  EXPECT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"overhead_percent":-1},"reason":"x"})", 3).issue_paths(),
            "values.overhead_percent");
  const auto foreign = as(clinic().foreigner, "/assumptions");
  EXPECT_EQ(foreign.text("version"), "1") << "another organization has its own";
}

TEST_P(ReportRoutes, CostsFollowFromMinutesAndAssumptions) {
  const auto got = sam("/costs?period=quarter&at=2025-12");
  const auto value = [&](std::string_view id) {
    for (std::size_t i = 0; i < got.count("lines"); ++i)
      if (got.text("lines." + std::to_string(i) + ".id") == id)
        return std::stod(got.text("lines." + std::to_string(i) + ".value"));
    ADD_FAILURE() << id;
    return 0.0;
  };
  EXPECT_NEAR(value("care_manager_cost"), value("care_manager_hours") * 55, 0.6);
  EXPECT_NEAR(value("cost_total"), (value("care_manager_cost") + value("consultant_cost") + value("other_cost")) * 1.15, 0.1);
  const auto enrolled = std::stod(sam("/figures/enrolled?period=quarter&at=2025-12").text("figure.numerator"));
  EXPECT_NEAR(value("cost_per_patient"), value("cost_total") / enrolled, 0.01);
}

TEST_P(ReportRoutes, MonthsThatHaveNotBegunCostNothing) {
  ASSERT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"fixed_monthly":100},"reason":"invoice"})", 1).status, 200);
  const auto fixed = [&](const std::string& period) {
    const auto got = sam("/costs?" + period);
    for (std::size_t i = 0; i < got.count("lines"); ++i)
      if (got.text("lines." + std::to_string(i) + ".id") == "fixed") return got.text("lines." + std::to_string(i) + ".value");
    return std::string("no line");
  };
  EXPECT_EQ(fixed("period=year&at=2025-06"), "1200");
  EXPECT_EQ(fixed("period=year&at=2026-01"), "300") << "it is 4 March";
  EXPECT_EQ(fixed("period=quarter&at=2026-01"), "300");
  EXPECT_EQ(fixed("at=2026-03"), "100");
  EXPECT_EQ(fixed("period=12months&at=2026-02"), "1200");
}

TEST_P(ReportAnswers, BenchmarksStandBesideOursWithTheirDenominators) {
  const auto got = pat("/benchmarks?period=year&at=2025-06");
  ASSERT_EQ(got.count("items"), rules().benchmarks.size());
  int unconfirmed = 0;
  for (std::size_t i = 0; i < got.count("items"); ++i) {
    const std::string at = "items." + std::to_string(i);
    EXPECT_NE(got.text(at + ".source"), "");
    if (got.text(at + ".primary_source") == "false") {
      ++unconfirmed;
      EXPECT_EQ(got.text(at + ".note"), "No primary source was found for this figure.");
    }
  }
  EXPECT_EQ(unconfirmed, 6);
  EXPECT_EQ(got.text("items.0.ours.id"), "response_of_enrolled");
  EXPECT_EQ(got.text("items.0.ours.of"), "enrolled");
}

TEST_P(ReportRoutes, AnAnnotationIsDrawnUntilItEnds) {
  const auto made = as(pat_, "/annotations", "POST",
                       R"({"date":"2025-11-03","text":"New care manager started","figure":"response_of_enrolled"})");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(sam("/figures/response_of_enrolled?at=2026-02").text("annotations.0.text"), "New care manager started");
  EXPECT_EQ(sam("/figures/enrolled?at=2026-02").count("annotations"), 0u) << "of another figure";
  const auto path = "/annotations/" + made.text("id") + "/end";
  EXPECT_EQ(as(pat_, path, "POST", R"({"reason":" "})", 1).issue_paths(), "reason");
  EXPECT_EQ(as(pat_, path, "POST", R"({"reason":"wrong day"})", 7).status, 412);
  EXPECT_EQ(as(clinic().foreigner, path, "POST", R"({"reason":"mine"})", 1).status, 404);
  EXPECT_EQ(as(pat_, path, "POST", R"({"reason":"wrong day"})", 1).text("version"), "2");
  EXPECT_EQ(as(pat_, path, "POST", R"({"reason":"again"})", 2).status, 409);
  EXPECT_EQ(sam("/figures/response_of_enrolled?at=2026-02").count("annotations"), 0u);
  const auto listed = pat("/annotations?from=2025-01-01&to=2025-12-31");
  EXPECT_EQ(listed.text("items.0.end_reason"), "wrong day") << "it is kept";
  EXPECT_EQ(as(pat_, "/annotations", "POST", R"({"date":"2025-11-03","text":"x","figure":"no"})").issue_paths(), "figure");
  EXPECT_EQ(pat("/annotations?from=soon").issue_paths(), "from");
}

TEST_P(ReportAnswers, TheLetterSaysInBothLanguagesWhatTheGoldenFileSays) {
  std::string made;
  for (const auto* language : {"en", "es"})
    for (const auto* who : {"manager", "care_manager"}) {
      const auto got = as(*who == 'm' ? pat_ : sam_, "/letter?at=2026-02&language=" + std::string(language));
      ASSERT_EQ(got.status, 200);
      EXPECT_EQ(got.count("figures"), 3u);
      const auto line = [&](std::string_view list, std::size_t i, std::string_view member) {
        return got.text(std::string(list) + "." + std::to_string(i) + "." + std::string(member));
      };
      made += "== " + std::string(language) + " " + who + "\n" + got.text("title") + "\n" + got.text("greeting") + "\n";
      for (const auto* list : {"went_well", "needs_a_look", "fell_out", "next_steps"}) {
        made += std::string(list) + "\n";
        for (std::size_t i = 0; i < got.count(list); ++i) made += "  " + line(list, i, "text") + "\n";
      }
      for (std::size_t i = 0; i < got.count("footnotes"); ++i) made += got.text("footnotes." + std::to_string(i)) + "\n";
    }
  const auto file = kSource / "tests" / "golden" / "reports" / "letter.txt";
  if (std::getenv("CONCORD_WRITE_GOLDEN") != nullptr) std::ofstream(file) << made;
  EXPECT_EQ(made, json::read_file(file).value_or(""));
  EXPECT_EQ(sam("/letter?language=fr").issue_paths(), "language");
  EXPECT_EQ(sam("/letter?period=year").issue_paths(), "period");
  EXPECT_EQ(sam("/letter?sex=male").issue_paths(), "sex");
}

TEST_P(ReportAnswers, WhatTheManagerSeesIsWhatTheGoldenFileSays) {
  std::string made;
  for (const auto* id : {"enrolled", "response_of_enrolled", "recommendations_answered"}) {
    const auto got = pat("/figures/" + std::string(id) + "?period=year&at=2025-06&by=language,race,sex,site");
    made += std::string(id) + " " + got.text("figure.numerator") + " of " + got.text("figure.denominator") + "\n";
    for (std::size_t s = 0; s < got.count("strata"); ++s) {
      const std::string stratum = "strata." + std::to_string(s);
      for (std::size_t r = 0; r < got.count(stratum + ".rows"); ++r) {
        const std::string row = stratum + ".rows." + std::to_string(r);
        made += "  " + got.text(stratum + ".id") + " " + got.text(row + ".name") + ": " + got.text(row + ".numerator") + " of " +
                got.text(row + ".denominator") + "\n";
      }
    }
  }
  const auto file = kSource / "tests" / "golden" / "reports" / "suppressed.txt";
  if (std::getenv("CONCORD_WRITE_GOLDEN") != nullptr) std::ofstream(file) << made;
  EXPECT_EQ(made, json::read_file(file).value_or(""));
}

TEST_P(ReportAnswers, AFileAndASmallChartHideWhatThePageHides) {
  int hidden = 0, shown = 0, hidden_points = 0;
  const auto page = pat("/dashboard?period=month&at=2026-02");
  for (const auto& info : measures::figures()) {
    if (group_of(info.figure) == "funnel") continue;
    const auto deep = pat("/figures/" + std::string(info.id) + "?period=month&at=2026-02&by=language");
    const auto* card = figure(page, info.id)->find("series");
    ASSERT_EQ(card->items().size(), 12u);
    for (std::size_t i = 0; i < 12; ++i) {
      if (deep.text("series." + std::to_string(i + 12) + ".suppressed") != "true") continue;
      ++hidden_points;
      EXPECT_TRUE(card->items()[i].is(json::Kind::null)) << info.id << " " << i;
    }
    const auto csv =
        file(pat_, "/export.csv", {{"table", "strata"}, {"figure", std::string(info.id)}, {"by", "language"}, {"at", "2026-02"}});
    const auto lines = split(csv.body, '\n');
    for (std::size_t row = 0; row < deep.count("strata.0.rows"); ++row) {
      const std::string at = "strata.0.rows." + std::to_string(row);
      const bool is_hidden = deep.text(at + ".suppressed") == "true";
      (is_hidden ? hidden : shown) += 1;
      EXPECT_EQ(is_hidden, lines[row + 1].find(",,,,,hidden") != std::string_view::npos) << info.id << ": " << lines[row + 1];
    }
  }
  EXPECT_GT(hidden, 20);
  EXPECT_GT(shown, 5);
  EXPECT_GT(hidden_points, 20);
}

TEST_P(ReportAnswers, AStepWhoseStepBeforeIsHiddenIsNoStepWithoutAnybodyInAFile) {
  int steps = 0;
  for (const auto* month : {"2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02"}) {
    const auto csv = file(pat_, "/export.csv", {{"at", month}});
    const auto lines = split(csv.body, '\n');
    for (std::size_t at = static_cast<std::size_t>(Figure::funnel_screened); at < measures::kFigures; ++at) {
      const auto page = pat("/figures/" + std::string(measures::figures()[at].id) + "?at=" + month);
      if (page.text("figure.suppressed") == "true" || page.text("figure.denominator") != "null") continue;
      ++steps;
      EXPECT_TRUE(lines[at + 1].ends_with("," + page.text("figure.numerator") + ",,,,shown\r")) << lines[at + 1];
    }
  }
  EXPECT_GT(steps, 0);
}

TEST_P(ReportAnswers, AFileOfTheLiteratureHasTheNumbersOfThePage) {
  const std::vector<std::pair<std::string, std::string>> query{{"table", "benchmarks"}, {"period", "year"}, {"at", "2025-06"}};
  const auto page = sam("/benchmarks?period=year&at=2025-06");
  const auto csv = file(sam_, "/export.csv", query);
  const auto lines = split(csv.body, '\n');
  int costs = 0;
  for (std::size_t i = 0; i < page.count("items"); ++i) {
    const std::string at = "items." + std::to_string(i);
    if (page.text(at + ".ours") == "null") continue;
    const bool is_cost = page.text(at + ".ours.group") == "cost";
    costs += is_cost;
    const auto ours = page.text(at + (is_cost ? ".ours.value" : ".ours.percent"));
    EXPECT_TRUE(lines[i + 1].ends_with("," + ours + "\r")) << lines[i + 1] << " and " << ours;
  }
  EXPECT_EQ(costs, 2);
}

TEST_P(ReportAnswers, AQuarterIsItsThreeMonthsAndNoOtherDay) {
  int months = 0;
  for (const auto* month : {"2025-10", "2025-11", "2025-12"})
    months += std::stoi(sam("/figures/recommendations_sent?period=month&at=" + std::string(month)).text("figure.numerator"));
  const auto quarter = sam("/figures/recommendations_sent/patients?period=quarter&at=2025-11&limit=200");
  EXPECT_EQ(quarter.text("figure.period.from") + " " + quarter.text("figure.period.to"), "2025-10-01 2025-12-31");
  EXPECT_EQ(quarter.text("figure.numerator"), std::to_string(months));
  std::set<std::string> seen;
  for (const auto& line : quarter.at("items")->items()) seen.insert(std::string(line.find("day")->text()).substr(0, 7));
  EXPECT_EQ(seen, (std::set<std::string>{"2025-10", "2025-11", "2025-12"}));
}

TEST_P(ReportAnswers, AFilterCountsThoseWhoHaveItsValueAndNobodyElse) {
  int sum = 0;
  std::set<std::string> values;
  const auto page = sam("/dashboard");
  for (const auto& one : page.at("choices.language")->items()) {
    const auto value = std::string(one.find("value")->text());
    values.insert(value);
    const auto got = sam("/figures/enrolled?period=year&at=2025-06&language=" + value);
    EXPECT_EQ(got.text("filters.language"), value);
    sum += std::stoi(got.text("figure.numerator"));
  }
  EXPECT_EQ(values, (std::set<std::string>{"en", "es", "ht", "unknown", "zh"}));
  EXPECT_EQ(std::to_string(sum), sam("/figures/enrolled?period=year&at=2025-06").text("figure.numerator"));
}

TEST_P(ReportAnswers, NoCellOfAFileIsAFormula) {
  const auto csv = file(sam_, "/figures/enrolled/patients.csv", {{"period", "month"}, {"at", "2026-02"}});
  EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
  EXPECT_NE(csv.body.find("'=cmd("), std::string::npos) << "a family name that begins like a formula";
  EXPECT_EQ(csv.body.find("\n=cmd("), std::string::npos);
  EXPECT_NE(csv.audit_detail.find("rows="), std::string::npos);
  const auto xlsx = file(sam_, "/figures/enrolled/patients.xlsx", {{"period", "month"}, {"at", "2026-02"}});
  EXPECT_EQ(xlsx.body.substr(0, 2), "PK");
  EXPECT_EQ(xlsx.body.find("<f>"), std::string::npos);
}

TEST_P(ReportAnswers, EveryTableIsAFileOfBothKinds) {
  for (const auto* table : {"dashboard", "series", "strata", "reasons", "funnel", "costs", "benchmarks"})
    for (const auto* kind : {"/export.csv", "/export.xlsx"}) {
      const std::vector<std::pair<std::string, std::string>> query{
          {"table", table}, {"figure", "response_of_enrolled"}, {"period", "quarter"}, {"at", "2025-12"}};
      const auto reply = file(pat_, kind, query);
      EXPECT_GT(reply.body.size(), 60u) << table << kind;
      EXPECT_EQ(reply.body, file(pat_, kind, query).body) << "the same question, the same bytes: " << table << kind;
      EXPECT_NE(reply.audit_detail.find("table=" + std::string(table)), std::string::npos);
    }
  const auto csv = file(pat_, "/export.csv",
                        {{"table", "strata"}, {"figure", "response_of_enrolled"}, {"period", "quarter"}, {"at", "2025-12"}});
  EXPECT_NE(csv.body.find(",hidden"), std::string::npos) << "small rows say that they are hidden";
}

TEST_P(ReportAnswers, AListHasNoNamesInItsAuditDetail) {
  const auto got = sam("/figures/enrolled/patients?period=month&at=2026-02&language=es");
  EXPECT_EQ(got.reply.audit_detail, "figure=enrolled standing=denominator period=month:2026-02 filters=language rows=" +
                                        std::to_string(got.count("items")));
}

}  // namespace
}  // namespace concord::reports
