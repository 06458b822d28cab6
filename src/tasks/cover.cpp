#include "tasks/cover.h"

#include <algorithm>

namespace concord::tasks {

bool Cover::holds(const std::optional<PatientId>& patient) const {
  if (all_patients) return true;
  return patient && std::binary_search(patients.begin(), patients.end(), *patient);
}

const Cover* cover_of(const Covers& covers, SiteId site, UserId owner, const std::optional<PatientId>& patient) {
  const Cover* found = nullptr;
  for (const auto& cover : covers) {
    if (cover.site != site || cover.absent != owner || !cover.holds(patient)) continue;
    if (!found || std::pair(cover.from, cover.id) < std::pair(found->from, found->id)) found = &cover;
  }
  return found;
}

UserId responsible(const Covers& covers, SiteId site, UserId owner, const std::optional<PatientId>& patient) {
  std::vector<UserId> met = {owner};
  while (const Cover* cover = cover_of(covers, site, met.back(), patient)) {
    if (std::find(met.begin(), met.end(), cover->stand_in) != met.end()) break;
    met.push_back(cover->stand_in);
  }
  return met.back();
}

std::vector<UserId> stands_in_for(const Covers& covers, UserId user) {
  std::vector<UserId> people = {user};
  for (std::size_t i = 0; i < people.size(); ++i)
    for (const auto& cover : covers)
      if (cover.stand_in == people[i] && std::find(people.begin(), people.end(), cover.absent) == people.end())
        people.push_back(cover.absent);
  return people;
}

}  // namespace concord::tasks
