// Which patient is due for what today: questionnaires by the cadence of their pathway, the one question of the week in
// between, a reminder of questions not yet answered, a reminder of a visit. One pure function; the rest is reading and writing.
//
//   facts of a patient + pathway + rules + today  --plan()-->  steps, at most one message a patient and day
//
//   nothing     on hold, closed, deceased, paused, not enrolled; said "no messages" to everything
//   check_in    instruments whose cadence is due and that the patient can answer alone; none while a link is open
//   weekly      the one question (weekly-mood), if the patient agreed, when no questionnaire was sent or answered for a week
//   again       an open link without an answer for N days: the same link's check-in with a new link, at most M times
//   visit       a visit in the next days; on a day with a check-in it becomes ONE message ("before your visit, please answer")
//   ask         something is due and no message can reach the patient: a task for the care manager, once for each due date
//
// The job reminders.plan runs once a day at each site at the site's own time (reminders_run.h). Running it again plans nothing
// twice: what was done stands in reminder_step, written in the same transaction as the check-in and the message.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "episodes/episodes.h"
#include "pathways/pathways.h"
#include "patients/patients.h"

namespace concord::reminders {

using patients::PatientId;

/// rulesets/reminders-2026.json: each number with its source.
struct Rules {
  std::string version;
  int gather_days = 0;        ///< questionnaires due within these days come along
  int repeat_after_days = 0;  ///< an unanswered check-in is called to mind after so many days
  int most_repeats = 0;       ///< and at most so often
  int rest_days = 0;          ///< without any message after one that nobody answered
  int most_unanswered = 0;    ///< check-ins in a row without an answer; then a person asks
  int ask_again_days = 0;     ///< how often a person is asked to ask
  int weekly_every_days = 0;
  std::string weekly_instrument;
  int visit_days_before = 0;
  int most_instruments = 0;                                                   ///< questionnaires in one check-in
  int without_pathway_days = 0, without_pathway_days_relapse_prevention = 0;  ///< cadence of the primary instrument
};
/// bad_file with every number that is missing or has no source.
Result<Rules> load_rules(std::string_view json);

/// What staff set for one patient; version 0: nothing saved.
struct Setting {
  bool paused = false;
  std::optional<Date> paused_until;  ///< with `paused`: last day of the pause; without it: until somebody ends it
  std::string pause_reason;
  std::optional<int> every_days;  ///< instead of the pathway's cadence
  bool weekly_agreed = false;     ///< the patient agreed to the one question of the week
  bool visits = true;             ///< reminders of visits
  std::int64_t version = 0;
};
/// Everything wrong with a setting that somebody typed in.
std::vector<Issue> check(const Setting& setting, Date today);

/// A check-in that was sent by link and is still open.
struct OpenCheckIn {
  Uuid id;
  Date sent_on;                     ///< the first link
  std::optional<Date> reminded_on;  ///< the latest reminder
  int reminders = 0;
  bool undelivered = false;  ///< the latest message about it is known not to have arrived
  std::vector<std::string> instruments;
};
struct Visit {
  Uuid id;
  Date on;
  bool reminded = false;
  bool is_group = false;  ///< a session of a group that the patient has joined
};

struct Facts {
  PatientId patient;
  SiteId site;
  Uuid episode;
  std::optional<UserId> care_manager;
  bool deceased = false;
  bool reachable = true;  ///< some message can reach the patient
  std::string why_not;    ///< and if not: no_address, wants_none, stopped, not_set_up
  pathways::Facts care;   ///< state, begun, enrolled, given
  std::string pathway;    ///< id; empty: none chosen
  std::string primary_instrument;
  Setting setting;
  std::optional<OpenCheckIn> open;
  std::optional<Date> last_message;  ///< the last day a check-in or a reminder of one was sent
  int unanswered = 0;                ///< check-ins sent by reminders since the last answer to anything
  std::optional<Date> last_asked;    ///< the last day a person was asked to ask
  std::vector<Visit> visits;         ///< upcoming ones
};

enum class Act { check_in, weekly, again, visit, check_in_before_visit, ask };
std::string_view name(Act act);

struct Step {
  Act act = Act::check_in;
  std::vector<std::string> instruments;  ///< check_in, weekly, check_in_before_visit, ask
  std::optional<Uuid> check_in;          ///< the open one: again, and check_in_before_visit when there is one
  std::optional<Uuid> visit;
  Date due;         ///< the day it was due
  std::string why;  ///< a code: cadence, weekly, unanswered, undelivered, visit; of `ask` also why no message reaches them
};

/// Can the patient answer it alone, on a phone: asked by plan() for every instrument.
using IsForPatient = std::function<bool(std::string_view instrument, std::string_view informant)>;

/// At most one step that sends something, and at most one `ask`.
std::vector<Step> plan(const Facts& facts, const pathways::Pathway* pathway, const Rules& rules,
                       const IsForPatient& is_for_patient, Date today);

}  // namespace concord::reminders
