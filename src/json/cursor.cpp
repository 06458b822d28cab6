#include "json/cursor.h"

#include <fmt/format.h>

#include <algorithm>

namespace concord::json {
namespace {

constexpr std::string_view kMissing = "is required";

/// A member's name as it may stand in a path: a stranger chose it, so only its start is kept.
std::string shown_key(std::string_view key) {
  constexpr std::size_t kMost = 60;
  if (key.size() <= kMost) return std::string(key);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xC0) == 0x80) --end;
  return std::string(key.substr(0, end)) + "...";
}

/// Several readers under one wrong parent say the same thing; it is wanted once.
void add_once(Issues& issues, std::string path, std::string_view text) {
  constexpr std::size_t kLookBack = 4;
  const auto& list = issues.list();
  const std::size_t from = list.size() > kLookBack ? list.size() - kLookBack : 0;
  for (std::size_t i = from; i < list.size(); ++i)
    if (list[i].text == text && list[i].path == path) return;
  issues.add(std::move(path), std::string(text));
}

}  // namespace

tl::unexpected<Error> Issues::error(std::string text) const { return fail(ErrorCode::invalid, std::move(text), list_); }

std::string Cursor::path() const {
  if (!parent_) return {};
  std::string path = parent_->path();
  if (is_item_) {
    path += '[';
    path += std::to_string(index_);
    path += ']';
  } else {
    if (!path.empty()) path += '.';
    path += key_;
  }
  return path;
}

Cursor Cursor::child(std::string_view key, bool required) const {
  if (!present()) {
    // A missing parent is one issue, not one for every member it would have had.
    if (required_) add_once(*issues_, path(), kMissing);
    return Cursor(nullptr, *this, key, false);
  }
  if (!value_->is(Kind::object)) {
    add_once(*issues_, path(), "must be an object");
    return Cursor(nullptr, *this, key, false);
  }
  return Cursor(value_->find(key), *this, key, required);
}

bool Cursor::expect(Kind kind, std::string_view text) const {
  if (!present()) {
    if (required_) issue(std::string(kMissing));
    return false;
  }
  if (!value_->is(kind)) {
    issue(std::string(text));
    return false;
  }
  return true;
}

std::optional<std::string> Cursor::string(std::size_t min_bytes, std::size_t max_bytes) const {
  if (!expect(Kind::string, "must be text")) return std::nullopt;
  const std::string_view text = value_->text();
  if (text.size() < min_bytes) {
    issue(min_bytes == 1 ? "must not be empty" : fmt::format("must have at least {} bytes", min_bytes));
    return std::nullopt;
  }
  if (text.size() > max_bytes) {
    issue(fmt::format("must have at most {} bytes", max_bytes));
    return std::nullopt;
  }
  if (text.find('\0') != std::string_view::npos) {  // PostgreSQL's text cannot hold it
    issue("must not hold the character U+0000");
    return std::nullopt;
  }
  return std::string(text);
}

std::optional<std::int64_t> Cursor::integer(std::int64_t min, std::int64_t max) const {
  if (!expect(Kind::number, "must be a whole number")) return std::nullopt;
  const auto number = value_->integer();
  if (!number || *number < min || *number > max) {
    issue(fmt::format("must be a whole number from {} to {}", min, max));
    return std::nullopt;
  }
  return number;
}

std::optional<double> Cursor::real(double min, double max) const {
  if (!expect(Kind::number, "must be a number")) return std::nullopt;
  const auto number = value_->real();
  if (!number || *number < min || *number > max) {
    issue(fmt::format("must be a number from {} to {}", min, max));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> Cursor::boolean() const {
  if (!expect(Kind::boolean, "must be true or false")) return std::nullopt;
  return value_->boolean();
}

std::optional<Date> Cursor::date() const {
  constexpr std::string_view kWanted = "must be a date like 2026-03-01";
  if (!expect(Kind::string, kWanted)) return std::nullopt;
  const auto parsed = Date::parse(value_->text());
  if (!parsed) issue(std::string(kWanted));
  return parsed;
}

std::optional<Instant> Cursor::instant() const {
  constexpr std::string_view kWanted = "must be a time with a zone like 2026-03-01T09:30:00Z";
  if (!expect(Kind::string, kWanted)) return std::nullopt;
  const auto parsed = parse_instant(value_->text());
  if (!parsed) issue(std::string(kWanted));
  return parsed;
}

std::optional<std::string> Cursor::one_of(std::initializer_list<std::string_view> words) const {
  if (!expect(Kind::string, "must be text")) return std::nullopt;
  if (std::find(words.begin(), words.end(), value_->text()) == words.end()) {
    issue(fmt::format("must be one of: {}", fmt::join(words, ", ")));
    return std::nullopt;
  }
  return std::string(value_->text());
}

void Cursor::only(std::initializer_list<std::string_view> known) const {
  if (!present()) return;
  if (!value_->is(Kind::object)) {
    add_once(*issues_, path(), "must be an object");
    return;
  }
  const std::string prefix = path();
  for (const Member& member : value_->members()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    issues_->add(prefix.empty() ? shown_key(member.key) : prefix + "." + shown_key(member.key), "is not known here");
  }
}

}  // namespace concord::json
