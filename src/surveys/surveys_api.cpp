#include "surveys/surveys_api.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "http/replies.h"
#include "json/cursor.h"
#include "portal/acts.h"
#include "surveys/surveys_store.h"

namespace concord::surveys {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using portal::Viewer;
using Kept = std::shared_ptr<const Deps>;

/// A survey as it can be asked now: which point, in which words.
struct Asked {
  const Survey* survey = nullptr;
  const Point* point = nullptr;
  std::optional<OwnWords> words;  ///< of an opt_in survey
};

std::vector<Asked> asked_now(const Deps& deps, db::Tx& tx, const Viewer& viewer, const std::optional<Course>& course,
                             const std::vector<Answer>& answers) {
  std::vector<Asked> all;
  if (!course || !portal::may_see(viewer, course->labels)) return all;
  for (const auto& survey : deps.library->all()) {
    std::vector<std::string> points;
    for (const auto& a : answers)
      if (a.survey == survey.id && a.episode == course->episode) points.push_back(a.point);
    Asked asked{&survey, due(survey, *course, viewer.today, points), std::nullopt};
    if (asked.point == nullptr) continue;
    if (survey.opt_in) {
      const auto permission = permission_on(tx, viewer.organization, course->site, survey.id, viewer.today);
      if (!permission) continue;
      const auto words = permission->words.find(viewer.language.starts_with("es") ? "es" : "en");
      if (words == permission->words.end()) continue;
      asked.words = words->second;
    }
    all.push_back(std::move(asked));
  }
  return all;
}

void write_items(json::Writer& w, const Survey& survey, const std::optional<OwnWords>& own, std::string_view language) {
  w.array();
  for (std::size_t i = 0; i < survey.items.size(); ++i) {
    const Item& item = survey.items[i];
    std::optional<std::string> low, high;
    if (item.low) low = item.low->in(language);
    if (item.high) high = item.high->in(language);
    if (own && !own->low.empty()) low = own->low;
    if (own && !own->high.empty()) high = own->high;
    w.object().field("id", item.id).key("text");
    if (own) w.value(i < own->items.size() ? own->items[i] : std::string());
    else if (item.text) w.value(item.text->in(language));
    else w.null();
    w.field("kind", item.options.empty() ? "scale" : "choice")
        .field("minimum", item.minimum)
        .field("maximum", item.maximum)
        .field("low", low)
        .field("high", high)
        .key("options")
        .array();
    for (const auto& option : item.options) w.object().field("value", option.value).field("text", option.text.in(language)).end();
    w.end().field("optional", item.optional).end();
  }
  w.end();
}

Result<void> write_view(const Deps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer) {
  auto answers = list_answers(tx, viewer.organization, viewer.patient);
  const auto course = deps.course_of(tx, viewer.organization, viewer.patient);
  const auto asked = asked_now(deps, tx, viewer, course, answers);
  std::erase_if(answers, [&](const Answer& a) { return a.declined || !portal::may_see(viewer, a.labels); });
  w.object().key("due").array();
  for (const auto& one : asked) {
    w.object()
        .field("id", one.survey->id)
        .field("title", one.survey->title.in(viewer.language))
        .field("intro", one.survey->intro.in(viewer.language))
        .field("reason", (*deps.words)("surveys.why." + one.point->id, viewer.language))
        .key("items");
    write_items(w, *one.survey, one.words, viewer.language);
    w.field("source", one.survey->opt_in ? std::optional(one.survey->holder) : std::nullopt).end();
  }
  w.end().key("answered").array();
  for (const auto& a : answers) {
    const auto* survey = deps.library->find(a.survey);
    w.object().field("id", a.survey).field("title", survey != nullptr ? survey->title.in(viewer.language) : a.survey);
    w.field("on", a.on).key("answers").object();
    for (const auto& [item, value] : a.values) w.field(item, value);
    w.end().end();
  }
  w.end().field("who_reads", (*deps.words)("surveys.who_reads", viewer.language));
  w.field("empty", asked.empty() ? std::optional((*deps.words)("surveys.empty", viewer.language)) : std::nullopt).end();
  return {};
}

Result<Work> answer(const Kept& deps, const Call& call) {
  const auto* survey = deps->library->find(call.path_parameter("survey"));
  if (survey == nullptr) return http::not_found();
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"answers", "declined"});
  Answer given;
  given.declined = body.optional("declined").boolean().value_or(false);
  if (!given.declined) {
    const auto answers = body.required("answers");
    if (answers.value() != nullptr && !answers.value()->is(json::Kind::object)) answers.issue("must be an object of answers");
    else if (answers.value() != nullptr) {
      for (const auto& member : answers.value()->members())
        if (survey->item(member.key) == nullptr) answers.required(member.key).issue("is no question of this survey");
      for (const auto& item : survey->items) {
        const auto at = item.optional ? answers.optional(item.id) : answers.required(item.id);
        if (const auto value = at.integer(item.minimum, item.maximum)) given.values.emplace(item.id, static_cast<int>(*value));
      }
    }
  }
  if (!issues.empty()) return issues.error();
  given.id = AnswerId(deps->chart->ids->next());
  given.survey = survey->id;
  given.version = survey->version;
  given.at = call.now;
  given.by = call.caller.user;
  given.language = call.caller.language;
  return Work([deps, survey, asker = Asker(call), given = std::move(given)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(portal::require_self(asker.caller));
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, portal::patient_of(asker.caller)));
    const auto viewer = deps->viewer_of(tx, asker.caller, asker.now);
    const auto course = deps->course_of(tx, organization, place.patient);
    const auto asked = asked_now(*deps, tx, viewer, course, list_answers(tx, organization, place.patient));
    const auto now = std::find_if(asked.begin(), asked.end(), [&](const Asked& one) { return one.survey == survey; });
    if (now == asked.end())
      return fail(ErrorCode::conflict, "This is not asked now, or you have answered it already. Thank you.");
    Answer row = given;
    row.patient = place.patient;
    row.episode = course->episode;
    row.site = course->site;
    row.point = now->point->id;
    row.on = place.today;
    row.labels = portal::labels_of_new(viewer, deps->labels_of(tx, organization, place.patient), "own:surveys");
    if (!insert(tx, organization, row)) return fail(ErrorCode::conflict, "You have answered this already. Thank you.");
    std::string out;
    json::Writer w(out);
    w.object().field("id", row.id).field("survey", survey->id).field("on", row.on);
    w.field("thanks", survey->thanks.in(viewer.language)).end();
    // What somebody thinks of their care is no news for the caseload.
    Reply reply = patients::looked(std::move(out), place.patient, row.id.uuid);
    reply.status = 201;
    reply.location = "/api/v1/portal/surveys";
    return reply;
  });
}

// ---- staff

Result<Work> list_all(const Kept& deps, const Call& call) {
  return Work([deps, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto permissions = list_permissions(tx, asker.organization());
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& survey : deps->library->all()) {
      w.object()
          .field("id", survey.id)
          .field("version", survey.version)
          .field("title", survey.title.in(asker.caller.language))
          .field("permission", survey.opt_in ? "opt_in" : "free")
          .field("holder", survey.holder)
          .field("terms", survey.terms)
          .field("source", survey.source)
          .field("review", survey.review)
          .key("offered")
          .array();
      for (const auto site : asker.caller.sites) {
        const Date today = local_date(asker.now, deps->chart->time_zone(asker.organization(), site));
        const bool permitted = std::any_of(permissions.begin(), permissions.end(), [&](const Permission& p) {
          return p.site == site && p.survey == survey.id && p.valid_from <= today;
        });
        w.object().field("site_id", site).field("offered", !survey.opt_in || permitted);
        w.field("why", !survey.opt_in ? "free" : permitted ? "permission_recorded" : "permission_missing").end();
      }
      w.end().key("points").array();
      for (const auto& point : survey.points) w.value(point.id);
      w.end().key("items");
      write_items(w, survey, std::nullopt, asker.caller.language);
      w.end();
    }
    w.end().field("next", std::optional<std::string>()).end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> permit(const Kept& deps, const Call& call) {
  const auto* survey = deps->library->find(call.path_parameter("survey"));
  if (survey == nullptr) return http::not_found();
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"site_id", "permitted_by", "reference", "valid_from", "words"});
  Permission p;
  const auto site = body.required("site_id").id<SiteId>();
  p.permitted_by = body.required("permitted_by").string(1, 200).value_or("");
  p.reference = body.required("reference").string(1, 500).value_or("");
  const auto from = body.optional("valid_from").date();
  const auto words = body.required("words");
  words.only({"en", "es"});
  for (const char* language : {"en", "es"}) {
    const auto given = words.optional(language);
    if (!given.present()) continue;
    given.only({"items", "low", "high"});
    OwnWords own;
    given.required("items").each([&](const json::Cursor& item) { own.items.push_back(item.string(1, 500).value_or("")); });
    own.low = given.required("low").string(1, 200).value_or("");
    own.high = given.required("high").string(1, 200).value_or("");
    if (own.items.size() != survey->items.size())
      given.required("items").issue("must hold the " + std::to_string(survey->items.size()) + " questions in their order");
    p.words.emplace(language, std::move(own));
  }
  if (words.present() && p.words.empty()) words.issue("must hold the words in at least one language");
  if (!issues.empty()) return issues.error();
  if (!survey->opt_in) return fail(ErrorCode::conflict, "This survey needs no permission.");
  if (!call.caller.may_use(*site)) return http::not_found();
  p.site = *site;
  p.survey = survey->id;
  p.recorded_by = call.caller.user;
  p.recorded_at = call.now;
  return Work([deps, asker = Asker(call), from, given = std::move(p)](db::Tx& tx) -> Result<Reply> {
    Permission row = given;
    row.valid_from = from.value_or(local_date(asker.now, deps->chart->time_zone(asker.organization(), row.site)));
    if (!insert(tx, asker.organization(), row))
      return fail(ErrorCode::conflict, "A permission of this site from that day is recorded already.");
    std::string out;
    json::Writer w(out);
    w.object()
        .field("survey", row.survey)
        .field("site_id", row.site)
        .field("valid_from", row.valid_from)
        .key("languages")
        .array();
    for (const auto& [language, own] : row.words) w.value(language);
    w.end().end();
    Reply reply = http::json_reply(201, std::move(out));
    reply.audit_object = row.site.uuid;
    reply.audit_detail = "survey=" + row.survey;
    reply.location = "/api/v1/surveys";
    return reply;
  });
}

Result<Work> results(const Kept& deps, const Call& call) {
  std::vector<Issue> wrong;
  const auto day = [&](std::string_view name) -> std::optional<Date> {
    const auto text = call.request.parameter(name);
    if (!text) return std::nullopt;
    auto date = Date::parse(*text);
    if (!date) wrong.push_back({std::string(name), "must be a date like 2026-03-01"});
    return date;
  };
  const auto from = day("from"), to = day("to");
  std::optional<SiteId> site;
  if (const auto given = call.request.parameter("site_id")) {
    site = SiteId::parse(*given);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
  }
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  return Work([deps, asker = Asker(call), from, to, site](db::Tx& tx) -> Result<Reply> {
    // Whole months: the difference of two nearly equal spans would be one person.
    const Date today = local_date(asker.now, "UTC");
    const Date last = to.value_or(today).last_of_month();
    const Date first = from.value_or(last.first_of_month().plus_months(-11)).first_of_month();
    const auto sites = site ? std::vector{*site} : asker.caller.sites;
    std::string body;
    json::Writer w(body);
    w.object().field("from", first).field("to", last).field("smallest_cell", kSmallestCell).key("surveys").array();
    for (const auto& survey : deps->library->all()) {
      std::vector<Answer> answers;
      for (const auto one : sites)
        for (auto& a : list_of_site(tx, asker.organization(), one, survey.id, first, last)) answers.push_back(std::move(a));
      const auto result = add_up(survey, answers);
      w.object().field("id", survey.id).field("title", survey.title.in(asker.caller.language));
      w.field("answered", result.answered).field("declined", result.declined).field("suppressed", !result.answered);
      w.key("points").array();
      for (const auto& [point, n] : result.points)
        w.object().field("point", point).field("answered", n).field("suppressed", !n).end();
      w.end().key("items").array();
      for (const auto& item : result.items) {
        const auto* asked = survey.item(item.id);
        w.object().field("id", item.id).key("text");
        if (asked->text) w.value(asked->text->in(asker.caller.language));
        else w.null();
        w.field("minimum", asked->minimum).field("maximum", asked->maximum).field("n", item.n).field("mean", item.mean);
        w.field("top_percent", item.top_percent).field("suppressed", !item.n).key("distribution").array();
        for (std::size_t i = 0; i < item.counts.size(); ++i)
          w.object().field("value", asked->minimum + static_cast<int>(i)).field("n", item.counts[i]).end();
        w.end().end();
      }
      w.end().end();
    }
    w.end().end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "sites=" + std::to_string(sites.size());
    return reply;
  });
}

std::string item_schema() {
  return http::schema({{"id", "text!"},
                       {"text", "text?!"},
                       {"kind", "scale|choice!"},
                       {"minimum", "integer!"},
                       {"maximum", "integer!"},
                       {"low", "text?!"},
                       {"high", "text?!"},
                       {"options", "[]" + http::schema({{"value", "integer!"}, {"text", "text!"}}) + "!"},
                       {"optional", "boolean!"}});
}

}  // namespace

int due_now(const Deps& deps, db::Tx& tx, const portal::Viewer& viewer) {
  const auto answers = list_answers(tx, viewer.organization, viewer.patient);
  return static_cast<int>(asked_now(deps, tx, viewer, deps.course_of(tx, viewer.organization, viewer.patient), answers).size());
}

std::vector<portal::View> portal_views(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  const std::string asked = http::schema({{"id", "text!"},
                                          {"title", "text!"},
                                          {"intro", "text!"},
                                          {"reason", "text!"},
                                          {"items", "[]" + item_schema() + "!"},
                                          {"source", "text?!"}});
  const std::string told = http::schema({{"id", "text!"}, {"title", "text!"}, {"on", "date!"}, {"answers", "object!"}});
  portal::View view;
  view.name = "surveys";
  view.summary = "Short questions about the care itself";
  view.schema =
      http::schema({{"due", "[]" + asked + "!"}, {"answered", "[]" + told + "!"}, {"who_reads", "text!"}, {"empty", "text?!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) {
    return write_view(*deps, w, tx, viewer);
  };
  return {std::move(view)};
}

std::vector<http::Route> portal_routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  return {portal::act(http::Method::post, "/api/v1/portal/surveys/{survey}/answers", "portal.surveys.answer",
                      "Answers a survey, or says no to it", true,
                      http::schema({{"answers", "object"}, {"declined", "boolean"}}, true),
                      http::schema({{"id", "id!"}, {"survey", "text!"}, {"on", "date!"}, {"thanks", "text!"}}),
                      [deps](const Call& call) { return answer(deps, call); })};
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using http::Method;
  using http::RunAs;
  const std::string offered = http::schema({{"site_id", "id!"}, {"offered", "boolean!"}, {"why", "text!"}});
  const std::string row = http::schema({{"id", "text!"},
                                        {"version", "text!"},
                                        {"title", "text!"},
                                        {"permission", "free|opt_in!"},
                                        {"holder", "text!"},
                                        {"terms", "text!"},
                                        {"source", "text!"},
                                        {"review", "text!"},
                                        {"offered", "[]" + offered + "!"},
                                        {"points", "[]text!"},
                                        {"items", "[]" + item_schema() + "!"}});
  const std::string own = http::schema({{"items", "[]text!"}, {"low", "text!"}, {"high", "text!"}}, true);
  return {
      {Method::get,
       "/api/v1/surveys",
       "surveys.list",
       "surveys.read",
       "Surveys, and at which sites they are offered",
       RunAs::point,
       false,
       "",
       http::list_schema(row),
       {},
       [deps](const Call& call) { return list_all(deps, call); }},
      {Method::post,
       "/api/v1/surveys/{survey}/permissions",
       "surveys.permit",
       "surveys.permit",
       "Records that a site may use a survey, and in which words",
       RunAs::write,
       true,
       http::schema({{"site_id", "id!"},
                     {"permitted_by", "text!"},
                     {"reference", "text!"},
                     {"valid_from", "date"},
                     {"words", http::schema({{"en", own}, {"es", own}}, true) + "!"}},
                    true),
       http::schema({{"survey", "text!"}, {"site_id", "id!"}, {"valid_from", "date!"}, {"languages", "[]text!"}}),
       {},
       [deps](const Call& call) { return permit(deps, call); }},
      {Method::get,
       "/api/v1/surveys/results",
       "surveys.results",
       "surveys.results",
       "Answers added up, by whole months; cells of fewer than 11 people are left out",
       RunAs::list,
       false,
       "",
       http::schema({{"from", "date!"}, {"to", "date!"}, {"smallest_cell", "integer!"}, {"surveys", "[]object!"}}),
       {{"site_id", "one site of the caller's"}, {"from", "a day of the first month"}, {"to", "a day of the last month"}},
       [deps](const Call& call) { return results(deps, call); }},
  };
}

}  // namespace concord::surveys
