#include "http/target.h"

#include <algorithm>

#include "base/text.h"

namespace concord::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { stays, is_blank };

bool decode_into(std::string& out, std::string_view text, Plus plus) {
  out.reserve(out.size() + text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '+' && plus == Plus::is_blank) {
      out.push_back(' ');
    } else if (c == '%') {
      if (i + 2 >= text.size()) return false;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(c);
    }
  }
  return true;
}

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Names and values of a query may hold line breaks, but no NUL and no broken UTF-8.
bool is_clean_value(std::string_view text) {
  return is_plain_ascii(text) || (text.find('\0') == std::string_view::npos && is_valid_utf8(text));
}

bool is_clean_path(std::string_view path) {
  const bool controls = std::any_of(path.begin(), path.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\'; });
  return !controls && (is_plain_ascii(path) || is_valid_utf8(path));
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at + 1)) {
    std::string_view rest = path.substr(at + 1);
    rest = rest.substr(0, rest.find('/'));
    if (rest == "." || rest == "..") return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  if (!decode_into(out, text, Plus::stays)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                       c == '.' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    std::string key, value;
    if (!decode_into(key, part.substr(0, equals), Plus::is_blank)) return std::nullopt;
    if (equals != std::string_view::npos && !decode_into(value, part.substr(equals + 1), Plus::is_blank)) return std::nullopt;
    if (!is_clean_value(key) || !is_clean_value(value)) return std::nullopt;
    pairs.emplace_back(std::move(key), std::move(value));
  }
  return pairs;
}

Result<Target> parse_target(std::string_view target) {
  if (!target.empty() && target.front() != '/') {
    const bool plain = target.size() > 7 && equals_ignoring_case(target.substr(0, 7), "http://");
    const bool secure = target.size() > 8 && equals_ignoring_case(target.substr(0, 8), "https://");
    if (!plain && !secure) return fail(ErrorCode::bad_request, "The address must start with a slash.");
    target.remove_prefix(plain ? 7 : 8);
    const auto slash = target.find('/');
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  if (target.empty()) return fail(ErrorCode::bad_request, "The address must start with a slash.");
  const auto question = target.find('?');
  const std::string_view raw_path = target.substr(0, question);
  if (raw_path.find('#') != std::string_view::npos) return fail(ErrorCode::bad_request, "The address must not hold a fragment.");
  Target parsed;
  if (raw_path.find('%') == std::string_view::npos) {
    parsed.path = raw_path;
  } else {
    for (std::size_t at = raw_path.find('%'); at != std::string_view::npos; at = raw_path.find('%', at + 1))
      if (equals_ignoring_case(raw_path.substr(at, 3), "%2f"))
        return fail(ErrorCode::bad_request, "The path must not hold an encoded slash.");
    if (!decode_into(parsed.path, raw_path, Plus::stays))
      return fail(ErrorCode::bad_request, "The path holds a percent sign without two hexadecimal digits.");
  }
  if (!is_clean_path(parsed.path))
    return fail(ErrorCode::bad_request, "The path holds a control character, a backslash or broken UTF-8.");
  if (has_dot_segment(parsed.path)) return fail(ErrorCode::bad_request, "The path must not hold the segments \".\" or \"..\".");
  if (question != std::string_view::npos) {
    auto query = parse_query(target.substr(question + 1));
    if (!query) return fail(ErrorCode::bad_request, "The query holds a bad percent escape, a NUL or broken UTF-8.");
    parsed.query = std::move(*query);
  }
  return parsed;
}

bool is_request_id(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

std::string_view last_element(std::string_view list) {
  const auto comma = list.rfind(',');
  return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

}  // namespace concord::http
