#include "app/outcomes_wiring.h"

namespace concord::app {

Result<std::shared_ptr<const measures::OutcomeRules>> load_outcomes(std::string_view json_text, const caseload::RuleSet& rules) {
  std::vector<measurements::Criteria> instruments;
  for (const auto& [id, criteria] : rules.instruments) {
    instruments.push_back(criteria);
    instruments.back().instrument = id;
  }
  CONCORD_TRY(auto loaded, measures::load_outcome_rules(json_text, std::move(instruments), rules.name, rules.version));
  return std::make_shared<const measures::OutcomeRules>(std::move(loaded));
}

measures::SurveyItems survey_items(const surveys::Library& library) {
  measures::SurveyItems items;
  for (const auto& survey : library.all())
    for (const auto& item : survey.items) items[survey.id][item.id] = item.maximum;
  return items;
}

}  // namespace concord::app
