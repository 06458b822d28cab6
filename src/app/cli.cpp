#include "app/cli.h"

#include <cstdio>
#include <filesystem>
#include <vector>

#include "audit/audit_store.h"
#include "db/migrate.h"

namespace concord::app {
namespace {

/// Of a database server only the server can say.
Result<void> must_exist(std::string_view database_url) {
  constexpr std::string_view kFile = "sqlite:";
  if (!database_url.starts_with(kFile)) return {};
  const std::string file(database_url.substr(kFile.size()));
  if (std::filesystem::exists(file)) return {};
  return fail(ErrorCode::not_found, "There is no database.",
              {{file, "does not exist: name the clinic's database with --db or in concord.toml"}});
}

}  // namespace

Result<Config> CommandLine::config() const {
  std::optional<std::filesystem::path> file;
  if (!config_file.empty()) file = config_file;
  else if (std::filesystem::exists("concord.toml")) file = "concord.toml";
  CONCORD_TRY(auto loaded, load_config(file, read_environment()));
  if (!database_url.empty()) loaded.database_url = database_url;
  if (loaded.data_folder.empty()) loaded.data_folder = find_data_folder(executable_path());
  return loaded;
}

Result<std::unique_ptr<db::Database>> CommandLine::open_database(const Config& config) const {
  CONCORD_TRY(auto database, db::Database::open(config.database_url, config.database));
  CONCORD_TRY(const auto migrations, db::load_migrations(config.data_folder / "migrations", database->dialect()));
  CONCORD_TRY_VOID(db::migrate(*database, migrations, clock));
  // The nil organization's chains hold what happens before anybody is known.
  CONCORD_TRY_VOID(database->write([](db::Tx& tx) -> Result<void> {
    audit::open_chains(tx, OrganizationId());
    return {};
  }));
  return database;
}

Result<std::unique_ptr<db::Database>> CommandLine::open_database(const Config& config, const DataFiles& data) const {
  CONCORD_TRY(auto database, open_database(config));
  CONCORD_TRY_VOID(bring_caseload_up_to_date(*database, data));
  return database;
}

Result<std::unique_ptr<db::Database>> CommandLine::find_database(const Config& config) const {
  CONCORD_TRY_VOID(must_exist(config.database_url));
  return open_database(config);
}

Result<std::unique_ptr<db::Database>> CommandLine::find_database(const Config& config, const DataFiles& data) const {
  CONCORD_TRY_VOID(must_exist(config.database_url));
  return open_database(config, data);
}

void CommandLine::failed(const Error& error) {
  std::fprintf(stderr, "concord: %s\n", error.text.c_str());
  constexpr std::size_t kShown = 50;
  for (std::size_t i = 0; i < error.issues.size() && i < kShown; ++i)
    std::fprintf(stderr, "  %s: %s\n", error.issues[i].path.c_str(), error.issues[i].text.c_str());
  if (error.issues.size() > kShown) std::fprintf(stderr, "  ... and %zu more\n", error.issues.size() - kShown);
  if (!error.detail.empty()) std::fprintf(stderr, "  (%s)\n", error.detail.c_str());
  exit_code = kExitFailed;
}

int run_command_line(int argc, const char* const* argv, const Clock& clock) {
  CLI::App app{"Concord, the shared system of a collaborative care team"};
  app.set_version_flag("--version", std::string("concord ") + CONCORD_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  CommandLine line(clock);
  app.add_option("--config", line.config_file, "Configuration file (default: concord.toml here, if there is one)");
  app.add_option("--db", line.database_url, "Database: sqlite:PATH or postgres://USER@HOST/NAME (over the configuration)");
  add_serve_commands(app, line);
  add_admin_commands(app, line);
  add_data_commands(app, line);
  add_billing_command(app, line);
  add_report_command(app, line);
  add_measure_command(app, line);
  add_message_commands(app, line);
  add_portal_commands(app, line);
  add_reminder_commands(app, line);
  add_content_command(app, line);
  add_bench_command(app, line);
  // A command that reads files would leave --db unread.
  app.parse_complete_callback([&app, &line] {
    if (line.database_url.empty()) return;
    std::vector<CLI::App*> chosen = app.get_subcommands();
    while (!chosen.empty()) {
      const CLI::App* command = chosen.back();
      chosen.pop_back();
      for (const char* files : {"--csv", "--fhir"})
        if (const auto* option = command->get_option_no_throw(files); option != nullptr && option->count() > 0)
          throw CLI::ValidationError(files, "and --db are two sources; give one");
      for (auto* inner : command->get_subcommands()) chosen.push_back(inner);
    }
  });
  // Last, since a command takes over the footer that stands when it is added.
  app.footer(
      "Examples:\n  concord demo\n  concord serve --config concord.toml\n"
      "  concord import fhir bundles/ --db sqlite:clinic.db\n"
      "  concord report nys-omh-2025 --db sqlite:clinic.db --month 2026-03\n"
      "Every command has its own --help. The exit code is 0 when it is done, 1 when it did not work or something was rejected, "
      "2 when it was called wrongly.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "concord: %s\n", error.what());
    return kExitFailed;
  }
  return line.exit_code;
}

}  // namespace concord::app
