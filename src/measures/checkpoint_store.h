// Where checkpoints are kept (tables outcome_checkpoint, outcome_checkpoint_part) and how columns are taken up from one. Not
// audited: they are derived, like the caseload's rows.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "measures/checkpoint.h"

namespace concord::measures {

/// Writes the columns in parts, a unit of work each, so that others' writes go between; a checkpoint that was left half-way is
/// never used. `heads`: read before the columns' facts were.
Result<void> keep_checkpoint(db::Database& database, const Resident& columns, const AuditHeads& heads, std::string_view terms,
                             std::size_t part_bytes = std::size_t{1} << 20);

/// Columns of the newest checkpoint, brought up to date in this transaction, with the heads they have seen then. nullopt: there
/// is none of these terms, it is not whole, too much has happened since (`most` patients), or what it says of up to `sample`
/// patients is not what their facts say now.
std::optional<Checkpoint> resume(db::Tx& tx, OrganizationId organization, std::shared_ptr<const OutcomeRules> rules,
                                 const SurveyItems& surveys, std::uint64_t version, std::size_t sample = 64);

}  // namespace concord::measures
