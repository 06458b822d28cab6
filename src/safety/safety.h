// A positive safety signal and its hand-off. First release: signalled -> acknowledged -> closed by a
// clinician with a disposition. Nothing in Concord closes one by itself, and a level is lowered by the
// psychiatric consultant only. Read next: safety_store.h, safety_api.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/caller.h"
#include "base/date.h"
#include "measurements/measurements.h"

namespace concord::safety {

using SafetyEventId = Id<struct SafetyEventTag>;
using patients::PatientId;

struct SafetyEvent {
  SafetyEventId id;
  PatientId patient;
  Instant signalled_at{};
  Date signalled_date;
  std::string signal;  ///< "phq-9 item 9 = 1", "c-ssrs high", "staff concern"; no personal data
  std::optional<measurements::MeasurementId> measurement;
  std::optional<std::string> note;  ///< a staff member's words; never logged
  Instant due_at{};                 ///< by when a clinician must have looked
  std::optional<UserId> acknowledged_by;
  std::optional<Instant> acknowledged_at;
  std::optional<std::string> level;        ///< low, moderate, high
  std::optional<std::string> disposition;  ///< a clinician's words
  std::optional<UserId> closed_by;
  std::optional<Instant> closed_at;
  std::optional<Date> reassess_date;  ///< 7 / 14 / 30 days by level (domain.md)
  std::int64_t version = 1;
};

/// When the program's staff is there, on weekdays at the site. Until a program keeps its own calendar (holidays,
/// on-call), this stands in for it.
struct WorkingHours {
  int opens_minute = 8 * 60;  ///< minutes since local midnight
  int closes_minute = 17 * 60;
};

/// A positive answer is looked at by a clinician within this many working minutes: our own default, a program
/// parameter; no published value (clinical.md section 4, marked D).
inline constexpr int kReviewWithinWorkingMinutes = 15;

/// Reassessment after a disposition, by level: suggested pathway 7 / 14 / 30 days (clinical-checks.md section 2);
/// after the first high level the patient is contacted the next day (domain.md, "safety.reassess").
inline constexpr int kReassessHighFirstDays = 1;
inline constexpr int kReassessHighDays = 7;
inline constexpr int kReassessModerateDays = 14;
inline constexpr int kReassessLowDays = 30;

/// The instant that lies `minutes` working minutes after `from` at `zone`. Outside the hours the clock starts at
/// the next opening.
Instant add_working_minutes(Instant from, int minutes, std::string_view zone, const WorkingHours& hours = {});
/// `again`: the disposition before this one had the same level.
Date default_reassessment(std::string_view level, bool again, Date on);
/// 1 low, 2 moderate, 3 high; 0 for none and anything else.
int rank(std::string_view level);

}  // namespace concord::safety
