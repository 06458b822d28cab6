#include "checkins/words.h"

#include <set>
#include <vector>

#include "base/check.h"
#include "json/cursor.h"
#include "json/data_files.h"

namespace concord::checkins {
namespace {

std::set<std::string> names_in(std::string_view text) {
  std::set<std::string> names;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) break;
    names.emplace(text.substr(open + 1, close - open - 1));
  }
  return names;
}

std::string fill(std::string_view text, Words::Values values) {
  std::string out;
  out.reserve(text.size() + 32);
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('{', at);
    if (open == std::string_view::npos) {
      out += text.substr(at);
      break;
    }
    const auto close = text.find('}', open);
    CHECK(close != std::string_view::npos);
    out += text.substr(at, open - at);
    const auto name = text.substr(open + 1, close - open - 1);
    for (const auto& [key, value] : values)
      if (key == name) out += value;
    at = close + 1;
  }
  return out;
}

int weekday_of(Date date) { return static_cast<int>(date.weekday()); }

}  // namespace

std::string Words::text(std::string_view language, std::string_view key, Values values) const {
  const auto& all = language == "es" ? es_ : en_;
  const auto found = all.find(key);
  CHECK(found != all.end());
  return fill(found->second, values);
}

Result<Words> load_words(const std::filesystem::path& file) {
  const auto text = json::read_file(file);
  const std::string name = file.filename().string();
  if (!text)
    return fail(ErrorCode::bad_file, "The words of the check-in pages cannot be read.",
                {{name, "is missing in the data folder"}});
  CONCORD_TRY(const auto document, json::Document::parse(*text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"about", "review", "texts"});
  Words words;
  const auto texts = root.required("texts");
  texts.only({"en", "es"});
  for (const auto& [language, into] : {std::pair("en", &words.en_), std::pair("es", &words.es_)}) {
    const auto one = texts.required(language);
    if (!one.present()) continue;
    for (const auto& member : one.value()->members())
      if (const auto value = one.required(member.key).string(1, 1000)) into->emplace(std::string(member.key), *value);
  }
  for (const auto& [key, value] : words.en_) {
    const auto other = words.es_.find(key);
    if (other == words.es_.end()) issues.add("texts.es." + key, "is missing");
    else if (names_in(value) != names_in(other->second)) issues.add("texts.es." + key, "has other {names} than English");
  }
  for (const auto& [key, value] : words.es_)
    if (!words.en_.count(key)) issues.add("texts.en." + key, "is missing");
  if (!issues.empty()) {
    std::vector<Issue> all;
    for (const auto& issue : issues.list()) all.push_back({name + ": " + issue.path, issue.text});
    return fail(ErrorCode::bad_file, "The words of the check-in pages are wrong.", std::move(all));
  }
  return words;
}

std::string date_text(const Words& words, std::string_view language, Date date) {
  const std::string day = words.text(language, "day." + std::to_string(weekday_of(date)));
  const std::string month = words.text(language, "month." + std::to_string(static_cast<unsigned>(date.parts().month())));
  const std::string number = std::to_string(static_cast<unsigned>(date.parts().day()));
  if (language == "es") return day + " " + number + " de " + month;
  return day + ", " + month + " " + number;
}

std::string time_text(std::string_view language, int minute) {
  const int hour = minute / 60 % 24, rest = minute % 60;
  const std::string minutes = (rest < 10 ? ":0" : ":") + std::to_string(rest);
  if (language == "es") return std::to_string(minute == 24 * 60 ? 24 : hour) + minutes;
  if (minute == 24 * 60) return "midnight";
  const int shown = hour % 12 == 0 ? 12 : hour % 12;
  return std::to_string(shown) + (rest ? minutes : "") + (hour < 12 ? " am" : " pm");
}

std::string hours_text(const Words& words, std::string_view language, const calendar::Calendar& calendar) {
  static constexpr int kOrder[] = {1, 2, 3, 4, 5, 6, 0};  // Monday first
  std::string out;
  const auto day = [&](int index) { return words.text(language, "day." + std::to_string(kOrder[index])); };
  for (int i = 0; i < 7;) {
    const auto& hours = calendar.week[static_cast<std::size_t>(kOrder[i])];
    int last = i;
    while (last + 1 < 7 && calendar.week[static_cast<std::size_t>(kOrder[last + 1])] == hours) ++last;
    if (hours) {
      const bool whole = i == 0 && last == 6 && hours->opens_minute == 0 && hours->closes_minute == 24 * 60;
      if (whole) return words.text(language, "hours.always");
      const std::string from = time_text(language, hours->opens_minute), until = time_text(language, hours->closes_minute);
      if (!out.empty()) out += "; ";
      out += i == last
                 ? words.text(language, "hours.day", {{"day", day(i)}, {"from", from}, {"until", until}})
                 : words.text(language, "hours.days", {{"first", day(i)}, {"last", day(last)}, {"from", from}, {"until", until}});
    }
    i = last + 1;
  }
  return out;
}

std::optional<Date> next_open_day(const calendar::Calendar& calendar, Date from) {
  for (int i = 0; i < 14; ++i)
    if (const Date day = from.plus_days(i); calendar::hours_on(calendar, day)) return day;
  return std::nullopt;
}

}  // namespace concord::checkins
