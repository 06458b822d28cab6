// Who is acting. Established once per request by the authorization choke point (app/), or by the command
// line; slices read it, none of them makes one.
#pragma once

#include <string>
#include <vector>

#include "base/id.h"

namespace concord {

using OrganizationId = Id<struct OrganizationTag>;
using SiteId = Id<struct SiteTag>;
using UserId = Id<struct UserTag>;

enum class ActorKind { user, service, system };

struct Caller {
  ActorKind kind = ActorKind::system;
  OrganizationId organization;
  UserId user;  ///< nil for `system`
  std::string display_name;
  std::string role;             ///< the role that allowed this request ("care_manager"); for the audit log
  std::string language = "en";  ///< "en" or "es"
  /// Sites at which the allowing role is held. Reads and writes stay inside them; empty means none.
  std::vector<SiteId> sites;

  bool may_use(SiteId site) const {
    for (const auto& s : sites)
      if (s == site) return true;
    return false;
  }
};

}  // namespace concord
