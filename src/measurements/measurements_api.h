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
  /// Somebody of the staff entered or corrected one. May be empty.
  std::function<void(db::Tx&, const Asker&, const patients::Place&, const Measurement&)> on_entered;
  /// Somebody of the staff looked at one that came from the patient. May be empty.
  std::function<void(db::Tx&, const Asker&, const patients::Place&, MeasurementId)> on_seen;
  /// Labels of a patient's own answers ("adolescent_confidential"); empty: normal.
  std::function<std::string(db::Tx&, OrganizationId, PatientId, std::string_view instrument)> labels_of;
};

std::vector<http::Route> routes(const Deps& deps);

/// Stores one measurement in a contact's transaction (taken on the contact's day unless it says otherwise) and
/// writes it as JSON. Does not refresh the caseload row: the contact does.
using StoreMeasurement =
    std::function<Result<void>(db::Tx&, const Asker&, const patients::Place&, Date contact_date, json::Writer&)>;
/// Reads and scores a measurement body; adds every issue with its path and answers an empty function then.
/// `mode` stands in when the body has none.
std::function<StoreMeasurement(const json::Cursor& body, std::string_view mode)> reader(const Deps& deps);

/// Stores what the patient's side answered: unseen, and its safety signal is the caller's to raise. Does not refresh the
/// caseload row. `invalid` with issues at "answers.q3".
Result<Measurement> store_self_report(const Deps& deps, db::Tx& tx, const Asker& asker, const patients::Place& place,
                                      const SelfReport& report);
/// Marks one seen by the caller, once; not_found when the patient has none such.
Result<Measurement> see(const Deps& deps, db::Tx& tx, const Asker& asker, const patients::Place& place, MeasurementId id);

/// Member "measurements" of the patient page, newest first.
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const patients::Place& place);

std::string measurement_schema();
/// `correction`: with the reason.
std::string measurement_body_schema(bool correction);

}  // namespace concord::measurements
