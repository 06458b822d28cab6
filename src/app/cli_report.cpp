// `concord report`: the state's monthly report, the AIMS set of a month or quarter, our reading of three HEDIS measures of a
// year; of the database or of a CSV folder.
#include <cstdio>

#include "app/cli.h"
#include "app/directory.h"
#include "app/measures_from_csv.h"
#include "app/state_report.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "exchange/outside_names.h"
#include "measures/aims.h"
#include "measures/hedis.h"
#include "measures/measures_store.h"
#include "measures/nys.h"
#include "measures/period.h"

namespace concord::app {
namespace {

struct ReportFlags {
  std::string rule_set, csv, month, quarter, year, organization, as_of, reason;
  bool as_json = false, publish = false;
};

/// A report as it is printed, and what the audit keeps of it.
struct Printed {
  std::string text;
  std::size_t lines = 0;
};
/// Facts of the period as it is known on the day they were read.
using Print = std::function<Printed(const measures::Clinic& clinic, const measures::ReportPeriod& period)>;

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

Result<measures::ReportPeriod> known_on(const measures::ReportPeriod& period, Date today) {
  if (auto known = period.known_on(today)) return std::move(*known);
  const std::string_view kind = period.text.size() == 4 ? "year" : period.text[5] == 'Q' ? "quarter" : "month";
  return fail(ErrorCode::invalid, "This " + std::string(kind) + " has not begun.",
              {{"--" + std::string(kind), "must not be after today, " + today.iso()}});
}

Result<Printed> of_csv(CommandLine& line, const ReportFlags& options, const measures::ReportPeriod& asked, const DataFiles& data,
                       const Print& print) {
  CONCORD_TRY(const auto period, known_on(asked, local_date(line.clock.now(), "UTC")));
  CONCORD_TRY(const auto read, clinic_from_csv(options.csv, data.instruments, data.nys));
  for (const auto& note : read.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return print(read.clinic, period);
}

Result<Printed> of_database(CommandLine& line, const Config& config, const ReportFlags& options,
                            const measures::ReportPeriod& asked, const measures::NysRules& facts_rules, const Print& print) {
  CONCORD_TRY(auto database, line.open_database(config));
  struct Read {
    OrganizationId organization;
    measures::ReportPeriod period;
    measures::Clinic clinic;
  };
  CONCORD_TRY(const auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
    const auto sites = identity::sites(tx, organization.id);
    CONCORD_TRY(auto period, known_on(asked, local_date(line.clock.now(), sites.empty() ? "UTC" : sites.front().time_zone)));
    exchange::OutsideNames names(tx, organization.id);
    return Read{organization.id, std::move(period),
                measures::load_clinic(tx, organization.id, facts_rules,
                                      [&](std::string_view kind, const Uuid& id) { return names.of(kind, id); })};
  }));
  Printed printed = print(read.clinic, read.period);
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "report." + options.rule_set;
    entry.detail = "period=" + read.period.text + " rows=" + std::to_string(printed.lines);
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return printed;
}

Print printer(const std::string& rule_set, const DataFiles& data, bool as_json) {
  if (rule_set == "aims-2026")
    return [&rules = data.aims, as_json](const measures::Clinic& clinic, const measures::ReportPeriod& period) {
      const auto report = measures::aims_report(clinic, rules, period);
      return Printed{as_json ? measures::aims_json(report, rules) : measures::aims_table(report, rules), report.lines.size()};
    };
  if (rule_set == "hedis-my2026")
    return [&rules = data.hedis, as_json](const measures::Clinic& clinic, const measures::ReportPeriod& period) {
      const auto report = measures::hedis_report(clinic, rules, period);
      return Printed{as_json ? measures::hedis_json(report, rules) : measures::hedis_table(report, rules), report.lines.size()};
    };
  return [&rules = data.nys, as_json](const measures::Clinic& clinic, const measures::ReportPeriod& period) {
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
  if (options.rule_set != "nys-omh-2025")
    return fail(ErrorCode::invalid, "This report has no past.", {{std::string(given), "is for nys-omh-2025 only"}});
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
                      "nys-omh-2025 of a database: with the facts as they were known then; 2026-04-01 (the end of that day), "
                      "2026-04-01T12:30 (site time) or an instant with its zone");
  command->add_flag("--publish", options->publish,
                    "nys-omh-2025 of a database: keep these figures and lines as what was published of the month; a second time "
                    "restates it");
  command->add_option("--reason", options->reason, "Why a published month is restated");
  command->add_flag("--json", options->as_json, "Machine-readable output, with every patient");
  command->footer(
      "Examples:\n  concord report nys-omh-2025 --csv extract/ --month 2026-03 --json\n  concord report nys-omh-2025 --db "
      "sqlite:clinic.db --month 2026-03\n  concord report nys-omh-2025 --db sqlite:clinic.db --month 2026-03 --as-of 2026-04-05 "
      "--publish\n  concord report aims-2026 --db sqlite:clinic.db --quarter 2026-Q1\n  concord report "
      "hedis-my2026 --csv extract/ --year 2026");
  command->callback([&line, options] {
    const auto text = run(line, *options);
    if (!text) return line.failed(text.error());
    std::fwrite(text->data(), 1, text->size(), stdout);
  });
}

}  // namespace concord::app
