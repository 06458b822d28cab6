// Treatment trials: medication or psychotherapy, with the dates that drive the trial clock, what people report about
// them at contacts, and sessions of psychotherapy. Pure; no clock, no database.
// Read next: trial.h (was it tried long enough, and what has happened since the last change), treatments_store.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.h"
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
  std::optional<Instant> recorded_at = {};  ///< for bulk writers: since when it is known; unset: now
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
  std::optional<Uuid> recommendation;       ///< the advice it follows
  std::optional<Instant> recorded_at = {};  ///< for bulk writers: since when it is known; unset: now

  /// Taken on that day.
  bool active(Date on) const { return start_date <= on && (!stop_date || *stop_date > on); }
};

/// What the patient says about a treatment: at a contact, or in the portal by themselves.
struct Report {
  Uuid id;
  PatientId patient;
  TreatmentId treatment;
  Date on;
  std::string adherence = "as_planned";  ///< as_planned, some, none; not_said: about side effects only
  std::string side_effects;
  std::optional<int> bother;  ///< 0 not at all, 1 a little, 2 quite a bit, 3 a great deal
  std::optional<Uuid> contact;
  UserId by;  ///< a portal account where the patient's side told it
  Instant at{};
  std::string reporter = "staff";  ///< staff, patient, trusted_person
  std::string labels = "normal";
};

/// How a medicine was taken on a day, as the patient wrote it down.
struct TakenDay {
  TreatmentId treatment;
  Date on;
  std::string taken;  ///< yes, partly, no
  std::string labels = "normal";
};
/// What the patient's own log says about the last days.
inline constexpr int kTakenDays = 14;

/// A session of psychotherapy: problem-solving treatment, behavioral activation, CBT ...
struct Session {
  Uuid id;
  PatientId patient;
  std::optional<TreatmentId> treatment;
  std::string approach;  ///< pst, ba, cbt, ipt, mi, other
  Date on;
  std::optional<int> minutes;
  std::string focus, homework;
  std::optional<Uuid> contact;
  UserId by;
  Instant at{};
};

/// Day of the latest start, stop or dose change on or before `on`; nullopt when there is none.
std::optional<Date> last_change(const std::vector<Treatment>& treatments, Date on);

/// Every dose in the order it was taken, up to `on`.
struct DoseStep {
  Date from;
  std::optional<std::string> dose;
};
std::vector<DoseStep> dose_steps(const Treatment& treatment, Date on);
/// "sertraline 50 -> 100 mg daily": the way the field writes it. What the doses share at their end is said once.
std::string line(const Treatment& treatment, Date on);

}  // namespace concord::treatments
