// What a patient's FHIR record says, reduced to what the measures ask. One patient at a time: the lists are cleared and
// filled again, so memory does not grow with the number of patients.
//
// Codes are matched while reading: a Terms (terms.h) knows the value sets and single codes ("terms") of one measure and gives
// every concept a mask with one bit a term. `has(encounter.type, kOfficeVisit)` is then one AND. Codes in no term leave no trace.
// Texts are views into the document that was read and die with it.
// Read next: terms.h, reader.h (fills it), measure.h (what comes out), cms159.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecqm/moment.h"

namespace concord::ecqm {

/// One bit for each term of the measure that one of the concept's codings is in.
using TermMask = std::uint64_t;
constexpr bool has(TermMask mask, unsigned term) { return (mask >> term & 1) != 0; }
constexpr TermMask bit(unsigned term) { return TermMask{1} << term; }

/// Statuses and intents of all resource types in one list; `other` is a word that is none of them, `missing` is no word.
enum class Code : std::uint8_t {
  missing,
  other,
  // Encounter
  planned,
  arrived,
  triaged,
  in_progress,
  onleave,
  finished,
  cancelled,
  entered_in_error,
  unknown,
  // Observation
  registered,
  preliminary,
  final,
  amended,
  corrected,
  // Procedure, requests, dispenses
  preparation,
  not_done,
  on_hold,
  stopped,
  completed,
  draft,
  active,
  revoked,
  declined,
  // intents
  proposal,
  plan,
  directive,
  order,
  original_order,
  reflex_order,
  filler_order,
  instance_order,
  option,
  // Condition.clinicalStatus, verificationStatus
  recurrence,
  relapse,
  inactive,
  remission,
  resolved,
  confirmed,
  unconfirmed,
  provisional,
  differential,
  refuted,
};
Code code_of(std::string_view word);

/// Bits of meta.profile (Record::profiles): QI-Core profiles that the measures retrieve by.
enum Profile : std::uint16_t {
  kProfileEncounter = 1,
  kProfileProblem = 2,
  kProfileEncounterDiagnosis = 4,
  kProfileScreening = 8,
  kProfileCancelled = 16,
  kProfileProcedure = 32,
  kProfileServiceRequest = 64,
  kProfileMedicationRequest = 128,
  kProfileMedicationDispense = 256,
  kProfileObservation = 512,  ///< any other QI-Core / US Core observation profile (simple observation, clinical result)
  kProfileOther = 1024,       ///< a profile that is none of these
};

/// What every resource has. `id` is the logical id ("" when none).
struct Record {
  std::string_view id;
  std::uint16_t profiles = 0;  ///< 0: no meta.profile
  Code status = Code::missing;
};

struct Encounter : Record {
  TermMask type = 0;
  TermMask reason = 0;     ///< reasonCode
  TermMask discharge = 0;  ///< hospitalization.dischargeDisposition
  Span period;
  /// Codes of the conditions that diagnosis[] and reasonReference[] point to.
  TermMask diagnosis = 0;
  TermMask reason_reference = 0;
  std::uint32_t first_link = 0, link_count = 0;  ///< in Facts::links, before they are resolved
};

enum class ConditionKind : std::uint8_t { unstated = 0, problem_list = 1, encounter_diagnosis = 2, both_kinds = 3 };

struct Condition : Record {  // `status` is the clinicalStatus
  TermMask code = 0;
  Code verification = Code::missing;
  /// From category: problem-list-item and health-concern are problem_list. `unstated` when no category says it.
  ConditionKind kind = ConditionKind::unstated;
  Span onset;           ///< dateTime, Period, Age or Range (from the birth date); exists = false when none of these
  Span abatement;       ///< the same; exists = false when there is none. Period: its end is not included
  bool abated = false;  ///< an abatement with a known end
  Moment recorded;
};

enum class ValueKind : std::uint8_t { none, number, concept_value, other };

struct Observation : Record {
  TermMask code = 0;
  Span effective;  ///< dateTime, instant or Period
  Moment issued;
  ValueKind value_kind = ValueKind::none;
  double number = 0;             ///< valueInteger or valueQuantity.value
  TermMask value = 0;            ///< valueCodeableConcept
  TermMask not_done_reason = 0;  ///< extension qicore-notDoneReason
};

struct Procedure : Record {
  TermMask code = 0;
  Span performed;
};

struct ServiceRequest : Record {
  TermMask code = 0;
  Code intent = Code::missing;
  Moment authored;
  bool do_not_perform = false;
};

/// How long a prescription lasts, as its supply data say it (days are real numbers until the end is computed).
struct Supply {
  Moment bounds_start, bounds_end;  ///< dosageInstruction.timing.repeat.boundsPeriod
  Moment validity_start;            ///< dispenseRequest.validityPeriod.start
  std::optional<double> days;       ///< of one fill: expectedSupplyDuration / daysSupply, else quantity / (dose x per day)
  int repeats = 0;                  ///< dispenseRequest.numberOfRepeatsAllowed
};

struct MedicationRequest : Record {
  TermMask medication = 0;  ///< medicationCodeableConcept, or the code of the Medication that medicationReference names
  Code intent = Code::missing;
  Moment authored;
  bool do_not_perform = false;
  Supply supply;
  std::string_view medication_reference;
  /// First day: boundsPeriod.start, else authored, else validityPeriod.start. Last day: first + days * (1 + repeats) - 1, else
  /// boundsPeriod.end. exists = false when the record has no first day, or neither days nor a last day.
  Span supplied() const;
};

struct MedicationDispense : Record {
  TermMask medication = 0;
  Moment handed_over, prepared;
  Supply supply;
  std::string_view medication_reference;
  /// First day: handed over, else prepared. Last day: first + days - 1. exists = false when either is missing.
  Span supplied() const;
};

/// A reference from an encounter to a condition, by id.
struct Link {
  std::string_view target;
  bool is_reason = false;  ///< reasonReference, else diagnosis[].condition
};

struct Facts {
  std::string_view patient_id;
  Moment birth;  ///< may be partial
  bool deceased = false;
  Moment died;  ///< deceasedDateTime; absent for deceasedBoolean
  std::vector<Encounter> encounters;
  std::vector<Condition> conditions;
  std::vector<Observation> observations;
  std::vector<Procedure> procedures;
  std::vector<ServiceRequest> service_requests;
  std::vector<MedicationRequest> medication_requests;
  std::vector<MedicationDispense> medication_dispenses;
  std::vector<Link> links;

  void clear();
};

/// Years of age on a day; a range, because the birth date may be partial. nullopt without a birth date.
struct AgeRange {
  int least = 0, most = 0;
  bool at_least(int years) const { return least >= years; }
  bool within(int from, int to) const { return least >= from && most <= to; }
};
std::optional<AgeRange> age_on(const Moment& birth, Date day);

/// A condition's prevalence: from its onset to its abatement. Active, recurrence or relapse without an abatement goes on.
/// Anything else without an abatement has no prevalence (exists = false) unless `null_is_ongoing`: it neither qualifies nor
/// excludes. Onset missing: since ever when the end is known, unknown when it is not.
Span prevalence(const Condition& condition, bool null_is_ongoing);
/// verificationStatus absent, confirmed, unconfirmed, provisional or differential.
bool is_verified(const Condition& condition);

}  // namespace concord::ecqm
