// The body of an HTML form (application/x-www-form-urlencoded).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace concord::http {

/// Names and values in order, decoded ("+" is a blank); repeats kept, an empty body has none. bad_request for a bad percent
/// escape, a NUL or broken UTF-8, and for more than kMostFormFields fields.
Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view body);
inline constexpr std::size_t kMostFormFields = 200;

}  // namespace concord::http
