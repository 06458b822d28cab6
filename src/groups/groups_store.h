// Reads and writes care_group, group_facilitator, group_member, group_member_change, group_session and group_attendance.
// A group has its own site: pass one the caller may use.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/database.h"
#include "groups/groups.h"

namespace concord::groups {

std::optional<Group> find(db::Tx& tx, OrganizationId organization, GroupId group);
/// By id, which is by age; `after` nil for the first page.
std::vector<Group> list(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view state, GroupId after, int limit);
void insert(db::Tx& tx, OrganizationId organization, const Group& group);
/// Changes the row with `version`; false when that is stale.
bool update(db::Tx& tx, OrganizationId organization, const Group& group, std::int64_t version);

std::vector<UserId> facilitators(db::Tx& tx, OrganizationId organization, GroupId group);
void set_facilitators(db::Tx& tx, OrganizationId organization, GroupId group, const std::vector<UserId>& users);

std::vector<Member> list_members(db::Tx& tx, OrganizationId organization, GroupId group);
std::optional<Member> find_member(db::Tx& tx, OrganizationId organization, GroupId group, MemberId member);
/// Of one patient, in all groups.
std::vector<Member> list_members_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Member& member);
bool update(db::Tx& tx, OrganizationId organization, const Member& member, std::int64_t version);
void insert(db::Tx& tx, OrganizationId organization, const MemberChange& change);
std::vector<MemberChange> list_changes(db::Tx& tx, OrganizationId organization, GroupId group, MemberId member);
/// Groups in which an offer or invitation has run out.
std::vector<GroupId> groups_with_late_answers(db::Tx& tx, OrganizationId organization, Instant now);

/// By start.
std::vector<Session> list_sessions(db::Tx& tx, OrganizationId organization, GroupId group);
std::optional<Session> find_session(db::Tx& tx, OrganizationId organization, GroupId group, SessionId session);
void insert(db::Tx& tx, OrganizationId organization, const Session& session);
bool update(db::Tx& tx, OrganizationId organization, const Session& session, std::int64_t version);

/// For reminders: a session that lies ahead of somebody who has joined. Members whose row has a privacy label are left out.
struct Upcoming {
  SessionId session;
  PatientId patient;
  Instant starts_at{};
};
/// Sessions that begin in [from, until), by start.
std::vector<Upcoming> upcoming(db::Tx& tx, OrganizationId organization, Instant from, Instant until, int most);

/// The newest version of each row.
std::vector<Attendance> list_attendance(db::Tx& tx, OrganizationId organization, GroupId group, SessionId session);
std::vector<Attendance> list_attendance_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, GroupId group, const Attendance& attendance);

}  // namespace concord::groups
