#include "visits/visits_store.h"

#include "visits/visits_sql.h"

namespace concord::visits {
namespace {

Visit read_visit(const db::Row& row) {
  Visit v;
  v.id = row.id<VisitId>(0);
  v.patient = row.id<PatientId>(1);
  v.site = row.id<SiteId>(2);
  v.staff = row.id<UserId>(3);
  v.starts_at = row.instant(4);
  v.ends_at = row.instant(5);
  v.zone = row.string(6);
  v.kind = row.string(7);
  v.purpose = row.string(8);
  v.place = row.string(9);
  v.link_code = row.string(10);
  v.note = row.string(11);
  v.state = row.string(12);
  v.answer = row.string(13);
  v.answer_words = row.string(14);
  v.answered_at = row.maybe_instant(15);
  v.answered_by = row.maybe_string(16);
  v.cancelled_by = row.maybe_string(17);
  v.reason = row.string(18);
  v.overlap_reason = row.string(19);
  v.labels = row.string(20);
  if (!row.is_null(21)) v.contact = row.uuid(21);
  v.sequence = row.integer(22);
  v.created_by = row.id<UserId>(23);
  v.created_at = row.instant(24);
  v.changed_at = row.instant(25);
  v.version = row.integer(26);
  return v;
}

VisitChange read_change(const db::Row& row) {
  VisitChange c;
  c.id = row.uuid(0);
  c.visit = row.id<VisitId>(1);
  c.at = row.instant(2);
  c.by = row.id<UserId>(3);
  c.by_kind = row.string(4);
  c.on_behalf_by = row.maybe_id<UserId>(5);
  c.kind = row.string(6);
  c.starts_before = row.maybe_instant(7);
  c.ends_before = row.maybe_instant(8);
  c.staff_before = row.maybe_id<UserId>(9);
  c.kind_before = row.maybe_string(10);
  c.reason = row.string(11);
  return c;
}

/// No visit is longer, so one that began earlier cannot reach into `from`.
Instant earliest_start(Instant from) { return from - std::chrono::minutes(kMostMinutes); }

}  // namespace

std::optional<Visit> find(db::Tx& tx, OrganizationId organization, PatientId patient, VisitId visit) {
  return tx.one(sql::kFindVisit, {organization, visit, patient}, read_visit);
}

std::vector<Visit> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient, int most) {
  return tx.all(sql::kListVisitsOfPatient, {organization, patient, most}, read_visit);
}

std::vector<Visit> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, Instant from, Instant until,
                                std::optional<UserId> staff, const std::optional<std::string>& state, const AfterVisit& after,
                                int limit) {
  return tx.all(sql::kListVisitsOfSite,
                {organization, site, std::max(from, after.starts_at), until, after.starts_at, after.id, limit, staff, state},
                read_visit);
}

std::vector<Visit> overlapping_of_staff(db::Tx& tx, OrganizationId organization, UserId staff, Instant from, Instant until,
                                        VisitId except) {
  return tx.all(sql::kOverlappingOfStaff, {organization, staff, earliest_start(from), until, from, except}, read_visit);
}

std::vector<Visit> overlapping_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient, Instant from, Instant until,
                                          VisitId except) {
  return tx.all(sql::kOverlappingOfPatient, {organization, patient, earliest_start(from), until, from, except}, read_visit);
}

std::vector<Upcoming> upcoming(db::Tx& tx, OrganizationId organization, Instant from, Instant until, int most) {
  return tx.all(sql::kUpcomingVisits, {organization, from, until, most}, [](const db::Row& row) {
    return Upcoming{row.id<VisitId>(0), row.id<PatientId>(1), row.id<SiteId>(2), row.instant(3), row.string(4),
                    row.string(5),      row.string(6),        row.string(7),     row.integer(8)};
  });
}

void insert(db::Tx& tx, OrganizationId organization, const Visit& v) {
  tx.run(sql::kInsertVisit,
         {organization, v.id,           v.patient,     v.site,        v.staff,        v.starts_at,  v.ends_at,
          v.zone,       v.kind,         v.purpose,     v.place,       v.link_code,    v.note,       v.state,
          v.answer,     v.answer_words, v.answered_at, v.answered_by, v.cancelled_by, v.reason,     v.overlap_reason,
          v.labels,     v.contact,      v.sequence,    v.created_by,  v.created_at,   v.changed_at, v.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Visit& v, std::int64_t version) {
  return tx.run(sql::kUpdateVisit, {organization,   v.id,          version,       v.staff,        v.starts_at, v.ends_at,
                                    v.kind,         v.purpose,     v.place,       v.note,         v.state,     v.answer,
                                    v.answer_words, v.answered_at, v.answered_by, v.cancelled_by, v.reason,    v.overlap_reason,
                                    v.contact,      v.sequence,    v.changed_at,  v.labels}) > 0;
}

void insert(db::Tx& tx, OrganizationId organization, const VisitChange& c) {
  tx.run(sql::kInsertVisitChange, {organization, c.visit, c.id, c.at, c.by, c.by_kind, c.on_behalf_by, c.kind, c.starts_before,
                                   c.ends_before, c.staff_before, c.kind_before, c.reason});
}

std::vector<VisitChange> list_changes(db::Tx& tx, OrganizationId organization, VisitId visit) {
  return tx.all(sql::kListVisitChanges, {organization, visit}, read_change);
}

std::vector<VisitChange> list_changes_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListVisitChangesOfPatient, {organization, patient}, read_change);
}

Settings settings_of(db::Tx& tx, OrganizationId organization, SiteId site) {
  const auto found = tx.one(sql::kFindVisitSettings, {organization, site},
                            [](const db::Row& row) { return Settings{row.maybe_string(0), row.string(1), row.integer(2)}; });
  return found.value_or(Settings{});
}

bool insert(db::Tx& tx, OrganizationId organization, SiteId site, const Settings& s, UserId by, Instant at) {
  return tx.run(sql::kInsertVisitSettings, {organization, site, s.version, s.video_link_template, s.place, by, at}) > 0;
}

}  // namespace concord::visits
