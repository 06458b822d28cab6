// Reads and writes contact and time_entry.
//
// An edited contact keeps its id; its earlier wording becomes a row of its own whose `replaced_by` points to
// it. Every list leaves those out.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "contacts/contacts.h"
#include "db/database.h"

namespace concord::contacts {

/// Newest first.
std::vector<Contact> list(db::Tx& tx, OrganizationId organization, PatientId patient);
std::optional<Contact> find(db::Tx& tx, OrganizationId organization, PatientId patient, ContactId contact);
/// What an edited contact said before, oldest first.
std::vector<Contact> list_earlier(db::Tx& tx, OrganizationId organization, PatientId patient, ContactId contact);
void insert(db::Tx& tx, OrganizationId organization, const Contact& contact);
/// Changes `before` to `after` and keeps `before` under the id `archive`; false when `before.version` is stale. What reports read
/// of it stays in contact_before.
bool update(db::Tx& tx, OrganizationId organization, const Contact& before, const Contact& after, ContactId archive, Instant now);
/// Takes back a contact that another slice recorded and that did not take place after all; the row stays, no list shows it.
void withdraw(db::Tx& tx, OrganizationId organization, PatientId patient, ContactId contact, Instant now);

/// Without corrected and removed ones.
std::vector<TimeEntry> list_time_entries(db::Tx& tx, OrganizationId organization, PatientId patient, Date first, Date last);
void insert(db::Tx& tx, OrganizationId organization, const TimeEntry& entry);
/// Ends the entry that came with a contact; it stays, with what replaces it.
void end_time_entry(db::Tx& tx, OrganizationId organization, const TimeEntry& entry, Instant at, UserId by,
                    std::optional<TimeEntryId> replaced_by);
/// Minutes of the calendar month that holds `day`, without those of separately billed services and of scheduling.
int minutes_in_month(db::Tx& tx, OrganizationId organization, PatientId patient, Date day);

/// Bulk, for imports and simulation. `entered_at` of the rows counts; `now` stands in where it is not set. Reports know them from
/// `recorded_at` on, and from now on where that is not set, whatever the file says about entering.
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Contact> contacts, Instant now);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const TimeEntry> entries, Instant now);

}  // namespace concord::contacts
