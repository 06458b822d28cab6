#include "pathways/pathways_api.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "pathways/pathways_store.h"

namespace concord::pathways {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

std::string language_of(const Call& call) {
  const auto asked = call.request.parameter("language");
  return std::string(asked ? *asked : std::string_view(call.caller.language));
}

std::string_view shown(std::string_view language) { return language.starts_with("es") ? "es" : "en"; }

void write_words(json::Writer& w, std::string_view key, const std::vector<std::string>& words) {
  w.key(key).array();
  for (const auto& word : words) w.value(word);
  w.end();
}

std::optional<std::string> or_null(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

std::string month_day(int month, int day) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(month) + "-" + two(day);
}

void write_line(json::Writer& w, const Pathway& p, std::string_view language) {
  w.object()
      .field("id", p.id)
      .field("version", p.version)
      .field("title", p.title.in(language))
      .field("summary", p.summary.in(language));
  write_words(w, "conditions", p.conditions);
  w.field("age_from", p.age_from)
      .field("age_to", p.age_to)
      .field("privacy_label", p.privacy_label)
      .field("primary_instrument", p.primary_instrument)
      .end();
}

void write_role(json::Writer& w, const Role& role, std::string_view language) {
  w.object().field("role", role.role).field("title", role.title.in(language)).field("why", role.why.in(language)).end();
}

void write_when(json::Writer& w, const Rule& rule) {
  w.key("when").object();
  if (!rule.missing.empty()) w.field("missing", rule.missing);
  if (!rule.score_of.empty())
    w.key("score").object().field("instrument", rule.score_of).field("at_least", rule.score_at_least).end();
  if (!rule.role_missing.empty()) w.field("role_missing", rule.role_missing);
  if (rule.weeks_in_care) w.field("weeks_in_care", *rule.weeks_in_care);
  if (rule.break_within_days) w.field("break_within_days", *rule.break_within_days);
  w.end();
}

void write(const Deps& deps, json::Writer& w, const Pathway& p, std::string_view language) {
  w.object()
      .field("id", p.id)
      .field("version", p.version)
      .field("language", shown(language))
      .field("review", language.starts_with("es") ? p.review_es : p.review_en)
      .field("title", p.title.in(language))
      .field("summary", p.summary.in(language));
  write_words(w, "conditions", p.conditions);
  w.field("age_from", p.age_from)
      .field("age_to", p.age_to)
      .field("privacy_label", p.privacy_label)
      .field("primary_instrument", p.primary_instrument)
      .key("instruments")
      .array();
  for (const auto& use : p.instruments) {
    const auto* in = deps.instruments->find(use.instrument);
    w.object()
        .field("instrument", use.instrument)
        .field("short_title", in != nullptr ? in->short_title : use.instrument)
        .field("informant", or_null(use.informant))
        .field("when", name(use.when))
        .field("every_days", use.every_days == 0 ? std::nullopt : std::optional(use.every_days))
        .field("every_days_relapse_prevention",
               use.every_days_relapse_prevention == 0 ? std::nullopt : std::optional(use.every_days_relapse_prevention))
        .key("after");
    if (use.after.empty()) w.null();
    else w.object().field("instrument", use.after).field("at_least", use.after_at_least).end();
    w.field("why", use.why.in(language)).field("source", use.source).end();
  }
  w.end().key("contacts").array();
  for (const auto& c : p.contacts) w.object().field("from_week", c.from_week).field("every_days", c.every_days).end();
  w.end().key("team").array();
  for (const auto& role : p.team) write_role(w, role, language);
  w.end().key("rules").array();
  for (const auto& rule : p.rules) {
    w.object().field("id", rule.id).field("text", rule.text.in(language)).field("source", rule.source);
    write_when(w, rule);
    w.end();
  }
  w.end().key("prompts").array();
  for (const auto& r : p.prompts)
    w.object().field("id", r.id).field("at", r.at).field("text", r.text.in(language)).field("source", r.source).end();
  w.end().key("physical_measures").array();
  for (const auto& m : p.physical_measures)
    w.object()
        .field("id", m.id)
        .field("title", m.title.in(language))
        .field("unit", m.unit)
        .field("loinc", m.loinc)
        .field("every_days", m.every_days)
        .field("goal", m.goal.in(language))
        .field("source", m.source)
        .end();
  w.end().key("decision_aids").array();
  for (const auto& aid : p.decision_aids) w.object().field("id", aid).field("title", deps.aid_title(aid, language)).end();
  w.end().key("education").array();
  for (const auto& topic : p.education) w.object().field("id", topic.id).field("title", topic.title.in(language)).end();
  w.end().key("terms").array();
  for (const auto& t : p.terms)
    w.object()
        .field("name", t.name.in(language))
        .field("from", month_day(t.from_month, t.from_day))
        .field("to", month_day(t.to_month, t.to_day))
        .end();
  w.end();
  write_words(w, "sources", p.sources);
  w.end();
}

void write(json::Writer& w, const Prompt& prompt, std::string_view language) {
  w.object()
      .field("id", prompt.id)
      .field("at", prompt.at)
      .field("text", prompt.text.in(language))
      .field("source", prompt.source)
      .field("act", or_null(prompt.act))
      .field("object", or_null(prompt.object))
      .end();
}

/// The open episode, if it is at one of the caller's sites.
std::optional<episodes::Episode> visible_episode(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient) {
  auto episode = deps.open_episode(tx, asker.organization(), patient);
  if (episode && !asker.caller.may_use(episode->site)) episode.reset();
  return episode;
}

Facts facts_of(const Deps& deps, db::Tx& tx, const Asker& asker, const episodes::Episode& episode, Date today) {
  Facts facts;
  facts.state = episode.state;
  facts.begun = episode.referred_date;
  facts.enrolled = episode.enrolled_date;
  facts.given = deps.given(tx, asker.organization(), episode.patient);
  for (const auto& member : deps.team_of(tx, asker.organization(), episode.id))
    if (!member.until || *member.until > today) facts.roles.push_back(member.role);
  facts.has_medication = deps.has_medication(tx, asker.organization(), episode.patient);
  facts.has_relapse_plan = deps.has_relapse_plan(tx, asker.organization(), episode.patient);
  return facts;
}

const Pathway* pathway_of(const Deps& deps, const std::optional<episodes::Episode>& episode) {
  return episode && episode->pathway ? deps.library->find(*episode->pathway) : nullptr;
}

void write_due(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, SiteId site, const Due& due) {
  const auto* in = deps.instruments->find(due.use->instrument);
  const bool may_start = in != nullptr && (in->permission == instruments::Permission::free ||
                                           deps.permitted(tx, asker.organization(), site, in->id));
  w.object()
      .field("instrument", due.use->instrument)
      .field("short_title", in != nullptr ? in->short_title : due.use->instrument)
      .field("informant", or_null(due.use->informant))
      .field("when", name(due.use->when))
      .field("why", due.use->why.in(asker.caller.language))
      .field("source", due.use->source)
      .field("last_date", due.last_date)
      .field("due_date", due.due_date)
      .field("overdue_days", due.overdue_days)
      .field("may_start", may_start)
      .end();
}

Result<Work> of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto& language = asker.caller.language;
    const auto episode = visible_episode(*deps, tx, asker, patient);
    const auto* pathway = pathway_of(*deps, episode);
    Facts facts;
    if (episode) facts = facts_of(*deps, tx, asker, *episode, place.today);
    std::string body;
    json::Writer w(body);
    w.object().field("as_of", place.today).key("episode_id");
    if (episode) w.value(episode->id);
    else w.null();
    w.key("pathway");
    if (pathway != nullptr) write(*deps, w, *pathway, language);
    else w.null();
    w.key("suggested").array();
    if (episode && pathway == nullptr) {
      const auto born = deps->birth_date(tx, asker.organization(), patient);
      const auto age = born ? std::optional(age_in_years(*born, place.today)) : std::nullopt;
      for (const auto* p : suggest(*deps->library, episode->primary_condition.value_or(""), age)) w.value(p->id);
    }
    w.end().key("history").array();
    if (episode)
      for (const auto& c : list_choices(tx, asker.organization(), episode->id)) {
        w.object().field("on", c.on).field("from", c.from).field("to", c.to).field("reason", c.reason).key("by");
        deps->chart->write_user(w, tx, asker.caller, c.by);
        w.end();
      }
    w.end().key("due").array();
    std::vector<Due> list;
    if (pathway != nullptr) list = due(*pathway, facts, place.today);
    for (const auto& one : list)
      if (one.now) write_due(*deps, w, tx, asker, episode->site, one);
    w.end().key("later").array();
    for (const auto& one : list)
      if (!one.now) write_due(*deps, w, tx, asker, episode->site, one);
    w.end().key("prompts").array();
    if (episode)
      for (const auto& prompt : prompts(pathway, facts, place.today)) write(w, prompt, language);
    w.end().key("team_missing").array();
    if (pathway != nullptr)
      for (const auto* role : missing_roles(*pathway, facts)) write_role(w, *role, language);
    w.end().key("break");
    const auto pause = pathway != nullptr ? next_break(*pathway, place.today) : std::nullopt;
    if (pause)
      w.object()
          .field("after", pause->after->name.in(language))
          .field("from", pause->from)
          .field("to", pause->to)
          .field("days_until", pause->days_until)
          .end();
    else w.null();
    w.end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> list_all(const Kept& deps, const Call& call) {
  return Work([deps, language = language_of(call)](db::Tx&) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& p : deps->library->all()) write_line(w, p, language);
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> read_one(const Kept& deps, const Call& call) {
  const auto* pathway = deps->library->find(call.path_parameter("pathway"));
  if (pathway == nullptr) return http::not_found();
  return Work([deps, pathway, language = language_of(call)](db::Tx&) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    write(*deps, w, *pathway, language);
    return http::json_reply(200, std::move(body));
  });
}

std::string line_schema() {
  return http::schema({{"id", "text!"},
                       {"version", "text!"},
                       {"title", "text!"},
                       {"summary", "text!"},
                       {"conditions", "[]text!"},
                       {"age_from", "integer?!"},
                       {"age_to", "integer?!"},
                       {"privacy_label", "text!"},
                       {"primary_instrument", "text!"}});
}

std::string pathway_schema() {
  return http::schema({{"id", "text!"},
                       {"version", "text!"},
                       {"language", "text!"},
                       {"review", "text!"},
                       {"title", "text!"},
                       {"summary", "text!"},
                       {"conditions", "[]text!"},
                       {"age_from", "integer?!"},
                       {"age_to", "integer?!"},
                       {"privacy_label", "text!"},
                       {"primary_instrument", "text!"},
                       {"instruments", "[]object!"},
                       {"contacts", "[]object!"},
                       {"team", "[]object!"},
                       {"rules", "[]object!"},
                       {"prompts", "[]object!"},
                       {"physical_measures", "[]object!"},
                       {"decision_aids", "[]object!"},
                       {"education", "[]object!"},
                       {"terms", "[]object!"},
                       {"sources", "[]text!"}});
}

std::string patient_schema() {
  const std::string due = http::schema({{"instrument", "text!"},
                                        {"short_title", "text!"},
                                        {"informant", "text?!"},
                                        {"when", "intake|follow_up|cadence!"},
                                        {"why", "text!"},
                                        {"source", "text!"},
                                        {"last_date", "date?!"},
                                        {"due_date", "date!"},
                                        {"overdue_days", "integer!"},
                                        {"may_start", "boolean!"}});
  const std::string prompt = http::schema(
      {{"id", "text!"}, {"at", "text!"}, {"text", "text!"}, {"source", "text!"}, {"act", "text?!"}, {"object", "text?!"}});
  return http::schema({{"as_of", "date!"},
                       {"episode_id", "id?!"},
                       {"pathway", R"({"type":["object","null"]}!)"},
                       {"suggested", "[]text!"},
                       {"history", "[]object!"},
                       {"due", "[]" + due + "!"},
                       {"later", "[]" + due + "!"},
                       {"prompts", "[]" + prompt + "!"},
                       {"team_missing", "[]object!"},
                       {"break", R"({"type":["object","null"]}!)"}});
}

}  // namespace

void write_prompts(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  if (const auto episode = visible_episode(deps, tx, asker, place.patient)) {
    const auto facts = facts_of(deps, tx, asker, *episode, place.today);
    for (const auto& prompt : prompts(pathway_of(deps, episode), facts, place.today)) write(w, prompt, asker.caller.language);
  }
  w.end();
}

std::optional<std::string> label_of(const Library& library, std::string_view pathway) {
  const auto* found = library.find(pathway);
  return found != nullptr ? std::optional(found->privacy_label) : std::nullopt;
}

void note_choice(const Chart& chart, db::Tx& tx, const Asker& asker, episodes::EpisodeId episode,
                 const std::optional<std::string>& from, const std::optional<std::string>& to, const std::string& reason,
                 Date on) {
  insert(tx, asker.organization(), episode, Choice{chart.ids->next(), on, from, to, reason, asker.caller.user}, asker.now);
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Run = Result<Work> (*)(const Kept&, const Call&);
  const auto reading = [&](std::string pattern, std::string route_name, std::string permission, std::string summary,
                           std::string response, Run run) {
    http::Route route;
    route.pattern = std::move(pattern);
    route.name = std::move(route_name);
    route.permission = std::move(permission);
    route.summary = std::move(summary);
    route.response_schema = std::move(response);
    route.handler = [deps, run](const Call& call) { return run(deps, call); };
    return route;
  };
  std::vector<http::Route> all = {
      reading("/api/v1/pathways", "pathways.list", "content.read", "Pathways", http::list_schema(line_schema()), list_all),
      reading("/api/v1/pathways/{pathway}", "pathways.read", "content.read", "One pathway", pathway_schema(), read_one),
      reading("/api/v1/patients/{patient_id}/pathway", "pathways.of_patient", "plans.read",
              "A patient's pathway: what to give now and why, what to think of, who is missing in the team", patient_schema(),
              of_patient),
  };
  for (std::size_t i = 0; i < 2; ++i) all[i].query_parameters = {{"language", "en or es; without it the reader's own language"}};
  return all;
}

}  // namespace concord::pathways
