#include "json/writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/check.h"

namespace concord::json {
namespace {

/// 0: as it is; 'u': \u00XX; otherwise the letter after the backslash.
constexpr std::array<char, 256> kEscape = [] {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = 'u';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}();

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighs = 0x8080808080808080ULL;

/// Non-zero exactly when one of eight bytes is a quote, a backslash or below 0x20. (A borrow may mark a wrong
/// byte too, but only above a right one: which byte it is, the caller finds out.)
constexpr std::uint64_t marks(std::uint64_t bytes) {
  const std::uint64_t quote = bytes ^ (kOnes * '"');
  const std::uint64_t backslash = bytes ^ (kOnes * '\\');
  return ((bytes - kOnes * 0x20) & ~bytes & kHighs) | ((quote - kOnes) & ~quote & kHighs) |
         ((backslash - kOnes) & ~backslash & kHighs);
}

/// The first byte at or after `at` that needs an escape.
std::size_t next_escape(std::string_view text, std::size_t at) {
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, 8);
    if (marks(bytes) != 0) break;
  }
  while (at < text.size() && kEscape[static_cast<unsigned char>(text[at])] == 0) ++at;
  return at;
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  out += '"';
  std::size_t from = 0;
  while (true) {
    const std::size_t at = next_escape(text, from);
    out.append(text.data() + from, at - from);
    if (at == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[at]);
    out += '\\';
    out += kEscape[byte];
    if (kEscape[byte] == 'u') {
      const char code[4] = {'0', '0', hex[byte >> 4], hex[byte & 15]};
      out.append(code, 4);
    }
    from = at + 1;
  }
  out += '"';
}

void Writer::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

Writer& Writer::open(char opening, char) {
  separate();
  CHECK(depth_ < 64);
  const std::uint64_t bit = std::uint64_t{1} << depth_;
  is_array_bits_ = opening == '[' ? is_array_bits_ | bit : is_array_bits_ & ~bit;
  ++depth_;
  out_ += opening;
  first_ = true;
  return *this;
}

Writer& Writer::end() {
  CHECK(depth_ > 0);
  --depth_;
  out_ += (is_array_bits_ >> depth_ & 1) != 0 ? ']' : '}';
  first_ = false;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}

Writer& Writer::null() { return raw("null"); }

Writer& Writer::value(std::string_view text) {
  separate();
  append_string(out_, text);
  return *this;
}

Writer& Writer::value(bool flag) { return raw(flag ? "true" : "false"); }

Writer& Writer::value(std::int64_t number) {
  char chars[24];
  const auto written = std::to_chars(chars, chars + sizeof chars, number);
  return raw({chars, static_cast<std::size_t>(written.ptr - chars)});
}

Writer& Writer::value(double number) {
  if (!std::isfinite(number)) return null();
  if (number == 0) return raw("0");  // -0 is of no use to a reader
  char chars[32];
  const auto written = std::to_chars(chars, chars + sizeof chars, number);
  return raw({chars, static_cast<std::size_t>(written.ptr - chars)});
}

Writer& Writer::value(Date date) {
  separate();
  out_ += '"';
  date.append_iso(out_);
  out_ += '"';
  return *this;
}

Writer& Writer::value(Instant instant) {
  separate();
  out_ += '"';
  out_ += iso(instant);
  out_ += '"';
  return *this;
}

Writer& Writer::value(const Uuid& id) {
  separate();
  out_ += '"';
  id.append_text(out_);
  out_ += '"';
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace concord::json
