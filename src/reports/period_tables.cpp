#include "reports/period_tables.h"

#include <algorithm>
#include <functional>

#include "base/check.h"

namespace concord::reports {
namespace {

using measures::Figure;
using measures::kFigures;
using measures::Question;
using measures::Resident;
using measures::Totals;

// Which counts a figure shows, and which of them tell about each other: the larger set first, what matters more first.
struct Plan {
  std::vector<Count> counts;
  std::array<std::size_t, kFigures> numerator{}, denominator{};
  /// The figure each count is read from.
  std::vector<std::pair<Figure, bool>> from;  ///< true: its denominator
};

const Plan& plan() {
  static const Plan all = [] {
    Plan p;
    std::map<std::pair<Figure, bool>, std::size_t> known;
    const auto add = [&](Figure figure, bool denominator, std::vector<std::pair<Figure, bool>> near) {
      Count count;
      for (const auto& one : near) count.near.push_back(known.at(one));
      count.in_time = in_time_of(figure, denominator);
      known[{figure, denominator}] = p.counts.size();
      p.counts.push_back(std::move(count));
      p.from.emplace_back(figure, denominator);
    };
    constexpr bool kOf = true, kIn = false;  // denominator, numerator
    using enum Figure;
    add(active_caseload, kIn, {});
    add(enrolled, kIn, {{active_caseload, kIn}});
    add(caseload_per_fte, kIn, {{active_caseload, kIn}});
    add(measured_in_30_days, kOf, {{active_caseload, kIn}});
    add(measured_in_30_days, kIn, {{measured_in_30_days, kOf}, {active_caseload, kIn}});
    add(re_measured, kOf, {{enrolled, kIn}});
    add(re_measured, kIn, {{re_measured, kOf}});
    add(response_of_enrolled, kOf, {{re_measured, kOf}});
    add(response_of_remeasured, kOf, {{response_of_enrolled, kOf}, {re_measured, kIn}});
    add(response_of_enrolled, kIn, {{response_of_enrolled, kOf}, {response_of_remeasured, kOf}});
    add(response_of_remeasured, kIn, {{response_of_enrolled, kIn}, {response_of_remeasured, kOf}});
    for (const auto& [of_enrolled, of_remeasured] :
         {std::pair{remission_of_enrolled, remission_of_remeasured}, {improved_of_enrolled, improved_of_remeasured}}) {
      add(of_enrolled, kOf, {{response_of_enrolled, kOf}});
      add(of_remeasured, kOf, {{response_of_remeasured, kOf}});
      add(of_enrolled, kIn,
          {{of_enrolled, kOf},
           {of_remeasured, kOf},
           {response_of_enrolled, kOf},
           {response_of_remeasured, kOf},
           {response_of_enrolled, kIn}});
      add(of_remeasured, kIn, {{of_remeasured, kOf}, {of_enrolled, kIn}, {response_of_remeasured, kOf}});
    }
    add(mean_change, kIn, {{response_of_remeasured, kOf}, {response_of_enrolled, kOf}});
    add(weekly_change, kIn, {{response_of_remeasured, kOf}, {mean_change, kIn}});
    std::vector<std::pair<Figure, bool>> loop;
    const auto add_to_loop = [&](Figure figure, bool denominator) {
      add(figure, denominator, loop);
      loop.emplace_back(figure, denominator);
    };
    add_to_loop(recommendations_sent, kIn);
    for (const auto figure : {recommendations_answered, recommendations_accepted, recommendations_done, recommendations_tried}) {
      add_to_loop(figure, kOf);
      add_to_loop(figure, kIn);
    }
    add(days_to_answer, kIn, {{recommendations_sent, kIn}, {recommendations_answered, kIn}});
    add(days_to_done, kIn, {{recommendations_accepted, kIn}, {recommendations_done, kIn}});
    std::vector<std::pair<Figure, bool>> funnel;
    for (const auto figure : {funnel_screened, funnel_referred, funnel_reached, funnel_assessed, funnel_enrolled,
                              funnel_remeasured, funnel_response, funnel_remission}) {
      add(figure, kIn, funnel);
      funnel.emplace_back(figure, kIn);
    }
    funnel.resize(5);  // later steps do not ask for the first contact
    add(funnel_first_contact, kIn, funnel);
    for (const auto& info : measures::figures()) {
      const bool is_rate = info.kind == measures::Kind::rate;
      if (is_rate && !known.contains({info.figure, kOf})) add(info.figure, kOf, {});
      if (!known.contains({info.figure, kIn})) {
        if (is_rate) add(info.figure, kIn, {{info.figure, kOf}});
        else add(info.figure, kIn, {});
      }
      const auto at = static_cast<std::size_t>(info.figure);
      p.numerator[at] = known.at({info.figure, kIn});
      p.denominator[at] = is_rate ? known.at({info.figure, kOf}) : p.numerator[at];
    }
    return p;
  }();
  return all;
}

Shown shown(const measures::Total& total, const measures::FigureInfo& info, bool no_numerator, bool no_denominator) {
  Shown s;
  s.hidden_numerator = no_numerator;
  s.suppressed = no_numerator || no_denominator;
  if (!no_numerator) s.numerator = total.numerator;
  if (s.suppressed) return s;
  s.denominator = info.kind == measures::Kind::rate || info.kind == measures::Kind::funnel ? total.denominator : total.numerator;
  if (info.kind == measures::Kind::rate || info.kind == measures::Kind::funnel) s.percent = total.percent();
  else if (info.kind == measures::Kind::count) s.value = static_cast<double>(total.numerator);
  else s.value = total.value;
  return s;
}

/// `is_hidden(count)` says of each count whether it is hidden here.
template <class IsHidden>
Sheet sheet_of(const Totals& totals, IsHidden&& is_hidden) {
  Sheet sheet;
  for (const auto& info : measures::figures()) {
    const auto at = static_cast<std::size_t>(info.figure);
    sheet[at] = shown(totals[info.figure], info, is_hidden(plan().numerator[at]), is_hidden(plan().denominator[at]));
  }
  // A step's share of the step before tells that one.
  for (std::size_t at = static_cast<std::size_t>(Figure::funnel_referred); at < kFigures; ++at) {
    const auto before =
        at == static_cast<std::size_t>(Figure::funnel_remeasured) ? static_cast<std::size_t>(Figure::funnel_enrolled) : at - 1;
    if (!sheet[before].hidden_numerator || sheet[at].suppressed) continue;
    sheet[at].hidden_denominator = true;
    sheet[at].denominator = 0;
    sheet[at].percent.reset();
  }
  return sheet;
}

std::string name_of(Span span) { return "|" + std::to_string(span.from) + ":" + std::to_string(span.to); }

}  // namespace

InTime in_time_of(Figure figure, bool denominator) {
  using enum Figure;
  switch (figure) {
    case active_caseload:
    case measured_in_30_days:
    case caseload_per_fte:
      return InTime::at_end;
    case enrolled:
    case re_measured:
      return InTime::grows;
    case response_of_enrolled:
    case response_of_remeasured:
    case remission_of_enrolled:
    case remission_of_remeasured:
    case improved_of_enrolled:
    case improved_of_remeasured:
      return denominator ? InTime::grows : InTime::at_end;
    case mean_change:
    case weekly_change:
      return InTime::grows;
    default:
      return InTime::adds_up;
  }
}

Sheet exact_sheet(const Totals& totals) {
  return sheet_of(totals, [](std::size_t) { return false; });
}

Question question(const Asked& asked, Date from, Date to) {
  Question q{from, std::min(to, asked.today), {}};
  const auto* site = asked.filter(Stratum::site);
  q.filters.push_back({Stratum::site, site != nullptr ? std::vector{*site} : asked.sites});
  for (const auto& [stratum, value] : asked.filters)
    if (stratum != Stratum::site) q.filters.push_back({stratum, {value}});
  return q;
}

measures::Window window(Span span, Date today) {
  return {first_day(span.from), std::min(first_day(span.to).last_of_month(), today)};
}

MonthNumber last_month(const Asked& asked) {
  const MonthNumber now = month_of(asked.today);
  return now - 1;
}

std::set<Span> blocks(const std::vector<Span>& spans, MonthNumber last) {
  std::set<Span> all;
  for (const Span span : spans) {
    all.insert(span);
    for (int year = span.from / 12; year <= span.to / 12; ++year) {
      if (year * 12 + 11 <= last) all.insert({year * 12, year * 12 + 11});
      for (MonthNumber m = year * 12; m < year * 12 + 12; m += 3)
        if (m + 2 <= last) all.insert({m, m + 2});
    }
    const auto months = [&](MonthNumber of) {
      for (MonthNumber m = of / 3 * 3; m < of / 3 * 3 + 3 && m <= last; ++m) all.insert({m, m});
    };
    for (MonthNumber m = span.from; m <= span.to; ++m) months(m);
  }
  return all;
}

std::string version_key(const Resident& facts, const Asked& asked) {
  std::string key = facts.organization.text() + "." + std::to_string(facts.version) + "." + asked.today.iso();
  for (const auto& site : asked.sites) key += "," + site;
  return key;
}

Desk::Tables::Tables(Desk& desk, const Resident& facts, const Asked& asked, std::vector<Stratum> strata)
    : desk_(desk), facts_(facts), asked_(asked), key_(version_key(facts, asked)) {
  std::sort(strata.begin(), strata.end());
  CHECK(strata.size() <= 2);
  asked_.filters.clear();
  for (std::size_t i = 0; i < 2; ++i) {
    if (i < strata.size()) axes_[i].stratum = strata[i];
    key_ += "|" + std::string(i < strata.size() ? measures::name(strata[i]) : "");
  }
  // The same rows in every period: those that anybody has at any time.
  for (auto& axis : axes_) {
    if (!axis.stratum) {
      axis.values = {""};
      continue;
    }
    const auto& book = facts.books[static_cast<std::size_t>(*axis.stratum)];
    if (*axis.stratum == Stratum::site) axis.values = asked.sites;
    else
      for (std::uint16_t code = 1; code < book.size(); ++code) axis.values.push_back(book.value(code));
    std::sort(axis.values.begin(), axis.values.end());
    axis.values.emplace_back("unknown");
  }
  // What is hidden with one partition less is hidden here too.
  if (strata.size() == 2) {
    alone_[0] = std::make_unique<Tables>(desk, facts, asked, std::vector{strata[0]});
    alone_[1] = std::make_unique<Tables>(desk, facts, asked, std::vector{strata[1]});
  } else if (strata.size() == 1) {
    alone_[0] = std::make_unique<Tables>(desk, facts, asked, std::vector<Stratum>());
  }
}

void Desk::Tables::prepare(const std::vector<Span>& spans) {
  for (auto& tables : alone_)
    if (tables) tables->prepare(spans);
  // Periods of one length follow each other, so that each kind is one pass over the columns.
  std::map<int, std::vector<Span>> wanted;
  for (const Span span : blocks(spans, last_month(asked_)))
    if (!tables_.contains(span)) wanted[span.to - span.from].push_back(span);
  for (auto& [length, list] : wanted) fill(list);
}

const Desk::Cells& Desk::Tables::cells(Span span) {
  if (!tables_.contains(span)) fill({span});
  return *tables_.at(span);
}

const HiddenCounts& Desk::Tables::hidden(Span span) {
  const auto known = hidden_.find(span);
  if (known != hidden_.end()) return known->second;
  const std::string key = "h|" + key_ + name_of(span);
  if (auto kept = desk_.find<HiddenCounts>(key)) return hidden_.emplace(span, *kept).first->second;
  const auto alone = [](const std::unique_ptr<Tables>& tables) -> std::function<HiddenCounts(Span)> {
    if (!tables) return {};
    return [&one = *tables](Span s) { return one.hidden(s); };
  };
  if (!timeline_)
    timeline_.emplace([this](Span s) -> const Counts& { return counts(s); }, plan().counts, axes_[0].values.size(),
                      axes_[1].values.size(), last_month(asked_), desk_.threshold_, alone(alone_[0]), alone(alone_[1]));
  auto result = timeline_->of(span);
  desk_.keep(key, std::make_shared<const HiddenCounts>(result),
             result.size() * (64 + 2 * (axes_[0].values.size() + axes_[1].values.size())));
  return hidden_.emplace(span, std::move(result)).first->second;
}

std::optional<std::size_t> Desk::Tables::place(std::size_t axis, const std::string& value) const {
  const auto& values = axes_[axis].values;
  const auto found = std::find(values.begin(), values.end(), value);
  if (found == values.end()) return std::nullopt;
  return static_cast<std::size_t>(found - values.begin());
}

std::optional<std::array<std::size_t, 2>> Desk::Tables::place(const std::vector<std::pair<Stratum, std::string>>& filters) const {
  std::array<std::size_t, 2> where{};
  for (const auto& [stratum, value] : filters) {
    const auto found = place(axis_of(stratum), value);
    if (!found) return std::nullopt;
    where[axis_of(stratum)] = *found;
  }
  return where;
}

Sheet Desk::Tables::sheet(Span span, const std::array<std::size_t, 2>& where) {
  const auto [row, column] = where;
  const HiddenCounts& h = hidden(span);
  return sheet_of(cells(span)[row][column], [&h, r = row, c = column](std::size_t count) { return h[count](r, c); });
}

const Counts& Desk::Tables::counts(Span span) {
  auto& table = counts_[span];
  if (!table.empty()) return table;
  for (const auto& row : cells(span)) {
    auto& line = table.emplace_back();
    for (const Totals& totals : row) {
      auto& cell = line.emplace_back();
      for (const auto& [figure, denominator] : plan().from)
        cell.push_back(denominator ? totals[figure].denominator : totals[figure].numerator);
    }
  }
  return table;
}

void Desk::Tables::fill(const std::vector<Span>& spans) {
  std::vector<Span> missing;
  for (const Span span : spans) {
    if (auto kept = desk_.find<Cells>("t|" + key_ + name_of(span))) tables_[span] = std::move(kept);
    else missing.push_back(span);
  }
  if (missing.empty()) return;
  const std::size_t rows = axes_[0].values.size(), columns = axes_[1].values.size();
  std::vector<Cells> made(missing.size(), Cells(rows, std::vector<Totals>(columns)));
  std::vector<measures::Window> windows;
  for (const Span span : missing) windows.push_back(window(span, asked_.today));
  const auto cube = measures::cube(facts_, question(asked_, windows.front().from, windows.back().to), windows, axes_[0].stratum,
                                   axes_[1].stratum);
  for (std::size_t r = 0; r < cube.rows.size(); ++r) {
    const auto row = place(0, cube.rows[r]);
    for (std::size_t c = 0; row && c < cube.columns.size(); ++c)
      if (const auto column = place(1, cube.columns[c]))
        for (std::size_t i = 0; i < missing.size(); ++i) made[i][*row][*column] = cube.at(i, r, c);
  }
  for (std::size_t i = 0; i < missing.size(); ++i) {
    auto table = std::make_shared<const Cells>(std::move(made[i]));
    desk_.keep("t|" + key_ + name_of(missing[i]), table, rows * columns * sizeof(Totals));
    tables_[missing[i]] = std::move(table);
  }
}

}  // namespace concord::reports
