// The loop between care manager, consultant and PCP in the demo clinic, alive: a review session next to hold with a
// question to it, recommendations in every state, a safety event that somebody has taken, minutes near a code. The
// demo people do it through the same routes as the screens, so nothing here is in a state that a person could not have
// made. Plans: demo_plans.h; the team's own: demo_team.h. Read next: demo.h, slices.h.
#pragma once

#include "app/slices.h"
#include "db/database.h"

namespace concord::app {

/// For an organization that add_cohort_people() made with sign-ins. Stops with the first answer that is an error.
Result<void> bring_demo_to_life(db::Database& database, Slices& slices, OrganizationId organization, Instant now);

}  // namespace concord::app
