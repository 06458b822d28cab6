// concord reminders: what patients are due, and sending it now.
#include <cstdio>
#include <map>

#include "app/cli.h"
#include "app/messages.h"
#include "app/reminders_wiring.h"
#include "app/slices.h"
#include "base/zone.h"
#include "identity/identity_store.h"
#include "json/writer.h"

namespace concord::app {
namespace {

struct ReminderCommand {
  std::string date;
  bool as_json = false, dry_run = false;
};

/// Everything a plan leans on; outlives the reminders it lends.
struct Desk {
  std::unique_ptr<db::Database> database;
  std::unique_ptr<Slices> slices;
  std::optional<Date> day;
};

Result<Desk> open_desk(CommandLine& line, const ReminderCommand& command) {
  Desk desk;
  if (!command.date.empty()) {
    desk.day = Date::parse(command.date);
    if (!desk.day) return fail(ErrorCode::invalid, "The day is wrong.", {{"--date", "must be like 2026-03-04"}});
  }
  CONCORD_TRY(const auto config, line.config());
  CONCORD_TRY(const auto transports, make_transports(config.messages));
  CONCORD_TRY(auto data, load_data_files(config.data_folder));
  CONCORD_TRY(desk.database, line.find_database(config, data));
  desk.slices = std::make_unique<Slices>(line.clock, line.ids, std::move(data), slice_settings(config, transports));
  return desk;
}

void run_plan(CommandLine& line, const ReminderCommand& command) {
  auto desk = open_desk(line, command);
  if (!desk) return line.failed(desk.error());
  std::int64_t patients = 0;
  std::map<std::string, std::int64_t> counts;
  std::string out;
  json::Writer w(out);
  w.object().key("items").array();
  struct Place {
    OrganizationId organization;
    identity::Site site;
  };
  const auto places = desk->database->read([](db::Tx& tx) {
    std::vector<Place> all;
    for (const auto& organization : identity::organizations(tx))
      for (const auto& site : identity::sites(tx, organization.id)) all.push_back({organization.id, site});
    return all;
  });
  for (const auto& [organization, site] : places) {
    const Date day = desk->day.value_or(local_date(line.clock.now(), site.time_zone));
    reminders::plan_site(desk->slices->reminders(), *desk->database, organization, site.id, site.time_zone, day,
                         [&](const reminders::Planned& planned) {
                           ++patients;
                           for (const auto& step : planned.steps) {
                             ++counts[std::string(reminders::name(step.act))];
                             if (!command.as_json) {
                               std::string instruments;
                               for (const auto& one : step.instruments) instruments += " " + one;
                               std::printf("%s  %s  %-22s %s%s\n", day.iso().c_str(), planned.facts.patient.text().c_str(),
                                           std::string(reminders::name(step.act)).c_str(), step.why.c_str(), instruments.c_str());
                               continue;
                             }
                             w.object()
                                 .field("organization_id", organization)
                                 .field("site_id", site.id)
                                 .field("patient_id", planned.facts.patient)
                                 .field("day", day)
                                 .key("step");
                             reminders::write_step(w, step);
                             w.end();
                           }
                         });
  }
  w.end().key("counts").object();
  for (const auto& [act, count] : counts) w.field(act, count);
  w.end().end();
  if (command.as_json) {
    std::printf("%s\n", out.c_str());
    return;
  }
  for (const auto& [act, count] : counts) std::printf("%-22s %lld\n", act.c_str(), static_cast<long long>(count));
  std::printf("%lld patients are due for something. Nothing was sent.\n", static_cast<long long>(patients));
}

void run_now(CommandLine& line, const ReminderCommand& command) {
  auto desk = open_desk(line, command);
  if (!desk) return line.failed(desk.error());
  const auto done = run_reminders(desk->slices->reminders(), *desk->database, 0, desk->day, [] { return true; });
  if (!done) return line.failed(done.error());
  std::string out;
  json::Writer w(out);
  w.object().key("items").array();
  for (const auto& one : *done) {
    const auto& c = one.run.counts;
    if (!command.as_json)
      std::printf("%s  %s, %s: %lld in care, %lld check-ins, %lld reminders, %lld visits, %lld for a person, %lld not possible\n",
                  one.day.iso().c_str(), one.organization_name.c_str(), one.site_name.c_str(), static_cast<long long>(c.patients),
                  static_cast<long long>(c.check_ins), static_cast<long long>(c.reminders), static_cast<long long>(c.visits),
                  static_cast<long long>(c.asked), static_cast<long long>(c.not_possible));
    w.object()
        .field("organization_id", one.organization)
        .field("site_id", one.site)
        .field("day", one.day)
        .field("patients", c.patients)
        .field("check_ins", c.check_ins)
        .field("reminders", c.reminders)
        .field("visits", c.visits)
        .field("asked", c.asked)
        .field("not_possible", c.not_possible)
        .end();
  }
  w.end().end();
  if (command.as_json) std::printf("%s\n", out.c_str());
  else if (done->empty()) std::printf("Every site's day is planned already.\n");
  else std::printf("The server sends the messages when the quiet hours are over.\n");
}

}  // namespace

void add_reminder_commands(CLI::App& app, CommandLine& line) {
  auto command = std::make_shared<ReminderCommand>();
  auto* reminders = app.add_subcommand("reminders", "Check-ins and reminders that patients are due");
  reminders->require_subcommand(1);
  reminders->footer("Examples:\n  concord reminders plan --date 2026-03-04 --json\n  concord reminders run");
  auto* plan = reminders->add_subcommand("plan", "Who would be sent what on a day; sends nothing");
  plan->add_option("--date", command->date, "The day (default: today at each site)");
  plan->add_flag("--dry-run", command->dry_run, "What this command always is: it writes nothing");
  plan->add_flag("--json", command->as_json, "Machine-readable output");
  plan->callback([&line, command] { run_plan(line, *command); });
  auto* run = reminders->add_subcommand("run", "Do now what the server does once a day; a day that is done is not done again");
  run->add_option("--date", command->date, "The day (default: today at each site)");
  run->add_flag("--json", command->as_json, "Machine-readable output");
  run->callback([&line, command] { run_now(line, *command); });
}

}  // namespace concord::app
