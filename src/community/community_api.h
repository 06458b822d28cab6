// Routes of the directory, of needs and of referrals to services: for the staff, and for the patient's portal.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "community/community.h"
#include "messaging/messaging.h"
#include "patients/chart.h"
#include "portal/view.h"

namespace concord::community {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// True when somebody may look after referrals at the site.
  std::function<bool(db::Tx&, OrganizationId, UserId, SiteId)> may_own;
  /// Who hears that the patient wants help: the community worker of the care team, else the care manager.
  std::function<std::optional<UserId>(db::Tx&, OrganizationId, PatientId)> worker_of;
  messaging::Notify notify;
  /// Who looks, for a portal caller.
  std::function<Result<portal::Viewer>(db::Tx&, const Caller&, Instant)> viewer;
};

std::vector<http::Route> routes(const Deps& deps);
/// View "community".
portal::View portal_view(const Deps& deps);

/// Member "community" of the patient page: {"needs", "referrals"}, open ones only.
void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::community
