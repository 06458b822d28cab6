// Reads and writes the seven tables of community. Services belong to the organization; needs and referrals to a patient.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "community/community.h"
#include "community/directory_file.h"
#include "db/database.h"

namespace concord::community {

// ---- directory
std::optional<Service> find(db::Tx& tx, OrganizationId organization, ServiceId service);
/// By folded name, after that of the page before.
std::vector<Service> list_services(db::Tx& tx, OrganizationId organization, bool withdrawn, std::string_view after, int limit);
std::string page_key(const Service& service);
/// False when the directory has one of that name.
bool insert(db::Tx& tx, OrganizationId organization, const Service& service);
/// False when the version is stale. ConstraintViolation idx_community_service__name for a name that another one has.
bool update(db::Tx& tx, OrganizationId organization, const Service& service, std::int64_t version);
/// Adds what is new and changes what is known by name.
ImportCounts import_services(db::Tx& tx, OrganizationId organization, const std::vector<Service>& services, IdSource& ids,
                             Instant now);

// ---- needs
std::vector<Need> list_needs(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Need> find(db::Tx& tx, OrganizationId organization, PatientId patient, NeedId need);
void insert(db::Tx& tx, OrganizationId organization, const Need& need);
bool update(db::Tx& tx, OrganizationId organization, const Need& need, std::int64_t version);
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const NeedChange& change);
std::vector<NeedChange> list_need_changes(db::Tx& tx, OrganizationId organization, PatientId patient);
struct AfterNeed {
  Instant changed_at{};
  NeedId id;
};
/// Needs with which patients of the site want help and for which no referral is open, the longest waiting first.
std::vector<Need> list_wanted(db::Tx& tx, OrganizationId organization, SiteId site, const AfterNeed& after, int limit);
void insert(db::Tx& tx, OrganizationId organization, const Screening& screening);
/// Newest first.
std::vector<Screening> list_screenings(db::Tx& tx, OrganizationId organization, PatientId patient);

// ---- referrals
/// Newest first.
std::vector<Referral> list_referrals(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Referral> find(db::Tx& tx, OrganizationId organization, PatientId patient, ReferralId referral);
void insert(db::Tx& tx, OrganizationId organization, const Referral& referral);
bool update(db::Tx& tx, OrganizationId organization, const Referral& referral, std::int64_t version);
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const ReferralEvent& event);
std::vector<ReferralEvent> list_events(db::Tx& tx, OrganizationId organization, PatientId patient, ReferralId referral);
std::vector<ReferralEvent> list_events_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);
struct AfterReferral {
  Date sent = Date::ymd(1800, 1, 1);
  ReferralId id;
};
/// Open ones of a site, the longest waiting first.
std::vector<Referral> list_open(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<UserId> owner,
                                const std::optional<std::string>& kind, const AfterReferral& after, int limit);
struct OpenCounts {
  std::int64_t open = 0, overdue = 0;
};
/// Overdue: sent on or before `sent_until` and not confirmed.
OpenCounts count_open(db::Tx& tx, OrganizationId organization, SiteId site, Date sent_until);

}  // namespace concord::community
