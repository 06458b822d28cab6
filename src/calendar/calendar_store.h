// Reads and writes site_calendar and site_special_day. Every version is kept; the highest counts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "db/database.h"

namespace concord::calendar {

/// A calendar as somebody set it. `calendar.zone` is left alone: the zone is the site's (identity).
struct Version {
  Calendar calendar;
  std::int64_t version = 0;  ///< 0: the default, nobody has changed it
  std::string reason;
  std::optional<UserId> changed_by;
  std::optional<Instant> changed_at;
};

/// The site's calendar now; the default with version 0 when nobody has changed it. One statement.
Version find(db::Tx& tx, OrganizationId organization, SiteId site);
/// The calendar alone, with the zone given.
Calendar load(db::Tx& tx, OrganizationId organization, SiteId site, std::string zone);
/// Newest first, those below `before` (0: all).
std::vector<Version> list_versions(db::Tx& tx, OrganizationId organization, SiteId site, std::int64_t before, int limit);
/// Stores `version.version`; false when that version exists already (somebody was faster).
bool insert(db::Tx& tx, OrganizationId organization, SiteId site, const Version& version);

}  // namespace concord::calendar
