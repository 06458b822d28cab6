// "As known then", as people write it.
#pragma once

#include <optional>
#include <string_view>

#include "base/date.h"

namespace concord::measures {

/// "2026-04-01" (the end of that day at `zone`), "2026-04-01T12:30" or "...:15" (a time at `zone`), or an instant with its zone
/// ("2026-04-01T12:30:15Z"). nullopt: none of these.
std::optional<Instant> parse_as_of(std::string_view text, std::string_view zone);

}  // namespace concord::measures
