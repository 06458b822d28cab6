// Routes of psychiatric case reviews and their recommendations.
#pragma once

#include <vector>

#include "patients/chart.h"
#include "reviews/reviews.h"

namespace concord::reviews {

struct Deps {
  const patients::Chart* chart = nullptr;
};

std::vector<http::Route> routes(const Deps& deps);

/// Member "reviews" of the patient page, newest first.
void write_all(json::Writer& w, db::Tx& tx, const patients::Asker& asker, const patients::Place& place);

}  // namespace concord::reviews
