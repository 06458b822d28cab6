// Reads and writes treatment, treatment_before, treatment_change, treatment_report and psychotherapy_session.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "treatments/treatments.h"

namespace concord::treatments {

/// Newest first, with their changes.
std::vector<Treatment> list(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Treatment> find(db::Tx& tx, OrganizationId organization, PatientId patient, TreatmentId treatment);
/// With its changes.
void insert(db::Tx& tx, OrganizationId organization, const Treatment& treatment, Instant now);
/// Stores the change and sets the dose; false when `before.version` is stale.
bool change_dose(db::Tx& tx, OrganizationId organization, const Treatment& before, const DoseChange& change, Instant now);
/// What it said until now stays readable (docs/decisions/0012).
bool stop(db::Tx& tx, OrganizationId organization, const Treatment& before, Date on, std::string_view reason, Instant now);

/// Newest first.
std::vector<Report> list_reports(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Report& report);
/// Newest first.
std::vector<Session> list_sessions(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Session& session);
/// Removes what `insert` stored for a contact that was taken back (contacts_store.h withdraw); whoever took it back keeps why.
void remove_session_of_contact(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& contact);

/// Bulk, with their changes, for imports and simulation.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Treatment> treatments, Instant now);

}  // namespace concord::treatments
