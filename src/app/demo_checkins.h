// Check-ins of the demo clinic, so that the board and the patient page have something to show: one that waits, one begun, two
// sets of answers nobody has looked at, one that reached somebody else. Invented; no secret is printed, so none can be opened.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

Result<void> add_demo_checkins(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                               OrganizationId organization, const simulation::Cohort& cohort);

}  // namespace concord::app
