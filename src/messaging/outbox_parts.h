// What outbox.cpp and patient_outbox.cpp share. Not for others.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "messaging/outbox.h"

namespace concord::messaging {

/// Queues the job that sends `m`, not before m.not_before.
void enqueue(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, Instant now);
/// The same for many new ones.
void enqueue_new(const Outbox& outbox, db::Tx& tx, OrganizationId organization, std::span<const Message> messages, Instant now);

/// What stands in the way of sending a message to a patient now.
struct Look {
  std::optional<Instant> hold_until;  ///< quiet hours
  bool way_is_open = true;            ///< false: STOP, another address by now, deceased, wants none
  bool is_needed = true;
};
Look look_again(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, Instant now);
/// The words of a message to a patient; nullopt when its kind or its link is gone.
std::optional<Outgoing> words_to_patient(const Outbox& outbox, OrganizationId organization, const Message& m);
/// Queues `m` by the patient's other way, if it may and there is one.
bool fall_back(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, Instant now);
/// What the end of a message to a patient means for its address and for others. `for_good`: the address was refused.
void ended(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, bool for_good, Instant now);

}  // namespace concord::messaging
