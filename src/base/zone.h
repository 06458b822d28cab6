// Time zones by IANA name, from the system's database (Debian package tzdata).
#pragma once

#include <string_view>

#include "base/date.h"

namespace concord {

/// True when the system's database knows the name ("America/New_York").
bool is_known_zone(std::string_view zone);
/// The calendar day at `zone` at that instant. Unknown zones break an invariant: check on input.
Date local_date(Instant instant, std::string_view zone);
/// Minutes since local midnight (0 to 1439) at `zone`.
int local_minute_of_day(Instant instant, std::string_view zone);
/// The instant of `minute_of_day` on `date` at `zone`. A local time that a clock change skips is moved
/// forward by the gap; one that happens twice means the first.
Instant at_local_time(Date date, int minute_of_day, std::string_view zone);

}  // namespace concord
