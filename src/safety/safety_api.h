// Routes of safety events, the board, the rota and the safety plan.
#pragma once

#include <string>
#include <vector>

#include "safety/hand_off.h"

namespace concord::safety {

/// Everything: events and board, on call (on_call_api.cpp), plan (safety_plan_api.cpp).
std::vector<http::Route> routes(const Deps& deps);

/// Member "safety_events" of the patient page, newest first.
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
/// Member "safety_plan": {"version","written_at","language","written_by_patient"} or null.
void write_plan_line(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// The help block of a site (crisis.h), at a time. Deps must hold `crisis`.
CrisisHelp crisis_help(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site, std::string_view language,
                       Instant now);

namespace internal {
using Kept = std::shared_ptr<const Deps>;
std::vector<http::Route> on_call_routes(const Kept& deps);
std::vector<http::Route> plan_routes(const Kept& deps);
std::vector<http::Route> crisis_routes(const Kept& deps);
}  // namespace internal

}  // namespace concord::safety
