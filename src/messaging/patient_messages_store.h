// Reads and writes patient_contact_preference, address_state and what message_out holds of patients.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "messaging/messaging_store.h"
#include "messaging/patient_messages.h"

namespace concord::messaging {

/// The defaults (version 0) when nothing was saved.
Preference find_preference(db::Tx& tx, OrganizationId organization, PatientId patient);
/// Those of the range that saved something, by patient.
std::map<PatientId, Preference> list_preferences(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last);
/// False when `preference.version` is stale. `by`: a user or portal account.
bool save_preference(db::Tx& tx, OrganizationId organization, PatientId patient, const Preference& preference, const Uuid& by,
                     Instant now);

struct StoredAddress {
  std::optional<Instant> stopped_at, failing_since, wrote_back_at;
  AddressState state() const { return {stopped_at.has_value(), failing_since.has_value()}; }
};
StoredAddress find_address(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address);
/// Every address of the organization that stopped or fails.
using Addresses = std::map<std::pair<Channel, std::string>, AddressState>;
Addresses list_addresses(db::Tx& tx, OrganizationId organization);
/// False when it had stopped (or not) already.
bool stop_address(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address, Instant now);
bool start_address(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address);
void note_failing(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address, Instant now);
void note_working(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address);
/// False when they wrote after `since` already: they have had their answer.
bool note_wrote_back(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address, Instant now,
                     Instant since);

std::vector<Message> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient,
                                     const std::optional<Before>& before, int limit);
/// A message that waits to be sent.
struct WaitingMessage {
  PatientId patient;
  MessageId message;
  std::string kind, page_path;
  Channel channel = Channel::mail;
};
std::vector<WaitingMessage> list_waiting(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last);
/// A new set of attempts from `until` on.
void hold(db::Tx& tx, OrganizationId organization, MessageId message, Instant until, int attempts);
/// False when it is known to have arrived, or is no message to a patient.
bool set_delivery(db::Tx& tx, OrganizationId organization, MessageId message, std::string_view delivery, Instant at,
                  std::string_view code);
/// Whose messages went to an address, in all organizations, latest first.
struct WrittenTo {
  OrganizationId organization;
  PatientId patient;
};
std::vector<WrittenTo> written_to(db::Tx& tx, std::string_view address, int most);
/// How the last message to a patient at an address was written.
struct LastWords {
  std::string language = "en", clinic;
  bool own_address = true;
};
LastWords last_words(db::Tx& tx, OrganizationId organization, PatientId patient, std::string_view address);

}  // namespace concord::messaging
