// The AIMS set of a month or quarter and the HEDIS-like figures of a year over HTTP, and a figure's patients.
// Read next: aims.h, hedis.h, program_figures.h, docs/measures.md.
#pragma once

#include <vector>

#include "measures/aims.h"
#include "measures/hedis.h"
#include "measures/measures_api.h"

namespace concord::measures {

struct ProgramDeps {
  const Deps* common = nullptr;  ///< what the state report is lent too
  const AimsRules* aims = nullptr;
  const HedisRules* hedis = nullptr;
};

/// `deps` must outlive the routes. They keep the last few reports, so that a figure's patients are those of the figure.
std::vector<http::Route> program_routes(const ProgramDeps& deps);

}  // namespace concord::measures
