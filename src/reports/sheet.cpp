#include "reports/sheet.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "reports/period_tables.h"

namespace concord::reports {
namespace {

using measures::Figure;
using measures::Place;
using measures::Resident;
using measures::Totals;

std::vector<Stratum> strata_of(const Asked& asked) {
  std::vector<Stratum> strata;
  for (const auto& [stratum, value] : asked.filters) strata.push_back(stratum);
  return strata;
}

}  // namespace

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
