// The state's report on the whole server: figures and their patients agree, a published month stays, and whoever sees sums only
// sees no small count.
#include <gtest/gtest.h>

#include "measures/state_figures.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;
using testing::PatientChart;
using testing::World;

const std::string kReport = "/api/v1/reports/nys-omh-2025";

class StateReport : public testing::WholeServerOnBoth {
 protected:
  HttpClient& sam() { return world().care_manager(); }
  HttpClient& manager() { return world().as("program_manager", world().north()); }
  Json good(const ClientResponse& answer) {
    EXPECT_TRUE(answer.status == 200 || answer.status == 201) << answer.status << " " << answer.body;
    return Json(answer.body);
  }
  Json report(HttpClient& who, const std::string& more = {}) { return good(who.get(kReport + "?month=2026-02" + more)); }
  /// On the record since January, with Medicaid, a baseline of 18 and a clinical contact in February.
  PatientChart treated(std::string_view name, const testing::Site& site) {
    auto chart = world().patient(name, site);
    chart.enrolled("2026-01-05").phq9({18}).contact("2026-02-02");
    auto& hands = world().as("care_manager", site);
    good(hands.post("/api/v1/patients/" + chart.id("patient_id") + "/coverage",
                    R"({"payer_category":"medicaid_ffs","start_date":"2025-01-01"})"));
    return chart;
  }
  void score(const PatientChart& chart, int total, std::string_view on) {
    good(world()
             .as("care_manager", chart.site())
             .post("/api/v1/patients/" + chart.id("patient_id") + "/measurements",
                   R"({"instrument":"phq-9","mode":"phone","total":)" + std::to_string(total) + R"(,"administered_date":")" +
                       std::string(on) + "\"}"));
  }
  static std::string number(const Json& value) { return value.is_null() ? "null" : std::string(value.value().text()); }
  /// "1 of 2", "2", "hidden"
  static std::string figure(const Json& answer, int metric) {
    const auto f = answer["figures"][metric - 1];
    if (f["suppressed"].boolean()) return "hidden";
    if (f["kind"].text() == "rate") return number(f["numerator"]) + " of " + number(f["denominator"]);
    return number(f["value"]);
  }
  void tomorrow() {
    server().clock.advance(std::chrono::hours(24));
    world().forget_browsers();
  }
};
CONCORD_ON_BOTH_DATABASES(StateReport);

TEST_P(StateReport, AFigureHasAsManyPatientsAsItSaysAndElsewhereIsCountedNotShown) {
  const auto ann = treated("Ann", world().north()), bea = treated("Bea", world().north()),
             cleo = treated("Cleo", world().south());
  treated("Dora", world().birch());
  score(ann, 4, "2026-02-20");
  score(cleo, 9, "2026-02-20");
  const auto shown = report(sam());
  EXPECT_EQ(figure(shown, 1), "3");
  EXPECT_EQ(figure(shown, 5), "2 of 3");
  EXPECT_EQ(figure(shown, 6), "0 of 0") << "not 70 days yet";
  EXPECT_EQ(figure(shown, 7), "1 of 3");
  EXPECT_TRUE(shown["complete"].boolean());
  EXPECT_EQ(shown["time_zone"].text(), "America/New_York");
  const auto as_of = shown["facts_at"].text();
  for (int metric = 1; metric <= 10; ++metric) {
    const auto f = shown["figures"][metric - 1];
    EXPECT_TRUE(f["opens"].boolean());
    const auto open = [&](const std::string& in) {
      return good(sam().get(kReport + "/patients?month=2026-02&limit=1&metric=" + std::to_string(metric) + "&in=" + in +
                            "&as_of=" + as_of));
    };
    const auto numerator = open("numerator"), denominator = open("denominator"), not_met = open("not_met");
    if (metric != 4) {
      EXPECT_EQ(numerator["total"].integer(), f["numerator"].integer()) << metric;
    }
    if (metric >= 4) {
      EXPECT_EQ(denominator["total"].integer(), f["denominator"].integer()) << metric;
    }
    EXPECT_EQ(numerator["total"].integer() + not_met["total"].integer(), denominator["total"].integer()) << metric;
    // Page after page everybody once, and never somebody of another site.
    std::int64_t seen = 0;
    for (auto page = denominator;;) {
      seen += static_cast<std::int64_t>(page["items"].size());
      for (std::size_t i = 0; i < page["items"].size(); ++i) {
        const auto id = page["items"][i]["patient_id"].text();
        EXPECT_TRUE(id == ann.id("patient_id") || id == bea.id("patient_id")) << metric;
      }
      if (page["next"].is_null()) break;
      page = open("denominator&after=" + page["next"].text());
    }
    EXPECT_EQ(seen + denominator["elsewhere"].integer(), denominator["total"].integer()) << metric;
  }
  const auto missed = good(sam().get(kReport + "/patients?month=2026-02&metric=5&in=not_met"));
  ASSERT_EQ(missed["items"].size(), 1u);
  EXPECT_EQ(missed["items"][0]["patient_id"].text(), bea.id("patient_id"));
  EXPECT_EQ(missed["items"][0]["why"].text(), "no_score_in_month");
  EXPECT_EQ(missed["items"][0]["baseline"]["total"].integer(), 18);
  EXPECT_EQ(missed["reasons"][0]["n"].integer(), 1);
}

TEST_P(StateReport, APublishedMonthIsShownBesideWhatIsKnownNowAndTheMoveHasItsReason) {
  const auto ann = treated("Ann", world().north());
  treated("Bea", world().north());
  score(ann, 8, "2026-02-20");
  const auto before = report(sam());
  EXPECT_EQ(before["published"].size(), 0u);
  EXPECT_TRUE(before["restatement"].is_null());
  const auto body = R"({"month":"2026-02","as_of":")" + before["facts_at"].text() + "\"}";
  EXPECT_EQ(sam().post(kReport + "/publish", body).status, 403) << "a care manager does not publish";
  const auto first = good(manager().post(kReport + "/publish", body));
  EXPECT_EQ(first["number"].integer(), 1);
  EXPECT_EQ(first["digest"].text(), before["digest"].text()) << "what was on the screen";
  EXPECT_EQ(manager().post(kReport + "/publish", body).status, 409);
  EXPECT_EQ(manager().post(kReport + "/publish", R"({"month":"2026-03"})").status, 422) << "not over";
  EXPECT_TRUE(report(sam())["restatement"].is_null()) << "nothing has changed";
  tomorrow();
  score(ann, 4, "2026-02-25");
  const auto after = report(sam());
  EXPECT_EQ(figure(after, 7), "1 of 2");
  ASSERT_FALSE(after["restatement"].is_null());
  const auto restated = after["restatement"];
  EXPECT_EQ(restated["against"].integer(), 1);
  ASSERT_EQ(restated["figures"].size(), 1u);
  EXPECT_EQ(restated["figures"][0]["metric"].text(), "7");
  EXPECT_EQ(restated["figures"][0]["published"]["numerator"].integer(), 0);
  EXPECT_EQ(restated["figures"][0]["now"]["numerator"].integer(), 1);
  ASSERT_EQ(restated["moved"].size(), 1u);
  EXPECT_EQ(restated["moved"][0]["patient_id"].text(), ann.id("patient_id"));
  EXPECT_EQ(restated["moved"][0]["from"]["why"].text(), "not_in_remission");
  EXPECT_EQ(restated["moved"][0]["to"]["in"].text(), "numerator");
  // The published words, and the facts of then.
  const auto published = report(sam(), "&published=1");
  EXPECT_EQ(figure(published, 7), "0 of 2");
  EXPECT_EQ(published["digest"].text(), first["digest"].text());
  EXPECT_EQ(report(sam(), "&as_of=2026-03-02")["digest"].text(), first["digest"].text());
  EXPECT_EQ(good(sam().get(kReport + "/patients?month=2026-02&metric=7&in=numerator&published=1"))["total"].integer(), 0);
  EXPECT_EQ(sam().get(kReport + "?month=2026-02&published=2").status, 404);
  // Restated, with its reason; the first stays.
  EXPECT_EQ(manager().post(kReport + "/publish", R"({"month":"2026-02"})").status, 422);
  EXPECT_EQ(good(manager().post(kReport + "/publish", R"({"month":"2026-02","reason":"late scores"})"))["kind"].text(),
            "restatement");
  EXPECT_EQ(report(sam(), "&published=1")["digest"].text(), first["digest"].text());
  EXPECT_EQ(report(sam(), "&published=2")["restatement"]["against"].integer(), 1);
  EXPECT_EQ(good(sam().get(kReport + "/published"))["items"].size(), 2u);
  EXPECT_EQ(good(world().as("care_manager", world().birch()).get(kReport + "/published"))["items"].size(), 0u)
      << "another organization";
}

TEST_P(StateReport, WhoeverSeesSumsOnlySeesNoSmallCountAndNoTwoDaysBesideEachOther) {
  for (int i = 0; i < 3; ++i) score(treated("Ann", world().north()), 4, "2026-02-20");
  const auto shown = report(manager());
  EXPECT_EQ(shown["viewer"].text(), "aggregates");
  for (const int metric : {1, 2, 5, 7}) EXPECT_EQ(figure(shown, metric), "hidden") << metric;
  EXPECT_FALSE(shown["figures"][0]["opens"].boolean());
  EXPECT_EQ(figure(shown, 9), "0 of 0") << "nobody is no small count";
  EXPECT_EQ(manager().get(kReport + "?month=2026-02&as_of=2026-03-01").status, 403);
  EXPECT_EQ(manager().get(kReport + "/patients?month=2026-02&metric=1&in=numerator").status, 403);
  EXPECT_EQ(sam().get(kReport + "?month=2026-04").status, 422) << "not begun";
  EXPECT_EQ(sam().get(kReport + "?month=2026-2").status, 422);
  EXPECT_EQ(sam().get(kReport + "?month=2026-02&as_of=2026-03-09").status, 422) << "the future";
  EXPECT_EQ(sam().get(kReport + "?month=2026-02&as_of=2026-01-09").status, 422) << "before the month";
  EXPECT_EQ(sam().get(kReport + "/patients?month=2026-02&metric=11&in=out").status, 422);
  EXPECT_EQ(sam().get(kReport + "/patients?month=2026-02&metric=1&in=inside").status, 422);
}

measures::StateFigures figures(std::int64_t all, std::int64_t medicaid, std::int64_t improved, std::int64_t elevated) {
  measures::StateFigures f;
  f[1].numerator = all;
  f[2].numerator = medicaid;
  f[3].numerator = 0;
  f[4].denominator = 0;
  for (const int metric : {5, 7}) {
    f[static_cast<std::size_t>(metric)].numerator = 20;
    f[static_cast<std::size_t>(metric)].denominator = medicaid;
  }
  f[6] = {improved, elevated, {}, {}};
  f[8] = {20, elevated - improved, {}, {}};
  f[9] = f[10] = {30, 60, {}, {}};
  return f;
}

TEST(StateFigures, WhatWouldLetOneComputeASmallCountIsHiddenToo) {
  const auto hidden = [](const measures::StateFigures& f, const std::vector<measures::StateFigures>& earlier = {}) {
    std::string text;
    const auto flags = measures::hidden_figures(f, earlier);
    for (int metric = 1; metric <= 11; ++metric)
      if (flags[static_cast<std::size_t>(metric)]) text += std::to_string(metric) + " ";
    return text;
  };
  EXPECT_EQ(hidden(figures(100, 80, 30, 65)), "");
  EXPECT_EQ(hidden(figures(83, 80, 30, 65)), "1 ") << "three without Medicaid";
  EXPECT_EQ(hidden(figures(100, 80, 30, 72)), "6 8 ") << "eight whom figure 6 leaves out";
  EXPECT_EQ(hidden(figures(100, 80, 4, 65)), "6 8 ") << "8 would tell 6";
  EXPECT_EQ(hidden(figures(20, 8, 0, 0)), "2 3 5 6 7 8 ") << "denominators of 5 and 7; whom 6 leaves out";
  const auto before = figures(100, 80, 30, 65);
  EXPECT_EQ(hidden(figures(101, 81, 30, 65), {before}), "1 2 5 7 ") << "one more than was published";
  EXPECT_EQ(hidden(figures(120, 100, 30, 65), {before}), "");
}

}  // namespace
}  // namespace concord
