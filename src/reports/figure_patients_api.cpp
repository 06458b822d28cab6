// Whom a figure counts, and whom it does not, with the reason: a page of a list, or a file. For who may open patients.
#include <map>

#include "base/text.h"
#include "reports/figures_json.h"
#include "reports/letter.h"
#include "reports/report_files.h"
#include "reports/report_routes.h"

namespace concord::reports {
namespace {

using measures::Figure;
using measures::Place;
using patients::Asker;

enum class Wanted { numerator, denominator, not_met, out };

struct ListQuery {
  Wanted wanted = Wanted::denominator;
  std::string word = "denominator", reason;
};

Result<ListQuery> read_list_query(const Call& call) {
  ListQuery query;
  query.word = std::string(trim(call.request.parameter("standing").value_or("denominator")));
  if (query.word == "numerator") query.wanted = Wanted::numerator;
  else if (query.word == "denominator") query.wanted = Wanted::denominator;
  else if (query.word == "not_met") query.wanted = Wanted::not_met;
  else if (query.word == "out") query.wanted = Wanted::out;
  else return http::wrong_question("standing", "must be numerator, denominator, not_met or out");
  query.reason = std::string(trim(call.request.parameter("reason").value_or("")));
  return query;
}

bool is_wanted(const measures::StandingLine& line, const ListQuery& query) {
  if (!query.reason.empty() && line.reason != query.reason) return false;
  switch (query.wanted) {
    case Wanted::numerator:
      return line.standing == Place::numerator;
    case Wanted::denominator:
      return line.standing != Place::out;
    case Wanted::not_met:
      return line.standing == Place::denominator;
    case Wanted::out:
      break;
  }
  return line.standing == Place::out;
}

/// A place in the list that holds while the list grows: the line, and how many equal ones came before it.
std::string line_key(const measures::StandingLine& line, int before) {
  return line.patient.text() + "." + line.episode.text() + "." + line.day.iso() + "." + std::to_string(before);
}

Result<Work> export_patients(const Kept& shared, const Call& call, bool workbook) {
  CONCORD_TRY(const auto figure, figure_of(call));
  CONCORD_TRY(const auto list, read_list_query(call));
  return ask(shared, call, [figure, list, workbook](const Scene& scene, db::Tx& tx, const Asker& asker) -> Result<Reply> {
    constexpr std::size_t kMostRows = 10000;
    Listing table;
    table.name = scene.say("table.patients");
    table.columns = columns(scene, {"name", "birth_date", "site", "care_manager", "standing", "reason", "value", "enrolled",
                                    "patient_id", "episode_id"});
    std::map<UserId, std::string> managers;
    const auto lines = scene.shared.desk.standings(*scene.facts, scene.asked, figure);
    for (const auto& line : *lines) {
      if (!is_wanted(line, list)) continue;
      if (table.rows.size() == kMostRows)
        return http::wrong_question("site", "these are more than 10,000 rows: choose a site, a care manager or a shorter period");
      const auto person = scene.deps().patient(tx, asker.organization(), patients::PatientId(line.patient));
      const auto episode = line.episode.is_nil() ? std::nullopt : scene.deps().episode(tx, asker.organization(), line.episode);
      std::string manager;
      if (episode && episode->care_manager) {
        const auto [known, is_new] = managers.try_emplace(*episode->care_manager);
        if (is_new)
          known->second = scene.deps().chart->user_name(tx, asker.organization(), known->first).value_or(known->first.text());
        manager = known->second;
      }
      table.rows.push_back({person ? person->family_name + ", " + person->given_name : std::string(),
                            person && person->birth_date ? person->birth_date->iso() : std::string(),
                            line.site.is_nil() ? std::string() : scene.value_name(Stratum::site, line.site.text()), manager,
                            std::string(word(line.standing)), reason_words(scene.words(), line.reason, scene.language),
                            line.value ? TableCell(*line.value) : TableCell(), line.day.iso(), line.patient.text(),
                            line.episode.is_nil() ? std::string() : line.episode.text()});
    }
    return file_reply(
        scene, asker, table,
        {workbook, "concord-patients", "figure=" + std::string(measures::info(figure).id) + " standing=" + list.word, figure});
  });
}

}  // namespace

std::string_view word(Place place) {
  return place == Place::numerator ? "numerator" : place == Place::denominator ? "denominator" : "out";
}

Result<Work> list_patients(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto figure, figure_of(call));
  CONCORD_TRY(const auto list, read_list_query(call));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  return ask(shared, call, [figure, list, page](const Scene& scene, db::Tx& tx, const Asker& asker) -> Result<Reply> {
    const auto& info = measures::info(figure);
    const auto lines = scene.shared.desk.standings(*scene.facts, scene.asked, figure);
    std::int64_t total = 0;
    std::vector<std::pair<const measures::StandingLine*, std::string>> shown;
    bool more = false, begun = !page.after, known = !page.after;
    std::string last_key;
    int same = 0;
    const measures::StandingLine* before = nullptr;
    for (const auto& line : *lines) {
      if (!is_wanted(line, list)) continue;
      ++total;
      same =
          before && before->patient == line.patient && before->episode == line.episode && before->day == line.day ? same + 1 : 0;
      before = &line;
      if (begun) {
        if (shown.size() == static_cast<std::size_t>(page.limit)) more = true;
        else shown.emplace_back(&line, line_key(line, same));
      } else if (line_key(line, same) == *page.after) {
        begun = known = true;
      }
    }
    if (!known) return http::wrong_page();
    std::string body;
    json::Writer w(body);
    w.object().key("figure");
    write_figure(w, scene, info, scene.total()[static_cast<std::size_t>(figure)]);
    w.field("standing", list.word).field("reason", list.reason).field("total", total).key("items").array();
    Reply reply;
    for (const auto& [line, key] : shown) {
      const patients::PatientId id(line->patient);
      const auto person = scene.deps().patient(tx, asker.organization(), id);
      const auto episode = line->episode.is_nil() ? std::nullopt : scene.deps().episode(tx, asker.organization(), line->episode);
      w.object().field("patient_id", line->patient).key("episode_id");
      if (line->episode.is_nil()) w.null();
      else w.value(line->episode);
      w.field("given_name", person ? person->given_name : "").field("family_name", person ? person->family_name : "");
      w.field("birth_date", person ? person->birth_date : std::nullopt).key("site");
      if (line->site.is_nil()) w.null();
      else w.object().field("id", line->site).field("name", scene.value_name(Stratum::site, line->site.text())).end();
      w.key("care_manager");
      scene.deps().chart->write_user(w, tx, asker.organization(), episode ? episode->care_manager : std::nullopt);
      w.field("standing", word(line->standing)).key("reason").object().field("code", line->reason);
      w.field("text", reason_words(scene.words(), line->reason, scene.language)).end();
      w.field("value", line->value).field("day", line->day);
      w.field("enrolled_date", episode ? episode->enrolled : std::nullopt).field("state", episode ? episode->state : "").end();
    }
    w.end().key("next");
    if (more) w.value(shown.back().second);
    else w.null();
    w.end();
    reply = answered(scene, std::move(body), "figure=" + std::string(info.id) + " standing=" + list.word);
    reply.audit_detail += " rows=" + std::to_string(shown.size());
    return reply;
  });
}

Result<Work> export_patients_csv(const Kept& shared, const Call& call) { return export_patients(shared, call, false); }
Result<Work> export_patients_xlsx(const Kept& shared, const Call& call) { return export_patients(shared, call, true); }

}  // namespace concord::reports
