// Who looks after the patient and what they do, in plain words: view "team". Any trusted person may see the professionals; people
// the patient named for themselves are shown to the patient only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "episodes/episodes.h"
#include "portal/view.h"
#include "portal/words.h"

namespace concord::episodes {

struct PortalDeps {
  const portal::Words* words = nullptr;
  std::function<std::optional<std::string>(db::Tx&, OrganizationId, UserId)> user_name;
  struct Clinic {
    std::string name;
    std::optional<std::string> phone, hours;
  };
  std::function<Clinic(db::Tx&, OrganizationId, SiteId)> clinic;
};
std::vector<portal::View> portal_views(const PortalDeps& deps);

}  // namespace concord::episodes
