// Routes of contacts. Recording one stores contact, minutes, scores and changes of treatment in one transaction.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "contacts/contacts.h"
#include "json/cursor.h"
#include "patients/chart.h"

namespace concord::contacts {

using patients::Asker;
using patients::Chart;
using patients::Place;

/// Stores a part of the contact's body in its transaction, on the contact's day, and writes it as JSON.
using StorePart = std::function<Result<void>(db::Tx&, const Asker&, const Place&, Date contact_date, json::Writer&)>;
/// The same for a part that keeps which contact it belongs to.
using StoreWithContact =
    std::function<Result<void>(db::Tx&, const Asker&, const Place&, const Uuid& contact, Date contact_date, json::Writer&)>;

struct Deps {
  const Chart* chart = nullptr;
  /// Reads one entry of "measurements" (measurements_api.h reader); empty after an issue.
  std::function<StorePart(const json::Cursor& body, std::string_view mode)> read_measurement;
  /// Reads one entry of "treatment_changes" {treatment_id, version, to_dose, reason} (treatments_api.h reader).
  std::function<StorePart(const json::Cursor& body)> read_treatment_change;
  /// Reads one entry of "treatment_reports" {treatment_id, adherence, side_effects, bother} (treatments_api.h report_reader).
  std::function<StoreWithContact(const json::Cursor& body)> read_treatment_report = {};
  /// Reads "psychotherapy" {approach, treatment_id, minutes, focus, homework}; `minutes` are the contact's (session_reader).
  std::function<StoreWithContact(const json::Cursor& body, std::optional<int> minutes)> read_psychotherapy = {};
  /// Reads one entry of "goal_checks" {goal_id, progress, confidence?, note?} (plans_api.h goal_check_reader).
  std::function<StorePart(const json::Cursor& body)> read_goal_check = {};
  /// Links "visit_id", the visit that this contact was, to the contact (visits_api.h take_contact).
  std::function<Result<void>(db::Tx&, const Asker&, const Place&, const Uuid& visit, const Uuid& contact)> take_visit = {};
  /// Why these minutes may not be written (they overlap others of the same person, their month is closed), as the
  /// answer to give before anything is stored. `replaces`: the minutes the contact had until now.
  std::function<Result<std::optional<http::Reply>>(db::Tx&, const Asker&, const Place&, const TimeEntry& entry,
                                                   std::optional<TimeEntryId> replaces)>
      refuse_minutes;
  /// Minutes that count toward the calendar month that holds `day` (billing.h); all of them where it is not wired.
  std::function<int(db::Tx&, OrganizationId, const Place&, Date day)> minutes_counted;
  /// Writes the patient's attention lines as a JSON array; how many there are.
  std::function<int(json::Writer&, db::Tx&, const Asker&, const Place&)> write_attention;
};

std::vector<http::Route> routes(const Deps& deps);

/// Members of the patient page: "contacts" newest first, "minutes_this_month".
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_minutes(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// Stores a contact that another slice knows of (a missed visit, a group session), in its transaction: `draft` with what
/// happened; id, the role in which `draft.staff` acted and the time of entry are filled in. No minutes come with it, so nobody is
/// paid for it here. Brings the caseload row up to date. The contact's id.
ContactId record(const Chart& chart, db::Tx& tx, const Asker& asker, Contact draft);

}  // namespace concord::contacts
