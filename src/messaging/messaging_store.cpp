#include "messaging/messaging_store.h"

#include <algorithm>

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

}  // namespace

Message read_message(const db::Row& row) {
  Message m;
  m.id = row.id<MessageId>(0);
  m.notice = row.maybe_id<NoticeId>(1).value_or(NoticeId());
  m.to = row.maybe_id<UserId>(2).value_or(UserId());
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
  m.patient = row.maybe_id<PatientId>(15);
  m.not_before = row.instant(16);
  m.clinic = row.string(17);
  m.link_path = row.maybe_string(18);
  m.page_path = row.maybe_string(19);
  m.code = row.maybe_string(20);
  m.ignores_quiet_hours = row.boolean(21);
  m.own_address = row.boolean(22);
  m.may_fall_back = row.boolean(23);
  m.instead_of = row.maybe_id<MessageId>(24);
  m.delivery = row.maybe_string(25);
  m.delivery_at = row.maybe_instant(26);
  m.delivery_code = row.maybe_string(27);
  return m;
}

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

namespace {

std::optional<Uuid> unless_nil(const Uuid& id) { return id.is_nil() ? std::nullopt : std::optional(id); }

std::vector<db::Param> values_of(OrganizationId organization, const Message& m) {
  return {organization,
          m.id,
          unless_nil(m.notice.uuid),
          unless_nil(m.to.uuid),
          m.kind,
          m.object,
          name(m.channel),
          m.address,
          m.language,
          m.urgent,
          m.state,
          m.attempts,
          m.attempts_before,
          m.queued_at,
          m.next_at,
          m.ended_at,
          m.patient,
          std::max(m.not_before, m.queued_at),
          m.clinic,
          m.link_path,
          m.page_path,
          m.code,
          m.ignores_quiet_hours,
          m.own_address,
          m.may_fall_back,
          m.instead_of,
          m.delivery,
          m.delivery_at,
          m.delivery_code};
}

}  // namespace

bool insert(db::Tx& tx, OrganizationId organization, const Message& m) {
  return tx.run(sql::kInsertMessage, values_of(organization, m)) == 1;
}

void insert_new(db::Tx& tx, OrganizationId organization, std::span<const Message> messages) {
  static constexpr std::string_view kColumns[] = {"organization_id",
                                                  "message_id",
                                                  "notice_id",
                                                  "user_id",
                                                  "kind",
                                                  "object_id",
                                                  "channel",
                                                  "address",
                                                  "language",
                                                  "urgent",
                                                  "state",
                                                  "attempts",
                                                  "attempts_before",
                                                  "queued_at",
                                                  "next_at",
                                                  "ended_at",
                                                  "patient_id",
                                                  "not_before",
                                                  "clinic",
                                                  "link_path",
                                                  "page_path",
                                                  "code",
                                                  "ignores_quiet_hours",
                                                  "own_address",
                                                  "may_fall_back",
                                                  "instead_of_id",
                                                  "delivery",
                                                  "delivery_at",
                                                  "delivery_code"};
  std::size_t next = 0;
  tx.load("message_out", kColumns, [&](std::vector<db::Param>& values) {
    if (next == messages.size()) return false;
    values = values_of(organization, messages[next++]);
    return true;
  });
}

std::optional<Message> find_message(db::Tx& tx, OrganizationId organization, MessageId message) {
  return tx.one(sql::kFindMessage, {organization, message}, read_message);
}

bool update(db::Tx& tx, OrganizationId organization, const Message& m) {
  if (m.ended_at) return tx.run(sql::kEndMessage, {organization, m.id, m.state, m.attempts, m.ended_at}) == 1;
  return tx.run(sql::kUpdateMessage, {organization, m.id, m.state, m.attempts, m.next_at}) == 1;
}

bool revive(db::Tx& tx, OrganizationId organization, MessageId message, Instant now) {
  return tx.run(sql::kReviveMessage, {organization, message, now}) == 1;
}

std::vector<Message> list_messages(db::Tx& tx, OrganizationId organization, std::string_view state,
                                   const std::optional<Before>& before, int limit, std::string_view to) {
  const Before b = from(before);
  return tx.all(sql::kListMessages, {organization, state, b.at, b.id, limit, to}, read_message);
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
    return Waiting{row.id<OrganizationId>(0), row.id<MessageId>(1), static_cast<int>(row.integer(2)), row.instant(3),
                   !row.is_null(4)};
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
