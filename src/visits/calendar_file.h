// A visit as a calendar file (RFC 5545, iCalendar). It holds the clinic's name and the time and nothing else: people
// keep calendars that others see. Not even the place or the video link: the link lets in whoever has it.
// Times are UTC, so no VTIMEZONE is needed and no calendar can read them wrongly. Pure.
#pragma once

#include <string>
#include <string_view>

#include "visits/visits.h"

namespace concord::visits {

/// The whole file, CRLF line ends, folded at 75 octets. METHOD is PUBLISH, or CANCEL for a cancelled visit; UID is the
/// visit's id for ever; SEQUENCE counts moves. `organizer` is an address (URI) of the clinic.
std::string calendar_file(const Visit& visit, std::string_view clinic, std::string_view organizer);

/// TEXT value of RFC 5545 section 3.3.11: backslash, semicolon, comma and line ends escaped; other controls left out.
std::string escape_text(std::string_view text);
/// One content line (without its end) folded by section 3.1, never inside a UTF-8 sequence, with CRLF at its end.
std::string fold_line(std::string_view line);

}  // namespace concord::visits
