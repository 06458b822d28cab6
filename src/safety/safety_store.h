// Reads and writes safety_event, safety_step and safety_plan.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "safety/safety.h"
#include "safety/safety_plan.h"

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
/// Of every site of the organization, newest first.
std::vector<SafetyEvent> list_signalled(db::Tx& tx, OrganizationId organization, Instant since, int limit);
void insert(db::Tx& tx, OrganizationId organization, const SafetyEvent& event);
/// Stores everything a person can change; false when `event.version` is stale.
bool update(db::Tx& tx, OrganizationId organization, const SafetyEvent& event);
/// Stores escalations, next_escalation_at and notified_at; false when another call came before. No new version.
bool update_escalation(db::Tx& tx, OrganizationId organization, const SafetyEvent& event, int calls_before);
void hurry_escalation(db::Tx& tx, OrganizationId organization, const SafetyEvent& event, Instant now);

/// What the event is about, said again; and the measurement its answer belongs to, where it has none. No new version.
void set_signal(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event, std::string_view signal);
void set_measurement(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event,
                     measurements::MeasurementId measurement);

struct Stuck {
  OrganizationId organization;
  PatientId patient;
  SafetyEventId event;
};
/// In all organizations: open events whose next call should have gone out before `time`.
std::vector<Stuck> list_stuck(db::Tx& tx, Instant time, int most);

/// Adds `step` behind the others; its number is given here.
void add_step(db::Tx& tx, OrganizationId organization, const SafetyEvent& event, Step step);
/// nullopt for an event without steps: imported, or from before there were any.
std::optional<PatientId> patient_of(db::Tx& tx, OrganizationId organization, SafetyEventId event);
std::vector<Step> list_steps(db::Tx& tx, OrganizationId organization, SafetyEventId event);

void insert(db::Tx& tx, OrganizationId organization, const SafetyPlan& plan);
/// Newest first.
std::vector<SafetyPlan> list_plans(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<SafetyPlan> find_plan(db::Tx& tx, OrganizationId organization, PatientId patient, PlanId plan);
std::optional<SafetyPlan> last_plan(db::Tx& tx, OrganizationId organization, PatientId patient);

/// Bulk, for imports and simulation. Nobody is notified of what they bring.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const SafetyEvent> events, Instant now);

}  // namespace concord::safety
