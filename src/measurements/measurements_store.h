// Reads and writes measurement. Rows of one patient lie together in the order they were taken.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "measurements/measurements.h"

namespace concord::measurements {

/// Newest first, replaced ones too.
std::vector<Measurement> list(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Measurement> find(db::Tx& tx, OrganizationId organization, PatientId patient, MeasurementId measurement);
void insert(db::Tx& tx, OrganizationId organization, const Measurement& measurement);
/// False when it was corrected already.
bool set_replaced(db::Tx& tx, OrganizationId organization, const Measurement& old, MeasurementId by);
/// False when somebody saw it before.
bool set_seen(db::Tx& tx, OrganizationId organization, const Measurement& measurement, UserId by, Instant at);

/// Bulk, for imports and simulation. `entered_at` of the rows counts; `now` stands in where it is not set.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Measurement> measurements, Instant now);

}  // namespace concord::measurements
