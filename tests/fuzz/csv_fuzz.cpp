// Whatever is read as a table must read the same again when every cell is written in quotes.
#include <cstdlib>

#include "base/table_reader.h"
#include "base/text.h"

namespace {

void append_record(std::string& out, std::span<const std::string_view> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out += i == 0 ? "\"" : ",\"";
    for (const char c : cells[i]) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto table = concord::TableReader::open(text, "f.csv");
  if (!table) {
    if (table.error().issues.empty()) std::abort();
    return 0;
  }
  std::string copy;
  const std::vector<std::string_view> names(table->header().begin(), table->header().end());
  append_record(copy, names);
  std::vector<std::vector<std::string>> rows;
  std::size_t line = 0;
  while (table->next()) {
    if (table->line() <= line || table->cells().size() != names.size()) std::abort();
    line = table->line();
    if (table->problem()) continue;
    for (const std::string_view cell : table->cells())
      if (!concord::is_valid_utf8(cell)) std::abort();
    rows.emplace_back(table->cells().begin(), table->cells().end());
    append_record(copy, table->cells());
  }
  if (table->position() != size) std::abort();
  auto again = concord::TableReader::open(copy, "f.csv");
  if (!again || again->header() != table->header()) std::abort();
  for (const auto& row : rows) {
    if (!again->next() || again->problem()) std::abort();
    if (!std::equal(row.begin(), row.end(), again->cells().begin(), again->cells().end())) std::abort();
  }
  if (again->next()) std::abort();
  return 0;
}
