// `concord import fhir PATH...`: files and folders of FHIR R4 resources -> database. One transaction per file;
// NDJSON scores, which lie in other files than what they belong to, in one transaction at the end.
// What becomes of each resource: docs/import.md. Read next: fhir_map.h, import_store.h.
#pragma once

#include <filesystem>
#include <vector>

#include "db/database.h"
#include "exchange/import_store.h"
#include "exchange/report.h"
#include "instruments/instruments.h"

namespace concord::exchange {

struct FhirImportOptions {
  ImportTarget target;  ///< source "fhir", or a name for the system the files come from
  const instruments::Library* instruments = nullptr;
  Date today;
  ProgressCallback progress;
  /// Seconds since some moment, for rates; app/ gives it. May be empty.
  std::function<double()> seconds;
};

/// Errors: a path that does not exist, or a database failure. Bad files and resources are in the report.
Result<Report> import_fhir(db::Database& database, const FhirImportOptions& options,
                           const std::vector<std::filesystem::path>& paths);

}  // namespace concord::exchange
