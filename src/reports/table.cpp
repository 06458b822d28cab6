#include "reports/table.h"

#include "base/text.h"
#include "json/writer.h"

namespace concord::reports {

std::string to_csv(const Listing& table) {
  std::string out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_cell(table.columns[i]);
  }
  out += "\r\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (const auto* number = std::get_if<double>(&row[i])) json::Writer(out).value(*number);
      else if (const auto* text = std::get_if<std::string>(&row[i])) out += csv_cell(*text);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace concord::reports
