// What an import or export did: read, stored, unchanged, placeholders, not used, rejected with reasons.
// Rendered as a table for people and as JSON for programs. Never personal data: ids, codes, counts, places.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace concord::exchange {

struct Rejection {
  std::string file;
  std::size_t line = 0;  ///< 0 where a file has no lines (a bundle)
  std::string path;      ///< element path or column; may be empty
  std::string reason;

  bool operator==(const Rejection&) const = default;
};

/// Counts per kind of row: "patients", "coverage", "episodes", ... Measurements are counted per instrument.
struct Counts {
  std::map<std::string, std::int64_t> rows;
  std::map<std::string, std::int64_t> measurements;

  void add(const std::string& kind, std::int64_t n = 1) {
    if (n != 0) rows[kind] += n;
  }
  void add(const Counts& other);
  std::int64_t total() const;
};

struct Report {
  std::string source;  ///< "fhir" or "csv"
  std::int64_t files = 0;
  std::int64_t resources = 0;  ///< resources or data rows read
  Counts stored;               ///< new and changed rows
  std::int64_t updated = 0;    ///< of these: rows that were there with other content
  Counts unchanged;
  std::map<std::string, std::int64_t> placeholders;                      ///< kind of the missing target -> how many
  std::map<std::pair<std::string, std::string>, std::int64_t> not_used;  ///< (type, reason) -> how many
  std::vector<Rejection> rejected;
  std::vector<std::string> notes;  ///< what a person should know: unknown columns, totals not trusted
  bool nothing_stored = false;     ///< the batch was refused because of its rejected rows
  double seconds = 0;

  void add_not_used(const std::string& type, const std::string& reason, std::int64_t n = 1) { not_used[{type, reason}] += n; }
  void add(Report&& other);
  std::int64_t placeholder_count() const;
  /// 0: everything read was stored, unchanged or not used. 1: something was rejected.
  int exit_code() const { return rejected.empty() ? 0 : 1; }
};

/// The table a person reads at the end.
std::string render_table(const Report& report, std::size_t max_rejected = 50);
/// {"files","resources","stored":{...,"measurements":{...}},"updated","unchanged":{...},"placeholders",
///  "not_used":{type:n},"rejected":[{"file","line","path","reason"}],"seconds", ...}
std::string render_json(const Report& report);

/// How far a long import is. Called at most a few times a second.
struct Progress {
  double done = 0;         ///< 0 to 1
  std::int64_t items = 0;  ///< resources or rows so far
  double items_per_second = 0;
  double seconds_left = 0;  ///< 0 when unknown
};
using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace concord::exchange
