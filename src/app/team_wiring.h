// What tasks, conversations and the timeline are lent by the other slices.
#pragma once

#include <functional>

#include "conversations/conversations_api.h"
#include "patients/timeline.h"
#include "tasks/tasks_api.h"

namespace concord::app {

struct TeamWiring {
  tasks::Deps tasks;
  conversations::Deps conversations;
  patients::TimelineDeps timeline;
};

/// What the wiring itself is lent; everything must outlive it.
struct TeamLent {
  const patients::Chart* chart = nullptr;
  messaging::Notify notify;
  /// The patient's attention lines as a JSON array (caseload_api.h write_attention).
  std::function<void(json::Writer&, db::Tx&, const patients::Asker&, const patients::Place&)> write_attention;
  std::function<void(db::Tx&, OrganizationId, const std::vector<patients::PatientId>&)> refresh_caseload;
};
void wire_team(TeamWiring& wiring, const TeamLent& lent);

/// Members "tasks" and "conversation" of the patient page: null for roles that do not see them.
void write_team_tasks(const TeamWiring& wiring, json::Writer& w, db::Tx& tx, const patients::Asker& asker,
                      const patients::Place& place);
/// Member "cover": who covers for the care manager today, {"id","name","until"} or null.
void write_cover_now(const TeamWiring& wiring, json::Writer& w, db::Tx& tx, const patients::Asker& asker,
                     const patients::Place& place);
void write_team_conversation(const TeamWiring& wiring, json::Writer& w, db::Tx& tx, const patients::Asker& asker,
                             const patients::Place& place);

/// What every slice adds to a patient's timeline.
std::vector<patients::TimelineSource> timeline_sources();

/// Who answers today for a patient whose care manager is `owner`: they, or whoever covers for them.
UserId responsible_now(db::Tx& tx, OrganizationId organization, SiteId site, patients::PatientId patient, UserId owner,
                       Instant now);

}  // namespace concord::app
