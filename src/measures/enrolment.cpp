#include "measures/enrolment.h"

#include <algorithm>

namespace concord::measures {

Discharge effective_discharge(const Clinic& clinic, PatientIndex patient, const Episode& e, int inactivity_days, Date last) {
  Date latest = e.enrolled;
  for (const auto& contact : clinic.contacts.of(patient))
    if (contact.date > latest && contact.date <= last && (!e.discharged || contact.date <= *e.discharged)) latest = contact.date;
  const Date inactive = latest.plus_days(inactivity_days);
  Discharge d;
  if (e.discharged && *e.discharged <= inactive) {
    d.on = *e.discharged;
    d.cause = e.discharge_reason.empty() ? "not_given" : e.discharge_reason;
  } else {
    d.on = inactive;
    d.cause = "inactivity";
  }
  if (*d.on > last) return {};
  return d;
}

std::vector<Score> in_order(std::span<const Score> scores, FormIndex form, Date from, Date to) {
  std::vector<Score> out;
  for (const auto& s : scores)
    if (s.form == form && s.date >= from && s.date <= to) out.push_back(s);
  std::stable_sort(out.begin(), out.end(), is_earlier);
  return out;
}

}  // namespace concord::measures
