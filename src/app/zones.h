// Time zones of sites, in memory: handlers need a site's calendar day and must not do I/O for it. Filled when
// a request meets a site it does not know yet (the dispatcher looks before the handler runs). Thread-safe.
#pragma once

#include <map>
#include <shared_mutex>
#include <string>

#include "base/caller.h"
#include "db/database.h"

namespace concord::app {

class Zones {
 public:
  /// Reads the organization's sites when one of the caller's is not known.
  void learn(db::Tx& tx, const Caller& caller);
  /// Breaks an invariant for a site that was never learned.
  std::string of(OrganizationId organization, SiteId site) const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::pair<OrganizationId, SiteId>, std::string> zones_;  // guarded by mutex_
};

}  // namespace concord::app
