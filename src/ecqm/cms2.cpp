// CMS2 (FHIR 1.0.000): screening for depression and follow-up plan. The rules are reference/measures.md section 1.2; what it
// leaves open is decided in section 1.3 and in docs/ecqm.md. Read next: judge.h.
#include <algorithm>

#include "ecqm/judge.h"
#include "ecqm/measure.h"

namespace concord::ecqm {
namespace {

// The order is that of `terms` below. What exists once for adolescents and once for adults stands in pairs.
enum Term : unsigned {
  kVisitToScreen,
  kPhysicalTherapy,
  kTelephone,
  kBipolar,
  kMedicalReason,
  kMedicationAdolescent,
  kMedicationAdult,
  kFollowUpAdolescent,
  kFollowUpAdult,
  kReferralAdolescent,
  kReferralAdult,
  kScreenAdolescent,
  kScreenAdult,
  kNegative,
  kPositive,
  kDeclined,
};

constexpr std::uint16_t kDiagnosisSystems = kIcd10cm | kSnomed | kIcd9cm;
constexpr std::uint16_t kVisitSystems = kCpt | kHcpcs | kSnomed | kUbrev | kCdt;

std::vector<TermNeed> terms() {
  const auto set = [](std::string_view title, std::string_view oid, std::uint16_t systems, std::uint16_t expected = 0) {
    return TermNeed{.title = title, .oid = oid, .systems = systems, .code = {}, .code2 = {}, .expected = expected};
  };
  const auto single = [](std::string_view title, System system, std::string_view code) {
    return TermNeed{.title = title, .oid = {}, .system = system, .code = code, .code2 = {}};
  };
  return {
      set("Encounter to Screen for Depression", "2.16.840.1.113883.3.600.1916", kVisitSystems, kCpt),
      set("Physical Therapy Evaluation", "2.16.840.1.113883.3.526.3.1022", kVisitSystems, kCpt),
      set("Telephone Visits", "2.16.840.1.113883.3.464.1003.101.12.1080", kVisitSystems, kCpt),
      set("Bipolar Disorder", "2.16.840.1.113883.3.67.1.101.1.128", kDiagnosisSystems, kIcd10cm | kSnomed),
      set("Medical Reason", "2.16.840.1.113883.3.526.3.1007", kSnomed, kSnomed),
      set("Adolescent Depression Medications", "2.16.840.1.113883.3.526.3.1567", kRxNorm, kRxNorm),
      set("Adult Depression Medications", "2.16.840.1.113883.3.526.3.1566", kRxNorm, kRxNorm),
      set("Follow Up for Adolescent Depression", "2.16.840.1.113883.3.526.3.1569", kVisitSystems | kIcd10pcs | kIcd10cm, kSnomed),
      set("Follow Up for Adult Depression", "2.16.840.1.113883.3.526.3.1568", kVisitSystems | kIcd10pcs | kIcd10cm, kSnomed),
      set("Referral for Adolescent Depression", "2.16.840.1.113883.3.526.3.1570", kVisitSystems | kIcd10pcs, kSnomed),
      set("Referral for Adult Depression", "2.16.840.1.113883.3.526.3.1571", kVisitSystems | kIcd10pcs, kSnomed),
      single("Adolescent depression screening assessment", kLoinc, "73831-0"),
      single("Adult depression screening assessment", kLoinc, "73832-8"),
      single("Depression screening negative", kSnomed, "428171000124102"),
      single("Depression screening positive", kSnomed, "428181000124104"),
      single("Depression screening declined", kSnomed, "720834000"),
  };
}

constexpr int kDaysBeforeVisit = 14, kDaysAfterVisit = 2, kLeastAge = 12, kEither = 17, kAdult = 18;

/// The terms of one of the two tools.
struct Tool {
  Term screen, medication, follow_up, referral;
  std::string_view date;  // name of the screening's day
};
constexpr Tool kAdolescentTool = {kScreenAdolescent, kMedicationAdolescent, kFollowUpAdolescent, kReferralAdolescent,
                                  "adolescent_screening_date"};
constexpr Tool kAdultTool = {kScreenAdult, kMedicationAdult, kFollowUpAdult, kReferralAdult, "adult_screening_date"};

class Judgement : public Judge {
 public:
  Judgement(const Facts& facts, const Question& question, PatientResult& out) : Judge(facts, question, out) {}

  void run() {
    GroupResult& group = out_.groups.emplace_back();
    const auto age = age_on(facts_.birth, question_.period.from);
    const Encounter* visit = first_visit();
    const std::string_view missing = !age                        ? "no_birth_date"
                                     : !age->at_least(kLeastAge) ? "under_12"
                                     : visit == nullptr          ? "no_visit"
                                                                 : "";
    if (!missing.empty()) return nobody(group, missing);
    evidence("Encounter", *visit);
    group[Population::initial_population] = {1, "visit"};
    group[Population::denominator] = {1, "visit"};
    group[Population::denominator_exclusion] = exclusion();
    if (group[Population::denominator_exclusion].in()) {
      group[Population::numerator] = {0, "excluded"};
      group[Population::denominator_exception] = {0, "excluded"};
      return;
    }
    group[Population::numerator] = numerator(*age);
    group[Population::denominator_exception] = group[Population::numerator].in() ? Standing{0, "in_numerator"} : exception();
    if (group[Population::denominator_exception].in()) group[Population::numerator].reason = "exception";
  }

 private:
  bool is_visit(const Encounter& e) const {
    constexpr TermMask kVisits = bit(kVisitToScreen) | bit(kPhysicalTherapy) | bit(kTelephone);
    return (e.type & kVisits) != 0 && sees(e, kProfileEncounter) && e.status == Code::finished &&
           met(lies_within(e.period, question_.period.from, question_.period.to));
  }
  const Encounter* first_visit() const {
    const auto found =
        std::find_if(facts_.encounters.begin(), facts_.encounters.end(), [&](const Encounter& e) { return is_visit(e); });
    return found == facts_.encounters.end() ? nullptr : &*found;
  }
  template <class F>
  bool at_some_visit(F&& holds) const {
    return std::any_of(facts_.encounters.begin(), facts_.encounters.end(),
                       [&](const Encounter& e) { return is_visit(e) && holds(e); });
  }
  /// Is `at` 0 to 14 days before the day the visit starts?
  static bool before_visit(const Moment& at, const Encounter& e) {
    if (e.period.low_edge != Span::Edge::known || !e.period.low.has_day()) return false;
    const Date start = e.period.low.day;
    return met(day_within(at, start.plus_days(-kDaysBeforeVisit), start));
  }

  Standing exclusion() {
    for (const Condition& c : facts_.conditions) {
      if (!has(c.code, kBipolar) || !is_problem(c)) continue;
      const Span span = prevalence_of(c);
      if (!span.exists) continue;
      const bool before = at_some_visit([&](const Encounter& e) {
        if (e.period.low_edge != Span::Edge::known) return false;
        return span.low_edge == Span::Edge::unbounded || met(before_day(span.low, e.period.low));
      });
      if (!before) continue;
      evidence("Condition", c);
      return {1, "bipolar_disorder"};
    }
    return {0, "no_exclusion"};
  }

  bool is_screening(const Observation& o, const Tool& tool) const {
    return has(o.code, tool.screen) && sees(o, kProfileScreening) && o.value_kind != ValueKind::none &&
           (o.status == Code::final || o.status == Code::amended || o.status == Code::corrected) && o.effective.exists &&
           o.effective.high_edge == Span::Edge::known &&
           at_some_visit([&](const Encounter& e) { return before_visit(o.effective.high, e); });
  }
  const Observation* most_recent(const Tool& tool) const {
    const Observation* last = nullptr;
    for (const Observation& o : facts_.observations) {
      if (!is_screening(o, tool)) continue;
      if (last == nullptr || later(o.effective.low, last->effective.low)) last = &o;
    }
    return last;
  }

  Standing numerator(const AgeRange& age) {
    const bool adolescent = age.within(kLeastAge, kEither - 1), either = age.within(kEither, kEither);
    const bool adult = age.at_least(kAdult);
    Standing best{0, "not_screened"};
    if (adolescent || either) best = of_tool(kAdolescentTool);
    if (adult || (either && !best.in())) {
      const Standing other = of_tool(kAdultTool);
      if (other.in() || best.reason == "not_screened") best = other;
    }
    return best;
  }

  Standing of_tool(const Tool& tool) {
    const Observation* screen = most_recent(tool);
    if (screen == nullptr) return {0, "not_screened"};
    evidence("Observation", *screen);
    if (screen->effective.low.has_day()) out_.dates.push_back({tool.date, screen->effective.low.day});
    if (has(screen->value, kNegative)) return {1, "screened_negative"};
    if (!has(screen->value, kPositive)) return {0, "result_not_recognized"};
    return follow_up(tool, screen->effective);
  }

  Standing follow_up(const Tool& tool, const Span& screened) {
    const auto screened_for = [&](const Encounter& e) {
      return screened.low_edge == Span::Edge::known && before_visit(screened.low, e);
    };
    const auto ordered = [&](const Moment& authored) {
      return met(day_within(authored, question_.period.from, question_.period.to)) && at_some_visit([&](const Encounter& e) {
               if (!screened_for(e) || !e.period.high.has_day()) return false;
               const Date end = e.period.high.day;
               return met(day_within(authored, end, end.plus_days(kDaysAfterVisit)));
             });
    };
    for (const ServiceRequest& r : facts_.service_requests)
      if (has(r.code, tool.referral) && sees(r, kProfileServiceRequest) && is_placed(r.status) && !r.do_not_perform &&
          ordered(r.authored)) {
        evidence("ServiceRequest", r);
        return {1, "positive_with_referral"};
      }
    for (const MedicationRequest& r : facts_.medication_requests)
      if (has(r.medication, tool.medication) && sees(r, kProfileMedicationRequest) && is_placed(r.status) && is_order(r.intent) &&
          !r.do_not_perform && ordered(r.authored) &&
          at_some_visit([&](const Encounter& e) { return screened_for(e) && is_supplied_beyond(r.supplied(), e); })) {
        evidence("MedicationRequest", r);
        return {1, "positive_with_medication"};
      }
    for (const Procedure& p : facts_.procedures)
      if (has(p.code, tool.follow_up) && sees(p, kProfileProcedure) && p.status == Code::completed &&
          met(starts_within(p.performed, question_.period.from, question_.period.to)) && at_some_visit([&](const Encounter& e) {
            return screened_for(e) &&
                   met(both(on_or_before(e.period.low, p.performed.low), on_or_before(p.performed.low, e.period.high)));
          })) {
        evidence("Procedure", p);
        return {1, "positive_with_procedure"};
      }
    return {0, "positive_without_follow_up"};
  }

  /// Begins on or before the visit's last day and runs past it.
  bool is_supplied_beyond(const Span& supply, const Encounter& e) const {
    if (!supply.exists) return question_.switches.order_without_supply_counts;
    return met(both(on_or_before_day(supply.low, e.period.high), before_day(e.period.high, supply.high)));
  }

  Standing exception() {
    for (const Tool& tool : {kAdolescentTool, kAdultTool}) {
      const bool screened = std::any_of(facts_.observations.begin(), facts_.observations.end(),
                                        [&](const Observation& o) { return is_screening(o, tool); });
      if (screened) continue;
      for (const Observation& o : facts_.observations) {
        const bool declined = has(o.not_done_reason, kDeclined), medical = has(o.not_done_reason, kMedicalReason);
        if (!has(o.code, tool.screen) || (!declined && !medical) || o.status != Code::cancelled || !sees(o, kProfileCancelled))
          continue;
        const bool issued_at_visit = at_some_visit(
            [&](const Encounter& e) { return met(lies_within(Span::of_point(o.issued), e.period.low, e.period.high)); });
        if (!issued_at_visit) continue;
        evidence("Observation", o);
        return {1, declined ? "declined" : "medical_reason"};
      }
    }
    return {0, "no_exception"};
  }
};

std::string_view words(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"visit", "12 or older with a qualifying visit"},
      {"no_birth_date", "no birth date"},
      {"under_12", "under 12 at the start of the period"},
      {"no_visit", "no finished qualifying visit in the period"},
      {"not_in_denominator", "not in the denominator"},
      {"bipolar_disorder", "bipolar disorder before a visit"},
      {"no_exclusion", "nothing excludes"},
      {"excluded", "excluded"},
      {"exception", "exception"},
      {"not_screened", "not screened with the tool for the age"},
      {"screened_negative", "most recent screening negative"},
      {"result_not_recognized", "most recent screening neither negative nor positive"},
      {"positive_with_referral", "positive, referred"},
      {"positive_with_medication", "positive, medication ordered"},
      {"positive_with_procedure", "positive, follow-up during the visit"},
      {"positive_without_follow_up", "positive without follow-up in time"},
      {"in_numerator", "in the numerator"},
      {"declined", "screening declined"},
      {"medical_reason", "medical reason for not screening"},
      {"no_exception", "no exception"},
  };
  for (const auto& [code, text] : kWords)
    if (code == reason) return text;
  return {};
}

void evaluate(const Facts& facts, const Question& question, PatientResult& out) { Judgement(facts, question, out).run(); }

}  // namespace

const Measure& cms2() {
  static const Measure measure{.id = "cms2",
                               .name = "CMS2FHIRPCSDepressionScreenAndFollowUp",
                               .title = "Screening for depression and follow-up plan",
                               .version = "1.0.000",
                               .url = "https://madie.cms.gov/Measure/CMS2FHIRPCSDepressionScreenAndFollowUp",
                               .basis = "boolean",
                               .has_exceptions = true,
                               .groups = {{"1", "Screening for depression and follow-up plan", {}}},
                               .terms = terms(),
                               .evaluate = evaluate,
                               .words = words};
  return measure;
}

}  // namespace concord::ecqm
