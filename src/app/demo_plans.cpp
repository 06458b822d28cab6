#include "app/demo_plans.h"

#include <algorithm>

#include "episodes/episodes_api.h"
#include "episodes/episodes_store.h"
#include "instruments/score.h"
#include "json/bilingual.h"
#include "measurements/measurements_store.h"
#include "patients/conditions_store.h"
#include "patients/patients_store.h"
#include "plans/plans_store.h"

namespace concord::app {
namespace {

using json::Bilingual;
constexpr int kMostPatients = 400;  // of one care manager

struct GoalWords {
  Bilingual what, where_with, obstacle, obstacle_plan;
  int times;
};
const GoalWords kGoals[] = {
    {{"walk 10 minutes", "caminar 10 minutos"},
     {"with a friend", "con una amiga"},
     {"rain", "lluvia"},
     {"walk in the mall", "caminar en el centro comercial"},
     2},
    {{"call my sister", "llamar a mi hermana"},
     {"from home", "desde casa"},
     {"no energy in the evening", "sin energía por la noche"},
     {"call at lunch", "llamar al mediodía"},
     1},
    {{"get up before 8", "levantarme antes de las 8"},
     {"at home", "en casa"},
     {"a bad night", "una mala noche"},
     {"open the curtains first", "abrir primero las cortinas"},
     5},
    {{"cook a warm meal", "cocinar algo caliente"},
     {"with the children", "con los niños"},
     {"no groceries", "sin compras"},
     {"shop on Saturday", "comprar el sábado"},
     3},
};
const Bilingual kWants[] = {
    {"Sleep through the night and have energy for the children.", "Dormir toda la noche y tener energía para los niños."},
    {"Go back to work without fear.", "Volver al trabajo sin miedo."},
    {"Feel like myself again.", "Volver a sentirme yo."},
    {"See friends again.", "Volver a ver a mis amistades."}};

class Filler {
 public:
  Filler(db::Tx& tx, IdSource& ids, Instant now, OrganizationId organization, Date today, const instruments::Library& library)
      : tx_(tx), ids_(ids), now_(now), organization_(organization), today_(today), library_(library) {}

  void fill(patients::PatientId patient) {
    const auto episode = episodes::find_open(tx_, organization_, patient);
    const auto person = patients::find(tx_, organization_, patient);
    if (!episode || !person || !episode->enrolled_date || !episode->care_manager) return;
    patient_ = patient;
    language_ = person->language.value_or("en").starts_with("es") ? "es" : "en";
    by_ = *episode->care_manager;
    labels_ = episode->labels;
    number_ = patient.uuid.bytes[15];
    const Date begun = std::min(episode->enrolled_date->plus_days(7), today_);
    intake_forms(*episode->enrolled_date);
    if (number_ % 8 != 7) care_plan(begun);
    if (number_ % 4 != 3) goal(begun);
    if (number_ % 3 == 0) decision(std::min(episode->enrolled_date->plus_days(3), today_));
    if (number_ % 3 == 1) condition(begun);
    if (number_ % 5 == 0) allergy();
    if (episode->state == episodes::State::relapse_prevention && number_ % 3 != 0)
      relapse_plan(episode->relapse_prevention_date.value_or(today_));
  }

 private:
  std::string say(const Bilingual& words) const { return words.in(language_); }
  std::string say(std::string_view en, std::string_view es) const { return std::string(language_ == "es" ? es : en); }

  /// What the pathway asks for at intake; a few are still to do, a few are positive.
  void intake_forms(Date on) {
    if (number_ % 12 == 11) return;
    form("audit-c", number_ % 10 == 4 ? 6 : number_ % 3, on);
    form("dast-10", number_ % 10 == 7 ? 3 : 0, on);
    form("pc-ptsd-5", number_ % 4, on);
    if (number_ % 9 != 8) second_scale(on);
  }
  /// The histories hold a GAD-7 now and then; care by a pathway has one at intake and every second month.
  void second_scale(Date enrolled) {
    const measurements::Measurement *first = nullptr, *last = nullptr;
    std::optional<Date> last_gad;
    const auto all = measurements::list(tx_, organization_, patient_);
    for (const auto& m : all) {
      if (m.administered_date < enrolled || !m.total) continue;
      if (m.instrument == "gad-7" && (!last_gad || m.administered_date > *last_gad)) last_gad = m.administered_date;
      if (m.instrument != "phq-9") continue;
      if (last == nullptr || m.administered_date > last->administered_date) last = &m;
      if (first == nullptr || m.administered_date < first->administered_date) first = &m;
    }
    const auto beside = [&](const measurements::Measurement& phq9) {
      form("gad-7", std::min(21, static_cast<int>(*phq9.total * 0.75)), phq9.administered_date);
      last_gad = phq9.administered_date;
    };
    if (first != nullptr && !last_gad) beside(*first);
    if (last != nullptr && last_gad && last->administered_date - *last_gad >= 30) beside(*last);
  }
  void form(std::string_view instrument, int total, Date on) {
    const auto score = instruments::score_total(library_, instrument, std::to_string(total), {});
    if (!score) return;
    measurements::Measurement m;
    m.id = measurements::MeasurementId(ids_.next());
    m.patient = patient_;
    m.instrument = std::string(instrument);
    m.instrument_version = "1.0.0";
    m.mode = "phone";
    m.language = language_;
    m.administered_at = std::min(now_, Instant(on.sys() + std::chrono::hours(16)));  // around noon at the demo's sites
    m.administered_date = on;
    m.total = total;
    if (!score->band.empty()) m.severity = score->band;
    m.source = "simulation";
    m.entered_by = m.seen_by = by_;
    m.entered_at = m.administered_at;
    m.seen_at = m.administered_at;
    m.labels = labels_;
    measurements::insert(tx_, organization_, m);
  }

  plans::Plan plan(std::string kind, Date on, plans::Content content) {
    plans::Plan p;
    p.id = plans::PlanId(ids_.next());
    p.patient = patient_;
    p.kind = std::move(kind);
    p.title = std::string(plans::title_of(p.kind, language_));
    p.start_date = on;
    p.labels = labels_;
    plans::PlanVersion v;
    v.language = language_;
    v.content = std::move(content);
    v.written_date = on;
    v.written_by = by_;
    p.versions.push_back(std::move(v));
    plans::insert(tx_, organization_, p);
    return p;
  }
  void asked(const plans::Plan& p, std::string view, std::optional<std::string> words, Date on, bool takes_effect) {
    plans::add_view(tx_, organization_, p, 1, {ids_.next(), std::move(view), std::move(words), on, by_}, now_);
    if (!takes_effect) return;
    auto v = p.newest();
    v.state = "in_effect";
    v.effective_date = on;
    plans::set_state(tx_, organization_, p, v);
  }

  void care_plan(Date on) {
    plans::Content c;
    c.wants = say(kWants[number_ / 8 % 4]);
    c.preferences = say("Calls in the afternoon; no tablets at night.", "Llamadas por la tarde; nada de tabletas por la noche.");
    c.values = say("Being there for the family.", "Estar para la familia.");
    c.barriers = say("Shift work, a long bus ride.", "Turnos de trabajo, un viaje largo en autobús.");
    c.supports = say("Sister, neighbor, church.", "Hermana, vecina, iglesia.");
    c.steps = {{say("A call every week", "Una llamada cada semana"), say("care manager", "coordinadora"), std::nullopt},
               {say("One thing a day that used to be fun", "Cada día una cosa que antes gustaba"), say("patient", "paciente"),
                std::nullopt}};
    c.written_with = {"patient"};
    const auto p = plan("care_plan", on, std::move(c));
    switch (number_ % 8) {
      case 0:
        break;  // not asked yet
      case 1:
        asked(p, "wants_something_else", say("I would rather talk than take anything.", "Prefiero hablar a tomar algo."), on,
              false);
        break;
      case 2:
        asked(p, "agreed_with_reservation", say("Yes, but no tablets at night.", "Sí, pero nada de tabletas por la noche."), on,
              true);
        break;
      default:
        asked(p, "agreed", std::nullopt, on, true);
    }
  }

  void relapse_plan(Date on) {
    plans::Content c;
    c.warning_signs = {say("I stop answering the phone", "Dejo de contestar el teléfono"),
                       say("I wake at four", "Me despierto a las cuatro")};
    c.helps = {say("Walking in the morning", "Caminar por la mañana"), say("Talking with my sister", "Hablar con mi hermana")};
    c.contacts = {{say("Care manager at the clinic", "Coordinadora de la clínica"), "555-0100",
                   say("weekdays 8 to 5", "lunes a viernes de 8 a 5")},
                  {"988", "988", say("any time, by phone or text", "a cualquier hora, por teléfono o mensaje")}};
    c.maintenance =
        say("The medicine goes on for 6 months, then we look again.", "La medicina sigue 6 meses y después lo vemos.");
    c.way_back = say("Call the clinic; no new referral is needed.", "Llamar a la clínica; no hace falta otra derivación.");
    c.written_with = {"patient"};
    asked(plan("relapse_prevention", on, std::move(c)), "agreed", std::nullopt, on, true);
  }

  void goal(Date on) {
    const auto& words = kGoals[number_ / 4 % 4];
    plans::Goal g;
    g.id = plans::GoalId(ids_.next());
    g.patient = patient_;
    g.what = say(words.what);
    g.where_with = say(words.where_with);
    g.times_per_week = words.times;
    g.confidence = 4 + number_ % 6;
    g.obstacle = say(words.obstacle);
    g.obstacle_plan = say(words.obstacle_plan);
    g.language = language_;
    g.start_date = g.status_date = on;
    g.labels = labels_;
    std::vector<plans::GoalEntry> entries;
    for (int week = 0; on.plus_days(7 * week) <= today_ && week < 26; ++week) {
      const Date monday = on.plus_days(7 * week);
      if ((week + number_) % 3 != 0)
        entries.push_back({ids_.next(), monday, "check_off", week % 5 == 4 ? "something_else" : "done", std::nullopt, "", by_});
      if (week % 4 == 3)
        entries.push_back({ids_.next(), monday, "review", week % 8 == 3 ? "some" : "going_well",
                           std::min(10, *g.confidence + week / 4), "", by_});
    }
    g.last_reviewed_date = on;
    for (const auto& e : entries)
      if (e.kind == "review") g.last_reviewed_date = e.on;
    plans::insert(tx_, organization_, g);
    for (const auto& e : entries) plans::insert_entry(tx_, organization_, g, e, now_);
  }

  void decision(Date on) {
    plans::Decision d;
    d.id = plans::DecisionId(ids_.next());
    d.patient = patient_;
    d.on = on;
    d.aid = "therapy-medicine-or-both";
    d.aid_version = "1.0.0";
    d.topic = "Talking, medicine or both";
    d.language = language_;
    d.options = {"therapy", "medicine", "both", "watch"};
    d.weights = {{"talk", 1 + number_ % 5}, {"no_medicine", number_ / 2 % 6}, {"soon", 3}};
    d.choice = d.options[number_ % 4];
    d.took_part = {"patient", "care_manager"};
    d.labels = labels_;
    d.recorded_by = by_;
    plans::insert(tx_, organization_, d, now_);
  }

  void condition(Date on) {
    patients::Condition c;
    c.id = patients::ConditionId(ids_.next());
    c.patient = patient_;
    const bool diabetes = number_ % 2 == 0;
    c.text = diabetes ? "Type 2 diabetes mellitus" : "Essential hypertension";
    c.code = diabetes ? "E11.9" : "I10";
    c.code_system = "http://hl7.org/fhir/sid/icd-10-cm";
    c.onset_date = on.plus_days(-365 * (2 + number_ % 7));
    c.recorded_date = on;
    c.labels = labels_;
    patients::insert(tx_, organization_, c, std::min(now_, Instant(on.sys() + std::chrono::hours(16))));
  }

  void allergy() {
    patients::Allergy a;
    a.id = patients::AllergyId(ids_.next());
    a.patient = patient_;
    a.substance = "Penicillin";
    a.category = "medication";
    a.criticality = "high";
    a.reaction = "Hives";
    a.labels = labels_;
    patients::insert(tx_, organization_, a);
  }

  db::Tx& tx_;
  IdSource& ids_;
  Instant now_;
  OrganizationId organization_;
  Date today_;
  const instruments::Library& library_;
  patients::PatientId patient_;
  std::string language_, labels_;
  UserId by_;
  int number_ = 0;
};

}  // namespace

Result<void> add_demo_plans(db::Database& database, const Slices& slices, IdSource& ids, Instant now, OrganizationId organization,
                            const simulation::Cohort& cohort) {
  return database.write([&](db::Tx& tx) -> Result<void> {
    Filler filler(tx, ids, now, organization, cohort.options.today, slices.data().instruments);
    std::vector<patients::PatientId> filled;
    for (const auto& site : cohort.sites)
      for (const auto manager : site.care_managers)
        for (const auto patient : episodes::patients_of(tx, organization, site.id, manager, kMostPatients)) {
          filler.fill(patient);
          filled.push_back(patient);
        }
    std::sort(filled.begin(), filled.end());
    slices.refresh(tx, organization, filled);
    return {};
  });
}

}  // namespace concord::app
