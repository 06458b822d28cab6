#include "calendar/calendar_api.h"

#include <charconv>
#include <memory>

#include "base/zone.h"
#include "calendar/calendar_store.h"
#include "http/replies.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::calendar {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

constexpr std::size_t kMostSpecialDays = 400;
constexpr int kDaysAhead = 365;

void write_rules(json::Writer& w, const Calendar& calendar) {
  w.key("week").array();
  for (const auto& hours : calendar.week) {
    if (!hours) w.null();
    else w.object().field("opens", clock_text(hours->opens_minute)).field("closes", clock_text(hours->closes_minute)).end();
  }
  w.end().field("holidays", name(calendar.holidays)).key("special_days").array();
  for (const auto& day : calendar.special_days) {
    std::optional<std::string> opens, closes;
    if (day.opening) opens = clock_text(day.opening->opens_minute), closes = clock_text(day.opening->closes_minute);
    w.object().field("date", day.date).field("name", day.name).field("opens", opens).field("closes", closes).end();
  }
  w.end();
}

void write_author(json::Writer& w, const Deps& deps, db::Tx& tx, OrganizationId organization, const Version& v) {
  w.key("changed_by");
  if (!v.changed_by) w.null();
  else w.object().field("id", *v.changed_by).field("name", deps.user_name(tx, organization, *v.changed_by).value_or("")).end();
  w.field("changed_at", v.changed_at).field("reason", v.reason).field("version", v.version);
}

std::string to_json(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site, const Version& v, Date today) {
  std::string out;
  json::Writer w(out);
  w.object().field("site_id", site).field("time_zone", deps.time_zone(organization, site));
  write_rules(w, v.calendar);
  w.key("next_closed").array();
  for (int i = 0; i < kDaysAhead; ++i) {
    const Date day = today.plus_days(i);
    if (const auto why = holiday_name(v.calendar, day)) w.object().field("date", day).field("name", *why).end();
  }
  w.end();
  write_author(w, deps, tx, organization, v);
  w.end();
  return out;
}

Result<SiteId> site_of(const Call& call) {
  CONCORD_TRY(const auto site, call.path_id<SiteId>("site_id"));
  if (!call.caller.may_use(site)) return http::not_found();
  return site;
}

Reply answer(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site, const Version& v, Instant now) {
  const Date today = local_date(now, deps.time_zone(organization, site));
  Reply reply = http::json_reply(200, to_json(deps, tx, organization, site, v, today));
  reply.version = v.version;
  reply.audit_object = site.uuid;
  return reply;
}

Result<Work> read_calendar(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  return Work([deps, site, organization = call.caller.organization, now = call.now](db::Tx& tx) -> Result<Reply> {
    return answer(*deps, tx, organization, site, find(tx, organization, site), now);
  });
}

std::optional<int> read_clock(const json::Cursor& at) {
  const auto text = at.string(5, 5);
  if (!text) return std::nullopt;
  const auto minute = minute_from(*text);
  if (!minute) at.issue("must be a time like 08:00, or 24:00 for midnight");
  return minute;
}

std::optional<Opening> read_opening(const json::Cursor& at) {
  const auto opens = read_clock(at.required("opens"));
  const auto closes = read_clock(at.required("closes"));
  if (!opens || !closes) return std::nullopt;
  return Opening{*opens, *closes};
}

Calendar read_rules(const json::Cursor& body) {
  Calendar calendar;
  std::size_t weekday = 0;
  const auto week = body.required("week");
  week.each([&](const json::Cursor& item) {
    if (weekday >= calendar.week.size()) return void(++weekday);
    auto& hours = calendar.week[weekday++];
    hours = std::nullopt;
    if (!item.present()) return;
    item.only({"opens", "closes"});
    hours = read_opening(item);
  });
  if (week.present() && weekday != calendar.week.size()) week.issue("must have seven entries, Sunday first");
  if (const auto word = body.required("holidays").one_of({"none", "us_federal"})) calendar.holidays = *holidays_from(*word);
  if (const auto days = body.optional("special_days"); days.present()) {
    days.each([&](const json::Cursor& item) {
      item.only({"date", "name", "opens", "closes"});
      SpecialDay day;
      const auto date = item.required("date").date();
      const auto words = item.required("name").string(1, 200);
      if (item.optional("opens").present() || item.optional("closes").present()) day.opening = read_opening(item);
      if (!date || !words) return;
      day.date = *date;
      day.name = *words;
      calendar.special_days.push_back(std::move(day));
    });
    if (calendar.special_days.size() > kMostSpecialDays) days.issue("has too many days: at most 400");
  }
  return calendar;
}

Result<Work> change_calendar(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"week", "holidays", "special_days", "reason"});
  Version next;
  next.calendar = read_rules(body);
  next.reason = body.optional("reason").string(0, 500).value_or("");
  if (issues.empty())
    for (const auto& issue : check(next.calendar)) issues.add(issue.path, issue.text);
  if (!issues.empty()) return issues.error();
  put_in_order(next.calendar);
  next.version = version + 1;
  next.changed_by = call.caller.user;
  next.changed_at = call.now;
  return Work([deps, site, next = std::move(next), organization = call.caller.organization, now = call.now,
               request_id = call.request.request_id](db::Tx& tx) -> Result<Reply> {
    if (find(tx, organization, site).version != next.version - 1 || !insert(tx, organization, site, next)) {
      const auto current = find(tx, organization, site);
      const Date today = local_date(now, deps->time_zone(organization, site));
      Reply reply = http::stale_reply(request_id, to_json(*deps, tx, organization, site, current, today));
      reply.audit_object = site.uuid;
      reply.audit_detail = "stale";
      return reply;
    }
    if (deps->calendar_changed) deps->calendar_changed(tx, organization, site);
    Reply reply = answer(*deps, tx, organization, site, next, now);
    reply.audit_detail = "version=" + std::to_string(next.version);
    reply.events.push_back({"caseload", site.uuid});
    return reply;
  });
}

Result<Work> list_calendar_versions(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::int64_t before = 0;
  if (page.after) {
    const char* end = page.after->data() + page.after->size();
    const auto [stop, error] = std::from_chars(page.after->data(), end, before);
    if (error != std::errc() || stop != end || before < 1) return http::wrong_page();
  }
  return Work([deps, site, page, before, organization = call.caller.organization](db::Tx& tx) -> Result<Reply> {
    auto versions = list_versions(tx, organization, site, before, page.limit + 1);
    const bool more = versions.size() > static_cast<std::size_t>(page.limit);
    if (more) versions.pop_back();
    std::string out;
    json::Writer w(out);
    w.object().key("items").array();
    for (const auto& v : versions) {
      w.object();
      write_rules(w, v.calendar);
      write_author(w, *deps, tx, organization, v);
      w.end();
    }
    w.end().key("next");
    if (more) w.value(std::to_string(versions.back().version));
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(out));
    reply.audit_object = site.uuid;
    return reply;
  });
}

std::string rules_schema(std::string_view more, bool closed) {
  std::string out =
      R"({"type":"object","required":["week","holidays"],"properties":{"week":{"type":"array","minItems":7,"maxItems":7,"items":{"type":["object","null"],"required":["opens","closes"],"properties":{"opens":{"type":"string"},"closes":{"type":"string"}}}},"holidays":{"enum":["none","us_federal"]},"special_days":{"type":"array","items":{"type":"object","required":["date","name"],"properties":{"date":{"type":"string","format":"date"},"name":{"type":"string"},"opens":{"type":["string","null"]},"closes":{"type":["string","null"]}}}},"reason":{"type":"string"})";
  out += more;
  out += closed ? R"(},"additionalProperties":false})" : "}}";
  return out;
}

}  // namespace

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string author =
      R"(,"changed_by":{"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}}},"changed_at":{"type":["string","null"],"format":"date-time"},"version":{"type":"integer"})";
  const std::string row = rules_schema(
      R"(,"site_id":{"type":"string","format":"uuid"},"time_zone":{"type":"string"},"next_closed":{"type":"array","items":{"type":"object","required":["date","name"],"properties":{"date":{"type":"string","format":"date"},"name":{"type":"string"}}}})" +
          author,
      false);
  const std::string path = "/api/v1/sites/{site_id}/calendar";
  return {
      {Method::get,
       path,
       "calendar.read",
       "calendar.read",
       "When a site works: hours, holidays, special days",
       RunAs::point,
       false,
       "",
       row,
       {},
       handler(read_calendar)},
      {Method::put,
       path,
       "calendar.change",
       "calendar.write",
       "Changes when a site works; every version is kept",
       RunAs::write,
       false,
       rules_schema("", true),
       row,
       {},
       handler(change_calendar)},
      {Method::get,
       path + "/versions",
       "calendar.versions",
       "calendar.read",
       "Every version of a site's calendar, newest first",
       RunAs::point,
       false,
       "",
       http::list_schema(rules_schema(author, false)),
       {{"limit", "1 to 200"}, {"after", "page key"}},
       handler(list_calendar_versions)},
  };
}

}  // namespace concord::calendar
