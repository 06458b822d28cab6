// Every table of the pages as a file.
#include <algorithm>

#include "base/text.h"
#include "reports/costs_json.h"
#include "reports/figures_json.h"
#include "reports/letter.h"
#include "reports/report_files.h"
#include "reports/report_routes.h"

namespace concord::reports {
namespace {

using measures::Figure;
using measures::FigureInfo;
using patients::Asker;

TableCell cell(const std::optional<double>& value) { return value ? TableCell(*value) : TableCell(); }

std::vector<TableCell> numbers_of(const Scene& scene, const FigureInfo& info, const Shown& s) {
  if (s.suppressed) return {{}, {}, {}, {}, scene.say("about.hidden")};
  const bool nobody = s.denominator == 0 && !s.hidden_denominator;
  return {static_cast<double>(s.numerator), s.hidden_denominator ? TableCell() : TableCell(static_cast<double>(s.denominator)),
          is_share(info) ? cell(s.percent) : TableCell(), is_share(info) ? TableCell() : cell(s.value),
          scene.say(nobody ? "about.nobody" : "about.shown")};
}

template <class To, class From>
void append(To& to, From&& from) {
  for (auto& one : from) to.push_back(std::move(one));
}

std::string stratum_name(const Scene& scene, Stratum stratum) {
  return scene.say("stratum." + std::string(measures::name(stratum)));
}

void list_dashboard(const Scene& scene, Listing& out) {
  out.columns = columns(scene, {"figure", "of", "unit", "numerator", "denominator", "percent", "value", "shown"});
  const Sheet sheet = scene.total();
  for (const auto& info : measures::figures()) {
    std::vector<TableCell> row{scene.figure_name(info.id), std::string(info.of), std::string(info.unit)};
    append(row, numbers_of(scene, info, sheet[static_cast<std::size_t>(info.figure)]));
    out.rows.push_back(std::move(row));
  }
}

void list_series(const Scene& scene, const FigureInfo& info, Listing& out) {
  out.columns = columns(scene, {"month", "numerator", "denominator", "percent", "value", "shown"});
  const auto series = scene.series();
  MonthNumber month = scene.asked.period.span.to - static_cast<int>(series.size()) + 1;
  for (const auto& sheet : series) {
    std::vector<TableCell> row{month_text(month++)};
    append(row, numbers_of(scene, info, sheet[static_cast<std::size_t>(info.figure)]));
    out.rows.push_back(std::move(row));
  }
}

void list_strata(const Scene& scene, const FigureInfo& info, Listing& out) {
  out.columns = columns(scene, {"stratum", "stratum_value", "numerator", "denominator", "percent", "value", "shown"});
  for (const auto stratum : scene.strata())
    for (const auto& one : scene.shared.desk.by(*scene.facts, scene.asked, stratum)) {
      std::vector<TableCell> row{stratum_name(scene, stratum), scene.value_name(stratum, one.value)};
      append(row, numbers_of(scene, info, one.figures[static_cast<std::size_t>(info.figure)]));
      out.rows.push_back(std::move(row));
    }
}

void list_reasons(const Scene& scene, const FigureInfo& info, Listing& out) {
  out.columns = columns(scene, {"standing", "reason", "patients", "shown"});
  for (const auto& line : scene.shared.desk.reasons(*scene.facts, scene.asked, info.figure))
    out.rows.push_back({std::string(word(line.standing)), reason_words(scene.words(), line.code, scene.language),
                        line.suppressed ? TableCell() : TableCell(static_cast<double>(line.n)),
                        scene.say(line.suppressed ? "about.hidden" : "about.shown")});
}

void list_funnel(const Scene& scene, Listing& out) {
  out.columns = columns(scene, {"stratum", "stratum_value", "step", "patients", "shown"});
  const auto add = [&](const std::string& stratum, const std::string& value, const Sheet& sheet) {
    for (std::size_t at = kFirstStep; at < measures::kFigures; ++at) {
      const bool hidden = sheet[at].hidden_numerator;
      out.rows.push_back({stratum, value, scene.figure_name(measures::figures()[at].id),
                          hidden ? TableCell() : TableCell(static_cast<double>(sheet[at].numerator)),
                          scene.say(hidden ? "about.hidden" : "about.shown")});
    }
  };
  add("", "", scene.total());
  for (const auto stratum : scene.strata())
    for (const auto& one : scene.shared.desk.by(*scene.facts, scene.asked, stratum))
      add(stratum_name(scene, stratum), scene.value_name(stratum, one.value), one.figures);
}

void list_costs(const Scene& scene, Listing& out) {
  out.columns = columns(scene, {"line", "value", "unit", "formula"});
  for (const auto& line : costs_of(scene, scene.total()))
    out.rows.push_back({scene.say("cost." + line.id), line.value ? TableCell(*line.value) : TableCell(), line.unit,
                        line.suppressed ? scene.say("about.hidden") : line.formula});
  for (const auto& a : scene.rules().assumptions)
    out.rows.push_back({scene.say("assumption." + a.id), scene.assumptions.values.at(a.id), a.unit, a.source});
}

void list_benchmarks(const Scene& scene, Listing& out) {
  out.columns = columns(scene, {"literature", "of", "value", "comparison", "unit", "source", "primary_source", "ours"});
  const Sheet sheet = scene.total();
  const auto cost_lines = costs_of(scene, sheet);
  const auto ours = [&](const Benchmark& b) -> TableCell {
    if (const auto figure = b.figure ? measures::find_figure(*b.figure) : std::nullopt) {
      const Shown& s = sheet[static_cast<std::size_t>(*figure)];
      if (s.suppressed) return scene.say("about.hidden");
      return cell(is_share(measures::info(*figure)) ? s.percent : s.value);
    }
    const auto line = std::find_if(cost_lines.begin(), cost_lines.end(), [&](const CostLine& one) { return b.figure == one.id; });
    if (line == cost_lines.end()) return {};
    return line->suppressed ? TableCell(scene.say("about.hidden")) : cell(line->value);
  };
  for (const auto& b : scene.rules().benchmarks)
    out.rows.push_back({scene.say("benchmark." + b.id), b.of, b.value, cell(b.comparison), b.unit, b.source,
                        scene.say(b.primary_source ? "value.yes" : "value.no"), ours(b)});
}

/// Tables of the whole program, and of one figure.
const std::map<std::string, void (*)(const Scene&, Listing&), std::less<>> kTables{
    {"dashboard", list_dashboard}, {"funnel", list_funnel}, {"costs", list_costs}, {"benchmarks", list_benchmarks}};
const std::map<std::string, void (*)(const Scene&, const FigureInfo&, Listing&), std::less<>> kTablesOfFigure{
    {"series", list_series}, {"strata", list_strata}, {"reasons", list_reasons}};

Result<Listing> listing(const Scene& scene, const std::string& table, const std::optional<Figure>& figure) {
  Listing out;
  const auto whole = kTables.find(table);
  const auto of_figure = kTablesOfFigure.find(table);
  if (whole == kTables.end() && of_figure == kTablesOfFigure.end())
    return http::wrong_question("table", "must be dashboard, series, strata, reasons, funnel, costs or benchmarks");
  out.name = scene.say("table." + table);
  if (whole != kTables.end()) {
    whole->second(scene, out);
  } else {
    if (!figure) return http::wrong_question("figure", "must be a figure for this table");
    of_figure->second(scene, measures::info(*figure), out);
  }
  return out;
}

Result<Work> export_table(const Kept& shared, const Call& call, bool workbook) {
  const auto table = std::string(trim(call.request.parameter("table").value_or("dashboard")));
  FileOf file{workbook, "concord-" + table, "table=" + table, {}};
  if (const auto id = call.request.parameter("figure"); id && !id->empty()) {
    file.figure = measures::find_figure(*id);
    if (!file.figure) return http::wrong_question("figure", "is no figure");
    file.what += " figure=" + std::string(measures::info(*file.figure).id);
  }
  return ask(shared, call, [table, file](const Scene& scene, db::Tx&, const Asker& asker) -> Result<Reply> {
    CONCORD_TRY(const auto made, listing(scene, table, file.figure));
    return file_reply(scene, asker, made, file);
  });
}

}  // namespace

Result<Work> export_csv(const Kept& shared, const Call& call) { return export_table(shared, call, false); }
Result<Work> export_xlsx(const Kept& shared, const Call& call) { return export_table(shared, call, true); }

}  // namespace concord::reports
