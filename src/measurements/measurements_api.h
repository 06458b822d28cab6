// Routes of measurements, and the reading of one measurement body that contacts share. Scoring happens before
// the transaction; the unit of work is: patient's site, one insert, the safety event if one is due, the
// caseload row.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "instruments/instruments.h"
#include "json/cursor.h"
#include "measurements/measurements.h"
#include "patients/chart.h"

namespace concord::measurements {

using patients::Asker;
using patients::Chart;

/// A positive answer, on its way to the safety slice.
struct RaisedSignal {
  MeasurementId measurement;
  std::string signal;                     ///< "phq-9 item 9 = 1"
  std::optional<std::string> level;       ///< of a C-SSRS
  std::optional<MeasurementId> corrects;  ///< the measurement this one replaces
};

struct Deps {
  const Chart* chart = nullptr;
  const instruments::Library* library = nullptr;
  /// Whether the organization recorded a permission for an instrument that needs one; asked for those only.
  std::function<bool(db::Tx&, OrganizationId, SiteId, std::string_view instrument)> permitted;
  std::function<void(db::Tx&, const Asker&, const patients::Place&, const RaisedSignal&)> raise_signal;
};

std::vector<http::Route> routes(const Deps& deps);

/// Stores one measurement in a contact's transaction (taken on the contact's day unless it says otherwise) and
/// writes it as JSON. Does not refresh the caseload row: the contact does.
using StoreMeasurement =
    std::function<Result<void>(db::Tx&, const Asker&, const patients::Place&, Date contact_date, json::Writer&)>;
/// Reads and scores a measurement body; adds every issue with its path and answers an empty function then.
/// `mode` stands in when the body has none.
std::function<StoreMeasurement(const json::Cursor& body, std::string_view mode)> reader(const Deps& deps);

/// Member "measurements" of the patient page, newest first.
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);

std::string measurement_schema();
/// `correction`: with the reason.
std::string measurement_body_schema(bool correction);

}  // namespace concord::measurements
