// Routes of the program's reports. Everything counted comes from measures/outcomes.h over the sites at which the caller holds the
// role that lets them ask; who may not open patients gets no small number (suppression.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/route.h"
#include "measures/resident.h"
#include "measures/run_chart.h"
#include "patients/chart.h"
#include "portal/words.h"
#include "reports/reports.h"

namespace concord::reports {

/// One line of a list of patients, looked up for the page that is shown.
struct PatientLine {
  std::string given_name, family_name;
  std::optional<Date> birth_date;
};
struct EpisodeLine {
  std::string state;
  std::optional<UserId> care_manager;
  std::optional<Date> enrolled;
};

/// Must outlive the routes.
struct Deps {
  const patients::Chart* chart = nullptr;
  const Rules* rules = nullptr;
  const portal::Words* words = nullptr;  ///< content/reports/words.json
  const measures::RunChartRules* run_charts = nullptr;
  /// The newest columns; nullptr: they are being prepared.
  std::function<std::shared_ptr<const measures::Resident>(db::Tx&, OrganizationId)> resident;
  /// The caller may open figures to patients at every one of their sites.
  std::function<bool(db::Tx&, const Caller&)> may_open;
  std::function<std::string(db::Tx&, OrganizationId)> organization_name;
  std::function<std::vector<std::pair<SiteId, std::string>>(db::Tx&, OrganizationId)> sites;
  /// Everybody's display name.
  std::function<std::vector<std::pair<UserId, std::string>>(db::Tx&, OrganizationId)> users;
  std::function<std::optional<PatientLine>(db::Tx&, OrganizationId, patients::PatientId)> patient;
  std::function<std::optional<EpisodeLine>(db::Tx&, OrganizationId, const Uuid&)> episode;
};

std::vector<http::Route> routes(const Deps& deps);

}  // namespace concord::reports
