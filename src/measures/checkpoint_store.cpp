#include "measures/checkpoint_store.h"

#include "base/digest.h"
#include "base/log.h"
#include "measures/measures_sql.h"

namespace concord::measures {
namespace {

struct Head {
  std::int64_t number = 0, parts = 0;
  std::string terms, digest;
};

/// What the columns say of some patients, and what their facts say.
bool agrees_with_facts(db::Tx& tx, const Resident& columns, const SurveyItems& surveys, std::size_t sample) {
  std::vector<Uuid> some;
  const std::size_t n = columns.patients();
  for (std::size_t i = 0; i < std::min(n, sample); ++i) some.push_back(columns.patient_id[i * n / std::min(n, sample)]);
  const auto nobody = ResidentBuilder(columns.rules).finish(columns.organization, 0);
  const auto facts = fold_in(tx, *nobody, some, surveys, 0);
  ResidentBuilder kept(columns.rules, columns);
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto row = static_cast<PatientRow>(i * n / some.size());
    kept.copy(columns, row, row + 1);
  }
  for (const auto& session : columns.sessions) kept.add_session(session);
  for (const auto& fte : columns.fte) kept.add_fte(fte);
  return kept.finish(columns.organization, 0)->dump() == facts->dump();
}

}  // namespace

Result<void> keep_checkpoint(db::Database& database, const Resident& columns, const AuditHeads& heads, std::string_view terms,
                             std::size_t part_bytes) {
  const std::string bytes = checkpoint_bytes(columns, heads);
  const OrganizationId organization = columns.organization;
  std::int64_t number = 0, parts = 0;
  for (std::size_t from = 0; from < bytes.size(); from += part_bytes, ++parts) {
    const std::string_view part = std::string_view(bytes).substr(from, part_bytes);
    CONCORD_TRY_VOID(database.write([&](db::Tx& tx) -> Result<void> {
      if (parts == 0)
        number = 1 + tx.one(sql::kLastCheckpointNumber, {organization}, [](const db::Row& row) { return row.maybe_integer(0); })
                         .value_or(std::nullopt)
                         .value_or(0);
      tx.run(sql::kInsertCheckpointPart,
             {organization, number, parts, db::Bytes(reinterpret_cast<const std::uint8_t*>(part.data()), part.size())});
      return {};
    }));
  }
  const std::string hash = digest_hex(bytes);
  return database.write([&](db::Tx& tx) -> Result<void> {
    tx.run(sql::kKeepCheckpoint, {organization, number, terms, parts, hash});
    tx.run(sql::kDeleteEarlierCheckpointParts, {organization, number});
    return {};
  });
}

std::optional<Checkpoint> resume(db::Tx& tx, OrganizationId organization, std::shared_ptr<const OutcomeRules> rules,
                                 const SurveyItems& surveys, std::uint64_t version, std::size_t sample) {
  const auto head = tx.one(sql::kFindCheckpoint, {organization},
                           [](const db::Row& row) { return Head{row.integer(0), row.integer(2), row.string(1), row.string(3)}; });
  if (!head || head->terms != checkpoint_terms(*rules, surveys)) return std::nullopt;
  const auto unfit = [](std::string_view why) {
    log::warn("kept outcome columns cannot be used; every fact is read", {{"why", why}});
    return std::nullopt;
  };
  // The first part says how much has happened since; the others are read when that is not too much.
  std::string bytes;
  std::int64_t parts = 0;
  std::optional<CheckpointFront> front;
  for (; !front && parts < head->parts; ++parts) {
    const auto more = tx.one(sql::kFindCheckpointPart, {organization, head->number, parts}, [](const db::Row& row) {
      const db::Bytes part = row.bytes(0);
      return std::string(reinterpret_cast<const char*>(part.data()), part.size());
    });
    if (!more) break;
    bytes += *more;
    front = read_checkpoint_front(bytes);
  }
  if (!front) return unfit("a part is missing or changed");
  auto touched = touched_since(tx, organization, front->heads, most_to_fold(front->patients));
  if (touched.too_many) return std::nullopt;

  tx.scan(sql::kListCheckpointParts, {organization, head->number, parts}, [&](const db::Row& row) {
    const db::Bytes part = row.bytes(1);
    if (row.integer(0) == parts) ++parts;
    bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
  });
  if (parts != head->parts || digest_hex(bytes) != head->digest) return unfit("a part is missing or changed");
  auto read = read_checkpoint(bytes, organization, std::move(rules), version);
  if (!read) return unfit("the bytes are not whole");
  Checkpoint checkpoint = std::move(*read);
  bytes = {};

  if (touched.heads != checkpoint.heads)
    checkpoint.columns = fold_in(tx, *checkpoint.columns, touched.patients, surveys, version);
  checkpoint.heads = std::move(touched.heads);
  if (!agrees_with_facts(tx, *checkpoint.columns, surveys, sample)) return unfit("it does not say what the facts say");
  return checkpoint;
}

}  // namespace concord::measures
