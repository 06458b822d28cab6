#include "checkins/html.h"

#include "base/check.h"

namespace concord::checkins {
namespace {

/// Length of the valid UTF-8 sequence at the front; 0 when there is none.
std::size_t sequence(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  std::size_t length = 0;
  unsigned code = 0;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) length = 2, code = first & 0x1FU;
  else if (first >= 0xE0 && first <= 0xEF) length = 3, code = first & 0x0FU;
  else if (first >= 0xF0 && first <= 0xF4) length = 4, code = first & 0x07U;
  else return 0;
  if (s.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  if (length == 3 && (code < 0x800 || (code >= 0xD800 && code <= 0xDFFF))) return 0;
  if (length == 4 && (code < 0x10000 || code > 0x10FFFF)) return 0;
  return length;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  while (!text.empty()) {
    const char c = text.front();
    if (const auto length = sequence(text); length != 1) {
      out += length == 0 ? kReplacement : text.substr(0, length);
      text.remove_prefix(length == 0 ? 1 : length);
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F) out += kReplacement;
        else out += c;
    }
    text.remove_prefix(1);
  }
}

void Html::begin(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (const auto& [name, value] : attributes) {
    if (value == kLeft) continue;
    out_ += ' ';
    out_ += name;
    if (value == kFlag) continue;
    out_ += "=\"";
    append_escaped(out_, value);
    out_ += '"';
  }
  out_ += '>';
}

Html& Html::open(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  open_.push_back(tag);
  return *this;
}

Html& Html::close() {
  CHECK(!open_.empty());
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
  return *this;
}

Html& Html::close_to(std::size_t depth) {
  while (open_.size() > depth) close();
  return *this;
}

Html& Html::text(std::string_view text) {
  append_escaped(out_, text);
  return *this;
}

Html& Html::line(std::string_view tag, std::string_view words, Attributes attributes) {
  return open(tag, attributes).text(words).close();
}

Html& Html::alone(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  return *this;
}

}  // namespace concord::checkins
