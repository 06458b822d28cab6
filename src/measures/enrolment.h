// How long an episode lasts in a report, and its scores in order: what the state's report and the AIMS set read alike.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "measures/facts.h"

namespace concord::measures {

struct Discharge {
  std::optional<Date> on;  ///< up to the last day; nullopt: enrolled beyond it
  std::string cause;       ///< recorded reason, "not_given", "inactivity"; "" while there is none
};

/// The earlier of the recorded discharge and `inactivity_days` after the latest clinical contact up to `last` (after enrolment,
/// where there was none). Contacts after `last` are not known yet.
Discharge effective_discharge(const Clinic& clinic, PatientIndex patient, const Episode& episode, int inactivity_days, Date last);

/// Earlier by day, then by time of day; equal times stay in the order of entry.
inline bool is_earlier(const Score& a, const Score& b) { return a.date != b.date ? a.date < b.date : a.at < b.at; }

/// The scores of a form between two days, both included, in the order they were taken.
std::vector<Score> in_order(std::span<const Score> scores, FormIndex form, Date from, Date to);

}  // namespace concord::measures
