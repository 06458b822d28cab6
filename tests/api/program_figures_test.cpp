// The AIMS set and the HEDIS-like figures on the whole server: a figure and its patients agree, and whoever sees sums only sees
// no small count.
#include "measures/program_figures.h"

#include <gtest/gtest.h>

#include "measures/program_words.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::HttpClient;
using testing::Json;
using testing::World;

const std::string kAims = "/api/v1/reports/aims-2026";
const std::string kHedis = "/api/v1/reports/hedis-my2026";

class ProgramReports : public testing::WholeServerOnBoth {
 protected:
  HttpClient& sam() { return world().care_manager(); }
  HttpClient& manager() { return world().as("program_manager", world().north()); }
  static Json good(const ClientResponse& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json(answer.body);
  }
  static std::string issue_of(const ClientResponse& answer) {
    EXPECT_EQ(answer.status, 422) << answer.body;
    return Json(answer.body)["issues"][0]["path"].text();
  }
};
CONCORD_ON_BOTH_DATABASES(ProgramReports);

TEST_P(ProgramReports, EveryFigureHasThePatientsItSays) {
  const auto ann =
      world().patient("Ann", world().north()).enrolled("2026-01-05").phq9({18, 9}).contact("2026-02-02").treatment().review();
  const auto bea = world().patient("Bea", world().north()).enrolled("2026-01-05").phq9({15});
  world().patient("Cleo", world().south()).enrolled("2026-01-05").contact("2026-02-03");
  world().patient("Dora", world().birch()).enrolled("2026-01-05");
  const auto shown = good(sam().get(kAims + "?quarter=2026-Q1"));
  EXPECT_EQ(shown["rule_set"].text(), "aims-2026");
  EXPECT_EQ(shown["viewer"].text(), "patients");
  EXPECT_EQ(shown["period"]["to"].text(), "2026-03-31");
  EXPECT_EQ(shown["period"]["known_until"].text(), "2026-03-02");
  const auto facts_at = shown["facts_at"].text();
  int opened = 0;
  for (std::size_t i = 0; i < shown["figures"].size(); ++i) {
    const auto f = shown["figures"][i];
    const std::string id = f["id"].text();
    SCOPED_TRACE(id);
    EXPECT_FALSE(f["suppressed"].boolean());
    EXPECT_NE(f["of"].text(), "") << "has no words";
    if (!f["opens"].boolean()) continue;
    ++opened;
    const auto open = [&](const std::string& in) {
      return good(sam().get(kAims + "/patients?quarter=2026-Q1&limit=1&figure=" + id + "&in=" + in + "&facts_at=" + facts_at));
    };
    const auto numerator = open("numerator"), denominator = open("denominator"), not_met = open("not_met"), out = open("out");
    EXPECT_EQ(numerator["facts_at"].text(), facts_at);
    EXPECT_EQ(numerator["numerator"].integer(), f["numerator"].integer());
    if (!f["denominator"].is_null()) {
      EXPECT_EQ(denominator["denominator"].integer(), f["denominator"].integer());
    }
    if (f["kind"].text() == "rate" && id != "score_at_contact" && id != "change_after_review") {
      EXPECT_EQ(numerator["total"].integer() + not_met["total"].integer(), denominator["total"].integer());
    }
    EXPECT_EQ(denominator["total"].integer() + out["total"].integer(), 3) << "everybody stands somewhere, with a reason";
    // Page after page everybody once, and never somebody of another site.
    std::int64_t seen = 0;
    for (auto page = denominator;;) {
      seen += static_cast<std::int64_t>(page["items"].size());
      for (std::size_t n = 0; n < page["items"].size(); ++n) {
        const auto patient = page["items"][n]["patient_id"].text();
        EXPECT_TRUE(patient == ann.id("patient_id") || patient == bea.id("patient_id"));
        EXPECT_NE(page["items"][n]["text"].text(), "");
      }
      if (page["next"].is_null()) break;
      page = open("denominator&after=" + page["next"].text());
    }
    EXPECT_EQ(seen + denominator["elsewhere"].integer(), denominator["total"].integer());
  }
  EXPECT_EQ(opened, 15);
  const auto late = good(sam().get(kAims + "/patients?quarter=2026-Q1&figure=first_contact&in=not_met&reason=no_contact"));
  ASSERT_EQ(late["items"].size(), 1u);
  EXPECT_EQ(late["items"][0]["patient_id"].text(), bea.id("patient_id"));
  EXPECT_EQ(late["total"].integer(), 1) << "Cleo's came on day 29: contact_later";
}

TEST_P(ProgramReports, TheYearsFiguresSayThatTheyAreNoHedisResults) {
  world().patient("Ann", world().north()).enrolled("2026-01-05").phq9({18});
  const auto shown = good(sam().get(kHedis + "?year=2026"));
  EXPECT_NE(shown["notice"].text().find("Not HEDIS results"), std::string::npos);
  EXPECT_EQ(shown["exclusions_read"].size(), 6u);
  EXPECT_EQ(shown["exclusions_not_read"][0]["id"].text(), "hospice_elsewhere");
  ASSERT_EQ(shown["figures"].size(), 9u);
  const auto open = good(sam().get(kHedis + "/patients?year=2026&figure=drr_follow_up&in=out"));
  ASSERT_EQ(open["items"].size(), 1u);
  EXPECT_EQ(open["items"][0]["why"].text(), "window_not_over");
  EXPECT_EQ(issue_of(sam().get(kHedis + "/patients?year=2026&figure=dms_all&in=out")), "figure") << "made of others";
}

TEST_P(ProgramReports, WhoeverSeesSumsOnlySeesNoSmallCountAndNoMonths) {
  for (const char* name : {"Ann", "Bea", "Cleo"})
    world().patient(name, world().north()).enrolled("2026-01-05").contact("2026-02-02");
  const auto shown = good(manager().get(kAims + "?quarter=2026-Q1"));
  EXPECT_EQ(shown["viewer"].text(), "aggregates");
  for (std::size_t i = 0; i < shown["figures"].size(); ++i) {
    const auto f = shown["figures"][i];
    EXPECT_FALSE(f["opens"].boolean());
    for (const char* member : {"numerator", "denominator"})
      if (!f[member].is_null()) {
        EXPECT_EQ(f[member].integer(), 0) << f["id"].text();
      }
  }
  EXPECT_TRUE(shown["figures"][0]["suppressed"].boolean());
  EXPECT_EQ(manager().get(kAims + "?month=2026-02").status, 403) << "a quarter less its months would show a few";
  EXPECT_EQ(manager().get(kAims + "/patients?quarter=2026-Q1&figure=caseload&in=out").status, 403);
}

TEST_P(ProgramReports, AQuarterAsItWasKnownStaysAndWhatCameLaterIsARestatement) {
  auto ann = world().patient("Ann", world().north()).enrolled("2026-01-05").phq9({18});
  const auto shown = good(sam().get(kAims + "?quarter=2026-Q1"));
  EXPECT_TRUE(shown["as_of"].is_null());
  EXPECT_TRUE(shown["restatement"].is_null());
  const auto then = shown["facts_at"].text();
  const std::string that_day = then.substr(0, 10);
  const auto number = [](const Json& value) { return value.is_null() ? "null" : std::string(value.value().text()); };
  const auto figure = [&](const Json& report, const std::string& id) {
    std::string all;
    for (std::size_t i = 0; i < report["figures"].size(); ++i) {
      const auto f = report["figures"][i];
      if (id.empty()) all += " " + number(f["denominator"]) + " " + number(f["value"]);
      if (id.empty() || f["id"].text() == id) all += number(f["numerator"]);
    }
    return all;
  };
  const auto list = [&](const std::string& when) {
    return good(sam().get(kAims + "/patients?quarter=2026-Q1&figure=first_contact&in=numerator&" + when))["total"].integer();
  };
  EXPECT_EQ(figure(shown, "first_contact"), "0");
  server().clock.advance(std::chrono::hours(24));
  world().forget_browsers();
  ann.contact("2026-01-20");
  const auto now = good(sam().get(kAims + "?quarter=2026-Q1"));
  EXPECT_EQ(figure(now, "first_contact"), "1");
  const auto before = good(sam().get(kAims + "?quarter=2026-Q1&as_of=" + that_day));
  EXPECT_EQ(before["period"]["known_until"].text(), that_day);
  EXPECT_EQ(figure(before, ""), figure(shown, "")) << "as it was known then";
  ASSERT_FALSE(before["restatement"].is_null());
  EXPECT_GT(before["restatement"]["moved_count"].integer(), 0);
  bool told = false;
  for (std::size_t i = 0; i < before["restatement"]["figures"].size(); ++i) {
    const auto changed = before["restatement"]["figures"][i];
    if (changed["id"].text() != "first_contact") continue;
    told = true;
    EXPECT_EQ(changed["then"]["numerator"].integer(), 0);
    EXPECT_EQ(changed["now"]["numerator"].integer(), 1);
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(list("as_of=" + that_day), 0);
  EXPECT_EQ(list("facts_at=" + then), 0) << "the list of an answer is that of its figures, whatever was entered since";
  EXPECT_EQ(list("limit=50"), 1);
  EXPECT_EQ(good(sam().get(kHedis + "?year=2026&as_of=" + then))["as_of"].text(), then);
  EXPECT_EQ(manager().get(kAims + "?quarter=2026-Q1&as_of=" + then).status, 403) << "two days beside each other show one person";
  EXPECT_EQ(issue_of(sam().get(kAims + "?quarter=2026-Q1&as_of=2025-12-30")), "as_of") << "before the quarter";
  EXPECT_EQ(issue_of(sam().get(kAims + "?quarter=2026-Q1&as_of=2030-01-01")), "as_of");
}

TEST_P(ProgramReports, AWrongQuestionIsRefusedAtItsParameter) {
  EXPECT_EQ(issue_of(sam().get(kAims)), "month");
  EXPECT_EQ(issue_of(sam().get(kAims + "?month=2026-13")), "month");
  EXPECT_EQ(issue_of(sam().get(kAims + "?quarter=2026-Q5")), "quarter");
  EXPECT_EQ(issue_of(sam().get(kAims + "?quarter=2026-Q2")), "quarter") << "not begun";
  EXPECT_EQ(issue_of(sam().get(kAims + "?month=2026-02&quarter=2026-Q1")), "month");
  EXPECT_EQ(issue_of(sam().get(kHedis + "?year=2027")), "year") << "not begun";
  EXPECT_EQ(issue_of(sam().get(kHedis + "?year=26")), "year");
  EXPECT_EQ(issue_of(sam().get(kAims + "/patients?month=2026-02&figure=caseload&in=inside")), "in");
  EXPECT_EQ(issue_of(sam().get(kAims + "/patients?month=2026-02&figure=wealth&in=out")), "figure");
  EXPECT_EQ(issue_of(sam().get(kAims + "?month=2026-02&facts_at=now")), "facts_at");
}

TEST(ProgramSums, WhatWouldLetOneComputeASmallCountIsHiddenToo) {
  using measures::AimsFigure;
  measures::AimsReport report;
  const auto set = [&](AimsFigure figure, std::int64_t numerator, std::int64_t denominator) {
    report.totals[static_cast<std::size_t>(figure)].numerator = numerator;
    report.totals[static_cast<std::size_t>(figure)].denominator = denominator;
  };
  const auto usual = [&] {
    set(AimsFigure::caseload, 200, 200);
    set(AimsFigure::active_caseload, 150, 150);
    set(AimsFigure::caseload_per_fte, 200, 0);
    set(AimsFigure::active_caseload_per_fte, 150, 0);
    set(AimsFigure::contacts_per_month, 900, 400);
    set(AimsFigure::three_contacts, 90, 200);
    set(AimsFigure::first_contact, 40, 60);
    set(AimsFigure::days_to_first_contact, 55, 55);
    set(AimsFigure::score_monitored, 80, 120);
    set(AimsFigure::score_at_contact, 300, 900);
    set(AimsFigure::median_phq9, 130, 130);
    set(AimsFigure::improved, 50, 100);
    set(AimsFigure::consulted, 30, 50);
    set(AimsFigure::changed, 25, 50);
    set(AimsFigure::reviewed_weeks_8_to_12, 20, 40);
    set(AimsFigure::change_after_review, 20, 40);
    set(AimsFigure::days_to_change, 35, 35);
  };
  const auto hidden = [&] {
    const auto program = measures::program_figures(report);
    const auto flags = measures::hidden_figures(program);
    std::string text;
    for (std::size_t i = 0; i < flags.size(); ++i)
      if (flags[i]) text += std::string(program.figures[i].id) + " ";
    return text;
  };
  usual();
  EXPECT_EQ(hidden(), "");
  set(AimsFigure::active_caseload, 197, 197);
  EXPECT_EQ(hidden(), "active_caseload active_caseload_per_fte ") << "three who left";
  usual();
  set(AimsFigure::improved, 4, 54);
  EXPECT_EQ(hidden(), "improved consulted changed ");
  usual();
  set(AimsFigure::changed, 45, 50);
  EXPECT_EQ(hidden(), "changed ") << "five not changed";
  usual();
  set(AimsFigure::days_to_first_contact, 43, 43);
  EXPECT_EQ(hidden(), "days_to_first_contact ") << "three who were reached late";
  usual();
  set(AimsFigure::caseload, 10, 10);
  EXPECT_NE(hidden().find("caseload_per_fte"), std::string::npos);
}

TEST(ProgramSums, EveryFigureHasWordsInBothLanguages) {
  for (std::size_t i = 0; i < measures::kAimsFigures; ++i) {
    const auto id = info(static_cast<measures::AimsFigure>(i)).id;
    EXPECT_FALSE(measures::program_figure_words(id, "en").of.empty());
    EXPECT_NE(measures::program_figure_words(id, "es").name, measures::program_figure_words(id, "en").name) << id;
    EXPECT_FALSE(measures::program_figure_words(id, "es").of.empty());
  }
  for (std::size_t i = 0; i < measures::kHedisFigures; ++i) {
    const auto id = info(static_cast<measures::HedisFigure>(i)).id;
    EXPECT_NE(measures::program_figure_words(id, "es").name, id);
  }
}

}  // namespace
}  // namespace concord
