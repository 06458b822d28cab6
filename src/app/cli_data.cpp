// concord import | export | caseload | score | simulate: data in, data out, and what the registry says of it.
#include <cstdio>

#include "app/caseload_from_csv.h"
#include "app/caseload_from_database.h"
#include "app/cli.h"
#include "app/demo.h"
#include "app/imports.h"
#include "app/what_if_wiring.h"
#include "base/zone.h"
#include "caseload/caseload_explain.h"
#include "caseload/caseload_store.h"
#include "instruments/score.h"
#include "json/writer.h"

namespace concord::app {
namespace {

// "1,234 rows, 15,000 a second, 3 s left" on one line, rewritten in place; only when a person looks.
exchange::ProgressCallback progress_line() {
  if (!is_terminal(2)) return {};
  return [](const exchange::Progress& p) {
    std::fprintf(stderr, "\r\033[K%3.0f %%  %lld read, %.0f a second, %.0f s left", p.done * 100, static_cast<long long>(p.items),
                 p.items_per_second, p.seconds_left);
    if (p.done >= 1) std::fprintf(stderr, "\r\033[K");
  };
}

struct ImportOptions {
  std::vector<std::string> paths;
  std::string mapping;
  ImportPlace place;
  bool partial = false, overwrite = false;
  bool as_json = false;
};

void show_report(CommandLine& line, const Result<exchange::Report>& report, bool as_json) {
  if (!report) return line.failed(report.error());
  const auto text = as_json ? exchange::render_json(*report) + "\n" : exchange::render_table(*report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  line.exit_code = report->exit_code();
}

void add_import(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<ImportOptions>();
  auto* import_command = app.add_subcommand("import", "Take in FHIR bundles or CSV files; a second run stores nothing twice");
  import_command->footer(
      "Examples:\n  concord import fhir bundles/ --db sqlite:clinic.db\n  concord import csv extract/ --db sqlite:clinic.db");
  import_command->require_subcommand(1);
  const auto common = [&](CLI::App* command) {
    command->add_option("--organization", options->place.organization, "Organization (default: the only one, or a new one)");
    command->add_option("--site", options->place.site, "Site (default: the only one, or a new one)");
    command->add_option("--time-zone", options->place.time_zone, "IANA zone of a new site (default America/New_York)");
    command->add_flag("--json", options->as_json, "Machine-readable report");
  };
  auto* fhir = import_command->add_subcommand("fhir", "FHIR R4 bundles, single resources or NDJSON; .xz and .gz too");
  fhir->add_option("path", options->paths, "Files and folders")->required()->check(CLI::ExistingPath);
  common(fhir);
  fhir->footer("Example:\n  concord import fhir bundles/ --db sqlite:clinic.db");
  fhir->callback([&line, options] {
    const auto config = line.config();
    if (!config) return line.failed(config.error());
    show_report(line,
                import_fhir_into(line, *config, {options->paths.begin(), options->paths.end()}, options->place, progress_line()),
                options->as_json);
  });
  auto* csv =
      import_command->add_subcommand("csv", "A folder of CSV files (docs/import.md), or spreadsheets through a mapping file");
  csv->add_option("folder", options->paths, "Folder")->required()->expected(1)->check(CLI::ExistingDirectory);
  csv->add_option("--mapping", options->mapping, "Mapping file: whose columns are called what")->check(CLI::ExistingFile);
  csv->add_flag("--partial", options->partial, "Store the good rows although others are rejected");
  common(csv);
  csv->footer("Example:\n  concord import csv extract/ --db postgres://concord@localhost/concord");
  csv->callback([&line, options] {
    const auto config = line.config();
    if (!config) return line.failed(config.error());
    CsvSource source;
    source.folder = options->paths.front();
    source.mapping = options->mapping;
    source.partial = options->partial;
    show_report(line, import_csv_into(line, *config, source, options->place, progress_line()), options->as_json);
  });
  add_community_import(*import_command, line);
}

void add_export(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<ImportOptions>();
  auto* export_command = app.add_subcommand("export", "Write the registry out");
  export_command->footer("Example:\n  concord export csv extract/ --db sqlite:clinic.db");
  export_command->require_subcommand(1);
  auto* csv = export_command->add_subcommand("csv", "The interchange extract: a folder of CSV files");
  csv->add_option("folder", options->paths, "Folder (made when missing)")->required()->expected(1);
  csv->add_flag("--overwrite", options->overwrite, "Replace an export that is there");
  csv->add_option("--organization", options->place.organization, "Organization (default: the only one)");
  csv->add_flag("--json", options->as_json, "Machine-readable report");
  csv->footer("Example:\n  concord export csv extract/ --db sqlite:clinic.db");
  csv->callback([&line, options] {
    const auto config = line.config();
    if (!config) return line.failed(config.error());
    show_report(line, export_csv_from(line, *config, options->paths.front(), options->place.organization, options->overwrite),
                options->as_json);
  });
}

struct CaseloadOptions {
  std::string csv, as_of, care_manager, organization, language = "en";
  bool as_json = false, rebuild = false;
};

void run_caseload(CommandLine& line, const CaseloadOptions& options) {
  const auto text = [&]() -> Result<std::string> {
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(const auto data, load_data_files(config.data_folder));
    std::optional<Date> as_of;
    if (!options.as_of.empty()) {
      as_of = Date::parse(options.as_of);
      if (!as_of) return fail(ErrorCode::invalid, "The date cannot be read.", {{"--as-of", "must be a date like 2026-03-31"}});
    }
    if (!options.csv.empty()) {
      const Date day = as_of.value_or(Date(std::chrono::floor<std::chrono::days>(line.clock.now())));
      std::optional<std::string_view> care_manager;
      if (!options.care_manager.empty()) care_manager = options.care_manager;
      CONCORD_TRY(const auto list, caseload_from_csv(options.csv, day, care_manager, data.instruments, data.rules));
      if (!options.as_json)
        for (const auto& note : list.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
      return options.as_json ? caseload_json(list, data.rules, options.language)
                             : caseload_table(list, data.rules, options.language);
    }
    CONCORD_TRY(auto found, caseload_from_database(line, config, data,
                                                   {as_of, options.care_manager, options.organization, options.language}));
    if (options.as_json) return caseload::caseload_json(found.rows, data.rules, found.as_of, options.language);
    CsvCaseload list;
    list.as_of = found.as_of;
    list.rows = std::move(found.rows);
    return caseload_table(list, data.rules, options.language);
  }();
  if (!text) return line.failed(text.error());
  std::fwrite(text->data(), 1, text->size(), stdout);
  if (!text->empty() && text->back() != '\n') std::fputc('\n', stdout);
}

void add_caseload(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<CaseloadOptions>();
  auto* command =
      app.add_subcommand("caseload", "Who needs somebody, and why: of the database, or of a CSV folder without any database");
  command->add_option("--csv", options->csv, "CSV folder (docs/import.md) instead of a database")->check(CLI::ExistingDirectory);
  command->add_option("--as-of", options->as_of, "The day to look at, YYYY-MM-DD (default: today)");
  command->add_option("--care-manager", options->care_manager, "Only this care manager's patients (name)");
  command->add_option("--organization", options->organization, "Organization (default: the only one)");
  command->add_option("--language", options->language, "en or es")->check(CLI::IsMember({"en", "es"}));
  command->add_flag("--json", options->as_json, "Machine-readable output");
  command->footer(
      "Examples:\n  concord caseload --csv extract/ --as-of 2026-03-31 --json\n  concord caseload --care-manager \"Dana Demo\"");
  command->callback([&line, options, command] {
    if (command->get_subcommands().empty()) run_caseload(line, *options);
  });
  add_what_if(*command, line);
  auto* rebuild = command->add_subcommand("rebuild", "Compute every caseload row again from the facts");
  rebuild->callback([&line] {
    const auto done = [&]() -> Result<std::int64_t> {
      CONCORD_TRY(const auto config, line.config());
      CONCORD_TRY(const auto data, load_data_files(config.data_folder));
      CONCORD_TRY(auto database, line.find_database(config, data));
      std::int64_t rows = 0;
      const auto organizations = database->read([](db::Tx& tx) { return identity::organizations(tx); });
      for (const auto& organization : organizations) {
        CONCORD_TRY(const auto made,
                    caseload::rebuild(*database, organization.id, data.rules, [](const caseload::RebuildProgress& p) {
                      if (is_terminal(2)) std::fprintf(stderr, "\r%lld patients", static_cast<long long>(p.patients));
                    }));
        rows += made.rows;
      }
      if (is_terminal(2)) std::fprintf(stderr, "\r\033[K");
      return rows;
    }();
    if (!done) return line.failed(done.error());
    std::printf("%lld caseload rows computed again.\n", static_cast<long long>(*done));
  });
}

struct ExplainOptions {
  std::string patient, csv, csv_patient, as_of, organization, language = "en";
  bool as_json = false;
};

void run_explain(CommandLine& line, const ExplainOptions& options) {
  const auto text = [&]() -> Result<std::string> {
    if (options.csv.empty() == options.patient.empty() || (!options.csv.empty() && options.csv_patient.empty()))
      return fail(ErrorCode::invalid, "Say whom: a patient of the database, or --csv with --patient.",
                  {{"patient", "concord explain PATIENT, or concord explain --csv DIR --patient ID"}});
    CONCORD_TRY(const auto config, line.config());
    CONCORD_TRY(const auto data, load_data_files(config.data_folder));
    std::optional<Date> as_of;
    if (!options.as_of.empty()) {
      as_of = Date::parse(options.as_of);
      if (!as_of) return fail(ErrorCode::invalid, "The date cannot be read.", {{"--as-of", "must be a date like 2026-03-31"}});
    }
    const auto told = [&](const caseload::EpisodeFacts& facts, Date day, const caseload::IdText& id_text) {
      const auto explained = caseload::explain(facts, data.rules, day, options.language);
      return options.as_json ? caseload::explanation_json(explained, data.rules, id_text) + "\n"
                             : caseload::explanation_text(explained, data.rules, options.language, id_text);
    };
    if (options.csv.empty()) {
      CONCORD_TRY(const auto found, patient_from_database(line, config, data, {as_of, options.patient, options.organization}));
      return told(found.facts, found.as_of, {});
    }
    const Date day = as_of.value_or(Date(std::chrono::floor<std::chrono::days>(line.clock.now())));
    CONCORD_TRY(const auto found, patient_from_csv(options.csv, day, options.csv_patient, data.instruments, data.rules));
    return told(found.facts, day, [&](const Uuid& id) {
      const auto key = found.ids.find(id);
      return key == found.ids.end() ? id.text() : key->second;
    });
  }();
  if (!text) return line.failed(text.error());
  std::fwrite(text->data(), 1, text->size(), stdout);
}

void add_explain(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = app.add_subcommand("explain", "Why a patient is on the list: every rule, its numbers, evidence and source");
  command->add_option("who", options->patient, "Patient of the database: id, or family and given name");
  command->add_option("--csv", options->csv, "CSV folder (docs/import.md) instead of a database")->check(CLI::ExistingDirectory);
  command->add_option("--patient", options->csv_patient, "patient_id in the CSV folder");
  command->add_option("--as-of", options->as_of, "The day to look at, YYYY-MM-DD (default: today)");
  command->add_option("--organization", options->organization, "Organization (default: the only one)");
  command->add_option("--language", options->language, "en or es")->check(CLI::IsMember({"en", "es"}));
  command->add_flag("--json", options->as_json, "Machine-readable output");
  command->footer("Examples:\n  concord explain \"Ruiz Ana\"\n  concord explain --csv extract/ --patient c60 --as-of 2026-03-31");
  command->callback([&line, options] { run_explain(line, *options); });
}

void print_score(const instruments::Score& score) {
  std::printf("%s: ", score.instrument.c_str());
  if (!score.valid) std::printf("not scored: %s\n", score.invalid_reason.c_str());
  else if (score.total)
    std::printf("%g%s%s%s\n", *score.total, score.band.empty() ? "" : ", ", score.band.c_str(),
                score.prorated ? " (prorated)" : "");
  else std::printf("%s\n", score.band.c_str());
  for (const auto& subscale : score.subscales)
    std::printf("  %s\n", (subscale.id + ": " + std::to_string(static_cast<int>(subscale.total)) +
                           (subscale.positive.value_or(false) ? ", positive" : ""))
                              .c_str());
  if (score.safety == instruments::Safety::yes) std::printf("  SAFETY: positive. Somebody has to assess this person now.\n");
  if (score.safety == instruments::Safety::unknown) std::printf("  SAFETY: not known. Ask the safety question again.\n");
}

void add_score(CLI::App& app, CommandLine& line) {
  struct ScoreOptions {
    std::string instrument, answers, total, sex;
    bool as_json = false;
  };
  auto options = std::make_shared<ScoreOptions>();
  auto* command = app.add_subcommand("score", "Score a questionnaire from its answers");
  command->add_option("instrument", options->instrument, "Instrument (phq-9, gad-7, gds-15 ...)")->required();
  auto* answers =
      command->add_option("--answers", options->answers, "Answers in order, joined by commas; blank or - for a missing one");
  command->add_option("--sex", options->sex, "For cut-offs that differ by sex (AUDIT-C)")
      ->check(CLI::IsMember({"female", "male"}));
  command->add_option("--total", options->total, "Only the total, when the answers are not known")->excludes(answers);
  command->add_flag("--json", options->as_json, "Machine-readable output");
  command->footer("Examples:\n  concord score phq-9 --answers 3,3,2,2,2,1,1,1,1\n  concord score pcl-5 --total 41 --json");
  command->callback([&line, options] {
    const auto score = [&]() -> Result<instruments::Score> {
      if (options->answers.empty() == options->total.empty())
        return fail(ErrorCode::invalid, "Give the answers or the total.", {{"--answers", "or --total is needed"}});
      CONCORD_TRY(const auto config, line.config());
      CONCORD_TRY(const auto library, instruments::load_library(config.data_folder / "instruments"));
      instruments::ScoreContext context;
      if (!options->sex.empty()) context.sex = options->sex == "female" ? instruments::Sex::female : instruments::Sex::male;
      return options->answers.empty() ? instruments::score_total(library, options->instrument, options->total, context)
                                      : instruments::score_answers(library, options->instrument, options->answers, context);
    }();
    if (!score) return line.failed(score.error());
    std::string out;
    json::Writer w(out);
    instruments::write_score(w, *score);
    if (options->as_json) std::printf("%s\n", out.c_str());
    else print_score(*score);
  });
}

void add_simulate(CLI::App& app, CommandLine& line) {
  struct SimulateOptions {
    simulation::Options cohort;
    std::string organization = "Simulated Demo Health", today;
    bool as_json = false;
  };
  auto options = std::make_shared<SimulateOptions>();
  auto* command =
      app.add_subcommand("simulate", "Fill a database with invented patients whose histories behave like published ones");
  command->add_option("--patients", options->cohort.patients, "How many referrals")->required()->check(CLI::Range(1, 10000000));
  command->add_option("--seed", options->cohort.seed, "The same seed makes the same patients");
  command->add_option("--months", options->cohort.months, "Referrals come in over this long before today")
      ->check(CLI::Range(1, 240));
  command->add_option("--organization", options->organization, "Name of the new organization");
  command->add_option("--today", options->today, "The day the histories end, YYYY-MM-DD (default: today)");
  command->add_flag("--json", options->as_json, "Machine-readable output");
  command->footer("Example:\n  concord simulate --patients 1000 --seed 7 --db sqlite:simulated.db");
  command->callback([&line, options] {
    const auto begin = std::chrono::steady_clock::now();
    const auto written = [&]() -> Result<simulation::Written> {
      CONCORD_TRY(const auto config, line.config());
      CONCORD_TRY(auto data, load_data_files(config.data_folder));
      auto cohort = options->cohort;
      cohort.today = local_date(line.clock.now(), cohort.time_zone);
      if (!options->today.empty()) {
        const auto day = Date::parse(options->today);
        if (!day) return fail(ErrorCode::invalid, "The date cannot be read.", {{"--today", "must be a date like 2026-03-31"}});
        cohort.today = *day;
      }
      CONCORD_TRY(auto database, line.open_database(config, data));
      Slices slices(line.clock, line.ids, std::move(data));
      const bool shows = is_terminal(2);
      auto made = simulate_into(
          *database, slices, line.ids, line.clock.now(), options->organization, cohort, false,
          [&](const simulation::Progress& p) {
            if (!shows) return;
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            const double rate = static_cast<double>(p.done) / std::max(0.001, seconds);
            std::fprintf(stderr, "\r\033[K%lld of %lld patients, %.0f a second, %.0f s left", static_cast<long long>(p.done),
                         static_cast<long long>(p.total), rate, static_cast<double>(p.total - p.done) / rate);
          });
      if (shows) std::fprintf(stderr, "\r\033[K");
      return made;
    }();
    if (!written) return line.failed(written.error());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (options->as_json) {
      std::string out;
      json::Writer w(out);
      w.object()
          .field("patients", written->patients)
          .field("measurements", written->measurements)
          .field("contacts", written->contacts);
      w.field("open_episodes", written->open_episodes).field("seconds", seconds).end();
      std::printf("%s\n", out.c_str());
    } else {
      std::printf("%lld patients, %lld scores, %lld contacts; %lld episodes are open. %.1f s.\n",
                  static_cast<long long>(written->patients), static_cast<long long>(written->measurements),
                  static_cast<long long>(written->contacts), static_cast<long long>(written->open_episodes), seconds);
    }
  });
}

}  // namespace

void add_data_commands(CLI::App& app, CommandLine& line) {
  add_import(app, line);
  add_export(app, line);
  add_caseload(app, line);
  add_explain(app, line);
  add_score(app, line);
  add_simulate(app, line);
}

}  // namespace concord::app
