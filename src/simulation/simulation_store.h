// Writes a simulated cohort into a database: organization, sites, people, patients and their histories.
#pragma once

#include <functional>

#include "base/clock.h"
#include "db/database.h"
#include "simulation/simulation.h"

namespace concord::simulation {

/// What the slice needs from others; app/ fills it.
struct Deps {
  /// Makes the organization, sites and people of the cohort (identity is app's to know).
  std::function<void(db::Tx&, const Cohort&)> add_people;
  /// Brings the caseload rows of these patients up to date.
  std::function<void(db::Tx&, OrganizationId, std::span<const patients::PatientId>)> refresh_caseload;
};

struct Progress {
  std::int64_t done = 0, total = 0;
};

struct Written {
  std::int64_t patients = 0, measurements = 0, contacts = 0, open_episodes = 0;
};

/// Batches of a few thousand patients, a transaction each. Not atomic as a whole: meant for an empty
/// organization.
Result<Written> write_cohort(db::Database& database, OrganizationId organization, const Cohort& cohort, Instant now,
                             const Deps& deps, const std::function<void(const Progress&)>& progress);

}  // namespace concord::simulation
