// Routes of visits: for the staff, and for the patient's portal. What other slices ask of visits stands at the end.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.h"
#include "messaging/messaging.h"
#include "patients/chart.h"
#include "portal/view.h"
#include "visits/visits.h"

namespace concord::visits {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  /// True when somebody may have visits at the site.
  std::function<bool(db::Tx&, OrganizationId, UserId, SiteId)> may_hold;
  /// Name of the clinic, as it stands in a calendar file.
  std::function<std::string(db::Tx&, OrganizationId, SiteId)> site_name;
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  /// A contact of kind no_show for the visit, in its transaction; and taking it back.
  std::function<Uuid(db::Tx&, const Asker&, const Place&, const Visit&)> record_no_show;
  std::function<void(db::Tx&, OrganizationId, PatientId, const Uuid& contact, Instant now)> take_back_no_show;
  /// A text nobody can guess (at least 128 bits), letters and digits.
  std::function<std::string()> code;
  messaging::Notify notify;
  /// Tells the patient (messaging/patient_messages.h): `kind` is visits.booked, visits.changed, visits.cancelled. Empty: nobody
  /// is told.
  std::function<void(db::Tx&, OrganizationId, PatientId, std::string_view kind, const Uuid& visit, const std::string& once)>
      tell_patient;
  /// Who looks, for a portal caller.
  std::function<Result<portal::Viewer>(db::Tx&, const Caller&, Instant)> viewer;
  std::string public_url;  ///< stands for the clinic as organizer in calendar files
};

std::vector<http::Route> routes(const Deps& deps);
/// View "visits".
portal::View portal_view(const Deps& deps);

/// Member "visits" of the patient page: {"next", "last_no_show", "no_shows_90_days"}.
void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// The contact that was written down for the visit: the visit is done. not found for another patient's visit, conflict for a
/// cancelled one and for one that has a contact.
Result<void> take_contact(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Uuid& visit,
                          const Uuid& contact);

/// The site's link template with the code, or nullopt when the site has no video service.
std::optional<std::string> video_link_of(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view code);

}  // namespace concord::visits
