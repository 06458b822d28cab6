#include "exchange/csv_mapping.h"

#include "base/text.h"
#include "exchange/csv_folder.h"
#include "fhir/input.h"
#include "json/cursor.h"

namespace concord::exchange {

std::vector<SheetSpec> Mapping::of(std::string_view kind) const {
  if (auto found = sheets.find(std::string(kind)); found != sheets.end()) return found->second;
  SheetSpec own;
  own.file = std::string(kind) + ".csv";
  return {own};
}

namespace {

void read_words(const json::Cursor& at, std::map<std::string, std::string>& into, bool fold_keys) {
  if (!at.present()) return;
  if (!at.value()->is(json::Kind::object)) {
    at.issue("must be an object of texts");
    return;
  }
  for (const auto& member : at.value()->members()) {
    if (!member.value.is(json::Kind::string)) {
      at.optional(member.key).issue("must be text");
      continue;
    }
    const std::string key = fold_keys ? to_lower(trim(member.key)) : std::string(member.key);
    into[key] = std::string(member.value.text());
  }
}

SheetSpec read_sheet(std::string_view kind, const json::Cursor& at) {
  SheetSpec spec;
  spec.mapped = true;
  spec.file = at.optional("file").string(1, 500).value_or(std::string(kind) + ".csv");
  if (auto separator = at.optional("separator").string(1, 3)) {
    if (*separator == "tab") separator = "\t";
    if (separator->size() != 1) at.optional("separator").issue("must be one character, or \"tab\"");
    else spec.separator = (*separator)[0];
  }
  read_words(at.optional("columns"), spec.columns, false);
  read_words(at.optional("defaults"), spec.defaults, false);
  if (auto values = at.optional("values"); values.present()) {
    if (!values.value()->is(json::Kind::object)) values.issue("must be an object");
    else
      for (const auto& member : values.value()->members())
        read_words(values.optional(member.key), spec.values[std::string(member.key)], true);
  }
  if (auto skip = at.optional("skip_if_empty"); skip.present())
    skip.each([&](const json::Cursor& one) {
      if (auto name = one.string(1, 100)) spec.skip_if_empty.push_back(*name);
    });
  if (auto format = at.optional("date_format").string(4, 30)) {
    spec.date_format = *format;
    if (format->find('D') == std::string::npos || format->find('M') == std::string::npos ||
        format->find("YY") == std::string::npos)
      at.optional("date_format").issue("must hold D or DD, M or MM, and YYYY");
  }
  at.only({"file", "separator", "columns", "defaults", "values", "skip_if_empty", "date_format"});
  for (const auto* names : {&spec.columns, &spec.defaults})
    for (const auto& [ours, theirs] : *names)
      if (!is_known_column(kind, ours)) at.issue("\"" + ours + "\" is no column of " + std::string(kind));
  return spec;
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view json_text) {
  CONCORD_TRY(auto document, json::Document::parse(json_text));
  Mapping mapping;
  json::Issues issues;
  json::Cursor root(document.root(), issues);
  if (!document.root().is(json::Kind::object)) root.issue("must be an object of kinds (patient, episode, ...)");
  for (const auto& member : document.root().members()) {
    if (!is_known_kind(member.key)) {
      root.optional(member.key).issue("is no kind of row; known: " + known_kinds());
      continue;
    }
    auto& sheets = mapping.sheets[std::string(member.key)];
    auto at = root.optional(member.key);
    if (member.value.is(json::Kind::object)) sheets.push_back(read_sheet(member.key, at));
    else at.each([&](const json::Cursor& one) { sheets.push_back(read_sheet(member.key, one)); });
  }
  if (!issues.empty()) {
    auto list = issues.list();
    std::string text = "The mapping file is wrong: " + list.front().path + " " + list.front().text + ".";
    return fail(ErrorCode::bad_file, std::move(text), std::move(list));
  }
  return mapping;
}

Result<Mapping> load_mapping(const std::filesystem::path& path) {
  CONCORD_TRY(auto text, fhir::read_all(path, 1 << 20));
  return parse_mapping(text);
}

std::optional<Date> parse_date(std::string_view text, std::string_view format) {
  if (format == "YYYY-MM-DD") return Date::parse(text);
  int year = 0, month = 0, day = 0;
  std::size_t at = 0;
  auto read_digits = [&](std::size_t most, int& value) {
    std::size_t n = 0;
    value = 0;
    while (n < most && at < text.size() && text[at] >= '0' && text[at] <= '9') {
      value = value * 10 + (text[at++] - '0');
      ++n;
    }
    return n;
  };
  for (std::size_t i = 0; i < format.size();) {
    std::size_t run = 1;
    while (i + run < format.size() && format[i + run] == format[i]) ++run;
    if (format[i] == 'Y') {
      if (read_digits(run, year) != run) return std::nullopt;
      if (run == 2) year += 2000;
    } else if (format[i] == 'M') {
      const auto n = read_digits(2, month);
      if (n == 0 || (run == 2 && n != 2)) return std::nullopt;
    } else if (format[i] == 'D') {
      const auto n = read_digits(2, day);
      if (n == 0 || (run == 2 && n != 2)) return std::nullopt;
    } else {
      for (std::size_t k = 0; k < run; ++k)
        if (at >= text.size() || text[at++] != format[i]) return std::nullopt;
    }
    i += run;
  }
  if (at != text.size() || month < 1 || day < 1) return std::nullopt;
  return Date::from_ymd(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

}  // namespace concord::exchange
