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
constexpr int kDaysOnTheDesk = 24;

/// The visit at which the program was spoken of, kept under its episode's id.
struct Visit {
  patients::PatientId patient;
  Date on;
  Uuid id;
};

/// When somebody had entered what happened on a day.
Instant evening_of(Date day) { return Instant(day.sys()) + std::chrono::hours(23); }

// The rows of many histories, table by table. Every row became known about when it happened, so that a report can be asked for as
// of an earlier day.
struct Batch {
  Instant now;
  std::vector<patients::Patient> patients;
  std::vector<patients::Coverage> coverage;
  std::vector<referrals::Referral> referrals;
  std::vector<referrals::Attempt> attempts;
  std::vector<episodes::Episode> episodes;
  std::vector<episodes::EpisodeBefore> episodes_before;
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
    know(h);
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

  void know(History& h) {
    const auto by_now = [&](Instant at) { return std::min(at, now); };
    const Instant first =
        by_now(h.referral.received_at == Instant{} ? evening_of(h.referral.received_date) : h.referral.received_at);
    const auto entered = [&](Instant at) { return std::max(first, by_now(at)); };
    h.patient.recorded_at = h.coverage.recorded_at = h.episode.recorded_at = first;
    for (auto& m : h.measurements) {
      m.recorded_at = entered(m.entered_at);
      // One form in fifty is found on somebody's desk weeks later; never one that asked for help.
      if (m.safety == "none" && m.id.uuid.bytes[15] % 50 == 7)
        m.recorded_at = entered(m.entered_at + std::chrono::hours(24 * kDaysOnTheDesk));
    }
    for (auto& c : h.contacts) c.recorded_at = entered(c.entered_at);
    for (auto& r : h.reviews) r.recorded_at = entered(evening_of(r.date));
    for (auto& t : h.treatments) {
      t.recorded_at = entered(evening_of(t.start_date));
      for (auto& c : t.changes) c.recorded_at = entered(evening_of(c.on));
    }
    const auto& e = h.episode;
    episodes::EpisodeBefore before;
    before.episode = e.id;
    if (e.enrolled_date) {
      before.known_until = entered(evening_of(*e.enrolled_date));
      if (before.known_until > first) episodes_before.push_back(before);
      before.enrolled_date = e.enrolled_date;
      before.primary_instrument = e.primary_instrument;
      before.primary_condition = e.primary_condition;
    }
    if (e.closed_date) {
      const Instant closed = entered(evening_of(*e.closed_date));
      if (closed > first && closed > before.known_until) {
        before.known_until = closed;
        episodes_before.push_back(std::move(before));
      }
    }
  }

  void write_visits(db::Tx& tx, OrganizationId organization) {
    static constexpr std::string_view kColumns[] = {"organization_id",   "patient_id",    "visit_date", "visit_id",
                                                    "provider_category", "billing_codes", "modality",   "recorded_at"};
    std::size_t at = 0;
    tx.load("practice_visit", kColumns, [&](std::vector<db::Param>& values) {
      if (at == visits.size()) return false;
      const Visit& v = visits[at++];
      values.assign({organization, v.patient, v.on, v.id, "pcp", "99214", "in_person", std::min(evening_of(v.on), now)});
      return true;
    });
  }

  void write(db::Tx& tx, OrganizationId organization) {
    const auto put = [&](const auto& rows) {
      if (!rows.empty()) insert_all(tx, organization, std::span(rows), now);
    };
    put(patients);
    put(coverage);
    put(referrals);
    put(attempts);
    put(episodes);
    put(episodes_before);
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
    batch.now = now;
    const std::int64_t end = std::min(total, start + kBatch);
    for (std::int64_t i = start; i < end; ++i) batch.add(simulate(cohort, i));
    CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
      batch.write(tx, organization);
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
