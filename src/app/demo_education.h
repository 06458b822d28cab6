// A few pieces that the demo clinic's team gave to patients, some of them read. Invented; the same for the same patients.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

Result<void> add_demo_education(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                                OrganizationId organization, const simulation::Cohort& cohort);

}  // namespace concord::app
