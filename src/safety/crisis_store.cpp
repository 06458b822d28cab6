#include "safety/crisis_store.h"

#include "safety/safety_sql.h"

namespace concord::safety {

SiteCrisis find_site_crisis(db::Tx& tx, OrganizationId organization, SiteId site) {
  return tx
      .one(sql::kFindSiteCrisis, {organization, site},
           [](const db::Row& row) {
             auto crisis = decode_site_crisis(row.text(0));
             crisis.version = row.integer(1);
             return crisis;
           })
      .value_or(SiteCrisis{});
}

bool save(db::Tx& tx, OrganizationId organization, SiteId site, const SiteCrisis& crisis, UserId by, Instant now) {
  const std::string content = encode(crisis);
  if (crisis.version == 0) return tx.run(sql::kInsertSiteCrisis, {organization, site, content, by, now}) == 1;
  return tx.run(sql::kUpdateSiteCrisis, {organization, site, crisis.version, content, by, now}) == 1;
}

}  // namespace concord::safety
