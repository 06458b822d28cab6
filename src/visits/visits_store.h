// Reads and writes visit, visit_change and visit_settings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/database.h"
#include "visits/visits.h"

namespace concord::visits {

std::optional<Visit> find(db::Tx& tx, OrganizationId organization, PatientId patient, VisitId visit);
/// Newest start first, at most `most`.
std::vector<Visit> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient, int most);

/// The last row of the page before.
struct AfterVisit {
  Instant starts_at{};
  VisitId id;
};
/// Visits of a site that start in [from, until), by start; `staff`, `state`: only theirs, only those.
std::vector<Visit> list_of_site(db::Tx& tx, OrganizationId organization, SiteId site, Instant from, Instant until,
                                std::optional<UserId> staff, const std::optional<std::string>& state, const AfterVisit& after,
                                int limit);
/// Open visits (booked, arrived) of the person or of the patient that touch the time, `except` left out.
std::vector<Visit> overlapping_of_staff(db::Tx& tx, OrganizationId organization, UserId staff, Instant from, Instant until,
                                        VisitId except);
std::vector<Visit> overlapping_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient, Instant from, Instant until,
                                          VisitId except);
/// Booked visits that start in [from, until), by start, at most `most`: lent to the reminders. Confidential ones are left out:
/// a reminder goes to an address that somebody else at home may read.
std::vector<Upcoming> upcoming(db::Tx& tx, OrganizationId organization, Instant from, Instant until, int most);

void insert(db::Tx& tx, OrganizationId organization, const Visit& visit);
/// Changes the row with `version`; false when that is stale.
bool update(db::Tx& tx, OrganizationId organization, const Visit& visit, std::int64_t version);
void insert(db::Tx& tx, OrganizationId organization, const VisitChange& change);
std::vector<VisitChange> list_changes(db::Tx& tx, OrganizationId organization, VisitId visit);
/// Every change of every visit of the patient, with the visit it belongs to.
std::vector<VisitChange> list_changes_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);

struct Settings {
  std::optional<std::string> video_link_template;
  std::string place;
  std::int64_t version = 0;  ///< 0: nobody has set anything
};
Settings settings_of(db::Tx& tx, OrganizationId organization, SiteId site);
/// Adds version `settings.version`; false when somebody else was faster.
bool insert(db::Tx& tx, OrganizationId organization, SiteId site, const Settings& settings, UserId by, Instant at);

}  // namespace concord::visits
