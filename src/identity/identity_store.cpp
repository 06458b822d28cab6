#include "identity/identity_store.h"

#include <algorithm>

#include "base/text.h"
#include "identity/identity_sql.h"
#include "identity/permissions.h"

namespace concord::identity {
namespace {

db::Bytes bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

RoleAtSite read_role(const db::Row& row) { return {row.string(0), row.id<SiteId>(1)}; }

}  // namespace

void insert_organization(db::Tx& tx, const Organization& organization, Instant now) {
  tx.run(sql::kInsertOrganization, {organization.id, organization.name, now});
}

void insert_site(db::Tx& tx, OrganizationId organization, const Site& site, Instant now) {
  tx.run(sql::kInsertSite, {organization, site.id, site.name, site.time_zone, site.phone, site.hours, now});
}

std::vector<Organization> organizations(db::Tx& tx) {
  return tx.all(sql::kListOrganizations, {},
                [](const db::Row& row) { return Organization{row.id<OrganizationId>(0), row.string(1)}; });
}

std::optional<Organization> find_organization(db::Tx& tx, OrganizationId organization) {
  return tx.one(sql::kFindOrganization, {organization},
                [](const db::Row& row) { return Organization{row.id<OrganizationId>(0), row.string(1)}; });
}

std::vector<std::string> roles_at(db::Tx& tx, OrganizationId organization, UserId user, SiteId site) {
  return tx.all(sql::kRolesAtSite, {organization, user, site}, [](const db::Row& row) { return row.string(0); });
}

bool has_role(db::Tx& tx, OrganizationId organization, UserId user, SiteId site, std::string_view role) {
  const auto roles = roles_at(tx, organization, user, site);
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool may(db::Tx& tx, OrganizationId organization, UserId user, SiteId site, std::string_view permission) {
  const auto roles = roles_at(tx, organization, user, site);
  return std::any_of(roles.begin(), roles.end(), [&](const auto& role) { return role_allows(role, permission); });
}

std::vector<Site> sites(db::Tx& tx, OrganizationId organization) {
  return tx.all(sql::kListSites, {organization}, [](const db::Row& row) {
    return Site{row.id<SiteId>(0), row.string(1), row.string(2), row.maybe_string(3), row.maybe_string(4)};
  });
}

std::optional<std::string> zone_of(db::Tx& tx, OrganizationId organization, SiteId site) {
  return tx.one(sql::kFindZone, {organization, site}, [](const db::Row& row) { return row.string(0); });
}

void insert_user(db::Tx& tx, const User& user, Instant now) {
  tx.run(sql::kInsertUser, {user.organization, user.id, user.display_name, user.sign_in_name, user.password_hash, user.language,
                            user.imported, now});
  if (user.sign_in_name) tx.run(sql::kClaimSignInName, {fold(*user.sign_in_name), user.organization, user.id});
  for (const auto& role : user.roles) add_role(tx, user.organization, user.id, role);
}

void add_role(db::Tx& tx, OrganizationId organization, UserId user, const RoleAtSite& role) {
  tx.run(sql::kAddRole, {organization, user, role.site, role.role});
}

std::optional<User> find_user(db::Tx& tx, OrganizationId organization, UserId id) {
  auto user = tx.one(sql::kFindUser, {organization, id}, [&](const db::Row& row) {
    User u;
    u.organization = organization;
    u.id = row.id<UserId>(0);
    u.display_name = row.string(1);
    u.sign_in_name = row.maybe_string(2);
    u.password_hash = row.maybe_string(3);
    u.language = row.string(4);
    u.imported = row.boolean(5);
    u.failed_attempts = static_cast<int>(row.integer(6));
    u.last_failed_at = row.maybe_instant(7);
    u.disabled_at = row.maybe_instant(8);
    u.version = row.integer(9);
    return u;
  });
  if (user) user->roles = tx.all(sql::kListRoles, {organization, id}, read_role);
  return user;
}

std::optional<std::string> display_name(db::Tx& tx, OrganizationId organization, UserId user) {
  return tx.one(sql::kFindDisplayName, {organization, user}, [](const db::Row& row) { return row.string(0); });
}

std::vector<std::pair<UserId, std::string>> display_names(db::Tx& tx, OrganizationId organization) {
  return tx.all(sql::kListDisplayNames, {organization},
                [](const db::Row& row) { return std::pair(row.id<UserId>(0), row.string(1)); });
}

std::optional<User> find_by_sign_in_name(db::Tx& tx, std::string_view sign_in_name) {
  const auto who = tx.one(sql::kFindSignInName, {fold(sign_in_name)},
                          [](const db::Row& row) { return std::pair(row.id<OrganizationId>(0), row.id<UserId>(1)); });
  if (!who) return std::nullopt;
  return find_user(tx, who->first, who->second);
}

std::vector<User> staff(db::Tx& tx, OrganizationId organization, std::string_view role) {
  std::vector<User> people;
  tx.each(sql::kListStaff, {organization, role}, [&](const db::Row& row) {
    const auto id = row.id<UserId>(0);
    if (people.empty() || people.back().id != id) {
      User user;
      user.organization = organization;
      user.id = id;
      user.display_name = row.string(1);
      people.push_back(std::move(user));
    }
    people.back().roles.push_back({row.string(2), row.id<SiteId>(3)});
  });
  return people;
}

void set_password(db::Tx& tx, OrganizationId organization, UserId user, std::string_view hash) {
  tx.run(sql::kSetPassword, {organization, user, hash});
}

void record_sign_in_failure(db::Tx& tx, OrganizationId organization, UserId user, Instant now) {
  tx.run(sql::kCountFailure, {organization, user, now});
}

void clear_sign_in_failures(db::Tx& tx, OrganizationId organization, UserId user) {
  tx.run(sql::kClearFailures, {organization, user});
}

bool update_account(db::Tx& tx, const User& user, std::int64_t expected_version) {
  return tx.run(sql::kUpdateAccount, {user.organization, user.id, user.display_name, user.language, expected_version}) == 1;
}

void disable_user(db::Tx& tx, OrganizationId organization, UserId user, Instant now) {
  tx.run(sql::kDisableUser, {organization, user, now});
}

void insert_session(db::Tx& tx, std::string_view token_hash, OrganizationId organization, UserId user, Instant now) {
  tx.run(sql::kInsertSession, {bytes(token_hash), organization, user, now});
}

std::optional<Session> find_session(db::Tx& tx, std::string_view token_hash) {
  std::optional<Session> session;
  tx.each(sql::kFindSession, {bytes(token_hash)}, [&](const db::Row& row) {
    if (!session) {
      session.emplace();
      session->times = {row.instant(0), row.instant(1), row.maybe_instant(2)};
      auto& user = session->user;
      user.organization = row.id<OrganizationId>(3);
      user.id = row.id<UserId>(4);
      user.display_name = row.string(5);
      user.sign_in_name = row.maybe_string(6);
      user.language = row.string(7);
      user.disabled_at = row.maybe_instant(8);
      user.version = row.integer(9);
    }
    if (!row.is_null(10)) session->user.roles.push_back({row.string(10), row.id<SiteId>(11)});
  });
  return session;
}

void touch_session(db::Tx& tx, std::string_view token_hash, Instant now) { tx.run(sql::kTouchSession, {bytes(token_hash), now}); }

void end_session(db::Tx& tx, std::string_view token_hash, Instant now, std::string_view because) {
  tx.run(sql::kEndSession, {bytes(token_hash), now, because});
}

std::int64_t end_sessions(db::Tx& tx, OrganizationId organization, UserId user, std::string_view except, Instant now,
                          std::string_view because) {
  return tx.run(sql::kEndOtherSessions, {organization, user, bytes(except), now, because});
}

std::vector<std::pair<std::string, SessionTimes>> live_sessions(db::Tx& tx, OrganizationId organization, UserId user,
                                                                Instant now) {
  std::vector<std::pair<std::string, SessionTimes>> live;
  tx.each(sql::kListSessions, {organization, user}, [&](const db::Row& row) {
    const auto hash = row.bytes(0);
    SessionTimes times{row.instant(1), row.instant(2), std::nullopt};
    if (is_live(times, now)) live.emplace_back(std::string(hash.begin(), hash.end()), times);
  });
  return live;
}

std::int64_t purge_sessions(db::Tx& tx, Instant before) { return tx.run(sql::kPurgeSessions, {before}); }

void insert_service_key(db::Tx& tx, std::string_view key_hash, const ServiceKey& key, Instant now) {
  tx.run(sql::kInsertServiceKey, {bytes(key_hash), key.organization, key.id, key.name, key.role, key.site, now});
}

std::optional<ServiceKey> find_service_key(db::Tx& tx, std::string_view key_hash) {
  return tx.one(sql::kFindServiceKey, {bytes(key_hash)}, [](const db::Row& row) {
    return ServiceKey{row.id<OrganizationId>(0), row.uuid(1), row.string(2), row.string(3), row.id<SiteId>(4)};
  });
}

bool revoke_service_key(db::Tx& tx, OrganizationId organization, std::string_view name, Instant now) {
  return tx.run(sql::kRevokeServiceKey, {organization, name, now}) > 0;
}

}  // namespace concord::identity
