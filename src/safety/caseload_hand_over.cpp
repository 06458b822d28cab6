#include "safety/caseload_hand_over.h"

#include "safety/safety_store.h"

namespace concord::safety {

int hand_over_events(db::Tx& tx, OrganizationId organization, const std::vector<PatientId>& patients, UserId from, UserId to,
                     const std::string& why, Instant at) {
  int count = 0;
  for (const auto patient : patients)
    for (auto& event : list(tx, organization, patient)) {
      if (event.closed_at || event.has_it != from) continue;
      Step step;
      step.kind = "taken_over";
      step.at = at;
      step.by = to;
      step.to = from;  // from whom
      step.text = "the caseload was handed over: " + why;
      add_step(tx, organization, event, std::move(step));
      event.has_it = to;
      count += update(tx, organization, event);
    }
  return count;
}

}  // namespace concord::safety
