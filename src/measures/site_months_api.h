// Routes of the care-manager time (FTE) that a site attests: figure 11 of the state report, and what the caseload is divided by.
#pragma once

#include <vector>

#include "http/route.h"

namespace concord::measures {

/// GET and PUT under /api/v1/sites/{site_id}/care-manager-time.
std::vector<http::Route> site_month_routes();

}  // namespace concord::measures
