#include "http/replies.h"

#include <charconv>

#include "base/check.h"
#include "base/text.h"
#include "http/schema.h"
#include "json/writer.h"

namespace concord::http {

Result<json::Document> read_json(const Request& request) {
  if (request.body.empty()) return fail(ErrorCode::bad_request, "The request needs a JSON body.");
  return json::Document::parse(request.body);
}

tl::unexpected<Error> not_found() { return fail(ErrorCode::not_found, "There is no such thing, or it is not yours to see."); }

Result<Page> read_page(const Request& request) {
  constexpr int kMost = 200;
  Page page;
  if (const auto text = request.parameter("limit")) {
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, page.limit);
    if (error != std::errc() || stop != end || page.limit < 1 || page.limit > kMost)
      return fail(ErrorCode::invalid, "The page size is wrong.", {{"limit", "must be 1 to 200"}});
  }
  if (const auto after = request.parameter("after"); after && !after->empty()) page.after = std::string(*after);
  return page;
}

tl::unexpected<Error> wrong_page() {
  return fail(ErrorCode::invalid, "The page key is wrong.", {{"after", "must be the value of \"next\""}});
}

Reply json_reply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

Reply problem_reply(const Error& error, std::string_view request_id, std::string_view member, std::string_view member_json) {
  Response base = problem(error, request_id);
  CHECK(!base.body.empty() && base.body.back() == '}');
  base.body.pop_back();
  base.body += ',';
  json::append_string(base.body, member);
  base.body += ':';
  base.body += member_json;
  base.body += '}';
  Reply reply;
  reply.status = base.status;
  reply.body = std::move(base.body);
  reply.content_type = base.content_type;
  return reply;
}

Reply stale_reply(std::string_view request_id, std::string_view current_json) {
  return problem_reply(Error{ErrorCode::edited_meanwhile, "Somebody else changed this since you opened it.", {}, {}}, request_id,
                       "current", current_json);
}

namespace {

void append_type(std::string& out, std::string_view word) {
  if (word.starts_with("{")) {
    out += word;
    return;
  }
  if (word.starts_with("[]")) {
    out += R"({"type":"array","items":)";
    append_type(out, word.substr(2));
    out += '}';
    return;
  }
  const bool nullable = word.ends_with("?");
  if (nullable) word.remove_suffix(1);
  std::string_view type = word, format;
  if (word == "id") type = "string", format = "uuid";
  else if (word == "date") type = "string", format = "date";
  else if (word == "instant") type = "string", format = "date-time";
  else if (word == "text") type = "string";
  else if (word == "any") {
    out += "{}";
    return;
  } else if (word.find('|') != std::string_view::npos) {
    out += R"({"enum":[)";
    bool first = true;
    for (const auto value : split(word, '|')) {
      if (!first) out += ',';
      first = false;
      json::append_string(out, value);
    }
    if (nullable) out += ",null";
    out += "]}";
    return;
  }
  CHECK(type == "string" || type == "integer" || type == "number" || type == "boolean" || type == "object");
  out += R"({"type":)";
  if (nullable) out += '[';
  json::append_string(out, type);
  if (nullable) out += R"(,"null"])";
  if (!format.empty()) {
    out += R"(,"format":)";
    json::append_string(out, format);
  }
  out += '}';
}

}  // namespace

std::string schema(std::initializer_list<std::pair<std::string_view, std::string_view>> members, bool closed) {
  return schema_of(Members(members.begin(), members.end()), closed);
}

std::string schema_of(const Members& members, bool closed) {
  std::string out = R"({"type":"object","properties":{)";
  std::string required;
  bool first = true;
  for (const auto& [name, meaning] : members) {
    std::string_view word = meaning;
    if (!first) out += ',';
    first = false;
    json::append_string(out, name);
    out += ':';
    if (word.ends_with("!")) {
      word.remove_suffix(1);
      if (!required.empty()) required += ',';
      json::append_string(required, name);
    }
    append_type(out, word);
  }
  out += '}';
  if (!required.empty()) out += R"(,"required":[)" + required + "]";
  if (closed) out += R"(,"additionalProperties":false)";
  out += '}';
  return out;
}

Members joined(Members first, const Members& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

std::string list_schema(std::string_view row_schema) {
  return R"({"type":"object","properties":{"items":{"type":"array","items":)" + std::string(row_schema) +
         R"(},"next":{"type":["string","null"]}},"required":["items","next"]})";
}

}  // namespace concord::http
