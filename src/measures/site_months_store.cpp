#include "measures/site_months_store.h"

#include "measures/measures_sql.h"

namespace concord::measures {

std::vector<SiteMonth> site_months(db::Tx& tx, OrganizationId organization, SiteId site, Date from, Date to) {
  std::vector<SiteMonth> months;
  tx.each(sql::kListSiteMonths, {organization, site, from, to},
          [&](const db::Row& row) { months.push_back({site, row.date(0), row.real(1), row.maybe_instant(2)}); });
  return months;
}

bool attest(db::Tx& tx, OrganizationId organization, const SiteMonth& month, Instant now) {
  tx.run(sql::kKeepSiteMonth, {organization, month.site, month.month, now});
  const bool is_other = tx.run(sql::kDeleteSiteMonth, {organization, month.site, month.month}) > 0;
  tx.run(sql::kInsertSiteMonth, {organization, month.site, month.month, month.fte, now});
  return is_other;
}

}  // namespace concord::measures
