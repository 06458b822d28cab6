// `concord billing --csv DIR`: a folder of CSV files (metrics.md section 2) as a book of minutes, without a database.
// Reads the files; no clock, nothing is printed. Read next: billing/billing.h, exchange/csv_folder.h.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "billing/billing.h"
#include "instruments/instruments.h"

namespace concord::app {

struct CsvBook {
  billing::Book book;
  std::unordered_map<Uuid, std::string> ids;  ///< row id -> what the folder calls it
  std::vector<std::string> notes;             ///< what was not known or had to be assumed
};

/// Whose role is not said in time_entry.csv counts as a care manager, unless the folder calls the same person the
/// psychiatric consultant or another clinician. Without time_entry.csv the minutes of contact.csv are taken. Initiating visits
/// and services billed elsewhere are the billing codes of practice_visit.csv.
/// Errors: bad_file for a folder, file or column that is missing; invalid with every bad row ("time_entry.csv:7:minutes").
Result<CsvBook> book_from_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                              const billing::Rules& rules);

}  // namespace concord::app
