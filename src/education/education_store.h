// Reads and writes education_assignment and education_reading. Lists of a patient are short: they are read whole.
#pragma once

#include <optional>
#include <vector>

#include "db/database.h"
#include "education/education.h"

namespace concord::education {

/// Oldest first, withdrawn ones too.
std::vector<Assignment> list_assignments(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Assignment> find(db::Tx& tx, OrganizationId organization, PatientId patient, AssignmentId assignment);
/// A second open assignment of the piece breaks idx_education_assignment__open: look first.
void insert(db::Tx& tx, OrganizationId organization, const Assignment& assignment);
/// False when `version` is stale or it is withdrawn already.
bool withdraw(db::Tx& tx, OrganizationId organization, const Assignment& assignment, std::int64_t version);

std::vector<ReadState> list_readings(db::Tx& tx, OrganizationId organization, PatientId patient);
/// Notes that a reader opened a piece and, perhaps, finished it; the first times stay. The state after it.
ReadState note_reading(db::Tx& tx, OrganizationId organization, PatientId patient, const ReadState& state, bool finished,
                       Instant now);

}  // namespace concord::education
