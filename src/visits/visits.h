// Appointments of a patient with one person of the staff: in person, by phone, by video.
//
//   booked --arrive--> arrived --done--> done        cancelled says by whom and why
//     | |                 ^  |             |         no_show makes a contact of kind no_show
//     | +-----done--------|--+--cancel--+  |
//     +--no_show--> no_show             v  |
//     +--cancel-----------------> cancelled|
//     ^--reopen (start ahead)--------+     |
//              arrived <--reopen-----------+   (from done and no_show)
//
// Times are instants with the zone in which they were agreed: a visit at 9 o'clock stays at 9 o'clock across a clock
// change, because it is booked by local day and minute. A local time that the clock change skips cannot be booked.
// Pure; no clock, no database. Read next: calendar_file.h, visits_store.h, visits_api.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::visits {

using patients::PatientId;
using VisitId = Id<struct VisitTag>;

struct Visit {
  VisitId id;
  PatientId patient;
  SiteId site;
  UserId staff;
  Instant starts_at{}, ends_at{};
  std::string zone;                   ///< IANA, of the site when the visit was agreed
  std::string kind = "in_person";     ///< in_person, phone, video
  std::string purpose = "follow_up";  ///< kPurposes
  std::string place;                  ///< where, in words
  std::string link_code;              ///< stands for the visit in the video link: unguessable, says nothing
  std::string note;                   ///< for the staff
  std::string state = "booked";       ///< booked, arrived, done, cancelled, no_show
  std::string answer = "none";        ///< the patient's: none, confirmed, change_asked, cancelled
  std::string answer_words;
  std::optional<Instant> answered_at;
  std::optional<std::string> answered_by;   ///< patient, trusted_person
  std::optional<std::string> cancelled_by;  ///< staff, patient
  std::string reason;                       ///< of the cancellation
  std::string overlap_reason;               ///< why it may lie over another visit
  std::string labels = "normal";
  std::optional<Uuid> contact;  ///< the contact it became, or the no-show that it was
  std::int64_t sequence = 0;    ///< RFC 5545: counts what a calendar must take over
  UserId created_by;
  Instant created_at{}, changed_at{};
  std::int64_t version = 1;

  int minutes() const;
  Date date() const;         ///< at the site
  int start_minute() const;  ///< since local midnight
  bool is_open() const { return state == "booked" || state == "arrived"; }
};

/// One thing that happened to a visit.
struct VisitChange {
  Uuid id;
  VisitId visit;
  Instant at{};
  UserId by;            ///< a user, or a portal account
  std::string by_kind;  ///< staff, patient, trusted_person
  std::optional<UserId> on_behalf_by;
  std::string kind;  ///< booked, moved, edited, arrived, done, no_show, cancelled, reopened, confirmed, change_asked, settled
  std::optional<Instant> starts_before, ends_before;
  std::optional<UserId> staff_before;
  std::optional<std::string> kind_before;
  std::string reason;
};

/// A booked visit that lies ahead, for reminders (visits_store.h upcoming). Nothing of it may stand in a message but the time.
struct Upcoming {
  VisitId id;
  PatientId patient;
  SiteId site;
  Instant starts_at{};
  std::string zone, kind, labels, answer;
  std::int64_t sequence = 0;  ///< another one: it moved, remind anew
};

inline constexpr std::string_view kPurposes[] = {"assessment", "follow_up", "review", "therapy", "community", "other"};
inline constexpr int kLeastMinutes = 5, kMostMinutes = 480;
/// A visit may be booked this far ahead.
inline constexpr int kMostDaysAhead = 366;
inline constexpr std::size_t kNoteBytes = 4000, kPlaceBytes = 300, kReasonBytes = 500;

/// The instant of that local time; nullopt when a clock change skips it. One that happens twice means the first.
std::optional<Instant> local_start(Date date, int minute_of_day, std::string_view zone);
/// True when the local time happens twice on that day, because clocks go back.
bool happens_twice(Date date, int minute_of_day, std::string_view zone);
/// Everything wrong with a visit that somebody typed in.
std::vector<Issue> check(const Visit& visit, Instant now);
bool overlap(Instant a_from, Instant a_until, Instant b_from, Instant b_until);

/// What the staff does: arrive, done, no_show, cancel, reopen, settle. The visit after it, or why not. `contact` is the
/// caller's business (record it for no_show, take it back on reopen of a no-show).
Result<Visit> apply(const Visit& before, std::string_view act, const std::string& reason, std::string_view cancelled_by,
                    Instant now);
/// What a patient, or a person they trust, does: confirm, ask_change, cancel. Only before it begins.
Result<Visit> answer(const Visit& before, std::string_view act, const std::string& words, std::string_view who, Instant now);
/// The word of the history for an act.
std::string_view change_kind(std::string_view act);
/// True when the patient may still answer.
bool can_answer(const Visit& visit, Instant now);
/// What changed between two versions of a booked visit; nullopt when nothing did. Moved: time or person.
std::optional<VisitChange> difference(const Visit& before, const Visit& after);

/// "https://video.example.org/{visit}" with the code for {visit}.
std::string video_link(std::string_view link_template, std::string_view code);
/// Everything wrong with a template: https, one {visit} in the path, no other braces, no user name, at most 300 bytes.
std::vector<Issue> check_template(std::string_view link_template);

}  // namespace concord::visits
