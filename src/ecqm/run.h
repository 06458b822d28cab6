// A measure over the records of many patients: finds them below a path, reads and judges one after the other, hands every
// result on in a fixed order. Memory does not grow with the number of patients (a list of file names aside).
//
// PATH may be
//   - a folder with one bundle file a patient, or one such file;
//   - a folder with a folder of resource files for each patient (resource files directly in PATH are put together by patient);
//   - NDJSON: resources of many patients by file and type, put together by patient; a line may also be a whole bundle.
// gzip and xz files are read as they are. Order: by name of file or folder; what is put together comes after, by patient id.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ecqm/measure.h"
#include "ecqm/reader.h"
#include "ecqm/terms.h"

namespace concord::ecqm {

struct RunOptions {
  unsigned jobs = 1;  ///< threads; results and their order do not depend on it
  /// NDJSON above this size is put together through temporary files (made unreadable for others and unlinked at once).
  std::uint64_t grouping_bytes = 64 << 20;
  std::filesystem::path temporary;  ///< folder of these; empty: the system's
};

struct RunSummary {
  Totals totals;
  std::uint64_t bytes = 0;      ///< of JSON read
  std::uint64_t resources = 0;  ///< read, of any type
};

/// Takes every result, one at a time and in order; the result is only borrowed. An error ends the run.
using Sink = std::function<Result<void>(const PatientResult&)>;

/// A patient whose record cannot be used is a result with `errors`; only a path or disk that cannot be read at all is an Error.
Result<RunSummary> run(const Measure& measure, const Terms& terms, const std::filesystem::path& path, const Question& question,
                       const RunOptions& options, const Sink& sink);

/// One patient from JSON text (a bundle). For tests, the bench and whoever holds the text already. Reused, single thread.
class Evaluator {
 public:
  Evaluator(const Measure& measure, const Terms& terms, const Question& question, const SharedMedications* shared = nullptr)
      : measure_(measure), question_(question), reader_(terms, shared) {}
  /// Clears and fills `out`.
  void bundle(std::string_view text, std::string_view source, PatientResult& out);
  /// The same from JSON that was parsed already.
  void parsed(const json::Value& bundle, std::string_view source, PatientResult& out);
  /// Several texts of one patient: {file, text}.
  struct Part {
    std::string_view file, text;
  };
  void parts(const std::vector<Part>& parts, std::string_view source, PatientResult& out);
  /// The resources of the last patient.
  std::size_t resources() const { return reader_.resources(); }
  /// The last text was no record: value sets, measures.
  bool only_definitions() const { return reader_.only_definitions(); }

 private:
  friend struct Worker;
  void finish(std::string_view source, PatientResult& out);
  const Measure& measure_;
  const Question& question_;
  PatientReader reader_;
  std::vector<json::Document> documents_;
};

}  // namespace concord::ecqm
