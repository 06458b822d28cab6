// Routes of minutes, timers, what billing needs to know, the month board, closing, exports, payer settings.
// Read next: billing_api.cpp (one patient), months_api.cpp (a site's month).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "billing/billing.h"
#include "calendar/calendar.h"
#include "contacts/contacts.h"
#include "patients/chart.h"

namespace concord::billing {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  const Rules* rules = nullptr;
  /// Working days of a site.
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  std::function<std::string(db::Tx&, OrganizationId, SiteId)> site_name;
};

std::vector<http::Route> routes(const Deps& deps);
/// The part of routes() about a site's month.
std::vector<http::Route> month_routes(const Deps& deps);

/// Member "billing" of the patient page: this month.
void write_month(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
/// contacts_api.h: refuse_minutes and minutes_counted.
Result<std::optional<http::Reply>> refuse_minutes(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place,
                                                  const contacts::TimeEntry& entry,
                                                  std::optional<contacts::TimeEntryId> replaces);
int minutes_counted(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, Date day);

/// "Ruiz, Ana".
std::string display_name(db::Tx& tx, OrganizationId organization, PatientId patient);

}  // namespace concord::billing
