#include "app/education_wiring.h"

#include "episodes/episodes_store.h"
#include "patients/patients_store.h"
#include "plans/plans_store.h"
#include "treatments/treatments_store.h"

namespace concord::app {

using patients::PatientId;
using patients::Place;

Result<education::Library> load_education(const std::filesystem::path& folder, const std::filesystem::path& own,
                                          const pathways::Library& pathways) {
  std::vector<std::string> ids;
  std::vector<education::Named> named;
  for (const auto& pathway : pathways.all()) {
    ids.push_back(pathway.id);
    for (const auto& topic : pathway.education) named.push_back({pathway.id, topic.id, topic.title.en, topic.title.es});
  }
  CONCORD_TRY(auto library, education::load_library(folder, ids, own));
  CONCORD_TRY_VOID(education::check_named(library, named));
  return library;
}

education::Deps education_deps(const patients::Chart& chart, const DataFiles& data, messaging::TellPatient tell) {
  education::Deps deps;
  deps.chart = &chart;
  deps.library = &data.education;
  deps.tell = std::move(tell);
  deps.language_of = [](db::Tx& tx, OrganizationId organization, PatientId patient) -> std::optional<std::string> {
    const auto found = patients::find(tx, organization, patient);
    return found ? found->language : std::nullopt;
  };
  deps.labels_of = [](db::Tx& tx, OrganizationId organization, PatientId patient) {
    const auto episode = episodes::find_open(tx, organization, patient);
    return episode ? episode->labels : std::string("normal");
  };
  deps.role_of = [](db::Tx& tx, OrganizationId organization, PatientId patient, UserId user) -> std::string {
    const auto episode = episodes::find_open(tx, organization, patient);
    if (!episode) return "";
    if (episode->care_manager == user) return "care_manager";
    if (episode->consultant == user) return "psychiatric_consultant";
    for (const auto& member : episodes::list_team(tx, organization, episode->id))
      if (member.user == user && !member.until) return member.role;
    return "";
  };
  deps.situation_of = [&data](db::Tx& tx, OrganizationId organization, const Place& place) {
    constexpr int kNewDays = 28, kStartedDays = 42;  // our own: the first month; the weeks until a medicine shows
    education::Situation s;
    const auto episode = episodes::find_open(tx, organization, place.patient);
    if (episode) {
      s.pathway = episode->pathway;
      if (s.pathway)
        if (const auto* pathway = data.pathways.find(*s.pathway))
          for (const auto& topic : pathway->education) s.pathway_pieces.push_back(topic.id);
      s.is_new = !episode->enrolled_date || *episode->enrolled_date > place.today.plus_days(-kNewDays);
      s.stays_well = episode->state == episodes::State::relapse_prevention;
    }
    for (const auto& t : treatments::list(tx, organization, place.patient)) {
      if (!t.active(place.today) || t.start_date <= place.today.plus_days(-kStartedDays)) continue;
      (t.kind == "psychotherapy" ? s.therapy_started : s.medication_started) = true;
    }
    for (const auto& goal : plans::list_goals(tx, organization, place.patient)) s.has_goal |= goal.status == "active";
    return s;
  };
  return deps;
}

}  // namespace concord::app
