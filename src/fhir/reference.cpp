#include "fhir/reference.h"

#include <algorithm>

namespace concord::fhir {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

std::optional<Reference> conditional(std::string_view url, std::size_t question) {
  Reference found{Reference::Kind::conditional, url, url.substr(0, question), {}, {}, {}};
  if (!looks_like_type(found.type)) return std::nullopt;
  constexpr std::string_view kParameter = "identifier=";
  const std::string_view query = url.substr(question + 1);
  if (!query.starts_with(kParameter) || query.find('&') != std::string_view::npos) return std::nullopt;
  const std::string token = percent_decode(query.substr(kParameter.size()));
  const auto bar = token.find('|');
  if (bar == std::string::npos) {
    found.value = token;
  } else {
    found.system = token.substr(0, bar);
    found.value = token.substr(bar + 1);
  }
  if (found.value.empty()) return std::nullopt;
  return found;
}

}  // namespace

bool looks_like_type(std::string_view name) {
  return name.size() >= 3 && name.size() <= 40 && name[0] >= 'A' && name[0] <= 'Z' &&
         std::all_of(name.begin(), name.end(), is_letter);
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::optional<Reference> parse_reference(std::string_view text) {
  if (text.empty() || text.size() > 2048) return std::nullopt;
  Reference found;
  if (text[0] == '#') return Reference{Reference::Kind::contained, text, {}, text.substr(1), {}, {}};
  if (text.starts_with("urn:")) {
    const auto colon = text.rfind(':');
    return Reference{Reference::Kind::urn, text, {}, text.substr(colon + 1), {}, {}};
  }
  if (const auto question = text.find('?'); question != std::string_view::npos && text.find("://") > question)
    return conditional(text, question);
  if (const auto history = text.find("/_history/"); history != std::string_view::npos) text = text.substr(0, history);
  const auto slash = text.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  found.url = text;
  found.id = text.substr(slash + 1);
  const auto before = text.substr(0, slash);
  const auto previous = before.rfind('/');
  found.type = previous == std::string_view::npos ? before : before.substr(previous + 1);
  found.kind = previous == std::string_view::npos ? Reference::Kind::relative : Reference::Kind::absolute;
  if (!looks_like_type(found.type) || !is_id(found.id)) return std::nullopt;
  if (found.kind == Reference::Kind::absolute && text.find("://") == std::string_view::npos) return std::nullopt;
  return found;
}

}  // namespace concord::fhir
