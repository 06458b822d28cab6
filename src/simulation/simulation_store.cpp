#include "simulation/simulation_store.h"

#include <algorithm>

#include "contacts/contacts_store.h"
#include "episodes/episodes_store.h"
#include "measurements/measurements_store.h"
#include "patients/patients_store.h"
#include "referrals/referrals_store.h"
#include "reviews/reviews_store.h"
#include "safety/safety_store.h"
#include "treatments/treatments_store.h"

namespace concord::simulation {
namespace {

constexpr std::int64_t kBatch = 2000;

/// The visit at which the program was spoken of, kept under its episode's id.
struct Visit {
  patients::PatientId patient;
  Date on;
  Uuid id;
};

// The rows of many histories, table by table.
struct Batch {
  std::vector<patients::Patient> patients;
  std::vector<patients::Coverage> coverage;
  std::vector<referrals::Referral> referrals;
  std::vector<referrals::Attempt> attempts;
  std::vector<episodes::Episode> episodes;
  std::vector<episodes::EpisodeTransition> transitions;
  std::vector<episodes::Consent> consents;
  std::vector<measurements::Measurement> measurements;
  std::vector<contacts::Contact> contacts;
  std::vector<contacts::TimeEntry> time_entries;
  std::vector<treatments::Treatment> treatments;
  std::vector<reviews::Review> reviews;
  std::vector<safety::SafetyEvent> safety_events;
  std::vector<Visit> visits;

  void add(History&& h) {
    const auto take = [](auto& to, auto& from) {
      to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    for (auto& t : h.transitions) transitions.push_back({h.episode.id, std::move(t)});
    // The initiating visit of the PCP; one in twenty-five was never written down.
    if (h.episode.enrolled_date && h.episode.id.uuid.bytes[15] % 25 != 0)
      visits.push_back({h.patient.id, h.referral.received_date, h.episode.id.uuid});
    patients.push_back(std::move(h.patient));
    coverage.push_back(std::move(h.coverage));
    referrals.push_back(std::move(h.referral));
    episodes.push_back(std::move(h.episode));
    take(attempts, h.attempts);
    take(consents, h.consents);
    take(measurements, h.measurements);
    take(contacts, h.contacts);
    take(time_entries, h.time_entries);
    take(treatments, h.treatments);
    take(reviews, h.reviews);
    take(safety_events, h.safety_events);
  }

  void write_visits(db::Tx& tx, OrganizationId organization) {
    static constexpr std::string_view kColumns[] = {"organization_id",   "patient_id",    "visit_date", "visit_id",
                                                    "provider_category", "billing_codes", "modality"};
    std::size_t at = 0;
    tx.load("practice_visit", kColumns, [&](std::vector<db::Param>& values) {
      if (at == visits.size()) return false;
      const Visit& v = visits[at++];
      values.assign({organization, v.patient, v.on, v.id, "primary_care", "99214", "in_person"});
      return true;
    });
  }

  void write(db::Tx& tx, OrganizationId organization, Instant now) {
    const auto put = [&](const auto& rows) {
      if (!rows.empty()) insert_all(tx, organization, std::span(rows), now);
    };
    put(patients);
    put(coverage);
    put(referrals);
    put(attempts);
    put(episodes);
    put(transitions);
    put(consents);
    put(measurements);
    put(contacts);
    put(time_entries);
    put(treatments);
    put(reviews);
    put(safety_events);
    write_visits(tx, organization);
  }
};

}  // namespace

Result<Written> write_cohort(db::Database& database, OrganizationId organization, const Cohort& cohort, Instant now,
                             const Deps& deps, const std::function<void(const Progress&)>& progress) {
  Written written;
  CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
    deps.add_people(tx, cohort);
    return {};
  }));
  const std::int64_t total = cohort.options.patients;
  for (std::int64_t start = 0; start < total; start += kBatch) {
    Batch batch;
    const std::int64_t end = std::min(total, start + kBatch);
    for (std::int64_t i = start; i < end; ++i) batch.add(simulate(cohort, i));
    CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
      batch.write(tx, organization, now);
      std::vector<patients::PatientId> ids;
      ids.reserve(batch.patients.size());
      for (const auto& patient : batch.patients) ids.push_back(patient.id);
      deps.refresh_caseload(tx, organization, ids);
      return {};
    }));
    written.patients += end - start;
    written.measurements += static_cast<std::int64_t>(batch.measurements.size());
    written.contacts += static_cast<std::int64_t>(batch.contacts.size());
    written.open_episodes += std::count_if(batch.episodes.begin(), batch.episodes.end(),
                                           [](const auto& e) { return e.state != episodes::State::closed; });
    if (progress) progress({end, total});
  }
  return written;
}

}  // namespace concord::simulation
