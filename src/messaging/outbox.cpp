#include "messaging/outbox.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/log.h"
#include "json/cursor.h"
#include "json/writer.h"
#include "messaging/messaging_store.h"
#include "messaging/outbox_parts.h"
#include "messaging/patient_messages_store.h"

namespace concord::messaging {
namespace {

constexpr std::string_view kFailing = "messages.failing";
constexpr std::chrono::minutes kLostAfter{30};
constexpr int kLostAtOnce = 200;

/// `first`: before others of the channel.
std::string job_kind(Channel channel, bool first, bool of_patients = false) {
  return std::string(of_patients ? "messaging.patient_" : "messaging.") + std::string(name(channel)) +
         (!first        ? ""
          : of_patients ? "_now"
                        : "_urgent");
}

jobs::JobId job_id(OrganizationId organization, MessageId message, int attempts_before,
                   const std::optional<Instant>& held_until) {
  const std::string where = organization.text(), what = message.text(), set = std::to_string(attempts_before);
  // A message to a patient gets another job each time the quiet hours hold it.
  const std::string until = held_until ? iso(*held_until) : "";
  const std::string_view parts[] = {"messaging.send", where, what, set, until};
  return jobs::JobId(make_uuid_from(std::span(parts, held_until ? 5 : 4)));
}

jobs::FreshJob job_of(const Outbox& outbox, OrganizationId organization, const Message& m, Instant now) {
  jobs::FreshJob fresh;
  fresh.job.organization = organization;
  fresh.job.kind = job_kind(m.channel, m.patient ? m.ignores_quiet_hours : m.urgent, m.patient.has_value());
  json::Writer(fresh.job.payload = "").object().field("message", m.id).end();
  fresh.job.most_attempts = outbox.most_attempts;
  fresh.job.due_at = std::max(now, m.not_before);
  fresh.id = job_id(organization, m.id, m.attempts_before, m.patient ? std::optional(m.not_before) : std::nullopt);
  return fresh;
}

NoticeId notice_id(const Outbox& outbox, OrganizationId organization, const Notice& n) {
  if (n.once.empty()) return NoticeId(outbox.ids->next());
  const std::string where = organization.text(), to = n.to.text(), object = n.object.text();
  const std::string_view parts[] = {"messaging.notice", where, to, n.kind, object, n.once};
  return NoticeId(make_uuid_from(parts));
}

MessageId message_id(OrganizationId organization, NoticeId notice, Channel channel) {
  const std::string where = organization.text(), which = notice.text();
  const std::string_view parts[] = {"messaging.message", where, which, name(channel)};
  return MessageId(make_uuid_from(parts));
}

bool wants(std::string_view wish, bool urgent) { return wish == "all" || (urgent && wish == "urgent"); }

std::optional<MessageId> message_of(const jobs::Job& job) {
  const auto payload = json::Document::parse(job.payload);
  if (!payload) return std::nullopt;
  json::Issues issues;
  return json::Cursor(payload->root(), issues).required("message").id<MessageId>();
}

/// Records an attempt and what it means; everybody who must know is told in the same transaction. `for_good`: the address was
/// refused, which is nothing that an administrator could mend.
void record(const Outbox& outbox, db::Tx& tx, OrganizationId organization, Message& m, const MessageAttempt& attempt,
            bool for_good = false) {
  if (!insert(tx, organization, m.id, attempt)) return;
  update(tx, organization, m);
  if (m.patient && m.ended_at) ended(outbox, tx, organization, m, for_good, attempt.at);
  if (!m.patient && outbox.on_attempt) outbox.on_attempt(tx, organization, m, attempt);
  if (attempt.outcome == "sent" || m.kind == kFailing || !outbox.operators || (m.patient && for_good)) return;
  // Once an hour and channel: a server that is down for a night is one thing to look at.
  const auto hour = jobs::period_start(attempt.at, std::chrono::minutes(60));
  for (const UserId who : outbox.operators(tx, organization)) {
    Notice notice;
    notice.to = who;
    notice.kind = std::string(kFailing);
    notice.object = organization.uuid;
    notice.urgent = true;
    notice.once = std::string(name(m.channel)) + " " + iso(hour);
    post(outbox, tx, organization, notice);
  }
}

Result<void> send(db::Database& database, const Outbox& outbox, const Transport& transport, const jobs::JobRun& run) {
  const auto organization = run.job().organization;
  const auto id = message_of(run.job());
  if (!id) return fail(ErrorCode::internal, "The job names no message.");
  bool needed = true;
  Look look;
  const auto found = database.read([&](db::Tx& tx) {
    auto m = find_message(tx, organization, *id);
    if (m && !m->ended_at && m->patient) look = look_again(outbox, tx, organization, *m, outbox.clock->now());
    needed = !m || m->ended_at || !outbox.still_needed || outbox.still_needed(tx, organization, *m);
    return m;
  });
  if (!found || found->ended_at) return {};
  needed = needed && look.is_needed;
  if (!needed || !look.way_is_open)
    return database.write([&](db::Tx& tx) -> Result<void> {
      auto m = find_message(tx, organization, *id);
      if (!m || m->ended_at) return {};
      const Instant now = outbox.clock->now();
      m->state = "cancelled";
      m->next_at = std::nullopt;
      m->ended_at = now;
      update(tx, organization, *m);
      if (m->patient && needed) ended(outbox, tx, organization, *m, false, now);  // else: what it was about is over
      return {};
    });
  if (look.hold_until)
    return database.write([&](db::Tx& tx) -> Result<void> {
      auto m = find_message(tx, organization, *id);
      if (!m || m->ended_at) return {};
      hold(tx, organization, m->id, *look.hold_until, m->attempts);
      m->attempts_before = m->attempts;
      m->not_before = *look.hold_until;
      enqueue(outbox, tx, organization, *m, outbox.clock->now());
      return {};
    });
  const auto words = [&]() -> std::optional<Outgoing> {
    if (found->patient) return words_to_patient(outbox, organization, *found);
    const Text& text = outbox.texts->of(found->kind, found->language);
    const std::string link = outbox.public_url + "/notices/" + found->notice.text();
    Outgoing out;
    out.channel = found->channel;
    out.to = found->address;
    out.subject = text.subject;
    out.text = fill(found->channel == Channel::sms ? text.sms : text.mail, link);
    out.message_id = found->id.text();
    out.urgent = found->urgent;
    return out;
  }();
  Outgoing out = words.value_or(Outgoing{});
  out.at = outbox.clock->now();
  const Delivery delivery = words ? transport(out) : Delivery{false, false, "its text or link is gone"};

  const int number = found->attempts_before + run.job().attempts;
  const bool last = run.job().attempts >= run.job().most_attempts;
  const auto stored = database.write([&](db::Tx& tx) -> Result<bool> {
    const Instant now = outbox.clock->now();
    auto m = find_message(tx, organization, *id);
    if (!m || m->ended_at) return true;
    // Attempts whose worker died before it could say anything.
    for (int lost = m->attempts + 1; lost < number; ++lost)
      insert(tx, organization, m->id, {lost, now, "lost", "the sender stopped before it could say how it went"});
    m->attempts = number;
    const bool again = !delivery.sent && delivery.may_retry && !last;
    m->state = delivery.sent ? "sent" : again ? "retrying" : "dead";
    m->next_at = again ? std::optional(now + jobs::pause_after(run.job().attempts)) : std::nullopt;
    m->ended_at = again ? std::nullopt : std::optional(now);
    record(outbox, tx, organization, *m, {number, now, delivery.sent ? "sent" : "failed", delivery.detail},
           words && !delivery.sent && !delivery.may_retry);
    return !again;
  });
  if (!stored) return tl::unexpected<Error>(stored.error());
  if (!delivery.sent) {
    const std::string channel(name(found->channel)), which = found->id.text();
    log::warn("messaging.not_sent", {{"message", std::string_view(which)},
                                     {"channel", std::string_view(channel)},
                                     {"attempt", std::int64_t{number}},
                                     {"detail", std::string_view(delivery.detail)}});
  }
  if (!*stored) return fail(ErrorCode::internal, "The message could not be sent: " + delivery.detail);
  return {};
}

}  // namespace

void enqueue(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, Instant now) {
  const auto fresh = job_of(outbox, organization, m, now);
  jobs::enqueue(tx, fresh.job, fresh.id, now);
}

void enqueue_new(const Outbox& outbox, db::Tx& tx, OrganizationId organization, std::span<const Message> messages, Instant now) {
  std::vector<jobs::FreshJob> fresh;
  fresh.reserve(messages.size());
  for (const auto& m : messages) fresh.push_back(job_of(outbox, organization, m, now));
  jobs::enqueue_new(tx, fresh, now);
}

std::vector<Queued> post(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Notice& n) {
  const Instant now = outbox.clock->now();
  StoredNotice notice{notice_id(outbox, organization, n), n.to, n.kind, n.patient, n.object, n.urgent, now, std::nullopt};
  if (!insert(tx, organization, notice)) return {};
  std::vector<Queued> queued = {{Channel::in_app, {}}};
  const Contact contact = find_contact(tx, organization, n.to);
  const auto add = [&](Channel channel, const std::optional<std::string>& address, std::string_view wish, bool is_set_up) {
    if (!address || !is_set_up || !wants(wish, n.urgent)) return;
    Message m;
    m.id = message_id(organization, notice.id, channel);
    m.notice = notice.id;
    m.to = n.to;
    m.kind = n.kind;
    m.object = n.object;
    m.channel = channel;
    m.address = *address;
    m.language = outbox.language_of ? outbox.language_of(tx, organization, n.to) : "en";
    m.urgent = n.urgent;
    m.queued_at = now;
    m.next_at = now;
    if (!insert(tx, organization, m)) return;
    enqueue(outbox, tx, organization, m, now);
    queued.push_back({channel, m.id});
  };
  add(Channel::sms, contact.phone, contact.sms_for, outbox.sms_is_set_up);
  add(Channel::mail, contact.mail, contact.mail_for, outbox.mail_is_set_up);
  return queued;
}

bool retry(const Outbox& outbox, db::Tx& tx, OrganizationId organization, MessageId message, Instant now) {
  auto m = find_message(tx, organization, message);
  if (!m || m->state != "dead") return false;
  if (m->patient && !words_to_patient(outbox, organization, *m)) return false;
  if (!revive(tx, organization, message, now)) return false;
  m = find_message(tx, organization, message);
  CHECK(m.has_value());
  enqueue(outbox, tx, organization, *m, now);
  return true;
}

void send_with(jobs::Worker& worker, Channel channel, db::Database& database, const Outbox& outbox, Transport transport) {
  for (const bool urgent : {true, false})
    worker.handle(job_kind(channel, urgent),
                  [&database, &outbox, transport](jobs::JobRun& run) { return send(database, outbox, transport, run); });
}

void send_to_patients_with(jobs::Worker& worker, Channel channel, db::Database& database, const Outbox& outbox,
                           Transport transport) {
  for (const bool now : {true, false})
    worker.handle(job_kind(channel, now, true),
                  [&database, &outbox, transport](jobs::JobRun& run) { return send(database, outbox, transport, run); });
}

jobs::WorkerSettings sender_settings() {
  jobs::WorkerSettings settings;
  settings.lease = std::chrono::seconds(90);
  settings.poll = std::chrono::milliseconds(1000);
  // One of each kind: an urgent message that comes in waits for one ordinary one at most.
  settings.batch = 1;
  return settings;
}

jobs::WorkerSettings patient_sender_settings(int connections) {
  auto settings = sender_settings();
  settings.batch = settings.parallel = connections;
  return settings;
}

int end_lost_messages(const Outbox& outbox, db::Tx& tx) {
  const Instant now = outbox.clock->now();
  int ended = 0;
  for (const auto& waiting : list_waiting(tx, now - kLostAfter, kLostAtOnce)) {
    const auto job = jobs::find_job(tx, waiting.organization,
                                    job_id(waiting.organization, waiting.message, waiting.attempts_before,
                                           waiting.is_patients ? std::optional(waiting.not_before) : std::nullopt));
    if (job && (job->state == jobs::State::queued || job->state == jobs::State::leased)) continue;
    auto m = find_message(tx, waiting.organization, waiting.message);
    if (!m || m->ended_at) continue;
    m->attempts = std::max(m->attempts + 1, job ? waiting.attempts_before + job->attempts : 0);
    m->state = "dead";
    m->may_fall_back = false;  // it may have arrived: not knowingly twice
    m->next_at = std::nullopt;
    m->ended_at = now;
    record(outbox, tx, waiting.organization, *m,
           {m->attempts, now, "lost", "the sender stopped before it could say how it went"});
    ++ended;
  }
  return ended;
}

}  // namespace concord::messaging
