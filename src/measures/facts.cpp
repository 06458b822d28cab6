#include "measures/facts.h"

#include "base/check.h"

namespace concord::measures {

PatientIndex Clinic::add_patient(std::string id, std::optional<Date> born) {
  patients.push_back({std::move(id), born});
  return static_cast<PatientIndex>(patients.size() - 1);
}

FormIndex Clinic::form(std::string_view instrument, std::string_view informant) {
  for (std::size_t i = 0; i < forms.size(); ++i)
    if (forms[i].instrument == instrument && forms[i].informant == informant) return static_cast<FormIndex>(i);
  CHECK(forms.size() < 255);
  forms.push_back({std::string(instrument), std::string(informant)});
  return static_cast<FormIndex>(forms.size() - 1);
}

void Clinic::group() {
  coverage.group(patients.size());
  episodes.group(patients.size());
  contacts.group(patients.size());
  scores.group(patients.size());
  reviews.group(patients.size());
  visits.group(patients.size());
}

}  // namespace concord::measures
