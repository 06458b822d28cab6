#include "reports/sheet.h"

#include <gtest/gtest.h>

#include "reports/made_up_program.h"

namespace concord::reports {
namespace {

using measures::Figure;
using measures::kFigures;
using measures::Place;

constexpr Stratum kAll[] = {Stratum::site, Stratum::care_manager, Stratum::pathway, Stratum::language, Stratum::interpreter,
                            Stratum::race, Stratum::ethnicity,    Stratum::sex,     Stratum::age_band, Stratum::payer};

class Sheets : public ::testing::Test {
 protected:
  static const Program& program() {
    static const Program all = made_up_program(11, 900, OrganizationId(program_id(7, 1)), 1, sites(), {"m1", "m2", "m3"});
    return all;
  }
  static std::vector<std::string> sites() { return {program_id(9, 1).text(), program_id(9, 2).text()}; }
  static Asked asked(bool exact, std::string_view period = "quarter", std::string_view at = "2025-12") {
    Asked a;
    a.period = *read_period(period, at, program().today);
    a.sites = sites();
    a.exact = exact;
    a.today = program().today;
    return a;
  }
  const measures::Resident& facts() const { return *program().facts; }

  /// The list behind a figure has as many lines as the figure says.
  void expect_same(const Asked& question, Figure figure, const Shown& shown) {
    const auto lines = desk_.standings(facts(), question, figure);
    const auto& info = measures::info(figure);
    std::int64_t numerator = 0, denominator = 0;
    for (const auto& line : *lines) {
      numerator += line.standing == Place::numerator;
      denominator += line.standing != Place::out;
    }
    const bool is_share = info.kind == measures::Kind::rate || info.kind == measures::Kind::funnel;
    EXPECT_EQ(shown.numerator, numerator) << info.id;
    EXPECT_EQ(shown.denominator, is_share ? denominator : numerator) << info.id;
  }

  Desk desk_{10};
};

TEST_F(Sheets, QuestionsThatDifferHaveKeysThatDiffer) {
  auto one = asked(true), two = asked(true);
  one.filters = {{Stratum::language, "en;sex=female"}};
  two.filters = {{Stratum::language, "en"}, {Stratum::sex, "female"}};
  EXPECT_NE(one.key(), two.key()) << "whatever signs a value has";
  EXPECT_EQ(one.key(), Asked(one).key());
}

TEST_F(Sheets, EveryFigureOpensToAsManyAsItCounts) {
  for (const auto* period : {"month", "quarter", "year", "12months"}) {
    const auto question = asked(true, period);
    const auto sheet = desk_.total(facts(), question);
    for (std::size_t at = 0; at < kFigures; ++at) expect_same(question, static_cast<Figure>(at), sheet[at]);
  }
}

TEST_F(Sheets, EveryFigureOfEveryStratumOpensToAsManyAsItCounts) {
  int rows = 0;
  for (const auto stratum : kAll) {
    const auto question = asked(true);
    for (const auto& row : desk_.by(facts(), question, stratum)) {
      auto filtered = question;
      filtered.filters = {{stratum, row.value}};
      const auto sheet = desk_.total(facts(), filtered);
      for (std::size_t at = 0; at < kFigures; ++at) {
        EXPECT_EQ(sheet[at].numerator, row.figures[at].numerator) << measures::figures()[at].id << " " << row.value;
        expect_same(filtered, static_cast<Figure>(at), row.figures[at]);
      }
      ++rows;
    }
  }
  EXPECT_GT(rows, 35);
}

TEST_F(Sheets, RowsOfAStratumAddUpToTheFigure) {
  const auto question = asked(true, "year", "2025-06");
  const auto whole = desk_.total(facts(), question);
  for (const auto stratum : kAll) {
    std::array<std::int64_t, kFigures> sum{};
    for (const auto& row : desk_.by(facts(), question, stratum))
      for (std::size_t at = 0; at < kFigures; ++at) sum[at] += row.figures[at].numerator;
    for (std::size_t at = 0; at < kFigures; ++at) EXPECT_EQ(sum[at], whole[at].numerator) << measures::figures()[at].id;
  }
}

TEST_F(Sheets, WhoSeesAggregatesSeesTheSameNumbersOrNone) {
  int shown = 0, hidden = 0;
  for (const auto* period : {"month", "quarter", "year", "12months"}) {
    const auto exact = asked(true, period), coarse = asked(false, period);
    const auto a = desk_.total(facts(), exact), b = desk_.total(facts(), coarse);
    for (std::size_t at = 0; at < kFigures; ++at) {
      const auto& info = measures::figures()[at];
      if (b[at].suppressed) {
        ++hidden;
        EXPECT_EQ(b[at].denominator, 0);
        EXPECT_FALSE(b[at].percent || b[at].value);
        continue;
      }
      ++shown;
      EXPECT_EQ(a[at].numerator, b[at].numerator) << info.id;
      if (!b[at].hidden_denominator) {
        EXPECT_EQ(a[at].percent, b[at].percent) << info.id;
      }
      EXPECT_TRUE(is_safe(b[at].numerator, 10)) << info.id;
      if (info.kind == measures::Kind::rate) {
        EXPECT_TRUE(is_safe(b[at].denominator - b[at].numerator, 10)) << info.id;
      }
    }
    for (const auto stratum : kAll) {
      const auto exactly = desk_.by(facts(), exact, stratum), coarsely = desk_.by(facts(), coarse, stratum);
      ASSERT_EQ(exactly.size(), coarsely.size());
      for (std::size_t at = 0; at < kFigures; ++at) {
        int small = 0;
        for (const auto& row : coarsely) {
          const auto same = std::find_if(exactly.begin(), exactly.end(), [&](const auto& one) { return one.value == row.value; });
          ASSERT_NE(same, exactly.end());
          small += row.figures[at].suppressed;
          if (!row.figures[at].suppressed) {
            EXPECT_EQ(row.figures[at].numerator, same->figures[at].numerator);
          }
        }
        if (b[at].suppressed) continue;
        EXPECT_NE(small, 1) << "one hidden row follows from the total: " << measures::figures()[at].id;
      }
    }
  }
  EXPECT_GT(shown, 30);
  EXPECT_GT(hidden, 10);
}

TEST_F(Sheets, NoShareGivesAwayAFewWhoDidNotReachIt) {
  int shown = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const Program clinic =
        made_up_program(seed, 40 + 30 * static_cast<int>(seed), OrganizationId(program_id(7, 1)), seed, sites(), {"m1", "m2"});
    Desk desk(10);
    for (const auto period : {"12months", "year", "quarter"}) {
      const auto sheet = desk.total(*clinic.facts, asked(false, period, "2025-12"));
      for (const auto& info : measures::figures()) {
        const Shown& figure = sheet[static_cast<std::size_t>(info.figure)];
        if (info.kind != measures::Kind::rate || figure.suppressed) continue;
        ++shown;
        EXPECT_TRUE(is_safe(figure.numerator, 10)) << info.id << " " << figure.numerator;
        EXPECT_TRUE(is_safe(figure.denominator - figure.numerator, 10))
            << info.id << " " << figure.numerator << " of " << figure.denominator << ", seed " << seed;
      }
    }
  }
  EXPECT_GT(shown, 60);
}

TEST_F(Sheets, AFilterAndABreakdownTellTheSameCell) {
  auto by_site = asked(false, "12months"), by_language = asked(false, "12months"), both = asked(false, "12months");
  by_site.filters = {{Stratum::site, sites()[0]}};
  for (const auto& row : desk_.by(facts(), by_site, Stratum::language)) {
    by_language.filters = {{Stratum::language, row.value}};
    both.filters = {{Stratum::site, sites()[0]}, {Stratum::language, row.value}};
    std::sort(both.filters.begin(), both.filters.end());
    const auto cell = desk_.total(facts(), both);
    const auto across = desk_.by(facts(), by_language, Stratum::site);
    const auto same = std::find_if(across.begin(), across.end(), [&](const auto& one) { return one.value == sites()[0]; });
    for (std::size_t at = 0; at < kFigures; ++at) {
      EXPECT_EQ(cell[at].suppressed, row.figures[at].suppressed) << measures::figures()[at].id;
      EXPECT_EQ(cell[at].numerator, row.figures[at].numerator);
      if (same == across.end()) continue;
      EXPECT_EQ(same->figures[at].suppressed, row.figures[at].suppressed) << measures::figures()[at].id;
    }
  }
}

TEST_F(Sheets, AMonthIsTheSameInASeriesAndByItself) {
  for (const bool exact : {true, false}) {
    const auto series = desk_.series(facts(), asked(exact, "month", "2026-02"), 24);
    ASSERT_EQ(series.size(), 24u);
    for (const int back : {0, 5, 13}) {
      const auto alone = desk_.total(facts(), asked(exact, "month", month_text(2026 * 12 + 1 - back)));
      for (std::size_t at = 0; at < kFigures; ++at) {
        EXPECT_EQ(alone[at].suppressed, series[static_cast<std::size_t>(23 - back)][at].suppressed);
        EXPECT_EQ(alone[at].numerator, series[static_cast<std::size_t>(23 - back)][at].numerator);
      }
    }
  }
}

TEST_F(Sheets, ReasonsAddUpToWhoIsNotInTheNumerator) {
  const auto question = asked(true);
  const auto sheet = desk_.total(facts(), question);
  for (const auto& info : measures::figures()) {
    if (info.kind != measures::Kind::rate) continue;
    std::int64_t not_met = 0;
    for (const auto& line : desk_.reasons(facts(), question, info.figure))
      if (line.standing == Place::denominator) not_met += line.n;
    const auto& shown = sheet[static_cast<std::size_t>(info.figure)];
    EXPECT_EQ(not_met, shown.denominator - shown.numerator) << info.id;
  }
  for (const auto& line : desk_.reasons(facts(), asked(false, "year", "2025-06"), Figure::re_measured))
    EXPECT_TRUE(line.suppressed || is_safe(line.n, 10)) << line.code;
  auto filtered = asked(false);
  filtered.filters = {{Stratum::language, "es"}};
  EXPECT_TRUE(desk_.reasons(facts(), filtered, Figure::re_measured).empty());
}

TEST_F(Sheets, WhatIsKeptStaysWithinItsBound) {
  Desk small(10, 200000);
  for (int month = 0; month < 24; ++month) small.total(facts(), asked(true, "month", month_text(2024 * 12 + month)));
  small.by(facts(), asked(true), Stratum::language);
  EXPECT_LE(small.bytes(), 200000u);
  EXPECT_GT(small.bytes(), 1000u);
}

TEST_F(Sheets, OneSiteOnlyIsCountedForWhoSeesOneSiteOnly) {
  auto one = asked(true);
  one.sites = {sites()[1]};
  auto filtered = asked(true);
  filtered.filters = {{Stratum::site, sites()[1]}};
  const auto a = desk_.total(facts(), one), b = desk_.total(facts(), filtered), all = desk_.total(facts(), asked(true));
  for (std::size_t at = 0; at < kFigures; ++at) EXPECT_EQ(a[at].numerator, b[at].numerator);
  EXPECT_LT(a[0].numerator, all[0].numerator);
}

}  // namespace
}  // namespace concord::reports
