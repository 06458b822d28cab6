#include "app/imports.h"

#include <chrono>

#include "app/directory.h"
#include "app/slices.h"
#include "audit/audit_store.h"
#include "base/zone.h"
#include "exchange/csv_export.h"
#include "exchange/csv_import.h"
#include "exchange/fhir_import.h"

namespace concord::app {
namespace {

// What every import and export needs, held together for as long as it runs.
struct Session {
  std::unique_ptr<db::Database> database;
  std::unique_ptr<Slices> slices;
  Place place;
  Date today;
};

audit::Entry entry_of(const CommandLine& line, OrganizationId organization, std::string_view action, std::string_view detail) {
  audit::Entry entry;
  entry.organization = organization;
  entry.at = line.clock.now();
  entry.role = "command line";
  entry.action = std::string(action);
  entry.detail = std::string(detail);
  entry.result = "ok";
  return entry;
}

Result<Session> open_session(CommandLine& line, const Config& config, const ImportPlace& where, bool create) {
  Session session;
  CONCORD_TRY(auto data, load_data_files(config.data_folder));
  CONCORD_TRY(session.database, line.open_database(config, data));
  session.slices = std::make_unique<Slices>(line.clock, line.ids, std::move(data));
  const auto find = [&](db::Tx& tx) -> Result<Place> {
    auto place = find_place(tx, line.ids, line.clock.now(), where.organization, where.site, where.time_zone, create);
    if (place || !where.site.empty()) return place;
    // Files bring sites of their own, so a second run finds several: rows without one belong where they went first.
    auto first =
        find_place(tx, line.ids, line.clock.now(), where.organization, std::string(kImportedClinic), where.time_zone, false);
    return first ? std::move(first) : std::move(place);
  };
  CONCORD_TRY(session.place, create ? session.database->write(find) : session.database->read(find));
  session.today = local_date(line.clock.now(), session.place.site.time_zone);
  return session;
}

exchange::ImportTarget target_of(CommandLine& line, const Session& session, std::string source) {
  exchange::ImportTarget target;
  target.organization = session.place.organization.id;
  target.default_site = session.place.site.id;
  target.zone = session.place.site.time_zone;
  target.now = line.clock.now();
  target.source = std::move(source);
  target.refresh_caseload = [slices = session.slices.get()](db::Tx& tx, OrganizationId organization,
                                                            std::span<const patients::PatientId> patients) {
    slices->refresh(tx, organization, patients);
  };
  target.audit = [&line, organization = session.place.organization.id](db::Tx& tx, std::string_view action,
                                                                       std::string_view detail) {
    audit::append(tx, entry_of(line, organization, action, detail));
  };
  return target;
}

std::function<double()> stop_watch() {
  return [begin = std::chrono::steady_clock::now()] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
}

}  // namespace

Result<exchange::Report> import_fhir_into(CommandLine& line, const Config& config,
                                          const std::vector<std::filesystem::path>& paths, const ImportPlace& place,
                                          const exchange::ProgressCallback& progress) {
  CONCORD_TRY(const auto session, open_session(line, config, place, true));
  exchange::FhirImportOptions options;
  options.target = target_of(line, session, "fhir");
  options.instruments = &session.slices->data().instruments;
  options.today = session.today;
  options.progress = progress;
  options.seconds = stop_watch();
  return exchange::import_fhir(*session.database, options, paths);
}

Result<exchange::Report> import_csv_into(CommandLine& line, const Config& config, const CsvSource& source,
                                         const ImportPlace& place, const exchange::ProgressCallback& progress) {
  exchange::CsvImportOptions options;
  if (!source.mapping.empty()) {
    CONCORD_TRY(options.mapping, exchange::load_mapping(source.mapping));
  }
  CONCORD_TRY(const auto session, open_session(line, config, place, true));
  options.target = target_of(line, session, "csv");
  options.instruments = &session.slices->data().instruments;
  options.today = session.today;
  options.partial = source.partial;
  options.progress = progress;
  options.seconds = stop_watch();
  return exchange::import_csv(*session.database, options, source.folder);
}

Result<exchange::Report> export_csv_from(CommandLine& line, const Config& config, const std::filesystem::path& folder,
                                         const std::string& organization, bool overwrite) {
  CONCORD_TRY(auto data, load_data_files(config.data_folder));
  CONCORD_TRY(auto database, line.find_database(config, data));
  struct Where {
    OrganizationId organization;
    std::string zone = "UTC";
  };
  CONCORD_TRY(const auto where, database->read([&](db::Tx& tx) -> Result<Where> {
    CONCORD_TRY(const auto found, find_organization(tx, organization));
    Where w{found.id, "UTC"};
    const auto sites = identity::sites(tx, found.id);
    if (!sites.empty()) w.zone = sites.front().time_zone;
    return w;
  }));
  exchange::CsvExportOptions options;
  options.organization = where.organization;
  options.zone = where.zone;
  options.instruments = &data.instruments;
  options.overwrite = overwrite;
  options.seconds = stop_watch();
  options.audit = [&](db::Tx& tx, std::string_view action, std::string_view detail) {
    audit::append(tx, entry_of(line, where.organization, action, detail));
  };
  return exchange::export_csv(*database, options, folder);
}

}  // namespace concord::app
