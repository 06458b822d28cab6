// A CSV file as text in memory, cut into chunks that threads read at once: the short way for large folders. It understands what
// TableReader (base/table_reader.h) understands and gives the same cells and lines, or it says that it is in doubt: then the long
// way, which names every mistake, must be taken. It never guesses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concord::exchange {

/// Read-only bytes of a file for as long as this lives.
class FileInMemory {
 public:
  /// nullopt when it is no ordinary file that can be read, or packed (xz, gzip).
  static std::optional<FileInMemory> open(const std::filesystem::path& path);
  FileInMemory(FileInMemory&& other) noexcept;
  FileInMemory& operator=(FileInMemory&&) = delete;
  ~FileInMemory();
  std::string_view text() const { return {data_, size_}; }

 private:
  FileInMemory() = default;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

struct PlainChunk {
  std::string_view text;       ///< whole records
  std::size_t first_line = 1;  ///< line of its first byte
  bool has_quotes = false;
};

struct PlainSheet {
  std::vector<std::string> header;  ///< as written, trimmed
  std::vector<PlainChunk> chunks;   ///< in order; the header is not in them
};
inline constexpr std::size_t kMostPlainColumns = 64;
/// About `chunk_bytes` a chunk. nullopt: in doubt (empty, no header, more than kMostPlainColumns, two columns of one name).
std::optional<PlainSheet> cut_into_chunks(std::string_view text, std::size_t chunk_bytes);

/// The records of a chunk. Not thread-safe.
class PlainRows {
 public:
  PlainRows(const PlainChunk& chunk, std::size_t columns);
  enum class Next { row, end, doubt };
  /// Doubt: another number of cells, text behind a closing quote, an open quote, a quote inside an unquoted cell, a lone CR, a
  /// zero byte, not UTF-8.
  Next next();
  /// Trimmed; dies with the next call of next().
  std::string_view cell(std::size_t column) const { return cells_[column]; }
  /// The cell is a piece of the file and stays; otherwise quotes in it were undone and it dies with the row.
  bool is_in_file(std::string_view cell) const { return cell.data() >= begin_ && cell.data() < end_; }
  std::size_t line() const { return line_; }

 private:
  bool read_quoted(std::string_view& cell);

  const char *begin_, *at_, *end_;
  std::size_t columns_, next_line_, line_ = 0;
  bool has_quotes_, is_sound_ = true;
  std::string_view cells_[kMostPlainColumns];
  std::deque<std::string> unescaped_;
};

}  // namespace concord::exchange
