// Refusals of one query parameter: its name, and what it must be or why it cannot be asked.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace concord::http {

/// Of a question to the reports.
inline tl::unexpected<Error> wrong_question(std::string parameter, std::string text) {
  return fail(ErrorCode::invalid, "The question is wrong.", {{std::move(parameter), std::move(text)}});
}

/// Of a list.
inline tl::unexpected<Error> wrong_filter(std::string parameter, std::string text) {
  return fail(ErrorCode::invalid, "The filter is wrong.", {{std::move(parameter), std::move(text)}});
}

}  // namespace concord::http
