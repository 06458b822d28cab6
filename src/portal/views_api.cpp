#include "portal/views_api.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "http/replies.h"
#include "json/value.h"
#include "patients/chart.h"
#include "portal/accounts_store.h"

namespace concord::portal {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Views = std::shared_ptr<const std::vector<View>>;

constexpr int kAccessPage = 50;
constexpr int kMostPages = 2000;  // of one view in the downloaded record: a view that never ends is a mistake

Result<std::string> written(const View& view, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
  if (!viewer.has(view.scope)) return fail(ErrorCode::not_allowed, "This is not shared with you.");
  std::string body;
  json::Writer w(body);
  CONCORD_TRY_VOID(view.write(w, tx, viewer, request));
  return body;
}

Reply answer(std::string body, const Viewer& viewer, const View& view) {
  Reply reply = http::json_reply(200, std::move(body));
  reply.audit_patient = viewer.patient.uuid;
  reply.audit_detail = "view=" + view.name;
  return reply;
}

/// Without what only the preview has: the view gets what it gets when the trusted person asks.
http::Request without_preview(const http::Request& request) {
  http::Request plain;
  plain.method = http::Method::get;
  for (const auto& [name, value] : request.query)
    if (name != "scopes" && name != "part2" && name != "language") plain.query.emplace_back(name, value);
  return plain;
}

Result<Work> preview(const Deps& deps, const Views& views, const Call& call) {
  CONCORD_TRY_VOID(require_self(call.caller));
  std::string name;
  for (const auto& [parameter, value] : call.path_parameters) name += (name.empty() ? "" : "/") + value;
  const auto found = std::find_if(views->begin(), views->end(), [&](const View& v) { return v.name == name; });
  if (found == views->end()) return http::not_found();
  auto scopes = read_scopes(call.request.parameter("scopes").value_or(""), ',');
  for (const auto& scope : scopes)
    if (!is_scope(scope))
      return fail(ErrorCode::invalid, "There is no such scope.", {{"scopes", "holds a word that is no scope"}});
  const bool part2 = call.request.parameter("part2").value_or("") == "true";
  const std::string language(call.request.parameter("language").value_or("en"));
  if (language != "en" && language != "es")
    return fail(ErrorCode::invalid, "There is no such language.", {{"language", "must be en or es"}});
  return Work([&deps, views, view = &*found, caller = call.caller, now = call.now, scopes, part2, language,
               request = without_preview(call.request)](db::Tx& tx) -> Result<Reply> {
    const Viewer viewer = trusted_viewer(deps, tx, caller.organization, patient_of(caller), scopes, part2, language, now);
    CONCORD_TRY(auto body, written(*view, tx, viewer, request));
    return answer(std::move(body), viewer, *view);
  });
}

/// "next" of an answer with pages, "" when this was the last.
std::string next_of(std::string_view body) {
  const auto document = json::Document::parse(body);
  if (!document) return {};
  const auto* next = document->root().find("next");
  return next != nullptr && next->is(json::Kind::string) ? std::string(next->text()) : std::string();
}

Result<Work> record(const Deps& deps, const Views& views, const Call& call) {
  return Work(
      [&deps, views, caller = call.caller, now = call.now, hash = session_hash(deps, call.request)](db::Tx& tx) -> Result<Reply> {
        CONCORD_TRY_VOID(require_self(caller));
        CONCORD_TRY_VOID(require_proof(tx, hash, now));
        const Viewer viewer = viewer_of(deps, tx, caller, now);
        const auto patient = deps.patient(tx, caller.organization, viewer.patient);
        if (!patient) return http::not_found();
        std::string body;
        json::Writer w(body);
        w.object().field("format", "concord.record.1").field("made_at", now).field("time_zone", viewer.zone);
        w.field("clinic", deps.clinic(tx, caller.organization, viewer.site).name);
        w.key("patient")
            .object()
            .field("given_name", patient->given_name)
            .field("family_name", patient->family_name)
            .field("birth_date", patient->birth_date)
            .field("sex", patient->sex)
            .field("language", patient->language)
            .field("phone", patient->phone)
            .field("email", patient->email)
            .field("postal_code", patient->postal_code)
            .end();
        w.key("views").object();
        for (const auto& view : *views) {
          if (!view.in_record) continue;
          w.key(view.name).array();
          http::Request request;
          for (int page = 0; page < kMostPages; ++page) {
            CONCORD_TRY(const auto part, written(view, tx, viewer, request));
            w.raw(part);
            const std::string next = next_of(part);
            if (next.empty()) break;
            request.query = {{"after", next}};
          }
          w.end();
        }
        w.end().end();
        Reply reply = http::json_reply(200, std::move(body));
        reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"my-record.json\"");
        reply.audit_patient = viewer.patient.uuid;
        reply.audit_detail = "whole record";
        return reply;
      });
}

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
  });
}

// ---- who looked at my record

struct About {
  std::string_view prefix, en, es;
};
/// What an action is about, by the word before the first point of its name, in words a patient uses. A route whose word is
/// missing says "your record"; a test keeps the list whole.
constexpr About kAbout[] = {
    {"account", "their own settings", "su propia configuración"},
    {"allergies", "your allergies", "sus alergias"},
    {"attention", "what you need next", "lo que usted necesita ahora"},
    {"audit", "the list of who looked at your record", "la lista de quién vio su expediente"},
    {"auth", "signing in", "la entrada al portal"},
    {"billing", "the bill for your care", "la factura de su atención"},
    {"billing_choices", "the bill for your care", "la factura de su atención"},
    {"care_team", "your care team", "su equipo de atención"},
    {"caseload", "the list of patients", "la lista de pacientes"},
    {"charges", "the bill for your care", "la factura de su atención"},
    {"check_ins", "your check-ins", "sus cuestionarios"},
    {"checkin_pages", "your check-ins", "sus cuestionarios"},
    {"checkins", "your check-ins", "sus cuestionarios"},
    {"community", "help from services near you", "la ayuda de servicios cercanos"},
    {"conditions", "your health conditions", "sus problemas de salud"},
    {"consents", "your consent", "su consentimiento"},
    {"contacts", "your visits and calls", "sus visitas y llamadas"},
    {"conversations", "what your team said about your care", "lo que su equipo comentó sobre su atención"},
    {"coverage", "your insurance", "su seguro"},
    {"decision_aids", "information for a decision", "información para una decisión"},
    {"decisions", "your decisions", "sus decisiones"},
    {"education", "reading for you", "lecturas para usted"},
    {"episodes", "your course of care", "su atención"},
    {"export", "a copy of your record", "una copia de su expediente"},
    {"feedback", "what you said about your care", "lo que usted dijo sobre su atención"},
    {"goals", "your goals", "sus metas"},
    {"groups", "your group", "su grupo"},
    {"handovers", "who covers for your care manager", "quién reemplaza a su coordinador de atención"},
    {"import", "records from elsewhere", "datos de otro lugar"},
    {"inpatient_stays", "your hospital stays", "sus estancias en el hospital"},
    {"initiating_visits", "your visits", "sus visitas"},
    {"logs", "what you noted", "lo que usted anotó"},
    {"measurements", "your answers and scores", "sus respuestas y puntajes"},
    {"messages", "messages to you", "mensajes para usted"},
    {"minutes", "time spent on your care", "el tiempo dedicado a su atención"},
    {"needs", "help from services near you", "la ayuda de servicios cercanos"},
    {"outside_services", "care elsewhere", "la atención en otro lugar"},
    {"patient_contact", "how the clinic may write to you", "cómo puede escribirle la clínica"},
    {"contact_preferences", "how the clinic may write to you", "cómo puede escribirle la clínica"},
    {"scores", "your answers and scores", "sus respuestas y puntajes"},
    {"plan", "your care plan", "su plan de atención"},
    {"team", "your care team", "su equipo de atención"},
    {"pathways", "your course of care", "su atención"},
    {"patient_messages", "your messages", "sus mensajes"},
    {"patients", "your record", "su expediente"},
    {"plans", "your care plan", "su plan de atención"},
    {"portal", "your portal", "su portal"},
    {"portal_preview", "a preview for somebody you trust", "una vista previa para alguien de confianza"},
    {"portal_trusted", "people you trust", "personas de confianza"},
    {"portal_view", "your portal", "su portal"},
    {"psychotherapy_sessions", "your talk therapy", "su terapia"},
    {"questions", "questions to the consultant", "preguntas al consultor"},
    {"recommendations", "advice to your team", "recomendaciones a su equipo"},
    {"record", "your whole record", "su expediente completo"},
    {"referrals", "your referral", "su referencia"},
    {"reminders", "reminders to you", "recordatorios para usted"},
    {"review_agenda", "the review of your care", "la revisión de su atención"},
    {"review_drafts", "the review of your care", "la revisión de su atención"},
    {"review_sessions", "the review of your care", "la revisión de su atención"},
    {"reviews", "the review of your care", "la revisión de su atención"},
    {"safety", "your safety", "su seguridad"},
    {"safety_plan", "your safety plan", "su plan de seguridad"},
    {"surveys", "your answers about your care", "sus respuestas sobre su atención"},
    {"tasks", "tasks about your care", "tareas sobre su atención"},
    {"timer", "time spent on your care", "el tiempo dedicado a su atención"},
    {"treatment_reports", "how your treatment works for you", "cómo le va con su tratamiento"},
    {"treatments", "your treatment", "su tratamiento"},
    {"trusted_persons", "people you trust", "personas de confianza"},
    {"visits", "your visits", "sus visitas"},
};

const About* find_about(std::string_view word) {
  for (const auto& about : kAbout)
    if (about.prefix == word) return &about;
  return nullptr;
}

const About* find_about_action(std::string_view action) {
  // What patients do is called portal.goals.create, portal.visits_answer, portal_view.goals: the second word says what.
  if (action.starts_with("portal")) {
    auto rest = action.substr(std::min(action.find('.') + 1, action.size()));
    rest = rest.substr(0, rest.find('.'));
    if (const auto* about = find_about(rest)) return about;
    if (const auto* about = find_about(rest.substr(0, rest.find('_')))) return about;
  }
  return find_about(action.substr(0, action.find('.')));
}

std::string_view about_of(std::string_view action, bool spanish) {
  const auto* about = find_about_action(action);
  if (about == nullptr) return spanish ? std::string_view("su expediente") : std::string_view("your record");
  return spanish ? about->es : about->en;
}

std::string_view act_of(const Deps& deps, const Access& access) {
  if (access.result != "ok") return "refused";
  const std::string_view action = access.action;
  if (action.find("print") != std::string_view::npos) return "printed";
  if (action.find("export") != std::string_view::npos || action == "portal.record") return "downloaded";
  return deps.is_read(action) ? "looked" : "changed";
}

std::string words_of(std::string_view act, std::string_view about, bool spanish) {
  using Words = std::array<std::string_view, 2>;
  const Words words = act == "looked"       ? Words{"Looked at", "Vio"}
                      : act == "changed"    ? Words{"Added to or changed", "Agregó o cambió"}
                      : act == "printed"    ? Words{"Printed", "Imprimió"}
                      : act == "downloaded" ? Words{"Downloaded", "Descargó"}
                                            : Words{"Tried to open", "Intentó abrir"};
  return std::string(words[spanish ? 1 : 0]) + " " + std::string(about);
}

void write_access(const Deps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer, const Access& access) {
  const bool spanish = viewer.language == "es";
  std::string_view kind = "machine";
  std::optional<std::string> name;
  switch (access.kind) {
    case ActorKind::user:
      kind = "staff";
      if (deps.staff_by_name && !access.name.empty()) name = access.name;
      break;
    case ActorKind::patient:
      kind = "you";
      break;
    case ActorKind::form:
      kind = "you";
      break;
    case ActorKind::trusted_person:
      kind = "trusted_person";
      if (access.actor)
        if (const auto account = find_account(tx, viewer.organization, *access.actor)) name = account->display_name;
      break;
    case ActorKind::service:
    case ActorKind::gateway:
    case ActorKind::system:
      break;
  }
  const auto act = act_of(deps, access);
  const auto about = about_of(access.action, spanish);
  w.object().field("at", access.at).key("who").object().field("kind", kind).field("name", name).field("role", access.role).end();
  w.field("act", act).field("about", std::string_view(access.action).substr(0, access.action.find('.')));
  w.field("text", words_of(act, about, spanish)).end();
}

}  // namespace

bool has_words(std::string_view action) { return find_about_action(action) != nullptr; }

View accesses_view(const Deps& deps) {
  View view;
  view.name = "accesses";
  view.summary = "Who has looked at or changed my record, newest first";
  view.schema = http::list_schema(http::schema({{"at", "instant!"},
                                                {"who", "object!"},
                                                {"act", "looked|changed|printed|downloaded|refused!"},
                                                {"about", "text!"},
                                                {"text", "text!"}}));
  view.query_parameters = {{"after", "page key from the answer before"}};
  view.write = [&deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) -> Result<void> {
    Instant before = viewer.now + std::chrono::hours(24);
    if (const auto after = request.parameter("after"); after && !after->empty()) {
      const auto parsed = parse_instant(*after);
      if (!parsed) return http::wrong_page();
      before = *parsed;
    }
    const auto rows = deps.accesses(tx, viewer.organization, viewer.patient, before, kAccessPage + 1);
    // Entries of one instant stay together: a page ends where the time changes.
    std::size_t shown = rows.size();
    if (rows.size() > static_cast<std::size_t>(kAccessPage)) {
      shown = kAccessPage;
      while (shown > 1 && rows[shown - 1].at == rows[shown].at) --shown;
      if (shown == 1 && rows[0].at == rows[1].at) shown = kAccessPage;
    }
    w.object().key("items").array();
    for (std::size_t i = 0; i < shown; ++i) write_access(deps, w, tx, viewer, rows[i]);
    w.end().key("next");
    if (shown < rows.size()) w.value(iso(rows[shown - 1].at));
    else w.null();
    w.end();
    return {};
  };
  return view;
}

std::vector<http::Route> view_routes(const Deps& deps, std::vector<View> given) {
  std::set<std::string> names;
  for (const auto& view : given) {
    if (!is_name(view.name) || !names.insert(view.name).second) throw BrokenInvariant("a view is wrongly called " + view.name);
    if (!view.scope.empty() && view.scope != kAnyScope && !is_scope(view.scope))
      throw BrokenInvariant("no such scope: " + view.scope);
  }
  const Views views = std::make_shared<const std::vector<View>>(std::move(given));
  std::vector<http::Route> routes;
  for (const auto& view : *views) {
    http::Route route;
    route.pattern = "/api/v1/portal/" + view.name;
    route.name = "portal_view." + view.name;
    std::replace(route.name.begin(), route.name.end(), '-', '_');
    std::replace(route.name.begin(), route.name.end(), '/', '_');
    route.permission = "portal.use";
    route.summary = view.summary;
    route.run_as = http::RunAs::list;
    route.response_schema = view.schema;
    route.query_parameters = view.query_parameters;
    route.audience = http::Audience::portal;
    route.handler = [&deps, views, at = &view](const Call& call) -> Result<Work> {
      return Work([&deps, views, at, caller = call.caller, now = call.now,
                   request = without_preview(call.request)](db::Tx& tx) -> Result<Reply> {
        const Viewer viewer = viewer_of(deps, tx, caller, now);
        CONCORD_TRY(auto body, written(*at, tx, viewer, request));
        return answer(std::move(body), viewer, *at);
      });
    };
    routes.push_back(std::move(route));
  }
  http::Route look;
  look.pattern = "/api/v1/portal/trusted-persons/preview/{view}";
  look.name = "portal_preview.read";
  look.permission = "portal.use";
  look.summary = "What a trusted person with these scopes would read: the same bytes";
  look.run_as = http::RunAs::list;
  look.response_schema = "{}";
  look.query_parameters = {
      {"scopes", "goals,plan"}, {"part2", "true: with records of a substance use program"}, {"language", "en or es"}};
  look.audience = http::Audience::portal;
  look.handler = [&deps, views](const Call& call) { return preview(deps, views, call); };
  routes.push_back(look);
  look.pattern += "/{part}";
  look.name = "portal_preview.read_part";
  routes.push_back(std::move(look));
  http::Route all;
  all.pattern = "/api/v1/portal/record";
  all.name = "portal.record";
  all.permission = "portal.use";
  all.summary = "My whole record, to keep";
  all.run_as = http::RunAs::list;
  all.response_schema = http::schema({{"format", "text!"},
                                      {"made_at", "instant!"},
                                      {"time_zone", "text!"},
                                      {"clinic", "text!"},
                                      {"patient", "object!"},
                                      {"views", "object!"}});
  all.audience = http::Audience::portal;
  all.handler = [&deps, views](const Call& call) { return record(deps, views, call); };
  routes.push_back(std::move(all));
  return routes;
}

}  // namespace concord::portal
