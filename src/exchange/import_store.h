// Rows of an import -> database, in one transaction that the caller opens. Decides for each row whether it is
// new, changed or unchanged (import_key), puts ids of what is here already in place of the computed ones, and
// makes placeholders. Writes every slice's tables in bulk: this is the integrating slice (tools/check_layers.py).
// Read next: rows.h, fhir_import.h, csv_import.h.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "db/database.h"
#include "exchange/fhir_map.h"
#include "exchange/report.h"
#include "exchange/rows.h"

namespace concord::exchange {

struct ImportTarget {
  OrganizationId organization;
  SiteId default_site;
  std::string zone;  ///< of the default site
  UserId importer;   ///< recorded as who entered; nil for the command line
  Instant now{};
  std::string source;  ///< "csv", "fhir" or the name given to a system
  /// Brings the caseload rows of these patients up to date. May be empty.
  std::function<void(db::Tx&, OrganizationId, std::span<const PatientId>)> refresh_caseload;
  /// One audit entry per transaction: action ("import.fhir") and counts. May be empty.
  std::function<void(db::Tx&, std::string_view action, std::string_view detail)> audit;
};

struct StoreResult {
  Report report;  ///< stored, unchanged, placeholders, rejected (places as in `rows`)
};

/// `refs`: patients that rows belong to and that may not be among `rows.patients`.
/// `all_or_nothing`: rejected rows make the whole batch an error (ErrorCode::invalid with an issue for each);
/// otherwise they are reported and the rest is stored. Must run inside database.write().
Result<StoreResult> store_rows(db::Tx& tx, const ImportTarget& target, const Rows& rows, std::span<const PatientRef> refs,
                               bool all_or_nothing);

/// People and places of the run: what was sent, and placeholders for what was only referred to.
Report store_directory(db::Tx& tx, const ImportTarget& target, const Directory& directory, std::string_view key_prefix);

}  // namespace concord::exchange
