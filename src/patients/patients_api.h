// Routes of patients, their coverage and the patient page's one-answer summary.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "patients/chart.h"

namespace concord::patients {

/// One member of the patient page, written by the slice that owns it ("measurements" -> [M, ...]).
struct Section {
  std::string name;
  std::function<void(json::Writer&, db::Tx&, const Asker&, const Place&)> write;
};

struct Deps {
  const Chart* chart = nullptr;
  /// State of the patient's open episode; nullopt without one.
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, PatientId)> episode_state;
  /// In the order they are written, after "patient" and "coverage".
  std::vector<Section> sections;
};

std::vector<http::Route> routes(const Deps& deps);

}  // namespace concord::patients
