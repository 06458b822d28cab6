#include "plans/plans_api.h"

#include <algorithm>

#include "json/trimmed.h"
#include "patients/shapes.h"
#include "plans/plans_routes.h"
#include "plans/plans_store.h"

namespace concord::plans {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::stale;

void write_version(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const Plan& plan,
                   const PlanVersion& v) {
  w.object().field("plan_version", v.number).field("state", v.state).field("language", v.language).key("content");
  write_content(w, plan.kind, v.content);
  w.field("reason", v.reason).field("written_date", v.written_date).key("written_by");
  chart.write_user(w, tx, caller, v.written_by);
  w.field("effective_date", v.effective_date)
      .field("replaced_date", v.replaced_date)
      .field("patient_view", v.patient_view)
      .field("patient_words", v.patient_words)
      .field("patient_view_date", v.patient_view_date)
      .key("views")
      .array();
  for (const auto& view : v.views) {
    w.object().field("view", view.view).field("words", view.words).field("on", view.on).key("recorded_by");
    chart.write_user(w, tx, caller, view.recorded_by);
    w.end();
  }
  w.end().end();
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const Plan& plan, bool all_versions) {
  w.object()
      .field("id", plan.id)
      .field("kind", plan.kind)
      .field("title", plan.source == "concord" ? std::string(title_of(plan.kind, caller.language)) : plan.title)
      .field("status", plan.status)
      .field("start_date", plan.start_date)
      .field("ended_date", plan.ended_date)
      .field("end_reason", plan.end_reason)
      .field("source", plan.source)
      .key("in_effect");
  if (const auto* v = plan.in_effect()) write_version(chart, w, tx, caller, plan, *v);
  else w.null();
  w.key("newest");
  write_version(chart, w, tx, caller, plan, plan.newest());
  if (all_versions) {
    w.key("versions").array();
    for (const auto& v : plan.versions) write_version(chart, w, tx, caller, plan, v);
    w.end();
  }
  w.key("labels");
  patients::write_labels(w, plan.labels, patients::Normal::written);
  w.field("version", plan.version).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Asker& asker, const Plan& plan) {
  std::string out;
  json::Writer w(out);
  write(chart, w, tx, asker.caller, plan, true);
  return out;
}

/// The plan as it is after a change.
Result<Reply> changed_plan(const Deps& deps, db::Tx& tx, const Asker& asker, const Plan& before, int status) {
  const auto after = find_plan(tx, asker.organization(), before.patient, before.id);
  if (!after) return http::not_found();
  deps.chart->refresh_caseload(tx, asker.organization(), before.patient);
  Reply reply = changed(status, to_json(*deps.chart, tx, asker, *after), before.patient, before.id.uuid);
  reply.version = after->version;
  if (status == 201) reply.location = "/api/v1/patients/" + before.patient.text() + "/plans/" + before.id.text();
  return reply;
}

Result<Work> list_all(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& plan : list_plans(tx, asker.organization(), patient)) write(*deps->chart, w, tx, asker.caller, plan, true);
    w.end().key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> read_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<PlanId>("plan_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto plan = find_plan(tx, asker.organization(), patient, id);
    if (!plan) return http::not_found();
    Reply reply = looked(to_json(*deps->chart, tx, asker, *plan), patient, id.uuid);
    reply.version = plan->version;
    return reply;
  });
}

Result<Work> create_plan(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "language", "content"});
  const auto kind = body.required("kind").one_of({"care_plan", "relapse_prevention"});
  const auto language = body.optional("language").string(2, 35);
  PlanVersion version;
  if (const auto content = body.optional("content"); kind && content.present()) read_content(content, *kind, version.content);
  if (!issues.empty()) return issues.error();
  version.written_by = call.caller.user;
  Plan plan;
  plan.id = PlanId(deps->chart->ids->next());
  plan.patient = patient;
  plan.kind = *kind;
  return Work(
      [deps, asker = Asker(call), plan = std::move(plan), version = std::move(version), language](db::Tx& tx) -> Result<Reply> {
        CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, plan.patient));
        Plan row = plan;
        row.start_date = place.today;
        row.labels = labels_for(*deps, tx, asker, plan.patient);
        row.versions = {version};
        row.versions.front().written_date = place.today;
        row.versions.front().language = language ? *language : language_for(*deps, tx, asker, plan.patient);
        row.title = std::string(title_of(row.kind, row.versions.front().language));
        if (!insert(tx, asker.organization(), row))
          return fail(ErrorCode::conflict, "The patient has such a plan. Write a new version of it.",
                      {{"kind", "a plan of this kind is open"}});
        return changed_plan(*deps, tx, asker, row, 201);
      });
}

/// Finds the plan of a change and counts the change, or answers why not.
using Change = std::function<Result<void>(db::Tx&, const Asker&, const Place&, const Plan&)>;
Result<Work> changing(const Kept& deps, const Call& call, int status, Change change) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<PlanId>("plan_id"));
  CONCORD_TRY(const auto version, call.if_match());
  return Work([deps, asker = Asker(call), patient, id, version, status, change = std::move(change)](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find_plan(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    if (before->version != version || !touch(tx, asker.organization(), *before))
      return stale(asker.request_id, to_json(chart, tx, asker, *before), patient, id.uuid);
    CONCORD_TRY_VOID(change(tx, asker, place, *before));
    return changed_plan(*deps, tx, asker, *before, status);
  });
}

/// Content is read when the kind of the plan is known: the body is kept as text until then.
Result<void> read_words(const std::string& text, const Plan& plan, PlanVersion& into) {
  const auto document = json::Document::parse(text);
  json::Issues issues;
  const json::Cursor body(document->root(), issues);
  if (const auto language = body.optional("language").string(2, 35)) into.language = *language;
  if (const auto content = body.optional("content"); content.present()) read_content(content, plan.kind, into.content);
  if (!issues.empty()) return issues.error();
  return {};
}

Result<Work> edit_draft(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  json::Cursor(document.root(), issues).only({"language", "content"});
  if (!issues.empty()) return issues.error();
  return changing(deps, call, 200,
                  [text = call.request.body](db::Tx& tx, const Asker& asker, const Place&, const Plan& plan) -> Result<void> {
                    CONCORD_TRY_VOID(may_be_edited(plan));
                    PlanVersion words = plan.newest();
                    CONCORD_TRY_VOID(read_words(text, plan, words));
                    update_draft(tx, asker.organization(), plan, words);
                    return {};
                  });
}

Result<Work> add_version(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason", "language", "content"});
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return changing(deps, call, 201,
                  [text = call.request.body, reason = *reason](db::Tx& tx, const Asker& asker, const Place& place,
                                                               const Plan& plan) -> Result<void> {
                    CONCORD_TRY_VOID(may_be_changed(plan));
                    PlanVersion next;
                    next.number = plan.newest().number + 1;
                    next.language = plan.newest().language;
                    next.content = plan.newest().content;
                    next.reason = reason;
                    next.written_date = place.today;
                    next.written_by = asker.caller.user;
                    CONCORD_TRY_VOID(read_words(text, plan, next));
                    if (plan.newest().state == "draft") {
                      PlanVersion old = plan.newest();
                      old.state = "replaced";
                      old.replaced_date = place.today;
                      set_state(tx, asker.organization(), plan, old);
                    }
                    insert_version(tx, asker.organization(), plan, next);
                    return {};
                  });
}

Result<Work> record_view(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"view", "words", "on", "plan_version"});
  const auto said = body.required("view").one_of({"agreed", "agreed_with_reservation", "wants_something_else"});
  const auto words = json::filled(body.optional("words"), 4000);
  const auto on = body.optional("on").date();
  const auto number = body.optional("plan_version").integer(1, 1'000'000);
  if (said && *said != "agreed" && !words && issues.empty()) body.optional("words").issue("say it in the patient's words");
  if (!issues.empty()) return issues.error();
  return changing(deps, call, 200,
                  [id = deps->chart->ids->next(), said = *said, words, on, number](
                      db::Tx& tx, const Asker& asker, const Place& place, const Plan& plan) -> Result<void> {
                    CONCORD_TRY_VOID(may_be_changed(plan));
                    const PlanVersion* v = number ? plan.find(*number) : &plan.newest();
                    std::vector<Issue> wrong;
                    if (v == nullptr)
                      return fail(ErrorCode::invalid, "There is no such version.", {{"plan_version", "is none of this plan"}});
                    if (v->state != "draft" && v->state != "in_effect")
                      return fail(ErrorCode::conflict, "This version was replaced. Ask about the newest one.");
                    const Date day = day_of(on, place.today, v->written_date, wrong);
                    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
                    if (v->state == "in_effect" && said == "wants_something_else") {
                      // Nothing stays in effect against the patient's word; first the state, then the view.
                      PlanVersion withdrawn = *v;
                      withdrawn.state = "withdrawn";
                      withdrawn.replaced_date = day;
                      set_state(tx, asker.organization(), plan, withdrawn);
                    }
                    add_view(tx, asker.organization(), plan, v->number, {id, said, words, day, asker.caller.user}, asker.now);
                    return {};
                  });
}

Result<Work> put_into_effect(const Kept& deps, const Call& call) {
  std::optional<Date> on;
  if (!call.request.body.empty()) {
    CONCORD_TRY(const auto document, http::read_json(call.request));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    body.only({"on"});
    on = body.optional("on").date();
    if (!issues.empty()) return issues.error();
  }
  return changing(deps, call, 200, [on](db::Tx& tx, const Asker& asker, const Place& place, const Plan& plan) -> Result<void> {
    CONCORD_TRY_VOID(may_take_effect(plan));
    std::vector<Issue> wrong;
    const Date day = day_of(on, place.today, plan.newest().patient_view_date, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (const auto* current = plan.in_effect()) {
      PlanVersion old = *current;
      old.state = "replaced";
      old.replaced_date = day;
      set_state(tx, asker.organization(), plan, old);
    }
    PlanVersion next = plan.newest();
    next.state = "in_effect";
    next.effective_date = day;
    set_state(tx, asker.organization(), plan, next);
    return {};
  });
}

Result<Work> end_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason", "on"});
  const auto reason = body.required("reason").string(1, 500);
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  return changing(deps, call, 200,
                  [reason = *reason, on](db::Tx& tx, const Asker& asker, const Place& place, const Plan& plan) -> Result<void> {
                    CONCORD_TRY_VOID(may_be_changed(plan));
                    std::vector<Issue> wrong;
                    const Date day = day_of(on, place.today, plan.start_date, wrong);
                    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
                    end_plan(tx, asker.organization(), plan, day, reason);
                    return {};
                  });
}

std::string version_schema() {
  return http::schema({{"plan_version", "integer!"},
                       {"state", "draft|in_effect|replaced|withdrawn!"},
                       {"language", "text!"},
                       {"content", "object!"},
                       {"reason", "text!"},
                       {"written_date", "date!"},
                       {"written_by", R"({"type":["object","null"]}!)"},
                       {"effective_date", "date?!"},
                       {"replaced_date", "date?!"},
                       {"patient_view", "not_asked|agreed|agreed_with_reservation|wants_something_else!"},
                       {"patient_words", "text?!"},
                       {"patient_view_date", "date?!"},
                       {"views", "[]object!"}});
}

std::string plan_schema() {
  const std::string version = version_schema();
  return http::schema({{"id", "id!"},
                       {"kind", "care_plan|relapse_prevention|imported!"},
                       {"title", "text!"},
                       {"status", "open|ended!"},
                       {"start_date", "date!"},
                       {"ended_date", "date?!"},
                       {"end_reason", "text?!"},
                       {"source", "text!"},
                       {"in_effect", R"({"type":["object","null"]}!)"},
                       {"newest", version + "!"},
                       {"versions", "[]" + version},
                       {"labels", "[]text!"},
                       {"version", "integer!"}});
}

}  // namespace

std::string language_for(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient) {
  if (!deps.language_of) return "en";
  return deps.language_of(tx, asker.organization(), patient).value_or("en");
}

std::string labels_for(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient) {
  return deps.labels_of ? deps.labels_of(tx, asker.organization(), patient) : "normal";
}

Date day_of(const std::optional<Date>& on, Date today, std::optional<Date> earliest, std::vector<Issue>& issues) {
  const Date day = on.value_or(today);
  patients::check_not_after(day, today, "on", issues);
  if (earliest && day < *earliest) issues.push_back({"on", "must not be before " + earliest->iso()});
  return day;
}

void write_plans(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& plan : list_plans(tx, asker.organization(), place.patient))
    if (plan.kind != "imported") write(*deps.chart, w, tx, asker.caller, plan, false);
  w.end();
}

bool has_relapse_plan(db::Tx& tx, OrganizationId organization, PatientId patient) {
  for (const auto& plan : list_plans(tx, organization, patient))
    if (plan.kind == "relapse_prevention" && plan.status == "open" && plan.in_effect() != nullptr) return true;
  return false;
}

void write_wishes(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto plans = list_plans(tx, asker.organization(), place.patient);
  const auto found =
      std::find_if(plans.begin(), plans.end(), [](const Plan& p) { return p.kind == "care_plan" && p.status == "open"; });
  const PlanVersion* shown = nullptr;
  if (found != plans.end()) shown = found->in_effect() != nullptr ? found->in_effect() : &found->newest();
  const Content empty;
  const Content& c = shown != nullptr ? shown->content : empty;
  w.object().field("plan_in_effect", shown != nullptr && shown->state == "in_effect").key("patient_view");
  if (shown != nullptr) w.value(shown->patient_view).field("patient_words", shown->patient_words);
  else w.null().key("patient_words").null();
  w.field("wants", c.wants)
      .field("preferences", c.preferences)
      .field("values", c.values)
      .field("barriers", c.barriers)
      .field("supports", c.supports)
      .key("goals")
      .array();
  for (const auto& goal : list_goals(tx, asker.organization(), place.patient)) {
    if (goal.status != "active" && goal.status != "reached") continue;
    const auto weeks = recent_weeks(goal, place.today);
    w.object().field("statement", statement(goal)).field("status", goal.status).field("confidence", confidence_now(goal));
    w.key("weeks").object().field("done", weeks.done).field("of", weeks.of).end().end();
  }
  w.end().key("decisions").array();
  for (const auto& d : list_decisions(tx, asker.organization(), place.patient)) {
    if (d.replaced_by) continue;
    const auto* aid = d.aid && deps.aids != nullptr ? deps.aids->find(*d.aid) : nullptr;
    const auto* option = aid != nullptr ? aid->option(d.choice) : nullptr;
    w.object().field("on", d.on).field("topic", aid != nullptr ? aid->title.in(asker.caller.language) : d.topic);
    w.field("choice_name", option != nullptr ? option->name.in(asker.caller.language) : d.choice_words.value_or(d.choice)).end();
  }
  w.end().end();
}

std::vector<http::Route> plan_routes(const Kept& deps) {
  using http::Method;
  const std::string row = plan_schema();
  const std::string base = "/api/v1/patients/{patient_id}/plans";
  const std::string one = base + "/{plan_id}";
  return {
      reading(base, "plans.list", "plans.read", "Plans of a patient with all their versions", http::list_schema(row),
              handler(deps, list_all)),
      reading(one, "plans.read", "plans.read", "One plan with all its versions", row, handler(deps, read_one)),
      writing(Method::post, base, "plans.create", "A new plan, as a draft", true,
              http::schema({{"kind", "care_plan|relapse_prevention!"}, {"language", "text"}, {"content", "object"}}, true), row,
              handler(deps, create_plan)),
      writing(Method::patch, one, "plans.edit", "Other words for a draft that the patient was not asked about", false,
              http::schema({{"language", "text"}, {"content", "object"}}, true), row, handler(deps, edit_draft)),
      writing(Method::post, one + "/versions", "plans.new_version", "A new version; the ones before are kept", true,
              http::schema({{"reason", "text!"}, {"language", "text"}, {"content", "object"}}, true), row,
              handler(deps, add_version)),
      writing(Method::post, one + "/view", "plans.view", "What the patient says to a version", false,
              http::schema({{"view", "agreed|agreed_with_reservation|wants_something_else!"},
                            {"words", "text"},
                            {"on", "date"},
                            {"plan_version", "integer"}},
                           true),
              row, handler(deps, record_view)),
      writing(Method::post, one + "/effect", "plans.effect", "Puts the draft into effect, when the patient agrees", false,
              http::schema({{"on", "date"}}, true), row, handler(deps, put_into_effect)),
      writing(Method::post, one + "/end", "plans.end", "Ends a plan", false,
              http::schema({{"reason", "text!"}, {"on", "date"}}, true), row, handler(deps, end_one)),
  };
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  auto all = plan_routes(deps);
  for (auto& route : goal_routes(deps)) all.push_back(std::move(route));
  for (auto& route : decision_routes(deps)) all.push_back(std::move(route));
  return all;
}

}  // namespace concord::plans
