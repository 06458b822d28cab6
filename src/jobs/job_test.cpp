#include "jobs/job.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace concord::jobs {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(JobPause, DoublesUpToAnHour) {
  EXPECT_EQ(pause_after(1), seconds(30));
  EXPECT_EQ(pause_after(2), seconds(60));
  EXPECT_EQ(pause_after(7), seconds(1920));
  EXPECT_EQ(pause_after(8), seconds(3600));
  EXPECT_EQ(pause_after(1000), seconds(3600));
  EXPECT_THROW(pause_after(0), BrokenInvariant);
}

TEST(JobState, HasANameBothWays) {
  for (const State state : {State::queued, State::leased, State::done, State::dead})
    EXPECT_EQ(state_named(state_name(state)), state);
  EXPECT_FALSE(state_named("failed"));
}

TEST(JobPeriod, StartsOnWholePeriodsOfUtc) {
  const auto at = [](std::string_view text) { return parse_instant(text).value(); };
  EXPECT_EQ(period_start(at("2026-03-01T10:14:59.999999Z"), minutes(15)), at("2026-03-01T10:00:00Z"));
  EXPECT_EQ(period_start(at("2026-03-01T10:15:00Z"), minutes(15)), at("2026-03-01T10:15:00Z"));
  EXPECT_EQ(period_start(at("2026-03-01T23:59:00Z"), minutes(24 * 60)), at("2026-03-01T00:00:00Z"));
  EXPECT_EQ(period_start(at("1969-12-31T23:59:30Z"), minutes(1)), at("1969-12-31T23:59:00Z"));
}

}  // namespace
}  // namespace concord::jobs
