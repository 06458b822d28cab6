// Plans, goals, decisions, conditions and allergies of the demo clinic's patients, so that every page has something to
// show: agreed plans, one the patient was not asked about, one they want otherwise. Invented; the same for the same patients.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

Result<void> add_demo_plans(db::Database& database, const Slices& slices, IdSource& ids, Instant now, OrganizationId organization,
                            const simulation::Cohort& cohort);

}  // namespace concord::app
