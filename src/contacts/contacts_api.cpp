#include "contacts/contacts_api.h"

#include <memory>
#include <utility>

#include "base/text.h"
#include "base/zone.h"
#include "contacts/contacts_store.h"
#include "json/edits.h"
#include "patients/shapes.h"

namespace concord::contacts {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

constexpr std::size_t kNoteBytes = 20000;
constexpr std::size_t kMostParts = 20;

/// Whoever only bills sees when and how long, never what was said.
bool may_read_notes(const Caller& caller) { return caller.role != "billing" && caller.role != "privacy_officer"; }

std::string_view staff_role_of(std::string_view role) {
  if (role == "care_manager" || role == "psychiatric_consultant" || role == "pcp") return role;
  if (role == "bh_specialist") return "other_cocm_clinician";
  return "other";
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const Contact& c) {
  w.object().field("id", c.id).field("date", c.date).field("started_at", c.started_at).key("staff");
  chart.write_user(w, tx, caller, c.staff);
  w.field("staff_role", c.staff_role)
      .field("kind", c.kind)
      .field("modality", c.modality)
      .field("minutes", c.minutes)
      .key("with_whom")
      .array();
  for (const auto who : split(c.with_whom, ' '))
    if (!who.empty()) w.value(who);
  w.end().key("interventions").array();
  for (const auto& intervention : c.interventions) w.value(intervention);
  w.end().key("note");
  if (may_read_notes(caller)) w.value(c.note);
  else w.null();
  w.field("next_due_date", c.next_due_date).field("next_due_modality", c.next_due_modality).field("version", c.version).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Caller& caller, const Contact& c) {
  std::string out;
  json::Writer w(out);
  write(chart, w, tx, caller, c);
  return out;
}

std::optional<std::string> read_with_whom(const json::Cursor& list) {
  if (!list.present()) return std::nullopt;
  std::string joined;
  list.each([&](const json::Cursor& item) {
    const auto word = item.one_of({"patient", "caregiver", "interpreter"});
    if (!word) return;
    if (!joined.empty()) joined += ' ';
    joined += *word;
  });
  return joined;
}

std::optional<std::vector<std::string>> read_interventions(const json::Cursor& list) {
  if (!list.present()) return std::nullopt;
  std::vector<std::string> words;
  list.each([&](const json::Cursor& item) {
    const auto word = item.string(1, 60);
    if (!word) return;
    bool known = false;
    for (const auto intervention : kInterventions) known = known || intervention == *word;
    if (!known) item.issue("is not an intervention Concord knows");
    bool twice = false;
    for (const auto& before : words) twice = twice || before == *word;
    if (!twice) words.push_back(*word);
  });
  return words;
}

/// The minutes of a contact; `role` is the one in which they were spent.
std::optional<TimeEntry> time_entry_of(const Contact& c, const std::string& staff_name, std::string_view role, const Asker& asker,
                                       std::string_view zone, TimeEntryId id) {
  if (!c.minutes || *c.minutes == 0) return std::nullopt;
  TimeEntry t;
  t.id = id;
  t.patient = c.patient;
  t.date = c.date;
  t.staff = c.staff;
  t.staff_name = staff_name;
  t.minutes = *c.minutes;
  t.activity = c.kind;
  // Written down afterwards, the form was opened later than the contact began: minutes that would end in the future
  // say that the start is not known.
  if (c.started_at && *c.started_at + std::chrono::minutes(*c.minutes) <= asker.now + std::chrono::minutes(1))
    t.start_minute = local_minute_of_day(*c.started_at, zone);
  t.contact = c.id;
  t.staff_role = role;
  t.source = "contact";
  t.entered_by = asker.caller.user;
  t.entered_at = asker.now;
  return t;
}

int counted_minutes(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place) {
  if (deps.minutes_counted) return deps.minutes_counted(tx, asker.organization(), place, place.today);
  return minutes_in_month(tx, asker.organization(), place.patient, place.today);
}

Result<Work> create_contact(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "modality", "date", "started_at", "minutes", "with_whom", "interventions", "note", "next_due_date",
             "next_due_modality", "measurements", "treatment_changes", "goal_checks", "treatment_reports", "psychotherapy",
             "visit_id"});
  Contact contact;
  contact.patient = patient;
  const auto kind = body.required("kind").one_of({"treatment", "outreach_attempt", "scheduling", "no_show", "message"});
  json::Edits<Contact> edits;
  edits.one_of(body, "modality", {"in_person", "video", "phone", "sms", "email", "portal", "letter"}, &Contact::modality);
  edits.integer(body, "minutes", 0, 24 * 60, &Contact::minutes);
  edits.date(body, "next_due_date", &Contact::next_due_date);
  edits.one_of(body, "next_due_modality", {"in_person", "video", "phone", "sms", "email", "portal", "letter"},
               &Contact::next_due_modality);
  edits.apply(contact);
  const auto date = body.optional("date").date();
  contact.started_at = body.optional("started_at").instant();
  if (auto whom = read_with_whom(body.optional("with_whom"))) contact.with_whom = std::move(*whom);
  if (auto words = read_interventions(body.optional("interventions"))) contact.interventions = std::move(*words);
  contact.note = body.optional("note").string(0, kNoteBytes).value_or("");

  std::vector<StorePart> measurements, treatment_changes, goal_checks;
  const auto mode = contact.modality == "in_person" || contact.modality == "video" || contact.modality == "phone"
                        ? *contact.modality
                        : std::string();
  if (const auto list = body.optional("measurements"); list.present()) {
    list.each([&](const json::Cursor& item) {
      if (measurements.size() < kMostParts) measurements.push_back(deps->read_measurement(item, mode));
      else item.issue("is one too many: at most 20");
    });
  }
  if (const auto list = body.optional("treatment_changes"); list.present()) {
    list.each([&](const json::Cursor& item) {
      if (treatment_changes.size() < kMostParts) treatment_changes.push_back(deps->read_treatment_change(item));
      else item.issue("is one too many: at most 20");
    });
  }
  std::vector<StoreWithContact> treatment_reports;
  if (const auto list = body.optional("treatment_reports"); list.present()) {
    list.each([&](const json::Cursor& item) {
      if (treatment_reports.size() < kMostParts && deps->read_treatment_report)
        treatment_reports.push_back(deps->read_treatment_report(item));
      else item.issue("is one too many: at most 20");
    });
  }
  StoreWithContact psychotherapy;
  if (const auto session = body.optional("psychotherapy"); session.present() && deps->read_psychotherapy)
    psychotherapy = deps->read_psychotherapy(session, contact.minutes);
  if (const auto list = body.optional("goal_checks"); list.present()) {
    list.each([&](const json::Cursor& item) {
      if (goal_checks.size() < kMostParts && deps->read_goal_check) goal_checks.push_back(deps->read_goal_check(item));
      else item.issue("is one too many: at most 20");
    });
  }
  const auto visit = body.optional("visit_id").id<ContactId>();
  if (!issues.empty()) return issues.error();
  contact.kind = *kind;
  contact.id = ContactId(deps->chart->ids->next());
  contact.staff = call.caller.user;
  contact.staff_role = std::string(staff_role_of(call.caller.role));
  contact.entered_at = call.now;
  return Work([deps, asker = Asker(call), contact = std::move(contact), date, visit, measurements = std::move(measurements),
               treatment_changes = std::move(treatment_changes), goal_checks = std::move(goal_checks),
               treatment_reports = std::move(treatment_reports),
               psychotherapy = std::move(psychotherapy)](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, contact.patient));
    Contact row = contact;
    std::vector<Issue> wrong;
    if (row.started_at) {
      if (*row.started_at > asker.now) wrong.push_back({"started_at", "must not be in the future"});
      row.date = local_date(*row.started_at, place.zone);
      if (date && *date != row.date) wrong.push_back({"date", "is another day than started_at at the site"});
    } else {
      row.date = date.value_or(place.today);
    }
    for (auto& issue : check(row, place.today)) wrong.push_back(std::move(issue));
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));

    const auto entry =
        time_entry_of(row, asker.caller.display_name, asker.caller.role, asker, place.zone, TimeEntryId(chart.ids->next()));
    if (entry && deps->refuse_minutes) {
      CONCORD_TRY(const auto refused, deps->refuse_minutes(tx, asker, place, *entry, std::nullopt));
      if (refused) return *refused;
    }

    std::string ignored;
    json::Writer nowhere(ignored);
    const int attention_before = deps->write_attention(nowhere, tx, asker, place);

    std::string body_text;
    json::Writer w(body_text);
    insert(tx, organization, row);
    if (entry) insert(tx, organization, *entry);
    if (visit && deps->take_visit) CONCORD_TRY_VOID(deps->take_visit(tx, asker, place, visit->uuid, row.id.uuid));
    w.object().key("contact");
    write(chart, w, tx, asker.caller, row);
    w.key("measurements").array();
    for (const auto& store : measurements) CONCORD_TRY_VOID(store(tx, asker, place, row.date, w));
    w.end().key("treatment_changes").array();
    for (const auto& store : treatment_changes) CONCORD_TRY_VOID(store(tx, asker, place, row.date, w));
    w.end().key("treatment_reports").array();
    for (const auto& store : treatment_reports) CONCORD_TRY_VOID(store(tx, asker, place, row.id.uuid, row.date, w));
    w.end().key("psychotherapy");
    if (psychotherapy) CONCORD_TRY_VOID(psychotherapy(tx, asker, place, row.id.uuid, row.date, w));
    else w.null();
    w.key("goal_checks").array();
    for (const auto& store : goal_checks) CONCORD_TRY_VOID(store(tx, asker, place, row.date, w));
    w.end();
    chart.refresh_caseload(tx, organization, row.patient);
    w.field("minutes_this_month", counted_minutes(*deps, tx, asker, place))
        .field("attention_before", attention_before)
        .key("attention");
    deps->write_attention(w, tx, asker, place);
    w.end();
    Reply reply = changed(201, std::move(body_text), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/contacts/" + row.id.text();
    reply.version = row.version;
    reply.audit_detail = "kind=" + row.kind + " measurements=" + std::to_string(measurements.size());
    return reply;
  });
}

Result<Work> list_contacts(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    write_all(*deps->chart, w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> edit_contact(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ContactId>("contact_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"modality", "minutes", "with_whom", "interventions", "note", "next_due_date", "next_due_modality"});
  json::Edits<Contact> edits;
  edits.one_of(body, "modality", {"in_person", "video", "phone", "sms", "email", "portal", "letter"}, &Contact::modality);
  edits.integer(body, "minutes", 0, 24 * 60, &Contact::minutes);
  edits.date(body, "next_due_date", &Contact::next_due_date);
  edits.one_of(body, "next_due_modality", {"in_person", "video", "phone", "sms", "email", "portal", "letter"},
               &Contact::next_due_modality);
  if (auto whom = read_with_whom(body.optional("with_whom")))
    edits.add([whom = std::move(*whom)](Contact& c) { c.with_whom = whom; });
  if (auto words = read_interventions(body.optional("interventions")))
    edits.add([words = std::move(*words)](Contact& c) { c.interventions = words; });
  if (auto note = body.optional("note").string(0, kNoteBytes))
    edits.add([note = std::move(*note)](Contact& c) { c.note = note; });
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id, version, edits = std::move(edits)](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    const auto organization = asker.organization();
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, organization, patient, id);
    if (!before) return http::not_found();
    const auto current = [&] { return to_json(chart, tx, asker.caller, *before); };
    if (before->version != version) return stale(asker.request_id, current(), patient, id.uuid);
    Contact after = *before;
    edits.apply(after);
    CONCORD_TRY_VOID(patients::refuse_if_any(check(after, place.today)));
    std::optional<TimeEntry> old_minutes, new_minutes;
    if (after.minutes != before->minutes) {
      for (auto& entry : list_time_entries(tx, organization, patient, before->date, before->date))
        if (entry.contact == before->id) old_minutes = std::move(entry);
      // The minutes stay the ones of whoever had the contact, not of whoever corrects it.
      const auto staff_name = after.staff ? chart.user_name(tx, organization, *after.staff).value_or("") : std::string();
      new_minutes = time_entry_of(after, staff_name, old_minutes ? old_minutes->staff_role : after.staff_role, asker, place.zone,
                                  TimeEntryId(chart.ids->next()));
      if (deps->refuse_minutes && (old_minutes || new_minutes)) {
        CONCORD_TRY(const auto refused, deps->refuse_minutes(tx, asker, place, new_minutes ? *new_minutes : *old_minutes,
                                                             old_minutes ? std::optional(old_minutes->id) : std::nullopt));
        if (refused) return *refused;
      }
    }
    if (!update(tx, organization, *before, after, ContactId(chart.ids->next()), asker.now))
      return stale(asker.request_id, current(), patient, id.uuid);
    after.version = before->version + 1;
    if (old_minutes)
      end_time_entry(tx, organization, *old_minutes, asker.now, asker.caller.user,
                     new_minutes ? std::optional(new_minutes->id) : std::nullopt);
    if (new_minutes) insert(tx, organization, *new_minutes);
    chart.refresh_caseload(tx, organization, patient);
    Reply reply = changed(200, to_json(chart, tx, asker.caller, after), patient, id.uuid);
    reply.version = after.version;
    return reply;
  });
}

std::string contact_schema() {
  const std::string person = patients::user_schema() + "!";
  return http::schema({{"id", "id!"},
                       {"date", "date!"},
                       {"started_at", "instant?!"},
                       {"staff", person},
                       {"staff_role", "text!"},
                       {"kind", "treatment|outreach_attempt|scheduling|no_show|message!"},
                       {"modality", "text?!"},
                       {"minutes", "integer?!"},
                       {"with_whom", "[]text!"},
                       {"interventions", "[]text!"},
                       {"note", "text?!"},
                       {"next_due_date", "date?!"},
                       {"next_due_modality", "text?!"},
                       {"version", "integer!"}});
}
constexpr std::string_view kModalities = "in_person|video|phone|sms|email|portal|letter?";

}  // namespace

void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& c : list(tx, asker.organization(), place.patient)) write(chart, w, tx, asker.caller, c);
  w.end();
}

void write_minutes(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.value(counted_minutes(deps, tx, asker, place));
}

ContactId record(const Chart& chart, db::Tx& tx, const Asker& asker, Contact draft) {
  draft.id = ContactId(chart.ids->next());
  draft.staff_role = draft.staff == asker.caller.user ? std::string(staff_role_of(asker.caller.role)) : "other";
  draft.entered_at = asker.now;
  insert(tx, asker.organization(), draft);
  chart.refresh_caseload(tx, asker.organization(), draft.patient);
  return draft.id;
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = contact_schema();
  const std::string base = "/api/v1/patients/{patient_id}/contacts";
  return {
      {Method::post,
       base,
       "contacts.create",
       "contacts.write",
       "A contact with its minutes, scores and changes of treatment",
       RunAs::write,
       true,
       http::schema({{"kind", "treatment|outreach_attempt|scheduling|no_show|message!"},
                     {"modality", kModalities},
                     {"date", "date"},
                     {"started_at", "instant"},
                     {"minutes", "integer?"},
                     {"with_whom", "[]patient|caregiver|interpreter"},
                     {"interventions", "[]text"},
                     {"note", "text"},
                     {"next_due_date", "date?"},
                     {"next_due_modality", kModalities},
                     {"measurements", "[]object"},
                     {"treatment_changes", "[]object"},
                     {"treatment_reports", "[]object"},
                     {"psychotherapy", "object?"},
                     {"goal_checks", "[]object"},
                     {"visit_id", "id"}},
                    true),
       http::schema({{"contact", row + "!"},
                     {"measurements", "[]object!"},
                     {"treatment_changes", "[]object!"},
                     {"treatment_reports", "[]object!"},
                     {"psychotherapy", "object?!"},
                     {"goal_checks", "[]object!"},
                     {"minutes_this_month", "integer!"},
                     {"attention_before", "integer!"},
                     {"attention", "[]object!"}}),
       {},
       handler(create_contact)},
      {Method::get,
       base,
       "contacts.list",
       "contacts.read",
       "Contacts of a patient, newest first",
       RunAs::list,
       false,
       "",
       http::list_schema(row),
       {},
       handler(list_contacts)},
      {Method::patch,
       base + "/{contact_id}",
       "contacts.edit",
       "contacts.write",
       "Changes a contact; what it said before is kept",
       RunAs::write,
       false,
       http::schema({{"modality", kModalities},
                     {"minutes", "integer?"},
                     {"with_whom", "[]patient|caregiver|interpreter"},
                     {"interventions", "[]text"},
                     {"note", "text"},
                     {"next_due_date", "date?"},
                     {"next_due_modality", kModalities}},
                    true),
       row,
       {},
       handler(edit_contact)},
  };
}

}  // namespace concord::contacts
