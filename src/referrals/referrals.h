// Who sent the patient, why and when; every attempt to reach them; how it ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "episodes/episodes.h"

namespace concord::referrals {

using episodes::ReferralId;
using patients::PatientId;

struct Referral {
  ReferralId id;
  PatientId patient;
  SiteId site;
  std::string referred_by;  ///< a name as written; `referred_by_user` when it is somebody here
  std::optional<UserId> referred_by_user;
  std::string reason;
  Instant received_at{};
  Date received_date;
  std::optional<std::string> outcome;  ///< enrolled, declined, unreachable, other_level_of_care, not_eligible
  std::optional<Date> outcome_date;
  std::optional<Date> seen_elsewhere_date;  ///< other_level_of_care stays visible until this is known
  std::int64_t version = 1;
};

struct Attempt {
  Uuid id;
  ReferralId referral;
  Instant at{};
  Date on;
  UserId by;
  std::string modality;  ///< phone, video, in_person, sms, email, letter
  std::string result;    ///< reached, no_answer, message_left, unable, wrong_contact, declined, support_person
  std::string note;
};

}  // namespace concord::referrals
