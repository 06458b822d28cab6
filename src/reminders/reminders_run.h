// Carries a plan out: batches of patients in the order of their ids, one transaction each, with the run's place in it:
//
//   read facts -> plan() -> check-ins, reminders, visits, tasks -> reminder_step -> reminder_run moves on      commit
//
// Killed in between, a batch is there or not; whoever comes next goes on after the last one that is. Two processes at once:
// the second finds the place moved and drops what it did.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "checkins/checkins.h"
#include "db/database.h"
#include "messaging/patient_messages.h"
#include "reminders/reminders_store.h"

namespace concord::reminders {

/// What reminders are lent. Every function runs in the given transaction.
struct Lent {
  const Clock* clock = nullptr;
  const Rules* rules = nullptr;
  const pathways::Library* pathways = nullptr;
  /// Can a patient of the site answer it alone (wording, permission)?
  std::function<bool(db::Tx&, OrganizationId, SiteId, std::string_view instrument, std::string_view informant)> is_for_patient;
  /// Can a message reach them? Patients of the range, by id.
  std::function<std::vector<std::pair<PatientId, messaging::Reach>>(db::Tx&, OrganizationId, PatientId first, PatientId last)>
      reach;
  /// New check-ins by link, and new links of open ones; in the order of what was asked. An error wrote nothing.
  std::function<std::vector<Result<checkins::Sent>>(db::Tx&, OrganizationId, std::span<const checkins::NewCheckIn>)> send;
  struct Again {
    PatientId patient;
    Uuid check_in;
    std::string text;  ///< kind of the message
  };
  std::function<std::vector<Result<checkins::Sent>>(db::Tx&, OrganizationId, std::span<const Again>)> resend;
  messaging::TellPatients tell;
  /// Booked visits and sessions of groups that begin in [from, until): id, patient, instant, how often it was moved.
  struct Upcoming {
    Uuid visit;
    PatientId patient;
    Instant starts_at{};
    std::int64_t sequence = 0;
    bool is_group = false;
  };
  std::function<std::vector<Upcoming>(db::Tx&, OrganizationId, Instant from, Instant until)> visits;
  /// A task for the care manager: "no way to reach by message: ask on the phone".
  struct AskTask {
    PatientId patient;
    SiteId site;
    Uuid episode;
    UserId care_manager;
    Date day;
    std::string why;
  };
  std::function<std::optional<Uuid>(db::Tx&, OrganizationId, const AskTask&)> add_task;
  /// Patients in one transaction; 0: what suits the database.
  int batch = 0;
};

/// One patient's steps for a day, with what they lean on.
struct Planned {
  Facts facts;
  std::vector<Step> steps;
};
/// The plan of one patient; nullopt when they are not in care. Reads only.
std::optional<Planned> plan_one(const Lent& lent, db::Tx& tx, OrganizationId organization, SiteId site, PatientId patient,
                                std::string_view zone, Date day);
/// The plan of everybody at a site who has a step, in the order of ids, batch by batch. Reads only.
void plan_site(const Lent& lent, db::Database& database, OrganizationId organization, SiteId site, std::string_view zone,
               Date day, const std::function<void(const Planned&)>& each);

/// Plans and carries out a site's day, or what is left of it. `keep_on` is asked before every batch: false leaves the rest for
/// later. The counts of the whole day; conflict when another process is at it.
Result<Run> run_site(const Lent& lent, db::Database& database, OrganizationId organization, SiteId site, std::string_view zone,
                     Date day, const std::function<bool()>& keep_on);

}  // namespace concord::reminders
