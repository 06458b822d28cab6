#include "db/internal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "db/turns.h"

namespace concord::db {
namespace {

TEST(Turns, WhoIsAloneHasNobodyBesideThemAndIsLetInWhileOthersKeepComing) {
  Turns turns;
  std::atomic<int> inside{0}, met{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i)
    others.emplace_back([&] {
      while (!stop) {
        const auto beside = turns.beside();
        ++inside;
        --inside;
      }
    });
  for (int i = 0; i < 200; ++i) {
    const auto alone = turns.alone();
    met += inside;
  }
  stop = true;
  for (auto& other : others) other.join();
  EXPECT_EQ(met, 0);
}

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
