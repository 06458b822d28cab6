#include "app/zones.h"

#include <algorithm>
#include <mutex>

#include "base/check.h"
#include "identity/identity_store.h"

namespace concord::app {

void Zones::learn(db::Tx& tx, const Caller& caller) {
  {
    const std::shared_lock lock(mutex_);
    if (std::all_of(caller.sites.begin(), caller.sites.end(),
                    [&](SiteId site) { return zones_.contains({caller.organization, site}); }))
      return;
  }
  const auto sites = identity::sites(tx, caller.organization);
  const std::unique_lock lock(mutex_);
  for (const auto& site : sites) zones_[{caller.organization, site.id}] = site.time_zone;
}

std::string Zones::of(OrganizationId organization, SiteId site) const {
  const std::shared_lock lock(mutex_);
  const auto found = zones_.find({organization, site});
  CHECK(found != zones_.end());
  return found->second;
}

}  // namespace concord::app
