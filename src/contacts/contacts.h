// Interactions with a patient and the minutes spent. Only kind `treatment`, in person, by video or by
// phone, is a clinical contact (domain.md, "Contacts and minutes").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::contacts {

using ContactId = Id<struct ContactTag>;
using TimeEntryId = Id<struct TimeEntryTag>;
using patients::PatientId;

struct Contact {
  ContactId id;
  PatientId patient;
  Date date;
  std::optional<Instant> started_at;
  std::optional<UserId> staff;
  std::string staff_role = "unknown";   ///< care_manager, other_cocm_clinician, psychiatric_consultant, pcp, other, unknown
  std::string kind = "treatment";       ///< treatment, outreach_attempt, scheduling, no_show, message
  std::optional<std::string> modality;  ///< in_person, video, phone, sms, email, portal, letter
  std::optional<int> minutes;
  std::string with_whom = "patient";       ///< space-separated: patient caregiver interpreter
  std::vector<std::string> interventions;  ///< kInterventions
  std::string note;
  std::optional<Date> next_due_date;
  std::optional<std::string> next_due_modality;
  std::string source = "concord";
  std::string labels = "normal";
  std::optional<ContactId> replaced_by;
  Instant entered_at{};
  std::int64_t version = 1;
  std::optional<Instant> recorded_at = {};  ///< for bulk writers: since when it is known; unset: now
};

inline constexpr std::string_view kInterventions[] = {
    "behavioral_activation", "problem_solving_treatment", "motivational_interviewing", "psychoeducation", "medication_support",
    "safety_planning",       "relapse_prevention",        "care_coordination",         "group_session",   "other"};

struct TimeEntry {
  TimeEntryId id;
  PatientId patient;
  Date date;
  std::optional<UserId> staff;
  std::string staff_name;
  int minutes = 0;
  std::string activity;
  std::optional<int> start_minute;  ///< minutes since local midnight
  bool separately_billed = false;
  std::optional<ContactId> contact;
  std::string staff_role;          ///< the role in which they were spent (care_manager, bh_specialist, ...); "" when not known
  std::string note;                ///< what for, in words
  std::string source = "concord";  ///< contact, manual, timer, csv, simulation, concord (before 2026)
  std::optional<UserId> entered_by;
  std::optional<Instant> entered_at;
  /// Set when somebody corrected or removed it: the row stays and does not count.
  std::optional<Instant> ended_at;
  std::optional<UserId> ended_by;
  std::string end_reason;
  std::optional<TimeEntryId> replaced_by;
};

/// A treatment contact that counts clinically: kind treatment, in person/video/phone (or unknown modality in
/// an import), by the care manager or another program clinician (or unknown role in an import).
bool is_clinical(const Contact& contact);
/// The same from the columns alone, for readers of many rows.
bool is_clinical(std::string_view kind, std::optional<std::string_view> modality, std::string_view staff_role,
                 std::string_view with_whom, std::string_view source);
/// Everything wrong with a contact that somebody typed in; `today` at the site.
std::vector<Issue> check(const Contact& contact, Date today);

}  // namespace concord::contacts
