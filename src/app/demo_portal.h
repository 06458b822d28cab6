// Accounts for the demo clinic's portal: patients in both languages, a young person, and somebody two of them trust. Who asks
// for a code there finds it on the console that runs the demo, because nothing is mailed.
#pragma once

#include "app/slices.h"
#include "db/database.h"
#include "simulation/simulation_store.h"

namespace concord::app {

struct DemoPortalPerson {
  std::string_view name, who;
};
/// Addresses to sign in with; those the clinic has nobody for are left out when it is made.
const std::vector<DemoPortalPerson>& demo_portal_people();

Result<void> add_demo_portal(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                             OrganizationId organization, const simulation::Cohort& cohort);

}  // namespace concord::app
