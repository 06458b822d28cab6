// A run as people and programs read it: a table of totals with the reasons, and JSON with every patient. Same input, same bytes.
#pragma once

#include <string>

#include "ecqm/measure.h"
#include "ecqm/run.h"

namespace concord::ecqm {

/// The JSON of a run, appended piece by piece, so that it need not be kept: head, patients in order, tail.
class JsonListing {
 public:
  JsonListing(const Measure& measure, const Question& question) : measure_(measure), question_(question) {}
  void head(std::string& out) const;
  /// A patient whose record could not be used is kept for the list of errors in the tail.
  void patient(std::string& out, const PatientResult& result);
  void tail(std::string& out, const RunSummary& summary) const;

 private:
  const Measure& measure_;
  const Question& question_;
  bool first_ = true;
  std::string errors_;
};

/// Totals with exclusions and the other reasons.
std::string summary_table(const Measure& measure, const Question& question, const RunSummary& summary);

}  // namespace concord::ecqm
