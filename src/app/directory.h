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

/// The organization and site with these names. Empty names mean "the only one there is". What is missing is
/// made when `create` is true (name "Imported clinic", zone `time_zone`), else not_found says what there is.
Result<Place> find_place(db::Tx& tx, IdSource& ids, Instant now, const std::string& organization, const std::string& site,
                         const std::string& time_zone, bool create);

/// The user id of a person a file names (a care manager): an imported user without sign-in, made when missing.
UserId find_or_add_person(db::Tx& tx, IdSource& ids, Instant now, const Place& place, std::string_view display_name,
                          std::string_view role);

}  // namespace concord::app
