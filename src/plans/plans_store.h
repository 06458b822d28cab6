// Reads and writes care_plan, care_plan_version, care_plan_view, goal, goal_entry, goal_revision, decision and
// decision_preparation.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "plans/decisions.h"
#include "plans/goals.h"
#include "plans/plans.h"

namespace concord::plans {

/// Open first, imported last, each with versions (newest first) and views.
std::vector<Plan> list_plans(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Plan> find_plan(db::Tx& tx, OrganizationId organization, PatientId patient, PlanId plan);
/// With its versions; false when an open one of the kind is there.
bool insert(db::Tx& tx, OrganizationId organization, const Plan& plan);
void insert_version(db::Tx& tx, OrganizationId organization, const Plan& plan, const PlanVersion& version);
/// Must come before every other change of a plan: false when `plan.version` is stale.
bool touch(db::Tx& tx, OrganizationId organization, const Plan& plan);
void update_draft(db::Tx& tx, OrganizationId organization, const Plan& plan, const PlanVersion& version);
void set_state(db::Tx& tx, OrganizationId organization, const Plan& plan, const PlanVersion& version);
void add_view(db::Tx& tx, OrganizationId organization, const Plan& plan, std::int64_t number, const PatientView& view,
              Instant at);
void end_plan(db::Tx& tx, OrganizationId organization, const Plan& plan, Date on, std::string_view reason);

/// Active first, with entries and revisions.
std::vector<Goal> list_goals(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Goal> find_goal(db::Tx& tx, OrganizationId organization, PatientId patient, GoalId goal);
void insert(db::Tx& tx, OrganizationId organization, const Goal& goal);
/// False when `after.version` (the one that was edited) is stale. Entries and revisions are not written.
bool update(db::Tx& tx, OrganizationId organization, const Goal& after);
void insert_entry(db::Tx& tx, OrganizationId organization, const Goal& goal, const GoalEntry& entry, Instant at);
void insert_revision(db::Tx& tx, OrganizationId organization, const Goal& goal, const GoalRevision& revision);

/// Newest first.
std::vector<Decision> list_decisions(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, const Decision& decision, Instant at);
/// False when it was replaced already.
bool set_replaced(db::Tx& tx, OrganizationId organization, PatientId patient, DecisionId old, DecisionId by);

/// What the patient weighed before deciding, by aid.
std::vector<Preparation> list_preparations(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Preparation> find_preparation(db::Tx& tx, OrganizationId organization, PatientId patient, std::string_view aid);
/// `version`: what was read (0: nothing yet); false when somebody saved since.
bool save(db::Tx& tx, OrganizationId organization, const Preparation& preparation);

/// Bulk, for imports: plans with one version each, goals without entries.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Plan> plans, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Goal> goals, Instant now);

}  // namespace concord::plans
