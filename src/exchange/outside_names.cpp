#include "exchange/outside_names.h"

#include "exchange/exchange_sql.h"
#include "exchange/rows.h"

namespace concord::exchange {

std::string OutsideNames::of(std::string_view kind, const Uuid& id) {
  auto [at, fresh] = kinds_.try_emplace(std::string(kind));
  if (fresh)
    tx_.each(sql::kListKeys, {organization_, kind}, [&](const db::Row& row) {
      std::string key = row.string(0);
      const Uuid target = row.uuid(1);
      // A corrected score has a new row: its key still is the folder's.
      if (row_id(organization_, "csv", kind, key) == target || (kind == "measurement" && key.find('/') == std::string::npos))
        at->second.emplace(target, std::move(key));
    });
  const auto found = at->second.find(id);
  return found == at->second.end() ? id.text() : found->second;
}

}  // namespace concord::exchange
