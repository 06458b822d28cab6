// Reads and writes patient_log.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "db/database.h"
#include "logs/logs.h"

namespace concord::logs {

void insert(db::Tx& tx, OrganizationId organization, const Log& log);
/// Since a day, newest first.
std::vector<Log> list_since(db::Tx& tx, OrganizationId organization, PatientId patient, Date since);
/// Newest first, those before (day, id); `kind` nullopt: every kind.
std::vector<Log> list_before(db::Tx& tx, OrganizationId organization, PatientId patient,
                             const std::optional<std::pair<Date, LogId>>& before, const std::optional<std::string>& kind,
                             int limit);

}  // namespace concord::logs
