// Reads and writes report_publication and report_publication_line. There is no way to change a publication: a correction is a
// further one, with the next number.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "db/database.h"
#include "measures/restatement.h"

namespace concord::measures {

struct Publication {
  ReportMonth month;
  std::int64_t number = 1;  ///< 1 is the first, later ones are restatements
  std::string rule_set_version;
  Instant as_of{};  ///< the facts are those that were known then
  Instant published_at{};
  std::optional<UserId> by;  ///< nullopt: the command line
  std::string role;
  std::string reason;  ///< of a restatement
  std::string digest;
  std::string figures;  ///< JSON, as in "metrics"
};

/// Oldest first.
std::vector<Publication> list_publications(db::Tx& tx, OrganizationId organization, std::string_view rule_set, ReportMonth month);
/// Of every month, newest first.
std::vector<Publication> list_publications(db::Tx& tx, OrganizationId organization, std::string_view rule_set);
/// Its words. Reads every line; nullopt when there is no such publication.
std::optional<Snapshot> find_snapshot(db::Tx& tx, OrganizationId organization, std::string_view rule_set, ReportMonth month,
                                      std::int64_t number);

struct Publish {
  Instant as_of{}, now{};
  std::optional<UserId> by;
  std::string role;
  std::string reason;
};
/// Stores `snapshot` as the next publication of its month. `zone`: the program's. Errors: invalid for a month that is not over at
/// `as_of`, an `as_of` that is not after the last publication's, a restatement without a reason; conflict when nothing differs.
Result<Publication> publish(db::Tx& tx, OrganizationId organization, const Snapshot& snapshot, const Publish& asked,
                            std::string_view zone);

/// {"number","kind","as_of","published_at","published_by",...}; `by`: JSON of who.
void write(json::Writer& w, const Publication& publication, std::string_view by);

}  // namespace concord::measures
