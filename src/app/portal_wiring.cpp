#include "app/portal_wiring.h"

#include <iterator>

#include "app/checkins_wiring.h"
#include "app/messaging_wiring.h"
#include "app/outreach_wiring.h"
#include "audit/audit_store.h"
#include "episodes/episodes_store.h"
#include "identity/identity_store.h"
#include "patients/patients_store.h"
#include "portal/accounts_api.h"
#include "portal/views_api.h"

namespace concord::app {
namespace {

void add(std::vector<portal::View>& all, std::vector<portal::View> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<portal::View> portal_views(const PortalLent& lent) {
  std::vector<portal::View> views;
  // One line a slice: add(views, goals_views(lent));
  if (lent.content) add(views, content_views(*lent.content));
  if (lent.education) add(views, education::views(*lent.education));
  if (lent.outbox) add(views, {contact_preferences_view(*lent.outbox)});
  if (lent.checkins) add(views, {check_ins_view(*lent.checkins)});
  if (lent.outreach) add(views, outreach_views(*lent.outreach));
  (void)lent;
  return views;
}

void wire_portal(PortalWiring& wiring, const PortalLent& lent, const SliceSettings& settings) {
  auto& d = wiring.deps;
  d.chart = lent.chart;
  d.patient = patients::find;
  d.episode_labels = [](db::Tx& tx, OrganizationId organization, patients::PatientId patient) {
    const auto episode = episodes::find_open(tx, organization, patient);
    return episode ? episode->labels : std::string();
  };
  d.zone = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    return identity::zone_of(tx, organization, site).value_or("UTC");
  };
  d.clinic = [](db::Tx& tx, OrganizationId organization, SiteId site) {
    for (const auto& s : identity::sites(tx, organization))
      if (s.id == site) return portal::Clinic{s.name, s.phone, s.hours};
    return portal::Clinic{};
  };
  d.accesses = [](db::Tx& tx, OrganizationId organization, patients::PatientId patient, Instant before, int limit) {
    std::vector<portal::Access> list;
    for (auto& a : audit::accesses(tx, organization, patient.uuid, before, limit))
      list.push_back(
          {a.at, a.actor_kind, a.actor, std::move(a.actor_name), std::move(a.role), std::move(a.action), std::move(a.result)});
    return list;
  };
  d.is_read = [&wiring](std::string_view action) { return wiring.reads.find(action) != wiring.reads.end(); };
  d.tell = lent.tell_patient;
  d.ages = &lent.data->confidentiality;
  d.state = settings.portal.state;
  d.trusted_months = settings.portal.trusted_months;
  d.staff_by_name = settings.portal.staff_by_name;
  d.secure_cookies = settings.secure_cookies;
  d.show = settings.portal.show;
  wiring.views = portal_views(lent);
  wiring.views.push_back(portal::accesses_view(d));
  for (const auto& view : wiring.views) d.view_scopes.emplace_back(view.name, view.scope);
}

Admit admit_portal(const PortalWiring& wiring) {
  return [&deps = wiring.deps](db::Tx& tx, const http::Request& request, Instant now) -> Result<Admission> {
    CONCORD_TRY(auto admitted, portal::admit(deps, tx, portal::session_hash(deps, request), now));
    Admission admission;
    admission.caller = admitted.caller;
    admission.expires_at = portal::expires_at(admitted.session);
    admission.extend = [admitted = std::move(admitted), now](db::Tx& in) { portal::extend(in, admitted, now); };
    return admission;
  };
}

std::vector<http::Route> portal_routes(const PortalWiring& wiring) {
  auto routes = portal::account_routes(wiring.deps);
  auto views = portal::view_routes(wiring.deps, wiring.views);
  routes.insert(routes.end(), std::make_move_iterator(views.begin()), std::make_move_iterator(views.end()));
  return routes;
}

void learn_routes(PortalWiring& wiring, const std::vector<http::Route>& routes) {
  for (const auto& route : routes)
    if (route.method == http::Method::get) wiring.reads.insert(route.name);
  wiring.reads.insert("portal.act_for");
}

}  // namespace concord::app
