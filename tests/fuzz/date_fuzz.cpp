// Dates, instants, ids and text: what is accepted must be written back alike, and folding must be stable.
#include <cstdlib>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto date = concord::Date::parse(text))
    if (date->iso() != text) std::abort();
  if (const auto instant = concord::parse_instant(text))
    if (concord::parse_instant(concord::iso(*instant)) != instant) std::abort();
  if (const auto id = concord::Uuid::parse(text))
    if (id->text() != concord::to_lower(text)) std::abort();
  const std::string folded = concord::fold(text);
  if (!concord::is_valid_utf8(folded) || concord::fold(folded) != folded) std::abort();
  concord::csv_cell(text);
  return 0;
}
