#include "ecqm/reader.h"

#include <algorithm>
#include <cmath>

#include "fhir/element.h"
#include "fhir/reference.h"

namespace concord::ecqm {
namespace {

using fhir::each;
using fhir::get;
using fhir::text;
using json::Kind;
using json::Value;

template <std::size_t N>
using Picked = std::array<const Value*, N>;

/// The named members of an object, in one walk.
template <std::size_t N>
Picked<N> pick(const Value& object, const std::string_view (&names)[N]) {
  Picked<N> found{};
  for (const auto& member : object.members())
    for (std::size_t i = 0; i < N; ++i)
      if (member.key == names[i]) {
        found[i] = &member.value;
        break;
      }
  return found;
}

constexpr std::string_view kQiCore = "http://hl7.org/fhir/us/qicore/StructureDefinition/";
constexpr std::string_view kNotDoneReason = "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason";

std::uint16_t profile_of(std::string_view canonical) {
  const auto url = canonical.substr(0, canonical.find('|'));
  if (!url.starts_with(kQiCore)) return kProfileOther;
  const auto name = url.substr(kQiCore.size());
  if (name == "qicore-encounter") return kProfileEncounter;
  if (name == "qicore-condition-problems-health-concerns") return kProfileProblem;
  if (name == "qicore-condition-encounter-diagnosis") return kProfileEncounterDiagnosis;
  if (name == "qicore-observation-screening-assessment") return kProfileScreening;
  if (name == "qicore-observationcancelled") return kProfileCancelled;
  if (name == "qicore-procedure") return kProfileProcedure;
  if (name == "qicore-servicerequest") return kProfileServiceRequest;
  if (name == "qicore-medicationrequest") return kProfileMedicationRequest;
  if (name == "qicore-medicationdispense") return kProfileMedicationDispense;
  return name.find("bservation") == std::string_view::npos ? kProfileOther : kProfileObservation;
}

bool is_definition(std::string_view type) {
  static constexpr std::string_view kTypes[] = {"ValueSet", "CodeSystem",    "Library",
                                                "Measure",  "MeasureReport", "StructureDefinition"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

/// The word of a status concept: the code in its own system (or in none).
Code code_in(const Value* concept_value, std::string_view system) {
  Code found = Code::missing;
  each(get(concept_value, "coding"), [&](const Value* coding) {
    const auto its = text(coding, "system");
    if (found == Code::missing || found == Code::other)
      found = its.empty() || its == system ? code_of(text(coding, "code")) : Code::other;
  });
  // A concept in words only is there, but is none of the codes.
  return found == Code::missing && concept_value != nullptr && !concept_value->is(Kind::null) ? Code::other : found;
}

/// Days of a duration; a calendar month and year at their mean length. nullopt for another unit.
std::optional<double> days_of(const Value* duration) {
  const auto value = fhir::number(get(duration, "value"));
  if (!value) return std::nullopt;
  auto unit = text(duration, "code");
  if (unit.empty()) unit = text(duration, "unit");
  if (unit == "d" || unit == "day" || unit == "days") return *value;
  if (unit == "wk" || unit == "week" || unit == "weeks") return *value * 7;
  if (unit == "mo" || unit == "month" || unit == "months") return *value * 30.4375;
  if (unit == "a" || unit == "year" || unit == "years") return *value * 365.25;
  if (unit == "h" || unit == "hour" || unit == "hours") return *value / 24;
  return std::nullopt;
}

/// Times a day of "frequency times every period"; nullopt for a unit or period that says nothing.
std::optional<double> per_day(double frequency, double period, std::string_view unit) {
  if (period <= 0) return std::nullopt;
  if (unit == "h") return frequency * 24 / period;
  if (unit == "min") return frequency * 24 * 60 / period;
  if (unit == "s") return frequency * 24 * 3600 / period;
  if (unit == "d") return frequency / period;
  if (unit == "wk") return frequency / (period * 7);
  if (unit == "mo") return frequency / (period * 30);
  if (unit == "a") return frequency / (period * 365);
  return std::nullopt;
}

/// Birth date + age. Weeks and days need the day; nothing is added to a part that is not known.
std::optional<Moment> at_age(const Moment& birth, const Value* age) {
  const auto value = fhir::number(get(age, "value"));
  if (!value || !birth.present()) return std::nullopt;
  auto unit = text(age, "code");
  if (unit.empty()) unit = text(age, "unit");
  const int whole = static_cast<int>(std::clamp(std::trunc(*value), 0.0, 50'000.0));
  Moment at = birth;
  if (unit == "a" || unit == "year" || unit == "years") at.day = birth.day.plus_months(12 * std::min(whole, 200));
  else if (unit == "mo" || unit == "month" || unit == "months") at.day = birth.day.plus_months(std::min(whole, 2400));
  else if (unit == "wk" || unit == "week" || unit == "weeks") at.day = birth.day.plus_days(7 * std::min(whole, 10'000));
  else if (unit == "d" || unit == "day" || unit == "days") at.day = birth.day.plus_days(whole);
  else return std::nullopt;
  return at;
}

/// The end of a period of which the end is not included.
Moment just_before(const Moment& end) {
  Moment before = end;
  constexpr std::int64_t kMillisecond = 1000;
  if (end.has_time()) before.micros -= kMillisecond;
  else if (end.precision == Precision::day) before.day = end.day.plus_days(-1);
  else if (end.precision == Precision::month) before.day = end.day.plus_months(-1);
  else if (end.precision == Precision::year) before.day = end.day.plus_months(-12);
  return before;
}

}  // namespace

std::string_view tail_of(std::string_view reference) {
  if (const auto history = reference.find("/_history/"); history != std::string_view::npos)
    reference = reference.substr(0, history);
  const auto at = reference.find_last_of("/:");
  return at == std::string_view::npos ? reference : reference.substr(at + 1);
}

void PatientReader::begin() {
  facts_.clear();
  place_ = {};
  patient_url_ = {};
  patients_ = resources_ = definitions_ = 0;
  subjects_.clear();
  named_.clear();
  issues_.clear();
  aged_.clear();
}

void PatientReader::refuse(std::string_view file, std::string text) { issues_.push_back({std::string(file), std::move(text)}); }

void PatientReader::add_bundle(const Value& bundle, std::string_view file) {
  int i = 0;
  each(bundle.find("entry"), [&](const Value* entry) {
    const int at = i++;
    const Value* value = get(entry, "resource");
    if (value == nullptr) return;  // a transaction may delete: nothing to read
    resource(*value, text(entry, "fullUrl"), {file, at, value});
  });
}

void PatientReader::add(const Value& root, std::string_view file) {
  if (root.is(Kind::array)) {
    for (const Value& one : root.items()) add(one, file);
    return;
  }
  if (text(&root, "resourceType") == "Bundle") add_bundle(root, file);
  else resource(root, {}, {file, -1, &root});
}

void PatientReader::resource(const Value& value, std::string_view full_url, const Place& place) {
  place_ = place;
  ++resources_;
  const auto type = text(&value, "resourceType");
  if (type == "Observation") observation(value);
  else if (type == "Encounter") encounter(value);
  else if (type == "Condition") condition(value, full_url);
  else if (type == "Procedure") procedure(value);
  else if (type == "ServiceRequest") service_request(value);
  else if (type == "MedicationRequest") medication_request(value);
  else if (type == "MedicationDispense") medication_dispense(value);
  else if (type == "Patient") patient(value, full_url);
  else if (type == "Medication") named_.push_back({text(&value, "id"), full_url, medication_terms(value), true});
  else if (type.empty()) issue(nullptr, "is not a FHIR resource (it has no resourceType)");
  else if (is_definition(type)) ++definitions_;
}

std::string PatientReader::path(const Place& place, const Value* element) const {
  std::string path(place.file);
  std::string below = place.entry < 0 ? "" : "Bundle.entry[" + std::to_string(place.entry) + "].resource";
  if (element != nullptr && place.resource != nullptr) below = fhir::join_path(below, fhir::path_of(*place.resource, element));
  if (!below.empty()) path += ": " + below;
  return path;
}

void PatientReader::issue(const Value* element, std::string text) { issues_.push_back({path(place_, element), std::move(text)}); }

Moment PatientReader::moment(const Value* element) {
  if (element == nullptr || element->is(Kind::null)) return {};
  if (element->is(Kind::string))
    if (const auto parsed = parse_moment(element->text())) return *parsed;
  issue(element, "is not a FHIR date or dateTime (2026-03-01, 2026-03-01T14:05:00-05:00)");
  return {};
}

Span PatientReader::period(const Value* element) {
  if (element == nullptr) return {};
  const Moment start = moment(element->find("start")), end = moment(element->find("end"));
  return Span::of_period(start, end);
}

TermMask PatientReader::concept_terms(const Value* concept_value) const {
  TermMask mask = 0;
  each(get(concept_value, "coding"), [&](const Value* coding) {
    std::string_view system, code;
    for (const auto& member : coding->members()) {
      if (member.key == "system") system = text(&member.value);
      else if (member.key == "code") code = text(&member.value);
    }
    mask |= terms_.of(system, code);
  });
  return mask;
}

TermMask PatientReader::list_terms(const Value* concepts) const {
  TermMask mask = 0;
  each(concepts, [&](const Value* one) { mask |= concept_terms(one); });
  return mask;
}

void PatientReader::record(Record& to, const Value* id, const Value* meta, const Value* status) {
  to.id = text(id);
  if (meta != nullptr)
    each(meta->find("profile"),
         [&](const Value* profile) { to.profiles = static_cast<std::uint16_t>(to.profiles | profile_of(text(profile))); });
  to.status = code_of(text(status));
}

void PatientReader::subject(const Value* element) {
  const Value* reference = get(element, "reference");
  const auto words = text(reference);
  if (words.empty() || (!subjects_.empty() && subjects_.back().reference == words)) return;
  subjects_.push_back({words, place_, reference});
}

void PatientReader::patient(const Value& value, std::string_view full_url) {
  ++patients_;
  if (patients_ > 1) {
    issue(nullptr, "is a second Patient: one bundle or folder holds one patient");
    return;
  }
  static constexpr std::string_view kNames[] = {"id", "birthDate", "deceasedBoolean", "deceasedDateTime"};
  const auto [id, birth, dead, died] = pick(value, kNames);
  facts_.patient_id = text(id);
  patient_url_ = full_url;
  facts_.birth = moment(birth);
  if (facts_.birth.has_time()) facts_.birth = Moment::of(facts_.birth.day);
  facts_.died = moment(died);
  facts_.deceased = facts_.died.present() || fhir::boolean(dead).value_or(false);
  if (facts_.patient_id.empty()) facts_.patient_id = tail_of(full_url);
  if (facts_.patient_id.empty()) issue(nullptr, "is a Patient without id");
}

void PatientReader::encounter(const Value& value) {
  static constexpr std::string_view kNames[] = {"id",     "meta",       "status",          "type",      "subject",
                                                "period", "reasonCode", "hospitalization", "diagnosis", "reasonReference"};
  const auto [id, meta, status, type, patient_element, period_element, reason, stay, diagnoses, reasons] = pick(value, kNames);
  subject(patient_element);
  const TermMask mask = list_terms(type);
  if (mask == 0) return;
  Encounter& e = facts_.encounters.emplace_back();
  record(e, id, meta, status);
  e.type = mask;
  e.period = period(period_element);
  e.reason = list_terms(reason);
  e.discharge = concept_terms(get(stay, "dischargeDisposition"));
  e.first_link = static_cast<std::uint32_t>(facts_.links.size());
  each(diagnoses, [&](const Value* one) {
    if (const auto target = text(one, "condition", "reference"); !target.empty()) facts_.links.push_back({target, false});
  });
  each(reasons, [&](const Value* one) {
    if (const auto target = text(one, "reference"); !target.empty()) facts_.links.push_back({target, true});
  });
  e.link_count = static_cast<std::uint32_t>(facts_.links.size()) - e.first_link;
}

void PatientReader::condition(const Value& value, std::string_view full_url) {
  static constexpr std::string_view kNames[] = {"id",
                                                "meta",
                                                "code",
                                                "subject",
                                                "category",
                                                "clinicalStatus",
                                                "verificationStatus",
                                                "onsetDateTime",
                                                "onsetPeriod",
                                                "onsetAge",
                                                "onsetRange",
                                                "abatementDateTime",
                                                "abatementPeriod",
                                                "abatementAge",
                                                "abatementRange",
                                                "recordedDate"};
  const auto [id, meta, code, patient_element, category, clinical, verification, onset_at, onset_period, onset_age, onset_range,
              abated_at, abated_period, abated_age, abated_range, recorded] = pick(value, kNames);
  subject(patient_element);
  const TermMask mask = concept_terms(code);
  if (mask == 0) return;
  Condition& c = facts_.conditions.emplace_back();
  record(c, id, meta, nullptr);
  named_.push_back({c.id, full_url, mask, false});
  c.code = mask;
  c.status = code_in(clinical, "http://terminology.hl7.org/CodeSystem/condition-clinical");
  c.verification = code_in(verification, "http://terminology.hl7.org/CodeSystem/condition-ver-status");
  unsigned kind = 0;
  each(category, [&](const Value* one) {
    each(get(one, "coding"), [&](const Value* coding) {
      const auto word = text(coding, "code");
      if (word == "problem-list-item" || word == "health-concern") kind |= 1;
      if (word == "encounter-diagnosis") kind |= 2;
    });
  });
  c.kind = static_cast<ConditionKind>(kind);
  const std::size_t at = facts_.conditions.size() - 1;
  if (onset_at != nullptr) c.onset = Span::of_point(moment(onset_at));
  else if (onset_period != nullptr) c.onset = period(onset_period);
  else if (onset_age != nullptr) aged_.push_back({at, onset_age, true, false, place_});
  else if (onset_range != nullptr) aged_.push_back({at, onset_range, true, true, place_});
  if (abated_at != nullptr) {
    c.abatement = Span::of_point(moment(abated_at));
  } else if (abated_period != nullptr) {
    c.abatement = period(abated_period);
    c.abatement.high = just_before(c.abatement.high);
  } else if (abated_age != nullptr) {
    aged_.push_back({at, abated_age, false, false, place_});
  } else if (abated_range != nullptr) {
    aged_.push_back({at, abated_range, false, true, place_});
  }
  c.abated = c.abatement.exists && c.abatement.high_edge == Span::Edge::known;
  c.recorded = moment(recorded);
}

void PatientReader::observation(const Value& value) {
  static constexpr std::string_view kNames[] = {
      "id",     "meta",     "status", "code", "subject", "effectiveDateTime", "effectivePeriod", "effectiveInstant",
      "issued", "extension"};
  const auto [id, meta, status, code, patient_element, at, during, instant, issued, extensions] = pick(value, kNames);
  subject(patient_element);
  const TermMask mask = concept_terms(code);
  if (mask == 0) return;
  Observation& o = facts_.observations.emplace_back();
  record(o, id, meta, status);
  o.code = mask;
  if (at != nullptr) o.effective = Span::of_point(moment(at));
  else if (during != nullptr) o.effective = period(during);
  else if (instant != nullptr) o.effective = Span::of_point(moment(instant));
  o.issued = moment(issued);
  each(extensions, [&](const Value* extension) {
    if (text(extension, "url") == kNotDoneReason) o.not_done_reason |= concept_terms(extension->find("valueCodeableConcept"));
  });
  for (const auto& member : value.members()) {
    if (!member.key.starts_with("value") || member.value.is(Kind::null)) continue;
    o.value_kind = ValueKind::other;
    if (member.key == "valueCodeableConcept") {
      o.value_kind = ValueKind::concept_value;
      o.value = concept_terms(&member.value);
    } else if (member.key == "valueInteger" || member.key == "valueQuantity") {
      const auto number = fhir::number(member.key == "valueQuantity" ? member.value.find("value") : &member.value);
      if (!number) continue;
      o.value_kind = ValueKind::number;
      o.number = *number;
    }
  }
}

void PatientReader::procedure(const Value& value) {
  static constexpr std::string_view kNames[] = {
      "id", "meta", "status", "code", "subject", "performedDateTime", "performedPeriod", "performedAge"};
  const auto [id, meta, status, code, patient_element, at, during, age] = pick(value, kNames);
  subject(patient_element);
  const TermMask mask = concept_terms(code);
  if (mask == 0) return;
  Procedure& p = facts_.procedures.emplace_back();
  record(p, id, meta, status);
  p.code = mask;
  if (at != nullptr) p.performed = Span::of_point(moment(at));
  else if (during != nullptr) p.performed = period(during);
}

void PatientReader::service_request(const Value& value) {
  static constexpr std::string_view kNames[] = {"id",      "meta",   "status",     "code",
                                                "subject", "intent", "authoredOn", "doNotPerform"};
  const auto [id, meta, status, code, patient_element, intent, authored, not_this] = pick(value, kNames);
  subject(patient_element);
  const TermMask mask = concept_terms(code);
  if (mask == 0) return;
  ServiceRequest& r = facts_.service_requests.emplace_back();
  record(r, id, meta, status);
  r.code = mask;
  r.intent = code_of(text(intent));
  r.authored = moment(authored);
  r.do_not_perform = fhir::boolean(not_this).value_or(false);
}

TermMask PatientReader::medication_terms(const Value& medication) const { return concept_terms(medication.find("code")); }

TermMask PatientReader::contained_medication(const Value& value, std::string_view reference) const {
  TermMask mask = 0;
  each(value.find("contained"), [&](const Value* one) {
    if (text(one, "resourceType") == "Medication" && text(one, "id") == reference.substr(1)) mask |= medication_terms(*one);
  });
  return mask;
}

void PatientReader::dosage(const Value* list, const Value* quantity, bool with_bounds, Supply& supply) {
  // More than one dosage, or dose, cannot be multiplied out.
  const bool single = list != nullptr && (list->is(Kind::object) || list->items().size() == 1);
  const Value* one = !single ? nullptr : list->is(Kind::object) ? list : &list->items().front();
  const Value* repeat = get(one, "timing", "repeat");
  if (with_bounds) {
    const Span bounds = period(get(repeat, "boundsPeriod"));
    supply.bounds_start = bounds.low;
    supply.bounds_end = bounds.high;
  }
  const auto amount = fhir::number(get(quantity, "value"));
  const Value* doses = get(one, "doseAndRate");
  if (supply.days || !amount || doses == nullptr || (doses->is(Kind::array) && doses->items().size() != 1)) return;
  const Value* dose_element = doses->is(Kind::object) ? doses : &doses->items().front();
  auto dose = fhir::number(get(dose_element, "doseRange", "high", "value"));
  if (!dose) dose = fhir::number(get(dose_element, "doseQuantity", "value"));
  auto frequency = fhir::number(get(repeat, "frequencyMax"));
  if (!frequency) frequency = fhir::number(get(repeat, "frequency"));
  const auto every = fhir::number(get(repeat, "period"));
  std::optional<double> daily;
  if (frequency && every) daily = per_day(*frequency, *every, text(repeat, "periodUnit"));
  if (!daily) {
    std::size_t times = 0;
    each(get(repeat, "timeOfDay"), [&](const Value*) { ++times; });
    daily = static_cast<double>(times);
  }
  if (dose && *dose * *daily > 0) supply.days = *amount / (*dose * *daily);
}

void PatientReader::medication_request(const Value& value) {
  static constexpr std::string_view kNames[] = {
      "id",     "meta",       "status",       "medicationCodeableConcept", "medicationReference", "subject",
      "intent", "authoredOn", "doNotPerform", "dispenseRequest",           "dosageInstruction"};
  const auto [id, meta, status, concept_value, reference, patient_element, intent, authored, not_this, dispense, dosages] =
      pick(value, kNames);
  subject(patient_element);
  const auto target = text(reference, "reference");
  const TermMask mask = target.starts_with('#') ? contained_medication(value, target) : concept_terms(concept_value);
  if (mask == 0 && target.empty()) return;
  MedicationRequest& r = facts_.medication_requests.emplace_back();
  record(r, id, meta, status);
  r.medication = mask;
  if (mask == 0) r.medication_reference = target;
  r.intent = code_of(text(intent));
  r.authored = moment(authored);
  r.do_not_perform = fhir::boolean(not_this).value_or(false);
  r.supply.days = days_of(get(dispense, "expectedSupplyDuration"));
  r.supply.validity_start = moment(get(dispense, "validityPeriod", "start"));
  if (const auto repeats = fhir::number(get(dispense, "numberOfRepeatsAllowed")))
    r.supply.repeats = static_cast<int>(std::clamp(*repeats, 0.0, 10'000.0));
  dosage(dosages, get(dispense, "quantity"), true, r.supply);
}

void PatientReader::medication_dispense(const Value& value) {
  static constexpr std::string_view kNames[] = {
      "id",           "meta",       "status",   "medicationCodeableConcept", "medicationReference", "subject", "whenHandedOver",
      "whenPrepared", "daysSupply", "quantity", "dosageInstruction"};
  const auto [id, meta, status, concept_value, reference, patient_element, handed, prepared, days, quantity, dosages] =
      pick(value, kNames);
  subject(patient_element);
  const auto target = text(reference, "reference");
  const TermMask mask = target.starts_with('#') ? contained_medication(value, target) : concept_terms(concept_value);
  if (mask == 0 && target.empty()) return;
  MedicationDispense& d = facts_.medication_dispenses.emplace_back();
  record(d, id, meta, status);
  d.medication = mask;
  if (mask == 0) d.medication_reference = target;
  d.handed_over = moment(handed);
  d.prepared = moment(prepared);
  d.supply.days = days_of(days);
  dosage(dosages, quantity, false, d.supply);
}

TermMask PatientReader::named(std::string_view reference, bool medication) const {
  const auto tail = tail_of(reference);
  for (const Named& one : named_)
    if (one.is_medication == medication &&
        ((!one.id.empty() && one.id == tail) || (!one.full_url.empty() && one.full_url == reference)))
      return one.terms;
  if (!medication || shared_ == nullptr) return 0;
  const auto found = shared_->find(std::string(tail));
  return found == shared_->end() ? 0 : found->second;
}

void PatientReader::resolve() {
  for (const Aged& aged : aged_) {
    Condition& c = facts_.conditions[aged.condition];
    const Value* age = !aged.is_range ? aged.element : aged.element->find(aged.is_onset ? "low" : "high");
    const auto at = at_age(facts_.birth, age);
    if (!at) continue;
    if (aged.is_onset) {
      c.onset = Span::of_point(*at);
      continue;
    }
    // The year of life in which it abated: to the day before the next birthday.
    Moment last = *at;
    last.day = last.day.plus_months(12);
    c.abatement = Span::of_point(just_before(last));
    c.abated = true;
  }
  for (Encounter& e : facts_.encounters)
    for (std::uint32_t i = 0; i < e.link_count; ++i) {
      const Link& link = facts_.links[e.first_link + i];
      (link.is_reason ? e.reason_reference : e.diagnosis) |= named(link.target, false);
    }
  for (auto& r : facts_.medication_requests)
    if (!r.medication_reference.empty()) r.medication = named(r.medication_reference, true);
  for (auto& d : facts_.medication_dispenses)
    if (!d.medication_reference.empty()) d.medication = named(d.medication_reference, true);
}

bool PatientReader::is_of_patient(std::string_view reference) const {
  constexpr std::string_view kRelative = "Patient/";
  if (reference.starts_with(kRelative) && reference.substr(kRelative.size()) == facts_.patient_id) return true;
  if (!patient_url_.empty() && reference == patient_url_) return true;
  return tail_of(reference) == facts_.patient_id;
}

const Facts* PatientReader::finish(std::string_view source) {
  if (patients_ == 0 && issues_.empty()) issues_.push_back({std::string(source), "holds no Patient resource"});
  if (patients_ == 1)
    for (const Subject& subject : subjects_)
      if (!is_of_patient(subject.reference))
        issues_.push_back({path(subject.place, subject.element), "names another patient than the Patient resource beside it"});
  if (!issues_.empty()) return nullptr;
  resolve();
  return &facts_;
}

namespace {

std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) ++at;
  return at;
}

/// Past the string that begins at `at` (a quote); npos when it is cut off.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;
    else if (text[at] == '"') return at + 1;
  }
  return std::string_view::npos;
}

/// Past the value that begins at `at`; npos when it is cut off.
std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::string_view::npos;
  if (text[at] == '"') return skip_string(text, at);
  if (text[at] != '{' && text[at] != '[') {
    while (at < text.size() && text[at] != ',' && text[at] != '}' && text[at] != ']' && text[at] != '\n') ++at;
    return at;
  }
  std::size_t depth = 0;
  while (at < text.size()) {
    switch (text[at]) {
      case '"':
        at = skip_string(text, at);
        if (at == std::string_view::npos) return at;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return std::string_view::npos;
}

/// Calls member(key, value as written) for each member of the object at `at`, until it says false; past its end or where it
/// stopped, npos when it is cut off or no object.
template <class F>
std::size_t walk_object(std::string_view text, std::size_t at, F&& member) {
  if (at >= text.size() || text[at] != '{') return std::string_view::npos;
  at = skip_blank(text, at + 1);
  while (at < text.size() && text[at] == '"') {
    const std::size_t key_end = skip_string(text, at);
    if (key_end == std::string_view::npos) return key_end;
    const auto key = text.substr(at + 1, key_end - at - 2);
    at = skip_blank(text, key_end);
    if (at >= text.size() || text[at] != ':') return std::string_view::npos;
    at = skip_blank(text, at + 1);
    const std::size_t end = skip_value(text, at);
    if (end == std::string_view::npos) return end;
    if (!member(key, text.substr(at, end - at))) return end;
    at = skip_blank(text, end);
    if (at < text.size() && text[at] == ',') at = skip_blank(text, at + 1);
  }
  return at < text.size() && text[at] == '}' ? at + 1 : std::string_view::npos;
}

std::string_view unquoted(std::string_view value) {
  return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2) : std::string_view();
}

}  // namespace

Skimmed skim(std::string_view text, SkimFor what) {
  Skimmed found;
  const std::size_t start = skip_blank(text, 0);
  found.is_object = start < text.size() && text[start] == '{';
  const std::size_t end = walk_object(text, start, [&](std::string_view key, std::string_view value) {
    if (key == "resourceType") found.type = unquoted(value);
    else if (key == "id") found.id = unquoted(value);
    else if (key == "subject" || ((key == "patient" || key == "beneficiary") && found.subject.empty()))
      walk_object(value, 0, [&](std::string_view inner, std::string_view reference) {
        if (inner == "reference") found.subject = unquoted(reference);
        return found.subject.empty();
      });
    if (what == SkimFor::end || found.type.empty()) return true;
    if (what == SkimFor::type || found.type == "Bundle") return false;
    return found.type == "Patient" || found.type == "Medication" ? found.id.empty() : found.subject.empty();
  });
  found.size = end == std::string_view::npos ? 0 : end;
  return found;
}

}  // namespace concord::ecqm
