#include "app/directory.h"

#include "audit/audit_store.h"
#include "base/text.h"
#include "base/zone.h"

namespace concord::app {
namespace {

constexpr std::string_view kDefaultZone = "America/New_York";

template <class Named>
std::string names(const std::vector<Named>& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : ", ") + item.name;
  return text.empty() ? "there is none yet: concord user add makes one" : "must be one of: " + text;
}

// The one with this name, or the only one when no name is given.
template <class Named>
const Named* pick(const std::vector<Named>& list, const std::string& name) {
  if (name.empty()) return list.size() == 1 ? &list.front() : nullptr;
  for (const auto& item : list)
    if (fold(item.name) == fold(name)) return &item;
  return nullptr;
}

}  // namespace

Result<Place> find_place(db::Tx& tx, IdSource& ids, Instant now, const std::string& organization, const std::string& site,
                         const std::string& time_zone, bool create) {
  if (!time_zone.empty() && !is_known_zone(time_zone))
    return fail(ErrorCode::invalid, "The time zone is not known.",
                {{"--time-zone", "must be an IANA name like America/New_York"}});
  Place place;
  const auto organizations = identity::organizations(tx);
  if (const auto* found = pick(organizations, organization)) {
    place.organization = *found;
  } else if (create && (organizations.empty() || !organization.empty())) {
    place.organization = {OrganizationId(ids.next()), organization.empty() ? std::string(kImportedClinic) : organization};
    identity::insert_organization(tx, place.organization, now);
    audit::open_chains(tx, place.organization.id);
  } else {
    return fail(ErrorCode::not_found, "Say which organization.", {{"--organization", names(organizations)}});
  }
  const auto sites = identity::sites(tx, place.organization.id);
  if (const auto* found = pick(sites, site)) {
    place.site = *found;
  } else if (create && (sites.empty() || !site.empty())) {
    place.site = {SiteId(ids.next()), site.empty() ? std::string(kImportedClinic) : site,
                  time_zone.empty() ? std::string(kDefaultZone) : time_zone, std::nullopt, std::nullopt};
    identity::insert_site(tx, place.organization.id, place.site, now);
  } else {
    return fail(ErrorCode::not_found, "Say which site.", {{"--site", names(sites)}});
  }
  return place;
}

Result<identity::Organization> find_organization(db::Tx& tx, const std::string& name) {
  const auto known = identity::organizations(tx);
  if (const auto* found = pick(known, name)) return *found;
  return fail(ErrorCode::not_found, "Say which organization.", {{"--organization", names(known)}});
}

}  // namespace concord::app
