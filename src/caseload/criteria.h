// The numbers of instruments the rule set does not name, from the instruments' own files.
#pragma once

#include "caseload/ruleset.h"
#include "instruments/instruments.h"

namespace concord::caseload {

/// An instrument's thresholds as the rules read them.
measurements::Criteria criteria_of(const instruments::Instrument& instrument);
/// Adds every instrument of the library that the rule set does not name itself, and which of all need a permission.
void add_instruments(RuleSet& rules, const instruments::Library& library);

}  // namespace concord::caseload
