#include "exchange/csv_sheet.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace concord::exchange {
namespace {

bool could_be_formula(std::string_view text) {
  if (std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) return true;
  for (std::string_view wide : {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"})  // full-width = + - @
    if (text.starts_with(wide)) return true;
  return false;
}

std::string normalize_header(std::string_view name) { return normalize_word(name); }

std::optional<std::size_t> find_header(const TableReader& table, std::string_view name) {
  if (auto exact = table.column(name)) return exact;
  const std::string wanted = normalize_header(name);
  for (std::size_t i = 0; i < table.header().size(); ++i)
    if (normalize_header(table.header()[i]) == wanted) return i;
  return std::nullopt;
}

}  // namespace

std::string normalize_word(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (char c : text) {
    if (c == ' ' || c == '-' || c == '_' || c == '/' || c == '.' || c == '\t') {
      gap = !out.empty();
      continue;
    }
    if (gap) out += '_';
    gap = false;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

Result<Sheet> Sheet::open(std::string_view text, std::string_view kind, const SheetSpec& spec,
                          const std::vector<std::string_view>& columns, std::size_t required_count,
                          std::vector<Rejection>& rejected) {
  CONCORD_TRY(auto table, TableReader::open(text, spec.file, spec.separator));
  Sheet sheet(std::move(table));
  sheet.spec_ = &spec;
  sheet.rejected_ = &rejected;
  std::vector<Issue> missing;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Column column;
    column.name = columns[i];
    const std::string key(columns[i]);
    if (auto mapped = spec.columns.find(key); mapped != spec.columns.end()) {
      column.index = find_header(sheet.table_, mapped->second);
      if (!column.index)
        missing.push_back({spec.file + ":1:" + mapped->second, "is named in the mapping file, but is no column"});
    } else {
      column.index = find_header(sheet.table_, key);
    }
    if (auto values = spec.values.find(key); values != spec.values.end()) column.values = &values->second;
    if (auto fallback = spec.defaults.find(key); fallback != spec.defaults.end()) column.fallback = fallback->second;
    if (i < required_count && !column.index && column.fallback.empty())
      missing.push_back({spec.file + ":1:" + key, "is a required column of " + std::string(kind) + ".csv"});
    sheet.columns_.push_back(column);
  }
  if (!missing.empty()) {
    std::string what = spec.file + ": the column " + missing.front().path.substr(missing.front().path.rfind(':') + 1) + " " +
                       missing.front().text + ".";
    return fail(ErrorCode::bad_file, std::move(what), std::move(missing));
  }
  return sheet;
}

const Sheet::Column* Sheet::column(std::string_view name) const {
  // The same literal nearly always: its address says so before its letters do.
  for (const auto& one : columns_)
    if (one.name.data() == name.data() && one.name.size() == name.size()) return &one;
  for (const auto& one : columns_)
    if (one.name == name) return &one;
  return nullptr;
}

bool Sheet::next() {
  while (table_.next()) {
    good_ = true;
    if (auto problem = table_.problem()) {
      ++rows_;
      rejected_->push_back({spec_->file, table_.line(), "", problem->text});
      continue;
    }
    const bool skipped = std::any_of(spec_->skip_if_empty.begin(), spec_->skip_if_empty.end(),
                                     [&](const std::string& name) { return cell(name).empty(); });
    if (skipped) continue;
    ++rows_;
    return true;
  }
  return false;
}

void Sheet::reject(std::string_view name, std::string reason) {
  good_ = false;
  // The column as the file calls it: that is where the reader of the message will look.
  std::string shown(name);
  if (const Column* c = column(name); c != nullptr && c->index) shown = table_.header()[*c->index];
  rejected_->push_back({spec_->file, table_.line(), std::move(shown), std::move(reason)});
}

bool Sheet::has(std::string_view name) const {
  const Column* c = column(name);
  return c != nullptr && (c->index.has_value() || !c->fallback.empty());
}

std::string_view Sheet::cell(std::string_view name) {
  const Column* c = column(name);
  if (c == nullptr) return {};
  std::string_view value = c->index ? trim(table_.cell(*c->index)) : std::string_view{};
  // A spreadsheet-safe export puts an apostrophe before what could be read as a formula.
  if (value.size() > 1 && value[0] == '\'' && could_be_formula(value.substr(1))) value.remove_prefix(1);
  if (c->values != nullptr && !value.empty()) {
    if (auto found = c->values->find(to_lower(value)); found != c->values->end()) {
      translated_ = found->second;
      value = translated_;
    }
  }
  return value.empty() ? c->fallback : value;
}

std::string Sheet::required(std::string_view name, std::size_t max_bytes) {
  const auto value = cell(name);
  if (value.empty()) reject(name, "is required");
  if (value.size() > max_bytes) reject(name, "is longer than " + std::to_string(max_bytes) + " characters");
  return std::string(value);
}

std::string Sheet::text(std::string_view name, std::size_t max_bytes) {
  const auto value = cell(name);
  if (value.size() > max_bytes) reject(name, "is longer than " + std::to_string(max_bytes) + " characters");
  return std::string(value);
}

std::optional<std::string> Sheet::maybe(std::string_view name, std::size_t max_bytes) {
  auto value = text(name, max_bytes);
  if (value.empty()) return std::nullopt;
  return value;
}

std::optional<Date> Sheet::date(std::string_view name, bool is_required, Date latest) {
  const auto value = cell(name);
  if (value.empty()) {
    if (is_required) reject(name, "is required");
    return std::nullopt;
  }
  auto date = parse_date(value, spec_->date_format);
  if (!date) {
    reject(name, spec_->date_format == "YYYY-MM-DD" ? "is no date; write it like 2026-03-01"
                                                    : "is no date of the form " + spec_->date_format);
    return std::nullopt;
  }
  if (*date > latest) {
    reject(name, "is in the future");
    return std::nullopt;
  }
  return date;
}

std::optional<bool> Sheet::boolean(std::string_view name) {
  const auto value = normalize_word(cell(name));
  if (value.empty()) return std::nullopt;
  if (value == "true" || value == "yes" || value == "1" || value == "y" || value == "t") return true;
  if (value == "false" || value == "no" || value == "0" || value == "n" || value == "f") return false;
  reject(name, "must be true or false, yes or no, 1 or 0");
  return std::nullopt;
}

std::optional<double> Sheet::real(std::string_view name, double min, double max) {
  const auto value = cell(name);
  if (value.empty()) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(number)) {
    reject(name, "is no number");
    return std::nullopt;
  }
  if (number < min || number > max) {
    auto shown = [](double d) { return d == std::floor(d) ? std::to_string(static_cast<long long>(d)) : std::to_string(d); };
    reject(name, "must be " + shown(min) + " to " + shown(max));
    return std::nullopt;
  }
  return number;
}

std::optional<int> Sheet::integer(std::string_view name, int min, int max) {
  auto number = real(name, min, max);
  if (!number) return std::nullopt;
  if (*number != std::floor(*number)) {
    reject(name, "must be a whole number");
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

std::optional<std::string> Sheet::word(std::string_view name, std::span<const Word> words) {
  const auto raw_value = cell(name);
  if (raw_value.empty()) return std::nullopt;
  for (const auto& w : words)
    if (w.spelling == raw_value) return std::string(w.value);
  const auto value = normalize_word(raw_value);
  for (const auto& w : words)
    if (w.spelling == value) return std::string(w.value);
  std::string known;
  for (const auto& w : words)
    if (w.spelling == w.value) known += (known.empty() ? "" : ", ") + std::string(w.value);
  reject(name, "is not one of: " + known);
  return std::nullopt;
}

std::vector<std::string_view> Sheet::list(std::string_view name) {
  std::vector<std::string_view> out;
  const auto value = cell(name);
  std::size_t start = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] != ' ' && value[i] != ';' && value[i] != '|' && value[i] != ',') continue;
    if (i > start) out.push_back(value.substr(start, i - start));
    start = i + 1;
  }
  return out;
}

std::vector<std::string> Sheet::unknown() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < table_.header().size(); ++i) {
    const bool used = std::any_of(columns_.begin(), columns_.end(), [&](const Column& c) { return c.index == i; });
    if (!used) out.push_back(table_.header()[i]);
  }
  return out;
}

std::string_view Sheet::raw(std::size_t index) const { return trim(table_.cell(index)); }

}  // namespace concord::exchange
