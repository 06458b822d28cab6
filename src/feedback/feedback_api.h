// Feedback in the portal (view "feedback" and its act), and the program manager's list of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "feedback/feedback.h"
#include "messaging/messaging.h"
#include "messaging/patient_messages.h"
#include "patients/chart.h"
#include "portal/view.h"
#include "portal/words.h"

namespace concord::feedback {

using patients::Asker;
using patients::Chart;

struct Deps {
  const Chart* chart = nullptr;
  const portal::Words* words = nullptr;
  std::function<portal::Viewer(db::Tx&, const Caller&, Instant)> viewer_of;
  std::function<std::string(db::Tx&, OrganizationId, PatientId)> labels_of;
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// Who reads feedback of a site.
  std::function<std::vector<UserId>(db::Tx&, OrganizationId, SiteId)> managers;
  messaging::Notify notify;
  messaging::TellPatient tell_patient;
};

std::vector<http::Route> routes(const Deps& deps);
std::vector<portal::View> portal_views(const Deps& deps);
std::vector<http::Route> portal_routes(const Deps& deps);

}  // namespace concord::feedback
