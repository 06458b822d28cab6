// Routes of groups: for the staff, and for the patient's portal. What other slices and app/ ask of groups stands at the end.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.h"
#include "groups/groups.h"
#include "messaging/messaging.h"
#include "patients/chart.h"
#include "portal/view.h"

namespace concord::groups {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// True when somebody may lead groups at the site.
  std::function<bool(db::Tx&, OrganizationId, UserId, SiteId)> may_lead;
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  /// A contact for somebody who came, in its transaction; and taking it back. Each brings the caseload row up to date.
  std::function<Uuid(db::Tx&, const Asker&, const Group&, const Session&, const Attendance&)> record_contact;
  std::function<void(db::Tx&, OrganizationId, PatientId, const Uuid& contact, Instant now)> take_back_contact;
  /// The site's video service with the code (visits_api.h video_link_of).
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, SiteId, std::string_view code)> video_link;
  /// A text nobody can guess (at least 128 bits).
  std::function<std::string()> code;
  messaging::Notify notify;
  /// Tells the patient: `kind` is groups.place or groups.changed. Empty: nobody is told.
  std::function<void(db::Tx&, OrganizationId, PatientId, std::string_view kind, const Uuid& object, const std::string& once)>
      tell_patient;
  /// Who looks, for a portal caller.
  std::function<Result<portal::Viewer>(db::Tx&, const Caller&, Instant)> viewer;
};

std::vector<http::Route> routes(const Deps& deps);
/// View "groups".
portal::View portal_view(const Deps& deps);

/// Member "groups" of the patient page.
void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// Ends offers whose time is over and offers the places to those who wait; how many rows changed. For a job.
int sweep(const Deps& deps, db::Tx& tx, OrganizationId organization, Instant now);

}  // namespace concord::groups
