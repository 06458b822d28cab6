#include "exchange/fhir_map.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "base/zone.h"
#include "exchange/behavioral.h"
#include "exchange/links.h"
#include "fhir/reference.h"
#include "fhir/when.h"

namespace concord::exchange {

using fhir::each;
using fhir::get;
using fhir::item;
using fhir::text;
using fhir::Value;
using instruments::Instrument;

namespace {

constexpr std::string_view kRace = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
constexpr std::string_view kEthnicity = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";
constexpr std::string_view kGenderIdentity = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity";

bool is_party(std::string_view type) {
  return type == "Practitioner" || type == "Organization" || type == "Location" || type == "PractitionerRole" ||
         type == "RelatedPerson";
}

std::string party_kind(std::string_view type) {
  if (type == "Organization") return "organization";
  if (type == "Location") return "location";
  if (type == "PractitionerRole") return "practitioner_role";
  return "practitioner";
}

std::string first_identifier(const Value* resource) {
  std::string found;
  each(get(resource, "identifier"), [&](const Value* one) {
    const auto value = text(one, "value");
    if (found.empty() && !value.empty()) found = std::string(text(one, "system")) + "|" + std::string(value);
  });
  return found;
}

/// The name to use: official before usual before the first.
const Value* best_name(const Value* names) {
  const Value* best = nullptr;
  int best_weight = -1;
  each(names, [&](const Value* one) {
    const auto use = text(one, "use");
    const int weight = use == "official" ? 3 : use == "usual" ? 2 : use == "old" || use == "maiden" ? 0 : 1;
    if (weight > best_weight) {
      best = one;
      best_weight = weight;
    }
  });
  return best;
}

std::string given_names(const Value* name) {
  std::string out;
  each(get(name, "given"), [&](const Value* one) {
    if (!text(one).empty()) out += (out.empty() ? "" : " ") + std::string(text(one));
  });
  return out;
}

std::string human_name(const Value* name) {
  if (name == nullptr) return {};
  std::string out = given_names(name);
  const auto family = text(name, "family");
  if (!family.empty()) out += (out.empty() ? "" : " ") + std::string(family);
  if (out.empty()) out = std::string(text(name, "text"));
  return out;
}

std::string telecom(const Value* resource, std::string_view system) {
  std::string found;
  int best = -1;
  each(get(resource, "telecom"), [&](const Value* one) {
    if (text(one, "system") != system || text(one, "value").empty() || text(one, "use") == "old") return;
    const int weight = text(one, "use") == "mobile" ? 2 : text(one, "use") == "home" ? 1 : 0;
    if (weight > best) {
      best = weight;
      found = std::string(text(one, "value"));
    }
  });
  return found;
}

/// US Core race or ethnicity in words: its text, else the OMB categories.
std::optional<std::string> omb_words(const Value* patient, std::string_view url) {
  const Value* group = fhir::extension(patient, url);
  if (group == nullptr) return std::nullopt;
  if (auto words = text(fhir::extension(group, "text"), "valueString"); !words.empty()) return std::string(words);
  std::string out;
  each(get(group, "extension"), [&](const Value* one) {
    const auto display = text(one, "valueCoding", "display");
    if (text(one, "url") == "ombCategory" && !display.empty()) out += (out.empty() ? "" : "; ") + std::string(display);
  });
  if (out.empty()) return std::nullopt;
  return out;
}

/// Every word in codings and text of a CodeableConcept, codes included.
std::string all_words(const Value* concept_value) {
  std::string out(text(concept_value, "text"));
  each(get(concept_value, "coding"), [&](const Value* coding) {
    out += ' ';
    out += text(coding, "display");
    out += ' ';
    out += text(coding, "code");
  });
  return out;
}

std::string icd10_of(const Value* concept_value) {
  auto found =
      fhir::find_coding(concept_value, [](const fhir::Coding& c) { return c.system.find("icd-10") != std::string_view::npos; });
  return found ? std::string(found->code) : std::string();
}

/// Trimmed, and cut between characters where it is longer than anybody reads.
std::string shorten(std::string_view words, std::size_t most) {
  words = trim(words);
  if (words.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(words[most]) & 0xC0) == 0x80) --most;
    words = trim(words.substr(0, most));
  }
  return std::string(words);
}

/// The code of the first of these systems that is there, else of any.
void set_code(const Value* concept_value, std::initializer_list<std::string_view> systems, std::optional<std::string>& code,
              std::optional<std::string>& code_system) {
  std::optional<fhir::Coding> found;
  for (const auto system : systems)
    if (!found)
      found = fhir::find_coding(concept_value, [&](const fhir::Coding& c) {
        return !c.code.empty() && c.system.find(system) != std::string_view::npos;
      });
  if (!found) found = fhir::find_coding(concept_value, [](const fhir::Coding& c) { return !c.code.empty(); });
  if (!found) return;
  code = shorten(found->code, 60);
  if (!found->system.empty()) code_system = shorten(found->system, 200);
}

bool is_billing_code(const fhir::Coding& c) {
  if (c.code.size() != 5) return false;
  const bool system = c.system == fhir::kCpt || c.system.find("HCPCS") != std::string_view::npos ||
                      c.system.find("hcpcs") != std::string_view::npos || c.system == "urn:oid:2.16.840.1.113883.6.285" ||
                      c.system == "urn:oid:2.16.840.1.113883.6.12";
  const bool digits = std::all_of(c.code.begin() + 1, c.code.end(), [](char d) { return d >= '0' && d <= '9'; });
  return system && digits;
}

std::string lower_snake(std::string_view words) {
  std::string out;
  for (char c : fold(words)) out += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
  return out;
}

std::string_view normalized_loinc(std::string_view link_id) {
  // LForms writes "/44250-9" or "/44249-1/44250-9"; others "44250-9".
  const auto slash = link_id.rfind('/');
  const auto last = slash == std::string_view::npos ? link_id : link_id.substr(slash + 1);
  const auto dash = last.find('-');
  const bool shape =
      dash != std::string_view::npos && dash >= 1 && dash + 2 == last.size() &&
      std::all_of(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(dash), [](char c) { return c >= '0' && c <= '9'; });
  return shape ? last : std::string_view{};
}

}  // namespace

void Directory::forget_parties_from(std::size_t count) {
  for (std::size_t i = count; i < parties.size(); ++i)
    for (const auto& key : parties[i].keys) party_by_key.erase(key);
  parties.resize(count);
}

FileMap::FileMap(const FhirContext& context, Directory& directory, std::string file_name)
    : context_(context), directory_(directory) {
  if (context.source != "fhir") prefix_ = context.source + ":";
  out_.rows.files.push_back(std::move(file_name));
  out_.report.files = 1;
}

Uuid FileMap::id(std::string_view kind, std::string_view key) const {
  return row_id(context_.organization, context_.source, kind, key);
}

void FileMap::not_used(std::string_view type, std::string reason) { ++not_used_[{std::string(type), std::move(reason)}]; }

void FileMap::reject(const At& at, const Value* element, std::string reason) {
  out_.report.rejected.push_back({out_.rows.files[0], at.entry->line, at.entry->path(element), std::move(reason)});
}
void FileMap::reject(const At& at, std::string_view below, std::string reason) {
  out_.report.rejected.push_back({out_.rows.files[0], at.entry->line, at.entry->path(below), std::move(reason)});
}

std::string FileMap::key_of(const fhir::Entry& entry, Place place) const {
  std::string key(entry.type);
  if (!entry.id.empty()) return key + "/" + std::string(entry.id);
  if (auto identifier = first_identifier(entry.resource); !identifier.empty() && entry.type != "Observation")
    return key + "?" + identifier;
  if (!entry.full_url.empty()) {
    auto reference = fhir::parse_reference(entry.full_url);
    if (reference && !reference->id.empty()) return key + "/" + std::string(reference->id);
    return key + "/" + std::string(entry.full_url);
  }
  // Nothing names it: its place in this file does, so that the same file again means the same row.
  return key + "/" + out_.rows.files[0] + ":" + std::to_string(place.line) + ":" + std::to_string(place.entry);
}

void FileMap::add(const fhir::Piece& piece) {
  std::vector<At> list;
  list.reserve(piece.entries.size());
  std::uint32_t n = 0;
  for (const auto& entry : piece.entries) {
    At at;
    at.entry = &entry;
    at.r = entry.resource;
    at.place = {0, static_cast<std::uint32_t>(entry.line), ++n};
    at.key = key_of(entry, at.place);
    list.push_back(std::move(at));
  }
  for (const auto& bad : piece.bad) out_.report.rejected.push_back({out_.rows.files[0], bad.line, bad.path, bad.reason});
  out_.report.resources += static_cast<std::int64_t>(piece.entries.size());
  for (const auto& at : list) index(at);
  for (const auto& at : list) map(at);
}

void FileMap::index(const At& at) {
  const auto& e = *at.entry;
  if (!e.full_url.empty()) by_full_url_.emplace(std::string(e.full_url), at.key);
  if (e.type == "Patient") {
    std::optional<Date> born;
    if (auto when = fhir::parse_when(text(at.r, "birthDate"), context_.zone); when && when->has_day()) born = when->date;
    directory_.patients[at.key] = born;
    born_[id("patient", at.key)] = born;
    each(get(at.r, "identifier"), [&](const Value* one) {
      const auto value = text(one, "value");
      if (value.empty()) return;
      auto [known, fresh] =
          directory_.patient_by_identifier.try_emplace(std::string(text(one, "system")) + "|" + std::string(value), at.key);
      if (!fresh && known->second != at.key) known->second.clear();
    });
  } else if (is_party(e.type) && e.type != "RelatedPerson") {
    party(at);
  } else if (e.type == "Condition") {
    condition(at);
  } else if (e.type == "Medication") {
    directory_.medications[at.key] = all_words(get(at.r, "code"));
  } else if (e.type == "CareTeam") {
    care_team(at);
  } else if (e.type == "Questionnaire") {
    questionnaire(at);
  }
}

void FileMap::map(const At& at) {
  const auto type = at.entry->type;
  if (at.entry->method == "DELETE" || at.entry->method == "GET")
    return not_used(type, "the bundle asks to " + std::string(at.entry->method) + " it");
  const auto status = text(at.r, "status");
  if (status == "entered-in-error") return not_used(type, "entered in error");
  if (type == "Patient") return patient(at);
  if (type == "Coverage") return coverage(at);
  if (type == "Encounter") return encounter(at);
  if (type == "Observation") return observation(at);
  if (type == "QuestionnaireResponse") return response(at);
  if (type == "MedicationRequest") return medication(at, false);
  if (type == "MedicationStatement") return medication(at, true);
  if (type == "EpisodeOfCare") return episode(at);
  if (type == "ServiceRequest") return service_request(at);
  if (is_party(type) && type != "RelatedPerson") return;  // in the directory, written at the end
  if (type == "Condition") return problem(at);
  if (type == "AllergyIntolerance") return allergy(at);
  if (type == "CarePlan") return care_plan(at);
  if (type == "Goal") return goal(at);
  if (type == "Medication") return not_used(type, "read for the names of medications");
  if (type == "Questionnaire") return not_used(type, "read for the codes of responses");
  if (type == "CareTeam") return not_used(type, "read for the teams of collaborative care episodes");
  not_used(type, "not part of the registry");
}

std::string FileMap::resolve(const Value* reference, std::string_view type) const {
  auto parsed = fhir::parse_reference(text(reference, "reference"));
  using Kind = fhir::Reference::Kind;
  if (!parsed) {
    // A logical reference: an identifier without a place.
    const auto value = text(reference, "identifier", "value");
    if (text(reference, "reference").empty() && !value.empty()) {
      const std::string identifier = std::string(text(reference, "identifier", "system")) + "|" + std::string(value);
      if (type == "Patient")
        if (auto found = directory_.patient_by_identifier.find(identifier); found != directory_.patient_by_identifier.end())
          return found->second;
      return std::string(type) + "?" + identifier;
    }
    return {};
  }
  switch (parsed->kind) {
    case Kind::contained:
      return {};
    case Kind::urn:
    case Kind::absolute:
      if (auto found = by_full_url_.find(std::string(parsed->url)); found != by_full_url_.end()) return found->second;
      return std::string(parsed->kind == Kind::urn ? type : parsed->type) + "/" + std::string(parsed->id);
    case Kind::relative:
      return std::string(parsed->type) + "/" + std::string(parsed->id);
    case Kind::conditional: {
      const std::string identifier = parsed->system + "|" + parsed->value;
      if (parsed->type == "Patient") {
        auto found = directory_.patient_by_identifier.find(identifier);
        if (found != directory_.patient_by_identifier.end()) return found->second;  // "" when two patients carry it
      }
      return std::string(parsed->type) + "?" + identifier;
    }
  }
  return {};
}

PatientId FileMap::refer_patient(const std::string& key, std::string_view display, Place place) {
  const PatientId patient(id("patient", key));
  if (auto [at, fresh] = refs_.try_emplace(patient.uuid, out_.patient_refs.size()); fresh)
    out_.patient_refs.push_back({patient, coded_key(key), std::string(display), place});
  return patient;
}

std::optional<PatientId> FileMap::patient_of(const At& at, std::string_view member) {
  const Value* reference = get(at.r, member);
  if (reference == nullptr) {
    reject(at, member, "is missing: whose it is cannot be known");
    return std::nullopt;
  }
  const std::string key = resolve(reference, "Patient");
  if (key.empty()) {
    reject(at, get(reference, "reference") != nullptr ? get(reference, "reference") : reference,
           "does not lead to one patient (not a reference Concord understands, or two patients have that identifier)");
    return std::nullopt;
  }
  if (!key.starts_with("Patient")) {
    not_used(at.entry->type, "about something else than a patient");
    return std::nullopt;
  }
  return refer_patient(key, text(reference, "display"), at.place);
}

std::string FileMap::want_party(const Value* reference, std::string_view type) {
  if (reference == nullptr) return {};
  const std::string key = resolve(reference, type);
  std::string display(text(reference, "display"));
  const auto end = key.find_first_of("/?");
  if (key.empty() || end == std::string::npos || !is_party(std::string_view(key).substr(0, end)) ||
      key.starts_with("RelatedPerson"))
    return display;
  if (auto found = directory_.party_by_key.find(key); found != directory_.party_by_key.end()) {
    const auto& name = directory_.parties[found->second].row.name;
    return name.empty() ? display : name;
  }
  auto [at, fresh] = wanted_.try_emplace(key, display);
  if (!fresh && at->second.empty()) at->second = display;
  return display;
}

void FileMap::party(const At& at) {
  OutsideParty p;
  const auto type = at.entry->type;
  p.kind = party_kind(type);
  if (type == "Practitioner") p.name = human_name(best_name(get(at.r, "name")));
  else if (type == "PractitionerRole") p.name = std::string(text(at.r, "practitioner", "display"));
  else p.name = std::string(text(at.r, "name"));
  if (type == "PractitionerRole") p.role = std::string(fhir::words_of(item(get(at.r, "code"))));
  p.phone = telecom(at.r, "phone");
  p.identifier = first_identifier(at.r);
  std::vector<std::string> keys = {at.key};
  each(get(at.r, "identifier"), [&](const Value* one) {
    const auto value = text(one, "value");
    if (!value.empty()) keys.push_back(std::string(type) + "?" + std::string(text(one, "system")) + "|" + std::string(value));
  });
  std::sort(keys.begin() + 1, keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const auto& key : keys)
    if (directory_.party_by_key.count(key) != 0) return not_used(type, "the same one again");
  for (const auto& key : keys) directory_.party_by_key.emplace(key, directory_.parties.size());
  p.id = id("party", keys.front());
  directory_.parties.push_back({std::move(p), std::move(keys), at.place});
}

void FileMap::condition(const At& at) {
  const auto verification =
      fhir::code_in(get(at.r, "verificationStatus"), "http://terminology.hl7.org/CodeSystem/condition-ver-status");
  if (verification == "entered-in-error" || verification == "refuted") return;
  const Value* code = get(at.r, "code");
  if (auto kind = behavioral_condition(icd10_of(code), all_words(code))) directory_.conditions[at.key] = {*kind};
}

std::optional<Date> FileMap::day(const Value* value) const {
  const auto when = fhir::parse_when(text(value), context_.zone);
  return when && when->has_day() ? std::optional(when->date) : std::nullopt;
}

void FileMap::problem(const At& at) {
  const auto verification =
      fhir::code_in(get(at.r, "verificationStatus"), "http://terminology.hl7.org/CodeSystem/condition-ver-status");
  if (verification == "entered-in-error" || verification == "refuted")
    return not_used("Condition", "the source says it is not so (" + std::string(verification) + ")");
  const Value* code = get(at.r, "code");
  const auto words = shorten(fhir::words_of(code), 300);
  if (words.empty()) return not_used("Condition", "without a name or a code");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  patients::Condition c;
  c.patient = *patient;
  c.text = words;
  set_code(code, {"icd-10", fhir::kSnomed}, c.code, c.code_system);
  c.onset_date = day(get(at.r, "onsetDateTime"));
  if (!c.onset_date) c.onset_date = day(get(at.r, "onsetPeriod", "start"));
  c.ended_date = day(get(at.r, "abatementDateTime"));
  if (!c.ended_date) c.ended_date = day(get(at.r, "abatementPeriod", "end"));
  const auto status = fhir::code_in(get(at.r, "clinicalStatus"), "http://terminology.hl7.org/CodeSystem/condition-clinical");
  for (const std::string_view known : {"active", "recurrence", "relapse", "inactive", "remission", "resolved"})
    if (status == known) c.clinical_status = std::string(known);
  if (status.empty()) c.clinical_status = c.ended_date ? "resolved" : "unknown";
  const auto recorded = day(get(at.r, "recordedDate"));
  // Without a day the day of the import stands in; it is not part of the digest, or tomorrow's import would differ.
  c.recorded_date = recorded ? *recorded : c.onset_date.value_or(Date());
  c.source = "fhir";
  c.id = patients::ConditionId(id("condition", at.key));
  const Digest digest = digest_of(c);
  if (c.recorded_date == Date()) c.recorded_date = context_.today;
  keep(out_.rows.conditions, std::move(c), at, digest);
}

void FileMap::allergy(const At& at) {
  const auto verification =
      fhir::code_in(get(at.r, "verificationStatus"), "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification");
  if (verification == "entered-in-error" || verification == "refuted")
    return not_used("AllergyIntolerance", "the source says it is not so (" + std::string(verification) + ")");
  const auto words = shorten(fhir::words_of(get(at.r, "code")), 300);
  if (words.empty()) return not_used("AllergyIntolerance", "without a name or a code");
  auto patient = patient_of(at, "patient");
  if (!patient) return;
  patients::Allergy a;
  a.patient = *patient;
  a.substance = words;
  set_code(get(at.r, "code"), {fhir::kRxNorm, fhir::kSnomed}, a.code, a.code_system);
  const auto category = text(item(get(at.r, "category")));
  if (category == "medication" || category == "food" || category == "environment" || category == "biologic")
    a.category = std::string(category);
  const auto criticality = text(at.r, "criticality");
  if (criticality == "low" || criticality == "high" || criticality == "unable-to-assess")
    a.criticality = std::string(criticality);
  std::string reaction;
  each(get(at.r, "reaction"), [&](const Value* one) {
    each(get(one, "manifestation"), [&](const Value* manifestation) {
      const auto sign = fhir::words_of(manifestation);
      if (!sign.empty()) reaction += (reaction.empty() ? "" : "; ") + std::string(sign);
    });
  });
  if (!reaction.empty()) a.reaction = shorten(reaction, 500);
  a.onset_date = day(get(at.r, "onsetDateTime"));
  const auto status =
      fhir::code_in(get(at.r, "clinicalStatus"), "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical");
  a.source = "fhir";
  a.id = patients::AllergyId(id("allergy", at.key));
  const bool over = status == "inactive" || status == "resolved";
  if (over) a.end_reason = std::string(status) + "; the source gives no day";
  const Digest digest = digest_of(a);
  if (over) a.ended_date = std::max(day(get(at.r, "recordedDate")).value_or(context_.today), a.onset_date.value_or(Date()));
  keep(out_.rows.allergies, std::move(a), at, digest);
}

void FileMap::care_plan(const At& at) {
  const auto status = text(at.r, "status");
  if (status == "draft") return not_used("CarePlan", "a draft");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  plans::Plan p;
  p.patient = *patient;
  p.kind = "imported";
  p.source = "fhir";
  plans::PlanVersion v;
  plans::Content& c = v.content;
  each(get(at.r, "category"), [&](const Value* one) {
    const auto words = fhir::words_of(one);
    // US Core's own category says only that it is a care plan.
    if (!words.empty() && words != "assess-plan") c.category = shorten(words, 300);
  });
  c.status = shorten(status, 60);
  c.description = shorten(text(at.r, "description"), 4000);
  c.from = day(get(at.r, "period", "start"));
  c.until = day(get(at.r, "period", "end"));
  each(get(at.r, "activity"), [&](const Value* one) {
    auto words = fhir::words_of(get(one, "detail", "code"));
    if (words.empty()) words = text(one, "detail", "description");
    const auto line = shorten(words, 500);
    if (!line.empty() && c.activities.size() < 30 &&
        std::find(c.activities.begin(), c.activities.end(), line) == c.activities.end())
      c.activities.push_back(line);
  });
  p.title = shorten(text(at.r, "title"), 300);
  if (p.title.empty()) p.title = c.category.empty() ? "Care plan" : c.category;
  const auto created = day(get(at.r, "created"));
  const auto start = c.from ? c.from : created;
  v.language = text(at.r, "language").empty() ? "en" : shorten(text(at.r, "language"), 35);
  if (status == "completed" || status == "revoked") {
    p.status = "ended";
    p.end_reason = std::string(status);
  }
  p.id = plans::PlanId(id("plan", at.key));
  p.versions.push_back(std::move(v));
  const Digest digest = digest_of(p);  // before days that only today gives
  p.start_date = start.value_or(context_.today);
  if (p.status == "ended") p.ended_date = std::max(p.versions.front().content.until.value_or(p.start_date), p.start_date);
  p.versions.front().written_date = p.start_date;
  keep(out_.rows.plans, std::move(p), at, digest);
}

void FileMap::goal(const At& at) {
  const auto status = text(at.r, "lifecycleStatus");
  if (status == "entered-in-error") return not_used("Goal", "entered in error");
  const auto words = shorten(fhir::words_of(get(at.r, "description")), 500);
  if (words.empty()) return not_used("Goal", "without a description");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  plans::Goal g;
  g.patient = *patient;
  g.what = words;
  g.status = "imported";
  std::string state(status);
  if (const auto achieved = fhir::words_of(get(at.r, "achievementStatus")); !achieved.empty())
    state += (state.empty() ? "" : "; ") + std::string(achieved);
  if (!state.empty()) g.status_reason = shorten(state, 300);
  each(get(at.r, "target"), [&](const Value* one) {
    if (!g.until) g.until = day(get(one, "dueDate"));
  });
  if (const auto language = text(at.r, "language"); !language.empty()) g.language = shorten(language, 35);
  const auto started = day(get(at.r, "startDate"));
  const auto said = day(get(at.r, "statusDate"));
  g.source = "fhir";
  g.id = plans::GoalId(id("goal", at.key));
  if (started) g.start_date = *started;
  if (said) g.status_date = *said;
  const Digest digest = digest_of(g);
  if (!started) g.start_date = said.value_or(context_.today);
  if (!said) g.status_date = g.start_date;
  g.last_reviewed_date = g.start_date;
  keep(out_.rows.goals, std::move(g), at, digest);
}

void FileMap::care_team(const At& at) {
  auto& members = directory_.care_teams[at.key];
  each(get(at.r, "participant"), [&](const Value* one) {
    const Value* member = get(one, "member");
    const std::string key = resolve(member, "Practitioner");
    if (!key.starts_with("Practitioner")) return;
    Directory::Member m;
    m.role = lower_snake(fhir::words_of(item(get(one, "role"))));
    m.name = std::string(text(member, "display"));
    if (auto found = directory_.party_by_key.find(key); m.name.empty() && found != directory_.party_by_key.end())
      m.name = directory_.parties[found->second].row.name;
    if (auto since = fhir::parse_when(text(one, "period", "start"), context_.zone); since && since->has_day())
      m.since = since->date;
    if (auto until = fhir::parse_when(text(one, "period", "end"), context_.zone); until && until->has_day())
      m.until = until->date;
    if (!m.name.empty()) members.push_back(std::move(m));
  });
}

void FileMap::questionnaire(const At& at) {
  Directory::Form form;
  each(get(at.r, "code"), [&](const Value* coding) {
    if (form.instrument == nullptr && text(coding, "system") == fhir::kLoinc)
      form.instrument = context_.codes->library().by_panel_code(text(coding, "code"));
  });
  auto walk = [&](auto&& self, const Value* items) -> void {
    each(items, [&](const Value* one) {
      const auto code = text(item(get(one, "code")), "code");
      if (!code.empty()) form.codes[std::string(text(one, "linkId"))] = std::string(code);
      self(self, get(one, "item"));
    });
  };
  walk(walk, get(at.r, "item"));
  for (auto name : {text(at.r, "name"), text(at.r, "title"), at.entry->id}) {
    if (form.instrument != nullptr || name.empty()) continue;
    if (auto found = context_.codes->library().lookup(name)) form.instrument = found->instrument;
  }
  if (const auto url = text(at.r, "url"); !url.empty()) directory_.forms[std::string(url)] = form;
  directory_.forms[at.key] = std::move(form);
}

void FileMap::patient(const At& at) {
  patients::Patient p;
  p.id = refer_patient(at.key, "", at.place);
  const Value* name = best_name(get(at.r, "name"));
  p.given_name = given_names(name);
  p.family_name = std::string(text(name, "family"));
  if (p.given_name.empty() && p.family_name.empty()) p.family_name = std::string(text(name, "text"));
  if (p.given_name.empty() && p.family_name.empty()) p.family_name = "(no name)";
  if (const auto born = text(at.r, "birthDate"); !born.empty()) {
    auto when = fhir::parse_when(born, context_.zone);
    if (!when) return reject(at, get(at.r, "birthDate"), "is no date");
    if (when->has_day()) {
      if (when->date > context_.today) return reject(at, get(at.r, "birthDate"), "is in the future");
      p.birth_date = when->date;
    } else {
      out_.report.notes.push_back(out_.rows.files[0] + ": " + at.entry->path("birthDate") +
                                  " is a partial date and was left out");
    }
  }
  if (const auto gender = text(at.r, "gender"); !gender.empty()) {
    if (gender != "male" && gender != "female" && gender != "other" && gender != "unknown")
      return reject(at, get(at.r, "gender"), "is not one of male, female, other, unknown");
    p.sex = std::string(gender);
  }
  p.race = omb_words(at.r, kRace);
  p.ethnicity = omb_words(at.r, kEthnicity);
  if (const Value* identity = fhir::extension(at.r, kGenderIdentity)) {
    auto words = fhir::words_of(get(identity, "valueCodeableConcept"));
    if (!words.empty()) p.gender_identity = std::string(words);
  }
  // The preferred language, else the first one.
  const Value* language = nullptr;
  each(get(at.r, "communication"), [&](const Value* one) {
    if (language == nullptr || fhir::boolean(get(one, "preferred")).value_or(false)) language = one;
  });
  if (language != nullptr) {
    auto code = text(item(get(language, "language", "coding")), "code");
    if (!code.empty()) p.language = std::string(code);
  }
  if (const Value* interpreter = fhir::extension(at.r, "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"))
    p.interpreter_needed = fhir::boolean(get(interpreter, "valueBoolean")).value_or(false);
  if (auto phone = telecom(at.r, "phone"); !phone.empty()) p.phone = std::move(phone);
  if (auto email = telecom(at.r, "email"); !email.empty()) p.email = std::move(email);
  each(get(at.r, "address"), [&](const Value* one) {
    const auto code = text(one, "postalCode");
    if (!p.postal_code && !code.empty() && text(one, "use") != "old") p.postal_code = std::string(code);
  });
  if (const auto died = text(at.r, "deceasedDateTime"); !died.empty()) {
    auto when = fhir::parse_when(died, context_.zone);
    if (!when) return reject(at, get(at.r, "deceasedDateTime"), "is no date");
    p.deceased_date = when->date;
  } else if (fhir::boolean(get(at.r, "deceasedBoolean")).value_or(false)) {
    out_.report.notes.push_back(out_.rows.files[0] + ": " + at.entry->path("deceasedBoolean") +
                                " is true without a date; the patient is not marked as deceased");
  }
  each(get(at.r, "identifier"), [&](const Value* one) {
    const auto value = text(one, "value");
    // A social security number is nothing a registry needs to keep.
    if (value.empty() || text(one, "system") == "http://hl7.org/fhir/sid/us-ssn") return;
    patients::Identifier identifier{std::string(text(one, "system")), std::string(value)};
    if (std::find(p.identifiers.begin(), p.identifiers.end(), identifier) == p.identifiers.end())
      p.identifiers.push_back(std::move(identifier));
  });
  want_party(get(at.r, "managingOrganization"), "Organization");
  each(get(at.r, "generalPractitioner"), [&](const Value* one) { want_party(one, "Practitioner"); });
  keep(out_.rows.patients, std::move(p), at);
}

void FileMap::coverage(const At& at) {
  const auto status = text(at.r, "status");
  if (status == "draft") return not_used("Coverage", "a draft");
  auto start = fhir::parse_when(text(at.r, "period", "start"), context_.zone);
  if (get(at.r, "period", "start") == nullptr) return not_used("Coverage", "without a start date");
  if (!start || !start->has_day()) return reject(at, get(at.r, "period", "start"), "is no full date");
  auto patient = patient_of(at, "beneficiary");
  if (!patient) return;
  patients::Coverage c;
  c.patient = *patient;
  c.start_date = start->date;
  if (auto end = fhir::parse_when(text(at.r, "period", "end"), context_.zone); end && end->has_day()) c.end_date = end->date;
  std::string words = all_words(get(at.r, "type"));
  std::string plan;
  each(get(at.r, "payor"), [&](const Value* one) {
    std::string name = want_party(one, "Organization");
    if (plan.empty()) plan = name;
    words += " " + name;
  });
  each(get(at.r, "class"), [&](const Value* one) {
    words += " " + std::string(text(one, "name")) + " " + std::string(text(one, "value"));
    if (fhir::code_in(get(one, "type"), "http://terminology.hl7.org/CodeSystem/coverage-class") == "plan" &&
        !text(one, "name").empty())
      plan = std::string(text(one, "name"));
  });
  const std::string w = fold(words);
  auto has = [&](std::string_view part) { return w.find(part) != std::string::npos; };
  // Source of payment typology: 1 Medicare, 11x with Medicaid 14; 2 Medicaid (21 managed); 5, 6 commercial; 8 none.
  const auto sop = fhir::find_coding(get(at.r, "type"), [](const fhir::Coding& coding) {
    return coding.system.find("sopt") != std::string_view::npos || coding.system.find("113883.3.221.5") != std::string_view::npos;
  });
  const std::string_view code = sop ? sop->code : std::string_view{};
  const bool medicaid = has("medicaid") || code.starts_with("2"), medicare = has("medicare") || code.starts_with("1");
  if (has("dual") || (medicaid && medicare) || code.starts_with("14")) c.payer_category = "dual_medicare_medicaid";
  else if (has("child health plus")) c.payer_category = "child_health_plus";
  else if (has("essential plan")) c.payer_category = "essential_plan";
  else if (medicaid)
    c.payer_category =
        has("managed") || has("mco") || has("hmo") || code.starts_with("21") ? "medicaid_managed_care" : "medicaid_ffs";
  else if (medicare) c.payer_category = "medicare";
  else if (has("self pay") || has("self-pay") || has("no_insurance") || has("no insurance") || has("uninsured") ||
           code.starts_with("8"))
    c.payer_category = "self_pay";
  else if (code.starts_with("5") || code.starts_with("6") || has("ehcpol") || has("ppo") || has("hmo") || has("commercial") ||
           has("private"))
    c.payer_category = "commercial";
  else c.payer_category = "other";
  if (!plan.empty()) c.plan_name = std::move(plan);
  c.id = patients::CoverageId(id("coverage", at.key));
  keep(out_.rows.coverage, std::move(c), at);
}

void FileMap::encounter(const At& at) {
  const auto status = text(at.r, "status");
  if (status == "planned" || status == "cancelled")
    return not_used("Encounter", "did not take place (" + std::string(status) + ")");
  const Value* start = get(at.r, "period", "start");
  if (start == nullptr) return not_used("Encounter", "without a date");
  auto when = fhir::parse_when(text(start), context_.zone);
  if (!when || !when->has_day()) return reject(at, start, "is no full date");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  PracticeVisit v;
  v.patient = *patient;
  v.date = when->date;
  const auto code = text(at.r, "class", "code");
  v.modality = code == "VR" ? "video" : "in_person";
  v.provider_category = code == "IMP" || code == "ACUTE" || code == "NONAC" || code == "OBSENC" ? "inpatient"
                        : code == "EMER"                                                        ? "emergency"
                                                                                                : "unknown";
  each(get(at.r, "type"), [&](const Value* type) {
    each(get(type, "coding"), [&](const Value* coding) {
      const fhir::Coding c{text(coding, "system"), text(coding, "code"), {}};
      if (is_billing_code(c)) v.billing_codes += (v.billing_codes.empty() ? "" : " ") + std::string(c.code);
    });
    if (fold(text(type, "text")).find("telephone") != std::string::npos) v.modality = "phone";
  });
  each(get(at.r, "participant"), [&](const Value* one) { want_party(get(one, "individual"), "Practitioner"); });
  want_party(get(at.r, "serviceProvider"), "Organization");
  each(get(at.r, "location"), [&](const Value* one) { want_party(get(one, "location"), "Location"); });
  v.id = id("visit", at.key);
  keep(out_.rows.visits, std::move(v), at);
}

std::optional<CodedAnswer> FileMap::answer_of(const At& at, const Value* element) const {
  CodedAnswer answer;
  const Value* where = nullptr;
  auto coding = [&](const Value* one) {
    if (one == nullptr) return;
    answer.answer_code = std::string(text(one, "code"));
    answer.answer_text = std::string(text(one, "display"));
    for (auto url : {"http://hl7.org/fhir/StructureDefinition/ordinalValue", "http://hl7.org/fhir/StructureDefinition/itemWeight",
                     "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
                     "http://hl7.org/fhir/StructureDefinition/valueset-ordinalValue",
                     "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue"})
      if (const Value* found = fhir::extension(one, url); found != nullptr && !answer.points)
        answer.points = fhir::number(get(found, "valueDecimal"));
  };
  if (const Value* v = get(element, "valueCoding")) {
    coding(where = v);
  } else if (const Value* concept_value = get(element, "valueCodeableConcept")) {
    where = concept_value;
    coding(item(get(concept_value, "coding")));
    if (answer.answer_text.empty()) answer.answer_text = std::string(text(concept_value, "text"));
  } else if (const Value* quantity = get(element, "valueQuantity")) {
    answer.points = fhir::number(get(quantity, "value"));
    where = quantity;
  } else if (const Value* flag = get(element, "valueBoolean")) {
    where = flag;
    // LOINC's own yes and no: instruments with such items list these codes.
    answer.answer_code = fhir::boolean(flag).value_or(false) ? "LA33-6" : "LA32-8";
    answer.answer_text = fhir::boolean(flag).value_or(false) ? "Yes" : "No";
  } else if (const Value* words = get(element, "valueString")) {
    where = words;
    answer.answer_text = std::string(text(words));
    answer.answer_code = answer.answer_text;
  } else {
    for (auto name : {"valueInteger", "valueDecimal"})
      if (const Value* number = get(element, name)) {
        where = number;
        answer.points = fhir::number(number);
      }
  }
  if (where == nullptr) return std::nullopt;
  answer.path = at.entry->path(where);
  return answer;
}

void FileMap::observation(const At& at) {
  const Value* code = get(at.r, "code");
  const auto& library = context_.codes->library();
  Fragment f;
  std::string loinc;
  const Instrument* as_total = nullptr;
  const Instrument* as_panel = nullptr;
  bool as_item = false;
  each(get(code, "coding"), [&](const Value* one) {
    if (!loinc.empty() || text(one, "system") != fhir::kLoinc) return;
    const auto candidate = text(one, "code");
    as_total = library.by_total_code(candidate);
    as_panel = as_total == nullptr ? library.by_panel_code(candidate) : nullptr;
    as_item = as_total == nullptr && as_panel == nullptr && context_.codes->item(candidate) != nullptr;
    if (as_total != nullptr || as_panel != nullptr || as_item) loinc = std::string(candidate);
  });
  if (loinc.empty()) return not_used("Observation", "not a score or answer of an instrument");
  const auto status = text(at.r, "status");
  if (status != "final" && status != "amended" && status != "corrected") return not_used("Observation", "not final");
  f.kind = as_total != nullptr ? Fragment::Kind::total : as_panel != nullptr ? Fragment::Kind::panel : Fragment::Kind::item;
  f.instrument = as_total != nullptr ? as_total : as_panel;

  // Value and components first: without any there is nothing to place.
  std::optional<CodedAnswer> value = answer_of(at, at.r);
  if (f.kind == Fragment::Kind::item) {
    if (!value) return not_used("Observation", "without a value");
    value->item_code = loinc;
    f.answers.push_back(std::move(*value));
  } else if (value && value->points) {
    f.total = value->points;
  } else if (value) {
    double number = 0;
    const auto& words = value->answer_text;
    const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
    if (as_total != nullptr && (error != std::errc() || end != words.data() + words.size() || !std::isfinite(number)))
      return reject(at, std::string_view("value[x]"), "is no number");
    if (as_total != nullptr) f.total = number;
  }
  bool unscored_numbers = false;
  each(get(at.r, "component"), [&](const Value* one) {
    const auto component = fhir::code_in(get(one, "code"), fhir::kLoinc);
    if (component.empty() || f.instrument == nullptr) return;
    auto answer = answer_of(at, one);
    if (!answer) return;
    if (component == f.instrument->loinc_total) {
      f.total = answer->points;
      return;
    }
    const int item_index = f.instrument->item_by_code(component);
    if (item_index < 0) return;
    if (answer->points && answer->answer_code.empty()) {
      const auto& options = f.instrument->items[static_cast<std::size_t>(item_index)].options;
      const bool listed = std::any_of(options.begin(), options.end(), [&](const auto& o) { return o.points == *answer->points; });
      if (!listed && !options.empty() && *answer->points != std::floor(*answer->points)) unscored_numbers = true;
    }
    answer->item_code = std::string(component);
    f.answers.push_back(std::move(*answer));
  });
  // Some sources give averages ("5.1") where a form has whole numbers: that is no administration of the form.
  if (unscored_numbers) return not_used("Observation", "answers are not the choices of " + f.instrument->id + " (decimals)");
  auto list_links = [&](std::string_view member) {
    each(get(at.r, member), [&](const Value* one) {
      auto key = resolve(one, "Observation");
      if (auto parsed = fhir::parse_reference(text(one, "reference")); parsed && parsed->kind == fhir::Reference::Kind::urn)
        if (auto found = by_full_url_.find(std::string(parsed->url)); found != by_full_url_.end()) key = found->second;
      if (!key.empty()) f.links.push_back(coded_key(key));
    });
  };
  list_links("hasMember");
  list_links("derivedFrom");
  if (f.kind != Fragment::Kind::item && !f.total && f.answers.empty() && f.links.empty())
    return not_used("Observation", "without a value");

  const Value* when_value = nullptr;
  for (auto path : {get(at.r, "effectiveDateTime"), get(at.r, "effectiveInstant"), get(at.r, "effectivePeriod", "start"),
                    get(at.r, "issued")})
    if (when_value == nullptr) when_value = path;
  if (when_value == nullptr)
    return reject(at, std::string_view("effectiveDateTime"), "is missing: when it was taken cannot be known");
  auto when = fhir::parse_when(text(when_value), context_.zone);
  if (!when || !when->has_day()) return reject(at, when_value, "is no full date");
  if (when->date > context_.today.plus_days(1)) return reject(at, when_value, "is in the future");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  if (auto known = born_.find(patient->uuid); known != born_.end() && known->second && when->date < *known->second)
    return reject(at, when_value, "is before the patient's birth date");
  f.key = coded_key(at.key);
  f.place = at.place;
  f.path = at.entry->prefix;
  f.patient = *patient;
  f.at = when->instant_or_noon(context_.zone);
  f.date = when->date;
  f.has_time = when->instant.has_value();
  f.language = std::string(text(at.r, "language"));
  out_.fragments.push_back(std::move(f));
}

const Instrument* FileMap::instrument_of_questionnaire(const At& at, const Directory::Form** form) const {
  const auto& library = context_.codes->library();
  std::string_view canonical = text(at.r, "questionnaire");
  canonical = canonical.substr(0, canonical.find('|'));
  *form = nullptr;
  if (auto found = directory_.forms.find(std::string(canonical)); found != directory_.forms.end()) *form = &found->second;
  const auto last =
      canonical.substr(canonical.find_last_of("/:") == std::string_view::npos ? 0 : canonical.find_last_of("/:") + 1);
  if (*form == nullptr)
    if (auto found = directory_.forms.find("Questionnaire/" + std::string(last)); found != directory_.forms.end())
      *form = &found->second;
  if (*form != nullptr && (*form)->instrument != nullptr) return (*form)->instrument;
  if (last.empty()) return nullptr;
  std::string_view name = last;
  if (name.starts_with("Questionnaire-")) name.remove_prefix(14);
  if (auto found = library.lookup(name)) return found->instrument;
  // "44249-1", "44249-1-x": the panel's LOINC code.
  const auto dash = name.find('-');
  if (dash != std::string_view::npos && dash + 2 <= name.size())
    if (const auto* found = library.by_panel_code(name.substr(0, dash + 2))) return found;
  return nullptr;
}

void FileMap::response(const At& at) {
  const auto status = text(at.r, "status");
  if (status != "completed" && status != "amended") return not_used("QuestionnaireResponse", "not completed");
  const Directory::Form* form = nullptr;
  const Instrument* instrument = instrument_of_questionnaire(at, &form);

  // A questionnaire that came inside the response.
  Directory::Form contained;
  each(get(at.r, "contained"), [&](const Value* one) {
    if (text(one, "resourceType") != "Questionnaire") return;
    auto walk = [&](auto&& self, const Value* items) -> void {
      each(items, [&](const Value* i) {
        if (const auto code = text(item(get(i, "code")), "code"); !code.empty())
          contained.codes[std::string(text(i, "linkId"))] = std::string(code);
        self(self, get(i, "item"));
      });
    };
    walk(walk, get(one, "item"));
    each(get(one, "code"), [&](const Value* coding) {
      if (instrument == nullptr) instrument = context_.codes->library().by_panel_code(text(coding, "code"));
    });
    form = &contained;
  });

  struct Given {
    std::string_view link_id;
    std::string code;
    const Value* answer;
  };
  std::vector<Given> given;
  auto walk = [&](auto&& self, const Value* items) -> void {
    each(items, [&](const Value* one) {
      Given g{text(one, "linkId"), {}, item(get(one, "answer"))};
      if (form != nullptr)
        if (auto found = form->codes.find(std::string(g.link_id)); found != form->codes.end()) g.code = found->second;
      if (g.code.empty()) g.code = std::string(normalized_loinc(g.link_id));
      given.push_back(g);
      self(self, get(one, "item"));
      each(get(one, "answer"), [&](const Value* answer) { self(self, get(answer, "item")); });
    });
  };
  walk(walk, get(at.r, "item"));

  const auto& codes = *context_.codes;
  if (instrument == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& g : given) {
      if (g.code.empty()) continue;
      if (const auto* total = codes.library().by_total_code(g.code)) instrument = total;
      if (codes.item(g.code) != nullptr) known.push_back(g.code);
    }
    if (instrument == nullptr) instrument = codes.covering(known);
  }
  if (instrument == nullptr) return not_used("QuestionnaireResponse", "not an instrument Concord knows");

  Fragment f;
  f.kind = Fragment::Kind::response;
  f.instrument = instrument;
  const std::string squeezed_id = [&] {
    std::string s;
    for (char c : instrument->id)
      if (c != '-') s += c;
    return s;
  }();
  auto item_of = [&](const Given& g) {
    if (!g.code.empty())
      if (const int found = instrument->item_by_code(g.code); found >= 0) return found;
    const std::string link = to_lower(g.link_id);
    if (const int found = instrument->item(link); found >= 0) return found;
    // "1", "q1", "item-1", "phq9-1", "PHQ9.01": a number, with nothing before it but such words.
    std::string s;
    for (char c : link)
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) s += c;
    if (s.starts_with(squeezed_id)) s.erase(0, squeezed_id.size());
    for (std::string_view word : {"question", "item", "q"})
      if (s.starts_with(word)) {
        s.erase(0, word.size());
        break;
      }
    if (s.empty() || s.size() > 2 || !std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; })) return -1;
    const int number = std::stoi(s);
    if (const int named = instrument->item("q" + std::to_string(number)); named >= 0) return named;
    return number >= 1 && static_cast<std::size_t>(number) <= instrument->items.size() ? number - 1 : -1;
  };
  for (const auto& g : given) {
    if (g.answer == nullptr) continue;
    auto answer = answer_of(at, g.answer);
    if (!answer) continue;
    const bool is_total =
        (!g.code.empty() && g.code == instrument->loinc_total) || fold(g.link_id) == "total" || fold(g.link_id) == "score";
    if (is_total) {
      f.total = answer->points;
      continue;
    }
    answer->item = item_of(g);
    if (answer->item < 0) continue;
    f.answers.push_back(std::move(*answer));
  }
  if (f.answers.empty() && !f.total) return not_used("QuestionnaireResponse", "without an answer that is scored");
  const Value* authored = get(at.r, "authored");
  if (authored == nullptr) return reject(at, std::string_view("authored"), "is missing: when it was taken cannot be known");
  auto when = fhir::parse_when(text(authored), context_.zone);
  if (!when || !when->has_day()) return reject(at, authored, "is no full date");
  if (when->date > context_.today.plus_days(1)) return reject(at, authored, "is in the future");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  if (auto known = born_.find(patient->uuid); known != born_.end() && known->second && when->date < *known->second)
    return reject(at, authored, "is before the patient's birth date");
  const auto source = text(at.r, "source", "reference");
  if (source.find("RelatedPerson") != std::string_view::npos && instrument->has_informant("parent")) f.informant = "parent";
  f.key = coded_key(at.key);
  f.place = at.place;
  f.path = at.entry->prefix;
  f.patient = *patient;
  f.at = when->instant_or_noon(context_.zone);
  f.date = when->date;
  f.has_time = when->instant.has_value();
  f.language = std::string(text(at.r, "language"));
  out_.fragments.push_back(std::move(f));
}

void FileMap::medication(const At& at, bool statement) {
  const auto type = at.entry->type;
  const auto status = text(at.r, "status");
  if (status == "draft" || status == "cancelled" || status == "not-taken" || status == "intended")
    return not_used(type, "not given (" + std::string(status) + ")");
  std::string name;
  std::string code;
  if (const Value* concept_value = get(at.r, "medicationCodeableConcept")) {
    name = std::string(fhir::words_of(concept_value));
    code = std::string(fhir::code_in(concept_value, fhir::kRxNorm));
  } else if (const Value* reference = get(at.r, "medicationReference")) {
    auto parsed = fhir::parse_reference(text(reference, "reference"));
    if (parsed && parsed->kind == fhir::Reference::Kind::contained) {
      each(get(at.r, "contained"), [&](const Value* one) {
        if (text(one, "id") != parsed->id) return;
        name = std::string(fhir::words_of(get(one, "code")));
        code = std::string(fhir::code_in(get(one, "code"), fhir::kRxNorm));
      });
    } else if (auto found = directory_.medications.find(resolve(reference, "Medication"));
               found != directory_.medications.end()) {
      name = found->second;
    }
    if (name.empty()) name = std::string(text(reference, "display"));
  }
  const auto ingredient = psychotropic_in(name);
  bool behavioral_reason = false;
  each(get(at.r, "reasonReference"), [&](const Value* one) {
    behavioral_reason = behavioral_reason || directory_.conditions.count(resolve(one, "Condition")) != 0;
  });
  each(get(at.r, "reasonCode"), [&](const Value* one) {
    behavioral_reason = behavioral_reason || behavioral_condition(icd10_of(one), all_words(one)).has_value();
  });
  if (ingredient.empty() && !behavioral_reason) return not_used(type, "not a psychiatric medication");
  if (name.empty()) return not_used(type, "without the name of the medication");

  const Value* start = nullptr;
  for (auto path : {get(at.r, "effectivePeriod", "start"), get(at.r, "effectiveDateTime"), get(at.r, "authoredOn"),
                    get(at.r, "dateAsserted")})
    if (start == nullptr) start = path;
  if (start == nullptr) return not_used(type, "without a start date");
  auto when = fhir::parse_when(text(start), context_.zone);
  if (!when || !when->has_day()) return reject(at, start, "is no full date");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  treatments::Treatment t;
  t.patient = *patient;
  t.kind = "medication";
  t.name = name;
  if (!code.empty()) t.code = std::move(code);
  const Value* dosage = item(get(at.r, statement ? "dosage" : "dosageInstruction"));
  if (auto words = text(dosage, "text"); !words.empty()) {
    t.dose = std::string(words);
  } else if (const Value* quantity = get(item(get(dosage, "doseAndRate")), "doseQuantity")) {
    if (const Value* value = get(quantity, "value"); value != nullptr && value->is(json::Kind::number))
      t.dose = std::string(value->text()) + " " + std::string(text(quantity, "unit"));
  }
  t.start_date = when->date;
  const Value* end = get(at.r, "effectivePeriod", "end");
  if (end == nullptr) end = get(at.r, "dispenseRequest", "validityPeriod", "end");
  auto stop = fhir::parse_when(text(end), context_.zone);
  if (status == "stopped" || status == "completed" || status == "ended") {
    // Without an end date nobody knows when: it must not look like an ongoing trial.
    t.stop_date = stop && stop->has_day() && stop->date >= t.start_date ? stop->date : t.start_date;
    t.stop_reason = stop ? "stopped" : "stopped; the source gives no date";
  } else if (statement && stop && stop->has_day() && stop->date >= t.start_date) {
    t.stop_date = stop->date;
  }
  t.source = "fhir";
  want_party(get(at.r, "requester"), "Practitioner");
  t.id = treatments::TreatmentId(id("treatment", at.key));
  keep(out_.rows.treatments, std::move(t), at);
}

void FileMap::episode(const At& at) {
  const auto status = text(at.r, "status");
  std::string type_words;
  each(get(at.r, "type"), [&](const Value* one) { type_words += all_words(one) + " "; });
  if (get(at.r, "type") != nullptr && !is_behavioral_service(type_words))
    return not_used("EpisodeOfCare", "not about behavioral health");
  if (status == "cancelled") return not_used("EpisodeOfCare", "cancelled");
  episodes::Episode e;
  const Value* start = get(at.r, "period", "start");
  auto begun = fhir::parse_when(text(start), context_.zone);
  if (start == nullptr) return reject(at, std::string_view("period.start"), "is missing");
  if (!begun || !begun->has_day()) return reject(at, start, "is no full date");
  auto ended = fhir::parse_when(text(at.r, "period", "end"), context_.zone);
  const Value* end = get(at.r, "period", "end");
  if (end != nullptr && (!ended || !ended->has_day())) return reject(at, end, "is no full date");
  if (ended && ended->date < begun->date) return reject(at, end, "is before period.start");
  auto patient = patient_of(at, "patient");
  if (!patient) return;
  e.patient = *patient;
  e.id = episodes::EpisodeId(id("episode", at.key));
  e.referred_date = begun->date;
  std::optional<int> age;
  if (auto known = born_.find(patient->uuid); known != born_.end() && known->second)
    age = age_in_years(*known->second, begun->date);
  each(get(at.r, "diagnosis"), [&](const Value* one) {
    auto found = directory_.conditions.find(resolve(get(one, "condition"), "Condition"));
    if (!e.primary_condition && found != directory_.conditions.end()) e.primary_condition = found->second.kind;
  });
  const bool waiting = status == "planned" || status == "waitlist";
  if (waiting) {
    e.state = episodes::State::referred;
  } else {
    e.enrolled_date = e.assessed_date = begun->date;
    if (!e.primary_condition) e.primary_condition = "unspecified";
    e.primary_instrument = std::string(default_instrument(*e.primary_condition, age));
    if (status == "finished" || ended) {
      e.state = episodes::State::closed;
      if (!ended) return reject(at, std::string_view("period.end"), "is missing although the episode is finished");
      e.closed_date = ended->date;
      e.close_reason = "other";
    } else if (status == "onhold") {
      e.state = episodes::State::on_hold;
      e.on_hold_date = begun->date;
      each(get(at.r, "statusHistory"), [&](const Value* one) {
        if (text(one, "status") != "onhold") return;
        if (auto since = fhir::parse_when(text(one, "period", "start"), context_.zone);
            since && since->has_day() && since->date >= begun->date)
          e.on_hold_date = since->date;
      });
    } else {
      e.state = episodes::State::active;
    }
    std::string manager = want_party(get(at.r, "careManager"), "Practitioner");
    if (manager.empty()) manager = "Care manager not named";
    const UserId user(id("person", fold(manager)));
    e.care_manager = user;
    out_.rows.people.push_back({user, manager, "care_manager", {}});
  }
  want_party(get(at.r, "managingOrganization"), "Organization");
  const Value* request = item(get(at.r, "referralRequest"));
  if (auto key = resolve(request, "ServiceRequest"); key.starts_with("ServiceRequest"))
    e.referral = referrals::ReferralId(id("referral", key));
  each(get(at.r, "team"), [&](const Value* one) {
    auto found = directory_.care_teams.find(resolve(one, "CareTeam"));
    if (found == directory_.care_teams.end()) return;
    for (const auto& m : found->second) {
      TeamMember member;
      member.episode = e.id;
      member.member.role = m.role.empty() ? "other" : m.role;
      member.member.name = m.name;
      member.member.since = m.since.value_or(begun->date);
      member.member.until = m.until;
      const std::string key = at.key + "|" + member.member.role + "|" + fold(m.name);
      member.member.id = id("team", key);
      const Digest digest = digest_of(member);
      out_.rows.team.push_back({std::move(member), coded_key(key), digest, at.place});
    }
  });
  keep(out_.rows.episodes, std::move(e), at);
}

void FileMap::service_request(const At& at) {
  std::string words = all_words(get(at.r, "code"));
  each(get(at.r, "category"), [&](const Value* one) { words += " " + all_words(one); });
  std::string reason;
  each(get(at.r, "reasonCode"), [&](const Value* one) {
    words += " " + all_words(one);
    reason += (reason.empty() ? "" : "; ") + std::string(fhir::words_of(one));
  });
  if (!is_behavioral_service(words)) return not_used("ServiceRequest", "not a referral to behavioral health");
  const auto status = text(at.r, "status");
  if (status == "draft" || status == "revoked") return not_used("ServiceRequest", std::string(status));
  const Value* authored = get(at.r, "authoredOn");
  if (authored == nullptr) authored = get(at.r, "occurrenceDateTime");
  if (authored == nullptr) return reject(at, std::string_view("authoredOn"), "is missing");
  auto when = fhir::parse_when(text(authored), context_.zone);
  if (!when || !when->has_day()) return reject(at, authored, "is no full date");
  auto patient = patient_of(at, "subject");
  if (!patient) return;
  referrals::Referral r;
  r.id = referrals::ReferralId(id("referral", at.key));
  r.patient = *patient;
  r.referred_by = want_party(get(at.r, "requester"), "Practitioner");
  r.reason = reason.empty() ? std::string(fhir::words_of(get(at.r, "code"))) : reason;
  r.received_date = when->date;
  r.received_at = when->instant_or_noon(context_.zone);
  if (status == "completed") {
    r.outcome = "enrolled";
    r.outcome_date = when->date;
  }
  keep(out_.rows.referrals, std::move(r), at);
}

MappedFile FileMap::finish() {
  // An episode may name a referral that is not here: then it stands alone.
  std::set<Uuid> known;
  for (const auto& r : out_.rows.referrals) known.insert(r.row.id.uuid);
  for (auto& e : out_.rows.episodes)
    if (e.row.referral && known.count(e.row.referral->uuid) == 0) {
      e.row.referral.reset();
      e.digest = digest_of(e.row);
    }
  link_referrals(out_.rows, context_.organization, context_.source);
  for (const auto& [what, n] : not_used_) out_.report.not_used[what] += n;
  for (auto& [key, display] : wanted_) {
    auto [at, fresh] = directory_.wanted.try_emplace(key, display);
    if (!fresh && at->second.empty()) at->second = display;
  }
  return std::move(out_);
}

}  // namespace concord::exchange
