#include "base/result.h"

#include <array>

namespace concord {
namespace {

struct CodeRow {
  std::string_view name;
  int status;
  std::string_view fhir;
  std::string_view meaning;
};

constexpr auto kCodes = std::to_array<CodeRow>({
#define CONCORD_ERROR(name, status, fhir, meaning) {#name, status, #fhir, meaning},
#include "base/error_codes.def"
#undef CONCORD_ERROR
});

const CodeRow& row(ErrorCode code) { return kCodes.at(static_cast<std::size_t>(code)); }

}  // namespace

int http_status(ErrorCode code) { return row(code).status; }
std::string_view code_name(ErrorCode code) { return row(code).name; }
std::string_view fhir_issue_type(ErrorCode code) { return row(code).fhir; }
std::string_view meaning(ErrorCode code) { return row(code).meaning; }

const std::vector<ErrorCode>& all_error_codes() {
  static const std::vector<ErrorCode> all = [] {
    std::vector<ErrorCode> codes;
    for (std::size_t i = 0; i < kCodes.size(); ++i) codes.push_back(static_cast<ErrorCode>(i));
    return codes;
  }();
  return all;
}

}  // namespace concord
