#include "db/internal.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace concord::db {
namespace {

TEST(IsoDate, IsReadAsTheCalendarHasItAndNothingElseIsADate) {
  for (int year = 0; year <= 9999; year += year > 1890 && year < 2110 ? 1 : 7)
    for (unsigned month = 0; month <= 13; ++month)
      for (unsigned day = 0; day <= 32; ++day) {
        char text[40];
        std::snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, day);
        const std::chrono::year_month_day parts{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
        const auto read = read_iso_date(text);
        ASSERT_EQ(read.has_value(), parts.ok()) << text;
        if (read) {
          ASSERT_EQ(*read, Date(std::chrono::sys_days(parts))) << text;
        }
      }
  for (const char* text : {"", "2026-1-01", "2026-01-1", "2026/01/01", "2026-01-01 ", "-026-01-01", "2026-0a-01", "20260-1-01"})
    EXPECT_FALSE(read_iso_date(text)) << text;
}

}  // namespace
}  // namespace concord::db
