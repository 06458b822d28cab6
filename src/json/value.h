// A JSON document as read: arena-allocated, numbers keep their digits ("1.50" stays 1.50), object members
// keep their order. Parsing is Boost.JSON's basic_parser (seen in value.cpp only).
// Read next: cursor.h for explicit readers that collect every issue with its path; writer.h for output.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"

namespace concord::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

struct Member;

/// A view into the Document that owns it; trivially copyable; dies with the Document.
class Value {
 public:
  Kind kind() const { return kind_; }
  bool is(Kind k) const { return kind_ == k; }
  bool boolean() const { return flag_; }                     ///< false unless kind is boolean and true
  std::string_view text() const { return {chars_, size_}; }  ///< a string's characters or a number's digits
  std::optional<std::int64_t> integer() const;               ///< a number without fraction (1.0 counts) in range
  std::optional<double> real() const;
  std::span<const Value> items() const;           ///< empty unless array
  std::span<const Member> members() const;        ///< empty unless object
  const Value* find(std::string_view key) const;  ///< null unless object with that member

 private:
  friend class Builder;
  Kind kind_ = Kind::null;
  bool flag_ = false;
  std::uint32_t size_ = 0;
  union {
    const char* chars_ = nullptr;
    const Value* items_;
    const Member* members_;
  };
};

struct Member {
  std::string_view key;
  Value value;
};

struct Limits {
  std::size_t max_depth = 64;
};

/// Owns the parsed text's values. Moving it keeps the values valid. Keeps its own copy of the strings.
class Document {
 public:
  /// Error bad_request with the byte offset when the text is not exactly one valid UTF-8 JSON value,
  /// has a duplicate key in one object, or is too deep.
  static Result<Document> parse(std::string_view text, Limits limits = {});
  const Value& root() const { return *root_; }

 private:
  friend class Builder;
  std::unique_ptr<std::pmr::monotonic_buffer_resource> arena_;
  const Value* root_ = nullptr;
};

}  // namespace concord::json
