// Reading a rule set's file: every number and switch stands there by name, with its source.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::measures {

/// What others publish, shown beside ours with its own denominator.
struct Benchmark {
  std::string figure;
  double value = 0;
  std::string unit, kind, of, source;
};

/// The numbers and switches of a rule set as they stand in its file: reports carry them.
class RuleFile {
 public:
  /// numbers.<key>.value from `least` to `most`; an issue when it or its source is missing.
  void whole(const json::Cursor& numbers, std::string_view key, int least, int most, int& into);
  void points(const json::Cursor& numbers, std::string_view key, double& into);
  void flag(const json::Cursor& switches, std::string_view key, bool& into);

  /// `"parameters":{"treatment_days":70,...}`
  void write(json::Writer& w) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;  ///< name -> JSON
};

std::vector<std::string> read_names(const json::Cursor& list);
std::vector<Benchmark> read_benchmarks(const json::Cursor& list);
/// `"benchmarks":[...]` of one figure.
void write_benchmarks(json::Writer& w, const std::vector<Benchmark>& all, std::string_view figure);

bool contains(const std::vector<std::string>& list, std::string_view what);

}  // namespace concord::measures
