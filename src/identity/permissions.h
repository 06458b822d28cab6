// What each role may do. Deny by default: a permission that is not listed for a role is refused.
// The table is data so that the authorization matrix test and docs/ can walk it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace concord::identity {

struct RoleGrants {
  std::string_view role;
  std::vector<std::string_view> permissions;
};

/// Every role of domain.md that signs in at a site, with its permissions.
const std::vector<RoleGrants>& role_grants();
bool role_exists(std::string_view role);
bool role_allows(std::string_view role, std::string_view permission);
/// Every permission any role has, sorted.
const std::vector<std::string_view>& all_permissions();

}  // namespace concord::identity
