#include "caseload/caseload_explain.h"

#include <algorithm>

#include "caseload/caseload_owner.h"
#include "json/value.h"
#include "json/writer.h"

namespace concord::caseload {
namespace {

/// Picks one of two texts, fills one gap "{}".
class Say {
 public:
  explicit Say(std::string_view language) : spanish_(language.substr(0, 2) == "es") {}
  std::string operator()(std::string_view english, std::string_view spanish, std::string_view piece = {}) const {
    std::string text(spanish_ ? spanish : english);
    if (const auto at = text.find("{}"); at != std::string::npos) text.replace(at, 2, piece);
    return text;
  }
  bool spanish() const { return spanish_; }

 private:
  bool spanish_;
};

bool needs_enrolment(Rule rule) {
  switch (rule) {
    case Rule::safety_unreviewed:
    case Rule::safety_reassess:
    case Rule::referral_waiting:
    case Rule::recommendation_unsent:
    case Rule::recommendation_unanswered:
    case Rule::recommendation_undone:
    case Rule::recommendation_trial:
    case Rule::question_open:
    case Rule::checkin_unseen:
    case Rule::task_due:
    case Rule::message_unanswered:
    case Rule::community_open:
      return false;
    default:
      return true;
  }
}
bool active_only(Rule rule) {
  switch (rule) {
    case Rule::contact_first:
    case Rule::review_new:
    case Rule::review_nonresponse:
    case Rule::review_stale:
    case Rule::plan_adjust:
    case Rule::target_met:
    case Rule::episode_long:
      return true;
    default:
      return false;
  }
}
bool not_on_hold(Rule rule) {
  return rule == Rule::measure_stale || rule == Rule::pathway_measure || rule == Rule::goal_review ||
         rule == Rule::education_language;
}

/// Why a rule has nothing to wait for. It would have a trigger otherwise.
std::string reason(Rule rule, const EpisodeFacts& f, const CaseloadRow& row, const RuleSet& rules, const Say& say) {
  const bool enrolled = episodes::is_enrolled(f.state) && f.enrolled;
  if (f.state == State::closed && rule != Rule::safety_unreviewed && rule != Rule::referral_waiting &&
      rule != Rule::message_unanswered)
    return say("the episode is closed", "el episodio está cerrado");
  if (needs_enrolment(rule) && !enrolled) return say("not enrolled yet", "aún sin inscripción");
  if (active_only(rule) && f.state != State::active)
    return say("asked in active care only", "solo se pregunta en atención activa");
  if (not_on_hold(rule) && f.state == State::on_hold) return say("not asked while on hold", "no se pregunta en pausa");
  const auto& s = row.primary;
  const auto& criteria = rules.criteria(f.primary_instrument);
  const std::string_view label =
      criteria.label.empty() ? std::string_view(f.primary_instrument) : std::string_view(criteria.label);
  auto none = [](const auto& list, auto&& is) { return std::none_of(list.begin(), list.end(), is); };
  switch (rule) {
    case Rule::safety_unreviewed:
      return say("no open signal", "sin señal abierta");
    case Rule::safety_reassess:
      if (f.safety.empty()) return say("no safety assessment", "sin evaluación de seguridad");
      if (std::any_of(f.safety.begin(), f.safety.end(), [](const SafetyFact& e) { return !e.closed && !e.assessed; }))
        return say("the open signal asks for an assessment already", "la señal abierta ya pide una evaluación");
      return say("no further one is due: follow-up ended, reassessed, or no level",
                 "no toca otra: seguimiento terminado, reevaluado o sin nivel");
    case Rule::referral_waiting:
      if (enrolled) return say("enrolled", "con inscripción");
      return say("closed; nothing waits elsewhere", "cerrado; nada pendiente en otro servicio");
    case Rule::contact_first:
      return say("contact since enrolment on {}", "contacto desde la inscripción el {}",
                 row.last_contact ? row.last_contact->iso() : "");
    case Rule::contact_due:
      return say("no contact yet: contact.first speaks", "aún sin contacto: habla contact.first");
    case Rule::measure_stale:
      return say("no primary instrument chosen", "sin instrumento principal");
    case Rule::review_new:
      return say("reviewed on {}", "revisado el {}", row.last_review ? row.last_review->iso() : "");
    case Rule::review_nonresponse:
    case Rule::review_stale:
    case Rule::plan_adjust:
      if (f.primary_instrument.empty()) return say("no primary instrument chosen", "sin instrumento principal");
      if (!criteria.response_kind) return say("{} has no measure of response", "{} no define respuesta", label);
      if (s.current && criteria.is_remission(*s.current)) return say("in remission ({})", "en remisión ({})", label);
      if (s.baseline && !criteria.is_elevated(*s.baseline) && (!s.current || !criteria.is_elevated(*s.current)))
        return say("{} never was elevated", "{} nunca estuvo elevado", label);
      return rule == Rule::review_stale ? say("improved", "mejoró") : say("response reached", "respuesta alcanzada");
    case Rule::score_worse:
      if (!s.current) return say("no later score to compare", "sin medición posterior que comparar");
      return say("not worse by the instrument's amount, answered by a review or a change, or said by relapse",
                 "no empeora lo suficiente, ya respondido con una revisión o un cambio, o lo dice relapse");
    case Rule::recommendation_unsent:
      return none(f.recommendations, [](const auto& r) { return r.state == "draft"; })
                 ? say("no draft", "sin borrador")
                 : say("of an earlier episode", "de un episodio anterior");
    case Rule::recommendation_unanswered:
      return say("no recommendation waits for an answer", "ninguna recomendación espera respuesta");
    case Rule::recommendation_undone:
      return say("no accepted recommendation is open", "ninguna recomendación aceptada está abierta");
    case Rule::recommendation_trial:
      return say("no trial waits for a verdict", "ningún ensayo espera valoración");
    case Rule::question_open:
      return say("no open question", "sin pregunta abierta");
    case Rule::target_met:
      if (!s.current) return say("no later score", "sin medición posterior");
      return say("no run of scores at target over {} days", "sin mediciones en la meta durante {} días",
                 std::to_string(rules.numbers.target_apart_days));
    case Rule::relapse:
      if (f.state != State::relapse_prevention) return say("asked in relapse prevention only", "solo en prevención de recaídas");
      return say("no score back at elevated or up", "ninguna medición elevada o en ascenso");
    case Rule::consent_missing:
      if (!f.consents_known) return say("the source keeps no consents", "la fuente no guarda consentimientos");
      return f.consents.empty() ? say("nobody has worked with the patient yet", "nadie ha trabajado aún con el paciente")
                                : say("consent in force", "consentimiento vigente");
    case Rule::visit_missing:
      if (!f.initiating_visits) return say("not kept, or none is needed", "no se guarda o no hace falta");
      return f.initiating_visits->empty()
                 ? say("nobody has worked with the patient yet", "nadie ha trabajado aún con el paciente")
                 : say("a visit within the year is on record", "consta una visita en el último año");
    case Rule::minutes_near:
      if (!f.minutes) return say("no minutes on record", "sin minutos registrados");
      return say("not within {} minutes of a code", "a más de {} minutos de un código",
                 std::to_string(rules.numbers.minutes_near_minutes));
    case Rule::checkin_unseen:
      return say("every self-report has been seen", "todas las respuestas están vistas");
    case Rule::goal_review:
      return say("no open goal", "sin meta abierta");
    case Rule::education_language:
      if (f.language.empty()) return say("the patient's language is not on record", "no consta el idioma del paciente");
      if (f.plans.empty() && f.materials.empty()) return say("no plan in effect", "sin plan en vigor");
      return f.materials.empty()
                 ? say("the plan is in the patient's language", "el plan está en su idioma")
                 : say("plan and material are in the patient's language", "el plan y el material están en su idioma");
    case Rule::plan_relapse_prevention:
      if (f.state != State::relapse_prevention) return say("asked in relapse prevention only", "solo en prevención de recaídas");
      return f.plans_known ? say("a plan is in effect", "hay un plan en vigor")
                           : say("the source keeps no plans", "la fuente no guarda planes");
    case Rule::task_due:
      return say("no open task", "sin tarea abierta");
    case Rule::message_unanswered:
      return say("no message waits for an answer", "ningún mensaje espera respuesta");
    case Rule::community_open:
      return say("no referral to a service waits to be confirmed", "ninguna derivación a un servicio espera confirmación");
    case Rule::pathway_measure:
      if (f.pathway.empty()) return say("no pathway chosen", "sin ruta elegida");
      return say("the pathway asks for no other form", "la ruta no pide otro formulario");
    case Rule::care_manager_missing:
      return say("has a care manager: {}", "tiene gestor de atención: {}", f.care_manager_name);
    case Rule::episode_long:
    case Rule::inactive:
      break;
  }
  return say("nothing to wait for", "nada que esperar");
}

}  // namespace

Explanation explain(const EpisodeFacts& facts, const RuleSet& rules, Date day, std::string_view language) {
  Explanation out;
  out.row = derive(facts, rules);
  out.day = day;
  out.lines = attention(out.row, rules, day, language, std::nullopt, Deferred::include);
  out.next = next_step(out.row, rules, day);
  const Say say(language);
  for (const Rule rule : all_rules()) {
    if (std::any_of(out.lines.begin(), out.lines.end(), [&](const Line& line) { return line.rule == rule; })) continue;
    Silence silence;
    silence.rule = rule;
    bool is_over = false;
    for (const Trigger& t : out.row.triggers) {
      if (t.rule != rule) continue;
      if (t.until && *t.until < day) is_over = true;
      else if (!silence.from || t.from < *silence.from) silence.from = t.from;
    }
    if (silence.from) silence.reason = say("not before {}", "no antes del {}", silence.from->iso());
    else if (is_over) silence.reason = say("its time is over", "su plazo pasó");
    else silence.reason = reason(rule, facts, out.row, rules, say);
    out.silences.push_back(std::move(silence));
  }
  return out;
}

std::string explanation_json(const Explanation& e, const RuleSet& rules, const IdText& id_text) {
  std::string out;
  json::Writer w(out);
  auto id = [&](const Uuid& uuid) {
    if (id_text) w.value(id_text(uuid));
    else w.value(uuid);
  };
  w.object().field("as_of", e.day).key("rule_set").object().field("name", rules.name).field("version", rules.version).end();
  w.key("patient_id");
  id(e.row.patient.uuid);
  w.key("episode_id");
  id(e.row.episode.uuid);
  w.field("state", episodes::name(e.row.state)).field("need", name(need_of(e.row.triggers, e.day)));
  w.key("care_manager");
  if (e.row.care_manager_name.empty()) w.null();
  else w.value(e.row.care_manager_name);
  w.key("next_step");
  if (e.next) {
    w.object().field("rule", name(e.next->rule)).field("owner", e.next->owner).key("owner_name");
    if (e.next->who.empty()) w.null();
    else w.value(e.next->who);
    w.field("due", e.next->due).field("now", e.next->now).end();
  } else {
    w.null();
  }
  w.key("lines").array();
  for (const Line& line : e.lines) write_line(w, line, id_text);
  w.end().key("silent").array();
  for (const Silence& s : e.silences)
    w.object().field("rule", name(s.rule)).field("from", s.from).field("reason", s.reason).end();
  w.end().end();
  return out;
}

std::string explanation_text(const Explanation& e, const RuleSet& rules, std::string_view language, const IdText& id_text) {
  const Say say(language);
  auto id = [&](const Uuid& uuid) { return id_text ? id_text(uuid) : uuid.text(); };
  std::string out;
  auto put = [&](std::string_view label, std::string_view text) {
    out.append("    ").append(label).append(": ").append(text).append("\n");
  };
  out += e.row.display_name() + " (" + id(e.row.patient.uuid) + "), " + std::string(episodes::name(e.row.state)) + ", " +
         e.day.iso();
  out += say("; rule set ", "; reglas ") + rules.name + " " + rules.version + "\n";
  if (e.next) {
    std::string who(e.next->owner);
    if (!e.next->who.empty()) who += " (" + e.next->who + ")";
    out += say("Next step: ", "Próximo paso: ") + std::string(name(e.next->rule)) + ", " + who + ", " + e.next->due.iso() + "\n";
  }
  for (const Line& line : e.lines) {
    out += "\n" + line.text + "\n";
    put(say("rule", "regla"), std::string(name(line.rule)) + ", " + std::string(name(line.severity)));
    std::string owner(line.owner);
    if (!line.owner_name.empty()) owner += " (" + line.owner_name + ")";
    if (!line.escalated_to.empty()) owner += say(", also asked: ", ", también se pregunta a: ") + std::string(line.escalated_to);
    put(say("owner", "responsable"), owner);
    put(say("due", "vence"), line.due_at ? iso(*line.due_at) : line.due.iso());
    put(say("act", "acción"), line.suggested_act);
    if (line.deferred_until) put(say("put off until", "aplazado hasta"), line.deferred_until->iso());
    for (const EvidenceLine& ev : line.evidence) {
      std::string text = ev.text + ", " + ev.date.iso();
      if (!ev.id.is_nil()) text += ", " + id(ev.id);
      put(say("evidence", "evidencia"), text);
    }
    // Every number with its unit and where it comes from.
    if (const auto parameters = json::Document::parse(line.parameters))
      for (const auto& member : parameters->root().members()) {
        std::string text =
            std::string(member.key) + " = " + std::to_string(static_cast<long long>(member.value.real().value_or(0)));
        for (const Parameter& p : rules.parameters)
          if (p.id == member.key) text += " " + p.unit + " (" + p.source + ")";
        put(say("parameter", "parámetro"), text);
      }
    put(say("source", "fuente"), line.citation);
  }
  if (e.lines.empty()) out += "\n" + say("Nothing asks for anybody today.", "Hoy nada pide a nadie.") + "\n";
  out += "\n" + say("Silent:", "En silencio:") + "\n";
  std::size_t width = 0;
  for (const Silence& s : e.silences) width = std::max(width, name(s.rule).size());
  for (const Silence& s : e.silences) {
    out.append("    ").append(name(s.rule)).append(width - name(s.rule).size() + 2, ' ').append(s.reason).append("\n");
  }
  return out;
}

}  // namespace concord::caseload
