// What two years of the program left behind besides its patients' histories, so that the program's figures have something to
// count: weekly case reviews that were held, answers to surveys at their set points, goals that were reached. All invented.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

/// After add_demo_content: answers that are there already stay.
Result<void> add_demo_program(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                              OrganizationId organization, const simulation::Cohort& cohort);

}  // namespace concord::app
