// Figures of outcomes measured: columns synthesized for the evaluation, and read from a database for the load.
#pragma once

#include <cstdint>

#include "app/cli.h"

namespace concord::app {

struct OutcomeFigures {
  double report_ms = 0, report_slopes_ms = 0;       ///< outcome report of everybody up to half a year ago, one core, median
  double all_ms = 0, series_ms = 0, strata_ms = 0;  ///< every figure; 24 months of them; of each of 7 strata
  double page_ms = 0;                               ///< figures and months together at a tenth of the episodes
  double bytes = 0;                                 ///< of the columns
  double load_seconds = 0;                          ///< every fact from the database to the first snapshot
  double keep_seconds = 0;                          ///< writing the columns to the database
  double resume_seconds = 0;                        ///< taking them up again, with the look at some patients' facts
  double fill_seconds = 0;                          ///< 0: the database was there
  std::int64_t rows = 0;                            ///< read by the load
};

/// Fills the database of `config` with so many episodes of 8 scores and 2 contacts when it is empty, loads it, keeps the
/// columns and takes them up again.
Result<OutcomeFigures> bench_outcomes(CommandLine& line, const Config& config, std::int64_t episodes);

}  // namespace concord::app
