// concord import community: the directory of services from a CSV file.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

#include "app/cli.h"
#include "app/directory.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "community/community_store.h"
#include "json/data_files.h"

namespace concord::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{20} << 20U;

struct Options {
  std::string file, organization;
  bool as_json = false;
};

Result<std::string> read_file(const std::string& path) {
  auto text = json::read_file(path);
  if (!text) return fail(ErrorCode::bad_file, "The file cannot be read.", {{path, "cannot be opened"}});
  if (text->size() > kMostBytes) return fail(ErrorCode::bad_file, "The file is too large.", {{path, "at most 20 MB"}});
  return std::move(*text);
}

Result<community::ImportCounts> import_into(CommandLine& line, const Options& options) {
  CONCORD_TRY(const auto config, line.config());
  CONCORD_TRY(const auto text, read_file(options.file));
  CONCORD_TRY(auto database, line.find_database(config));
  const Instant now = line.clock.now();
  return database->write([&](db::Tx& tx) -> Result<community::ImportCounts> {
    CONCORD_TRY(const auto organization, find_organization(tx, options.organization));
    const auto sites = identity::sites(tx, organization.id);
    const Date today = local_date(now, sites.empty() ? std::string("UTC") : sites.front().time_zone);
    CONCORD_TRY(const auto services,
                community::read_directory(text, std::filesystem::path(options.file).filename().string(), today));
    const auto counts = community::import_services(tx, organization.id, services, line.ids, now);
    audit::Entry entry;
    entry.organization = organization.id;
    entry.at = now;
    entry.role = "command line";
    entry.action = "community.import";
    entry.detail = "added=" + std::to_string(counts.added) + " changed=" + std::to_string(counts.changed) +
                   " unchanged=" + std::to_string(counts.unchanged);
    entry.result = "ok";
    audit::append(tx, entry);
    return counts;
  });
}

}  // namespace

void add_community_import(CLI::App& import_command, CommandLine& line) {
  auto options = std::make_shared<Options>();
  auto* command =
      import_command.add_subcommand("community", "A directory of services (CSV): all of it, or nothing when a row is wrong");
  command->add_option("file", options->file, "CSV file")->required()->check(CLI::ExistingFile);
  command->add_option("--organization", options->organization, "Organization (default: the only one)");
  command->add_flag("--json", options->as_json, "Machine-readable report");
  command->footer(
      "Columns: name, kinds, areas, languages, phone, hours, web, eligibility, cost, checked_on, note; several kinds, areas and\n"
      "languages are divided by \";\". A name that is known is changed, nothing is removed.\n"
      "Example:\n  concord import community services.csv --db sqlite:clinic.db");
  command->callback([&line, options] {
    const auto counts = import_into(line, *options);
    if (!counts) return line.failed(counts.error());
    if (options->as_json)
      std::printf("{\"added\":%d,\"changed\":%d,\"unchanged\":%d}\n", counts->added, counts->changed, counts->unchanged);
    else std::printf("%d services added, %d changed, %d unchanged\n", counts->added, counts->changed, counts->unchanged);
  });
}

}  // namespace concord::app
