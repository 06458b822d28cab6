// Invented QI-Core patients and value sets, for the bench and for tests. The codes of value sets are invented; only single public
// codes that the measures name are real. The same number gives the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "ecqm/measure.h"

namespace concord::ecqm {

/// A bundle of 10 to 20 resources (patient, coverage, visits, conditions, scores, screenings, procedures, orders), compact JSON
/// as servers send it, about a year around 2025 and 2026. Appended to `out`.
void append_made_up_patient(std::string& out, std::uint64_t number);

/// One ValueSet file for each value set of the measure, with as many invented codes as the real ones have or so.
Result<void> write_made_up_value_sets(const std::filesystem::path& folder, const Measure& measure);

/// patient-000001.json and so on, a thousand to a subfolder. Bytes written.
Result<std::int64_t> write_made_up_bundles(const std::filesystem::path& folder, std::int64_t patients);

/// One NDJSON file a resource type, the patients in another order in each. Bytes written.
Result<std::int64_t> write_made_up_ndjson(const std::filesystem::path& folder, std::int64_t patients);

}  // namespace concord::ecqm
