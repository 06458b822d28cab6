// The sentences of the attention list, in English and Spanish, as a colleague would say them. Both languages of
// one rule stand side by side, so that a change of one is seen to miss the other.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "caseload/caseload.h"
#include "caseload/caseload_owner.h"
#include "json/writer.h"

namespace concord::caseload {
namespace {

constexpr std::array<std::string_view, 4> kSeverities{"critical", "high", "medium", "low"};
constexpr std::array<std::string_view, 19> kEvidenceKinds{
    "",        "measurement",    "contact",  "review", "treatment", "safety_event", "referral", "attempt", "episode",
    "consent", "recommendation", "question", "goal",   "plan",      "minutes",      "task",     "message", "community_referral",
    "material"};

constexpr std::string_view kMonthsEn[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view kMonthsEs[] = {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"};
constexpr std::string_view kDaysEn[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view kDaysEs[] = {"dom", "lun", "mar", "mié", "jue", "vie", "sáb"};

/// A text or a whole number to stand for one "{}".
class Piece {
 public:
  Piece(std::string_view text) : text_(text) {}
  Piece(const std::string& text) : text_(text) {}
  Piece(int value) : size_(static_cast<std::size_t>(std::to_chars(digits_, digits_ + sizeof digits_, value).ptr - digits_)) {}
  void append_to(std::string& out) const { text_.empty() ? out.append(digits_, size_) : out.append(text_); }

 private:
  char digits_[12];
  std::size_t size_ = 0;
  std::string_view text_;
};

/// Appends `text` with a piece for every "{}": the caseload renders hundreds of lines a page, and a format parsed
/// each time costs more than everything else in it.
void fill(std::string& out, std::string_view text, std::span<const Piece> pieces) {
  std::size_t next = 0;
  while (true) {
    const std::size_t at = text.find('{');
    if (at == std::string_view::npos) break;
    CHECK(next < pieces.size() && at + 1 < text.size() && text[at + 1] == '}');
    out.append(text.substr(0, at));
    pieces[next++].append_to(out);
    text.remove_prefix(at + 2);
  }
  CHECK(next == pieces.size());
  out.append(text);
}

template <class... Args>
std::string chosen(std::string_view text, const Args&... args) {
  const Piece pieces[] = {Piece(args)...};
  std::string out;
  fill(out, text, pieces);
  return out;
}

/// Appends sentences to one string; knows the day and the language.
class Words {
 public:
  Words(const Scene& scene, std::string& out)
      : scene_(scene),
        out_(out),
        spanish_(scene.language.substr(0, 2) == "es"),
        label_(scene.rules.criteria(scene.instrument).label) {
    if (label_.empty()) label_ = scene.instrument;
  }

  bool spanish() const { return spanish_; }
  std::string_view label() const { return label_; }

  /// Picks the language, then fills the gaps. The two texts take the same pieces.
  template <class... Args>
  Words& say(std::string_view english, std::string_view spanish, const Args&... args) {
    if constexpr (sizeof...(args) == 0) {
      out_.append(spanish_ ? spanish : english);
    } else {
      const Piece pieces[] = {Piece(args)...};
      fill(out_, spanish_ ? spanish : english, pieces);
    }
    return *this;
  }

  /// "3 Mar" / "3 mar"; with the year when it is not this one.
  std::string day(Date date) const {
    const auto ymd = date.parts();
    const auto month = static_cast<unsigned>(ymd.month()) - 1;
    std::string text = std::to_string(static_cast<unsigned>(ymd.day()));
    text.append(" ").append(spanish_ ? kMonthsEs[month] : kMonthsEn[month]);
    if (ymd.year() != scene_.today.parts().year()) text.append(" ").append(std::to_string(static_cast<int>(ymd.year())));
    return text;
  }
  /// "Tue 3 Mar" / "mar 3 mar"
  std::string weekday(Date date) const {
    std::string text(spanish_ ? kDaysEs[date.weekday()] : kDaysEn[date.weekday()]);
    return text.append(" ").append(day(date));
  }
  std::string days(int n) const { return count(n, " day", " days", " día", " días"); }
  std::string weeks(int n) const { return count(n, " week", " weeks", " semana", " semanas"); }
  std::string months(int n) const { return count(n, " month", " months", " mes", " meses"); }
  /// Weeks from three weeks on, days below.
  std::string span(int n) const { return n >= 21 ? weeks(n / 7) : days(n); }
  std::string clock(std::int64_t minutes) const {
    if (minutes < 60) return std::to_string(minutes) + " min";
    if (minutes >= 48 * 60) return days(static_cast<int>(minutes / (24 * 60)));
    std::string text = std::to_string(minutes / 60) + " h";
    return minutes % 60 ? text + " " + std::to_string(minutes % 60) + " min" : text;
  }
  int since(Date date) const { return scene_.today - date; }
  /// "due Tue 3 Mar", "due today", "was due Tue 3 Mar, 2 days overdue"
  std::string due(Date date) const {
    const int late = since(date);
    if (late == 0) return spanish_ ? "vence hoy" : "due today";
    if (late < 0) return chosen(spanish_ ? "vence el {}" : "due {}", weekday(date));
    return chosen(spanish_ ? "vencía el {}, {} de retraso" : "was due {}, {} overdue", weekday(date), days(late));
  }

 private:
  std::string count(int n, std::string_view one_en, std::string_view many_en, std::string_view one_es,
                    std::string_view many_es) const {
    return std::to_string(n).append(n == 1 ? (spanish_ ? one_es : one_en) : (spanish_ ? many_es : many_en));
  }

  const Scene& scene_;
  std::string& out_;
  bool spanish_;
  std::string_view label_;
};

std::string number(double value) {
  if (value == std::floor(value)) return std::to_string(static_cast<long long>(value));
  char digits[32];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, measurements::one_decimal(value), std::chars_format::fixed, 1).ptr;
  return {digits, end};
}

const Evidence* find(const Trigger& t, EvidenceKind kind, int nth = 0) {
  for (std::size_t i = 0; i < t.evidence_count; ++i)
    if (t.evidence[i].kind == kind && nth-- == 0) return &t.evidence[i];
  return nullptr;
}

/// "PHQ-9 16 → 14", "PHQ-9 16, not repeated" or "no PHQ-9 yet", from baseline and current in the evidence.
std::string scores(const Trigger& t, const Words& w) {
  const Evidence* baseline = find(t, EvidenceKind::measurement, 0);
  const Evidence* current = find(t, EvidenceKind::measurement, 1);
  if (!baseline) return chosen(w.spanish() ? "aún sin {}" : "no {} yet", w.label());
  if (!current)
    return chosen(w.spanish() ? "{} {}, sin repetir" : "{} {}, not repeated", w.label(), number(baseline->value.value_or(0)));
  return chosen("{} {} → {}", w.label(), number(baseline->value.value_or(0)), number(current->value.value_or(0)));
}

/// "PHQ-9 item 9 “several days”" for "phq-9 item 9 = 1"; other signals in their own words.
std::string signal_text(const std::string& note, const Scene& scene, bool spanish) {
  static constexpr std::string_view kFrequencyEn[] = {"", "several days", "more than half the days", "nearly every day"};
  static constexpr std::string_view kFrequencyEs[] = {"", "varios días", "más de la mitad de los días", "casi todos los días"};
  const std::size_t item = note.find(" item ");
  if (item != std::string::npos) {
    const std::string_view instrument = std::string_view(note).substr(0, item);
    std::string_view rest = std::string_view(note).substr(item + 6);
    const std::size_t equals = rest.find(" = ");
    const std::string_view number = rest.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : rest.substr(equals + 3);
    const auto& criteria = scene.rules.criteria(instrument);
    const std::string_view label = criteria.label.empty() ? instrument : std::string_view(criteria.label);
    std::string text = chosen(spanish ? "{}, pregunta {}" : "{} item {}", label, number);
    const bool phq = instrument == "phq-9" || instrument == "phq-9m";
    if (phq && value.size() == 1 && value[0] >= '1' && value[0] <= '3') {
      const auto at = static_cast<std::size_t>(value[0] - '0');
      text += chosen(spanish ? " «{}»" : " “{}”", spanish ? kFrequencyEs[at] : kFrequencyEn[at]);
    } else if (!value.empty()) {
      text.append(" = ").append(value);
    }
    return text;
  }
  if (note == "staff concern") return spanish ? "preocupación del equipo" : "a colleague's concern";
  const auto& criteria = scene.rules.criteria(note);
  if (!criteria.label.empty())
    return chosen(spanish ? "{} con una respuesta positiva de seguridad" : "{} with a positive safety answer", criteria.label);
  return note;
}

void evidence_text(const Evidence& e, const Trigger& t, const Scene& scene, const Words& w, std::string& out) {
  out.clear();
  const bool es = w.spanish();
  switch (e.kind) {
    case EvidenceKind::measurement: {
      std::string_view label = w.label();
      if (t.rule == Rule::pathway_measure && t.variant / 16 == 2) {
        label = es ? "Medición que lo pide:" : "Score that calls for it:";
      } else if (!t.note.empty()) {
        // "phq-9", or a signal: "phq-9 item 9 = 1", "staff concern".
        const std::string_view word = std::string_view(t.note).substr(0, t.note.find(' '));
        if (scene.rules.instruments.contains(word)) label = scene.rules.criteria(word).label;
        else if (t.rule == Rule::safety_unreviewed) label = es ? "Cuestionario" : "Questionnaire";
        else label = t.note;
      }
      out.append(label);
      if (e.value) out.append(" ").append(number(*e.value));
      break;
    }
    case EvidenceKind::contact:
      out = es ? "Contacto" : "Contact";
      break;
    case EvidenceKind::review:
      if (t.rule == Rule::recommendation_undone) out = es ? "Recomendación aceptada" : "Recommendation accepted";
      else out = es ? "Revisión psiquiátrica" : "Psychiatric review";
      break;
    case EvidenceKind::treatment:
      out = es ? "Cambio de tratamiento" : "Treatment change";
      break;
    case EvidenceKind::safety_event:
      if (t.rule == Rule::safety_reassess) out = es ? "Evaluación de seguridad" : "Safety assessment";
      else out = es ? "Señal de seguridad" : "Safety signal";
      break;
    case EvidenceKind::referral:
      if (t.variant == 4) out = es ? "Derivado a otro servicio" : "Sent on to other care";
      else out = es ? "Derivación" : "Referral";
      break;
    case EvidenceKind::attempt:
      out = es ? "Intento de contacto" : "Attempt to reach";
      break;
    case EvidenceKind::episode:
      if (t.rule == Rule::referral_waiting)
        out = t.variant == 5 && e.date != t.evidence[0].date ? (es ? "Evaluación" : "Assessment")
                                                             : (es ? "Derivación" : "Referral");
      else if (t.rule == Rule::plan_relapse_prevention)
        out = es ? "Inicio de la prevención de recaídas" : "Relapse prevention began";
      else out = es ? "Inscripción" : "Enrolment";
      break;
    case EvidenceKind::consent:
      out = es ? "Consentimiento retirado" : "Consent withdrawn";
      break;
    case EvidenceKind::recommendation:
      if (t.rule == Rule::recommendation_undone) out = es ? "Recomendación aceptada" : "Recommendation accepted";
      else if (t.rule == Rule::recommendation_trial) out = es ? "Recomendación realizada" : "Recommendation done";
      else if (t.rule == Rule::recommendation_unsent) out = es ? "Recomendación escrita" : "Recommendation written";
      else out = es ? "Recomendación enviada" : "Recommendation sent";
      break;
    case EvidenceKind::question:
      out = es ? "Pregunta hecha" : "Question asked";
      break;
    case EvidenceKind::goal:
      out = es ? "Meta vista por última vez" : "Goal last looked at";
      break;
    case EvidenceKind::plan:
      out = es ? "Plan en vigor" : "Plan in effect";
      break;
    case EvidenceKind::minutes:
      // The first is what there is, the second what the code asks for.
      if (&e == &t.evidence[0]) out = es ? "Minutos que cuentan este mes" : "Minutes that count this month";
      else out.append(es ? "Minutos del código " : "Minutes for code ").append(t.note);
      break;
    case EvidenceKind::task:
      out = es ? "Tarea creada" : "Task made";
      break;
    case EvidenceKind::message:
      out = es ? "Mensaje del paciente" : "Message of the patient";
      break;
    case EvidenceKind::material:
      out = es ? "Material entregado" : "Material given";
      break;
    case EvidenceKind::community_referral:
      out = es ? "Derivación a un servicio" : "Referral to a service";
      break;
  }
}

/// A social need by the words of the community slice; an unknown one by its name.
std::string_view need_in(std::string_view kind, std::string_view language) {
  struct Word {
    std::string_view kind, en, es;
  };
  static constexpr Word kWords[] = {{"housing", "housing", "vivienda"},
                                    {"food", "food", "alimentos"},
                                    {"transport", "transport", "transporte"},
                                    {"utilities", "utilities", "servicios del hogar"},
                                    {"safety", "safety", "seguridad"},
                                    {"work", "work", "trabajo"},
                                    {"money", "money", "dinero"},
                                    {"law", "law", "asuntos legales"},
                                    {"child_care", "child care", "cuidado infantil"},
                                    {"education", "education", "educación"},
                                    {"health_access", "access to care", "acceso a la atención"},
                                    {"company", "company", "compañía"},
                                    {"other", "other", "otro"}};
  for (const auto& word : kWords)
    if (word.kind == kind) return language == "es" ? word.es : word.en;
  return kind;
}

/// The languages clinics meet most; another is named by its code.
std::string_view language_name(std::string_view tag, bool spanish) {
  struct Name {
    std::string_view tag, english, spanish;
  };
  static constexpr Name kNames[] = {
      {"en", "English", "inglés"},       {"es", "Spanish", "español"},
      {"zh", "Chinese", "chino"},        {"vi", "Vietnamese", "vietnamita"},
      {"ko", "Korean", "coreano"},       {"ru", "Russian", "ruso"},
      {"ar", "Arabic", "árabe"},         {"fr", "French", "francés"},
      {"pt", "Portuguese", "portugués"}, {"ht", "Haitian Creole", "criollo haitiano"},
      {"tl", "Tagalog", "tagalo"},       {"so", "Somali", "somalí"},
      {"hmn", "Hmong", "hmong"},         {"pl", "Polish", "polaco"},
      {"hi", "Hindi", "hindi"},
  };
  for (const Name& name : kNames)
    if (name.tag == tag) return spanish ? name.spanish : name.english;
  return tag;
}

Severity later(bool late, Severity after, Severity before) { return late ? after : before; }

}  // namespace

std::string_view name(Severity severity) { return kSeverities[static_cast<std::size_t>(severity)]; }

void render(const Trigger& t, const Scene& scene, Line& line) {
  const Numbers& n = scene.rules.numbers;
  const Date today = scene.today;
  line.rule = t.rule;
  line.severity = Severity::medium;
  line.owner = "care_manager";
  line.owner_name.assign(t.who);
  line.escalated_to = {};
  line.due = t.due;
  line.due_at = t.due_at;
  line.deferred_until = t.deferred_until && *t.deferred_until > today ? t.deferred_until : std::nullopt;
  line.citation = scene.rules.citation_of(t.rule);
  line.parameters = scene.rules.parameters_of(t.rule, scene.instrument, scene.pathway);
  line.text.clear();
  Words w(scene, line.text);
  const int enrolled_days = scene.enrolled ? w.since(*scene.enrolled) : 0;
  const Evidence& e0 = t.evidence[0];
  const int e0_days = t.evidence_count ? w.since(e0.date) : 0;

  switch (t.rule) {
    case Rule::safety_unreviewed: {
      line.severity = Severity::critical;
      line.suggested_act = "assess_safety";
      const std::string signal = signal_text(t.note, scene, w.spanish());
      const int stage = t.variant / 16, open = t.variant % 16;
      if (stage == 0) w.say("Safety: {}, not yet assessed", "Seguridad: {}, aún sin evaluar", signal);
      else if (stage == 2) w.say("Safety: {}, assessed, not yet closed", "Seguridad: {}, evaluada, aún sin cerrar", signal);
      else if (t.who.empty())
        w.say("Safety: {}, acknowledged, not yet assessed", "Seguridad: {}, recibida, aún sin evaluar", signal);
      else w.say("Safety: {}, {} has it, not yet assessed", "Seguridad: {}, la tiene {}, aún sin evaluar", signal, t.who);
      // Whoever has taken it keeps it; until somebody has, it goes up the ladder with its clock (by days where the hour
      // is not known; whom exactly the ladder calls is the safety slice's business).
      if (stage == 0) {
        const std::int64_t late =
            t.due_at && scene.now ? std::chrono::floor<std::chrono::minutes>(*scene.now - *t.due_at).count() : 0;
        if (w.since(t.from) > 1 || late > n.safety_escalate_minutes) line.escalated_to = "psychiatric_consultant";
        else if (w.since(t.from) > 0 || late > 0) line.escalated_to = "on_call";
      }
      if (t.due_at && scene.now) {
        const auto left = std::chrono::floor<std::chrono::minutes>(*t.due_at - *scene.now).count();
        if (left >= 0) w.say(", {} left", ", quedan {}", w.clock(left));
        else w.say(", overdue {}", ", {} de retraso", w.clock(-left));
      } else if (w.since(t.from) > 0) {
        w.say(" for {}", " desde hace {}", w.days(w.since(t.from)));
      }
      if (open > 1) w.say(" ({} signals open)", " ({} señales abiertas)", open);
      w.say(".", ".");
      break;
    }
    case Rule::safety_reassess: {
      if (w.since(t.due) >= n.safety_reassess_escalate_days) line.escalated_to = "psychiatric_consultant";
      line.severity = later(today > t.due, Severity::critical, Severity::high);
      line.suggested_act = "assess_safety";
      static constexpr std::string_view kEn[] = {"", "low risk ", "moderate risk ", "high risk "};
      static constexpr std::string_view kEs[] = {"", "riesgo bajo ", "riesgo moderado ", "riesgo alto "};
      const std::size_t level = std::min<std::size_t>(t.variant, 3);
      const std::string_view risk = w.spanish() ? kEs[level] : kEn[level];
      w.say("Safety reassessment {}; {}on {}.", "Reevaluación de seguridad: {}; {}el {}.", w.due(t.due), risk, w.day(e0.date));
      break;
    }
    case Rule::referral_waiting:
      line.suggested_act = "attempt_referral";
      if (t.variant == 1) {
        line.severity = later(today > t.due, Severity::high, Severity::medium);
        if (e0_days == 0)
          w.say("Referred today; nobody has tried to reach them yet.",
                "Derivación de hoy; nadie ha intentado el contacto todavía.");
        else
          w.say("Referred {} ago; nobody has tried to reach them yet.",
                "Derivación de hace {}; nadie ha intentado el contacto todavía.", w.days(e0_days));
      } else if (t.variant == 2) {
        const Evidence* attempt = find(t, EvidenceKind::attempt);
        w.say("Referred {} ago, not reached yet; last tried {} ago.",
              "Derivación de hace {}, aún sin localizar; último intento hace {}.", w.days(e0_days),
              w.days(attempt ? w.since(attempt->date) : 0));
      } else if (t.variant == 4) {
        line.severity = later(today > t.due, Severity::medium, Severity::low);
        line.suggested_act = "confirm_seen_elsewhere";
        w.say("Sent on to other care on {}; not yet confirmed that they were seen there.",
              "Derivado a otro servicio el {}; aún sin confirmar que le atendieron allí.", w.day(e0.date));
      } else {
        line.severity = Severity::high;
        line.suggested_act = "close_referral";
        if (t.variant == 5)
          w.say("Referred {} ago and assessed, still not enrolled.",
                "Derivación de hace {}, con evaluación pero aún sin inscripción.", w.days(e0_days));
        else w.say("Referred {} ago, still without an outcome.", "Derivación de hace {}, aún sin resultado.", w.days(e0_days));
      }
      break;
    case Rule::contact_first:
      line.severity = later(today >= t.due, Severity::high, Severity::medium);
      line.suggested_act = "contact";
      w.say("No treatment contact since enrolment {} ago; the first {}.",
            "Sin contacto de tratamiento desde la inscripción, hace {}; el primero {}.", w.days(e0_days), w.due(t.due));
      break;
    case Rule::contact_due: {
      line.severity = later(w.since(t.due) >= n.contact_overdue_high_days, Severity::high, Severity::medium);
      line.suggested_act = "contact";
      w.say("Contact {}", "Contacto: {}", w.due(t.due));
      if (e0.kind == EvidenceKind::contact) w.say("; last contact {}.", "; último contacto {}.", w.day(e0.date));
      else w.say("; no contact since enrolment.", "; sin contacto desde la inscripción.");
      break;
    }
    case Rule::measure_stale:
      line.suggested_act = "measure";
      if (e0.kind == EvidenceKind::measurement) w.say("No {} for {}.", "Sin {} desde hace {}.", w.label(), w.span(e0_days));
      else w.say("No {} since enrolment {} ago.", "Sin {} desde la inscripción, hace {}.", w.label(), w.span(e0_days));
      break;
    case Rule::review_new:
      line.severity = later(today >= t.due, Severity::medium, Severity::low);
      line.owner = "psychiatric_consultant";
      line.suggested_act = "ask_for_review";
      w.say("New case, never reviewed; psychiatric review {}.", "Caso nuevo, nunca revisado; revisión psiquiátrica: {}.",
            w.due(t.due));
      break;
    case Rule::review_nonresponse:
    case Rule::review_stale: {
      const bool stale = t.rule == Rule::review_stale;
      line.severity = later(stale || today >= t.due, Severity::high, Severity::medium);
      line.owner = "psychiatric_consultant";
      line.suggested_act = "ask_for_review";
      const std::string weeks = w.weeks(enrolled_days / 7);
      if (stale) w.say("Not improved after {} ({}); ", "Sin mejoría tras {} ({}); ", weeks, scores(t, w));
      else w.say("No response after {} ({}); ", "Sin respuesta tras {} ({}); ", weeks, scores(t, w));
      if (const Evidence* review = find(t, EvidenceKind::review))
        w.say("no psychiatric review for {}", "sin revisión psiquiátrica desde hace {}", w.span(w.since(review->date)));
      else w.say("never reviewed", "nunca revisado");
      if (!stale) w.say(", {}", ", {}", w.due(t.due));
      w.say(".", ".");
      break;
    }
    case Rule::plan_adjust: {
      line.severity = Severity::high;
      line.owner = "pcp";
      line.suggested_act = "adjust_plan";
      const Evidence* change = find(t, EvidenceKind::treatment);
      const Date since = change ? change->date : scene.enrolled.value_or(t.from);
      w.say("Not improving: {} after {} on the same plan.", "Sin mejoría: {} tras {} con el mismo plan.", scores(t, w),
            w.weeks(w.since(since) / 7));
      break;
    }
    case Rule::score_worse: {
      line.severity = Severity::high;
      line.suggested_act = "contact";
      const Evidence* now = find(t, EvidenceKind::measurement, 1);
      const double from = e0.value.value_or(0), to = now ? now->value.value_or(0) : from;
      const std::string change = number(std::abs(to - from));
      if (t.variant == 1)
        w.say("Worse: {} {} → {} on {}, {} points since the score before.",
              "Empeora: {} {} → {} el {}, {} puntos desde la medición anterior.", w.label(), number(from), number(to),
              w.day(t.from), change);
      else
        w.say("Worse than at the start: {} {} → {} on {}, {} points.", "Peor que al inicio: {} {} → {} el {}, {} puntos.",
              w.label(), number(from), number(to), w.day(t.from), change);
      break;
    }
    case Rule::recommendation_unsent:
      line.owner = owner_in(t.variant);
      line.severity = later(t.variant & kUrgent, Severity::high, Severity::medium);
      line.suggested_act = "send_recommendation";
      w.say("The recommendation written on {} has not been sent.", "La recomendación escrita el {} no se ha enviado.",
            w.day(e0.date));
      break;
    case Rule::recommendation_unanswered:
      line.owner = owner_in(t.variant);
      line.severity = later(t.variant & kUrgent, Severity::high, Severity::medium);
      line.suggested_act = "record_review";
      if (t.variant & kUrgent)
        w.say("The consultant's urgent recommendation of {} has waited {} for an answer.",
              "La recomendación urgente del {} lleva {} esperando respuesta.", w.day(e0.date), w.days(e0_days));
      else
        w.say("The consultant's recommendation of {} has waited {} for an answer.",
              "La recomendación del {} lleva {} esperando respuesta.", w.day(e0.date), w.days(e0_days));
      break;
    case Rule::recommendation_undone:
      line.owner = owner_in(t.variant);
      line.severity = later(t.variant & kUrgent, Severity::high, Severity::medium);
      line.suggested_act = "record_review";
      w.say("The recommendation accepted on {} is not done after {}.",
            "La recomendación aceptada el {} sigue sin realizarse tras {}.", w.day(e0.date), w.days(e0_days));
      break;
    case Rule::recommendation_trial:
      line.suggested_act = "judge_trial";
      w.say("Recommendation done {} ago, on {}; nobody has judged whether the trial was adequate.",
            "Recomendación realizada hace {}, el {}; falta valorar si el ensayo fue adecuado.", w.span(e0_days), w.day(e0.date));
      break;
    case Rule::question_open:
      line.owner = "psychiatric_consultant";
      line.severity = later(t.variant & kUrgent, Severity::high, Severity::medium);
      line.suggested_act = "answer_question";
      w.say("The question to the consultant of {} has waited {} for an answer.",
            "La pregunta al consultor del {} lleva {} esperando respuesta.", w.day(e0.date), w.days(e0_days));
      break;
    case Rule::goal_review:
      line.severity = Severity::low;
      line.suggested_act = "review_goals";
      if (t.variant > 1)
        w.say("{} goals not looked at for {}.", "{} metas sin revisar desde hace {}.", static_cast<int>(t.variant),
              w.span(e0_days));
      else w.say("Goal not looked at for {}.", "Meta sin revisar desde hace {}.", w.span(e0_days));
      break;
    case Rule::education_language: {
      line.severity = Severity::low;
      const std::string_view note = t.note;
      const std::size_t gap = note.find(' ');
      const auto of = language_name(note.substr(0, gap), w.spanish()), theirs = language_name(note.substr(gap + 1), w.spanish());
      if (!t.evidence.empty() && t.evidence[0].kind == EvidenceKind::material) {
        line.suggested_act = "give_material";
        w.say("What the patient was given to read is in {}; their language is {}.",
              "Lo que se le dio para leer está en {}; el idioma del paciente es {}.", of, theirs);
        break;
      }
      line.suggested_act = "revise_plan";
      w.say("The plan is in {}; the patient's language is {}.", "El plan está en {}; el idioma del paciente es {}.", of, theirs);
      break;
    }
    case Rule::plan_relapse_prevention:
      line.severity = later(today >= t.due, Severity::medium, Severity::low);
      line.suggested_act = "write_relapse_plan";
      w.say("In relapse prevention since {} without a written plan; {}.",
            "En prevención de recaídas desde el {} sin plan escrito; {}.", w.day(e0.date), w.due(t.due));
      break;
    case Rule::pathway_measure: {
      line.severity = Severity::low;
      line.suggested_act = "measure";
      const auto& criteria = scene.rules.criteria(t.note);
      const std::string_view label = criteria.label.empty() ? std::string_view(t.note) : std::string_view(criteria.label);
      const int wording = t.variant / 16, forms = t.variant % 16;
      if (wording == 1)
        w.say("{} is due again for the pathway; the last was on {}", "Toca repetir {} según la ruta; el último fue el {}", label,
              w.day(e0.date));
      else if (wording == 2)
        w.say("{} is called for by a score of {}", "Una medición del {} pide {}",
              w.spanish() ? w.day(e0.date) : std::string(label), w.spanish() ? std::string(label) : w.day(e0.date));
      else
        w.say("{} of the pathway not done since enrolment {} ago", "{} de la ruta sin hacer desde la inscripción, hace {}", label,
              w.days(e0_days));
      if (forms > 1) w.say(" ({} forms due)", " ({} formularios pendientes)", forms);
      w.say(".", ".");
      break;
    }
    case Rule::visit_missing:
      line.severity = Severity::low;
      line.owner = "billing";
      line.suggested_act = "record_visit";
      w.say("No initiating visit on record; the work since {} cannot be billed.",
            "No consta visita inicial; lo hecho desde el {} no se puede facturar.", w.day(e0.date));
      break;
    case Rule::minutes_near: {
      line.severity = Severity::low;
      line.suggested_act = "contact";
      const int counted = static_cast<int>(e0.value.value_or(0));
      const int wanted = static_cast<int>(t.evidence[1].value.value_or(0));
      w.say("{} min this month; {} more by {} reach {}.", "{} min este mes; con {} más hasta el {} se alcanza {}.", counted,
            wanted - counted, w.weekday(t.due), t.note);
      break;
    }
    case Rule::task_due:
      line.owner = owner_in(t.variant);
      line.severity = later(today > t.due, Severity::high, Severity::medium);
      line.suggested_act = "do_task";
      if (t.who.empty()) w.say("Task “{}” {}.", "Tarea «{}»: {}.", t.note, w.due(t.due));
      else w.say("Task “{}” of {} {}.", "Tarea «{}» de {}: {}.", t.note, t.who, w.due(t.due));
      break;
    case Rule::care_manager_missing:
      line.severity = Severity::high;
      line.owner = "program_manager";
      line.suggested_act = "assign_care_manager";
      if (t.variant == 1)
        w.say("Nobody's patient: {} has not worked here since {}.", "Paciente de nadie: {} ya no trabaja aquí desde el {}.",
              t.note, w.day(t.from));
      else
        w.say("Nobody's patient: enrolled on {} and without a care manager.",
              "Paciente de nadie: con inscripción del {} y sin gestor de atención.", w.day(e0.date));
      break;
    case Rule::target_met: {
      line.severity = Severity::low;
      line.suggested_act = "plan_relapse_prevention";
      const Evidence* first = find(t, EvidenceKind::measurement, 1);
      const Evidence* now = find(t, EvidenceKind::measurement, 2);
      const double from = e0.value.value_or(0);
      const double a = first ? first->value.value_or(0) : 0, b = now ? now->value.value_or(0) : 0;
      w.say("Target met: {} {} → {}, then {}; time to plan relapse prevention.",
            "Meta alcanzada: {} {} → {}, luego {}; toca planear la prevención de recaídas.", w.label(), number(from), number(a),
            number(b));
      break;
    }
    case Rule::relapse: {
      line.severity = Severity::high;
      line.suggested_act = "review_episode";
      const Evidence* best = find(t, EvidenceKind::measurement, 1);
      w.say("{} back at {} on {} in relapse prevention", "{} otra vez en {} el {}, en prevención de recaídas", w.label(),
            number(e0.value.value_or(0)), w.day(e0.date));
      if (best) w.say(" (was {})", " (era {})", number(best->value.value_or(0)));
      w.say(".", ".");
      break;
    }
    case Rule::episode_long: {
      const bool again = scene.enrolled && scene.enrolled->plus_months(n.episode_long_again_months) <= today;
      line.severity = later(again, Severity::medium, Severity::low);
      if (again && scene.enrolled) line.due = scene.enrolled->plus_months(n.episode_long_again_months);
      line.suggested_act = "review_episode";
      w.say("In active care for {}; talk over whether this is still the right care.",
            "En atención activa desde hace {}; conviene hablar de si sigue siendo la adecuada.",
            w.months(again ? n.episode_long_again_months : n.episode_long_months));
      break;
    }
    case Rule::inactive: {
      const bool close = today >= t.due;
      line.severity = later(close, Severity::high, Severity::medium);
      line.suggested_act = close ? "close_episode" : "contact";
      w.say("No treatment contact for {}", "Sin contacto de tratamiento desde hace {}", w.days(e0_days));
      if (close)
        w.say("; proposed: close as inactive, dated {}.", "; propuesta: cerrar por inactividad con fecha {}.", w.day(t.due));
      else w.say("; from {} the episode counts as inactive.", "; desde el {} el episodio cuenta como inactivo.", w.day(t.due));
      break;
    }
    case Rule::consent_missing:
      line.severity = Severity::low;
      line.owner = "billing";
      line.suggested_act = "review_episode";
      if (t.variant == 2)
        w.say("Consent withdrawn on {}; work since then cannot be billed.",
              "Consentimiento retirado el {}; lo hecho desde entonces no se puede facturar.", w.day(e0.date));
      else
        w.say("No consent on record; the work since {} cannot be billed.",
              "No consta consentimiento; lo hecho desde el {} no se puede facturar.", w.day(e0.date));
      break;
    case Rule::message_unanswered:
      line.owner = owner_in(t.variant);
      line.severity = later(today > t.due, Severity::high, Severity::medium);
      line.suggested_act = "answer_message";
      w.say("A message of {} from the patient has waited {} for an answer.",
            "Un mensaje del paciente del {} lleva {} esperando respuesta.", w.day(e0.date), w.days(e0_days));
      break;
    case Rule::community_open:
      line.owner = owner_in(t.variant);
      line.severity = later(today > t.due.plus_days(n.community_open_days), Severity::high, Severity::medium);
      line.suggested_act = "confirm_community_referral";
      w.say("Sent to a service ({}) on {}; nobody has confirmed for {} that the patient was seen.",
            "Se derivó a un servicio ({}) el {}; desde hace {} nadie ha confirmado que vieron al paciente.",
            need_in(t.note, scene.language), w.day(e0.date), w.days(e0_days));
      break;
    case Rule::checkin_unseen: {
      line.suggested_act = "see_measurement";
      const auto& criteria = scene.rules.criteria(t.note);
      const std::string_view label = criteria.label.empty() ? std::string_view(t.note) : std::string_view(criteria.label);
      w.say("{} sent in on {}, not yet seen by the team", "{} recibido el {}, aún sin ver por el equipo", label, w.day(e0.date));
      if (t.variant > 1) w.say(" ({} answers waiting)", " ({} respuestas en espera)", static_cast<int>(t.variant));
      w.say(".", ".");
      break;
    }
  }

  line.evidence.resize(t.evidence_count);
  for (std::size_t i = 0; i < t.evidence_count; ++i) {
    const Evidence& e = t.evidence[i];
    EvidenceLine& out = line.evidence[i];
    out.kind = e.kind;
    out.id = e.id;
    out.date = e.date;
    out.value = e.value;
    evidence_text(e, t, scene, w, out.text);
  }
}

std::vector<Line> attention(const CaseloadRow& row, const RuleSet& rules, Date today, std::string_view language,
                            std::optional<Instant> now, Deferred deferred) {
  const Scene scene{rules, today, now, language, row.primary.instrument, row.enrolled, row.pathway};
  std::vector<Line> lines;
  for (const Trigger& t : row.triggers) {
    if (!(deferred == Deferred::include ? t.fires(today) : t.counts(today))) continue;
    lines.emplace_back();
    render(t, scene, lines.back());
  }
  return lines;
}

void write_line(json::Writer& w, const Line& line, const IdText& id_text) {
  w.object().field("rule", name(line.rule)).field("severity", name(line.severity)).field("owner", line.owner);
  if (!line.owner_name.empty()) w.field("owner_name", line.owner_name);
  if (!line.escalated_to.empty()) w.field("escalated_to", line.escalated_to);
  w.key("due");
  if (line.due_at) w.value(*line.due_at);
  else w.value(line.due);
  w.field("text", line.text).key("evidence").array();
  for (const EvidenceLine& e : line.evidence) {
    w.object().field("kind", kEvidenceKinds[static_cast<std::size_t>(e.kind)]);
    if (!e.id.is_nil()) {
      w.key("id");
      if (id_text) w.value(id_text(e.id));
      else w.value(e.id);
    }
    w.field("date", e.date);
    if (e.value) w.field("value", *e.value);
    w.field("text", e.text).end();
  }
  w.end().field("citation", line.citation).key("parameters").raw(line.parameters.empty() ? "{}" : line.parameters);
  w.field("suggested_act", line.suggested_act);
  if (line.deferred_until) w.field("deferred_until", *line.deferred_until);
  w.end();
}

void append_list_line(std::string& out, const Line& line) {
  out += "{\"rule\":\"";
  out += name(line.rule);
  out += "\",\"due\":\"";
  if (line.due_at) out += iso(*line.due_at);
  else line.due.append_iso(out);
  out += "\",\"text\":";
  json::append_string(out, line.text);
  out += ",\"suggested_act\":\"";
  out += line.suggested_act;
  out += "\"}";
}

void write_summary(json::Writer& w, const ScoreSummary& s, const RuleSet& rules) {
  const auto& criteria = rules.criteria(s.instrument);
  w.object().key("instrument");
  if (s.instrument.empty()) w.null();
  else w.value(s.instrument);
  w.field("baseline", s.baseline).field("baseline_date", s.baseline_date).field("current", s.current);
  w.field("current_date", s.current_date).field("change", s.change).key("percent");
  if (s.percent) w.value(measurements::one_decimal(*s.percent));
  else w.null();
  w.key("points").array();
  for (const Point& p : s.points) w.array().value(p.date).value(p.total).end();
  w.end().key("range").array().value(criteria.minimum).value(criteria.maximum).end().end();
}

void write_list_summary(json::Writer& w, const ScoreSummary& s, Points points) {
  const auto known = [&](std::string_view key, const auto& value) {
    if (value) w.field(key, *value);
  };
  w.object().field("instrument", s.instrument);
  known("baseline", s.baseline);
  known("baseline_date", s.baseline_date);
  known("current", s.current);
  known("current_date", s.current_date);
  if (s.percent) w.field("percent", measurements::one_decimal(*s.percent));
  if (points == Points::with && s.points.size() > 1) {
    const Date from = s.points.front().date;
    w.field("points_from", from).key("points").array();
    for (const Point& p : s.points) w.array().value(p.date - from).value(p.total).end();
    w.end();
  }
  w.end();
}

std::string caseload_json(std::span<const CaseloadRow> rows, const RuleSet& rules, Date day, std::string_view language,
                          const IdText& id_text) {
  std::string out;
  json::Writer w(out);
  auto id = [&](const Uuid& uuid) {
    if (id_text) w.value(id_text(uuid));
    else w.value(uuid);
  };
  w.object().field("as_of", day).key("rows").array();
  for (const CaseloadRow& row : rows) {
    w.object().key("patient_id");
    id(row.patient.uuid);
    w.key("episode_id");
    id(row.episode.uuid);
    w.field("state", episodes::name(row.state));
    w.field("weeks_in_care", weeks_between(row.enrolled, row.closed && *row.closed < day ? *row.closed : day));
    w.key("care_manager");
    if (row.care_manager_name.empty()) w.null();
    else w.value(row.care_manager_name);
    const ScoreSummary& s = row.primary;
    w.key("primary").object().key("instrument");
    if (s.instrument.empty()) w.null();
    else w.value(s.instrument);
    w.field("baseline", s.baseline).field("baseline_date", s.baseline_date).field("current", s.current);
    w.field("current_date", s.current_date).field("change", s.change).key("percent");
    if (s.percent) w.value(measurements::one_decimal(*s.percent));
    else w.null();
    w.end().field("next_due", row.next_due).key("attention").array();
    for (const Line& line : attention(row, rules, day, language)) {
      w.object().field("rule", name(line.rule)).field("severity", name(line.severity)).field("owner", line.owner);
      if (!line.owner_name.empty()) w.field("owner_name", line.owner_name);
      w.key("due");
      if (line.due_at) w.value(*line.due_at);
      else w.value(line.due);
      w.field("text", line.text).key("evidence").array();
      for (const EvidenceLine& e : line.evidence) {
        w.object().field("kind", kEvidenceKinds[static_cast<std::size_t>(e.kind)]);
        if (!e.id.is_nil()) {
          w.key("id");
          id(e.id);
        }
        w.field("date", e.date);
        if (e.value) w.field("value", *e.value);
        w.field("text", e.text).end();
      }
      w.end().field("citation", line.citation).field("suggested_act", line.suggested_act).end();
    }
    w.end().end();
  }
  w.end().end();
  return out;
}

}  // namespace concord::caseload
