// The demo clinic: invented patients whose histories end today, and people to sign in as.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "app/directory.h"
#include "app/slices.h"
#include "simulation/simulation_store.h"

namespace concord::app {

struct DemoPerson {
  std::string_view sign_in_name, display_name, role;
};
/// Who may sign in at the demo clinic, all with kDemoPassword.
const std::vector<DemoPerson>& demo_people();
inline constexpr std::string_view kDemoPassword = "correct horse battery staple demo";

/// Makes the organization, its sites and the people a cohort names. With `sign_ins` the first site's care
/// manager and consultant become demo people, and the others are added.
void add_cohort_people(db::Tx& tx, IdSource& ids, Instant now, OrganizationId organization, std::string_view organization_name,
                       const simulation::Cohort& cohort, bool sign_ins);

/// Fills a database with a cohort; the organization gets an id made from the seed, so the same command makes
/// the same database. conflict when it is there already.
Result<simulation::Written> simulate_into(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                                          std::string_view name, const simulation::Options& options, bool sign_ins,
                                          const std::function<void(const simulation::Progress&)>& progress);

}  // namespace concord::app
