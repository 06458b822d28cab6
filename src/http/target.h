// The address line of a request, taken apart strictly. Whatever two programs could read in two ways (a bad
// escape, NUL, an encoded slash, a dot segment, broken UTF-8) is refused, so that a path means one thing to
// the router, to authorization, to the audit log and to a proxy in front.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace concord::http {

struct Target {
  std::string path;  ///< decoded; starts with '/'
  std::vector<std::pair<std::string, std::string>> query;
};

/// Origin form ("/a?b=c") or absolute form ("http://host/a?b=c"). bad_request otherwise.
Result<Target> parse_target(std::string_view target);

/// "a=1&b=x%20y" with '+' as blank; nullopt for a bad escape, NUL or broken UTF-8.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text);

/// nullopt for a bad escape. Plus signs stay.
std::optional<std::string> percent_decode(std::string_view text);

/// Escapes everything but unreserved characters.
std::string percent_encode(std::string_view text);

/// The caller's X-Request-Id is taken over when it is 1 to 64 letters, digits, '-', '_' or '.'.
bool is_request_id(std::string_view text);

/// The last element of a comma-separated header value, trimmed.
std::string_view last_element(std::string_view list);

}  // namespace concord::http
