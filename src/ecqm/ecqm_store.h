// A measure over an organization's own records. Reads other slices' tables, like the caseload's facts: a measure is a statement
// about all of them. Reads only.
#pragma once

#include "base/caller.h"
#include "db/database.h"
#include "ecqm/own_record.h"
#include "ecqm/run.h"

namespace concord::ecqm {

/// Every patient of the organization, by id. Placeholders are left out.
std::vector<OwnRecord> load_own_records(db::Tx& tx, OrganizationId organization);

/// The measure over them, in order of patient id. `today` at the organization.
Result<RunSummary> run_own(const std::vector<OwnRecord>& records, const Measure& measure, const Question& question, Date today,
                           const Sink& sink);

}  // namespace concord::ecqm
