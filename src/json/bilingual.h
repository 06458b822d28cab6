// A text that content ships in English and Spanish, and its reader: {"en": "...", "es": "..."}, both required.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "json/cursor.h"

namespace concord::json {

struct Bilingual {
  std::string en, es;
  /// English for every language but Spanish ("es", "es-US").
  const std::string& in(std::string_view language) const { return language.starts_with("es") ? es : en; }
};

/// Both languages, trimmed, neither empty; an issue for each that is not.
inline Bilingual read_bilingual(const Cursor& c, std::size_t max_bytes = 2000) {
  Bilingual text;
  c.only({"en", "es"});
  const auto one = [&](std::string_view language) {
    const auto member = c.required(language);
    const auto read = member.string(1, max_bytes);
    if (!read) return std::string();
    std::string kept(trim(*read));
    if (kept.empty()) member.issue("must not be empty");
    return kept;
  };
  text.en = one("en");
  text.es = one("es");
  return text;
}

}  // namespace concord::json
