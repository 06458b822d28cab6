// A cohort of invented patients, calibrated to published figures (shared clinical reference, section 8), the
// same for the same seed whoever makes it and in whatever order. Nothing here is a claim about a clinic: it
// fills demos and benchmarks with histories that behave like real ones.
//
// What is calibrated, and to what:
//   engagement after referral 56 % (safety-net New York); a quarter of those engaged have no second visit
//   baseline PHQ-9 normal(15, 4.7) cut to 10..27; contacts 7.2 (SD 5.1) over 78 (SD 51) days (Penn)
//   response without the two acts of fidelity slower; a first contact within 28 days multiplies the hazard
//   of response by 2.06, a psychiatric review in weeks 8 to 12 by 1.44 (MHIP, 5,439 patient-episodes; 1.44 is an odds ratio
//   there) in the whole cohort: response at week 12 40-45 %, at 6 months 50-60 %, remission 25-37 % of enrolled a positive item 9
//   in 11 % of first visits, 7 % of last ones each site has its own share of early first contacts, .34 to .88
// Our own assumptions, where no source was found: minutes per contact (gamma, mean 22), one in ten contacts
// without a score, 22 % who never respond on the first plan.
// Read next: simulation_store.h (writes a cohort into a database).
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "contacts/contacts.h"
#include "episodes/episodes.h"
#include "measurements/measurements.h"
#include "patients/patients.h"
#include "referrals/referrals.h"
#include "reviews/reviews.h"
#include "safety/safety.h"
#include "treatments/treatments.h"

namespace concord::simulation {

/// Enrolled caseload of a full-time care manager that the number of care managers is derived from.
inline constexpr int kCaseload = 90;
inline constexpr int kCareManagersPerSite = 8;

struct Options {
  std::int64_t patients = 1000;
  std::uint64_t seed = 1;
  Date today;       ///< the histories end here
  int months = 24;  ///< referrals come in evenly over this long before `today`
  std::string time_zone = "America/New_York";
  /// Reviews are held once a week, in a session with the id session_id() gives; otherwise on any day, outside sessions.
  bool weekly_sessions = false;
};
/// The weekday of sessions, 0 is Sunday.
inline constexpr unsigned kSessionWeekday = 3;

struct SimulatedSite {
  SiteId id;
  std::string name;
  double early_contact_share = 0.6;
  std::vector<UserId> care_managers;
  std::vector<std::string> care_manager_names;
  UserId consultant;
  std::string consultant_name;
  std::optional<UserId> pcp;  ///< when they are a user here
  std::string pcp_name;       ///< who refers most of the patients; empty: any of the invented ones
};

/// The review session of a site on a day.
reviews::SessionId session_id(SiteId site, Date day);

/// The clinic around the patients: as many sites and care managers as the caseload needs.
struct Cohort {
  Options options;
  std::vector<SimulatedSite> sites;
};
/// Sites and people get ids made from the seed.
Cohort plan_cohort(const Options& options);

/// Everything about one patient. Rows are in the order their tables are clustered.
struct History {
  patients::Patient patient;
  patients::Coverage coverage;
  referrals::Referral referral;
  std::vector<referrals::Attempt> attempts;
  episodes::Episode episode;
  std::vector<episodes::Transition> transitions;
  std::vector<episodes::Consent> consents;
  std::vector<measurements::Measurement> measurements;
  std::vector<contacts::Contact> contacts;
  std::vector<contacts::TimeEntry> time_entries;
  std::vector<treatments::Treatment> treatments;
  std::vector<reviews::Review> reviews;
  std::vector<safety::SafetyEvent> safety_events;
};

/// Patient number `index` (0-based) of the cohort: depends on the seed and the index alone.
History simulate(const Cohort& cohort, std::int64_t index);

}  // namespace concord::simulation
