// The directory of services as a CSV file (`concord import community FILE`).
//
//   name,kinds,areas,languages,phone,hours,web,eligibility,cost,checked_on,note
//   Harbor Food Pantry,food,10453;104*;Bronx,en;es,555-0100,weekdays 9 to 4,https://food.example.org,,free,2026-02-01,
//
// name and kinds must be there, the other columns may be missing. Several kinds, areas and languages are divided by ";".
// A name that the directory knows (case and accents aside) is changed, others are added; nothing is removed. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "community/community.h"

namespace concord::community {

/// Every service of the file, without ids; or bad_file with every fault and its place ("services.csv:7:kinds"), and then none.
Result<std::vector<Service>> read_directory(std::string_view text, const std::string& file_name, Date today);

/// What an import did.
struct ImportCounts {
  int added = 0, changed = 0, unchanged = 0;
};

}  // namespace concord::community
