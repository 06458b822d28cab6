// Outcome columns put together: their rules from the rule sets, what surveys can reach, and the keeper of every organization's
// columns.
#pragma once

#include <memory>
#include <string_view>

#include "caseload/ruleset.h"
#include "measures/residents.h"
#include "surveys/surveys.h"

namespace concord::app {

/// `json_text`: rulesets/outcomes-2026.json; the instruments are those of the rule set in force.
Result<std::shared_ptr<const measures::OutcomeRules>> load_outcomes(std::string_view json_text, const caseload::RuleSet& rules);
/// The highest answer of each item.
measures::SurveyItems survey_items(const surveys::Library& library);

}  // namespace concord::app
