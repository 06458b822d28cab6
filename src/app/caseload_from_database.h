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

struct PatientQuestion {
  std::optional<Date> as_of;  ///< nullopt: today at the patient's site
  std::string patient;        ///< id, or "family given" without case and accents
  std::string organization;   ///< empty: the only one
};
struct DatabasePatient {
  Date as_of;
  caseload::EpisodeFacts facts;  ///< as they stood at the end of the day
};
/// `concord explain` on a database; audited as a look at the patient. not_found for nobody, or for several of that
/// name (the issues give their ids).
Result<DatabasePatient> patient_from_database(CommandLine& line, const Config& config, const DataFiles& data,
                                              const PatientQuestion& question);

}  // namespace concord::app
