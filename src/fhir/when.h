// FHIR date, dateTime and instant. A FHIR date may be partial (2026, 2026-03): then only the beginning of
// the period is known, and whoever asks must say whether that is good enough.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"

namespace concord::fhir {

enum class Precision { year, month, day, time };

struct When {
  Date date;                       ///< calendar day at the zone asked for; first day of a partial date
  std::optional<Instant> instant;  ///< only with Precision::time
  Precision precision = Precision::day;

  bool has_day() const { return precision >= Precision::day; }
  /// The instant, or noon of the day at `zone` when only the day is known.
  Instant instant_or_noon(std::string_view zone) const;
};

/// nullopt when the text is no FHIR date or dateTime. A time without an offset, which R4 forbids and some
/// systems write, is read as local time at `zone` (a known IANA name). Leap seconds become :59.
std::optional<When> parse_when(std::string_view text, std::string_view zone);

}  // namespace concord::fhir
