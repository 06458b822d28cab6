// `concord caseload` on a database: the same rules over the stored facts, on any day.
#pragma once

#include <optional>
#include <string>

#include "app/cli.h"
#include "app/slices.h"
#include "caseload/caseload.h"

namespace concord::app {

struct CaseloadQuestion {
  std::optional<Date> as_of;  ///< nullopt: today at the organization's first site
  std::string care_manager;   ///< empty: everybody's; compares without case and accents
  std::string organization;   ///< empty: the only one
  std::string language = "en";
};

struct DatabaseCaseload {
  Date as_of;
  std::vector<caseload::CaseloadRow> rows;
};

Result<DatabaseCaseload> caseload_from_database(CommandLine& line, const Config& config, const DataFiles& data,
                                                const CaseloadQuestion& question);

}  // namespace concord::app
