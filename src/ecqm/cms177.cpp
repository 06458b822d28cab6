// CMS177 Child and Adolescent Major Depressive Disorder: Suicide Risk Assessment. Counts visits, not patients.
// Read from the public FHIR description (draft 0.1.000); docs/ecqm.md says what could not be confirmed for 2026.
#include "ecqm/judge.h"

namespace concord::ecqm {
namespace {

enum Term : unsigned {
  kDepression,
  kOffice,
  kConsultation,
  kPsychEvaluation,
  kFamilyTherapy,
  kPsychotherapy,
  kPsychoanalysis,
  kGroupTherapy,
  kTelephone,
  kRiskAssessment,
};
constexpr std::uint16_t kVisitSystems = kCpt | kHcpcs | kSnomed;
constexpr TermMask kVisit = bit(kOffice) | bit(kConsultation) | bit(kPsychEvaluation) | bit(kFamilyTherapy) |
                            bit(kPsychotherapy) | bit(kPsychoanalysis) | bit(kGroupTherapy) | bit(kTelephone);
constexpr int kYoungest = 6, kOldest = 16;

/// Does `inner` begin and end within `outer`, in full? Both ends must be known; an inner stretch without an end never lies
/// within.
bool lies_within_in_full(const Span& inner, const Span& outer) {
  using Edge = Span::Edge;
  if (!inner.exists || !outer.exists) return false;
  if (inner.low_edge != Edge::known || inner.high_edge != Edge::known || outer.low_edge != Edge::known) return false;
  const bool before_end =
      outer.high_edge == Edge::unbounded || (outer.high_edge == Edge::known && met(on_or_before(inner.high, outer.high)));
  return before_end && met(on_or_before(outer.low, inner.low));
}

class Cms177 : Judge {
 public:
  Cms177(const Facts& facts, const Question& question, PatientResult& out) : Judge(facts, question, out) {}

  void judge() {
    GroupResult group;
    int visits = 0, assessed = 0;
    const auto age = age_on(facts_.birth, question_.period.from);
    const bool of_age = age && age->within(kYoungest, kOldest);
    if (of_age)
      for (const Encounter& e : facts_.encounters) {
        if (!qualifies(e)) continue;
        ++visits;
        evidence("Encounter", e);
        const auto done = std::find_if(facts_.procedures.begin(), facts_.procedures.end(), [&](const Procedure& p) {
          return has(p.code, kRiskAssessment) && p.status == Code::completed && sees(p, kProfileProcedure) &&
                 lies_within_in_full(p.performed, e.period);
        });
        if (done == facts_.procedures.end()) continue;
        ++assessed;
        evidence("Procedure", *done);
      }
    if (visits == 0) {
      nobody(group, !age ? "no_birth_date" : of_age ? "no_visit_with_depression" : "not_6_to_16");
    } else {
      group[Population::initial_population] = {visits, "visit_with_depression"};
      group[Population::denominator] = {visits, "visit_with_depression"};
      group[Population::denominator_exclusion] = {0, "no_exclusion"};
      group[Population::denominator_exception] = {0, "no_exception"};
      group[Population::numerator] = {assessed, assessed == visits ? "risk_assessed"
                                                : assessed == 0    ? "risk_not_assessed"
                                                                   : "risk_assessed_at_some_visits"};
    }
    out_.groups.push_back(group);
  }

 private:
  bool qualifies(const Encounter& e) const {
    return (e.type & kVisit) != 0 && e.status == Code::finished && sees(e, kProfileEncounter) &&
           has(e.reason | e.diagnosis | e.reason_reference, kDepression) &&
           met(lies_within(e.period, question_.period.from, question_.period.to));
  }
};

void evaluate(const Facts& facts, const Question& question, PatientResult& out) { Cms177(facts, question, out).judge(); }

std::string_view words(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"no_birth_date", "no birth date"},
      {"not_6_to_16", "not 6 to 16 years old at the start of the period"},
      {"no_visit_with_depression", "no finished visit in the period with active major depression as its reason or diagnosis"},
      {"visit_with_depression", "visit with active major depression"},
      {"not_in_denominator", "not in the denominator"},
      {"no_exclusion", "this measure has no exclusions"},
      {"no_exception", "this measure has no exceptions"},
      {"risk_assessed", "suicide risk assessed during the visit"},
      {"risk_not_assessed", "suicide risk not assessed during the visit"},
      {"risk_assessed_at_some_visits", "suicide risk assessed during some of the visits"},
  };
  for (const auto& [code, text] : kWords)
    if (code == reason) return text;
  return "";
}

}  // namespace

const Measure& cms177() {
  static const Measure measure = [] {
    Measure m;
    m.id = "cms177";
    m.name = "CMS177FHIRChildAdolescentMDDSuicideRiskAssessment";
    m.title = "Child and Adolescent Major Depressive Disorder (MDD): Suicide Risk Assessment";
    m.version = "1.0.000";
    m.url = "https://madie.cms.gov/Measure/CMS177FHIRChildAdolescentMDDSuicideRiskAssessment";
    m.basis = "Encounter";
    m.has_exclusions = false;
    m.groups = {{"1", "Visits with major depression", {}}};
    m.terms = {
        value_set("Major Depressive Disorder Active", "2.16.840.1.113883.3.526.3.1491", kSnomed | kIcd10cm),
        value_set("Office Visit", "2.16.840.1.113883.3.464.1003.101.12.1001", kVisitSystems),
        value_set("Outpatient Consultation", "2.16.840.1.113883.3.464.1003.101.12.1008", kVisitSystems),
        value_set("Psych Visit Diagnostic Evaluation", "2.16.840.1.113883.3.526.3.1492", kVisitSystems),
        value_set("Psych Visit for Family Psychotherapy", "2.16.840.1.113883.3.526.3.1018", kVisitSystems),
        value_set("Psych Visit Psychotherapy", "2.16.840.1.113883.3.526.3.1496", kVisitSystems),
        value_set("Psychoanalysis", "2.16.840.1.113883.3.526.3.1141", kVisitSystems),
        value_set("Group Psychotherapy", "2.16.840.1.113883.3.526.3.1187", kVisitSystems),
        value_set("Telephone Visits", "2.16.840.1.113883.3.464.1003.101.12.1080", kVisitSystems),
        single_code("Suicide risk assessment", kSnomed, "225337009"),
    };
    m.evaluate = evaluate;
    m.words = words;
    return m;
  }();
  return measure;
}

}  // namespace concord::ecqm
