#include "billing/billing_api.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "base/zone.h"
#include "billing/billing_json.h"
#include "billing/billing_store.h"
#include "json/edits.h"

namespace concord::billing {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

constexpr int kLongestTimerMinutes = 8 * 60;  ///< a clock that ran longer was forgotten: a person says the minutes

bool may_read_notes(const Caller& caller) { return caller.role != "billing" && caller.role != "privacy_officer"; }

std::int64_t version_of(const TimeEntry& t) { return t.ended_at ? 2 : 1; }

void write_entry(const Deps& deps, json::Writer& w, db::Tx& tx, const Caller& caller, const TimeEntry& t, int counted,
                 std::optional<Reason> reason) {
  const Chart& chart = *deps.chart;
  w.object()
      .field("id", t.id)
      .field("date", t.date)
      .field("start", clock(t.start_minute))
      .field("end", t.start_minute ? clock(*t.start_minute + t.minutes) : std::nullopt)
      .field("minutes", t.minutes)
      .field("activity", t.activity)
      .key("note");
  if (may_read_notes(caller)) w.value(t.note);
  else w.null();
  w.key("staff");
  chart.write_user(w, tx, caller, t.staff);
  w.field("staff_name", t.staff_name)
      .field("staff_role", t.staff_role)
      .field("source", t.source)
      .field("contact_id", t.contact)
      .field("separately_billed", t.separately_billed)
      .field("minutes_counted", counted)
      .key("reason");
  if (reason && *reason != Reason::none) w.value(name(*reason));
  else w.null();
  w.field("entered_at", t.entered_at).field("version", version_of(t)).key("corrected");
  if (t.ended_at) {
    w.object().field("at", t.ended_at).key("by");
    chart.write_user(w, tx, caller, t.ended_by);
    w.field("reason", t.end_reason).field("replaced_by", t.replaced_by).end();
  } else {
    w.null();
  }
  w.end();
}

/// One patient's month: facts, verdicts, codes.
struct Ledger {
  Book book;
  std::vector<Verdict> verdicts;  ///< of the patient's entries
  PatientMonth month;
};

/// `ledger` must stay where it is: verdicts and month point into its book.
void fill(Ledger& ledger, const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, Month month) {
  ledger.book = load_patient(tx, organization, place.patient, place.site, month, *deps.rules);
  for (auto& v : judge(ledger.book, month))
    if (v.entry->patient == place.patient.uuid) ledger.verdicts.push_back(v);
  const auto terms = terms_of(*deps.rules, list_settings(tx, organization, *deps.rules), month);
  auto all = months(ledger.book, month, *deps.rules, terms);
  if (!all.empty()) {
    ledger.month = std::move(all.front());
  } else {
    // Neither minutes nor an episode: nothing counts, and the next code is as far away as it can be.
    ledger.month.patient = place.patient.uuid;
    ledger.month.next = next_code(0, true, terms("", ""), deps.rules->numbers);
  }
}

Month month_of(const std::optional<Month>& asked, const Place& place) { return asked.value_or(Month::of(place.today)); }

Result<std::optional<Month>> read_month(const http::Request& request) {
  const auto text = request.parameter("month");
  if (!text || text->empty()) return std::optional<Month>();
  const auto month = Month::parse(*text);
  if (!month) return fail(ErrorCode::invalid, "The month cannot be read.", {{"month", "must be like 2026-03"}});
  return month;
}

tl::unexpected<Error> closed_month(Month month) {
  return fail(ErrorCode::conflict,
              month.words() + " is closed. Billing can reopen it and give the reason; after that the minutes can be changed.",
              {{"date", "lies in a closed month"}});
}

Result<void> check_open(db::Tx& tx, OrganizationId organization, const Place& place, Date day) {
  const auto closed = closed_through(tx, organization, place.site);
  if (closed && Month::of(day) <= *closed) return closed_month(Month::of(day));
  return {};
}

/// The answer when minutes lie over others of the same person; nothing when they do not.
std::optional<Reply> overlap_reply(const Deps& deps, db::Tx& tx, const Asker& asker, const TimeEntry& entry,
                                   std::optional<TimeEntryId> except) {
  if (!entry.staff || !entry.start_minute || entry.minutes <= 0) return std::nullopt;
  const auto organization = asker.organization();
  const auto found = overlaps(tx, organization, *entry.staff, entry.date, *entry.start_minute, entry.minutes, except);
  if (found.empty()) return std::nullopt;
  std::string list;
  json::Writer w(list);
  w.array();
  for (const auto& other : found) {
    w.object()
        .field("entry_id", other.id)
        .field("date", other.date)
        .field("start", clock(other.start_minute))
        .field("end", clock(*other.start_minute + other.minutes))
        .key("patient");
    // Whoever may not see that patient learns the time only.
    if (deps.chart->find(tx, asker.caller, asker.now, other.patient))
      w.object().field("id", other.patient).field("name", display_name(tx, organization, other.patient)).end();
    else w.null();
    w.end();
  }
  w.end();
  Error error{ErrorCode::conflict,
              "These minutes overlap others of the same person, from " + *clock(found.front().start_minute) + " to " +
                  *clock(*found.front().start_minute + found.front().minutes) + ". One minute can be spent once.",
              {{"start", "lies over other minutes"}},
              {}};
  Reply reply = http::problem_reply(error, asker.request_id, "overlaps", list);
  reply.audit_patient = entry.patient.uuid;
  return reply;
}

/// What POST minutes, corrections and the timer read.
struct Draft {
  std::optional<Date> date;
  std::optional<int> start;
  bool start_given = false;
  std::optional<int> minutes;
  std::optional<std::string> activity, note;
  std::optional<bool> separately_billed;
};

std::optional<std::string> read_activity(const json::Cursor& at, const Rules& rules) {
  auto activity = at.string(1, 60);
  if (activity && !rules.is_offered(*activity)) {
    std::string all;
    for (const auto& one : rules.activities)
      if (one.offered) all += (all.empty() ? "" : ", ") + one.activity;
    at.issue("must be one of: " + all);
    return std::nullopt;
  }
  return activity;
}

Draft read_draft(const json::Cursor& body, const Rules& rules) {
  Draft d;
  d.date = body.optional("date").date();
  const auto start = body.optional("start");
  d.start_given = start.value() != nullptr;
  if (start.present())
    if (const auto text = start.string(1, 5)) {
      d.start = parse_clock(*text);
      if (!d.start) start.issue("must be a time of day like 09:05");
    }
  if (const auto minutes = body.optional("minutes").integer(1, 24 * 60)) d.minutes = static_cast<int>(*minutes);
  if (const auto activity = body.optional("activity"); activity.present()) d.activity = read_activity(activity, rules);
  d.note = body.optional("note").string(0, 2000);
  d.separately_billed = body.optional("separately_billed").boolean();
  return d;
}

void check_entry(const TimeEntry& t, const Place& place, Instant now, std::vector<Issue>& issues) {
  patients::check_not_after(t.date, place.today, "date", issues);
  if (issues.empty() && t.start_minute &&
      at_local_time(t.date, *t.start_minute, place.zone) + std::chrono::minutes(t.minutes) > now + std::chrono::minutes(1))
    issues.push_back({"minutes", "must not end in the future"});
}

std::string entry_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, TimeEntryId id) {
  Ledger ledger;
  const auto entry = find_entry(tx, asker.organization(), place.patient, id);
  fill(ledger, deps, tx, asker.organization(), place, Month::of(entry->date));
  std::string out;
  json::Writer w(out);
  const auto verdict =
      std::find_if(ledger.verdicts.begin(), ledger.verdicts.end(), [&](const Verdict& v) { return v.entry->id == id.uuid; });
  if (verdict == ledger.verdicts.end()) write_entry(deps, w, tx, asker.caller, *entry, 0, std::nullopt);
  else write_entry(deps, w, tx, asker.caller, *entry, verdict->counted, verdict->reason);
  return out;
}

Result<Work> read_minutes(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto asked, read_month(call.request));
  return Work([deps, asker = Asker(call), patient, asked](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto organization = asker.organization();
    const Month month = month_of(asked, place);
    Ledger ledger;
    fill(ledger, *deps, tx, organization, place, month);
    const auto closed = closed_through(tx, organization, place.site);
    std::string body;
    json::Writer w(body);
    w.object().field("month", month.text()).field("closed", closed && month <= *closed);
    write_members(w, ledger.month);
    w.key("payer");
    write(w, ledger.month.payer);
    w.key("items").array();
    for (const auto& entry : list_entries(tx, organization, patient, month.first.plus_days(-1), month.last())) {
      const auto verdict = std::find_if(ledger.verdicts.begin(), ledger.verdicts.end(),
                                        [&](const Verdict& v) { return v.entry->id == entry.id.uuid; });
      if (verdict != ledger.verdicts.end()) write_entry(*deps, w, tx, asker.caller, entry, verdict->counted, verdict->reason);
      else if (month.holds(entry.date)) write_entry(*deps, w, tx, asker.caller, entry, 0, std::nullopt);
    }
    w.end().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Reply entry_reply(int status, std::string body, const TimeEntry& entry) {
  Reply reply = changed(status, std::move(body), entry.patient, entry.id.uuid);
  reply.location = "/api/v1/patients/" + entry.patient.text() + "/minutes?month=" + Month::of(entry.date).text();
  reply.version = version_of(entry);
  return reply;
}

Result<Work> create_minutes(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "start", "minutes", "activity", "note", "separately_billed"});
  const Draft draft = read_draft(body, *deps->rules);
  if (!body.optional("minutes").present()) body.required("minutes").integer(1, 24 * 60);
  if (!body.optional("activity").present()) body.required("activity").string(1, 60);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, draft](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    TimeEntry t;
    t.id = TimeEntryId(deps->chart->ids->next());
    t.patient = patient;
    t.date = draft.date.value_or(place.today);
    t.start_minute = draft.start;
    t.minutes = *draft.minutes;
    t.activity = *draft.activity;
    t.note = draft.note.value_or("");
    t.separately_billed = draft.separately_billed.value_or(false);
    t.staff = asker.caller.user;
    t.staff_name = asker.caller.display_name;
    t.staff_role = asker.caller.role;
    t.source = "manual";
    t.entered_by = asker.caller.user;
    t.entered_at = asker.now;
    std::vector<Issue> wrong;
    check_entry(t, place, asker.now, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    CONCORD_TRY_VOID(check_open(tx, asker.organization(), place, t.date));
    if (auto refused = overlap_reply(*deps, tx, asker, t, std::nullopt)) return *refused;
    insert(tx, asker.organization(), t);
    deps->chart->refresh_caseload(tx, asker.organization(), patient);
    return entry_reply(201, entry_json(*deps, tx, asker, place, t.id), t);
  });
}

/// The entry to change, or the answer why it cannot be.
struct Changeable {
  std::optional<TimeEntry> entry;
  std::optional<Reply> refused;
};
Result<Changeable> changeable(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, TimeEntryId id,
                              std::int64_t version) {
  Changeable out;
  out.entry = find_entry(tx, asker.organization(), place.patient, id);
  if (!out.entry) return http::not_found();
  if (version_of(*out.entry) != version || out.entry->ended_at) {
    out.refused = stale(asker.request_id, entry_json(deps, tx, asker, place, id), place.patient, id.uuid);
    return out;
  }
  if (out.entry->contact)
    return fail(ErrorCode::conflict, "These minutes belong to a contact. Change the contact, and they change with it.");
  CONCORD_TRY_VOID(check_open(tx, asker.organization(), place, out.entry->date));
  return out;
}

Result<Work> correct_minutes(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<TimeEntryId>("entry_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "start", "minutes", "activity", "note", "separately_billed", "reason"});
  const Draft draft = read_draft(body, *deps->rules);
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, draft, reason = *reason](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    CONCORD_TRY(const auto found, changeable(*deps, tx, asker, place, id, version));
    if (found.refused) return *found.refused;
    TimeEntry t = *found.entry;
    t.id = TimeEntryId(deps->chart->ids->next());
    if (draft.date) t.date = *draft.date;
    if (draft.start_given) t.start_minute = draft.start;
    if (draft.minutes) t.minutes = *draft.minutes;
    if (draft.activity) t.activity = *draft.activity;
    if (draft.note) t.note = *draft.note;
    if (draft.separately_billed) t.separately_billed = *draft.separately_billed;
    t.entered_by = asker.caller.user;
    t.entered_at = asker.now;
    std::vector<Issue> wrong;
    check_entry(t, place, asker.now, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    CONCORD_TRY_VOID(check_open(tx, organization, place, t.date));
    if (auto refused = overlap_reply(*deps, tx, asker, t, id)) return *refused;
    if (!end_entry(tx, organization, *found.entry, asker.now, asker.caller.user, reason, t.id))
      return stale(asker.request_id, entry_json(*deps, tx, asker, place, id), patient, id.uuid);
    insert(tx, organization, t);
    deps->chart->refresh_caseload(tx, organization, patient);
    return entry_reply(201, entry_json(*deps, tx, asker, place, t.id), t);
  });
}

Result<Work> remove_minutes(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<TimeEntryId>("entry_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, reason = *reason](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    CONCORD_TRY(const auto found, changeable(*deps, tx, asker, place, id, version));
    if (found.refused) return *found.refused;
    if (!end_entry(tx, organization, *found.entry, asker.now, asker.caller.user, reason, std::nullopt))
      return stale(asker.request_id, entry_json(*deps, tx, asker, place, id), patient, id.uuid);
    deps->chart->refresh_caseload(tx, organization, patient);
    auto reply = entry_reply(200, entry_json(*deps, tx, asker, place, id), *found.entry);
    reply.version = 2;
    return reply;
  });
}

// -- the timer

int elapsed_minutes(const Timer& timer, Instant now) {
  return static_cast<int>(std::chrono::floor<std::chrono::minutes>(now - timer.started_at).count());
}

void write_timer(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Timer& timer) {
  w.object().key("patient");
  if (deps.chart->find(tx, asker.caller, asker.now, timer.patient))
    w.object().field("id", timer.patient).field("name", display_name(tx, asker.organization(), timer.patient)).end();
  else w.null();
  w.field("activity", timer.activity)
      .field("note", timer.note)
      .field("started_at", timer.started_at)
      .field("minutes", elapsed_minutes(timer, asker.now))
      .end();
}

std::string timer_json(const Deps& deps, db::Tx& tx, const Asker& asker, const std::optional<Timer>& timer) {
  std::string out;
  json::Writer w(out);
  w.object().key("timer");
  if (timer) write_timer(deps, w, tx, asker, *timer);
  else w.null();
  w.end();
  return out;
}

Result<Work> read_timer(const Kept& deps, const Call& call) {
  return Work([deps, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto timer = find_timer(tx, asker.organization(), asker.caller.user);
    Reply reply = http::json_reply(200, timer_json(*deps, tx, asker, timer));
    if (timer) reply.audit_patient = timer->patient.uuid;
    return reply;
  });
}

Result<Work> start_timer(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"patient_id", "activity", "note"});
  // An id that is none answers like one of somebody else.
  const auto patient_text = body.required("patient_id").string(1, 60);
  const auto activity = read_activity(body.required("activity"), *deps->rules);
  const auto note = body.optional("note").string(0, 2000).value_or("");
  if (!issues.empty()) return issues.error();
  const auto patient = PatientId::parse(*patient_text);
  if (!patient) return http::not_found();
  return Work([deps, asker = Asker(call), timer = Timer{*patient, *activity, note, call.now}](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, timer.patient));
    if (const auto running = find_timer(tx, asker.organization(), asker.caller.user)) {
      std::string now_running;
      json::Writer w(now_running);
      write_timer(*deps, w, tx, asker, *running);
      return http::problem_reply(Error{ErrorCode::conflict, "A timer of yours runs already. Stop it first.", {}, {}},
                                 asker.request_id, "timer", now_running);
    }
    billing::start_timer(tx, asker.organization(), asker.caller.user, timer);
    Reply reply = changed(201, timer_json(*deps, tx, asker, timer), timer.patient, asker.caller.user.uuid);
    reply.location = "/api/v1/timer";
    return reply;
  });
}

Result<Work> stop_timer(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"keep", "minutes", "activity", "note"});
  const bool keep = body.optional("keep").boolean().value_or(true);
  const Draft draft = read_draft(body, *deps->rules);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), keep, draft](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const auto timer = find_timer(tx, organization, asker.caller.user);
    if (!timer) return http::json_reply(200, R"({"entry":null,"minutes":0,"started_at":null})");
    const int elapsed = elapsed_minutes(*timer, asker.now);
    if (keep && draft.minutes && *draft.minutes > std::max(elapsed, 1))
      return fail(ErrorCode::invalid, "The timer did not run that long.",
                  {{"minutes", "must not be more than " + std::to_string(elapsed)}});
    if (keep && !draft.minutes && elapsed > kLongestTimerMinutes)
      return fail(ErrorCode::invalid, "The timer ran for more than 8 hours. Say how many minutes you worked.",
                  {{"minutes", "is required after more than 8 hours"}});
    const int minutes = draft.minutes.value_or(elapsed);
    std::optional<TimeEntry> stored;
    std::optional<Place> place;
    if (keep && minutes > 0) {
      CONCORD_TRY(place, deps->chart->find(tx, asker.caller, asker.now, timer->patient));
      TimeEntry t;
      t.id = TimeEntryId(deps->chart->ids->next());
      t.patient = timer->patient;
      t.date = local_date(timer->started_at, place->zone);
      t.start_minute = local_minute_of_day(timer->started_at, place->zone);
      t.minutes = minutes;
      t.activity = draft.activity.value_or(timer->activity);
      t.note = draft.note.value_or(timer->note);
      t.staff = asker.caller.user;
      t.staff_name = asker.caller.display_name;
      t.staff_role = asker.caller.role;
      t.source = "timer";
      t.entered_by = asker.caller.user;
      t.entered_at = asker.now;
      CONCORD_TRY_VOID(check_open(tx, organization, *place, t.date));
      if (auto refused = overlap_reply(*deps, tx, asker, t, std::nullopt)) return *refused;
      insert(tx, organization, t);
      stored = std::move(t);
    }
    delete_timer(tx, organization, asker.caller.user);
    if (stored) deps->chart->refresh_caseload(tx, organization, stored->patient);
    std::string out;
    json::Writer w(out);
    w.object().key("entry");
    if (stored) w.raw(entry_json(*deps, tx, asker, *place, stored->id));
    else w.null();
    w.field("minutes", minutes).field("started_at", timer->started_at).end();
    return changed(200, std::move(out), timer->patient, stored ? stored->id.uuid : asker.caller.user.uuid);
  });
}

// -- initiating visits, services billed elsewhere, hospital stays

std::optional<std::string> read_code(const json::Cursor& at) {
  auto code = at.string(1, 10);
  if (!code) return std::nullopt;
  for (char& c : *code)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (!looks_like_code(*code)) {
    at.issue("must be a code of five letters or digits");
    return std::nullopt;
  }
  return code;
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Caller& caller, const Visit& v) {
  w.object()
      .field("id", v.id)
      .field("date", v.date)
      .field("code", v.code)
      .field("practitioner", v.practitioner)
      .field("source", v.source);
  w.key("recorded_by");
  deps.chart->write_user(w, tx, caller, v.recorded_by);
  w.field("recorded_at", v.recorded_at).end();
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Caller& caller, const Service& s) {
  w.object()
      .field("id", s.id)
      .field("date", s.date)
      .field("code", s.code)
      .field("practitioner", s.practitioner)
      .key("recorded_by");
  deps.chart->write_user(w, tx, caller, s.recorded_by);
  w.field("recorded_at", s.recorded_at).end();
}

void write(const Deps&, json::Writer& w, db::Tx&, const Caller&, const Stay& s) {
  w.object()
      .field("id", s.id)
      .field("kind", s.kind)
      .field("admit_date", s.admit_date)
      .field("admit_time", clock(s.admit_minute))
      .field("discharge_date", s.discharge_date)
      .field("discharge_time", clock(s.discharge_minute))
      .field("version", s.version)
      .end();
}

template <class Row>
std::string row_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Row& row) {
  std::string out;
  json::Writer w(out);
  write(deps, w, tx, asker.caller, row);
  return out;
}

/// A list of a patient's rows.
template <auto List>
Result<Work> list_rows(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& row : List(tx, asker.organization(), patient)) write(*deps, w, tx, asker.caller, row);
    w.end().key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

/// Takes one of a patient's rows back; the row itself stays in the table.
template <auto Remove>
Result<Work> remove_row(const Kept& deps, const Call& call, std::string_view parameter) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  using RowId = Id<struct RemovedRowTag>;
  CONCORD_TRY(const auto id, call.path_id<RowId>(parameter));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    if (!Remove(tx, asker.organization(), patient, id.uuid, asker.now)) return http::not_found();
    deps->chart->refresh_caseload(tx, asker.organization(), patient);
    return changed(204, "", patient, id.uuid);
  });
}

Result<Work> drop_visit(const Kept& deps, const Call& call) { return remove_row<remove_visit>(deps, call, "visit_id"); }
Result<Work> drop_service(const Kept& deps, const Call& call) { return remove_row<remove_service>(deps, call, "service_id"); }
Result<Work> drop_stay(const Kept& deps, const Call& call) { return remove_row<remove_stay>(deps, call, "stay_id"); }

template <class Row>
Reply created(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient, const Row& row, std::string_view list) {
  Reply reply = changed(201, row_json(deps, tx, asker, row), patient, row.id);
  reply.location = "/api/v1/patients/" + patient.text() + "/" + std::string(list) + "/" + row.id.text();
  return reply;
}

Result<Work> create_visit(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "code", "practitioner", "source"});
  Visit visit;
  const auto date = body.required("date").date();
  const auto code = read_code(body.required("code"));
  if (code && !deps->rules->is_initiating_visit(*code))
    body.required("code").issue("is no initiating visit (office visit 99202 to 99215, G0402, G0438, G0439, 99495, 99496)");
  visit.practitioner = body.optional("practitioner").string(0, 200).value_or("");
  visit.source = body.optional("source").string(0, 200).value_or("");
  if (!issues.empty()) return issues.error();
  visit.date = *date;
  visit.code = *code;
  return Work([deps, asker = Asker(call), patient, visit](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::vector<Issue> wrong;
    patients::check_not_after(visit.date, place.today, "date", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    Visit row = visit;
    row.id = deps->chart->ids->next();
    row.recorded_by = asker.caller.user;
    row.recorded_at = asker.now;
    insert(tx, asker.organization(), patient, row);
    deps->chart->refresh_caseload(tx, asker.organization(), patient);
    return created(*deps, tx, asker, patient, row, "initiating-visits");
  });
}

Result<Work> create_service(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "code", "practitioner"});
  Service service;
  const auto date = body.required("date").date();
  const auto code = read_code(body.required("code"));
  if (code && !deps->rules->is_apcm_base(*code) && !deps->rules->is_general_bhi(*code))
    body.required("code").issue("matters to no code here (G0556, G0557, G0558, 99484, G0323 do)");
  service.practitioner = body.optional("practitioner").string(0, 200).value_or("");
  if (!issues.empty()) return issues.error();
  service.date = *date;
  service.code = *code;
  return Work([deps, asker = Asker(call), patient, service](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::vector<Issue> wrong;
    patients::check_not_after(service.date, place.today, "date", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    Service row = service;
    row.id = deps->chart->ids->next();
    row.recorded_by = asker.caller.user;
    row.recorded_at = asker.now;
    insert(tx, asker.organization(), patient, row);
    return created(*deps, tx, asker, patient, row, "outside-services");
  });
}

std::optional<int> read_time(const json::Cursor& at) {
  if (!at.present()) return std::nullopt;
  const auto text = at.string(1, 5);
  if (!text) return std::nullopt;
  const auto minute = parse_clock(*text);
  if (!minute) at.issue("must be a time of day like 14:30");
  return minute;
}

void check_stay(const Stay& s, Date today, std::vector<Issue>& issues) {
  patients::check_not_after(s.admit_date, today, "admit_date", issues);
  if (s.discharge_date) {
    patients::check_not_after(*s.discharge_date, today, "discharge_date", issues);
    if (*s.discharge_date < s.admit_date) issues.push_back({"discharge_date", "must not be before the admission"});
    if (*s.discharge_date == s.admit_date && s.admit_minute && s.discharge_minute && *s.discharge_minute < *s.admit_minute)
      issues.push_back({"discharge_time", "must not be before the admission"});
  } else if (s.discharge_minute) {
    issues.push_back({"discharge_date", "is needed with discharge_time"});
  }
}

Result<Work> create_stay(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "admit_date", "admit_time", "discharge_date", "discharge_time"});
  Stay stay_row;
  if (const auto kind = body.required("kind").one_of({"inpatient", "observation"})) stay_row.kind = *kind;
  if (const auto admitted = body.required("admit_date").date()) stay_row.admit_date = *admitted;
  stay_row.admit_minute = read_time(body.optional("admit_time"));
  stay_row.discharge_date = body.optional("discharge_date").date();
  stay_row.discharge_minute = read_time(body.optional("discharge_time"));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, stay_row](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::vector<Issue> wrong;
    check_stay(stay_row, place.today, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    Stay row = stay_row;
    row.id = deps->chart->ids->next();
    insert(tx, asker.organization(), patient, row, asker.caller.user, asker.now);
    auto reply = created(*deps, tx, asker, patient, row, "inpatient-stays");
    reply.version = row.version;
    return reply;
  });
}

Result<Work> discharge_stay(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  using StayId = Id<struct StayTag>;
  CONCORD_TRY(const auto id, call.path_id<StayId>("stay_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"discharge_date", "discharge_time"});
  const auto date = body.required("discharge_date").date();
  const auto minute = read_time(body.optional("discharge_time"));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, date = *date, minute](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::optional<Stay> before;
    for (auto& row : list_stays(tx, asker.organization(), patient))
      if (row.id == id.uuid) before = std::move(row);
    if (!before) return http::not_found();
    if (before->version != version) return stale(asker.request_id, row_json(*deps, tx, asker, *before), patient, id.uuid);
    Stay after = *before;
    after.discharge_date = date;
    after.discharge_minute = minute;
    ++after.version;
    std::vector<Issue> wrong;
    check_stay(after, place.today, wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!discharge(tx, asker.organization(), patient, *before, date, minute))
      return stale(asker.request_id, row_json(*deps, tx, asker, *before), patient, id.uuid);
    Reply reply = changed(200, row_json(*deps, tx, asker, after), patient, id.uuid);
    reply.version = after.version;
    return reply;
  });
}

Result<Work> choose(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  const auto month = Month::parse(call.path_parameter("month"));
  if (!month) return http::not_found();
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"family", "reason"});
  const auto family = body.required("family").one_of({"time_codes", "apcm", "general_bhi", "none"});
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, month = *month, family = *parse_family(*family),
               reason = *reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    CONCORD_TRY_VOID(check_open(tx, asker.organization(), place, month.first));
    set_choice(tx, asker.organization(), patient, month, family, reason, asker.caller.user, asker.now);
    std::string out;
    json::Writer w(out);
    w.object().field("month", month.text()).field("family", name(family)).field("reason", reason).end();
    return changed(200, std::move(out), patient, patient.uuid);
  });
}

std::string entry_schema() {
  const std::string person =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}}}!)";
  return http::schema({{"id", "id!"},
                       {"date", "date!"},
                       {"start", "text?!"},
                       {"end", "text?!"},
                       {"minutes", "integer!"},
                       {"activity", "text!"},
                       {"note", "text?!"},
                       {"staff", person},
                       {"staff_name", "text!"},
                       {"staff_role", "text!"},
                       {"source", "text!"},
                       {"contact_id", R"({"type":["string","null"],"format":"uuid"}!)"},
                       {"separately_billed", "boolean!"},
                       {"minutes_counted", "integer!"},
                       {"reason", "text?!"},
                       {"entered_at", "instant?!"},
                       {"version", "integer!"},
                       {"corrected", R"({"type":["object","null"]}!)"}});
}

}  // namespace

std::string display_name(db::Tx& tx, OrganizationId organization, PatientId patient) {
  const auto found = find_billed(tx, organization, patient);
  if (!found) return "";
  if (found->given_name.empty()) return found->family_name;
  return found->family_name + ", " + found->given_name;
}

void write_month(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  Ledger ledger;
  const Month month = Month::of(place.today);
  fill(ledger, deps, tx, asker.organization(), place, month);
  w.object().field("month", month.text());
  write_members(w, ledger.month);
  w.end();
}

Result<std::optional<Reply>> refuse_minutes(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place,
                                            const TimeEntry& entry, std::optional<TimeEntryId> replaces) {
  // A contact may be written down late; its minutes then do not count in the closed month. Nothing there changes.
  if (replaces) CONCORD_TRY_VOID(check_open(tx, asker.organization(), place, entry.date));
  return overlap_reply(deps, tx, asker, entry, replaces);
}

int minutes_counted(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, Date day) {
  const Month month = Month::of(day);
  const Book book = load_minutes(tx, organization, place.patient, place.site, month, *deps.rules);
  int minutes = 0;
  for (const auto& v : judge(book, month))
    if (v.entry->patient == place.patient.uuid) minutes += v.counted;
  return minutes;
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string patient = "/api/v1/patients/{patient_id}";
  const std::string entry = entry_schema();
  const std::string ledger = http::schema({{"month", "text!"},
                                           {"closed", "boolean!"},
                                           {"minutes_counted", "integer!"},
                                           {"minutes_not_counted", "integer!"},
                                           {"initial", "boolean!"},
                                           {"codes", "[]" + code_schema() + "!"},
                                           {"missing", "[]" + missing_schema() + "!"},
                                           {"next", next_schema() + "!"},
                                           {"payer", payer_schema() + "!"},
                                           {"items", "[]" + entry + "!"}});
  const std::string timer = http::schema({{"timer", R"({"type":["object","null"]}!)"}});
  const std::string visit =
      http::schema({{"id", "id!"}, {"date", "date!"}, {"code", "text!"}, {"practitioner", "text!"}, {"source", "text!"}});
  const std::string service = http::schema({{"id", "id!"}, {"date", "date!"}, {"code", "text!"}, {"practitioner", "text!"}});
  const std::string stay_row = http::schema({{"id", "id!"},
                                             {"kind", "inpatient|observation!"},
                                             {"admit_date", "date!"},
                                             {"admit_time", "text?!"},
                                             {"discharge_date", "date?!"},
                                             {"discharge_time", "text?!"},
                                             {"version", "integer!"}});
  std::vector<http::Route> all;
  const auto add = [&](Method method, std::string pattern, std::string route_name, std::string permission, std::string summary,
                       RunAs run_as, bool creates, std::string request, std::string response, Step step) {
    all.push_back({method,
                   std::move(pattern),
                   std::move(route_name),
                   std::move(permission),
                   std::move(summary),
                   run_as,
                   creates,
                   std::move(request),
                   std::move(response),
                   {},
                   handler(step)});
  };
  add(Method::get, patient + "/minutes", "minutes.list", "minutes.read",
      "A patient's minutes of a month: what counts and why not", RunAs::list, false, "", ledger, read_minutes);
  all.back().query_parameters = {{"month", "YYYY-MM; without it this month"}};
  const std::string_view start_word = "text?";
  add(Method::post, patient + "/minutes", "minutes.create", "minutes.write", "Minutes spent for a patient", RunAs::write, true,
      http::schema({{"date", "date"},
                    {"start", start_word},
                    {"minutes", "integer!"},
                    {"activity", "text!"},
                    {"note", "text"},
                    {"separately_billed", "boolean"}},
                   true),
      entry, create_minutes);
  add(Method::post, patient + "/minutes/{entry_id}/corrections", "minutes.correct", "minutes.write",
      "Corrects minutes; the old ones stay and do not count", RunAs::write, true,
      http::schema({{"date", "date"},
                    {"start", start_word},
                    {"minutes", "integer"},
                    {"activity", "text"},
                    {"note", "text"},
                    {"separately_billed", "boolean"},
                    {"reason", "text!"}},
                   true),
      entry, correct_minutes);
  add(Method::post, patient + "/minutes/{entry_id}/removal", "minutes.remove", "minutes.write",
      "Removes minutes; they stay in the record and do not count", RunAs::write, false, http::schema({{"reason", "text!"}}, true),
      entry, remove_minutes);
  add(Method::get, "/api/v1/timer", "timer.read", "minutes.read", "Your running timer", RunAs::point, false, "", timer,
      read_timer);
  add(Method::post, "/api/v1/timer", "timer.start", "minutes.write", "Starts your timer for a patient", RunAs::write, true,
      http::schema({{"patient_id", "id!"}, {"activity", "text!"}, {"note", "text"}}, true), timer, start_timer);
  add(Method::post, "/api/v1/timer/stop", "timer.stop", "minutes.write", "Stops your timer and keeps its minutes, or not",
      RunAs::write, false,
      http::schema({{"keep", "boolean"}, {"minutes", "integer"}, {"activity", "text"}, {"note", "text"}}, true),
      http::schema({{"entry", R"({"type":["object","null"]}!)"}, {"minutes", "integer!"}, {"started_at", "instant?!"}}),
      stop_timer);
  add(Method::get, patient + "/initiating-visits", "initiating_visits.list", "minutes.read",
      "Visits with the billing practitioner that services rest on", RunAs::point, false, "", http::list_schema(visit),
      list_rows<list_visits>);
  add(Method::post, patient + "/initiating-visits", "initiating_visits.create", "billing.write", "Records an initiating visit",
      RunAs::write, true,
      http::schema({{"date", "date!"}, {"code", "text!"}, {"practitioner", "text"}, {"source", "text"}}, true), visit,
      create_visit);
  add(Method::del, patient + "/initiating-visits/{visit_id}", "initiating_visits.remove", "billing.write",
      "Takes an initiating visit back", RunAs::write, false, "", "", drop_visit);
  add(Method::get, patient + "/outside-services", "outside_services.list", "minutes.read",
      "Services billed elsewhere that matter to a month", RunAs::point, false, "", http::list_schema(service),
      list_rows<list_services>);
  add(Method::post, patient + "/outside-services", "outside_services.create", "billing.write",
      "Records a service billed elsewhere", RunAs::write, true,
      http::schema({{"date", "date!"}, {"code", "text!"}, {"practitioner", "text"}}, true), service, create_service);
  add(Method::del, patient + "/outside-services/{service_id}", "outside_services.remove", "billing.write",
      "Takes a service billed elsewhere back", RunAs::write, false, "", "", drop_service);
  add(Method::get, patient + "/inpatient-stays", "inpatient_stays.list", "minutes.read",
      "Hospital stays, in which no minute counts", RunAs::point, false, "", http::list_schema(stay_row), list_rows<list_stays>);
  const std::string stay_body = http::schema({{"kind", "inpatient|observation!"},
                                              {"admit_date", "date!"},
                                              {"admit_time", "text?"},
                                              {"discharge_date", "date?"},
                                              {"discharge_time", "text?"}},
                                             true);
  add(Method::post, patient + "/inpatient-stays", "inpatient_stays.create", "billing.write", "Records a hospital stay",
      RunAs::write, true, stay_body, stay_row, create_stay);
  add(Method::patch, patient + "/inpatient-stays/{stay_id}", "inpatient_stays.discharge", "billing.write",
      "Records the discharge", RunAs::write, false,
      http::schema({{"discharge_date", "date!"}, {"discharge_time", "text?"}}, true), stay_row, discharge_stay);
  add(Method::del, patient + "/inpatient-stays/{stay_id}", "inpatient_stays.remove", "billing.write",
      "Takes a hospital stay back", RunAs::write, false, "", "", drop_stay);
  add(Method::put, patient + "/billing-choices/{month}", "billing_choices.set", "billing.write",
      "Decides between time codes and the add-on for a month", RunAs::write, false,
      http::schema({{"family", "time_codes|apcm|general_bhi|none!"}, {"reason", "text!"}}, true),
      http::schema({{"month", "text!"}, {"family", "text!"}, {"reason", "text!"}}), choose);
  for (auto& route : month_routes(given)) all.push_back(std::move(route));
  return all;
}

}  // namespace concord::billing
