// What the two halves of PortalAuth share: portal_auth.cpp (signing in, invitations) and portal_factors.cpp.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "http/message.h"
#include "json/value.h"

namespace concord::app {

inline std::chrono::microseconds micro(auto duration) { return std::chrono::duration_cast<std::chrono::microseconds>(duration); }

inline tl::unexpected<Error> too_many() {
  return fail(ErrorCode::too_many_requests, "Too many attempts from here. Wait a little, then try again.");
}

inline http::Response json_answer(int status, std::string body = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

/// An empty body is an empty object.
inline Result<json::Document> document_of(const http::Request& request) {
  if (request.body.empty()) return json::Document::parse("{}");
  return json::Document::parse(request.body);
}

}  // namespace concord::app
