#include "safety/safety_api.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "base/zone.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "json/trimmed.h"
#include "patients/shapes.h"
#include "safety/safety_store.h"

namespace concord::safety {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using internal::Kept;
using patients::changed;
using patients::looked;
using patients::stale;

constexpr int kTimesDays = 90;
constexpr int kTimesMost = 5000;

const std::initializer_list<std::string_view> kLevels = {"none", "low", "moderate", "high"};

/// The members of an event, into an open object.
void write_members(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const SafetyEvent& e) {
  const auto person = [&](std::string_view name, const std::optional<UserId>& who) {
    w.key(name);
    chart.write_user(w, tx, caller, who);
  };
  w.field("id", e.id)
      .field("patient_id", e.patient)
      .field("signalled_at", e.signalled_at)
      .field("signalled_date", e.signalled_date)
      .field("signal", e.signal)
      .field("measurement_id", e.measurement)
      .field("note", e.note)
      .field("due_at", e.due_at);
  person("acknowledged_by", e.acknowledged_by);
  w.field("acknowledged_at", e.acknowledged_at).field("level", e.level).field("disposition", e.disposition);
  person("closed_by", e.closed_by);
  w.field("closed_at", e.closed_at).field("reassess_date", e.reassess_date).field("version", e.version).field("state", state(e));
  person("has_it", e.has_it);
  w.field("notified_at", e.notified_at);
  person("assessed_by", e.assessed_by);
  w.field("assessed_at", e.assessed_at)
      .field("assessment_id", e.assessment)
      .field("assessed_otherwise", e.assessed_otherwise)
      .field("found_level", e.found_level)
      .key("step_down");
  if (e.step_down) {
    w.object().field("to_level", e.step_down->to_level).field("reason", e.step_down->reason);
    person("asked_by", e.step_down->asked_by);
    w.field("asked_at", e.step_down->asked_at).end();
  } else {
    w.null();
  }
  w.field("escalations", e.escalations)
      .field("next_escalation_at", e.next_escalation_at)
      .field("minutes_to_acknowledge", minutes_to_acknowledge(e))
      .field("minutes_to_assessment", minutes_to_assessment(e))
      .field("reassessed_on", e.reassessed_on)
      .field("follow_up_ended", e.follow_up_ended_on.has_value());
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const SafetyEvent& e) {
  w.object();
  write_members(chart, w, tx, caller, e);
  w.end();
}

void write_channels(json::Writer& w, const std::vector<messaging::Channel>& channels) {
  w.array();
  for (const auto channel : channels) w.value(messaging::name(channel));
  w.end();
}

/// The event with its steps, and the people who would be asked now.
std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const SafetyEvent& e) {
  const Chart& chart = *deps.chart;
  const auto organization = asker.organization();
  std::string out;
  json::Writer w(out);
  w.object();
  write_members(chart, w, tx, asker.caller, e);
  w.key("steps").array();
  for (const auto& s : list_steps(tx, organization, e.id)) {
    w.object().field("number", s.number).field("at", s.at).field("kind", s.kind).key("by");
    chart.write_user(w, tx, asker.caller, s.by);
    w.key("to");
    chart.write_user(w, tx, asker.caller, s.to);
    w.field("channel", s.channel)
        .field("rung", s.rung)
        .field("level", s.level)
        .field("action", s.action)
        .field("text", s.text)
        .field("measurement_id", s.measurement)
        .end();
  }
  w.end().key("ladder").array();
  if (!e.closed_at)
    if (const auto site = chart.site_of(tx, organization, e.patient))
      for (const auto& person : ladder_of(deps, tx, organization, e.patient, *site, asker.now)) {
        w.object().field("rung", person.rung).key("user");
        chart.write_user(w, tx, asker.caller, person.user);
        w.key("channels");
        write_channels(w, channels_to(deps, tx, organization, person.user));
        w.end();
      }
  w.end().end();
  return out;
}

Reply event_reply(const Deps& deps, db::Tx& tx, const Asker& asker, const SafetyEvent& e, int status) {
  Reply reply = changed(status, to_json(deps, tx, asker, e), e.patient, e.id.uuid);
  reply.version = e.version;
  reply.events.push_back({"safety", e.id.uuid});
  return reply;
}

/// Open events of the caller's sites after a page key, one more than the page shows.
Result<std::optional<After>> after_of(const http::Page& page) {
  if (!page.after) return std::optional<After>();
  const auto parts = split(*page.after, '_');  // "2026-03-01T14:05:06Z_<id>"
  const auto due = parts.size() == 2 ? parse_instant(parts[0]) : std::nullopt;
  const auto id = parts.size() == 2 ? SafetyEventId::parse(parts[1]) : std::nullopt;
  if (!due || !id) return http::wrong_page();
  return std::optional(After{*due, *id});
}

std::vector<SafetyEvent> open_events(const Deps& deps, db::Tx& tx, const Asker& asker, const std::optional<After>& after,
                                     std::size_t most) {
  constexpr int kChunk = 200;
  std::vector<SafetyEvent> found;
  std::optional<After> from = after;
  while (found.size() <= most) {  // one more than shown tells whether there is a next page
    const auto some = list_open(tx, asker.organization(), from, kChunk);
    for (const auto& e : some) {
      if (found.size() > most) break;
      if (deps.chart->find(tx, asker.caller, asker.now, e.patient)) found.push_back(e);
    }
    if (static_cast<int>(some.size()) < kChunk) break;
    from = After{some.back().due_at, some.back().id};
  }
  return found;
}

void write_next(json::Writer& w, const std::vector<SafetyEvent>& found, bool more) {
  w.key("next");
  if (more) w.value(iso(found.back().due_at) + "_" + found.back().id.text());
  else w.null();
}

Result<Work> list_open_events(const Kept& deps, const Call& call) {
  CONCORD_TRY(auto page, http::read_page(call.request));
  if (const auto open = call.request.parameter("open"); open && *open != "true")
    return http::wrong_filter("open", "must be true; closed events are on the patient's page");
  CONCORD_TRY(const auto after, after_of(page));
  return Work([deps, asker = Asker(call), page, after](db::Tx& tx) -> Result<Reply> {
    const auto most = static_cast<std::size_t>(page.limit);
    auto found = open_events(*deps, tx, asker, after, most);
    const bool more = found.size() > most;
    if (more) found.resize(most);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& e : found) write(*deps->chart, w, tx, asker.caller, e);
    w.end();
    write_next(w, found, more);
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> show_board(const Kept& deps, const Call& call) {
  CONCORD_TRY(auto page, http::read_page(call.request));
  CONCORD_TRY(const auto after, after_of(page));
  return Work([deps, asker = Asker(call), page, after](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    const auto organization = asker.organization();
    const auto most = static_cast<std::size_t>(page.limit);
    auto found = open_events(*deps, tx, asker, after, most);
    const bool more = found.size() > most;
    if (more) found.resize(most);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& e : found) {
      const auto site = chart.site_of(tx, organization, e.patient);
      const auto patient = deps->patient ? deps->patient(tx, organization, e.patient) : std::nullopt;
      w.object().key("event");
      write(chart, w, tx, asker.caller, e);
      w.key("patient").object().field("id", e.patient);
      w.field("given_name", patient ? patient->given_name : "").field("family_name", patient ? patient->family_name : "");
      w.field("site_id", site).end();
      w.field("minutes_open",
              static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::minutes>(asker.now - e.signalled_at).count()))
          .field("overdue", !e.acknowledged_at && asker.now > e.due_at)
          .key("next");
      const auto steps = list_steps(tx, organization, e.id);
      if (!e.acknowledged_at && e.next_escalation_at && site) {
        std::vector<UserId> asked;
        for (const auto& s : steps) {
          if (s.kind == "nobody") asked.clear();
          else if (s.kind == "notified" && s.to && s.rung != "anybody") asked.push_back(*s.to);
        }
        const auto next = next_on(ladder_of(*deps, tx, organization, e.patient, *site, *e.next_escalation_at), asked);
        w.object().key("person");
        chart.write_user(w, tx, asker.caller, next ? std::optional(next->user) : std::nullopt);
        w.field("rung", next ? std::string_view(next->rung) : "anybody").field("at", e.next_escalation_at).end();
      } else {
        w.null();
      }
      w.field("not_delivered", static_cast<std::int64_t>(std::count_if(steps.begin(), steps.end(),
                                                                       [](const Step& s) { return s.kind == "not_delivered"; })));
      w.end();
    }
    std::vector<SafetyEvent> recent;
    for (auto& e : list_signalled(tx, organization, asker.now - std::chrono::hours(24 * kTimesDays), kTimesMost))
      if (const auto site = chart.site_of(tx, organization, e.patient); site && asker.caller.may_use(*site))
        recent.push_back(std::move(e));
    const Times times = measure_times(recent, asker.now);
    w.end()
        .key("times")
        .object()
        .field("days", kTimesDays)
        .field("events", times.events)
        .field("acknowledged", times.acknowledged)
        .field("assessed", times.assessed)
        .field("late", times.late)
        .field("median_minutes_to_acknowledge", times.median_minutes_to_acknowledge)
        .field("median_minutes_to_assessment", times.median_minutes_to_assessment)
        .end();
    write_next(w, found, more);
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> read_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<SafetyEventId>("safety_event_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto e = find(tx, asker.organization(), patient, id);
    if (!e) return http::not_found();
    Reply reply = looked(to_json(*deps, tx, asker, *e), patient, id.uuid);
    reply.version = e->version;
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
  const auto signal_text = body.required("signal").one_of({"staff concern"});
  const auto note = std::string(trim(body.optional("note").string(0, 5000).value_or("")));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, text = *signal_text, note](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    SafetyEvent e;
    e.id = SafetyEventId(chart.ids->next());
    e.patient = patient;
    e.signalled_at = asker.now;
    e.signalled_date = place.today;
    e.signal = text;
    if (!note.empty()) e.note = note;
    std::optional<UserId> by;
    if (asker.caller.kind == ActorKind::user) by = asker.caller.user;
    signal(*deps, tx, asker.organization(), place, e, by, asker.now);
    chart.refresh_caseload(tx, asker.organization(), patient);
    const auto stored = find(tx, asker.organization(), patient, e.id);
    Reply reply = event_reply(*deps, tx, asker, *stored, 201);
    reply.location = "/api/v1/patients/" + patient.text() + "/safety-events/" + e.id.text();
    return reply;
  });
}

using Act = std::function<Result<void>(SafetyEvent&, db::Tx&, const Asker&, const Place&)>;

/// One step of a hand-off: `act` changes the event or says why not.
Work act_of(const Kept& deps, const Call& call, PatientId patient, SafetyEventId id, std::int64_t version, int status, Act act) {
  return Work([deps, asker = Asker(call), patient, id, version, status, act = std::move(act)](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    if (!before) return http::not_found();
    if (before->version != version) return stale(asker.request_id, to_json(*deps, tx, asker, *before), patient, id.uuid);
    SafetyEvent after = *before;
    CONCORD_TRY_VOID(act(after, tx, asker, place));
    if (!update(tx, asker.organization(), after))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed this since you opened it.");
    ++after.version;
    chart.refresh_caseload(tx, asker.organization(), patient);
    return event_reply(*deps, tx, asker, after, status);
  });
}

struct Address {
  PatientId patient;
  SafetyEventId id;
  std::int64_t version = 0;
};
Result<Address> address_of(const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<SafetyEventId>("safety_event_id"));
  CONCORD_TRY(const auto version, call.if_match());
  if (!is_clinician(call.caller)) return fail(ErrorCode::not_allowed, "Only a clinician may do this with a safety event.");
  return Address{patient, id, version};
}

tl::unexpected<Error> conflict(std::string text) { return fail(ErrorCode::conflict, std::move(text)); }

Result<Work> acknowledge_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  return act_of(deps, call, at.patient, at.id, at.version, 200,
                [deps](SafetyEvent& e, db::Tx& tx, const Asker& asker, const Place&) -> Result<void> {
                  if (e.closed_at) return conflict("This safety event is closed.");
                  if (e.acknowledged_at) return conflict("This safety event is acknowledged already.");
                  acknowledge(*deps, tx, asker, e);
                  return {};
                });
}

Result<Work> take_over_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  return act_of(deps, call, at.patient, at.id, at.version, 200,
                [](SafetyEvent& e, db::Tx& tx, const Asker& asker, const Place&) -> Result<void> {
                  if (e.closed_at) return conflict("This safety event is closed.");
                  if (!e.acknowledged_at) return conflict("Nobody has acknowledged it yet: acknowledge it.");
                  if (e.has_it == asker.caller.user) return conflict("You have it already.");
                  Step s;
                  s.kind = "taken_over";
                  s.at = asker.now;
                  s.by = asker.caller.user;
                  s.to = e.has_it;  // from whom
                  add_step(tx, asker.organization(), e, std::move(s));
                  e.has_it = asker.caller.user;
                  return {};
                });
}

/// Reads what all assessments share; `body` may hold more.
Assessment read_assessment(const json::Cursor& body, bool needed) {
  Assessment a;
  a.measurement = body.optional("measurement_id").id<measurements::MeasurementId>();
  a.otherwise = json::filled(body.optional("assessed_otherwise"), 2000);
  a.judged = body.optional("level").one_of(kLevels);
  if (body.optional("form").one_of({"recent", "since_last_contact"}) == "since_last_contact") a.form = Form::since_last_contact;
  a.note = json::filled(body.optional("note"), 5000);
  if (a.measurement && a.otherwise) body.optional("assessed_otherwise").issue("goes without a C-SSRS only");
  if (needed && !a.measurement && !a.otherwise)
    body.required("measurement_id").issue("name the C-SSRS, or say in assessed_otherwise why there is none");
  return a;
}

Result<Work> assess_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"measurement_id", "assessed_otherwise", "level", "form", "note"});
  const auto a = read_assessment(body, true);
  if (!issues.empty()) return issues.error();
  return act_of(deps, call, at.patient, at.id, at.version, 200,
                [deps, a](SafetyEvent& e, db::Tx& tx, const Asker& asker, const Place&) -> Result<void> {
                  if (e.closed_at) return conflict("This safety event is closed: record a reassessment.");
                  return assess(*deps, tx, asker, e, a);
                });
}

Result<Work> add_action(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"action", "note"});
  const auto action = body.required("action").one_of({"safety_plan", "means_safety", "warm_hand_off", "called_988",
                                                      "emergency_911", "told_pcp", "told_consultant", "told_supports", "other"});
  const auto note = std::string(trim(body.optional("note").string(0, 5000).value_or("")));
  if (action == "other" && note.empty()) body.required("note").issue("must say what was done");
  if (!issues.empty()) return issues.error();
  return act_of(deps, call, at.patient, at.id, at.version, 201,
                [action = *action, note](SafetyEvent& e, db::Tx& tx, const Asker& asker, const Place&) -> Result<void> {
                  Step s;
                  s.kind = "action";
                  s.at = asker.now;
                  s.by = asker.caller.user;
                  s.action = action;
                  if (!note.empty()) s.text = note;
                  add_step(tx, asker.organization(), e, std::move(s));
                  return {};
                });
}

Result<Work> ask_step_down_of(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"to_level", "reason"});
  const auto to_level = body.required("to_level").one_of(kLevels);
  const auto reason = std::string(trim(body.required("reason").string(1, 2000).value_or("")));
  if (reason.empty() && issues.empty()) body.required("reason").issue("must not be empty");
  if (!issues.empty()) return issues.error();
  return act_of(
      deps, call, at.patient, at.id, at.version, 200,
      [deps, to = *to_level, reason](SafetyEvent& e, db::Tx& tx, const Asker& asker, const Place& place) -> Result<void> {
        if (e.step_down) return conflict("The consultant is asked already.");
        if (!e.level || (!e.assessed_at && !e.closed_at)) return conflict("There is no level to lower yet: assess first.");
        if (rank(to) >= rank(*e.level))
          return patients::refuse_if_any({{"to_level", "must be below the level that stands (" + *e.level + ")"}});
        ask_step_down(*deps, tx, asker, place, e, to, reason);
        return {};
      });
}

Result<Work> answer_step_down_of(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  if (!is_consultant(call.caller)) return fail(ErrorCode::not_allowed, "Only the psychiatric consultant answers this.");
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"agree", "reason"});
  const auto agree = body.required("agree").boolean();
  const auto reason = json::filled(body.optional("reason"), 2000);
  if (agree == false && !reason) body.required("reason").issue("must say why");
  if (!issues.empty()) return issues.error();
  return act_of(
      deps, call, at.patient, at.id, at.version, 200,
      [deps, agree = *agree, reason](SafetyEvent& e, db::Tx& tx, const Asker& asker, const Place& place) -> Result<void> {
        if (!e.step_down) return conflict("Nobody asks for a lower level.");
        answer_step_down(*deps, tx, asker, place, e, agree, reason);
        return {};
      });
}

Result<Work> reassess_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"measurement_id", "assessed_otherwise", "level", "form", "note", "next_date", "ends"});
  const auto a = read_assessment(body, true);
  const auto next = body.optional("next_date").date();
  const bool ends = body.optional("ends").boolean().value_or(false);
  if (ends && next) body.optional("next_date").issue("goes with a follow-up that goes on");
  if (!issues.empty()) return issues.error();
  return act_of(deps, call, at.patient, at.id, at.version, 201,
                [deps, a, next, ends](SafetyEvent& e, db::Tx& tx, const Asker& asker, const Place& place) -> Result<void> {
                  if (!e.assessed_at && !e.closed_at) return conflict("It is not assessed yet: assess it.");
                  if (e.follow_up_ended_on) return conflict("The follow-up of this event has ended.");
                  return reassess(*deps, tx, asker, place, e, a, next, ends);
                });
}

Result<Work> close_event(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto at, address_of(call));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"level", "disposition", "reassess_date", "assessed_otherwise"});
  const auto level = body.required("level").one_of(kLevels);
  const auto disposition = std::string(trim(body.required("disposition").string(1, 5000).value_or("")));
  if (disposition.empty() && issues.empty()) body.required("disposition").issue("must not be empty");
  const auto reassess = body.optional("reassess_date").date();
  const auto otherwise = std::string(trim(body.optional("assessed_otherwise").string(0, 2000).value_or("")));
  if (!issues.empty()) return issues.error();
  return act_of(deps, call, at.patient, at.id, at.version, 200,
                [deps, level = *level, disposition, reassess, otherwise](SafetyEvent& e, db::Tx& tx, const Asker& asker,
                                                                         const Place& place) -> Result<void> {
                  if (e.closed_at) return conflict("This safety event is closed already.");
                  if (reassess && *reassess < place.today)
                    return patients::refuse_if_any({{"reassess_date", "must not be in the past"}});
                  if (reassess && level == "none") return patients::refuse_if_any({{"reassess_date", "goes with a level"}});
                  if (!e.assessed_at) {
                    Assessment a;
                    if (!otherwise.empty()) {
                      a.otherwise = otherwise;
                      a.judged = level;
                      // The same words as without an assessment in between: a level of one's own may not undo one that stands.
                      CONCORD_TRY_VOID(check_level(tx, asker, e, level, "level"));
                    } else {
                      const auto screen =
                          deps->latest_screen ? deps->latest_screen(tx, asker.organization(), e.patient) : std::nullopt;
                      if (screen) a.measurement = screen->id;
                      if (!a.measurement || !found_by(*deps, tx, asker, e, a))
                        return patients::refuse_if_any(
                            {{"assessed_otherwise",
                              "assess first: fill in a C-SSRS with the patient, or say how it was assessed and why without"}});
                    }
                    CONCORD_TRY_VOID(assess(*deps, tx, asker, e, a));
                  }
                  CONCORD_TRY_VOID(check_level(tx, asker, e, level, "level"));
                  const auto all = list(tx, asker.organization(), e.patient);
                  const SafetyEvent* last = nullptr;  // the disposition before this one
                  for (const auto& other : all)
                    if (other.closed_at && (!last || *other.closed_at > *last->closed_at)) last = &other;
                  const bool lowers = rank(level) < rank(e.level.value_or("none"));
                  const auto add = [&](std::string_view kind, std::optional<std::string> text) {
                    Step s;
                    s.kind = std::string(kind);
                    s.at = asker.now;
                    s.by = asker.caller.user;
                    s.level = level;
                    s.text = std::move(text);
                    add_step(tx, asker.organization(), e, std::move(s));
                  };
                  if (lowers) add("step_down_agreed", std::nullopt);  // check_level lets the consultant alone do this
                  else if (e.level != level) add("level", std::nullopt);
                  e.level = level;
                  e.disposition = disposition;
                  e.closed_by = asker.caller.user;
                  e.closed_at = asker.now;
                  e.step_down.reset();
                  e.reassess_date = reassess ? reassess : default_reassessment(level, last && last->level == level, place.today);
                  ++e.escalations;
                  e.next_escalation_at = std::nullopt;
                  add("closed", disposition);
                  return {};
                });
}

std::string event_schema(bool with_steps) {
  const std::string person = patients::user_schema() + "!";
  const std::string step_down =
      R"({"type":["object","null"],"properties":{"to_level":{"type":"string"},"reason":{"type":"string"},"asked_by":)" +
      patients::user_schema() +
      R"(,"asked_at":{"type":"string","format":"date-time"}},"required":["to_level","reason","asked_by","asked_at"]}!)";
  const std::string step = http::schema({{"number", "integer!"},
                                         {"at", "instant!"},
                                         {"kind", "text!"},
                                         {"by", person},
                                         {"to", person},
                                         {"channel", "in_app|mail|sms?!"},
                                         {"rung", "text?!"},
                                         {"level", "none|low|moderate|high?!"},
                                         {"action", "text?!"},
                                         {"text", "text?!"},
                                         {"measurement_id", "id?!"}});
  const std::string on_duty = http::schema({{"rung", "text!"}, {"user", person}, {"channels", "[]text!"}});
  std::string row = http::schema({{"id", "id!"},
                                  {"patient_id", "id!"},
                                  {"signalled_at", "instant!"},
                                  {"signalled_date", "date!"},
                                  {"signal", "text!"},
                                  {"measurement_id", "id?!"},
                                  {"note", "text?!"},
                                  {"due_at", "instant!"},
                                  {"acknowledged_by", person},
                                  {"acknowledged_at", "instant?!"},
                                  {"level", "none|low|moderate|high?!"},
                                  {"disposition", "text?!"},
                                  {"closed_by", person},
                                  {"closed_at", "instant?!"},
                                  {"reassess_date", "date?!"},
                                  {"version", "integer!"},
                                  {"state", "unacknowledged|acknowledged|assessed|closed!"},
                                  {"has_it", person},
                                  {"notified_at", "instant?!"},
                                  {"assessed_by", person},
                                  {"assessed_at", "instant?!"},
                                  {"assessment_id", "id?!"},
                                  {"assessed_otherwise", "text?!"},
                                  {"found_level", "none|low|moderate|high?!"},
                                  {"step_down", step_down},
                                  {"escalations", "integer!"},
                                  {"next_escalation_at", "instant?!"},
                                  {"minutes_to_acknowledge", "integer?!"},
                                  {"minutes_to_assessment", "integer?!"},
                                  {"reassessed_on", "date?!"},
                                  {"follow_up_ended", "boolean!"},
                                  {"steps", R"({"type":"array","items":)" + step + (with_steps ? "}!" : "}")},
                                  {"ladder", R"({"type":"array","items":)" + on_duty + (with_steps ? "}!" : "}")}});
  return row;
}

}  // namespace

void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& e : list(tx, asker.organization(), place.patient)) write(chart, w, tx, asker.caller, e);
  w.end();
}

void write_plan_line(const Chart&, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto plan = last_plan(tx, asker.organization(), place.patient);
  if (!plan) {
    w.null();
    return;
  }
  w.object()
      .field("version", plan->version)
      .field("written_at", plan->written_at)
      .field("language", plan->language)
      .field("written_by_patient", plan->written_by_kind == "patient")
      .end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Answer = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Answer step) -> http::Handler {
    return [deps, step](const Call& call) { return step(deps, call); };
  };
  using http::Method;
  using http::RunAs;
  const std::string row = event_schema(false), whole = event_schema(true);
  const std::string base = "/api/v1/patients/{patient_id}/safety-events";
  const auto act = [&](std::string path, std::string name, std::string permission, std::string summary, std::string body,
                       Answer step) {
    http::Route route;
    route.method = Method::post;
    route.pattern = base + "/{safety_event_id}/" + path;
    route.name = std::move(name);
    route.permission = std::move(permission);
    route.summary = std::move(summary);
    route.run_as = RunAs::write;
    route.request_schema = std::move(body);
    route.response_schema = whole;
    route.handler = handler(step);
    return route;
  };
  const std::string number_or_null = R"({"type":["number","null"]}!)";
  const std::string next =
      R"({"type":["object","null"],"properties":{"person":)" + patients::user_schema() +
      R"(,"rung":{"type":"string"},"at":{"type":"string","format":"date-time"}},"required":["person","rung","at"]}!)";
  const std::string board_row = http::schema(
      {{"event", row + "!"},
       {"patient", http::schema({{"id", "id!"}, {"given_name", "text!"}, {"family_name", "text!"}, {"site_id", "id?!"}}) + "!"},
       {"minutes_open", "integer!"},
       {"overdue", "boolean!"},
       {"next", next},
       {"not_delivered", "integer!"}});
  const std::string times = http::schema({{"days", "integer!"},
                                          {"events", "integer!"},
                                          {"acknowledged", "integer!"},
                                          {"assessed", "integer!"},
                                          {"late", "integer!"},
                                          {"median_minutes_to_acknowledge", number_or_null},
                                          {"median_minutes_to_assessment", number_or_null}});
  std::vector<http::Route> all = {
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
      {Method::get,
       "/api/v1/safety-board",
       "safety.board",
       "safety.read",
       "Open safety events with who has them, for how long and who is asked next; how long hand-offs take",
       RunAs::list,
       false,
       "",
       http::schema({{"items", R"({"type":"array","items":)" + board_row + "}!"}, {"times", times + "!"}, {"next", "text?!"}}),
       {{"limit", "1 to 200"}, {"after", "page key"}},
       handler(show_board)},
      {Method::post,
       base,
       "safety.create",
       "safety.write",
       "Somebody of the staff is worried about the patient",
       RunAs::write,
       true,
       http::schema({{"signal", R"({"const":"staff concern"}!)"}, {"note", "text"}}, true),
       whole,
       {},
       handler(create_event)},
      {Method::get,
       base + "/{safety_event_id}",
       "safety.read",
       "safety.read",
       "A safety event with everything that happened",
       RunAs::point,
       false,
       "",
       whole,
       {},
       handler(read_event)},
      act("acknowledge", "safety.acknowledge", "safety.close", "A clinician takes it", "", acknowledge_event),
      act("take-over", "safety.take_over", "safety.close", "Another clinician takes it over", "", take_over_event),
      act("assess", "safety.assess", "safety.close", "The assessment: a C-SSRS, or why without one",
          http::schema({{"measurement_id", "id"},
                        {"assessed_otherwise", "text"},
                        {"level", "none|low|moderate|high"},
                        {"form", "recent|since_last_contact"},
                        {"note", "text"}},
                       true),
          assess_event),
      act("actions", "safety.action", "safety.close", "Something was done for the patient's safety",
          http::schema(
              {{"action",
                "safety_plan|means_safety|warm_hand_off|called_988|emergency_911|told_pcp|told_consultant|told_supports|other!"},
               {"note", "text"}},
              true),
          add_action),
      act("step-down", "safety.ask_step_down", "safety.close", "Ask the consultant to agree to a lower level",
          http::schema({{"to_level", "none|low|moderate|high!"}, {"reason", "text!"}}, true), ask_step_down_of),
      act("step-down/answer", "safety.answer_step_down", "safety.step_down",
          "The consultant agrees to the lower level, or does not",
          http::schema({{"agree", "boolean!"}, {"reason", "text"}}, true), answer_step_down_of),
      act("reassessments", "safety.reassess", "safety.close", "A reassessment, and when the next one is due",
          http::schema({{"measurement_id", "id"},
                        {"assessed_otherwise", "text"},
                        {"level", "none|low|moderate|high"},
                        {"form", "recent|since_last_contact"},
                        {"note", "text"},
                        {"next_date", "date"},
                        {"ends", "boolean"}},
                       true),
          reassess_event),
      act("close", "safety.close", "safety.close", "A clinician's level and disposition end it",
          http::schema({{"level", "none|low|moderate|high!"},
                        {"disposition", "text!"},
                        {"reassess_date", "date"},
                        {"assessed_otherwise", "text"}},
                       true),
          close_event),
  };
  for (auto& route : internal::on_call_routes(deps)) all.push_back(std::move(route));
  for (auto& route : internal::plan_routes(deps)) all.push_back(std::move(route));
  for (auto& route : internal::crisis_routes(deps)) all.push_back(std::move(route));
  return all;
}

}  // namespace concord::safety
