// Finds or makes the organization, site and people that a command works on, by name.
#pragma once

#include <optional>
#include <string>

#include "base/id.h"
#include "db/database.h"
#include "identity/identity_store.h"

namespace concord::app {

struct Place {
  identity::Organization organization;
  identity::Site site;
};

/// The organization and site that an import without names makes.
inline constexpr std::string_view kImportedClinic = "Imported clinic";

/// The organization and site with these names. Empty names mean "the only one there is". What is missing is
/// made when `create` is true (name "Imported clinic", zone `time_zone`), else not_found says what there is.
Result<Place> find_place(db::Tx& tx, IdSource& ids, Instant now, const std::string& organization, const std::string& site,
                         const std::string& time_zone, bool create);

/// The organization with this name; the only one when the name is empty. not_found says which there are.
Result<identity::Organization> find_organization(db::Tx& tx, const std::string& name);

}  // namespace concord::app
