// FHIR resources -> rows. Pure: reads nothing but what it is given. What each resource becomes, and what is
// counted as not used and why, is in docs/import.md.
//   Directory: what one import run has seen so far (people, places, conditions, which patient has which identifier)
//   FileMap:   one file: index() its resources, then map() each; the result is Rows + fragments + report lines
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/administrations.h"
#include "exchange/report.h"
#include "exchange/rows.h"
#include "fhir/element.h"
#include "fhir/resource_file.h"

namespace concord::exchange {

struct FhirContext {
  OrganizationId organization;
  std::string source = "fhir";  ///< part of every outside key: two systems may use the same ids
  std::string zone = "UTC";     ///< care dates are days there
  Date today;
  const CodeIndex* codes = nullptr;
};

/// What the whole run has seen. Grows with people, places, behavioral conditions and identifiers; not with
/// observations.
struct Directory {
  /// "Practitioner/1" or "Practitioner?system|value" -> index into `parties`.
  std::unordered_map<std::string, std::size_t> party_by_key;
  struct Party {
    OutsideParty row;
    std::vector<std::string> keys;  ///< every key it is known by
    Place place;
  };
  std::vector<Party> parties;
  /// Referred to; key -> display. Those without a party in the end are placeholders.
  std::map<std::string, std::string> wanted;
  /// "system|value" -> patient key; "" when two patients have it.
  std::unordered_map<std::string, std::string> patient_by_identifier;
  std::unordered_map<std::string, std::optional<Date>> patients;  ///< keys of patients seen in this run -> birth date
  struct Condition {
    std::string kind;
  };
  std::unordered_map<std::string, Condition> conditions;     ///< behavioral ones
  std::unordered_map<std::string, std::string> medications;  ///< Medication resources: key -> name
  struct Member {
    std::string role, name;
    std::optional<Date> since, until;
  };
  std::unordered_map<std::string, std::vector<Member>> care_teams;
  struct Form {
    const instruments::Instrument* instrument = nullptr;
    std::unordered_map<std::string, std::string> codes;  ///< linkId -> LOINC code
  };
  std::unordered_map<std::string, Form> forms;  ///< Questionnaire url or key

  /// Forgets the people and places that were added after there were `count`: their file was rejected.
  void forget_parties_from(std::size_t count);
};

/// A patient that rows of this file belong to.
struct PatientRef {
  PatientId id;
  std::string key;
  std::string display;
  Place place;
};

struct MappedFile {
  Rows rows;
  std::vector<Fragment> fragments;
  std::vector<PatientRef> patient_refs;  ///< each patient once
  Report report;                         ///< resources, not_used, rejected, notes
};

class FileMap {
 public:
  FileMap(const FhirContext& context, Directory& directory, std::string file_name);

  /// Takes a piece: first all of it into the index, then resource by resource.
  void add(const fhir::Piece& piece);
  MappedFile finish();

 private:
  struct At {
    const fhir::Entry* entry;
    const json::Value* r;  ///< the resource
    std::string key;       ///< "Observation/12"
    Place place;
  };
  std::string key_of(const fhir::Entry& entry, Place place) const;
  void index(const At& at);
  void map(const At& at);

  void patient(const At& at);
  void coverage(const At& at);
  void encounter(const At& at);
  void observation(const At& at);
  void response(const At& at);
  void medication(const At& at, bool statement);
  void episode(const At& at);
  void service_request(const At& at);
  void party(const At& at);
  void questionnaire(const At& at);
  void care_team(const At& at);
  void condition(const At& at);
  void problem(const At& at);
  void allergy(const At& at);
  void care_plan(const At& at);
  void goal(const At& at);
  /// The day of a date; nullopt without one, or when only a month or a year is known.
  std::optional<Date> day(const json::Value* value) const;

  void not_used(std::string_view type, std::string reason);
  void reject(const At& at, const json::Value* element, std::string reason);
  void reject(const At& at, std::string_view below, std::string reason);
  /// "Patient/1" for a Reference; "" when it cannot be understood. `type` is what it should point to.
  std::string resolve(const json::Value* reference, std::string_view type) const;
  /// The patient a resource is about, or a rejection.
  std::optional<PatientId> patient_of(const At& at, std::string_view member);
  PatientId refer_patient(const std::string& key, std::string_view display, Place place);
  /// Notes that a person or place is referred to; its name when known.
  std::string want_party(const json::Value* reference, std::string_view type);
  Uuid id(std::string_view kind, std::string_view key) const;
  std::string coded_key(const std::string& key) const { return prefix_ + key; }
  std::optional<CodedAnswer> answer_of(const At& at, const json::Value* element) const;
  const instruments::Instrument* instrument_of_questionnaire(const At& at, const Directory::Form** form) const;
  template <class T>
  void keep(std::vector<Sourced<T>>& into, T row, const At& at, const Digest& digest) {
    into.push_back({std::move(row), coded_key(at.key), digest, at.place});
  }
  template <class T>
  void keep(std::vector<Sourced<T>>& into, T row, const At& at) {
    const Digest digest = digest_of(row);
    into.push_back({std::move(row), coded_key(at.key), digest, at.place});
  }

  const FhirContext& context_;
  Directory& directory_;
  std::string prefix_;
  MappedFile out_;
  std::unordered_map<std::string, std::string> by_full_url_;  ///< fullUrl -> key
  std::unordered_map<Uuid, std::size_t> refs_;                ///< patient id -> patient_refs
  std::unordered_map<Uuid, std::optional<Date>> born_;
  std::map<std::pair<std::string, std::string>, std::int64_t> not_used_;
  std::map<std::string, std::string> wanted_;  ///< goes into the directory when the file is good
};

}  // namespace concord::exchange
