// The interchange folder (metrics.md section 2): CSV files -> rows of every slice and everything that is
// wrong with them. Pure but for reading the files: no database, no clock. docs/import.md lists files and
// columns. Read next: rows.h, csv_import.h (rows -> database), csv_export.h.
//
//   CONCORD_TRY(auto folder, read_csv_folder("clinic/", options));
//   for (const auto& r : folder.rejected) ...            // file, line, column, reason
//   for (const auto& e : folder.rows.episodes) ... e.row  // ids are stable: the same folder gives the same ids
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "exchange/csv_mapping.h"
#include "exchange/rows.h"
#include "instruments/instruments.h"

namespace concord::exchange {

struct CsvOptions {
  OrganizationId organization;  ///< nil when nothing is stored (caseload --csv)
  const instruments::Library* instruments = nullptr;
  std::string zone = "UTC";  ///< of the site: a date's instant is noon there
  Date today;                ///< later dates of care are an error
  Mapping mapping;
  /// Called with bytes read and bytes in all, about once a mebibyte.
  std::function<void(std::uint64_t done, std::uint64_t all, std::int64_t rows)> progress;
};

struct CsvFolder {
  Rows rows;  ///< good rows only
  std::int64_t files = 0;
  std::int64_t rows_read = 0;
  std::vector<Rejection> rejected;
  std::vector<std::string> notes;  ///< unknown columns, totals that disagree with their answers
};

/// Errors: bad_file when the folder or patient.csv is missing or a file has no usable header (required columns
/// named). Bad rows are not errors: they are in `rejected`.
Result<CsvFolder> read_csv_folder(const std::filesystem::path& folder, const CsvOptions& options);

/// For a report straight from a folder: every mistake in it is an error (invalid, with "episode.csv:7:enrollment_date" for each),
/// and dates after today are none, since the report says which day it is about. Days are UTC days.
Result<CsvFolder> read_faultless_folder(const std::filesystem::path& folder, const instruments::Library& instruments);

/// The kinds of rows, in the order they are read; also the names of the files.
const std::vector<std::string_view>& csv_kinds();
/// Columns of a kind, required ones first. scale_result also takes any item's linkId.
const std::vector<std::string_view>& csv_columns(std::string_view kind);
/// How many of them, from the first, are required.
std::size_t csv_required_columns(std::string_view kind);
bool is_known_kind(std::string_view kind);
bool is_known_column(std::string_view kind, std::string_view column);
std::string known_kinds();

}  // namespace concord::exchange
