// Routes of contacts. Recording one stores contact, minutes, scores and changes of treatment in one transaction.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "contacts/contacts.h"
#include "json/cursor.h"
#include "patients/chart.h"

namespace concord::contacts {

using patients::Asker;
using patients::Chart;
using patients::Place;

/// Stores a part of the contact's body in its transaction, on the contact's day, and writes it as JSON.
using StorePart = std::function<Result<void>(db::Tx&, const Asker&, const Place&, Date contact_date, json::Writer&)>;

struct Deps {
  const Chart* chart = nullptr;
  /// Reads one entry of "measurements" (measurements_api.h reader); empty after an issue.
  std::function<StorePart(const json::Cursor& body, std::string_view mode)> read_measurement;
  /// Reads one entry of "treatment_changes" {treatment_id, version, to_dose, reason} (treatments_api.h reader).
  std::function<StorePart(const json::Cursor& body)> read_treatment_change;
  /// Writes the patient's attention lines as a JSON array; how many there are.
  std::function<int(json::Writer&, db::Tx&, const Asker&, const Place&)> write_attention;
};

std::vector<http::Route> routes(const Deps& deps);

/// Members of the patient page: "contacts" newest first, "minutes_this_month".
void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);
void write_minutes(json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

}  // namespace concord::contacts
