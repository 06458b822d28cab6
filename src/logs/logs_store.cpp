#include "logs/logs_store.h"

#include "logs/logs_sql.h"

namespace concord::logs {
namespace {

std::optional<int> maybe_int(const db::Row& row, int column) {
  const auto value = row.maybe_integer(column);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

Log read_log(const db::Row& row) {
  Log l;
  l.patient = row.id<PatientId>(0);
  l.on = row.date(1);
  l.id = row.id<LogId>(2);
  l.kind = row.string(3);
  l.score = maybe_int(row, 4);
  l.words = row.string(5);
  l.pleasure = maybe_int(row, 6);
  l.mastery = maybe_int(row, 7);
  if (!row.is_null(8)) l.treatment = row.uuid(8);
  l.taken = row.maybe_string(9);
  l.bother = maybe_int(row, 10);
  l.labels = row.string(11);
  l.by = row.id<UserId>(12);
  l.on_behalf_by = row.maybe_id<UserId>(13);
  l.at = row.instant(14);
  return l;
}

}  // namespace

void insert(db::Tx& tx, OrganizationId organization, const Log& l) {
  tx.run(sql::kInsertLog, {organization, l.patient, l.on, l.id, l.kind, l.score, l.words, l.pleasure, l.mastery, l.treatment,
                           l.taken, l.bother, l.labels, l.by, l.on_behalf_by, l.at});
}

std::vector<Log> list_since(db::Tx& tx, OrganizationId organization, PatientId patient, Date since) {
  return tx.all(sql::kListSince, {organization, patient, since}, read_log);
}

std::vector<Log> list_before(db::Tx& tx, OrganizationId organization, PatientId patient,
                             const std::optional<std::pair<Date, LogId>>& before, const std::optional<std::string>& kind,
                             int limit) {
  Uuid highest;
  highest.bytes.fill(0xFF);
  const auto from = before.value_or(std::pair(Date::ymd(2200, 1, 1), LogId(highest)));
  return tx.all(sql::kListBefore, {organization, patient, from.first, from.second, kind, limit}, read_log);
}

}  // namespace concord::logs
