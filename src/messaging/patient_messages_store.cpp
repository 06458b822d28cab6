#include "messaging/patient_messages_store.h"

#include "messaging/messaging_sql.h"

namespace concord::messaging {
namespace {

// The newest that both databases can hold and compare.
const Instant kEndOfTime = Instant(std::chrono::sys_days(std::chrono::year(2999) / 1 / 1));

Preference read_preference(const db::Row& row) {
  Preference p;
  p.channel = row.maybe_string(1);
  p.language = row.maybe_string(2);
  const auto minute = [&](int column) -> std::optional<int> {
    const auto value = row.maybe_integer(column);
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
  };
  p.quiet_from = minute(3);
  p.quiet_until = minute(4);
  p.tell_when_read = row.boolean(5);
  p.mail_stopped_at = row.maybe_instant(6);
  p.sms_stopped_at = row.maybe_instant(7);
  p.version = row.integer(8);
  return p;
}

}  // namespace

Preference find_preference(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kFindPreference, {organization, patient}, read_preference).value_or(Preference{});
}

std::map<PatientId, Preference> list_preferences(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last) {
  std::map<PatientId, Preference> all;
  tx.each(sql::kListPreferences, {organization, first, last},
          [&](const db::Row& row) { all.emplace(row.id<PatientId>(0), read_preference(row)); });
  return all;
}

bool save_preference(db::Tx& tx, OrganizationId organization, PatientId patient, const Preference& p, const Uuid& by,
                     Instant now) {
  if (p.version == 0)
    return tx.run(sql::kInsertPreference, {organization, patient, p.channel, p.language, p.quiet_from, p.quiet_until,
                                           p.tell_when_read, p.mail_stopped_at, p.sms_stopped_at, now, by}) == 1;
  return tx.run(sql::kUpdatePreference, {organization, patient, p.channel, p.language, p.quiet_from, p.quiet_until,
                                         p.tell_when_read, p.mail_stopped_at, p.sms_stopped_at, now, by, p.version}) == 1;
}

StoredAddress find_address(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address) {
  return tx
      .one(sql::kFindAddress, {organization, name(channel), address},
           [](const db::Row& row) { return StoredAddress{row.maybe_instant(0), row.maybe_instant(1), row.maybe_instant(2)}; })
      .value_or(StoredAddress{});
}

Addresses list_addresses(db::Tx& tx, OrganizationId organization) {
  Addresses all;
  tx.each(sql::kListAddresses, {organization}, [&](const db::Row& row) {
    all[{channel_named(row.text(0)).value_or(Channel::mail), row.string(1)}] = {!row.is_null(2), !row.is_null(3)};
  });
  return all;
}

bool stop_address(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address, Instant now) {
  tx.run(sql::kAddAddress, {organization, name(channel), address});
  return tx.run(sql::kStopAddress, {organization, name(channel), address, now}) == 1;
}

bool start_address(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address) {
  return tx.run(sql::kStartAddress, {organization, name(channel), address}) == 1;
}

void note_failing(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address, Instant now) {
  tx.run(sql::kAddAddress, {organization, name(channel), address});
  tx.run(sql::kAddressFails, {organization, name(channel), address, now});
}

void note_working(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address) {
  tx.run(sql::kAddressWorks, {organization, name(channel), address});
}

bool note_wrote_back(db::Tx& tx, OrganizationId organization, Channel channel, std::string_view address, Instant now,
                     Instant since) {
  tx.run(sql::kAddAddress, {organization, name(channel), address});
  return tx.run(sql::kAddressWrote, {organization, name(channel), address, now, since}) == 1;
}

std::vector<Message> list_of_patient(db::Tx& tx, OrganizationId organization, PatientId patient,
                                     const std::optional<Before>& before, int limit) {
  const Before b = before.value_or(Before{kEndOfTime, {}});
  return tx.all(sql::kListOfPatient, {organization, patient, b.at, b.id, limit}, read_message);
}

std::vector<WaitingMessage> list_waiting(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last) {
  return tx.all(sql::kListWaitingOfPatients, {organization, first, last}, [](const db::Row& row) {
    return WaitingMessage{row.id<PatientId>(0), row.id<MessageId>(1), row.string(2), row.maybe_string(3).value_or(""),
                          channel_named(row.text(4)).value_or(Channel::mail)};
  });
}

void hold(db::Tx& tx, OrganizationId organization, MessageId message, Instant until, int attempts) {
  tx.run(sql::kHoldMessage, {organization, message, until, attempts});
}

bool set_delivery(db::Tx& tx, OrganizationId organization, MessageId message, std::string_view delivery, Instant at,
                  std::string_view code) {
  return tx.run(sql::kSetDelivery, {organization, message, delivery, at, code}) == 1;
}

std::vector<WrittenTo> written_to(db::Tx& tx, std::string_view address, int most) {
  return tx.all(sql::kWrittenTo, {address, most},
                [](const db::Row& row) { return WrittenTo{row.id<OrganizationId>(0), row.id<PatientId>(1)}; });
}

LastWords last_words(db::Tx& tx, OrganizationId organization, PatientId patient, std::string_view address) {
  return tx
      .one(sql::kLanguageOfMessage, {organization, patient, address},
           [](const db::Row& row) { return LastWords{row.string(0), row.string(1), row.boolean(2)}; })
      .value_or(LastWords{});
}

}  // namespace concord::messaging
