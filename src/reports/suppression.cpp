#include "reports/suppression.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/check.h"

namespace concord::reports {
namespace {

void add(Parts& to, const Parts& more) {
  if (to.size() < more.size()) to.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) to[i] += more[i];
}

std::int64_t people(const Parts& parts) {
  std::int64_t all = 0;
  for (const auto n : parts) all += n;
  return all;
}

Parts sum(const Rows& rows) {
  Parts all;
  for (const auto& row : rows) add(all, row);
  return all;
}

std::ptrdiff_t how_many(const Hidden& flags) {
  return std::count_if(flags.begin(), flags.end(), [](char flag) { return flag != 0; });
}

void merge(Hidden& to, const Hidden& more) {
  if (to.size() < more.size()) to.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) to[i] = to[i] || more[i];
}

void merge(HiddenRows& to, const HiddenRows& more) {
  to.total |= more.total;
  merge(to.rows, more.rows);
}

/// Adds to `hidden` until the hidden rows of every line can not be told from their sum: two at least, and each part of the sum
/// safe. `lines` may be lines of several periods, or of several rows of a larger table. True when something was added.
bool complete(const std::vector<const Rows*>& lines, Hidden& hidden, int threshold) {
  bool added = false;
  while (how_many(hidden) > 0 && how_many(hidden) < static_cast<std::ptrdiff_t>(hidden.size())) {
    // Which part of which line is in danger; without one, any second row will do.
    std::vector<std::pair<const Rows*, std::size_t>> in_danger;
    for (const Rows* line : lines) {
      Parts left;
      for (std::size_t i = 0; i < hidden.size(); ++i)
        if (hidden[i]) add(left, (*line)[i]);
      for (std::size_t part = 0; part < left.size(); ++part)
        if (!is_safe(left[part], threshold)) in_danger.emplace_back(line, part);
    }
    if (in_danger.empty() && how_many(hidden) >= 2) return added;
    // The smallest row that helps; the first of several.
    std::size_t best = hidden.size();
    std::int64_t best_size = 0;
    bool best_helps = false;
    for (std::size_t i = 0; i < hidden.size(); ++i) {
      if (hidden[i]) continue;
      const bool helps = std::any_of(in_danger.begin(), in_danger.end(),
                                     [&](const auto& danger) { return (*danger.first)[i][danger.second] > 0; });
      std::int64_t size = 0;
      for (const Rows* line : lines) size += people((*line)[i]);
      // Without a part in danger an empty row would hide nothing: what is left would be the other row.
      const bool better = best == hidden.size() || (helps && !best_helps) ||
                          (helps == best_helps && ((size > 0 && size < best_size) || (best_size == 0 && size > 0)));
      if (better) {
        best = i;
        best_size = size;
        best_helps = helps;
      }
    }
    hidden[best] = 1;
    added = true;
  }
  return added;
}

void merge(HiddenCells& to, const HiddenCells& more) {
  merge(to.rows, more.rows);
  merge(to.columns, more.columns);
  merge(to.of_rows, more.of_rows);
  merge(to.of_columns, more.of_columns);
}

}  // namespace

HiddenRows hide_rows(std::span<const Rows> siblings, HiddenRows before, int threshold) {
  if (siblings.empty()) return before;
  before.rows.resize(siblings.front().size());
  std::vector<const Rows*> lines;
  for (const auto& line : siblings) {
    CHECK(line.size() == before.rows.size());
    lines.push_back(&line);
    if (!is_safe(sum(line), threshold)) before.total = true;
    for (std::size_t i = 0; i < line.size(); ++i)
      if (!is_safe(line[i], threshold)) before.rows[i] = 1;
  }
  if (!before.total) complete(lines, before.rows, threshold);
  // One row alone is its total: what hides the row hides the total.
  if (before.rows.size() == 1 && before.rows.front()) before.total = true;
  if (before.total) std::fill(before.rows.begin(), before.rows.end(), char{1});
  return before;
}

HiddenCells hide_table(std::span<const Table> siblings, HiddenCells before, int threshold) {
  if (siblings.empty()) return before;
  const std::size_t rows = siblings.front().size();
  const std::size_t columns = rows == 0 ? 0 : siblings.front().front().size();
  before.of_rows.resize(rows);
  before.of_columns.resize(columns);
  std::vector<Rows> row_totals, column_totals;
  std::vector<Table> turned;
  for (const Table& table : siblings) {
    Rows by_row, by_column(columns);
    Table other(columns, Rows(rows));
    for (std::size_t r = 0; r < rows; ++r) {
      by_row.push_back(sum(table[r]));
      for (std::size_t c = 0; c < columns; ++c) {
        add(by_column[c], table[r][c]);
        other[c][r] = table[r][c];
      }
    }
    row_totals.push_back(std::move(by_row));
    column_totals.push_back(std::move(by_column));
    turned.push_back(std::move(other));
  }
  before.rows = hide_rows(row_totals, before.rows, threshold);
  before.columns = hide_rows(column_totals, before.columns, threshold);
  if (before.rows.total || before.columns.total) {
    before.rows.total = before.columns.total = true;
    return before;
  }
  const auto& whole_rows = before.rows.rows;
  const auto& whole_columns = before.columns.rows;
  for (const Table& table : siblings)
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c)
        if (!whole_rows[r] && !whole_columns[c] && !is_safe(table[r][c], threshold)) before.of_rows[r] = before.of_columns[c] = 1;

  // A row whose total is shown must not give away its hidden cells, and a column neither. What must be added is added to the
  // whole rectangle, so that no hidden cell is the only bridge between two parts of the table.
  const auto settle = [&](const std::vector<Table>& tables, const Hidden& whole, const Hidden& whole_across, Hidden& some,
                          Hidden& some_across) {
    bool changed = false;
    for (std::size_t r = 0; r < some.size(); ++r) {
      if (whole[r]) continue;
      Hidden hidden = whole_across;
      if (some[r]) merge(hidden, some_across);
      std::vector<const Rows*> lines;
      for (const Table& table : tables) lines.push_back(&table[r]);
      if (!complete(lines, hidden, threshold)) continue;
      some[r] = 1;
      merge(some_across, hidden);
      changed = true;
    }
    return changed;
  };
  const std::vector<Table> straight(siblings.begin(), siblings.end());
  while (settle(straight, whole_rows, whole_columns, before.of_rows, before.of_columns) |
         settle(turned, whole_columns, whole_rows, before.of_columns, before.of_rows)) {
  }
  return before;
}

HiddenCounts hide_counts(std::span<const Counts> siblings, const std::vector<Count>& counts, HiddenCounts before, int threshold,
                         const std::vector<Compared>& compared) {
  if (siblings.empty()) return before;
  before.resize(counts.size());
  const auto concerns = [&](const Compared& other, std::size_t i) {
    const InTime time = counts[i].in_time;
    return other.shown[i] && (other.of == time || (other.of == InTime::at_end && time == InTime::grows));
  };
  std::vector<std::vector<std::int64_t>> other_totals;
  for (const auto& other : compared) {
    auto& total = other_totals.emplace_back(counts.size());
    for (const auto& row : other.table)
      for (const auto& cell : row)
        for (std::size_t i = 0; i < total.size(); ++i) total[i] += cell[i];
  }
  const auto is_hidden = [&](std::size_t i) { return before[i].rows.total; };
  // Totals first: what is hidden there is near to nobody, in every sibling alike.
  for (bool changed = true; changed;) {
    changed = false;
    for (const Counts& table : siblings) {
      std::vector<std::int64_t> total(counts.size());
      for (const auto& row : table)
        for (const auto& cell : row)
          for (std::size_t i = 0; i < total.size(); ++i) total[i] += cell[i];
      for (std::size_t i = 0; i < counts.size(); ++i) {
        if (is_hidden(i)) continue;
        bool safe = is_safe(total[i], threshold);
        for (const auto j : counts[i].near)
          if (!is_hidden(j)) safe = safe && is_safe(std::abs(total[i] - total[j]), threshold);
        for (std::size_t k = 0; k < compared.size(); ++k) {
          if (!concerns(compared[k], i)) continue;
          const auto more = total[i] - other_totals[k][i];
          safe = safe && is_safe(std::abs(more), threshold);
          for (const auto j : counts[i].near)  // and those missing in it: 30 more in the denominator, 25 in the numerator
            if (!is_hidden(j) && concerns(compared[k], j))
              safe = safe && is_safe(std::abs(total[j] - other_totals[k][j] - more), threshold);
        }
        if (safe) continue;
        before[i].rows.total = before[i].columns.total = true;
        changed = true;
      }
    }
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::vector<std::size_t> near;
    for (const auto j : counts[i].near)
      if (!is_hidden(j)) near.push_back(j);
    for (const auto j : near) merge(before[i], before[j]);
    std::vector<Table> tables;
    for (const Counts& table : siblings) {
      Table parts;
      for (std::size_t r = 0; r < table.size(); ++r) {
        Rows line;
        for (std::size_t c = 0; c < table[r].size(); ++c) {
          const auto& cell = table[r][c];
          Parts groups{cell[i]};
          for (const auto j : near) groups.push_back(std::abs(cell[i] - cell[j]));
          for (const auto& other : compared) {
            if (!concerns(other, i)) continue;
            const auto& then = other.table[r][c];
            groups.push_back(std::abs(cell[i] - then[i]));
            for (const auto j : near)
              if (concerns(other, j)) groups.push_back(std::abs(cell[j] - then[j] - (cell[i] - then[i])));
          }
          line.push_back(std::move(groups));
        }
        parts.push_back(std::move(line));
      }
      tables.push_back(std::move(parts));
    }
    before[i] = hide_table(tables, std::move(before[i]), threshold);
  }
  return before;
}

MonthNumber month_of(Date day) {
  const auto parts = day.parts();
  return static_cast<int>(parts.year()) * 12 + static_cast<int>(static_cast<unsigned>(parts.month())) - 1;
}

Date first_day(MonthNumber month) { return Date::ymd(month / 12, static_cast<unsigned>(month % 12 + 1), 1); }

Timeline::Timeline(std::function<const Counts&(Span)> counts_of, std::vector<Count> counts, std::size_t rows, std::size_t columns,
                   MonthNumber last, int threshold, std::function<HiddenCounts(Span)> rows_alone,
                   std::function<HiddenCounts(Span)> columns_alone)
    : counts_of_(std::move(counts_of)),
      counts_(std::move(counts)),
      nothing_(counts_.size(), HiddenCells{{false, Hidden(rows)}, {false, Hidden(columns)}, Hidden(rows), Hidden(columns)}),
      last_(last),
      threshold_(threshold),
      rows_alone_(std::move(rows_alone)),
      columns_alone_(std::move(columns_alone)) {}

HiddenCounts Timeline::hide(const std::vector<Span>& siblings, HiddenCounts before, const std::vector<Compared>& compared) const {
  std::vector<Counts> all;
  for (const Span& span : siblings) {
    all.push_back(counts_of_(span));
    if (!rows_alone_) continue;
    const HiddenCounts rows = rows_alone_(span);
    if (!columns_alone_) {
      for (std::size_t i = 0; i < before.size(); ++i) before[i].rows.total |= rows[i].rows.total;
      continue;
    }
    const HiddenCounts columns = columns_alone_(span);
    for (std::size_t i = 0; i < before.size(); ++i) {
      merge(before[i].rows, rows[i].rows);
      merge(before[i].columns, columns[i].rows);
    }
  }
  return hide_counts(all, counts_, std::move(before), threshold_, compared);
}

std::map<Span, HiddenCounts> Timeline::hide_blocks(const std::vector<Span>& blocks, const HiddenCounts& before) const {
  std::map<Span, HiddenCounts> out;
  const std::size_t rows = nothing_.front().of_rows.size(), columns = nothing_.front().of_columns.size();
  if (columns > 1) {
    const HiddenCounts all = hide(blocks, before);
    for (const Span span : blocks) out[span] = all;
    return out;
  }
  // One partition: time is the other.
  Counts table(rows);
  for (const Span span : blocks) {
    const Counts& part = counts_of_(span);
    for (std::size_t r = 0; r < rows; ++r) table[r].push_back(part[r].front());
  }
  HiddenCounts start(before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    start[i].rows = before[i].rows;
    start[i].rows.rows.resize(rows);
    start[i].columns = {before[i].rows.total, Hidden(blocks.size())};
  }
  for (std::size_t at = 0; rows_alone_ && at < blocks.size(); ++at) {
    const HiddenCounts total = rows_alone_(blocks[at]);
    for (std::size_t i = 0; i < before.size(); ++i) start[i].columns.rows[at] = total[i].rows.total;
  }
  const HiddenCounts both = hide_counts(std::array{table}, counts_, std::move(start), threshold_);
  for (std::size_t at = 0; at < blocks.size(); ++at) {
    HiddenCounts one = nothing_;
    for (std::size_t i = 0; i < one.size(); ++i) {
      one[i].rows.total = both[i].rows.total || both[i].columns.total || both[i].columns.rows[at];
      for (std::size_t r = 0; r < rows; ++r) one[i].rows.rows[r] = one[i].rows.total || both[i](r, at);
      one[i].columns.total = one[i].rows.total;
    }
    out[blocks[at]] = std::move(one);
  }
  return out;
}

const HiddenCounts& Timeline::year(int number) {
  const Span span{number * 12, number * 12 + 11};
  const auto known = kept_.find(span);
  if (known != kept_.end()) return known->second;
  return kept_[span] = hide({span}, nothing_);
}

const HiddenCounts& Timeline::quarter(int number) {
  const Span span{number * 3, number * 3 + 2};
  const auto known = kept_.find(span);
  if (known != kept_.end()) return known->second;
  const MonthNumber first = span.from / 12 * 12;
  if (first + 11 > last_) return kept_[span] = hide({span}, nothing_);  // the year is not published yet
  std::vector<Span> blocks;
  for (MonthNumber m = first; m < first + 12; m += 3) blocks.push_back({m, m + 2});
  for (auto& [block, hidden] : hide_blocks(blocks, year(span.from / 12))) kept_[block] = std::move(hidden);
  return kept_.at(span);
}

const HiddenCounts& Timeline::month(MonthNumber number) {
  const Span span{number, number};
  const auto known = kept_.find(span);
  if (known != kept_.end()) return known->second;
  const MonthNumber first = number / 3 * 3;
  if (first + 2 > last_) return kept_[span] = hide({span}, nothing_);
  for (auto& [block, hidden] : hide_blocks({{first, first}, {first + 1, first + 1}, {first + 2, first + 2}}, quarter(first / 3)))
    kept_[block] = std::move(hidden);
  return kept_.at(span);
}

HiddenCounts Timeline::of(Span span) {
  HiddenCounts hidden = of_sums(span);
  const HiddenCounts& states = of_states(span);
  for (std::size_t i = 0; i < hidden.size(); ++i)
    if (counts_[i].in_time != InTime::adds_up) hidden[i] = states[i];
  return hidden;
}

const HiddenCounts& Timeline::of_states(Span span) {
  const auto known = kept_states_.find(span);
  if (known != kept_states_.end()) return known->second;
  std::vector<Compared> compared;
  const auto compare = [&](Span with) {
    compared.push_back({counts_of_(with), with.to == span.to ? InTime::at_end : InTime::grows, shown_in({&of_states(with)})});
  };
  if (!span.is_month()) {
    for (MonthNumber m = span.from; m <= span.to; ++m) compare({m, m});
    for (MonthNumber m = (span.from + 2) / 3 * 3; m + 2 <= span.to; m += 3)
      if (Span{m, m + 2} != span) compare({m, m + 2});
  }
  return kept_states_[span] = hide({span}, nothing_, compared);
}

Hidden Timeline::shown_in(const std::vector<const HiddenCounts*>& periods) const {
  Hidden shown(counts_.size());
  const std::size_t rows = nothing_.front().of_rows.size(), columns = nothing_.front().of_columns.size();
  for (std::size_t i = 0; i < shown.size(); ++i)
    for (std::size_t r = 0; r < rows && !shown[i]; ++r)
      for (std::size_t c = 0; c < columns && !shown[i]; ++c)
        shown[i] = std::none_of(periods.begin(), periods.end(), [&](const HiddenCounts* one) { return (*one)[i](r, c); });
  return shown;
}

HiddenCounts Timeline::of_sums(Span span) {
  if (span.is_month()) return month(span.from);
  // Those who came later than their month (an answer in March to advice of January) are in the longer period only.
  const auto sum_of = [&](int length) {
    std::vector<const HiddenCounts*> blocks;
    Compared sum{counts_of_({span.from, span.from + length - 1}), InTime::adds_up, {}};
    for (MonthNumber m = span.from; m <= span.to; m += length) {
      blocks.push_back(length == 1 ? &month(m) : &quarter(m / 3));
      if (m == span.from) continue;
      const Counts& more = counts_of_({m, m + length - 1});
      for (std::size_t r = 0; r < more.size(); ++r)
        for (std::size_t c = 0; c < more[r].size(); ++c)
          for (std::size_t i = 0; i < more[r][c].size(); ++i) sum.table[r][c][i] += more[r][c][i];
    }
    sum.shown = shown_in(blocks);
    return sum;
  };
  std::vector<Compared> compared{sum_of(1)};
  if (!span.is_quarter() && span.from % 3 == 0 && span.to % 3 == 2) compared.push_back(sum_of(3));
  if (span.is_quarter()) return hide({span}, quarter(span.from / 3), compared);
  if (span.is_year()) return hide({span}, year(span.from / 12), compared);
  HiddenCounts hidden = nothing_;
  for (MonthNumber m = span.from; m <= span.to;) {
    const bool whole = m % 3 == 0 && m + 2 <= span.to;
    const HiddenCounts& more = whole ? quarter(m / 3) : month(m);
    for (std::size_t i = 0; i < hidden.size(); ++i) merge(hidden[i], more[i]);
    m += whole ? 3 : 1;
  }
  return hide({span}, std::move(hidden), compared);
}

}  // namespace concord::reports
