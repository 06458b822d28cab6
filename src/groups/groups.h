// Groups of patients that meet: roster, waiting list, sessions, attendance.
//
//   waiting --a place is free--> offered --+
//      ^                            |      +--yes--> joined --leaves, with a reason--> left
//      |        invited (by staff) -|------+                                            |
//      |                            +--no, or no answer in time--------> left           |
//      +---------------------- again -----------------------------------------<--------+
//
// Invited and offered hold a place until answer_by. A free place goes to the first in line by itself (settle).
// One patient never sees another: a facilitator's note is a row about one person, and names of others of the roster in it
// are found before it is stored (names_in). Pure; no clock, no database. Read next: groups_store.h, groups_api.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::groups {

using patients::PatientId;
using GroupId = Id<struct GroupTag>;
using MemberId = Id<struct GroupMemberTag>;
using SessionId = Id<struct GroupSessionTag>;

struct Group {
  GroupId id;
  SiteId site;
  std::string name, topic;
  std::string kind = "education";  ///< skills, education, support, psychotherapy
  std::string language = "en";
  std::string modality = "in_person";  ///< in_person, video, phone
  std::string place;
  std::string link_code;  ///< stands for the group in the video link
  int capacity = 8;
  Date first_date;
  int start_minute = 0, minutes = 60;  ///< local, at the site
  int every_weeks = 1;                 ///< 1, 2 or 4
  int sessions_planned = 0;
  int offer_days = 5;          ///< an offered place waits this long for an answer
  std::string state = "open";  ///< open, ended
  std::string reason;          ///< why it ended
  UserId created_by;
  Instant created_at{};
  std::int64_t version = 1;
};

struct Member {
  MemberId id;
  GroupId group;
  PatientId patient;
  std::string state = "waiting";     ///< waiting, invited, offered, joined, left
  std::optional<std::int64_t> line;  ///< of those who wait: the lowest is next
  std::optional<Instant> answer_by;  ///< of invited and offered
  std::optional<Date> joined, left;
  std::string reason;  ///< why they left: words, or declined, no_answer, group_ended
  std::string labels = "normal";
  UserId added_by;
  Instant added_at{};
  std::int64_t version = 1;

  bool holds_place() const { return state == "invited" || state == "offered" || state == "joined"; }
};

struct MemberChange {
  Uuid id;
  GroupId group;
  MemberId member;
  Instant at{};
  std::string by_kind;       ///< staff, patient, trusted_person, system
  std::optional<UserId> by;  ///< a user or a portal account
  std::optional<UserId> on_behalf_by;
  std::optional<std::string> before;
  std::string after, reason;
};

struct Session {
  SessionId id;
  GroupId group;
  int number = 0;
  Instant starts_at{}, ends_at{};
  std::string zone;
  std::string state = "planned";  ///< planned, held, cancelled
  std::string reason;
  std::int64_t version = 1;

  Date date() const;
  int start_minute() const;
  int minutes() const;
};

/// Who came. A correction is a new version.
struct Attendance {
  SessionId session;
  MemberId member;
  PatientId patient;
  std::int64_t version = 1;
  std::string status;  ///< present, absent, excused, phone
  std::string note;    ///< about this person
  bool names_accepted = false;
  std::optional<Uuid> contact;
  UserId by;
  Instant at{};

  bool attended() const { return status == "present" || status == "phone"; }
};

inline constexpr int kMostCapacity = 40, kMostSessions = 52, kMostMinutes = 240;
inline constexpr std::size_t kNameBytes = 120, kTextBytes = 2000, kNoteBytes = 8000, kReasonBytes = 500;

/// Everything wrong with a group that somebody typed in.
std::vector<Issue> check(const Group& group, Date today);
/// Begin and end of the sessions by the rule. The local time holds across clock changes; one that a clock change skips is
/// moved on by the gap.
std::vector<std::pair<Instant, Instant>> session_times(const Group& group, std::string_view zone);

/// Places that nobody has; negative when the capacity was made smaller.
int free_places(const Group& group, const std::vector<Member>& members);
/// 1 for the next in line; nullopt for those who do not wait.
std::optional<int> place_in_line(const std::vector<Member>& members, const Member& member);
/// The number for the end of the line.
std::int64_t end_of_line(const std::vector<Member>& members);

/// One member that moved by itself.
struct Step {
  std::size_t member;  ///< index into the roster
  std::string before, reason;
};
/// What time and free places do to the roster of an open group: offers without an answer end, and free places are offered to
/// those who wait, in order. Changes `members`.
std::vector<Step> settle(const Group& group, std::vector<Member>& members, Instant now);

/// What staff does: join, decline, leave, first_in_line, again. The member after it, or why not.
Result<Member> apply(const Group& group, const std::vector<Member>& members, const Member& before, std::string_view act,
                     const std::string& reason, Date today, Instant now);
/// What a patient answers: yes, no, leave.
Result<Member> answer(const Group& group, const Member& before, std::string_view answer, const std::string& words, Date today,
                      Instant now);
/// True when they belong on the attendance sheet of that day.
bool is_on_sheet(const Member& member, Date day);

/// A name as it stands on the roster.
struct RosterName {
  MemberId member;
  std::string given, family;
};
/// Words of the names of the others that stand in the note about `about`, as they are written on the roster, each once. Names
/// that `about` has too are not looked for. Case and accents do not matter; whole words of at least two letters.
std::vector<std::string> names_in(std::string_view note, MemberId about, const std::vector<RosterName>& roster);

}  // namespace concord::groups
