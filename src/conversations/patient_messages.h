// What a patient, or somebody they trust, and the care team write to each other. Threads, so that an answer stands below its
// question and two questions can go to two people.
//
//              the patient's side writes            staff answer
//   (none) -----------------------------> waiting ---------------> answered --the patient's side writes--> waiting ...
//      staff write first: answered           |                        |
//                                            +------> closed <--------+   by staff, with a reason; what the patient writes
//                                                                         afterwards is a new thread
// A message is never changed; who read it first, in which role and when is told to the other side. A thread's labels hold for
// all of it. Nobody promises that words are watched: the page says when the team reads, and where to turn now.
// Pure. Read next: patient_messages_store.h (tables), patient_messages_api.h (routes of staff), portal_messages.h (the portal).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "calendar/calendar.h"
#include "patients/patients.h"

namespace concord::conversations {

using patients::PatientId;
using ThreadId = Id<struct PatientThreadTag>;
using PatientMessageId = Id<struct PatientMessageTag>;

/// The age rules' code for what a young person and the team write to each other.
inline constexpr std::string_view kOwnMessages = "own:messages";
inline constexpr std::size_t kMessageCharacters = 10000;
inline constexpr std::size_t kSubjectCharacters = 120;
/// Bytes that so many characters take at most.
inline constexpr std::size_t kBytesPerCharacter = 4;
/// What a list shows of the last message.
inline constexpr std::size_t kGlimpseCharacters = 120;

struct Thread {
  ThreadId id;
  PatientId patient;
  SiteId site;
  std::string subject;
  std::string state = "waiting";    ///< waiting, answered, closed
  std::optional<UserId> addressee;  ///< who answers; nullopt: nobody is responsible for the patient
  Instant opened_at{};
  std::string opened_by = "patient";  ///< patient, trusted_person, staff
  Instant last_at{};
  std::string last_by = "patient";
  std::optional<Instant> waiting_since;  ///< the first message without an answer
  std::optional<Date> waiting_date;      ///< its day at the site
  std::optional<Date> answer_due;        ///< what the patient was told
  int unread_staff = 0, unread_patient = 0;
  std::optional<std::string> closed_reason;
  std::string labels = "normal";
  std::int64_t version = 1;

  bool is_overdue(Date today) const { return state == "waiting" && answer_due && *answer_due < today; }
};

struct PatientMessage {
  PatientMessageId id;
  ThreadId thread;
  Instant at{};
  std::string by = "patient";  ///< patient, trusted_person, staff
  UserId author;               ///< a user account, or a portal account
  std::string role;            ///< in which it was written
  std::optional<UserId> on_behalf_by;
  std::string words;
  std::optional<Instant> read_at;
  std::optional<UserId> read_by;
  std::optional<std::string> read_role;
};

struct ThreadChange {
  Uuid id;
  Instant at{};
  UserId by;
  std::string kind;  ///< assigned, closed
  std::optional<UserId> from, to;
  std::string reason;
};

/// The thread after a message of the patient's side. `today` is the day at the site.
void patient_wrote(Thread& thread, std::string_view by, Instant at, Date today, const calendar::Calendar& calendar,
                   int answer_working_days);
void staff_wrote(Thread& thread, Instant at);
void close(Thread& thread, std::string reason);

/// The day by which somebody who writes on `today` hears from the team.
Date answer_by(const calendar::Calendar& calendar, Date today, int answer_working_days);
/// The first characters, cut at a blank where one is near; "..." when something is left out. Lines become one.
std::string glimpse(std::string_view words, std::size_t characters = kGlimpseCharacters);

}  // namespace concord::conversations
