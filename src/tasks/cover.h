// Who answers for a caseload on a day. A cover is a pair of dates, so it begins and ends by itself: whoever asks
// passes the covers of that day, and nothing is rewritten. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"

namespace concord::tasks {

using HandOverId = Id<struct HandOverTag>;
using patients::PatientId;

/// Somebody looks after another's caseload at a site, from `from` to `until`, both included.
struct Cover {
  HandOverId id;
  SiteId site;
  UserId absent;
  UserId stand_in;
  Date from, until;
  bool all_patients = true;
  std::vector<PatientId> patients;  ///< sorted; empty when `all_patients`

  bool holds(const std::optional<PatientId>& patient) const;
};

/// Those that run on one day (tasks/handover_store.h, covers_on).
using Covers = std::vector<Cover>;

/// The cover that stands for `owner` now, for this patient or (nullopt) for what belongs to no patient. The first
/// by `from`, then id, when there were two.
const Cover* cover_of(const Covers& covers, SiteId site, UserId owner, const std::optional<PatientId>& patient);
/// Who answers for `owner`'s patient: the stand-in, the stand-in's stand-in, ...; `owner` when nobody stands in.
/// A circle of covers ends at the last person before it closes.
UserId responsible(const Covers& covers, SiteId site, UserId owner, const std::optional<PatientId>& patient);
/// Everybody whose work `user` may have to do now, themselves first: people whose covers lead to them.
std::vector<UserId> stands_in_for(const Covers& covers, UserId user);

}  // namespace concord::tasks
