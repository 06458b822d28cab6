// What the consultant advises, to whom, and what became of it.
//
//   draft --send--> sent --open--> read        noted: for the record, waits for nobody
//     |               |             |
//     +--note--> noted|             |
//                     +------+------+--accept--> accepted --+
//                            +--modify--> modified --+------+--finish--> done --adequate-----> adequate_trial
//                            +--decline--> declined                       |  ^                  ^
//                                                                         |  (no way back)      | adequate
//                                                                         +--not_adequate--> not_adequate
//   draft, sent, read, accepted, modified --withdraw--> withdrawn (by the consultant)
//
// Ends: noted, declined, adequate_trial, not_adequate, withdrawn; done too, where there is no trial to judge
// (has_trial). next() is the whole table; nothing else decides. Pure; no clock, no database.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::reviews {

using ReviewId = Id<struct ReviewTag>;
using RecommendationId = Id<struct RecommendationTag>;
using patients::PatientId;

enum class State : std::uint8_t {
  draft,
  noted,
  sent,
  read,
  accepted,
  modified,
  declined,
  done,
  adequate_trial,
  not_adequate,
  withdrawn
};
inline constexpr std::array kStates = {State::draft,          State::noted,        State::sent,     State::read,
                                       State::accepted,       State::modified,     State::declined, State::done,
                                       State::adequate_trial, State::not_adequate, State::withdrawn};
std::string_view name(State state);
std::optional<State> parse_state(std::string_view name);

enum class Act : std::uint8_t { send, note, open, accept, modify, decline, finish, adequate, not_adequate, withdraw };
inline constexpr std::array kActs = {Act::send,    Act::note,   Act::open,     Act::accept,       Act::modify,
                                     Act::decline, Act::finish, Act::adequate, Act::not_adequate, Act::withdraw};
std::string_view name(Act act);

/// The state after the act; nullopt when the act is not possible in that state.
std::optional<State> next(State from, Act act);
/// Why an act is not possible, in one sentence that says that nothing was changed.
std::string why_not(State from, Act act);

inline constexpr std::array<std::string_view, 11> kKinds = {"start",    "increase",      "switch", "augment",
                                                            "taper",    "psychotherapy", "labs",   "diagnosis_question",
                                                            "referral", "continue",      "other"};
inline constexpr std::array<std::string_view, 5> kAddressees = {"pcp", "care_manager", "bh_specialist", "patient", ""};

struct Recommendation {
  RecommendationId id;
  PatientId patient;
  ReviewId review;
  int position = 1;  ///< in its review
  std::string kind = "other";
  std::string text;
  std::optional<std::string> medication;
  std::optional<std::string> dose;  ///< the dose to reach, as the field writes it
  std::optional<Uuid> treatment;    ///< the treatment it is about
  std::string to_role;              ///< one of kAddressees; "": for the record
  std::optional<UserId> to;         ///< nullopt: whoever has that role for the patient
  std::string urgency = "routine";  ///< routine, soon, urgent
  State state = State::draft;
  std::optional<UserId> author;
  std::optional<Instant> created_at;
  std::optional<Date> sent_date;
  std::optional<Instant> read_at;
  std::optional<Date> answered_date;
  std::optional<UserId> answered_by;
  std::optional<std::string> answer_reason;
  std::optional<Date> done_date;
  std::optional<Uuid> closed_by_treatment;  ///< the treatment that carried it out
  std::optional<std::string> trial_dose;
  std::optional<int> trial_weeks;
  std::optional<std::string> trial_reason;
  std::optional<std::string> withdrawn_reason;
  std::optional<Date> ended_date;  ///< the day it reached an end
  std::string source = "concord";
  std::int64_t version = 1;
};

/// A medication or psychotherapy that must be tried long enough before anybody can judge it.
bool has_trial(std::string_view kind);
/// Nobody has to do anything about it any more.
bool is_over(const Recommendation& r);
/// Waits for an answer.
inline bool is_waiting(State state) { return state == State::sent || state == State::read; }

/// Takes the step on that day, or ErrorCode::conflict with why_not(). Dates and states only: who may is the API's
/// business, words and doses are set by the caller.
Result<void> take(Recommendation& r, Act act, Date day, Instant now);

/// "Increase sertraline to 100 mg daily", "Aumentar sertralina ...": what the structured part says, then the text.
std::string summary(const Recommendation& r, std::string_view language);
/// Everything wrong with what somebody wrote; paths begin with `path` ("recommendations[0].").
std::vector<Issue> check(const Recommendation& r, std::string_view path);

/// The words of before there were rows of their own: none, sent, accepted, modified, declined, done.
std::string_view old_state(State state);
std::optional<State> from_old_state(std::string_view old);

}  // namespace concord::reviews
