// Small cells, for people who see aggregates only: a count of 1 to `threshold` is not shown, and nothing from which one could be
// computed. Pure. What is shown never depends on the way somebody came to it: one question, one answer.
//
// A published line is made of parts: groups of people without overlap ({numerator, denominator - numerator}, {count}). A line is
// safe when every part is 0 or above the threshold; then sums and differences of safe lines that are groups of people again are
// safe too. Four things could still take a hidden line apart, and each has its rule:
//
//   rows of a table and its total     hide_rows: never one hidden row alone, and the hidden rows together are safe
//   a filter on top of a filter       hide_table: the hidden cells are whole rectangles of rows and columns
//   months, quarters, years           Timeline: months of a quarter are hidden together, and so are quarters of a year; any other
//                                     period is shown only when it is made of blocks that are shown
//   counts within counts              hide_counts: people lost between two shown steps of a funnel count as well
//
// Threads: pure functions; a Timeline belongs to one. Source of the threshold: rulesets/reports-2026.json.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "base/date.h"
#include "measures/small_cells.h"

namespace concord::reports {

using measures::is_safe;
using measures::Parts;
/// One flag for each row: not 0 is hidden.
using Hidden = std::vector<char>;

/// One period's rows; together they are the total. All parts have the same number of groups.
using Rows = std::vector<Parts>;

/// What is hidden of several periods of one kind (the months of a quarter): the same rows in each.
struct HiddenRows {
  bool total = false;  ///< then every row is
  Hidden rows;
};

/// `siblings` have the same rows in the same order. `before`: what must be hidden anyway, because a longer period hides it. A
/// total that is not safe in one of them hides everything in all of them.
HiddenRows hide_rows(std::span<const Rows> siblings, HiddenRows before, int threshold);

/// Two partitions of the same people: [row][column].
using Table = std::vector<Rows>;
struct HiddenCells {
  HiddenRows rows, columns;  ///< whole ones: their totals are hidden
  Hidden of_rows, of_columns;
  bool operator()(std::size_t row, std::size_t column) const {
    return rows.total || rows.rows[row] || columns.rows[column] || (of_rows[row] && of_columns[column]);
  }
};
HiddenCells hide_table(std::span<const Table> siblings, HiddenCells before, int threshold);

// ---- several counts of the same people

/// How a count of a long period follows from those of the short ones within it.
enum class InTime {
  adds_up,  ///< it is their sum (recommendations sent), or more by those who came later (answered by the last day)
  at_end,   ///< of one day, the last: two periods that end together tell of each other
  grows,    ///< it holds everybody they hold (enrolled for a day or more): the difference is a group of people
};
/// Counts that tell about each other: a numerator within its denominator, the steps of a funnel.
struct Count {
  std::vector<std::size_t> near{};  ///< earlier counts this one is within, or holds: their difference is a group of people too
  InTime in_time = InTime::adds_up;
};
/// One period: [row][column][count].
using Counts = std::vector<std::vector<std::vector<std::int64_t>>>;
/// By count. A count that is hidden somewhere hides there what is near to it, later in the list.
using HiddenCounts = std::vector<HiddenCells>;

/// Another period's numbers, from which the difference to this one must not be small.
struct Compared {
  Counts table;
  InTime of;     ///< counts of this kind, and of those that grow where `of` is at_end
  Hidden shown;  ///< by count: something of it is shown there; a count of which nothing is cannot be compared
};

/// A table of one column is a list of rows, and one of one cell is a total.
HiddenCounts hide_counts(std::span<const Counts> siblings, const std::vector<Count>& counts, HiddenCounts before, int threshold,
                         const std::vector<Compared>& compared = {});

// ---- time

/// A calendar month, counted from January of year 0.
using MonthNumber = int;
MonthNumber month_of(Date day);
Date first_day(MonthNumber month);

/// Whole months, one after the other, both included.
struct Span {
  MonthNumber from = 0, to = 0;
  bool is_month() const { return from == to; }
  bool is_quarter() const { return from % 3 == 0 && to == from + 2; }
  bool is_year() const { return from % 12 == 0 && to == from + 11; }
  auto operator<=>(const Span&) const = default;
};

/// What is hidden of a period.
///   adds_up        The quarters of a year are one more partition of its rows, and so are the months of a quarter: hidden are
///                  whole rectangles of rows and periods; of two partitions, the same cells in every period. What a longer block
///                  hides, the shorter ones hide. A period that is no block (the 12 months to March) shows what all of its blocks
///                  show, if that is safe, and if who came later is safe too.
///   at_end, grows  A month is looked at alone; a longer period is compared with the shorter ones it holds.
class Timeline {
 public:
  /// `counts_of`: the numbers of a month, quarter, year or the asked period; rows and columns are the same in all of them.
  /// `last`: the last complete month; nothing is asked about later ones.
  /// `rows_alone`, `columns_alone`: of two partitions, what each hides without the other. Of one, `rows_alone` is what is hidden
  /// without any: a single row.
  Timeline(std::function<const Counts&(Span)> counts_of, std::vector<Count> counts, std::size_t rows, std::size_t columns,
           MonthNumber last, int threshold, std::function<HiddenCounts(Span)> rows_alone = {},
           std::function<HiddenCounts(Span)> columns_alone = {});
  HiddenCounts of(Span span);

 private:
  HiddenCounts hide(const std::vector<Span>& siblings, HiddenCounts before, const std::vector<Compared>& compared = {}) const;
  /// Of blocks that make up a longer one, which hides `before`.
  std::map<Span, HiddenCounts> hide_blocks(const std::vector<Span>& blocks, const HiddenCounts& before) const;
  HiddenCounts of_sums(Span span);
  /// By count: a cell of it is shown in all of the periods.
  Hidden shown_in(const std::vector<const HiddenCounts*>& periods) const;
  const HiddenCounts& of_states(Span span);
  const HiddenCounts& year(int number);
  const HiddenCounts& quarter(int number);
  const HiddenCounts& month(MonthNumber number);

  std::function<const Counts&(Span)> counts_of_;
  std::vector<Count> counts_;
  HiddenCounts nothing_;
  MonthNumber last_;
  int threshold_;
  std::function<HiddenCounts(Span)> rows_alone_, columns_alone_;
  std::map<Span, HiddenCounts> kept_, kept_states_;  ///< answers so far: for blocks, for all
};

}  // namespace concord::reports
