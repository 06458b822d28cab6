#include "reviews/sessions_store.h"

#include "reviews/reviews_sql.h"

namespace concord::reviews {
namespace {

Session read_session(const db::Row& row) {
  Session s;
  s.id = row.id<SessionId>(0);
  s.site = row.id<SiteId>(1);
  s.date = row.date(2);
  s.starts_at = row.maybe_string(3);
  s.minutes = static_cast<int>(row.integer(4));
  s.consultant = row.maybe_id<UserId>(5);
  s.state = row.string(6);
  s.note = row.string(7);
  s.created_by = row.id<UserId>(8);
  s.created_at = row.instant(9);
  s.version = row.integer(10);
  return s;
}

void insert_attendees(db::Tx& tx, OrganizationId organization, const Session& s) {
  int position = 1;
  for (const auto& a : s.attendees) tx.run(sql::kInsertAttendee, {organization, s.id, position++, a.user, a.name, a.role});
}

}  // namespace

std::optional<Session> find(db::Tx& tx, OrganizationId organization, SessionId id) {
  auto session = tx.one(sql::kFindSession, {organization, id}, read_session);
  if (session) session->attendees = list_attendees(tx, organization, id);
  return session;
}

std::vector<Session> list_sessions(db::Tx& tx, OrganizationId organization, Date first, Date last, Date before_day,
                                   SessionId before, int limit) {
  return tx.all(sql::kListSessions, {organization, first, last, before_day, before, limit}, read_session);
}

std::vector<Attendee> list_attendees(db::Tx& tx, OrganizationId organization, SessionId session) {
  return tx.all(sql::kListAttendees, {organization, session},
                [](const db::Row& row) { return Attendee{row.maybe_id<UserId>(0), row.string(1), row.string(2)}; });
}

void insert(db::Tx& tx, OrganizationId organization, const Session& s) {
  tx.run(sql::kInsertSession, {organization, s.id, s.site, s.date, s.starts_at, s.minutes, s.consultant, s.state, s.note,
                               s.created_by, s.created_at, s.version});
  insert_attendees(tx, organization, s);
}

bool update(db::Tx& tx, OrganizationId organization, const Session& s) {
  if (tx.run(sql::kUpdateSession,
             {organization, s.id, s.version, s.date, s.starts_at, s.minutes, s.consultant, s.state, s.note}) == 0)
    return false;
  tx.run(sql::kDeleteAttendees, {organization, s.id});
  insert_attendees(tx, organization, s);
  return true;
}

std::vector<Edit> list_edits(db::Tx& tx, OrganizationId organization, SessionId session) {
  return tx.all(sql::kListEdits, {organization, session}, [](const db::Row& row) {
    Edit e;
    e.patient = row.id<PatientId>(0);
    if (const auto position = row.maybe_integer(1)) e.position = static_cast<int>(*position);
    e.decision = row.string(2);
    e.reason = row.string(3);
    if (const auto minutes = row.maybe_integer(4)) e.minutes = static_cast<int>(*minutes);
    e.by = row.id<UserId>(5);
    e.at = row.instant(6);
    return e;
  });
}

void set_order(db::Tx& tx, OrganizationId organization, SessionId session, const std::vector<PatientId>& order, UserId by,
               Instant at) {
  tx.run(sql::kClearOrder, {organization, session});
  int position = 1;
  for (const auto& patient : order) tx.run(sql::kSetPosition, {organization, session, patient, position++, by, at});
}

void set_decision(db::Tx& tx, OrganizationId organization, SessionId session, const Edit& e) {
  tx.run(sql::kSetDecision, {organization, session, e.patient, e.decision, e.reason, e.minutes, e.by, e.at});
}

}  // namespace concord::reviews
