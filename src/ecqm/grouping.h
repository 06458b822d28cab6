// Puts the resources of many patients together by patient with bounded memory: small input in memory, larger input through
// temporary files, one for each range of patient ids. The files are readable for nobody else and unlinked at once.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace concord::ecqm {

/// The texts of a range of patients, in order of patient id; within a patient as they were added.
struct Range {
  struct Text {
    std::string_view patient, text;
    std::uint32_t file;
    std::uint64_t line;
  };
  std::string data;
  std::vector<Text> texts;
};

class Grouping {
 public:
  /// `keys` is a sample of the patient ids; `ranges` 1: everything stays in memory.
  static Result<Grouping> open(std::size_t ranges, std::vector<std::string> keys, const std::filesystem::path& temporary);

  Result<void> add(std::string_view patient, std::uint32_t file, std::uint64_t line, std::string_view text);
  std::size_t ranges() const { return stores_.size(); }
  /// Takes range i out.
  Result<std::shared_ptr<const Range>> take(std::size_t i);

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  struct Store {
    std::unique_ptr<std::FILE, Closer> file;  // null: in memory
    std::string data;                         // what is not yet written
  };
  Result<void> flush(Store& store);
  std::vector<std::string> first_keys_;  // of range 1, 2, ...
  std::vector<Store> stores_;
};

/// An even sample of the values it is shown, of bounded size; the same for the same input.
class Sample {
 public:
  void see(std::string_view value);
  std::vector<std::string> take() { return std::move(kept_); }

 private:
  static constexpr std::size_t kMost = 8192;
  std::vector<std::string> kept_;
  std::uint64_t seen_ = 0, every_ = 1;
};

}  // namespace concord::ecqm
