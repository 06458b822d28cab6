// How many patients' records a national measure judges in a second of processor time: `concord measure` as a process of its own
// over made-up bundle files, and the same work from text and from parsed JSON in memory. For `concord bench --ecqm`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace concord::app {

struct EcqmFigures {
  std::string measure;
  std::int64_t patients = 0;
  double bytes_per_patient = 0, resources_per_patient = 0;
  double process_cpu_seconds = 0;  ///< of the whole process: start, value sets, reading files, parsing, rules, table
  double process_seconds = 0;
  double process_peak_mb = 0;
  double from_text = 0, from_parsed = 0;  ///< patients a CPU-second; 0: not measured
};

/// One figure for each of cms159 and cms2 and each size. `folder` is made, and removed at the end.
Result<std::vector<EcqmFigures>> bench_ecqm(const std::filesystem::path& folder, const std::vector<std::int64_t>& sizes);

}  // namespace concord::app
