// Reads and writes notice, message_out, message_attempt and user_contact.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "messaging/messaging.h"

namespace concord::messaging {

/// The last row of the page before; newest first.
struct Before {
  Instant at = Instant::max();
  Uuid id;
};
struct Unread {
  std::int64_t all = 0, urgent = 0;
};

/// False when a notice with this id is there.
bool insert(db::Tx& tx, OrganizationId organization, const StoredNotice& notice);
std::vector<StoredNotice> list_notices(db::Tx& tx, OrganizationId organization, UserId user, bool unread_only,
                                       const std::optional<Before>& before, int limit);
std::optional<StoredNotice> find_notice(db::Tx& tx, OrganizationId organization, UserId user, NoticeId notice);
Unread count_unread(db::Tx& tx, OrganizationId organization, UserId user);
void mark_read(db::Tx& tx, OrganizationId organization, UserId user, NoticeId notice, Instant now);
void mark_all_read(db::Tx& tx, OrganizationId organization, UserId user, Instant now);

/// Marks everybody's urgent notices about `object` read: somebody has it in hand. (Who was told stays in message_out
/// and in the steps of the object.)
void settle(db::Tx& tx, OrganizationId organization, const Uuid& object, Instant now);

/// False when it is there.
bool insert(db::Tx& tx, OrganizationId organization, const Message& message);
/// Many that cannot be there yet, the fast way.
void insert_new(db::Tx& tx, OrganizationId organization, std::span<const Message> messages);
/// Columns as in find_message.sql.
Message read_message(const db::Row& row);
std::optional<Message> find_message(db::Tx& tx, OrganizationId organization, MessageId message);
/// State, attempts, next_at and ended_at, which wipes link path and code; false when it has ended already.
bool update(db::Tx& tx, OrganizationId organization, const Message& message);
/// Queues a dead message again; false when it is not dead.
bool revive(db::Tx& tx, OrganizationId organization, MessageId message, Instant now);
/// `to`: all, staff, patients.
std::vector<Message> list_messages(db::Tx& tx, OrganizationId organization, std::string_view state,
                                   const std::optional<Before>& before, int limit, std::string_view to = "all");
struct MessageCounts {
  std::int64_t queued = 0, retrying = 0, dead = 0, sent = 0;
};
MessageCounts count_messages(db::Tx& tx, OrganizationId organization, Instant sent_since);
struct Waiting {
  OrganizationId organization;
  MessageId message;
  int attempts_before = 0;
  Instant not_before{};
  bool is_patients = false;
};
/// In all organizations, longest waiting first.
std::vector<Waiting> list_waiting(db::Tx& tx, Instant queued_before, int most);

/// False when that attempt is recorded already.
bool insert(db::Tx& tx, OrganizationId organization, MessageId message, const MessageAttempt& attempt);
std::vector<MessageAttempt> list_attempts(db::Tx& tx, OrganizationId organization, MessageId message);

/// The defaults (version 0) when the person saved nothing.
Contact find_contact(db::Tx& tx, OrganizationId organization, UserId user);
/// False when `contact.version` is stale.
bool save_contact(db::Tx& tx, OrganizationId organization, UserId user, const Contact& contact);

}  // namespace concord::messaging
