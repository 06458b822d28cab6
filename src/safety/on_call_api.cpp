// Routes of the rota: who is on duty, its lines, and what the site says outside its hours.
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "json/cursor.h"
#include "patients/shapes.h"
#include "safety/on_call_store.h"
#include "safety/safety_api.h"

namespace concord::safety::internal {
namespace {

using http::Call;
using http::Reply;
using http::Work;

constexpr int kGapDays = 14;

std::string clock_text(int minute) { return calendar::clock_text(minute); }

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const Shift& s) {
  w.object().field("id", s.id).field("site_id", s.site).field("rung", s.rung).key("user");
  chart.write_user(w, tx, caller, s.user);
  w.field("place", s.place).field("from_date", s.from).field("to_date", s.to).key("weekdays").array();
  for (int day = 0; day < 7; ++day)
    if ((s.weekdays >> day & 1) != 0) w.value(day + 1);
  w.end().field("starts", clock_text(s.starts_minute)).field("ends", clock_text(s.ends_minute)).end();
}

void write(const Deps& deps, json::Writer& w, const OnCallSettings& s) {
  w.object()
      .field("escalate_after_minutes", s.escalate_after_minutes.value_or(deps.escalate_after_minutes))
      .key("outside_text")
      .object()
      .field("en", s.outside_text_en)
      .field("es", s.outside_text_es)
      .end()
      .key("numbers")
      .array();
  for (const auto& n : s.numbers) w.object().field("label", n.label).field("number", n.number).end();
  w.end().field("version", s.version).end();
}

Result<SiteId> site_of(const Call& call) {
  CONCORD_TRY(const auto site, call.path_id<SiteId>("site_id"));
  if (!call.caller.may_use(site)) return http::not_found();
  return site;
}

Result<Work> show(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  Instant at = call.now;
  if (const auto given = call.request.parameter("at")) {
    const auto parsed = parse_instant(*given);
    if (!parsed) return fail(ErrorCode::invalid, "The time is wrong.", {{"at", "must be like 2026-03-01T22:40:00Z"}});
    at = *parsed;
  }
  return Work([deps, asker = Asker(call), site, at](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    const auto organization = asker.organization();
    const auto calendar = calendar_at(*deps, tx, organization, site);
    const auto earlier = std::min(at, asker.now);
    const auto shifts = list_shifts(tx, organization, site, local_date(earlier, calendar.zone));
    std::string body;
    json::Writer w(body);
    w.object().field("site_id", site).field("at", at).field("in_hours", calendar::is_open(calendar, at)).key("on_duty").array();
    for (const auto& person : ladder(shifts, calendar, {}, at)) {
      w.object().field("rung", person.rung).key("user");
      chart.write_user(w, tx, asker.caller, person.user);
      w.key("channels").array();
      for (const auto channel : channels_to(*deps, tx, organization, person.user)) w.value(messaging::name(channel));
      w.end().end();
    }
    w.end().key("shifts").array();
    for (const auto& s : shifts) write(chart, w, tx, asker.caller, s);
    w.end().key("gaps").array();
    for (const auto& gap : gaps(shifts, calendar, asker.now, kGapDays))
      w.object().field("from", gap.from).field("until", gap.until).end();
    w.end().key("settings");
    const auto settings = find_settings(tx, organization, site);
    write(*deps, w, settings);
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.version = settings.version;
    reply.audit_object = site.uuid;
    return reply;
  });
}

std::optional<int> read_minute(const json::Cursor& cursor) {
  const auto text = cursor.string(1, 5);
  if (!text) return std::nullopt;
  const auto minute = calendar::minute_from(*text);
  if (!minute || *minute > 1439) {
    cursor.issue("must be a time like 17:00");
    return std::nullopt;
  }
  return minute;
}

Result<Work> add_shift(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"rung", "user_id", "place", "from_date", "to_date", "weekdays", "starts", "ends"});
  Shift s;
  s.site = site;
  s.rung = body.required("rung").one_of({"care_manager", "on_call", "consultant"}).value_or("");
  s.user = body.required("user_id").id<UserId>().value_or(UserId());
  s.place = static_cast<int>(body.optional("place").integer(1, 99).value_or(1));
  s.from = body.required("from_date").date().value_or(Date());
  s.to = body.optional("to_date").date();
  if (const auto days = body.optional("weekdays"); days.present()) {
    s.weekdays = 0;
    days.each([&](const json::Cursor& day) {
      if (const auto number = day.integer(1, 7)) s.weekdays |= 1 << (*number - 1);
    });
  }
  s.starts_minute = read_minute(body.required("starts")).value_or(0);
  s.ends_minute = read_minute(body.required("ends")).value_or(0);
  if (!issues.empty()) return issues.error();
  CONCORD_TRY_VOID(patients::refuse_if_any(check(s)));
  return Work([deps, asker = Asker(call), given = s](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    Shift shift = given;
    std::vector<Issue> wrong;
    // Nobody of the organization, and nobody who could take an event over here, answer alike.
    if (!deps->works_at || !deps->works_at(tx, asker.organization(), shift.site, shift.user))
      wrong.push_back({"user_id", "must be a clinician of this site"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    shift.id = ShiftId(chart.ids->next());
    shift.made_by = asker.caller.user;
    shift.made_at = asker.now;
    insert(tx, asker.organization(), shift);
    std::string out;
    json::Writer w(out);
    write(chart, w, tx, asker.caller, shift);
    Reply reply = http::json_reply(201, std::move(out));
    reply.location = "/api/v1/sites/" + shift.site.text() + "/on-call";
    reply.audit_object = shift.id.uuid;
    reply.events = {{"on_call", shift.site.uuid}};
    return reply;
  });
}

Result<Work> take_off(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ShiftId>("shift_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    const auto shift = find_shift(tx, asker.organization(), id);
    if (!shift || !asker.caller.may_use(shift->site)) return http::not_found();
    if (!remove_shift(tx, asker.organization(), *shift, asker.caller.user, asker.now))
      return fail(ErrorCode::conflict, "It was taken off the rota already.");
    std::string out;
    json::Writer w(out);
    write(*deps->chart, w, tx, asker.caller, *shift);
    Reply reply = http::json_reply(200, std::move(out));
    reply.audit_object = id.uuid;
    reply.events = {{"on_call", shift->site.uuid}};
    return reply;
  });
}

Result<Work> change_settings(const std::shared_ptr<const Deps>& deps, const Call& call) {
  CONCORD_TRY(const auto site, site_of(call));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"escalate_after_minutes", "outside_text", "numbers"});
  const auto minutes = body.optional("escalate_after_minutes").integer(1, 240);
  std::optional<std::string> en, es;
  if (const auto text = body.optional("outside_text"); text.present()) {
    text.only({"en", "es"});
    en = text.optional("en").string(0, 1000);
    es = text.optional("es").string(0, 1000);
  }
  std::optional<std::vector<Number>> numbers;
  if (const auto list = body.optional("numbers"); list.present()) {
    numbers.emplace();
    list.each([&](const json::Cursor& item) {
      item.only({"label", "number"});
      Number n{item.required("label").string(1, 100).value_or(""), item.required("number").string(1, 40).value_or("")};
      if (numbers->size() < 10) numbers->push_back(std::move(n));
      else item.issue("is one too many: at most 10");
    });
  }
  if (!issues.empty()) return issues.error();
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    auto settings = find_settings(tx, asker.organization(), site);
    const auto to_json = [&](const OnCallSettings& s) {
      std::string out;
      json::Writer w(out);
      write(*deps, w, s);
      return out;
    };
    if (settings.version != version) return http::stale_reply(asker.request_id, to_json(settings));
    if (minutes) settings.escalate_after_minutes = static_cast<int>(*minutes);
    if (en) settings.outside_text_en = trim(*en).empty() ? std::nullopt : std::optional(std::string(trim(*en)));
    if (es) settings.outside_text_es = trim(*es).empty() ? std::nullopt : std::optional(std::string(trim(*es)));
    if (numbers) settings.numbers = *numbers;
    if (!save_settings(tx, asker.organization(), site, settings))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed this since you opened it.");
    ++settings.version;
    Reply reply = http::json_reply(200, to_json(settings));
    reply.version = settings.version;
    reply.audit_object = site.uuid;
    reply.events = {{"on_call", site.uuid}};
    return reply;
  });
}

}  // namespace

std::vector<http::Route> on_call_routes(const std::shared_ptr<const Deps>& deps) {
  using Answer = Result<Work> (*)(const std::shared_ptr<const Deps>&, const Call&);
  const auto handler = [deps](Answer step) -> http::Handler {
    return [deps, step](const Call& call) { return step(deps, call); };
  };
  using http::Method;
  using http::RunAs;
  const std::string person = patients::user_schema() + "!";
  const std::string number = http::schema({{"label", "text!"}, {"number", "text!"}}, true);
  const std::string numbers = R"({"type":"array","items":)" + number + "}";
  const std::string shift = http::schema({{"id", "id!"},
                                          {"site_id", "id!"},
                                          {"rung", "care_manager|on_call|consultant!"},
                                          {"user", person},
                                          {"place", "integer!"},
                                          {"from_date", "date!"},
                                          {"to_date", "date?!"},
                                          {"weekdays", "[]integer!"},
                                          {"starts", "text!"},
                                          {"ends", "text!"}});
  const std::string settings = http::schema({{"escalate_after_minutes", "integer!"},
                                             {"outside_text", http::schema({{"en", "text?!"}, {"es", "text?!"}}) + "!"},
                                             {"numbers", numbers + "!"},
                                             {"version", "integer!"}});
  const std::string on_duty = http::schema({{"rung", "text!"}, {"user", person}, {"channels", "[]text!"}});
  const std::string gap = http::schema({{"from", "instant!"}, {"until", "instant!"}});
  const std::string whole = http::schema({{"site_id", "id!"},
                                          {"at", "instant!"},
                                          {"in_hours", "boolean!"},
                                          {"on_duty", R"({"type":"array","items":)" + on_duty + "}!"},
                                          {"shifts", R"({"type":"array","items":)" + shift + "}!"},
                                          {"gaps", R"({"type":"array","items":)" + gap + "}!"},
                                          {"settings", settings + "!"}});
  const std::string base = "/api/v1/sites/{site_id}/on-call";
  return {
      {Method::get,
       base,
       "oncall.show",
       "oncall.read",
       "Who answers a safety signal at a time, the rota, its gaps, and what is said outside the hours",
       RunAs::point,
       false,
       "",
       whole,
       {{"at", "an instant; now when left out"}},
       handler(show)},
      {Method::post,
       base + "/shifts",
       "oncall.add",
       "oncall.write",
       "Put somebody on the rota",
       RunAs::write,
       true,
       http::schema({{"rung", "care_manager|on_call|consultant!"},
                     {"user_id", "id!"},
                     {"place", "integer"},
                     {"from_date", "date!"},
                     {"to_date", "date"},
                     {"weekdays", "[]integer"},
                     {"starts", "text!"},
                     {"ends", "text!"}},
                    true),
       shift,
       {},
       handler(add_shift)},
      {Method::post,
       "/api/v1/on-call/shifts/{shift_id}/remove",
       "oncall.remove",
       "oncall.write",
       "Take a line off the rota",
       RunAs::write,
       false,
       "",
       shift,
       {},
       handler(take_off)},
      {Method::patch,
       base + "/settings",
       "oncall.change",
       "oncall.write",
       "What the site says outside its hours, and how long it waits for an answer",
       RunAs::write,
       false,
       http::schema({{"escalate_after_minutes", "integer"},
                     {"outside_text", http::schema({{"en", "text?"}, {"es", "text?"}}, true)},
                     {"numbers", numbers}},
                    true),
       settings,
       {},
       handler(change_settings)},
  };
}

}  // namespace concord::safety::internal
