// A patient's conditions (the problem list) and allergies, as plain values. Nothing is taken away: a condition ends
// with a day and a status, an allergy that turned out wrong ends with a reason.
// Read next: conditions_store.h (tables), conditions_api.h (routes).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "patients/patients.h"

namespace concord::patients {

using ConditionId = Id<struct ConditionTag>;
using AllergyId = Id<struct AllergyTag>;

struct Condition {
  ConditionId id;
  PatientId patient;
  std::string text;  ///< as the source says it
  std::optional<std::string> code, code_system;
  std::string clinical_status = "active";  ///< FHIR condition-clinical, or unknown
  std::optional<Date> onset_date, ended_date;
  Date recorded_date;
  std::string labels = "normal";
  std::string source = "concord";
  std::int64_t version = 1;

  bool is_active() const {
    return clinical_status == "active" || clinical_status == "recurrence" || clinical_status == "relapse" ||
           clinical_status == "unknown";
  }
};

struct Allergy {
  AllergyId id;
  PatientId patient;
  std::string substance;
  std::optional<std::string> code, code_system;
  std::optional<std::string> category;     ///< medication, food, environment, biologic
  std::optional<std::string> criticality;  ///< low, high, unable-to-assess
  std::optional<std::string> reaction;
  std::optional<Date> onset_date, ended_date;
  std::optional<std::string> end_reason;
  std::string labels = "normal";
  std::string source = "concord";
  std::int64_t version = 1;
};

}  // namespace concord::patients
