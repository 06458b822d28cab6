#include "portal/accounts_store.h"

#include "portal/portal_sql.h"

namespace concord::portal {
namespace {

db::Bytes bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
db::Param maybe_bytes(const std::string& text) { return text.empty() ? db::Param(nullptr) : db::Param(bytes(text)); }

std::string raw(const db::Row& row, int column) {
  if (row.is_null(column)) return {};
  const auto view = row.bytes(column);
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

Account read_account(const db::Row& row) {
  Account a;
  a.organization = row.id<OrganizationId>(0);
  a.id = row.id<AccountId>(1);
  a.patient = row.maybe_id<PatientId>(2);
  a.display_name = row.string(3);
  a.language = row.string(4);
  a.password_hash = row.maybe_string(5);
  a.totp_secret = raw(row, 6);
  a.totp_candidate = raw(row, 7);
  a.totp_step = row.integer(8);
  a.failed_attempts = static_cast<int>(row.integer(9));
  a.created_at = row.instant(10);
  a.ended_at = row.maybe_instant(11);
  a.ended_because = row.maybe_string(12);
  a.version = row.integer(13);
  return a;
}

std::pair<OrganizationId, Invitation> read_invitation(const db::Row& row) {
  Invitation i;
  i.patient = row.id<PatientId>(0);
  i.id = row.id<InvitationId>(1);
  i.grant = row.maybe_id<GrantId>(2);
  i.channel = row.string(3);
  i.address = row.string(4);
  i.made_by = row.maybe_id<UserId>(5);
  i.made_at = row.instant(6);
  i.expires_at = row.instant(7);
  i.tries = static_cast<int>(row.integer(8));
  i.accepted_at = row.maybe_instant(9);
  i.ended_at = row.maybe_instant(10);
  i.ended_because = row.maybe_string(11);
  return {row.id<OrganizationId>(12), std::move(i)};
}

Grant read_grant(const db::Row& row) {
  Grant g;
  g.patient = row.id<PatientId>(0);
  g.id = row.id<GrantId>(1);
  g.kind = row.string(2);
  g.account = row.maybe_id<AccountId>(3);
  g.name = row.string(4);
  g.relationship = row.string(5);
  g.channel = row.string(6);
  g.address = row.string(7);
  g.language = row.string(8);
  g.scopes = read_scopes(row.text(9), ' ');
  g.part2 = row.boolean(10);
  g.invited_by_account = row.maybe_id<AccountId>(11);
  g.invited_by_user = row.maybe_id<UserId>(12);
  g.wish = row.maybe_string(13);
  g.invited_at = row.instant(14);
  g.agreed_at = row.instant(15);
  g.accepted_at = row.maybe_instant(16);
  g.expires_at = row.instant(17);
  g.last_used_at = row.maybe_instant(18);
  g.ended_at = row.maybe_instant(19);
  g.ended_by = row.maybe_string(20);
  g.ended_because = row.maybe_string(21);
  g.version = row.integer(22);
  return g;
}

Passkey read_passkey(const db::Row& row) {
  Passkey p;
  p.organization = row.id<OrganizationId>(0);
  p.account = row.id<AccountId>(1);
  p.id = row.id<PasskeyId>(2);
  p.credential_id = row.string(3);
  p.algorithm = static_cast<int>(row.integer(4));
  p.public_key = raw(row, 5);
  p.sign_count = row.integer(6);
  p.name = row.string(7);
  p.created_at = row.instant(8);
  p.last_used_at = row.maybe_instant(9);
  return p;
}

void note(db::Tx& tx, OrganizationId organization, const Grant& grant, Instant now, std::string_view act, const By& by) {
  tx.run(sql::kGrantNoteChange, {organization, grant.patient, grant.id, now, act, by.kind, by.id});
}

template <class IdType>
IdType highest() {
  Uuid id;
  id.bytes.fill(0xFF);
  return IdType(id);
}

}  // namespace

void insert_account(db::Tx& tx, const Account& a) {
  tx.run(sql::kAccountInsert, {a.organization, a.id, a.patient, a.display_name, a.language, a.password_hash,
                               maybe_bytes(a.totp_secret), a.created_at});
}

std::optional<Account> find_account(db::Tx& tx, OrganizationId organization, AccountId account) {
  return tx.one(sql::kAccountFind, {organization, account}, read_account);
}

std::optional<Account> account_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kAccountOfPatient, {organization, patient}, read_account);
}

std::optional<Account> last_account_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kAccountLastOfPatient, {organization, patient}, read_account);
}

std::vector<Account> accounts_by_name(db::Tx& tx, std::string_view address_folded) {
  return tx.all(sql::kAccountByName, {address_folded}, read_account);
}

std::optional<Account> account_by_contact(db::Tx& tx, OrganizationId organization, std::string_view address_folded) {
  return tx.one(sql::kAccountByContact, {organization, address_folded}, read_account);
}

std::vector<Account> list_accounts(db::Tx& tx, OrganizationId organization, const std::optional<AccountId>& before, int limit) {
  return tx.all(sql::kAccountList, {organization, before.value_or(highest<AccountId>()), limit}, read_account);
}

bool set_patient(db::Tx& tx, OrganizationId organization, AccountId account, PatientId patient) {
  return tx.run(sql::kAccountSetPatient, {organization, account, patient}) > 0;
}

void set_language(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view language) {
  tx.run(sql::kAccountSetLanguage, {organization, account, language});
}

void set_password(db::Tx& tx, OrganizationId organization, AccountId account, const std::optional<std::string>& hash) {
  tx.run(sql::kAccountSetPassword, {organization, account, hash});
}

void set_totp(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view secret, std::string_view candidate) {
  const std::string kept(secret), shown(candidate);
  tx.run(sql::kAccountSetTotp, {organization, account, maybe_bytes(kept), maybe_bytes(shown)});
}

bool use_totp_step(db::Tx& tx, OrganizationId organization, AccountId account, std::int64_t step) {
  return tx.run(sql::kAccountUseTotpStep, {organization, account, step}) > 0;
}

void set_failures(db::Tx& tx, OrganizationId organization, AccountId account, int failures) {
  tx.run(sql::kAccountSetFailures, {organization, account, failures});
}

bool end_account(db::Tx& tx, OrganizationId organization, AccountId account, Instant now, std::string_view because) {
  if (tx.run(sql::kAccountEnd, {organization, account, now, because}) == 0) return false;
  end_sessions(tx, organization, account, "", now, because);
  tx.run(sql::kPasskeyRemoveAll, {organization, account, now});
  tx.run(sql::kContactRemoveAll, {organization, account});
  return true;
}

void drop_patient(db::Tx& tx, OrganizationId organization, AccountId account, Instant now, std::string_view because) {
  tx.run(sql::kAccountDropPatient, {organization, account});
  end_sessions(tx, organization, account, "", now, because);
}

void put_contact(db::Tx& tx, OrganizationId organization, AccountId account, const ContactPoint& contact, Instant now) {
  tx.run(sql::kContactPut, {organization, account, contact.channel, contact.address, folded(contact), now});
}

std::vector<ContactPoint> contacts_of(db::Tx& tx, OrganizationId organization, AccountId account) {
  return tx.all(sql::kContactList, {organization, account},
                [](const db::Row& row) { return ContactPoint{row.string(0), row.string(1)}; });
}

void insert_session(db::Tx& tx, const Session& s) {
  tx.run(sql::kSessionInsert, {bytes(s.token_hash), s.organization, s.account, s.grant, s.method, bytes(s.network), s.created_at,
                               s.proved_at, s.last_active_at});
}

std::optional<Session> find_session(db::Tx& tx, std::string_view token_hash) {
  return tx.one(sql::kSessionFind, {bytes(token_hash)}, [](const db::Row& row) {
    Session s;
    s.token_hash = raw(row, 0);
    s.organization = row.id<OrganizationId>(1);
    s.account = row.id<AccountId>(2);
    s.grant = row.maybe_id<GrantId>(3);
    s.method = row.string(4);
    s.network = raw(row, 5);
    s.created_at = row.instant(6);
    s.proved_at = row.instant(7);
    s.last_active_at = row.instant(8);
    s.ended_at = row.maybe_instant(9);
    return s;
  });
}

void touch_session(db::Tx& tx, std::string_view token_hash, Instant now) { tx.run(sql::kSessionTouch, {bytes(token_hash), now}); }

bool end_session(db::Tx& tx, std::string_view token_hash, Instant now, std::string_view because) {
  return tx.run(sql::kSessionEnd, {bytes(token_hash), now, because}) > 0;
}

std::int64_t end_sessions(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view except, Instant now,
                          std::string_view because) {
  return tx.run(sql::kSessionEndOthers, {organization, account, bytes(except), now, because});
}

std::optional<Instant> last_active(db::Tx& tx, OrganizationId organization, AccountId account) {
  return tx.one(sql::kSessionLastActive, {organization, account}, [](const db::Row& row) { return row.instant(0); });
}

bool knows_network(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view network) {
  return tx.one(sql::kSessionKnowsNetwork, {organization, account, bytes(network)}, [](const db::Row& row) {
             return row.integer(0);
           }).value_or(0) > 0;
}

std::int64_t purge_portal(db::Tx& tx, Instant before) {
  tx.run(sql::kCodePurge, {before});
  tx.run(sql::kChallengePurge, {before});
  return tx.run(sql::kSessionPurge, {before});
}

void insert_invitation(db::Tx& tx, OrganizationId organization, const Invitation& i, std::string_view token_hash) {
  tx.run(sql::kInvitationInsert,
         {organization, i.patient, i.id, i.grant, bytes(token_hash), i.channel, i.address, i.made_by, i.made_at, i.expires_at});
}

std::optional<std::pair<OrganizationId, Invitation>> invitation_by_token(db::Tx& tx, std::string_view token_hash) {
  return tx.one(sql::kInvitationByToken, {bytes(token_hash)}, read_invitation);
}

std::optional<Invitation> find_invitation(db::Tx& tx, OrganizationId organization, PatientId patient, InvitationId invitation) {
  auto found = tx.one(sql::kInvitationFind, {organization, patient, invitation}, read_invitation);
  if (!found) return std::nullopt;
  return std::move(found->second);
}

std::vector<Invitation> list_invitations(db::Tx& tx, OrganizationId organization, PatientId patient, int limit) {
  return tx.all(sql::kInvitationList, {organization, patient, limit},
                [](const db::Row& row) { return read_invitation(row).second; });
}

void count_try(db::Tx& tx, OrganizationId organization, const Invitation& i) {
  tx.run(sql::kInvitationTry, {organization, i.patient, i.id});
}

bool accept_invitation(db::Tx& tx, OrganizationId organization, const Invitation& i, Instant now) {
  return tx.run(sql::kInvitationAccept, {organization, i.patient, i.id, now}) > 0;
}

bool end_invitation(db::Tx& tx, OrganizationId organization, PatientId patient, InvitationId invitation, Instant now,
                    std::string_view because) {
  return tx.run(sql::kInvitationEnd, {organization, patient, invitation, now, because}) > 0;
}

void end_open_invitations(db::Tx& tx, OrganizationId organization, PatientId patient, Instant now, std::string_view because) {
  tx.run(sql::kInvitationEndOpen, {organization, patient, now, because});
}

void insert_code(db::Tx& tx, std::string_view request_hash, const Code& c, std::string_view network) {
  tx.run(sql::kCodeInsert, {bytes(request_hash), c.organization, c.id, c.purpose, c.account, c.invitation, c.patient, c.channel,
                            c.address, c.language, bytes(c.code_hash), bytes(network), c.made_at, c.expires_at});
}

std::vector<Code> list_codes(db::Tx& tx, std::string_view request_hash) {
  return tx.all(sql::kCodeList, {bytes(request_hash)}, [](const db::Row& row) {
    Code c;
    c.organization = row.id<OrganizationId>(0);
    c.id = row.uuid(1);
    c.purpose = row.string(2);
    c.account = row.maybe_id<AccountId>(3);
    c.invitation = row.maybe_id<InvitationId>(4);
    c.patient = row.maybe_id<PatientId>(5);
    c.channel = row.string(6);
    c.address = row.string(7);
    c.language = row.string(8);
    c.code_hash = raw(row, 9);
    c.made_at = row.instant(10);
    c.expires_at = row.instant(11);
    c.tries = static_cast<int>(row.integer(12));
    c.used_at = row.maybe_instant(13);
    return c;
  });
}

void count_code_try(db::Tx& tx, std::string_view request_hash) { tx.run(sql::kCodeTry, {bytes(request_hash)}); }

void use_codes(db::Tx& tx, std::string_view request_hash, Instant now) { tx.run(sql::kCodeUse, {bytes(request_hash), now}); }

std::pair<std::int64_t, std::int64_t> count_codes(db::Tx& tx, OrganizationId organization, AccountId account, Instant since,
                                                  std::string_view network) {
  return tx
      .one(sql::kCodeCount, {organization, account, since, bytes(network)},
           [](const db::Row& row) { return std::pair(row.integer(0), row.integer(1)); })
      .value_or(std::pair<std::int64_t, std::int64_t>(0, 0));
}

void put_challenge(db::Tx& tx, std::string_view request_hash, const Challenge& c) {
  tx.run(sql::kChallengePut, {bytes(request_hash), c.purpose, c.organization, c.account, c.challenge, c.expires_at});
}

std::optional<Challenge> take_challenge(db::Tx& tx, std::string_view request_hash) {
  auto found = tx.one(sql::kChallengeFind, {bytes(request_hash)}, [](const db::Row& row) {
    Challenge c;
    c.purpose = row.string(0);
    c.account = row.maybe_id<AccountId>(1);
    c.challenge = row.string(2);
    c.expires_at = row.instant(3);
    return c;
  });
  if (found && tx.run(sql::kChallengeRemove, {bytes(request_hash)}) == 0) return std::nullopt;
  return found;
}

void insert_passkey(db::Tx& tx, const Passkey& p) {
  tx.run(sql::kPasskeyInsert, {p.organization, p.account, p.id, p.credential_id, p.algorithm, bytes(p.public_key), p.sign_count,
                               p.name, p.created_at});
}

std::optional<Passkey> find_passkey(db::Tx& tx, std::string_view credential_id) {
  return tx.one(sql::kPasskeyFind, {credential_id}, read_passkey);
}

std::vector<Passkey> list_passkeys(db::Tx& tx, OrganizationId organization, AccountId account) {
  return tx.all(sql::kPasskeyList, {organization, account}, read_passkey);
}

void passkey_used(db::Tx& tx, const Passkey& p, std::int64_t sign_count, Instant now) {
  tx.run(sql::kPasskeyUsed, {p.organization, p.account, p.id, sign_count, now});
}

bool remove_passkey(db::Tx& tx, OrganizationId organization, AccountId account, PasskeyId passkey, Instant now) {
  return tx.run(sql::kPasskeyRemove, {organization, account, passkey, now}) > 0;
}

void insert_grant(db::Tx& tx, OrganizationId organization, const Grant& g, const By& by) {
  tx.run(sql::kGrantInsert, {organization, g.patient, g.id, g.kind, g.name, g.relationship, g.channel, g.address,
                             folded(ContactPoint{g.channel, g.address}), g.language, join(g.scopes, ' '), g.part2,
                             g.invited_by_account, g.invited_by_user, g.wish, g.invited_at, g.expires_at});
  note(tx, organization, g, g.invited_at, "invited", by);
}

std::optional<Grant> find_grant(db::Tx& tx, OrganizationId organization, GrantId grant) {
  return tx.one(sql::kGrantFind, {organization, grant}, read_grant);
}

std::vector<Grant> list_grants(db::Tx& tx, OrganizationId organization, PatientId patient, int limit) {
  return tx.all(sql::kGrantList, {organization, patient, limit}, read_grant);
}

std::vector<Grant> grants_of(db::Tx& tx, OrganizationId organization, AccountId account) {
  return tx.all(sql::kGrantOfAccount, {organization, account}, read_grant);
}

bool accept_grant(db::Tx& tx, OrganizationId organization, const Grant& g, AccountId account, Instant now) {
  if (tx.run(sql::kGrantAccept, {organization, g.patient, g.id, account, now}) == 0) return false;
  note(tx, organization, g, now, "accepted", {"trusted_person", account});
  return true;
}

bool change_grant(db::Tx& tx, OrganizationId organization, const Grant& g, std::int64_t expected_version, Instant now,
                  const By& by) {
  if (tx.run(sql::kGrantChange,
             {organization, g.patient, g.id, expected_version, join(g.scopes, ' '), g.part2, g.expires_at, now}) == 0)
    return false;
  note(tx, organization, g, now, "changed", by);
  return true;
}

bool end_grant(db::Tx& tx, OrganizationId organization, const Grant& g, Instant now, const By& by, std::string_view because) {
  if (tx.run(sql::kGrantEnd, {organization, g.patient, g.id, now, by.kind, because}) == 0) return false;
  note(tx, organization, g, now, "ended", by);
  tx.run(sql::kInvitationEndOfGrant, {organization, g.patient, g.id, now, because});
  return true;
}

void grant_used(db::Tx& tx, OrganizationId organization, const Grant& g, Instant now) {
  tx.run(sql::kGrantUsed, {organization, g.patient, g.id, now});
}

}  // namespace concord::portal
