// `concord caseload --csv DIR`: what the registry would show for a folder of CSV files (metrics.md section 2)
// on a day, without a database. Reads the files; no clock, nothing is printed. Evidence and rows carry the ids
// of the folder. Read next: exchange/csv_folder.h (files -> rows), caseload/caseload.h (rules),
// tests/golden/csv/clinic/README.md (a clinic that walks every rule).
//
//   CONCORD_TRY(auto list, caseload_from_csv("clinic/", day, std::nullopt, instruments, rules));
//   std::cout << caseload_json(list, rules) << "\n";
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "base/result.h"
#include "caseload/caseload.h"
#include "caseload/ruleset.h"
#include "exchange/rows.h"
#include "instruments/instruments.h"

namespace concord::app {

struct CsvCaseload {
  Date as_of;
  std::vector<caseload::CaseloadRow> rows;    ///< in caseload order
  std::unordered_map<Uuid, std::string> ids;  ///< row id -> what the folder calls it
  std::vector<std::string> notes;             ///< unknown columns, totals not trusted, rows later than the day
  std::int64_t files = 0;
  std::int64_t rows_read = 0;
};

/// Facts dated after `as_of` are not known on that day. `care_manager` compares without case and accents.
/// Errors: bad_file for a folder, file or column that is missing; invalid with every bad row, its path
/// "episode.csv:7:enrollment_date"; not_found for a care manager whom no episode of the folder names.
Result<CsvCaseload> caseload_from_csv(const std::filesystem::path& folder, Date as_of,
                                      std::optional<std::string_view> care_manager, const instruments::Library& instruments,
                                      const caseload::RuleSet& rules);

/// One patient of a folder: the facts of the episode that the list would show, as they stood at the end of `as_of`.
struct CsvPatient {
  caseload::EpisodeFacts facts;
  std::unordered_map<Uuid, std::string> ids;
};
/// `patient` is the folder's own id. Errors as caseload_from_csv; not_found for somebody the folder does not know, or
/// who had no episode yet on that day.
Result<CsvPatient> patient_from_csv(const std::filesystem::path& folder, Date as_of, std::string_view patient,
                                    const instruments::Library& instruments, const caseload::RuleSet& rules);

/// The facts of every episode in the rows; scores and contacts after an episode's end are not its own. A
/// positive safety answer that no safety event speaks of is an open signal when it is at most
/// exchange::kSafetyEventDays older than `as_of`, as it would be after an import; due after the rule set's minutes
/// where its time of day is known, else the same day.
std::vector<caseload::EpisodeFacts> episode_facts(const exchange::Rows& rows, Date as_of, const instruments::Library& instruments,
                                                  const caseload::RuleSet& rules);

/// One line of JSON: {"as_of", "rows": [...]} (issue: `concord caseload --json`).
std::string caseload_json(const CsvCaseload& list, const caseload::RuleSet& rules, std::string_view language = "en");
/// For people: grouped by need, one person a line, every reason under each other.
std::string caseload_table(const CsvCaseload& list, const caseload::RuleSet& rules, std::string_view language = "en");

}  // namespace concord::app
