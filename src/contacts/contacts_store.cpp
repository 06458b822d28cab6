#include "contacts/contacts_store.h"

#include "base/text.h"
#include "contacts/contacts_sql.h"

namespace concord::contacts {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

Contact read_contact(const db::Row& row) {
  Contact c;
  c.patient = row.id<PatientId>(0);
  c.date = row.date(1);
  c.id = row.id<ContactId>(2);
  c.started_at = row.maybe_instant(3);
  c.staff = row.maybe_id<UserId>(4);
  c.staff_role = row.string(5);
  c.kind = row.string(6);
  c.modality = row.maybe_string(7);
  if (const auto minutes = row.maybe_integer(8)) c.minutes = static_cast<int>(*minutes);
  c.with_whom = row.string(9);
  for (const auto word : split(row.text(10), ' '))
    if (!word.empty()) c.interventions.emplace_back(word);
  c.note = row.string(11);
  c.next_due_date = row.maybe_date(12);
  c.next_due_modality = row.maybe_string(13);
  c.source = row.string(14);
  c.labels = row.string(15);
  c.replaced_by = row.maybe_id<ContactId>(16);
  c.entered_at = row.instant(17);
  c.version = row.integer(18);
  return c;
}

TimeEntry read_time_entry(const db::Row& row) {
  TimeEntry t;
  t.patient = row.id<PatientId>(0);
  t.date = row.date(1);
  t.id = row.id<TimeEntryId>(2);
  t.staff = row.maybe_id<UserId>(3);
  t.staff_name = row.string(4);
  t.minutes = static_cast<int>(row.integer(5));
  t.activity = row.string(6);
  if (const auto minute = row.maybe_integer(7)) t.start_minute = static_cast<int>(*minute);
  t.separately_billed = row.boolean(8);
  t.contact = row.maybe_id<ContactId>(9);
  t.staff_role = row.string(10);
  return t;
}

/// A contact's columns in the order of the table, without when it was recorded; looks into `c` and `interventions`.
std::vector<db::Param> values_of(OrganizationId organization, const Contact& c, const std::string& interventions,
                                 Instant entered_at) {
  return {organization, c.patient,     c.date,      c.id,          c.started_at, c.staff,         c.staff_role,        c.kind,
          c.modality,   c.minutes,     c.with_whom, interventions, c.note,       c.next_due_date, c.next_due_modality, c.source,
          c.labels,     c.replaced_by, entered_at,  c.version};
}

}  // namespace

std::vector<Contact> list(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.all(sql::kListContacts, {organization, patient}, read_contact);
}

std::optional<Contact> find(db::Tx& tx, OrganizationId organization, PatientId patient, ContactId contact) {
  return tx.one(sql::kFindContact, {organization, patient, contact}, read_contact);
}

std::vector<Contact> list_earlier(db::Tx& tx, OrganizationId organization, PatientId patient, ContactId contact) {
  return tx.all(sql::kListEarlier, {organization, patient, contact}, read_contact);
}

void insert(db::Tx& tx, OrganizationId organization, const Contact& c) {
  const std::string interventions = joined(c.interventions);
  tx.run(sql::kInsertContact, values_of(organization, c, interventions, c.entered_at));
}

bool update(db::Tx& tx, OrganizationId organization, const Contact& before, const Contact& after, ContactId archive,
            Instant now) {
  const std::string interventions = joined(after.interventions);
  // Reports ask nothing else of a contact.
  if (before.modality != after.modality || before.with_whom != after.with_whom)
    tx.run(sql::kKeepContact, {organization, before.patient, before.id, now});
  const auto changed = tx.run(
      sql::kUpdateContact, {organization, before.patient, before.date, before.id, before.version, after.modality, after.minutes,
                            after.with_whom, interventions, after.note, after.next_due_date, after.next_due_modality});
  if (changed == 0) return false;
  Contact kept = before;
  kept.id = archive;
  kept.replaced_by = before.id;
  insert(tx, organization, kept);
  return true;
}

void withdraw(db::Tx& tx, OrganizationId organization, PatientId patient, ContactId contact, Instant now) {
  tx.run(sql::kKeepContact, {organization, patient, contact, now});
  tx.run(sql::kWithdrawContact, {organization, patient, contact});
}

std::vector<TimeEntry> list_time_entries(db::Tx& tx, OrganizationId organization, PatientId patient, Date first, Date last) {
  return tx.all(sql::kListTimeEntries, {organization, patient, first, last}, read_time_entry);
}

void insert(db::Tx& tx, OrganizationId organization, const TimeEntry& t) {
  tx.run(sql::kInsertTimeEntry,
         {organization, t.patient, t.date, t.id, t.staff, t.staff_name, t.minutes, t.activity, t.start_minute,
          t.separately_billed, t.contact, t.staff_role, t.note, t.source, t.entered_by, t.entered_at});
}

void end_time_entry(db::Tx& tx, OrganizationId organization, const TimeEntry& t, Instant at, UserId by,
                    std::optional<TimeEntryId> replaced_by) {
  tx.run(sql::kEndTimeEntry, {organization, t.patient, t.date, t.id, at, by, replaced_by});
}

int minutes_in_month(db::Tx& tx, OrganizationId organization, PatientId patient, Date day) {
  int minutes = 0;
  for (const auto& entry : list_time_entries(tx, organization, patient, day.first_of_month(), day.last_of_month()))
    if (!entry.separately_billed && entry.activity != "scheduling") minutes += entry.minutes;
  return minutes;
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Contact> contacts, Instant now) {
  static constexpr std::string_view kColumns[] = {
      "organization_id", "patient_id",    "contact_date",   "contact_id",    "started_at",
      "staff_id",        "staff_role",    "kind",           "modality",      "minutes",
      "with_whom",       "interventions", "note",           "next_due_date", "next_due_modality",
      "source",          "labels",        "replaced_by_id", "entered_at",    "version",
      "recorded_at"};
  std::size_t next = 0;
  std::string interventions;
  tx.load("contact", kColumns, [&](std::vector<db::Param>& values) {
    if (next == contacts.size()) return false;
    const Contact& c = contacts[next++];
    interventions = joined(c.interventions);
    values = values_of(organization, c, interventions, c.entered_at == Instant{} ? now : c.entered_at);
    values.emplace_back(c.recorded_at.value_or(now));
    return true;
  });
}

void insert_all(db::Tx& tx, OrganizationId organization, std::span<const TimeEntry> entries, Instant now) {
  static constexpr std::string_view kColumns[] = {
      "organization_id", "patient_id",   "entry_date",        "entry_id",   "staff_id",   "staff_name", "minutes",
      "activity",        "start_minute", "separately_billed", "contact_id", "staff_role", "source",     "entered_at"};
  std::size_t next = 0;
  tx.load("time_entry", kColumns, [&](std::vector<db::Param>& values) {
    if (next == entries.size()) return false;
    const TimeEntry& t = entries[next++];
    values.assign({organization, t.patient, t.date, t.id, t.staff, t.staff_name, t.minutes, t.activity, t.start_minute,
                   t.separately_billed, t.contact, t.staff_role, t.source, t.entered_at.value_or(now)});
    return true;
  });
}

}  // namespace concord::contacts
