// Reads the facts of a month (other slices' tables through sql/facts_*.sql) and keeps billing's own tables: typed and
// timed minutes in time_entry, timers, visits, stays, services, choices, payer settings, months, charges, exports.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/caller.h"
#include "billing/billing.h"
#include "contacts/contacts.h"
#include "db/database.h"

namespace concord::billing {

using contacts::TimeEntry;
using contacts::TimeEntryId;

/// The month of a whole site, and the open months before it. Minutes of other sites' patients are in the entries
/// (they may overlap), their facts are not.
Book load_site(db::Tx& tx, OrganizationId organization, SiteId site, Month month, const Rules& rules);
/// Every patient of the organization from the first entry on, closed months or not (command line).
Book load_organization(db::Tx& tx, OrganizationId organization, Month month, const Rules& rules);
/// One patient with whatever overlaps their minutes.
Book load_patient(db::Tx& tx, OrganizationId organization, PatientId patient, SiteId site, Month month, const Rules& rules);

/// Only what says which minutes count: entries, consents, stays of one patient in one month.
Book load_minutes(db::Tx& tx, OrganizationId organization, PatientId patient, SiteId site, Month month, const Rules& rules);

// -- minutes
/// By date and start, corrected ones too.
std::vector<TimeEntry> list_entries(db::Tx& tx, OrganizationId organization, PatientId patient, Date first, Date last);
std::optional<TimeEntry> find_entry(db::Tx& tx, OrganizationId organization, PatientId patient, TimeEntryId entry);
void insert(db::Tx& tx, OrganizationId organization, const TimeEntry& entry);
/// False when it has ended already.
bool end_entry(db::Tx& tx, OrganizationId organization, const TimeEntry& entry, Instant at, UserId by, std::string_view reason,
               std::optional<TimeEntryId> replaced_by);
/// Live entries of the staff member that lie over [start, start + minutes) of that day, without `except`.
std::vector<TimeEntry> overlaps(db::Tx& tx, OrganizationId organization, UserId staff, Date day, int start, int minutes,
                                std::optional<TimeEntryId> except);

struct Timer {
  PatientId patient;
  std::string activity;
  std::string note;
  Instant started_at{};
};
std::optional<Timer> find_timer(db::Tx& tx, OrganizationId organization, UserId user);
/// False when one runs already.
bool start_timer(db::Tx& tx, OrganizationId organization, UserId user, const Timer& timer);
void delete_timer(db::Tx& tx, OrganizationId organization, UserId user);

// -- facts that only billing asks for
struct Visit {
  Uuid id;
  Date date;
  std::string code, practitioner, source;
  UserId recorded_by;
  Instant recorded_at{};
};
std::vector<Visit> list_visits(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Visit& visit);
bool remove_visit(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& visit, Instant at);

struct Service {
  Uuid id;
  Date date;
  std::string code, practitioner;
  UserId recorded_by;
  Instant recorded_at{};
};
std::vector<Service> list_services(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Service& service);
bool remove_service(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& service, Instant at);

struct Stay {
  Uuid id;
  std::string kind = "inpatient";
  Date admit_date;
  std::optional<int> admit_minute;
  std::optional<Date> discharge_date;
  std::optional<int> discharge_minute;
  std::int64_t version = 1;
};
std::vector<Stay> list_stays(db::Tx& tx, OrganizationId organization, PatientId patient);
void insert(db::Tx& tx, OrganizationId organization, PatientId patient, const Stay& stay, UserId by, Instant at);
bool discharge(db::Tx& tx, OrganizationId organization, PatientId patient, const Stay& before, Date on,
               std::optional<int> minute);
bool remove_stay(db::Tx& tx, OrganizationId organization, PatientId patient, const Uuid& stay, Instant at);

void set_choice(db::Tx& tx, OrganizationId organization, PatientId patient, Month month, Family family, std::string_view reason,
                UserId by, Instant at);

/// Every version, newest first of each payer.
std::vector<PayerSetting> list_settings(db::Tx& tx, OrganizationId organization, const Rules& rules);
void insert(db::Tx& tx, OrganizationId organization, const PayerSetting& setting, const Rules& rules);

// -- months
struct MonthState {
  std::optional<Instant> closed_at;
  std::optional<UserId> closed_by;
};
MonthState month_state(db::Tx& tx, OrganizationId organization, SiteId site, Month month);
/// The latest closed month of a site; what lies before it is closed too.
std::optional<Month> closed_through(db::Tx& tx, OrganizationId organization, SiteId site,
                                    std::optional<Date> before = std::nullopt);
void set_month(db::Tx& tx, OrganizationId organization, SiteId site, Month month, const MonthState& state);

struct Event {
  Uuid id;
  Instant at{};
  UserId by;
  std::string kind, reason, detail;
};
void insert(db::Tx& tx, OrganizationId organization, SiteId site, Month month, const Event& event);
std::vector<Event> list_events(db::Tx& tx, OrganizationId organization, SiteId site, Month month);

/// Replaces what is known of the courses after a month; courses without service are left out.
void store_courses(db::Tx& tx, OrganizationId organization, SiteId site, Month month,
                   std::span<const std::pair<Uuid, Course>> courses);

/// The initial code of the month was declined: it may be billed later in the course.
void forget_initial(db::Tx& tx, OrganizationId organization, SiteId site, Month month, PatientId patient);

// -- charges
struct Charge {
  Uuid id;
  SiteId site;
  Month month;
  PatientId patient;
  std::string reference;  ///< 12 letters and digits, unique in the organization
  Date service_date;
  std::string code;
  int units = 1;
  int minutes_counted = 0;
  std::string payer_category, plan_name, practitioner;
  Confirm confirm = Confirm::none;
  std::string missing;          ///< kinds, separated by blanks
  std::string state = "ready";  ///< ready, held, declined, exported, voided, credited
  std::optional<UserId> decided_by;
  std::optional<Instant> decided_at;
  std::string decision_reason;
  std::optional<Uuid> export_id, credit_export_id;
  std::int64_t version = 1;

  bool is_live() const { return state != "voided" && state != "credited"; }
};
std::vector<Charge> list_charges(db::Tx& tx, OrganizationId organization, SiteId site, Month month);
std::optional<Charge> find_charge(db::Tx& tx, OrganizationId organization, const Uuid& charge);
void insert_all(db::Tx& tx, OrganizationId organization, std::span<const Charge> charges, Instant now);
/// State, decision and exports of `charge`; false when its version is stale.
bool set_state(db::Tx& tx, OrganizationId organization, const Charge& charge);
/// Everything but code and units of a charge that has not gone out.
void refresh(db::Tx& tx, OrganizationId organization, const Charge& charge);

struct Export {
  Uuid id;
  SiteId site;
  Month month;
  std::string reference;
  Instant at{};
  UserId by;
  int charges = 0, credits = 0;
  std::string csv, dft;
};
void insert(db::Tx& tx, OrganizationId organization, const Export& batch);
std::vector<Export> list_exports(db::Tx& tx, OrganizationId organization, SiteId site, Month month);  ///< without files
std::optional<Export> find_export(db::Tx& tx, OrganizationId organization, const Uuid& id);

/// What a bill says about a patient.
struct Billed {
  std::string given_name, family_name;
  std::optional<Date> birth_date;
  std::string sex, postal_code;
  std::vector<patients::Identifier> identifiers;
};
std::optional<Billed> find_billed(db::Tx& tx, OrganizationId organization, PatientId patient);

}  // namespace concord::billing
