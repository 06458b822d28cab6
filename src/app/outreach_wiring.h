// What visits, groups and community are lent by the other slices.
#pragma once

#include <vector>

#include "app/slices.h"
#include "community/community_api.h"
#include "contacts/contacts_api.h"
#include "groups/groups_api.h"
#include "patients/patients_api.h"
#include "patients/timeline.h"
#include "portal/portal_deps.h"
#include "visits/visits_api.h"

namespace concord::app {

struct OutreachWiring {
  visits::Deps visits;
  groups::Deps groups;
  community::Deps community;
};

/// What the wiring itself is lent; everything must outlive it.
struct OutreachLent {
  const patients::Chart* chart = nullptr;
  const portal::Deps* portal = nullptr;
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  messaging::Notify notify;
  messaging::TellPatient tell_patient;
  std::string public_url;
};
void wire_outreach(OutreachWiring& wiring, const OutreachLent& lent);

std::vector<http::Route> outreach_routes(const OutreachWiring& wiring);
std::vector<portal::View> outreach_views(const OutreachWiring& wiring);
/// Members "visits", "groups" and "community" of the patient page: null for roles that do not see them.
std::vector<patients::Section> outreach_sections(const OutreachWiring& wiring);
std::vector<patients::TimelineSource> outreach_timeline();
/// Offers of places in groups end by themselves.
void keep_groups(const OutreachWiring& wiring, jobs::Worker& worker, db::Database& database, const Clock& clock);

}  // namespace concord::app
