// A positive safety signal and its hand-off. A named clinician ends one; Concord never does.
//
//   signalled -> notified -> acknowledged -> assessed -> level -> actions -> closed -> reassessments
//        |          ^            (anybody of the clinic may take it over at any time)      |
//        |          |                                                                      +-> follow-up ended
//        +----------+  nobody acknowledges: the next on the ladder, every few minutes, for ever
//
// Acknowledged and not assessed: reminded in the same way. A level is never lowered without the psychiatric
// consultant: what an assessment finds below it is kept beside it (found_level) until they agree (step-down).
// Every step is a row that is never changed. Read next: on_call.h (who is asked), hand_off.h (what happens in a
// transaction), safety_plan.h, safety_store.h, safety_api.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "measurements/measurements.h"

namespace concord::safety {

using SafetyEventId = Id<struct SafetyEventTag>;
using patients::PatientId;

/// A lower level that waits for the consultant.
struct StepDown {
  std::string to_level;
  std::string reason;
  UserId asked_by;
  Instant asked_at{};
};

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
  std::optional<std::string> level;        ///< what stands: none, low, moderate, high
  std::optional<std::string> disposition;  ///< a clinician's words
  std::optional<UserId> closed_by;
  std::optional<Instant> closed_at;
  std::optional<Date> reassess_date;  ///< when the next reassessment is due
  std::int64_t version = 1;

  std::optional<Instant> notified_at;  ///< the first call for help
  std::optional<UserId> has_it;        ///< who holds it now
  std::optional<UserId> assessed_by;
  std::optional<Instant> assessed_at;
  std::optional<measurements::MeasurementId> assessment;  ///< the C-SSRS it was assessed with
  std::optional<std::string> assessed_otherwise;          ///< why there is none
  std::optional<std::string> found_level;                 ///< what the latest assessment says
  std::optional<StepDown> step_down;
  std::optional<Date> reassessed_on, follow_up_ended_on;
  int escalations = 0;  ///< calls and reminders so far; the job of the next one names this number
  std::optional<Instant> next_escalation_at;
};

/// "unacknowledged", "acknowledged", "assessed", "closed".
std::string_view state(const SafetyEvent& event);

/// One thing that happened. Never changed once written.
struct Step {
  int number = 0;
  Instant at{};
  std::string kind;          ///< signalled, notified, ... : the words of the table's constraint
  std::optional<UserId> by;  ///< nullopt: Concord itself
  std::optional<UserId> to;
  std::optional<std::string> channel, rung, level, action, text;
  std::optional<measurements::MeasurementId> measurement;
  std::optional<Uuid> message;  ///< of the outbox
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

/// How long a level stands for the next event when its follow-up was never ended: our own choice, three of the
/// longest reassessment intervals.
inline constexpr int kLevelStandsDays = 90;

/// `again`: the disposition before this one had the same level. Nothing for "none".
std::optional<Date> default_reassessment(std::string_view level, bool again, Date on);
/// 1 low, 2 moderate, 3 high; 0 for none and anything else.
int rank(std::string_view level);
/// The worse of two; the first when they are alike.
std::string_view worse(std::string_view a, std::string_view b);

/// Answers to the C-SSRS screener, questions 1 to 6; nullopt: not answered.
struct Columbia {
  std::optional<bool> q1, q2, q3, q4, q5, q6;
  std::optional<bool> q6_recent;  ///< within the past three months
};
/// Which form was filled in: "recent" (past month; question 6 lifetime and past three months) or "since last
/// contact", where any behaviour is recent by its question.
enum class Form { recent, since_last_contact };

/// Columbia's triage (Columbia Lighthouse Project, screener triage points for primary care, 2026; confirmed item by
/// item in clinical-checks.md section 2): Q4, Q5 or behaviour within three months = high; Q3 or behaviour longer
/// ago = moderate; Q1 or Q2 = low; no yes = none. The worse of ideation and behaviour: an old attempt never lowers
/// a yes to question 4 or 5. nullopt when a question that had to be asked has no answer and could make it worse.
std::optional<std::string_view> triage(const Columbia& answers, Form form);
/// From answers by link id ("q1" ... "q6_recent") of the instrument c-ssrs-screener.
Columbia columbia_of(std::span<const measurements::Answer> answers);

/// The level that stands for a patient before `event`: the event's own, or that of the latest closed event whose
/// follow-up has not ended and that is no older than kLevelStandsDays. "none" when there is none.
std::string_view standing_level(std::span<const SafetyEvent> events, const SafetyEvent& event, Instant now);

/// What the board counts. Minutes are elapsed minutes from the signal.
std::optional<int> minutes_to_acknowledge(const SafetyEvent& event);
std::optional<int> minutes_to_assessment(const SafetyEvent& event);
/// Acknowledged after its clock, or not yet and the clock has run out.
bool is_late(const SafetyEvent& event, Instant now);

struct Times {
  int events = 0, acknowledged = 0, assessed = 0, late = 0;
  std::optional<double> median_minutes_to_acknowledge, median_minutes_to_assessment;
};
Times measure_times(std::span<const SafetyEvent> events, Instant now);

}  // namespace concord::safety
