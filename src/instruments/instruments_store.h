// The permission ledger: table instrument_permission. The files themselves are not in the database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"

namespace concord::db {
class Tx;
}

namespace concord::instruments {

struct PermissionRecord {
  SiteId site;
  std::string instrument;    ///< id
  Date valid_from;           ///< first day, at the site
  std::string permitted_by;  ///< who gave it: the owner, or the publisher
  std::string reference;     ///< contract or letter, so that somebody can find it
  UserId recorded_by;
  Instant recorded_at{};
  bool operator==(const PermissionRecord&) const = default;
};

/// conflict when the same site has one for that instrument from the same day.
Result<void> record_permission(db::Tx& tx, OrganizationId organization, const PermissionRecord& record);
/// Every site's, by site, instrument, day.
std::vector<PermissionRecord> list_permissions(db::Tx& tx, OrganizationId organization);
/// Whether a recorded permission holds on `day` (site-local).
bool is_permitted(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view instrument, Date day);

}  // namespace concord::instruments
