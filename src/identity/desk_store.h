// Reads and writes saved_view and draft: what a person keeps on their own desk. Nobody's record; rows are really
// removed. Drafts hold personal data and never get into a log.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "identity/identity.h"

namespace concord::identity {

using ViewId = Id<struct ViewTag>;

/// Filters of the caseload that a person has named.
struct View {
  ViewId id;
  std::string name;
  std::string query;  ///< the page's query string, without "?"
  Instant updated_at{};
  std::int64_t version = 1;
};
inline constexpr std::size_t kMostViews = 50;

std::vector<View> views(db::Tx& tx, OrganizationId organization, UserId user);
/// False when the name is taken (upper and lower case alike).
bool insert_view(db::Tx& tx, OrganizationId organization, UserId user, const View& view);
/// False when `version` is stale. ConstraintViolation about idx_saved_view__name when the name is taken.
bool update_view(db::Tx& tx, OrganizationId organization, UserId user, const View& view, std::int64_t version);
bool delete_view(db::Tx& tx, OrganizationId organization, UserId user, ViewId view);

/// What somebody is writing and has not signed.
struct Draft {
  std::string key;  ///< "contact-note:<patient>"
  std::string words;
  Instant updated_at{};
  std::int64_t version = 1;
};
inline constexpr int kMostDrafts = 200;

std::optional<Draft> find_draft(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key);
int count_drafts(db::Tx& tx, OrganizationId organization, UserId user);
/// `draft.version` is the new one: 1 for a new draft. False when somebody (another window) was faster.
bool put_draft(db::Tx& tx, OrganizationId organization, UserId user, const Draft& draft);
bool delete_draft(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key);
/// Of everybody: those untouched since `before`; how many.
std::int64_t purge_drafts(db::Tx& tx, Instant before);

}  // namespace concord::identity
