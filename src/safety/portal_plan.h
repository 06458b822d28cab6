// The patient's own safety plan in the portal: view "safety-plan" and its act. A plan is best made together with somebody of
// the team; what a patient changes alone is a new version that says so, and the care manager hears of it. The step about the
// surroundings (means) is never shown to a trusted person, and nobody but the patient and staff writes.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "messaging/messaging.h"
#include "patients/chart.h"
#include "portal/view.h"
#include "portal/words.h"
#include "safety/crisis.h"
#include "safety/safety_plan.h"

namespace concord::safety {

/// The age rules' code of the plan.
inline constexpr std::string_view kPlanCode = "safety:plan";
/// Never shown to a trusted person (ux.md section 5).
inline constexpr std::string_view kMeansStep = "surroundings";

struct PortalDeps {
  const patients::Chart* chart = nullptr;
  const PlanTemplate* plan = nullptr;
  const portal::Words* words = nullptr;
  CrisisOf crisis_of;
  std::function<portal::Viewer(db::Tx&, const Caller&, Instant)> viewer_of;
  /// Who hears of a change: the care manager, or whoever covers; nullopt: nobody.
  std::function<std::optional<UserId>(db::Tx&, OrganizationId, const patients::Place&, Instant)> addressee_of;
  messaging::Notify notify;
};

std::vector<portal::View> portal_views(const PortalDeps& deps);
std::vector<http::Route> portal_routes(const PortalDeps& deps);
/// For "next for you": has the patient a plan?
bool has_plan(db::Tx& tx, OrganizationId organization, patients::PatientId patient);

}  // namespace concord::safety
