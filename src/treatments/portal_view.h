// What a patient sees of their treatments, in plain words: view "treatments". Medicines are called medicines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "patients/chart.h"
#include "portal/view.h"
#include "portal/words.h"
#include "treatments/treatments.h"

namespace concord::treatments {

struct PortalDeps {
  const portal::Words* words = nullptr;
  /// How the patient says medicines were taken since a day, newest first, one a treatment and day.
  std::function<std::vector<TakenDay>(db::Tx&, OrganizationId, PatientId, Date since)> taken;
};
std::vector<portal::View> portal_views(const PortalDeps& deps);

/// Adds a report of the patient's side about a treatment they take or took; invalid with an issue at "treatment_id" or "on".
Result<void> report_side_effect(db::Tx& tx, OrganizationId organization, const Report& report, Date today);

}  // namespace concord::treatments
