// What a patient sees is a list of views. From one list the portal makes, for each view,
//   GET /api/v1/portal/<name>                                        what the patient, or a trusted person, reads
//   GET /api/v1/portal/trusted-persons/preview/<name>?scopes=a,b     what a trusted person with these scopes would read
// and the second answer is the first one's bytes, because nothing but the Viewer tells a view who is looking: a view must not
// ask for the caller, the account or the clock, and must not read the query parameters "scopes", "part2" and "language".
// Slices contribute views through functions that app/portal_wiring.cpp calls. Pure; any thread.
// Read next: accounts.h (accounts, grants), views_api.h (routes).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "http/message.h"
#include "json/writer.h"
#include "patients/chart.h"

namespace concord::db {
class Tx;
}

namespace concord::portal {

/// What a patient can let a trusted person see and do. Sorted.
inline constexpr std::string_view kScopes[] = {"appointments", "check_in", "education",   "goals",
                                               "messages",     "plan",     "safety_plan", "scores"};
/// Of a view whose parts stand behind scopes of their own (home): any trusted person with at least one scope.
inline constexpr std::string_view kAnyScope = "*";
bool is_scope(std::string_view scope);

/// Who looks, at which record. The same for a trusted person and for the patient's preview of them.
struct Viewer {
  OrganizationId organization;
  patients::PatientId patient;
  SiteId site;
  bool is_self = false;             ///< the patient; false: a trusted person
  std::vector<std::string> scopes;  ///< of a trusted person; sorted, empty means nothing
  bool part2_agreed = false;        ///< the patient's grant names records of a substance use program (42 CFR 2.31)
  std::string record_labels;        ///< labels that hold for the whole record, space-separated
  /// What the age rules (rulesets/confidentiality-2026.json) keep private by itself at this patient's age: "instrument:phq-9m",
  /// "pathway:adolescent", "visit:phone", "need:..."; sorted. Rows of these codes count as adolescent_confidential.
  std::vector<std::string> private_codes;
  Date today{};  ///< at the patient's site
  Instant now{};
  std::string zone;      ///< IANA, of the patient's site
  std::string language;  ///< "en" or "es": of the words in the answer

  /// True for the patient, and for a trusted person with the scope. "" is the patient's only.
  bool has(std::string_view scope) const;
  patients::Place place() const { return {patient, site, zone, today}; }
};

/// THE rule for privacy labels (space-separated, "" and "normal" say nothing). Every view asks it for every row, before it
/// counts, sorts, pages or draws a conclusion; a row that may not be seen leaves no trace.
///   the patient          everything but counseling_note
///   a trusted person     nothing adolescent_confidential, no counseling_note; part2 only where the grant names it
/// A label that this rule does not know hides the row from both. The record's own labels count for every row.
bool may_see(const Viewer& viewer, std::string_view labels);
/// The same for a row of something that the age rules may keep private: may_see(viewer, row.labels, "instrument:" +
/// row.instrument). Every view that shows a measurement, a visit or a pathway asks this one.
bool may_see(const Viewer& viewer, std::string_view labels, std::string_view code);

struct View {
  std::string name;     ///< "goals" -> GET /api/v1/portal/goals: letters, digits, hyphens; one slash may be in it
  std::string scope;    ///< what a trusted person needs; "" = never for a trusted person; kAnyScope
  std::string schema;   ///< JSON Schema of the answer
  std::string summary;  ///< for OpenAPI
  /// Writes the whole answer, one JSON value. Query parameters are the view's own ("after", "from").
  std::function<Result<void>(json::Writer&, db::Tx&, const Viewer&, const http::Request&)> write;
  std::vector<std::pair<std::string, std::string>> query_parameters = {};  ///< name, meaning
  /// Whether the answer belongs into the downloaded record; a view with pages is asked page by page ("next" -> ?after=).
  bool in_record = true;
};

/// For routes that change something: not_allowed for a trusted person without the scope, and for everybody who is no portal
/// caller. The permission of the route only says "portal"; this says whose and which.
Result<void> require(const Caller& caller, std::string_view scope);
/// Things only the patient does (invite, sign for themselves): not_allowed for a trusted person.
Result<void> require_self(const Caller& caller);
/// The record a portal caller acts in. Breaks an invariant for other callers; call it after require().
patients::PatientId patient_of(const Caller& caller);
/// What goes into `on_behalf_by`: the trusted person's account; nullopt when the patient acts.
std::optional<UserId> on_behalf_by(const Caller& caller);

}  // namespace concord::portal
