// A table of the reports as a file somebody takes away: CSV, or a workbook whose first sheet says what it is.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/scene.h"
#include "reports/table.h"

namespace concord::reports {

/// Names of columns in the reader's language.
std::vector<std::string> columns(const Scene& scene, std::initializer_list<std::string_view> ids);

struct FileOf {
  bool workbook = false;
  std::string name;                        ///< of the file, without month and ending
  std::string what;                        ///< words of the audit
  std::optional<measures::Figure> figure;  ///< the one it is about
};
Result<http::Reply> file_reply(const Scene& scene, const patients::Asker& asker, const Listing& table, const FileOf& file);

}  // namespace concord::reports
