#include "exchange/plain_sheet.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"

namespace concord::exchange {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighs = 0x8080808080808080ULL;
constexpr std::uint64_t kLows = ~kHighs;

/// The high bit of every byte that is the wanted one; exact for every byte.
constexpr std::uint64_t marks(std::uint64_t eight, char wanted) {
  const std::uint64_t other = eight ^ (kOnes * static_cast<unsigned char>(wanted));
  return ~(((other & kLows) + kLows) | other | kLows);
}

std::uint64_t eight_at(const char* at) {
  std::uint64_t eight;
  std::memcpy(&eight, at, 8);
  return eight;
}

/// The first comma or line end at or after `at`.
const char* end_of_cell(const char* at, const char* end) {
  for (; end - at >= 8; at += 8) {
    const std::uint64_t eight = eight_at(at);
    const std::uint64_t found = marks(eight, ',') | marks(eight, '\n') | marks(eight, '\r');
    if (found != 0) return at + (__builtin_ctzll(found) >> 3);
  }
  while (at < end && *at != ',' && *at != '\n' && *at != '\r') ++at;
  return at;
}

struct Counts {
  std::size_t lines = 0, quotes = 0;
};
Counts count(std::string_view text) {
  Counts counts;
  const char *at = text.data(), *end = at + text.size();
  for (; end - at >= 8; at += 8) {
    const std::uint64_t eight = eight_at(at);
    // One bit a byte that is marked, added up in the highest byte.
    counts.lines += (marks(eight, '\n') >> 7) * kOnes >> 56;
    counts.quotes += (marks(eight, '"') >> 7) * kOnes >> 56;
  }
  for (; at < end; ++at) {
    counts.lines += *at == '\n';
    counts.quotes += *at == '"';
  }
  return counts;
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::optional<FileInMemory> FileInMemory::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  struct stat about{};
  FileInMemory file;
  const bool is_file = ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
  if (is_file) {
    void* data = ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
    if (data != MAP_FAILED) {
      file.data_ = static_cast<const char*>(data);
      file.size_ = static_cast<std::size_t>(about.st_size);
    }
  }
  ::close(fd);
  if (file.data_ == nullptr) return std::nullopt;
  if (file.text().starts_with("\xFD"
                              "7zXZ") ||
      file.text().starts_with("\x1F\x8B"))
    return std::nullopt;
  return file;
}

FileInMemory::FileInMemory(FileInMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

FileInMemory::~FileInMemory() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

std::optional<PlainSheet> cut_into_chunks(std::string_view text, std::size_t chunk_bytes) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  PlainSheet sheet;
  // The header: one line without quotes.
  std::size_t line = 1, at = 0;
  while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) {
    if (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) return std::nullopt;
    at += text[at] == '\r' ? 2 : 1;
    ++line;
  }
  std::size_t header_end = text.find('\n', at);
  if (at == text.size() || header_end == std::string_view::npos) return std::nullopt;
  std::string_view names = text.substr(at, header_end - at);
  if (names.ends_with('\r')) names.remove_suffix(1);
  if (names.find_first_of("\"\r") != std::string_view::npos || names.find('\0') != std::string_view::npos ||
      !is_valid_utf8(names))
    return std::nullopt;
  for (const auto name : split(names, ',')) {
    const std::string trimmed(trim(name));
    for (const auto& other : sheet.header)
      if (equals_ignoring_case(other, trimmed)) return std::nullopt;
    sheet.header.push_back(trimmed);
  }
  if (sheet.header.size() > kMostPlainColumns) return std::nullopt;
  text.remove_prefix(header_end + 1);
  ++line;

  // Where a line may be cut is known from the number of quotes before it. A quote inside an unquoted cell would upset this; the
  // reader of the chunk that holds it finds it and is in doubt.
  const std::size_t n = text.size() / chunk_bytes + 1;
  std::vector<Counts> counts(n);
  const auto nominal = [&](std::size_t i) { return i >= n ? text.size() : text.size() / n * i; };
  parallel(n, [&](std::size_t i) { counts[i] = count(text.substr(nominal(i), nominal(i + 1) - nominal(i))); });
  std::size_t begin = 0, begin_line = line, quotes = 0, lines = line;
  for (std::size_t i = 1; i <= n; ++i) {
    quotes += counts[i - 1].quotes;
    lines += counts[i - 1].lines;
    std::size_t end = text.size(), end_line = lines;
    if (i < n) {
      bool is_open = quotes % 2 == 1;
      std::size_t cut = nominal(i);
      if (cut < begin) continue;  // one record reaches over whole chunks
      for (; cut < text.size(); ++cut) {
        if (text[cut] == '"') is_open = !is_open;
        if (text[cut] != '\n') continue;
        ++end_line;
        if (!is_open) break;
      }
      if (cut == text.size()) continue;  // the last chunk takes the rest
      end = cut + 1;
    }
    if (end > begin) {
      PlainChunk chunk{text.substr(begin, end - begin), begin_line, false};
      chunk.has_quotes = std::memchr(chunk.text.data(), '"', chunk.text.size()) != nullptr;
      sheet.chunks.push_back(chunk);
    }
    begin = end;
    begin_line = end_line;
  }
  return sheet;
}

PlainRows::PlainRows(const PlainChunk& chunk, std::size_t columns)
    : begin_(chunk.text.data()),
      at_(chunk.text.data()),
      end_(chunk.text.data() + chunk.text.size()),
      columns_(columns),
      next_line_(chunk.first_line),
      has_quotes_(chunk.has_quotes) {
  is_sound_ = is_valid_utf8(chunk.text) && std::memchr(chunk.text.data(), '\0', chunk.text.size()) == nullptr;
}

/// From the opening quote to the comma or line end behind the closing one; false: in doubt.
bool PlainRows::read_quoted(std::string_view& cell) {
  const char* begin = ++at_;
  std::string* own = nullptr;
  for (;;) {
    const auto* quote = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    if (quote == nullptr) return false;
    if (quote + 1 < end_ && quote[1] == '"') {
      if (own == nullptr) own = &unescaped_.emplace_back();
      own->append(begin, quote + 1);
      at_ = begin = quote + 2;
      continue;
    }
    if (own != nullptr) own->append(begin, quote);
    cell = own != nullptr ? std::string_view(*own) : std::string_view(begin, static_cast<std::size_t>(quote - begin));
    at_ = quote + 1;
    break;
  }
  for (std::size_t i = 0; (i = cell.find_first_of("\r\n", i)) != std::string_view::npos; ++i) {
    if (cell[i] == '\r') {
      if (i + 1 == cell.size() || cell[i + 1] != '\n') return false;
      ++i;
    }
    ++next_line_;
  }
  return at_ == end_ || *at_ == ',' || *at_ == '\n' || *at_ == '\r';
}

PlainRows::Next PlainRows::next() {
  if (!is_sound_) return Next::doubt;
  const auto pass_line_end = [&] {
    if (*at_ == '\r') {
      if (end_ - at_ < 2 || at_[1] != '\n') return false;
      ++at_;
    }
    ++at_;
    ++next_line_;
    return true;
  };
  while (at_ < end_ && (*at_ == '\n' || *at_ == '\r'))
    if (!pass_line_end()) return Next::doubt;
  if (at_ == end_) return Next::end;
  line_ = next_line_;
  unescaped_.clear();
  for (std::size_t i = 0;; ++i) {
    if (i == columns_) return Next::doubt;
    auto& cell = cells_[i];
    if (has_quotes_ && at_ < end_ && *at_ == '"') {
      if (!read_quoted(cell)) return Next::doubt;
    } else {
      const char* end = end_of_cell(at_, end_);
      cell = std::string_view(at_, static_cast<std::size_t>(end - at_));
      if (has_quotes_ && cell.find('"') != std::string_view::npos) return Next::doubt;
      at_ = end;
    }
    while (!cell.empty() && is_blank(cell.front())) cell.remove_prefix(1);
    while (!cell.empty() && is_blank(cell.back())) cell.remove_suffix(1);
    if (at_ == end_ || *at_ != ',') {
      if (i + 1 != columns_) return Next::doubt;
      break;
    }
    ++at_;
  }
  if (at_ < end_ && !pass_line_end()) return Next::doubt;
  return Next::row;
}

}  // namespace concord::exchange
