// Queues messages in the transaction of their cause and sends them from a worker. Survives being killed anywhere:
//
//   killed before the cause commits    neither cause nor message
//   ... before the other side took it  the lease runs out, another attempt; the lost one is recorded
//   ... after it took it, before we    the lease runs out, it is sent again with the same Message-ID and
//       recorded that                  Idempotency-Key: perhaps twice, never not at all
//   ... after we recorded it           the next attempt sees that it was sent and does nothing
//
// Mail and SMS to the staff have a worker each, so that a mail server that hangs does not hold up SMS; urgent messages go
// first. Patients have workers of their own, several a channel: ten thousand reminders never stand before a call for help.
// Read next: patient_outbox.h.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/database.h"
#include "jobs/worker.h"
#include "messaging/messaging.h"
#include "messaging/patient_messages.h"

namespace concord::messaging {

/// What the outbox needs. Functions are called inside the given transaction.
struct Outbox {
  const Clock* clock = nullptr;
  IdSource* ids = nullptr;
  const Texts* texts = nullptr;
  std::string public_url;  ///< "https://concord.example.org", no slash at the end
  bool mail_is_set_up = false, sms_is_set_up = false;
  int most_attempts = 10;  ///< of one message: with the pauses of jobs/job.h some 3 hours
  std::function<std::string(db::Tx&, OrganizationId, UserId)> language_of;
  /// Who hears that messages do not go out.
  std::function<std::vector<UserId>(db::Tx&, OrganizationId)> operators;
  /// Told of every attempt, in the transaction that records it: a slice that must act on a failure at once.
  std::function<void(db::Tx&, OrganizationId, const Message&, const MessageAttempt&)> on_attempt;
  /// Asked before every attempt; false ends the message as cancelled. Nobody is called at night for what somebody
  /// else has in hand.
  std::function<bool(db::Tx&, OrganizationId, const Message&)> still_needed;

  // Of messages to patients; the functions above are not asked for those, but for `operators`.
  const PatientTexts* patient_texts = nullptr;
  QuietHours quiet = {};
  /// Patients of the range, by id.
  std::function<std::vector<Recipient>(db::Tx&, OrganizationId, PatientId first, PatientId last)> recipients = {};
  /// Asked before every attempt; false ends the message as cancelled: the check-in was answered on the phone, the visit is off.
  std::function<bool(db::Tx&, OrganizationId, const Message&)> patient_needs = {};
  /// Told of a message that reached nobody by any way: it is dead, or the gateway could not deliver it.
  std::function<void(db::Tx&, OrganizationId, const Message&)> not_reached = {};
};

/// See messaging.h, Notify and Post. Empty when the notice was there already.
std::vector<Queued> post(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Notice& notice);

/// Gives a dead message a new set of attempts; false when it is not dead, or when it cannot be sent any more because what led
/// the patient somewhere is wiped (make a new check-in or invitation then).
bool retry(const Outbox& outbox, db::Tx& tx, OrganizationId organization, MessageId message, Instant now);

/// Lets `worker` send what is queued for the channel, urgent messages first. `outbox` must outlive it.
void send_with(jobs::Worker& worker, Channel channel, db::Database& database, const Outbox& outbox, Transport transport);
/// The same for messages to patients.
void send_to_patients_with(jobs::Worker& worker, Channel channel, db::Database& database, const Outbox& outbox,
                           Transport transport);
/// Settings for such a worker: one message at a time, a lease beyond any time limit of a transport.
jobs::WorkerSettings sender_settings();
/// The same for patients: so many conversations at once.
jobs::WorkerSettings patient_sender_settings(int connections);

/// Ends messages whose job is gone (it died without a word), so that none waits for ever unseen; how many.
int end_lost_messages(const Outbox& outbox, db::Tx& tx);

}  // namespace concord::messaging
