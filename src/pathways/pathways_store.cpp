#include "pathways/pathways_store.h"

#include "pathways/pathways_sql.h"

namespace concord::pathways {

void insert(db::Tx& tx, OrganizationId organization, episodes::EpisodeId episode, const Choice& c, Instant at) {
  tx.run(sql::kInsertChoice, {organization, episode, c.id, c.on, c.from, c.to, c.reason, c.by, at});
}

std::vector<Choice> list_choices(db::Tx& tx, OrganizationId organization, episodes::EpisodeId episode) {
  return tx.all(sql::kListChoices, {organization, episode}, [](const db::Row& row) {
    return Choice{row.uuid(0), row.date(1), row.maybe_string(2), row.maybe_string(3), row.string(4), row.id<UserId>(5)};
  });
}

}  // namespace concord::pathways
