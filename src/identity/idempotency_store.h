// What a creating request answered the first time. The key is the client's (Idempotency-Key header), kept
// per user; the digest covers method, path and body, so a key used for something else is noticed.
#pragma once

#include <optional>
#include <string>

#include "base/caller.h"
#include "db/database.h"

namespace concord::identity {

struct StoredAnswer {
  std::string request_digest;  ///< 32 raw bytes
  int status = 201;
  std::string location;
  std::optional<std::int64_t> version;
  std::string body;
};

std::optional<StoredAnswer> find_answer(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key);
void keep_answer(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key, const StoredAnswer& answer,
                 Instant now);
/// Removes answers given before `before`; how many.
std::int64_t purge_answers(db::Tx& tx, Instant before);
/// BLAKE2b-256 over method, path and body.
std::string request_digest(std::string_view method, std::string_view path, std::string_view body);

}  // namespace concord::identity
