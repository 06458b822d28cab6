// Changes that explain a chart ("new care manager started"): made, listed, ended, never erased.
#include "base/text.h"
#include "json/cursor.h"
#include "reports/figures_json.h"
#include "reports/report_routes.h"

namespace concord::reports {
namespace {

using patients::Asker;

void write_one(json::Writer& w, const Deps& deps, db::Tx& tx, const Asker& asker, const Annotation& a) {
  std::string site_name;
  if (a.site)
    for (const auto& [id, name] : deps.sites(tx, asker.organization()))
      if (id == *a.site) site_name = name;
  write_annotation(w, a, site_name, deps.chart->user_name(tx, asker.organization(), a.created_by).value_or(""));
}

Reply annotation_reply(const Kept& shared, db::Tx& tx, const Asker& asker, int status, const Annotation& a) {
  std::string body;
  json::Writer w(body);
  write_one(w, shared->deps, tx, asker, a);
  Reply reply = http::json_reply(status, std::move(body));
  reply.version = a.version;
  reply.audit_object = a.id.uuid;
  return reply;
}

bool may_see(const Annotation& a, const Caller& caller) { return !a.site || caller.may_use(*a.site); }

}  // namespace

Result<Work> list_annotations(const Kept& shared, const Call& call) {
  const auto day = [&](const char* name, Date otherwise) -> Result<Date> {
    const auto text = call.request.parameter(name);
    if (!text || text->empty()) return otherwise;
    const auto parsed = Date::parse(*text);
    if (!parsed) return http::wrong_question(name, "must be a day such as 2026-03-01");
    return *parsed;
  };
  CONCORD_TRY(const auto from, day("from", Date::ymd(1900, 1, 1)));
  CONCORD_TRY(const auto to, day("to", Date::ymd(2199, 12, 31)));
  return Work([shared, asker = Asker(call), from, to](db::Tx& tx) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& a : annotations(tx, asker.organization(), from, to))
      if (may_see(a, asker.caller)) write_one(w, shared->deps, tx, asker, a);
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> create_annotation(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "text", "site_id", "figure"});
  Annotation a;
  a.on = body.required("date").date().value_or(Date());
  a.words = std::string(trim(body.required("text").string(1, kMostWords).value_or("")));
  if (issues.empty() && a.words.empty()) body.required("text").issue("must not be empty");
  a.site = body.optional("site_id").id<SiteId>();
  a.figure = body.optional("figure").string(1, 60);
  if (a.figure && !measures::find_figure(*a.figure)) body.optional("figure").issue("is no figure");
  if (a.site && !call.caller.may_use(*a.site)) body.optional("site_id").issue("is none of your sites");
  if (!issues.empty()) return issues.error();
  a.id = AnnotationId(shared->deps.chart->ids->next());
  a.created_by = call.caller.user;
  a.created_at = call.now;
  return Work([shared, asker = Asker(call), a](db::Tx& tx) -> Result<Reply> {
    insert(tx, asker.organization(), a);
    Reply reply = annotation_reply(shared, tx, asker, 201, a);
    reply.location = "/api/v1/reports/annotations/" + a.id.text();
    return reply;
  });
}

Result<Work> end_annotation(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<AnnotationId>("annotation_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  const auto reason = std::string(trim(body.required("reason").string(1, kMostWords).value_or("")));
  if (issues.empty() && reason.empty()) body.required("reason").issue("must not be empty");
  if (!issues.empty()) return issues.error();
  return Work([shared, asker = Asker(call), id, version, reason](db::Tx& tx) -> Result<Reply> {
    auto found = find(tx, asker.organization(), id);
    if (!found || !may_see(*found, asker.caller)) return http::not_found();
    if (found->version != version) {
      std::string now;
      json::Writer w(now);
      write_one(w, shared->deps, tx, asker, *found);
      Reply reply = http::stale_reply(asker.request_id, now);
      reply.audit_object = id.uuid;
      reply.audit_detail = "stale";
      return reply;
    }
    if (found->ended_at) return fail(ErrorCode::conflict, "This annotation has ended already.");
    found->ended_at = asker.now;
    found->ended_by = asker.caller.user;
    found->end_reason = reason;
    if (!end(tx, asker.organization(), *found, version))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed this. Load it again.");
    found->version = version + 1;
    return annotation_reply(shared, tx, asker, 200, *found);
  });
}

}  // namespace concord::reports
