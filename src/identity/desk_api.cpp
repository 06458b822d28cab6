#include "identity/desk_api.h"

#include <algorithm>

#include "base/text.h"
#include "http/replies.h"
#include "identity/desk_store.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::identity {
namespace {

using http::Call;
using http::Reply;
using http::Work;

constexpr std::size_t kNameBytes = 80;
constexpr std::size_t kQueryBytes = 2000;
constexpr std::size_t kWordsBytes = 100000;
constexpr std::size_t kKeyBytes = 200;

/// A machine has no desk.
Result<void> must_be_person(const Call& call) {
  if (call.caller.kind != ActorKind::user) return http::not_found();
  return {};
}

void write(json::Writer& w, const View& v) {
  w.object()
      .field("id", v.id)
      .field("name", v.name)
      .field("query", v.query)
      .field("updated_at", v.updated_at)
      .field("version", v.version)
      .end();
}

Reply answer(int status, const View& v) {
  std::string out;
  json::Writer w(out);
  write(w, v);
  Reply reply = http::json_reply(status, std::move(out));
  reply.version = v.version;
  reply.audit_object = v.id.uuid;
  return reply;
}

tl::unexpected<Error> name_taken() {
  return fail(ErrorCode::conflict, "You have a view with this name already.", {{"name", "is taken"}});
}

std::optional<std::string> read_name(const json::Cursor& at) {
  const auto text = at.string(0, kNameBytes);
  if (!text) return std::nullopt;
  std::string kept(trim(*text));
  if (kept.empty()) at.issue("must not be empty");
  return kept;
}

std::optional<std::string> read_query(const json::Cursor& at) {
  auto text = at.string(0, kQueryBytes);
  if (!text) return std::nullopt;
  if (text->starts_with("?")) text->erase(0, 1);
  for (const char c : *text)
    if (static_cast<unsigned char>(c) <= ' ' || c == '#') {
      at.issue("must be a query string as the address bar shows it");
      break;
    }
  return text;
}

Result<Work> list_views(const Call& call) {
  CONCORD_TRY_VOID(must_be_person(call));
  return Work([caller = call.caller](db::Tx& tx) -> Result<Reply> {
    std::string out;
    json::Writer w(out);
    w.object().key("items").array();
    for (const auto& v : views(tx, caller.organization, caller.user)) write(w, v);
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(out));
  });
}

Result<Work> create_view(IdSource& ids, const Call& call) {
  CONCORD_TRY_VOID(must_be_person(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"name", "query"});
  const auto name = read_name(body.required("name"));
  const auto query = read_query(body.required("query"));
  if (!issues.empty()) return issues.error();
  View view{ViewId(ids.next()), *name, *query, call.now, 1};
  return Work([caller = call.caller, view = std::move(view)](db::Tx& tx) -> Result<Reply> {
    if (views(tx, caller.organization, caller.user).size() >= kMostViews)
      return fail(ErrorCode::conflict, "You have 50 views, which is the most. Remove one first.");
    if (!insert_view(tx, caller.organization, caller.user, view)) return name_taken();
    Reply reply = answer(201, view);
    reply.location = "/api/v1/views/" + view.id.text();
    return reply;
  });
}

std::optional<View> find_view(db::Tx& tx, const Caller& caller, ViewId id) {
  auto all = views(tx, caller.organization, caller.user);
  const auto found = std::find_if(all.begin(), all.end(), [&](const View& v) { return v.id == id; });
  if (found == all.end()) return std::nullopt;
  return std::move(*found);
}

Result<Work> edit_view(const Call& call) {
  CONCORD_TRY_VOID(must_be_person(call));
  CONCORD_TRY(const auto id, call.path_id<ViewId>("view_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"name", "query"});
  const auto name = read_name(body.optional("name"));
  const auto query = read_query(body.optional("query"));
  if (!issues.empty()) return issues.error();
  return Work([caller = call.caller, now = call.now, request_id = call.request.request_id, id, version, name,
               query](db::Tx& tx) -> Result<Reply> {
    const auto before = find_view(tx, caller, id);
    if (!before) return http::not_found();
    View after = *before;
    after.name = name.value_or(before->name);
    after.query = query.value_or(before->query);
    after.updated_at = now;
    const auto all = views(tx, caller.organization, caller.user);
    if (std::any_of(all.begin(), all.end(), [&](const View& v) { return v.id != id && fold(v.name) == fold(after.name); }))
      return name_taken();
    if (before->version != version || !update_view(tx, caller.organization, caller.user, after, version))
      return http::stale_reply(request_id, answer(200, *before).body);
    ++after.version;
    return answer(200, after);
  });
}

Result<Work> remove_view(const Call& call) {
  CONCORD_TRY_VOID(must_be_person(call));
  CONCORD_TRY(const auto id, call.path_id<ViewId>("view_id"));
  return Work([caller = call.caller, id](db::Tx& tx) -> Result<Reply> {
    if (!delete_view(tx, caller.organization, caller.user, id)) return http::not_found();
    Reply reply = http::json_reply(204, "");
    reply.audit_object = id.uuid;
    return reply;
  });
}

Result<std::string> read_key(const Call& call) {
  CONCORD_TRY_VOID(must_be_person(call));
  std::string key(call.path_parameter("draft_key"));
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ':' ||
           c == '-' || c == ',';
  };
  if (key.size() > kKeyBytes || !std::all_of(key.begin(), key.end(), fits)) return http::not_found();
  return key;
}

std::string to_json(const Draft& d) {
  std::string out;
  json::Writer w(out);
  w.object().field("key", d.key).field("text", d.words).field("updated_at", d.updated_at).field("version", d.version).end();
  return out;
}

Result<Work> read_draft(const Call& call) {
  CONCORD_TRY(auto key, read_key(call));
  return Work([caller = call.caller, key = std::move(key)](db::Tx& tx) -> Result<Reply> {
    const auto draft = find_draft(tx, caller.organization, caller.user, key);
    if (!draft) return http::not_found();
    Reply reply = http::json_reply(200, to_json(*draft));
    reply.version = draft->version;
    return reply;
  });
}

Result<Work> write_draft(const Call& call) {
  CONCORD_TRY(auto key, read_key(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"text", "version"});
  const auto words = body.required("text").string(0, kWordsBytes);
  const auto version = body.optional("version").integer(0, std::int64_t{1} << 50);
  if (!issues.empty()) return issues.error();
  Draft draft{std::move(key), *words, call.now, 1};
  return Work([caller = call.caller, draft = std::move(draft), version,
               request_id = call.request.request_id](db::Tx& tx) -> Result<Reply> {
    const auto before = find_draft(tx, caller.organization, caller.user, draft.key);
    Draft after = draft;
    after.version = (before ? before->version : 0) + 1;
    if (!before && count_drafts(tx, caller.organization, caller.user) >= kMostDrafts)
      return fail(ErrorCode::conflict, "You have 200 drafts, which is the most. Sign or remove some first.");
    const bool stale = before && version && *version != before->version;
    if (stale || !put_draft(tx, caller.organization, caller.user, after))
      return http::stale_reply(request_id, before ? to_json(*before) : "null");
    Reply reply = http::json_reply(200, to_json(after));
    reply.version = after.version;
    return reply;
  });
}

Result<Work> remove_draft(const Call& call) {
  CONCORD_TRY(auto key, read_key(call));
  return Work([caller = call.caller, key = std::move(key)](db::Tx& tx) -> Result<Reply> {
    delete_draft(tx, caller.organization, caller.user, key);
    return http::json_reply(204, "");
  });
}

}  // namespace

std::vector<http::Route> desk_routes(IdSource& ids) {
  using http::Method;
  using http::RunAs;
  const std::string view =
      http::schema({{"id", "id!"}, {"name", "text!"}, {"query", "text!"}, {"updated_at", "instant!"}, {"version", "integer!"}});
  const std::string draft =
      http::schema({{"key", "text!"}, {"text", "text!"}, {"updated_at", "instant!"}, {"version", "integer!"}});
  const std::string view_body = http::schema({{"name", "text!"}, {"query", "text!"}}, true);
  return {
      {Method::get,
       "/api/v1/views",
       "views.list",
       "account.use",
       "My named views of the caseload",
       RunAs::point,
       false,
       "",
       http::list_schema(view),
       {},
       list_views},
      {Method::post,
       "/api/v1/views",
       "views.create",
       "account.use",
       "Names a view of the caseload",
       RunAs::write,
       true,
       view_body,
       view,
       {},
       [&ids](const Call& call) { return create_view(ids, call); }},
      {Method::patch,
       "/api/v1/views/{view_id}",
       "views.edit",
       "account.use",
       "Renames or changes a view",
       RunAs::write,
       false,
       http::schema({{"name", "text"}, {"query", "text"}}, true),
       view,
       {},
       edit_view},
      {Method::del,
       "/api/v1/views/{view_id}",
       "views.remove",
       "account.use",
       "Removes a view",
       RunAs::write,
       false,
       "",
       "",
       {},
       remove_view},
      {Method::get,
       "/api/v1/drafts/{draft_key}",
       "drafts.read",
       "account.use",
       "What I am writing and have not signed",
       RunAs::point,
       false,
       "",
       draft,
       {},
       read_draft},
      {Method::put,
       "/api/v1/drafts/{draft_key}",
       "drafts.write",
       "account.use",
       "Keeps what I am writing",
       RunAs::write,
       false,
       http::schema({{"text", "text!"}, {"version", "integer?"}}, true),
       draft,
       {},
       write_draft},
      {Method::del,
       "/api/v1/drafts/{draft_key}",
       "drafts.remove",
       "account.use",
       "Throws a draft away",
       RunAs::write,
       false,
       "",
       "",
       {},
       remove_draft},
  };
}

}  // namespace concord::identity
