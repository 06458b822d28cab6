// Whom to discuss first in the consultant's hour, and why. A pure function: facts of a caseload, the rules as data,
// what people changed by hand, the day of the session -> ranked entries, cut where the consultant's minutes end.
//
//   cases (causes with dates) --propose(rules, minutes, edits, day)--> Agenda
//
// A cause is what a rule of the caseload says about a patient, with the day from which it holds, so a session of next
// Tuesday can be prepared today. Order and minutes of each reason: rulesets/review-agenda-2026.json.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::reviews {

using patients::PatientId;

enum class Reason : std::uint8_t {
  safety,        ///< a signal nobody has assessed, or a reassessment that is due
  asked_urgent,  ///< somebody asked the consultant and cannot wait
  nonresponse,   ///< weeks 8 to 12 without response, no review in the last 28 days
  stale,         ///< enrolled 70 days or more, not improved, no review in 60 days
  new_case,      ///< enrolled and never reviewed
  worse,         ///< the last score is worse, and was not looked at since
  asked,         ///< a question of the care manager or the PCP
  declined,      ///< advice that was declined and not followed by another review
  undone,        ///< advice without answer, or accepted and not carried out
  added          ///< put on the agenda by hand
};
inline constexpr int kReasonCount = 10;
std::string_view name(Reason reason);
std::optional<Reason> parse_reason(std::string_view name);

struct Cause {
  Reason reason = Reason::added;
  Date since;               ///< the first day on which it holds
  std::optional<Date> due;  ///< when somebody should have acted
  std::string text;         ///< a sentence a person would say
  std::string evidence_kind;
  std::optional<Uuid> evidence;
  std::string citation;
};

struct CaseScore {
  std::string instrument;
  std::optional<double> baseline, current, change, percent;
  std::optional<Date> baseline_date, current_date;
};

/// What is known of one patient who may be discussed.
struct Case {
  PatientId patient;
  std::optional<Uuid> episode;
  SiteId site;
  std::string name;  ///< "Ruiz, Ana"
  std::optional<Date> birth_date;
  std::string state;
  std::optional<UserId> care_manager;
  std::string care_manager_name;
  std::optional<Date> enrolled, last_review, plan_since, last_contact, next_due;
  CaseScore score;
  std::vector<Cause> causes;
};

struct AgendaRules {
  struct Kind {
    Reason reason = Reason::added;
    int minutes = 5;         ///< what discussing such a patient takes
    bool never_cut = false;  ///< stays on the agenda whatever the minutes
    std::string source;
  };
  std::string name, version;
  std::vector<Kind> kinds;  ///< in order of rank; every reason once

  const Kind& kind(Reason reason) const;
  int rank(Reason reason) const;
};
/// bad_file with every issue: a reason missing, unknown or twice, minutes out of 1..60, no source.
Result<AgendaRules> load_agenda_rules(std::string_view json_text);

/// What people decided about the proposal.
struct AgendaEdits {
  struct Added {
    PatientId patient;
    std::string reason;
    std::optional<int> minutes;
    Date on;
  };
  struct Removed {
    PatientId patient;
    Date on;
  };
  std::vector<PatientId> order;  ///< empty: as proposed
  std::vector<Added> added;
  std::vector<Removed> removed;
  std::vector<PatientId> discussed;  ///< reviewed in this session, in that order
};

struct AgendaItem {
  const Case* of = nullptr;
  std::vector<Cause> reasons;  ///< that hold on the day, the ranking one first
  int minutes = 0;
  bool never_cut = false, by_hand = false, arrived = false, discussed = false, fits = true;
};
struct Agenda {
  std::vector<AgendaItem> items;  ///< by rank; `fits` is false where the minutes have run out
  int planned = 0;                ///< minutes of those that fit
  bool ordered_by_hand = false;
};

/// Points into `cases`. Ties: due first, then longest, then name, then id; the order is total.
///  - Removed patients leave, unless something about their safety came after the day they were removed.
///  - With an order by hand, that order wins; whoever it does not name follows by rank (`arrived`), but a
///    safety reason that it does not name comes before everybody.
///  - Without one, patients discussed already stand first, in the order they were discussed.
///  - An entry fits while the minutes of those before it and its own do; never_cut ones always fit.
Agenda propose(std::span<const Case> cases, const AgendaRules& rules, int minutes, const AgendaEdits& edits, Date day);

}  // namespace concord::reviews
