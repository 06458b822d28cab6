#include "portal/confidentiality.h"

#include <algorithm>

#include "json/cursor.h"

namespace concord::portal {
namespace {

Date birthday(Date birth_date, int age) {
  const auto parts = birth_date.parts();
  const int year = static_cast<int>(parts.year()) + age;
  const auto day = Date::from_ymd(year, static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
  return day.value_or(Date::ymd(year, 3, 1));  // born on 29 February
}

void read_codes(const json::Cursor& list, std::vector<std::string>& into) {
  if (!list.present()) return;
  into.clear();
  list.each([&](const json::Cursor& item) {
    auto code = item.string(3, 80);
    if (code && code->find(':') == std::string::npos) item.issue("must look like instrument:phq-9");
    if (code) into.push_back(std::move(*code));
  });
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

AgeRules read_rules(const json::Cursor& from, AgeRules rules) {
  // "source" is for people: where the number comes from, or that it is the program's own choice.
  from.only({"guardian_until", "adult", "ask_again", "private", "guardian_keeps_out", "source"});
  from.required("source").string(3, 2000);
  if (auto n = from.optional("guardian_until").integer(0, 18)) rules.guardian_until = static_cast<int>(*n);
  if (auto n = from.optional("adult").integer(16, 21)) rules.adult = static_cast<int>(*n);
  if (const auto ages = from.optional("ask_again"); ages.present()) {
    rules.ask_again.clear();
    ages.each([&](const json::Cursor& item) {
      if (auto n = item.integer(1, 30)) rules.ask_again.push_back(static_cast<int>(*n));
    });
    std::sort(rules.ask_again.begin(), rules.ask_again.end());
  }
  read_codes(from.optional("private"), rules.private_codes);
  read_codes(from.optional("guardian_keeps_out"), rules.guardian_keeps_out);
  if (rules.guardian_until > rules.adult) from.issue("guardian_until must not be above adult");
  return rules;
}

}  // namespace

const AgeRules& Confidentiality::of(std::string_view state) const {
  const auto found = states.find(std::string(state));
  return found == states.end() ? rules : found->second;
}

Result<Confidentiality> load_confidentiality(std::string_view text) {
  CONCORD_TRY(const auto document, json::Document::parse(text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "default", "states"});
  Confidentiality all;
  all.name = root.required("name").string(1, 100).value_or("");
  all.version = root.required("version").string(1, 40).value_or("");
  all.rules = read_rules(root.required("default"), {});
  root.optional("states").each([&](const json::Cursor& state) {
    const auto name = state.required("state").string(2, 2);
    const auto merged = read_rules(state.required("rules"), all.rules);
    if (name) all.states.emplace(*name, merged);
  });
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The confidentiality rules are wrong.", issues.list());
  return all;
}

Stage stage_of(const std::optional<Date>& birth_date, Date today, const AgeRules& rules) {
  if (!birth_date) return Stage::adolescent;
  const int age = age_in_years(*birth_date, today);
  if (age < rules.guardian_until) return Stage::child;
  return age < rules.adult ? Stage::adolescent : Stage::adult;
}

std::optional<Date> last_asking(const std::optional<Date>& birth_date, Date today, const AgeRules& rules) {
  std::optional<Date> last;
  if (!birth_date) return last;
  for (const int age : rules.ask_again)
    if (const Date day = birthday(*birth_date, age); day <= today && (!last || day > *last)) last = day;
  return last;
}

const std::vector<std::string>& private_codes(Stage stage, const AgeRules& rules) {
  static const std::vector<std::string> none;
  switch (stage) {
    case Stage::child:
      return rules.guardian_keeps_out;
    case Stage::adolescent:
      return rules.private_codes;
    case Stage::adult:
      break;
  }
  return none;
}

}  // namespace concord::portal
