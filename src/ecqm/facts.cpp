#include "ecqm/facts.h"

#include <algorithm>
#include <cmath>

namespace concord::ecqm {
namespace {

struct Word {
  std::string_view text;
  Code code;
};

constexpr Word kWords[] = {
    {"planned", Code::planned},
    {"arrived", Code::arrived},
    {"triaged", Code::triaged},
    {"in-progress", Code::in_progress},
    {"onleave", Code::onleave},
    {"finished", Code::finished},
    {"cancelled", Code::cancelled},
    {"entered-in-error", Code::entered_in_error},
    {"unknown", Code::unknown},
    {"registered", Code::registered},
    {"preliminary", Code::preliminary},
    {"final", Code::final},
    {"amended", Code::amended},
    {"corrected", Code::corrected},
    {"preparation", Code::preparation},
    {"not-done", Code::not_done},
    {"on-hold", Code::on_hold},
    {"stopped", Code::stopped},
    {"completed", Code::completed},
    {"draft", Code::draft},
    {"active", Code::active},
    {"revoked", Code::revoked},
    {"declined", Code::declined},
    {"proposal", Code::proposal},
    {"plan", Code::plan},
    {"directive", Code::directive},
    {"order", Code::order},
    {"original-order", Code::original_order},
    {"reflex-order", Code::reflex_order},
    {"filler-order", Code::filler_order},
    {"instance-order", Code::instance_order},
    {"option", Code::option},
    {"recurrence", Code::recurrence},
    {"relapse", Code::relapse},
    {"inactive", Code::inactive},
    {"remission", Code::remission},
    {"resolved", Code::resolved},
    {"confirmed", Code::confirmed},
    {"unconfirmed", Code::unconfirmed},
    {"provisional", Code::provisional},
    {"differential", Code::differential},
    {"refuted", Code::refuted},
};

/// The last of `days` days that begin on `first`: fractions of a day do not reach into another day.
Date last_of(Date first, double days) {
  const double more = std::floor(days - 1);
  constexpr double kMost = 100'000;  // some 270 years: beyond any period, within a date
  return first.plus_days(static_cast<int>(std::clamp(more, -kMost, kMost)));
}

Moment first_present(const Moment& a, const Moment& b, const Moment& c) { return a.present() ? a : b.present() ? b : c; }

}  // namespace

Code code_of(std::string_view word) {
  if (word.empty()) return Code::missing;
  for (const Word& known : kWords)
    if (known.text == word) return known.code;
  return Code::other;
}

Span MedicationRequest::supplied() const {
  const Moment first = first_present(supply.bounds_start, authored, supply.validity_start);
  if (!first.has_day()) return {};
  if (supply.days) return Span::of_days(first.day, last_of(first.day, *supply.days * (1 + supply.repeats)));
  if (supply.bounds_end.has_day()) return Span::of_days(first.day, supply.bounds_end.day);
  return {};
}

Span MedicationDispense::supplied() const {
  const Moment first = handed_over.present() ? handed_over : prepared;
  if (!first.has_day() || !supply.days) return {};
  return Span::of_days(first.day, last_of(first.day, *supply.days));
}

void Facts::clear() {
  patient_id = {};
  birth = {};
  deceased = false;
  died = {};
  encounters.clear();
  conditions.clear();
  observations.clear();
  procedures.clear();
  service_requests.clear();
  medication_requests.clear();
  medication_dispenses.clear();
  links.clear();
}

std::optional<AgeRange> age_on(const Moment& birth, Date day) {
  if (!birth.present()) return std::nullopt;
  Date last = birth.day;
  if (birth.precision == Precision::month) last = birth.day.last_of_month();
  if (birth.precision == Precision::year) last = Date::ymd(static_cast<int>(birth.day.parts().year()), 12, 31);
  return AgeRange{age_in_years(last, day), age_in_years(birth.day, day)};
}

Span prevalence(const Condition& condition, bool null_is_ongoing) {
  Span span;
  const bool goes_on =
      condition.status == Code::active || condition.status == Code::recurrence || condition.status == Code::relapse;
  if (!condition.abated && !goes_on && !null_is_ongoing) return span;
  const bool onset_known = condition.onset.exists && condition.onset.low_edge == Span::Edge::known;
  if (!onset_known && !condition.abated) return span;  // neither bound is known
  span.exists = true;
  span.low = condition.onset.low;
  span.low_edge = onset_known ? Span::Edge::known : Span::Edge::unbounded;
  span.high = condition.abatement.high;
  span.high_edge = condition.abated ? Span::Edge::known : Span::Edge::unbounded;
  return span;
}

bool is_verified(const Condition& condition) {
  switch (condition.verification) {
    case Code::missing:
    case Code::confirmed:
    case Code::unconfirmed:
    case Code::provisional:
    case Code::differential:
      return true;
    default:
      return false;
  }
}

}  // namespace concord::ecqm
