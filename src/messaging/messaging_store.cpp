#include "messaging/messaging_store.h"

#include "messaging/messaging_sql.h"

namespace concord::messaging {
namespace {

// The newest that both databases can hold and compare.
const Instant kEndOfTime = Instant(std::chrono::sys_days(std::chrono::year(2999) / 1 / 1));

Before from(const std::optional<Before>& before) {
  if (before) return *before;
  Before all;
  all.at = kEndOfTime;
  return all;
}

StoredNotice read_notice(const db::Row& row, UserId user) {
  StoredNotice n;
  n.id = row.id<NoticeId>(0);
  n.to = user;
  n.kind = row.string(1);
  n.patient = row.maybe_id<PatientId>(2);
  n.object = row.uuid(3);
  n.urgent = row.boolean(4);
  n.made_at = row.instant(5);
  n.read_at = row.maybe_instant(6);
  return n;
}

Message read_message(const db::Row& row) {
  Message m;
  m.id = row.id<MessageId>(0);
  m.notice = row.id<NoticeId>(1);
  m.to = row.id<UserId>(2);
  m.kind = row.string(3);
  m.object = row.uuid(4);
  m.channel = channel_named(row.text(5)).value_or(Channel::mail);
  m.address = row.string(6);
  m.language = row.string(7);
  m.urgent = row.boolean(8);
  m.state = row.string(9);
  m.attempts = static_cast<int>(row.integer(10));
  m.attempts_before = static_cast<int>(row.integer(11));
  m.queued_at = row.instant(12);
  m.next_at = row.maybe_instant(13);
  m.ended_at = row.maybe_instant(14);
  return m;
}

}  // namespace

bool insert(db::Tx& tx, OrganizationId organization, const StoredNotice& n) {
  return tx.run(sql::kInsertNotice, {organization, n.to, n.id, n.kind, n.patient, n.object, n.urgent, n.made_at}) == 1;
}

std::vector<StoredNotice> list_notices(db::Tx& tx, OrganizationId organization, UserId user, bool unread_only,
                                       const std::optional<Before>& before, int limit) {
  const Before b = from(before);
  return tx.all(unread_only ? sql::kListUnread : sql::kListNotices, {organization, user, b.at, b.id, limit},
                [&](const db::Row& row) { return read_notice(row, user); });
}

std::optional<StoredNotice> find_notice(db::Tx& tx, OrganizationId organization, UserId user, NoticeId notice) {
  return tx.one(sql::kFindNotice, {organization, user, notice}, [&](const db::Row& row) { return read_notice(row, user); });
}

Unread count_unread(db::Tx& tx, OrganizationId organization, UserId user) {
  return tx
      .one(sql::kCountUnread, {organization, user}, [](const db::Row& row) { return Unread{row.integer(0), row.integer(1)}; })
      .value_or(Unread{});
}

void mark_read(db::Tx& tx, OrganizationId organization, UserId user, NoticeId notice, Instant now) {
  tx.run(sql::kReadNotice, {organization, user, notice, now});
}

void mark_all_read(db::Tx& tx, OrganizationId organization, UserId user, Instant now) {
  tx.run(sql::kReadAll, {organization, user, now});
}

void settle(db::Tx& tx, OrganizationId organization, const Uuid& object, Instant now) {
  tx.run(sql::kSettleNotices, {organization, object, now});
}

bool insert(db::Tx& tx, OrganizationId organization, const Message& m) {
  return tx.run(sql::kInsertMessage,
                {organization, m.id, m.notice, m.to, m.kind, m.object, name(m.channel), m.address, m.language, m.urgent, m.state,
                 m.attempts, m.attempts_before, m.queued_at, m.next_at, m.ended_at}) == 1;
}

std::optional<Message> find_message(db::Tx& tx, OrganizationId organization, MessageId message) {
  return tx.one(sql::kFindMessage, {organization, message}, read_message);
}

bool update(db::Tx& tx, OrganizationId organization, const Message& m) {
  return tx.run(sql::kUpdateMessage, {organization, m.id, m.state, m.attempts, m.next_at, m.ended_at}) == 1;
}

bool revive(db::Tx& tx, OrganizationId organization, MessageId message, Instant now) {
  return tx.run(sql::kReviveMessage, {organization, message, now}) == 1;
}

std::vector<Message> list_messages(db::Tx& tx, OrganizationId organization, std::string_view state,
                                   const std::optional<Before>& before, int limit) {
  const Before b = from(before);
  return tx.all(sql::kListMessages, {organization, state, b.at, b.id, limit}, read_message);
}

MessageCounts count_messages(db::Tx& tx, OrganizationId organization, Instant sent_since) {
  MessageCounts counts;
  tx.each(sql::kCountMessages, {organization, sent_since}, [&](const db::Row& row) {
    const auto state = row.text(0);
    if (state == "queued") counts.queued = row.integer(1);
    if (state == "retrying") counts.retrying = row.integer(1);
    if (state == "dead") counts.dead = row.integer(1);
    if (state == "sent") counts.sent = row.integer(1);
  });
  return counts;
}

std::vector<Waiting> list_waiting(db::Tx& tx, Instant queued_before, int most) {
  return tx.all(sql::kListWaiting, {queued_before, most}, [](const db::Row& row) {
    return Waiting{row.id<OrganizationId>(0), row.id<MessageId>(1), static_cast<int>(row.integer(2))};
  });
}

bool insert(db::Tx& tx, OrganizationId organization, MessageId message, const MessageAttempt& a) {
  return tx.run(sql::kInsertAttempt, {organization, message, a.number, a.at, a.outcome, a.detail}) == 1;
}

std::vector<MessageAttempt> list_attempts(db::Tx& tx, OrganizationId organization, MessageId message) {
  return tx.all(sql::kListAttempts, {organization, message}, [](const db::Row& row) {
    return MessageAttempt{static_cast<int>(row.integer(0)), row.instant(1), row.string(2), row.string(3)};
  });
}

Contact find_contact(db::Tx& tx, OrganizationId organization, UserId user) {
  return tx
      .one(sql::kFindContact, {organization, user},
           [](const db::Row& row) {
             Contact c;
             c.mail = row.maybe_string(0);
             c.phone = row.maybe_string(1);
             c.mail_for = row.string(2);
             c.sms_for = row.string(3);
             c.version = row.integer(4);
             return c;
           })
      .value_or(Contact{});
}

bool save_contact(db::Tx& tx, OrganizationId organization, UserId user, const Contact& c) {
  if (c.version == 0) return tx.run(sql::kInsertContact, {organization, user, c.mail, c.phone, c.mail_for, c.sms_for}) == 1;
  return tx.run(sql::kUpdateContact, {organization, user, c.version, c.mail, c.phone, c.mail_for, c.sms_for}) == 1;
}

}  // namespace concord::messaging
