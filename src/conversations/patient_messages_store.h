// Reads and writes patient_thread, patient_message and patient_thread_change. Whether somebody may see them is decided before.
#pragma once

#include <optional>
#include <vector>

#include "conversations/patient_messages.h"
#include "db/database.h"

namespace concord::conversations {

/// Newest word first, those before `before`.
struct ThreadsBefore {
  Instant last_at{};
  ThreadId id;
};
std::vector<Thread> list_threads(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Thread> find_thread(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread);
void insert(db::Tx& tx, OrganizationId organization, const Thread& thread);
/// False when `thread.version` is stale.
bool update(db::Tx& tx, OrganizationId organization, const Thread& thread);

/// Newest first, those before `before` (nullopt: from the newest).
std::vector<PatientMessage> list_messages(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread,
                                          const std::optional<PatientMessageId>& before, int limit);
/// The last message of every thread of the patient.
std::vector<PatientMessage> last_messages(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<PatientMessage> last_message(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread);
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const PatientMessage& message);
/// Marks what the other side wrote and nobody has read; how many. `of_staff`: the messages of staff.
std::int64_t mark_read(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread, bool of_staff, UserId by,
                       std::string_view role, Instant at);

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread, const ThreadChange& change);
std::vector<ThreadChange> list_changes(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread);

/// Of one site: waiting ones by how long, after (waiting_since, id).
std::vector<Thread> list_waiting(db::Tx& tx, OrganizationId organization, SiteId site,
                                 const std::optional<std::pair<Instant, ThreadId>>& after, int limit);
/// Of one site: all, by their last word, newest first, before (last_at, id).
std::vector<Thread> list_latest(db::Tx& tx, OrganizationId organization, SiteId site,
                                const std::optional<std::pair<Instant, ThreadId>>& before, int limit);
std::int64_t count_waiting(db::Tx& tx, OrganizationId organization, SiteId site);

}  // namespace concord::conversations
