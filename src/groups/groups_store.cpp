#include "groups/groups_store.h"

#include "groups/groups_sql.h"

namespace concord::groups {
namespace {

int small(const db::Row& row, int column) { return static_cast<int>(row.integer(column)); }

Group read_group(const db::Row& row) {
  Group g;
  g.id = row.id<GroupId>(0);
  g.site = row.id<SiteId>(1);
  g.name = row.string(2);
  g.topic = row.string(3);
  g.kind = row.string(4);
  g.language = row.string(5);
  g.modality = row.string(6);
  g.place = row.string(7);
  g.link_code = row.string(8);
  g.capacity = small(row, 9);
  g.first_date = row.date(10);
  g.start_minute = small(row, 11);
  g.minutes = small(row, 12);
  g.every_weeks = small(row, 13);
  g.sessions_planned = small(row, 14);
  g.offer_days = small(row, 15);
  g.state = row.string(16);
  g.reason = row.string(17);
  g.created_by = row.id<UserId>(18);
  g.created_at = row.instant(19);
  g.version = row.integer(20);
  return g;
}

Member read_member(const db::Row& row) {
  Member m;
  m.group = row.id<GroupId>(0);
  m.id = row.id<MemberId>(1);
  m.patient = row.id<PatientId>(2);
  m.state = row.string(3);
  m.line = row.maybe_integer(4);
  m.answer_by = row.maybe_instant(5);
  m.joined = row.maybe_date(6);
  m.left = row.maybe_date(7);
  m.reason = row.string(8);
  m.labels = row.string(9);
  m.added_by = row.id<UserId>(10);
  m.added_at = row.instant(11);
  m.version = row.integer(12);
  return m;
}

Session read_session(const db::Row& row) {
  Session s;
  s.group = row.id<GroupId>(0);
  s.id = row.id<SessionId>(1);
  s.number = small(row, 2);
  s.starts_at = row.instant(3);
  s.ends_at = row.instant(4);
  s.zone = row.string(5);
  s.state = row.string(6);
  s.reason = row.string(7);
  s.version = row.integer(8);
  return s;
}

Attendance read_attendance(const db::Row& row) {
  Attendance a;
  a.session = row.id<SessionId>(0);
  a.member = row.id<MemberId>(1);
  a.version = row.integer(2);
  a.patient = row.id<PatientId>(3);
  a.status = row.string(4);
  a.note = row.string(5);
  a.names_accepted = row.boolean(6);
  if (!row.is_null(7)) a.contact = row.uuid(7);
  a.by = row.id<UserId>(8);
  a.at = row.instant(9);
  return a;
}

}  // namespace

std::optional<Group> find(db::Tx& tx, OrganizationId organization, GroupId group) {
  return tx.one(sql::kFindGroup, {organization, group}, read_group);
}

std::vector<Group> list(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view state, GroupId after, int limit) {
  return tx.all(sql::kListGroups, {organization, site, state, after, limit}, read_group);
}

void insert(db::Tx& tx, OrganizationId organization, const Group& g) {
  tx.run(sql::kInsertGroup,
         {organization, g.id,        g.site,     g.name,       g.topic,        g.kind,    g.language,    g.modality,
          g.place,      g.link_code, g.capacity, g.first_date, g.start_minute, g.minutes, g.every_weeks, g.sessions_planned,
          g.offer_days, g.state,     g.reason,   g.created_by, g.created_at,   g.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Group& g, std::int64_t version) {
  return tx.run(sql::kUpdateGroup, {organization, g.id, version, g.name, g.topic, g.place, g.capacity, g.sessions_planned,
                                    g.offer_days, g.state, g.reason}) > 0;
}

std::vector<UserId> facilitators(db::Tx& tx, OrganizationId organization, GroupId group) {
  return tx.all(sql::kListFacilitators, {organization, group}, [](const db::Row& row) { return row.id<UserId>(0); });
}

void set_facilitators(db::Tx& tx, OrganizationId organization, GroupId group, const std::vector<UserId>& users) {
  tx.run(sql::kRemoveFacilitators, {organization, group});
  for (const auto user : users) tx.run(sql::kInsertFacilitator, {organization, group, user});
}

std::vector<Member> list_members(db::Tx& tx, OrganizationId organization, GroupId group) {
  return tx.all(sql::kListMembers, {organization, group}, read_member);
}

std::optional<Member> find_member(db::Tx& tx, OrganizationId organization, GroupId group, MemberId member) {
  return tx.one(sql::kFindMember, {organization, group, member}, read_member);
}

std::vector<Member> list_members_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListMembersOfPatient, {organization, patient}, read_member);
}

void insert(db::Tx& tx, OrganizationId organization, const Member& m) {
  tx.run(sql::kInsertMember, {organization, m.group, m.id, m.patient, m.state, m.line, m.answer_by, m.joined, m.left, m.reason,
                              m.labels, m.added_by, m.added_at, m.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Member& m, std::int64_t version) {
  return tx.run(sql::kUpdateMember,
                {organization, m.group, m.id, version, m.state, m.line, m.answer_by, m.joined, m.left, m.reason}) > 0;
}

void insert(db::Tx& tx, OrganizationId organization, const MemberChange& c) {
  tx.run(sql::kInsertMemberChange,
         {organization, c.group, c.member, c.id, c.at, c.by_kind, c.by, c.on_behalf_by, c.before, c.after, c.reason});
}

std::vector<MemberChange> list_changes(db::Tx& tx, OrganizationId organization, GroupId group, MemberId member) {
  return tx.all(sql::kListMemberChanges, {organization, group, member}, [](const db::Row& row) {
    MemberChange c;
    c.group = row.id<GroupId>(0);
    c.member = row.id<MemberId>(1);
    c.id = row.uuid(2);
    c.at = row.instant(3);
    c.by_kind = row.string(4);
    c.by = row.maybe_id<UserId>(5);
    c.on_behalf_by = row.maybe_id<UserId>(6);
    c.before = row.maybe_string(7);
    c.after = row.string(8);
    c.reason = row.string(9);
    return c;
  });
}

std::vector<GroupId> groups_with_late_answers(db::Tx& tx, OrganizationId organization, Instant now) {
  return tx.all(sql::kGroupsWithLateAnswers, {organization, now}, [](const db::Row& row) { return row.id<GroupId>(0); });
}

std::vector<Session> list_sessions(db::Tx& tx, OrganizationId organization, GroupId group) {
  return tx.all(sql::kListSessions, {organization, group}, read_session);
}

std::optional<Session> find_session(db::Tx& tx, OrganizationId organization, GroupId group, SessionId session) {
  return tx.one(sql::kFindSession, {organization, group, session}, read_session);
}

void insert(db::Tx& tx, OrganizationId organization, const Session& s) {
  tx.run(sql::kInsertSession,
         {organization, s.group, s.id, s.number, s.starts_at, s.ends_at, s.zone, s.state, s.reason, s.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Session& s, std::int64_t version) {
  return tx.run(sql::kUpdateSession, {organization, s.group, s.id, version, s.starts_at, s.ends_at, s.state, s.reason}) > 0;
}

std::vector<Attendance> list_attendance(db::Tx& tx, OrganizationId organization, GroupId group, SessionId session) {
  return tx.all(sql::kListAttendance, {organization, group, session}, read_attendance);
}

std::vector<Attendance> list_attendance_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListAttendanceOfPatient, {organization, patient}, read_attendance);
}

void insert(db::Tx& tx, OrganizationId organization, GroupId group, const Attendance& a) {
  tx.run(sql::kInsertAttendance, {organization, group, a.session, a.member, a.version, a.patient, a.status, a.note,
                                  a.names_accepted, a.contact, a.by, a.at});
}

std::vector<Upcoming> upcoming(db::Tx& tx, OrganizationId organization, Instant from, Instant until, int most) {
  return tx.all(sql::kListUpcoming, {organization, from, until, most},
                [](const db::Row& row) { return Upcoming{row.id<SessionId>(0), row.id<PatientId>(1), row.instant(2)}; });
}

}  // namespace concord::groups
