#include "measures/nys_words.h"

#include <array>

#include "base/check.h"

namespace concord::measures {
namespace {

struct Words {
  std::string_view en, es;
  std::string_view in(std::string_view language) const { return language.starts_with("es") ? es : en; }
};
struct Reason {
  std::string_view code;
  Words words;
};

constexpr std::array<Words, kNysMetrics> kFigures = {{
    {"total enrolment", "inscripción total"},
    {"Medicaid enrolment", "inscripción con Medicaid"},
    {"newly enrolled", "nuevas inscripciones"},
    {"duration of treatment", "duración del tratamiento"},
    {"contact rate", "tasa de contacto"},
    {"improvement", "mejoría"},
    {"remission", "remisión"},
    {"psychiatric consultation", "consulta psiquiátrica"},
    {"screening rate", "tasa de detección"},
    {"screening yield", "rendimiento de la detección"},
    {"care-manager FTE", "FTE de gestores de cuidados"},
}};

constexpr Reason kReasons[] = {
    {"enrolled", {"enrolled this month", "inscrito este mes"}},
    {"medicaid", {"enrolled this month with Medicaid", "inscrito este mes con Medicaid"}},
    {"newly_enrolled", {"enrolled in this month", "se inscribió en este mes"}},
    {"discharged", {"discharged in this month", "dado de alta en este mes"}},
    {"not_enrolled_this_month", {"not enrolled this month", "no inscrito este mes"}},
    {"later_episode_counts", {"a later episode of this month counts", "cuenta un episodio posterior de este mes"}},
    {"not_medicaid", {"no active Medicaid on the 1st of the month", "sin Medicaid activo el día 1 del mes"}},
    {"enrolled_earlier", {"enrolled before this month", "se inscribió antes de este mes"}},
    {"counted_with_another_episode", {"counted with another episode of this month", "contado con otro episodio de este mes"}},
    {"not_discharged_in_month", {"not discharged in this month", "sin alta en este mes"}},
    {"contact_and_score", {"clinical contact and score in the month", "contacto clínico y puntuación en el mes"}},
    {"no_score_in_month", {"no score dated in the month", "sin puntuación con fecha del mes"}},
    {"no_contact_in_month", {"no clinical contact in the month", "sin contacto clínico en el mes"}},
    {"neither_in_month", {"neither contact nor score in the month", "sin contacto ni puntuación en el mes"}},
    {"under_70_days", {"in treatment for less than 70 days", "menos de 70 días en tratamiento"}},
    {"no_baseline", {"no baseline score", "sin puntuación inicial"}},
    {"baseline_not_elevated", {"the baseline is not elevated", "la puntuación inicial no es elevada"}},
    {"improved", {"improved", "mejoró"}},
    {"no_later_score", {"no score after the baseline", "sin puntuación después de la inicial"}},
    {"not_improved", {"not improved", "no mejoró"}},
    {"in_remission", {"in remission", "en remisión"}},
    {"not_in_remission", {"not in remission", "sin remisión"}},
    {"reviewed", {"reviewed with a recommendation in the 60 days", "revisado con una recomendación en los 60 días"}},
    {"not_reviewed", {"no review with a recommendation in the 60 days", "sin revisión con recomendación en los 60 días"}},
    {"no_screening_visit", {"no screening visit in the month", "sin visita de detección en el mes"}},
    {"under_12", {"younger than 12 at the visit", "menor de 12 años en la visita"}},
    {"screened", {"screened in the 12 months", "con detección en los 12 meses"}},
    {"not_screened", {"not screened in the 12 months", "sin detección en los 12 meses"}},
    {"no_phq9_in_month", {"no PHQ-9 in the month", "sin PHQ-9 en el mes"}},
    {"phq9_in_the_year_before", {"a PHQ-9 in the 365 days before", "un PHQ-9 en los 365 días anteriores"}},
    {"at_or_above", {"initial PHQ-9 of 10 or more", "PHQ-9 inicial de 10 o más"}},
    {"below", {"initial PHQ-9 below 10", "PHQ-9 inicial por debajo de 10"}},
    {"not_in_the_report", {"not in the report", "no está en el informe"}},
};

}  // namespace

std::string_view figure_name(int metric, std::string_view language) {
  CHECK(metric >= 1 && metric <= kNysMetrics);
  return kFigures[static_cast<std::size_t>(metric - 1)].in(language);
}

std::string_view reason_words(std::string_view code, std::string_view language) {
  for (const auto& reason : kReasons)
    if (reason.code == code) return reason.words.in(language);
  return code;
}

}  // namespace concord::measures
