// Writes and reads the audit log. `append` belongs into the transaction it tells about.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "base/result.h"
#include "db/database.h"

namespace concord::audit {

/// Makes the organization's chains if they are missing. Once per organization (and once for the nil one).
void open_chains(db::Tx& tx, OrganizationId organization);
/// Throws when the organization has no chains.
void append(db::Tx& tx, const Entry& entry);

struct Verification {
  std::int64_t entries = 0;
  int chains = 0;
  /// Empty when every chain is whole; else the first thing wrong of each broken chain, without personal data.
  std::vector<std::string> problems;
};
/// Recomputes every hash of every chain of every organization and compares with the recorded heads.
Verification verify(db::Tx& tx, const std::function<void(std::int64_t entries)>& progress);

/// One line of "who has looked at this record", newest first.
struct Access {
  Instant at{};
  ActorKind actor_kind = ActorKind::system;
  std::optional<UserId> actor;
  std::string actor_name;
  std::string role, action, result;
};
/// `before` is the paging key: entries strictly older. At most `limit`.
std::vector<Access> accesses(db::Tx& tx, OrganizationId organization, const Uuid& patient, Instant before, int limit);

}  // namespace concord::audit
