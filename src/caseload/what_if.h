// What if a number of the rule set had been another one: how many flags, acts and hours would the past year have meant? Pure.
//
// For each episode the facts are taken as they stood on every day of the period (as_of) and both rule sets are read from them.
// Facts change on few days: between two of them every trigger tells its own first day, so every day is counted without looking at
// each.
//
//   flags      times a rule began to fire (not yet on the day before); what fired already when the period began is no flag
//   late       times a firing rule passed its due day
//   open_days  episode-days on which it fired
//   episodes   episodes on which it fired at least a day
//   acts       times at which any rule of an act's list began to fire while none did: one review answers three rules
//
// What people did is taken as it was: an earlier flag brings no earlier review here. limits() says what else cannot be known.
//
//   CONCORD_TRY(const auto other, changed(rules, changes));
//   WhatIfCounter counter(rules, other, assumptions, from, to);
//   counter.add(facts);                     // as often as needed: memory does not grow with the episodes
//   const WhatIf answer = counter.answer();
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caseload/caseload.h"

namespace concord::caseload {

// ---- numbers that may be changed

struct Adjustable {
  Parameter now;
  double minimum = 0, maximum = 0;  ///< whole numbers
  std::vector<Rule> rules;          ///< that use it
  bool only_late = false;           ///< moves the due day only, not the flag
};
/// Every number of the rule set that moves a flag or its due day, in the order of the file.
std::vector<Adjustable> adjustable(const RuleSet& rules);

using Change = std::pair<std::string, double>;  ///< "review.nonresponse.from_days", 42
/// The rule set with other numbers. Errors: invalid with paths "changes[0].id" and "changes[0].value".
Result<RuleSet> changed(const RuleSet& rules, std::span<const Change> changes);

// ---- what a flag costs

struct ActMinutes {
  std::string role;  ///< "psychiatric_consultant"
  double minutes = 0;
  std::string source;
};
struct Act {
  std::string id;  ///< "review"
  std::vector<Rule> rules;
  std::vector<ActMinutes> minutes;
};
struct WhatIfAssumptions {
  std::string name, version;
  std::vector<Act> acts;  ///< each rule is in exactly one

  std::size_t act_of(Rule rule) const;
};
/// bad_file with every issue: an unknown rule, one in two acts or in none.
Result<WhatIfAssumptions> load_what_if(std::string_view json_text);

// ---- the answer

struct Tally {
  std::int64_t flags = 0, late = 0, open_days = 0, episodes = 0;
  std::vector<std::int64_t> months;  ///< flags by month of the period
  bool operator==(const Tally&) const = default;
};
/// Both runs of a rule or an act. What is hidden is not written; callers of aggregate roles set it (reports/suppression.h).
struct WhatIfLine {
  Tally now, changed;
  bool hidden = false, hidden_late = false;
  std::vector<char> hidden_months;  ///< empty: none
};
struct WhatIf {
  std::string rule_set, version, assumptions, assumptions_version;
  Date from, to;
  std::vector<Date> months;                      ///< first days
  std::int64_t episodes = 0, looked_at = 0;      ///< all, and those counted (sampled)
  bool hidden = false;                           ///< everything
  std::array<WhatIfLine, kRuleCount + 1> rules;  ///< by rule number
  std::vector<WhatIfLine> acts;                  ///< as in the assumptions
};

class WhatIfCounter {
 public:
  /// All must outlive the counter. `from` <= `to`, both counted.
  WhatIfCounter(const RuleSet& now, const RuleSet& changed, const WhatIfAssumptions& assumptions, Date from, Date to);
  /// On all cores; not to be called from several threads.
  void add(std::span<const EpisodeFacts> facts);
  /// Episodes that are left out of a sample.
  void add_not_looked_at(std::int64_t episodes) { answer_.episodes += episodes; }
  const WhatIf& answer() const { return answer_; }

 private:
  const RuleSet& now_;
  const RuleSet& changed_;
  const WhatIfAssumptions& assumptions_;
  WhatIf answer_;
};

/// Days after `from` up to `to` on which something of the facts may look different from the day before.
std::vector<Date> days_of_change(const EpisodeFacts& facts, Date from, Date to);

enum class WhatIfSource { database, csv };
struct Limit {
  std::string_view code;
  std::vector<Rule> rules;  ///< empty: all
  std::string text;
};
/// What the answer cannot know, in "en" or "es".
std::vector<Limit> limits(const WhatIf& answer, WhatIfSource source, std::string_view language = "en");
/// False for rules whose ended facts are not kept: their counts are too low.
bool is_complete(Rule rule, WhatIfSource source);

/// The members of docs/measures.md "What if", without braces around: the caller opens and closes the object.
void write_what_if(json::Writer& w, const WhatIf& answer, const RuleSet& rules, std::span<const Change> changes,
                   const WhatIfAssumptions& assumptions, WhatIfSource source, std::string_view language = "en");
void write_assumptions(json::Writer& w, const WhatIfAssumptions& assumptions);
/// For people at a terminal.
std::string what_if_table(const WhatIf& answer, const RuleSet& rules, std::span<const Change> changes,
                          const WhatIfAssumptions& assumptions, WhatIfSource source);

}  // namespace concord::caseload
