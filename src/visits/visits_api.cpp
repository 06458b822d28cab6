#include "visits/visits_api.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "http/route_list.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "json/trimmed.h"
#include "patients/shapes.h"
#include "visits/calendar_file.h"
#include "visits/visits_store.h"

namespace concord::visits {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

constexpr int kMostDaysInList = 62;
constexpr int kMostOfPatient = 200;
constexpr int kMostPast = 20;
constexpr std::string_view kConfidential = "adolescent_confidential";

// ---- writing

void write_when(json::Writer& w, const Visit& v) {
  w.field("starts_at", v.starts_at)
      .field("ends_at", v.ends_at)
      .field("zone", v.zone)
      .field("date", v.date())
      .field("start_minute", v.start_minute())
      .field("minutes", v.minutes());
}

std::optional<std::string> link_of(const Settings& settings, const Visit& v) {
  if (v.kind != "video" || !settings.video_link_template) return std::nullopt;
  return video_link(*settings.video_link_template, v.link_code);
}

enum class Of { list, patient };

void write_fields(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Visit& v, const Settings& settings,
                  Of of) {
  const auto organization = asker.organization();
  w.field("id", v.id);
  if (of == Of::list) {
    w.key("patient");
    const auto patient = deps.patient(tx, organization, v.patient);
    if (!patient) w.null();
    else
      w.object()
          .field("id", patient->id)
          .field("given_name", patient->given_name)
          .field("family_name", patient->family_name)
          .end();
  }
  w.field("site_id", v.site).key("staff");
  deps.chart->write_user(w, tx, asker.caller, v.staff);
  write_when(w, v);
  w.field("kind", v.kind)
      .field("purpose", v.purpose)
      .field("place", v.place)
      .field("video_link", link_of(settings, v))
      .field("note", v.note)
      .field("state", v.state)
      .field("answer", v.answer)
      .field("answer_words", v.answer_words)
      .field("answered_at", v.answered_at)
      .field("answered_by", v.answered_by)
      .field("cancelled_by", v.cancelled_by)
      .field("reason", v.reason)
      .field("overlap_reason", v.overlap_reason)
      .key("labels");
  patients::write_labels(w, v.labels, patients::Normal::left_out);
  w.field("contact_id", v.contact).key("created_by");
  deps.chart->write_user(w, tx, asker.caller, v.created_by);
  w.field("created_at", v.created_at).field("version", v.version);
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Visit& v,
                    const std::vector<std::string>& warnings = {}, bool with_prefill = false) {
  std::string out;
  json::Writer w(out);
  w.object();
  write_fields(deps, w, tx, asker, v, settings_of(tx, asker.organization(), v.site), Of::list);
  w.key("warnings").array();
  for (const auto& warning : warnings) w.value(warning);
  w.end().key("contact_prefill");
  if (with_prefill && !v.contact) {
    w.object()
        .field("visit_id", v.id)
        .field("kind", "treatment")
        .field("modality", v.kind)
        .field("date", v.date())
        .field("started_at", v.starts_at)
        .field("minutes", v.minutes())
        .end();
  } else {
    w.null();
  }
  w.end();
  return out;
}

Reply visit_changed(int status, std::string body, const Visit& v) {
  Reply reply = patients::changed(status, std::move(body), v.patient, v.id.uuid);
  reply.version = v.version;
  reply.events.push_back({"visits", v.id.uuid});
  return reply;
}

// ---- what both sides need

VisitChange change_by_staff(const Deps& deps, const Asker& asker, const Visit& v, std::string kind, std::string reason) {
  VisitChange c;
  c.id = deps.chart->ids->next();
  c.visit = v.id;
  c.at = asker.now;
  c.by = asker.caller.user;
  c.by_kind = "staff";
  c.kind = std::move(kind);
  c.reason = std::move(reason);
  return c;
}

void tell(const Deps& deps, db::Tx& tx, const Asker& asker, const Visit& v, std::string_view kind, bool wanted) {
  if (wanted && deps.tell_patient && v.starts_at > asker.now)
    deps.tell_patient(tx, asker.organization(), v.patient, kind, v.id.uuid, "v" + std::to_string(v.sequence));
}

/// The answer that shows what lies in the way; nullopt when nothing does.
std::optional<Reply> overlap_reply(db::Tx& tx, const Asker& asker, const Visit& v) {
  const auto of_staff = overlapping_of_staff(tx, asker.organization(), v.staff, v.starts_at, v.ends_at, v.id);
  const auto of_patient = overlapping_of_patient(tx, asker.organization(), v.patient, v.starts_at, v.ends_at, v.id);
  if (of_staff.empty() && of_patient.empty()) return std::nullopt;
  std::string list;
  json::Writer w(list);
  w.array();
  // Times only: the other visit may be of a patient whom the caller does not see.
  const auto write = [&](std::string_view of, const std::vector<Visit>& visits) {
    for (const auto& other : visits)
      w.object().field("of", of).field("starts_at", other.starts_at).field("ends_at", other.ends_at).end();
  };
  write("staff", of_staff);
  write("patient", of_patient);
  w.end();
  Reply reply = http::problem_reply(
      Error{ErrorCode::conflict, "Another visit lies at that time. Give overlap_reason to book it all the same.", {}, {}},
      asker.request_id, "overlaps", list);
  reply.audit_patient = v.patient.uuid;
  reply.audit_detail = "overlap";
  return reply;
}

std::vector<std::string> warnings_of(const Deps& deps, db::Tx& tx, const Asker& asker, const Visit& v) {
  std::vector<std::string> warnings;
  if (deps.calendar_of) {
    const auto calendar = deps.calendar_of(tx, asker.organization(), v.site);
    const auto hours = calendar::hours_on(calendar, v.date());
    if (!hours && calendar::holiday_name(calendar, v.date())) warnings.push_back("holiday");
    else if (!hours || v.start_minute() < hours->opens_minute || v.start_minute() + v.minutes() > hours->closes_minute)
      warnings.push_back("outside_hours");
  }
  if (happens_twice(v.date(), v.start_minute(), v.zone)) warnings.push_back("clock_change");
  if (v.kind == "video" && !settings_of(tx, asker.organization(), v.site).video_link_template)
    warnings.push_back("no_video_link");
  return warnings;
}

// ---- reading

/// What a body says about a visit; each may be absent.
struct Asked {
  std::optional<UserId> staff;
  std::optional<Date> date;
  std::optional<int> start_minute, minutes;
  std::optional<Instant> starts_at;
  std::optional<std::string> kind, purpose, place, note, overlap_reason, reason;
  std::optional<bool> tell_patient;
};

Asked read_asked(const json::Cursor& body) {
  Asked asked;
  asked.staff = body.optional("staff_id").id<UserId>();
  asked.date = body.optional("date").date();
  if (const auto n = body.optional("start_minute").integer(0, 1439)) asked.start_minute = static_cast<int>(*n);
  if (const auto n = body.optional("minutes").integer(kLeastMinutes, kMostMinutes)) asked.minutes = static_cast<int>(*n);
  asked.starts_at = body.optional("starts_at").instant();
  if (asked.starts_at && (asked.date || asked.start_minute))
    body.optional("starts_at").issue("goes without date and start_minute");
  asked.kind = body.optional("kind").one_of({"in_person", "phone", "video"});
  asked.purpose = body.optional("purpose").one_of({"assessment", "follow_up", "review", "therapy", "community", "other"});
  asked.place = json::trimmed(body.optional("place"), kPlaceBytes);
  asked.note = json::trimmed(body.optional("note"), kNoteBytes);
  asked.overlap_reason = json::trimmed(body.optional("overlap_reason"), kReasonBytes);
  if (asked.overlap_reason && asked.overlap_reason->size() < 3) body.optional("overlap_reason").issue("must say why");
  asked.reason = json::trimmed(body.optional("reason"), kReasonBytes);
  asked.tell_patient = body.optional("tell_patient").boolean();
  return asked;
}

/// Puts what was asked into `v`; local day and minute count in the visit's zone.
Result<void> put(const Asked& asked, Visit& v) {
  const int minutes = asked.minutes.value_or(v.starts_at == Instant{} ? 0 : v.minutes());
  if (asked.starts_at) {
    v.starts_at = *asked.starts_at;
  } else if (asked.date || asked.start_minute) {
    const Date date = asked.date ? *asked.date : v.date();
    const int minute = asked.start_minute ? *asked.start_minute : v.start_minute();
    const auto at = local_start(date, minute, v.zone);
    if (!at)
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.",
                  {{"start_minute", "does not exist on that day: clocks go forward"}});
    v.starts_at = *at;
  }
  v.ends_at = v.starts_at + std::chrono::minutes(minutes);
  if (asked.staff) v.staff = *asked.staff;
  if (asked.kind) v.kind = *asked.kind;
  if (asked.purpose) v.purpose = *asked.purpose;
  if (asked.place) v.place = *asked.place;
  if (asked.note) v.note = *asked.note;
  return {};
}

Result<Visit> visible(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient, VisitId id) {
  CONCORD_TRY(const auto place, deps.chart->find(tx, asker.caller, asker.now, patient));
  auto found = find(tx, asker.organization(), place.patient, id);
  if (!found || !asker.caller.may_use(found->site)) return http::not_found();
  return std::move(*found);
}

// ---- staff

Result<Work> create_visit(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"staff_id", "date", "start_minute", "starts_at", "minutes", "kind", "purpose", "place", "note", "confidential",
             "overlap_reason", "tell_patient"});
  const Asked asked = read_asked(body);
  if (!body.optional("starts_at").present()) {
    body.required("date").date();
    body.required("start_minute").integer(0, 1439);
  }
  body.required("minutes").integer(kLeastMinutes, kMostMinutes);
  body.required("kind").one_of({"in_person", "phone", "video"});
  const bool confidential = body.optional("confidential").boolean().value_or(false);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, asked, confidential, id = VisitId(deps->chart->ids->next()),
               code = deps->code()](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    Visit v;
    v.id = id;
    v.patient = patient;
    v.site = place.site;
    v.zone = place.zone;
    v.staff = asker.caller.user;
    v.link_code = code;
    v.place = settings_of(tx, organization, place.site).place;
    v.created_by = asker.caller.user;
    v.created_at = v.changed_at = asker.now;
    if (confidential) v.labels = kConfidential;
    CONCORD_TRY_VOID(put(asked, v));
    if (v.kind != "in_person" && !asked.place) v.place.clear();
    std::vector<Issue> wrong = check(v, asker.now);
    if (!deps->may_hold(tx, organization, v.staff, v.site))
      wrong.push_back({"staff_id", "is nobody who has visits at this site"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (!asked.overlap_reason) {
      if (auto refused = overlap_reply(tx, asker, v)) return *refused;
    } else {
      v.overlap_reason = *asked.overlap_reason;
    }
    insert(tx, organization, v);
    insert(tx, organization, change_by_staff(*deps, asker, v, "booked", v.overlap_reason));
    tell(*deps, tx, asker, v, "visits.booked", asked.tell_patient.value_or(!confidential));
    Reply reply = visit_changed(201, to_json(*deps, tx, asker, v, warnings_of(*deps, tx, asker, v)), v);
    reply.location = "/api/v1/patients/" + patient.text() + "/visits/" + v.id.text();
    reply.audit_detail = "kind=" + v.kind;
    return reply;
  });
}

Reply stale_visit(const Deps& deps, db::Tx& tx, const Asker& asker, const Visit& v) {
  return patients::stale(asker.request_id, to_json(deps, tx, asker, v), v.patient, v.id.uuid);
}

Result<Work> edit_visit(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<VisitId>("visit_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"staff_id", "date", "start_minute", "starts_at", "minutes", "kind", "purpose", "place", "note", "overlap_reason",
             "reason", "tell_patient"});
  const Asked asked = read_asked(body);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, asked](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto before, visible(*deps, tx, asker, patient, id));
    if (before.version != version) return stale_visit(*deps, tx, asker, before);
    if (before.state != "booked") return fail(ErrorCode::conflict, "Only a booked visit can be changed. Book a new one.");
    Visit after = before;
    CONCORD_TRY_VOID(put(asked, after));
    auto change = difference(before, after);
    if (!change) return visit_changed(200, to_json(*deps, tx, asker, before), before);
    const bool moved = change->kind == "moved";
    std::vector<Issue> wrong;
    if (moved) wrong = check(after, asker.now);
    if (after.staff != before.staff && !deps->may_hold(tx, organization, after.staff, after.site))
      wrong.push_back({"staff_id", "is nobody who has visits at this site"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    if (change->starts_before || change->staff_before) {
      if (!asked.overlap_reason) {
        if (auto refused = overlap_reply(tx, asker, after)) return *refused;
        after.overlap_reason.clear();
      } else {
        after.overlap_reason = *asked.overlap_reason;
      }
    }
    if (moved) {
      // What the patient said was about the visit as it was.
      after.answer = "none";
      after.answer_words.clear();
      after.answered_at.reset();
      after.answered_by.reset();
      ++after.sequence;
    }
    after.changed_at = asker.now;
    if (!update(tx, organization, after, version)) return stale_visit(*deps, tx, asker, before);
    ++after.version;
    const auto base = change_by_staff(*deps, asker, after, change->kind, asked.reason.value_or(""));
    change->id = base.id;
    change->at = base.at;
    change->by = base.by;
    change->by_kind = base.by_kind;
    change->reason = base.reason;
    insert(tx, organization, *change);
    if (moved) tell(*deps, tx, asker, after, "visits.changed", asked.tell_patient.value_or(after.labels == "normal"));
    return visit_changed(200, to_json(*deps, tx, asker, after, warnings_of(*deps, tx, asker, after)), after);
  });
}

Result<Work> act_on_visit(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<VisitId>("visit_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act", "reason", "cancelled_by", "tell_patient"});
  const auto act = body.required("act").one_of({"arrive", "done", "no_show", "cancel", "reopen", "settle"});
  const auto reason = json::trimmed(body.optional("reason"), kReasonBytes).value_or("");
  const auto cancelled_by = body.optional("cancelled_by").one_of({"staff", "patient"}).value_or("staff");
  const auto tell_patient = body.optional("tell_patient").boolean();
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, act = *act, reason, cancelled_by,
               tell_patient](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto before, visible(*deps, tx, asker, patient, id));
    if (before.version != version) return stale_visit(*deps, tx, asker, before);
    CONCORD_TRY(auto after, apply(before, act, reason, cancelled_by, asker.now));
    after.changed_at = asker.now;
    if (after.state == "booked" && before.state == "cancelled") {
      // Somebody else may have the time by now.
      if (auto refused = overlap_reply(tx, asker, after)) return *refused;
    }
    const auto place = deps->chart->place(asker.caller, asker.now, patient, before.site);
    if (act == "no_show") after.contact = deps->record_no_show(tx, asker, place, after);
    if (act == "reopen" && before.state == "no_show" && before.contact) {
      deps->take_back_no_show(tx, organization, patient, *before.contact, asker.now);
      after.contact.reset();
    }
    if (!update(tx, organization, after, version)) return stale_visit(*deps, tx, asker, before);
    ++after.version;
    insert(tx, organization, change_by_staff(*deps, asker, after, std::string(change_kind(act)), reason));
    if (before.contact != after.contact) deps->chart->refresh_caseload(tx, organization, patient);
    // Whoever cancelled by themselves knows.
    if (act == "cancel" && cancelled_by == "staff")
      tell(*deps, tx, asker, after, "visits.cancelled", tell_patient.value_or(after.labels == "normal"));
    if (act == "reopen" && after.state == "booked")
      tell(*deps, tx, asker, after, "visits.changed", tell_patient.value_or(after.labels == "normal"));
    Reply reply = visit_changed(200, to_json(*deps, tx, asker, after, {}, act == "done"), after);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

Result<Work> list_patients_visits(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& v : list_of_patient(tx, asker.organization(), place.patient, kMostOfPatient)) {
      if (!asker.caller.may_use(v.site)) continue;
      w.object();
      write_fields(*deps, w, tx, asker, v, settings_of(tx, asker.organization(), v.site), Of::list);
      w.end();
    }
    w.end().key("next").null().end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> read_visit(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<VisitId>("visit_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto v, visible(*deps, tx, asker, patient, id));
    std::string body;
    json::Writer w(body);
    w.object();
    write_fields(*deps, w, tx, asker, v, settings_of(tx, organization, v.site), Of::list);
    w.key("history").array();
    for (const auto& c : list_changes(tx, organization, id)) {
      w.object().field("at", c.at).key("by");
      if (c.by_kind == "staff") deps->chart->write_user(w, tx, asker.caller, c.by);
      else w.null();
      w.field("by_kind", c.by_kind)
          .field("kind", c.kind)
          .field("starts_before", c.starts_before)
          .field("ends_before", c.ends_before)
          .key("staff_before");
      deps->chart->write_user(w, tx, asker.caller, c.staff_before);
      w.field("kind_before", c.kind_before).field("reason", c.reason).end();
    }
    w.end().end();
    Reply reply = patients::looked(std::move(body), patient, id.uuid);
    reply.version = v.version;
    return reply;
  });
}

Reply calendar_reply(const Deps& deps, db::Tx& tx, OrganizationId organization, const Visit& v) {
  Reply reply;
  reply.content_type = "text/calendar; charset=utf-8";
  // An organizer is a URI and must be there; a clinic that nobody can reach from outside is named by its id.
  const std::string organizer = deps.public_url.empty() ? "urn:uuid:" + v.site.text() : deps.public_url;
  reply.body = calendar_file(v, deps.site_name(tx, organization, v.site), organizer);
  reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"visit.ics\"");
  reply.audit_patient = v.patient.uuid;
  reply.audit_object = v.id.uuid;
  return reply;
}

Result<Work> read_calendar(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<VisitId>("visit_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto v, visible(*deps, tx, asker, patient, id));
    return calendar_reply(*deps, tx, asker.organization(), v);
  });
}

// ---- the staff's list

std::string page_key(const Visit& v) { return std::to_string(v.starts_at.time_since_epoch().count()) + "_" + v.id.text(); }

std::optional<AfterVisit> read_page_key(std::string_view key) {
  const auto parts = split(key, '_');
  std::int64_t micros = 0;
  if (parts.size() != 2) return std::nullopt;
  const auto end = parts[0].data() + parts[0].size();
  const auto read = std::from_chars(parts[0].data(), end, micros);
  const auto id = VisitId::parse(parts[1]);
  if (read.ec != std::errc() || read.ptr != end || !id) return std::nullopt;
  return AfterVisit{Instant(std::chrono::microseconds(micros)), *id};
}

struct Wanted {
  http::Page page;
  std::optional<Date> from, to;
  std::optional<UserId> staff;
  std::optional<std::string> state;
  std::vector<SiteId> sites;
  AfterVisit after;
};

Result<Wanted> read_wanted(const Call& call) {
  Wanted wanted;
  CONCORD_TRY(wanted.page, http::read_page(call.request));
  const auto day = [&](const char* name) -> Result<std::optional<Date>> {
    const auto text = call.request.parameter(name);
    if (!text || text->empty()) return std::optional<Date>();
    const auto date = Date::parse(*text);
    if (!date) return http::wrong_filter(name, "must be a day, YYYY-MM-DD");
    return date;
  };
  CONCORD_TRY(wanted.from, day("from"));
  CONCORD_TRY(wanted.to, day("to"));
  if (wanted.from && wanted.to && (*wanted.to < *wanted.from || *wanted.to - *wanted.from >= kMostDaysInList))
    return http::wrong_filter("to", "must be within 62 days after from");
  if (const auto text = call.request.parameter("staff"); text && !text->empty()) {
    wanted.staff = *text == "me" ? std::optional(call.caller.user) : UserId::parse(*text);
    if (!wanted.staff) return http::wrong_filter("staff", "must be an id or me");
  }
  if (const auto text = call.request.parameter("state"); text && !text->empty()) {
    static constexpr std::string_view kStates[] = {"booked", "arrived", "done", "cancelled", "no_show"};
    if (std::find(std::begin(kStates), std::end(kStates), *text) == std::end(kStates))
      return http::wrong_filter("state", "must be booked, arrived, done, cancelled or no_show");
    wanted.state = std::string(*text);
  }
  wanted.sites = call.caller.sites;
  if (const auto text = call.request.parameter("site"); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
    wanted.sites = {*site};
  }
  if (wanted.page.after) {
    const auto key = read_page_key(*wanted.page.after);
    if (!key) return http::wrong_page();
    wanted.after = *key;
  }
  return wanted;
}

Result<Work> list_visits(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto wanted, read_wanted(call));
  return Work([deps, asker = Asker(call), wanted](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    std::vector<Visit> found;
    for (const auto site : wanted.sites) {
      const auto zone = deps->chart->time_zone(organization, site);
      const Date from = wanted.from.value_or(wanted.to ? wanted.to->plus_days(-6) : local_date(asker.now, zone));
      const Date to = wanted.to.value_or(from.plus_days(6));
      for (auto& v : list_of_site(tx, organization, site, at_local_time(from, 0, zone), at_local_time(to.plus_days(1), 0, zone),
                                  wanted.staff, wanted.state, wanted.after, wanted.page.limit + 1))
        found.push_back(std::move(v));
    }
    std::sort(found.begin(), found.end(),
              [](const Visit& a, const Visit& b) { return std::pair(a.starts_at, a.id) < std::pair(b.starts_at, b.id); });
    const bool more = found.size() > static_cast<std::size_t>(wanted.page.limit);
    if (more) found.resize(static_cast<std::size_t>(wanted.page.limit));
    std::vector<std::pair<SiteId, Settings>> settings;
    const auto settings_at = [&](SiteId site) -> const Settings& {
      for (const auto& [known, s] : settings)
        if (known == site) return s;
      return settings.emplace_back(site, settings_of(tx, organization, site)).second;
    };
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& v : found) {
      w.object();
      write_fields(*deps, w, tx, asker, v, settings_at(v.site), Of::list);
      w.end();
    }
    w.end().key("next");
    if (more) w.value(page_key(found.back()));
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

// ---- settings of a site

std::string to_json(const Settings& s) {
  std::string out;
  json::Writer w(out);
  w.object().field("video_link_template", s.video_link_template).field("place", s.place).field("version", s.version).end();
  return out;
}

Result<Work> read_settings(const Kept&, const Call& call) {
  CONCORD_TRY(const auto site, call.path_id<SiteId>("site_id"));
  if (!call.caller.may_use(site)) return http::not_found();
  return Work([asker = Asker(call), site](db::Tx& tx) -> Result<Reply> {
    const auto settings = settings_of(tx, asker.organization(), site);
    Reply reply = http::json_reply(200, to_json(settings));
    reply.version = settings.version;
    reply.audit_object = site.uuid;
    return reply;
  });
}

Result<Work> write_settings(const Kept&, const Call& call) {
  CONCORD_TRY(const auto site, call.path_id<SiteId>("site_id"));
  if (!call.caller.may_use(site)) return http::not_found();
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"video_link_template", "place"});
  auto text = json::trimmed(body.optional("video_link_template"), 300);
  if (text && text->empty()) text.reset();
  const auto place = json::trimmed(body.optional("place"), kPlaceBytes).value_or("");
  if (text)
    for (const auto& issue : check_template(*text)) body.optional("video_link_template").issue(issue.text);
  if (!issues.empty()) return issues.error();
  return Work([asker = Asker(call), site, version, settings = Settings{text, place, version + 1}](db::Tx& tx) -> Result<Reply> {
    const auto current = settings_of(tx, asker.organization(), site);
    if (current.version != version || !insert(tx, asker.organization(), site, settings, asker.caller.user, asker.now)) {
      Reply reply = http::stale_reply(asker.request_id, to_json(current));
      reply.audit_object = site.uuid;
      return reply;
    }
    Reply reply = http::json_reply(200, to_json(settings));
    reply.version = settings.version;
    reply.audit_object = site.uuid;
    return reply;
  });
}

// ---- the portal

/// What the labels rule calls the visit by itself.
std::string code_of(const Visit& v) { return "visit:" + v.kind; }

void write_for_patient(const Deps& deps, json::Writer& w, db::Tx& tx, OrganizationId organization, const Visit& v, Instant now) {
  w.object().field("id", v.id);
  write_when(w, v);
  w.field("kind", v.kind)
      .field("with", deps.chart->user_name(tx, organization, v.staff).value_or(""))
      .field("clinic", deps.site_name(tx, organization, v.site))
      .field("place", v.place)
      // Who missed or cancelled a visit needs no link.
      .field("video_link", v.is_open() ? link_of(settings_of(tx, organization, v.site), v) : std::nullopt)
      .field("state", v.state)
      .field("answer", v.answer)
      .field("can_answer", can_answer(v, now))
      .field("calendar", "/api/v1/portal/visits/" + v.id.text() + "/calendar.ics")
      .end();
}

struct Seen {
  portal::Viewer viewer;
  Visit visit;
};

Result<Seen> seen_by(const Deps& deps, db::Tx& tx, const Asker& asker, VisitId id) {
  CONCORD_TRY(auto viewer, deps.viewer(tx, asker.caller, asker.now));
  auto found = find(tx, asker.organization(), viewer.patient, id);
  if (!found || !portal::may_see(viewer, found->labels, code_of(*found))) return http::not_found();
  return Seen{std::move(viewer), std::move(*found)};
}

Result<Work> answer_visit(const Kept& deps, const Call& call) {
  CONCORD_TRY_VOID(portal::require(call.caller, "appointments"));
  CONCORD_TRY(const auto id, call.path_id<VisitId>("visit_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act", "words"});
  const auto act = body.required("act").one_of({"confirm", "ask_change", "cancel"});
  const auto words = json::trimmed(body.optional("words"), kReasonBytes).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, act = *act, words](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto seen, seen_by(*deps, tx, asker, id));
    const Visit& before = seen.visit;
    const std::string who = seen.viewer.is_self ? "patient" : "trusted_person";
    CONCORD_TRY(auto after, answer(before, act, words, who, asker.now));
    after.changed_at = asker.now;
    if (!update(tx, organization, after, before.version))
      return fail(ErrorCode::conflict, "This visit was changed a moment ago. Please look at it again.");
    ++after.version;
    VisitChange change;
    change.id = deps->chart->ids->next();
    change.visit = id;
    change.at = asker.now;
    change.by = asker.caller.user;
    change.by_kind = who;
    change.on_behalf_by = portal::on_behalf_by(asker.caller);
    change.kind = std::string(change_kind(act));
    change.reason = words;
    insert(tx, organization, change);
    if (act != "confirm" && deps->notify)
      deps->notify(tx, organization,
                   {after.staff, act == "cancel" ? "visit.cancelled" : "visit.change_asked", after.patient, after.id.uuid, false,
                    "v" + std::to_string(after.version)});
    std::string out;
    json::Writer w(out);
    write_for_patient(*deps, w, tx, organization, after, asker.now);
    Reply reply = visit_changed(200, std::move(out), after);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

Result<Work> portal_calendar(const Kept& deps, const Call& call) {
  CONCORD_TRY_VOID(portal::require(call.caller, "appointments"));
  CONCORD_TRY(const auto id, call.path_id<VisitId>("visit_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto seen, seen_by(*deps, tx, asker, id));
    return calendar_reply(*deps, tx, asker.organization(), seen.visit);
  });
}

// ---- schemas

constexpr std::string_view kStates = "booked|arrived|done|cancelled|no_show!";
constexpr std::string_view kAnswers = "none|confirmed|change_asked|cancelled!";
constexpr std::string_view kVisitKinds = "in_person|phone|video";
constexpr std::string_view kPurposeWords = "assessment|follow_up|review|therapy|community|other";

std::string visit_schema() {
  const std::string patient = patients::patient_name_schema();
  return http::schema({{"id", "id!"},
                       {"patient", patient},
                       {"site_id", "id!"},
                       {"staff", patients::user_schema() + "!"},
                       {"starts_at", "instant!"},
                       {"ends_at", "instant!"},
                       {"zone", "text!"},
                       {"date", "date!"},
                       {"start_minute", "integer!"},
                       {"minutes", "integer!"},
                       {"kind", std::string(kVisitKinds) + "!"},
                       {"purpose", std::string(kPurposeWords) + "!"},
                       {"place", "text!"},
                       {"video_link", "text?!"},
                       {"note", "text!"},
                       {"state", kStates},
                       {"answer", kAnswers},
                       {"answer_words", "text!"},
                       {"answered_at", "instant?!"},
                       {"answered_by", "text?!"},
                       {"cancelled_by", "text?!"},
                       {"reason", "text!"},
                       {"overlap_reason", "text!"},
                       {"labels", "[]text!"},
                       {"contact_id", "id?!"},
                       {"created_by", patients::user_schema() + "!"},
                       {"created_at", "instant!"},
                       {"version", "integer!"},
                       {"warnings", "[]text"},
                       {"contact_prefill", "object?"},
                       {"history", "[]object"}});
}

std::string portal_schema() {
  return http::schema({{"id", "id!"},
                       {"starts_at", "instant!"},
                       {"ends_at", "instant!"},
                       {"zone", "text!"},
                       {"date", "date!"},
                       {"start_minute", "integer!"},
                       {"minutes", "integer!"},
                       {"kind", std::string(kVisitKinds) + "!"},
                       {"with", "text!"},
                       {"clinic", "text!"},
                       {"place", "text!"},
                       {"video_link", "text?!"},
                       {"state", kStates},
                       {"answer", kAnswers},
                       {"can_answer", "boolean!"},
                       {"calendar", "text!"}});
}

}  // namespace

portal::View portal_view(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  portal::View view;
  view.name = "visits";
  view.scope = "appointments";
  view.summary = "My visits: what lies ahead, and the last ones";
  const std::string row = portal_schema();
  view.schema = http::schema({{"upcoming", "[]" + row + "!"}, {"past", "[]" + row + "!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const portal::Viewer& viewer, const http::Request&) -> Result<void> {
    std::vector<Visit> ahead, past;
    for (auto& v : list_of_patient(tx, viewer.organization, viewer.patient, kMostOfPatient)) {
      if (!portal::may_see(viewer, v.labels, code_of(v))) continue;
      if (v.ends_at > viewer.now && v.state != "done" && v.state != "no_show") ahead.push_back(std::move(v));
      else past.push_back(std::move(v));
    }
    std::reverse(ahead.begin(), ahead.end());  // the next one first
    if (past.size() > kMostPast) past.resize(kMostPast);
    w.object().key("upcoming").array();
    for (const auto& v : ahead) write_for_patient(*deps, w, tx, viewer.organization, v, viewer.now);
    w.end().key("past").array();
    for (const auto& v : past) write_for_patient(*deps, w, tx, viewer.organization, v, viewer.now);
    w.end().end();
    return {};
  };
  return view;
}

void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  std::vector<Visit> next;
  std::optional<Date> last_no_show;
  int no_shows = 0;
  for (auto& v : list_of_patient(tx, asker.organization(), place.patient, kMostOfPatient)) {
    if (!asker.caller.may_use(v.site)) continue;
    if (v.state == "no_show") {
      if (!last_no_show) last_no_show = v.date();
      no_shows += place.today - v.date() <= 90;
    }
    if (v.is_open() && v.ends_at > asker.now) next.push_back(std::move(v));
  }
  std::reverse(next.begin(), next.end());
  if (next.size() > 3) next.resize(3);
  w.object().key("next").array();
  const auto settings = next.empty() ? Settings{} : settings_of(tx, asker.organization(), place.site);
  for (const auto& v : next) {
    w.object();
    write_fields(deps, w, tx, asker, v, settings, Of::patient);
    w.end();
  }
  w.end().field("last_no_show", last_no_show).field("no_shows_90_days", no_shows).end();
}

Result<void> take_contact(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Uuid& visit,
                          const Uuid& contact) {
  const auto before = find(tx, asker.organization(), place.patient, VisitId(visit));
  if (!before || !asker.caller.may_use(before->site))
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"visit_id", "is no visit of this patient"}});
  if (before->contact || before->state == "cancelled" || before->state == "no_show")
    return fail(ErrorCode::conflict, "This visit has a contact already, or did not take place.");
  Visit after = *before;
  after.state = "done";
  after.contact = contact;
  after.changed_at = asker.now;
  if (!update(tx, asker.organization(), after, before->version))
    return fail(ErrorCode::conflict, "This visit was changed a moment ago. Please look at it again.");
  if (before->state != "done") insert(tx, asker.organization(), change_by_staff(deps, asker, after, "done", ""));
  return {};
}

std::optional<std::string> video_link_of(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view code) {
  const auto settings = settings_of(tx, organization, site);
  if (!settings.video_link_template) return std::nullopt;
  return video_link(*settings.video_link_template, code);
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using http::Method;
  using http::RunAs;
  http::RouteList<Kept> all(deps);
  const std::string row = visit_schema();
  const std::string base = "/api/v1/patients/{patient_id}/visits";
  const std::string file = R"({"type":"string","description":"text/calendar, RFC 5545: the clinic's name and the time"})";
  const std::string times = std::string(kVisitKinds);
  all.add(Method::get, "/api/v1/visits", "visits.list", "visits.read", "Visits of some days at my sites, by start", RunAs::list,
          "", http::list_schema(row), list_visits)
      .query_parameters = {{"from", "first day, at the site; today when absent"},
                           {"to", "last day; six days later when absent"},
                           {"staff", "only visits with this person; \"me\""},
                           {"site", "one of your sites; all of them when absent"},
                           {"state", "booked, arrived, done, cancelled or no_show"},
                           {"limit", "1 to 200"},
                           {"after", "page key"}};
  all.add(Method::get, base, "visits.of_patient", "visits.read", "Visits of a patient, newest start first", RunAs::list, "",
          http::list_schema(row), list_patients_visits);
  all.add(Method::post, base, "visits.create", "visits.write",
          "Books a visit; 409 with \"overlaps\" when another one lies there and no overlap_reason is given", RunAs::write,
          http::schema({{"staff_id", "id"},
                        {"date", "date"},
                        {"start_minute", "integer"},
                        {"starts_at", "instant"},
                        {"minutes", "integer!"},
                        {"kind", times + "!"},
                        {"purpose", kPurposeWords},
                        {"place", "text"},
                        {"note", "text"},
                        {"confidential", "boolean"},
                        {"overlap_reason", "text"},
                        {"tell_patient", "boolean"}},
                       true),
          row, create_visit)
      .creates = true;
  all.add(Method::get, base + "/{visit_id}", "visits.read", "visits.read", "One visit with everything that happened to it",
          RunAs::point, "", row, read_visit);
  all.add(Method::patch, base + "/{visit_id}", "visits.edit", "visits.write",
          "Moves or edits a booked visit; what it was is kept", RunAs::write,
          http::schema({{"staff_id", "id"},
                        {"date", "date"},
                        {"start_minute", "integer"},
                        {"starts_at", "instant"},
                        {"minutes", "integer"},
                        {"kind", times},
                        {"purpose", kPurposeWords},
                        {"place", "text"},
                        {"note", "text"},
                        {"overlap_reason", "text"},
                        {"reason", "text"},
                        {"tell_patient", "boolean"}},
                       true),
          row, edit_visit);
  all.add(Method::post, base + "/{visit_id}/acts", "visits.act", "visits.write",
          "Arrived, done, missed (makes a contact), cancelled with a reason, open again, or a wish to change is settled",
          RunAs::write,
          http::schema({{"act", "arrive|done|no_show|cancel|reopen|settle!"},
                        {"reason", "text"},
                        {"cancelled_by", "staff|patient"},
                        {"tell_patient", "boolean"}},
                       true),
          row, act_on_visit);
  all.add(Method::get, base + "/{visit_id}/calendar.ics", "visits.calendar", "visits.read", "The visit as a calendar file",
          RunAs::point, "", file, read_calendar);
  const std::string settings = http::schema({{"video_link_template", "text?!"}, {"place", "text!"}, {"version", "integer!"}});
  all.add(Method::get, "/api/v1/sites/{site_id}/visit-settings", "visits.read_settings", "visits.settings",
          "Video service and address of a site", RunAs::point, "", settings, read_settings);
  all.add(Method::put, "/api/v1/sites/{site_id}/visit-settings", "visits.write_settings", "visits.settings",
          "Sets the video service (https address with {visit}) and the address of a site", RunAs::write,
          http::schema({{"video_link_template", "text?"}, {"place", "text"}}, true), settings, write_settings);

  auto& answer_route =
      all.add(Method::post, "/api/v1/portal/visits/{visit_id}/acts", "portal.visits_answer", "portal.use",
              "I come, I need another time, I cannot come", RunAs::write,
              http::schema({{"act", "confirm|ask_change|cancel!"}, {"words", "text"}}, true), portal_schema(), answer_visit);
  answer_route.audience = http::Audience::portal;
  auto& calendar_route = all.add(Method::get, "/api/v1/portal/visits/{visit_id}/calendar.ics", "portal.visits_calendar",
                                 "portal.use", "My visit as a calendar file", RunAs::point, "", file, portal_calendar);
  calendar_route.audience = http::Audience::portal;
  return all.take();
}

}  // namespace concord::visits
