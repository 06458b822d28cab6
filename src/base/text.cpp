#include "base/text.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace concord {
namespace {

constexpr char32_t kInvalid = 0xFFFFFFFF;

/// One code point at `at`, which moves behind it. kInvalid for a byte that does not begin a well-formed
/// sequence (too long, surrogate, above U+10FFFF, cut off); `at` then moves by that one byte.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  if (lead < 0x80) return text[at++] & 0x7F;
  std::size_t more = 0;
  char32_t point = 0;
  char32_t least = 0;
  if ((lead & 0xE0) == 0xC0) {
    more = 1, point = lead & 0x1Fu, least = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    more = 2, point = lead & 0x0Fu, least = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    more = 3, point = lead & 0x07u, least = 0x10000;
  }
  bool good = more > 0 && at + more < text.size();
  for (std::size_t i = 1; good && i <= more; ++i) {
    good = (byte(at + i) & 0xC0) == 0x80;
    point = point << 6 | (byte(at + i) & 0x3Fu);
  }
  if (!good || point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
    ++at;
    return kInvalid;
  }
  at += more + 1;
  return point;
}

void append_code_point(std::string& out, char32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
  }
  out += static_cast<char>(0x80 | (point & 0x3F));
}

// What each letter folds to, sixteen a line, "-" where it is kept as it is.
constexpr char kLatinText[] =  // U+00C0 to U+024F
    "a a a a a a ae c e e e e i i i i "
    "d n o o o o o - o u u u u y th ss "
    "a a a a a a ae c e e e e i i i i "
    "d n o o o o o - o u u u u y th y "
    "a a a a a a c c c c c c c c d d "
    "d d e e e e e e e e e e g g g g "
    "g g g g h h h h i i i i i i i i "
    "i i ij ij j j k k k l l l l l l l "
    "l l l n n n n n n n ng ng o o o o "
    "o o oe oe r r r r r r s s s s s s "
    "s s t t t t t t u u u u u u u u "
    "u u u u w w y y y z z z z z z s "
    "b b b b - - o c c d d d d - e e "
    "e f f g g hv i i k k l l - n n o "
    "o o oi oi p p - - - sh - t t t t u "
    "u u v y y z z z - - - - - - - - "
    "- - - - dz dz dz lj lj lj nj nj nj a a i "
    "i o o u u u u u u u u u u e a a "
    "a a ae ae g g g g k k o o o o z z "
    "j dz dz dz g g hv - n n a a ae ae o o "
    "a a a a e e e e i i i i o o o o "
    "r r r r u u u u s s t t y y h h "
    "n d ou ou z z a a e e o o o o o o "
    "o o y y l n t j - - a c c l t s "
    "z - - b u - e e j j q q r r y y ";
constexpr char kLatinAdditionalText[] =  // U+1E00 to U+1EFF
    "a a b b b b b b c c d d d d d d "
    "d d d d e e e e e e e e e e f f "
    "g g h h h h h h h h h h i i i i "
    "k k k k k k l l l l l l l l m m "
    "m m m m n n n n n n n n o o o o "
    "o o o o p p p p r r r r r r r r "
    "s s s s s s s s s s t t t t t t "
    "t t u u u u u u u u u u v v v v "
    "w w w w w w w w w w x x x x y y "
    "z z z z z z h t w y - s s s ss - "
    "a a a a a a a a a a a a a a a a "
    "a a a a a a a a e e e e e e e e "
    "e e e e e e e e i i i i o o o o "
    "o o o o o o o o o o o o o o o o "
    "o o o o u u u u u u u u u u u u "
    "u u y y y y y y y y ll ll v v y y ";

constexpr std::size_t kLatinCount = 0x24F - 0xC0 + 1;
constexpr std::size_t kLatinAdditionalCount = 0x1EFF - 0x1E00 + 1;

struct Folded {
  std::uint16_t begin = 0;
  std::uint8_t size = 0;
};

template <std::size_t kCount, std::size_t kLength>
constexpr std::array<Folded, kCount> index_words(const char (&words)[kLength]) {
  std::array<Folded, kCount> table{};
  std::size_t at = 0;
  for (Folded& entry : table) {
    entry.begin = static_cast<std::uint16_t>(at);
    while (words[at] != ' ') ++at;
    entry.size = static_cast<std::uint8_t>(at - entry.begin);
    ++at;
  }
  if (at + 1 != kLength) throw "the table must have exactly one word for each letter";  // at compile time
  return table;
}

constexpr auto kLatin = index_words<kLatinCount>(kLatinText);
constexpr auto kLatinAdditional = index_words<kLatinAdditionalCount>(kLatinAdditionalText);

/// The folded form of a Latin letter, or empty when it is not one of ours.
std::string_view fold_latin(char32_t point) {
  std::string_view found;
  if (point >= 0xC0 && point <= 0x24F) {
    const Folded f = kLatin[point - 0xC0];
    found = {kLatinText + f.begin, f.size};
  } else if (point >= 0x1E00 && point <= 0x1EFF) {
    const Folded f = kLatinAdditional[point - 0x1E00];
    found = {kLatinAdditionalText + f.begin, f.size};
  }
  return found == "-" ? std::string_view() : found;
}

bool is_blank(char32_t p) {
  return p == ' ' || (p >= 9 && p <= 13) || p == 0x85 || p == 0xA0 || p == 0x1680 || (p >= 0x2000 && p <= 0x200A) ||
         p == 0x2028 || p == 0x2029 || p == 0x202F || p == 0x205F || p == 0x3000;
}

/// Marks that sit on the letter before, and characters that show nothing.
bool is_dropped(char32_t p) {
  return (p >= 0x300 && p <= 0x36F) || p == 0xAD || (p >= 0x200B && p <= 0x200F) || p == 0x2060 || p == 0xFEFF;
}

/// Typographic forms of what people type as ' and -, and capitals of the two other scripts with case that
/// names here use most.
char32_t fold_other(char32_t p) {
  if (p == 0x2018 || p == 0x2019 || p == 0x2BC || p == 0xB4) return '\'';
  if (p >= 0x2010 && p <= 0x2015) return '-';
  if (p >= 0x391 && p <= 0x3A9 && p != 0x3A2) return p + 0x20;
  if (p >= 0x410 && p <= 0x42F) return p + 0x20;
  if (p >= 0x400 && p <= 0x40F) return p + 0x50;
  return p;
}

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr bool is_ascii_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Optional sign, digits, optional fraction.
bool is_plain_number(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const auto take_digits = [&] {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) ++n;
    text.remove_prefix(n);
    return n > 0;
  };
  if (!take_digits()) return false;
  if (text.empty()) return true;
  if (text[0] != '.') return false;
  text.remove_prefix(1);
  return take_digits() && text.empty();
}

/// A spreadsheet would take a cell that begins like this for a formula.
bool begins_a_formula(std::string_view value) {
  if (value.empty()) return false;
  if (std::strchr("=+-@\t\r", value[0]) != nullptr && value[0] != '\0') return true;
  // Full-width = + - @ (U+FF1D, U+FF0B, U+FF0D, U+FF20).
  for (const std::string_view wide : {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"})
    if (value.starts_with(wide)) return true;
  return false;
}

}  // namespace

std::string fold(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  bool blank_waits = false;
  const auto begin_letter = [&] {
    if (blank_waits && !out.empty()) out += ' ';
    blank_waits = false;
  };
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t point = next_code_point(utf8, at);
    if (point == kInvalid || is_dropped(point)) continue;
    if (is_blank(point)) {
      blank_waits = true;
      continue;
    }
    begin_letter();
    if (point < 0x80) {
      out += ascii_lower(static_cast<char>(point));
    } else if (const std::string_view latin = fold_latin(point); !latin.empty()) {
      out += latin;
    } else {
      append_code_point(out, fold_other(point));
    }
  }
  return out;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    std::uint64_t eight;
    if (at + 8 <= text.size() && (std::memcpy(&eight, text.data() + at, 8), (eight & 0x8080808080808080ULL) == 0)) {
      at += 8;
    } else if (next_code_point(text, at) == kInvalid) {
      return false;
    }
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_ascii_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  return true;
}

std::string to_hex(std::string_view bytes) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += hex[static_cast<unsigned char>(c) >> 4];
    out += hex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string csv_cell(std::string_view value) {
  const bool neutralize = begins_a_formula(value) && !is_plain_number(value);
  // Spreadsheets in languages with a decimal comma take ; for the separator: a cell with one is quoted too.
  const bool quote = value.find_first_of("\",;\r\n") != std::string_view::npos;
  std::string out;
  out.reserve(value.size() + 3);
  if (quote) out += '"';
  if (neutralize) out += '\'';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quote) out += '"';
  return out;
}

}  // namespace concord
