// Reads and writes team_message, team_mention and team_reader. Whether somebody may see the patient is decided before.
#pragma once

#include <optional>
#include <vector>

#include "conversations/conversations.h"
#include "db/database.h"

namespace concord::conversations {

/// Who looks: their own messages and, for treating clinicians, those that are for them.
struct Viewer {
  UserId user;
  bool treating = false;
};

/// Newest first, those before `before` (nullopt: from the newest).
std::vector<Message> list(db::Tx& tx, OrganizationId organization, PatientId patient, const Viewer& viewer,
                          const std::optional<MessageId>& before, int limit);
/// Whoever asks.
std::optional<Message> find(db::Tx& tx, OrganizationId organization, PatientId patient, MessageId message);
std::optional<MessageId> newest(db::Tx& tx, OrganizationId organization, PatientId patient);
/// With its mentions.
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Message& message);
/// False when the message was corrected before.
bool set_replaced(db::Tx& tx, OrganizationId organization, PatientId patient, MessageId message, MessageId correction);

std::vector<UserId> readers(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Reading> reading(db::Tx& tx, OrganizationId organization, UserId user, PatientId patient);
/// With something unread, newest first.
std::vector<Reading> list_unread(db::Tx& tx, OrganizationId organization, UserId user, int limit);
/// Adds to what a reader has not read; makes them a reader who has read up to `before` when they were none.
void arrived(db::Tx& tx, OrganizationId organization, UserId user, PatientId patient, int unread, int mentions, Instant at,
             const std::optional<MessageId>& before);
/// They have read up to this message; what comes after it is counted anew. The reading afterwards.
Reading set_read(db::Tx& tx, OrganizationId organization, const Viewer& viewer, PatientId patient, MessageId until, Instant now);

}  // namespace concord::conversations
