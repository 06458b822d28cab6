// `concord report ... --csv DIR`: a folder of CSV files (metrics.md section 2) as facts for measures, without a database.
// Reads the files; no clock, nothing is printed. A folder in which everything is plain goes a short way
// (plain_clinic_csv.h); whatever is unusual goes through the importer's reader, which knows every spelling and names every
// mistake. Both give the same clinic. Read next: measures/facts.h, exchange/csv_folder.h.
#pragma once

#include <filesystem>
#include <optional>
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
  std::vector<std::string> notes;  ///< unknown columns, totals not trusted, files that are not there, ties
};

// One function for each kind of fact: whatever way a row came in, it means the same. nullopt: the row is no fact of measures.
measures::Coverage coverage_fact(const patients::Coverage& row);
std::optional<measures::Episode> episode_fact(const std::string& key, const episodes::Episode& row);
std::optional<measures::Contact> contact_fact(const contacts::Contact& row);
/// Adds the form to the clinic.
std::optional<measures::Score> score_fact(measures::Clinic& clinic, const measurements::Measurement& row,
                                          const measures::NysRules& rules);
measures::Review review_fact(const reviews::Review& row);
/// The advice that the review's own columns describe.
std::optional<measures::Recommendation> recommendation_fact(const reviews::Review& row);
measures::Visit visit_fact(const exchange::PracticeVisit& row, const measures::NysRules& rules);

/// Errors: bad_file for a folder, file or column that is missing; invalid with every bad row ("episode.csv:7:enrollment_date").
Result<CsvClinic> clinic_from_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                                  const measures::NysRules& rules);

/// The same, always through the importer's reader.
Result<CsvClinic> clinic_from_any_csv(const std::filesystem::path& folder, const instruments::Library& instruments,
                                      const measures::NysRules& rules);

/// The same from rows that were read.
measures::Clinic clinic_from_rows(const exchange::Rows& rows, const measures::NysRules& rules);

}  // namespace concord::app
