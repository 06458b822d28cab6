// Psychiatric case review of one patient, with its recommendation and what became of it.
//   recommendation_state: none | sent -> accepted | modified | declined -> done
#pragma once

#include <optional>
#include <string>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"

namespace concord::reviews {

using ReviewId = Id<struct ReviewTag>;
using patients::PatientId;

struct Review {
  ReviewId id;
  PatientId patient;
  Date date;
  std::optional<UserId> reviewer;
  std::string reviewer_name;
  std::string question;
  bool recommendation_documented = false;  ///< "continue as is" counts
  std::string recommendation;
  std::string recommendation_to;  ///< pcp, care_manager, patient, ""
  std::string recommendation_state = "none";
  std::optional<Date> answered_date;
  std::optional<std::string> answer_reason;
  std::optional<Date> done_date;
  std::string source = "concord";
  std::int64_t version = 1;
};

}  // namespace concord::reviews
