// `concord export csv DIR`: everything the interchange folder has a place for (metrics.md section 2 and
// docs/import.md), from one snapshot. Reading the folder back into an empty organization gives the same
// content; ids that came from a folder are written as they came. Cells are safe in a spreadsheet.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/caller.h"
#include "db/database.h"
#include "exchange/report.h"
#include "instruments/instruments.h"

namespace concord::exchange {

struct CsvExportOptions {
  OrganizationId organization;
  std::string zone;  ///< for days of instants (a closed safety event)
  const instruments::Library* instruments = nullptr;
  bool overwrite = false;  ///< otherwise a folder that holds a patient.csv is left alone
  ProgressCallback progress;
  std::function<double()> seconds;
  /// Called inside a write transaction after the folder is written: who took what. May be empty.
  std::function<void(db::Tx&, std::string_view action, std::string_view detail)> audit;
};

/// The report's `stored` counts the rows written. Errors: bad_file when the folder cannot be written or holds an
/// export already; database failures.
Result<Report> export_csv(db::Database& database, const CsvExportOptions& options, const std::filesystem::path& folder);

}  // namespace concord::exchange
