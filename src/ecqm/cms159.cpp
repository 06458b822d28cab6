// CMS159 (FHIR 1.0.000): depression remission at twelve months. The rules are reference/measures.md section 1.1; what it leaves
// open is decided in section 1.3 and in docs/ecqm.md. Read next: cms2.cpp.
#include <algorithm>

#include "ecqm/judge.h"
#include "ecqm/measure.h"

namespace concord::ecqm {
namespace {

// The order is that of `terms` below.
enum Term : unsigned {
  kPhq9,
  kMajorDepression,
  kDysthymia,
  kVisit,
  kBipolar,
  kLabilePersonality,
  kPsychotic,
  kDevelopmental,
  kInpatient,
  kHospiceEncounter,
  kHospiceDiagnosis,
  kHospiceAmbulatory,
  kPalliativeEncounter,
  kPalliativeDiagnosis,
  kPalliativeIntervention,
  kPalliativeOrHospice,
  kDischargeToHospice,
  kHospiceAssessment,
  kYes,
  kPalliativeAssessment,
};

constexpr std::uint16_t kDiagnosisSystems = kIcd10cm | kSnomed | kIcd9cm;
constexpr std::uint16_t kVisitSystems = kCpt | kHcpcs | kSnomed | kUbrev;

std::vector<TermNeed> terms() {
  const auto set = [](std::string_view title, std::string_view oid, std::uint16_t systems, std::uint16_t expected = 0) {
    return TermNeed{.title = title, .oid = oid, .systems = systems, .code = {}, .code2 = {}, .expected = expected};
  };
  const auto single = [](std::string_view title, System system, std::string_view code, std::string_view other = {}) {
    return TermNeed{.title = title, .oid = {}, .system = system, .code = code, .code2 = other};
  };
  std::vector<TermNeed> list = {
      set("PHQ 9 and PHQ 9M Tools", "2.16.840.1.113883.3.67.1.101.1.263", kLoinc, kLoinc),
      set("Major Depression Including Remission", "2.16.840.113883.3.67.1.101.3.2444", kDiagnosisSystems, kIcd10cm | kSnomed),
      set("Dysthymia", "2.16.840.1.113883.3.67.1.101.1.254", kDiagnosisSystems, kIcd10cm | kSnomed),
      set("Contact or Office Visit", "2.16.840.1.113762.1.4.1080.5", kVisitSystems, kCpt),
      set("Bipolar Disorder", "2.16.840.1.113883.3.67.1.101.1.128", kDiagnosisSystems, kIcd10cm | kSnomed),
      set("Personality Disorder Emotionally Labile", "2.16.840.1.113883.3.67.1.101.1.246", kDiagnosisSystems, kIcd10cm | kSnomed),
      set("Schizophrenia or Psychotic Disorder", "2.16.840.1.113883.3.464.1003.105.12.1104", kDiagnosisSystems,
          kIcd10cm | kSnomed),
      set("Pervasive Developmental Disorder", "2.16.840.1.113883.3.464.1003.105.12.1152", kDiagnosisSystems, kIcd10cm | kSnomed),
      set("Encounter Inpatient", "2.16.840.1.113883.3.666.5.307", kVisitSystems),
      set("Hospice Encounter", "2.16.840.1.113883.3.464.1003.1003", kVisitSystems),
      set("Hospice Diagnosis", "2.16.840.1.113883.3.464.1003.1165", kDiagnosisSystems),
      set("Hospice Care Ambulatory", "2.16.840.1.113883.3.526.3.1584", kVisitSystems | kIcd10pcs),
      set("Palliative Care Encounter", "2.16.840.1.113883.3.464.1003.101.12.1090", kVisitSystems | kIcd10cm),
      set("Palliative Care Diagnosis", "2.16.840.1.113883.3.464.1003.1167", kDiagnosisSystems),
      set("Palliative Care Intervention", "2.16.840.1.113883.3.464.1003.198.12.1135", kVisitSystems | kIcd10pcs),
      set("Palliative or Hospice Care", "2.16.840.1.113883.3.600.1.1579", 0),
      single("Discharge for hospice care", kSnomed, "428361000124107", "428371000124100"),
      single("Hospice care [Minimum Data Set]", kLoinc, "45755-6"),
      single("Yes", kSnomed, "373066001"),
      single("FACIT-Pal", kLoinc, "71007-9"),
  };
  list[kPalliativeOrHospice].required = false;
  return list;
}

constexpr double kIndexAbove = 9, kRemissionBelow = 5;
constexpr int kDaysBeforeVisit = 7, kMonthsToAssessment = 12, kDaysAround = 60, kLeastAge = 12, kAdult = 18;

struct Days {
  Date first, last;
};

class Judgement : public Judge {
 public:
  Judgement(const Facts& facts, const Question& question, PatientResult& out) : Judge(facts, question, out) {
    const Date start = question.period.from;
    identification_ = {start.plus_months(-14), start.plus_months(-2).plus_days(-1)};
  }

  void run() {
    GroupResult& group = out_.groups.emplace_back();
    find_index();
    const std::string_view missing = why_not_in_population();
    if (!missing.empty()) return nobody(group, missing);
    const Date index = index_->effective.low.day;
    const Date year_after = index.plus_months(kMonthsToAssessment);
    assessment_ = {year_after.plus_days(-kDaysAround), year_after.plus_days(kDaysAround)};
    out_.dates = {{"index_date", index}, {"assessment_from", assessment_.first}, {"assessment_to", assessment_.last}};
    out_.values = {{"index_score", index_->number}};
    evidence("Encounter", *visit_);
    evidence("Observation", *index_);

    const auto age = *age_on(facts_.birth, index);
    group.stratum = age.at_least(kAdult) ? 1 : age.within(kLeastAge, kAdult - 1) ? 0 : -1;
    group[Population::initial_population] = {1, "index_assessment"};
    group[Population::denominator] = {1, "index_assessment"};
    group[Population::denominator_exception] = {0, "none_defined"};
    const std::string_view exclusion = why_excluded();
    group[Population::denominator_exclusion] = {exclusion.empty() ? 0 : 1, exclusion.empty() ? "no_exclusion" : exclusion};
    group[Population::numerator] = numerator();
    if (!exclusion.empty()) group[Population::numerator] = {0, "excluded"};
  }

 private:
  bool is_depression(const Condition& c) const {
    return (has(c.code, kMajorDepression) || has(c.code, kDysthymia)) && sees_condition(c) && is_verified(c);
  }
  bool is_final(const Observation& o) const {
    return o.status == Code::final || o.status == Code::amended || o.status == Code::corrected;
  }
  bool is_phq(const Observation& o) const { return has(o.code, kPhq9) && sees(o, kProfileScreening) && is_final(o); }

  bool ended_in_identification_period(const Encounter& e) const {
    return has(e.type, kVisit) && sees(e, kProfileEncounter) && e.status == Code::finished &&
           met(ends_within(e.period, identification_.first, identification_.last));
  }
  bool is_qualifying(const Encounter& e) const {
    return ended_in_identification_period(e) &&
           std::any_of(facts_.conditions.begin(), facts_.conditions.end(),
                       [&](const Condition& c) { return is_depression(c) && met(overlap(e.period, prevalence_of(c))); });
  }

  void find_index() {
    for (const Encounter& e : facts_.encounters) {
      if (!ended_in_identification_period(e)) continue;
      any_visit_ = true;
      if (!is_qualifying(e)) continue;
      any_qualifying_ = true;
      if (e.period.low_edge != Span::Edge::known || !e.period.low.has_day()) continue;
      const Moment from = Moment::of(e.period.low.day.plus_days(-kDaysBeforeVisit));
      for (const Observation& o : facts_.observations) {
        if (!is_phq(o) || o.value_kind != ValueKind::number || !met(lies_within(o.effective, from, e.period.high))) continue;
        any_score_ = true;
        if (o.number <= kIndexAbove || !o.effective.low.has_day()) continue;
        if (index_ == nullptr || earlier(o.effective.low, *index_)) {
          index_ = &o;
          visit_ = &e;
        }
      }
    }
  }
  bool earlier(const Moment& at, const Observation& than) const { return at.order() < than.effective.low.order(); }

  std::string_view why_not_in_population() const {
    if (!any_visit_) return "no_visit";
    if (!any_qualifying_) return "no_depression_at_visit";
    if (index_ == nullptr) return any_score_ ? "score_not_above_9" : "no_score_at_visit";
    const auto age = age_on(facts_.birth, index_->effective.low.day);
    if (!age) return "no_birth_date";
    return age->at_least(kLeastAge) ? "" : "under_12";
  }

  Span window() const { return Span::of_days(identification_.first, assessment_.last); }

  std::string_view why_excluded() {
    for (const auto find : {&Judgement::hospice, &Judgement::palliative_care, &Judgement::other_disorder}) {
      const auto reason = (this->*find)();
      if (!reason.empty()) return reason;
    }
    return facts_.died.present() && met(on_or_before_day(facts_.died, Moment::of(assessment_.last))) ? "died" : "";
  }

  std::string_view hospice() {
    for (const Encounter& e : facts_.encounters) {
      if (!sees(e, kProfileEncounter)) continue;
      if (has(e.type, kInpatient) && has(e.discharge, kDischargeToHospice) && e.status == Code::finished &&
          met(ends_within(e.period, identification_.first, assessment_.last)))
        return excluded_by("Encounter", e, "hospice_discharge");
      const bool happened = e.status != Code::cancelled && e.status != Code::entered_in_error && e.status != Code::unknown;
      if (has(e.type, kHospiceEncounter) && happened && met(overlap_by_day(e.period, window())))
        return excluded_by("Encounter", e, "hospice_encounter");
    }
    for (const Observation& o : facts_.observations)
      if (has(o.code, kHospiceAssessment) && has(o.value, kYes) && sees(o, kProfileScreening) && is_final(o) &&
          met(overlap_by_day(o.effective, window())))
        return excluded_by("Observation", o, "hospice_assessment");
    for (const ServiceRequest& r : facts_.service_requests)
      if (has(r.code, kHospiceAmbulatory) && sees(r, kProfileServiceRequest) && is_placed(r.status) && is_order(r.intent) &&
          !r.do_not_perform && met(day_within(r.authored, identification_.first, assessment_.last)))
        return excluded_by("ServiceRequest", r, "hospice_order");
    for (const Procedure& p : facts_.procedures)
      if (has(p.code, kHospiceAmbulatory) && was_done(p)) return excluded_by("Procedure", p, "hospice_procedure");
    return diagnosis(kHospiceDiagnosis, "hospice_diagnosis");
  }

  std::string_view palliative_care() {
    for (const Observation& o : facts_.observations)
      if (has(o.code, kPalliativeAssessment) && sees(o, kProfileScreening) && is_final(o) &&
          met(overlap_by_day(o.effective, window())))
        return excluded_by("Observation", o, "palliative_assessment");
    if (const auto reason = diagnosis(kPalliativeDiagnosis, "palliative_diagnosis"); !reason.empty()) return reason;
    for (const Encounter& e : facts_.encounters)
      if (has(e.type, kPalliativeEncounter) && sees(e, kProfileEncounter) && e.status == Code::finished &&
          met(overlap_by_day(e.period, window())))
        return excluded_by("Encounter", e, "palliative_encounter");
    for (const Procedure& p : facts_.procedures)
      if (has(p.code, kPalliativeIntervention) && was_done(p)) return excluded_by("Procedure", p, "palliative_procedure");
    return {};
  }

  bool was_done(const Procedure& p) const {
    return sees(p, kProfileProcedure) && p.status != Code::not_done && p.status != Code::entered_in_error &&
           p.status != Code::unknown && met(overlap_by_day(p.performed, window()));
  }

  std::string_view diagnosis(Term term, std::string_view reason) {
    for (const Condition& c : facts_.conditions)
      if (has(c.code, term) && sees_condition(c) && is_verified(c) && met(overlap_by_day(prevalence_of(c), window())))
        return excluded_by("Condition", c, reason);
    return {};
  }

  std::string_view other_disorder() {
    struct Disorder {
      Term term;
      std::string_view reason;
    };
    static constexpr Disorder kDisorders[] = {{kBipolar, "bipolar_disorder"},
                                              {kLabilePersonality, "labile_personality_disorder"},
                                              {kPsychotic, "psychotic_disorder"},
                                              {kDevelopmental, "developmental_disorder"}};
    for (const auto& disorder : kDisorders)
      for (const Condition& c : facts_.conditions)
        if (has(c.code, disorder.term) && sees_condition(c) && is_verified(c) &&
            met(starts_by_day(prevalence_of(c), assessment_.last)))
          return excluded_by("Condition", c, disorder.reason);
    return {};
  }

  Standing numerator() {
    const Observation* last = nullptr;
    for (const Observation& o : facts_.observations)
      if (is_phq(o) && met(starts_within(o.effective, assessment_.first, assessment_.last)) &&
          (last == nullptr || later(o.effective.low, last->effective.low)))
        last = &o;
    if (last == nullptr) return {0, "no_score_in_assessment_period"};
    evidence("Observation", *last);
    out_.dates.push_back({"last_score_date", last->effective.low.day});
    if (last->value_kind != ValueKind::number) return {0, "last_score_has_no_number"};
    out_.values.emplace_back("last_score", last->number);
    return last->number < kRemissionBelow ? Standing{1, "remission"} : Standing{0, "last_score_5_or_more"};
  }

  Days identification_, assessment_;
  const Observation* index_ = nullptr;
  const Encounter* visit_ = nullptr;
  bool any_visit_ = false, any_qualifying_ = false, any_score_ = false;
};

std::string_view words(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"index_assessment", "PHQ-9 above 9 at a visit with depression"},
      {"no_visit", "no finished visit ended in the identification period"},
      {"no_depression_at_visit", "no verified depression at such a visit"},
      {"no_score_at_visit", "no PHQ-9 from 7 days before such a visit to its end"},
      {"score_not_above_9", "PHQ-9 at such a visit not above 9"},
      {"no_birth_date", "no birth date"},
      {"under_12", "under 12 at the index assessment"},
      {"not_in_denominator", "not in the denominator"},
      {"no_exclusion", "nothing excludes"},
      {"none_defined", "the measure has no exceptions"},
      {"excluded", "excluded"},
      {"hospice_discharge", "discharged to hospice care"},
      {"hospice_encounter", "hospice encounter"},
      {"hospice_assessment", "assessment says hospice care"},
      {"hospice_order", "hospice care ordered"},
      {"hospice_procedure", "hospice care given"},
      {"hospice_diagnosis", "hospice diagnosis"},
      {"palliative_assessment", "palliative care assessment"},
      {"palliative_diagnosis", "palliative care diagnosis"},
      {"palliative_encounter", "palliative care encounter"},
      {"palliative_procedure", "palliative care given"},
      {"bipolar_disorder", "bipolar disorder"},
      {"labile_personality_disorder", "emotionally labile personality disorder"},
      {"psychotic_disorder", "schizophrenia or psychotic disorder"},
      {"developmental_disorder", "pervasive developmental disorder"},
      {"died", "died by the end of the assessment period"},
      {"remission", "last PHQ-9 in the assessment period below 5"},
      {"no_score_in_assessment_period", "no PHQ-9 at twelve months, 60 days around"},
      {"last_score_has_no_number", "last PHQ-9 has no number"},
      {"last_score_5_or_more", "last PHQ-9 is 5 or more"},
  };
  for (const auto& [code, text] : kWords)
    if (code == reason) return text;
  return {};
}

void evaluate(const Facts& facts, const Question& question, PatientResult& out) { Judgement(facts, question, out).run(); }

}  // namespace

const Measure& cms159() {
  static const Measure measure{.id = "cms159",
                               .name = "CMS159FHIRDepressionRemissionatTwelveMonths",
                               .title = "Depression remission at twelve months",
                               .version = "1.0.000",
                               .url = "https://madie.cms.gov/Measure/CMS159FHIRDepressionRemissionatTwelveMonths",
                               .basis = "boolean",
                               .has_exceptions = false,
                               .groups = {{"1", "Depression remission at twelve months", {"12-17", "18+"}}},
                               .terms = terms(),
                               .evaluate = evaluate,
                               .words = words};
  return measure;
}

}  // namespace concord::ecqm
