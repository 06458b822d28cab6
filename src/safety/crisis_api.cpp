// Routes of "Get help now": what patients see, and what a site says for itself.
#include "json/cursor.h"
#include "safety/crisis_store.h"
#include "safety/on_call_store.h"
#include "safety/safety_api.h"

namespace concord::safety {

CrisisHelp crisis_help(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site, std::string_view language,
                       Instant now) {
  return help_for(*deps.crisis, find_site_crisis(tx, organization, site), find_settings(tx, organization, site),
                  deps.clinic ? deps.clinic(tx, organization, site) : ClinicLine{},
                  calendar::is_open(calendar_at(deps, tx, organization, site), now), language);
}

namespace internal {
namespace {

using http::Call;
using http::Reply;
using http::Work;

Result<SiteId> site_of(const Call& call) {
  CONCORD_TRY(const auto site, call.path_id<SiteId>("site_id"));
  if (!call.caller.may_use(site)) return http::not_found();
  return site;
}

std::string to_json(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site, const SiteCrisis& crisis,
                    Instant now) {
  const auto clinic = deps.clinic ? deps.clinic(tx, organization, site) : ClinicLine{};
  std::string body;
  json::Writer w(body);
  w.object().field("site_id", site);
  write_members(w, crisis);
  w.field("version", crisis.version).key("clinic").object();
  w.field("name", clinic.name).field("phone", clinic.phone).field("hours", clinic.hours).end().key("missing").array();
  for (const auto& what : missing(crisis, clinic)) w.value(what);
  w.end().key("help").object();
  for (const char* language : {"en", "es"}) {
    w.key(language);
    write(w, crisis_help(deps, tx, organization, site, language, now));
  }
  w.end().end();
  return body;
}

Result<Work> show(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  return Work([deps, asker = Asker(call), site](db::Tx& tx) -> Result<Reply> {
    const auto crisis = find_site_crisis(tx, asker.organization(), site);
    Reply reply = http::json_reply(200, to_json(*deps, tx, asker.organization(), site, crisis, asker.now));
    reply.version = crisis.version;
    reply.audit_object = site.uuid;
    return reply;
  });
}

Result<Work> change(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(auto document, http::read_json(call.request));
  const auto given = std::make_shared<const json::Document>(std::move(document));
  json::Issues wrong;
  read_site_crisis(json::Cursor(given->root(), wrong), {});
  if (!wrong.empty()) return wrong.error();
  return Work([deps, asker = Asker(call), site, version, given](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    auto crisis = find_site_crisis(tx, organization, site);
    if (crisis.version != version)
      return http::stale_reply(asker.request_id, to_json(*deps, tx, organization, site, crisis, asker.now));
    json::Issues issues;
    crisis = read_site_crisis(json::Cursor(given->root(), issues), std::move(crisis));
    if (!save(tx, organization, site, crisis, asker.caller.user, asker.now))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed this since you opened it.");
    ++crisis.version;
    Reply reply = http::json_reply(200, to_json(*deps, tx, organization, site, crisis, asker.now));
    reply.version = crisis.version;
    reply.audit_object = site.uuid;
    return reply;
  });
}

/// What a patient or a trusted person sees. Nothing of the record is in it.
Result<Work> show_to_patient(const Kept& deps, const Call& call) {
  if (call.caller.sites.empty()) return http::not_found();
  std::string language = call.caller.language;
  if (const auto given = call.request.parameter("language")) language = std::string(*given);
  if (language != "en" && language != "es")
    return fail(ErrorCode::invalid, "The language is wrong.", {{"language", "must be en or es"}});
  return Work([deps, asker = Asker(call), language](db::Tx& tx) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    write(w, crisis_help(*deps, tx, asker.organization(), asker.caller.sites.front(), language, asker.now));
    return http::json_reply(200, std::move(body));
  });
}

}  // namespace

std::vector<http::Route> crisis_routes(const Kept& deps) {
  using Answer = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Answer step) -> http::Handler {
    return [deps, step](const Call& call) { return step(deps, call); };
  };
  using http::Method;
  using http::RunAs;
  const auto list_of = [](const std::string& item) { return R"({"type":"array","items":)" + item + "}"; };
  const std::string both = http::schema({{"en", "text!"}, {"es", "text!"}}, true);
  const std::string both_or_null = R"({"anyOf":[)" + both + R"(,{"type":"null"}]})";
  const std::string line = http::schema({{"id", "988|911|clinic|site|veterans!"},
                                         {"label", "text!"},
                                         {"number", "text!"},
                                         {"call", "text?!"},
                                         {"text_to", "text?!"},
                                         {"chat", "text?!"},
                                         {"text", "text!"},
                                         {"hours", "text?!"}});
  const std::string help = http::schema({{"language", "en|es!"},
                                         {"title", "text!"},
                                         {"intro", "text!"},
                                         {"when_heading", "text!"},
                                         {"when", "[]text!"},
                                         {"lines", list_of(line) + "!"},
                                         {"read_when", "text!"},
                                         {"not_watched", "text!"},
                                         {"outside_text", "text?!"}});
  const std::string own_line = http::schema(
      {{"label", both + "!"}, {"number", "text!"}, {"sms", "text?"}, {"text", both_or_null}, {"hours", both_or_null}}, true);
  const std::string clinic = http::schema({{"name", "text!"}, {"phone", "text?!"}, {"hours", "text?!"}});
  const std::string whole = http::schema({{"site_id", "id!"},
                                          {"lines", list_of(own_line) + "!"},
                                          {"read_when", both_or_null + "!"},
                                          {"clinic_hours", both_or_null + "!"},
                                          {"version", "integer!"},
                                          {"clinic", clinic + "!"},
                                          {"missing", "[]text!"},
                                          {"help", http::schema({{"en", help + "!"}, {"es", help + "!"}}) + "!"}});
  const std::string own =
      http::schema({{"lines", list_of(own_line)}, {"read_when", both_or_null}, {"clinic_hours", both_or_null}}, true);
  std::vector<http::Route> routes = {
      {Method::get,
       "/api/v1/sites/{site_id}/crisis",
       "crisis.show",
       "content.read",
       "The help lines that patients of the site see, what the site says itself, and what is missing",
       RunAs::point,
       false,
       "",
       whole,
       {},
       handler(show)},
      {Method::patch,
       "/api/v1/sites/{site_id}/crisis",
       "crisis.change",
       "crisis.write",
       "The site's own help lines, hours and when answers are read, in both languages",
       RunAs::write,
       false,
       own,
       whole,
       {},
       handler(change)},
      {Method::get,
       "/api/v1/portal/help",
       "portal.help",
       "portal.use",
       "Get help now",
       RunAs::point,
       false,
       "",
       help,
       {{"language", "en or es; the reader's own when left out"}},
       handler(show_to_patient)},
  };
  routes.back().audience = http::Audience::portal;
  return routes;
}

}  // namespace internal
}  // namespace concord::safety
