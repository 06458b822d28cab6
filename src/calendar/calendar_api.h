// Routes of a site's working calendar.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "http/route.h"

namespace concord::calendar {

/// Lent to every slice that counts working days or hours: the site's calendar with its zone, read in the caller's
/// unit of work.
using CalendarOf = std::function<Calendar(db::Tx&, OrganizationId, SiteId)>;

struct Deps {
  /// IANA zone of a site. Memory only.
  std::function<std::string(OrganizationId, SiteId)> time_zone;
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, UserId)> user_name;
  /// Brings up to date what was counted in working days at that site. In the same unit of work.
  std::function<void(db::Tx&, OrganizationId, SiteId)> calendar_changed;
};

std::vector<http::Route> routes(const Deps& deps);

}  // namespace concord::calendar
