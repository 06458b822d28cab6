#include "app/bench_reminders.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "app/reminders_wiring.h"
#include "base/zone.h"
#include "episodes/episodes_store.h"
#include "identity/identity_store.h"
#include "measurements/measurements_store.h"
#include "patients/patients_store.h"

namespace concord::app {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr const char* kZone = "America/New_York";

double seconds_since(SteadyClock::time_point begin) { return std::chrono::duration<double>(SteadyClock::now() - begin).count(); }

struct Made {
  OrganizationId organization;
  SiteId site;
};

/// Patients in care with a phone and a mail address, whose last score is 40 days old.
Result<Made> fill(CommandLine& line, db::Database& database, int count) {
  Made made{OrganizationId(line.ids.next()), SiteId(line.ids.next())};
  const Instant now = line.clock.now();
  const Date today = local_date(now, kZone);
  constexpr int kBatch = 2000;
  for (int done = 0; done < count || done == 0; done += kBatch) {
    CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
      if (done == 0) {
        identity::insert_organization(tx, {made.organization, "Bench Reminders"}, now);
        identity::Site site;
        site.id = made.site;
        site.name = "Bench Clinic";
        site.time_zone = kZone;
        identity::insert_site(tx, made.organization, site, now);
      }
      std::vector<patients::Patient> people;
      std::vector<episodes::Episode> courses;
      std::vector<measurements::Measurement> scores;
      const UserId manager(line.ids.next());
      for (int i = done; i < std::min(count, done + kBatch); ++i) {
        patients::Patient p;
        p.id = patients::PatientId(line.ids.next());
        p.site = made.site;
        p.given_name = "Bench";
        p.family_name = "Patient " + std::to_string(i);
        p.phone = "+1555" + std::to_string(1000000 + i);
        p.email = "bench" + std::to_string(i) + "@example.org";
        p.preferred_channel = i % 2 == 0 ? "sms" : "email";
        episodes::Episode e;
        e.id = episodes::EpisodeId(line.ids.next());
        e.patient = p.id;
        e.site = made.site;
        e.state = episodes::State::active;
        e.primary_condition = "depression";
        e.primary_instrument = "phq-9";
        e.pathway = "adult-depression";
        e.care_manager = manager;
        e.referred_date = today.plus_days(-80);
        e.enrolled_date = today.plus_days(-75);
        for (const char* instrument : {"phq-9", "gad-7"}) {
          measurements::Measurement m;
          m.id = measurements::MeasurementId(line.ids.next());
          m.patient = p.id;
          m.instrument = instrument;
          m.instrument_version = "1";
          m.administered_at = now - std::chrono::hours(24 * 40);
          m.administered_date = today.plus_days(-40);
          m.total = 12;
          m.source = "simulation";
          m.entered_at = m.administered_at;
          scores.push_back(std::move(m));
        }
        people.push_back(std::move(p));
        courses.push_back(std::move(e));
      }
      patients::insert_all(tx, made.organization, people, now);
      episodes::insert_all(tx, made.organization, courses, now);
      measurements::insert_all(tx, made.organization, scores, now);
      return {};
    }));
  }
  return made;
}

}  // namespace

Result<ReminderFigures> bench_reminders(CommandLine& line, const Config& config, int patients, int connections, int answer_ms) {
  CommandLine with_url(line.clock);
  with_url.database_url = config.database_url;
  CONCORD_TRY(auto data, load_data_files(config.data_folder));
  CONCORD_TRY(auto database, with_url.open_database(config, data));
  SliceSettings settings;
  settings.public_url = "https://concord.example.org";
  settings.mail_is_set_up = settings.sms_is_set_up = true;
  settings.quiet = {0, 0};
  const Slices slices(line.clock, line.ids, std::move(data), settings);
  CONCORD_TRY(const auto made, fill(line, *database, patients));

  ReminderFigures figures;
  auto begin = SteadyClock::now();
  const Date today = local_date(line.clock.now(), kZone);
  CONCORD_TRY(const auto run, reminders::run_site(slices.reminders(), *database, made.organization, made.site, kZone, today,
                                                  [] { return true; }));
  figures.plan_seconds = seconds_since(begin);
  figures.patients = run.counts.patients;
  figures.check_ins = run.counts.check_ins;

  std::atomic<int> open{0}, most{0};
  std::atomic<std::int64_t> sent{0};
  const messaging::Transport transport = [&](const messaging::Outgoing&) {
    const int now_open = ++open;
    for (int seen = most.load(); seen < now_open && !most.compare_exchange_weak(seen, now_open);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(answer_ms));
    --open;
    ++sent;
    return messaging::Delivery{true, true, "bench"};
  };
  begin = SteadyClock::now();
  {
    std::vector<std::jthread> threads;
    for (const auto channel : {messaging::Channel::mail, messaging::Channel::sms})
      threads.emplace_back([&, channel] {
        jobs::Worker worker(*database, line.clock, line.ids, messaging::patient_sender_settings(connections));
        messaging::send_to_patients_with(worker, channel, *database, slices.outbox(), transport);
        while (worker.run_due() > 0) {
        }
      });
  }
  figures.send_seconds = seconds_since(begin);
  figures.sent = sent.load();
  figures.most_at_once = most.load();
  return figures;
}

}  // namespace concord::app
