// Reads and writes on_call_shift and on_call_settings.
#pragma once

#include <optional>
#include <vector>

#include "db/database.h"
#include "safety/on_call.h"

namespace concord::safety {

void insert(db::Tx& tx, OrganizationId organization, const Shift& shift);
/// Not removed, and not over before the day before `day`.
std::vector<Shift> list_shifts(db::Tx& tx, OrganizationId organization, SiteId site, Date day);
std::optional<Shift> find_shift(db::Tx& tx, OrganizationId organization, ShiftId shift);
/// False when it was removed before.
bool remove_shift(db::Tx& tx, OrganizationId organization, const Shift& shift, UserId by, Instant now);

/// The defaults (version 0) when the site saved nothing.
OnCallSettings find_settings(db::Tx& tx, OrganizationId organization, SiteId site);
/// False when `settings.version` is stale.
bool save_settings(db::Tx& tx, OrganizationId organization, SiteId site, const OnCallSettings& settings);

}  // namespace concord::safety
