// Which age may do what with the record, and what is kept from parents by itself: rulesets/confidentiality-2026.json. Pure.
//
//   below `guardian_until` (12)   a guardian acts; the child has no account of their own
//   from there to adult (18)      the young person's private space: their own account; a guardian only with their agreement,
//                                 and without what the rules keep private
//   at each age of `ask_again`    every grant that was agreed to before stops until the patient says yes again
//   adult                         no guardians, no rules: the patient decides alone
//
// State law differs and changes: a state's own numbers override the program's (security.md Z6); a person checks them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"

namespace concord::portal {

struct AgeRules {
  int guardian_until = 12;                      ///< years: younger children have a guardian act
  int adult = 18;                               ///< years
  std::vector<int> ask_again = {13, 18};        ///< years, rising
  std::vector<std::string> private_codes;       ///< of those between guardian_until and adult; sorted
  std::vector<std::string> guardian_keeps_out;  ///< of children below guardian_until; sorted
};

struct Confidentiality {
  std::string name, version;
  AgeRules rules;                          ///< program default
  std::map<std::string, AgeRules> states;  ///< "NY": what differs, already merged over the default
  /// The default when the state is empty or has nothing of its own.
  const AgeRules& of(std::string_view state) const;
};
/// bad_file names the place of what is wrong.
Result<Confidentiality> load_confidentiality(std::string_view json);

enum class Stage { child, adolescent, adult };
/// A patient without a birth date counts as adolescent: nobody is given a guardian's view by a missing date.
Stage stage_of(const std::optional<Date>& birth_date, Date today, const AgeRules& rules);
/// The last day at or before `today` on which the patient reached an age of `ask_again`.
std::optional<Date> last_asking(const std::optional<Date>& birth_date, Date today, const AgeRules& rules);
/// What rows count as adolescent_confidential by themselves.
const std::vector<std::string>& private_codes(Stage stage, const AgeRules& rules);

}  // namespace concord::portal
