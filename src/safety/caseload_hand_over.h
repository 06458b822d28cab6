// When a caseload goes to another care manager for good, the open safety events that the first one holds go along.
#pragma once

#include <string>
#include <vector>

#include "db/database.h"
#include "safety/safety.h"

namespace concord::safety {

/// Gives the patients' open events that `from` holds to `to`, with a step that says so; how many. An event that
/// nobody has acknowledged is not touched: its ladder asks the new care manager by itself.
int hand_over_events(db::Tx& tx, OrganizationId organization, const std::vector<PatientId>& patients, UserId from, UserId to,
                     const std::string& why, Instant at);

}  // namespace concord::safety
