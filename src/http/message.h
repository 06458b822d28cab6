// A request and a response as the rest of Concord sees them. The network library is not visible here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace concord::http {

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view name(Method method);

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::get;
  std::string target;  ///< as sent: path and query
  std::string path;    ///< percent-decoded, no query; a path that leaves the root is refused before this
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order, repeats kept
  Headers headers;                                         ///< names in lower case
  std::string body;
  std::string remote_address;  ///< peer, or the last X-Forwarded-For hop when behind_proxy
  std::string request_id;      ///< made here, or the caller's X-Request-Id when it is a short token
  bool secure = false;         ///< TLS, or X-Forwarded-Proto https when behind_proxy

  /// First header of that (lower-case) name, or empty.
  std::string_view header(std::string_view lower_case_name) const;
  /// First query parameter of that name, or nullopt.
  std::optional<std::string_view> parameter(std::string_view name) const;
  std::optional<std::string_view> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::string content_type = "application/json";
};

/// Answers the request, once, from any thread. Dropping it unanswered sends 500.
using Respond = std::function<void(Response)>;

/// RFC 9457 problem+json: {"type","title","status","code","detail","issues":[{"path","text"}],"incident"}.
Response problem(const Error& error, std::string_view request_id, std::string_view incident = {});

}  // namespace concord::http
