// Routes of the caseload: the list, its CSV download, one patient's lines, and "not now".
#pragma once

#include <vector>

#include "caseload/caseload_store.h"
#include "http/route.h"
#include "json/writer.h"
#include "patients/chart.h"

namespace concord::caseload {

/// Must outlive the routes. Thread-safe when the chart's functions are.
struct Deps {
  const RuleSet* rules = nullptr;
  const patients::Chart* chart = nullptr;
};

std::vector<http::Route> routes(const Deps& deps);

/// Writes the patient's lines as a JSON array, in the caller's language, deferred ones marked; how many are not
/// deferred. For the patient page and the answer to a contact.
int write_attention(json::Writer& w, db::Tx& tx, const Caller& caller, const RuleSet& rules, PatientId patient, Date today,
                    Instant now);

/// {"as_of","counts","items","next"} of one page; `as_of` is what the answer says, rows use their own site's day.
std::string page_json(const ListPage& page, const RuleSet& rules, Date as_of, Instant now, std::string_view language);
/// The same rows as a table for spreadsheets; every cell is formula-safe.
std::string page_csv(const ListPage& page, const RuleSet& rules, Instant now, std::string_view language);

}  // namespace concord::caseload
