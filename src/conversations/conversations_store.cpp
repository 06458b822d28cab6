#include "conversations/conversations_store.h"

#include "conversations/conversations_sql.h"

namespace concord::conversations {
namespace {

Message read_message(const db::Row& row) {
  Message m;
  m.id = row.id<MessageId>(0);
  m.at = row.instant(1);
  m.author = row.id<UserId>(2);
  m.role = row.string(3);
  m.words = row.string(4);
  m.labels = row.string(5);
  m.treating_only = row.boolean(6);
  m.corrects = row.maybe_id<MessageId>(7);
  m.replaced_by = row.maybe_id<MessageId>(8);
  return m;
}

Reading read_reading(const db::Row& row) {
  Reading r;
  r.patient = row.id<PatientId>(0);
  r.unread = static_cast<int>(row.integer(1));
  r.unread_mentions = static_cast<int>(row.integer(2));
  r.last_message_at = row.instant(3);
  r.read_until = row.maybe_id<MessageId>(4);
  return r;
}

MessageId highest() {
  Uuid id;
  id.bytes.fill(0xFF);
  return MessageId(id);
}

/// `messages` in falling order of their ids.
void add_mentions(db::Tx& tx, OrganizationId organization, PatientId patient, std::vector<Message>& messages) {
  if (messages.empty()) return;
  auto at = messages.rbegin();
  tx.each(sql::kListMentions, {organization, patient, messages.back().id, messages.front().id}, [&](const db::Row& row) {
    const auto id = row.id<MessageId>(0);
    while (at != messages.rend() && at->id < id) ++at;
    if (at != messages.rend() && at->id == id) at->mentions.push_back(row.id<UserId>(1));
  });
}

}  // namespace

std::vector<Message> list(db::Tx& tx, OrganizationId organization, PatientId patient, const Viewer& viewer,
                          const std::optional<MessageId>& before, int limit) {
  auto messages = tx.all(sql::kListMessages,
                         {organization, patient, before.value_or(highest()), limit, viewer.user, viewer.treating}, read_message);
  add_mentions(tx, organization, patient, messages);
  return messages;
}

std::optional<Message> find(db::Tx& tx, OrganizationId organization, PatientId patient, MessageId message) {
  auto found = tx.all(sql::kFindMessage, {organization, patient, message}, read_message);
  if (found.empty()) return std::nullopt;
  add_mentions(tx, organization, patient, found);
  return std::move(found.front());
}

std::optional<MessageId> newest(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kNewestMessage, {organization, patient}, [](const db::Row& row) { return row.id<MessageId>(0); });
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Message& m) {
  tx.run(sql::kInsertMessage,
         {organization, patient, m.id, m.at, m.author, m.role, m.words, m.labels, m.treating_only, m.corrects});
  for (const auto user : m.mentions) tx.run(sql::kInsertMention, {organization, patient, m.id, user});
}

bool set_replaced(db::Tx& tx, OrganizationId organization, PatientId patient, MessageId message, MessageId correction) {
  return tx.run(sql::kSetReplaced, {organization, patient, message, correction}) > 0;
}

std::vector<UserId> readers(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListReaders, {organization, patient}, [](const db::Row& row) { return row.id<UserId>(0); });
}

std::optional<Reading> reading(db::Tx& tx, OrganizationId organization, UserId user, PatientId patient) {
  return tx.one(sql::kFindReader, {organization, user, patient}, read_reading);
}

std::vector<Reading> list_unread(db::Tx& tx, OrganizationId organization, UserId user, int limit) {
  return tx.all(sql::kListUnread, {organization, user, limit}, read_reading);
}

void arrived(db::Tx& tx, OrganizationId organization, UserId user, PatientId patient, int unread, int mentions, Instant at,
             const std::optional<MessageId>& before) {
  tx.run(sql::kCountForReader, {organization, user, patient, unread, mentions, at, before});
}

Reading set_read(db::Tx& tx, OrganizationId organization, const Viewer& viewer, PatientId patient, MessageId until, Instant now) {
  Reading after;
  after.patient = patient;
  after.read_until = until;
  tx.each(sql::kCountAfter, {organization, patient, until, viewer.user, viewer.treating}, [&](const db::Row& row) {
    after.unread = static_cast<int>(row.integer(0));
    after.unread_mentions = static_cast<int>(row.integer(1));
  });
  tx.run(sql::kSetRead, {organization, viewer.user, patient, until, after.unread, after.unread_mentions, now});
  return after;
}

}  // namespace concord::conversations
