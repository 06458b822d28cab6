// Reads and writes organizations, sites, users, roles, sessions and service keys.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/database.h"
#include "identity/identity.h"

namespace concord::identity {

/// A service account as its key names it.
struct ServiceKey {
  OrganizationId organization;
  Uuid id;
  std::string name, role;
  SiteId site;
};

struct Session {
  User user;
  SessionTimes times;
};

void insert_organization(db::Tx& tx, const Organization& organization, Instant now);
void insert_site(db::Tx& tx, OrganizationId organization, const Site& site, Instant now);
std::vector<Organization> organizations(db::Tx& tx);
std::optional<Organization> find_organization(db::Tx& tx, OrganizationId organization);
std::vector<Site> sites(db::Tx& tx, OrganizationId organization);
/// The time zone of a site; nullopt when the organization has no such site.
std::optional<std::string> zone_of(db::Tx& tx, OrganizationId organization, SiteId site);

/// Takes the sign-in name; ConstraintViolation when somebody has it.
void insert_user(db::Tx& tx, const User& user, Instant now);
void add_role(db::Tx& tx, OrganizationId organization, UserId user, const RoleAtSite& role);
/// Roles that somebody holds at a site; none for a disabled person.
std::vector<std::string> roles_at(db::Tx& tx, OrganizationId organization, UserId user, SiteId site);
bool has_role(db::Tx& tx, OrganizationId organization, UserId user, SiteId site, std::string_view role);
/// True when one of their roles at the site has the permission (permissions.h).
bool may(db::Tx& tx, OrganizationId organization, UserId user, SiteId site, std::string_view permission);
std::optional<User> find_user(db::Tx& tx, OrganizationId organization, UserId user);
std::optional<std::string> display_name(db::Tx& tx, OrganizationId organization, UserId user);
/// Of everybody, those who have left among them.
std::vector<std::pair<UserId, std::string>> display_names(db::Tx& tx, OrganizationId organization);
std::optional<User> find_by_sign_in_name(db::Tx& tx, std::string_view sign_in_name);
/// Everybody with a role (all when empty) at one of the sites, by name; imported people too.
std::vector<User> staff(db::Tx& tx, OrganizationId organization, std::string_view role);
void set_password(db::Tx& tx, OrganizationId organization, UserId user, std::string_view hash);
void record_sign_in_failure(db::Tx& tx, OrganizationId organization, UserId user, Instant now);
void clear_sign_in_failures(db::Tx& tx, OrganizationId organization, UserId user);
/// False when the version is stale.
bool update_account(db::Tx& tx, const User& user, std::int64_t expected_version);
void disable_user(db::Tx& tx, OrganizationId organization, UserId user, Instant now);

void insert_session(db::Tx& tx, std::string_view token_hash, OrganizationId organization, UserId user, Instant now);
/// The session and its user with roles, whether live or not; nullopt when there is none.
std::optional<Session> find_session(db::Tx& tx, std::string_view token_hash);
void touch_session(db::Tx& tx, std::string_view token_hash, Instant now);
void end_session(db::Tx& tx, std::string_view token_hash, Instant now, std::string_view because);
/// Ends every live session of the user but `except` (empty: all); how many.
std::int64_t end_sessions(db::Tx& tx, OrganizationId organization, UserId user, std::string_view except, Instant now,
                          std::string_view because);
/// Live sessions of the user, newest first: (token hash, times).
std::vector<std::pair<std::string, SessionTimes>> live_sessions(db::Tx& tx, OrganizationId organization, UserId user,
                                                                Instant now);
/// Removes sessions that ended or expired before `before`; how many.
std::int64_t purge_sessions(db::Tx& tx, Instant before);

void insert_service_key(db::Tx& tx, std::string_view key_hash, const ServiceKey& key, Instant now);
/// The key unless it was revoked.
std::optional<ServiceKey> find_service_key(db::Tx& tx, std::string_view key_hash);
bool revoke_service_key(db::Tx& tx, OrganizationId organization, std::string_view name, Instant now);

}  // namespace concord::identity
