#include "instruments/instruments_store.h"

#include "instruments/instruments_sql.h"

namespace concord::instruments {

Result<void> record_permission(db::Tx& tx, OrganizationId organization, const PermissionRecord& record) {
  bool there = false;
  tx.each(sql::kFindPermission, {organization, record.site, record.instrument, record.valid_from},
          [&](const db::Row& row) { there = there || row.date(0) == record.valid_from; });
  if (there)
    return fail(ErrorCode::conflict, "This site has a permission for this instrument from that day already.",
                {{"valid_from", "is recorded already"}});
  tx.run(sql::kInsertPermission, {organization, record.site, record.instrument, record.valid_from, record.permitted_by,
                                  record.reference, record.recorded_by, record.recorded_at});
  return {};
}

std::vector<PermissionRecord> list_permissions(db::Tx& tx, OrganizationId organization) {
  return tx.all(sql::kListPermissions, {organization}, [](const db::Row& row) {
    PermissionRecord record;
    record.site = row.id<SiteId>(0);
    record.instrument = row.string(1);
    record.valid_from = row.date(2);
    record.permitted_by = row.string(3);
    record.reference = row.string(4);
    record.recorded_by = row.id<UserId>(5);
    record.recorded_at = row.instant(6);
    return record;
  });
}

bool is_permitted(db::Tx& tx, OrganizationId organization, SiteId site, std::string_view instrument, Date day) {
  return tx.one(sql::kFindPermission, {organization, site, instrument, day}, [](const db::Row&) { return true; }).has_value();
}

}  // namespace concord::instruments
