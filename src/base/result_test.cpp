#include "base/result.h"

#include <gtest/gtest.h>

#include <set>

#include "base/check.h"

namespace concord {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorCode::invalid, "The number is odd.", {{"n", "must be even"}});
  return n / 2;
}

Result<void> only_positive(int n) {
  if (n <= 0) return fail(ErrorCode::conflict, "The number is not positive.");
  return {};
}

Result<int> quarter(int n) {
  CONCORD_TRY(const int once, half(n));
  CONCORD_TRY(const int twice, half(once));
  CONCORD_TRY_VOID(only_positive(twice));
  return twice;
}

TEST(Result, TryHandsValuesOnAndErrorsBack) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(quarter(6).error().issues, (std::vector<Issue>{{"n", "must be even"}}));
  EXPECT_EQ(quarter(-8).error().code, ErrorCode::conflict);
}

TEST(ErrorCodes, EveryCodeHasNameStatusAndMeaning) {
  std::set<std::string_view> names;
  for (const ErrorCode code : all_error_codes()) {
    EXPECT_TRUE(names.insert(code_name(code)).second) << code_name(code);
    EXPECT_GE(http_status(code), 400) << code_name(code);
    EXPECT_LT(http_status(code), 600) << code_name(code);
    EXPECT_FALSE(fhir_issue_type(code).empty());
    EXPECT_TRUE(meaning(code).ends_with(".")) << code_name(code);
  }
  EXPECT_EQ(http_status(ErrorCode::edited_meanwhile), 412);
  EXPECT_EQ(code_name(ErrorCode::bad_request), "bad_request");
}

TEST(Check, ThrowsWithTheExpressionAndPlace) {
  try {
    CHECK(1 + 1 == 3);
    FAIL();
  } catch (const BrokenInvariant& broken) {
    EXPECT_NE(std::string_view(broken.what()).find("1 + 1 == 3 at "), std::string_view::npos);
  }
}

}  // namespace
}  // namespace concord
