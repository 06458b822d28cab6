// What was published of a month, word for word, and how another computation of the same month differs from it: which figures,
// which patients moved between populations and why. Pure. Stored by published_store.h.
//
//   const Snapshot published = ..., now = snapshot_of(nys_report(clinic, rules, month));
//   if (const auto r = compare(published, now); !r.empty()) ...
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/writer.h"
#include "measures/nys.h"

namespace concord::measures {

/// A report as texts. Ids are Concord's own, never names of other systems: those may change, the published words may not.
struct Snapshot {
  struct Line {
    bool is_screening = false;     ///< of "screening", else of "patients"
    std::string patient, episode;  ///< ids; no episode in a screening line
    std::string text;              ///< one object of JSON
  };
  std::string rule_set, rule_set_version;
  ReportMonth month;
  std::string figures;  ///< the object "metrics"
  std::vector<Line> lines;
};
Snapshot snapshot_of(const NysReport& report);
/// The same bytes as nys_json of the report.
std::string snapshot_json(const Snapshot& snapshot);
/// BLAKE2b-256 of snapshot_json, in hexadecimal.
std::string digest_of(const Snapshot& snapshot);

/// Where a line is in a figure. A line that is not in the report at all is out, "not_in_the_report".
struct Standpoint {
  std::string in = "out";  ///< numerator, denominator, out
  std::string why = "not_in_the_report";
};
struct Move {
  std::string patient, episode;
  int metric = 0;
  Standpoint from, to;  ///< `in` differs
};
struct FigureChange {
  int metric = 0;
  std::string published, now;  ///< JSON, as in "metrics"
};
struct Restatement {
  std::optional<std::pair<std::string, std::string>> rule_set_version;  ///< published and now, where they differ
  std::vector<FigureChange> figures;                                    ///< by metric
  std::vector<Move> moved;                                              ///< by patient, episode, metric
  std::int64_t other_changes = 0;  ///< lines that say something else (a date, a score, a reason) without moving anybody

  bool empty() const { return !rule_set_version && figures.empty() && moved.empty() && other_changes == 0; }
};
Restatement compare(const Snapshot& published, const Snapshot& now);

/// A line's standpoint in each metric that it speaks of.
std::vector<std::pair<int, Standpoint>> standpoints(std::string_view line);

/// Figures, patients and lines as docs/measures.md describes "restatement"; `number`: of the publication it is against.
/// `name`: how an id is printed; empty: as it is.
std::string restatement_json(const Restatement& restatement, std::int64_t number,
                             const std::function<std::string(std::string_view kind, const std::string& id)>& name = {});
/// For people, a line a change.
std::string restatement_table(const Restatement& restatement, std::int64_t number,
                              const std::function<std::string(std::string_view kind, const std::string& id)>& name = {});

}  // namespace concord::measures
