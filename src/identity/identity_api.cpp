#include "identity/identity_api.h"

#include <algorithm>

#include "base/zone.h"
#include "identity/identity_store.h"
#include "identity/password.h"
#include "json/cursor.h"

namespace concord::identity {
namespace {

constexpr std::string_view kNothing = "There is no such thing, or it is not yours to see.";

void write_roles(json::Writer& w, const std::vector<RoleAtSite>& roles) {
  w.array();
  for (const auto& held : roles) w.object().field("role", held.role).field("site_id", held.site).end();
  w.end();
}

void write_account(json::Writer& w, const User& user, const std::vector<std::pair<std::string, SessionTimes>>& sessions,
                   const std::vector<std::string>& own_hashes) {
  w.object()
      .field("id", user.id)
      .field("display_name", user.display_name)
      .field("sign_in_name", user.sign_in_name)
      .field("language", user.language)
      .field("version", user.version)
      .key("sessions")
      .array();
  for (const auto& [hash, times] : sessions)
    w.object()
        .field("created_at", times.created_at)
        .field("last_active_at", times.last_active_at)
        .field("current", std::find(own_hashes.begin(), own_hashes.end(), hash) != own_hashes.end())
        .end();
  w.end().end();
}

/// Hashes of the session that the request came with; the cookie's name depends on TLS.
std::vector<std::string> own_sessions(const http::Request& request) {
  std::vector<std::string> hashes;
  for (const auto* name : {"__Host-concord_session", "concord_session"})
    if (const auto token = request.cookie(name); token && !token->empty()) hashes.push_back(token_hash(*token));
  return hashes;
}

Result<http::Reply> account_reply(db::Tx& tx, const Caller& caller, Instant now, const std::vector<std::string>& own_hashes) {
  const auto user = find_user(tx, caller.organization, caller.user);
  if (!user) return fail(ErrorCode::not_found, std::string(kNothing));
  http::Reply reply;
  json::Writer w(reply.body);
  write_account(w, *user, live_sessions(tx, caller.organization, caller.user, now), own_hashes);
  reply.version = user->version;
  reply.audit_object = user->id.uuid;
  return reply;
}

Result<http::Work> read_account(const http::Call& call) {
  return [caller = call.caller, now = call.now, own = own_sessions(call.request)](db::Tx& tx) {
    return account_reply(tx, caller, now, own);
  };
}

Result<http::Work> change_account(const http::Call& call) {
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(auto document, json::Document::parse(call.request.body));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"language", "display_name"});
  const auto language = body.optional("language").one_of({"en", "es"});
  const auto display_name = body.optional("display_name").string(1, 200);
  if (!issues.empty()) return issues.error();
  return [caller = call.caller, now = call.now, own = own_sessions(call.request), version, language,
          display_name](db::Tx& tx) -> Result<http::Reply> {
    auto user = find_user(tx, caller.organization, caller.user);
    if (!user) return fail(ErrorCode::not_found, std::string(kNothing));
    if (language) user->language = *language;
    if (display_name) user->display_name = *display_name;
    if (!update_account(tx, *user, version))
      return fail(ErrorCode::edited_meanwhile, "Your account was changed in another window since you opened it.");
    return account_reply(tx, caller, now, own);
  };
}

Result<http::Work> list_staff(const http::Call& call) {
  const std::string role(call.request.parameter("role").value_or(""));
  return [caller = call.caller, role](db::Tx& tx) -> Result<http::Reply> {
    http::Reply reply;
    json::Writer w(reply.body);
    w.object().key("items").array();
    for (const auto& person : staff(tx, caller.organization, role)) {
      w.object().field("id", person.id).field("display_name", person.display_name).key("roles");
      write_roles(w, person.roles);
      w.end();
    }
    w.end().key("next").null().end();
    return reply;
  };
}

constexpr std::string_view kAccountSchema =
    R"({"type":"object","required":["id","display_name","language","version","sessions"],"properties":{"id":{"type":"string"},"display_name":{"type":"string"},"sign_in_name":{"type":["string","null"]},"language":{"enum":["en","es"]},"version":{"type":"integer"},"sessions":{"type":"array","items":{"type":"object","required":["created_at","last_active_at","current"],"properties":{"created_at":{"type":"string","format":"date-time"},"last_active_at":{"type":"string","format":"date-time"},"current":{"type":"boolean"}}}}}})";

}  // namespace

std::vector<http::Route> routes() {
  http::Route read;
  read.pattern = "/api/v1/account";
  read.name = "account.read";
  read.permission = "account.use";
  read.summary = "Your own name, language and open sessions";
  read.response_schema = kAccountSchema;
  read.handler = read_account;

  http::Route change = read;
  change.method = http::Method::patch;
  change.name = "account.change";
  change.summary = "Change your own name or language";
  change.run_as = http::RunAs::write;
  change.request_schema =
      R"({"type":"object","additionalProperties":false,"properties":{"language":{"enum":["en","es"]},"display_name":{"type":"string","minLength":1,"maxLength":200}}})";
  change.handler = change_account;

  http::Route people;
  people.pattern = "/api/v1/staff";
  people.name = "staff.list";
  people.permission = "staff.read";
  people.summary = "People of the organization with their roles, for choosing somebody";
  people.run_as = http::RunAs::list;
  people.query_parameters = {{"role", "only people with this role"}};
  people.response_schema =
      R"({"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","required":["id","display_name","roles"],"properties":{"id":{"type":"string"},"display_name":{"type":"string"},"roles":{"type":"array","items":{"type":"object","properties":{"role":{"type":"string"},"site_id":{"type":"string"}}}}}}},"next":{"type":["string","null"]}}})";
  people.handler = list_staff;
  return {read, change, people};
}

void write_session(json::Writer& w, const User& user, const Organization& organization, const std::vector<Site>& sites,
                   const SessionTimes& times, Instant now) {
  w.object().key("user").object();
  w.field("id", user.id).field("display_name", user.display_name).field("language", user.language).end();
  w.key("organization").object().field("id", organization.id).field("name", organization.name).end();
  w.key("roles");
  write_roles(w, user.roles);
  w.key("sites").array();
  for (const auto& site : sites)
    w.object()
        .field("id", site.id)
        .field("name", site.name)
        .field("time_zone", site.time_zone)
        .field("phone", site.phone)
        .field("hours", site.hours)
        .end();
  w.end().key("permissions").array();
  for (auto permission : permissions_of(user)) w.value(permission);
  w.end().key("today").object();
  for (const auto& site : sites) w.field(site.id.text(), local_date(now, site.time_zone));
  w.end();
  w.field("idle_timeout_seconds", static_cast<std::int64_t>(std::chrono::seconds(kIdleTimeout).count()));
  w.field("expires_at", expires_at(times)).end();
}

}  // namespace concord::identity
