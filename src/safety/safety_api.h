// Routes of safety events, and the raising of one from a positive answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "patients/chart.h"
#include "safety/safety.h"

namespace concord::safety {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  WorkingHours hours;
  int review_within_minutes = kReviewWithinWorkingMinutes;
};

std::vector<http::Route> routes(const Deps& deps);

/// Stores the event of a positive answer in the measurement's transaction. A correction that repeats the
/// signal and level of the measurement it replaces raises nothing new: somebody has, or had, it before them.
void raise(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, measurements::MeasurementId measurement,
           const std::string& signal, const std::optional<std::string>& level,
           const std::optional<measurements::MeasurementId>& corrects);

/// Member "safety_events" of the patient page, newest first.
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::safety
