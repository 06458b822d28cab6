// Routes of the caseload: the list, its CSV download, one patient's lines, and "not now".
#pragma once

#include <functional>
#include <vector>

#include "caseload/caseload_store.h"
#include "http/route.h"
#include "json/writer.h"
#include "patients/chart.h"
#include "tasks/cover.h"

namespace concord::caseload {

/// Must outlive the routes. Thread-safe when the chart's functions are.
struct Deps {
  const RuleSet* rules = nullptr;
  const patients::Chart* chart = nullptr;
  /// Who covers for whom on a day (tasks/handover_store.h). Empty: nobody does.
  std::function<tasks::Covers(db::Tx&, OrganizationId, Date)> covers_on = {};
};

std::vector<http::Route> routes(const Deps& deps);

/// Writes the patient's lines as a JSON array, in the caller's language, deferred ones marked; how many are not
/// deferred. For the patient page and the answer to a contact.
int write_attention(json::Writer& w, db::Tx& tx, const Caller& caller, const RuleSet& rules, PatientId patient, Date today,
                    Instant now);

/// {"as_of","counts","items","next"} of one page; `as_of` is what the answer says, rows use their own site's day.
/// `cover_of`: who covers for a row's care manager now, appended as `"cover":{...}`; empty text for nobody.
std::string page_json(const ListPage& page, const RuleSet& rules, Date as_of, Instant now, std::string_view language,
                      const std::function<std::string(const ListedRow&)>& cover_of = {});
/// The same rows as a table for spreadsheets; every cell is formula-safe.
std::string page_csv(const ListPage& page, const RuleSet& rules, Instant now, std::string_view language);

}  // namespace concord::caseload
