// Bytes of an input file, unpacked while they are read. Whether a file is packed is decided by its first
// bytes (xz, gzip), never by its name. Read next: resource_file.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace concord::fhir {

/// One input file. Single use, one thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Appends up to about 1 MiB of unpacked bytes; false at the end. bad_file when the file cannot be read
  /// or its packing is damaged or cut off.
  virtual Result<bool> read(std::string& out) = 0;
  /// Bytes of the file on disk read so far (packed bytes: what progress is measured by).
  virtual std::uint64_t consumed() const = 0;
};

/// bad_file when it cannot be opened.
Result<std::unique_ptr<ByteSource>> open_input(const std::filesystem::path& path);

/// The whole file unpacked; bad_file when it would be larger than `max_bytes` (a packing bomb).
Result<std::string> read_all(const std::filesystem::path& path, std::uint64_t max_bytes = 1ULL << 30);

struct InputFile {
  std::filesystem::path path;
  std::uint64_t bytes = 0;  ///< on disk
  bool named = false;       ///< given by name, not found in a folder
};

/// Files as given, folders walked recursively in order of name; hidden files are left out.
/// bad_file when a path does not exist.
Result<std::vector<InputFile>> list_inputs(const std::vector<std::filesystem::path>& paths);

}  // namespace concord::fhir
