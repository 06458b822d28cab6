// The slices' shared data and the functions they lend each other. A slice never includes another's store:
// what it needs from a neighbour is passed here.
#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/id.h"
#include "caseload/ruleset.h"
#include "http/route.h"
#include "instruments/instruments.h"

namespace concord::app {

/// Data files, loaded once, read-only afterwards.
struct DataFiles {
  instruments::Library instruments;
  caseload::Ruleset ruleset;
};
/// Loads and checks instruments/ and rulesets/ under `folder`.
Result<DataFiles> load_data_files(const std::filesystem::path& folder);

struct Slices {
  const Clock& clock;
  IdSource& ids;
  DataFiles data;
};

/// The routes of every slice, wired.
std::vector<http::Route> slice_routes(const Slices& slices);

}  // namespace concord::app
