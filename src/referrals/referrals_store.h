// Reads and writes referral and referral_attempt. A referral has its own site: pass one the caller may use.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "referrals/referrals.h"

namespace concord::referrals {

enum class Status { open, closed, all };

/// The last row of the page before.
struct After {
  Date received_date;
  ReferralId id;
};

std::optional<Referral> find(db::Tx& tx, OrganizationId organization, ReferralId referral);
/// Newest first.
std::vector<Referral> list(db::Tx& tx, OrganizationId organization, PatientId patient);
/// Of one site. `open`: without an outcome, or sent elsewhere and not confirmed there; longest waiting first.
/// `closed`, `all`: newest first.
std::vector<Referral> list(db::Tx& tx, OrganizationId organization, SiteId site, Status status, const std::optional<After>& after,
                           int limit);
void insert(db::Tx& tx, OrganizationId organization, const Referral& referral);
/// False when `referral.version` is stale.
bool set_outcome(db::Tx& tx, OrganizationId organization, const Referral& referral, std::string_view outcome, Date on);
/// For an episode that was enrolled or closed: does nothing when an outcome is known.
void set_outcome(db::Tx& tx, OrganizationId organization, ReferralId referral, std::string_view outcome, Date on);
bool set_seen_elsewhere(db::Tx& tx, OrganizationId organization, const Referral& referral, Date on);

std::vector<Attempt> list_attempts(db::Tx& tx, OrganizationId organization, ReferralId referral);
void insert(db::Tx& tx, OrganizationId organization, const Attempt& attempt);

/// Bulk, for imports and simulation.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Referral> referrals, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Attempt> attempts, Instant now);

}  // namespace concord::referrals
