// Routes of the what-if: other numbers of the rule set over the past year. Aggregates only; who may not open patients gets no
// small number and whole months only. Counting is caseload/what_if.h.
#pragma once

#include <functional>
#include <vector>

#include "caseload/what_if.h"
#include "http/route.h"
#include "patients/chart.h"

namespace concord::reports {

/// Must outlive the routes.
struct WhatIfDeps {
  const patients::Chart* chart = nullptr;
  const caseload::RuleSet* rules = nullptr;
  const caseload::WhatIfAssumptions* assumptions = nullptr;
  int threshold = 10;  ///< counts of 1 to so many are hidden from aggregate roles
  /// The role may open figures to patients.
  std::function<bool(db::Tx&, const Caller&)> may_open;
  std::function<std::int64_t(db::Tx&, OrganizationId)> count_episodes;
  std::function<void(db::Tx&, OrganizationId, const std::function<void(caseload::EpisodeFacts&&)>&)> each_facts;
};
/// One question at a time is worked on; another meanwhile gets overloaded.
std::vector<http::Route> what_if_routes(const WhatIfDeps& deps);

/// At most so many episodes are looked at, evenly spread; the answer says so.
inline constexpr std::int64_t kMostEpisodes = 20000;

/// Hides what an aggregate role may not see: a line whose flags or episodes, on either side or in their difference, or whose
/// episodes left over, are 1 to `threshold`; single months likewise, with more months where one alone could be computed; acts
/// whose rules are hidden; everything of so few episodes.
void hide_small(caseload::WhatIf& answer, const caseload::WhatIfAssumptions& assumptions, int threshold);

/// The twelve months that end with the last month that is over.
struct WholeYear {
  Date from, to;
};
WholeYear last_whole_year(Date today);

}  // namespace concord::reports
