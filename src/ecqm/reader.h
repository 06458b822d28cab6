// From FHIR JSON to Facts: one patient's resources in, what the measures ask out, and everything that is wrong with them.
//
//   PatientReader reader(terms);
//   reader.begin();
//   reader.add_bundle(document.root(), "p1.json");
//   if (const Facts* facts = reader.finish("p1.json")) ... else reader.issues() ...
//
// Single thread, reused for patient after patient. The documents must live until the facts are used.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "ecqm/facts.h"
#include "ecqm/terms.h"
#include "json/value.h"

namespace concord::ecqm {

/// Medications that lie beside the patients (NDJSON): id -> terms.
using SharedMedications = std::unordered_map<std::string, TermMask>;

class PatientReader {
 public:
  explicit PatientReader(const Terms& terms, const SharedMedications* shared = nullptr) : terms_(terms), shared_(shared) {}

  void begin();
  /// Every resource of a bundle. `file` is named in issues: "p1.json: Bundle.entry[2].resource.period.start".
  void add_bundle(const json::Value& bundle, std::string_view file);
  /// A resource with a file or line of its own, or a bundle of them.
  void add(const json::Value& root, std::string_view file);
  /// Something about a file of this patient that could not be read.
  void refuse(std::string_view file, std::string text);
  /// The facts, or null when something is wrong: no Patient, several, a resource of another patient, a date that is none.
  /// `source` is named when there is no better place.
  const Facts* finish(std::string_view source);

  const std::vector<Issue>& issues() const { return issues_; }
  /// Resources looked at since begin().
  std::size_t resources() const { return resources_; }
  std::string_view patient_id() const { return facts_.patient_id; }
  /// Nothing but value sets, measures and the like: no record of anybody.
  bool only_definitions() const { return resources_ > 0 && definitions_ == resources_; }
  /// Terms of a Medication resource.
  TermMask medication_terms(const json::Value& medication) const;

 private:
  struct Place {
    std::string_view file;
    int entry = -1;  // of a bundle
    const json::Value* resource = nullptr;
  };
  struct Subject {
    std::string_view reference;
    Place place;
    const json::Value* element;
  };
  struct Named {
    std::string_view id, full_url;
    TermMask terms;
    bool is_medication;
  };

  void resource(const json::Value& value, std::string_view full_url, const Place& place);
  void patient(const json::Value& value, std::string_view full_url);
  void encounter(const json::Value& value);
  void condition(const json::Value& value, std::string_view full_url);
  void observation(const json::Value& value);
  void procedure(const json::Value& value);
  void service_request(const json::Value& value);
  void medication_request(const json::Value& value);
  void medication_dispense(const json::Value& value);

  void issue(const json::Value* element, std::string text);
  std::string path(const Place& place, const json::Value* element) const;
  Moment moment(const json::Value* element);
  Span period(const json::Value* element);
  TermMask concept_terms(const json::Value* concept_value) const;
  TermMask list_terms(const json::Value* concepts) const;
  void record(Record& to, const json::Value* id, const json::Value* meta, const json::Value* status);
  void subject(const json::Value* element);
  void dosage(const json::Value* list, const json::Value* quantity, bool with_bounds, Supply& supply);
  TermMask contained_medication(const json::Value& value, std::string_view reference) const;
  TermMask named(std::string_view reference, bool medication) const;
  void resolve();
  bool is_of_patient(std::string_view reference) const;

  const Terms& terms_;
  const SharedMedications* shared_;
  Facts facts_;
  Place place_;
  std::string_view patient_url_;
  std::size_t patients_ = 0, resources_ = 0, definitions_ = 0;
  std::vector<Subject> subjects_;
  std::vector<Named> named_;
  std::vector<Issue> issues_;
  // onset and abatement as ages wait for the birth date
  struct Aged {
    std::size_t condition;
    const json::Value* element;
    bool is_onset, is_range;
    Place place;
  };
  std::vector<Aged> aged_;
};

/// What a resource is, without reading it whole: the top level of a JSON object is skimmed as far as asked.
struct Skimmed {
  bool is_object = false;
  std::string_view type, id, subject;  ///< resourceType, id, reference of subject (patient, beneficiary); as written
  std::size_t size = 0;                ///< bytes up to the end of the value, or to where skimming stopped; 0 when it is cut off
};
enum class SkimFor : std::uint8_t { type, owner, end };
Skimmed skim(std::string_view text, SkimFor what);

/// The logical id at the end of a reference: "Patient/1/_history/2" -> "1", "urn:uuid:x" -> "x".
std::string_view tail_of(std::string_view reference);

}  // namespace concord::ecqm
