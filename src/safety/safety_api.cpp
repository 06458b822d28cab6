#include "safety/safety_api.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/text.h"
#include "base/zone.h"
#include "json/cursor.h"
#include "safety/safety_store.h"

namespace concord::safety {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

constexpr std::array<std::string_view, 4> kClinicians = {"care_manager", "psychiatric_consultant", "pcp", "bh_specialist"};

bool is_clinician(const Caller& caller) {
  return std::find(kClinicians.begin(), kClinicians.end(), caller.role) != kClinicians.end();
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const SafetyEvent& e) {
  w.object()
      .field("id", e.id)
      .field("patient_id", e.patient)
      .field("signalled_at", e.signalled_at)
      .field("signalled_date", e.signalled_date)
      .field("signal", e.signal)
      .field("measurement_id", e.measurement)
      .field("note", e.note)
      .field("due_at", e.due_at)
      .key("acknowledged_by");
  chart.write_user(w, tx, caller, e.acknowledged_by);
  w.field("acknowledged_at", e.acknowledged_at).field("level", e.level).field("disposition", e.disposition).key("closed_by");
  chart.write_user(w, tx, caller, e.closed_by);
  w.field("closed_at", e.closed_at).field("reassess_date", e.reassess_date).field("version", e.version).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Caller& caller, const SafetyEvent& e) {
  std::string out;
  json::Writer w(out);
  write(chart, w, tx, caller, e);
  return out;
}

SafetyEvent signalled(const Deps& deps, const Asker& asker, const Place& place, std::string signal) {
  SafetyEvent e;
  e.id = SafetyEventId(deps.chart->ids->next());
  e.patient = place.patient;
  e.signalled_at = asker.now;
  e.signalled_date = place.today;
  e.signal = std::move(signal);
  e.due_at = add_working_minutes(asker.now, deps.review_within_minutes, place.zone, deps.hours);
  return e;
}

Result<Work> list_open_events(const Kept& deps, const Call& call) {
  CONCORD_TRY(auto page, http::read_page(call.request));
  if (const auto open = call.request.parameter("open"); open && *open != "true")
    return fail(ErrorCode::invalid, "The filter is wrong.", {{"open", "must be true; closed events are on the patient's page"}});
  std::optional<After> after;
  if (page.after) {  // "2026-03-01T14:05:06Z_<id>"
    const auto parts = split(*page.after, '_');
    const auto due = parts.size() == 2 ? parse_instant(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? SafetyEventId::parse(parts[1]) : std::nullopt;
    if (!due || !id) return http::wrong_page();
    after = After{*due, *id};
  }
  return Work([deps, asker = Asker(call), page, after](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    constexpr int kChunk = 200;
    const auto most = static_cast<std::size_t>(page.limit);
    std::vector<SafetyEvent> found;
    std::optional<After> from = after;
    while (found.size() <= most) {  // one more than shown tells whether there is a next page
      const auto some = list_open(tx, asker.organization(), from, kChunk);
      for (const auto& e : some) {
        if (found.size() > most) break;
        if (chart.find(tx, asker.caller, asker.now, e.patient)) found.push_back(e);
      }
      if (static_cast<int>(some.size()) < kChunk) break;
      from = After{some.back().due_at, some.back().id};
    }
    const bool more = found.size() > most;
    if (more) found.resize(most);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& e : found) write(chart, w, tx, asker.caller, e);
    w.end().key("next");
    if (more) w.value(iso(found.back().due_at) + "_" + found.back().id.text());
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> create_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"signal", "note"});
  // Scores raise their own; a person says that they are worried, and why in the note.
  const auto signal = body.required("signal").one_of({"staff concern"});
  const auto note = std::string(trim(body.optional("note").string(0, 5000).value_or("")));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, signal = *signal, note](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    SafetyEvent e = signalled(*deps, asker, place, signal);
    if (!note.empty()) e.note = note;
    insert(tx, asker.organization(), e);
    chart.refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(201, to_json(chart, tx, asker.caller, e), patient, e.id.uuid);
    reply.location = "/api/v1/patients/" + patient.text() + "/safety-events/" + e.id.text();
    reply.version = e.version;
    return reply;
  });
}

/// One step of a hand-off: `step` changes the event or says why not.
Work step_of(const Kept& deps, const Call& call, PatientId patient, SafetyEventId id, std::int64_t version,
             std::function<Result<void>(SafetyEvent&, db::Tx&, const Asker&, const Place&)> step) {
  return Work([deps, asker = Asker(call), patient, id, version, step = std::move(step)](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    const auto current = [&] { return to_json(chart, tx, asker.caller, *before); };
    if (before->version != version) return stale(asker.request_id, current(), patient, id.uuid);
    SafetyEvent after = *before;
    CONCORD_TRY_VOID(step(after, tx, asker, place));
    if (!update(tx, asker.organization(), after)) return stale(asker.request_id, current(), patient, id.uuid);
    ++after.version;
    chart.refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(200, to_json(chart, tx, asker.caller, after), patient, id.uuid);
    reply.version = after.version;
    return reply;
  });
}

Result<Work> acknowledge_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<SafetyEventId>("safety_event_id"));
  CONCORD_TRY(const auto version, call.if_match());
  return step_of(deps, call, patient, id, version, [](SafetyEvent& e, db::Tx&, const Asker& asker, const Place&) -> Result<void> {
    if (e.closed_at) return fail(ErrorCode::conflict, "This safety event is closed.");
    if (e.acknowledged_at) return fail(ErrorCode::conflict, "This safety event is acknowledged already.");
    e.acknowledged_by = asker.caller.user;
    e.acknowledged_at = asker.now;
    return {};
  });
}

Result<Work> close_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<SafetyEventId>("safety_event_id"));
  CONCORD_TRY(const auto version, call.if_match());
  if (!is_clinician(call.caller)) return fail(ErrorCode::not_allowed, "Only a clinician closes a safety event.");
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"level", "disposition", "reassess_date"});
  const auto level = body.required("level").one_of({"low", "moderate", "high"});
  const auto disposition = std::string(trim(body.required("disposition").string(1, 5000).value_or("")));
  if (disposition.empty() && issues.empty()) body.required("disposition").issue("must not be empty");
  const auto reassess = body.optional("reassess_date").date();
  if (!issues.empty()) return issues.error();
  return step_of(deps, call, patient, id, version,
                 [level = *level, disposition, reassess](SafetyEvent& e, db::Tx& tx, const Asker& asker,
                                                         const Place& place) -> Result<void> {
                   if (e.closed_at) return fail(ErrorCode::conflict, "This safety event is closed already.");
                   std::vector<Issue> wrong;
                   if (e.level && rank(level) < rank(*e.level) && asker.caller.role != "psychiatric_consultant")
                     wrong.push_back({"level", "is below what the screener found (" + *e.level +
                                                   "): only the psychiatric consultant lowers it"});
                   if (reassess && *reassess < place.today) wrong.push_back({"reassess_date", "must not be in the past"});
                   CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
                   const SafetyEvent* last = nullptr;  // the disposition before this one
                   const auto all = list(tx, asker.organization(), e.patient);
                   for (const auto& other : all)
                     if (other.closed_at && (!last || *other.closed_at > *last->closed_at)) last = &other;
                   if (!e.acknowledged_at) {
                     e.acknowledged_by = asker.caller.user;
                     e.acknowledged_at = asker.now;
                   }
                   e.level = level;
                   e.disposition = disposition;
                   e.closed_by = asker.caller.user;
                   e.closed_at = asker.now;
                   e.reassess_date =
                       reassess ? *reassess : default_reassessment(level, last && last->level == level, place.today);
                   return {};
                 });
}

std::string event_schema() {
  const std::string person =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}},"required":["id","name"]}!)";
  return http::schema({{"id", "id!"},
                       {"patient_id", "id!"},
                       {"signalled_at", "instant!"},
                       {"signalled_date", "date!"},
                       {"signal", "text!"},
                       {"measurement_id", "id?!"},
                       {"note", "text?!"},
                       {"due_at", "instant!"},
                       {"acknowledged_by", person},
                       {"acknowledged_at", "instant?!"},
                       {"level", "low|moderate|high?!"},
                       {"disposition", "text?!"},
                       {"closed_by", person},
                       {"closed_at", "instant?!"},
                       {"reassess_date", "date?!"},
                       {"version", "integer!"}});
}

}  // namespace

void raise(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, measurements::MeasurementId measurement,
           const std::string& signal, const std::optional<std::string>& level,
           const std::optional<measurements::MeasurementId>& corrects) {
  if (corrects)
    for (const auto& e : list(tx, asker.organization(), place.patient))
      if (e.measurement == *corrects && e.signal == signal) return;
  SafetyEvent e = signalled(deps, asker, place, signal);
  e.measurement = measurement;
  if (level && rank(*level) > 0) e.level = level;
  insert(tx, asker.organization(), e);
}

void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& e : list(tx, asker.organization(), place.patient)) write(chart, w, tx, asker.caller, e);
  w.end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = event_schema();
  const std::string base = "/api/v1/patients/{patient_id}/safety-events";
  return {
      {Method::get,
       "/api/v1/safety-events",
       "safety.list",
       "safety.read",
       "Open safety events at your sites, most pressing first",
       RunAs::list,
       false,
       "",
       http::list_schema(row),
       {{"open", "true"}, {"limit", "1 to 200"}, {"after", "page key"}},
       handler(list_open_events)},
      {Method::post,
       base,
       "safety.create",
       "safety.write",
       "Somebody of the staff is worried about the patient",
       RunAs::write,
       true,
       http::schema({{"signal", R"({"const":"staff concern"}!)"}, {"note", "text"}}, true),
       row,
       {},
       handler(create_event)},
      {Method::post,
       base + "/{safety_event_id}/acknowledge",
       "safety.acknowledge",
       "safety.close",
       "A clinician takes it over",
       RunAs::write,
       false,
       "",
       row,
       {},
       handler(acknowledge_event)},
      {Method::post,
       base + "/{safety_event_id}/close",
       "safety.close",
       "safety.close",
       "A clinician's level and disposition end it",
       RunAs::write,
       false,
       http::schema({{"level", "low|moderate|high!"}, {"disposition", "text!"}, {"reassess_date", "date"}}, true),
       row,
       {},
       handler(close_event)},
  };
}

}  // namespace concord::safety
