#include "measures/program_words.h"

namespace concord::measures {
namespace {

struct Words {
  std::string_view en, es;
  std::string_view in(std::string_view language) const { return language.starts_with("es") ? es : en; }
};
struct Figure {
  std::string_view id;
  Words name, of;
};
struct Reason {
  std::string_view code;
  Words words;
};

constexpr Words kNotImproved = {"not improved at ten weeks", "sin mejoría a las diez semanas"};
constexpr Words kEncounters = {"patients with a depression encounter in the period",
                               "pacientes con un encuentro por depresión en el período"};
constexpr Words kIndexed = {"patients with an elevated index PHQ-9", "pacientes con un PHQ-9 índice elevado"};
constexpr Words kFte = {"care-manager FTE", "FTE de gestores de cuidados"};

constexpr Figure kFigures[] = {
    {"caseload", {"caseload", "cartera"}, {"patients enrolled in the period", "pacientes inscritos en el período"}},
    {"active_caseload",
     {"active caseload", "cartera activa"},
     {"patients enrolled on the last day", "pacientes inscritos el último día"}},
    {"caseload_per_fte", {"caseload per FTE", "cartera por FTE"}, kFte},
    {"active_caseload_per_fte", {"active caseload per FTE", "cartera activa por FTE"}, kFte},
    {"contacts_per_month",
     {"contacts per patient and month", "contactos por paciente y mes"},
     {"months in which a patient was enrolled", "meses en que un paciente estuvo inscrito"}},
    {"three_contacts", {"three or more contacts in three months", "tres o más contactos en tres meses"}, {"caseload", "cartera"}},
    {"first_contact",
     {"first contact within four weeks", "primer contacto en cuatro semanas"},
     {"episodes whose four weeks ended in the period", "episodios cuyas cuatro semanas terminaron en el período"}},
    {"days_to_first_contact",
     {"days to first contact", "días hasta el primer contacto"},
     {"episodes with their first contact in the period", "episodios con su primer contacto en el período"}},
    {"score_monitored",
     {"score in the last 30 days", "puntuación en los últimos 30 días"},
     {"active caseload, enrolled for all 30 days", "cartera activa, inscrita los 30 días"}},
    {"score_at_contact",
     {"score at the contact", "puntuación en el contacto"},
     {"contacts in the period", "contactos del período"}},
    {"median_phq9", {"median PHQ-9", "mediana del PHQ-9"}, {"active caseload with a PHQ-9", "cartera activa con un PHQ-9"}},
    {"improved",
     {"improved at ten weeks", "mejoría a las diez semanas"},
     {"caseload, ten weeks or more, elevated baseline", "cartera, diez semanas o más, puntuación inicial elevada"}},
    {"consulted", {"not improved: psychiatric consultation", "sin mejoría: consulta psiquiátrica"}, kNotImproved},
    {"changed", {"not improved: change of treatment", "sin mejoría: cambio de tratamiento"}, kNotImproved},
    {"reviewed_weeks_8_to_12",
     {"reviewed in weeks 8 to 12", "revisado en las semanas 8 a 12"},
     {"not improved by week 8, window ended in the period", "sin mejoría en la semana 8, plazo terminado en el período"}},
    {"change_after_review",
     {"change within two weeks after a review", "cambio en dos semanas tras una revisión"},
     {"reviews that ask for a change, two weeks ended in the period",
      "revisiones que piden un cambio, dos semanas terminadas en el período"}},
    {"days_to_change",
     {"days from review to change", "días de la revisión al cambio"},
     {"changes in the period that follow a review", "cambios del período que siguen a una revisión"}},
    {"dsf_screening",
     {"screened for depression", "con detección de depresión"},
     {"patients with a visit in the year, not in care for depression before it",
      "pacientes con una visita en el año, sin atención previa por depresión"}},
    {"dsf_follow_up",
     {"positive and cared for within 30 days", "positivo y atendido en 30 días"},
     {"patients screened positive", "pacientes con detección positiva"}},
    {"dms_first", {"PHQ-9, January to April", "PHQ-9, enero a abril"}, kEncounters},
    {"dms_second", {"PHQ-9, May to August", "PHQ-9, mayo a agosto"}, kEncounters},
    {"dms_third", {"PHQ-9, September to December", "PHQ-9, septiembre a diciembre"}, kEncounters},
    {"dms_all",
     {"PHQ-9, all three periods", "PHQ-9, los tres períodos"},
     {"periods with a depression encounter, three a patient at most",
      "períodos con un encuentro por depresión, tres por paciente como máximo"}},
    {"drr_follow_up", {"PHQ-9 again after 120 to 240 days", "nuevo PHQ-9 a los 120 a 240 días"}, kIndexed},
    {"drr_remission", {"remission after 120 to 240 days", "remisión a los 120 a 240 días"}, kIndexed},
    {"drr_response", {"response after 120 to 240 days", "respuesta a los 120 a 240 días"}, kIndexed},
};

constexpr Reason kReasons[] = {
    {"enrolled", {"enrolled in the period", "inscrito en el período"}},
    {"enrolled_on_the_last_day", {"enrolled on the last day", "inscrito el último día"}},
    {"not_enrolled_in_period", {"not enrolled in the period", "no inscrito en el período"}},
    {"later_episode_counts", {"a later episode of the period counts", "cuenta un episodio posterior del período"}},
    {"discharged", {"discharged by the last day", "dado de alta hasta el último día"}},
    {"inactive", {"without a clinical contact for 90 days", "sin contacto clínico durante 90 días"}},
    {"enough_contacts", {"three or more contacts", "tres o más contactos"}},
    {"fewer_contacts", {"fewer than three contacts", "menos de tres contactos"}},
    {"no_contact", {"no contact", "sin contacto"}},
    {"contact_in_time", {"contact within four weeks", "contacto en cuatro semanas"}},
    {"contact_later", {"first contact after four weeks", "primer contacto después de cuatro semanas"}},
    {"discharged_without_contact", {"discharged without a contact", "dado de alta sin contacto"}},
    {"discharged_early", {"discharged before the time was over", "dado de alta antes de terminar el plazo"}},
    {"not_due_yet", {"not due yet", "aún no vence"}},
    {"clock_ended_earlier", {"was due before the period", "venció antes del período"}},
    {"first_contact_in_period", {"first contact in the period", "primer contacto en el período"}},
    {"first_contact_earlier", {"first contact before the period", "primer contacto antes del período"}},
    {"no_contact_yet", {"no contact yet", "aún sin contacto"}},
    {"scored_in_the_window", {"a score in the 30 days", "una puntuación en los 30 días"}},
    {"score_older", {"the last score is older than 30 days", "la última puntuación tiene más de 30 días"}},
    {"never_scored", {"never scored in this episode", "sin puntuación en este episodio"}},
    {"enrolled_within_the_window", {"enrolled for less than 30 days", "inscrito desde hace menos de 30 días"}},
    {"no_primary_scale", {"no primary scale", "sin escala principal"}},
    {"every_contact_scored", {"a score at every contact", "una puntuación en cada contacto"}},
    {"some_contacts_scored", {"a score at some contacts", "una puntuación en algunos contactos"}},
    {"no_contact_scored", {"a score at no contact", "sin puntuación en los contactos"}},
    {"no_contact_in_period", {"no contact in the period", "sin contacto en el período"}},
    {"scored", {"has a score", "tiene una puntuación"}},
    {"no_score", {"no score in this episode", "sin puntuación en este episodio"}},
    {"other_primary_scale", {"followed by another scale than the PHQ-9", "seguido con otra escala que el PHQ-9"}},
    {"under_10_weeks", {"in treatment for less than ten weeks", "menos de diez semanas en tratamiento"}},
    {"no_baseline", {"no baseline score", "sin puntuación inicial"}},
    {"baseline_not_elevated", {"the baseline is not elevated", "la puntuación inicial no es elevada"}},
    {"no_later_score", {"no score after the baseline", "sin puntuación después de la inicial"}},
    {"improved", {"improved", "mejoró"}},
    {"not_improved", {"not improved", "no mejoró"}},
    {"consulted", {"reviewed with a recommendation", "revisado con una recomendación"}},
    {"review_without_recommendation", {"reviewed without a recommendation", "revisado sin recomendación"}},
    {"not_reviewed", {"not reviewed", "sin revisión"}},
    {"changed", {"treatment changed", "tratamiento cambiado"}},
    {"not_changed", {"treatment not changed", "tratamiento sin cambios"}},
    {"before_week_8", {"enrolled for less than eight weeks", "inscrito desde hace menos de ocho semanas"}},
    {"discharged_before_week_8", {"discharged before week 8", "dado de alta antes de la semana 8"}},
    {"no_baseline_by_week_8", {"no baseline score by week 8", "sin puntuación inicial hasta la semana 8"}},
    {"improved_by_week_8", {"improved by week 8", "mejoró hasta la semana 8"}},
    {"reviewed_in_window", {"reviewed in weeks 8 to 12", "revisado en las semanas 8 a 12"}},
    {"reviewed_later", {"reviewed after week 12", "revisado después de la semana 12"}},
    {"discharged_without_review", {"discharged without a review", "dado de alta sin revisión"}},
    {"no_review_asks_for_a_change", {"no review asks for a change", "ninguna revisión pide un cambio"}},
    {"changed_in_time", {"changed within two weeks", "cambio en dos semanas"}},
    {"some_changed_in_time", {"changed in time after some reviews", "cambio a tiempo tras algunas revisiones"}},
    {"not_changed_in_time", {"not changed within two weeks", "sin cambio en dos semanas"}},
    {"changed_in_period", {"changed in the period", "cambio en el período"}},
    {"no_change_in_period", {"no change in the period", "sin cambio en el período"}},
    {"no_visit", {"no visit in the year", "sin visita en el año"}},
    {"too_young", {"younger than 12", "menor de 12 años"}},
    {"no_birth_date", {"no birth date", "sin fecha de nacimiento"}},
    {"excluded_died", {"died by the last day", "falleció hasta el último día"}},
    {"excluded_hospice", {"in hospice care", "en cuidados de hospicio"}},
    {"excluded_bipolar", {"bipolar disorder", "trastorno bipolar"}},
    {"excluded_personality_disorder", {"personality disorder", "trastorno de la personalidad"}},
    {"excluded_psychotic_disorder", {"psychotic disorder", "trastorno psicótico"}},
    {"excluded_developmental_disorder", {"pervasive developmental disorder", "trastorno generalizado del desarrollo"}},
    {"known_depression", {"in care for depression before the year", "en atención por depresión antes del año"}},
    {"screened", {"screened", "con detección"}},
    {"not_screened", {"not screened", "sin detección"}},
    {"screened_too_late", {"screened after 1 December", "detección después del 1 de diciembre"}},
    {"screened_negative", {"screened negative", "detección negativa"}},
    {"same_day_negative", {"PHQ-9 negative on the same day", "PHQ-9 negativo el mismo día"}},
    {"cared_for_in_time", {"care within 30 days", "atención en 30 días"}},
    {"no_care_in_time", {"no care within 30 days", "sin atención en 30 días"}},
    {"no_depression_encounter", {"no depression encounter in the period", "sin encuentro por depresión en el período"}},
    {"phq9_in_the_period", {"PHQ-9 in the same period", "PHQ-9 en el mismo período"}},
    {"no_phq9_in_the_period", {"no PHQ-9 in the period", "sin PHQ-9 en el período"}},
    {"no_elevated_score", {"no PHQ-9 above 9 in the intake", "sin PHQ-9 mayor de 9 en la admisión"}},
    {"no_depression", {"elevated, but in no episode of depression", "elevado, pero sin episodio de depresión"}},
    {"window_not_over", {"the 240 days are not over", "los 240 días no han terminado"}},
    {"no_score_in_the_window", {"no PHQ-9 on days 120 to 240", "sin PHQ-9 en los días 120 a 240"}},
    {"score_in_the_window", {"a PHQ-9 on days 120 to 240", "un PHQ-9 en los días 120 a 240"}},
    {"remission", {"below 5", "por debajo de 5"}},
    {"no_remission", {"not below 5", "no por debajo de 5"}},
    {"response", {"half or less", "la mitad o menos"}},
    {"no_response", {"more than half", "más de la mitad"}},
};

}  // namespace

FigureWords program_figure_words(std::string_view figure, std::string_view language) {
  for (const auto& f : kFigures)
    if (f.id == figure) return {f.name.in(language), f.of.in(language)};
  return {figure, ""};
}

std::string_view program_reason_words(std::string_view code, std::string_view language) {
  for (const auto& reason : kReasons)
    if (reason.code == code) return reason.words.in(language);
  return code;
}

}  // namespace concord::measures
