// The description of the interface, written from the routes themselves, so that it cannot forget one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/route.h"

namespace concord::http {

struct OpenApiInfo {
  std::string title = "Concord";
  std::string version = "0";
  std::string description;
  std::string session_cookie = "concord_session";  ///< the cookie's name, for the security scheme
  std::string portal_cookie = "concord_portal";    ///< of the patient portal
  /// Shared schemas, name and JSON text; routes refer to them as {"$ref": "#/components/schemas/NAME"}.
  std::vector<std::pair<std::string, std::string>> schemas;
};

/// An OpenAPI 3.1 document (JSON). Paths in the order of the routes. Breaks an invariant when a schema text
/// is not JSON or two routes share a name.
std::string openapi(const std::vector<Route>& routes, const OpenApiInfo& info);

}  // namespace concord::http
