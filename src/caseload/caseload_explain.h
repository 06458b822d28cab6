// Why a line stands, and why the other rules are silent: `concord explain`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caseload/caseload.h"

namespace concord::caseload {

/// A rule that says nothing today, and the reason in a few words.
struct Silence {
  Rule rule = Rule::contact_due;
  std::optional<Date> from;  ///< the day on which it will speak if no fact changes
  std::string reason;
};

struct Explanation {
  CaseloadRow row;
  Date day;
  std::vector<Line> lines;        ///< what fires, what was put off included and marked
  std::vector<Silence> silences;  ///< every other rule, in the order of the rule set
  std::optional<NextStep> next;
};
/// `facts` as they stood on `day`: as_of().
Explanation explain(const EpisodeFacts& facts, const RuleSet& rules, Date day, std::string_view language = "en");

/// {"as_of", "rule_set", "patient_id", ..., "lines": [write_line()], "silent": [{"rule", "from", "reason"}]}
std::string explanation_json(const Explanation& explanation, const RuleSet& rules, const IdText& id_text = {});
/// For people: each line with rule, owner, parameters and their sources, evidence, citation; then the silent rules.
std::string explanation_text(const Explanation& explanation, const RuleSet& rules, std::string_view language = "en",
                             const IdText& id_text = {});

}  // namespace concord::caseload
