// Visits, a group and help beside treatment at the demo clinic: a week with an agenda, a roster with a waiting list, a directory
// of invented services, referrals of which one is overdue. Nobody in it exists.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

Result<void> add_demo_outreach(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                               OrganizationId organization, const simulation::Cohort& cohort);

}  // namespace concord::app
