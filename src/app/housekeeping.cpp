#include "app/housekeeping.h"

#include "identity/desk_store.h"
#include "identity/idempotency_store.h"
#include "identity/identity_store.h"
#include "portal/accounts_store.h"

namespace concord::app {
namespace {

constexpr auto kSessionsKept = std::chrono::hours(24 * 30);
// Longer: they tell in which networks somebody is known (portal/accounts.h, kCodesPerAccount).
constexpr auto kPortalSessionsKept = std::chrono::hours(24 * 180);

jobs::WorkerSettings ladder_settings() {
  jobs::WorkerSettings settings;
  // A call takes milliseconds. Killed in the middle, it is made by the next process after this.
  settings.lease = std::chrono::seconds(30);
  settings.poll = std::chrono::milliseconds(1000);
  return settings;
}

}  // namespace

Housekeeping::Housekeeping(db::Database& database, const Clock& clock, IdSource& ids, std::chrono::hours keep_answers,
                           const Slices& slices, const Transports& transports, std::chrono::hours keep_drafts) {
  auto& house = workers_.emplace_back(database, clock, ids);
  house.handle("identity.purge", [&database, &clock, keep_answers, keep_drafts](jobs::JobRun&) {
    return database.write([&](db::Tx& tx) -> Result<void> {
      identity::purge_sessions(tx, clock.now() - kSessionsKept);
      portal::purge_portal(tx, clock.now() - kPortalSessionsKept);
      identity::purge_answers(tx, clock.now() - keep_answers);
      identity::purge_drafts(tx, clock.now() - keep_drafts);
      return {};
    });
  });
  house.every(std::chrono::minutes(60), "identity.purge");
  house.handle("messaging.find_lost", [&database, &slices](jobs::JobRun&) {
    return database.write([&](db::Tx& tx) -> Result<void> {
      messaging::end_lost_messages(slices.outbox(), tx);
      return {};
    });
  });
  house.every(std::chrono::minutes(10), "messaging.find_lost");
  slices.follow_calendars(house, database);
  slices.keep_checkins(house, database);
  slices.keep_groups(house, database);

  slices.call_for_help(workers_.emplace_back(database, clock, ids, ladder_settings()), database);
  slices.plan_reminders(workers_.emplace_back(database, clock, ids), database);
  using messaging::Channel;
  messaging::send_with(workers_.emplace_back(database, clock, ids, messaging::sender_settings()), Channel::mail, database,
                       slices.outbox(), transports.mail);
  messaging::send_with(workers_.emplace_back(database, clock, ids, messaging::sender_settings()), Channel::sms, database,
                       slices.outbox(), transports.sms);
  for (const auto& [channel, transport] : {std::pair(Channel::mail, &transports.mail), std::pair(Channel::sms, &transports.sms)})
    messaging::send_to_patients_with(
        workers_.emplace_back(database, clock, ids, messaging::patient_sender_settings(transports.connections)), channel,
        database, slices.outbox(), *transport);
}

void Housekeeping::start() {
  for (auto& worker : workers_) threads_.emplace_back([&worker](std::stop_token stop) { worker.run(stop); });
}

int Housekeeping::run_due() {
  int ran = 0;
  for (int before = -1; before != ran;) {  // what one does may be another's work
    before = ran;
    for (auto& worker : workers_) ran += worker.run_due();
  }
  return ran;
}

}  // namespace concord::app
