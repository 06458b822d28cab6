// `concord report`: the program report of a month, of the database or of a CSV folder.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "app/cli.h"
#include "app/directory.h"
#include "app/measures_from_csv.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "exchange/outside_names.h"
#include "measures/measures_store.h"
#include "measures/nys.h"

namespace concord::app {
namespace {

struct ReportOptions {
  std::string rule_set, csv, month, organization;
  bool as_json = false;
};

Result<measures::NysRules> load_rules(const Config& config, const DataFiles& data) {
  const auto path = config.data_folder / "rulesets" / "nys-omh-2025.json";
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  if (!in)
    return fail(ErrorCode::bad_file, "The rule set cannot be read.", {{"nys-omh-2025.json", "is missing in the data folder"}});
  return measures::load_nys_rules(text.str(), data.instruments);
}

Result<void> has_begun(measures::ReportMonth month, Date today) {
  if (month.first <= today) return {};
  return fail(ErrorCode::invalid, "This month has not begun.", {{"--month", "must not be after " + today.iso().substr(0, 7)}});
}

Result<measures::NysReport> of_csv(CommandLine& line, const ReportOptions& options, measures::ReportMonth month,
                                   const DataFiles& data, const measures::NysRules& rules) {
  CONCORD_TRY_VOID(has_begun(month, local_date(line.clock.now(), "UTC")));
  CONCORD_TRY(const auto read, clinic_from_csv(options.csv, data.instruments, rules));
  for (const auto& note : read.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return measures::nys_report(read.clinic, rules, month);
}

Result<measures::NysReport> of_database(CommandLine& line, const Config& config, const ReportOptions& options,
                                        measures::ReportMonth month, const measures::NysRules& rules) {
  CONCORD_TRY(auto database, line.open_database(config));
  struct Read {
    OrganizationId organization;
    measures::Clinic clinic;
  };
  CONCORD_TRY(const auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
    const auto sites = identity::sites(tx, organization.id);
    CONCORD_TRY_VOID(has_begun(month, local_date(line.clock.now(), sites.empty() ? "UTC" : sites.front().time_zone)));
    exchange::OutsideNames names(tx, organization.id);
    return Read{organization.id, measures::load_clinic(tx, organization.id, rules, [&](std::string_view kind, const Uuid& id) {
                  return names.of(kind, id);
                })};
  }));
  auto report = measures::nys_report(read.clinic, rules, month);
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "report." + report.rule_set;
    entry.detail = "month=" + month.text() + " rows=" + std::to_string(report.lines.size());
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return report;
}

}  // namespace

void add_report_command(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<ReportOptions>();
  auto* command = app.add_subcommand("report", "The program report of a month, with the reason for every patient");
  command->add_option("rule_set", options->rule_set, "nys-omh-2025")->required()->check(CLI::IsMember({"nys-omh-2025"}));
  command->add_option("--month", options->month, "The month, YYYY-MM")->required();
  command->add_option("--csv", options->csv, "CSV folder (docs/import.md) instead of a database")->check(CLI::ExistingDirectory);
  command->add_option("--organization", options->organization, "Organization (default: the only one)");
  command->add_flag("--json", options->as_json, "Machine-readable output, with every patient");
  command->footer(
      "Examples:\n  concord report nys-omh-2025 --csv extract/ --month 2026-03 --json\n  concord report nys-omh-2025 --db "
      "sqlite:clinic.db --month 2026-03");
  command->callback([&line, options] {
    const auto text = [&]() -> Result<std::string> {
      const auto month = measures::ReportMonth::parse(options->month);
      if (!month) return fail(ErrorCode::invalid, "The month cannot be read.", {{"--month", "must be a month like 2026-03"}});
      CONCORD_TRY(const auto config, line.config());
      CONCORD_TRY(const auto data, load_data_files(config.data_folder));
      CONCORD_TRY(const auto rules, load_rules(config, data));
      CONCORD_TRY(const auto report, options->csv.empty() ? of_database(line, config, *options, *month, rules)
                                                          : of_csv(line, *options, *month, data, rules));
      return options->as_json ? measures::nys_json(report) : measures::nys_table(report, rules);
    }();
    if (!text) return line.failed(text.error());
    std::fwrite(text->data(), 1, text->size(), stdout);
  });
}

}  // namespace concord::app
