// Explicit readers over a parsed document. A Cursor knows its path ("answers[3].value"); every reader that
// finds something wrong adds an Issue and goes on, so the caller reports all of them at once:
//
//   Issues issues;
//   Cursor body(document.root(), issues);
//   auto name = body.required("family_name").string(1, 100);
//   auto born = body.required("birth_date").date();
//   body.only({"family_name", "birth_date"});
//   if (!issues.empty()) return issues.error();
#pragma once

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/id.h"
#include "json/value.h"

namespace concord::json {

class Issues {
 public:
  void add(std::string path, std::string text) { list_.push_back({std::move(path), std::move(text)}); }
  bool empty() const { return list_.empty(); }
  const std::vector<Issue>& list() const { return list_; }
  /// ErrorCode::invalid with every issue.
  tl::unexpected<Error> error(std::string text = "Some fields are missing or wrong.") const;

 private:
  std::vector<Issue> list_;
};

/// Must not outlive its parent cursor, its document or its Issues (use it on the stack).
class Cursor {
 public:
  Cursor(const Value& root, Issues& issues) : value_(&root), issues_(&issues) {}

  bool present() const { return value_ != nullptr && !value_->is(Kind::null); }
  const Value* value() const { return value_; }
  std::string path() const;
  void issue(std::string text) const { issues_->add(path(), std::move(text)); }
  Issues& issues() const { return *issues_; }

  /// A member that must be there: its absence (or null) is an issue when it is read.
  Cursor required(std::string_view key) const { return child(key, true); }
  /// A member that may be absent or null: readers then answer nullopt without an issue.
  Cursor optional(std::string_view key) const { return child(key, false); }

  std::optional<std::string> string(std::size_t min_bytes = 0, std::size_t max_bytes = 10000) const;
  std::optional<std::int64_t> integer(std::int64_t min, std::int64_t max) const;
  std::optional<double> real(double min, double max) const;
  std::optional<bool> boolean() const;
  std::optional<Date> date() const;
  std::optional<Instant> instant() const;
  template <class IdType>
  std::optional<IdType> id() const {
    constexpr std::string_view kWanted = "must be an id (a UUID)";
    if (!expect(Kind::string, kWanted)) return std::nullopt;
    auto parsed = IdType::parse(value_->text());
    if (!parsed) issue(std::string(kWanted));
    return parsed;
  }
  /// One of the listed words.
  std::optional<std::string> one_of(std::initializer_list<std::string_view> words) const;

  /// Calls `each(Cursor)` for every item of an array; an issue when it is something else.
  template <std::invocable<const Cursor&> Each>
  void each(Each&& each_item) const {
    if (!expect(Kind::array, "must be a list")) return;
    std::size_t i = 0;
    for (const Value& item : value_->items()) each_item(Cursor(item, *this, i++));
  }
  /// An issue for every member that is not in `known` (a typo must not be silently ignored).
  void only(std::initializer_list<std::string_view> known) const;

 private:
  Cursor(const Value& item, const Cursor& parent, std::size_t index)
      : value_(&item), issues_(parent.issues_), parent_(&parent), index_(index), is_item_(true) {}
  Cursor(const Value* member, const Cursor& parent, std::string_view key, bool required)
      : value_(member), issues_(parent.issues_), parent_(&parent), key_(key), required_(required) {}
  Cursor child(std::string_view key, bool required) const;
  bool expect(Kind kind, std::string_view text) const;

  const Value* value_ = nullptr;
  Issues* issues_ = nullptr;
  const Cursor* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_item_ = false;
  bool required_ = true;
};

}  // namespace concord::json
