// The command line. Each command is a function that adds itself to the parser and, when chosen, sets the
// exit code: 0 done, 1 it did not work (or some input was rejected), 2 wrong usage.
// Read next: cli_serve.cpp, cli_admin.cpp, cli_data.cpp.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "app/slices.h"
#include "app/system.h"
#include "base/result.h"
#include "db/database.h"

namespace concord::app {

inline constexpr int kExitOk = 0, kExitFailed = 1, kExitUsage = 2;

/// What every command gets: the clock, the configuration (loaded when first asked for) and the exit code.
struct CommandLine {
  explicit CommandLine(const Clock& real_clock) : clock(real_clock), ids(real_clock) {}

  const Clock& clock;
  RandomIds ids;
  std::string config_file;   ///< --config
  std::string database_url;  ///< --db, over the configuration
  int exit_code = kExitOk;

  /// File, environment and flags together.
  Result<Config> config() const;
  /// Opens the database, migrating it first; a file that does not exist is made.
  Result<std::unique_ptr<db::Database>> open_database(const Config& config) const;
  /// The same for a command that reads or writes the caseload.
  Result<std::unique_ptr<db::Database>> open_database(const Config& config, const DataFiles& data) const;
  /// For a command that asks what is there: a database file that does not exist is a mistake, not a new and empty clinic.
  Result<std::unique_ptr<db::Database>> find_database(const Config& config) const;
  Result<std::unique_ptr<db::Database>> find_database(const Config& config, const DataFiles& data) const;
  /// Prints the error with every issue to standard error and sets the exit code.
  void failed(const Error& error);
};

void add_serve_commands(CLI::App& app, CommandLine& line);  ///< serve, demo
void add_admin_commands(CLI::App& app, CommandLine& line);  ///< migrate, user, audit
void add_data_commands(CLI::App& app, CommandLine& line);   ///< import, export, caseload, score, simulate

void add_community_import(CLI::App& import_command, CommandLine& line);  ///< import community

void add_message_commands(CLI::App& app, CommandLine& line);  ///< messages

void add_reminder_commands(CLI::App& app, CommandLine& line);  ///< reminders

void add_portal_commands(CLI::App& app, CommandLine& line);  ///< portal

void add_billing_command(CLI::App& app, CommandLine& line);  ///< billing

void add_report_command(CLI::App& app, CommandLine& line);  ///< report

void add_measure_command(CLI::App& app, CommandLine& line);  ///< measure

void add_content_command(CLI::App& app, CommandLine& line);  ///< content

void add_bench_command(CLI::App& app, CommandLine& line);  ///< bench

/// The whole program.
int run_command_line(int argc, const char* const* argv, const Clock& clock);

}  // namespace concord::app
