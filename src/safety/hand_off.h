// What happens to a safety event inside a transaction: raised, called for, acknowledged, assessed ... Each function
// writes the event, its steps and the messages together, so being killed anywhere leaves the step done or not begun:
//
//   raise/signal   event + steps + first call + the job of the next call        one transaction (the measurement's)
//   job            is it still the call number it was made for? then: steps + messages + the next job   one transaction
//   a person acts  the event's call number moves on, so jobs made before it find nothing to do
//   a message fails  the attempt is recorded, the operator told, and when the person cannot be reached any other
//                  way the next one is called at once, in the transaction that records the failure
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "jobs/worker.h"
#include "messaging/messaging.h"
#include "patients/chart.h"
#include "safety/crisis.h"
#include "safety/on_call.h"
#include "safety/safety.h"
#include "safety/safety_plan.h"

namespace concord::safety {

using patients::Asker;
using patients::Chart;
using patients::Place;

/// Kind of the job that calls the next person; payload {"patient","event","number"}.
inline constexpr std::string_view kEscalateJob = "safety.escalate";
/// Kind of the job that makes up for lost calls.
inline constexpr std::string_view kWatchJob = "safety.watch";

/// A C-SSRS as far as safety looks at it.
struct Screen {
  measurements::MeasurementId id;
  std::string instrument, mode;
  bool replaced = false;
  Date on;
  Columbia answers;
};

struct PatientLine {
  std::string given_name, family_name;
  std::optional<Date> birth_date;
  std::optional<std::string> language;
};

/// Functions may be empty in tests of one thing; what they would tell is then left out.
struct Deps {
  const Chart* chart = nullptr;
  messaging::Post post;
  /// Somebody has it in hand: urgent notices about it call nobody any more.
  std::function<void(db::Tx&, OrganizationId, const Uuid& object, Instant)> settle;
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  /// The care manager and consultant of the patient's open episode.
  std::function<Team(db::Tx&, OrganizationId, PatientId)> team_of;
  /// Everybody at the site who may take an event over; and the psychiatric consultants among them.
  std::function<std::vector<UserId>(db::Tx&, OrganizationId, SiteId)> clinicians_at, consultants_at;
  std::function<bool(db::Tx&, OrganizationId, SiteId, UserId)> works_at;
  std::function<messaging::Contact(db::Tx&, OrganizationId, UserId)> contact_of;
  bool mail_is_set_up = false, sms_is_set_up = false;
  std::function<std::optional<Screen>(db::Tx&, OrganizationId, PatientId, measurements::MeasurementId)> screen;
  /// The newest that is not replaced.
  std::function<std::optional<Screen>(db::Tx&, OrganizationId, PatientId)> latest_screen;
  std::function<std::optional<PatientLine>(db::Tx&, OrganizationId, PatientId)> patient;
  std::function<ClinicLine(db::Tx&, OrganizationId, SiteId)> clinic;
  /// After a commit that no request made: tells open screens.
  std::function<void(OrganizationId, PatientId)> publish;
  const PlanTemplate* plan = nullptr;
  const CrisisContent* crisis = nullptr;
  int review_within_minutes = kReviewWithinWorkingMinutes;
  int escalate_after_minutes = 10;     ///< our own default; a site may set its own
  int remind_assessment_minutes = 60;  ///< our own default
};

/// The roles whose people may acknowledge, assess and close.
bool is_clinician(const Caller& caller);
bool is_consultant(const Caller& caller);

/// Stores a new event with its first steps and calls the first person. `by`: who said so; nullopt for a score.
void signal(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, SafetyEvent event,
            const std::optional<UserId>& by, Instant now);
/// The event of a positive answer, in the measurement's transaction. A correction that repeats the signal of the
/// measurement it replaces raises nothing new: somebody has, or had, it before them. A C-SSRS that a clinician fills in
/// with the patient (in person, by phone or video) is the assessment of the open, unassessed event that they hold; with
/// no event open and a follow-up going on it is the reassessment, unless it is worse than the level that stands. Nothing
/// else is swallowed.
void raise(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, measurements::MeasurementId measurement,
           const std::string& signal, const std::optional<std::string>& level,
           const std::optional<measurements::MeasurementId>& corrects);

/// The event of a patient's answer that belongs to no measurement yet, in the transaction that keeps the answer: somebody may
/// say "yes" and close the page.
SafetyEventId raise_answer(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const std::string& signal,
                           const std::optional<std::string>& level);
/// The same questionnaire says more than when the event was raised: the event carries the new words and a step says so. False
/// when somebody has acknowledged it or it is over: then it needs an event of its own.
bool heard_again(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, SafetyEventId event,
                 const std::string& signal);
/// The measurement the answer came to belong to. Changes no version: nobody who has the event open must load it again.
void attach_measurement(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event,
                        measurements::MeasurementId measurement);

/// The acts of people. Each changes `event` and adds steps; the caller stores the event (safety_store.h update).
void acknowledge(const Deps& deps, db::Tx& tx, const Asker& asker, SafetyEvent& event);
struct Assessment {
  std::optional<measurements::MeasurementId> measurement;  ///< a C-SSRS, or ...
  std::optional<std::string> otherwise;                    ///< ... why there is none
  Form form = Form::recent;
  std::optional<std::string> judged;  ///< the clinician's own level
  std::optional<std::string> note;
  /// A finding below the level that stands is kept beside it and is no error.
  bool level_stands = false;
};
/// What the assessment says; issues at "measurement_id", "assessed_otherwise", "level".
Result<std::string> found_by(const Deps& deps, db::Tx& tx, const Asker& asker, const SafetyEvent& event,
                             const Assessment& assessment);
Result<void> assess(const Deps& deps, db::Tx& tx, const Asker& asker, SafetyEvent& event, const Assessment& assessment);
/// The level that the caller may set: never below what stands, unless they are the consultant. Issue at `path`.
Result<void> check_level(db::Tx& tx, const Asker& asker, const SafetyEvent& event, std::string_view level, std::string_view path);
/// A reassessment and the day of the next one (by level when nullopt; none when it `ends`). Lower than what stands only
/// by the consultant: issue at "level".
Result<void> reassess(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, SafetyEvent& event,
                      const Assessment& assessment, std::optional<Date> next, bool ends);
void ask_step_down(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, SafetyEvent& event,
                   const std::string& to_level, const std::string& reason);
void answer_step_down(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, SafetyEvent& event, bool agree,
                      const std::optional<std::string>& reason);

/// Calls the next person on the ladder, or everybody when there is nobody left. `why` is kept with the step.
void call_next(const Deps& deps, db::Tx& tx, OrganizationId organization, SafetyEvent& event, const std::string& why,
               Instant now);
/// The job's handler. Bears a second run.
Result<void> escalate(const Deps& deps, db::Database& database, const Clock& clock, const jobs::JobRun& run);

/// Looks for calls that should have gone out a while ago and did not, whatever became of their job, and makes them;
/// how many. Run every few minutes.
Result<int> make_up_for_lost_calls(const Deps& deps, db::Database& database, const Clock& clock);

/// For messaging::Outbox: what became of a message about an event, and whether one is still needed.
void on_attempt(const Deps& deps, db::Tx& tx, OrganizationId organization, const messaging::Message& message,
                const messaging::MessageAttempt& attempt);
bool still_needed(db::Tx& tx, OrganizationId organization, const messaging::Message& message);

/// Who would be asked now, in order.
std::vector<OnDuty> ladder_of(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient, SiteId site,
                              Instant at);
calendar::Calendar calendar_at(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site);
/// The ways to a person that are set up: in_app always.
std::vector<messaging::Channel> channels_to(const Deps& deps, db::Tx& tx, OrganizationId organization, UserId user);

}  // namespace concord::safety
