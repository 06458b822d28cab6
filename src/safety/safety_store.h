// Reads and writes safety_event.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "safety/safety.h"

namespace concord::safety {

/// The last row of the page before.
struct After {
  Instant due_at{};
  SafetyEventId id;
};

/// Newest first.
std::vector<SafetyEvent> list(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<SafetyEvent> find(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event);
/// Of every site of the organization, by clock: keep those of sites the caller may use.
std::vector<SafetyEvent> list_open(db::Tx& tx, OrganizationId organization, const std::optional<After>& after, int limit);
void insert(db::Tx& tx, OrganizationId organization, const SafetyEvent& event);
/// Stores acknowledgement, level, disposition, closing and reassessment; false when `event.version` is stale.
bool update(db::Tx& tx, OrganizationId organization, const SafetyEvent& event);

/// Bulk, for imports and simulation.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const SafetyEvent> events, Instant now);

}  // namespace concord::safety
