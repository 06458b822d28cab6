// Reads and writes patient_condition and patient_allergy.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "patients/conditions.h"

namespace concord::patients {

/// Active first, newest first.
std::vector<Condition> list_conditions(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Condition& condition, Instant now);
/// False when `before.version` is stale. What reports read of a condition, that it was there, stays.
bool end(db::Tx& tx, OrganizationId organization, const Condition& before, std::string_view clinical_status, Date on);

/// Those that stand first, by substance.
std::vector<Allergy> list_allergies(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Allergy& allergy);
bool end(db::Tx& tx, OrganizationId organization, const Allergy& before, std::string_view reason, Date on);

/// Bulk, for imports.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Condition> conditions, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Allergy> allergies, Instant now);

}  // namespace concord::patients
