// Routes of the patient's safety plan.
#include <algorithm>
#include <memory>

#include "json/cursor.h"
#include "json/trimmed.h"
#include "patients/shapes.h"
#include "safety/on_call_store.h"
#include "safety/safety_api.h"
#include "safety/safety_store.h"

namespace concord::safety::internal {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;

void write_members(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const SafetyPlan& p) {
  w.field("id", p.id).field("version", p.version).field("written_at", p.written_at).key("written_by");
  if (p.written_by_kind == "staff") chart.write_user(w, tx, caller, p.written_by);
  else w.null();
  w.field("written_by_patient", p.written_by_kind == "patient").key("written_with").array();
  for (const auto& who : p.written_with) w.value(who);
  w.end().field("language", p.language);
}

std::string to_json(const Chart& chart, db::Tx& tx, const Caller& caller, const SafetyPlan& p) {
  std::string out;
  json::Writer w(out);
  w.object();
  write_members(chart, w, tx, caller, p);
  write_steps(w, p.steps);
  w.field("reason", p.reason).end();
  return out;
}

Result<Work> show(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY_VOID(chart.find(tx, asker.caller, asker.now, patient));
    const auto all = list_plans(tx, asker.organization(), patient);
    std::string body;
    json::Writer w(body);
    w.object().key("current");
    if (all.empty()) w.null();
    else w.raw(to_json(chart, tx, asker.caller, all.front()));
    w.key("versions").array();
    for (const auto& plan : all) {
      w.object();
      write_members(chart, w, tx, asker.caller, plan);
      w.end();
    }
    w.end().key("template");
    write(w, *deps->plan);
    w.end();
    Reply reply = looked(std::move(body), patient, patient.uuid);
    reply.version = all.empty() ? 0 : all.front().version;
    return reply;
  });
}

Result<Work> show_version(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<PlanId>("safety_plan_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY_VOID(chart.find(tx, asker.caller, asker.now, patient));
    const auto plan = find_plan(tx, asker.organization(), patient, id);
    if (!plan) return http::not_found();
    return looked(to_json(chart, tx, asker.caller, *plan), patient, plan->id.uuid);
  });
}

Result<Work> write_version(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"based_on", "language", "written_with", "steps", "not_for_me", "reason"});
  SafetyPlan plan;
  const auto based_on = body.required("based_on").integer(0, 1000000);
  plan.language = body.required("language").one_of({"en", "es"}).value_or("en");
  body.required("written_with").each([&](const json::Cursor& who) {
    if (auto word = who.one_of({"patient", "caregiver", "family", "friend", "interpreter"})) plan.written_with.push_back(*word);
  });
  if (issues.empty() && std::find(plan.written_with.begin(), plan.written_with.end(), "patient") == plan.written_with.end())
    body.required("written_with").issue("must hold \"patient\": a safety plan is written with them");
  plan.steps = read_steps(body.required("steps"), body.optional("not_for_me"));
  plan.reason = json::filled(body.optional("reason"), 500);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, based_on = *based_on, given = std::move(plan)](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto last = last_plan(tx, asker.organization(), patient);
    if ((last ? last->version : 0) != based_on)
      return patients::stale(asker.request_id, last ? to_json(chart, tx, asker.caller, *last) : "null", patient, patient.uuid);
    SafetyPlan next = given;
    next.version = static_cast<int>(based_on) + 1;
    next.id = PlanId(chart.ids->next());
    next.patient = patient;
    next.written_at = asker.now;
    next.written_on = place.today;
    next.written_by = asker.caller.user;
    insert(tx, asker.organization(), next);
    Reply reply = changed(201, to_json(chart, tx, asker.caller, next), patient, next.id.uuid);
    reply.location = "/api/v1/patients/" + patient.text() + "/safety-plan/versions/" + next.id.text();
    reply.version = next.version;
    return reply;
  });
}

Result<Work> print(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  std::optional<std::string> language;
  if (const auto given = call.request.parameter("language")) {
    if (*given != "en" && *given != "es")
      return fail(ErrorCode::invalid, "The language is wrong.", {{"language", "must be en or es"}});
    language = std::string(*given);
  }
  return Work([deps, asker = Asker(call), patient, language](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto stored = last_plan(tx, asker.organization(), patient);
    if (!stored) return http::not_found();
    const std::string in = language.value_or(stored->language);
    const PlanText& text = deps->plan->in(in);
    const auto line = deps->patient ? deps->patient(tx, asker.organization(), patient) : std::nullopt;
    const auto clinic = deps->clinic ? deps->clinic(tx, asker.organization(), place.site) : ClinicLine{};
    const auto settings = find_settings(tx, asker.organization(), place.site);
    std::string body;
    json::Writer w(body);
    w.object().field("title", text.title).field("intro", text.intro).key("patient").object();
    w.field("name", line ? line->given_name + " " + line->family_name : "")
        .field("birth_date", line ? line->birth_date : std::nullopt)
        .end();
    w.field("version", stored->version).field("written", stored->written_on).field("language", in).field("review", text.review);
    write_print(w, *stored, text);
    w.key("clinic")
        .object()
        .field("name", clinic.name)
        .field("phone", clinic.phone)
        .field("hours", clinic.hours)
        .field("outside_text", in == "es" && settings.outside_text_es ? settings.outside_text_es : settings.outside_text_en)
        .key("numbers")
        .array();
    for (const auto& n : settings.numbers) w.object().field("label", n.label).field("number", n.number).end();
    w.end().end().field("printed_at", asker.now).field("printed_by", asker.caller.display_name).end();
    return looked(std::move(body), patient, stored->id.uuid);
  });
}

}  // namespace

std::vector<http::Route> plan_routes(const std::shared_ptr<const Deps>& deps) {
  using Answer = Result<Work> (*)(const std::shared_ptr<const Deps>&, const Call&);
  const auto handler = [deps](Answer step) -> http::Handler {
    return [deps, step](const Call& call) { return step(deps, call); };
  };
  using http::Method;
  using http::RunAs;
  const auto list_of = [](const std::string& item) { return R"({"type":"array","items":)" + item + "}"; };
  const std::string person = http::schema({{"name", "text!"}, {"phone", "text?"}}, true);
  const std::string people = list_of(person);
  const std::string steps = http::schema({{"warning_signs", "[]text"},
                                          {"coping", "[]text"},
                                          {"distraction", "[]text"},
                                          {"people", people},
                                          {"professionals", people},
                                          {"surroundings", "[]text"}},
                                         true);
  const std::string version = http::schema({{"id", "id!"},
                                            {"version", "integer!"},
                                            {"written_at", "instant!"},
                                            {"written_by", patients::user_schema() + "!"},
                                            {"written_by_patient", "boolean!"},
                                            {"written_with", "[]text!"},
                                            {"language", "en|es!"}});
  const std::string plan = http::schema({{"id", "id!"},
                                         {"version", "integer!"},
                                         {"written_at", "instant!"},
                                         {"written_by", patients::user_schema() + "!"},
                                         {"written_by_patient", "boolean!"},
                                         {"written_with", "[]text!"},
                                         {"language", "en|es!"},
                                         {"steps", steps + "!"},
                                         {"not_for_me", "[]text!"},
                                         {"reason", "text?!"}});
  const std::string crisis = list_of(http::schema({{"label", "text!"}, {"number", "text!"}, {"text", "text!"}}));
  const std::string words = http::schema(
      {{"title", "text!"},
       {"intro", "text!"},
       {"not_for_me", "text!"},
       {"steps",
        list_of(http::schema({{"id", "text!"}, {"heading", "text!"}, {"hint", "text!"}, {"kind", "lines|people!"}})) + "!"},
       {"crisis", crisis + "!"},
       {"review", "text?!"}});
  const std::string whole = http::schema({{"current", R"({"anyOf":[)" + plan + R"(,{"type":"null"}]}!)"},
                                          {"versions", list_of(version) + "!"},
                                          {"template", http::schema({{"en", words + "!"}, {"es", words + "!"}}) + "!"}});
  const std::string printed = http::schema(
      {{"title", "text!"},
       {"intro", "text!"},
       {"patient", http::schema({{"name", "text!"}, {"birth_date", "date?!"}}) + "!"},
       {"version", "integer!"},
       {"written", "date!"},
       {"language", "en|es!"},
       {"review", "text?!"},
       {"sections", list_of(http::schema({{"number", "integer!"}, {"heading", "text!"}, {"lines", "[]text!"}})) + "!"},
       {"crisis", crisis + "!"},
       {"clinic", http::schema({{"name", "text!"},
                                {"phone", "text?!"},
                                {"hours", "text?!"},
                                {"outside_text", "text?!"},
                                {"numbers", list_of(http::schema({{"label", "text!"}, {"number", "text!"}})) + "!"}}) +
                      "!"},
       {"printed_at", "instant!"},
       {"printed_by", "text!"}});
  const std::string base = "/api/v1/patients/{patient_id}/safety-plan";
  return {
      {Method::get,
       base,
       "safety_plan.read",
       "safety.read",
       "The patient's safety plan, its versions and the words of its steps",
       RunAs::point,
       false,
       "",
       whole,
       {},
       handler(show)},
      {Method::get,
       base + "/versions/{safety_plan_id}",
       "safety_plan.version",
       "safety.read",
       "One version of the safety plan",
       RunAs::point,
       false,
       "",
       plan,
       {},
       handler(show_version)},
      {Method::post,
       base,
       "safety_plan.write",
       "safety.plan",
       "A new version of the safety plan, written with the patient",
       RunAs::write,
       true,
       http::schema({{"based_on", "integer!"},
                     {"language", "en|es!"},
                     {"written_with", "[]patient|caregiver|family|friend|interpreter!"},
                     {"steps", steps + "!"},
                     {"not_for_me", "[]text"},
                     {"reason", "text"}},
                    true),
       plan,
       {},
       handler(write_version)},
      {Method::get,
       base + "/print",
       "safety_plan.print",
       "safety.read",
       "The newest version as it goes on paper, with 988 and 911",
       RunAs::point,
       false,
       "",
       printed,
       {{"language", "en or es; the plan's own when left out"}},
       handler(print)},
  };
}

}  // namespace concord::safety::internal
