// The caseload: who needs somebody, and why. Pure functions, no clock, no database.
//
//   EpisodeFacts --derive(rules)--> CaseloadRow (dates, not booleans) --attention(rules, today)--> Lines
//
// A row changes only when a fact changes: every rule that may ever fire on these facts is a Trigger with its
// first day and its due day, so the passing of time needs no write. Which rules exist and what they mean:
// domain.md "The attention list", caseload/README.md for the decisions behind each. Numbers: ruleset.h.
// Read next: caseload_store.h (projection), caseload_api.h (routes).
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "calendar/calendar.h"
#include "caseload/ruleset.h"
#include "episodes/episodes.h"
#include "measurements/progress.h"
#include "patients/patients.h"

namespace concord::json {
class Writer;
}

namespace concord::caseload {

using episodes::EpisodeId;
using episodes::State;
using measurements::Score;
using patients::PatientId;

// ---- What the rules read: fill these from any source (projection, CSV folder, simulation). Order does not matter.

struct ContactFact {
  Uuid id;
  Date date;
  bool clinical = false;         ///< contacts::is_clinical
  std::optional<Date> next_due;  ///< the agreed next contact
  Instant entered_at{};
};
struct TreatmentFact {
  Uuid id;
  Date start;
  std::optional<Date> stop;
  std::vector<Date> changes;  ///< dose changes
};
/// A psychiatric case review of this patient.
struct ReviewFact {
  Uuid id;
  Date date;
};
/// What the consultant advises; the states of reviews.h, "draft" to "adequate_trial".
struct RecommendationFact {
  Uuid id;
  Uuid review;  ///< equal to `id` where a source keeps one with its review
  std::string kind, to_role, to_name;
  std::string state = "sent";
  bool urgent = false;
  Date written;
  std::optional<Date> sent, answered, done;
  std::optional<Date> ended;  ///< declined, withdrawn, trial judged
};
/// Advice whose success shows after weeks only: done is not its end, the verdict on the trial is.
bool is_trial(std::string_view kind);
/// A question to the consultant.
struct QuestionFact {
  Uuid id;
  Date asked;
  bool urgent = false;
  std::string to_name;
  std::optional<Date> ended;  ///< answered or withdrawn
};
struct GoalFact {
  Uuid id;
  Date start, looked_at;
  std::optional<Date> ended;  ///< reached or stopped
};
/// A version of a plan that took effect.
struct PlanFact {
  Uuid id;
  bool relapse_prevention = false;
  std::string language;  ///< BCP 47
  Date effective;
  std::optional<Date> ended;
};
/// A piece to read that was given to the patient.
struct MaterialFact {
  Uuid id;
  std::string language;  ///< BCP 47
  Date given;
  std::optional<Date> ended;  ///< taken back
};
/// The latest month with minutes that count toward a code.
struct MinutesFact {
  Date month;  ///< its first day
  int counted = 0;
  int next_at = 0;        ///< minutes at which the next code is reached; 0: none left
  std::string next_code;  ///< "99493"
};
struct TaskFact {
  Uuid id;
  std::string title;
  Date made, due;
  std::string owner_role, owner_name;  ///< both "" when nobody has it
  std::optional<Date> ended;
};
/// A thread in which the patient, or somebody they trust, waits for an answer.
struct MessageFact {
  Uuid id;
  Date sent;                           ///< of the first message without an answer
  std::string owner_role, owner_name;  ///< of the addressee; "" for nobody
  std::optional<Date> ended;           ///< answered or closed
};
/// The patient was sent to a service outside, and nobody has confirmed that they were seen.
struct CommunityFact {
  Uuid id;
  Date sent;
  std::string kind;                    ///< of the need: "food", "housing"
  std::string owner_role, owner_name;  ///< of whoever follows it
  std::optional<Date> ended;           ///< confirmed seen, or closed
};
struct SafetyFact {
  Uuid id;
  Date signalled;
  std::string signal;               ///< "phq-9 item 9 = 1", "staff concern"
  std::optional<Uuid> measurement;  ///< equal to `id`: a positive answer that nobody made an event of
  std::optional<Instant> due_at;
  std::optional<Date> acknowledged, assessed;
  std::optional<Date> closed;        ///< day of a clinician's disposition
  std::optional<std::string> level;  ///< none, low, moderate, high
  std::optional<Date> reassess;      ///< the next one; moved on by each
  std::optional<Date> reassessed;    ///< the last one
  bool follow_up_ended = false;      ///< a clinician said that no more are needed
  std::string holder;                ///< name of who has it now
};
struct ConsentFact {
  Date given;
  std::optional<Date> withdrawn;
};
struct AttemptFact {
  Uuid id;
  Date on;
  std::string result;  ///< reached, no_answer, ...
};
struct ReferralFact {
  Uuid id;
  Date received;
  std::optional<std::string> outcome;
  std::optional<Date> outcome_date, seen_elsewhere;
  std::vector<AttemptFact> attempts;
};
/// "Not now": hides a line from the caseload until a day, unless it fires anew after it was made.
struct DeferralFact {
  Rule rule = Rule::contact_due;
  Date made_on, until;
};

struct EpisodeFacts {
  PatientId patient;
  std::string given_name, family_name;
  std::optional<Date> birth_date;
  std::string language;  ///< BCP 47; "" unknown

  EpisodeId episode;
  SiteId site;
  std::shared_ptr<const calendar::Calendar> calendar;  ///< of the site; null: the rule set's
  State state = State::referred;
  std::string pathway;             ///< "" when none is chosen
  std::string primary_instrument;  ///< "" when not chosen yet
  std::string target;              ///< "", "response", "remission", or words
  std::optional<UserId> care_manager;
  std::string care_manager_name;
  std::optional<Date> care_manager_left;  ///< day from which their account is closed
  Date referred;
  std::optional<Date> assessed, enrolled, relapse_prevention, on_hold, closed;
  std::string close_reason;

  std::vector<Score> scores;          ///< every instrument; replaced and invalid ones may be in it
  std::vector<ContactFact> contacts;  ///< without replaced ones
  std::vector<TreatmentFact> treatments;
  std::vector<ReviewFact> reviews;
  std::vector<RecommendationFact> recommendations;
  std::vector<QuestionFact> questions;
  std::vector<GoalFact> goals;
  std::vector<PlanFact> plans;
  bool plans_known = true;  ///< false: the source does not say: no plan.relapse_prevention
  std::vector<TaskFact> tasks;
  std::vector<MessageFact> messages;
  std::vector<MaterialFact> materials;
  std::vector<CommunityFact> community;
  std::optional<MinutesFact> minutes;
  /// Initiating visits. Only where the source keeps them and the patient needs one: nullopt otherwise.
  std::optional<std::vector<Date>> initiating_visits;
  std::vector<SafetyFact> safety;
  std::vector<ConsentFact> consents;
  bool care_managers_known = true;  ///< false: the source names none: no care_manager.missing
  bool consents_known = true;       ///< false: the source does not say (no consent.csv): no consent.missing
  std::optional<ReferralFact> referral;
  std::vector<DeferralFact> deferrals;
};

// ---- The row

enum class Need : std::uint8_t { safety, overdue, not_improving, review_due, target_met, on_track };
std::string_view name(Need need);
std::optional<Need> parse_need(std::string_view name);
/// Which need a rule speaks of; consent.missing is nobody's work on the caseload: on_track.
Need need_of(Rule rule);

enum class EvidenceKind : std::uint8_t {
  measurement = 1,
  contact = 2,
  review = 3,
  treatment = 4,
  safety_event = 5,
  referral = 6,
  attempt = 7,
  episode = 8,
  consent = 9,
  recommendation = 10,
  question = 11,
  goal = 12,
  plan = 13,
  minutes = 14,
  task = 15,
  message = 16,
  community_referral = 17,
  material = 18
};
struct Evidence {
  EvidenceKind kind = EvidenceKind::episode;
  Uuid id;
  Date date;
  std::optional<double> value;
};

/// One rule that fires from `from` on, until a fact changes.
struct Trigger {
  Rule rule = Rule::contact_due;
  std::uint8_t variant = 0;  ///< the wording; see caseload_text.cpp
  Date from, due;
  std::optional<Date> until;      ///< the last day on which it fires; nullopt: no end
  std::optional<Instant> due_at;  ///< safety.unreviewed only
  std::optional<Date> deferred_until;
  std::uint8_t evidence_count = 0;
  std::array<Evidence, 3> evidence;
  std::string note;  ///< a signal, an instrument's id, a task's title
  std::string who;   ///< name of the person who has it, where one is known

  bool fires(Date today) const { return from <= today && (!until || today <= *until); }
  bool counts(Date today) const { return fires(today) && (!deferred_until || *deferred_until <= today); }
};

struct Point {
  Date date;
  double total = 0;
  bool operator==(const Point&) const = default;
};
struct ScoreSummary {
  std::string instrument;  ///< "" when none is chosen
  std::optional<double> baseline, current, change, percent;
  std::optional<Date> baseline_date, current_date;
  std::vector<Point> points;  ///< the 26 weeks up to the last score, screening included
};

struct CaseloadRow {
  PatientId patient;
  EpisodeId episode;
  SiteId site;
  State state = State::referred;
  std::string given_name, family_name;
  std::optional<Date> birth_date;
  std::optional<UserId> care_manager;
  std::string care_manager_name;
  std::optional<Date> enrolled, closed;
  std::string pathway;
  ScoreSummary primary;
  std::optional<ScoreSummary> secondary;  ///< GAD-7 beside a PHQ, PHQ-9 beside anything else
  std::optional<Date> last_contact, next_due, plan_since, last_review;
  int unseen_measurements = 0;
  std::vector<Trigger> triggers;  ///< by need, then due day, then rule

  /// Not closed, or closed with something that must not be forgotten.
  bool shown() const { return state != State::closed || !triggers.empty(); }
  std::string display_name() const;  ///< "Ruiz, Ana"
};

/// The row of one episode. Facts dated after the day you mean must be taken out first: as_of().
CaseloadRow derive(const EpisodeFacts& facts, const RuleSet& rules);
/// The facts as they stood at the end of `day`; nullopt when the episode had not begun.
std::optional<EpisodeFacts> as_of(EpisodeFacts facts, Date day);

/// Of two episodes of a patient, the one that gives way: the open one stands for the patient, else the last that closed.
bool is_older_episode(const EpisodeFacts& a, const EpisodeFacts& b);

/// The most pressing need that fires today and is not deferred.
Need need_of(std::span<const Trigger> triggers, Date today);

/// Place in the list: need, then the longest waiting first, then name, then id. Total.
struct SortKey {
  Need need = Need::on_track;
  std::int64_t due = 0;  ///< microseconds since 1970
  std::string name;      ///< folded "family given"
  Uuid episode;
  auto operator<=>(const SortKey&) const = default;
};
SortKey sort_key(const CaseloadRow& row, Date today);
/// The same from parts: first trigger that counts decides; rows on track go by their next due day.
std::pair<Need, std::int64_t> place(std::span<const Trigger> triggers, std::optional<Date> next_due, Date today);
std::string name_key(std::string_view family_name, std::string_view given_name);

std::optional<int> weeks_between(std::optional<Date> from, Date to);

// ---- The lines

enum class Severity : std::uint8_t { critical, high, medium, low };
std::string_view name(Severity severity);

struct EvidenceLine {
  EvidenceKind kind = EvidenceKind::episode;
  Uuid id;
  Date date;
  std::optional<double> value;
  std::string text;
};
struct Line {
  Rule rule = Rule::contact_due;
  Severity severity = Severity::medium;
  std::string_view owner;  ///< a role
  std::string owner_name;  ///< the person, where one is known
  /// Who is asked besides, because a safety line waits: "on_call", then "psychiatric_consultant"; else "".
  std::string_view escalated_to;
  Date due;
  std::optional<Instant> due_at;  ///< where the clock is shorter than a day
  std::string text;               ///< a sentence a colleague would say
  std::vector<EvidenceLine> evidence;
  std::string_view citation;    ///< lives as long as the rule set
  std::string_view parameters;  ///< JSON object, likewise
  std::string_view suggested_act;
  std::optional<Date> deferred_until;
};

enum class Deferred { leave_out, include };

/// What a sentence needs besides its trigger.
struct Scene {
  const RuleSet& rules;
  Date today;
  std::optional<Instant> now;        ///< nullopt: no hours and minutes in the texts
  std::string_view language = "en";  ///< "en" or "es"; anything else is English
  std::string_view instrument;       ///< primary instrument of the episode
  std::optional<Date> enrolled;
  std::string_view pathway = {};
};
/// Fills `line` (reused, so a page of rows allocates little) from a trigger that fires.
void render(const Trigger& trigger, const Scene& scene, Line& line);

/// Lines that fire on `today`, most pressing first.
std::vector<Line> attention(const CaseloadRow& row, const RuleSet& rules, Date today, std::string_view language = "en",
                            std::optional<Instant> now = std::nullopt, Deferred deferred = Deferred::leave_out);

/// What happens next with a patient, who does it and by when. Every open episode has one, today and on every day
/// to come (a test proves it): the most pressing line that fires and is the care team's work, else the trigger
/// that fires first. nullopt for an episode that is closed and settled.
struct NextStep {
  Rule rule = Rule::contact_due;
  std::string_view owner;  ///< a role or "on_call", never empty; whoever a safety line has gone on to
  std::string who;         ///< the person, where one is known
  Date due;
  bool now = false;  ///< it fires today
};
std::optional<NextStep> next_step(const CaseloadRow& row, const RuleSet& rules, Date today);

using IdText = std::function<std::string(const Uuid&)>;
/// {rule, severity, owner, due, text, evidence, citation, parameters, suggested_act[, deferred_until]}
void write_line(json::Writer& w, const Line& line, const IdText& id_text = {});
/// {rule, due, text, suggested_act} for a list of many rows; the patient's own lines have the rest.
void append_list_line(std::string& out, const Line& line);
/// {instrument, baseline, baseline_date, current, current_date, percent[, points_from, points]}, unknown ones left
/// out. "points" is what a sparkline draws, the oldest first: pairs of days since points_from and total; one point
/// draws nothing.
enum class Points { with, without };
void write_list_summary(json::Writer& w, const ScoreSummary& summary, Points points);
/// Whole, for one patient's page: {instrument, baseline, baseline_date, current, current_date, change, percent, points,
/// range}, null where nothing is known; "points" are pairs [date, total], the oldest first.
void write_summary(json::Writer& w, const ScoreSummary& summary, const RuleSet& rules);

// ---- A whole caseload without a database

/// One row per patient (the open episode, else the last closed), as it stood at the end of `day`, in caseload
/// order; closed rows only when something about them must not be forgotten.
std::vector<CaseloadRow> caseload(std::span<const EpisodeFacts> episodes, const RuleSet& rules, Date day);
/// {"as_of", "rows": [...]} of `concord caseload --json` (README.md), in the order given. `id_text` turns ids
/// into what the source calls them; without it, UUID text.
std::string caseload_json(std::span<const CaseloadRow> rows, const RuleSet& rules, Date day, std::string_view language = "en",
                          const IdText& id_text = {});

// ---- How triggers are kept in the projection

/// Everything a page needs to compute that time changes.
struct Kept {
  std::optional<Date> birth_date, enrolled, closed, plan_since, next_due;
  std::string instrument;
  std::vector<Trigger> triggers;
};
/// Evidence loses its id here: a list says no ids, and the patient's own lines come from the facts.
std::string encode(const CaseloadRow& row);
/// Reuses the memory of `kept`. Bytes that encode() did not make break an invariant.
void decode(std::span<const std::uint8_t> bytes, Kept& kept);

}  // namespace concord::caseload
