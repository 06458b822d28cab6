// What a patient sees and does about goals, plans and decisions in the portal: views "goals", "plan" and "decisions" and the
// acts beside them. The rows are the care team's own (goals.h, plans.h, decisions.h): nothing is kept twice.
// A patient's own goals and what they told about goals are private by the age rules' code "own:goals".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/route.h"
#include "plans/plans_api.h"
#include "portal/view.h"
#include "portal/words.h"

namespace concord::plans {

/// Codes of the age rules (rulesets/confidentiality-2026.json).
inline constexpr std::string_view kOwnGoals = "own:goals";
inline constexpr std::string_view kOwnDecisions = "own:decisions";

struct PortalDeps {
  const Chart* chart = nullptr;
  const AidLibrary* aids = nullptr;
  const portal::Words* words = nullptr;
  /// Who a portal caller is to the views.
  std::function<portal::Viewer(db::Tx&, const Caller&, Instant)> viewer_of;
  /// Labels that new rows of the patient take over.
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of = {};
  /// Which aids may help this patient: those of the pathway of the open episode; none without an episode.
  std::function<std::vector<std::string>(db::Tx&, OrganizationId, PatientId)> aids_for;
};

std::vector<portal::View> portal_views(const PortalDeps& deps);
std::vector<http::Route> portal_routes(const PortalDeps& deps);

/// The goals a viewer may see, without what they may not see of them (what a young person told).
std::vector<Goal> goals_for(db::Tx& tx, const portal::Viewer& viewer);

/// For "next for you".
struct RecentMilestone {
  GoalId goal;
  std::string statement;  ///< of the goal, so that the words say what was done
  Milestone milestone;
};
struct GoalsNow {
  int active = 0, for_today = 0, done_today = 0;
  std::optional<GoalId> next;               ///< for today and not told yet
  std::string statement;                    ///< of `next`
  std::vector<RecentMilestone> milestones;  ///< of the last 14 days, newest first, 3 at most
};
GoalsNow goals_now(db::Tx& tx, const portal::Viewer& viewer);
/// The aid that waits for the patient's own weights: open to them, not decided, nothing saved, and no plan agreed yet (or a new
/// one being written). nullptr: none.
const DecisionAid* decision_to_make(const PortalDeps& deps, db::Tx& tx, const portal::Viewer& viewer);
struct PlanState {
  bool in_effect = false;
  std::optional<Date> since;
};
PlanState plan_state(db::Tx& tx, const portal::Viewer& viewer);
/// The newest goal of the patient that is going on, as a sentence.
std::optional<std::pair<GoalId, std::string>> own_goal(db::Tx& tx, const portal::Viewer& viewer);

/// Member "decision_preparations" of the patient page (staff).
void write_preparations(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::plans
