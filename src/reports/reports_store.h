// Tables of the reports: versions of the assumptions, annotations of charts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "db/database.h"
#include "reports/costs.h"

namespace concord::reports {

using AnnotationId = Id<struct ReportAnnotationTag>;

struct AssumptionsVersion {
  std::int64_t version = 1;
  Assumptions values;  ///< those somebody has set
  std::string reason;
  std::optional<UserId> by;
  std::optional<Instant> at;
};
/// The newest first; version 1, the program's defaults, is stored nowhere and not in the list.
std::vector<AssumptionsVersion> assumption_versions(db::Tx& tx, OrganizationId organization);
/// False when the version exists already.
bool insert(db::Tx& tx, OrganizationId organization, const AssumptionsVersion& version);

/// A change that explains a chart: "new care manager started".
struct Annotation {
  AnnotationId id;
  Date on;
  std::optional<SiteId> site;         ///< nullopt: all of the organization
  std::optional<std::string> figure;  ///< nullopt: every chart
  std::string words;
  UserId created_by;
  Instant created_at{};
  std::optional<Instant> ended_at;
  std::optional<UserId> ended_by;
  std::string end_reason;
  std::int64_t version = 1;
};
std::vector<Annotation> annotations(db::Tx& tx, OrganizationId organization, Date from, Date to);
std::optional<Annotation> find(db::Tx& tx, OrganizationId organization, AnnotationId id);
void insert(db::Tx& tx, OrganizationId organization, const Annotation& annotation);
/// False when it was changed since `version`, or has ended.
bool end(db::Tx& tx, OrganizationId organization, const Annotation& ended, std::int64_t version);

}  // namespace concord::reports
