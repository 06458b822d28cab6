#include "community/community_api.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "community/community_store.h"
#include "http/route_list.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "json/trimmed.h"
#include "patients/shapes.h"

namespace concord::community {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

constexpr std::string_view kConfidential = "adolescent_confidential";
constexpr int kBatch = 200;

tl::unexpected<Error> wrong(std::string path, std::string text) {
  return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{std::move(path), std::move(text)}});
}

/// A list of words; nullopt when it is absent.
std::optional<std::vector<std::string>> read_words(const json::Cursor& list, std::size_t most = 40) {
  if (!list.present()) return std::nullopt;
  std::vector<std::string> out;
  list.each([&](const json::Cursor& item) {
    auto word = json::trimmed(item, 60);
    if (!word || word->empty()) return;
    if (out.size() >= most) item.issue("is one too many");
    else if (std::find(out.begin(), out.end(), *word) == out.end()) out.push_back(std::move(*word));
  });
  return out;
}

void write_words(json::Writer& w, const std::vector<std::string>& list) {
  w.array();
  for (const auto& word : list) w.value(word);
  w.end();
}

// ---- the directory

void write(json::Writer& w, const Service& s) {
  w.object().field("id", s.id).field("name", s.name).key("kinds");
  write_words(w, s.kinds);
  w.key("areas");
  write_words(w, s.areas);
  w.key("languages");
  write_words(w, s.languages);
  w.field("phone", s.phone)
      .field("hours", s.hours)
      .field("web", s.web)
      .field("eligibility", s.eligibility)
      .field("cost", s.cost)
      .field("note", s.note)
      .field("checked_on", s.checked)
      .field("withdrawn", s.withdrawn)
      .field("updated_at", s.updated_at)
      .field("version", s.version)
      .end();
}

std::string to_json(const Service& s) {
  std::string out;
  json::Writer w(out);
  write(w, s);
  return out;
}

Reply service_reply(int status, const Service& s) {
  Reply reply = http::json_reply(status, to_json(s));
  reply.version = s.version;
  reply.audit_object = s.id.uuid;
  return reply;
}

Reply stale_service(const Asker& asker, const Service& s) {
  Reply reply = http::stale_reply(asker.request_id, to_json(s));
  reply.audit_object = s.id.uuid;
  reply.audit_detail = "stale";
  return reply;
}

Result<Work> list_directory(const Kept&, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  Search search;
  const auto text = [&](const char* name) { return std::string(trim(call.request.parameter(name).value_or(""))); };
  search.kind = text("need");
  search.language = text("language");
  search.area = text("area");
  search.text = text("q");
  if (!search.kind.empty() && !is_kind(search.kind)) return http::wrong_filter("need", "is not a kind Concord knows");
  const auto withdrawn = call.request.parameter("withdrawn").value_or("false");
  if (withdrawn != "true" && withdrawn != "false") return http::wrong_filter("withdrawn", "must be true or false");
  return Work([asker = Asker(call), page, search, withdrawn = withdrawn == "true"](db::Tx& tx) -> Result<Reply> {
    std::vector<Service> found;
    std::string after = page.after.value_or("");
    bool more = false;
    // The directory is read by name until the page is full: a few thousand rows at the very most.
    while (!more) {
      const auto batch = list_services(tx, asker.organization(), withdrawn, after, kBatch);
      for (const auto& s : batch) {
        if (!matches(s, search)) continue;
        if (found.size() == static_cast<std::size_t>(page.limit)) {
          more = true;
          break;
        }
        found.push_back(s);
      }
      if (batch.size() < kBatch) break;
      after = page_key(batch.back());
    }
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& s : found) write(w, s);
    w.end().key("next");
    if (more) w.value(page_key(found.back()));
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> read_service(const Kept&, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ServiceId>("service_id"));
  return Work([asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    const auto found = find(tx, asker.organization(), id);
    if (!found) return http::not_found();
    return service_reply(200, *found);
  });
}

struct AskedService {
  std::optional<std::string> name, phone, hours, web, eligibility, cost, note;
  std::optional<std::vector<std::string>> kinds, areas, languages;
  std::optional<Date> checked;

  void put(Service& s) const {
    if (name) s.name = *name;
    if (kinds) s.kinds = *kinds;
    if (areas) s.areas = *areas;
    if (languages) s.languages = *languages;
    if (phone) s.phone = *phone;
    if (hours) s.hours = *hours;
    if (web) s.web = *web;
    if (eligibility) s.eligibility = *eligibility;
    if (cost) s.cost = *cost;
    if (note) s.note = *note;
    if (checked) s.checked = *checked;
  }
};

AskedService read_asked_service(const json::Cursor& body) {
  body.only({"name", "kinds", "areas", "languages", "phone", "hours", "web", "eligibility", "cost", "checked_on", "note"});
  AskedService asked;
  asked.name = json::trimmed(body.optional("name"), 200);
  asked.kinds = read_words(body.optional("kinds"));
  asked.areas = read_words(body.optional("areas"));
  asked.languages = read_words(body.optional("languages"));
  asked.phone = json::trimmed(body.optional("phone"), 200);
  asked.hours = json::trimmed(body.optional("hours"), 1000);
  asked.web = json::trimmed(body.optional("web"), 1000);
  asked.eligibility = json::trimmed(body.optional("eligibility"), 1000);
  asked.cost = json::trimmed(body.optional("cost"), 1000);
  asked.note = json::trimmed(body.optional("note"), 1000);
  asked.checked = body.optional("checked_on").date();
  return asked;
}

/// Days of the directory belong to no site: the caller's first one says which day it is.
Date today_of(const Deps& deps, const Asker& asker) {
  const auto zone =
      asker.caller.sites.empty() ? std::string("UTC") : deps.chart->time_zone(asker.organization(), asker.caller.sites.front());
  return local_date(asker.now, zone);
}

tl::unexpected<Error> name_taken() { return fail(ErrorCode::conflict, "The directory has a service of that name already."); }

Result<Work> create_service(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  const auto asked = read_asked_service(body);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), asked, id = ServiceId(deps->chart->ids->next())](db::Tx& tx) -> Result<Reply> {
    Service s;
    s.id = id;
    s.updated_at = asker.now;
    asked.put(s);
    CONCORD_TRY_VOID(patients::refuse_if_any(check(s, today_of(*deps, asker))));
    if (!insert(tx, asker.organization(), s)) return name_taken();
    Reply reply = service_reply(201, s);
    reply.location = "/api/v1/community/services/" + id.text();
    return reply;
  });
}

/// Renaming a service to another one's name ends the unit of work.
Result<bool> store(db::Tx& tx, OrganizationId organization, const Service& s, std::int64_t version) {
  try {
    return update(tx, organization, s, version);
  } catch (const db::ConstraintViolation& violation) {
    if (violation.about("idx_community_service__name")) return name_taken();
    throw;
  }
}

Result<Work> edit_service(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ServiceId>("service_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  const auto asked = read_asked_service(body);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, asked](db::Tx& tx) -> Result<Reply> {
    const auto before = find(tx, asker.organization(), id);
    if (!before) return http::not_found();
    if (before->version != version) return stale_service(asker, *before);
    Service after = *before;
    asked.put(after);
    after.updated_at = asker.now;
    CONCORD_TRY_VOID(patients::refuse_if_any(check(after, today_of(*deps, asker))));
    CONCORD_TRY(const bool stored, store(tx, asker.organization(), after, version));
    if (!stored) return stale_service(asker, *before);
    ++after.version;
    return service_reply(200, after);
  });
}

Result<Work> act_on_service(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ServiceId>("service_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act"});
  const auto act = body.required("act").one_of({"checked", "withdraw", "restore"});
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, act = *act](db::Tx& tx) -> Result<Reply> {
    const auto before = find(tx, asker.organization(), id);
    if (!before) return http::not_found();
    if (before->version != version) return stale_service(asker, *before);
    Service after = *before;
    if (act == "checked") after.checked = today_of(*deps, asker);
    else after.withdrawn = act == "withdraw";
    after.updated_at = asker.now;
    if (!update(tx, asker.organization(), after, version)) return stale_service(asker, *before);
    ++after.version;
    Reply reply = service_reply(200, after);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

// ---- needs

void write(json::Writer& w, const Need& n, const std::vector<Referral>& referrals) {
  const auto open =
      std::count_if(referrals.begin(), referrals.end(), [&](const Referral& r) { return r.need == n.id && r.state != "closed"; });
  w.object()
      .field("id", n.id)
      .field("kind", n.kind)
      .field("state", n.state)
      .field("later_until", n.later_until)
      .field("source", n.source)
      .field("found_on", n.found)
      .field("note", n.note)
      .field("open_referrals", static_cast<int>(open))
      .key("labels");
  patients::write_labels(w, n.labels, patients::Normal::left_out);
  w.field("changed_at", n.changed_at).field("version", n.version).end();
}

std::string need_json(db::Tx& tx, OrganizationId organization, const Need& n) {
  std::string out;
  json::Writer w(out);
  write(w, n, list_referrals(tx, organization, n.patient));
  return out;
}

NeedChange change_of(const Deps& deps, const Asker& asker, const Need& after, std::optional<std::string> before,
                     std::string reason) {
  NeedChange c;
  c.id = deps.chart->ids->next();
  c.need = after.id;
  c.at = asker.now;
  c.by_kind = "staff";
  c.by = asker.caller.user;
  c.before = std::move(before);
  c.after = after.state;
  c.reason = std::move(reason);
  return c;
}

Reply need_changed(int status, std::string body, const Need& n) {
  Reply reply = patients::changed(status, std::move(body), n.patient, n.id.uuid);
  reply.version = n.version;
  reply.events.push_back({"community", n.id.uuid});
  return reply;
}

/// Writes the state of a need and what it was.
bool move(const Deps& deps, db::Tx& tx, const Asker& asker, const Need& before, Need& after, std::string reason) {
  after.changed_at = asker.now;
  if (!update(tx, asker.organization(), after, before.version)) return false;
  ++after.version;
  insert(tx, asker.organization(), after.patient, change_of(deps, asker, after, before.state, std::move(reason)));
  return true;
}

Result<Work> list_patients_needs(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto referrals = list_referrals(tx, organization, place.patient);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& n : list_needs(tx, organization, patient)) write(w, n, referrals);
    w.end().key("screenings").array();
    for (const auto& s : list_screenings(tx, organization, patient)) {
      w.object().field("id", s.id).field("form", s.form).field("on", s.on).key("asked");
      write_words(w, s.asked);
      w.key("found");
      write_words(w, s.found);
      w.field("declined", s.refused).key("by");
      deps->chart->write_user(w, tx, asker.caller, s.by);
      w.end();
    }
    w.end().key("next").null().end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

std::optional<Need> open_need(db::Tx& tx, OrganizationId organization, PatientId patient, std::string_view kind) {
  for (auto& n : list_needs(tx, organization, patient))
    if (n.kind == kind && n.state != "met") return std::move(n);
  return std::nullopt;
}

Result<Work> create_need(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "wants_help", "later_until", "source", "found_on", "note", "confidential"});
  Need n;
  n.patient = patient;
  n.kind = body.required("kind").string(1, 40).value_or("");
  if (!n.kind.empty() && !is_kind(n.kind)) body.required("kind").issue("is not a kind Concord knows");
  const auto wants = body.optional("wants_help").one_of({"yes", "no", "later"});
  n.later_until = body.optional("later_until").date();
  n.source = body.optional("source").one_of({"ahc-hrsn", "prapare", "conversation", "patient", "other"}).value_or("conversation");
  const auto found = body.optional("found_on").date();
  n.note = json::trimmed(body.optional("note"), 4000).value_or("");
  const bool confidential = body.optional("confidential").boolean().value_or(false);
  if (n.later_until && wants != "later") body.optional("later_until").issue("goes with wants_help later");
  if (!issues.empty()) return issues.error();
  if (wants) n.state = std::string(state_of_answer(*wants));
  if (confidential) n.labels = kConfidential;
  n.id = NeedId(deps->chart->ids->next());
  n.created_by = call.caller.user;
  n.changed_at = call.now;
  return Work([deps, asker = Asker(call), given = std::move(n), found](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, given.patient));
    Need need = given;
    need.found = found.value_or(place.today);
    std::vector<Issue> faults;
    patients::check_not_after(need.found, place.today, "found_on", faults);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(faults)));
    if (const auto known = open_need(tx, organization, need.patient, need.kind)) {
      Reply reply = http::problem_reply(Error{ErrorCode::conflict, "This need is known already.", {}, {}}, asker.request_id,
                                        "need", need_json(tx, organization, *known));
      reply.audit_patient = need.patient.uuid;
      reply.audit_object = known->id.uuid;
      return reply;
    }
    insert(tx, organization, need);
    insert(tx, organization, need.patient, change_of(*deps, asker, need, std::nullopt, ""));
    Reply reply = need_changed(201, need_json(tx, organization, need), need);
    reply.location = "/api/v1/patients/" + need.patient.text() + "/needs";
    return reply;
  });
}

Result<Work> edit_need(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<NeedId>("need_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"wants_help", "later_until", "met", "note", "reason"});
  const auto wants = body.optional("wants_help").one_of({"yes", "no", "later"});
  const auto later_until = body.optional("later_until").date();
  const auto met = body.optional("met").boolean();
  const auto note = json::trimmed(body.optional("note"), 4000);
  const auto reason = json::trimmed(body.optional("reason"), 500).value_or("");
  if (later_until && wants != "later") body.optional("later_until").issue("goes with wants_help later");
  if (met && wants) body.optional("met").issue("goes without wants_help");
  if (!issues.empty()) return issues.error();
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, organization, place.patient, id);
    if (!before) return http::not_found();
    if (before->version != version)
      return patients::stale(asker.request_id, need_json(tx, organization, *before), patient, id.uuid);
    if (before->state == "met" && !note)
      return fail(ErrorCode::conflict, "This need was met. Write down a new one when it comes back.");
    Need after = *before;
    if (wants) after.state = std::string(state_of_answer(*wants));
    if (wants) after.later_until = later_until;
    if (met && *met) after.state = "met";
    if (note) after.note = *note;
    if (!move(*deps, tx, asker, *before, after, reason))
      return patients::stale(asker.request_id, need_json(tx, organization, *before), patient, id.uuid);
    return need_changed(200, need_json(tx, organization, after), after);
  });
}

Result<Work> create_screening(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"form", "on", "asked", "found", "declined", "confidential"});
  Screening s;
  s.form = body.required("form").string(1, 40).value_or("");
  const auto on = body.optional("on").date();
  s.asked = read_words(body.optional("asked")).value_or(std::vector<std::string>());
  s.found = read_words(body.optional("found")).value_or(std::vector<std::string>());
  s.refused = body.optional("declined").boolean().value_or(false);
  const bool confidential = body.optional("confidential").boolean().value_or(false);
  if (!issues.empty()) return issues.error();
  s.id = deps->chart->ids->next();
  s.patient = patient;
  s.by = call.caller.user;
  s.at = call.now;
  return Work([deps, asker = Asker(call), given = std::move(s), on, confidential](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, given.patient));
    Screening screening = given;
    screening.on = on.value_or(place.today);
    CONCORD_TRY_VOID(patients::refuse_if_any(check(screening, place.today)));
    insert(tx, organization, screening);
    std::vector<Need> needs;
    for (const auto& kind : screening.found) {
      if (auto known = open_need(tx, organization, place.patient, kind)) {
        needs.push_back(std::move(*known));
        continue;
      }
      Need n;
      n.id = NeedId(deps->chart->ids->next());
      n.patient = place.patient;
      n.kind = kind;
      n.source = screening.form;
      n.found = screening.on;
      if (confidential) n.labels = kConfidential;
      n.created_by = asker.caller.user;
      n.changed_at = asker.now;
      insert(tx, organization, n);
      insert(tx, organization, n.patient, change_of(*deps, asker, n, std::nullopt, ""));
      needs.push_back(std::move(n));
    }
    const auto referrals = list_referrals(tx, organization, place.patient);
    std::string out;
    json::Writer w(out);
    w.object()
        .key("screening")
        .object()
        .field("id", screening.id)
        .field("form", screening.form)
        .field("on", screening.on)
        .key("asked");
    write_words(w, screening.asked);
    w.key("found");
    write_words(w, screening.found);
    w.field("declined", screening.refused).end().key("needs").array();
    for (const auto& n : needs) write(w, n, referrals);
    w.end().end();
    Reply reply = patients::changed(201, std::move(out), place.patient, screening.id);
    reply.location = "/api/v1/patients/" + place.patient.text() + "/needs";
    reply.audit_detail = "form=" + screening.form;
    return reply;
  });
}

Result<Work> list_forms(const Kept&, const Call&) {
  return Work([](db::Tx&) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& form : forms()) {
      w.object()
          .field("id", form.id)
          .field("title", form.title)
          .field("loinc", form.loinc)
          .field("licence", form.licence)
          .key("kinds")
          .array();
      for (const auto kind : form.kinds) w.value(kind);
      w.end().key("domains").array();
      for (const auto kind : form.kinds) {
        w.object().field("kind", kind).key("items");
        write_words(w, words(item_codes(form.id, kind), ' '));
        w.end();
      }
      w.end().end();
    }
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

// ---- referrals

enum class With { patient, nobody };

void write_patient(const Deps& deps, json::Writer& w, db::Tx& tx, OrganizationId organization, PatientId id) {
  const auto patient = deps.patient(tx, organization, id);
  if (!patient) w.null();
  else
    w.object().field("id", patient->id).field("given_name", patient->given_name).field("family_name", patient->family_name).end();
}

void write_fields(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Referral& r, With with) {
  const auto organization = asker.organization();
  const Date today = local_date(asker.now, deps.chart->time_zone(organization, r.site));
  w.field("id", r.id);
  if (with == With::patient) {
    w.key("patient");
    write_patient(deps, w, tx, organization, r.patient);
  }
  w.key("need").object().field("id", r.need).field("kind", r.kind).end().key("service");
  const auto service = find(tx, organization, r.service);
  w.object()
      .field("id", r.service)
      .field("name", service ? service->name : "")
      .field("phone", service ? service->phone : "")
      .end()
      .field("state", r.state)
      .field("sent_on", r.sent)
      .field("sent_by_way", r.sent_by_way)
      .key("shares");
  write_words(w, r.shares);
  w.key("consent").object().field("method", r.consent_method).field("on", r.consent_date).key("recorded_by");
  deps.chart->write_user(w, tx, asker.caller, r.consent_by);
  w.field("withdrawn_on", r.consent_withdrawn)
      .end()
      .field("accepted_on", r.accepted)
      .field("declined_on", r.declined)
      .field("seen_on", r.seen)
      .field("seen_confirmed_by", r.seen_confirmed_by)
      .field("closed_on", r.closed)
      .field("outcome", r.outcome)
      .field("reason", r.reason)
      .key("owner");
  deps.chart->write_user(w, tx, asker.caller, r.owner);
  w.field("due_on", due(r)).field("overdue_days", overdue_days(r, today)).field("note", r.note).key("labels");
  patients::write_labels(w, r.labels, patients::Normal::left_out);
  w.field("created_at", r.created_at).field("version", r.version);
}

std::string referral_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Referral& r) {
  std::string out;
  json::Writer w(out);
  w.object();
  write_fields(deps, w, tx, asker, r, With::patient);
  w.end();
  return out;
}

Reply referral_changed(int status, std::string body, const Referral& r) {
  Reply reply = patients::changed(status, std::move(body), r.patient, r.id.uuid);
  reply.version = r.version;
  reply.events.push_back({"community", r.id.uuid});
  return reply;
}

ReferralEvent event_of(const Deps& deps, const Asker& asker, const Referral& r, std::string kind, Date on, std::string detail,
                       std::string reason) {
  ReferralEvent e;
  e.id = deps.chart->ids->next();
  e.referral = r.id;
  e.at = asker.now;
  e.on = on;
  e.by_kind = "staff";
  e.by = asker.caller.user;
  e.kind = std::move(kind);
  e.detail = std::move(detail);
  e.reason = std::move(reason);
  return e;
}

Result<Referral> visible(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient, ReferralId id) {
  CONCORD_TRY(const auto place, deps.chart->find(tx, asker.caller, asker.now, patient));
  auto found = find(tx, asker.organization(), place.patient, id);
  if (!found || !asker.caller.may_use(found->site)) return http::not_found();
  return std::move(*found);
}

void tell(const Deps& deps, db::Tx& tx, const Asker& asker, UserId to, std::string kind, PatientId patient, const Uuid& object,
          std::int64_t version) {
  if (deps.notify && to != asker.caller.user)
    deps.notify(tx, asker.organization(), {to, std::move(kind), patient, object, false, "v" + std::to_string(version)});
}

Result<Work> list_patients_referrals(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& r : list_referrals(tx, asker.organization(), place.patient)) {
      if (!asker.caller.may_use(r.site)) continue;
      w.object();
      write_fields(*deps, w, tx, asker, r, With::patient);
      w.end();
    }
    w.end().key("next").null().end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> read_referral(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ReferralId>("community_referral_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto r, visible(*deps, tx, asker, patient, id));
    std::string body;
    json::Writer w(body);
    w.object();
    write_fields(*deps, w, tx, asker, r, With::patient);
    w.key("history").array();
    for (const auto& e : list_events(tx, asker.organization(), patient, id)) {
      w.object().field("at", e.at).field("on", e.on).field("by_kind", e.by_kind).key("by");
      if (e.by_kind == "staff") deps->chart->write_user(w, tx, asker.caller, e.by);
      else w.null();
      w.field("kind", e.kind).field("detail", e.detail).field("reason", e.reason).end();
    }
    w.end().end();
    Reply reply = patients::looked(std::move(body), patient, id.uuid);
    reply.version = r.version;
    return reply;
  });
}

Result<Work> create_referral(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"need_id", "service_id", "sent_on", "sent_by_way", "shares", "consent", "owner_id", "note"});
  Referral r;
  const auto need = body.required("need_id").id<NeedId>();
  const auto service = body.required("service_id").id<ServiceId>();
  const auto sent = body.optional("sent_on").date();
  const auto way = body.required("sent_by_way").one_of({"phone", "mail", "email", "fax", "platform", "patient_goes"});
  r.shares = read_words(body.optional("shares")).value_or(std::vector<std::string>());
  std::optional<std::string> method;
  std::optional<Date> consented;
  // Without the patient's consent nothing goes out, not even by a form that leaves the field empty.
  if (const auto consent = body.required("consent"); consent.present()) {
    consent.only({"method", "on"});
    method = consent.required("method").one_of({"verbal", "written", "electronic"});
    consented = consent.optional("on").date();
  } else {
    consent.issue("is needed: what may the service be told?");
  }
  const auto owner = body.optional("owner_id").id<UserId>();
  r.note = json::trimmed(body.optional("note"), 4000).value_or("");
  if (!issues.empty()) return issues.error();
  r.id = ReferralId(deps->chart->ids->next());
  r.patient = patient;
  r.need = *need;
  r.service = *service;
  r.sent_by_way = *way;
  r.consent_method = *method;
  r.consent_by = r.created_by = call.caller.user;
  r.owner = owner.value_or(call.caller.user);
  r.created_at = call.now;
  return Work([deps, asker = Asker(call), given = std::move(r), sent, consented](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, given.patient));
    Referral referral = given;
    referral.site = place.site;
    referral.sent = sent.value_or(place.today);
    referral.consent_date = consented.value_or(std::min(referral.sent, place.today));
    const auto before = find(tx, organization, place.patient, referral.need);
    if (!before) return wrong("need_id", "is no need of this patient");
    if (before->state == "met") return fail(ErrorCode::conflict, "This need was met. Write down a new one when it comes back.");
    const auto listed = find(tx, organization, referral.service);
    if (!listed || listed->withdrawn) return wrong("service_id", "is no service of the directory that can be used");
    referral.kind = before->kind;
    referral.labels = before->labels;
    std::vector<Issue> faults = check(referral, place.today);
    if (!deps->may_own(tx, organization, referral.owner, place.site))
      faults.push_back({"owner_id", "is nobody who looks after referrals at this site"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(faults)));
    insert(tx, organization, referral);
    insert(tx, organization, referral.patient,
           event_of(*deps, asker, referral, "sent", referral.sent, joined(referral.shares, ' '), ""));
    if (before->state != "wants_help") {
      Need wanted = *before;
      wanted.state = "wants_help";
      wanted.later_until.reset();
      move(*deps, tx, asker, *before, wanted, "");
    }
    deps->chart->refresh_caseload(tx, organization, referral.patient);
    tell(*deps, tx, asker, referral.owner, "community.referral", referral.patient, referral.id.uuid, 1);
    Reply reply = referral_changed(201, referral_json(*deps, tx, asker, referral), referral);
    reply.location = "/api/v1/patients/" + referral.patient.text() + "/community-referrals/" + referral.id.text();
    reply.audit_detail = "kind=" + referral.kind + " shares=" + std::to_string(referral.shares.size());
    return reply;
  });
}

Result<Work> act_on_referral(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ReferralId>("community_referral_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act", "on", "confirmed_by", "outcome", "reason", "owner_id", "note"});
  const auto word =
      body.required("act").one_of({"accept", "decline", "seen", "close", "reopen", "withdraw_consent", "own", "note"});
  const auto on = body.optional("on").date();
  const auto confirmed_by = body.optional("confirmed_by").one_of({"service", "patient", "staff"}).value_or("");
  const auto outcome = body.optional("outcome").one_of({"met", "partly_met", "not_met"}).value_or("");
  const auto reason = json::trimmed(body.optional("reason"), 500).value_or("");
  const auto owner = body.optional("owner_id").id<UserId>();
  const auto note = json::trimmed(body.optional("note"), 4000);
  if (word && *word == "own" && !owner) body.required("owner_id").issue("whose is it now?");
  if (word && *word == "note" && !note) body.required("note").issue("is missing");
  if (!issues.empty()) return issues.error();
  return Work([=, asker = Asker(call), word = *word](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto before, visible(*deps, tx, asker, patient, id));
    if (before.version != version)
      return patients::stale(asker.request_id, referral_json(*deps, tx, asker, before), patient, id.uuid);
    const auto place = deps->chart->place(asker.caller, asker.now, patient, before.site);
    Referral after = before;
    std::string detail;
    if (word == "own") {
      if (!deps->may_own(tx, organization, *owner, before.site))
        return wrong("owner_id", "is nobody who looks after referrals at this site");
      after.owner = *owner;
      detail = owner->text();
    } else if (word == "note") {
      after.note = *note;
    } else {
      CONCORD_TRY(after, apply(before, {word, on.value_or(std::max(place.today, before.sent)), confirmed_by, outcome, reason},
                               place.today));
      detail = word == "seen" ? confirmed_by : word == "close" ? outcome : "";
    }
    if (!update(tx, organization, after, version))
      return patients::stale(asker.request_id, referral_json(*deps, tx, asker, before), patient, id.uuid);
    ++after.version;
    insert(tx, organization, patient, event_of(*deps, asker, after, word, on.value_or(place.today), detail, reason));
    if (word == "close" && outcome == "met") {
      const auto need = find(tx, organization, patient, after.need);
      if (need && need->state != "met") {
        Need done = *need;
        done.state = "met";
        move(*deps, tx, asker, *need, done, "");
      }
    }
    if (word != "note") deps->chart->refresh_caseload(tx, organization, patient);
    if (word == "own") tell(*deps, tx, asker, after.owner, "community.referral", patient, id.uuid, after.version);
    Reply reply = referral_changed(200, referral_json(*deps, tx, asker, after), after);
    reply.audit_detail = "act=" + word;
    return reply;
  });
}

// ---- work lists

std::vector<SiteId> sites_of(const Call& call, bool& known) {
  known = true;
  const auto text = call.request.parameter("site");
  if (!text || text->empty()) return call.caller.sites;
  const auto site = SiteId::parse(*text);
  known = site && call.caller.may_use(*site);
  return known ? std::vector<SiteId>{*site} : std::vector<SiteId>();
}

Result<Work> list_worklist(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  bool known = true;
  const auto sites = sites_of(call, known);
  if (!known) return http::not_found();
  std::optional<UserId> owner;
  if (const auto text = call.request.parameter("owner"); text && !text->empty()) {
    owner = *text == "me" ? std::optional(call.caller.user) : UserId::parse(*text);
    if (!owner) return http::wrong_filter("owner", "must be an id or me");
  }
  std::optional<std::string> kind;
  if (const auto text = call.request.parameter("kind"); text && !text->empty()) {
    if (!is_kind(*text)) return http::wrong_filter("kind", "is not a kind Concord knows");
    kind = std::string(*text);
  }
  AfterReferral after;
  if (page.after) {
    const auto parts = split(*page.after, '_');
    const auto sent = parts.size() == 2 ? Date::parse(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? ReferralId::parse(parts[1]) : std::nullopt;
    if (!sent || !id) return http::wrong_page();
    after = {*sent, *id};
  }
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    std::vector<Referral> found;
    OpenCounts counts;
    for (const auto site : sites) {
      for (auto& r : list_open(tx, organization, site, owner, kind, after, page.limit + 1)) found.push_back(std::move(r));
      const Date today = local_date(asker.now, deps->chart->time_zone(organization, site));
      const auto here = count_open(tx, organization, site, today.plus_days(-kSeenWithinDays));
      counts.open += here.open;
      counts.overdue += here.overdue;
    }
    std::sort(found.begin(), found.end(),
              [](const Referral& a, const Referral& b) { return std::pair(a.sent, a.id) < std::pair(b.sent, b.id); });
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.resize(static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& r : found) {
      w.object();
      write_fields(*deps, w, tx, asker, r, With::patient);
      w.end();
    }
    w.end().key("next");
    if (more) w.value(found.back().sent.iso() + "_" + found.back().id.text());
    else w.null();
    w.key("counts").object().field("open", counts.open).field("overdue", counts.overdue).end().end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> list_wanted_needs(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  bool known = true;
  const auto sites = sites_of(call, known);
  if (!known) return http::not_found();
  AfterNeed after;
  if (page.after) {
    const auto parts = split(*page.after, '_');
    std::int64_t micros = 0;
    const auto id = parts.size() == 2 ? NeedId::parse(parts[1]) : std::nullopt;
    if (!id) return http::wrong_page();
    const auto* end = parts[0].data() + parts[0].size();
    const auto read = std::from_chars(parts[0].data(), end, micros);
    if (read.ec != std::errc() || read.ptr != end) return http::wrong_page();
    after = {Instant(std::chrono::microseconds(micros)), *id};
  }
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    std::vector<Need> found;
    for (const auto site : sites)
      for (auto& n : list_wanted(tx, organization, site, after, page.limit + 1)) found.push_back(std::move(n));
    std::sort(found.begin(), found.end(),
              [](const Need& a, const Need& b) { return std::pair(a.changed_at, a.id) < std::pair(b.changed_at, b.id); });
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.resize(static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& n : found) {
      w.object().field("id", n.id).key("patient");
      write_patient(*deps, w, tx, organization, n.patient);
      w.field("kind", n.kind)
          .field("found_on", n.found)
          .field("note", n.note)
          .field("changed_at", n.changed_at)
          .field("version", n.version)
          .end();
    }
    w.end().key("next");
    if (more) w.value(std::to_string(found.back().changed_at.time_since_epoch().count()) + "_" + found.back().id.text());
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

// ---- the portal

bool shows(const portal::Viewer& viewer, std::string_view kind, std::string_view labels) {
  return may_be_shown_in_portal(kind) && portal::may_see(viewer, labels, "need:" + std::string(kind));
}

void write_for_patient(json::Writer& w, const Need& n) {
  w.object().field("id", n.id).field("kind", n.kind).field("state", n.state).field("later_until", n.later_until).end();
}

void write_for_patient(json::Writer& w, db::Tx& tx, OrganizationId organization, const Referral& r) {
  const auto service = find(tx, organization, r.service);
  w.object().field("id", r.id).field("kind", r.kind).key("service").object();
  w.field("name", service ? service->name : "")
      .field("phone", service ? service->phone : "")
      .field("hours", service ? service->hours : "")
      .field("web", service ? service->web : "")
      .field("cost", service ? service->cost : "")
      .end()
      .field("state", r.state)
      .field("sent_on", r.sent)
      .field("seen_on", r.seen)
      .key("shares");
  write_words(w, r.shares);
  w.field("can_answer", r.waits()).end();
}

Result<Work> answer_need(const Kept& deps, const Call& call) {
  CONCORD_TRY_VOID(portal::require(call.caller, "appointments"));
  CONCORD_TRY(const auto id, call.path_id<NeedId>("need_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"wants_help"});
  const auto wants = body.required("wants_help").one_of({"yes", "no", "later"});
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, wants = *wants](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto viewer, deps->viewer(tx, asker.caller, asker.now));
    const auto before = find(tx, organization, viewer.patient, id);
    if (!before || !shows(viewer, before->kind, before->labels)) return http::not_found();
    if (before->state == "met") return fail(ErrorCode::conflict, "This is done. Tell us when it comes back.");
    Need after = *before;
    after.state = std::string(state_of_answer(wants));
    after.later_until.reset();
    after.changed_at = asker.now;
    if (!update(tx, organization, after, before->version))
      return fail(ErrorCode::conflict, "This was changed a moment ago. Please look at it again.");
    ++after.version;
    auto change = change_of(*deps, asker, after, before->state, "");
    change.by_kind = viewer.is_self ? "patient" : "trusted_person";
    change.on_behalf_by = portal::on_behalf_by(asker.caller);
    insert(tx, organization, after.patient, change);
    if (wants == "yes" && before->state != "wants_help" && deps->worker_of)
      if (const auto worker = deps->worker_of(tx, organization, after.patient))
        tell(*deps, tx, asker, *worker, "community.wanted", after.patient, id.uuid, after.version);
    std::string out;
    json::Writer w(out);
    write_for_patient(w, after);
    Reply reply = need_changed(200, std::move(out), after);
    reply.audit_detail = "wants_help=" + wants;
    return reply;
  });
}

Result<Work> answer_referral(const Kept& deps, const Call& call) {
  CONCORD_TRY_VOID(portal::require(call.caller, "appointments"));
  CONCORD_TRY(const auto id, call.path_id<ReferralId>("community_referral_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"act"});
  const auto act = body.required("act").one_of({"seen", "withdraw_consent"});
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, act = *act](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    CONCORD_TRY(const auto viewer, deps->viewer(tx, asker.caller, asker.now));
    const auto before = find(tx, organization, viewer.patient, id);
    if (!before || !shows(viewer, before->kind, before->labels)) return http::not_found();
    // What may be shared is the patient's own to take back.
    if (act == "withdraw_consent") CONCORD_TRY_VOID(portal::require_self(asker.caller));
    CONCORD_TRY(auto after, apply(*before, {act, std::max(viewer.today, before->sent), "patient", "", ""},
                                  std::max(viewer.today, before->sent)));
    if (!update(tx, organization, after, before->version))
      return fail(ErrorCode::conflict, "This was changed a moment ago. Please look at it again.");
    ++after.version;
    auto event = event_of(*deps, asker, after, act, viewer.today, act == "seen" ? "patient" : "", "");
    event.by_kind = viewer.is_self ? "patient" : "trusted_person";
    event.on_behalf_by = portal::on_behalf_by(asker.caller);
    insert(tx, organization, after.patient, event);
    deps->chart->refresh_caseload(tx, organization, after.patient);
    tell(*deps, tx, asker, after.owner, "community.answered", after.patient, id.uuid, after.version);
    std::string out;
    json::Writer w(out);
    write_for_patient(w, tx, organization, after);
    Reply reply = referral_changed(200, std::move(out), after);
    reply.audit_detail = "act=" + act;
    return reply;
  });
}

// ---- schemas

std::string kinds_word() {
  std::string all;
  for (const auto kind : kKinds) all += (all.empty() ? "" : "|") + std::string(kind);
  return all;
}

std::string service_schema() {
  return http::schema({{"id", "id!"},
                       {"name", "text!"},
                       {"kinds", "[]" + kinds_word() + "!"},
                       {"areas", "[]text!"},
                       {"languages", "[]text!"},
                       {"phone", "text!"},
                       {"hours", "text!"},
                       {"web", "text!"},
                       {"eligibility", "text!"},
                       {"cost", "text!"},
                       {"note", "text!"},
                       {"checked_on", "date?!"},
                       {"withdrawn", "boolean!"},
                       {"updated_at", "instant!"},
                       {"version", "integer!"}});
}

std::string service_body(bool is_new) {
  const std::string must = is_new ? "!" : "";
  return http::schema({{"name", "text" + must},
                       {"kinds", "[]" + kinds_word() + must},
                       {"areas", "[]text"},
                       {"languages", "[]text"},
                       {"phone", "text"},
                       {"hours", "text"},
                       {"web", "text"},
                       {"eligibility", "text"},
                       {"cost", "text"},
                       {"checked_on", "date"},
                       {"note", "text"}},
                      true);
}

constexpr std::string_view kNeedStates = "found|wants_help|declined|later|met!";
constexpr std::string_view kSources = "ahc-hrsn|prapare|conversation|patient|other";

std::string need_schema() {
  return http::schema({{"id", "id!"},
                       {"kind", kinds_word() + "!"},
                       {"state", kNeedStates},
                       {"later_until", "date?!"},
                       {"source", std::string(kSources) + "!"},
                       {"found_on", "date!"},
                       {"note", "text!"},
                       {"open_referrals", "integer!"},
                       {"labels", "[]text!"},
                       {"changed_at", "instant!"},
                       {"version", "integer!"}});
}

std::string screening_schema(bool with_person) {
  return http::schema({{"id", "id!"},
                       {"form", "ahc-hrsn|prapare!"},
                       {"on", "date!"},
                       {"asked", "[]" + kinds_word() + "!"},
                       {"found", "[]" + kinds_word() + "!"},
                       {"declined", "boolean!"},
                       {"by", patients::user_schema() + (with_person ? "!" : "")}});
}

std::string referral_schema() {
  const std::string need = http::schema({{"id", "id!"}, {"kind", kinds_word() + "!"}});
  const std::string service = http::schema({{"id", "id!"}, {"name", "text!"}, {"phone", "text!"}});
  const std::string consent = http::schema({{"method", "verbal|written|electronic!"},
                                            {"on", "date!"},
                                            {"recorded_by", patients::user_schema() + "!"},
                                            {"withdrawn_on", "date?!"}});
  return http::schema({{"id", "id!"},
                       {"patient", patients::patient_name_schema()},
                       {"need", need + "!"},
                       {"service", service + "!"},
                       {"state", "sent|accepted|declined|seen|closed!"},
                       {"sent_on", "date!"},
                       {"sent_by_way", "phone|mail|email|fax|platform|patient_goes!"},
                       {"shares", "[]text!"},
                       {"consent", consent + "!"},
                       {"accepted_on", "date?!"},
                       {"declined_on", "date?!"},
                       {"seen_on", "date?!"},
                       {"seen_confirmed_by", "text?!"},
                       {"closed_on", "date?!"},
                       {"outcome", "text?!"},
                       {"reason", "text!"},
                       {"owner", patients::user_schema() + "!"},
                       {"due_on", "date?!"},
                       {"overdue_days", "integer!"},
                       {"note", "text!"},
                       {"labels", "[]text!"},
                       {"created_at", "instant!"},
                       {"version", "integer!"},
                       {"history", "[]object"}});
}

std::string portal_need_schema() {
  return http::schema({{"id", "id!"}, {"kind", kinds_word() + "!"}, {"state", kNeedStates}, {"later_until", "date?!"}});
}

std::string portal_referral_schema() {
  const std::string service =
      http::schema({{"name", "text!"}, {"phone", "text!"}, {"hours", "text!"}, {"web", "text!"}, {"cost", "text!"}});
  return http::schema({{"id", "id!"},
                       {"kind", kinds_word() + "!"},
                       {"service", service + "!"},
                       {"state", "sent|accepted|declined|seen|closed!"},
                       {"sent_on", "date!"},
                       {"seen_on", "date?!"},
                       {"shares", "[]text!"},
                       {"can_answer", "boolean!"}});
}

}  // namespace

portal::View portal_view(const Deps&) {
  portal::View view;
  view.name = "community";
  view.scope = "appointments";
  view.summary = "Help beside treatment: what I need, and which services I was sent to";
  view.schema =
      http::schema({{"needs", "[]" + portal_need_schema() + "!"}, {"referrals", "[]" + portal_referral_schema() + "!"}});
  view.write = [](json::Writer& w, db::Tx& tx, const portal::Viewer& viewer, const http::Request&) -> Result<void> {
    w.object().key("needs").array();
    for (const auto& n : list_needs(tx, viewer.organization, viewer.patient))
      if (shows(viewer, n.kind, n.labels)) write_for_patient(w, n);
    w.end().key("referrals").array();
    for (const auto& r : list_referrals(tx, viewer.organization, viewer.patient))
      if (shows(viewer, r.kind, r.labels)) write_for_patient(w, tx, viewer.organization, r);
    w.end().end();
    return {};
  };
  return view;
}

void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto organization = asker.organization();
  const auto needs = list_needs(tx, organization, place.patient);
  const auto referrals = needs.empty() ? std::vector<Referral>() : list_referrals(tx, organization, place.patient);
  w.object().key("needs").array();
  for (const auto& n : needs)
    if (n.state != "met" && n.state != "declined") write(w, n, referrals);
  w.end().key("referrals").array();
  for (const auto& r : referrals) {
    if (r.state == "closed" || !asker.caller.may_use(r.site)) continue;
    w.object();
    write_fields(deps, w, tx, asker, r, With::nobody);
    w.end();
  }
  w.end().end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using http::Method;
  using http::RunAs;
  http::RouteList<Kept> all(deps);
  const std::vector<std::pair<std::string, std::string>> paging = {{"limit", "1 to 200"}, {"after", "page key"}};
  const auto with_paging = [&](std::vector<std::pair<std::string, std::string>> own) {
    own.insert(own.end(), paging.begin(), paging.end());
    return own;
  };
  const std::string service = service_schema(), need = need_schema(), referral = referral_schema();
  const std::string services = "/api/v1/community/services", patient = "/api/v1/patients/{patient_id}";
  const std::string one_service = services + "/{service_id}";
  const std::string one_referral = patient + "/community-referrals/{community_referral_id}";

  all.add(Method::get, services, "community.services", "directory.read", "The directory of services, by name", RunAs::list, "",
          http::list_schema(service), list_directory)
      .query_parameters = with_paging({{"need", "what it helps with: housing, food ..."},
                                       {"language", "en, es ..."},
                                       {"area", "a postal code or the name of an area"},
                                       {"q", "words of its name"},
                                       {"withdrawn", "true: only those that are not used any more"}});
  all.add(Method::post, services, "community.create_service", "directory.write", "A new service in the directory", RunAs::write,
          service_body(true), service, create_service)
      .creates = true;
  all.add(Method::get, one_service, "community.service", "directory.read", "One service", RunAs::point, "", service,
          read_service);
  all.add(Method::patch, one_service, "community.edit_service", "directory.write", "Changes a service", RunAs::write,
          service_body(false), service, edit_service);
  all.add(Method::post, one_service + "/acts", "community.act_on_service", "directory.write",
          "Somebody made sure that it is right; it is not used any more; it is used again", RunAs::write,
          http::schema({{"act", "checked|withdraw|restore!"}}, true), service, act_on_service);
  const std::string form = http::schema({{"id", "text!"},
                                         {"title", "text!"},
                                         {"loinc", "text!"},
                                         {"licence", "text!"},
                                         {"kinds", "[]" + kinds_word() + "!"},
                                         {"domains", "[]" + http::schema({{"kind", "text!"}, {"items", "[]text!"}}) + "!"}});
  all.add(Method::get, "/api/v1/community/forms", "community.forms", "directory.read",
          "Questionnaires about needs and which parts they have; their wording is the clinic's own copy", RunAs::point, "",
          http::list_schema(form), list_forms);
  all.add(Method::get, "/api/v1/community/worklist", "community.worklist", "community.read",
          "Open referrals at my sites, the longest waiting first", RunAs::list, "",
          http::schema({{"items", "[]" + referral + "!"},
                        {"next", "text?!"},
                        {"counts", http::schema({{"open", "integer!"}, {"overdue", "integer!"}}) + "!"}}),
          list_worklist)
      .query_parameters = with_paging({{"site", "one of your sites; all of them when absent"},
                                       {"owner", "only those of this person; \"me\""},
                                       {"kind", "only needs of this kind"}});
  const std::string wanted = http::schema({{"id", "id!"},
                                           {"patient", patients::patient_name_schema() + "!"},
                                           {"kind", kinds_word() + "!"},
                                           {"found_on", "date!"},
                                           {"note", "text!"},
                                           {"changed_at", "instant!"},
                                           {"version", "integer!"}});
  all.add(Method::get, "/api/v1/community/wanted", "community.wanted", "community.read",
          "Needs with which somebody wants help and for which no referral is open", RunAs::list, "", http::list_schema(wanted),
          list_wanted_needs)
      .query_parameters = with_paging({{"site", "one of your sites; all of them when absent"}});
  all.add(Method::get, patient + "/needs", "community.needs", "community.read",
          "Needs of a patient and the questionnaires about them", RunAs::list, "",
          http::schema({{"items", "[]" + need + "!"}, {"screenings", "[]" + screening_schema(true) + "!"}, {"next", "text?!"}}),
          list_patients_needs);
  all.add(Method::post, patient + "/needs", "community.create_need", "community.write",
          "A need, and whether the patient wants help with it", RunAs::write,
          http::schema({{"kind", kinds_word() + "!"},
                        {"wants_help", "yes|no|later"},
                        {"later_until", "date"},
                        {"source", kSources},
                        {"found_on", "date"},
                        {"note", "text"},
                        {"confidential", "boolean"}},
                       true),
          need, create_need)
      .creates = true;
  all.add(Method::patch, patient + "/needs/{need_id}", "community.edit_need", "community.write",
          "What the patient says about help, or that the need is met", RunAs::write,
          http::schema(
              {{"wants_help", "yes|no|later"}, {"later_until", "date"}, {"met", "boolean"}, {"note", "text"}, {"reason", "text"}},
              true),
          need, edit_need);
  all.add(Method::post, patient + "/need-screenings", "community.create_screening", "community.write",
          "A questionnaire was gone through: what was asked, what was found", RunAs::write,
          http::schema({{"form", "ahc-hrsn|prapare!"},
                        {"on", "date"},
                        {"asked", "[]" + kinds_word()},
                        {"found", "[]" + kinds_word()},
                        {"declined", "boolean"},
                        {"confidential", "boolean"}},
                       true),
          http::schema({{"screening", screening_schema(false) + "!"}, {"needs", "[]" + need + "!"}}), create_screening)
      .creates = true;
  all.add(Method::get, patient + "/community-referrals", "community.referrals", "community.read",
          "Referrals of a patient to services", RunAs::list, "", http::list_schema(referral), list_patients_referrals);
  all.add(Method::post, patient + "/community-referrals", "community.create_referral", "community.write",
          "Refers the patient to a service, with the consent that says what is shared", RunAs::write,
          http::schema({{"need_id", "id!"},
                        {"service_id", "id!"},
                        {"sent_on", "date"},
                        {"sent_by_way", "phone|mail|email|fax|platform|patient_goes!"},
                        {"shares", "[]name|phone|address|email|language|need|best_time"},
                        {"consent", http::schema({{"method", "verbal|written|electronic!"}, {"on", "date"}}, true) + "!"},
                        {"owner_id", "id"},
                        {"note", "text"}},
                       true),
          referral, create_referral)
      .creates = true;
  all.add(Method::get, one_referral, "community.referral", "community.read", "One referral with everything that happened to it",
          RunAs::point, "", referral, read_referral);
  all.add(Method::post, one_referral + "/acts", "community.act_on_referral", "community.write",
          "Accepted, declined, seen (confirmed by whom), closed, open again, consent withdrawn, another owner, a note",
          RunAs::write,
          http::schema({{"act", "accept|decline|seen|close|reopen|withdraw_consent|own|note!"},
                        {"on", "date"},
                        {"confirmed_by", "service|patient|staff"},
                        {"outcome", "met|partly_met|not_met"},
                        {"reason", "text"},
                        {"owner_id", "id"},
                        {"note", "text"}},
                       true),
          referral, act_on_referral);
  all.add(Method::post, "/api/v1/portal/needs/{need_id}/answer", "portal.needs_answer", "portal.use",
          "I want help with this, I do not, later", RunAs::write, http::schema({{"wants_help", "yes|no|later!"}}, true),
          portal_need_schema(), answer_need)
      .audience = http::Audience::portal;
  all.add(Method::post, "/api/v1/portal/community/{community_referral_id}/acts", "portal.community_act", "portal.use",
          "I was there; or: do not share anything about me any more", RunAs::write,
          http::schema({{"act", "seen|withdraw_consent!"}}, true), portal_referral_schema(), answer_referral)
      .audience = http::Audience::portal;
  return all.take();
}

}  // namespace concord::community
