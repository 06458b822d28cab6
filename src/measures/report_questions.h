// What the routes of the state's report, the AIMS set and the HEDIS-like figures read and write alike: the instant of the facts,
// which part of a figure opens, who is on a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/replies.h"
#include "http/wrong_parameter.h"
#include "measures/measures_api.h"

namespace concord::measures {

bool sees_patients(const Deps& deps, const Caller& caller);
/// Looking back is for those who see patients: sums of two days beside each other would show one person.
Result<void> may_look_back(const Deps& deps, const Caller& caller);

/// The instant of a text that somebody gave; refused when the report of a time that begins on `first` cannot be of it. `kind` is
/// that time in a word: "month".
Result<Instant> instant_of(std::string_view text, Date first, std::string_view kind, Instant now, std::string_view zone);

/// Of a figure: who is in the numerator, in the denominator (numerator included), in it without the numerator, or out.
enum class Part { numerator, denominator, not_met, out };
std::optional<Part> part_of(std::string_view word);
inline constexpr std::string_view kPartWords = "must be numerator, denominator, not_met or out";

/// The position in a report that `after` of a page names: 0 without it.
Result<std::size_t> position_after(const http::Page& page);

/// The schema of an object that may be null.
std::string nullable(std::string object_schema);

/// Where each patient is, by the text of the id.
std::unordered_map<std::string, SiteId> sites_of_patients(db::Tx& tx, OrganizationId organization);

/// The members that say who a line is about: patient_id to site. One object for a list, as it remembers the sites' names.
class PersonWriter {
 public:
  PersonWriter(const Deps& deps, db::Tx& tx, OrganizationId organization) : deps_(deps), tx_(tx), organization_(organization) {}
  /// `episode`: "" for a line of the patient.
  void write(json::Writer& w, std::string_view patient, std::string_view episode);

 private:
  const Deps& deps_;
  db::Tx& tx_;
  const OrganizationId organization_;
  std::unordered_map<Uuid, std::string> site_names_;
};

}  // namespace concord::measures
