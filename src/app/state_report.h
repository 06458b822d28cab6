// `concord report nys-omh-2025 --db`: the state's report of a month, as known now or at an earlier instant; publishing it; what
// was published of it and what has changed since. Rules of publishing: measures/published_store.h.
#pragma once

#include <string>

#include "app/cli.h"
#include "measures/nys.h"

namespace concord::app {

struct StateReportOptions {
  std::string organization;  ///< "": the only one
  std::string as_of;         ///< as measures/as_of.h reads it; "": now
  bool publish = false;
  std::string reason;  ///< of a restatement
  bool as_json = false;
};

/// What is printed. Audited. Errors name the option to correct.
Result<std::string> state_report(CommandLine& line, const Config& config, const StateReportOptions& options,
                                 measures::ReportMonth month, const measures::NysRules& rules);

}  // namespace concord::app
