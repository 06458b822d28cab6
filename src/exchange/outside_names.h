// Ids as the CSV folder an import came from wrote them; Concord's own for rows that came another way.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/caller.h"
#include "db/database.h"

namespace concord::exchange {

/// Reads a kind's keys when it is first asked for. For one unit of work.
class OutsideNames {
 public:
  OutsideNames(db::Tx& tx, OrganizationId organization) : tx_(tx), organization_(organization) {}
  /// `kind` as the importer calls it: "patient", "episode", "measurement" ...
  std::string of(std::string_view kind, const Uuid& id);

 private:
  db::Tx& tx_;
  OrganizationId organization_;
  std::map<std::string, std::unordered_map<Uuid, std::string>, std::less<>> kinds_;
};

}  // namespace concord::exchange
