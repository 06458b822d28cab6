#include "conversations/portal_messages.h"

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "base/text.h"
#include "conversations/patient_messages_store.h"
#include "portal/acts.h"

namespace concord::conversations {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using portal::Viewer;
using Kept = std::shared_ptr<const PatientDeps>;

constexpr int kMessagesOnPage = 50;
constexpr int kMessagesInRecord = 10000;
constexpr std::size_t kThreadsOnPage = 50;
constexpr std::size_t kThreadsInRecord = 20;

bool sees(const Viewer& viewer, const Thread& t) {
  return portal::may_see(viewer, t.labels, t.opened_by == "patient" ? kOwnMessages : std::string_view());
}

std::vector<Thread> threads_for(db::Tx& tx, const Viewer& viewer) {
  auto all = list_threads(tx, viewer.organization, viewer.patient);
  std::erase_if(all, [&](const Thread& t) { return !sees(viewer, t); });
  return all;
}

/// Who wrote it, for the page: the patient is "you", also to somebody they trust.
void write_message(const PatientDeps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer, const PatientMessage& m) {
  const bool is_staff = m.by == "staff";
  w.object().field("id", m.id).field("at", m.at).field("by", portal::by_for_page(m.by)).key("name");
  if (is_staff) w.value(deps.chart->user_name(tx, viewer.organization, m.author));
  else if (m.by == "trusted_person" && viewer.is_self && deps.portal_name)
    w.value(deps.portal_name(tx, viewer.organization, m.author));
  else w.null();
  w.field("role_name", is_staff ? std::optional(deps.words->role(m.role, viewer.language)) : std::nullopt);
  w.field("text", m.words).key("read");
  // Whether the patient has read the team's words is the patient's own business.
  if (m.read_at && !is_staff)
    w.object().field("at", m.read_at).field("role_name", deps.words->role(m.read_role.value_or(""), viewer.language)).end();
  else w.null();
  w.end();
}

std::optional<std::string> closed_words(const PatientDeps& deps, const Viewer& viewer, const Thread& t) {
  if (t.state != "closed") return std::nullopt;
  return (*deps.words)("messages.closed", viewer.language);
}

void write_thread(const PatientDeps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer, const Thread& t,
                  const std::optional<PatientMessageId>& before, int limit) {
  auto messages = list_messages(tx, viewer.organization, viewer.patient, t.id, before, limit + 1);
  const bool more = messages.size() > static_cast<std::size_t>(limit);
  if (more) messages.pop_back();
  w.object().field("id", t.id).field("subject", t.subject).field("state", t.state);
  w.field("closed_words", closed_words(deps, viewer, t)).field("version", t.version).key("messages").array();
  for (auto m = messages.rbegin(); m != messages.rend(); ++m) write_message(deps, w, tx, viewer, *m);
  w.end().field("earlier", more ? std::optional(messages.back().id) : std::nullopt).end();
}

int unread_of(const Viewer& viewer, const Thread& t) { return viewer.is_self ? t.unread_patient : 0; }

Result<void> write_view(const PatientDeps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer,
                        const http::Request& request) {
  const auto threads = threads_for(tx, viewer);
  const Thread* shown = nullptr;
  if (const auto wanted = request.parameter("thread")) {
    const auto id = ThreadId::parse(*wanted);
    for (const auto& t : threads)
      if (id && t.id == *id) shown = &t;
    if (shown == nullptr) return http::not_found();
  }
  std::optional<PatientMessageId> before;
  if (const auto key = request.parameter("before")) {
    before = PatientMessageId::parse(*key);
    if (!before) return http::wrong_page();
  }
  auto at = threads.begin();
  if (const auto after = request.parameter("after")) {
    const auto id = ThreadId::parse(*after);
    at = std::find_if(threads.begin(), threads.end(), [&](const Thread& t) { return id && t.id == *id; });
    if (at == threads.end()) return http::wrong_page();
    ++at;
  }
  const auto last = last_messages(tx, viewer.organization, viewer.patient);
  w.object().key("items").array();
  std::size_t n = 0;
  for (; at != threads.end() && n < kThreadsOnPage; ++at, ++n) {
    const auto words = std::find_if(last.begin(), last.end(), [&](const PatientMessage& m) { return m.thread == at->id; });
    w.object().field("id", at->id).field("subject", at->subject).field("state", at->state).field("last_at", at->last_at);
    w.field("unread", unread_of(viewer, *at)).field("last_words", words != last.end() ? glimpse(words->words) : std::string());
    w.field("version", at->version).end();
  }
  w.end().key("next");
  if (at != threads.end()) w.value((at - 1)->id);
  else w.null();
  w.key("thread");
  if (shown != nullptr) write_thread(deps, w, tx, viewer, *shown, before, kMessagesOnPage);
  else w.null();
  const auto calendar = deps.calendar_of(tx, viewer.organization, viewer.site);
  const Date due = answer_by(calendar, viewer.today, deps.answer_working_days);
  const std::string day = std::string(portal::weekday_words(due.weekday(), viewer.language)) +
                          (viewer.language.starts_with("es") ? " " : ", ") +
                          portal::day_words(due, viewer.today, viewer.language);
  w.field("response_time", response_time(deps, viewer.language))
      .field("not_for_emergencies", (*deps.words)("messages.not_for_emergencies", viewer.language))
      .field("hours", deps.hours_of ? deps.hours_of(tx, viewer.organization, viewer.site) : std::nullopt)
      .field("expect", (*deps.words)("messages.expect", viewer.language, {day}))
      .field("empty", threads.empty() ? std::optional((*deps.words)("messages.empty", viewer.language)) : std::nullopt)
      .field("most_characters", kMessageCharacters)
      .end();
  return {};
}

Result<void> write_all_words(const PatientDeps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer,
                             const http::Request& request) {
  const auto threads = threads_for(tx, viewer);
  auto at = threads.begin();
  if (const auto after = request.parameter("after")) {
    const auto id = ThreadId::parse(*after);
    at = std::find_if(threads.begin(), threads.end(), [&](const Thread& t) { return id && t.id == *id; });
    if (at == threads.end()) return http::wrong_page();
    ++at;
  }
  w.object().key("items").array();
  std::size_t n = 0;
  for (; at != threads.end() && n < kThreadsInRecord; ++at, ++n)
    write_thread(deps, w, tx, viewer, *at, std::nullopt, kMessagesInRecord);
  w.end().key("next");
  if (at != threads.end()) w.value((at - 1)->id);
  else w.null();
  w.end();
  return {};
}

struct Scene {
  Place place;
  Viewer viewer;
};
Result<Scene> scene_of(const PatientDeps& deps, db::Tx& tx, const Asker& asker) {
  CONCORD_TRY_VOID(portal::require(asker.caller, "messages"));
  CONCORD_TRY(const auto place, deps.chart->find(tx, asker.caller, asker.now, portal::patient_of(asker.caller)));
  return Scene{place, deps.viewer_of(tx, asker.caller, asker.now)};
}

/// The addressee while they may answer, else whoever is responsible now.
std::optional<UserId> addressee_for(const PatientDeps& deps, db::Tx& tx, const Asker& asker, const Place& place,
                                    const std::optional<UserId>& before) {
  if (before && deps.may_answer(tx, asker.organization(), *before, place.site)) return before;
  return deps.addressee_of(tx, asker.organization(), place, asker.now);
}

void tell_staff(const PatientDeps& deps, db::Tx& tx, const Asker& asker, const Thread& t) {
  if (!deps.notify) return;
  std::vector<UserId> people;
  if (t.addressee) people.push_back(deps.responsible_now(tx, asker.organization(), t.site, t.patient, *t.addressee, asker.now));
  else people = deps.care_managers(tx, asker.organization(), t.site);
  // One notice a wait, not one a message.
  const std::string once = std::to_string(t.waiting_since.value_or(asker.now).time_since_epoch().count());
  for (const auto person : people)
    deps.notify(tx, asker.organization(), {person, "patient_message.new", t.patient, t.id.uuid, false, once});
}

Result<Work> send(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"text", "subject", "thread_id"});
  const auto thread_id = body.optional("thread_id").id<ThreadId>();
  std::string subject;
  if (body.optional("subject").present() && !thread_id) subject = read_words(body, "subject", kSubjectCharacters);
  PatientMessage written;
  written.words = read_words(body, "text", kMessageCharacters);
  if (!issues.empty()) return issues.error();
  written.thread = thread_id.value_or(ThreadId(deps->chart->ids->next()));
  written.id = PatientMessageId(deps->chart->ids->next());
  written.at = call.now;
  written.author = call.caller.user;
  written.role = call.caller.role;
  return Work([deps, asker = Asker(call), thread_id, subject, given = std::move(written)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(*deps, tx, asker));
    const auto organization = asker.organization();
    PatientMessage message = given;
    message.by = portal::teller(asker.caller);
    message.on_behalf_by = portal::on_behalf_by(asker.caller);
    const auto calendar = deps->calendar_of(tx, organization, scene.place.site);
    Thread t;
    if (thread_id) {
      auto found = find_thread(tx, organization, scene.viewer.patient, *thread_id);
      if (!found || !sees(scene.viewer, *found)) return http::not_found();
      t = std::move(*found);
      if (t.state == "closed") return fail(ErrorCode::conflict, "This conversation is closed. Please write a new message.");
      if (scene.viewer.is_self && portal::is_private(scene.viewer, kOwnMessages) && t.opened_by == "trusted_person")
        return fail(ErrorCode::conflict, "Somebody else can read this conversation. Please write a new message of your own.");
      t.addressee = addressee_for(*deps, tx, asker, scene.place, t.addressee);
      patient_wrote(t, message.by, asker.now, scene.place.today, calendar, deps->answer_working_days);
      insert(tx, organization, scene.viewer.patient, message);
      if (!update(tx, organization, t))
        return fail(ErrorCode::conflict, "The conversation changed at the same moment. Please send it again.");
      ++t.version;
    } else {
      t.id = message.thread;
      t.patient = scene.viewer.patient;
      t.site = scene.place.site;
      t.subject = subject.empty() ? glimpse(message.words, 60) : subject;
      t.opened_at = asker.now;
      t.opened_by = message.by;
      t.state = "answered";  // until the next line
      t.addressee = addressee_for(*deps, tx, asker, scene.place, std::nullopt);
      patient_wrote(t, message.by, asker.now, scene.place.today, calendar, deps->answer_working_days);
      t.labels = portal::labels_of_new(scene.viewer, deps->labels_of(tx, organization, t.patient), kOwnMessages);
      insert(tx, organization, t);
      insert(tx, organization, t.patient, message);
    }
    tell_staff(*deps, tx, asker, t);
    deps->chart->refresh_caseload(tx, organization, t.patient);
    std::string out;
    json::Writer w(out);
    write_thread(*deps, w, tx, scene.viewer, t, std::nullopt, kMessagesOnPage);
    Reply reply = patients::changed(201, std::move(out), t.patient, message.id.uuid);
    reply.version = t.version;
    reply.location = "/api/v1/portal/messages?thread=" + t.id.text();
    reply.events.push_back({"patient_messages", t.id.uuid});
    return reply;
  });
}

Result<Work> mark(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<ThreadId>("thread_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(*deps, tx, asker));
    auto t = find_thread(tx, asker.organization(), scene.viewer.patient, id);
    if (!t || !sees(scene.viewer, *t)) return http::not_found();
    // What somebody they trust has read, the patient has not.
    if (scene.viewer.is_self && t->unread_patient > 0) {
      mark_read(tx, asker.organization(), t->patient, id, true, asker.caller.user, asker.caller.role, asker.now);
      t->unread_patient = 0;
      if (!update(tx, asker.organization(), *t))
        return fail(ErrorCode::conflict, "The conversation changed at the same moment. Please try again.");
    }
    return patients::looked(R"({"unread":0})", scene.viewer.patient, id.uuid);
  });
}

std::string thread_schema() {
  const std::string message = http::schema({{"id", "id!"},
                                            {"at", "instant!"},
                                            {"by", "you|team|trusted_person!"},
                                            {"name", "text?!"},
                                            {"role_name", "text?!"},
                                            {"text", "text!"},
                                            {"read", R"({"type":["object","null"]}!)"}});
  return http::schema({{"id", "id!"},
                       {"subject", "text!"},
                       {"state", "waiting|answered|closed!"},
                       {"closed_words", "text?!"},
                       {"version", "integer!"},
                       {"messages", "[]" + message + "!"},
                       {"earlier", "id?!"}});
}

}  // namespace

std::string labels_of_thread(std::string_view labels) {
  portal::Viewer nobody;  // not a patient: nothing is added
  return portal::labels_of_new(nobody, labels, "");
}

std::string read_words(const json::Cursor& body, std::string_view key, std::size_t most) {
  // Any length is read first, so that the answer can say how long it is.
  auto words = body.required(key).string(0, most * kBytesPerCharacter * 4);
  if (!words) return {};
  const std::size_t count = portal::characters(*words);
  if (trim(*words).empty()) body.required(key).issue("must not be empty");
  else if (count > most)
    body.required(key).issue("is too long: " + std::to_string(count) + " characters, at most " + std::to_string(most));
  return std::move(*words);
}

std::string response_time(const PatientDeps& deps, std::string_view language) {
  if (deps.answer_working_days == 1) return (*deps.words)("messages.response_one", language);
  return (*deps.words)("messages.response_many", language, {std::to_string(deps.answer_working_days)});
}

MessagesNow messages_now(db::Tx& tx, const portal::Viewer& viewer) {
  MessagesNow now;
  for (const auto& t : threads_for(tx, viewer)) {
    const int unread = unread_of(viewer, t);
    if (unread > 0 && !now.thread) now.thread = t.id;
    now.unread += unread;
  }
  return now;
}

std::vector<portal::View> portal_views(const PatientDeps& given) {
  const Kept deps = std::make_shared<const PatientDeps>(given);
  const std::string thread = thread_schema();
  const std::string line = http::schema({{"id", "id!"},
                                         {"subject", "text!"},
                                         {"state", "waiting|answered|closed!"},
                                         {"last_at", "instant!"},
                                         {"unread", "integer!"},
                                         {"last_words", "text!"},
                                         {"version", "integer!"}});
  portal::View messages;
  messages.name = "messages";
  messages.scope = "messages";
  messages.summary = "Conversations with the team, and one of them";
  messages.schema = http::schema({{"items", "[]" + line + "!"},
                                  {"next", "text?!"},
                                  {"thread", R"({"anyOf":[)" + thread + R"(,{"type":"null"}]}!)"},
                                  {"response_time", "text!"},
                                  {"not_for_emergencies", "text!"},
                                  {"hours", "text?!"},
                                  {"expect", "text!"},
                                  {"empty", "text?!"},
                                  {"most_characters", "integer!"}});
  messages.query_parameters = {
      {"thread", "the one that is shown whole"}, {"before", "its messages before this one"}, {"after", "page key of the list"}};
  messages.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
    return write_view(*deps, w, tx, viewer, request);
  };
  messages.in_record = false;
  portal::View all;
  all.name = "all-messages";
  all.scope = "messages";
  all.summary = "Every word written to the team and by the team";
  all.schema = http::list_schema(thread);
  all.query_parameters = {{"after", "page key"}};
  all.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
    return write_all_words(*deps, w, tx, viewer, request);
  };
  return {std::move(messages), std::move(all)};
}

std::vector<http::Route> portal_routes(const PatientDeps& given) {
  const Kept deps = std::make_shared<const PatientDeps>(given);
  using http::Method;
  return {
      portal::act(Method::post, "/api/v1/portal/messages", "portal.messages.send", "Writes to the team", true,
                  http::schema({{"text", "text!"}, {"subject", "text"}, {"thread_id", "id"}}, true), thread_schema(),
                  [deps](const Call& call) { return send(deps, call); }),
      portal::act(Method::post, "/api/v1/portal/messages/{thread_id}/read", "portal.messages.read", "I have read this", false, "",
                  http::schema({{"unread", "integer!"}}), [deps](const Call& call) { return mark(deps, call); }),
  };
}

}  // namespace concord::conversations
