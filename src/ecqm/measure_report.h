// FHIR R4 MeasureReports of a run, in one folder:
//   cms159-summary.json              how many patients (or visits) are in each population, the score, each stratum
//   cms159-individual.ndjson         one report a patient, in the order of the run, with the resources it rests on
//   cms159-subject-list.json         the summary again, each population with a reference to the List of its patients
//   cms159-list-1-numerator.json     ... and these Lists, one file a group and population
// Shaped after QI-Core and DEQM; no profile is claimed, because the reports do not say who reports, nor when: the same input
// gives the same bytes. Ids are made from measure, period and patient id. Individual reports and Lists are written as
// the run goes on, so memory does not grow with the number of patients.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/result.h"
#include "ecqm/measure.h"

namespace concord::ecqm {

/// The populations a measure reports, in the order of the reports.
std::vector<Population> populations_of(const Measure& measure);

/// Score of a group in tenths of a percent, rounded half up from the exact ratio; nullopt when nobody is measured.
std::optional<std::int64_t> score_tenths(const Totals::Counts& counts);

/// One MeasureReport, appended as JSON without a line end.
void append_individual(std::string& out, const Measure& measure, const Question& question, const PatientResult& result);
void append_summary(std::string& out, const Measure& measure, const Question& question, const Totals& totals);
/// `append_summary` with a reference to each population's List.
void append_subject_list(std::string& out, const Measure& measure, const Question& question, const Totals& totals);

/// Writes the files. One thread. Files of the same names are overwritten.
class ReportWriter {
 public:
  /// bad_file when the folder cannot be made or written.
  static Result<ReportWriter> open(const std::filesystem::path& folder, const Measure& measure, const Question& question);
  /// Patients whose record could not be used have no report.
  Result<void> add(const PatientResult& result);
  Result<void> finish(const Totals& totals);
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct List {
    std::size_t group = 0;
    Population population = Population::initial_population;
    std::filesystem::path path;
    std::ofstream file;
    bool empty = true;
  };
  ReportWriter(const Measure& measure, const Question& question) : measure_(&measure), question_(question) {}
  Result<void> write_whole(const std::string& name, const std::string& text);

  const Measure* measure_;
  Question question_;
  std::filesystem::path folder_, individual_path_;
  std::ofstream individual_;
  std::vector<List> lists_;
  std::string buffer_;
};

}  // namespace concord::ecqm
