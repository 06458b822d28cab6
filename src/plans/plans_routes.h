// Inside the slice: the three groups of routes, and what they share.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "json/edits.h"
#include "plans/plans_api.h"

namespace concord::plans {

using Kept = std::shared_ptr<const Deps>;
using Run = Result<http::Work> (*)(const Kept&, const http::Call&);

std::vector<http::Route> plan_routes(const Kept& deps);
std::vector<http::Route> goal_routes(const Kept& deps);
std::vector<http::Route> decision_routes(const Kept& deps);

inline http::Handler handler(const Kept& deps, Run step) {
  return [deps, step](const http::Call& call) { return step(deps, call); };
}
inline http::Route reading(std::string pattern, std::string name, std::string permission, std::string summary,
                           std::string response, http::Handler run) {
  return {http::Method::get,
          std::move(pattern),
          std::move(name),
          std::move(permission),
          std::move(summary),
          http::RunAs::point,
          false,
          "",
          std::move(response),
          {},
          std::move(run)};
}
inline http::Route writing(http::Method method, std::string pattern, std::string name, std::string summary, bool creates,
                           std::string request, std::string response, http::Handler run) {
  return {method,
          std::move(pattern),
          std::move(name),
          "plans.write",
          std::move(summary),
          http::RunAs::write,
          creates,
          std::move(request),
          std::move(response),
          {},
          std::move(run)};
}

/// Goals of other systems are shown, not worked with.
Result<void> goal_may_be_changed(const Goal& goal);
/// Ticks and reviews are rows of their own: two people may add one at the same time, so no If-Match. The goal afterwards.
Result<Goal> add_entry(db::Tx& tx, const Asker& asker, const Goal& before, const GoalEntry& entry);
/// ["mon","thu"]
void write_days(json::Writer& w, const Goal& goal);
void edit_days(const json::Cursor& body, json::Edits<Goal>& edits);

/// The language the patient's papers are written in, unless somebody says otherwise.
std::string language_for(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient);
std::string labels_for(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient);
/// A day that is given or today's; an issue at "on" when it is in the future or before `earliest`.
Date day_of(const std::optional<Date>& on, Date today, std::optional<Date> earliest, std::vector<Issue>& issues);

}  // namespace concord::plans
