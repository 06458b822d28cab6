// The state's monthly report over HTTP: figures of a month, as known at an instant, published and restated; a figure's patients.
// Read next: restatement.h, published_store.h, docs/measures.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "measures/nys.h"
#include "patients/chart.h"

namespace concord::measures {

struct Deps {
  const patients::Chart* chart = nullptr;
  const NysRules* rules = nullptr;
  /// The program's zone: that of its first site.
  std::function<std::string(db::Tx&, OrganizationId)> zone_of;
  std::function<std::string(db::Tx&, OrganizationId, SiteId)> site_name;
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, patients::PatientId)> patient;
  /// identity::role_allows
  std::function<bool(std::string_view role, std::string_view permission)> role_allows;
};

/// `deps` must outlive the routes. They share a small cache of reports that cannot change any more.
std::vector<http::Route> routes(const Deps& deps);

}  // namespace concord::measures
