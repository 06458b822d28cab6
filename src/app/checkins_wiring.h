// What check-ins are lent by the other slices, and what they lend: `send` for reminders and the portal, who holds a link, the
// portal's view and "answer now".
#pragma once

#include <vector>

#include "app/admission.h"
#include "app/slices.h"
#include "checkins/checkins_api.h"
#include "checkins/pages_api.h"
#include "jobs/worker.h"
#include "measurements/measurements_api.h"
#include "messaging/patient_messages.h"
#include "portal/portal_deps.h"
#include "portal/view.h"
#include "safety/safety_api.h"

namespace concord::app {

/// Everything must outlive the wiring.
struct CheckinsLent {
  const patients::Chart* chart = nullptr;
  const DataFiles* data = nullptr;
  const SliceSettings* settings = nullptr;
  const measurements::Deps* measurements = nullptr;
  const safety::Deps* safety = nullptr;
  messaging::TellPatient tell_patient;
  messaging::Notify notify;
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  const Clock* clock = nullptr;
};
void wire_checkins(checkins::Deps& deps, const CheckinsLent& lent);

/// Lets in whoever holds a link or its cookie.
Admit admit_form(const checkins::Deps& deps);
FormProblem form_problem(const checkins::Deps& deps);
/// For reminders, and whoever else sends a check-in in a transaction of their own.
checkins::Send checkin_sender(const checkins::Deps& deps, const Clock& clock);
/// GET /api/v1/portal/check-ins ...
portal::View check_ins_view(const checkins::Deps& deps);
/// ... and "answer now".
std::vector<http::Route> portal_checkin_routes(const checkins::Deps& deps, const portal::Deps& portal);
/// Writes down what has expired, and removes answers that were never sent, after their time.
void keep_checkins(const checkins::Deps& deps, jobs::Worker& worker, db::Database& database, const Clock& clock);

}  // namespace concord::app
