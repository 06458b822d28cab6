// The sentences that the portal's views say, in both languages: content/portal/words.json. Nothing a patient reads is written
// in code, so that the content check can measure it and a translator can find it. "{}" stands for a piece, in both languages
// in the same order. Read-only once loaded; any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/result.h"
#include "json/bilingual.h"

namespace concord::portal {

class Words {
 public:
  /// Breaks an invariant for an id that the file does not have, or another number of pieces than its "{}".
  std::string operator()(std::string_view id, std::string_view language,
                         std::initializer_list<std::string_view> pieces = {}) const;
  bool has(std::string_view id) const { return texts_.contains(id); }
  /// "role.care_manager" -> "care manager"; a role without words of its own: "role.other".
  const std::string& role(std::string_view role, std::string_view language) const;

 private:
  friend Result<Words> parse_words(std::string_view json);
  std::map<std::string, json::Bilingual, std::less<>> texts_;
};
/// bad_file names what is wrong: a language missing, other gaps in one language than in the other.
Result<Words> parse_words(std::string_view json);
Result<Words> load_words(const std::filesystem::path& file);

/// "3 March", with the year when it is not today's: "3 March 2025"; "3 de marzo".
std::string day_words(Date day, Date today, std::string_view language);
/// "January", with the year when it is not today's.
std::string month_words(Date day, Date today, std::string_view language);
/// "Monday" / "lunes"; 0 = Sunday.
std::string_view weekday_words(unsigned weekday, std::string_view language);
/// "14" or "14.5": no more digits than there are.
std::string number_words(double value);

}  // namespace concord::portal
