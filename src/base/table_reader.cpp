#include "base/table_reader.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace concord {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighs = 0x8080808080808080ULL;

/// Non-zero exactly when one of eight bytes is the wanted one.
constexpr std::uint64_t has_byte(std::uint64_t eight, char wanted) {
  const std::uint64_t other = eight ^ (kOnes * static_cast<unsigned char>(wanted));
  return (other - kOnes) & ~other & kHighs;
}

/// The first separator or line end at or after `at`.
std::size_t end_of_plain_cell(std::string_view text, std::size_t at, char separator) {
  const auto is_end = [&](char c) { return c == separator || c == '\n' || c == '\r'; };
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data() + at, 8);
    if ((has_byte(eight, separator) | has_byte(eight, '\n') | has_byte(eight, '\r')) != 0) break;
  }
  while (at < text.size() && !is_end(text[at])) ++at;
  return at;
}

}  // namespace

TableReader::TableReader(std::string_view text, std::string name, char separator)
    : text_(text), name_(std::move(name)), separator_(separator) {
  if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
}

Result<TableReader> TableReader::open(std::string_view text, std::string name, char separator) {
  TableReader table(text, std::move(name), separator);
  if (!table.read_record())
    return fail(ErrorCode::bad_file, "The file is empty: its first line must name the columns.", {{table.name_, "is empty"}});
  std::vector<Issue> issues;
  if (table.problem_) issues.push_back(*table.problem_);
  for (const std::string_view cell : table.cells_) {
    const std::string_view column = trim(cell);
    if (!column.empty() && table.column(column))
      issues.push_back({table.place() + ":" + std::string(column), "is the name of two columns"});
    table.header_.emplace_back(column);
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The line that names the columns is wrong.", std::move(issues));
  return table;
}

std::optional<std::size_t> TableReader::column(std::string_view name) const {
  for (std::size_t i = 0; i < header_.size(); ++i)
    if (equals_ignoring_case(header_[i], name)) return i;
  return std::nullopt;
}

Result<std::vector<std::size_t>> TableReader::require(std::initializer_list<std::string_view> names) const {
  std::vector<std::size_t> found;
  std::vector<Issue> issues;
  for (const std::string_view name : names) {
    if (const auto at = column(name)) found.push_back(*at);
    else issues.push_back({name_ + ":" + std::string(name), "is a column that must be there"});
  }
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The file lacks columns.", std::move(issues));
  return found;
}

std::vector<std::string> TableReader::unknown(std::initializer_list<std::string_view> known) const {
  std::vector<std::string> strangers;
  for (const std::string& name : header_)
    if (std::none_of(known.begin(), known.end(), [&](std::string_view k) { return equals_ignoring_case(k, name); }))
      strangers.push_back(name);
  return strangers;
}

std::string TableReader::place() const { return name_ + ":" + std::to_string(record_line_); }

std::string TableReader::place(std::size_t column) const {
  return place() + ":" + (column < header_.size() ? header_[column] : std::to_string(column + 1));
}

void TableReader::complain(std::string text) {
  if (!problem_) problem_ = Issue{place(), std::move(text)};
}

bool TableReader::next() {
  if (!read_record()) return false;
  if (cells_.size() != header_.size()) {
    complain("has " + std::to_string(cells_.size()) + " cells where the header has " + std::to_string(header_.size()));
    cells_.resize(header_.size());
  }
  return true;
}

bool TableReader::read_record() {
  problem_.reset();
  cells_.clear();
  patches_.clear();
  unescaped_.clear();
  const auto is_line_end = [](char c) { return c == '\n' || c == '\r'; };
  const auto pass_line_end = [&] {
    at_ += text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1;
    ++next_line_;
  };
  while (at_ < text_.size() && is_line_end(text_[at_])) pass_line_end();
  if (at_ == text_.size()) return false;
  record_line_ = next_line_;
  const std::size_t begin = at_;
  for (;;) {
    if (at_ < text_.size() && text_[at_] == '"') {
      read_quoted_cell();
    } else {
      const std::size_t end = end_of_plain_cell(text_, at_, separator_);
      cells_.push_back(text_.substr(at_, end - at_));
      at_ = end;
    }
    if (at_ == text_.size() || is_line_end(text_[at_])) break;
    ++at_;  // the separator
  }
  const std::string_view whole = text_.substr(begin, at_ - begin);
  if (at_ < text_.size()) pass_line_end();
  for (const Patch& patch : patches_) cells_[patch.cell] = std::string_view(unescaped_).substr(patch.begin, patch.size);
  if (!is_valid_utf8(whole)) complain("is not UTF-8");
  if (std::memchr(whole.data(), '\0', whole.size()) != nullptr) complain("has a zero byte");
  return true;
}

/// Reads from the opening quote to the separator or line end behind the closing one.
void TableReader::read_quoted_cell() {
  const std::size_t begin = ++at_;
  std::size_t from = begin;  // what is not yet in unescaped_
  bool escaped = false;
  const std::size_t patch_begin = unescaped_.size();
  std::size_t end = text_.size();
  for (;;) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      complain("has a quoted cell that is never closed");
      at_ = text_.size();
      break;
    }
    if (quote + 1 < text_.size() && text_[quote + 1] == '"') {
      escaped = true;
      unescaped_.append(text_.substr(from, quote + 1 - from));
      at_ = from = quote + 2;
      continue;
    }
    end = quote;
    at_ = quote + 1;
    break;
  }
  const std::string_view raw = text_.substr(begin, end - begin);
  for (std::size_t i = 0; (i = raw.find_first_of("\r\n", i)) != std::string_view::npos; ++i) {
    if (raw[i] == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') ++i;
    ++next_line_;
  }
  if (escaped) {
    unescaped_.append(text_.substr(from, end - from));
    patches_.push_back({cells_.size(), patch_begin, unescaped_.size() - patch_begin});
  }
  cells_.push_back(raw);
  const std::size_t next = end_of_plain_cell(text_, at_, separator_);
  if (next != at_) complain("has text after a closing quote");
  at_ = next;
}

}  // namespace concord
