// Queues messages to patients and decides, at every attempt anew, whether the way is still open: a STOP, a corrected number,
// a death or the clinic's quiet hours between queueing and sending count. How it is sent and retried: outbox.h.
#pragma once

#include <span>
#include <vector>

#include "messaging/outbox.h"
#include "messaging/patient_messages.h"

namespace concord::messaging {

/// See patient_messages.h. Breaks an invariant for a kind without a text.
std::vector<Queued> tell(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const ToPatient& to);
std::vector<std::vector<Queued>> tell(const Outbox& outbox, db::Tx& tx, OrganizationId organization,
                                      std::span<const ToPatient> to);

Reach reach_of(const Outbox& outbox, db::Tx& tx, OrganizationId organization, PatientId patient);
/// Of a range of patients, by id.
std::vector<std::pair<PatientId, Reach>> reach_of(const Outbox& outbox, db::Tx& tx, OrganizationId organization, PatientId first,
                                                  PatientId last);

/// What the gateway sent on: somebody wrote back from `number`. `patients`: whose records it touches, for the audit log.
struct WroteBack {
  Keyword keyword = Keyword::none;
  std::vector<std::pair<OrganizationId, PatientId>> patients;
};
/// STOP and START hold for the number in every organization of the installation; each is answered once, and so is HELP. Any
/// other text is answered at most once a day (nobody reads replies) and not kept.
WroteBack wrote_back(const Outbox& outbox, db::Tx& tx, std::span<const OrganizationId> organizations, std::string_view number,
                     std::string_view body);
/// What became of a message after the gateway took it. `status` as the gateway says it ("delivered", "undelivered", "failed",
/// others mean nothing yet), `code` its error number or empty. nullopt: no such message.
std::optional<Message> delivery_came(const Outbox& outbox, db::Tx& tx, OrganizationId organization, MessageId message,
                                     std::string_view status, std::string_view code);

}  // namespace concord::messaging
