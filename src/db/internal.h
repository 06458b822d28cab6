// Shared by the two backends; not for use outside db/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/date.h"
#include "db/database.h"

namespace concord::db {

/// Marks the calling thread as one that runs units of work; Database::write() from it breaks an invariant.
void mark_database_thread();

[[noreturn]] inline void broken_row(std::string_view statement, int column, std::string_view what) {
  throw BrokenInvariant(std::string(statement) + ": column " + std::to_string(column) + " " + std::string(what));
}
[[noreturn]] inline void broken_statement(std::string_view statement, std::string_view what) {
  throw BrokenInvariant(std::string(statement) + ": " + std::string(what));
}

/// Writes "YYYY-MM-DD" (10 bytes, no terminator). Years 0 to 9999.
inline void write_iso_date(Date date, char* out) {
  const auto parts = date.parts();
  const int year = static_cast<int>(parts.year());
  CHECK(year >= 0 && year <= 9999);
  const unsigned month = static_cast<unsigned>(parts.month());
  const unsigned day = static_cast<unsigned>(parts.day());
  out[0] = static_cast<char>('0' + year / 1000);
  out[1] = static_cast<char>('0' + year / 100 % 10);
  out[2] = static_cast<char>('0' + year / 10 % 10);
  out[3] = static_cast<char>('0' + year % 10);
  out[4] = out[7] = '-';
  out[5] = static_cast<char>('0' + month / 10);
  out[6] = static_cast<char>('0' + month % 10);
  out[8] = static_cast<char>('0' + day / 10);
  out[9] = static_cast<char>('0' + day % 10);
}

/// Reads what write_iso_date wrote. The hot path of every list: no validation beyond the form.
/// Reading millions of rows spends a tenth of its time here, so without std::chrono's checks a part at a time.
inline std::optional<Date> read_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  unsigned wrong = 0;
  const auto digit = [&](std::size_t at) {
    const auto d = static_cast<unsigned>(static_cast<unsigned char>(text[at])) - '0';
    wrong |= d > 9;
    return d;
  };
  const unsigned year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  const unsigned month = digit(5) * 10 + digit(6), day = digit(8) * 10 + digit(9);
  constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (wrong || month - 1 > 11) return std::nullopt;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day - 1 >= kDays[month - 1] + (leap && month == 2 ? 1 : 0)) return std::nullopt;
  // Years begin in March, so that the leap day is the last one.
  const unsigned y = year + 400 - (month <= 2 ? 1 : 0), m = month + (month <= 2 ? 9 : -3u);
  const unsigned days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
  return Date(static_cast<std::int32_t>(days) - (719468 + 146097));
}

/// Table and column names given to Tx::load() are put into SQL text: only plain ones may.
inline void check_identifier(std::string_view name) {
  CHECK(!name.empty());
  for (char c : name) CHECK((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
}

}  // namespace concord::db
