// What the demo clinic's team does together: tasks, a conversation, a care team with people who do not sign in, a cover
// that is planned. Invented.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

Result<void> add_demo_team(db::Database& database, const Slices& slices, IdSource& ids, Instant now, OrganizationId organization,
                           const simulation::Cohort& cohort);

}  // namespace concord::app
