// What a patient needs beside treatment, services that help with it, and who was sent where and seen.
//
//   need      found --asked--> wants_help | declined | later --> met           (a new row when it comes back)
//   referral  sent --accept--> accepted --seen, confirmed by whom--> seen --close--> closed (met, partly_met, not_met)
//              |    decline--> declined ---------------------------------close------>
//              +--withdraw_consent--> closed at once; nothing more is shared
//
// Nothing goes to a service without a consent that belongs to this referral and says what is shared.
// A need of kind safety (violence at home) is talked about in private: it is never shown in the portal and never written
// about in a message. Pure; no clock, no database. Read next: directory_file.h, community_store.h, community_api.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::community {

using patients::PatientId;
using ServiceId = Id<struct CommunityServiceTag>;
using NeedId = Id<struct SocialNeedTag>;
using ReferralId = Id<struct CommunityReferralTag>;

inline constexpr std::string_view kKinds[] = {"housing", "food",       "transport", "utilities",     "safety",  "work", "money",
                                              "law",     "child_care", "education", "health_access", "company", "other"};
bool is_kind(std::string_view kind);
/// False for what must not stand on a screen that somebody at home may look at.
bool may_be_shown_in_portal(std::string_view kind);

struct Service {
  ServiceId id;
  std::string name;
  std::vector<std::string> kinds;
  std::vector<std::string> areas;  ///< "10001", "104*", "Bronx"; empty: everywhere
  std::vector<std::string> languages;
  std::string phone, hours, web, eligibility, cost, note;
  std::optional<Date> checked;  ///< when somebody last made sure that this is right
  bool withdrawn = false;
  Instant updated_at{};
  std::int64_t version = 1;

  bool same_words(const Service& other) const;
};
/// Everything wrong with a service that somebody typed in or imported.
std::vector<Issue> check(const Service& service, Date today);
/// What the directory is searched by; empty members do not matter.
struct Search {
  std::string kind, language, area, text;
};
/// An area is a postal code ("10453" is inside "104*") or a name. A service without areas is everywhere, one without languages
/// is English.
bool matches(const Service& service, const Search& search);

struct Need {
  NeedId id;
  PatientId patient;
  std::string kind;
  std::string state = "found";  ///< found, wants_help, declined, later, met
  std::optional<Date> later_until;
  std::string source = "conversation";  ///< ahc-hrsn, prapare, conversation, patient, other
  Date found;
  std::string note;
  std::string labels = "normal";
  UserId created_by;
  Instant changed_at{};
  std::int64_t version = 1;
};
struct NeedChange {
  Uuid id;
  NeedId need;
  Instant at{};
  std::string by_kind;  ///< staff, patient, trusted_person
  UserId by;
  std::optional<UserId> on_behalf_by;
  std::optional<std::string> before;
  std::string after, reason;
};
/// "yes", "no", "later" as a state.
std::string_view state_of_answer(std::string_view wants_help);

/// A questionnaire on paper, as far as Concord knows it: which parts ask for which need. Its wording is not shipped.
struct Form {
  std::string_view id, title, loinc, licence;
  std::span<const std::string_view> kinds;
};
/// AHC-HRSN (Centers for Medicare & Medicaid Services; five core domains and the supplemental ones that are needs;
/// LOINC 96777-8) and PRAPARE (National Association of Community Health Centers and partners; LOINC 93025-5). Parts of both
/// come from others (Hunger Vital Sign, HITS and more), so the words stay with the clinic's own copy.
std::span<const Form> forms();
const Form* find_form(std::string_view id);
/// LOINC codes of the form's items that ask for this need, divided by blanks; "" where no source shows one. PRAPARE: HL7 US Core
/// Questionnaire-prapare-example (partner fear 76501-6: LOINC); AHC: LOINC panel 99595-1 for the two housing items, the others
/// are not verified and therefore left out.
std::string_view item_codes(std::string_view form, std::string_view kind);

struct Screening {
  Uuid id;
  PatientId patient;
  std::string form;
  Date on;
  std::vector<std::string> asked, found;  ///< kinds
  bool refused = false;
  UserId by;
  Instant at{};
};
std::vector<Issue> check(const Screening& screening, Date today);

struct Referral {
  ReferralId id;
  PatientId patient;
  SiteId site;
  NeedId need;
  std::string kind;
  ServiceId service;
  std::string state = "sent";  ///< sent, accepted, declined, seen, closed
  Date sent;
  std::string sent_by_way = "phone";  ///< phone, mail, email, fax, platform, patient_goes
  std::vector<std::string> shares;    ///< kShares
  std::string consent_method;         ///< verbal, written, electronic
  Date consent_date;
  UserId consent_by;
  std::optional<Date> consent_withdrawn, accepted, declined, seen;
  std::optional<std::string> seen_confirmed_by;  ///< service, patient, staff
  std::optional<Date> closed;
  std::optional<std::string> outcome;  ///< met, partly_met, not_met
  std::string reason, note;
  UserId owner;
  std::string labels = "normal";
  UserId created_by;
  Instant created_at{};
  std::int64_t version = 1;

  /// Nobody knows yet whether the patient got there.
  bool waits() const { return state != "seen" && state != "closed"; }
};
struct ReferralEvent {
  Uuid id;
  ReferralId referral;
  Instant at{};
  Date on;
  std::string by_kind;
  UserId by;
  std::optional<UserId> on_behalf_by;
  std::string kind, detail, reason;
};

inline constexpr std::string_view kShares[] = {"name", "phone", "address", "email", "language", "need", "best_time"};
std::vector<Issue> check(const Referral& referral, Date today);

struct Act {
  std::string act;  ///< accept, decline, seen, close, reopen, withdraw_consent
  Date on;
  std::string confirmed_by, outcome, reason;
};
/// The referral after the act, or why not.
Result<Referral> apply(const Referral& before, const Act& act, Date today);

/// A referral should be confirmed within so many days (program default; rulesets community.open.days).
inline constexpr int kSeenWithinDays = 14;
std::optional<Date> due(const Referral& referral);
int overdue_days(const Referral& referral, Date today);

/// Words divided by `separator`, trimmed, empty ones left out; and back.
std::vector<std::string> words(std::string_view text, char separator);
std::string joined(const std::vector<std::string>& words, char separator);

}  // namespace concord::community
