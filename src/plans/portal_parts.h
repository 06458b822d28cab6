// Inside the slice: the portal's parts.
#pragma once

#include <memory>
#include <vector>

#include "plans/portal_views.h"

namespace concord::plans::internal {

using KeptPortal = std::shared_ptr<const PortalDeps>;

portal::View goals_view(const KeptPortal& deps);
std::vector<http::Route> goal_acts(const KeptPortal& deps);
portal::View plan_view(const KeptPortal& deps);
portal::View decisions_view(const KeptPortal& deps);
std::vector<http::Route> decision_acts(const KeptPortal& deps);

}  // namespace concord::plans::internal
