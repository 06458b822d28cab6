// Who uses the portal: accounts of patients and of those they trust, sessions, invitations, one-time codes, grants. Pure rules.
//
//   invitation  made by staff or (of a trusted person) by the patient: a link for 7 days, its secret hashed
//     open --birth date + code--> accepted (makes the account, signs in)      open -> ended (staff), expired, 5 wrong dates
//   grant       invited --accepted by its invitation--> active --> ended (patient, trusted person, staff: at once)
//                                                       active --> expired | ask_again (patient reached an age at which
//                                                       everybody is asked again); both come back when the patient renews
//   session     live: 15 minutes idle, 12 hours in all; ends with the account, with sign-out, and when a factor changes
//
// Read next: confidentiality.h (age rules), view.h (what is shown), accounts_store.h (tables), accounts_api.h (routes),
// app/portal_auth.h (sign-in).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "portal/confidentiality.h"
#include "portal/view.h"

namespace concord::portal {

using patients::PatientId;
using AccountId = UserId;  ///< a portal account stands where a user's id stands: in Caller, in the audit log
using GrantId = Id<struct GrantTag>;
using InvitationId = Id<struct InvitationTag>;
using PasskeyId = Id<struct PasskeyTag>;

struct Account {
  OrganizationId organization;
  AccountId id;
  std::optional<PatientId> patient;  ///< whose own record it opens
  std::string display_name;
  std::string language = "en";
  std::optional<std::string> password_hash;
  std::string totp_secret, totp_candidate;  ///< raw bytes; empty: none
  std::int64_t totp_step = 0;
  int failed_attempts = 0;
  Instant created_at{};
  std::optional<Instant> ended_at;
  std::optional<std::string> ended_because;
  std::int64_t version = 1;
};

struct ContactPoint {
  std::string channel;  ///< "mail", "sms"
  std::string address;
  bool operator==(const ContactPoint&) const = default;
};

struct Session {
  std::string token_hash;
  OrganizationId organization;
  AccountId account;
  std::optional<GrantId> grant;  ///< for whom they act; none: themselves
  std::string method;            ///< "code", "totp", "passkey"
  std::string network;           ///< hash
  Instant created_at{}, proved_at{}, last_active_at{};
  std::optional<Instant> ended_at;
};

struct Invitation {
  PatientId patient;
  InvitationId id;
  std::optional<GrantId> grant;  ///< none: the patient's own account
  std::string channel, address;
  std::optional<UserId> made_by;  ///< staff; none: the patient
  Instant made_at{}, expires_at{};
  int tries = 0;
  std::optional<Instant> accepted_at, ended_at;
  std::optional<std::string> ended_because;
};
std::string_view state_of(const Invitation& invitation, Instant now);  ///< "open", "accepted", "ended", "expired"

struct Grant {
  PatientId patient;
  GrantId id;
  std::string kind = "trusted";  ///< "guardian": of a child; the age rules speak of them
  std::optional<AccountId> account;
  std::string name, relationship;
  std::string channel, address, language = "en";
  std::vector<std::string> scopes;  ///< sorted
  bool part2 = false;
  std::optional<AccountId> invited_by_account;
  std::optional<UserId> invited_by_user;
  std::optional<std::string> wish;
  Instant invited_at{}, agreed_at{};
  std::optional<Instant> accepted_at;
  Instant expires_at{};
  std::optional<Instant> last_used_at, ended_at;
  std::optional<std::string> ended_by, ended_because;
  std::int64_t version = 1;
};
/// "invited", "active", "ended", "expired", "ask_again". `zone` is the patient's site's.
std::string_view state_of(const Grant& grant, const std::optional<Date>& birth_date, const AgeRules& ages, std::string_view zone,
                          Instant now);

inline constexpr std::chrono::minutes kIdleTimeout{15};
inline constexpr std::chrono::hours kAbsoluteTimeout{12};
inline constexpr std::chrono::seconds kActivityGrain{30};
/// For so long a proof of who somebody is opens what needs one: factors, contact points, trusted persons, the whole record.
inline constexpr std::chrono::minutes kProofLasts{10};
bool is_live(const Session& session, Instant now);
Instant expires_at(const Session& session);
bool is_proved(const Session& session, Instant now);

/// Codes are for typing from another screen: 8 digits, 10 minutes, 5 tries, in the browser that asked (security.md U4). Guessing
/// one takes 5 of 100,000,000 chances; 20 codes an hour are the most an account is sent.
inline constexpr int kCodeDigits = 8;
inline constexpr std::chrono::minutes kCodeLasts{10};
inline constexpr int kCodeTries = 5;
inline constexpr int kCodesPerNetwork = 5;   ///< of one account, from one network, in an hour
inline constexpr int kCodesPerAccount = 20;  ///< in an hour; a network where the person signed in before is let through
inline constexpr int kBirthDateTries = 5;
inline constexpr int kMostFailures = 100;  ///< wrong passwords in a row before the password sleeps
inline constexpr std::chrono::hours kInvitationLasts{7 * 24};

/// A mail address or phone number as sign-in name and for comparing: mail folded, phone in E.164. nullopt when it is neither.
std::optional<ContactPoint> contact_point(std::string_view text);
std::string folded(const ContactPoint& contact);
/// "a***@example.org", "***0123": enough to know one's own again.
std::string masked(const ContactPoint& contact);

/// Digits only; blanks and hyphens between them do not count.
std::string digits_of(std::string_view text);
/// Everything wrong with a new password: 8 characters or more, because it works only together with a code from an app (U1).
std::vector<Issue> check_portal_password(std::string_view password, std::string_view name, std::string_view clinic);

/// The words of a list, sorted, without doubles. Whether they are scopes: is_scope().
std::vector<std::string> read_scopes(std::string_view text, char separator);
std::string join(const std::vector<std::string>& scopes, char separator);

/// The hash of the network somebody calls from: an IPv4 address's first three bytes, an IPv6 address's first four groups.
std::string network_of(std::string_view remote_address);

}  // namespace concord::portal
