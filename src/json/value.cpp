#include "json/value.h"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace concord::json {

// Takes Boost.JSON's events and lays our values into the document's arena. The text is copied into the arena
// first and parsed there, so a key or string without escapes is a view into that copy. A finished array or
// object moves from the work stack into the arena in one piece.
class Builder {
 public:
  // Read by basic_parser: it stops at these sizes. The text's own limit is lower.
  static constexpr std::size_t max_object_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::uint32_t>::max();

  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  explicit Builder(Document& document, std::string_view text) : document_(document), text_(text) { stack_.reserve(64); }

  /// Byte offset of the second of two members with one name; npos when there is none.
  std::size_t duplicate_at() const { return duplicate_at_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) {
    Value* root = allocate<Value>(1);
    *root = stack_.back().value;
    document_.root_ = root;
    return true;
  }

  bool on_object_begin(error_code&) {
    in_object_.push_back(true);
    return true;
  }
  bool on_object_end(std::size_t count, error_code& ec) {
    Member* members = nullptr;
    if (count > 0) {
      members = allocate<Member>(count);
      std::copy(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end(), members);
      stack_.resize(stack_.size() - count);
      if (has_duplicate({members, count})) {
        ec = boost::json::error::syntax;
        return false;
      }
    }
    in_object_.pop_back();
    Value value;
    value.kind_ = Kind::object;
    value.size_ = static_cast<std::uint32_t>(count);
    value.members_ = members;
    return put(value);
  }

  bool on_array_begin(error_code&) {
    in_object_.push_back(false);
    return true;
  }
  bool on_array_end(std::size_t count, error_code&) {
    Value* items = nullptr;
    if (count > 0) {
      items = allocate<Value>(count);
      const Member* from = stack_.data() + (stack_.size() - count);
      for (std::size_t i = 0; i < count; ++i) items[i] = from[i].value;
      stack_.resize(stack_.size() - count);
    }
    in_object_.pop_back();
    Value value;
    value.kind_ = Kind::array;
    value.size_ = static_cast<std::uint32_t>(count);
    value.items_ = items;
    return put(value);
  }

  bool on_key_part(string_view s, std::size_t, error_code&) { return add_part(s); }
  bool on_key(string_view s, std::size_t, error_code&) {
    stack_.push_back({take(s), Value()});
    return true;
  }
  bool on_string_part(string_view s, std::size_t, error_code&) { return add_part(s); }
  bool on_string(string_view s, std::size_t, error_code&) { return put_text(Kind::string, s); }

  // Boost works the number out too; we keep the digits and let the reader say what it wants.
  bool on_number_part(string_view s, error_code&) { return add_part(s); }
  bool on_int64(std::int64_t, string_view s, error_code&) { return put_text(Kind::number, s); }
  bool on_uint64(std::uint64_t, string_view s, error_code&) { return put_text(Kind::number, s); }
  bool on_double(double, string_view s, error_code&) { return put_text(Kind::number, s); }

  bool on_bool(bool flag, error_code&) {
    Value value;
    value.kind_ = Kind::boolean;
    value.flag_ = flag;
    return put(value);
  }
  bool on_null(error_code&) { return put(Value()); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  template <class T>
  T* allocate(std::size_t count) {
    T* memory = static_cast<T*>(document_.arena_->allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_default_construct_n(memory, count);
    return memory;
  }

  bool put(const Value& value) {
    if (!in_object_.empty() && in_object_.back()) stack_.back().value = value;  // on_key pushed the member
    else stack_.push_back({{}, value});
    return true;
  }

  bool put_text(Kind kind, string_view s) {
    const std::string_view kept = take(s);
    Value value;
    value.kind_ = kind;
    value.size_ = static_cast<std::uint32_t>(kept.size());
    value.chars_ = kept.data();
    return put(value);
  }

  bool add_part(string_view s) {
    parts_.append(s.data(), s.size());
    return true;
  }

  /// The parts so far and `last`, as characters that live as long as the document.
  std::string_view take(string_view last) {
    if (parts_.empty()) {
      const auto from = reinterpret_cast<std::uintptr_t>(text_.data());
      const auto at = reinterpret_cast<std::uintptr_t>(last.data());
      if (at >= from && at + last.size() <= from + text_.size()) return {last.data(), last.size()};
    }
    const std::size_t size = parts_.size() + last.size();
    char* chars = allocate<char>(size + 1);
    std::memcpy(chars, parts_.data(), parts_.size());
    if (!last.empty()) std::memcpy(chars + parts_.size(), last.data(), last.size());
    parts_.clear();
    return {chars, size};
  }

  bool has_duplicate(std::span<const Member> members) {
    constexpr std::size_t kFew = 12;
    if (members.size() <= kFew) {
      for (std::size_t i = 1; i < members.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (members[i].key == members[j].key) return found_duplicate(members[i].key);
      return false;
    }
    keys_.clear();
    for (const Member& member : members) keys_.push_back(member.key);
    // Keys that are equal stand in the order of their places in the text.
    std::sort(keys_.begin(), keys_.end(), [](std::string_view a, std::string_view b) {
      if (a.size() != b.size()) return a.size() < b.size();
      const int order = std::memcmp(a.data(), b.data(), a.size());
      return order != 0 ? order < 0 : a.data() < b.data();
    });
    for (std::size_t i = 1; i < keys_.size(); ++i)
      if (keys_[i] == keys_[i - 1]) return found_duplicate(keys_[i]);
    return false;
  }

  bool found_duplicate(std::string_view key) {
    const bool in_text = key.data() >= text_.data() && key.data() < text_.data() + text_.size();
    duplicate_at_ = in_text ? static_cast<std::size_t>(key.data() - text_.data()) : 0;
    return true;
  }

  Document& document_;
  std::string_view text_;
  std::vector<Member> stack_;
  std::vector<bool> in_object_;
  std::vector<std::string_view> keys_;
  std::string parts_;
  std::size_t duplicate_at_ = std::string_view::npos;
};

namespace {

/// A number's value is `digits` * 10^exponent (JSON grammar was checked by the parser).
struct Decimal {
  bool negative = false;
  std::string digits;  ///< without leading and trailing zeros; empty for zero
  std::int64_t exponent = 0;
};

Decimal decimal_of(std::string_view text) {
  Decimal number;
  std::size_t i = 0;
  if (i < text.size() && text[i] == '-') {
    number.negative = true;
    ++i;
  }
  bool in_fraction = false;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      in_fraction = true;
      continue;
    }
    if (in_fraction) --number.exponent;
    if (text[i] != '0' || !number.digits.empty()) number.digits += text[i];
  }
  if (i < text.size()) {
    ++i;
    const bool down = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    std::int64_t power = 0;
    constexpr std::int64_t kBeyondAnything = 1'000'000'000'000;  // keeps the sums below from overflowing
    for (; i < text.size(); ++i) power = std::min(power * 10 + (text[i] - '0'), kBeyondAnything);
    number.exponent += down ? -power : power;
  }
  while (!number.digits.empty() && number.digits.back() == '0') {
    number.digits.pop_back();
    ++number.exponent;
  }
  return number;
}

Error refused(std::string text) { return Error{ErrorCode::bad_request, std::move(text), {}, {}}; }

Error explain(const boost::json::error_code& ec, std::size_t at, const Builder& builder, const Limits& limits) {
  const std::string place = " at byte " + std::to_string(at) + ".";
  if (builder.duplicate_at() != std::string_view::npos) {
    const std::size_t where = builder.duplicate_at() > 0 ? builder.duplicate_at() : at;
    return refused("The JSON text has two members with one name in one object, at byte " + std::to_string(where) + ".");
  }
  if (ec == boost::json::error::incomplete) return refused("The JSON text ends too early," + place);
  if (ec == boost::json::error::too_deep)
    return refused("The JSON text is nested deeper than " + std::to_string(limits.max_depth) + " levels," + place);
  return refused("The text is not valid JSON in UTF-8," + place);
}

}  // namespace

std::optional<std::int64_t> Value::integer() const {
  if (kind_ != Kind::number) return std::nullopt;
  std::int64_t number = 0;
  const std::string_view digits = text();
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc{} && end == digits.data() + digits.size()) return number;
  // 1.0, 120e-1 and 1e3 are whole numbers too.
  const Decimal decimal = decimal_of(digits);
  if (decimal.digits.empty()) return 0;
  if (decimal.exponent < 0 || decimal.exponent > 19 || decimal.digits.size() > 19) return std::nullopt;
  std::string whole = (decimal.negative ? "-" : "") + decimal.digits;
  whole.append(static_cast<std::size_t>(decimal.exponent), '0');
  const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), number);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return number;
}

std::optional<double> Value::real() const {
  if (kind_ != Kind::number) return std::nullopt;
  double number = 0;
  const std::string_view digits = text();
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec == std::errc{}) return number;
  // Too large has no value; too small is zero.
  const Decimal decimal = decimal_of(digits);
  if (decimal.digits.empty() || decimal.exponent + static_cast<std::int64_t>(decimal.digits.size()) < 0)
    return decimal.negative ? -0.0 : 0.0;
  return std::nullopt;
}

std::span<const Value> Value::items() const {
  if (kind_ != Kind::array) return {};
  return {items_, size_};
}

std::span<const Member> Value::members() const {
  if (kind_ != Kind::object) return {};
  return {members_, size_};
}

const Value* Value::find(std::string_view key) const {
  for (const Member& member : members())
    if (member.key == key) return &member.value;
  return nullptr;
}

Result<Document> Document::parse(std::string_view text, Limits limits) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorCode::too_large, "The JSON text is larger than 4 GiB.");
  Document document;
  const std::size_t first_block = text.size() + std::min<std::size_t>(text.size() * 2, 64 * 1024) + 256;
  document.arena_ = std::make_unique<std::pmr::monotonic_buffer_resource>(first_block);
  char* copy = static_cast<char*>(document.arena_->allocate(text.size() + 1, 1));
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());

  boost::json::parse_options options;
  options.max_depth = limits.max_depth;
  boost::json::basic_parser<Builder> parser(options, document, std::string_view(copy, text.size()));
  boost::json::error_code ec;
  const std::size_t used = parser.write_some(false, copy, text.size(), ec);
  if (ec) return tl::unexpected<Error>(explain(ec, used, parser.handler(), limits));
  if (used < text.size())
    return tl::unexpected<Error>(refused("Something follows the JSON value, at byte " + std::to_string(used) + "."));
  return document;
}

}  // namespace concord::json
