// The AIMS set and the HEDIS-like figures in one shape, as screens show them, and which of them are hidden from people who see
// sums only. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measures/aims.h"
#include "measures/hedis.h"

namespace concord::measures {

struct ProgramFigure {
  std::string_view id, kind, unit;                     ///< kind: count, mean, rate, median
  std::optional<std::int64_t> numerator, denominator;  ///< people, or contacts and reviews
  std::optional<double> percent, value;
  bool has_lines = true;  ///< false: made of other figures; it has nobody of its own
};
/// How much of a figure a line is: 0 or 1, or how many contacts and reviews.
struct ProgramPlace {
  int numerator = 0, denominator = 0;
  std::string_view why;
};
struct ProgramLine {
  std::string patient_id, episode_id;  ///< "": a line of the patient
  std::vector<ProgramPlace> places;    ///< by figure; without a reason where the figure has no lines
};
struct ProgramFigures {
  std::string rule_set, version;
  ReportPeriod period;
  std::optional<double> fte;
  std::vector<ProgramFigure> figures;
  std::vector<ProgramLine> lines;
};

ProgramFigures program_figures(const AimsReport& report);
ProgramFigures program_figures(const HedisReport& report);

/// What was entered or corrected since changed figures of an earlier instant: both are of the same period and the same last day.
struct ProgramRestatement {
  struct Moved {
    std::string patient_id, episode_id;
    std::size_t figure = 0;
    ProgramPlace from, to;  ///< without a reason where the line is on the other side only
  };
  std::vector<std::size_t> figures;  ///< those whose numbers differ
  std::vector<Moved> moved;          ///< by patient, episode and figure: in or out of another part of it, or for another reason
  bool empty() const { return figures.empty() && moved.empty(); }
};
ProgramRestatement compare(const ProgramFigures& then, const ProgramFigures& now);
/// `"restatement":{"figures":[{"id","then","now"}],"moved_count":n}`, `"moved":[...]` with the lines; null when nothing differs.
void write_restatement(json::Writer& w, const ProgramFigures& then, const ProgramFigures& now, bool with_lines);
/// For people; "" when nothing differs.
std::string restatement_table(const ProgramFigures& then, const ProgramFigures& now);

/// What must not be shown: counts of 1 to 10, and what lets one compute them from the other figures. One flag for each figure. It
/// holds for quarters and years only: clocks of months add up to those of their quarter, so months are not for such roles.
std::vector<bool> hidden_figures(const ProgramFigures& program);

}  // namespace concord::measures
