// `concord import csv DIR`: the interchange folder -> database, in one transaction. A rejected row means that
// nothing is stored, unless `partial`. Read next: csv_folder.h (what is read), import_store.h.
#pragma once

#include <filesystem>

#include "db/database.h"
#include "exchange/csv_mapping.h"
#include "exchange/import_store.h"
#include "instruments/instruments.h"

namespace concord::exchange {

struct CsvImportOptions {
  ImportTarget target;  ///< source must be "csv"
  const instruments::Library* instruments = nullptr;
  Date today;
  Mapping mapping;
  bool partial = false;
  ProgressCallback progress;
  std::function<double()> seconds;  ///< as in fhir_import.h
};

/// Errors: no such folder, a file without usable header, a database failure. Bad rows are in the report.
Result<Report> import_csv(db::Database& database, const CsvImportOptions& options, const std::filesystem::path& folder);

}  // namespace concord::exchange
