// What the check-in pages say around the questions: content/checkins/pages.json, in English and Spanish. Read-only once
// loaded, so any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/date.h"
#include "base/result.h"
#include "calendar/calendar.h"

namespace concord::checkins {

class Words {
 public:
  using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  /// The text with its {names} filled in; a key that the file lacks breaks an invariant (a test asks for all of them).
  std::string text(std::string_view language, std::string_view key, Values values = {}) const;
  bool has(std::string_view key) const { return en_.find(key) != en_.end(); }

 private:
  friend Result<Words> load_words(const std::filesystem::path& file);
  std::map<std::string, std::string, std::less<>> en_, es_;
};
/// bad_file names the key: a text that only one language has, or another set of {names}.
Result<Words> load_words(const std::filesystem::path& file);

/// "Tuesday, March 10" / "martes, 10 de marzo".
std::string date_text(const Words& words, std::string_view language, Date date);
/// "8 am", "5:30 pm" / "8:00", "17:30".
std::string time_text(std::string_view language, int minute_of_day);
/// "Monday to Friday, 8 am to 5 pm; Saturday, 9 am to 12 pm": the weekdays with the same hours together.
std::string hours_text(const Words& words, std::string_view language, const calendar::Calendar& calendar);
/// The first day on or after `from` on which somebody works, within two weeks.
std::optional<Date> next_open_day(const calendar::Calendar& calendar, Date from);

}  // namespace concord::checkins
