#include "conversations/conversations_api.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "conversations/conversations_store.h"
#include "json/cursor.h"
#include "patients/shapes.h"

namespace concord::conversations {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

/// Nobody follows more patients than this at once.
constexpr int kMostConversations = 1000;
/// What the timeline shows of a conversation.
constexpr int kMostInTimeline = 1000;

Viewer viewer_of(const Caller& caller) { return {caller.user, is_treating(caller.role)}; }

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Caller& caller, const Message& m,
           const std::optional<Reading>& read) {
  w.object().field("id", m.id).field("at", m.at).key("author");
  chart.write_user(w, tx, caller, m.author);
  w.field("role", m.role).field("text", m.words).key("mentions").array();
  for (const auto user : m.mentions) chart.write_user(w, tx, caller, user);
  w.end().field("corrects", m.corrects).field("replaced_by", m.replaced_by).key("labels");
  patients::write_labels(w, m.labels, patients::Normal::written);
  const bool unread = read && m.author != caller.user && (!read->read_until || *read->read_until < m.id);
  w.field("unread", unread).end();
}

std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const Message& m) {
  std::string out;
  json::Writer w(out);
  write(*deps.chart, w, tx, asker.caller, m, std::nullopt);
  return out;
}

/// What POST and corrections have in common.
struct Written {
  std::string words;
  std::vector<UserId> mentions;
  std::string label;
};

Written read_written(const json::Cursor& body) {
  Written written;
  if (const auto words = body.required("text").string(0, kWordsBytes)) {
    written.words = std::string(trim(*words));
    if (written.words.empty()) body.required("text").issue("must not be empty");
  }
  if (const auto list = body.optional("mentions"); list.present()) {
    list.each([&](const json::Cursor& item) {
      const auto user = item.id<UserId>();
      if (!user) return;
      if (std::find(written.mentions.begin(), written.mentions.end(), *user) != written.mentions.end())
        item.issue("is named twice");
      written.mentions.push_back(*user);
    });
    if (written.mentions.size() > kMostMentions) list.issue("has too many people: at most 20");
  }
  return written;
}

bool may_read(const Deps& deps, db::Tx& tx, OrganizationId organization, UserId user, SiteId site, bool treating_only) {
  const auto roles = deps.reading_roles(tx, organization, user, site);
  return treating_only ? std::any_of(roles.begin(), roles.end(), [](const auto& role) { return is_treating(role); })
                       : !roles.empty();
}

/// Stores the message, counts it for everybody who follows, and tells who is mentioned.
Result<Message> post(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, Message message,
                     const std::vector<UserId>& told_before) {
  const auto organization = asker.organization();
  std::vector<Issue> wrong;
  for (std::size_t i = 0; i < message.mentions.size(); ++i)
    if (!may_read(deps, tx, organization, message.mentions[i], place.site, message.treating_only))
      wrong.push_back({"mentions[" + std::to_string(i) + "]", "may not see this"});
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  const auto before = newest(tx, organization, place.patient);
  insert(tx, organization, place.patient, message);
  std::vector<UserId> followers = readers(tx, organization, place.patient);
  const auto follow = [&](const std::vector<UserId>& more) {
    for (const auto user : more)
      if (std::find(followers.begin(), followers.end(), user) == followers.end()) followers.push_back(user);
  };
  follow(deps.team_of(tx, organization, place));
  follow(message.mentions);
  for (const auto user : followers) {
    if (user == message.author || !may_read(deps, tx, organization, user, place.site, message.treating_only)) continue;
    const bool mentioned = std::find(message.mentions.begin(), message.mentions.end(), user) != message.mentions.end();
    arrived(tx, organization, user, place.patient, 1, mentioned ? 1 : 0, asker.now, before);
    const bool told = std::find(told_before.begin(), told_before.end(), user) != told_before.end();
    if (mentioned && !told && deps.notify)
      deps.notify(tx, organization, {user, "conversation.mention", place.patient, message.id.uuid, false, "mention"});
  }
  // A machine writes, but has nothing to read.
  if (asker.caller.kind == ActorKind::user) arrived(tx, organization, message.author, place.patient, 0, 0, asker.now, message.id);
  return message;
}

Message message_of(const Deps& deps, const Call& call, Written written) {
  Message message;
  message.id = MessageId(deps.chart->ids->next());
  message.at = call.now;
  message.author = call.caller.user;
  message.role = call.caller.role;
  message.words = std::move(written.words);
  message.mentions = std::move(written.mentions);
  return message;
}

Reply posted(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Message& m) {
  Reply reply = patients::looked(to_json(deps, tx, asker, m), place.patient, m.id.uuid);
  reply.status = 201;
  reply.location = "/api/v1/patients/" + place.patient.text() + "/conversation";
  reply.audit_detail = "mentions=" + std::to_string(m.mentions.size());
  reply.events = {{"conversation", place.patient.uuid}};
  return reply;
}

Result<Work> write_message(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"text", "mentions", "label"});
  auto written = read_written(body);
  written.label = body.optional("label").one_of({"counseling_note", "adolescent_confidential"}).value_or("");
  if (!issues.empty()) return issues.error();
  const std::string label = written.label;
  return Work([deps, asker = Asker(call), patient, label,
               message = message_of(*deps, call, std::move(written))](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    Message row = message;
    row.treating_only = label == "counseling_note";
    row.labels = labels_with(deps->labels_of(tx, asker.organization(), patient), label);
    CONCORD_TRY(const auto stored, post(*deps, tx, asker, place, std::move(row), {}));
    return posted(*deps, tx, asker, place, stored);
  });
}

Result<Work> correct_message(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<MessageId>("message_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"text", "mentions"});
  auto written = read_written(body);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, id,
               message = message_of(*deps, call, std::move(written))](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto before = find(tx, asker.organization(), patient, id);
    const bool seen = before && (!before->treating_only || is_treating(asker.caller.role) || before->author == asker.caller.user);
    if (!seen) return http::not_found();
    if (before->author != asker.caller.user)
      return fail(ErrorCode::not_allowed, "Only whoever wrote this may correct it. Answer it instead.");
    if (before->replaced_by) return fail(ErrorCode::conflict, "This was corrected already. Correct the newer one.");
    Message row = message;
    row.corrects = id;
    row.labels = before->labels;
    row.treating_only = before->treating_only;
    CONCORD_TRY(const auto stored, post(*deps, tx, asker, place, std::move(row), before->mentions));
    if (!set_replaced(tx, asker.organization(), patient, id, stored.id))
      return fail(ErrorCode::conflict, "This was corrected at the same moment. Load the page again.");
    return posted(*deps, tx, asker, place, stored);
  });
}

Result<Work> list_messages(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::optional<MessageId> before;
  if (page.after) {
    before = MessageId::parse(*page.after);
    if (!before) return http::wrong_page();
  }
  return Work([deps, asker = Asker(call), patient, page, before](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto organization = asker.organization();
    const auto read = reading(tx, organization, asker.caller.user, patient);
    auto messages = list(tx, organization, patient, viewer_of(asker.caller), before, page.limit + 1);
    const bool more = messages.size() > static_cast<std::size_t>(page.limit);
    if (more) messages.pop_back();
    std::string out;
    json::Writer w(out);
    w.object().key("items").array();
    for (const auto& m : messages) write(*deps->chart, w, tx, asker.caller, m, read);
    w.end().key("next");
    if (more) w.value(messages.back().id);
    else w.null();
    w.field("unread", read ? read->unread : 0)
        .field("unread_mentions", read ? read->unread_mentions : 0)
        .field("following", read.has_value())
        .end();
    Reply reply = patients::looked(std::move(out), patient, patient.uuid);
    reply.audit_detail = "rows=" + std::to_string(messages.size());
    return reply;
  });
}

Result<Work> mark_read(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"until"});
  const auto until = body.optional("until").id<MessageId>();
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, until](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto organization = asker.organization();
    if (until && !find(tx, organization, patient, *until))
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"until", "is no message of this conversation"}});
    auto read = reading(tx, organization, asker.caller.user, patient);
    const auto to = until ? until : newest(tx, organization, patient);
    if (read && to) {
      // Reading an old page again leaves what was read later as it is.
      const auto last = read->read_until ? std::max(*read->read_until, *to) : *to;
      read = set_read(tx, organization, viewer_of(asker.caller), patient, last, asker.now);
    }
    std::string out;
    json::Writer w(out);
    w.object().field("unread", read ? read->unread : 0).field("unread_mentions", read ? read->unread_mentions : 0).end();
    return patients::looked(std::move(out), patient, patient.uuid);
  });
}

Result<Work> list_my_unread(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::optional<PatientId> after;
  if (page.after) {
    after = PatientId::parse(*page.after);
    if (!after) return http::wrong_page();
  }
  return Work([deps, asker = Asker(call), page, after](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    auto all = list_unread(tx, organization, asker.caller.user, kMostConversations);
    std::erase_if(all, [&](const Reading& r) { return !deps->chart->find(tx, asker.caller, asker.now, r.patient); });
    const int total = static_cast<int>(all.size());
    if (after) {
      const auto last = std::find_if(all.begin(), all.end(), [&](const Reading& r) { return r.patient == *after; });
      // Read meanwhile: the page key is gone, so the list begins again.
      if (last != all.end()) all.erase(all.begin(), last + 1);
    }
    const bool more = all.size() > static_cast<std::size_t>(page.limit);
    if (more) all.resize(static_cast<std::size_t>(page.limit));
    std::string out;
    json::Writer w(out);
    w.object().key("items").array();
    for (const auto& r : all) {
      const auto patient = deps->patient(tx, organization, r.patient);
      w.object()
          .key("patient")
          .object()
          .field("id", r.patient)
          .field("given_name", patient ? patient->given_name : "")
          .field("family_name", patient ? patient->family_name : "")
          .end()
          .field("unread", r.unread)
          .field("unread_mentions", r.unread_mentions)
          .field("last_message_at", r.last_message_at)
          .end();
    }
    w.end().key("next");
    if (more) w.value(all.back().patient);
    else w.null();
    w.field("total", total).end();
    Reply reply = http::json_reply(200, std::move(out));
    reply.audit_detail = "rows=" + std::to_string(all.size());
    return reply;
  });
}

Result<Work> list_people(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  const std::string typed = fold(call.request.parameter("q").value_or(""));
  return Work([deps, asker = Asker(call), patient, typed](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string out;
    json::Writer w(out);
    w.object().key("items").array();
    for (const auto& person : deps->people(tx, asker.organization(), place.site)) {
      if (!typed.empty() && fold(person.name).find(typed) == std::string::npos) continue;
      w.object().field("id", person.id).field("display_name", person.name).key("roles").array();
      for (const auto& role : person.roles) w.value(role);
      w.end().end();
    }
    w.end().key("next").null().end();
    return patients::looked(std::move(out), patient, patient.uuid);
  });
}

std::string message_schema() {
  const std::string person =
      R"({"type":"object","properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}}})";
  return http::schema({{"id", "id!"},
                       {"at", "instant!"},
                       {"author", person + "!"},
                       {"role", "text!"},
                       {"text", "text!"},
                       {"mentions", "[]" + person + "!"},
                       {"corrects", "id?!"},
                       {"replaced_by", "id?!"},
                       {"labels", "[]text!"},
                       {"unread", "boolean!"}});
}

}  // namespace

void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto read = reading(tx, asker.organization(), asker.caller.user, place.patient);
  const auto last = list(tx, asker.organization(), place.patient, viewer_of(asker.caller), std::nullopt, 1);
  w.object().field("unread", read ? read->unread : 0).field("unread_mentions", read ? read->unread_mentions : 0).key("last");
  if (last.empty()) w.null();
  else write(*deps.chart, w, tx, asker.caller, last.front(), read);
  w.end();
}

void add_to_timeline(db::Tx& tx, const Asker& asker, const Place& place, std::vector<patients::TimelineEntry>& out) {
  for (const auto& m : list(tx, asker.organization(), place.patient, viewer_of(asker.caller), std::nullopt, kMostInTimeline)) {
    patients::TimelineEntry e;
    e.date = local_date(m.at, place.zone);
    e.at = m.at;
    e.kind = "conversation";
    e.what = m.corrects ? "correction" : "message";
    e.id = m.id.uuid;
    e.who = m.author;
    e.role = m.role;
    e.text = m.words;
    out.push_back(std::move(e));
  }
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = message_schema();
  const std::string base = "/api/v1/patients/{patient_id}/conversation";
  const std::string unread_row = http::schema(
      {{"patient", "object!"}, {"unread", "integer!"}, {"unread_mentions", "integer!"}, {"last_message_at", "instant!"}});
  const std::string person_row = http::schema({{"id", "id!"}, {"display_name", "text!"}, {"roles", "[]text!"}});
  return {
      {Method::get,
       base,
       "conversations.list",
       "conversations.read",
       "What the team says about a patient, newest first",
       RunAs::point,
       false,
       "",
       http::schema({{"items", "[]" + row + "!"},
                     {"next", "text?!"},
                     {"unread", "integer!"},
                     {"unread_mentions", "integer!"},
                     {"following", "boolean!"}}),
       {{"limit", "1 to 200"}, {"after", "page key"}},
       handler(list_messages)},
      {Method::post,
       base,
       "conversations.write",
       "conversations.write",
       "Says something to the team about a patient",
       RunAs::write,
       true,
       http::schema({{"text", "text!"}, {"mentions", "[]id"}, {"label", "counseling_note|adolescent_confidential"}}, true),
       row,
       {},
       handler(write_message)},
      {Method::post,
       base + "/{message_id}/corrections",
       "conversations.correct",
       "conversations.write",
       "Corrects one's own message; what it said is kept",
       RunAs::write,
       true,
       http::schema({{"text", "text!"}, {"mentions", "[]id"}}, true),
       row,
       {},
       handler(correct_message)},
      {Method::post,
       base + "/read",
       "conversations.mark_read",
       "conversations.read",
       "I have read this up to a message",
       RunAs::write,
       false,
       http::schema({{"until", "id"}}, true),
       http::schema({{"unread", "integer!"}, {"unread_mentions", "integer!"}}),
       {},
       handler(mark_read)},
      {Method::get,
       base + "/people",
       "conversations.people",
       "conversations.read",
       "Who can be mentioned: people who may see this patient",
       RunAs::list,
       false,
       "",
       http::list_schema(person_row),
       {{"q", "a part of the name"}},
       handler(list_people)},
      {Method::get,
       "/api/v1/conversations/unread",
       "conversations.unread",
       "conversations.read",
       "Conversations in which I have not read everything",
       RunAs::list,
       false,
       "",
       http::schema({{"items", "[]" + unread_row + "!"}, {"next", "text?!"}, {"total", "integer!"}}),
       {{"limit", "1 to 200"}, {"after", "page key"}},
       handler(list_my_unread)},
  };
}

}  // namespace concord::conversations
