#include "http/openapi.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace concord::http {
namespace {

constexpr std::string_view kProblemSchema =
    R"({"type":"object","required":["type","title","status","code","detail","issues"],"properties":{)"
    R"("type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"$ref":"#/components/schemas/ErrorCode"},)"
    R"("detail":{"type":"string"},"issues":{"type":"array","items":{"type":"object","required":["path","text"],)"
    R"("properties":{"path":{"type":"string"},"text":{"type":"string"}}}},)"
    R"("request_id":{"type":"string"},"incident":{"type":"string"}}})";

void check_json(const std::string& text, const std::string& where) {
  if (!json::Document::parse(text)) throw BrokenInvariant("the schema of " + where + " is not JSON");
}

std::vector<std::string> path_parameters(std::string_view pattern) {
  std::vector<std::string> names;
  for (const std::string_view segment : split(pattern, '/'))
    if (segment.size() > 2 && segment.front() == '{' && segment.back() == '}')
      names.emplace_back(segment.substr(1, segment.size() - 2));
  return names;
}

bool changes_a_version(const Route& route) {
  return route.method == Method::put || route.method == Method::patch || route.method == Method::del;
}

void write_parameter(json::Writer& w, std::string_view name, std::string_view in, bool required, std::string_view description,
                     std::string_view format) {
  w.object().field("name", name).field("in", in).field("required", required);
  if (!description.empty()) w.field("description", description);
  w.key("schema").object().field("type", "string");
  if (!format.empty()) w.field("format", format);
  w.end().end();
}

/// The error statuses a client of this route should expect; "default" covers the rest.
std::set<int> error_statuses(const Route& route) {
  std::set<int> statuses{400, 401, 403, 500, 503};
  if (route.pattern.find('{') != std::string::npos) statuses.insert(404);
  if (!route.request_schema.empty()) statuses.insert({413, 415, 422});
  if (changes_a_version(route)) statuses.insert({409, 412, 428});
  if (route.creates) statuses.insert(409);
  return statuses;
}

void write_operation(json::Writer& w, const Route& route) {
  w.object();
  w.field("operationId", route.name);
  if (!route.summary.empty()) w.field("summary", route.summary);
  w.key("tags").array().value(std::string_view(route.name).substr(0, route.name.find('.'))).end();
  w.field("x-permission", route.permission);
  if (route.audience == Audience::portal) w.key("security").array().object().key("portal").array().end().end().end();

  const auto in_path = path_parameters(route.pattern);
  if (!in_path.empty() || !route.query_parameters.empty() || route.creates || changes_a_version(route)) {
    w.key("parameters").array();
    for (const std::string& name : in_path)
      write_parameter(w, name, "path", true, {}, name == "id" || name.ends_with("_id") ? "uuid" : "");
    for (const auto& [name, meaning] : route.query_parameters) write_parameter(w, name, "query", false, meaning, {});
    if (route.creates)
      write_parameter(w, "Idempotency-Key", "header", false,
                      "Sent again with the same content, the first answer is repeated and nothing is made twice.", {});
    if (changes_a_version(route))
      write_parameter(w, "If-Match", "header", false, "The version that was edited, as its ETag gave it.", {});
    w.end();
  }
  if (!route.request_schema.empty()) {
    check_json(route.request_schema, route.name);
    w.key("requestBody").object().field("required", true);
    w.key("content").object().key("application/json").object().key("schema").raw(route.request_schema);
    w.end().end().end();
  }
  w.key("responses").object();
  w.key(route.creates ? "201" : "200").object().field("description", route.creates ? "Made." : "Done.");
  if (!route.response_schema.empty()) {
    check_json(route.response_schema, route.name);
    w.key("content").object().key("application/json").object().key("schema").raw(route.response_schema).end().end();
  }
  w.end();
  for (const int status : error_statuses(route))
    w.key(std::to_string(status)).object().field("$ref", "#/components/responses/Problem").end();
  w.key("default").object().field("$ref", "#/components/responses/Problem").end();
  w.end();
  w.end();
}

}  // namespace

std::string openapi(const std::vector<Route>& routes, const OpenApiInfo& info) {
  std::string out;
  json::Writer w(out);
  w.object().field("openapi", "3.1.0");
  w.key("info").object().field("title", info.title).field("version", info.version);
  if (!info.description.empty()) w.field("description", info.description);
  w.end();
  w.key("servers").array().object().field("url", "/").end().end();
  w.key("security").array();
  w.object().key("session").array().end().end();
  w.object().key("service").array().end().end();
  w.end();

  // Check-in pages and hooks are no interface for programs of others.
  const auto is_described = [](const Route& r) { return r.audience == Audience::staff || r.audience == Audience::portal; };
  std::vector<std::string> patterns;
  std::set<std::string> names, tags;
  for (const Route& route : routes) {
    if (!is_described(route)) continue;
    if (!names.insert(route.name).second) throw BrokenInvariant("two routes are called " + route.name);
    tags.insert(route.name.substr(0, route.name.find('.')));
    if (std::find(patterns.begin(), patterns.end(), route.pattern) == patterns.end()) patterns.push_back(route.pattern);
  }
  w.key("tags").array();
  for (const std::string& tag : tags) w.object().field("name", tag).end();
  w.end();
  w.key("paths").object();
  for (const std::string& pattern : patterns) {
    w.key(pattern).object();
    for (const Route& route : routes) {
      if (route.pattern != pattern || !is_described(route)) continue;
      w.key(to_lower(name(route.method)));
      write_operation(w, route);
    }
    w.end();
  }
  w.end();

  w.key("components").object();
  w.key("schemas").object();
  w.key("Problem").raw(kProblemSchema);
  w.key("ErrorCode").object().field("type", "string").key("enum").array();
  for (const ErrorCode code : all_error_codes()) w.value(code_name(code));
  w.end().end();
  for (const auto& [name, schema] : info.schemas) {
    check_json(schema, name);
    w.key(name).raw(schema);
  }
  w.end();
  w.key("responses").object().key("Problem").object().field("description", "What went wrong, with every issue's place.");
  w.key("content").object().key("application/problem+json").object().key("schema").object();
  w.field("$ref", "#/components/schemas/Problem").end().end().end().end().end();
  w.key("securitySchemes").object();
  w.key("session").object().field("type", "apiKey").field("in", "cookie").field("name", info.session_cookie).end();
  w.key("portal").object().field("type", "apiKey").field("in", "cookie").field("name", info.portal_cookie).end();
  w.key("service").object().field("type", "http").field("scheme", "bearer").end();
  w.end().end();
  w.end();
  return out;
}

}  // namespace concord::http
