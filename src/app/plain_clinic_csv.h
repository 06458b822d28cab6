// The short way from a CSV folder to facts for measures: files mapped, read in chunks on all cores, only what measures need is
// converted. It goes as long as everything is plainly valid; at the first doubt (any mistake, an unknown column, a file kind it
// does not know, a total that disagrees with its answers) it gives up, and the importer's reader must be asked, which names every
// mistake. What it does read means the same: words, scoring and facts come from the same functions.
// Read next: measures_from_csv.h, exchange/plain_sheet.h.
#pragma once

#include <filesystem>
#include <optional>

#include "instruments/instruments.h"
#include "measures/facts.h"
#include "measures/nys.h"

namespace concord::app {

/// nullopt: in doubt. `chunk_bytes`: how much a thread reads at a time (tests make it small).
std::optional<measures::Clinic> clinic_from_plain_csv(const std::filesystem::path& folder,
                                                      const instruments::Library& instruments, const measures::NysRules& rules,
                                                      std::size_t chunk_bytes = 4 << 20);

}  // namespace concord::app
