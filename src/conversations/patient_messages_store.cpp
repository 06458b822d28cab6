#include "conversations/patient_messages_store.h"

#include "conversations/conversations_sql.h"

namespace concord::conversations {
namespace {

Thread read_thread(const db::Row& row) {
  Thread t;
  t.patient = row.id<PatientId>(0);
  t.id = row.id<ThreadId>(1);
  t.site = row.id<SiteId>(2);
  t.subject = row.string(3);
  t.state = row.string(4);
  t.addressee = row.maybe_id<UserId>(5);
  t.opened_at = row.instant(6);
  t.opened_by = row.string(7);
  t.last_at = row.instant(8);
  t.last_by = row.string(9);
  t.waiting_since = row.maybe_instant(10);
  t.waiting_date = row.maybe_date(11);
  t.answer_due = row.maybe_date(12);
  t.unread_staff = static_cast<int>(row.integer(13));
  t.unread_patient = static_cast<int>(row.integer(14));
  t.closed_reason = row.maybe_string(15);
  t.labels = row.string(16);
  t.version = row.integer(17);
  return t;
}

PatientMessage read_message(const db::Row& row) {
  PatientMessage m;
  m.thread = row.id<ThreadId>(0);
  m.id = row.id<PatientMessageId>(1);
  m.at = row.instant(2);
  m.by = row.string(3);
  m.author = row.id<UserId>(4);
  m.role = row.string(5);
  m.on_behalf_by = row.maybe_id<UserId>(6);
  m.words = row.string(7);
  m.read_at = row.maybe_instant(8);
  m.read_by = row.maybe_id<UserId>(9);
  m.read_role = row.maybe_string(10);
  return m;
}

Uuid highest() {
  Uuid id;
  id.bytes.fill(0xFF);
  return id;
}

constexpr Instant kEndOfTime = Instant(std::chrono::sys_days(std::chrono::year(2200) / 1 / 1));

}  // namespace

std::vector<Thread> list_threads(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListThreads, {organization, patient}, read_thread);
}

std::optional<Thread> find_thread(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread) {
  return tx.one(sql::kFindThread, {organization, patient, thread}, read_thread);
}

void insert(db::Tx& tx, OrganizationId organization, const Thread& t) {
  tx.run(sql::kInsertThread,
         {organization, t.patient, t.id, t.site, t.subject, t.state, t.addressee, t.opened_at, t.opened_by, t.last_at, t.last_by,
          t.waiting_since, t.waiting_date, t.answer_due, t.unread_staff, t.unread_patient, t.closed_reason, t.labels, t.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Thread& t) {
  return tx.run(sql::kUpdateThread,
                {organization, t.patient, t.id, t.version, t.state, t.addressee, t.last_at, t.last_by, t.waiting_since,
                 t.waiting_date, t.answer_due, t.unread_staff, t.unread_patient, t.closed_reason}) > 0;
}

std::vector<PatientMessage> list_messages(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread,
                                          const std::optional<PatientMessageId>& before, int limit) {
  return tx.all(sql::kListPatientMessages, {organization, patient, thread, before ? before->uuid : highest(), limit},
                read_message);
}

std::vector<PatientMessage> last_messages(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kLastPatientMessages, {organization, patient}, read_message);
}

std::optional<PatientMessage> last_message(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread) {
  return tx.one(sql::kListPatientMessages, {organization, patient, thread, highest(), 1}, read_message);
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const PatientMessage& m) {
  tx.run(sql::kInsertPatientMessage,
         {organization, patient, m.thread, m.id, m.at, m.by, m.author, m.role, m.on_behalf_by, m.words});
}

std::int64_t mark_read(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread, bool of_staff, UserId by,
                       std::string_view role, Instant at) {
  return tx.run(sql::kReadPatientMessages, {organization, patient, thread, of_staff, at, by, role});
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread, const ThreadChange& c) {
  tx.run(sql::kInsertThreadChange, {organization, patient, thread, c.id, c.at, c.by, c.kind, c.from, c.to, c.reason});
}

std::vector<ThreadChange> list_changes(db::Tx& tx, OrganizationId organization, PatientId patient, ThreadId thread) {
  return tx.all(sql::kListThreadChanges, {organization, patient, thread}, [](const db::Row& row) {
    return ThreadChange{row.uuid(0),   row.instant(1),          row.id<UserId>(2),
                        row.string(3), row.maybe_id<UserId>(4), row.maybe_id<UserId>(5),
                        row.string(6)};
  });
}

std::vector<Thread> list_waiting(db::Tx& tx, OrganizationId organization, SiteId site,
                                 const std::optional<std::pair<Instant, ThreadId>>& after, int limit) {
  const auto from = after.value_or(std::pair(Instant{}, ThreadId{}));
  return tx.all(sql::kListWaiting, {organization, site, from.first, from.second, limit}, read_thread);
}

std::vector<Thread> list_latest(db::Tx& tx, OrganizationId organization, SiteId site,
                                const std::optional<std::pair<Instant, ThreadId>>& before, int limit) {
  const auto from = before.value_or(std::pair(kEndOfTime, ThreadId(highest())));
  return tx.all(sql::kListLatest, {organization, site, from.first, from.second, limit}, read_thread);
}

std::int64_t count_waiting(db::Tx& tx, OrganizationId organization, SiteId site) {
  return tx.one(sql::kCountWaiting, {organization, site}, [](const db::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace concord::conversations
