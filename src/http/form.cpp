#include "http/form.h"

#include <algorithm>

#include "http/target.h"

namespace concord::http {

Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view body) {
  if (body.empty()) return std::vector<std::pair<std::string, std::string>>();
  if (static_cast<std::size_t>(std::count(body.begin(), body.end(), '&')) >= kMostFormFields)
    return fail(ErrorCode::bad_request, "The form has too many fields.");
  auto fields = parse_query(body);
  if (!fields) return fail(ErrorCode::bad_request, "The form holds a bad percent escape, a NUL or broken UTF-8.");
  return *std::move(fields);
}

}  // namespace concord::http
