// Resident columns as bytes, so that a server that starts again takes them from where another left them, instead of reading
// millions of rows. A checkpoint is derived: it may be lost or thrown away at any time. It is used only under the terms it was
// made under, brought up to date with what the audit log tells of since, and compared with the facts of some patients before
// anybody sees it (checkpoint_store.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "measures/resident.h"
#include "measures/resident_store.h"

namespace concord::measures {

/// Goes up whenever the same facts give other columns, or columns other bytes; a test holds it to a digest of both.
inline constexpr int kCheckpointForm = 1;

/// What columns depend on beside the facts: the form, every number of the rules, every criterion, every survey's items. Columns
/// of other terms are not used. One line of text.
std::string checkpoint_terms(const OutcomeRules& rules, const SurveyItems& surveys);

struct Checkpoint {
  std::shared_ptr<const Resident> columns;
  AuditHeads heads;  ///< what they have seen
};
/// Little-endian, the same for the same columns. About 133 MB for a million episodes.
std::string checkpoint_bytes(const Resident& columns, const AuditHeads& heads);
/// What stands before the rows: enough to tell whether the rest is worth reading.
struct CheckpointFront {
  AuditHeads heads;
  std::size_t patients = 0;
};
/// Of the first bytes of a checkpoint; nullopt: they end within it, or are of something else.
std::optional<CheckpointFront> read_checkpoint_front(std::string_view bytes);
/// bad_file when they are not whole. `rules` must have the terms the bytes were made under.
Result<Checkpoint> read_checkpoint(std::string_view bytes, OrganizationId organization, std::shared_ptr<const OutcomeRules> rules,
                                   std::uint64_t version);

}  // namespace concord::measures
