// What an import wants to store: plain domain rows of every slice, each with the key it has outside, a
// digest of its content, and the place it came from. Both importers end here; import_store.h writes them.
// Row ids follow from organization, source and outside key, so a second run meets its own rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "contacts/contacts.h"
#include "episodes/episodes.h"
#include "exchange/report.h"
#include "measurements/measurements.h"
#include "patients/conditions.h"
#include "patients/patients.h"
#include "plans/goals.h"
#include "plans/plans.h"
#include "referrals/referrals.h"
#include "reviews/reviews.h"
#include "safety/safety.h"
#include "treatments/treatments.h"

namespace concord::exchange {

using patients::PatientId;

/// A visit with a medical provider of the practice: the denominator of the screening metrics.
struct PracticeVisit {
  Uuid id;
  PatientId patient;
  Date date;
  std::string provider_category;
  std::string billing_codes;  ///< space-separated
  std::string modality;
};

/// Attested care-manager FTE of a site and month.
struct SiteMonth {
  SiteId site;
  Date month_start;
  double bhcm_fte = 0;
};

/// A practitioner, organization or location of another system that resources refer to.
struct OutsideParty {
  Uuid id;
  std::string kind;  ///< practitioner, organization, location, practitioner_role
  std::string name;
  std::string identifier;  ///< "system|value", "" when none
  std::string role;        ///< words or code, practitioner_role
  std::string phone;
  bool placeholder = false;  ///< referred to, never seen
};

/// Somebody named in an import who works here: matched by name with a user, or added without sign-in.
struct Person {
  UserId id;  ///< as the rows use it; the store may put an existing user's id in its place
  std::string name;
  std::string role;  ///< care_manager, psychiatric_consultant, pcp, ...
  SiteId site;       ///< nil: the default site
};

/// A site named in an import: matched by name or id, or added.
struct NamedSite {
  SiteId id;  ///< as the rows use it
  std::string name;
};

struct TeamMember {
  episodes::EpisodeId episode;
  episodes::TeamMember member;
};

/// The digest of a row's content (BLAKE2b-128); equal digests mean nothing to store.
using Digest = Uuid;

/// Where a row came from. `file` is an index into Rows::files.
struct Place {
  std::uint32_t file = 0;
  std::uint32_t line = 0;   ///< CSV and NDJSON
  std::uint32_t entry = 0;  ///< bundle: entry number + 1
};

template <class T>
struct Sourced {
  T row;
  std::string key;  ///< outside key; empty: follows from another row, found by its id
  Digest digest;
  Place place;
};

/// A measurement may rest on several resources (a response and the total computed from it).
struct Administration {
  measurements::Measurement row;
  struct Part {
    std::string key;
    Digest digest;
  };
  std::vector<Part> parts;
  Place place;
};

struct Rows {
  std::vector<std::string> files;
  std::vector<NamedSite> sites;
  std::vector<Person> people;
  std::vector<Sourced<OutsideParty>> parties;
  std::vector<Sourced<patients::Patient>> patients;
  std::vector<Sourced<patients::Coverage>> coverage;
  std::vector<Sourced<patients::Condition>> conditions;
  std::vector<Sourced<patients::Allergy>> allergies;
  std::vector<Sourced<plans::Plan>> plans;  ///< imported ones, of one version
  std::vector<Sourced<plans::Goal>> goals;
  std::vector<Sourced<referrals::Referral>> referrals;
  std::vector<Sourced<referrals::Attempt>> attempts;
  std::vector<Sourced<episodes::Episode>> episodes;
  std::vector<Sourced<TeamMember>> team;
  std::vector<Sourced<episodes::Consent>> consents;
  std::vector<Administration> measurements;
  std::vector<Sourced<contacts::Contact>> contacts;
  std::vector<Sourced<contacts::TimeEntry>> time_entries;
  std::vector<Sourced<treatments::Treatment>> treatments;
  std::vector<Sourced<reviews::Review>> reviews;
  std::vector<Sourced<safety::SafetyEvent>> safety_events;
  std::vector<Sourced<PracticeVisit>> visits;
  std::vector<Sourced<SiteMonth>> site_months;
};

/// The id of the row that `key` of `kind` ("patient") becomes in an organization. A key that is itself a
/// UUID written by `export csv` is the id.
Uuid row_id(OrganizationId organization, std::string_view source, std::string_view kind, std::string_view key);

/// Collects the content of a row, field by field, for its digest.
class Content {
 public:
  Content& add(std::string_view text);
  Content& add(const char* text) { return add(std::string_view(text)); }
  Content& add(const std::string& text) { return add(std::string_view(text)); }
  Content& add(bool flag) { return add(std::string_view(flag ? "1" : "0")); }
  Content& add(double number);
  Content& add(int number) { return add(static_cast<double>(number)); }
  Content& add(Date date) { return add(static_cast<double>(date.days_since_1970())); }
  Content& add(Instant at);
  Content& add(const Uuid& id);
  template <class Tag>
  Content& add(const Id<Tag>& id) {
    return add(id.uuid);
  }
  template <class T>
  Content& add(const std::optional<T>& maybe) {
    if (maybe) return add(*maybe);
    text_ += '\x1e';
    return *this;
  }
  Digest digest() const;

 private:
  std::string text_;
};

Digest digest_of(const patients::Patient& row);
Digest digest_of(const patients::Coverage& row);
Digest digest_of(const patients::Condition& row);
Digest digest_of(const patients::Allergy& row);
Digest digest_of(const plans::Plan& row);
Digest digest_of(const plans::Goal& row);
Digest digest_of(const referrals::Referral& row);
Digest digest_of(const referrals::Attempt& row);
Digest digest_of(const episodes::Episode& row);
Digest digest_of(const TeamMember& row);
Digest digest_of(const episodes::Consent& row);
Digest digest_of(const measurements::Measurement& row);
Digest digest_of(const contacts::Contact& row);
Digest digest_of(const contacts::TimeEntry& row);
Digest digest_of(const treatments::Treatment& row);
Digest digest_of(const reviews::Review& row);
Digest digest_of(const safety::SafetyEvent& row);
Digest digest_of(const PracticeVisit& row);
Digest digest_of(const SiteMonth& row);
Digest digest_of(const OutsideParty& row);

}  // namespace concord::exchange
