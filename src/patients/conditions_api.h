// Routes of a patient's conditions and allergies, and the sections other pages show of them.
#pragma once

#include <vector>

#include "patients/chart.h"

namespace concord::patients {

/// `chart` must outlive the routes.
std::vector<http::Route> condition_routes(const Chart& chart);

/// Those that stand: conditions newest first (50 at most), allergies by substance.
void write_conditions(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_allergies(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::patients
