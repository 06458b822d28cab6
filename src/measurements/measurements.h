// One completed administration of an instrument, and what a series of them means: baseline, current,
// change, improvement, response, remission. Scoring itself is instruments/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "patients/patients.h"

namespace concord::measurements {

using MeasurementId = Id<struct MeasurementTag>;
using patients::PatientId;

struct Answer {
  std::string item;             ///< linkId in the instrument's file
  std::optional<double> value;  ///< nullopt: left blank
  bool operator==(const Answer&) const = default;
};
struct SubscaleScore {
  std::string id;
  double total = 0;
  bool operator==(const SubscaleScore&) const = default;
};

struct Measurement {
  MeasurementId id;
  PatientId patient;
  std::string instrument;  ///< id in instruments/, "phq-9"
  std::string instrument_version;
  std::string informant = "self";  ///< self, parent, child, teacher, caregiver, clinician
  std::string mode = "unknown";    ///< in_person, phone, video, paper, tablet, link, portal, import, unknown
  std::string language = "en";
  Instant administered_at{};
  Date administered_date;  ///< at the site; the date that counts
  std::optional<double> total;
  std::optional<std::string> severity;
  bool valid = true;
  std::optional<std::string> invalid_reason;
  bool prorated = false;
  std::string safety = "none";         ///< none, positive, unknown
  std::optional<double> stated_total;  ///< what the source claimed, when it disagrees with its items
  std::vector<Answer> answers;         ///< empty when only a total is known
  std::vector<SubscaleScore> subscales;
  std::string source = "concord";  ///< concord, fhir, csv, simulation
  std::optional<UserId> entered_by;
  Instant entered_at{};
  std::optional<MeasurementId> replaces, replaced_by;  ///< corrections keep the original
  std::optional<std::string> correction_reason;
  std::optional<UserId> seen_by;
  std::optional<Instant> seen_at;
  std::string labels = "normal";
  std::optional<Instant> recorded_at = {};  ///< for bulk writers: since when it is known; unset: now
};

/// Answers that come from the patient's side without a member of the staff (checkins). Stored unseen, and their author is not
/// verified until somebody of the staff has looked.
struct SelfReport {
  std::string instrument;
  std::string informant = "self";
  std::string mode = "link";  ///< link, tablet, portal
  std::string language = "en";
  std::vector<Answer> answers;
};

}  // namespace concord::measurements
