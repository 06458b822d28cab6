// A mapping file lets the CSV importer read the spreadsheets a clinic keeps: which of their files and
// columns is which of ours, how they write values and dates. JSON; docs/import.md shows one.
//   {"scale_result": [{"file": "tracker.csv", "columns": {"patient_id": "MRN", "total_score": "PHQ9"},
//                      "defaults": {"instrument": "phq-9"}, "skip_if_empty": ["total_score"],
//                      "date_format": "M/D/YYYY"}]}
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"

namespace concord::exchange {

/// One table to read rows of a kind from.
struct SheetSpec {
  std::string file;
  char separator = ',';
  bool mapped = false;                                               ///< named in a mapping file: surplus columns are expected
  std::map<std::string, std::string> columns;                        ///< ours -> theirs
  std::map<std::string, std::map<std::string, std::string>> values;  ///< our column -> (theirs, lower case -> ours)
  std::map<std::string, std::string> defaults;                       ///< our column -> value for an empty or absent cell
  std::vector<std::string> skip_if_empty;                            ///< our columns: a row without them is no row of this kind
  std::string date_format = "YYYY-MM-DD";
};

struct Mapping {
  std::map<std::string, std::vector<SheetSpec>> sheets;  ///< kind ("patient") -> where to read it

  /// The kind's sheets, or the file of our own name.
  std::vector<SheetSpec> of(std::string_view kind) const;
};

/// bad_file with every issue and its path.
Result<Mapping> parse_mapping(std::string_view json_text);
Result<Mapping> load_mapping(const std::filesystem::path& path);

/// A date as `format` writes it: tokens YYYY, YY (20YY), MM or M, DD or D, everything else literally.
std::optional<Date> parse_date(std::string_view text, std::string_view format);

}  // namespace concord::exchange
