// Reads and writes reminder_setting, reminder_step and reminder_run. facts_*.sql read other slices' tables, read-only and by
// ranges of patients: planning ten thousand patients takes some dozens of statements, not some for each.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/database.h"
#include "reminders/reminders.h"

namespace concord::reminders {

/// Version 0 when nothing was saved.
Setting find_setting(db::Tx& tx, OrganizationId organization, PatientId patient);
/// False when `setting.version` is stale.
bool save_setting(db::Tx& tx, OrganizationId organization, PatientId patient, const Setting& setting, UserId by, Instant now);

/// What was done for a patient on a day.
struct DoneStep {
  PatientId patient;
  Date day;
  Uuid id;
  std::string act;  ///< name(Act), or "not_possible"
  std::string why;
  Date due;
  std::vector<std::string> instruments;
  std::optional<Uuid> object;  ///< check-in, visit or task
  Instant at{};
};
/// At most one step that sends and one that asks, for each patient and day.
Uuid step_id(PatientId patient, Date day, bool asks);
void insert(db::Tx& tx, OrganizationId organization, std::span<const DoneStep> steps);
std::vector<DoneStep> list_steps(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last, Date since);

struct Counts {
  std::int64_t patients = 0, check_ins = 0, reminders = 0, visits = 0, asked = 0, not_possible = 0;
};
struct Run {
  PatientId after;
  Counts counts;
  Instant started_at{};
  std::optional<Instant> finished_at;
};
std::optional<Run> find_run(db::Tx& tx, OrganizationId organization, SiteId site, Date day);
void begin_run(db::Tx& tx, OrganizationId organization, SiteId site, Date day, Instant now);
/// False when another process has planned the batch that begins after `from`: then nothing of ours may stay.
bool advance_run(db::Tx& tx, OrganizationId organization, SiteId site, Date day, PatientId from, PatientId to, const Counts& more,
                 std::optional<Instant> finished_at);

/// What the database says about a patient; `reachable`, `why_not` and `visits` are for somebody else to fill.
std::vector<Facts> next_facts(db::Tx& tx, OrganizationId organization, SiteId site, PatientId after, int most, Date today,
                              Instant now);
std::optional<Facts> facts_of(db::Tx& tx, OrganizationId organization, PatientId patient, Date today, Instant now);

}  // namespace concord::reminders
