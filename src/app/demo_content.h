// What the demo's patients wrote in the portal, so that no screen is empty: goals with check-offs, notes on mood and medicines,
// messages (one of them waits), what matters before a decision, answers to surveys, feedback. All invented, and visibly so.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

/// After add_demo_portal: it needs the accounts.
Result<void> add_demo_content(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                              OrganizationId organization, const simulation::Cohort& cohort);

}  // namespace concord::app
