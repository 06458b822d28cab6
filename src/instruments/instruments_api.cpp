#include "instruments/instruments_api.h"

#include <fmt/format.h>

#include <algorithm>

#include "db/database.h"
#include "instruments/instruments_store.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::instruments {
namespace {

std::string language_of(const http::Call& call) {
  const auto asked = call.request.parameter("language");
  return std::string(asked ? *asked : std::string_view(call.caller.language));
}

/// A permission counts from its first day; the day is UTC's here, which can only be hours early or late.
Date today(const http::Call& call) { return Date(std::chrono::floor<std::chrono::days>(call.now)); }

/// The caller's sites at which the instrument may be started.
std::vector<SiteId> usable_sites(const Instrument& in, const Caller& caller, const std::vector<PermissionRecord>& records,
                                 Date day) {
  std::vector<SiteId> sites;
  for (const auto& site : caller.sites) {
    const bool permitted =
        in.permission == Permission::free || std::any_of(records.begin(), records.end(), [&](const PermissionRecord& r) {
          return r.site == site && r.instrument == in.id && r.valid_from <= day;
        });
    if (permitted) sites.push_back(site);
  }
  return sites;
}

void write_sites(json::Writer& w, const std::vector<SiteId>& sites) {
  w.key("usable_at").array();
  for (const auto& site : sites) w.value(site);
  w.end();
}

http::Handler list(const Library& library) {
  return [&library](const http::Call& call) -> Result<http::Work> {
    return [&library, caller = call.caller, language = language_of(call), day = today(call)](db::Tx& tx) -> Result<http::Reply> {
      const auto records = list_permissions(tx, caller.organization);
      http::Reply reply;
      json::Writer w(reply.body);
      w.object().key("items").array();
      int rows = 0;
      for (const auto* in : library.all()) {
        const auto sites = usable_sites(*in, caller, records, day);
        const bool spanish = language == "es" && !in->title_es.empty();
        w.object().field("id", in->id).field("title", spanish ? in->title_es : in->title).field("short_title", in->short_title);
        w.field("measures", in->measures).field("permission", name(in->permission)).field("entry", name(in->entry));
        w.field("may_start", !sites.empty());
        write_sites(w, sites);
        w.key("informants").array();
        for (const auto& informant : in->informants) w.value(informant);
        w.end().key("languages").array();
        for (const auto& l : in->languages) w.value(l);
        w.end().end();
        ++rows;
      }
      w.end().end();
      reply.audit_detail = fmt::format("rows={}", rows);
      return reply;
    };
  };
}

Result<const Instrument*> instrument_of(const Library& library, const http::Call& call) {
  const auto found = library.lookup(call.path_parameter("instrument"));
  if (!found) return tl::unexpected<Error>(found.error());
  return found->instrument;
}

http::Handler read(const Library& library) {
  return [&library](const http::Call& call) -> Result<http::Work> {
    CONCORD_TRY(const Instrument* in, instrument_of(library, call));
    return [in, caller = call.caller, language = language_of(call), day = today(call)](db::Tx& tx) -> Result<http::Reply> {
      const auto sites = usable_sites(*in, caller, list_permissions(tx, caller.organization), day);
      http::Reply reply;
      json::Writer w(reply.body);
      w.object().key("instrument");
      write_instrument(w, *in, language);
      w.field("may_start", !sites.empty());
      write_sites(w, sites);
      w.end();
      reply.audit_detail = "instrument=" + in->id;
      return reply;
    };
  };
}

http::Handler permit(const Library& library) {
  return [&library](const http::Call& call) -> Result<http::Work> {
    CONCORD_TRY(const Instrument* in, instrument_of(library, call));
    CONCORD_TRY(auto document, json::Document::parse(call.request.body));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    PermissionRecord record;
    record.instrument = in->id;
    record.site = body.required("site_id").id<SiteId>().value_or(SiteId());
    record.valid_from = body.required("valid_from").date().value_or(Date());
    record.permitted_by = body.required("permitted_by").string(2, 200).value_or("");
    record.reference = body.required("reference").string(2, 400).value_or("");
    record.recorded_by = call.caller.user;
    record.recorded_at = call.now;
    body.only({"site_id", "valid_from", "permitted_by", "reference"});
    if (!issues.empty()) return issues.error();
    if (in->permission == Permission::free)
      return fail(ErrorCode::invalid, in->short_title + " needs no permission.", {{"instrument", "is free to use"}});
    if (!call.caller.may_use(record.site)) return fail(ErrorCode::not_found, "There is no such site, or it is not yours.");
    return [organization = call.caller.organization, record](db::Tx& tx) -> Result<http::Reply> {
      CONCORD_TRY_VOID(record_permission(tx, organization, record));
      http::Reply reply;
      reply.status = 201;
      json::Writer w(reply.body);
      w.object().field("instrument", record.instrument).field("site_id", record.site).field("valid_from", record.valid_from);
      w.field("permitted_by", record.permitted_by)
          .field("reference", record.reference)
          .field("recorded_at", record.recorded_at)
          .end();
      reply.audit_object = record.site.uuid;
      reply.audit_detail = "instrument=" + record.instrument;
      return reply;
    };
  };
}

}  // namespace

std::vector<http::Route> routes(const Library& library) {
  http::Route all;
  all.method = http::Method::get;
  all.pattern = "/api/v1/instruments";
  all.name = "instruments.list";
  all.permission = "instruments.read";
  all.summary = "Every instrument, and at which of your sites it may be started";
  all.query_parameters = {{"language", "en or es; yours when left out"}};
  all.response_schema =
      R"({"type":"object","required":["items"],"properties":{"items":{"type":"array","items":{"type":"object","required":["id","title","short_title","measures","permission","entry","may_start","usable_at","informants","languages"],"properties":{"id":{"type":"string"},"title":{"type":"string"},"short_title":{"type":"string"},"measures":{"type":"string"},"permission":{"enum":["free","opt_in"]},"entry":{"enum":["items","items_by_number","total"]},"may_start":{"type":"boolean"},"usable_at":{"type":"array","items":{"type":"string","format":"uuid"}},"informants":{"type":"array","items":{"type":"string"}},"languages":{"type":"array","items":{"type":"string"}}}}}}})";
  all.handler = list(library);

  http::Route one;
  one.method = http::Method::get;
  one.pattern = "/api/v1/instruments/{instrument}";
  one.name = "instruments.get";
  one.permission = "instruments.read";
  one.summary = "One instrument with its questions, answers and numbers, for a form";
  one.query_parameters = {{"language", "en or es; yours when left out"}};
  one.response_schema = R"({"type":"object","required":["instrument","may_start","usable_at"],"properties":{"instrument":{"type":"object","required":["id","version","title","short_title","language","instructions","stem","entry","total_only","items","informants","permission"],"properties":{"id":{"type":"string"},"version":{"type":"string"},"title":{"type":"string"},"short_title":{"type":"string"},"measures":{"type":"string"},"language":{"type":"string"},"languages":{"type":"array","items":{"type":"string"}},"instructions":{"type":"string"},"stem":{"type":"string"},"entry":{"type":"string"},"total_only":{"type":"boolean"},"items":{"type":"array","items":{"type":"object","required":["id","number","text","scored","optional","safety","options","skip_when"],"properties":{"id":{"type":"string"},"number":{"type":"string"},"text":{"type":"string"},"lead_in":{"type":"string"},"scored":{"type":"boolean"},"optional":{"type":"boolean"},"safety":{"type":"boolean"},"options":{"type":"array","items":{"type":"object","required":["value","label"],"properties":{"value":{"type":"number"},"label":{"type":"string"}}}},"skip_when":{"type":"array","items":{"type":"array","items":{"type":"object","required":["item","equals"],"properties":{"item":{"type":"string"},"equals":{"type":"number"}}}}}}}},"total_min":{"type":["number","null"]},"total_max":{"type":["number","null"]},"decimals":{"type":"integer"},"higher_is_worse":{"type":"boolean"},"levels":{"type":"array","items":{"type":"string"}},"bands":{"type":"array","items":{"type":"object","properties":{"label":{"type":"string"},"from":{"type":"number"},"to":{"type":"number"}}}},"subscales":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"},"min":{"type":"number"},"max":{"type":"number"},"positive_at":{"type":["number","null"]}}}},"thresholds":{"type":"object"},"thresholds_by_informant":{"type":"object"},"informants":{"type":"array","items":{"type":"string"}},"permission":{"enum":["free","opt_in"]},"licence":{"type":"object","properties":{"holder":{"type":"string"},"notice":{"type":"string"},"terms":{"type":"string"}}},"notes":{"type":"array","items":{"type":"string"}}}},"may_start":{"type":"boolean"},"usable_at":{"type":"array","items":{"type":"string","format":"uuid"}}}})";
  one.handler = read(library);

  http::Route grant;
  grant.method = http::Method::post;
  grant.pattern = "/api/v1/instruments/{instrument}/permissions";
  grant.name = "instruments.permit";
  grant.permission = "instruments.permit";
  grant.summary = "Record that a site has its owner's permission to use an instrument";
  grant.run_as = http::RunAs::write;
  grant.creates = true;
  grant.request_schema =
      R"({"type":"object","additionalProperties":false,"required":["site_id","valid_from","permitted_by","reference"],"properties":{"site_id":{"type":"string","format":"uuid"},"valid_from":{"type":"string","format":"date"},"permitted_by":{"type":"string","minLength":2,"maxLength":200},"reference":{"type":"string","minLength":2,"maxLength":400}}})";
  grant.response_schema =
      R"({"type":"object","required":["instrument","site_id","valid_from","permitted_by","reference","recorded_at"],"properties":{"instrument":{"type":"string"},"site_id":{"type":"string","format":"uuid"},"valid_from":{"type":"string","format":"date"},"permitted_by":{"type":"string"},"reference":{"type":"string"},"recorded_at":{"type":"string","format":"date-time"}}})";
  grant.handler = permit(library);

  return {all, one, grant};
}

}  // namespace concord::instruments
