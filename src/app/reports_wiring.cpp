#include "app/reports_wiring.h"

#include <algorithm>

#include "episodes/episodes_store.h"
#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "patients/patients_store.h"

namespace concord::app {

reports::Deps report_deps(const patients::Chart& chart, const DataFiles& data, measures::Residents& residents) {
  reports::Deps deps;
  deps.chart = &chart;
  deps.rules = &data.reports;
  deps.words = &data.report_words;
  deps.run_charts = &data.run_charts;
  deps.resident = [&residents](db::Tx& tx, OrganizationId organization) { return residents.get(tx, organization); };
  // Somebody may be a care manager at one site and the doctor at another: exact counts then would be of both.
  deps.may_open = [](db::Tx& tx, const Caller& caller) {
    if (!identity::role_allows(caller.role, "reports.patients")) return false;
    if (caller.kind != ActorKind::user) return true;
    const auto user = identity::find_user(tx, caller.organization, caller.user);
    return user && std::all_of(caller.sites.begin(), caller.sites.end(), [&](SiteId site) {
             return std::any_of(user->roles.begin(), user->roles.end(), [&](const identity::RoleAtSite& held) {
               return held.site == site && identity::role_allows(held.role, "reports.patients");
             });
           });
  };
  deps.organization_name = [](db::Tx& tx, OrganizationId organization) {
    for (const auto& one : identity::organizations(tx))
      if (one.id == organization) return one.name;
    return std::string();
  };
  deps.sites = [](db::Tx& tx, OrganizationId organization) {
    std::vector<std::pair<SiteId, std::string>> sites;
    for (const auto& site : identity::sites(tx, organization)) sites.emplace_back(site.id, site.name);
    return sites;
  };
  deps.users = identity::display_names;
  deps.patient = [](db::Tx& tx, OrganizationId organization, patients::PatientId id) -> std::optional<reports::PatientLine> {
    const auto found = patients::find(tx, organization, id);
    if (!found) return std::nullopt;
    return reports::PatientLine{found->given_name, found->family_name, found->birth_date};
  };
  deps.episode = [](db::Tx& tx, OrganizationId organization, const Uuid& id) -> std::optional<reports::EpisodeLine> {
    const auto found = episodes::find(tx, organization, episodes::EpisodeId(id));
    if (!found) return std::nullopt;
    return reports::EpisodeLine{std::string(episodes::name(found->state)), found->care_manager, found->enrolled_date};
  };
  return deps;
}

}  // namespace concord::app
