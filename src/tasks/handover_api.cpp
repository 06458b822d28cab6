#include <algorithm>
#include <charconv>
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "tasks/handover_store.h"
#include "tasks/tasks_api.h"
#include "tasks/tasks_store.h"

namespace concord::tasks {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

constexpr int kTasksAtOnce = 500;

Date today_at(const Deps& deps, const Asker& asker, SiteId site) {
  return local_date(asker.now, deps.chart->time_zone(asker.organization(), site));
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const HandOver& h) {
  const auto& chart = *deps.chart;
  w.object().field("id", h.id).field("site_id", h.site).key("from");
  chart.write_user(w, tx, asker.caller, h.from_user);
  w.key("to");
  chart.write_user(w, tx, asker.caller, h.to_user);
  w.field("from_date", h.from)
      .field("until_date", h.until)
      .field("planned_until_date", h.planned_until)
      .field("all_patients", h.all_patients)
      .field("patients", h.patients)
      .field("tasks", h.tasks)
      .field("reason", h.reason)
      .field("state", state_of(h, today_at(deps, asker, h.site)))
      .key("made_by");
  chart.write_user(w, tx, asker.caller, h.made_by);
  w.field("made_at", h.made_at).key("ended_by");
  chart.write_user(w, tx, asker.caller, h.ended_by);
  w.field("ended_at", h.ended_at).field("version", h.version).end();
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const HandOver& h) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker, h);
  return out;
}

Result<Work> list_all(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  bool everything = false;
  if (const auto word = call.request.parameter("state")) {
    everything = *word == "all";
    if (!everything && *word != "current") return http::wrong_filter("state", "must be current or all");
  }
  std::vector<SiteId> sites = call.caller.sites;
  if (const auto text = call.request.parameter("site"); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
    sites = {*site};
  }
  AfterHandOver after = newest_hand_over();
  if (page.after) {
    const auto parts = split(*page.after, '_');
    const auto id = parts.size() == 2 ? HandOverId::parse(parts[1]) : std::nullopt;
    std::int64_t micros = 0;
    if (!id || std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), micros).ec != std::errc())
      return http::wrong_page();
    after = {Instant(std::chrono::microseconds(micros)), *id};
  }
  return Work([deps, asker = Asker(call), page, everything, sites = std::move(sites), after](db::Tx& tx) -> Result<Reply> {
    std::vector<HandOver> found;
    for (const auto site : sites) {
      const auto day = everything ? std::nullopt : std::optional(today_at(*deps, asker, site));
      for (auto& h : list_hand_overs(tx, asker.organization(), site, day, after, page.limit + 1))
        if (everything || state_of(h, *day) != "ended") found.push_back(std::move(h));
    }
    std::sort(found.begin(), found.end(),
              [](const HandOver& a, const HandOver& b) { return std::pair(b.made_at, b.id) < std::pair(a.made_at, a.id); });
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.resize(static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& h : found) write(*deps, w, tx, asker, h);
    w.end().key("next");
    if (more) w.value(std::to_string(found.back().made_at.time_since_epoch().count()) + "_" + found.back().id.text());
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> list_of_one(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& h : list_of_patient(tx, asker.organization(), place.patient))
      if (asker.caller.may_use(h.site)) write(*deps, w, tx, asker, h);
    w.end().key("next").null().end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

/// A care manager hands over their own caseload, or takes one over; program manager and admin arrange it for others.
Result<void> may_arrange(const Asker& asker, const HandOver& h) {
  if (asker.caller.role != "care_manager" || h.from_user == asker.caller.user || h.to_user == asker.caller.user) return {};
  return fail(ErrorCode::not_allowed, "You may hand over your own caseload, or take one over yourself.");
}

/// Two covers of the same patient on one day would leave it open who answers.
Result<void> check_others(db::Tx& tx, const Asker& asker, const HandOver& h, const std::vector<PatientId>& patients) {
  for (const auto& other : list_covers(tx, asker.organization(), h.site, h.from, *h.until)) {
    if (*other.until < other.from) continue;  // taken back before it began
    if (other.from_user == h.from_user) {
      bool shared = other.all_patients || h.all_patients;
      if (!shared)
        for (const auto patient : list_patients(tx, asker.organization(), other.id))
          shared = shared || std::binary_search(patients.begin(), patients.end(), patient);
      if (shared)
        return fail(ErrorCode::conflict, "There is a cover for these days already, from " + other.from.iso() + " to " +
                                             other.until->iso() + ". End it first.");
    }
    if (other.from_user == h.to_user && (other.all_patients || other.to_user == h.from_user))
      return fail(ErrorCode::conflict,
                  "Whoever should cover is away from " + other.from.iso() + " to " + other.until->iso() + ".");
  }
  return {};
}

bool goes_along(const Task& task, const HandOver& h, const std::vector<PatientId>& patients) {
  if (task.site != h.site) return false;
  return h.all_patients || (task.patient && std::binary_search(patients.begin(), patients.end(), *task.patient));
}

/// Open tasks that go along; given to the new owner when it is for good.
int hand_over_tasks(const Deps& deps, db::Tx& tx, const Asker& asker, const HandOver& h, const std::vector<PatientId>& patients,
                    std::vector<PatientId>& touched) {
  int count = 0;
  AfterOpen after;
  while (true) {
    const auto batch = list_open_of_owner(tx, asker.organization(), h.from_user, after, kTasksAtOnce);
    for (const auto& task : batch) {
      if (!goes_along(task, h, patients)) continue;
      ++count;
      if (h.until) continue;
      Task after_it = task;
      after_it.owner = h.to_user;
      if (!update(tx, asker.organization(), after_it, task.version)) continue;
      TaskChange change;
      change.id = deps.chart->ids->next();
      change.task = task.id;
      change.at = asker.now;
      change.by = asker.caller.user;
      change.kind = "handed_over";
      change.owner_before = h.from_user;
      change.owner_after = h.to_user;
      change.reason = h.reason;
      insert(tx, asker.organization(), change);
      if (task.patient) touched.push_back(*task.patient);
    }
    if (batch.size() < static_cast<std::size_t>(kTasksAtOnce)) return count;
    after = {batch.back().due, batch.back().id};
  }
}

void tell(const Deps& deps, db::Tx& tx, const Asker& asker, UserId to, std::string kind, const HandOver& h, bool urgent = false) {
  if (!deps.notify || to == asker.caller.user) return;
  deps.notify(tx, asker.organization(), {to, std::move(kind), std::nullopt, h.id.uuid, urgent, "v" + std::to_string(h.version)});
}

Result<Work> create(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"site_id", "from_user_id", "to_user_id", "patients", "from_date", "until_date", "reason"});
  HandOver asked;
  const auto site = body.required("site_id").id<SiteId>();
  const auto from_user = body.required("from_user_id").id<UserId>();
  const auto to_user = body.required("to_user_id").id<UserId>();
  const auto from = body.optional("from_date").date();
  asked.until = body.optional("until_date").date();
  asked.planned_until = asked.until;
  if (const auto reason = body.required("reason").string(0, 500)) {
    asked.reason = std::string(trim(*reason));
    if (asked.reason.empty()) body.required("reason").issue("say why");
  }
  std::vector<PatientId> chosen;
  if (const auto list = body.optional("patients"); list.present()) {
    asked.all_patients = false;
    list.each([&](const json::Cursor& item) {
      if (const auto id = item.id<PatientId>()) chosen.push_back(*id);
    });
    if (chosen.empty() && issues.empty()) list.issue("must name somebody, or be left out for everybody");
    if (chosen.size() > static_cast<std::size_t>(kMostPatientsAtOnce)) list.issue("has too many people: at most 1000");
    if (call.caller.role != "care_manager") list.issue("is for care managers: your role hands over whole caseloads");
  }
  if (!issues.empty()) return issues.error();
  if (!call.caller.may_use(*site)) return http::not_found();
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  asked.id = HandOverId(deps->chart->ids->next());
  asked.site = *site;
  asked.from_user = *from_user;
  asked.to_user = *to_user;
  asked.made_by = call.caller.user;
  asked.made_at = call.now;
  return Work([deps, asker = Asker(call), asked, from, chosen = std::move(chosen)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const Date today = today_at(*deps, asker, asked.site);
    HandOver h = asked;
    h.from = from.value_or(today);
    CONCORD_TRY_VOID(may_arrange(asker, h));
    std::vector<Issue> wrong = check(h, today);
    deps->chart->check_user(tx, organization, h.from_user, "from_user_id", wrong);
    if (!deps->has_role(tx, organization, h.to_user, h.site, "care_manager"))
      wrong.push_back({"to_user_id", "has no care manager role at this site"});
    const auto caseload = deps->patients_of(tx, organization, h.site, h.from_user, kMostPatientsAtOnce + 1);
    for (std::size_t i = 0; i < chosen.size(); ++i)
      if (std::find(caseload.begin(), caseload.end(), chosen[i]) == caseload.end())
        wrong.push_back({"patients[" + std::to_string(i) + "]", "is not on this caseload"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    h.patients = static_cast<int>(h.all_patients ? caseload.size() : chosen.size());
    std::vector<PatientId> named = chosen;
    std::vector<PatientId> touched;  // whose caseload rows say something else now
    if (h.until) {
      CONCORD_TRY_VOID(check_others(tx, asker, h, chosen));
      h.tasks = hand_over_tasks(*deps, tx, asker, h, chosen, touched);
    } else {
      if (h.patients > kMostPatientsAtOnce)
        return fail(ErrorCode::conflict, "This caseload has more than 1000 people. Hand it over in parts.");
      const auto only = h.all_patients ? std::nullopt : std::optional(chosen);
      CONCORD_TRY(named, deps->move_care_manager(tx, asker, h.site, h.from_user, h.to_user, only, kMostPatientsAtOnce));
      std::sort(named.begin(), named.end());
      h.patients = static_cast<int>(named.size());
      touched = named;
      h.tasks = hand_over_tasks(*deps, tx, asker, h, named, touched);
      if (h.patients == 0 && h.tasks == 0)
        return fail(ErrorCode::conflict, "There is nobody and nothing to hand over: this caseload is empty.");
    }
    insert(tx, organization, h, named);
    int safety_events = 0;
    if (!h.until) {
      if (deps->move_safety_events)
        safety_events = deps->move_safety_events(tx, organization, named, h.from_user, h.to_user, h.reason, asker.now);
      std::sort(touched.begin(), touched.end());
      touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
      deps->refresh_caseload(tx, organization, touched);
    }
    tell(*deps, tx, asker, h.to_user, "caseload.handed_over", h, safety_events > 0);
    Reply reply = http::json_reply(201, to_json(*deps, tx, asker, h));
    reply.location = "/api/v1/handovers/" + h.id.text();
    reply.version = h.version;
    reply.audit_object = h.id.uuid;
    if (!named.empty()) reply.audit_patient = named.front().uuid;
    for (std::size_t i = 1; i < named.size(); ++i) reply.audit_more_patients.push_back(named[i].uuid);
    reply.audit_detail = std::string(h.until ? "cover" : "for_good") + " patients=" + std::to_string(h.patients) +
                         " tasks=" + std::to_string(h.tasks) + " safety_events=" + std::to_string(safety_events);
    reply.events = {{"caseload", h.id.uuid}, {"tasks", h.id.uuid}};
    return reply;
  });
}

Result<Work> end_cover(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<HandOverId>("hand_over_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on"});
  const auto on = body.optional("on").date();
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, on](db::Tx& tx) -> Result<Reply> {
    const auto before = find(tx, asker.organization(), id);
    if (!before || !asker.caller.may_use(before->site)) return http::not_found();
    CONCORD_TRY_VOID(may_arrange(asker, *before));
    const auto stale = [&] {
      Reply reply = http::stale_reply(asker.request_id, to_json(*deps, tx, asker, *before));
      reply.audit_object = id.uuid;
      reply.audit_detail = "stale";
      return reply;
    };
    if (before->version != version) return stale();
    const Date today = today_at(*deps, asker, before->site);
    if (!before->until) return fail(ErrorCode::conflict, "This hand-over was for good. Hand the caseload back with a new one.");
    if (state_of(*before, today) == "ended") return fail(ErrorCode::conflict, "This cover has ended already.");
    const Date first_without = on.value_or(today);
    if (first_without < today || first_without > *before->until)
      return fail(ErrorCode::invalid, "The day is wrong.", {{"on", "must be from today to the last day of the cover"}});
    HandOver after = *before;
    after.until = first_without.plus_days(-1);
    after.ended_by = asker.caller.user;
    after.ended_at = asker.now;
    ++after.version;
    if (!end(tx, asker.organization(), after, version)) return stale();
    tell(*deps, tx, asker, after.from_user, "caseload.cover_ended", after);
    tell(*deps, tx, asker, after.to_user, "caseload.cover_ended", after);
    Reply reply = http::json_reply(200, to_json(*deps, tx, asker, after));
    reply.version = after.version;
    reply.audit_object = id.uuid;
    reply.audit_detail = "until=" + after.until->iso();
    reply.events = {{"caseload", id.uuid}, {"tasks", id.uuid}};
    return reply;
  });
}

std::string schema() {
  const std::string person =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}}}!)";
  return http::schema({{"id", "id!"},
                       {"site_id", "id!"},
                       {"from", person},
                       {"to", person},
                       {"from_date", "date!"},
                       {"until_date", "date?!"},
                       {"planned_until_date", "date?!"},
                       {"all_patients", "boolean!"},
                       {"patients", "integer!"},
                       {"tasks", "integer!"},
                       {"reason", "text!"},
                       {"state", "planned|running|ended|for_good!"},
                       {"made_by", person},
                       {"made_at", "instant!"},
                       {"ended_by", person},
                       {"ended_at", "instant?!"},
                       {"version", "integer!"}});
}

}  // namespace

std::vector<http::Route> handover_routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = schema();
  return {
      {Method::get,
       "/api/v1/handovers",
       "handovers.list",
       "handovers.read",
       "Who covers for whom, and what was handed over",
       RunAs::list,
       false,
       "",
       http::list_schema(row),
       {{"site", "one of your sites; all of them when absent"},
        {"state", "current (default: planned and running covers) or all"},
        {"limit", "1 to 200"},
        {"after", "page key"}},
       handler(list_all)},
      {Method::get,
       "/api/v1/patients/{patient_id}/handovers",
       "handovers.of_patient",
       "tasks.team",
       "Hand-overs that name a patient",
       RunAs::point,
       false,
       "",
       http::list_schema(row),
       {},
       handler(list_of_one)},
      {Method::post,
       "/api/v1/handovers",
       "handovers.create",
       "handovers.write",
       "Hands a caseload over: until a day (cover), or for good",
       RunAs::write,
       true,
       http::schema({{"site_id", "id!"},
                     {"from_user_id", "id!"},
                     {"to_user_id", "id!"},
                     {"patients", "[]id"},
                     {"from_date", "date"},
                     {"until_date", "date?"},
                     {"reason", "text!"}},
                    true),
       row,
       {},
       handler(create)},
      {Method::post,
       "/api/v1/handovers/{hand_over_id}/end",
       "handovers.end",
       "handovers.write",
       "Ends a cover early",
       RunAs::write,
       false,
       http::schema({{"on", "date"}}, true),
       row,
       {},
       handler(end_cover)},
  };
}

}  // namespace concord::tasks
