#include "app/reminders_wiring.h"

#include "base/log.h"
#include "base/zone.h"
#include "checkins/send_many.h"
#include "groups/groups_store.h"
#include "identity/identity_store.h"
#include "instruments/instruments_store.h"
#include "messaging/patient_outbox.h"
#include "patients/patients_store.h"
#include "tasks/tasks_store.h"
#include "visits/visits_store.h"

namespace concord::app {
namespace {

constexpr std::string_view kPlanJob = "reminders.plan";
/// Booked visits of two or three days; a clinic has fewer.
constexpr int kMostVisits = 100000;

std::optional<Uuid> add_task(IdSource& ids, const Clock& clock, db::Tx& tx, OrganizationId organization,
                             const reminders::Lent::AskTask& ask) {
  const auto owner = identity::find_user(tx, organization, ask.care_manager);
  if (!owner) return std::nullopt;
  const bool spanish = owner->language == "es";
  tasks::Task task;
  task.id = tasks::TaskId(ids.next());
  task.site = ask.site;
  task.patient = ask.patient;
  task.episode = ask.episode;
  if (ask.why == "unanswered")
    task.title = spanish ? "No responde a los mensajes: haga las preguntas por teléfono"
                         : "Does not answer messages: ask the questions on the phone";
  else
    task.title = spanish ? "No hay forma de escribirle: haga las preguntas por teléfono"
                         : "No way to reach by message: ask the questions on the phone";
  task.due = ask.day;
  task.owner = ask.care_manager;
  task.created_by = ask.care_manager;
  task.created_at = clock.now();
  tasks::insert(tx, organization, task);
  tasks::TaskChange change;
  change.id = ids.next();
  change.task = task.id;
  change.at = task.created_at;
  change.by = ask.care_manager;
  change.kind = "created";
  change.owner_after = task.owner;
  change.due_after = task.due;
  tasks::insert(tx, organization, change);
  return task.id.uuid;
}

std::vector<checkins::Addressee> addressees(db::Tx& tx, OrganizationId organization, patients::PatientId first,
                                            patients::PatientId last) {
  std::vector<checkins::Addressee> all;
  for (auto& line : patients::list_contact_lines(tx, organization, first, last))
    all.push_back({line.id, line.site, std::move(line.language), line.has_birth_date, line.deceased});
  return all;
}

}  // namespace

void wire_reminders(reminders::Deps& deps, const RemindersLent& lent) {
  deps.chart = lent.chart;
  auto& to = deps.lent;
  to.clock = lent.clock;
  to.rules = &lent.data->reminders;
  to.pathways = &lent.data->pathways;
  to.is_for_patient = [library = &lent.data->instruments, clock = lent.clock](db::Tx& tx, OrganizationId organization,
                                                                              SiteId site, std::string_view instrument,
                                                                              std::string_view informant) {
    // A parent's or teacher's form goes to somebody else than the patient.
    if (!informant.empty() && informant != "self") return false;
    std::vector<Issue> issues;
    const auto form = checkins::form_named(*library, instrument, "", issues);
    if (!form || !issues.empty() || form->informant != "self") return false;
    const auto* in = library->find(instrument);
    if (in->permission != instruments::Permission::opt_in) return true;
    const auto zone = identity::zone_of(tx, organization, site).value_or("UTC");
    return instruments::is_permitted(tx, organization, site, instrument, local_date(clock->now(), zone));
  };
  to.reach = [outbox = lent.outbox](db::Tx& tx, OrganizationId organization, patients::PatientId first,
                                    patients::PatientId last) {
    return messaging::reach_of(*outbox, tx, organization, first, last);
  };
  to.send = [checkins = lent.checkins, clock = lent.clock, tell = lent.tell_patients](
                db::Tx& tx, OrganizationId organization, std::span<const checkins::NewCheckIn> wanted) {
    return checkins::send_many(*checkins, addressees, tell, tx, organization, wanted, clock->now());
  };
  to.resend = [checkins = lent.checkins, clock = lent.clock](db::Tx& tx, OrganizationId organization,
                                                             std::span<const reminders::Lent::Again> wanted) {
    std::vector<Result<checkins::Sent>> sent;
    for (const auto& one : wanted)
      sent.push_back(
          checkins::resend_one(*checkins, tx, organization, checkins::CheckInId(one.check_in), clock->now(), one.text));
    return sent;
  };
  to.tell = lent.tell_patients;
  to.visits = [](db::Tx& tx, OrganizationId organization, Instant from, Instant until) {
    std::vector<reminders::Lent::Upcoming> all;
    for (const auto& one : visits::upcoming(tx, organization, from, until, kMostVisits))
      all.push_back({one.id.uuid, one.patient, one.starts_at, one.sequence});
    for (const auto& one : groups::upcoming(tx, organization, from, until, kMostVisits))
      all.push_back({one.session.uuid, one.patient, one.starts_at, 0, true});
    return all;
  };
  to.add_task = [ids = lent.ids, clock = lent.clock](db::Tx& tx, OrganizationId organization,
                                                     const reminders::Lent::AskTask& ask) {
    return add_task(*ids, *clock, tx, organization, ask);
  };
}

Result<std::vector<SiteRun>> run_reminders(const reminders::Lent& lent, db::Database& database, int minute,
                                           std::optional<Date> day, const std::function<bool()>& keep_on) {
  struct Place {
    SiteRun run;
    std::string zone;
  };
  const auto places = database.read([&](db::Tx& tx) {
    std::vector<Place> all;
    const Instant now = lent.clock->now();
    for (const auto& organization : identity::organizations(tx))
      for (const auto& site : identity::sites(tx, organization.id)) {
        if (!day && local_minute_of_day(now, site.time_zone) < minute) continue;
        const Date on = day.value_or(local_date(now, site.time_zone));
        if (const auto run = reminders::find_run(tx, organization.id, site.id, on); run && run->finished_at && !day) continue;
        all.push_back({{organization.id, site.id, organization.name, site.name, on, {}}, site.time_zone});
      }
    return all;
  });
  std::vector<SiteRun> done;
  for (const auto& place : places) {
    if (!keep_on()) break;
    SiteRun one = place.run;
    CONCORD_TRY(one.run, reminders::run_site(lent, database, one.organization, one.site, place.zone, one.day, keep_on));
    const auto& c = one.run.counts;
    if (c.check_ins + c.reminders + c.visits + c.asked + c.not_possible > 0) {
      const std::string site = one.site.text();
      log::info("reminders.planned", {{"site", std::string_view(site)},
                                      {"patients", c.patients},
                                      {"check_ins", c.check_ins},
                                      {"reminders", c.reminders},
                                      {"visits", c.visits},
                                      {"asked", c.asked},
                                      {"not_possible", c.not_possible}});
    }
    done.push_back(std::move(one));
  }
  return done;
}

void plan_reminders(jobs::Worker& worker, db::Database& database, const reminders::Lent& lent, int minute) {
  worker.handle(std::string(kPlanJob), [&database, &lent, minute](jobs::JobRun& run) -> Result<void> {
    auto done = run_reminders(lent, database, minute, std::nullopt, [&run] { return !run.stopping() && run.keep(); });
    // Another process at the same day: it goes on there.
    if (!done && done.error().code != ErrorCode::conflict) return tl::unexpected<Error>(done.error());
    return {};
  });
  worker.every(std::chrono::minutes(10), std::string(kPlanJob));
}

}  // namespace concord::app
