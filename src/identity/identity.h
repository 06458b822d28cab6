// People who sign in, their roles at sites, sessions, and the rules about passwords and idle time. Pure.
// Read next: permissions.h (who may do what), password.h (hashing), identity_store.h, identity_api.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"

namespace concord::identity {

struct Organization {
  OrganizationId id;
  std::string name;
};

struct Site {
  SiteId id;
  std::string name;
  std::string time_zone;  ///< IANA
  std::optional<std::string> phone;
  std::optional<std::string> hours;  ///< in words, "weekdays 8 to 5"
};

struct RoleAtSite {
  std::string role;
  SiteId site;
  bool operator==(const RoleAtSite&) const = default;
};

struct User {
  OrganizationId organization;
  UserId id;
  std::string display_name;
  std::optional<std::string> sign_in_name;
  std::optional<std::string> password_hash;
  std::string language = "en";
  bool imported = false;
  int failed_attempts = 0;
  std::optional<Instant> last_failed_at;
  std::optional<Instant> disabled_at;
  std::vector<RoleAtSite> roles;
  std::int64_t version = 1;
};

/// Sessions end after this long without a person's act (security.md U10); background polling does not count.
inline constexpr std::chrono::minutes kIdleTimeout{15};
/// ... and in any case after this long.
inline constexpr std::chrono::hours kAbsoluteTimeout{12};
/// The stored "last active" time may lag behind by this much, to spare a write per click.
inline constexpr std::chrono::seconds kActivityGrain{30};

struct SessionTimes {
  Instant created_at{};
  Instant last_active_at{};
  std::optional<Instant> ended_at;
};
bool is_live(const SessionTimes& session, Instant now);
Instant expires_at(const SessionTimes& session);

/// How long this account must wait before the next attempt counts: nothing for the first 3 failures, then
/// 2, 4, 8 ... seconds up to 15 minutes (security.md U5). Never a lock for good.
std::chrono::seconds sign_in_delay(int failed_attempts);
/// True while an attempt must be refused without looking at the password.
bool must_wait(int failed_attempts, std::optional<Instant> last_failed_at, Instant now);

/// Everything wrong with a new password (800-63B-4: at least 15 characters as the only factor, 64 and more
/// accepted, no composition rules; not in the blocklist; not made of the product, clinic or sign-in name).
std::vector<Issue> check_password(std::string_view password, std::string_view sign_in_name, std::string_view organization_name);

/// The caller for a permission: the sites where some role of the user allows it. nullopt when none does.
std::optional<Caller> authorize(const User& user, std::string_view permission);
/// Everything the user may do anywhere, sorted.
std::vector<std::string_view> permissions_of(const User& user);

}  // namespace concord::identity
