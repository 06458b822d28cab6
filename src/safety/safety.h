// A positive safety signal and its hand-off. First release: signalled -> acknowledged -> closed by a
// clinician with a disposition. Nothing in Concord closes one by itself.
#pragma once

#include <optional>
#include <string>

#include "base/caller.h"
#include "base/date.h"
#include "measurements/measurements.h"

namespace concord::safety {

using SafetyEventId = Id<struct SafetyEventTag>;
using patients::PatientId;

struct SafetyEvent {
  SafetyEventId id;
  PatientId patient;
  Instant signalled_at{};
  Date signalled_date;
  std::string signal;                        ///< "phq-9 item 9 = 1", "c-ssrs high", "staff concern"; no personal data
  std::optional<measurements::MeasurementId> measurement;
  Instant due_at{};                          ///< by when a clinician must have looked
  std::optional<UserId> acknowledged_by;
  std::optional<Instant> acknowledged_at;
  std::optional<std::string> level;          ///< low, moderate, high
  std::optional<std::string> disposition;    ///< a clinician's words
  std::optional<UserId> closed_by;
  std::optional<Instant> closed_at;
  std::optional<Date> reassess_date;         ///< 7 / 14 / 30 days by level (domain.md)
  std::int64_t version = 1;
};

}  // namespace concord::safety
