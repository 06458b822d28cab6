// What can go wrong, as a value. A function that may fail for an expected reason (bad input, a missing
// row, somebody else's edit) returns Result<T>. A broken invariant throws through CHECK and becomes a
// 500 with an incident id at the request or job boundary.
// Read next: error_codes.def (every code with its HTTP status), check.h.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concord {

enum class ErrorCode {
#define CONCORD_ERROR(name, status, fhir, meaning) name,
#include "base/error_codes.def"
#undef CONCORD_ERROR
};

/// One thing wrong with the input. `path` says where ("answers[3]", "Bundle.entry[2].resource.code",
/// "episode.csv:7:enrollment_date"), `text` says what and what to do. Never personal data.
struct Issue {
  std::string path;
  std::string text;

  bool operator==(const Issue&) const = default;
};

/// `text` is for the person who asked and never holds personal data; `detail` is for the log only.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string text;
  std::vector<Issue> issues;
  std::string detail;
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::invalid, "The score is out of range.", {{"total", "must be 0 to 27"}});`
inline tl::unexpected<Error> fail(ErrorCode code, std::string text, std::vector<Issue> issues = {}) {
  return tl::unexpected<Error>(Error{code, std::move(text), std::move(issues), {}});
}

/// Facts about a code, from error_codes.def.
int http_status(ErrorCode code);
std::string_view code_name(ErrorCode code);
std::string_view fhir_issue_type(ErrorCode code);
std::string_view meaning(ErrorCode code);
/// Every code, in table order (docs and tests walk it).
const std::vector<ErrorCode>& all_error_codes();

}  // namespace concord

/// `CONCORD_TRY(auto x, f());` : x = *f(), or return f's error from this function.
#define CONCORD_TRY_NAME2(line) concord_try_##line
#define CONCORD_TRY_NAME(line) CONCORD_TRY_NAME2(line)
#define CONCORD_TRY(declaration, expression)                                                                                 \
  auto CONCORD_TRY_NAME(__LINE__) = (expression);                                                                            \
  if (!CONCORD_TRY_NAME(__LINE__)) return ::tl::unexpected<::concord::Error>(std::move(CONCORD_TRY_NAME(__LINE__).error())); \
  declaration = std::move(*CONCORD_TRY_NAME(__LINE__))
/// The same for Result<void>.
#define CONCORD_TRY_VOID(expression)                                                  \
  do {                                                                                \
    if (auto concord_try_void = (expression); !concord_try_void)                      \
      return ::tl::unexpected<::concord::Error>(std::move(concord_try_void.error())); \
  } while (false)
