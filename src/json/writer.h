// Appends JSON to a string, straight from rows: no tree is built. Commas are its business.
//   Writer w(out);
//   w.object().field("total", 16).field("band", "moderate").key("answers").array().value(3).end().end();
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/id.h"

namespace concord::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& object() { return open('{', '}'); }
  Writer& array() { return open('[', ']'); }
  /// Closes the innermost object or array.
  Writer& end();
  Writer& key(std::string_view name);

  Writer& null();
  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  Writer& value(bool flag);
  Writer& value(std::int64_t number);
  Writer& value(int number) { return value(static_cast<std::int64_t>(number)); }
  Writer& value(unsigned number) { return value(static_cast<std::int64_t>(number)); }
  Writer& value(std::size_t number) { return value(static_cast<std::int64_t>(number)); }
  /// Shortest text that reads back the same; whole numbers without ".0". Not finite: null.
  Writer& value(double number);
  Writer& value(Date date);
  Writer& value(Instant instant);
  Writer& value(const Uuid& id);
  template <class Tag>
  Writer& value(const Id<Tag>& id) {
    return value(id.uuid);
  }
  template <class T>
  Writer& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  /// Text that is JSON already.
  Writer& raw(std::string_view json);

  template <class T>
  Writer& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }

 private:
  Writer& open(char opening, char closing);
  void separate();

  std::string& out_;
  std::uint64_t is_array_bits_ = 0;  // one bit a level
  int depth_ = 0;
  bool first_ = true;
};

/// The string with quotes and escapes, appended.
void append_string(std::string& out, std::string_view text);

}  // namespace concord::json
