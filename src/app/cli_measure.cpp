// `concord measure`: a national measure over FHIR records of many patients, or over the database's own.
#include <cstdio>
#include <thread>

#include "app/cli.h"
#include "app/directory.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "ecqm/ecqm_store.h"
#include "ecqm/listing.h"
#include "ecqm/measure_report.h"
#include "ecqm/run.h"

namespace concord::app {
namespace {

struct MeasureOptions {
  std::string measure, fhir, value_sets, period, out, organization;
  bool as_json = false;
  unsigned jobs = 0;
  bool null_prevalence_ongoing = false, no_order_without_supply = false, last_listed = false, trust_meta_profile = false;
};

ecqm::Switches switches_of(const MeasureOptions& options) {
  ecqm::Switches switches;
  switches.null_prevalence_is_ongoing = options.null_prevalence_ongoing;
  switches.order_without_supply_counts = !options.no_order_without_supply;
  switches.tie = options.last_listed ? ecqm::Switches::Tie::last_listed : ecqm::Switches::Tie::first_listed;
  switches.trust_meta_profile = options.trust_meta_profile;
  return switches;
}

/// Prints what it is given as it goes; patients come before the totals, so nothing is kept.
class Printer {
 public:
  Printer(const ecqm::Measure& measure, const ecqm::Question& question, bool as_json)
      : measure_(measure), question_(question), listing_(measure, question), as_json_(as_json) {}

  void patient(const ecqm::PatientResult& result) {
    for (const Issue& issue : result.errors) {
      constexpr std::size_t kShown = 50;
      if (shown_++ < kShown) std::fprintf(stderr, "error: %s: %s\n", issue.path.c_str(), issue.text.c_str());
      else if (shown_ == kShown + 1) std::fprintf(stderr, "error: ... and more (--json lists all)\n");
    }
    if (!as_json_) return;
    begin();
    listing_.patient(buffer_, result);
    if (constexpr std::size_t kEnough = 1 << 16; buffer_.size() >= kEnough) flush();
  }
  void finish(const ecqm::RunSummary& summary) {
    if (as_json_) {
      begin();
      listing_.tail(buffer_, summary);
    } else {
      buffer_ += ecqm::summary_table(measure_, question_, summary);
    }
    flush();
  }

 private:
  void begin() {
    if (!begun_) listing_.head(buffer_);
    begun_ = true;
  }
  void flush() {
    std::fwrite(buffer_.data(), 1, buffer_.size(), stdout);
    buffer_.clear();
  }
  const ecqm::Measure& measure_;
  const ecqm::Question& question_;
  ecqm::JsonListing listing_;
  std::string buffer_;
  std::size_t shown_ = 0;
  bool as_json_, begun_ = false;
};

/// Audited like the program's report: who looks at everybody's record leaves a line.
Result<ecqm::RunSummary> of_database(CommandLine& line, const MeasureOptions& options, const ecqm::Measure& measure,
                                     const ecqm::Question& question, const ecqm::Sink& sink) {
  CONCORD_TRY(const auto config, line.config());
  CONCORD_TRY(auto database, line.find_database(config));
  struct Read {
    OrganizationId organization;
    Date today;
    std::vector<ecqm::OwnRecord> records;
  };
  CONCORD_TRY(const auto read, database->read([&](db::Tx& tx) -> Result<Read> {
    CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
    const auto sites = identity::sites(tx, organization.id);
    return Read{organization.id, local_date(line.clock.now(), sites.empty() ? "UTC" : sites.front().time_zone),
                ecqm::load_own_records(tx, organization.id)};
  }));
  CONCORD_TRY_VOID(database->write([&](db::Tx& tx) -> Result<void> {
    audit::Entry entry;
    entry.organization = read.organization;
    entry.at = line.clock.now();
    entry.role = "command line";
    entry.action = "measure." + options.measure;
    entry.detail =
        "period=" + question.period.from.iso() + "/" + question.period.to.iso() + " rows=" + std::to_string(read.records.size());
    entry.result = "ok";
    audit::append(tx, entry);
    return {};
  }));
  return ecqm::run_own(read.records, measure, question, read.today, sink);
}

Result<void> measure(CommandLine& line, const MeasureOptions& options) {
  const ecqm::Measure& measure = *ecqm::find_measure(options.measure);
  CONCORD_TRY(const auto period, ecqm::MeasurementPeriod::parse(options.period));
  const ecqm::Question question{period, switches_of(options)};
  if (period.from > local_date(line.clock.now(), "UTC")) std::fprintf(stderr, "note: the measurement period has not begun\n");
  const bool from_files = !options.fhir.empty();
  ecqm::Terms terms;
  if (from_files) {
    CONCORD_TRY(terms, ecqm::Terms::load(options.value_sets, measure.terms));
    for (const auto& note : terms.notes()) std::fprintf(stderr, "note: %s\n", note.c_str());
  }

  std::optional<ecqm::ReportWriter> reports;
  if (!options.out.empty()) {
    CONCORD_TRY(reports, ecqm::ReportWriter::open(options.out, measure, question));
  }
  Printer printer(measure, question, options.as_json);
  ecqm::RunOptions run_options;
  run_options.jobs = options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  const ecqm::Sink sink = [&](const ecqm::PatientResult& result) -> Result<void> {
    printer.patient(result);
    return reports ? reports->add(result) : Result<void>{};
  };
  CONCORD_TRY(const auto summary, from_files ? ecqm::run(measure, terms, options.fhir, question, run_options, sink)
                                             : of_database(line, options, measure, question, sink));
  if (from_files && summary.totals.patients == 0 && summary.totals.errors == 0)
    return fail(ErrorCode::bad_file, "No patient's record was found.", {{options.fhir, "holds nothing of a patient"}});
  if (reports) CONCORD_TRY_VOID(reports->finish(summary.totals));
  printer.finish(summary);
  if (summary.totals.errors > 0) line.exit_code = kExitFailed;
  return {};
}

}  // namespace

void add_measure_command(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<MeasureOptions>();
  auto* command = app.add_subcommand(
      "measure", "A national quality measure over FHIR records or the database, with the reason for every patient");
  command->add_option("measure", options->measure, "cms159, cms2, cms128 or cms177")
      ->required()
      ->check(CLI::IsMember({"cms159", "cms2", "cms128", "cms177"}));
  auto* fhir = command->add_option("--fhir", options->fhir,
                                   "Records: a folder with one bundle file or one folder of resource files a patient, or NDJSON "
                                   "files; without it, the database's own records");
  auto* value_sets = command->add_option("--valuesets", options->value_sets,
                                         "Folder with the measure's value sets (FHIR ValueSet JSON), for --fhir");
  fhir->needs(value_sets);
  value_sets->needs(fhir);
  command->add_option("--organization", options->organization, "Organization of the database (default: the only one)")
      ->excludes(fhir);
  command->add_option("--period", options->period, "Measurement period: a year, or FROM/TO (two dates)")->required();
  command->add_option("--out", options->out, "Folder for FHIR MeasureReports: summary, subject list, one for each patient");
  command->add_flag("--json", options->as_json, "Machine-readable output, with every patient");
  command->add_option("--jobs", options->jobs, "Threads (default: all cores); the output does not depend on it")
      ->check(CLI::Range(1, 256));
  command->add_flag("--null-prevalence-ongoing", options->null_prevalence_ongoing,
                    "A condition that is not active and has no abatement goes on (default: it neither qualifies nor excludes)");
  command->add_flag("--no-order-without-supply", options->no_order_without_supply,
                    "CMS2: a medication order without supply data is no follow-up (default: it is)");
  command->add_flag("--last-listed", options->last_listed,
                    "Of two results at exactly the same time the one listed last is the last (default: the first)");
  command->add_flag("--trust-meta-profile", options->trust_meta_profile,
                    "Only resources tagged with the QI-Core profile are seen (default: all, by their content)");
  command->footer(
      "Examples:\n  concord measure cms159 --fhir bundles/ --valuesets valuesets/ --period 2026\n"
      "  concord measure cms2 --fhir export.ndjson --valuesets valuesets/ --period 2026-01-01/2026-12-31 --json\n"
      "  concord measure cms159 --fhir bundles/ --valuesets valuesets/ --period 2026 --out reports/\n"
      "  concord measure cms159 --db sqlite:clinic.db --period 2026\n"
      "The exit code is 1 when a record could not be used. docs/ecqm.md says what the switches mean.");
  command->callback([&line, options] {
    if (const auto done = measure(line, *options); !done) line.failed(done.error());
  });
}

}  // namespace concord::app
