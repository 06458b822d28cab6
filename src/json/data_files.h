// Data files of the program: questionnaires, rules, words. Read whole, once, at the start.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concord::json {

/// The bytes of a file; nullopt when it cannot be opened.
std::optional<std::string> read_file(const std::filesystem::path& file);

/// The files of a folder with this ending (".json"), in the order of their names; empty when there is no such folder.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, std::string_view ending);

}  // namespace concord::json
