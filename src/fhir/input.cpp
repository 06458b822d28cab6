#include "fhir/input.h"

#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace concord::fhir {
namespace {

constexpr std::size_t kChunk = 1 << 20;
constexpr std::size_t kPackedChunk = 256 << 10;
constexpr std::uint64_t kXzMemoryLimit = 512ULL << 20;

tl::unexpected<Error> unreadable(const std::filesystem::path& path, std::string why) {
  return fail(ErrorCode::bad_file, path.filename().string() + ": " + why);
}

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

class PlainSource final : public ByteSource {
 public:
  PlainSource(std::filesystem::path path, File file) : path_(std::move(path)), file_(std::move(file)) {}
  Result<bool> read(std::string& out) override {
    const std::size_t before = out.size();
    out.resize(before + kChunk);
    const std::size_t n = std::fread(out.data() + before, 1, kChunk, file_.get());
    out.resize(before + n);
    consumed_ += n;
    if (n == 0 && std::ferror(file_.get())) return unreadable(path_, "cannot be read");
    return n > 0;
  }
  std::uint64_t consumed() const override { return consumed_; }

 private:
  std::filesystem::path path_;
  File file_;
  std::uint64_t consumed_ = 0;
};

class XzSource final : public ByteSource {
 public:
  XzSource(std::filesystem::path path, File file) : path_(std::move(path)), file_(std::move(file)), packed_(kPackedChunk) {
    ready_ = lzma_stream_decoder(&stream_, kXzMemoryLimit, LZMA_CONCATENATED) == LZMA_OK;
  }
  ~XzSource() override { lzma_end(&stream_); }
  XzSource(const XzSource&) = delete;
  XzSource& operator=(const XzSource&) = delete;

  Result<bool> read(std::string& out) override {
    if (!ready_) return unreadable(path_, "the xz reader could not be started");
    if (done_) return false;
    const std::size_t before = out.size();
    out.resize(before + kChunk);
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data() + before);
    stream_.avail_out = kChunk;
    while (stream_.avail_out > 0 && !done_) {
      if (stream_.avail_in == 0 && !ended_) {
        const std::size_t n = std::fread(packed_.data(), 1, packed_.size(), file_.get());
        if (n == 0 && std::ferror(file_.get())) return unreadable(path_, "cannot be read");
        ended_ = n == 0;
        consumed_ += n;
        stream_.next_in = packed_.data();
        stream_.avail_in = n;
      }
      const lzma_ret status = lzma_code(&stream_, ended_ ? LZMA_FINISH : LZMA_RUN);
      if (status == LZMA_STREAM_END) {
        done_ = true;
      } else if (status == LZMA_MEMLIMIT_ERROR) {
        return unreadable(path_, "needs too much memory to unpack");
      } else if (status == LZMA_BUF_ERROR) {
        return unreadable(path_, "is cut off (the xz data ends early)");
      } else if (status != LZMA_OK) {
        return unreadable(path_, "is damaged (xz)");
      }
    }
    const std::size_t n = kChunk - stream_.avail_out;
    out.resize(before + n);
    return n > 0;
  }
  std::uint64_t consumed() const override { return consumed_; }

 private:
  std::filesystem::path path_;
  File file_;
  std::vector<std::uint8_t> packed_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::uint64_t consumed_ = 0;
  bool ready_ = false, ended_ = false, done_ = false;
};

class GzSource final : public ByteSource {
 public:
  GzSource(std::filesystem::path path, File file) : path_(std::move(path)), file_(std::move(file)), packed_(kPackedChunk) {
    ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  ~GzSource() override { inflateEnd(&stream_); }
  GzSource(const GzSource&) = delete;
  GzSource& operator=(const GzSource&) = delete;

  Result<bool> read(std::string& out) override {
    if (!ready_) return unreadable(path_, "the gzip reader could not be started");
    if (done_) return false;
    const std::size_t before = out.size();
    out.resize(before + kChunk);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream_.avail_out = static_cast<uInt>(kChunk);
    while (stream_.avail_out > 0 && !done_) {
      if (stream_.avail_in == 0) {
        const std::size_t n = std::fread(packed_.data(), 1, packed_.size(), file_.get());
        if (n == 0) {
          if (std::ferror(file_.get())) return unreadable(path_, "cannot be read");
          if (!at_member_end_) return unreadable(path_, "is cut off (the gzip data ends early)");
          done_ = true;
          break;
        }
        consumed_ += n;
        stream_.next_in = packed_.data();
        stream_.avail_in = static_cast<uInt>(n);
      }
      if (at_member_end_) {  // several gzip members behind each other are one file
        if (inflateReset(&stream_) != Z_OK) return unreadable(path_, "is damaged (gzip)");
        at_member_end_ = false;
      }
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        at_member_end_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return unreadable(path_, "is damaged (gzip)");
      }
    }
    const std::size_t n = kChunk - stream_.avail_out;
    out.resize(before + n);
    return n > 0;
  }
  std::uint64_t consumed() const override { return consumed_; }

 private:
  std::filesystem::path path_;
  File file_;
  std::vector<std::uint8_t> packed_;
  z_stream stream_{};
  std::uint64_t consumed_ = 0;
  bool ready_ = false, at_member_end_ = false, done_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_input(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return unreadable(path, "is not a file that can be read");
  File file(std::fopen(path.c_str(), "rb"));
  if (!file) return unreadable(path, std::string("cannot be opened (") + std::strerror(errno) + ")");
  unsigned char head[6] = {};
  const std::size_t n = std::fread(head, 1, sizeof head, file.get());
  std::rewind(file.get());
  static constexpr unsigned char kXz[6] = {0xFD, '7', 'z', 'X', 'Z', 0};
  if (n == 6 && std::memcmp(head, kXz, 6) == 0)
    return std::unique_ptr<ByteSource>(std::make_unique<XzSource>(path, std::move(file)));
  if (n >= 2 && head[0] == 0x1F && head[1] == 0x8B)
    return std::unique_ptr<ByteSource>(std::make_unique<GzSource>(path, std::move(file)));
  return std::unique_ptr<ByteSource>(std::make_unique<PlainSource>(path, std::move(file)));
}

Result<std::string> read_all(const std::filesystem::path& path, std::uint64_t max_bytes) {
  CONCORD_TRY(auto source, open_input(path));
  std::string out;
  std::error_code error;
  if (const auto size = std::filesystem::file_size(path, error); !error)
    out.reserve(std::min<std::uint64_t>(size, max_bytes) + kChunk);
  for (;;) {
    CONCORD_TRY(const bool more, source->read(out));
    if (!more) return out;
    if (out.size() > max_bytes) return unreadable(path, "is larger than " + std::to_string(max_bytes >> 20) + " MiB unpacked");
  }
}

Result<std::vector<InputFile>> list_inputs(const std::vector<std::filesystem::path>& paths) {
  namespace fs = std::filesystem;
  std::vector<InputFile> files;
  std::vector<Issue> issues;
  for (const auto& path : paths) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) {
      issues.push_back({path.string(), "does not exist"});
      continue;
    }
    if (!fs::is_directory(status)) {
      const auto size = fs::file_size(path, error);
      files.push_back({path, error ? 0 : size, true});
      continue;
    }
    const std::size_t first = files.size();
    fs::recursive_directory_iterator it(path, fs::directory_options::skip_permission_denied, error), end;
    if (error) {
      issues.push_back({path.string(), "cannot be read"});
      continue;
    }
    for (; it != end; it.increment(error)) {
      if (error) break;
      const std::string name = it->path().filename().string();
      if (name.starts_with('.')) {
        if (it->is_directory()) it.disable_recursion_pending();
        continue;
      }
      std::error_code ignored;
      if (it->is_regular_file(ignored)) files.push_back({it->path(), it->file_size(ignored), false});
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end(),
              [](const InputFile& a, const InputFile& b) { return a.path < b.path; });
  }
  if (!issues.empty()) {
    std::string text = "Cannot read " + issues.front().path + ": it " + issues.front().text + ".";
    return fail(ErrorCode::bad_file, std::move(text), std::move(issues));
  }
  return files;
}

}  // namespace concord::fhir
