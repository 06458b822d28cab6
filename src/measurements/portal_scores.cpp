#include "measurements/portal_scores.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/zone.h"
#include "http/replies.h"
#include "measurements/measurements_store.h"

namespace concord::measurements {
namespace {

using portal::Viewer;

constexpr int kShownMonths = 24;
constexpr std::string_view kNotForPatients[] = {"suicide_risk", "bipolar"};

std::optional<double> amount_of(const Criteria& criteria) {
  if (criteria.worse_by) return criteria.worse_by;
  if (criteria.response_kind == ResponseKind::points) return criteria.response;
  return std::nullopt;
}

bool same_month(Date a, Date b) { return a.first_of_month() == b.first_of_month(); }

std::string meaning(const Criteria& criteria, const portal::Words& words, std::string_view language) {
  return words(criteria.higher_is_worse ? "scores.lower_fewer" : "scores.higher_better", language);
}

/// "scores.last.fewer", or "scores.last.better.fewer" where higher is better.
std::string direction_words(std::string_view since, Direction direction, const Criteria& criteria, const portal::Words& words,
                            std::string_view language) {
  std::string id = "scores." + std::string(since);
  if (!criteria.higher_is_worse) id += ".better";
  return words(id + "." + std::string(name(direction)), language);
}

void write_series(const PortalDeps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer, const Series& s) {
  const auto& criteria = deps.criteria(s.instrument->id);
  const bool spanish = viewer.language.starts_with("es");
  const std::string about = "about." + s.instrument->measures;
  w.object()
      .field("instrument", s.instrument->id)
      .field("title", s.instrument->short_title)
      .field("long_title", spanish && !s.instrument->title_es.empty() ? s.instrument->title_es : s.instrument->title)
      .field("about", (*deps.words)(deps.words->has(about) ? about : "about.other", viewer.language))
      .field("informant", s.informant)
      .field("minimum", s.instrument->total_min)
      .field("maximum", s.instrument->total_max)
      .field("higher_is_worse", criteria.higher_is_worse)
      .field("meaning", meaning(criteria, *deps.words, viewer.language))
      .field("decimals", s.instrument->decimals)
      .key("points")
      .array();
  for (const auto& p : s.points) {
    w.object().field("id", p.id).field("date", p.date).field("total", p.total).field("mode", p.mode).key("seen");
    if (p.seen_at && p.seen_by) {
      const auto role = deps.role_of(tx, viewer.organization, *p.seen_by, viewer.site);
      w.object()
          .field("on", local_date(*p.seen_at, viewer.zone))
          .field("role_name", deps.words->role(role, viewer.language))
          .end();
    } else {
      w.null();
    }
    w.end();
  }
  const auto& last = s.points.back();
  const Direction direction =
      s.points.size() < 2 ? Direction::first : direction_of(s.points[s.points.size() - 2].total, last.total, criteria);
  const bool says = direction != Direction::first && direction != Direction::none;
  w.end()
      .field("words", score_words(s, criteria, *deps.words, viewer.today, viewer.language))
      .field("direction", name(direction))
      .field("direction_words",
             says ? std::optional(direction_words("last", direction, criteria, *deps.words, viewer.language)) : std::nullopt)
      .key("since_start");
  const auto& first = s.points.front();
  const Direction all = direction_of(first.total, last.total, criteria);
  if (s.points.size() > 2 && all != Direction::none) {
    w.object().field("date", first.date).field("total", first.total).field("direction", name(all));
    w.field("words", direction_words("start", all, criteria, *deps.words, viewer.language)).end();
  } else {
    w.null();
  }
  w.end();
}

}  // namespace

std::string_view name(Direction direction) {
  switch (direction) {
    case Direction::first:
      return "first";
    case Direction::fewer:
      return "fewer";
    case Direction::more:
      return "more";
    case Direction::about_the_same:
      return "about_the_same";
    case Direction::none:
      break;
  }
  return "none";
}

Direction direction_of(double before, double after, const Criteria& criteria) {
  const auto amount = amount_of(criteria);
  if (!amount) return Direction::none;
  const double worse = criteria.higher_is_worse ? after - before : before - after;
  if (worse >= *amount) return Direction::more;
  if (-worse >= *amount) return Direction::fewer;
  return Direction::about_the_same;
}

std::string score_words(const Series& s, const Criteria& criteria, const portal::Words& words, Date today,
                        std::string_view language) {
  const auto& last = s.points.back();
  const std::string score = portal::number_words(last.total);
  std::string text;
  if (s.points.size() < 2) {
    text = words("scores.one", language, {score, portal::day_words(last.date, today, language)});
  } else {
    const auto& first = s.points.front();
    const std::string before = portal::number_words(first.total);
    text = words("scores.now", language, {score}) + " ";
    if (same_month(first.date, last.date))
      text += words("scores.on_day", language, {portal::day_words(first.date, today, language), before});
    else text += words("scores.in_month", language, {portal::month_words(first.date, today, language), before});
  }
  return text + " " + meaning(criteria, words, language);
}

std::vector<Series> series_for(const PortalDeps& deps, db::Tx& tx, const Viewer& viewer) {
  std::vector<Series> all;
  const Date since = viewer.today.plus_months(-kShownMonths);
  const auto rows = list(tx, viewer.organization, viewer.patient);  // newest first
  for (auto m = rows.rbegin(); m != rows.rend(); ++m) {
    if (m->replaced_by || !m->valid || !m->total || m->administered_date < since || m->administered_date > viewer.today) continue;
    if (!portal::may_see(viewer, m->labels, "instrument:" + m->instrument)) continue;
    const auto* instrument = deps.library->find(m->instrument);
    if (instrument == nullptr ||
        std::find(std::begin(kNotForPatients), std::end(kNotForPatients), instrument->measures) != std::end(kNotForPatients))
      continue;
    const std::string informant = m->informant == "child" ? "self" : m->informant;
    auto at = std::find_if(all.begin(), all.end(),
                           [&](const Series& s) { return s.instrument == instrument && s.informant == informant; });
    if (at == all.end()) at = all.insert(all.end(), Series{instrument, informant, {}});
    const bool sent_in = m->mode == "link" || m->mode == "portal" || m->mode == "tablet";
    at->points.push_back({m->id, m->administered_date, *m->total, m->mode, sent_in ? m->seen_at : std::nullopt,
                          sent_in ? m->seen_by : std::nullopt});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Series& a, const Series& b) { return a.points.back().date > b.points.back().date; });
  return all;
}

std::vector<portal::View> portal_views(const PortalDeps& given) {
  const auto deps = std::make_shared<const PortalDeps>(given);
  const std::string point = http::schema(
      {{"id", "id!"}, {"date", "date!"}, {"total", "number!"}, {"mode", "text!"}, {"seen", R"({"type":["object","null"]}!)"}});
  const std::string row = http::schema({{"instrument", "text!"},
                                        {"title", "text!"},
                                        {"long_title", "text!"},
                                        {"about", "text!"},
                                        {"informant", "text!"},
                                        {"minimum", "number!"},
                                        {"maximum", "number!"},
                                        {"higher_is_worse", "boolean!"},
                                        {"meaning", "text!"},
                                        {"decimals", "integer!"},
                                        {"points", "[]" + point + "!"},
                                        {"words", "text!"},
                                        {"direction", "first|fewer|more|about_the_same|none!"},
                                        {"direction_words", "text?!"},
                                        {"since_start", R"({"type":["object","null"]}!)"}});
  portal::View view;
  view.name = "scores";
  view.scope = "scores";
  view.summary = "Scores in words, each instrument as a line, beside one's own goal";
  view.schema = http::schema({{"items", "[]" + row + "!"}, {"goal", R"({"type":["object","null"]})"}, {"empty", "text?!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) -> Result<void> {
    const auto all = series_for(*deps, tx, viewer);
    w.object().key("items").array();
    for (const auto& s : all) write_series(*deps, w, tx, viewer, s);
    w.end();
    if (viewer.has("goals")) {
      w.key("goal");
      if (const auto goal = deps->own_goal ? deps->own_goal(tx, viewer) : std::nullopt)
        w.object().field("id", goal->first).field("statement", goal->second).end();
      else w.null();
    }
    w.field("empty", all.empty() ? std::optional((*deps->words)("scores.empty", viewer.language)) : std::nullopt).end();
    return {};
  };
  return {std::move(view)};
}

}  // namespace concord::measurements
