#include "base/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace concord {
namespace {

class Log : public ::testing::Test {
 protected:
  void TearDown() override { log::start(log::Level::off); }

  template <class Body>
  static std::string written(Body&& body) {
    ::testing::internal::CaptureStderr();
    body();
    return ::testing::internal::GetCapturedStderr();
  }
};

TEST_F(Log, IsSilentUntilItIsStarted) {
  EXPECT_EQ(written([] { log::error("broken"); }), "");
}

TEST_F(Log, WritesOneJsonObjectALine) {
  log::start(log::Level::info);
  const std::string line = written([] {
    log::info("request", {{"path", std::string_view("/a\"b\\\n\x01")},
                          {"status", std::int64_t{200}},
                          {"seconds", 0.25},
                          {"hit", true},
                          {"ratio", std::nan("")}});
  });
  EXPECT_TRUE(line.starts_with("{\"time\":\"")) << line;
  EXPECT_NE(line.find("Z\",\"level\":\"info\",\"event\":\"request\",\"path\":\"/"
                      "a\\\"b\\\\\\u000a\\u0001\",\"status\":200,"
                      "\"seconds\":0.25,\"hit\":true,\"ratio\":null}\n"),
            std::string::npos)
      << line;
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST_F(Log, DropsLinesBelowItsLevel) {
  log::start(log::Level::warn);
  EXPECT_EQ(written([] { log::info("quiet"); }), "");
  EXPECT_NE(written([] { log::warn("loud"); }).find("\"level\":\"warning\""), std::string::npos);
  EXPECT_EQ(written([] { log::write(log::Level::off, "never"); }), "");
}

TEST_F(Log, DoesNotTakeBracesForPlaceholders) {
  log::start(log::Level::info);
  EXPECT_NE(written([] { log::info("{} {0} %v"); }).find("\"event\":\"{} {0} %v\""), std::string::npos);
}

}  // namespace
}  // namespace concord
