// Surveys in the portal (view "surveys" and its act), and what staff see: which surveys there are, permissions, results.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "patients/chart.h"
#include "portal/view.h"
#include "portal/words.h"
#include "surveys/surveys.h"

namespace concord::surveys {

using patients::Asker;
using patients::Chart;

struct Deps {
  const Chart* chart = nullptr;
  const Library* library = nullptr;
  const portal::Words* words = nullptr;
  std::function<portal::Viewer(db::Tx&, const Caller&, Instant)> viewer_of;
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of;
  /// The open enrolled episode, else the one that closed last; nullopt: never enrolled.
  std::function<std::optional<Course>(db::Tx&, OrganizationId, PatientId)> course_of;
};

std::vector<http::Route> routes(const Deps& deps);
std::vector<portal::View> portal_views(const Deps& deps);
std::vector<http::Route> portal_routes(const Deps& deps);
/// How many are asked now.
int due_now(const Deps& deps, db::Tx& tx, const portal::Viewer& viewer);

}  // namespace concord::surveys
