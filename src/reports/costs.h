// What the program costs, for each patient and each response, and what may come back: recorded hours, and assumptions that a
// program manager states and everybody sees. Pure arithmetic; docs/reports.md shows it by hand.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measures/outcomes.h"
#include "reports/reports.h"

namespace concord::reports {

/// Values by id; those nobody has set are the rules' own.
using Assumptions = std::map<std::string, double, std::less<>>;
Assumptions default_assumptions(const Rules& rules);

struct CostInput {
  std::vector<measures::RoleMinutes> minutes;
  double consultant_session_hours = 0;   ///< of held review sessions
  std::optional<std::int64_t> patients;  ///< enrolled in the period; nullopt: hidden
  std::optional<std::int64_t> responses;
  int months = 1;
};
struct CostLine {
  std::string id, unit;         ///< "usd", "hours", "ratio"
  std::optional<double> value;  ///< nullopt: nobody, or hidden
  std::string formula;          ///< the numbers it is made of: "120.5 h x 55 usd"
  bool suppressed = false;
};
/// Hours and money are rounded to two decimals where they are shown, never in between.
///   hours        recorded minutes by role; the consultant's are those, or the hours of held sessions where they are more
///   total        hours x hourly rates, plus overhead on that, plus fixed costs of the months
///   savings      patients x months / 12 x assumed saving of a patient and year
///   return       savings / total
std::vector<CostLine> costs(const CostInput& input, const Assumptions& assumptions);

}  // namespace concord::reports
