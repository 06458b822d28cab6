// Reads and writes hand_over and hand_over_patient.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "tasks/tasks.h"

namespace concord::tasks {

struct AfterHandOver {
  Instant at{};
  HandOverId id;
};
/// Where the newest page begins.
AfterHandOver newest_hand_over();

std::optional<HandOver> find(db::Tx& tx, OrganizationId organization, HandOverId hand_over);
/// Newest first. `current_on`: only covers that have not ended before that day.
std::vector<HandOver> list_hand_overs(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<Date> current_on,
                                      const AfterHandOver& after, int limit);
/// Covers of a site that touch these days.
std::vector<HandOver> list_covers(db::Tx& tx, OrganizationId organization, SiteId site, Date first, Date last);
/// Hand-overs that name this patient: they moved, or were chosen for a cover.
std::vector<HandOver> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);
std::vector<PatientId> list_patients(db::Tx& tx, OrganizationId organization, HandOverId hand_over);
void insert(db::Tx& tx, OrganizationId organization, const HandOver& hand_over, std::span<const PatientId> patients);
/// False when `version` is stale.
bool end(db::Tx& tx, OrganizationId organization, const HandOver& hand_over, std::int64_t version);

/// Everybody's covers that run on that day. One statement; there are as many as people away.
Covers covers_on(db::Tx& tx, OrganizationId organization, Date day);

}  // namespace concord::tasks
