#include "reports/sheet.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"

namespace concord::reports {
namespace {

using measures::Figure;
using measures::kFigures;
using measures::Place;
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

std::vector<Stratum> strata_of(const Asked& asked) {
  std::vector<Stratum> strata;
  for (const auto& [stratum, value] : asked.filters) strata.push_back(stratum);
  return strata;
}

measures::Window window(Span span, Date today) {
  return {first_day(span.from), std::min(first_day(span.to).last_of_month(), today)};
}

/// Months of which the last is over, for who sees aggregates only.
MonthNumber last_month(const Asked& asked) {
  const MonthNumber now = month_of(asked.today);
  return now - 1;
}

/// Every block that decides over the spans, and the spans themselves.
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

}  // namespace

/// The numbers of two partitions (or one, or none) in every block, and what of them is hidden.
class Desk::Tables {
 public:
  Tables(Desk& desk, const Resident& facts, const Asked& asked, std::vector<Stratum> strata)
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

  void prepare(const std::vector<Span>& spans) {
    for (auto& tables : alone_)
      if (tables) tables->prepare(spans);
    // Periods of one length follow each other, so that each kind is one pass over the columns.
    std::map<int, std::vector<Span>> wanted;
    for (const Span span : blocks(spans, last_month(asked_)))
      if (!tables_.contains(span)) wanted[span.to - span.from].push_back(span);
    for (auto& [length, list] : wanted) fill(list);
  }

  const Cells& cells(Span span) {
    if (!tables_.contains(span)) fill({span});
    return *tables_.at(span);
  }
  const HiddenCounts& hidden(Span span) {
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
  /// Where the value stands on an axis; nullopt: nobody has it.
  std::optional<std::size_t> place(std::size_t axis, const std::string& value) const {
    const auto& values = axes_[axis].values;
    const auto found = std::find(values.begin(), values.end(), value);
    if (found == values.end()) return std::nullopt;
    return static_cast<std::size_t>(found - values.begin());
  }
  /// Row and column of the filters' values; 0 where there is no filter; nullopt: nobody has one of them.
  std::optional<std::array<std::size_t, 2>> place(const std::vector<std::pair<Stratum, std::string>>& filters) const {
    std::array<std::size_t, 2> where{};
    for (const auto& [stratum, value] : filters) {
      const auto found = place(axis_of(stratum), value);
      if (!found) return std::nullopt;
      where[axis_of(stratum)] = *found;
    }
    return where;
  }
  const Axis& axis(std::size_t i) const { return axes_[i]; }
  std::size_t axis_of(Stratum stratum) const { return axes_[0].stratum == stratum ? 0 : 1; }

  Sheet sheet(Span span, const std::array<std::size_t, 2>& where) {
    const auto [row, column] = where;
    const HiddenCounts& h = hidden(span);
    return sheet_of(cells(span)[row][column], [&h, r = row, c = column](std::size_t count) { return h[count](r, c); });
  }

 private:
  static std::string name_of(Span span) { return "|" + std::to_string(span.from) + ":" + std::to_string(span.to); }

  const Counts& counts(Span span) {
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

  void fill(const std::vector<Span>& spans) {
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

  Desk& desk_;
  const Resident& facts_;
  Asked asked_;  ///< without filters
  std::string key_;
  std::array<Axis, 2> axes_;
  std::map<Span, std::shared_ptr<const Cells>> tables_;
  std::map<Span, Counts> counts_;
  std::map<Span, HiddenCounts> hidden_;
  std::optional<Timeline> timeline_;
  std::array<std::unique_ptr<Tables>, 2> alone_;
};

Sheet Desk::total(const Resident& facts, const Asked& asked) {
  const auto count = [&] {
    if (asked.exact) return exact_sheet(measures::evaluate(facts, question(asked, asked.period.from, asked.period.to)));
    Tables tables(*this, facts, asked, strata_of(asked));
    tables.prepare({asked.period.span});
    const auto where = tables.place(asked.filters);
    return where ? tables.sheet(asked.period.span, *where) : exact_sheet(Totals{});
  };
  return *find_or_make("s|" + version_key(facts, asked) + "|" + asked.key(), count, [](const Sheet&) { return sizeof(Sheet); });
}

std::vector<Sheet> Desk::series(const Resident& facts, const Asked& asked, int months) {
  const auto count = [&] {
    std::vector<Span> spans;
    for (MonthNumber m = asked.period.span.to - months + 1; m <= asked.period.span.to; ++m) spans.push_back({m, m});
    std::vector<Sheet> sheets;
    if (asked.exact) {
      std::vector<measures::Window> windows;
      for (const Span span : spans)
        if (first_day(span.from) <= asked.today) windows.push_back(window(span, asked.today));
      for (const auto& totals : measures::series(facts, question(asked, windows.front().from, windows.back().to), windows))
        sheets.push_back(exact_sheet(totals));
      sheets.resize(spans.size());
      return sheets;
    }
    Tables tables(*this, facts, asked, strata_of(asked));
    tables.prepare(spans);
    const auto where = tables.place(asked.filters);
    for (const Span span : spans) sheets.push_back(where ? tables.sheet(span, *where) : exact_sheet(Totals{}));
    return sheets;
  };
  return *find_or_make("m|" + version_key(facts, asked) + "|" + asked.key() + "|" + std::to_string(months), count,
                       [](const std::vector<Sheet>& sheets) { return sheets.size() * sizeof(Sheet); });
}

std::vector<StratumSheet> Desk::by(const Resident& facts, const Asked& asked, Stratum stratum) {
  const auto is_listed = [](const std::string& value, const Totals& totals) {
    if (value == "unknown") return true;
    return std::any_of(totals.of.begin(), totals.of.end(), [](const measures::Total& t) { return t.denominator > 0; });
  };
  const auto count = [&] {
    std::vector<StratumSheet> rows;
    if (asked.exact) {
      for (const auto& one : measures::evaluate_by(facts, question(asked, asked.period.from, asked.period.to), stratum))
        if (is_listed(one.value, one.totals)) rows.push_back({one.value, exact_sheet(one.totals)});
      return rows;
    }
    CHECK(asked.filters.size() <= 1);
    auto strata = strata_of(asked);
    if (std::find(strata.begin(), strata.end(), stratum) == strata.end()) strata.push_back(stratum);
    Tables tables(*this, facts, asked, strata);
    tables.prepare({asked.period.span});
    auto where = tables.place(asked.filters);
    if (!where) return rows;
    const auto axis = tables.axis_of(stratum);
    const auto& values = tables.axis(axis).values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (asked.filter(stratum) != nullptr && values[i] != *asked.filter(stratum)) continue;
      (*where)[axis] = i;
      if (is_listed(values[i], tables.cells(asked.period.span)[(*where)[0]][(*where)[1]]))
        rows.push_back({values[i], tables.sheet(asked.period.span, *where)});
    }
    return rows;
  };
  return *find_or_make("b|" + version_key(facts, asked) + "|" + asked.key() + "|" + std::string(measures::name(stratum)), count,
                       [](const std::vector<StratumSheet>& rows) { return rows.size() * sizeof(StratumSheet); });
}

Standings Desk::standings(const Resident& facts, const Asked& asked, Figure figure) {
  return find_or_make(
      "l|" + version_key(facts, asked) + "|" + asked.key() + "|" + std::string(measures::info(figure).id),
      [&] { return measures::standings(facts, question(asked, asked.period.from, asked.period.to), figure); },
      [](const std::vector<measures::StandingLine>& lines) { return lines.size() * sizeof(measures::StandingLine); });
}

std::shared_ptr<const PresentValues> Desk::present(const Resident& facts, const Asked& asked) {
  const auto find_values = [&] {
    const auto& sites = facts.books[static_cast<std::size_t>(Stratum::site)];
    std::vector<char> is_mine(sites.size(), 0);
    for (const auto& site : asked.sites)
      if (const auto code = sites.find(site)) is_mine[*code] = 1;
    PresentValues values;
    for (std::size_t s = 0; s < measures::kStrata; ++s) {
      const auto& book = facts.books[s];
      std::vector<char> listed(book.size(), 0);
      for (measures::EpisodeRow e = 0; e < facts.episodes(); ++e)
        if (is_mine[facts.site[e]]) listed[facts.code(static_cast<Stratum>(s), facts.tag_of(e))] = 1;
      for (std::uint16_t code = 1; code < book.size(); ++code)
        if (listed[code]) values[s].push_back(book.value(code));
    }
    return values;
  };
  return find_or_make("v|" + version_key(facts, asked), find_values, [](const PresentValues& values) {
    std::size_t bytes = sizeof(PresentValues);
    for (const auto& list : values)
      for (const auto& value : list) bytes += sizeof(value) + value.capacity();
    return bytes;
  });
}

std::shared_ptr<const std::string> Desk::page(const std::string& key, const std::function<std::string()>& make) {
  return find_or_make("p|" + key, make, [](const std::string& body) { return body.size(); });
}

std::vector<ReasonLine> Desk::reasons(const Resident& facts, const Asked& asked, Figure figure) {
  using Tally = std::map<std::pair<Place, std::string>, std::int64_t>;
  const auto tally = [&](Span span) {
    Asked one = asked;
    one.period.span = span;
    one.period.from = first_day(span.from);
    one.period.to = std::min(first_day(span.to).last_of_month(), asked.today);
    const auto count = [&] {
      Tally all;
      for (const auto& line : measures::standings(facts, question(one, one.period.from, one.period.to), figure))
        if (line.standing != Place::numerator) ++all[{line.standing, std::string(line.reason)}];
      return all;
    };
    return *find_or_make("r|" + version_key(facts, one) + "|" + one.key() + "|" + std::string(measures::info(figure).id), count,
                         [](const Tally& all) { return all.size() * 120; });
  };
  const Tally asked_for = tally(asked.period.span);
  std::vector<ReasonLine> lines;
  if (asked.exact) {
    for (const auto& [what, n] : asked_for) lines.push_back({what.first, what.second, false, n});
  } else {
    // With a filter a reason would be a table of three partitions.
    if (!asked.filters.empty()) return {};
    std::map<Span, Tally> all;
    std::map<Place, std::vector<std::string>> codes;
    for (const Span span : blocks({asked.period.span}, last_month(asked))) {
      all[span] = tally(span);
      for (const auto& [what, n] : all[span]) {
        auto& list = codes[what.first];
        if (std::find(list.begin(), list.end(), what.second) == list.end()) list.push_back(what.second);
      }
    }
    const bool figure_hidden = total(facts, asked)[static_cast<std::size_t>(figure)].suppressed;
    for (auto& [place, list] : codes) {
      std::sort(list.begin(), list.end());
      std::map<Span, Counts> tables;
      Timeline timeline(
          [&, which = place, &words = list](Span span) -> const Counts& {
            auto& table = tables[span];
            if (!table.empty()) return table;
            for (const auto& code : words) {
              const auto found = all[span].find({which, code});
              table.push_back({{found == all[span].end() ? 0 : found->second}});
            }
            return table;
          },
          {Count{{}, in_time_of(figure, true)}}, list.size(), 1, last_month(asked), threshold_);
      // One small reason hides all of its kind: some of them can be told from other figures (enrolled less active: ended).
      const auto hidden = timeline.of(asked.period.span).front();
      const bool all_hidden =
          hidden.rows.total || std::any_of(hidden.rows.rows.begin(), hidden.rows.rows.end(), [](char flag) { return flag != 0; });
      for (std::size_t i = 0; i < list.size(); ++i) {
        const auto found = asked_for.find({place, list[i]});
        const bool suppressed = figure_hidden || all_hidden;
        const std::int64_t n = found == asked_for.end() ? 0 : found->second;
        if (suppressed || n > 0) lines.push_back({place, list[i], suppressed, suppressed ? 0 : n});
      }
    }
  }
  std::stable_sort(lines.begin(), lines.end(), [](const ReasonLine& a, const ReasonLine& b) {
    if (a.standing != b.standing) return a.standing == Place::denominator;
    return a.n > b.n;
  });
  return lines;
}

}  // namespace concord::reports
