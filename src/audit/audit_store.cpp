#include "audit/audit_store.h"

#include <algorithm>

#include "audit/audit_sql.h"
#include "base/check.h"

namespace concord::audit {
namespace {

constexpr std::string_view kActorKinds[] = {"user", "service", "system", "patient", "trusted_person", "form", "gateway"};

std::string_view actor_kind_name(ActorKind kind) { return kActorKinds[static_cast<int>(kind)]; }
ActorKind parse_actor_kind(std::string_view name) {
  for (int i = 0; i < static_cast<int>(std::size(kActorKinds)); ++i)
    if (kActorKinds[i] == name) return static_cast<ActorKind>(i);
  return ActorKind::system;
}

struct Head {
  int chain = 0;
  std::int64_t sequence = 0;
  Hash hash{};
};

Hash read_hash(const db::Row& row, int column) {
  Hash hash{};
  const auto bytes = row.bytes(column);
  if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

Head read_head(const db::Row& row) { return {static_cast<int>(row.integer(0)), row.integer(1), read_hash(row, 2)}; }

}  // namespace

void open_chains(db::Tx& tx, OrganizationId organization) {
  for (int chain = 0; chain < kChains; ++chain) {
    const Hash start = genesis(organization, chain);
    tx.run(sql::kOpenChain, {organization, chain, db::Bytes(start)});
  }
}

void append(db::Tx& tx, const Entry& entry) {
  auto head = tx.one(sql::kClaimHead, {entry.organization}, read_head);
  if (!head) head = tx.one(sql::kWaitForHead, {entry.organization}, read_head);
  CHECK(head.has_value());
  const std::int64_t sequence = head->sequence + 1;
  const Hash hash = chained(head->hash, entry, head->chain, sequence);
  tx.run(sql::kInsertEvent, {entry.organization, head->chain, sequence, entry.at, actor_kind_name(entry.actor_kind), entry.actor,
                             entry.role, entry.action, entry.patient, entry.object, entry.result, entry.reason, entry.detail,
                             entry.request_id, db::Bytes(hash)});
  tx.run(sql::kAdvanceHead, {entry.organization, head->chain, sequence, db::Bytes(hash)});
}

Verification verify(db::Tx& tx, const std::function<void(std::int64_t)>& progress) {
  Verification out;
  struct ChainHead : Head {
    OrganizationId organization;
  };
  std::vector<ChainHead> heads;
  tx.each(sql::kListHeads, {}, [&](const db::Row& row) {
    ChainHead head;
    head.organization = row.id<OrganizationId>(0);
    head.chain = static_cast<int>(row.integer(1));
    head.sequence = row.integer(2);
    head.hash = read_hash(row, 3);
    heads.push_back(head);
  });
  for (const auto& head : heads) {
    ++out.chains;
    const std::string where = "organization " + head.organization.text() + " chain " + std::to_string(head.chain);
    Hash previous = genesis(head.organization, head.chain);
    std::int64_t expected = 1;
    std::string problem;
    tx.each(sql::kListChain, {head.organization, head.chain}, [&](const db::Row& row) {
      ++out.entries;
      if (out.entries % 65536 == 0 && progress) progress(out.entries);
      if (!problem.empty()) return;
      const std::int64_t sequence = row.integer(0);
      if (sequence != expected) {
        problem = where + ": entry " + std::to_string(expected) + " is missing";
        return;
      }
      Entry entry;
      entry.organization = head.organization;
      entry.at = row.instant(1);
      entry.actor_kind = parse_actor_kind(row.text(2));
      entry.actor = row.maybe_id<UserId>(3);
      entry.role = row.string(4);
      entry.action = row.string(5);
      entry.patient = row.maybe_id<Uuid>(6);
      entry.object = row.maybe_id<Uuid>(7);
      entry.result = row.string(8);
      entry.reason = row.string(9);
      entry.detail = row.string(10);
      entry.request_id = row.string(11);
      if (chained(previous, entry, head.chain, sequence) != read_hash(row, 12)) {
        problem = where + ": entry " + std::to_string(sequence) + " was changed";
        return;
      }
      previous = read_hash(row, 12);
      ++expected;
    });
    if (problem.empty() && expected - 1 != head.sequence)
      problem =
          where + ": the log ends at entry " + std::to_string(expected - 1) + ", its head says " + std::to_string(head.sequence);
    if (problem.empty() && previous != head.hash) problem = where + ": the head does not match the last entry";
    if (!problem.empty()) out.problems.push_back(std::move(problem));
  }
  const auto orphans = tx.one(sql::kCountOrphans, {}, [](const db::Row& row) { return row.integer(0); });
  if (orphans.value_or(0) > 0)
    out.problems.push_back(std::to_string(*orphans) + " entries belong to a chain whose head was removed");
  return out;
}

std::vector<Access> accesses(db::Tx& tx, OrganizationId organization, const Uuid& patient, Instant before, int limit) {
  return tx.all(sql::kListAccesses, {organization, patient, before, limit}, [](const db::Row& row) {
    Access a;
    a.at = row.instant(0);
    a.actor_kind = parse_actor_kind(row.text(1));
    a.actor = row.maybe_id<UserId>(2);
    a.actor_name = row.maybe_string(3).value_or("");
    a.role = row.string(4);
    a.action = row.string(5);
    a.result = row.string(6);
    return a;
  });
}

}  // namespace concord::audit
