#include "conversations/patient_messages_api.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "conversations/patient_messages_store.h"
#include "conversations/portal_messages.h"
#include "json/cursor.h"
#include "patients/shapes.h"
#include "portal/acts.h"

namespace concord::conversations {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const PatientDeps>;

constexpr int kMostShown = 200;       // messages of one thread on the staff's page
constexpr std::size_t kThreads = 20;  // of one patient a page

void write_message(const PatientDeps& deps, json::Writer& w, db::Tx& tx, const Caller& caller, const PatientMessage& m) {
  w.object().field("id", m.id).field("at", m.at).field("by", m.by).key("author");
  if (m.by == "staff") deps.chart->write_user(w, tx, caller, m.author);
  else w.null();
  w.key("author_name");
  if (m.by == "staff") w.value(deps.chart->user_name(tx, caller.organization, m.author));
  else w.value(deps.portal_name ? deps.portal_name(tx, caller.organization, m.author) : std::nullopt);
  w.field("role", m.role).field("text", m.words).key("read");
  if (m.read_at) {
    w.object().field("at", m.read_at).key("by");
    if (m.by != "staff") deps.chart->write_user(w, tx, caller, m.read_by);
    else w.null();
    w.field("role", m.read_role).end();
  } else {
    w.null();
  }
  w.end();
}

std::string to_json(const PatientDeps& deps, db::Tx& tx, const Caller& caller, const Thread& t, Date today) {
  std::string out;
  json::Writer w(out);
  w.object().field("id", t.id).field("site_id", t.site).field("subject", t.subject).field("state", t.state).key("addressee");
  deps.chart->write_user(w, tx, caller, t.addressee);
  w.field("opened_at", t.opened_at)
      .field("opened_by", t.opened_by)
      .field("last_at", t.last_at)
      .field("waiting_since", t.waiting_since)
      .field("answer_due", t.answer_due)
      .field("overdue", t.is_overdue(today))
      .field("unread", t.unread_staff)
      .key("messages")
      .array();
  auto messages = list_messages(tx, caller.organization, t.patient, t.id, std::nullopt, kMostShown);
  for (auto m = messages.rbegin(); m != messages.rend(); ++m) write_message(deps, w, tx, caller, *m);
  w.end().field("closed_reason", t.closed_reason).key("changes").array();
  for (const auto& c : list_changes(tx, caller.organization, t.patient, t.id)) {
    w.object().field("at", c.at).field("kind", c.kind).key("by");
    deps.chart->write_user(w, tx, caller, c.by);
    w.key("to");
    deps.chart->write_user(w, tx, caller, c.to);
    w.field("reason", c.reason).end();
  }
  w.end().key("labels");
  patients::write_labels(w, t.labels, patients::Normal::written);
  w.field("version", t.version).end();
  return out;
}

Reply thread_reply(const PatientDeps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Thread& t, int status) {
  deps.chart->refresh_caseload(tx, asker.organization(), t.patient);
  Reply reply = patients::changed(status, to_json(deps, tx, asker.caller, t, place.today), t.patient, t.id.uuid);
  reply.version = t.version;
  reply.events.push_back({"patient_messages", t.id.uuid});
  if (status == 201) reply.location = "/api/v1/patients/" + t.patient.text() + "/patient-messages";
  return reply;
}

struct Found {
  Place place;
  Thread thread;
};
Result<Found> find(const PatientDeps& deps, db::Tx& tx, const Asker& asker, PatientId patient, ThreadId id) {
  CONCORD_TRY(const auto place, deps.chart->find(tx, asker.caller, asker.now, patient));
  auto thread = find_thread(tx, asker.organization(), patient, id);
  if (!thread) return http::not_found();
  return Found{place, std::move(*thread)};
}

tl::unexpected<Error> changed_meanwhile() {
  return fail(ErrorCode::conflict, "Somebody else changed this at the same moment. Load the page again.");
}

/// Somebody of staff has seen what the patient's side wrote.
void mark_seen(db::Tx& tx, const Asker& asker, Thread& thread) {
  mark_read(tx, asker.organization(), thread.patient, thread.id, false, asker.caller.user, asker.caller.role, asker.now);
  thread.unread_staff = 0;
}

/// The patient's side hears that something waits, never what.
void tell(const PatientDeps& deps, db::Tx& tx, const Asker& asker, const Thread& thread) {
  if (!deps.tell_patient) return;
  messaging::ToPatient to;
  to.patient = thread.patient;
  to.kind = "patient_messages.waiting";
  to.path = "/portal/messages";
  to.object = thread.id.uuid;
  if (thread.opened_by == "trusted_person" && deps.trusted_address) {
    const auto messages = list_messages(tx, asker.organization(), thread.patient, thread.id, std::nullopt, kMostShown);
    const auto first = std::find_if(messages.rbegin(), messages.rend(), [](const auto& m) { return m.by == "trusted_person"; });
    if (first != messages.rend())
      if (const auto address = deps.trusted_address(tx, asker.organization(), first->author)) {
        to.to_address = address->first;
        to.language = address->second;
      }
  }
  deps.tell_patient(tx, asker.organization(), to);
}

PatientMessage message_of(const PatientDeps& deps, const Call& call, std::string words) {
  PatientMessage m;
  m.id = PatientMessageId(deps.chart->ids->next());
  m.at = call.now;
  m.by = "staff";
  m.author = call.caller.user;
  m.role = call.caller.role;
  m.words = std::move(words);
  return m;
}

Result<Work> list_of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::optional<ThreadId> after;
  if (page.after) {
    after = ThreadId::parse(*page.after);
    if (!after) return http::wrong_page();
  }
  return Work([deps, asker = Asker(call), patient, after](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto threads = list_threads(tx, asker.organization(), patient);
    auto at = threads.begin();
    if (after) {
      at = std::find_if(threads.begin(), threads.end(), [&](const Thread& t) { return t.id == *after; });
      if (at == threads.end()) return http::wrong_page();
      ++at;
    }
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    std::size_t shown = 0;
    for (; at != threads.end() && shown < kThreads; ++at, ++shown) w.raw(to_json(*deps, tx, asker.caller, *at, place.today));
    w.end().key("next");
    if (at != threads.end()) w.value((at - 1)->id);
    else w.null();
    w.end();
    Reply reply = patients::looked(std::move(body), patient, patient.uuid);
    reply.audit_detail = "rows=" + std::to_string(shown);
    return reply;
  });
}

Result<Work> start(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"subject", "text"});
  const auto subject = read_words(body, "subject", kSubjectCharacters);
  auto words = read_words(body, "text", kMessageCharacters);
  if (!issues.empty()) return issues.error();
  auto message = message_of(*deps, call, std::move(words));
  message.thread = ThreadId(deps->chart->ids->next());
  return Work([deps, asker = Asker(call), patient, subject, message = std::move(message)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    Thread t;
    t.id = message.thread;
    t.patient = patient;
    t.site = place.site;
    t.subject = subject;
    t.addressee = asker.caller.user;
    t.opened_at = asker.now;
    t.opened_by = "staff";
    staff_wrote(t, asker.now);
    std::string labels = deps->labels_of(tx, asker.organization(), patient);
    if (deps->is_private && deps->is_private(tx, asker.organization(), patient, asker.now)) labels += " adolescent_confidential";
    t.labels = labels_of_thread(labels);
    insert(tx, asker.organization(), t);
    insert(tx, asker.organization(), patient, message);
    tell(*deps, tx, asker, t);
    return thread_reply(*deps, tx, asker, place, t, 201);
  });
}

Result<Work> reply_to(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ThreadId>("thread_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"text"});
  auto words = read_words(body, "text", kMessageCharacters);
  if (!issues.empty()) return issues.error();
  auto message = message_of(*deps, call, std::move(words));
  message.thread = id;
  return Work([deps, asker = Asker(call), patient, id, message = std::move(message)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(auto found, find(*deps, tx, asker, patient, id));
    Thread& t = found.thread;
    if (t.state == "closed")
      return fail(ErrorCode::conflict, "This conversation is closed. Start a new one to write to the patient.");
    mark_seen(tx, asker, t);
    staff_wrote(t, asker.now);
    insert(tx, asker.organization(), patient, message);
    if (!update(tx, asker.organization(), t)) return changed_meanwhile();
    ++t.version;
    tell(*deps, tx, asker, t);
    return thread_reply(*deps, tx, asker, found.place, t, 201);
  });
}

Result<Work> read_thread(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ThreadId>("thread_id"));
  return Work([deps, asker = Asker(call), patient, id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(auto found, find(*deps, tx, asker, patient, id));
    Thread& t = found.thread;
    if (t.unread_staff > 0) {
      mark_seen(tx, asker, t);
      if (!update(tx, asker.organization(), t)) return changed_meanwhile();
      ++t.version;
    }
    return thread_reply(*deps, tx, asker, found.place, t, 200);
  });
}

Result<Work> close_thread(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ThreadId>("thread_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  const auto reason = read_words(body, "reason", 500);
  if (!issues.empty()) return issues.error();
  ThreadChange change{deps->chart->ids->next(), call.now, call.caller.user, "closed", {}, {}, reason};
  return Work([deps, asker = Asker(call), patient, id, version, change](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(auto found, find(*deps, tx, asker, patient, id));
    Thread& t = found.thread;
    const auto stale = [&] {
      return patients::stale(asker.request_id, to_json(*deps, tx, asker.caller, t, found.place.today), patient, id.uuid);
    };
    if (t.version != version) return stale();
    if (t.state == "closed") return fail(ErrorCode::conflict, "This conversation is closed already.");
    Thread after = t;
    mark_seen(tx, asker, after);
    close(after, change.reason);
    if (!update(tx, asker.organization(), after)) return stale();
    ++after.version;
    insert(tx, asker.organization(), patient, id, change);
    return thread_reply(*deps, tx, asker, found.place, after, 200);
  });
}

Result<Work> assign(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ThreadId>("thread_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"to_user_id", "reason"});
  const auto to = body.required("to_user_id").id<UserId>();
  const auto reason = body.optional("reason").string(0, 500).value_or("");
  if (!issues.empty()) return issues.error();
  ThreadChange change{deps->chart->ids->next(), call.now, call.caller.user, "assigned", {}, *to, reason};
  return Work([deps, asker = Asker(call), patient, id, version, change](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(auto found, find(*deps, tx, asker, patient, id));
    Thread& t = found.thread;
    const auto stale = [&] {
      return patients::stale(asker.request_id, to_json(*deps, tx, asker.caller, t, found.place.today), patient, id.uuid);
    };
    if (t.version != version) return stale();
    if (!deps->may_answer(tx, asker.organization(), *change.to, found.place.site))
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.",
                  {{"to_user_id", "may not answer patients of this site"}});
    if (t.state == "closed") return fail(ErrorCode::conflict, "This conversation is closed.");
    Thread after = t;
    ThreadChange row = change;
    row.from = after.addressee;
    after.addressee = change.to;
    if (!update(tx, asker.organization(), after)) return stale();
    ++after.version;
    insert(tx, asker.organization(), patient, id, row);
    if (deps->notify && *change.to != asker.caller.user)
      deps->notify(tx, asker.organization(), {*change.to, "patient_message.assigned", patient, id.uuid, false, row.id.text()});
    return thread_reply(*deps, tx, asker, found.place, after, 200);
  });
}

// ---- the inbox

/// "<microseconds>.<thread>"
std::string key_of(Instant at, ThreadId id) { return std::to_string(at.time_since_epoch().count()) + "." + id.text(); }
std::optional<std::pair<Instant, ThreadId>> parse_key(std::string_view key) {
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t micros = 0;
  const auto read = std::from_chars(key.data(), key.data() + dot, micros);
  const auto id = ThreadId::parse(key.substr(dot + 1));
  if (read.ec != std::errc() || read.ptr != key.data() + dot || !id) return std::nullopt;
  return std::pair(Instant(std::chrono::microseconds(micros)), *id);
}

Result<Work> inbox(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  const std::string state(call.request.parameter("state").value_or("unanswered"));
  if (state != "unanswered" && state != "mine" && state != "all")
    return fail(ErrorCode::invalid, "The list is not known.", {{"state", "must be unanswered, mine or all"}});
  std::optional<SiteId> site;
  if (const auto given = call.request.parameter("site_id")) {
    site = SiteId::parse(*given);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
  }
  std::optional<std::pair<Instant, ThreadId>> after;
  if (page.after) {
    after = parse_key(*page.after);
    if (!after) return http::wrong_page();
  }
  return Work([deps, asker = Asker(call), page, state, site, after](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const std::vector<SiteId> sites = site ? std::vector{*site} : asker.caller.sites;
    const bool is_all = state == "all";
    std::int64_t waiting = 0;
    std::vector<Thread> rows;
    bool more = false;
    for (const auto one : sites) {
      waiting += count_waiting(tx, organization, one);
      // "mine" leaves threads of others out, so it asks for more until the page is full or the site's list ends.
      auto from = after;
      std::size_t kept = 0;
      while (kept <= static_cast<std::size_t>(page.limit)) {
        const auto batch = is_all ? list_latest(tx, organization, one, from, page.limit + 1)
                                  : list_waiting(tx, organization, one, from, page.limit + 1);
        for (const auto& t : batch) {
          from = std::pair(is_all ? t.last_at : t.waiting_since.value_or(t.last_at), t.id);
          if (state == "mine" && (!t.addressee || deps->responsible_now(tx, organization, t.site, t.patient, *t.addressee,
                                                                        asker.now) != asker.caller.user))
            continue;
          rows.push_back(t);
          ++kept;
        }
        if (batch.size() <= static_cast<std::size_t>(page.limit)) break;
      }
    }
    const auto key = [&](const Thread& t) { return std::pair(is_all ? t.last_at : t.waiting_since.value_or(t.last_at), t.id); };
    std::sort(rows.begin(), rows.end(),
              [&](const Thread& a, const Thread& b) { return is_all ? key(b) < key(a) : key(a) < key(b); });
    if (rows.size() > static_cast<std::size_t>(page.limit)) {
      rows.resize(static_cast<std::size_t>(page.limit));
      more = true;
    }
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& t : rows) {
      const auto patient = deps->patient(tx, organization, t.patient);
      const auto last = last_message(tx, organization, t.patient, t.id);
      w.object().field("thread_id", t.id).key("patient").object().field("id", t.patient);
      w.field("name", patient ? patient->family_name + ", " + patient->given_name : std::string()).end();
      w.field("site_id", t.site).field("subject", t.subject).field("state", t.state).key("addressee");
      deps->chart->write_user(w, tx, asker.caller, t.addressee);
      const Date today = deps->chart->place(asker.caller, asker.now, t.patient, t.site).today;
      w.field("waiting_since", t.waiting_since)
          .field("answer_due", t.answer_due)
          .field("overdue", t.is_overdue(today))
          .field("last_at", t.last_at)
          .field("last_by", t.last_by)
          .field("last_words", last ? glimpse(last->words) : std::string())
          .field("unread", t.unread_staff)
          .key("labels");
      patients::write_labels(w, t.labels, patients::Normal::written);
      w.field("version", t.version).end();
    }
    w.end().key("next");
    if (more) w.value(key_of(key(rows.back()).first, rows.back().id));
    else w.null();
    w.field("unanswered", waiting).end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(rows.size());
    for (const auto& t : rows)
      if (!reply.audit_patient) reply.audit_patient = t.patient.uuid;
      else if (std::find(reply.audit_more_patients.begin(), reply.audit_more_patients.end(), t.patient.uuid) ==
                   reply.audit_more_patients.end() &&
               *reply.audit_patient != t.patient.uuid)
        reply.audit_more_patients.push_back(t.patient.uuid);
    return reply;
  });
}

std::string user_schema() { return R"({"type":["object","null"]}!)"; }

std::string thread_schema() {
  const std::string message = http::schema({{"id", "id!"},
                                            {"at", "instant!"},
                                            {"by", "patient|trusted_person|staff!"},
                                            {"author", user_schema()},
                                            {"author_name", "text?!"},
                                            {"role", "text!"},
                                            {"text", "text!"},
                                            {"read", R"({"type":["object","null"]}!)"}});
  return http::schema({{"id", "id!"},
                       {"site_id", "id!"},
                       {"subject", "text!"},
                       {"state", "waiting|answered|closed!"},
                       {"addressee", user_schema()},
                       {"opened_at", "instant!"},
                       {"opened_by", "patient|trusted_person|staff!"},
                       {"last_at", "instant!"},
                       {"waiting_since", "instant?!"},
                       {"answer_due", "date?!"},
                       {"overdue", "boolean!"},
                       {"unread", "integer!"},
                       {"messages", "[]" + message + "!"},
                       {"closed_reason", "text?!"},
                       {"changes", "[]object!"},
                       {"labels", "[]text!"},
                       {"version", "integer!"}});
}

}  // namespace

void write_patient_glance(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  int waiting = 0, unread = 0;
  const Thread* oldest = nullptr;
  const auto threads = list_threads(tx, asker.organization(), place.patient);
  for (const auto& t : threads) {
    unread += t.unread_staff;
    if (t.state != "waiting") continue;
    ++waiting;
    if (oldest == nullptr || t.waiting_since < oldest->waiting_since) oldest = &t;
  }
  w.object().field("waiting", waiting).field("unread", unread);
  w.field("oldest_waiting", oldest != nullptr ? oldest->waiting_since : std::nullopt);
  w.field("thread_id", oldest != nullptr ? std::optional(oldest->id) : std::nullopt).end();
}

std::vector<http::Route> patient_routes(const PatientDeps& given) {
  const Kept deps = std::make_shared<const PatientDeps>(given);
  using http::Method;
  using http::RunAs;
  const auto handler = [&](Result<Work> (*step)(const Kept&, const Call&)) -> http::Handler {
    return [deps, step](const Call& call) { return step(deps, call); };
  };
  const std::string row = thread_schema();
  const std::string base = "/api/v1/patients/{patient_id}/patient-messages", one = base + "/{thread_id}";
  const auto write = [&](std::string pattern, std::string name, std::string summary, bool creates, std::string request,
                         Result<Work> (*step)(const Kept&, const Call&)) {
    http::Route route;
    route.method = Method::post;
    route.pattern = std::move(pattern);
    route.name = std::move(name);
    route.permission = "patient_inbox.write";
    route.summary = std::move(summary);
    route.run_as = RunAs::write;
    route.creates = creates;
    route.request_schema = std::move(request);
    route.response_schema = row;
    route.handler = handler(step);
    return route;
  };
  const std::string inbox_row = http::schema({{"thread_id", "id!"},
                                              {"patient", "object!"},
                                              {"site_id", "id!"},
                                              {"subject", "text!"},
                                              {"state", "waiting|answered|closed!"},
                                              {"addressee", user_schema()},
                                              {"waiting_since", "instant?!"},
                                              {"answer_due", "date?!"},
                                              {"overdue", "boolean!"},
                                              {"last_at", "instant!"},
                                              {"last_by", "patient|trusted_person|staff!"},
                                              {"last_words", "text!"},
                                              {"unread", "integer!"},
                                              {"labels", "[]text!"},
                                              {"version", "integer!"}});
  return {
      {Method::get,
       "/api/v1/patient-messages",
       "patient_messages.inbox",
       "patient_inbox.read",
       "Messages of patients: those that wait for an answer, mine, or all",
       RunAs::list,
       false,
       "",
       http::schema({{"items", "[]" + inbox_row + "!"}, {"next", "text?!"}, {"unanswered", "integer!"}}),
       {{"state", "unanswered (default), mine or all"},
        {"site_id", "one site of the caller's"},
        {"limit", "1 to 200"},
        {"after", "page key"}},
       handler(inbox)},
      {Method::get,
       base,
       "patient_messages.list",
       "patient_inbox.read",
       "What a patient and the team write to each other, the newest word first",
       RunAs::point,
       false,
       "",
       http::list_schema(row),
       {{"after", "page key"}, {"limit", "1 to 200; at most 20 are given"}},
       handler(list_of_patient)},
      write(base, "patient_messages.start", "Writes to a patient", true,
            http::schema({{"subject", "text!"}, {"text", "text!"}}, true), start),
      write(one + "/replies", "patient_messages.reply", "Answers a patient; they are told that something waits", true,
            http::schema({{"text", "text!"}}, true), reply_to),
      write(one + "/read", "patient_messages.read", "I have read this; the patient sees it", false, "", read_thread),
      write(one + "/close", "patient_messages.close", "No answer is needed, and why", false,
            http::schema({{"reason", "text!"}}, true), close_thread),
      write(one + "/assign", "patient_messages.assign", "Somebody else answers", false,
            http::schema({{"to_user_id", "id!"}, {"reason", "text"}}, true), assign),
  };
}

}  // namespace concord::conversations
