#include "identity/desk_store.h"

#include "base/text.h"
#include "identity/identity_sql.h"

namespace concord::identity {

std::vector<View> views(db::Tx& tx, OrganizationId organization, UserId user) {
  return tx.all(sql::kListViews, {organization, user}, [](const db::Row& row) {
    return View{row.id<ViewId>(0), row.string(1), row.string(2), row.instant(3), row.integer(4)};
  });
}

bool insert_view(db::Tx& tx, OrganizationId organization, UserId user, const View& v) {
  return tx.run(sql::kInsertView, {organization, user, v.id, v.name, fold(v.name), v.query, v.updated_at}) > 0;
}

bool update_view(db::Tx& tx, OrganizationId organization, UserId user, const View& v, std::int64_t version) {
  return tx.run(sql::kUpdateView, {organization, user, v.id, version, v.name, fold(v.name), v.query, v.updated_at}) > 0;
}

bool delete_view(db::Tx& tx, OrganizationId organization, UserId user, ViewId view) {
  return tx.run(sql::kDeleteView, {organization, user, view}) > 0;
}

std::optional<Draft> find_draft(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key) {
  return tx.one(sql::kFindDraft, {organization, user, key},
                [&](const db::Row& row) { return Draft{std::string(key), row.string(0), row.instant(1), row.integer(2)}; });
}

int count_drafts(db::Tx& tx, OrganizationId organization, UserId user) {
  const auto count =
      tx.one(sql::kCountDrafts, {organization, user}, [](const db::Row& row) { return static_cast<int>(row.integer(0)); });
  return count.value_or(0);
}

bool put_draft(db::Tx& tx, OrganizationId organization, UserId user, const Draft& d) {
  if (d.version == 1) return tx.run(sql::kInsertDraft, {organization, user, d.key, d.words, d.updated_at}) > 0;
  return tx.run(sql::kUpdateDraft, {organization, user, d.key, d.words, d.updated_at, d.version - 1}) > 0;
}

bool delete_draft(db::Tx& tx, OrganizationId organization, UserId user, std::string_view key) {
  return tx.run(sql::kDeleteDraft, {organization, user, key}) > 0;
}

std::int64_t purge_drafts(db::Tx& tx, Instant before) { return tx.run(sql::kPurgeDrafts, {before}); }

}  // namespace concord::identity
