#include "measures/site_months_api.h"

#include <charconv>

#include "http/replies.h"
#include "http/route_list.h"
#include "json/cursor.h"
#include "measures/nys.h"
#include "measures/site_months_store.h"

namespace concord::measures {
namespace {

using http::Call;
using http::Method;
using http::Reply;
using http::RunAs;
using http::Work;

constexpr double kMostFte = 200;  // care managers at one site: a slip of the finger above it
constexpr int kFirstYear = 2000, kLastYear = 2100;

/// These routes were lent nothing.
struct Nothing {};

void write(json::Writer& w, const SiteMonth& m) {
  w.object().field("month", m.month.iso().substr(0, 7)).field("fte", m.fte).field("recorded_at", m.recorded_at).end();
}

Result<Work> read_year(const Nothing&, const Call& call) {
  CONCORD_TRY(const auto site, call.path_id<SiteId>("site_id"));
  if (!call.caller.may_use(site)) return http::not_found();
  const auto text = call.request.parameter("year").value_or("");
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (error != std::errc() || end != text.data() + text.size() || year < kFirstYear || year > kLastYear)
    return fail(ErrorCode::invalid, "The year cannot be read.", {{"year", "must be a year like 2026"}});
  return Work([organization = call.caller.organization, site, year](db::Tx& tx) -> Result<Reply> {
    std::string out;
    json::Writer w(out);
    w.object().field("year", year).key("items").array();
    for (const auto& month : site_months(tx, organization, site, Date::ymd(year, 1, 1), Date::ymd(year, 12, 31))) write(w, month);
    w.end().end();
    Reply reply = http::json_reply(200, std::move(out));
    reply.audit_object = site.uuid;
    return reply;
  });
}

Result<Work> attest_month(const Nothing&, const Call& call) {
  CONCORD_TRY(const auto site, call.path_id<SiteId>("site_id"));
  if (!call.caller.may_use(site)) return http::not_found();
  const auto month = ReportMonth::parse(call.path_parameter("month"));
  if (!month) return fail(ErrorCode::invalid, "The month cannot be read.", {{"month", "must be a month like 2026-03"}});
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"fte", "instead_of"});
  const auto fte = body.required("fte").real(0, kMostFte);
  const auto instead_of = body.optional("instead_of").real(0, kMostFte);
  if (!issues.empty()) return issues.error();
  return Work([organization = call.caller.organization, site, first = month->first, fte = *fte, instead_of,
               now = call.now](db::Tx& tx) -> Result<Reply> {
    const auto there = site_months(tx, organization, site, first, first);
    const auto said = there.empty() ? std::nullopt : std::optional(there.front().fte);
    if (said != instead_of && said != fte)  // the same once more, after a lost answer, is no conflict
      return fail(ErrorCode::conflict, "Somebody else has attested this month meanwhile.",
                  {{"instead_of", "is not what the month says now: read it again"}});
    const SiteMonth attested = said == fte ? there.front() : SiteMonth{site, first, fte, now};
    if (said != fte) attest(tx, organization, attested, now);
    std::string out;
    json::Writer w(out);
    write(w, attested);
    Reply reply = http::json_reply(200, std::move(out));
    reply.audit_object = site.uuid;
    reply.audit_detail = "month=" + first.iso().substr(0, 7);
    return reply;
  });
}

}  // namespace

std::vector<http::Route> site_month_routes() {
  http::RouteList<Nothing> all({});
  const auto month = http::schema({{"month", "text!"}, {"fte", "number!"}, {"recorded_at", "instant?!"}});
  auto& read = all.add(Method::get, "/api/v1/sites/{site_id}/care-manager-time", "site_months.list", "reports.read",
                       "Care-manager time (FTE) that a site attested, by month", RunAs::point, "",
                       http::schema({{"year", "integer!"}, {"items", "[]" + month + "!"}}), read_year);
  read.query_parameters = {{"year", "A year like 2026"}};
  all.add(Method::put, "/api/v1/sites/{site_id}/care-manager-time/{month}", "site_months.attest", "reports.settings",
          "Attests the care-manager time of a month; `instead_of` is what it said before", RunAs::write,
          http::schema({{"fte", "number!"}, {"instead_of", "number?"}}, true), month, attest_month);
  return all.take();
}

}  // namespace concord::measures
