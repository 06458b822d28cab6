// Routes of treatment trials, and the reading of a dose change that contacts share.
#pragma once

#include <functional>
#include <vector>

#include "json/cursor.h"
#include "patients/chart.h"
#include "treatments/treatments.h"

namespace concord::treatments {

using patients::Asker;
using patients::Chart;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
};

std::vector<http::Route> routes(const Deps& deps);

/// Stores a dose change in a contact's transaction, on the contact's day, and writes the treatment as JSON.
using StoreChange = std::function<Result<void>(db::Tx&, const Asker&, const Place&, Date contact_date, json::Writer&)>;
/// Reads {treatment_id, version, to_dose, reason}; empty after an issue.
std::function<StoreChange(const json::Cursor& body)> reader(const Deps& deps);

/// Member "treatments" of the patient page, newest first.
void write_all(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::treatments
