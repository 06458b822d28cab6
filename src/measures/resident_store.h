// Loading of resident columns. Reads other slices' tables, like measures_store.h and for the same reason; reads only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/caller.h"
#include "db/database.h"
#include "measures/resident.h"

namespace concord::measures {

/// Highest points of each item, by survey and item id: an answer's share of what is possible. Surveys that are not here are not
/// read.
using SurveyItems = std::map<std::string, std::map<std::string, int, std::less<>>, std::less<>>;

/// Sequence of each chain of the organization's audit log: what the columns have seen. Entries are appended in the transaction
/// they tell of, so everything up to the heads read before a load is in the load.
using AuditHeads = std::vector<std::pair<std::int64_t, std::int64_t>>;
AuditHeads audit_heads(db::Tx& tx, OrganizationId organization);

/// What an entry since `heads` was about.
struct Touched {
  AuditHeads heads;            ///< as they are now
  std::vector<Uuid> patients;  ///< ascending, each once; reading alone does not touch
  bool too_many = false;       ///< more than `most`, or an import: load everything
};
/// Beyond so many patients reading everything is quicker than reading each of them.
std::size_t most_to_fold(std::size_t patients);
Touched touched_since(db::Tx& tx, OrganizationId organization, const AuditHeads& heads, std::size_t most = 20000);

/// Everything of the organization in one transaction.
std::shared_ptr<const Resident> load_resident(db::Tx& tx, OrganizationId organization, std::shared_ptr<const OutcomeRules> rules,
                                              const SurveyItems& surveys, std::uint64_t version);
/// The same with several connections at once, each with its own snapshot: what changes meanwhile must be folded in from heads
/// read before. Takes seconds for a million episodes and about 300 MB beside the columns while it runs.
std::shared_ptr<const Resident> load_resident(db::Database& database, OrganizationId organization,
                                              std::shared_ptr<const OutcomeRules> rules, const SurveyItems& surveys,
                                              std::uint64_t version, int threads);
/// `earlier` with these patients (ascending, each once) read again: new, changed and gone ones alike. The organization's own rows
/// (sessions, FTE) are read again too.
std::shared_ptr<const Resident> fold_in(db::Tx& tx, const Resident& earlier, std::span<const Uuid> patients,
                                        const SurveyItems& surveys, std::uint64_t version);

}  // namespace concord::measures
