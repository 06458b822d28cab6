// Where the records of a run lie: units of one patient each (a bundle file, a folder), and files whose resources must be put
// together by patient. Only names are kept, in one string.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace concord::ecqm {

/// The bytes of a file, unpacked when it is gzip or xz, into `out` (cleared). bad_file when it cannot be read.
Result<void> read_text(const std::filesystem::path& path, std::string& out);

/// Names relative to a root, many in little memory.
class Names {
 public:
  std::size_t size() const { return entries_.size(); }
  std::string_view operator[](std::size_t i) const { return std::string_view(pool_).substr(entries_[i].at, entries_[i].size); }
  bool is_folder(std::size_t i) const { return entries_[i].folder; }
  void add(std::string_view name, bool folder = false);
  void sort();

 private:
  struct Entry {
    std::uint32_t at, size : 31, folder : 1;
  };
  std::string pool_;
  std::vector<Entry> entries_;
};

struct Layout {
  std::filesystem::path root;
  Names units;                      ///< one patient each
  Names loose;                      ///< single resources to be put together by patient
  Names lines;                      ///< NDJSON
  std::uint64_t grouped_bytes = 0;  ///< of loose and lines, on disk
};

/// bad_file when the path does not exist, cannot be read, or holds no JSON file.
Result<Layout> find_layout(const std::filesystem::path& path);

/// The JSON files of a patient's folder, in order of name, at any depth.
Result<std::vector<std::filesystem::path>> json_files_below(const std::filesystem::path& folder);

}  // namespace concord::ecqm
