// `concord report ... --csv DIR`: a folder of CSV files (metrics.md section 2) as facts for measures, without a database.
// Reads the files; no clock, nothing is printed. Read next: measures/facts.h, exchange/csv_folder.h.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "exchange/rows.h"
#include "instruments/instruments.h"
#include "measures/facts.h"
#include "measures/nys.h"

namespace concord::app {

struct CsvClinic {
  measures::Clinic clinic;         ///< ids are the folder's own
  std::vector<std::string> notes;  ///< unknown columns, totals not trusted
};

/// Errors: bad_file for a folder, file or column that is missing; invalid with every bad row ("episode.csv:7:enrollment_date").
Result<CsvClinic> clinic_from_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                                  const measures::NysRules& rules);

/// The same from rows that were read.
measures::Clinic clinic_from_rows(const exchange::Rows& rows, const measures::NysRules& rules);

}  // namespace concord::app
