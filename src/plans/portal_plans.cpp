#include <algorithm>
#include <memory>

#include "base/text.h"
#include "plans/plans_routes.h"
#include "plans/plans_store.h"
#include "plans/portal_parts.h"
#include "portal/acts.h"

namespace concord::plans {
namespace internal {

using http::Call;
using http::Reply;
using http::Work;
using portal::Viewer;

namespace {

constexpr std::size_t kMostWeights = 30;
constexpr std::size_t kItemBytes = 200;

bool same_language(std::string_view a, std::string_view b) { return a.substr(0, 2) == b.substr(0, 2); }

/// The plan of the kind that holds now, if this viewer may see it.
std::optional<Plan> in_effect(db::Tx& tx, const Viewer& viewer, std::string_view kind) {
  for (auto& plan : list_plans(tx, viewer.organization, viewer.patient))
    if (plan.kind == kind && plan.status == "open" && plan.in_effect() != nullptr && portal::may_see(viewer, plan.labels))
      return std::move(plan);
  return std::nullopt;
}

void write_head(const PortalDeps& deps, json::Writer& w, const Viewer& viewer, const Plan& plan, const PlanVersion& v) {
  const bool same = same_language(v.language, viewer.language);
  const std::string name = deps.words->has("language." + v.language.substr(0, 2))
                               ? (*deps.words)("language." + v.language.substr(0, 2), viewer.language)
                               : v.language;
  w.field("id", plan.id)
      .field("title", title_of(plan.kind, viewer.language))
      .field("since", v.effective_date)
      .field("language", v.language)
      .field("in_your_language", same)
      .field("note", same ? std::nullopt : std::optional((*deps.words)("plan.other_language", viewer.language, {name})));
}

void write_care_plan(const PortalDeps& deps, json::Writer& w, const Viewer& viewer, const Plan& plan) {
  const PlanVersion& v = *plan.in_effect();
  const Content& c = v.content;
  w.object();
  write_head(deps, w, viewer, plan, v);
  w.key("sections").array();
  const auto section = [&](std::string_view id, const std::string& text) {
    if (trim(text).empty()) return;
    w.object().field("id", id).field("heading", (*deps.words)("plan." + std::string(id), viewer.language)).field("text", text);
    w.end();
  };
  section("wants", c.wants);
  section("preferences", c.preferences);
  section("values", c.values);
  section("barriers", c.barriers);
  section("supports", c.supports);
  w.end().key("steps").array();
  for (const auto& step : c.steps) w.object().field("text", step.text).field("who", step.who).field("by", step.by).end();
  w.end().field("your_words", v.patient_words).field("agreed_on", v.patient_view_date).end();
}

void write_relapse_plan(const PortalDeps& deps, json::Writer& w, const Viewer& viewer, const Plan& plan) {
  const PlanVersion& v = *plan.in_effect();
  const Content& c = v.content;
  w.object();
  write_head(deps, w, viewer, plan, v);
  w.key("sections").array();
  const auto section = [&](std::string_view id, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    w.object().field("id", id).field("heading", (*deps.words)("plan." + std::string(id), viewer.language)).key("lines").array();
    for (const auto& line : lines) w.value(line);
    w.end().end();
  };
  const auto one = [](const std::string& text) {
    return trim(text).empty() ? std::vector<std::string>() : std::vector<std::string>{text};
  };
  section("warning_signs", c.warning_signs);
  section("helps", c.helps);
  section("maintenance", one(c.maintenance));
  section("way_back", one(c.way_back));
  w.end().key("contacts").array();
  for (const auto& contact : c.contacts)
    w.object().field("name", contact.name).field("phone", contact.phone).field("when", contact.when).end();
  w.end().end();
}

// ---- decisions

/// Decisions this viewer may see, without those that a later one replaced.
std::vector<Decision> made_by(db::Tx& tx, const Viewer& viewer) {
  auto all = list_decisions(tx, viewer.organization, viewer.patient);
  std::erase_if(all, [&](const Decision& d) { return d.replaced_by || !portal::may_see(viewer, d.labels); });
  return all;
}

/// Aids for the patient about which nothing is decided yet; with what they saved, also where the pathway is another by now.
std::vector<const DecisionAid*> open_aids(const PortalDeps& deps, db::Tx& tx, const Viewer& viewer,
                                          const std::vector<Decision>& made, const std::vector<Preparation>& prepared) {
  const auto offered = deps.aids_for(tx, viewer.organization, viewer.patient);
  std::vector<const DecisionAid*> open;
  for (const auto& aid : deps.aids->all()) {
    const bool decided =
        std::any_of(made.begin(), made.end(), [&](const Decision& d) { return d.aid == aid.id && d.choice != "undecided"; });
    if (decided) continue;
    const bool fits = std::find(offered.begin(), offered.end(), aid.id) != offered.end();
    const bool saved = std::any_of(prepared.begin(), prepared.end(), [&](const Preparation& p) { return p.aid == aid.id; });
    if (fits || saved) open.push_back(&aid);
  }
  return open;
}

std::vector<Preparation> prepared_for(db::Tx& tx, const Viewer& viewer) {
  auto all = list_preparations(tx, viewer.organization, viewer.patient);
  std::erase_if(all, [&](const Preparation& p) {
    return !portal::may_see(viewer, p.labels, p.on_behalf_by ? std::string_view() : kOwnDecisions);
  });
  return all;
}

void write_weights(json::Writer& w, const DecisionAid* aid, const std::vector<Weight>& weights, std::string_view language) {
  w.array();
  for (const auto& one : weights) {
    const auto* matter = aid != nullptr ? aid->matter(one.item) : nullptr;
    w.object().field("item", one.item).field("text", matter != nullptr ? matter->text.in(language) : one.item);
    w.field("weight", one.weight).end();
  }
  w.end();
}

std::optional<std::string> leaning_name(const PortalDeps& deps, const DecisionAid& aid, const Preparation* p,
                                        std::string_view language) {
  if (p == nullptr || !p->leaning) return std::nullopt;
  if (const auto* option = aid.option(*p->leaning)) return option->name.in(language);
  return (*deps.words)("decisions.undecided", language);
}

void write_open(const PortalDeps& deps, json::Writer& w, const Viewer& viewer, const DecisionAid& aid, const Preparation* p) {
  w.object().key("aid");
  write_aid(w, aid, viewer.language);
  w.key("weights");
  write_weights(w, &aid, p != nullptr ? p->weights : std::vector<Weight>(), viewer.language);
  w.field("leaning", p != nullptr ? p->leaning : std::nullopt)
      .field("leaning_name", leaning_name(deps, aid, p, viewer.language))
      .field("words", p != nullptr && !p->words.empty() ? std::optional(p->words) : std::nullopt)
      .field("saved_at", p != nullptr ? std::optional(p->saved_at) : std::nullopt)
      .field("version", p != nullptr ? p->version : std::int64_t{0})
      .end();
}

const Preparation* of_aid(const std::vector<Preparation>& all, std::string_view aid) {
  for (const auto& p : all)
    if (p.aid == aid) return &p;
  return nullptr;
}

Result<Work> save_weights(const KeptPortal& deps, const Call& call) {
  const auto* aid = deps->aids->find(call.path_parameter("aid"));
  if (aid == nullptr) return http::not_found();
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"weights", "leaning", "words", "version"});
  Preparation given;
  body.required("weights").each([&](const json::Cursor& item) {
    item.only({"item", "weight"});
    const auto name = item.required("item").string(1, kItemBytes);
    const auto weight = item.required("weight").integer(0, 5);
    if (!name || !weight) return;
    if (given.weights.size() == kMostWeights) return item.issue("is one too many: at most 30");
    const bool twice = std::any_of(given.weights.begin(), given.weights.end(), [&](const Weight& w) { return w.item == *name; });
    if (twice) return item.issue("is named twice");
    given.weights.push_back({*name, static_cast<int>(*weight)});
  });
  given.leaning = body.optional("leaning").string(1, kItemBytes);
  if (given.leaning && *given.leaning != "undecided" && aid->option(*given.leaning) == nullptr)
    body.optional("leaning").issue("is no option of this decision aid, or undecided");
  given.words = body.optional("words").string(0, 2000).value_or("");
  const auto version = body.required("version").integer(0, 1'000'000);
  if (!issues.empty()) return issues.error();
  given.version = *version;
  given.aid = aid->id;
  given.aid_version = aid->version;
  return Work([deps, aid, asker = Asker(call), given = std::move(given)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(portal::require(asker.caller, "plan"));
    const auto patient = portal::patient_of(asker.caller);
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto viewer = deps->viewer_of(tx, asker.caller, asker.now);
    const auto prepared = prepared_for(tx, viewer);
    const auto open = open_aids(*deps, tx, viewer, made_by(tx, viewer), prepared);
    if (std::find(open.begin(), open.end(), aid) == open.end()) return http::not_found();
    Preparation row = given;
    row.patient = patient;
    row.saved_by = asker.caller.user;
    row.on_behalf_by = portal::on_behalf_by(asker.caller);
    row.saved_at = asker.now;
    const std::string labels = deps->labels_of ? deps->labels_of(tx, asker.organization(), patient) : std::string();
    row.labels = portal::labels_of_new(viewer, labels, kOwnDecisions);
    const auto* before = of_aid(prepared, aid->id);
    if ((before != nullptr ? before->version : 0) != row.version || !save(tx, asker.organization(), row)) {
      std::string now;
      json::Writer w(now);
      write_open(*deps, w, viewer, *aid, before);
      return patients::stale(asker.request_id, now, patient, patient.uuid);
    }
    ++row.version;
    std::string out;
    json::Writer w(out);
    write_open(*deps, w, viewer, *aid, &row);
    Reply reply = patients::changed(200, std::move(out), patient, patient.uuid);
    reply.version = row.version;
    return reply;
  });
}

std::string weights_schema() { return "[]" + http::schema({{"item", "text!"}, {"text", "text!"}, {"weight", "integer!"}}) + "!"; }

std::string open_schema() {
  return http::schema({{"aid", "object!"},
                       {"weights", weights_schema()},
                       {"leaning", "text?!"},
                       {"leaning_name", "text?!"},
                       {"words", "text?!"},
                       {"saved_at", "instant?!"},
                       {"version", "integer!"}});
}

}  // namespace

portal::View plan_view(const KeptPortal& deps) {
  portal::View view;
  view.name = "plan";
  view.scope = "plan";
  view.summary = "The shared care plan and the plan for staying well, as they were agreed";
  const auto maybe = [](const std::string& schema) { return R"({"anyOf":[)" + schema + R"(,{"type":"null"}]}!)"; };
  const std::string care =
      http::schema({{"id", "id!"},
                    {"title", "text!"},
                    {"since", "date?!"},
                    {"language", "text!"},
                    {"in_your_language", "boolean!"},
                    {"note", "text?!"},
                    {"sections", "[]" + http::schema({{"id", "text!"}, {"heading", "text!"}, {"text", "text!"}}) + "!"},
                    {"steps", "[]" + http::schema({{"text", "text!"}, {"who", "text!"}, {"by", "date?!"}}) + "!"},
                    {"your_words", "text?!"},
                    {"agreed_on", "date?!"}});
  const std::string well =
      http::schema({{"id", "id!"},
                    {"title", "text!"},
                    {"since", "date?!"},
                    {"language", "text!"},
                    {"in_your_language", "boolean!"},
                    {"note", "text?!"},
                    {"sections", "[]" + http::schema({{"id", "text!"}, {"heading", "text!"}, {"lines", "[]text!"}}) + "!"},
                    {"contacts", "[]" + http::schema({{"name", "text!"}, {"phone", "text!"}, {"when", "text!"}}) + "!"}});
  view.schema = http::schema(
      {{"plan", maybe(care)}, {"relapse_prevention", maybe(well)}, {"in_progress", "boolean!"}, {"empty", "text?!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) -> Result<void> {
    const auto care_plan = in_effect(tx, viewer, "care_plan");
    const auto relapse = in_effect(tx, viewer, "relapse_prevention");
    bool in_progress = false;
    for (const auto& plan : list_plans(tx, viewer.organization, viewer.patient))
      in_progress = in_progress || (plan.kind != "imported" && plan.status == "open" && plan.newest().state == "draft" &&
                                    portal::may_see(viewer, plan.labels));
    w.object().key("plan");
    if (care_plan) write_care_plan(*deps, w, viewer, *care_plan);
    else w.null();
    w.key("relapse_prevention");
    if (relapse) write_relapse_plan(*deps, w, viewer, *relapse);
    else w.null();
    w.field("in_progress", in_progress);
    w.field("empty", care_plan || relapse ? std::nullopt : std::optional((*deps->words)("plan.empty", viewer.language))).end();
    return {};
  };
  return view;
}

portal::View decisions_view(const KeptPortal& deps) {
  portal::View view;
  view.name = "decisions";
  view.scope = "plan";
  view.summary = "Decision aids before a decision, with one's own weights, and decisions that were made";
  const std::string made = http::schema({{"id", "id!"},
                                         {"on", "date!"},
                                         {"topic", "text!"},
                                         {"choice", "text!"},
                                         {"choice_name", "text?!"},
                                         {"choice_words", "text?!"},
                                         {"weights", weights_schema()},
                                         {"took_part", "[]text!"}});
  view.schema = http::schema({{"open", "[]" + open_schema() + "!"}, {"made", "[]" + made + "!"}, {"empty", "text?!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) -> Result<void> {
    const auto decisions = made_by(tx, viewer);
    const auto prepared = prepared_for(tx, viewer);
    const auto open = open_aids(*deps, tx, viewer, decisions, prepared);
    w.object().key("open").array();
    for (const auto* aid : open) write_open(*deps, w, viewer, *aid, of_aid(prepared, aid->id));
    w.end().key("made").array();
    for (const auto& d : decisions) {
      const auto* aid = d.aid ? deps->aids->find(*d.aid) : nullptr;
      const auto* option = aid != nullptr ? aid->option(d.choice) : nullptr;
      w.object().field("id", d.id).field("on", d.on).field("topic", aid != nullptr ? aid->title.in(viewer.language) : d.topic);
      w.field("choice", d.choice).key("choice_name");
      if (option != nullptr) w.value(option->name.in(viewer.language));
      else if (d.choice == "undecided") w.value((*deps->words)("decisions.undecided", viewer.language));
      else w.value(d.choice == "other" ? d.choice_words.value_or("") : d.choice);
      w.field("choice_words", d.choice_words).key("weights");
      write_weights(w, aid, d.weights, viewer.language);
      w.key("took_part").array();
      for (const auto& who : d.took_part) w.value(who);
      w.end().end();
    }
    const bool none = open.empty() && decisions.empty();
    w.end().field("empty", none ? std::optional((*deps->words)("decisions.empty", viewer.language)) : std::nullopt).end();
    return {};
  };
  return view;
}

std::vector<http::Route> decision_acts(const KeptPortal& deps) {
  const std::string weight = http::schema({{"item", "text!"}, {"weight", "integer!"}}, true);
  return {portal::act(
      http::Method::put, "/api/v1/portal/decisions/{aid}/weights", "portal.decisions.weigh",
      "What matters to me, before a decision", false,
      http::schema({{"weights", "[]" + weight + "!"}, {"leaning", "text?"}, {"words", "text"}, {"version", "integer!"}}, true),
      open_schema(), [deps](const Call& call) { return save_weights(deps, call); })};
}

}  // namespace internal

PlanState plan_state(db::Tx& tx, const portal::Viewer& viewer) {
  const auto plan = internal::in_effect(tx, viewer, "care_plan");
  if (!plan) return {};
  return {true, plan->in_effect()->effective_date};
}

const DecisionAid* decision_to_make(const PortalDeps& deps, db::Tx& tx, const portal::Viewer& viewer) {
  bool agreed = false, drafting = false;
  for (const auto& plan : list_plans(tx, viewer.organization, viewer.patient)) {
    if (plan.kind != "care_plan" || plan.status != "open" || !portal::may_see(viewer, plan.labels)) continue;
    agreed = agreed || plan.in_effect() != nullptr;
    drafting = drafting || plan.newest().state == "draft";
  }
  if (agreed && !drafting) return nullptr;
  const auto prepared = internal::prepared_for(tx, viewer);
  for (const auto* aid : internal::open_aids(deps, tx, viewer, internal::made_by(tx, viewer), prepared))
    if (internal::of_aid(prepared, aid->id) == nullptr) return aid;
  return nullptr;
}

std::vector<portal::View> portal_views(const PortalDeps& given) {
  const auto deps = std::make_shared<const PortalDeps>(given);
  return {internal::plan_view(deps), internal::goals_view(deps), internal::decisions_view(deps)};
}

std::vector<http::Route> portal_routes(const PortalDeps& given) {
  const auto deps = std::make_shared<const PortalDeps>(given);
  auto all = internal::goal_acts(deps);
  for (auto& route : internal::decision_acts(deps)) all.push_back(std::move(route));
  return all;
}

void write_preparations(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& p : list_preparations(tx, asker.organization(), place.patient)) {
    const auto* aid = deps.aids != nullptr ? deps.aids->find(p.aid) : nullptr;
    const auto* option = aid != nullptr && p.leaning ? aid->option(*p.leaning) : nullptr;
    w.object().field("aid", p.aid).field("title", aid != nullptr ? aid->title.in(asker.caller.language) : p.aid).key("weights");
    internal::write_weights(w, aid, p.weights, asker.caller.language);
    w.field("leaning", p.leaning)
        .field("leaning_name", option != nullptr ? std::optional(option->name.in(asker.caller.language)) : std::nullopt)
        .field("words", p.words)
        .field("on_behalf", p.on_behalf_by.has_value())
        .field("saved_at", p.saved_at)
        .end();
  }
  w.end();
}

}  // namespace concord::plans
