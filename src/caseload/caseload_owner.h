// Who a line is for, as a number in a trigger's variant. Kept in the projection: never renumber.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace concord::caseload {

enum class Owner : std::uint8_t {
  care_manager = 0,
  psychiatric_consultant = 1,
  pcp = 2,
  bh_specialist = 3,
  community_worker = 4,
  program_manager = 5,
  billing = 6,
  privacy_officer = 7,
  admin = 8,
};
inline constexpr std::array<std::string_view, 9> kOwners{"care_manager",  "psychiatric_consultant", "pcp",
                                                         "bh_specialist", "community_worker",       "program_manager",
                                                         "billing",       "privacy_officer",        "admin"};
/// Set beside the owner where something is urgent.
inline constexpr std::uint8_t kUrgent = 0x40;

/// `otherwise` for a role that is none of these ("", "patient": somebody of the team sees to it).
inline std::uint8_t owner_of(std::string_view role, Owner otherwise) {
  for (std::size_t i = 0; i < kOwners.size(); ++i)
    if (kOwners[i] == role) return static_cast<std::uint8_t>(i);
  return static_cast<std::uint8_t>(otherwise);
}
inline std::string_view owner_in(std::uint8_t variant) {
  const std::size_t at = variant & ~kUrgent;
  return at < kOwners.size() ? kOwners[at] : kOwners[0];
}

}  // namespace concord::caseload
