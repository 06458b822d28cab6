// `concord report`: the state's monthly report, the AIMS set of a month or quarter, our reading of three HEDIS measures of a
// year; of the database or of a CSV folder.
#include <fmt/format.h>

#include <cstdio>

#include "app/cli.h"
#include "app/directory.h"
#include "app/measures_from_csv.h"
#include "app/state_report.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "exchange/outside_names.h"
#include "measures/aims.h"
#include "measures/as_of.h"
#include "measures/hedis.h"
#include "measures/measures_store.h"
#include "measures/nys.h"
#include "measures/period.h"
#include "measures/program_figures.h"

namespace concord::app {
namespace {

struct ReportFlags {
  std::string rule_set, csv, month, quarter, year, organization, as_of, reason;
  bool as_json = false, publish = false;
};

/// What a report says about its facts.
struct Facts {
  std::optional<Instant> as_of;  ///< asked for
  std::string zone;
  std::optional<measures::Clinic> now;  ///< where `as_of` is: those of today, to say what has changed since
};
/// A report as it is printed, and what the audit keeps of it.
struct Printed {
  std::string text;
  std::size_t lines = 0;
};
/// Facts of the period as it is known on the day they were read.
using Print = std::function<Printed(const measures::Clinic& clinic, const measures::ReportPeriod& period, const Facts& facts)>;

/// The period that was asked for: a rule set knows months, quarters or years.
Result<measures::ReportPeriod> period_of(const ReportFlags& options) {
  using measures::ReportPeriod;
  struct Kind {
    std::string_view name, flag;
    const std::string& text;
    std::optional<ReportPeriod> (*parse)(std::string_view);
    std::string_view like;
    bool known;  ///< to this rule set
  };
  const bool aims = options.rule_set == "aims-2026", hedis = options.rule_set == "hedis-my2026";
  const Kind kinds[] = {{"month", "--month", options.month, ReportPeriod::month, "2026-03", !hedis},
                        {"quarter", "--quarter", options.quarter, ReportPeriod::quarter, "2026-Q1", aims},
                        {"year", "--year", options.year, ReportPeriod::year, "2026", hedis}};
  const std::string wanted = hedis ? "--year" : aims ? "--month or --quarter" : "--month";
  std::optional<ReportPeriod> period;
  for (const auto& kind : kinds) {
    if (kind.text.empty()) continue;
    const std::string flag(kind.flag);
    if (!kind.known) return fail(ErrorCode::invalid, "This report has another period.", {{flag, "give " + wanted + " instead"}});
    if (period) return fail(ErrorCode::invalid, "Give one period.", {{flag, "only one of " + wanted}});
    period = kind.parse(kind.text);
    if (!period)
      return fail(ErrorCode::invalid, "The " + std::string(kind.name) + " cannot be read.",
                  {{flag, "must be a " + std::string(kind.name) + " like " + std::string(kind.like)}});
  }
  if (!period) return fail(ErrorCode::invalid, "Of which time?", {{wanted, "is missing"}});
  return *period;
}

std::string kind_of(const measures::ReportPeriod& period) {
  return period.text.size() == 4 ? "year" : period.text[5] == 'Q' ? "quarter" : "month";
}

Result<measures::ReportPeriod> known_on(const measures::ReportPeriod& period, Date today) {
  if (auto known = period.known_on(today)) return std::move(*known);
  const std::string kind = kind_of(period);
  return fail(ErrorCode::invalid, "This " + kind + " has not begun.", {{"--" + kind, "must not be after today, " + today.iso()}});
}

Result<Printed> of_csv(CommandLine& line, const ReportFlags& options, const measures::ReportPeriod& asked, const DataFiles& data,
                       const Print& print) {
  CONCORD_TRY(const auto period, known_on(asked, local_date(line.clock.now(), "UTC")));
  CONCORD_TRY(const auto read, clinic_from_csv(options.csv, data.instruments, data.nys));
  for (const auto& note : read.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return print(read.clinic, period, {});
}

/// The instant that --as-of names; nothing without it.
Result<std::optional<Instant>> instant_in(const ReportFlags& options, const measures::ReportPeriod& period, Instant now,
                                          std::string_view zone) {
  if (options.as_of.empty()) return std::optional<Instant>();
  const auto as_of = measures::parse_as_of(options.as_of, zone);
  if (!as_of)
    return fail(ErrorCode::invalid, "The time cannot be read.",
                {{"--as-of", "must be a day like 2026-04-01, a time like 2026-04-01T12:30 or an instant with its zone"}});
  // The end of today has not come.
  if (*as_of > now && options.as_of == local_date(now, zone).iso()) return std::optional(now);
  if (*as_of > now) return fail(ErrorCode::invalid, "That time has not come.", {{"--as-of", "must not be in the future"}});
  if (local_date(*as_of, zone) < period.first)
    return fail(ErrorCode::invalid, "The " + kind_of(period) + " had not begun then.",
                {{"--as-of", "must not be before " + period.first.iso() + ", the " + kind_of(period) + "'s first day"}});
  return as_of;
}

Result<Printed> of_database(CommandLine& line, const Config& config, const ReportFlags& options,
                            const measures::ReportPeriod& asked, const measures::NysRules& facts_rules, const Print& print) {
  CONCORD_TRY(auto database, line.find_database(config));
  struct Read {
    OrganizationId organization;
    measures::ReportPeriod period;
    Facts facts;
    measures::Clinic clinic;
  };
  CONCORD_TRY(const auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
    const auto sites = identity::sites(tx, organization.id);
    Facts facts{{}, sites.empty() ? "UTC" : sites.front().time_zone, {}};
    CONCORD_TRY(auto period, known_on(asked, local_date(line.clock.now(), facts.zone)));
    CONCORD_TRY(facts.as_of, instant_in(options, period, line.clock.now(), facts.zone));
    exchange::OutsideNames outside(tx, organization.id);
    const auto name = [&](std::string_view kind, const Uuid& id) { return outside.of(kind, id); };
    if (!facts.as_of)
      return Read{organization.id, std::move(period), std::move(facts),
                  measures::load_clinic(tx, organization.id, facts_rules, name)};
    // Of a running period what was known then: its days up to that one.
    CONCORD_TRY(period, known_on(asked, local_date(*facts.as_of, facts.zone)));
    facts.now = measures::load_clinic(tx, organization.id, facts_rules, name);
    auto clinic = measures::load_clinic_as_of(tx, organization.id, facts_rules, name, *facts.as_of);
    return Read{organization.id, std::move(period), std::move(facts), std::move(clinic)};
  }));
  Printed printed = print(read.clinic, read.period, read.facts);
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "report." + options.rule_set;
    entry.detail = "period=" + read.period.text + " rows=" + std::to_string(printed.lines);
    if (read.facts.as_of) entry.detail += " as_of=" + iso(*read.facts.as_of);
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return printed;
}

/// After a table: "As known at 2026-04-05 09:12 (America/New_York).", and what has changed since.
template <class Report, class Make>
std::string as_known(const Report& report, const Facts& facts, const Make& make) {
  if (!facts.as_of) return "";
  const int minute = local_minute_of_day(*facts.as_of, facts.zone);
  return fmt::format("\nAs known at {} {:02}:{:02} ({}).\n", local_date(*facts.as_of, facts.zone).iso(), minute / 60, minute % 60,
                     facts.zone) +
         measures::restatement_table(measures::program_figures(report), measures::program_figures(make(*facts.now)));
}
/// The JSON of a report, with what has changed since where it looks back.
template <class Report, class Make>
std::string with_restatement(std::string json, const Report& report, const Facts& facts, const Make& make) {
  if (!facts.as_of) return json;
  json.resize(json.size() - 2);  // "}" and the line break
  std::string member;
  json::Writer w(member);
  w.object();
  measures::write_restatement(w, measures::program_figures(report), measures::program_figures(make(*facts.now)), true);
  w.end();
  return json + "," + member.substr(1) + "\n";
}

Print printer(const std::string& rule_set, const DataFiles& data, bool as_json) {
  if (rule_set == "aims-2026")
    return
        [&rules = data.aims, as_json](const measures::Clinic& clinic, const measures::ReportPeriod& period, const Facts& facts) {
          const auto make = [&](const measures::Clinic& of) { return measures::aims_report(of, rules, period); };
          const auto report = make(clinic);
          return Printed{as_json ? with_restatement(measures::aims_json(report, rules, facts.as_of), report, facts, make)
                                 : measures::aims_table(report, rules) + as_known(report, facts, make),
                         report.lines.size()};
        };
  if (rule_set == "hedis-my2026")
    return
        [&rules = data.hedis, as_json](const measures::Clinic& clinic, const measures::ReportPeriod& period, const Facts& facts) {
          const auto make = [&](const measures::Clinic& of) { return measures::hedis_report(of, rules, period); };
          const auto report = make(clinic);
          return Printed{as_json ? with_restatement(measures::hedis_json(report, rules, facts.as_of), report, facts, make)
                                 : measures::hedis_table(report, rules) + as_known(report, facts, make),
                         report.lines.size()};
        };
  return [&rules = data.nys, as_json](const measures::Clinic& clinic, const measures::ReportPeriod& period, const Facts&) {
    const auto report = measures::nys_report(clinic, rules, {period.first});
    return Printed{as_json ? measures::nys_json(report) : measures::nys_table(report, rules), report.lines.size()};
  };
}

/// Only a database remembers what was known, and only the state's report is published.
Result<void> can_look_back(const ReportFlags& options) {
  const std::string_view given = !options.as_of.empty() ? "--as-of" : options.publish ? "--publish" : "";
  if (!options.reason.empty() && !options.publish)
    return fail(ErrorCode::invalid, "Nothing is published.", {{"--reason", "goes together with --publish"}});
  if (given.empty()) return {};
  if (!options.csv.empty())
    return fail(ErrorCode::invalid, "A folder does not say when its rows became known.",
                {{std::string(given), "goes together with a database, not with --csv"}});
  if (options.publish && options.rule_set != "nys-omh-2025")
    return fail(ErrorCode::invalid, "Only the state's report is published.", {{"--publish", "is for nys-omh-2025 only"}});
  return {};
}

Result<std::string> run(CommandLine& line, const ReportFlags& options) {
  CONCORD_TRY(const auto period, period_of(options));
  CONCORD_TRY(const auto config, line.config());
  CONCORD_TRY(const auto data, load_data_files(config.data_folder));
  CONCORD_TRY_VOID(can_look_back(options));
  if (options.rule_set == "nys-omh-2025" && options.csv.empty())
    return state_report(line, config, {options.organization, options.as_of, options.publish, options.reason, options.as_json},
                        {period.first}, data.nys);
  const Print print = printer(options.rule_set, data, options.as_json);
  CONCORD_TRY(auto printed, options.csv.empty() ? of_database(line, config, options, period, data.nys, print)
                                                : of_csv(line, options, period, data, print));
  return std::move(printed.text);
}

}  // namespace

void add_report_command(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<ReportFlags>();
  auto* command = app.add_subcommand("report", "A program report, with the reason for every patient");
  command->add_option("rule_set", options->rule_set, "nys-omh-2025 (month), aims-2026 (month, quarter), hedis-my2026 (year)")
      ->required()
      ->check(CLI::IsMember({"nys-omh-2025", "aims-2026", "hedis-my2026"}));
  command->add_option("--month", options->month, "The month, YYYY-MM");
  command->add_option("--quarter", options->quarter, "The quarter, YYYY-Qn");
  command->add_option("--year", options->year, "The year, YYYY");
  command->add_option("--csv", options->csv, "CSV folder (docs/import.md) instead of a database")->check(CLI::ExistingDirectory);
  command->add_option("--organization", options->organization, "Organization (default: the only one)");
  command->add_option("--as-of", options->as_of,
                      "Of a database: with the facts as they were known then; 2026-04-01 (the end of that day), "
                      "2026-04-01T12:30 (site time) or an instant with its zone");
  command->add_flag("--publish", options->publish,
                    "nys-omh-2025 of a database: keep these figures and lines as what was published of the month; a second time "
                    "restates it");
  command->add_option("--reason", options->reason, "Why a published month is restated");
  command->add_flag("--json", options->as_json, "Machine-readable output, with every patient");
  command->footer(
      "Examples:\n  concord report nys-omh-2025 --csv extract/ --month 2026-03 --json\n  concord report nys-omh-2025 --db "
      "sqlite:clinic.db --month 2026-03\n  concord report nys-omh-2025 --db sqlite:clinic.db --month 2026-03 --as-of 2026-04-05 "
      "--publish\n  concord report aims-2026 --db sqlite:clinic.db --quarter 2026-Q1 --as-of 2026-04-05\n  concord report "
      "hedis-my2026 --csv extract/ --year 2026");
  command->callback([&line, options] {
    const auto text = run(line, *options);
    if (!text) return line.failed(text.error());
    std::fwrite(text->data(), 1, text->size(), stdout);
  });
}

}  // namespace concord::app
