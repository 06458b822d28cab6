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

/// Every role of domain.md that a member of the staff holds at a site, with its permissions.
const std::vector<RoleGrants>& role_grants();
/// What those may who are no members of the staff: patient, trusted_person, form (a check-in link), gateway. Nobody can be
/// given one of these roles at a site, and no staff role has one of their permissions.
const std::vector<RoleGrants>& outside_grants();
/// True for a role that can be given at a site.
bool role_exists(std::string_view role);
/// Of either list.
bool role_allows(std::string_view role, std::string_view permission);
/// Every permission any role of either list has, sorted.
const std::vector<std::string_view>& all_permissions();

}  // namespace concord::identity
