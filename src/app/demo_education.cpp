#include "app/demo_education.h"

#include <algorithm>

#include "education/education_store.h"
#include "episodes/episodes_api.h"
#include "episodes/episodes_store.h"
#include "patients/patients_store.h"
#include "safety/crisis_store.h"

namespace concord::app {
namespace {

constexpr int kPatients = 12;  // of the first care manager

struct Given {
  const char* piece;
  const char* note_en;
  const char* note_es;
  int days_ago;
  bool opened, finished;
};
constexpr Given kGiven[] = {
    {"what-is-collaborative-care", nullptr, nullptr, 20, true, true},
    {"behavioral-activation", "For your walks on Monday.", "Para sus caminatas del lunes.", 9, true, false},
    {"sleep", "We talk about this next time.", "De esto hablamos la próxima vez.", 3, false, false},
};

}  // namespace

Result<void> add_demo_education(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                                OrganizationId organization, const simulation::Cohort& cohort) {
  if (cohort.sites.empty() || cohort.sites.front().care_managers.empty()) return {};
  const auto& site = cohort.sites.front();
  const auto manager = site.care_managers.front();
  return database.write([&](db::Tx& tx) -> Result<void> {
    // What patients are told beside the help lines: when somebody reads.
    safety::SiteCrisis crisis;
    crisis.read_when = safety::BothLanguages{"Your team reads answers and messages on weekdays, from 8 am to 5 pm.",
                                             "Su equipo lee las respuestas y los mensajes de lunes a viernes, de 8 a 5."};
    crisis.clinic_hours = safety::BothLanguages{"Weekdays 8 am to 5 pm", "De lunes a viernes, de 8 a 5"};
    safety::save(tx, organization, site.id, crisis, manager, now);

    std::vector<patients::PatientId> touched;
    int which = 0;
    for (const auto patient : episodes::patients_of(tx, organization, site.id, manager, kPatients)) {
      const auto person = patients::find(tx, organization, patient);
      const auto episode = episodes::find_open(tx, organization, patient);
      if (!person || !episode) continue;
      const std::string language = education::language_for(person->language);
      // One, two or all three of them.
      for (int i = 0; i <= which % 3; ++i) {
        const auto& given = kGiven[i];
        const auto* piece = slices.data().education.find(given.piece);
        if (piece == nullptr) continue;
        education::Assignment a;
        a.id = education::AssignmentId(ids.next());
        a.patient = patient;
        a.piece = piece->id;
        a.language = piece->in(language).language;
        if (given.note_en) a.note = a.language == "es" ? given.note_es : given.note_en;
        a.labels = episode->labels;
        a.by = manager;
        a.at = now - std::chrono::hours(24 * given.days_ago);
        a.on = cohort.options.today.plus_days(-given.days_ago);
        education::insert(tx, organization, a);
        if (!given.opened) continue;
        education::ReadState state;
        state.piece = a.piece;
        state.reader = UserId(patient.uuid);  // as if the portal's account had read it
        state.language = a.language;
        education::note_reading(tx, organization, patient, state, given.finished, a.at + std::chrono::hours(30));
      }
      ++which;
      touched.push_back(patient);
    }
    std::sort(touched.begin(), touched.end());
    slices.refresh(tx, organization, touched);
    return {};
  });
}

}  // namespace concord::app
