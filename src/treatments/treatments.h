// Treatment trials: medication or psychotherapy, with the dates that drive the trial clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "patients/patients.h"

namespace concord::treatments {

using TreatmentId = Id<struct TreatmentTag>;
using patients::PatientId;

struct DoseChange {
  Uuid id;
  Date on;
  std::optional<std::string> from_dose;
  std::string to_dose;
  std::string reason;
};

struct Treatment {
  TreatmentId id;
  PatientId patient;
  std::string kind = "medication";  ///< medication, psychotherapy
  std::string name;                 ///< "sertraline", "problem-solving treatment"
  std::optional<std::string> code;  ///< RxNorm when known
  std::optional<std::string> dose;  ///< as the field writes it: "50 mg daily"
  Date start_date;
  std::optional<Date> stop_date;
  std::optional<std::string> stop_reason;
  std::vector<DoseChange> changes;
  std::string source = "concord";
  std::int64_t version = 1;
};

/// Day of the latest start, stop or dose change on or before `on`; nullopt when there is none.
std::optional<Date> last_change(const std::vector<Treatment>& treatments, Date on);

}  // namespace concord::treatments
