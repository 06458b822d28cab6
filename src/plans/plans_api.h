// Routes of plans, goals, decisions and decision aids, and what other slices ask of them through app/.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "json/cursor.h"
#include "patients/chart.h"
#include "plans/decision_aid.h"
#include "plans/goals.h"
#include "plans/plans.h"

namespace concord::plans {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  const AidLibrary* aids = nullptr;
  /// The patient's language; nullopt when nobody recorded it. May be empty: then "en".
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, PatientId)> language_of = {};
  /// Privacy labels of the patient's open episode, which new rows take over. May be empty: then "normal".
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of = {};
};

std::vector<http::Route> routes(const Deps& deps);

/// Stores one look at a goal in a contact's transaction, on the contact's day, and writes the goal as JSON.
using StoreCheck = std::function<Result<void>(db::Tx&, const Asker&, const Place&, Date contact_date, json::Writer&)>;
/// Reads {goal_id, progress, confidence?, note?}; empty after an issue.
std::function<StoreCheck(const json::Cursor& body)> goal_check_reader(const Deps& deps);

/// Members of the patient page: plans made here without their older versions; goals and decisions that still stand.
void write_plans(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_goals(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_decisions(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// What the patient wants, for the page of a case review: {"plan_in_effect","patient_view","patient_words","wants",
/// "preferences","values","barriers","supports","goals":[{"statement","status","confidence","weeks"}],
/// "decisions":[{"on","topic","choice_name"}]}. Of the version in effect, else of the newest draft.
void write_wishes(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// Has the patient an open relapse prevention plan in effect?
bool has_relapse_plan(db::Tx& tx, OrganizationId organization, PatientId patient);

}  // namespace concord::plans
