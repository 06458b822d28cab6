// One course of collaborative care at one site.
//
//   referred --assess--> assessed --enroll--> active --target met--> relapse_prevention --complete--> closed
//      |                    |                   ^ |                        |
//      +--------------------+--> closed         | +--hold/resume--> on_hold (counts as enrolled)
//                                               +-------relapse------------+
//   (active, on_hold and relapse_prevention may close too, with a reason)
//
// Read next: episodes_store.h (tables), episodes_api.h (routes), ../caseload/caseload.h (attention).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::episodes {

using EpisodeId = Id<struct EpisodeTag>;
using ConsentId = Id<struct ConsentTag>;
using ReferralId = Id<struct ReferralTag>;
using patients::PatientId;

enum class State { referred, assessed, active, on_hold, relapse_prevention, closed };
std::string_view name(State state);
std::optional<State> parse_state(std::string_view name);
/// active, on_hold and relapse_prevention.
bool is_enrolled(State state);

enum class Act { assess, enroll, meet_target, complete, hold, resume, relapse, close };
std::string_view name(Act act);
std::optional<Act> parse_act(std::string_view name);

struct Episode {
  EpisodeId id;
  PatientId patient;
  SiteId site;
  std::optional<ReferralId> referral;
  State state = State::referred;
  std::optional<std::string> primary_condition;   ///< "depression", "anxiety", "ptsd", "alcohol_use", ... (pathways)
  std::optional<std::string> primary_instrument;  ///< instrument id, "phq-9"
  std::optional<std::string> target;              ///< "response", "remission", or words
  std::optional<std::string> pathway;
  std::optional<UserId> care_manager;
  std::optional<std::string> billing_practitioner;
  std::optional<UserId> consultant;
  Date referred_date;
  std::optional<Date> assessed_date;
  std::optional<Date> enrolled_date;  ///< date of the care manager's initial assessment, site-local
  std::optional<Date> relapse_prevention_date;
  std::optional<Date> on_hold_date;
  std::optional<Date> closed_date;
  std::optional<std::string> close_reason;
  std::string labels = "normal";
  std::int64_t version = 1;
  std::optional<Instant> recorded_at = {};  ///< for bulk writers: since when it is known; unset: now
};

struct Consent {
  ConsentId id;
  PatientId patient;
  std::string kind = "collaborative_care";
  std::string method = "verbal";  ///< verbal, written, electronic, unknown (imports)
  std::string text_version;
  std::string language = "en";
  Date given_date;
  std::optional<Date> withdrawn_date;
  UserId recorded_by;
  std::int64_t version = 1;
};

struct TeamMember {
  Uuid id;
  std::string role;
  std::optional<UserId> user;
  std::string name;
  Date since;
  std::optional<Date> until;
  std::optional<std::string> phone = {};         ///< of somebody who does not sign in here
  std::optional<std::string> relationship = {};  ///< "mother", "landlord": of people who are no professionals
  bool informant = false;                        ///< may be asked about the patient
  std::string until_reason = {};
  std::optional<UserId> added_by = {}, ended_by = {};  ///< not known for imported members
  std::optional<Instant> added_at = {}, ended_at = {};
};

/// Roles on a care team that a person may enter. The first five are roles here: a member with a user holds theirs.
inline constexpr std::string_view kTeamRoles[] = {"care_manager",
                                                  "psychiatric_consultant",
                                                  "pcp",
                                                  "bh_specialist",
                                                  "community_worker",
                                                  "obstetrician",
                                                  "pediatrician",
                                                  "therapist",
                                                  "nurse",
                                                  "caregiver",
                                                  "trusted_person",
                                                  "school",
                                                  "other"};
inline constexpr std::size_t kTeamRolesHere = 5;

struct Transition {
  Uuid id;
  Date on;
  State from = State::referred;
  State to = State::referred;
  UserId by;
  std::string reason;
  std::optional<Instant> at = {};  ///< when it was written down; set by the store
};

/// Reasons a person may give, before enrolment and after (domain.md).
const std::vector<std::string_view>& close_reasons_before_enrolment();
const std::vector<std::string_view>& close_reasons_after_enrolment();

/// What `enroll` needs besides the episode itself.
struct EnrolmentFacts {
  bool has_consent = false;  ///< recorded, not withdrawn, given on or before `on`
};

/// The episode after `act` on day `on`, or every reason why not (ErrorCode::invalid with issues naming the
/// missing field; ErrorCode::conflict when the state does not allow the act). Pure.
Result<Episode> apply(const Episode& before, Act act, Date on, const EnrolmentFacts& facts,
                      std::optional<std::string> close_reason = std::nullopt);

/// Whole weeks from enrolment to `today` (0 on the first six days); nullopt when not enrolled.
std::optional<int> weeks_in_care(const Episode& episode, Date today);

}  // namespace concord::episodes
