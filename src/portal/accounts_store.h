// Reads and writes accounts, sessions, invitations, codes, passkeys and grants. Hashes are 32 raw bytes in a string.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/database.h"
#include "portal/accounts.h"

namespace concord::portal {

/// ConstraintViolation when the patient has a living account.
void insert_account(db::Tx& tx, const Account& account);
std::optional<Account> find_account(db::Tx& tx, OrganizationId organization, AccountId account);
std::optional<Account> account_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);
/// The newest, ended ones too.
std::optional<Account> last_account_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient);
/// By folded address, of every organization: nobody types the name of an organization.
std::vector<Account> accounts_by_name(db::Tx& tx, std::string_view address_folded);
std::optional<Account> account_by_contact(db::Tx& tx, OrganizationId organization, std::string_view address_folded);
std::vector<Account> list_accounts(db::Tx& tx, OrganizationId organization, const std::optional<AccountId>& before, int limit);
bool set_patient(db::Tx& tx, OrganizationId organization, AccountId account, PatientId patient);
void set_language(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view language);
void set_password(db::Tx& tx, OrganizationId organization, AccountId account, const std::optional<std::string>& hash);
void set_totp(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view secret, std::string_view candidate);
/// False when the step's code (or a later one) was used before.
bool use_totp_step(db::Tx& tx, OrganizationId organization, AccountId account, std::int64_t step);
void set_failures(db::Tx& tx, OrganizationId organization, AccountId account, int failures);
/// Ends account, sessions, passkeys; its contact points are free again. False when it had ended.
bool end_account(db::Tx& tx, OrganizationId organization, AccountId account, Instant now, std::string_view because);
/// The account stays for those who trust its person, and stops being the patient's own; every session ends.
void drop_patient(db::Tx& tx, OrganizationId organization, AccountId account, Instant now, std::string_view because);

/// ConstraintViolation "idx_portal_contact__address" when somebody else of the organization has it.
void put_contact(db::Tx& tx, OrganizationId organization, AccountId account, const ContactPoint& contact, Instant now);
std::vector<ContactPoint> contacts_of(db::Tx& tx, OrganizationId organization, AccountId account);

void insert_session(db::Tx& tx, const Session& session);
std::optional<Session> find_session(db::Tx& tx, std::string_view token_hash);
void touch_session(db::Tx& tx, std::string_view token_hash, Instant now);
bool end_session(db::Tx& tx, std::string_view token_hash, Instant now, std::string_view because);
std::int64_t end_sessions(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view except, Instant now,
                          std::string_view because);
std::optional<Instant> last_active(db::Tx& tx, OrganizationId organization, AccountId account);
bool knows_network(db::Tx& tx, OrganizationId organization, AccountId account, std::string_view network);
/// Sessions, codes and challenges that are over; how many sessions.
std::int64_t purge_portal(db::Tx& tx, Instant before);

void insert_invitation(db::Tx& tx, OrganizationId organization, const Invitation& invitation, std::string_view token_hash);
std::optional<std::pair<OrganizationId, Invitation>> invitation_by_token(db::Tx& tx, std::string_view token_hash);
std::optional<Invitation> find_invitation(db::Tx& tx, OrganizationId organization, PatientId patient, InvitationId invitation);
std::vector<Invitation> list_invitations(db::Tx& tx, OrganizationId organization, PatientId patient, int limit);
void count_try(db::Tx& tx, OrganizationId organization, const Invitation& invitation);
bool accept_invitation(db::Tx& tx, OrganizationId organization, const Invitation& invitation, Instant now);
bool end_invitation(db::Tx& tx, OrganizationId organization, PatientId patient, InvitationId invitation, Instant now,
                    std::string_view because);
/// Open ones for the patient's own account.
void end_open_invitations(db::Tx& tx, OrganizationId organization, PatientId patient, Instant now, std::string_view because);

struct Code {
  OrganizationId organization;
  Uuid id;
  std::string purpose;  ///< "sign_in", "contact", "invitation"
  std::optional<AccountId> account;
  std::optional<InvitationId> invitation;
  std::optional<PatientId> patient;
  std::string channel, address, language;
  std::string code_hash;
  Instant made_at{}, expires_at{};
  int tries = 0;
  std::optional<Instant> used_at;
};
void insert_code(db::Tx& tx, std::string_view request_hash, const Code& code, std::string_view network);
std::vector<Code> list_codes(db::Tx& tx, std::string_view request_hash);
void count_code_try(db::Tx& tx, std::string_view request_hash);
void use_codes(db::Tx& tx, std::string_view request_hash, Instant now);
/// Codes an account was sent since then: all, and those asked for from one network.
std::pair<std::int64_t, std::int64_t> count_codes(db::Tx& tx, OrganizationId organization, AccountId account, Instant since,
                                                  std::string_view network);

struct Challenge {
  std::string purpose;  ///< "sign_in", "register"
  std::optional<OrganizationId> organization;
  std::optional<AccountId> account;
  std::string challenge;  ///< base64url
  Instant expires_at{};
};
void put_challenge(db::Tx& tx, std::string_view request_hash, const Challenge& challenge);
/// Finds and removes it: a challenge is answered once.
std::optional<Challenge> take_challenge(db::Tx& tx, std::string_view request_hash);

struct Passkey {
  OrganizationId organization;
  AccountId account;
  PasskeyId id;
  std::string credential_id;  ///< base64url
  int algorithm = 0;          ///< COSE: -7 ES256, -8 EdDSA, -257 RS256
  std::string public_key;     ///< as portal/webauthn.h keeps it
  std::int64_t sign_count = 0;
  std::string name;
  Instant created_at{};
  std::optional<Instant> last_used_at;
};
void insert_passkey(db::Tx& tx, const Passkey& passkey);
std::optional<Passkey> find_passkey(db::Tx& tx, std::string_view credential_id);
std::vector<Passkey> list_passkeys(db::Tx& tx, OrganizationId organization, AccountId account);
void passkey_used(db::Tx& tx, const Passkey& passkey, std::int64_t sign_count, Instant now);
bool remove_passkey(db::Tx& tx, OrganizationId organization, AccountId account, PasskeyId passkey, Instant now);

/// Who did it, for the trace of changes.
struct By {
  std::string_view kind;  ///< "patient", "trusted_person", "staff"
  UserId id;
};
void insert_grant(db::Tx& tx, OrganizationId organization, const Grant& grant, const By& by);
std::optional<Grant> find_grant(db::Tx& tx, OrganizationId organization, GrantId grant);
std::vector<Grant> list_grants(db::Tx& tx, OrganizationId organization, PatientId patient, int limit);
/// Accepted by the account and not ended; expired ones too.
std::vector<Grant> grants_of(db::Tx& tx, OrganizationId organization, AccountId account);
bool accept_grant(db::Tx& tx, OrganizationId organization, const Grant& grant, AccountId account, Instant now);
/// Scopes, part2 and expires_at of `grant`; false when the version is stale.
bool change_grant(db::Tx& tx, OrganizationId organization, const Grant& grant, std::int64_t expected_version, Instant now,
                  const By& by);
/// Ends its open invitation too.
bool end_grant(db::Tx& tx, OrganizationId organization, const Grant& grant, Instant now, const By& by, std::string_view because);
void grant_used(db::Tx& tx, OrganizationId organization, const Grant& grant, Instant now);

}  // namespace concord::portal
