// A decision of the patient: about what, which options were looked at, what mattered how much to them, what they
// chose (no treatment and "not decided yet" are choices), who took part. A later decision about the same does not
// overwrite it: it points to it. Read next: decision_aid.h, plans_store.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"

namespace concord::plans {

using DecisionId = Id<struct DecisionTag>;
using patients::PatientId;

struct Weight {
  std::string item;  ///< a matter of the aid, or the patient's own words
  int weight = 0;    ///< 0 (does not matter) to 5 (matters most)
};

struct Decision {
  DecisionId id;
  PatientId patient;
  Date on;
  std::optional<std::string> aid, aid_version;
  std::string topic;  ///< what it was about; the aid's title in `language` when there was one
  std::string language = "en";
  std::vector<std::string> options;  ///< considered: ids of the aid, or words
  std::vector<Weight> weights;
  std::string choice;  ///< an option, "undecided" or "other"
  std::optional<std::string> choice_words;
  std::vector<std::string> took_part;
  std::string note;
  std::string labels = "normal";
  std::optional<DecisionId> replaces, replaced_by;
  UserId recorded_by;
  std::int64_t version = 1;
};

/// What the patient weighs for themselves before a decision is made, one for each aid. Saving again replaces it; the
/// decision keeps its own copy.
struct Preparation {
  PatientId patient;
  std::string aid, aid_version;
  std::vector<Weight> weights;
  std::optional<std::string> leaning;  ///< an option of the aid, or "undecided"
  std::string words;
  std::string labels = "normal";
  UserId saved_by;  ///< a portal account
  std::optional<UserId> on_behalf_by;
  Instant saved_at{};
  std::int64_t version = 0;
};

}  // namespace concord::plans
