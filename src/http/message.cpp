#include "http/message.h"

#include "json/writer.h"

namespace concord::http {

std::string_view name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "OTHER";
}

std::string_view Request::header(std::string_view lower_case_name) const {
  for (const auto& [key, value] : headers)
    if (key == lower_case_name) return value;
  return {};
}

std::optional<std::string_view> Request::parameter(std::string_view wanted) const {
  for (const auto& [key, value] : query)
    if (key == wanted) return std::string_view(value);
  return std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view wanted) const {
  for (const auto& [key, value] : headers) {
    if (key != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto end = rest.find(';');
      std::string_view pair = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
      while (!pair.empty() && (pair.front() == ' ' || pair.front() == '\t')) pair.remove_prefix(1);
      while (!pair.empty() && (pair.back() == ' ' || pair.back() == '\t')) pair.remove_suffix(1);
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != wanted) continue;
      pair.remove_prefix(equals + 1);
      if (pair.size() >= 2 && pair.front() == '"' && pair.back() == '"') pair = pair.substr(1, pair.size() - 2);
      return pair;
    }
  }
  return std::nullopt;
}

Response problem(const Error& error, std::string_view request_id, std::string_view incident) {
  Response response;
  response.status = http_status(error.code);
  response.content_type = "application/problem+json";
  response.headers.emplace_back("Cache-Control", "no-store");
  json::Writer w(response.body);
  w.object();
  w.field("type", "urn:concord:error:" + std::string(code_name(error.code)));
  w.field("title", meaning(error.code));
  w.field("status", response.status);
  w.field("code", code_name(error.code));
  w.field("detail", error.text.empty() ? meaning(error.code) : std::string_view(error.text));
  w.key("issues").array();
  for (const Issue& issue : error.issues) w.object().field("path", issue.path).field("text", issue.text).end();
  w.end();
  w.field("request_id", request_id);
  if (!incident.empty()) w.field("incident", incident);
  w.end();
  return response;
}

}  // namespace concord::http
