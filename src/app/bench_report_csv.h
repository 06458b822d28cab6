// How long the program report takes from a folder of CSV files: the folder is made up, then `concord report` runs as a process of
// its own, from its start to its last byte. For `concord bench`.
#pragma once

#include <cstdint>
#include <filesystem>

#include "app/cli.h"

namespace concord::app {

struct ReportCsvFigures {
  std::int64_t patients = 0, rows = 0, bytes = 0;
  double table_seconds = 0;  ///< median of the runs, process start to the last byte
  double json_seconds = 0;   ///< the same with --json: every patient
  std::int64_t json_bytes = 0;
};

struct CsvSize {
  std::int64_t rows = 0, bytes = 0;
};
/// A made-up clinic's year before 2026-03: patients, coverage, episodes, contacts, scores, reviews, visits, FTE. The same number
/// gives the same bytes. Errors: storage.
Result<CsvSize> write_made_up_csv(const std::filesystem::path& folder, int patients);

/// `folder` is made and emptied.
Result<ReportCsvFigures> bench_report_csv(const Config& config, const std::filesystem::path& folder, int patients, int runs);

}  // namespace concord::app
