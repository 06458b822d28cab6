// A program with other rules, or with another form of the rows, must not read rows that an older one computed. Call this once
// after migrations, before anything reads or writes the projection.
#pragma once

#include <functional>
#include <span>

#include "base/id.h"
#include "caseload/caseload_store.h"

namespace concord::caseload {

/// Rebuilds every organization's rows when they were computed with something else than this program and `rules`, and
/// remembers that it did. Killed half-way it starts again. The number of rows computed; 0 when nothing was to do.
Result<std::int64_t> bring_up_to_date(db::Database& database, std::span<const OrganizationId> organizations,
                                      const RuleSet& rules);

}  // namespace concord::caseload
