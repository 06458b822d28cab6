// A PATCH body as a list of changes to a struct: a member that is absent changes nothing, null empties an
// optional one, anything else is read and checked like in cursor.h. Reading needs no row, so it happens
// before the transaction; applying is pure.
//
//   Edits<Patient> edits;
//   edits.text(body, "phone", 40, &Patient::phone);
//   if (!issues.empty()) return issues.error();
//   edits.apply(patient);
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "json/cursor.h"

namespace concord::json {

template <class T>
class Edits {
 public:
  /// Text that may be emptied; blank text empties it too.
  void text(const Cursor& body, std::string_view key, std::size_t max_bytes, std::optional<std::string> T::* member) {
    if (cleared(body, key, member)) return;
    auto read = body.optional(key).string(0, max_bytes);
    if (!read) return;
    std::string kept(trim(*read));
    if (kept.empty()) add([member](T& t) { t.*member = std::nullopt; });
    else add([member, kept = std::move(kept)](T& t) { t.*member = kept; });
  }
  /// Text that is always there. `min_bytes` counts after trimming.
  void text(const Cursor& body, std::string_view key, std::size_t min_bytes, std::size_t max_bytes, std::string T::* member) {
    if (refused_null(body, key)) return;
    auto read = body.optional(key).string(0, max_bytes);
    if (!read) return;
    std::string kept(trim(*read));
    if (kept.size() < min_bytes) {
      body.optional(key).issue("must not be empty");
      return;
    }
    add([member, kept = std::move(kept)](T& t) { t.*member = kept; });
  }
  void one_of(const Cursor& body, std::string_view key, std::initializer_list<std::string_view> words,
              std::optional<std::string> T::* member) {
    if (cleared(body, key, member)) return;
    if (auto read = body.optional(key).one_of(words)) add([member, v = std::move(*read)](T& t) { t.*member = v; });
  }
  void one_of(const Cursor& body, std::string_view key, std::initializer_list<std::string_view> words, std::string T::* member) {
    if (refused_null(body, key)) return;
    if (auto read = body.optional(key).one_of(words)) add([member, v = std::move(*read)](T& t) { t.*member = v; });
  }
  void date(const Cursor& body, std::string_view key, std::optional<Date> T::* member) {
    if (cleared(body, key, member)) return;
    if (auto read = body.optional(key).date()) add([member, v = *read](T& t) { t.*member = v; });
  }
  void date(const Cursor& body, std::string_view key, Date T::* member) {
    if (refused_null(body, key)) return;
    if (auto read = body.optional(key).date()) add([member, v = *read](T& t) { t.*member = v; });
  }
  void boolean(const Cursor& body, std::string_view key, bool T::* member) {
    if (refused_null(body, key)) return;
    if (auto read = body.optional(key).boolean()) add([member, v = *read](T& t) { t.*member = v; });
  }
  void integer(const Cursor& body, std::string_view key, int min, int max, std::optional<int> T::* member) {
    if (cleared(body, key, member)) return;
    if (auto read = body.optional(key).integer(min, max)) add([member, v = static_cast<int>(*read)](T& t) { t.*member = v; });
  }
  template <class IdType>
  void id(const Cursor& body, std::string_view key, std::optional<IdType> T::* member) {
    if (cleared(body, key, member)) return;
    if (auto read = body.optional(key).template id<IdType>()) add([member, v = *read](T& t) { t.*member = v; });
  }
  void add(std::function<void(T&)> change) { changes_.push_back(std::move(change)); }

  void apply(T& row) const {
    for (const auto& change : changes_) change(row);
  }
  bool empty() const { return changes_.empty(); }

 private:
  static bool is_null(const Cursor& body, std::string_view key) {
    const auto member = body.optional(key);
    return member.value() != nullptr && member.value()->is(Kind::null);
  }
  template <class V>
  bool cleared(const Cursor& body, std::string_view key, std::optional<V> T::* member) {
    if (!is_null(body, key)) return false;
    add([member](T& t) { t.*member = std::nullopt; });
    return true;
  }
  bool refused_null(const Cursor& body, std::string_view key) {
    if (!is_null(body, key)) return false;
    body.optional(key).issue("must not be null");
    return true;
  }

  std::vector<std::function<void(T&)>> changes_;
};

}  // namespace concord::json
