#include "reports/suppression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>

namespace concord::reports {
namespace {

std::string text(bool hidden, std::int64_t value) { return hidden ? "? " : std::to_string(value) + " "; }

/// What is shown of a period, totals of rows and columns included.
std::string picture(const Counts& table, const HiddenCounts& hidden) {
  std::string out;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    const auto& h = hidden[i];
    std::int64_t all = 0;
    std::vector<std::int64_t> columns(table[0].size());
    for (std::size_t r = 0; r < table.size(); ++r) {
      std::int64_t row = 0;
      for (std::size_t c = 0; c < table[r].size(); ++c) {
        out += text(h(r, c), table[r][c][i]);
        row += table[r][c][i];
        columns[c] += table[r][c][i];
      }
      out += "= " + text(h.rows.total || h.rows.rows[r], row);
      all += row;
    }
    for (std::size_t c = 0; c < columns.size(); ++c) out += text(h.rows.total || h.columns.rows[c], columns[c]);
    out += "all " + text(h.rows.total, all) + "; ";
  }
  return out;
}

/// Calls `each` with every list of `size` numbers from 0 to `most`.
template <class Each>
void every(std::size_t size, std::int64_t most, Each&& each) {
  std::vector<std::int64_t> n(size);
  for (;;) {
    each(n);
    std::size_t i = 0;
    while (i < size && ++n[i] > most) n[i++] = 0;
    if (i == size) return;
  }
}

using Numbers = std::vector<std::int64_t>;

/// Somebody who sees everything that is shown of some people, knows that there are no negative people, and tries every other
/// way in which the people could be spread. A small number is found when all ways that look the same agree in it.
struct Attack {
  int threshold = 1;
  std::function<std::vector<Counts>(const Numbers&)> periods;                 ///< tables that are published
  std::function<std::vector<HiddenCounts>(const std::vector<Counts>&)> hide;  ///< of each
  std::function<Numbers(const Numbers&)> secrets = [](const Numbers& n) { return n; };

  std::string look(const std::vector<Counts>& tables, const std::vector<HiddenCounts>& hidden) const {
    std::string out;
    for (std::size_t i = 0; i < tables.size(); ++i) out += picture(tables[i], hidden[i]) + "| ";
    return out;
  }
  /// The clinics have `size` numbers of 0 to `most`; the attacker tries up to `tried`.
  void run(std::size_t size, std::int64_t most, std::int64_t tried) {
    struct Seen {
      std::vector<HiddenCounts> hidden;
      std::map<std::string, std::vector<std::set<std::int64_t>>> views;
    };
    std::map<std::string, Seen> masks;
    const auto empty = periods(Numbers(size));
    std::size_t clinics = 0, shown = 0;
    every(size, most, [&](const Numbers& n) {
      const auto tables = periods(n);
      const auto hidden = hide(tables);
      auto& seen = masks[look(empty, hidden)];
      seen.hidden = hidden;
      const auto view = look(tables, hidden);
      seen.views[view];
      ++clinics;
      shown += view.find('?') == std::string::npos;
    });
    every(size, tried, [&](const Numbers& n) {
      const auto tables = periods(n);
      const auto small = secrets(n);
      for (auto& [mask, seen] : masks) {
        const auto found = seen.views.find(look(tables, seen.hidden));
        if (found == seen.views.end()) continue;
        found->second.resize(small.size());
        for (std::size_t i = 0; i < small.size(); ++i) found->second[i].insert(small[i]);
      }
    });
    int found = 0;
    for (const auto& [mask, seen] : masks)
      for (const auto& [view, values] : seen.views)
        for (const auto& value : values)
          if (value.size() == 1 && !is_safe(*value.begin(), threshold) && found++ < 3)
            ADD_FAILURE() << *value.begin() << " follows from " << view;
    EXPECT_EQ(found, 0);
    EXPECT_GT(shown, 0u) << "something is shown as it is";
    EXPECT_GT(clinics, shown) << "and something is hidden";
  }
};

TEST(Suppression, CountsOf1To10AreSmallAnd0And11AreNot) {
  EXPECT_TRUE(is_safe(0, 10));
  EXPECT_FALSE(is_safe(1, 10));
  EXPECT_FALSE(is_safe(10, 10));
  EXPECT_TRUE(is_safe(11, 10));
  EXPECT_TRUE(is_safe(Parts{0, 11}, 10));
  EXPECT_FALSE(is_safe(Parts{40, 3}, 10)) << "37 of 40 tells that 3 did not";
}

TEST(Suppression, TheSecondSmallestRowIsHiddenWithTheOnlySmallOne) {
  const Rows rows{{100}, {4}, {25}, {60}};
  const auto hidden = hide_rows(std::array{rows}, {}, 10);
  EXPECT_FALSE(hidden.total);
  EXPECT_EQ(hidden.rows, (Hidden{0, 1, 1, 0}));
}

TEST(Suppression, ASmallTotalHidesEveryRow) {
  const auto hidden = hide_rows(std::array{Rows{{3}, {0}, {4}}}, {}, 10);
  EXPECT_TRUE(hidden.total);
  EXPECT_EQ(hidden.rows, (Hidden{1, 1, 1}));
}

TEST(Suppression, HiddenRowsTogetherAreNeverFew) {
  // 2 + 3 are two hidden rows already, but their sum of 5 would be told by the total.
  const auto hidden = hide_rows(std::array{Rows{{2}, {3}, {40}, {30}}}, {}, 10);
  EXPECT_EQ(hidden.rows, (Hidden{1, 1, 0, 1}));
}

TEST(Suppression, AnEmptyRowHidesNothing) {
  const auto hidden = hide_rows(std::array{Rows{{0}, {5}, {40}, {90}}}, {}, 10);
  EXPECT_EQ(hidden.rows, (Hidden{0, 1, 1, 0}));
}

TEST(Suppression, WhoIsMissingInTheNumeratorIsCountedToo) {
  // {responded, did not}: 37 of 40 hides its row, and one more.
  const auto hidden = hide_rows(std::array{Rows{{37, 3}, {30, 30}, {20, 40}}}, {}, 10);
  EXPECT_EQ(hidden.rows, (Hidden{1, 1, 0}));
}

std::function<std::vector<HiddenCounts>(const std::vector<Counts>&)> one_table(std::vector<Count> counts, int threshold) {
  return [counts = std::move(counts), threshold](const std::vector<Counts>& tables) {
    return std::vector<HiddenCounts>{hide_counts(tables, counts, {}, threshold)};
  };
}

TEST(Suppression, NoHiddenRowFollowsFromTheOthersAndTheTotal) {
  for (const int threshold : {1, 2, 3}) {
    Attack attack{.threshold = threshold,
                  .periods = [](const Numbers& n) { return std::vector<Counts>{{{{n[0]}}, {{n[1]}}, {{n[2]}}, {{n[3]}}}}; },
                  .hide = one_table({Count{}}, threshold)};
    attack.run(4, threshold + 3, 2 * threshold + 4);
  }
}

TEST(Suppression, NoNumeratorFollowsFromDenominatorsAndTotals) {
  Attack attack{.threshold = 2,
                .periods =
                    [](const Numbers& n) {
                      Counts table;  // a denominator, and the numerator within it
                      for (std::size_t r = 0; r < 3; ++r) table.push_back({{n[2 * r] + n[2 * r + 1], n[2 * r]}});
                      return std::vector<Counts>{table};
                    },
                .hide = one_table({{}, {{0}}}, 2),
                .secrets =
                    [](const Numbers& n) {
                      Numbers all = n;
                      for (std::size_t r = 0; r < 3; ++r) all.push_back(n[2 * r] + n[2 * r + 1]);
                      return all;
                    }};
  attack.run(6, 3, 4);
}

TEST(Suppression, NoStepOfAFunnelFollowsFromItsNeighbours) {
  Attack attack{.threshold = 1,
                .periods =
                    [](const Numbers& n) {
                      Counts table;
                      for (std::size_t r = 0; r < 2; ++r)
                        table.push_back({{n[3 * r] + n[3 * r + 1] + n[3 * r + 2], n[3 * r] + n[3 * r + 1], n[3 * r]}});
                      return std::vector<Counts>{table};
                    },
                .hide = one_table({{}, {{0}}, {{0, 1}}}, 1)};
  attack.run(6, 3, 4);
}

TEST(Suppression, NoCellFollowsFromRowsAndColumns) {
  Attack attack{
      .threshold = 1,
      .periods = [](const Numbers& n) { return std::vector<Counts>{{{{n[0]}, {n[1]}, {n[2]}}, {{n[3]}, {n[4]}, {n[5]}}}}; },
      .hide = one_table({Count{}}, 1)};
  attack.run(6, 3, 4);
}

/// Months of 2026 with one number for each row; later months are empty.
class Year {
 public:
  Year(std::vector<std::vector<std::int64_t>> months, MonthNumber last, int threshold)
      : months_(std::move(months)),
        timeline_([this](Span span) -> const Counts& { return at(span); }, {Count{}}, months_.front().size(), 1, last,
                  threshold) {}
  const Counts& numbers(Span span) { return at(span); }
  HiddenCells of(Span span) { return timeline_.of(span).front(); }
  static constexpr MonthNumber kJanuary = 2026 * 12;

 private:
  const Counts& at(Span span) {
    auto& table = kept_[span];
    if (!table.empty()) return table;
    table.assign(months_.front().size(), {{0}});
    for (MonthNumber m = span.from; m <= span.to; ++m)
      for (std::size_t r = 0; r < table.size(); ++r)
        if (static_cast<std::size_t>(m - kJanuary) < months_.size())
          table[r][0][0] += months_[static_cast<std::size_t>(m - kJanuary)][r];
    return table;
  }
  std::vector<std::vector<std::int64_t>> months_;
  std::map<Span, Counts> kept_;
  Timeline timeline_;
};

/// Everything that is published of some months and the periods they make up.
Attack over_time(std::vector<Span> spans, std::size_t rows, MonthNumber last) {
  const auto year_of = [rows, last](const Numbers& n) {
    std::vector<Numbers> months;
    for (std::size_t i = 0; i < n.size(); i += rows)
      months.emplace_back(n.begin() + static_cast<std::ptrdiff_t>(i), n.begin() + static_cast<std::ptrdiff_t>(i + rows));
    return Year(std::move(months), last, 1);
  };
  return {.threshold = 1,
          .periods =
              [spans, year_of](const Numbers& n) {
                Year year = year_of(n);
                std::vector<Counts> all;
                for (const Span span : spans) all.push_back(year.numbers(span));
                return all;
              },
          .hide =
              [spans, year_of, rows](const std::vector<Counts>& tables) {
                Numbers n;  // the months are among the spans, in order
                for (std::size_t i = 0; i < spans.size(); ++i)
                  if (spans[i].is_month())
                    for (std::size_t r = 0; r < rows; ++r) n.push_back(tables[i][r][0][0]);
                Year year = year_of(n);
                std::vector<HiddenCounts> all;
                for (const Span span : spans) all.push_back({year.of(span)});
                return all;
              }};
}

TEST(Suppression, NoMonthFollowsFromItsQuarter) {
  constexpr MonthNumber kFirst = Year::kJanuary;
  over_time({{kFirst, kFirst}, {kFirst + 1, kFirst + 1}, {kFirst + 2, kFirst + 2}, {kFirst, kFirst + 2}}, 2, kFirst + 2)
      .run(6, 3, 4);
}

TEST(Suppression, NoMonthFollowsFromPeriodsThatOverlap) {
  constexpr MonthNumber kFirst = Year::kJanuary;
  std::vector<Span> all;
  for (MonthNumber from = kFirst; from < kFirst + 6; ++from)
    for (MonthNumber to = from; to < kFirst + 6; ++to) all.push_back({from, to});
  over_time(all, 1, kFirst + 5).run(6, 2, 4);
}

// People by the months of a quarter in which they were enrolled: 1, 2, 3, 1-2, 2-3, 1-3. Everybody counts in each of their
// months, and once in the quarter.
TEST(Suppression, NobodyWhoLeftFollowsFromAQuarterAndItsMonths) {
  constexpr MonthNumber kFirst = Year::kJanuary;
  const std::vector<Span> spans{{kFirst, kFirst}, {kFirst + 1, kFirst + 1}, {kFirst + 2, kFirst + 2}, {kFirst, kFirst + 2}};
  const auto counts = [](const Numbers& n) {
    return Numbers{n[0] + n[3] + n[5], n[1] + n[3] + n[4] + n[5], n[2] + n[4] + n[5], n[0] + n[1] + n[2] + n[3] + n[4] + n[5]};
  };
  Attack attack{.threshold = 1,
                .periods =
                    [counts](const Numbers& n) {
                      std::vector<Counts> all;
                      for (const auto count : counts(n)) all.push_back({{{count}}});
                      return all;
                    },
                .hide =
                    [spans](const std::vector<Counts>& tables) {
                      Timeline timeline(
                          [&](Span span) -> const Counts& {
                            return tables[static_cast<std::size_t>(std::find(spans.begin(), spans.end(), span) - spans.begin())];
                          },
                          {Count{{}, InTime::grows}}, 1, 1, kFirst + 2, 1);
                      std::vector<HiddenCounts> all;
                      for (const Span span : spans) all.push_back(timeline.of(span));
                      return all;
                    },
                .secrets =
                    [counts](const Numbers& n) {
                      Numbers all = counts(n);
                      for (std::size_t m = 0; m < 3; ++m) all.push_back(all[3] - all[m]);
                      return all;
                    }};
  attack.run(6, 2, 3);
}

// Two months that end together with their quarter: of those enrolled in it, who left before the last month, and how many of all
// of them responded. Responses and their lack are groups of people in each period, and so are the differences.
TEST(Suppression, NobodyWhoLeftWithoutResponseFollowsFromTwoPeriodsThatEndTogether) {
  constexpr MonthNumber kFirst = Year::kJanuary;
  const std::vector<Span> spans{{kFirst, kFirst}, {kFirst + 1, kFirst + 1}, {kFirst + 2, kFirst + 2}, {kFirst, kFirst + 2}};
  Attack attack{.threshold = 1,
                .periods =
                    [](const Numbers& n) {
                      // {enrolled, responded}; n: stayed and responded, stayed and did not, left and responded, left and did not
                      return std::vector<Counts>{
                          {{{0, 0}}}, {{{0, 0}}}, {{{n[0] + n[1], n[0]}}}, {{{n[0] + n[1] + n[2] + n[3], n[0] + n[2]}}}};
                    },
                .hide =
                    [spans](const std::vector<Counts>& tables) {
                      Timeline timeline(
                          [&](Span span) -> const Counts& {
                            return tables[static_cast<std::size_t>(std::find(spans.begin(), spans.end(), span) - spans.begin())];
                          },
                          {Count{{}, InTime::grows}, Count{{0}, InTime::at_end}}, 1, 1, kFirst + 2, 1);
                      std::vector<HiddenCounts> all;
                      for (const Span span : spans) all.push_back(timeline.of(span));
                      return all;
                    },
                .secrets = [](const Numbers& n) { return Numbers{n[0], n[1], n[2], n[3], n[2] + n[3]}; }};
  attack.run(4, 4, 8);
}

// Advice of three months, and how much of it was answered only after its own month.
TEST(Suppression, NobodyWhoCameLaterFollowsFromAQuarterAndItsMonths) {
  constexpr MonthNumber kFirst = Year::kJanuary;
  const std::vector<Span> spans{{kFirst, kFirst}, {kFirst + 1, kFirst + 1}, {kFirst + 2, kFirst + 2}, {kFirst, kFirst + 2}};
  Attack attack{.threshold = 1,
                .periods =
                    [](const Numbers& n) {
                      return std::vector<Counts>{{{{n[0]}}}, {{{n[1]}}}, {{{n[2]}}}, {{{n[0] + n[1] + n[2] + n[3]}}}};
                    },
                .hide =
                    [spans](const std::vector<Counts>& tables) {
                      Timeline timeline(
                          [&](Span span) -> const Counts& {
                            return tables[static_cast<std::size_t>(std::find(spans.begin(), spans.end(), span) - spans.begin())];
                          },
                          {Count{}}, 1, 1, kFirst + 2, 1);
                      std::vector<HiddenCounts> all;
                      for (const Span span : spans) all.push_back(timeline.of(span));
                      return all;
                    }};
  attack.run(4, 4, 6);
}

TEST(Suppression, ASmallMonthHidesOneMoreMonthOfItsQuarter) {
  Year year({{30, 50, 90}, {4, 50, 90}, {35, 50, 90}, {30, 50, 90}, {30, 50, 90}, {30, 50, 90}}, Year::kJanuary + 5, 10);
  const auto month = [&](int n) { return year.of({Year::kJanuary + n, Year::kJanuary + n}).rows.rows; };
  EXPECT_EQ(month(0), (Hidden{1, 1, 0}));
  EXPECT_EQ(month(1), (Hidden{1, 1, 0}));
  EXPECT_EQ(month(2), (Hidden{0, 0, 0})) << "January and February of two rows are enough";
  EXPECT_EQ(year.of({Year::kJanuary, Year::kJanuary + 2}).rows.rows, (Hidden{0, 0, 0})) << "the quarter itself is large enough";
  EXPECT_EQ(month(3), (Hidden{0, 0, 0}));
  EXPECT_EQ(year.of({Year::kJanuary, Year::kJanuary + 5}).rows.rows, (Hidden{0, 0, 0})) << "two whole quarters";
  EXPECT_EQ(year.of({Year::kJanuary + 1, Year::kJanuary + 5}).rows.rows, (Hidden{1, 1, 0})) << "a part of the first quarter";
}

/// Somebody who solves every equation: which sums of atoms follow from the published ones.
class Solver {
 public:
  void publish(std::vector<double> sum) {
    reduce(sum);
    const auto pivot = std::find_if(sum.begin(), sum.end(), [](double x) { return std::abs(x) > 1e-9; });
    if (pivot == sum.end()) return;
    const double by = *pivot;
    for (auto& x : sum) x /= by;
    const auto at = static_cast<std::size_t>(pivot - sum.begin());
    for (auto& [p, row] : rows_)
      if (const double f = row[at]; std::abs(f) > 1e-9)
        for (std::size_t i = 0; i < row.size(); ++i) row[i] -= f * sum[i];
    rows_.emplace_back(at, std::move(sum));
  }
  bool follows(std::vector<double> sum) const {
    reduce(sum);
    return std::all_of(sum.begin(), sum.end(), [](double x) { return std::abs(x) < 1e-9; });
  }

 private:
  void reduce(std::vector<double>& sum) const {
    for (const auto& [at, row] : rows_)
      if (const double f = sum[at]; std::abs(f) > 1e-9)
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] -= f * row[i];
  }
  std::vector<std::pair<std::size_t, std::vector<double>>> rows_;
};

// Two partitions, each alone and both together, in the months of two quarters, the quarters and what overlaps them: a small
// number must not follow by any arithmetic from all that is published.
TEST(Suppression, NothingSmallFollowsByArithmeticFromEverythingPublished) {
  std::mt19937 random(21);
  constexpr MonthNumber kFirst = Year::kJanuary;
  constexpr std::size_t kRows = 3, kColumns = 3, kMonths = 6;
  std::vector<Span> spans;
  for (MonthNumber from = kFirst; from < kFirst + 6; ++from)
    for (MonthNumber to = from; to < kFirst + 6; ++to) spans.push_back({from, to});
  int shown = 0, hidden = 0;
  for (int round = 0; round < 40; ++round) {
    const unsigned most = round % 2 == 0 ? 60 : 150, rare = round % 3 == 0 ? 40 : 8;
    std::int64_t atoms[kMonths][kRows][kColumns];
    for (auto& month : atoms)
      for (auto& row : month)
        for (auto& n : row)
          n = random() % rare == 0 ? static_cast<std::int64_t>(random() % 12) : 11 + static_cast<std::int64_t>(random() % most);
    std::map<std::pair<int, Span>, Counts> made;
    // 0: both partitions, 1: rows alone, 2: columns alone.
    const auto counts = [&](int which, Span span) -> const Counts& {
      auto& table = made[{which, span}];
      if (!table.empty()) return table;
      table.assign(which == 2 ? kColumns : kRows, std::vector<std::vector<std::int64_t>>(which == 0 ? kColumns : 1, {0}));
      for (MonthNumber m = span.from; m <= span.to && m < kFirst + 6; ++m)
        for (std::size_t r = 0; r < kRows; ++r)
          for (std::size_t c = 0; c < kColumns; ++c) table[which == 2 ? c : r][which == 0 ? c : 0][0] += atoms[m - kFirst][r][c];
      return table;
    };
    Timeline rows([&](Span s) -> const Counts& { return counts(1, s); }, {Count{}}, kRows, 1, kFirst + 5, 10);
    Timeline columns([&](Span s) -> const Counts& { return counts(2, s); }, {Count{}}, kColumns, 1, kFirst + 5, 10);
    Timeline both([&](Span s) -> const Counts& { return counts(0, s); }, {Count{}}, kRows, kColumns, kFirst + 5, 10,
                  [&](Span s) { return rows.of(s); }, [&](Span s) { return columns.of(s); });
    Solver solver;
    std::vector<std::pair<std::vector<double>, std::int64_t>> secrets;
    const auto sum = [&](Span span, std::optional<std::size_t> row, std::optional<std::size_t> column, bool is_hidden) {
      std::vector<double> which(kMonths * kRows * kColumns);
      std::int64_t n = 0;
      for (MonthNumber m = span.from; m <= span.to; ++m)
        for (std::size_t r = 0; r < kRows; ++r)
          for (std::size_t c = 0; c < kColumns; ++c)
            if ((!row || *row == r) && (!column || *column == c)) {
              which[(static_cast<std::size_t>(m - kFirst) * kRows + r) * kColumns + c] = 1;
              n += atoms[m - kFirst][r][c];
            }
      (is_hidden ? hidden : shown) += 1;
      if (!is_hidden) {
        EXPECT_TRUE(is_safe(n, 10));
        solver.publish(which);
      }
      secrets.emplace_back(std::move(which), n);
    };
    for (const Span span : spans) {
      const auto a = rows.of(span).front(), b = columns.of(span).front(), h = both.of(span).front();
      EXPECT_EQ(a.rows.total, b.rows.total) << "the same total";
      sum(span, {}, {}, a.rows.total);
      for (std::size_t r = 0; r < kRows; ++r) sum(span, r, {}, a(r, 0));
      for (std::size_t c = 0; c < kColumns; ++c) sum(span, {}, c, b(c, 0));
      for (std::size_t r = 0; r < kRows; ++r)
        for (std::size_t c = 0; c < kColumns; ++c) sum(span, r, c, h(r, c));
    }
    for (const auto& [which, n] : secrets)
      if (!is_safe(n, 10)) {
        ASSERT_FALSE(solver.follows(which)) << n << " in round " << round;
      }
  }
  EXPECT_GT(shown, 2000);
  EXPECT_GT(hidden, 1000);
}

TEST(Suppression, RandomClinicsShowNothingSmall) {
  std::mt19937 random(5);
  const std::vector<Count> counts{{}, {{0}}, {{0, 1}}, {{0, 1, 2}}};
  for (int round = 0; round < 300; ++round) {
    const std::size_t rows = 2 + random() % 5, columns = 1 + random() % 4;
    std::vector<Counts> siblings(1 + random() % 3);
    for (auto& table : siblings) {
      table.assign(rows, std::vector<std::vector<std::int64_t>>(columns));
      for (auto& row : table)
        for (auto& cell : row) {
          std::int64_t n = static_cast<std::int64_t>(random() % (random() % 3 == 0 ? 15 : 200));
          for (std::size_t i = 0; i < counts.size(); ++i) {
            cell.push_back(n);
            n -= static_cast<std::int64_t>(random() % static_cast<unsigned>(n / 2 + 1));
          }
        }
    }
    const auto hidden = hide_counts(siblings, counts, {}, 10);
    for (const auto& table : siblings)
      for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto& h = hidden[i];
        if (h.rows.total) continue;
        for (std::size_t r = 0; r < rows; ++r) {
          std::int64_t hidden_sum = 0, hidden_cells = 0, row = 0;
          for (std::size_t c = 0; c < columns; ++c) {
            const auto n = table[r][c][i];
            row += n;
            if (h(r, c)) hidden_sum += n, ++hidden_cells;
            else ASSERT_TRUE(is_safe(n, 10));
            for (const auto j : counts[i].near)
              if (!h(r, c) && !hidden[j](r, c)) {
                ASSERT_TRUE(is_safe(table[r][c][j] - n, 10)) << "lost between two counts";
              }
          }
          if (h.rows.rows[r]) continue;
          ASSERT_TRUE(is_safe(row, 10));
          ASSERT_TRUE(is_safe(hidden_sum, 10)) << "what the row's total leaves";
          if (columns > 1) {
            ASSERT_NE(hidden_cells, 1);
          }
        }
        ASSERT_NE(std::count(h.rows.rows.begin(), h.rows.rows.end(), 1), 1);
      }
  }
}

}  // namespace
}  // namespace concord::reports
