// The demo clinic has handed its monthly figures to the state before: months are published as of a few days after their end, and
// a handful of scores that came later restate them.
#pragma once

#include "app/slices.h"
#include "db/database.h"

namespace concord::app {

/// After everything else of the demo.
Result<void> publish_demo_months(db::Database& database, const Slices& slices, Instant now, OrganizationId organization,
                                 std::string_view zone);

}  // namespace concord::app
