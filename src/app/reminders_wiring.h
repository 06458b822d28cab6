// What reminders are lent by the other slices, and the job that plans each site's day.
#pragma once

#include <functional>

#include "app/slices.h"
#include "checkins/flow.h"
#include "jobs/worker.h"
#include "messaging/outbox.h"
#include "reminders/reminders_api.h"

namespace concord::app {

/// Everything must outlive the wiring.
struct RemindersLent {
  const patients::Chart* chart = nullptr;
  const DataFiles* data = nullptr;
  const messaging::Outbox* outbox = nullptr;
  const checkins::Deps* checkins = nullptr;
  const Clock* clock = nullptr;
  IdSource* ids = nullptr;
  messaging::TellPatients tell_patients;
};
void wire_reminders(reminders::Deps& deps, const RemindersLent& lent);

/// What a run did, for the log and the command line.
struct SiteRun {
  OrganizationId organization;
  SiteId site;
  std::string organization_name, site_name;
  Date day;
  reminders::Run run;
};
/// Plans the day of every site where it is `minute` or later and that has not finished; `day`: this one instead of today,
/// whatever the time. `keep_on`: false stops between two batches.
Result<std::vector<SiteRun>> run_reminders(const reminders::Lent& lent, db::Database& database, int minute,
                                           std::optional<Date> day, const std::function<bool()>& keep_on);
void plan_reminders(jobs::Worker& worker, db::Database& database, const reminders::Lent& lent, int minute);

}  // namespace concord::app
