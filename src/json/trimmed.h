// Texts as people type them, read without the blanks around them. Absent or wrong: nullopt, as in cursor.h.
#pragma once

#include <optional>
#include <string>

#include "base/text.h"
#include "json/cursor.h"

namespace concord::json {

/// Without blanks at its ends; may be empty.
inline std::optional<std::string> trimmed(const Cursor& at, std::size_t max_bytes) {
  const auto read = at.string(0, max_bytes);
  if (!read) return std::nullopt;
  return std::string(trim(*read));
}

/// The same; blank text counts as none.
inline std::optional<std::string> filled(const Cursor& at, std::size_t max_bytes) {
  auto text = trimmed(at, max_bytes);
  if (text && text->empty()) return std::nullopt;
  return text;
}

}  // namespace concord::json
