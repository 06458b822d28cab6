// A table on its way out of Concord: as CSV, or as a workbook whose first sheet says what the table is. Pure (table.cpp), and
// xlsx.cpp, the only place that knows the library.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace concord::reports {

/// Nothing, a number, or text.
using TableCell = std::variant<std::monostate, double, std::string>;
struct Listing {
  std::string name;  ///< of the sheet
  std::vector<std::string> columns;
  std::vector<std::vector<TableCell>> rows;
};
/// Lines of the first sheet: what it says of, and what it says.
using About = std::vector<std::pair<std::string, std::string>>;

/// RFC 4180 with a header line; no cell is a formula (base/text.h).
std::string to_csv(const Listing& table);
/// Bytes of an .xlsx file; text is written as text, so that nothing is a formula. Same input, same bytes.
Result<std::string> to_xlsx(const About& about, std::string_view about_title, const Listing& table);

}  // namespace concord::reports
