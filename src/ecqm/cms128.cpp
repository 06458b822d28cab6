// CMS128 Antidepressant Medication Management, two groups: covered days in the acute and in the continuation phase.
// Read from the public FHIR description (draft 0.3.000); docs/ecqm.md says what could not be confirmed for 2026.
#include <algorithm>
#include <bitset>
#include <iterator>

#include "ecqm/judge.h"

namespace concord::ecqm {
namespace {

enum Term : unsigned {
  kAntidepressant,
  kMajorDepression,
  kWellness,
  kHomeHealth,
  kNursingFacility,
  kOffice,
  kPreventiveEstablished,
  kPreventiveInitial,
  kPsychEvaluation,
  kPsychotherapy,
  kTelephone,
  kVirtual,
  kInpatient,
  kHospiceEncounter,
  kHospiceDiagnosis,
  kHospiceCare,
  kToHospice,
  kMinimumDataSet,
  kYes,
};

constexpr std::uint16_t kVisitSystems = kCpt | kHcpcs | kSnomed;
constexpr TermMask kVisit = bit(kWellness) | bit(kHomeHealth) | bit(kNursingFacility) | bit(kOffice) |
                            bit(kPreventiveEstablished) | bit(kPreventiveInitial) | bit(kPsychEvaluation) | bit(kPsychotherapy) |
                            bit(kTelephone) | bit(kVirtual);

constexpr int kNearDays = 60;       // diagnosis and visit around the first dispense
constexpr int kLookBackDays = 105;  // an order in these days before it: not a new course
struct Phase {
  int days, covered;
  std::string_view name;
};
constexpr Phase kPhases[] = {{114, 84, "covered_days_114"}, {231, 180, "covered_days_231"}};
constexpr int kAdult = 18;

bool is_performed(Code encounter) {
  return encounter == Code::finished || encounter == Code::arrived || encounter == Code::triaged ||
         encounter == Code::in_progress || encounter == Code::onleave;
}
bool is_dispensed(Code s) { return s == Code::completed || s == Code::in_progress || s == Code::on_hold; }
bool is_result(Code s) { return s == Code::final || s == Code::amended || s == Code::corrected; }

struct Covered {
  Date from, to;
};
class Cms128 : Judge {
 public:
  Cms128(const Facts& facts, const Question& question, PatientResult& out) : Judge(facts, question, out) {}

  void judge() {
    const int year = static_cast<int>(question_.period.from.parts().year());
    const Date intake_from = Date::ymd(year - 1, 5, 1), intake_to = Date::ymd(year, 4, 30);
    for (const MedicationDispense& d : facts_.medication_dispenses) {
      const auto days = covered_days(d);
      if (days && days->from >= intake_from && days->from <= intake_to && (!first_ || days->from < *first_)) first_ = days->from;
    }
    if (first_) out_.dates.push_back({"first_dispense", *first_});
    const std::string_view why_not = why_not_in_population();
    const std::string_view excluded = why_not.empty() ? exclusion() : "";
    for (std::size_t i = 0; i < std::size(kPhases); ++i) {
      GroupResult group;
      if (why_not.empty()) phase(i, excluded, group);
      else nobody(group, why_not);
      out_.groups.push_back(group);
    }
  }

 private:
  /// The days of a dispense, when they are known and there is one.
  std::optional<Covered> covered_days(const MedicationDispense& d) const {
    if (!has(d.medication, kAntidepressant) || !is_dispensed(d.status) || !sees(d, kProfileMedicationDispense))
      return std::nullopt;
    const Span s = d.supplied();
    if (!s.exists || s.high.day < s.low.day) return std::nullopt;
    return Covered{s.low.day, s.high.day};
  }

  /// "" when the patient is in the initial population.
  std::string_view why_not_in_population() {
    if (!first_) return "no_dispense_in_intake";
    const auto age = age_on(facts_.birth, *first_);
    if (!age) return "no_birth_date";
    if (!age->at_least(kAdult)) return "younger_than_18";
    const Date from = first_->plus_days(-kNearDays), to = first_->plus_days(kNearDays);
    const auto depression = std::find_if(facts_.conditions.begin(), facts_.conditions.end(), [&](const Condition& c) {
      return has(c.code, kMajorDepression) && sees_condition(c) && met(starts_within(prevalence_of(c), from, to));
    });
    if (depression == facts_.conditions.end()) return "no_major_depression";
    const auto visit = std::find_if(facts_.encounters.begin(), facts_.encounters.end(), [&](const Encounter& e) {
      return (e.type & kVisit) != 0 && is_performed(e.status) && sees(e, kProfileEncounter) &&
             met(starts_within(e.period, from, to));
    });
    if (visit == facts_.encounters.end()) return "no_visit";
    evidence("Condition", *depression);
    evidence("Encounter", *visit);
    return "";
  }

  /// "" when nothing excludes.
  std::string_view exclusion() {
    const auto [from, to] = question_.period;
    const Span period = Span::of_days(from, to);
    for (const Encounter& e : facts_.encounters) {
      if (!is_performed(e.status) || !sees(e, kProfileEncounter)) continue;
      if (has(e.type, kInpatient) && has(e.discharge, kToHospice) && met(ends_within(e.period, from, to)))
        return excluded_by("Encounter", e, "discharged_to_hospice");
      if (has(e.type, kHospiceEncounter) && met(overlap_by_day(e.period, period)))
        return excluded_by("Encounter", e, "hospice_encounter");
    }
    for (const Observation& o : facts_.observations)
      if (has(o.code, kMinimumDataSet) && has(o.value, kYes) && is_result(o.status) && sees(o, kProfileScreening) &&
          met(overlap_by_day(o.effective, period)))
        return excluded_by("Observation", o, "hospice_assessment");
    for (const ServiceRequest& r : facts_.service_requests)
      if (has(r.code, kHospiceCare) && is_placed(r.status) && is_order(r.intent) && !r.do_not_perform &&
          sees(r, kProfileServiceRequest) && met(day_within(r.authored, from, to)))
        return excluded_by("ServiceRequest", r, "hospice_order");
    for (const Procedure& p : facts_.procedures)
      if (has(p.code, kHospiceCare) && p.status == Code::completed && sees(p, kProfileProcedure) &&
          met(overlap_by_day(p.performed, period)))
        return excluded_by("Procedure", p, "hospice_care");
    for (const Condition& c : facts_.conditions)
      if (has(c.code, kHospiceDiagnosis) && sees_condition(c) && met(overlap_by_day(prevalence_of(c), period)))
        return excluded_by("Condition", c, "hospice_diagnosis");
    const Span before = Span::of_days(first_->plus_days(-kLookBackDays), first_->plus_days(-1));
    for (const MedicationRequest& r : facts_.medication_requests)
      if (has(r.medication, kAntidepressant) && r.status == Code::active && is_order(r.intent) && !r.do_not_perform &&
          sees(r, kProfileMedicationRequest) && met(overlap_by_day(r.supplied(), before)))
        return excluded_by("MedicationRequest", r, "antidepressant_before");
    return "";
  }

  void phase(std::size_t i, std::string_view excluded, GroupResult& group) {
    group[Population::initial_population] = {1, "dispensed_with_depression"};
    group[Population::denominator] = {1, "dispensed_with_depression"};
    group[Population::denominator_exclusion] = excluded.empty() ? Standing{0, "no_exclusion"} : Standing{1, excluded};
    group[Population::denominator_exception] = {0, "no_exception"};
    std::bitset<232> covered;  // days from the first dispense
    for (const MedicationDispense& d : facts_.medication_dispenses) {
      const auto days = covered_days(d);
      if (!days) continue;
      const int from = std::max(0, days->from - *first_), to = std::min(kPhases[i].days, days->to - *first_);
      for (int day = from; day <= to; ++day) covered.set(static_cast<std::size_t>(day));
      if (from <= to) evidence("MedicationDispense", d);
    }
    const int count = static_cast<int>(covered.count());
    out_.values.emplace_back(kPhases[i].name, count);
    if (!excluded.empty()) group[Population::numerator] = {0, "excluded"};
    else if (count >= kPhases[i].covered) group[Population::numerator] = {1, "covered_long_enough"};
    else group[Population::numerator] = {0, "not_covered_long_enough"};
  }

  std::optional<Date> first_;
};

void evaluate(const Facts& facts, const Question& question, PatientResult& out) { Cms128(facts, question, out).judge(); }

std::string_view words(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"no_dispense_in_intake", "no antidepressant dispensed from 1 May of the year before to 30 April"},
      {"no_birth_date", "no birth date"},
      {"younger_than_18", "younger than 18 on the day of the first dispense"},
      {"no_major_depression", "no major depression that began within 60 days of the first dispense"},
      {"no_visit", "no visit within 60 days of the first dispense"},
      {"dispensed_with_depression", "antidepressant dispensed, with major depression and a visit near it"},
      {"not_in_denominator", "not in the denominator"},
      {"no_exclusion", "no exclusion"},
      {"no_exception", "this measure has no exceptions"},
      {"excluded", "excluded"},
      {"covered_long_enough", "the medicine covered enough days"},
      {"not_covered_long_enough", "the medicine did not cover enough days"},
      {"discharged_to_hospice", "discharged to hospice care"},
      {"hospice_encounter", "hospice encounter"},
      {"hospice_assessment", "hospice care in the minimum data set"},
      {"hospice_order", "hospice care ordered"},
      {"hospice_care", "hospice care given"},
      {"hospice_diagnosis", "hospice diagnosis"},
      {"antidepressant_before", "an active antidepressant order in the 105 days before"},
  };
  for (const auto& [code, text] : kWords)
    if (code == reason) return text;
  return "";
}

}  // namespace

const Measure& cms128() {
  static const Measure measure = [] {
    Measure m;
    m.id = "cms128";
    m.name = "CMS128FHIRAntidepressantMedManagement";
    m.title = "Antidepressant Medication Management";
    m.version = "1.0.000";
    m.url = "https://madie.cms.gov/Measure/CMS128FHIRAntidepressantMedManagement";
    m.basis = "boolean";
    m.groups = {{"acute", "At least 84 of the first 115 days covered", {}},
                {"continuation", "At least 180 of the first 232 days covered", {}}};
    m.terms = {
        value_set("Antidepressant Medication", "2.16.840.1.113883.3.464.1003.196.12.1213", kRxNorm),
        value_set("Major Depression", "2.16.840.1.113883.3.464.1003.105.12.1007", kSnomed | kIcd10cm),
        value_set("Annual Wellness Visit", "2.16.840.1.113883.3.526.3.1240", kVisitSystems),
        value_set("Home Healthcare Services", "2.16.840.1.113883.3.464.1003.101.12.1016", kVisitSystems),
        value_set("Nursing Facility Visit", "2.16.840.1.113883.3.464.1003.101.12.1012", kVisitSystems),
        value_set("Office Visit", "2.16.840.1.113883.3.464.1003.101.12.1001", kVisitSystems),
        value_set("Preventive Care, Established Office Visit, 18 and Up", "2.16.840.1.113883.3.464.1003.101.12.1025",
                  kVisitSystems),
        value_set("Preventive Care, Initial Office Visit, 18 and Up", "2.16.840.1.113883.3.464.1003.101.12.1023", kVisitSystems),
        value_set("Psych Visit Diagnostic Evaluation", "2.16.840.1.113883.3.526.3.1492", kVisitSystems),
        value_set("Psych Visit Psychotherapy", "2.16.840.1.113883.3.526.3.1496", kVisitSystems),
        value_set("Telephone Visits", "2.16.840.1.113883.3.464.1003.101.12.1080", kVisitSystems),
        value_set("Virtual Encounter", "2.16.840.1.113883.3.464.1003.101.12.1089", kVisitSystems),
        value_set("Encounter Inpatient", "2.16.840.1.113883.3.666.5.307", kSnomed),
        value_set("Hospice Encounter", "2.16.840.1.113883.3.464.1003.1003", kVisitSystems),
        value_set("Hospice Diagnosis", "2.16.840.1.113883.3.464.1003.1165", kSnomed | kIcd10cm),
        value_set("Hospice Care Ambulatory", "2.16.840.1.113883.3.526.3.1584", kSnomed),
        single_code("Discharge to hospice", kSnomed, "428361000124107", "428371000124100"),
        single_code("Hospice care (minimum data set)", kLoinc, "45755-6"),
        single_code("Yes", kSnomed, "373066001"),
    };
    m.evaluate = evaluate;
    m.words = words;
    return m;
  }();
  return measure;
}

}  // namespace concord::ecqm
