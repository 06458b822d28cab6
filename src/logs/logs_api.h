// The patient's own notes: view "logs" and its act, and the staff's page of them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "logs/logs.h"
#include "patients/chart.h"
#include "portal/view.h"
#include "portal/words.h"

namespace concord::logs {

using patients::Asker;
using patients::Chart;
using patients::Place;

/// What is taken, as treatments tell it.
struct Medicine {
  Uuid id;
  std::string name, kind;  ///< medication, psychotherapy
  Date start;
  std::optional<Date> stop;
};

struct Deps {
  const Chart* chart = nullptr;
  const portal::Words* words = nullptr;
  std::function<portal::Viewer(db::Tx&, const Caller&, Instant)> viewer_of;
  /// Labels that new rows of the patient take over.
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of;
  std::function<std::vector<Medicine>(db::Tx&, OrganizationId, PatientId)> medicines;
  /// Brings a side effect to where the team looks for them (treatments); issues at "treatment_id" and "on".
  std::function<Result<void>(db::Tx&, OrganizationId, const Log&, std::string_view teller, Date today)> report_side_effect;
};

std::vector<http::Route> routes(const Deps& deps);
std::vector<portal::View> portal_views(const Deps& deps);
std::vector<http::Route> portal_routes(const Deps& deps);

/// Member "patient_logs" of the patient page: the last 28 days.
void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::logs
