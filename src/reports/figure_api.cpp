// One figure in depth, every figure's meaning, and the funnel: what stands behind a card of the dashboard, without names.
#include <algorithm>

#include "reports/costs_json.h"
#include "reports/figures_json.h"
#include "reports/letter.h"
#include "reports/report_routes.h"

namespace concord::reports {
namespace {

using measures::Figure;
using measures::FigureInfo;
using measures::Place;

/// A list of tables, one for each stratum; `write_row` writes the members of a row after its value and name.
template <class WriteRow, class End>
void write_tables(json::Writer& w, const Scene& scene, WriteRow&& write_row, End&& end) {
  w.array();
  for (const auto stratum : scene.strata()) {
    w.object().field("id", measures::name(stratum)).field("name", scene.say("stratum." + std::string(measures::name(stratum))));
    w.key("rows").array();
    const auto rows = scene.shared.desk.by(*scene.facts, scene.asked, stratum);
    for (const auto& row : rows) {
      w.object().field("value", row.value).field("name", scene.value_name(stratum, row.value));
      write_row(row.figures);
      w.end();
    }
    w.end();
    end(rows);
    w.end();
  }
  w.end();
}

void write_strata(json::Writer& w, const Scene& scene, const FigureInfo& info) {
  const auto at = static_cast<std::size_t>(info.figure);
  write_tables(
      w, scene, [&](const Sheet& figures) { write_numbers(w, info, figures[at], "value_number"); },
      [&](const std::vector<StratumSheet>& rows) {
        const auto hidden = std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.figures[at].suppressed; });
        w.field("suppressed_rows", static_cast<std::int64_t>(hidden));
      });
}

void write_reasons(json::Writer& w, const Scene& scene, Figure figure) {
  w.array();
  for (const auto& line : scene.shared.desk.reasons(*scene.facts, scene.asked, figure)) {
    w.object()
        .field("standing", line.standing == Place::out ? "out" : "denominator")
        .field("code", line.code)
        .field("text", reason_words(scene.words(), line.code, scene.language))
        .field("suppressed", line.suppressed);
    if (line.suppressed) w.key("n").null();
    else w.field("n", line.n);
    w.end();
  }
  w.end();
}

std::string one_figure(const Scene& scene, const FigureInfo& info) {
  const Sheet sheet = scene.total();
  const auto series = scene.series();
  const auto chart = chart_of(scene, series, info);
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("figure");
  write_figure(w, scene, info, sheet[static_cast<std::size_t>(info.figure)]);
  w.key("series");
  write_series(w, scene, series, info, chart);
  w.key("run_chart");
  write_run_chart(w, scene, chart);
  w.key("annotations");
  write_annotations(w, scene, info.id);
  w.key("strata");
  write_strata(w, scene, info);
  w.key("reasons");
  write_reasons(w, scene, info.figure);
  w.field("reasons_shown", scene.asked.exact || scene.asked.filters.empty()).key("benchmarks").array();
  for (const auto& b : scene.rules().benchmarks)
    if (b.figure == info.id) write_benchmark(w, scene, b, sheet, {});
  w.end().field("opens", scene.asked.exact).end();
  return body;
}

void write_steps(json::Writer& w, const Scene& scene, const Sheet& sheet, bool whole) {
  w.array();
  const auto step = [&](std::size_t at) -> const Shown& { return sheet[at]; };
  for (std::size_t at = kFirstStep; at < measures::kFigures; ++at) {
    const auto& info = measures::figures()[at];
    const bool hidden = step(at).hidden_numerator;
    w.object().field("id", info.id);
    if (whole) w.field("name", scene.figure_name(info.id)).field("what", scene.say("what." + std::string(info.id)));
    w.key("n");
    if (hidden) w.null();
    else w.value(step(at).numerator);
    const auto share = [&](std::size_t of) -> std::optional<double> {
      if (hidden || step(of).hidden_numerator) return std::nullopt;
      return measures::Total{step(of).numerator, step(at).numerator, std::nullopt}.percent();
    };
    w.field("percent_of_first", share(kFirstStep));
    // The first contact is a step of its own: those without it may still be measured again.
    const std::size_t previous = at == kFirstStep                                            ? at
                                 : at == static_cast<std::size_t>(Figure::funnel_remeasured) ? at - 2
                                                                                             : at - 1;
    w.field("percent_of_previous", at == kFirstStep ? std::nullopt : share(previous)).field("suppressed", hidden).end();
  }
  w.end();
}

std::string funnel(const Scene& scene) {
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("steps");
  write_steps(w, scene, scene.total(), true);
  w.key("strata");
  write_tables(
      w, scene,
      [&](const Sheet& figures) {
        w.key("steps");
        write_steps(w, scene, figures, false);
      },
      [](const auto&) {});
  w.field("opens", scene.asked.exact).end();
  return body;
}

}  // namespace

Result<Figure> figure_of(const Call& call) {
  const auto figure = measures::find_figure(call.path_parameter("figure"));
  if (!figure) return fail(ErrorCode::not_found, "There is no such figure. GET /api/v1/reports/figures lists them.");
  return *figure;
}

Result<Work> list_figures(const Kept& shared, const Call& call) {
  return Work([shared, language = call.caller.language](db::Tx&) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& info : measures::figures()) {
      w.object();
      write_meaning(w, info, *shared->deps.words, language);
      w.end();
    }
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> read_figure(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto figure, figure_of(call));
  const auto& info = measures::info(figure);
  return page(shared, call, "figure=" + std::string(info.id), [&info](const Scene& scene) { return one_figure(scene, info); });
}

Result<Work> read_funnel(const Kept& shared, const Call& call) { return page(shared, call, "funnel", funnel); }

}  // namespace concord::reports
