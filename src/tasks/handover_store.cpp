#include "tasks/handover_store.h"

#include "tasks/tasks_sql.h"

namespace concord::tasks {
namespace {

HandOver read_hand_over(const db::Row& row) {
  HandOver h;
  h.id = row.id<HandOverId>(0);
  h.site = row.id<SiteId>(1);
  h.from_user = row.id<UserId>(2);
  h.to_user = row.id<UserId>(3);
  h.from = row.date(4);
  h.until = row.maybe_date(5);
  h.planned_until = row.maybe_date(6);
  h.all_patients = row.boolean(7);
  h.patients = static_cast<int>(row.integer(8));
  h.tasks = static_cast<int>(row.integer(9));
  h.reason = row.string(10);
  h.made_by = row.id<UserId>(11);
  h.made_at = row.instant(12);
  h.ended_by = row.maybe_id<UserId>(13);
  h.ended_at = row.maybe_instant(14);
  h.version = row.integer(15);
  return h;
}

}  // namespace

AfterHandOver newest_hand_over() {
  Uuid highest;
  highest.bytes.fill(0xFF);
  return {Instant(Date::ymd(2200, 12, 31).sys()), HandOverId(highest)};
}

std::optional<HandOver> find(db::Tx& tx, OrganizationId organization, HandOverId hand_over) {
  return tx.one(sql::kFindHandOver, {organization, hand_over}, read_hand_over);
}

std::vector<HandOver> list_hand_overs(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<Date> current_on,
                                      const AfterHandOver& after, int limit) {
  return tx.all(sql::kListHandOvers, {organization, site, after.at, after.id, limit, current_on}, read_hand_over);
}

std::vector<HandOver> list_covers(db::Tx& tx, OrganizationId organization, SiteId site, Date first, Date last) {
  return tx.all(sql::kListCoversBetween, {organization, site, first, last}, read_hand_over);
}

std::vector<HandOver> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListOfHandOverPatient, {organization, patient}, read_hand_over);
}

std::vector<PatientId> list_patients(db::Tx& tx, OrganizationId organization, HandOverId hand_over) {
  return tx.all(sql::kListHandOverPatients, {organization, hand_over}, [](const db::Row& row) { return row.id<PatientId>(0); });
}

void insert(db::Tx& tx, OrganizationId organization, const HandOver& h, std::span<const PatientId> patients) {
  tx.run(sql::kInsertHandOver,
         {organization, h.id, h.site, h.from_user, h.to_user, h.from, h.until, h.planned_until, h.all_patients, h.patients,
          h.tasks, h.reason, h.made_by, h.made_at, h.ended_by, h.ended_at, h.version});
  for (const auto patient : patients) tx.run(sql::kInsertHandOverPatient, {organization, h.id, patient});
}

bool end(db::Tx& tx, OrganizationId organization, const HandOver& h, std::int64_t version) {
  return tx.run(sql::kEndHandOver, {organization, h.id, version, h.until, h.ended_by, h.ended_at}) > 0;
}

Covers covers_on(db::Tx& tx, OrganizationId organization, Date day) {
  Covers covers;
  tx.each(sql::kCoversOn, {organization, day}, [&](const db::Row& row) {
    const auto id = row.id<HandOverId>(0);
    if (covers.empty() || covers.back().id != id) {
      Cover cover;
      cover.id = id;
      cover.site = row.id<SiteId>(1);
      cover.absent = row.id<UserId>(2);
      cover.stand_in = row.id<UserId>(3);
      cover.from = row.date(4);
      cover.until = row.date(5);
      cover.all_patients = row.boolean(6);
      covers.push_back(std::move(cover));
    }
    if (!row.is_null(7)) covers.back().patients.push_back(row.id<PatientId>(7));
  });
  return covers;
}

}  // namespace concord::tasks
