#include "safety/portal_plan.h"

#include <memory>

#include "http/replies.h"
#include "portal/acts.h"
#include "safety/safety_store.h"

namespace concord::safety {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using portal::Viewer;
using Kept = std::shared_ptr<const PortalDeps>;

std::string plan_json(const Viewer& viewer, const SafetyPlan& stored) {
  SafetyPlan plan = stored;
  if (!viewer.is_self) plan.steps.erase(std::string(kMeansStep));
  std::string out;
  json::Writer w(out);
  w.object().field("id", plan.id).field("version", plan.version).field("written_on", plan.written_on);
  w.field("by", portal::by_for_page(plan.written_by_kind)).field("language", plan.language);
  write_steps(w, plan.steps);
  w.end();
  return out;
}

Result<void> write_view(const PortalDeps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer) {
  std::optional<SafetyPlan> plan;
  if (portal::may_see(viewer, "", kPlanCode)) plan = last_plan(tx, viewer.organization, viewer.patient);
  const PlanText& text = deps.plan->in(viewer.language);
  w.object().key("plan");
  if (plan) w.raw(plan_json(viewer, *plan));
  else w.null();
  w.field("version", plan ? plan->version : 0).key("words").object().field("title", text.title).field("intro", text.intro);
  w.field("not_for_me", text.not_for_me).key("steps").array();
  for (const auto& step : text.steps)
    if (viewer.is_self || step.id != kMeansStep)
      w.object()
          .field("id", step.id)
          .field("heading", step.heading)
          .field("hint", step.hint)
          .field("kind", step.is_people ? "people" : "lines")
          .end();
  w.end().end().key("help");
  safety::write(w, deps.crisis_of(tx, viewer.organization, viewer.site, viewer.language, viewer.now));
  w.field("may_edit", viewer.is_self).field("made_with", (*deps.words)("safety_plan.made_with", viewer.language));
  w.field("empty", plan ? std::nullopt : std::optional((*deps.words)("safety_plan.empty", viewer.language))).end();
  return {};
}

Result<Work> write_version(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"based_on", "steps", "not_for_me"});
  const auto based_on = body.required("based_on").integer(0, 1000000);
  auto steps = read_steps(body.required("steps"), body.optional("not_for_me"));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), based_on = *based_on, steps = std::move(steps)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(portal::require_self(asker.caller));
    const auto patient = portal::patient_of(asker.caller);
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto viewer = deps->viewer_of(tx, asker.caller, asker.now);
    const auto last = last_plan(tx, asker.organization(), patient);
    if ((last ? last->version : 0) != based_on)
      return patients::stale(asker.request_id, last ? plan_json(viewer, *last) : "null", patient, patient.uuid);
    SafetyPlan next;
    next.version = static_cast<int>(based_on) + 1;
    next.id = PlanId(deps->chart->ids->next());
    next.patient = patient;
    next.written_at = asker.now;
    next.written_on = place.today;
    next.written_by = asker.caller.user;
    next.written_by_kind = "patient";
    next.written_with = {"patient"};
    next.language = asker.caller.language.starts_with("es") ? "es" : "en";
    next.steps = steps;
    insert(tx, asker.organization(), next);
    if (const auto who = deps->addressee_of(tx, asker.organization(), place, asker.now); who && deps->notify)
      deps->notify(tx, asker.organization(),
                   {*who, "safety_plan.patient_edited", patient, next.id.uuid, false, next.written_on.iso()});
    Reply reply = patients::changed(201, plan_json(viewer, next), patient, next.id.uuid);
    reply.version = next.version;
    reply.location = "/api/v1/portal/safety-plan";
    return reply;
  });
}

std::string plan_schema() {
  const std::string person = http::schema({{"name", "text!"}, {"phone", "text?!"}});
  const std::string steps = http::schema({{"warning_signs", "[]text!"},
                                          {"coping", "[]text!"},
                                          {"distraction", "[]text!"},
                                          {"people", "[]" + person + "!"},
                                          {"professionals", "[]" + person + "!"},
                                          {"surroundings", "[]text!"}});
  return http::schema({{"id", "id!"},
                       {"version", "integer!"},
                       {"written_on", "date!"},
                       {"by", "you|team!"},
                       {"language", "text!"},
                       {"steps", steps + "!"},
                       {"not_for_me", "[]text!"}});
}

}  // namespace

bool has_plan(db::Tx& tx, OrganizationId organization, patients::PatientId patient) {
  return last_plan(tx, organization, patient).has_value();
}

std::vector<portal::View> portal_views(const PortalDeps& given) {
  const Kept deps = std::make_shared<const PortalDeps>(given);
  const std::string step = http::schema({{"id", "text!"}, {"heading", "text!"}, {"hint", "text!"}, {"kind", "lines|people!"}});
  const std::string words =
      http::schema({{"title", "text!"}, {"intro", "text!"}, {"not_for_me", "text!"}, {"steps", "[]" + step + "!"}});
  portal::View view;
  view.name = "safety-plan";
  view.scope = "safety_plan";
  view.summary = "The patient's own safety plan";
  view.schema = http::schema({{"plan", R"({"anyOf":[)" + plan_schema() + R"(,{"type":"null"}]}!)"},
                              {"version", "integer!"},
                              {"words", words + "!"},
                              {"help", "object!"},
                              {"may_edit", "boolean!"},
                              {"made_with", "text!"},
                              {"empty", "text?!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) {
    return write_view(*deps, w, tx, viewer);
  };
  return {std::move(view)};
}

std::vector<http::Route> portal_routes(const PortalDeps& given) {
  const Kept deps = std::make_shared<const PortalDeps>(given);
  return {portal::act(http::Method::post, "/api/v1/portal/safety-plan", "portal.safety_plan.write",
                      "A new version of one's own safety plan", true,
                      http::schema({{"based_on", "integer!"}, {"steps", "object!"}, {"not_for_me", "[]text"}}, true),
                      plan_schema(), [deps](const Call& call) { return write_version(deps, call); })};
}

}  // namespace concord::safety
