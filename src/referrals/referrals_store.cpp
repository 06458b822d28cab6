#include "referrals/referrals_store.h"

#include "referrals/referrals_sql.h"

namespace concord::referrals {
namespace {

Referral read_referral(const db::Row& row) {
  Referral r;
  r.id = row.id<ReferralId>(0);
  r.patient = row.id<PatientId>(1);
  r.site = row.id<SiteId>(2);
  r.referred_by = row.string(3);
  r.referred_by_user = row.maybe_id<UserId>(4);
  r.reason = row.string(5);
  r.received_at = row.instant(6);
  r.received_date = row.date(7);
  r.outcome = row.maybe_string(8);
  r.outcome_date = row.maybe_date(9);
  r.seen_elsewhere_date = row.maybe_date(10);
  r.version = row.integer(11);
  return r;
}

Attempt read_attempt(const db::Row& row) {
  Attempt a;
  a.id = row.uuid(0);
  a.referral = row.id<ReferralId>(1);
  a.at = row.instant(2);
  a.on = row.date(3);
  a.by = row.id<UserId>(4);
  a.modality = row.string(5);
  a.result = row.string(6);
  a.note = row.string(7);
  return a;
}

ReferralId highest_id() {
  Uuid id;
  id.bytes.fill(0xFF);
  return ReferralId(id);
}

// The columns of a row in the order of the table; they look into what they are given.

std::vector<db::Param> values_of(OrganizationId organization, const Referral& r) {
  return {organization, r.id,          r.patient,       r.site,    r.referred_by,  r.referred_by_user,
          r.reason,     r.received_at, r.received_date, r.outcome, r.outcome_date, r.seen_elsewhere_date,
          r.version};
}

std::vector<db::Param> values_of(OrganizationId organization, const Attempt& a) {
  return {organization, a.referral, a.id, a.at, a.on, a.by, a.modality, a.result, a.note};
}

}  // namespace

std::optional<Referral> find(db::Tx& tx, OrganizationId organization, ReferralId referral) {
  return tx.one(sql::kFindReferral, {organization, referral}, read_referral);
}

std::vector<Referral> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListOfPatient, {organization, patient}, read_referral);
}

std::vector<Referral> list(db::Tx& tx, OrganizationId organization, SiteId site, Status status, const std::optional<After>& after,
                           int limit) {
  if (status == Status::open) {
    const After from = after.value_or(After{Date::ymd(1800, 1, 1), {}});
    return tx.all(sql::kListOpen, {organization, site, from.received_date, from.id, limit}, read_referral);
  }
  const After from = after.value_or(After{Date::ymd(2200, 12, 31), highest_id()});
  return tx.all(status == Status::closed ? sql::kListClosed : sql::kListSite,
                {organization, site, from.received_date, from.id, limit}, read_referral);
}

void insert(db::Tx& tx, OrganizationId organization, const Referral& r) {
  tx.run(sql::kInsertReferral, values_of(organization, r));
}

bool set_outcome(db::Tx& tx, OrganizationId organization, const Referral& r, std::string_view outcome, Date on) {
  return tx.run(sql::kSetOutcome, {organization, r.id, r.version, outcome, on}) > 0;
}

void set_outcome(db::Tx& tx, OrganizationId organization, ReferralId referral, std::string_view outcome, Date on) {
  tx.run(sql::kSetOutcomeOnce, {organization, referral, outcome, on});
}

bool set_seen_elsewhere(db::Tx& tx, OrganizationId organization, const Referral& r, Date on) {
  return tx.run(sql::kSetSeenElsewhere, {organization, r.id, r.version, on}) > 0;
}

std::vector<Attempt> list_attempts(db::Tx& tx, OrganizationId organization, ReferralId referral) {
  return tx.all(sql::kListAttempts, {organization, referral}, read_attempt);
}

void insert(db::Tx& tx, OrganizationId organization, const Attempt& a) {
  tx.run(sql::kInsertAttempt, values_of(organization, a));
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Referral> referrals, Instant) {
  static constexpr std::string_view kColumns[] = {
      "organization_id", "referral_id",   "patient_id", "site_id",      "referred_by",         "referred_by_user", "reason",
      "received_at",     "received_date", "outcome",    "outcome_date", "seen_elsewhere_date", "version"};
  std::size_t next = 0;
  tx.load("referral", kColumns, [&](std::vector<db::Param>& values) {
    if (next == referrals.size()) return false;
    values = values_of(organization, referrals[next++]);
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Attempt> attempts, Instant) {
  static constexpr std::string_view kColumns[] = {"organization_id", "referral_id", "attempt_id", "at",  "attempt_date",
                                                  "by_user",         "modality",    "result",     "note"};
  std::size_t next = 0;
  tx.load("referral_attempt", kColumns, [&](std::vector<db::Param>& values) {
    if (next == attempts.size()) return false;
    values = values_of(organization, attempts[next++]);
    return true;
  });
}

}  // namespace concord::referrals
