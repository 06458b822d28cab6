// The monthly letter: one page in English or Spanish, printed by whoever asks.
#include <algorithm>

#include "base/text.h"
#include "reports/figures_json.h"
#include "reports/letter.h"
#include "reports/report_routes.h"

namespace concord::reports {
namespace {

using measures::Figure;
using patients::Asker;

Result<Query> read_letter_query(const Call& call) {
  CONCORD_TRY(auto query, read_query(call));
  const auto language = trim(call.request.parameter("language").value_or(""));
  // Here `language` is the letter's, not the patients'.
  std::erase_if(query.filters, [](const auto& filter) { return filter.first == Stratum::language; });
  if (!language.empty() && language != "en" && language != "es") return http::wrong_question("language", "must be en or es");
  if (!language.empty()) query.language = std::string(language);
  if (!query.period.empty() && query.period != "month") return http::wrong_question("period", "a letter is about a month");
  for (const auto& [stratum, value] : query.filters)
    if (stratum != Stratum::site)
      return http::wrong_question(std::string(measures::name(stratum)), "a letter is about a site, or all of yours");
  return query;
}

LetterInput input_of(const Scene& scene, db::Tx& tx, OrganizationId organization, const std::vector<Sheet>& series) {
  LetterInput input;
  const auto* site = scene.asked.filter(Stratum::site);
  input.program = site != nullptr ? scene.value_name(Stratum::site, *site) : scene.deps().organization_name(tx, organization);
  input.month = scene.asked.period.span.to;
  input.exact = scene.asked.exact;
  input.figures = scene.total();
  for (const auto& info : measures::figures()) input.charts.push_back(chart_of(scene, series, info));
  input.fell_out = scene.shared.desk.reasons(*scene.facts, scene.asked, Figure::re_measured);
  std::erase_if(input.fell_out, [](const ReasonLine& line) { return line.standing != measures::Place::denominator; });
  input.rule_set = scene.facts->rules->name;
  input.rule_set_version = scene.facts->rules->version;
  return input;
}

void write_lines(json::Writer& w, std::string_view key, const std::vector<LetterLine>& list) {
  w.key(key).array();
  for (const auto& line : list) {
    w.object().field("text", line.text).key("figure");
    if (line.figure.empty()) w.null();
    else w.value(line.figure);
    w.end();
  }
  w.end();
}

void write_figures(json::Writer& w, const Scene& scene, const LetterInput& input, const std::vector<Sheet>& series) {
  w.key("figures").array();
  for (const auto& id : scene.rules().letter_figures) {
    const auto& info = measures::info(*measures::find_figure(id));
    const auto at = static_cast<std::size_t>(info.figure);
    w.object().key("figure");
    write_figure(w, scene, info, input.figures[at]);
    w.key("series");
    write_series(w, scene, series, info, input.charts[at]);
    w.key("run_chart");
    write_run_chart(w, scene, input.charts[at]);
    w.end();
  }
  w.end();
}

std::string letter_page(const Scene& scene, db::Tx& tx, const Asker& asker) {
  const auto series = scene.series();
  const LetterInput input = input_of(scene, tx, asker.organization(), series);
  const Letter made = letter(input, scene.rules(), scene.words(), scene.language);
  std::string body;
  json::Writer w(body);
  w.object().field("language", scene.language.starts_with("es") ? "es" : "en").field("title", made.title);
  w.field("program", input.program);
  write_head(w, scene);
  w.field("greeting", made.greeting);
  write_lines(w, "went_well", made.went_well);
  write_lines(w, "needs_a_look", made.needs_a_look);
  write_figures(w, scene, input, series);
  write_lines(w, "fell_out", made.fell_out);
  w.key("annotations");
  write_annotations(w, scene, std::nullopt);
  w.key("next_steps").array();
  for (const auto& step : made.next_steps) w.object().field("text", step.text).field("rule", step.rule).end();
  w.end().key("footnotes").array();
  for (const auto& note : made.footnotes) w.value(note);
  w.end().key("printed").object().field("role", asker.caller.role).field("at", asker.now).end().end();
  return body;
}

}  // namespace

Result<Work> read_letter(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto query, read_letter_query(call));
  return Work([shared, asker = Asker(call), query](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(shared, tx, asker, query));
    return answered(scene, letter_page(scene, tx, asker), "letter");
  });
}

}  // namespace concord::reports
