#include "identity/idempotency_store.h"

#include <sodium.h>

#include "identity/identity_sql.h"

namespace concord::identity {
namespace {

db::Bytes bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

std::optional<StoredAnswer> find_answer(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key) {
  return tx.one(sql::kFindAnswer, {organization, user, key}, [](const db::Row& row) {
    const auto digest = row.bytes(0);
    return StoredAnswer{std::string(digest.begin(), digest.end()), static_cast<int>(row.integer(1)), row.string(2),
                        row.maybe_integer(3), row.string(4)};
  });
}

void keep_answer(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key, const StoredAnswer& answer,
                 Instant now) {
  tx.run(sql::kKeepAnswer, {organization, user, key, bytes(answer.request_digest), answer.status, answer.location, answer.version,
                            answer.body, now});
}

std::int64_t purge_answers(db::Tx& tx, Instant before) { return tx.run(sql::kPurgeAnswers, {before}); }

std::string request_digest(std::string_view method, std::string_view path, std::string_view body) {
  crypto_generichash_state state;
  unsigned char out[32];
  crypto_generichash_init(&state, nullptr, 0, sizeof out);
  for (const auto part : {method, path, body}) {
    const std::uint64_t length = part.size();
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&length), sizeof length);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  }
  crypto_generichash_final(&state, out, sizeof out);
  return {reinterpret_cast<char*>(out), sizeof out};
}

}  // namespace concord::identity
