#include "community/community_store.h"

#include "base/text.h"
#include "community/community_sql.h"

namespace concord::community {
namespace {

Service read_service(const db::Row& row) {
  Service s;
  s.id = row.id<ServiceId>(0);
  s.name = row.string(1);
  s.kinds = words(row.text(2), ' ');
  s.areas = words(row.text(3), ';');
  s.languages = words(row.text(4), ' ');
  s.phone = row.string(5);
  s.hours = row.string(6);
  s.web = row.string(7);
  s.eligibility = row.string(8);
  s.cost = row.string(9);
  s.note = row.string(10);
  s.checked = row.maybe_date(11);
  s.withdrawn = row.boolean(12);
  s.updated_at = row.instant(13);
  s.version = row.integer(14);
  return s;
}

Need read_need(const db::Row& row) {
  Need n;
  n.patient = row.id<PatientId>(0);
  n.id = row.id<NeedId>(1);
  n.kind = row.string(2);
  n.state = row.string(3);
  n.later_until = row.maybe_date(4);
  n.source = row.string(5);
  n.found = row.date(6);
  n.note = row.string(7);
  n.labels = row.string(8);
  n.created_by = row.id<UserId>(9);
  n.changed_at = row.instant(10);
  n.version = row.integer(11);
  return n;
}

Referral read_referral(const db::Row& row) {
  Referral r;
  r.patient = row.id<PatientId>(0);
  r.id = row.id<ReferralId>(1);
  r.site = row.id<SiteId>(2);
  r.need = row.id<NeedId>(3);
  r.kind = row.string(4);
  r.service = row.id<ServiceId>(5);
  r.state = row.string(6);
  r.sent = row.date(7);
  r.sent_by_way = row.string(8);
  r.shares = words(row.text(9), ' ');
  r.consent_method = row.string(10);
  r.consent_date = row.date(11);
  r.consent_by = row.id<UserId>(12);
  r.consent_withdrawn = row.maybe_date(13);
  r.accepted = row.maybe_date(14);
  r.declined = row.maybe_date(15);
  r.seen = row.maybe_date(16);
  r.seen_confirmed_by = row.maybe_string(17);
  r.closed = row.maybe_date(18);
  r.outcome = row.maybe_string(19);
  r.reason = row.string(20);
  r.owner = row.id<UserId>(21);
  r.note = row.string(22);
  r.labels = row.string(23);
  r.created_by = row.id<UserId>(24);
  r.created_at = row.instant(25);
  r.version = row.integer(26);
  return r;
}

ReferralEvent read_event(const db::Row& row) {
  ReferralEvent e;
  e.referral = row.id<ReferralId>(0);
  e.id = row.uuid(1);
  e.at = row.instant(2);
  e.on = row.date(3);
  e.by_kind = row.string(4);
  e.by = row.id<UserId>(5);
  e.on_behalf_by = row.maybe_id<UserId>(6);
  e.kind = row.string(7);
  e.detail = row.string(8);
  e.reason = row.string(9);
  return e;
}

}  // namespace

std::optional<Service> find(db::Tx& tx, OrganizationId organization, ServiceId service) {
  return tx.one(sql::kFindService, {organization, service}, read_service);
}

std::vector<Service> list_services(db::Tx& tx, OrganizationId organization, bool withdrawn, std::string_view after, int limit) {
  return tx.all(sql::kListServices, {organization, withdrawn, after, limit}, read_service);
}

std::string page_key(const Service& service) { return fold(service.name); }

bool insert(db::Tx& tx, OrganizationId organization, const Service& s) {
  const auto folded = fold(s.name), kinds = joined(s.kinds, ' '), areas = joined(s.areas, ';'),
             languages = joined(s.languages, ' ');
  return tx.run(sql::kInsertService, {organization, s.id, s.name, folded, kinds, areas, languages, s.phone, s.hours, s.web,
                                      s.eligibility, s.cost, s.note, s.checked, s.withdrawn, s.updated_at, s.version}) > 0;
}

bool update(db::Tx& tx, OrganizationId organization, const Service& s, std::int64_t version) {
  const auto folded = fold(s.name), kinds = joined(s.kinds, ' '), areas = joined(s.areas, ';'),
             languages = joined(s.languages, ' ');
  return tx.run(sql::kUpdateService, {organization, s.id, version, s.name, folded, kinds, areas, languages, s.phone, s.hours,
                                      s.web, s.eligibility, s.cost, s.note, s.checked, s.withdrawn, s.updated_at}) > 0;
}

ImportCounts import_services(db::Tx& tx, OrganizationId organization, const std::vector<Service>& services, IdSource& ids,
                             Instant now) {
  ImportCounts counts;
  for (const auto& given : services) {
    Service s = given;
    s.updated_at = now;
    const auto known = tx.one(sql::kFindServiceByName, {organization, fold(s.name)}, read_service);
    if (!known) {
      s.id = ServiceId(ids.next());
      insert(tx, organization, s);
      ++counts.added;
      continue;
    }
    s.id = known->id;
    s.withdrawn = known->withdrawn;
    if (s.same_words(*known)) {
      ++counts.unchanged;
      continue;
    }
    update(tx, organization, s, known->version);
    ++counts.changed;
  }
  return counts;
}

std::vector<Need> list_needs(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListNeeds, {organization, patient}, read_need);
}

std::optional<Need> find(db::Tx& tx, OrganizationId organization, PatientId patient, NeedId need) {
  return tx.one(sql::kFindNeed, {organization, patient, need}, read_need);
}

void insert(db::Tx& tx, OrganizationId organization, const Need& n) {
  tx.run(sql::kInsertNeed, {organization, n.patient, n.id, n.kind, n.state, n.later_until, n.source, n.found, n.note, n.labels,
                            n.created_by, n.changed_at, n.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Need& n, std::int64_t version) {
  return tx.run(sql::kUpdateNeed,
                {organization, n.patient, n.id, version, n.state, n.later_until, n.note, n.labels, n.changed_at}) > 0;
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const NeedChange& c) {
  tx.run(sql::kInsertNeedChange,
         {organization, patient, c.need, c.id, c.at, c.by_kind, c.by, c.on_behalf_by, c.before, c.after, c.reason});
}

std::vector<NeedChange> list_need_changes(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListNeedChanges, {organization, patient}, [](const db::Row& row) {
    NeedChange c;
    c.need = row.id<NeedId>(0);
    c.id = row.uuid(1);
    c.at = row.instant(2);
    c.by_kind = row.string(3);
    c.by = row.id<UserId>(4);
    c.on_behalf_by = row.maybe_id<UserId>(5);
    c.before = row.maybe_string(6);
    c.after = row.string(7);
    c.reason = row.string(8);
    return c;
  });
}

std::vector<Need> list_wanted(db::Tx& tx, OrganizationId organization, SiteId site, const AfterNeed& after, int limit) {
  return tx.all(sql::kListWanted, {organization, site, after.changed_at, after.id, limit}, read_need);
}

void insert(db::Tx& tx, OrganizationId organization, const Screening& s) {
  const auto asked = joined(s.asked, ' '), found = joined(s.found, ' ');
  tx.run(sql::kInsertScreening, {organization, s.patient, s.id, s.form, s.on, asked, found, s.refused, s.by, s.at});
}

std::vector<Screening> list_screenings(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListScreenings, {organization, patient}, [](const db::Row& row) {
    Screening s;
    s.patient = row.id<PatientId>(0);
    s.id = row.uuid(1);
    s.form = row.string(2);
    s.on = row.date(3);
    s.asked = words(row.text(4), ' ');
    s.found = words(row.text(5), ' ');
    s.refused = row.boolean(6);
    s.by = row.id<UserId>(7);
    s.at = row.instant(8);
    return s;
  });
}

std::vector<Referral> list_referrals(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListReferrals, {organization, patient}, read_referral);
}

std::optional<Referral> find(db::Tx& tx, OrganizationId organization, PatientId patient, ReferralId referral) {
  return tx.one(sql::kFindReferral, {organization, patient, referral}, read_referral);
}

void insert(db::Tx& tx, OrganizationId organization, const Referral& r) {
  const auto shares = joined(r.shares, ' ');
  tx.run(sql::kInsertReferral, {organization,
                                r.patient,
                                r.id,
                                r.site,
                                r.need,
                                r.kind,
                                r.service,
                                r.state,
                                r.sent,
                                r.sent_by_way,
                                shares,
                                r.consent_method,
                                r.consent_date,
                                r.consent_by,
                                r.consent_withdrawn,
                                r.accepted,
                                r.declined,
                                r.seen,
                                r.seen_confirmed_by,
                                r.closed,
                                r.outcome,
                                r.reason,
                                r.owner,
                                r.note,
                                r.labels,
                                r.created_by,
                                r.created_at,
                                r.version});
}

bool update(db::Tx& tx, OrganizationId organization, const Referral& r, std::int64_t version) {
  return tx.run(sql::kUpdateReferral, {organization, r.patient, r.id, version, r.state, r.consent_withdrawn, r.accepted,
                                       r.declined, r.seen, r.seen_confirmed_by, r.closed, r.outcome, r.reason, r.owner, r.note}) >
         0;
}

void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const ReferralEvent& e) {
  tx.run(sql::kInsertEvent,
         {organization, patient, e.referral, e.id, e.at, e.on, e.by_kind, e.by, e.on_behalf_by, e.kind, e.detail, e.reason});
}

std::vector<ReferralEvent> list_events(db::Tx& tx, OrganizationId organization, PatientId patient, ReferralId referral) {
  return tx.all(sql::kListEvents, {organization, patient, referral}, read_event);
}

std::vector<ReferralEvent> list_events_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListEventsOfPatient, {organization, patient}, read_event);
}

std::vector<Referral> list_open(db::Tx& tx, OrganizationId organization, SiteId site, std::optional<UserId> owner,
                                const std::optional<std::string>& kind, const AfterReferral& after, int limit) {
  return tx.all(sql::kListOpenReferrals, {organization, site, after.sent, after.id, limit, owner, kind}, read_referral);
}

OpenCounts count_open(db::Tx& tx, OrganizationId organization, SiteId site, Date sent_until) {
  const auto counts = tx.one(sql::kCountOpen, {organization, site, sent_until},
                             [](const db::Row& row) { return OpenCounts{row.integer(0), row.maybe_integer(1).value_or(0)}; });
  return counts.value_or(OpenCounts{});
}

}  // namespace concord::community
