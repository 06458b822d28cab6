#include "messaging/messaging_api.h"

#include <memory>

#include "base/text.h"
#include "http/replies.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "json/writer.h"
#include "messaging/messaging_store.h"

namespace concord::messaging {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using Kept = std::shared_ptr<const Deps>;

constexpr std::size_t kMostIds = 200;

Result<std::optional<Before>> before_of(const http::Page& page) {
  if (!page.after) return std::optional<Before>();
  const auto parts = split(*page.after, '_');
  const auto at = parts.size() == 2 ? parse_instant(parts[0]) : std::nullopt;
  const auto id = parts.size() == 2 ? Uuid::parse(parts[1]) : std::nullopt;
  if (!at || !id) return http::wrong_page();
  return std::optional(Before{*at, *id});
}

std::string next_of(Instant at, const Uuid& id) { return iso(at) + "_" + id.text(); }

Result<Work> list_own(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  CONCORD_TRY(const auto before, before_of(page));
  const auto unread = call.request.parameter("unread");
  if (unread && *unread != "true" && *unread != "false") return http::wrong_filter("unread", "must be true or false");
  std::optional<NoticeId> only;
  bool only_one = false;
  if (const auto wanted = call.request.parameter("notice")) {
    only_one = true;
    only = NoticeId::parse(*wanted);
  }
  return Work(
      [deps, asker = Asker(call), page, before, unread_only = unread == "true", only_one, only](db::Tx& tx) -> Result<Reply> {
        std::vector<StoredNotice> found;
        bool more = false;
        if (only_one) {
          if (only)
            if (auto one = find_notice(tx, asker.organization(), asker.caller.user, *only)) found.push_back(std::move(*one));
        } else {
          found = list_notices(tx, asker.organization(), asker.caller.user, unread_only, before, page.limit + 1);
          more = found.size() > static_cast<std::size_t>(page.limit);
          if (more) found.pop_back();
        }
        const auto counts = count_unread(tx, asker.organization(), asker.caller.user);
        std::string body;
        json::Writer w(body);
        w.object().key("items").array();
        for (const auto& n : found)
          w.object()
              .field("id", n.id)
              .field("kind", n.kind)
              .field("text", deps->outbox->texts->of(n.kind, asker.caller.language).notice)
              .field("urgent", n.urgent)
              .field("patient_id", n.patient)
              .field("object_id", n.object)
              .field("made_at", n.made_at)
              .field("read_at", n.read_at)
              .end();
        w.end().field("unread", counts.all).field("urgent", counts.urgent).key("next");
        if (more) w.value(next_of(found.back().made_at, found.back().id.uuid));
        else w.null();
        w.end();
        Reply reply = http::json_reply(200, std::move(body));
        reply.audit_detail = "rows=" + std::to_string(found.size());
        return reply;
      });
}

Reply counts_reply(db::Tx& tx, const Asker& asker) {
  const auto counts = count_unread(tx, asker.organization(), asker.caller.user);
  std::string body;
  json::Writer(body).object().field("unread", counts.all).field("urgent", counts.urgent).end();
  return http::json_reply(200, std::move(body));
}

Result<Work> count_own(const Kept&, const Call& call) {
  return Work([asker = Asker(call)](db::Tx& tx) -> Result<Reply> { return counts_reply(tx, asker); });
}

template <class IdType>
std::vector<IdType> read_ids(const json::Cursor& cursor) {
  std::vector<IdType> ids;
  cursor.each([&](const json::Cursor& item) {
    if (ids.size() == kMostIds) {
      item.issue("is one too many: at most " + std::to_string(kMostIds));
      return;
    }
    if (const auto id = item.id<IdType>()) ids.push_back(*id);
  });
  return ids;
}

Result<Work> read_own(const Kept&, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"notice_ids", "all"});
  const auto all = body.optional("all").boolean();
  std::vector<NoticeId> ids;
  if (all != true) ids = read_ids<NoticeId>(body.required("notice_ids"));
  if (!issues.empty()) return issues.error();
  return Work([asker = Asker(call), all, ids](db::Tx& tx) -> Result<Reply> {
    // Ids that are not one's own find nothing.
    if (all == true) mark_all_read(tx, asker.organization(), asker.caller.user, asker.now);
    for (const auto id : ids) mark_read(tx, asker.organization(), asker.caller.user, id, asker.now);
    Reply reply = counts_reply(tx, asker);
    reply.events = {{"notices", asker.caller.user.uuid}};
    return reply;
  });
}

Reply contact_reply(const Deps& deps, const Contact& c) {
  std::string body;
  json::Writer w(body);
  w.object()
      .field("mail", c.mail)
      .field("phone", c.phone)
      .field("mail_for", c.mail_for)
      .field("sms_for", c.sms_for)
      .key("channels")
      .object()
      .field("mail", deps.outbox->mail_is_set_up)
      .field("sms", deps.outbox->sms_is_set_up)
      .end()
      .field("version", c.version)
      .end();
  Reply reply = http::json_reply(200, std::move(body));
  reply.version = c.version;
  return reply;
}

Result<Work> show_contact(const Kept& deps, const Call& call) {
  if (call.caller.kind != ActorKind::user) return http::not_found();
  return Work([deps, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    return contact_reply(*deps, find_contact(tx, asker.organization(), asker.caller.user));
  });
}

Result<Work> change_contact(const Kept& deps, const Call& call) {
  if (call.caller.kind != ActorKind::user) return http::not_found();
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"mail", "phone", "mail_for", "sms_for"});
  const auto address = [&](std::string_view key, bool (*good)(std::string_view), std::string_view wanted) {
    const auto cursor = body.optional(key);
    auto text = cursor.string(0, 254);
    if (text && !text->empty() && !good(*text)) cursor.issue(std::string(wanted));
    return text;
  };
  const auto mail = address("mail", is_mail_address, "must be a mail address");
  const auto phone = address("phone", is_phone, "must be + and the country's code, then digits only, like +15550100");
  const auto mail_for = body.optional("mail_for").one_of({"all", "urgent", "none"});
  const auto sms_for = body.optional("sms_for").one_of({"all", "urgent", "none"});
  // null takes the address away; leaving the member out keeps it.
  const auto given = [&](std::string_view key) { return document.root().find(key) != nullptr; };
  const bool has_mail = given("mail"), has_phone = given("phone");
  if (!issues.empty()) return issues.error();
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    Contact c = find_contact(tx, asker.organization(), asker.caller.user);
    const auto filled = [](const std::optional<std::string>& text) { return text && !text->empty() ? text : std::nullopt; };
    if (c.version != version)
      return fail(ErrorCode::edited_meanwhile, "Your settings were changed in another window since you opened them.");
    if (has_mail) c.mail = filled(mail);
    if (has_phone) c.phone = filled(phone);
    if (mail_for) c.mail_for = *mail_for;
    if (sms_for) c.sms_for = *sms_for;
    if (!save_contact(tx, asker.organization(), asker.caller.user, c))
      return fail(ErrorCode::edited_meanwhile, "Your settings were changed in another window since you opened them.");
    ++c.version;
    return contact_reply(*deps, c);
  });
}

/// "j***@example.org", "***0123": enough to tell two apart, too little to write to.
std::string masked(const Message& m) {
  const auto& a = m.address;
  if (m.channel == Channel::sms) return "***" + a.substr(a.size() - std::min<std::size_t>(4, a.size()));
  const auto at = a.find('@');
  return a.substr(0, 1) + "***" + (at == std::string::npos ? "" : a.substr(at));
}

Result<Work> list_sent(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  CONCORD_TRY(const auto before, before_of(page));
  const std::string state(call.request.parameter("state").value_or("dead"));
  if (state != "dead" && state != "retrying" && state != "queued" && state != "sent" && state != "cancelled")
    return http::wrong_filter("state", "must be dead, retrying, queued, sent or cancelled");
  const std::string to(call.request.parameter("to").value_or("all"));
  if (to != "all" && to != "staff" && to != "patients") return http::wrong_filter("to", "must be all, staff or patients");
  return Work([deps, asker = Asker(call), page, before, state, to](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    auto found = list_messages(tx, organization, state, before, page.limit + 1, to);
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.pop_back();
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& m : found) {
      w.object().field("id", m.id).field("kind", m.kind).key("to");
      if (m.patient) w.null();
      else deps->chart->write_user(w, tx, organization, m.to);
      w.field("patient_id", m.patient)
          .field("channel", name(m.channel))
          .field("address", m.patient ? masked(m) : m.address)
          .field("state", m.state)
          .field("queued_at", m.queued_at)
          .field("next_at", m.next_at)
          .field("ended_at", m.ended_at)
          .key("attempts")
          .array();
      for (const auto& a : list_attempts(tx, organization, m.id))
        w.object().field("number", a.number).field("at", a.at).field("outcome", a.outcome).field("detail", a.detail).end();
      w.end().end();
    }
    const auto counts = count_messages(tx, organization, asker.now - std::chrono::hours(24));
    w.end()
        .key("counts")
        .object()
        .field("queued", counts.queued)
        .field("retrying", counts.retrying)
        .field("dead", counts.dead)
        .field("sent_today", counts.sent)
        .end()
        .key("next");
    if (more) w.value(next_of(found.back().queued_at, found.back().id.uuid));
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Result<Work> retry_dead(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"message_ids"});
  const auto ids = read_ids<MessageId>(body.required("message_ids"));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), ids](db::Tx& tx) -> Result<Reply> {
    int retried = 0;
    for (const auto id : ids)
      if (retry(*deps->outbox, tx, asker.organization(), id, asker.now)) ++retried;
    std::string out;
    json::Writer(out)
        .object()
        .field("retried", retried)
        .field("not_possible", static_cast<std::int64_t>(ids.size()) - retried)
        .end();
    Reply reply = http::json_reply(200, std::move(out));
    reply.audit_detail = "retried=" + std::to_string(retried);
    return reply;
  });
}

}  // namespace

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string counts = http::schema({{"unread", "integer!"}, {"urgent", "integer!"}});
  const std::string notice = http::schema({{"id", "id!"},
                                           {"kind", "text!"},
                                           {"text", "text!"},
                                           {"urgent", "boolean!"},
                                           {"patient_id", "id?!"},
                                           {"object_id", "id!"},
                                           {"made_at", "instant!"},
                                           {"read_at", "instant?!"}});
  const std::string notices = http::schema({{"items", R"({"type":"array","items":)" + notice + "}!"},
                                            {"unread", "integer!"},
                                            {"urgent", "integer!"},
                                            {"next", "text?!"}});
  const std::string contact = http::schema({{"mail", "text?!"},
                                            {"phone", "text?!"},
                                            {"mail_for", "all|urgent|none!"},
                                            {"sms_for", "all|urgent|none!"},
                                            {"channels", http::schema({{"mail", "boolean!"}, {"sms", "boolean!"}}) + "!"},
                                            {"version", "integer!"}});
  const std::string attempt =
      http::schema({{"number", "integer!"}, {"at", "instant!"}, {"outcome", "sent|failed|lost!"}, {"detail", "text!"}});
  const std::string message =
      http::schema({{"id", "id!"},
                    {"kind", "text!"},
                    {"to", R"({"anyOf":[)" + http::schema({{"id", "id!"}, {"name", "text!"}}) + R"(,{"type":"null"}]}!)"},
                    {"patient_id", "id?!"},
                    {"channel", "mail|sms!"},
                    {"address", "text!"},
                    {"state", "queued|retrying|sent|dead|cancelled!"},
                    {"queued_at", "instant!"},
                    {"next_at", "instant?!"},
                    {"ended_at", "instant?!"},
                    {"attempts", R"({"type":"array","items":)" + attempt + "}!"}});
  const std::string messages = http::schema(
      {{"items", R"({"type":"array","items":)" + message + "}!"},
       {"counts",
        http::schema({{"queued", "integer!"}, {"retrying", "integer!"}, {"dead", "integer!"}, {"sent_today", "integer!"}}) + "!"},
       {"next", "text?!"}});
  return {
      {Method::get,
       "/api/v1/notices",
       "notices.list",
       "account.use",
       "Your own notices, newest first",
       RunAs::point,
       false,
       "",
       notices,
       {{"unread", "true: unread ones only"}, {"notice", "this one only"}, {"limit", "1 to 200"}, {"after", "page key"}},
       handler(list_own)},
      {Method::get,
       "/api/v1/notices/unread",
       "notices.count",
       "account.use",
       "How many notices you have not read",
       RunAs::point,
       false,
       "",
       counts,
       {},
       handler(count_own)},
      {Method::post,
       "/api/v1/notices/read",
       "notices.read",
       "account.use",
       "Mark your notices read",
       RunAs::write,
       false,
       http::schema({{"notice_ids", "[]id"}, {"all", "boolean"}}, true),
       counts,
       {},
       handler(read_own)},
      {Method::get,
       "/api/v1/account/contact",
       "account.contact",
       "account.use",
       "Where and for what you want mail and SMS",
       RunAs::point,
       false,
       "",
       contact,
       {},
       handler(show_contact)},
      {Method::patch,
       "/api/v1/account/contact",
       "account.change_contact",
       "account.use",
       "Change where and for what you want mail and SMS",
       RunAs::write,
       false,
       http::schema({{"mail", "text?"}, {"phone", "text?"}, {"mail_for", "all|urgent|none"}, {"sms_for", "all|urgent|none"}},
                    true),
       contact,
       {},
       handler(change_contact)},
      {Method::get,
       "/api/v1/messages",
       "messages.list",
       "messages.manage",
       "Mail and SMS of the organization by state, with every attempt",
       RunAs::list,
       false,
       "",
       messages,
       {{"state", "dead (default), retrying, queued, sent or cancelled"},
        {"to", "all (default), staff or patients"},
        {"limit", "1 to 200"},
        {"after", "page key"}},
       handler(list_sent)},
      {Method::post,
       "/api/v1/messages/retry",
       "messages.retry",
       "messages.manage",
       "Try dead messages again",
       RunAs::write,
       false,
       http::schema({{"message_ids", "[]id!"}}, true),
       http::schema({{"retried", "integer!"}, {"not_possible", "integer!"}}),
       {},
       handler(retry_dead)},
  };
}

}  // namespace concord::messaging
