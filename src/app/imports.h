// Imports and exports as the command line and the benchmark run them: open the database, find or make the
// organization and site, run, refresh the caseload, write the audit entry.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli.h"
#include "exchange/report.h"

namespace concord::app {

/// Where imported rows belong; empty names mean the only one there is, or a new one.
struct ImportPlace {
  std::string organization, site, time_zone;
};

struct CsvSource {
  std::filesystem::path folder;
  std::filesystem::path mapping;  ///< empty: the columns are called as in docs/import.md
  bool partial = false;           ///< store the good rows although others are rejected
};

Result<exchange::Report> import_fhir_into(CommandLine& line, const Config& config,
                                          const std::vector<std::filesystem::path>& paths, const ImportPlace& place = {},
                                          const exchange::ProgressCallback& progress = {});
Result<exchange::Report> import_csv_into(CommandLine& line, const Config& config, const CsvSource& source,
                                         const ImportPlace& place = {}, const exchange::ProgressCallback& progress = {});
Result<exchange::Report> export_csv_from(CommandLine& line, const Config& config, const std::filesystem::path& folder,
                                         const std::string& organization = "", bool overwrite = false);

}  // namespace concord::app
