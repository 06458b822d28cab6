// Collects what the slices show a patient (portal/view.h) and wires the portal's accounts. Every slice adds its views in
// portal_views(); routes, preview, download and the tests over all views follow from that one list.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "app/admission.h"
#include "app/portal_content.h"
#include "app/slices.h"
#include "checkins/flow.h"
#include "education/education_api.h"
#include "patients/chart.h"
#include "portal/portal_deps.h"
#include "portal/view.h"

namespace concord::app {

struct OutreachWiring;

/// What the views may lean on. Add what yours needs; slices.cpp fills it.
struct PortalLent {
  const patients::Chart* chart = nullptr;
  const Clock* clock = nullptr;
  IdSource* ids = nullptr;
  const DataFiles* data = nullptr;
  const messaging::Outbox* outbox = nullptr;
  messaging::TellPatient tell_patient;
  const education::Deps* education = nullptr;
  const checkins::Deps* checkins = nullptr;
  const OutreachWiring* outreach = nullptr;
  const ContentWiring* content = nullptr;
};

/// Every view, in the order of the downloaded record. Names are unique (checked where the routes are made).
std::vector<portal::View> portal_views(const PortalLent& lent);

/// Stays where it is: routes point to it.
struct PortalWiring {
  portal::Deps deps;
  std::vector<portal::View> views;
  std::set<std::string, std::less<>> reads;  ///< names of routes that only read
};
void wire_portal(PortalWiring& wiring, const PortalLent& lent, const SliceSettings& settings);
Admit admit_portal(const PortalWiring& wiring);
/// Accounts, trusted persons, and everything made of the views.
std::vector<http::Route> portal_routes(const PortalWiring& wiring);
/// "Who looked at my record" tells a look from a change by the routes themselves.
void learn_routes(PortalWiring& wiring, const std::vector<http::Route>& routes);

}  // namespace concord::app
