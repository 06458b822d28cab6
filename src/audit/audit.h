// The audit log: who, in which role, did what, to whose record, when, why, and how it ended; for reads,
// writes and failures. An entry is written in the transaction of what it tells about, and hash-chained:
// each row's hash covers its own content and the hash before it, back to the first row.
//
//   hash(n) = BLAKE2b-256(hash(n-1) || canonical(row n)),  hash(0) = BLAKE2b-256(organization, chain)
//
// An organization has kChains chains. PostgreSQL transactions take a free one each, so they do not wait for
// one another; SQLite has one writer and uses chain 0. A chain proves that nothing was changed or removed
// inside it by somebody who cannot also rewrite all that follows; exporting signed heads is not built yet.
// Read next: audit_store.h.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/caller.h"
#include "base/date.h"

namespace concord::audit {

inline constexpr int kChains = 16;

using Hash = std::array<std::uint8_t, 32>;

/// `detail` and `reason` hold codes, counts and a person's stated reason; never scores, notes or names.
struct Entry {
  OrganizationId organization;  ///< nil before anybody is known (a failed sign-in)
  Instant at{};
  ActorKind actor_kind = ActorKind::system;
  std::optional<UserId> actor;
  std::string role;
  std::string action;  ///< route or command name: "patients.read", "import.fhir"
  std::optional<Uuid> patient;
  std::optional<Uuid> object;
  std::string result;  ///< "ok" or an error code
  std::string reason;
  std::string detail;
  std::string request_id;
};

/// The start of a chain.
Hash genesis(OrganizationId organization, int chain);
/// The hash of an entry that follows `previous` as number `sequence` of its chain. Every field counts.
Hash chained(const Hash& previous, const Entry& entry, int chain, std::int64_t sequence);

}  // namespace concord::audit
