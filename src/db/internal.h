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
inline std::optional<Date> read_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int digits[8];
  constexpr int kPlaces[8] = {0, 1, 2, 3, 5, 6, 8, 9};
  for (int i = 0; i < 8; ++i) {
    digits[i] = text[static_cast<std::size_t>(kPlaces[i])] - '0';
    if (digits[i] < 0 || digits[i] > 9) return std::nullopt;
  }
  const std::chrono::year_month_day parts(std::chrono::year(digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]),
                                          std::chrono::month(static_cast<unsigned>(digits[4] * 10 + digits[5])),
                                          std::chrono::day(static_cast<unsigned>(digits[6] * 10 + digits[7])));
  if (!parts.ok()) return std::nullopt;
  return Date(std::chrono::sys_days(parts));
}

/// Table and column names given to Tx::load() are put into SQL text: only plain ones may.
inline void check_identifier(std::string_view name) {
  CHECK(!name.empty());
  for (char c : name) CHECK((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
}

}  // namespace concord::db
