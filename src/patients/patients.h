// A patient's demographics, identifiers and coverage, as plain values. Words: docs of the field.
// Read next: chart.h (what other slices ask about a patient), patients_store.h (tables), patients_api.h (routes).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"

namespace concord::patients {

using PatientId = Id<struct PatientTag>;
using CoverageId = Id<struct CoverageTag>;

/// An outside identifier (MRN, insurance number). Never trusted as unique.
struct Identifier {
  std::string system;
  std::string value;
  bool operator==(const Identifier&) const = default;
};

struct Patient {
  PatientId id;
  SiteId site;
  std::string given_name, family_name;
  std::optional<Date> birth_date;
  std::optional<std::string> sex;  ///< "female", "male", "other", "unknown"
  std::optional<std::string> gender_identity, race, ethnicity;
  std::optional<std::string> language;  ///< BCP 47, "es"
  bool interpreter_needed = false;
  std::optional<std::string> preferred_channel;  ///< "phone", "sms", "email", "portal"
  std::optional<std::string> phone, email, postal_code;
  std::optional<Date> deceased_date;
  /// Made because an import referred to a patient it did not contain.
  bool placeholder = false;
  std::string labels = "normal";            ///< space-separated privacy labels
  std::optional<Instant> recorded_at = {};  ///< for bulk writers: since when it is known; unset: now
  std::vector<Identifier> identifiers;
  std::int64_t version = 1;
};

/// Payer categories of the interchange extract (metrics.md section 2).
inline constexpr std::string_view kPayerCategories[] = {"medicaid_ffs",
                                                        "medicaid_managed_care",
                                                        "dual_medicare_medicaid",
                                                        "child_health_plus",
                                                        "essential_plan",
                                                        "medicare",
                                                        "commercial",
                                                        "self_pay",
                                                        "other"};

struct Coverage {
  CoverageId id;
  PatientId patient;
  std::string payer_category;
  std::optional<std::string> plan_name;
  Date start_date;
  std::optional<Date> end_date;
  std::int64_t version = 1;
  std::optional<Instant> recorded_at = {};  ///< for bulk writers: since when it is known; unset: now
};

/// "family given" folded: what name_folded holds and duplicates are compared by.
std::string folded_name(const Patient& patient);
/// The folded words a search may begin with.
std::vector<std::string> search_words(const Patient& patient);
/// Everything wrong with a patient that somebody typed in; `today` bounds the birth date.
std::vector<Issue> check(const Patient& patient, Date today);
std::vector<Issue> check(const Coverage& coverage);
/// The distinct folded words of a text: what somebody typed into the search, or a name.
std::vector<std::string> name_words(std::string_view text);

}  // namespace concord::patients
