#include "messaging/patient_messages_api.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "http/replies.h"
#include "http/target.h"
#include "json/writer.h"
#include "messaging/patient_messages_store.h"

namespace concord::messaging {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using Kept = std::shared_ptr<const PatientDeps>;
using Form = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMostFormBytes = 64 * 1024;

Result<std::optional<Before>> before_of(const http::Page& page) {
  if (!page.after) return std::optional<Before>();
  const auto parts = split(*page.after, '_');
  const auto at = parts.size() == 2 ? parse_instant(parts[0]) : std::nullopt;
  const auto id = parts.size() == 2 ? Uuid::parse(parts[1]) : std::nullopt;
  if (!at || !id) return http::wrong_page();
  return std::optional(Before{*at, *id});
}

void write_reach(json::Writer& w, const Reach& reach) {
  w.object().key("channel");
  if (reach.channel) w.value(name(*reach.channel));
  else w.null();
  w.field("why_not", reach.why_not).end();
}

Result<Work> list_messages_of(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  CONCORD_TRY(const auto before, before_of(page));
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    const auto organization = asker.organization();
    auto found = list_of_patient(tx, organization, place.patient, before, page.limit + 1);
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.pop_back();
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& m : found) {
      const auto attempts = list_attempts(tx, organization, m.id);
      const bool failed = !attempts.empty() && attempts.back().outcome != "sent";
      w.object()
          .field("id", m.id)
          .field("kind", m.kind)
          .field("channel", name(m.channel))
          .field("to_self", m.own_address)
          .field("state", m.state)
          .field("delivery", m.delivery)
          .field("queued_at", m.queued_at)
          .field("not_before", m.not_before)
          .field("sent_at", m.state == "sent" ? m.ended_at : std::nullopt)
          .field("ended_at", m.ended_at)
          .field("attempts", static_cast<std::int64_t>(attempts.size()))
          .key("why");
      if (failed) w.value(attempts.back().detail);
      else if (m.delivery == "undelivered") w.value("gateway " + m.delivery_code.value_or(""));
      else w.null();
      w.field("instead_of", m.instead_of).field("object_id", m.object).end();
    }
    w.end().key("reach");
    write_reach(w, reach_of(*deps->outbox, tx, organization, place.patient));
    w.key("next");
    if (more) w.value(iso(found.back().queued_at) + "_" + found.back().id.text());
    else w.null();
    w.end();
    Reply reply = patients::looked(std::move(body), place.patient, place.patient.uuid);
    reply.audit_detail = "rows=" + std::to_string(found.size());
    return reply;
  });
}

Reply preference_reply(const PatientDeps& deps, db::Tx& tx, OrganizationId organization, PatientId patient, bool changed) {
  std::string body;
  json::Writer w(body);
  write_preferences(w, *deps.outbox, tx, organization, patient, true);
  Reply reply = changed ? patients::changed(200, std::move(body), patient, patient.uuid)
                        : patients::looked(std::move(body), patient, patient.uuid);
  reply.version = find_preference(tx, organization, patient).version;
  return reply;
}

Result<Work> show_preferences(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    return preference_reply(*deps, tx, asker.organization(), place.patient, false);
  });
}

Result<Work> put_preferences(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  CONCORD_TRY(const auto wanted, read_preferences(document, version));
  return Work([=, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    CONCORD_TRY_VOID(change_preferences(tx, asker.organization(), place.patient, wanted, asker.caller.user.uuid, asker.now));
    return preference_reply(*deps, tx, asker.organization(), place.patient, true);
  });
}

// ---- hooks

Result<Form> read_form(const http::Request& request) {
  if (!equals_ignoring_case(request.header("content-type").substr(0, 33), "application/x-www-form-urlencoded") ||
      request.body.size() > kMostFormBytes)
    return fail(ErrorCode::bad_request, "The request must be a small form.");
  auto form = http::parse_query(request.body);
  if (!form) return fail(ErrorCode::bad_request, "The form cannot be read.");
  return *form;
}

std::string value_of(const Form& form, std::string_view name) {
  for (const auto& [key, value] : form)
    if (key == name) return value;
  return {};
}

Reply nothing_to_say() {
  Reply reply;
  reply.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
  reply.content_type = "text/xml; charset=utf-8";
  return reply;
}

Result<Work> came_in(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto form, read_form(call.request));
  const auto number = normal_phone(value_of(form, "From"));
  const std::string body = value_of(form, "Body");
  return Work([=](db::Tx& tx) -> Result<Reply> {
    Reply reply = nothing_to_say();
    // Short codes and names send too; nothing follows from that.
    if (!number) return reply;
    const auto organizations = deps->organizations(tx);
    const auto wrote = wrote_back(*deps->outbox, tx, organizations, *number, body);
    const std::string_view action = wrote.keyword == Keyword::stop    ? "messages.stopped"
                                    : wrote.keyword == Keyword::start ? "messages.started"
                                                                      : "messages.wrote_back";
    for (const auto& [organization, patient] : wrote.patients) {
      deps->audit(tx, organization, patient, action);
      reply.events.push_back({"patient", patient.uuid});
    }
    reply.audit_detail = "records=" + std::to_string(wrote.patients.size());
    return reply;
  });
}

Result<Work> status_came(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto form, read_form(call.request));
  const auto organization = OrganizationId::parse(call.request.parameter("organization").value_or(""));
  const auto message = MessageId::parse(call.request.parameter("message").value_or(""));
  const std::string status = to_lower(value_of(form, "MessageStatus"));
  std::string code = value_of(form, "ErrorCode").substr(0, 12);
  std::erase_if(code, [](char c) { return c < '0' || c > '9'; });
  return Work([=](db::Tx& tx) -> Result<Reply> {
    Reply reply = nothing_to_say();
    if (!organization || !message) return reply;  // a staff message of an older version, or a test
    const auto m = delivery_came(*deps->outbox, tx, *organization, *message, status, code);
    if (m && (status == "delivered" || status == "undelivered" || status == "failed")) {
      deps->audit(tx, *organization, *m->patient, "messages.delivery");
      reply.events.push_back({"patient", m->patient->uuid});
    }
    return reply;
  });
}

std::string clock_time(int minute) {
  char text[8];
  std::snprintf(text, sizeof text, "%02d:%02d", minute / 60 % 24, minute % 60);
  return text;
}

std::optional<int> read_clock_time(const json::Cursor& cursor) {
  const auto text = cursor.string(1, 5);
  if (!text) return std::nullopt;
  const auto digit = [&](std::size_t i) { return (*text)[i] >= '0' && (*text)[i] <= '9' ? (*text)[i] - '0' : -1; };
  if (text->size() == 5 && (*text)[2] == ':' && digit(0) >= 0 && digit(1) >= 0 && digit(3) >= 0 && digit(4) >= 0) {
    const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
    if (hour < 24 && minute < 60) return hour * 60 + minute;
  }
  cursor.issue("must be a time like 20:00");
  return std::nullopt;
}

void write_minute(json::Writer& w, std::string_view key, const std::optional<int>& minute) {
  w.key(key);
  if (minute) w.value(clock_time(*minute));
  else w.null();
}

}  // namespace

void write_preferences(json::Writer& w, const Outbox& outbox, db::Tx& tx, OrganizationId organization, PatientId patient,
                       bool for_staff) {
  const Preference p = find_preference(tx, organization, patient);
  const auto recipients = outbox.recipients(tx, organization, patient, patient);
  const Recipient r = recipients.empty() ? Recipient{} : recipients.front();
  const auto number = r.phone ? normal_phone(*r.phone) : std::nullopt;
  const bool has_mail = r.mail && is_mail_address(*r.mail);
  const auto sms = number ? find_address(tx, organization, Channel::sms, *number) : StoredAddress{};
  const auto mail = has_mail ? find_address(tx, organization, Channel::mail, *r.mail) : StoredAddress{};
  const auto ways = ways_to(r, p, mail.state(), sms.state(), outbox.mail_is_set_up, outbox.sms_is_set_up);
  const std::string language = p.language.value_or(r.language.value_or("en").starts_with("es") ? "es" : "en");
  w.object().field("channel", p.channel).field("language", p.language);
  write_minute(w, "quiet_from", p.quiet_from);
  write_minute(w, "quiet_until", p.quiet_until);
  w.field("tell_when_read", p.tell_when_read)
      .field("mail_stopped", p.mail_stopped_at.has_value())
      .field("sms_stopped", p.sms_stopped_at.has_value())
      .field("version", p.version)
      .key("effective")
      .object()
      .key("channel");
  if (ways.ways.empty()) w.null();
  else w.value(name(ways.ways.front().channel));
  w.field("language", language)
      .field("quiet_from", clock_time(p.quiet_from.value_or(outbox.quiet.from)))
      .field("quiet_until", clock_time(p.quiet_until.value_or(outbox.quiet.until)))
      .end()
      .field("why_not", ways.ways.empty() ? ways.why_not : std::string())
      .field("sms_stopped_by_reply_at", sms.stopped_at);
  if (for_staff) {
    const auto state = [](bool there, bool is_set_up, const StoredAddress& a) {
      return !there ? "none" : !is_set_up ? "not_set_up" : a.stopped_at ? "stopped" : a.failing_since ? "failing" : "set";
    };
    w.key("addresses")
        .object()
        .field("mail", state(has_mail, outbox.mail_is_set_up, mail))
        .field("sms", state(number.has_value(), outbox.sms_is_set_up, sms))
        .end()
        .field("wrote_back_at", sms.wrote_back_at);
  }
  w.end();
}

Result<Preference> read_preferences(const json::Document& document, std::int64_t version) {
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"channel", "language", "quiet_from", "quiet_until", "tell_when_read", "mail_stopped", "sms_stopped"});
  Preference p;
  p.version = version;
  p.channel = body.optional("channel").one_of({"mail", "sms", "none"});
  p.language = body.optional("language").one_of({"en", "es"});
  p.quiet_from = read_clock_time(body.optional("quiet_from"));
  p.quiet_until = read_clock_time(body.optional("quiet_until"));
  if (body.optional("quiet_from").present() != body.optional("quiet_until").present())
    body.optional(body.optional("quiet_from").present() ? "quiet_until" : "quiet_from")
        .issue("must be given together with the other, or neither");
  p.tell_when_read = body.optional("tell_when_read").boolean().value_or(true);
  // Which moment they mean is filled in where it is kept.
  if (body.optional("mail_stopped").boolean().value_or(false)) p.mail_stopped_at = Instant();
  if (body.optional("sms_stopped").boolean().value_or(false)) p.sms_stopped_at = Instant();
  if (!issues.empty()) return issues.error();
  return p;
}

Result<void> change_preferences(db::Tx& tx, OrganizationId organization, PatientId patient, Preference wanted, const Uuid& by,
                                Instant now) {
  const Preference before = find_preference(tx, organization, patient);
  const auto stale = [] {
    return fail(ErrorCode::edited_meanwhile, "The contact preferences were changed since you opened them. Look at them again.");
  };
  if (before.version != wanted.version) return stale();
  if (wanted.mail_stopped_at) wanted.mail_stopped_at = before.mail_stopped_at.value_or(now);
  if (wanted.sms_stopped_at) wanted.sms_stopped_at = before.sms_stopped_at.value_or(now);
  if (!save_preference(tx, organization, patient, wanted, by, now)) return stale();
  return {};
}

std::string preference_request_schema() {
  return http::schema({{"channel", "mail|sms|none?"},
                       {"language", "en|es?"},
                       {"quiet_from", "text?"},
                       {"quiet_until", "text?"},
                       {"tell_when_read", "boolean"},
                       {"mail_stopped", "boolean"},
                       {"sms_stopped", "boolean"}},
                      true);
}

std::string preference_schema() {
  const std::string effective =
      http::schema({{"channel", "mail|sms?!"}, {"language", "en|es!"}, {"quiet_from", "text!"}, {"quiet_until", "text!"}});
  const std::string state = "none|not_set_up|stopped|failing|set!";
  return http::schema({{"channel", "mail|sms|none?!"},
                       {"language", "en|es?!"},
                       {"quiet_from", "text?!"},
                       {"quiet_until", "text?!"},
                       {"tell_when_read", "boolean!"},
                       {"mail_stopped", "boolean!"},
                       {"sms_stopped", "boolean!"},
                       {"version", "integer!"},
                       {"effective", effective + "!"},
                       {"why_not", "text!"},
                       {"sms_stopped_by_reply_at", "instant?!"},
                       {"addresses", http::schema({{"mail", state}, {"sms", state}})},
                       {"wrote_back_at", "instant?"}});
}

Result<void> check_gateway(const PatientDeps& deps, const http::Request& request) {
  const auto form = http::parse_query(request.body);
  if (request.body.size() > kMostFormBytes || !form ||
      !is_signed(deps.sms_token, deps.outbox->public_url + request.target, *form, request.header("x-twilio-signature")))
    return fail(ErrorCode::not_signed_in, "This address is for the SMS gateway.");
  return {};
}

std::vector<http::Route> patient_routes(const PatientDeps& given) {
  const Kept deps = std::make_shared<const PatientDeps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string message = http::schema({{"id", "id!"},
                                            {"kind", "text!"},
                                            {"channel", "mail|sms!"},
                                            {"to_self", "boolean!"},
                                            {"state", "queued|retrying|sent|dead|cancelled!"},
                                            {"delivery", "delivered|undelivered?!"},
                                            {"queued_at", "instant!"},
                                            {"not_before", "instant!"},
                                            {"sent_at", "instant?!"},
                                            {"ended_at", "instant?!"},
                                            {"attempts", "integer!"},
                                            {"why", "text?!"},
                                            {"instead_of", "id?!"},
                                            {"object_id", "id!"}});
  const std::string messages = http::schema({{"items", R"({"type":"array","items":)" + message + "}!"},
                                             {"reach", http::schema({{"channel", "mail|sms?!"}, {"why_not", "text!"}}) + "!"},
                                             {"next", "text?!"}});
  const std::string any_form = R"({"type":"object","description":"application/x-www-form-urlencoded"})";
  std::vector<http::Route> all = {
      {Method::get,
       "/api/v1/patients/{patient_id}/messages-out",
       "patient_contact.messages",
       "patient_contact.read",
       "Messages sent to a patient, newest first, and what became of them; no addresses",
       RunAs::point,
       false,
       "",
       messages,
       {{"limit", "1 to 200"}, {"after", "page key"}},
       handler(list_messages_of)},
      {Method::get,
       "/api/v1/patients/{patient_id}/contact-preferences",
       "patient_contact.preferences",
       "patient_contact.read",
       "How a patient wants to be told",
       RunAs::point,
       false,
       "",
       preference_schema(),
       {},
       handler(show_preferences)},
      {Method::put,
       "/api/v1/patients/{patient_id}/contact-preferences",
       "patient_contact.change",
       "patient_contact.write",
       "Change how a patient wants to be told",
       RunAs::write,
       false,
       preference_request_schema(),
       preference_schema(),
       {},
       handler(put_preferences)},
      {Method::post,
       "/hooks/sms/inbound",
       "hooks.sms_inbound",
       "messages.receive",
       "The SMS gateway passes on what somebody wrote back",
       RunAs::write,
       false,
       any_form,
       R"({"type":"string","description":"text/xml"})",
       {},
       handler(came_in)},
      {Method::post,
       "/hooks/sms/status",
       "hooks.sms_status",
       "messages.receive",
       "The SMS gateway says what became of a message",
       RunAs::write,
       false,
       any_form,
       R"({"type":"string","description":"text/xml"})",
       {{"organization", "of the message"}, {"message", "its id"}},
       handler(status_came)},
  };
  for (auto& route : all)
    if (route.pattern.starts_with("/hooks/")) route.audience = http::Audience::gateway;
  return all;
}

}  // namespace concord::messaging
