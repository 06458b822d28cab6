#include "exchange/csv_import.h"

#include <cstdlib>

#include "exchange/csv_folder.h"

namespace concord::exchange {

Result<Report> import_csv(db::Database& database, const CsvImportOptions& options, const std::filesystem::path& folder) {
  const auto now_seconds = [&] { return options.seconds ? options.seconds() : 0.0; };
  const double began = now_seconds();
  double last_shown = began;
  CsvOptions reading;
  reading.organization = options.target.organization;
  reading.instruments = options.instruments;
  reading.zone = options.target.zone;
  reading.today = options.today;
  reading.mapping = options.mapping;
  // Reading is about half of the work; storing is one step at the end.
  if (options.progress)
    reading.progress = [&](std::uint64_t done, std::uint64_t all, std::int64_t rows) {
      const double now = now_seconds();
      if (now - last_shown < 0.2) return;
      last_shown = now;
      Progress p;
      p.done = all == 0 ? 0 : 0.5 * static_cast<double>(done) / static_cast<double>(all);
      p.items = rows;
      const double spent = now - began;
      if (spent > 0) p.items_per_second = static_cast<double>(rows) / spent;
      if (p.done > 0.001) p.seconds_left = spent * (1 - p.done) / p.done;
      options.progress(p);
    };
  CONCORD_TRY(auto read, read_csv_folder(folder, reading));
  Report report;
  report.source = "csv";
  report.files = read.files;
  report.resources = read.rows_read;
  report.rejected = std::move(read.rejected);
  report.notes = std::move(read.notes);
  if (!report.rejected.empty() && !options.partial) {
    report.nothing_stored = true;
  } else {
    auto stored = database.write([&](db::Tx& tx) { return store_rows(tx, options.target, read.rows, {}, !options.partial); });
    if (stored) {
      report.add(std::move(stored->report));
    } else if (stored.error().code == ErrorCode::invalid || stored.error().code == ErrorCode::conflict) {
      report.nothing_stored = true;
      for (auto& issue : stored.error().issues) {
        // "episode.csv:7:enrollment_date" taken apart again.
        Rejection r{issue.path, 0, "", issue.text};
        if (const auto colon = issue.path.find(':'); colon != std::string::npos) {
          r.file = issue.path.substr(0, colon);
          r.line = static_cast<std::size_t>(std::strtoull(issue.path.c_str() + colon + 1, nullptr, 10));
          if (const auto second = issue.path.find(':', colon + 1); second != std::string::npos)
            r.path = issue.path.substr(second + 1);
        }
        report.rejected.push_back(std::move(r));
      }
      if (stored.error().issues.empty()) report.rejected.push_back({folder.filename().string(), 0, "", stored.error().text});
    } else {
      return tl::unexpected<Error>(std::move(stored.error()));
    }
  }
  report.seconds = now_seconds() - began;
  if (options.progress) {
    Progress p;
    p.done = 1;
    p.items = report.resources;
    if (report.seconds > 0) p.items_per_second = static_cast<double>(p.items) / report.seconds;
    options.progress(p);
  }
  return report;
}

}  // namespace concord::exchange
