// Small text helpers that must behave alike on both databases, so they are done here and not in SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concord {

/// For search and duplicate warnings: lower case, accents removed (Latin letters: "Núñez" -> "nunez",
/// "Łukasz" -> "lukasz", "ß" -> "ss"), other scripts kept, white space runs made one blank, trimmed.
/// Invalid UTF-8 bytes are dropped.
std::string fold(std::string_view utf8);
bool is_valid_utf8(std::string_view text);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// ASCII only.
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
/// Lower-case hex.
std::string to_hex(std::string_view bytes);
/// RFC 4180 cell: quoted when needed; a leading = + - @ TAB CR (or a full-width form of them) is
/// neutralized with an apostrophe unless the cell is a plain number (security.md C5).
std::string csv_cell(std::string_view value);

}  // namespace concord
