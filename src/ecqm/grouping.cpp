#include "ecqm/grouping.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace concord::ecqm {
namespace {

struct Head {
  std::uint64_t line;
  std::uint32_t file, patient_size, text_size;
};

constexpr std::size_t kBuffer = 1 << 18;

tl::unexpected<Error> disk(const char* what) {
  return fail(ErrorCode::bad_file, std::string("Resources could not be put together by patient: ") + what + " (" +
                                       std::strerror(errno) +
                                       "). Name another folder with TMPDIR, or give one bundle file a patient.");
}

}  // namespace

Result<Grouping> Grouping::open(std::size_t ranges, std::vector<std::string> keys, const std::filesystem::path& temporary) {
  Grouping grouping;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  ranges = std::max<std::size_t>(1, std::min(ranges, keys.size()));
  for (std::size_t i = 1; i < ranges; ++i) grouping.first_keys_.push_back(keys[i * keys.size() / ranges]);
  grouping.stores_.resize(ranges);
  if (ranges == 1) return grouping;
  const auto folder = temporary.empty() ? std::filesystem::temp_directory_path() : temporary;
  for (auto& store : grouping.stores_) {
    std::string name = (folder / "concord-measure-XXXXXX").string();
    const int fd = ::mkstemp(name.data());  // mode 0600
    if (fd < 0) return disk("a temporary file cannot be made");
    ::unlink(name.c_str());
    store.file.reset(::fdopen(fd, "w+b"));
    if (!store.file) {
      ::close(fd);
      return disk("a temporary file cannot be opened");
    }
    std::setvbuf(store.file.get(), nullptr, _IONBF, 0);
  }
  return grouping;
}

Result<void> Grouping::flush(Store& store) {
  if (!store.file || store.data.empty()) return {};
  if (std::fwrite(store.data.data(), 1, store.data.size(), store.file.get()) != store.data.size())
    return disk("a temporary file cannot be written");
  store.data.clear();
  return {};
}

Result<void> Grouping::add(std::string_view patient, std::uint32_t file, std::uint64_t line, std::string_view text) {
  const auto at = std::upper_bound(first_keys_.begin(), first_keys_.end(), patient,
                                   [](std::string_view key, const std::string& first) { return key < first; }) -
                  first_keys_.begin();
  Store& store = stores_[static_cast<std::size_t>(at)];
  const Head head{line, file, static_cast<std::uint32_t>(patient.size()), static_cast<std::uint32_t>(text.size())};
  store.data.append(reinterpret_cast<const char*>(&head), sizeof head);
  store.data += patient;
  store.data += text;
  return store.data.size() >= kBuffer ? flush(store) : Result<void>{};
}

Result<std::shared_ptr<const Range>> Grouping::take(std::size_t i) {
  Store& store = stores_[i];
  auto range = std::make_shared<Range>();
  if (store.file) {
    CONCORD_TRY_VOID(flush(store));
    const long size = std::ftell(store.file.get());
    if (size < 0) return disk("a temporary file cannot be read");
    std::rewind(store.file.get());
    range->data.resize(static_cast<std::size_t>(size));
    if (std::fread(range->data.data(), 1, range->data.size(), store.file.get()) != range->data.size())
      return disk("a temporary file cannot be read");
    store.file.reset();
    store.data = {};
  } else {
    range->data = std::move(store.data);
  }
  const std::string_view data = range->data;
  for (std::size_t at = 0; at < data.size();) {
    Head head;
    std::memcpy(&head, data.data() + at, sizeof head);
    at += sizeof head;
    range->texts.push_back(
        {data.substr(at, head.patient_size), data.substr(at + head.patient_size, head.text_size), head.file, head.line});
    at += head.patient_size + head.text_size;
  }
  std::stable_sort(range->texts.begin(), range->texts.end(),
                   [](const Range::Text& a, const Range::Text& b) { return a.patient < b.patient; });
  return std::shared_ptr<const Range>(std::move(range));
}

void Sample::see(std::string_view value) {
  if (seen_++ % every_ != 0) return;
  kept_.emplace_back(value);
  if (kept_.size() < kMost) return;
  for (std::size_t i = 0; i < kMost / 2; ++i) kept_[i] = std::move(kept_[2 * i]);
  kept_.resize(kMost / 2);
  every_ *= 2;
}

}  // namespace concord::ecqm
