#include "ecqm/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

#include "ecqm/reader.h"
#include "fhir/input.h"
#include "fhir/reference.h"

namespace concord::ecqm {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> unreadable(const fs::path& path, std::string why) {
  return fail(ErrorCode::bad_file, "A file or folder cannot be read.", {{path.string(), std::move(why)}});
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

bool is_packed(std::string_view head) {
  return head.starts_with("\x1F\x8B") || head.starts_with(
                                             "\xFD"
                                             "7zXZ");
}

std::string_view without_packing(std::string_view name) {
  for (const std::string_view ending : {".gz", ".xz"})
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return name;
}
bool is_json(std::string_view name) { return without_packing(name).ends_with(".json"); }
bool is_lines(std::string_view name) {
  name = without_packing(name);
  return name.ends_with(".ndjson") || name.ends_with(".jsonl");
}

/// The names in a folder, sorted.
struct Folder {
  std::vector<std::string> json, lines, folders;
};

Result<Folder> list(const fs::path& path) {
  Folder found;
  std::error_code error;
  fs::directory_iterator it(path, error), end;
  if (error) return unreadable(path, "cannot be read");
  for (; it != end; it.increment(error)) {
    if (error) return unreadable(path, "cannot be read");
    std::string name = it->path().filename().string();
    if (name.starts_with('.')) continue;
    std::error_code ignored;
    if (it->is_directory(ignored)) found.folders.push_back(std::move(name));
    else if (is_json(name)) found.json.push_back(std::move(name));
    else if (is_lines(name)) found.lines.push_back(std::move(name));
  }
  for (auto* names : {&found.json, &found.lines, &found.folders}) std::sort(names->begin(), names->end());
  return found;
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

class Finder {
 public:
  explicit Finder(Layout& layout) : layout_(layout) {}

  Result<void> folder(const fs::path& relative) {
    CONCORD_TRY(auto found, list(layout_.root / relative));
    const bool is_root = relative.empty();
    for (const auto& name : found.lines) add(layout_.lines, relative / name);
    if (!found.json.empty()) {
      const bool bundles = holds_bundles(relative, found.json);
      if (!bundles && !is_root) {
        layout_.units.add(relative.string(), true);  // the folder is the patient, with everything below it
        return {};
      }
      for (const auto& name : found.json) {
        if (bundles) layout_.units.add((relative / name).string());
        else add(layout_.loose, relative / name);
      }
    }
    // Folders named like resource types below a patient: Encounter/, Patient/.
    const bool by_type =
        !is_root && found.json.empty() && !found.folders.empty() &&
        std::all_of(found.folders.begin(), found.folders.end(), [](const auto& name) { return fhir::looks_like_type(name); }) &&
        std::find(found.folders.begin(), found.folders.end(), "Patient") != found.folders.end();
    if (by_type) {
      layout_.units.add(relative.string(), true);
      return {};
    }
    for (const auto& name : found.folders) CONCORD_TRY_VOID(folder(relative / name));
    return {};
  }

 private:
  void add(Names& names, const fs::path& relative) {
    names.add(relative.string());
    layout_.grouped_bytes += size_of(layout_.root / relative);
  }
  /// Decided by the first file that says what it is.
  bool holds_bundles(const fs::path& relative, const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
      if (!read_text(layout_.root / relative / name, text)) continue;
      const auto type = skim(text, SkimFor::type).type;
      if (!type.empty()) return type == "Bundle";
    }
    return true;
  }
  Layout& layout_;
};

}  // namespace

Result<void> read_text(const fs::path& path, std::string& out) {
  out.clear();
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return unreadable(path, std::string("cannot be opened (") + std::strerror(errno) + ")");
  struct stat info{};
  if (::fstat(file.get(), &info) != 0 || S_ISDIR(info.st_mode)) return unreadable(path, "is not a file that can be read");
  const auto expected = static_cast<std::size_t>(info.st_size);
  out.resize(expected);
  std::size_t done = 0;
  while (done < expected) {
    const auto n = ::read(file.get(), out.data() + done, expected - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return unreadable(path, std::string("cannot be read (") + std::strerror(errno) + ")");
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  out.resize(done);
  if (is_packed(out)) {
    CONCORD_TRY(out, fhir::read_all(path));
  }
  if (out.starts_with("\xEF\xBB\xBF")) out.erase(0, 3);
  return {};
}

void Names::add(std::string_view name, bool folder) {
  entries_.push_back(
      {static_cast<std::uint32_t>(pool_.size()), static_cast<std::uint32_t>(name.size()) & 0x7FFFFFFFU, folder ? 1U : 0U});
  pool_ += name;
}

void Names::sort() {
  const std::string_view pool(pool_);
  std::sort(entries_.begin(), entries_.end(),
            [&](const Entry& a, const Entry& b) { return pool.substr(a.at, a.size) < pool.substr(b.at, b.size); });
}

Result<Layout> find_layout(const fs::path& path) {
  Layout layout;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return unreadable(path, "does not exist");
  if (fs::is_directory(status)) {
    layout.root = path;
    CONCORD_TRY_VOID(Finder(layout).folder({}));
  } else {
    layout.root = path.parent_path();
    const std::string name = path.filename().string();
    bool lines = is_lines(name);
    if (!lines) {
      // A file that holds more than one value is NDJSON, whatever its name.
      std::string text;
      CONCORD_TRY_VOID(read_text(path, text));
      const auto first = skim(text, SkimFor::end);
      lines = first.is_object && first.size > 0 && text.find_first_not_of(" \t\r\n", first.size) != std::string::npos &&
              text.find('\n', first.size) != std::string::npos;
    }
    if (lines) {
      layout.lines.add(name);
      layout.grouped_bytes = size_of(path);
    } else {
      layout.units.add(name);
    }
  }
  layout.units.sort();
  layout.loose.sort();
  layout.lines.sort();
  if (layout.units.size() + layout.loose.size() + layout.lines.size() == 0)
    return unreadable(path, "holds no JSON or NDJSON file");
  return layout;
}

Result<std::vector<fs::path>> json_files_below(const fs::path& folder) {
  CONCORD_TRY(auto found, list(folder));
  std::vector<fs::path> files;
  for (const auto& name : found.json) files.push_back(folder / name);
  for (const auto& name : found.folders) {
    CONCORD_TRY(auto below, json_files_below(folder / name));
    files.insert(files.end(), below.begin(), below.end());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace concord::ecqm
