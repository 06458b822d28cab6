// Reads and writes site_month: the care-manager time (FTE) that a site attests for a month. What a month said before stays
// readable as what was known then (docs/decisions/0012).
#pragma once

#include <optional>
#include <vector>

#include "base/caller.h"
#include "db/database.h"

namespace concord::measures {

struct SiteMonth {
  SiteId site;
  Date month;      ///< its first day
  double fte = 0;  ///< 1.0: one full-time care manager
  std::optional<Instant> recorded_at;
};

/// Months whose first day is from `from` to `to`, in their order.
std::vector<SiteMonth> site_months(db::Tx& tx, OrganizationId organization, SiteId site, Date from, Date to);
/// In place of what the month said; true when it had said something.
bool attest(db::Tx& tx, OrganizationId organization, const SiteMonth& month, Instant now);

}  // namespace concord::measures
