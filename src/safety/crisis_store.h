// Reads and writes site_crisis.
#pragma once

#include "safety/crisis.h"

namespace concord::safety {

/// Version 0 when the site saved nothing.
SiteCrisis find_site_crisis(db::Tx& tx, OrganizationId organization, SiteId site);
/// False when `crisis.version` is stale.
bool save(db::Tx& tx, OrganizationId organization, SiteId site, const SiteCrisis& crisis, UserId by, Instant now);

}  // namespace concord::safety
