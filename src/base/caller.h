// Who is acting. Established once per request by the authorization choke point (app/), or by the command
// line; slices read it, none of them makes one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"

namespace concord {

using OrganizationId = Id<struct OrganizationTag>;
using SiteId = Id<struct SiteTag>;
using UserId = Id<struct UserTag>;

/// `patient` and `trusted_person` use the portal, `form` is an opened check-in link, `gateway` the SMS gateway calling back.
enum class ActorKind { user, service, system, patient, trusted_person, form, gateway };

struct Caller {
  ActorKind kind = ActorKind::system;
  OrganizationId organization;
  UserId user;  ///< nil for `system`, `form` and `gateway`; the portal account of a patient or trusted person
  std::string display_name;
  std::string role;             ///< the role that allowed this request ("care_manager"); for the audit log
  std::string language = "en";  ///< "en" or "es"
  /// Sites at which the allowing role is held. Reads and writes stay inside them; empty means none.
  std::vector<SiteId> sites;

  /// The one record that a patient, a trusted person or a form may touch; nobody else has one.
  std::optional<Uuid> patient = {};
  /// The check-in of a form, the grant of a trusted person.
  std::optional<Uuid> through = {};
  /// What the patient lets a trusted person see and do; sorted, empty means nothing.
  std::vector<std::string> scopes = {};

  bool may_use(SiteId site) const {
    for (const auto& s : sites)
      if (s == site) return true;
    return false;
  }
};

}  // namespace concord
