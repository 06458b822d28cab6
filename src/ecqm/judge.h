// What the rules of all measures ask of a record in the same way. A measure derives its judgement from this.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "ecqm/facts.h"
#include "ecqm/measure.h"
#include "ecqm/terms.h"

namespace concord::ecqm {

/// A term that is a value set; `systems`: the code systems that can be of use in it.
inline TermNeed value_set(std::string_view title, std::string_view oid, std::uint16_t systems) {
  return TermNeed{.title = title, .oid = oid, .systems = systems, .code = {}, .code2 = {}};
}
/// A term that is one code, or one of two.
inline TermNeed single_code(std::string_view title, System system, std::string_view code, std::string_view other = {}) {
  return TermNeed{.title = title, .oid = {}, .system = system, .code = code, .code2 = other};
}

class Judge {
 protected:
  Judge(const Facts& facts, const Question& question, PatientResult& out) : facts_(facts), question_(question), out_(out) {}

  /// Is a resource one of those that the measure retrieves by this profile? Always, unless profile tags are trusted.
  bool sees(const Record& record, Profile profile) const {
    return !question_.switches.trust_meta_profile || (record.profiles & profile) != 0;
  }
  bool sees_condition(const Condition& c) const {
    return !question_.switches.trust_meta_profile || (c.profiles & (kProfileProblem | kProfileEncounterDiagnosis)) != 0;
  }
  /// A condition of the problem list: everything that does not say it is only the diagnosis of an encounter.
  bool is_problem(const Condition& c) const {
    if (question_.switches.trust_meta_profile) return (c.profiles & kProfileProblem) != 0;
    if (c.kind != ConditionKind::unstated) return c.kind != ConditionKind::encounter_diagnosis;
    return (c.profiles & (kProfileProblem | kProfileEncounterDiagnosis)) != kProfileEncounterDiagnosis;
  }
  Span prevalence_of(const Condition& c) const { return prevalence(c, question_.switches.null_prevalence_is_ongoing); }

  /// Does the span start on or before the day?
  static Truth starts_by_day(const Span& s, Date day) {
    if (!s.exists || s.low_edge == Span::Edge::unknown) return Truth::unknown;
    return s.low_edge == Span::Edge::known ? on_or_before_day(s.low, Moment::of(day)) : Truth::yes;
  }
  /// Is `at` later than the latest seen so far? Exact ties by the switch.
  bool later(const Moment& at, const Moment& latest) const {
    return question_.switches.tie == Switches::Tie::first_listed ? at.order() > latest.order() : at.order() >= latest.order();
  }

  static bool is_placed(Code status) { return status == Code::active || status == Code::completed; }
  static bool is_order(Code intent) {
    return intent == Code::order || intent == Code::original_order || intent == Code::reflex_order ||
           intent == Code::filler_order || intent == Code::instance_order;
  }

  void evidence(std::string_view type, const Record& record) {
    if (record.id.empty()) return;
    std::string name;
    name.reserve(type.size() + 1 + record.id.size());
    name.append(type).append("/").append(record.id);
    if (std::find(out_.evidence.begin(), out_.evidence.end(), name) == out_.evidence.end())
      out_.evidence.push_back(std::move(name));
  }
  std::string_view excluded_by(std::string_view type, const Record& record, std::string_view reason) {
    evidence(type, record);
    return reason;
  }
  /// Out of everything, for one reason.
  static void nobody(GroupResult& group, std::string_view reason) {
    for (const Population p : kPopulations) group[p] = {0, "not_in_denominator"};
    group[Population::initial_population] = {0, reason};
    group[Population::denominator] = {0, reason};
  }

  const Facts& facts_;
  const Question& question_;
  PatientResult& out_;
};

}  // namespace concord::ecqm
