#include "app/state_report_wiring.h"

#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "patients/patients_store.h"

namespace concord::app {

measures::Deps state_report_deps(const patients::Chart& chart, const DataFiles& data) {
  measures::Deps deps;
  deps.chart = &chart;
  deps.rules = &data.nys;
  deps.zone_of = [](db::Tx& tx, OrganizationId organization) {
    const auto sites = identity::sites(tx, organization);
    return sites.empty() ? std::string("UTC") : sites.front().time_zone;
  };
  deps.site_name = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    for (const auto& one : identity::sites(tx, organization))
      if (one.id == site) return one.name;
    return std::string();
  };
  deps.patient = patients::find;
  deps.role_allows = identity::role_allows;
  return deps;
}

}  // namespace concord::app
