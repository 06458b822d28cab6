#include "measures/facts.h"

#include <algorithm>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"

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
  recommendations.group(patients.size());
  treatment_steps.group(patients.size());
  std::sort(bhcm_fte.begin(), bhcm_fte.end());  // their sum does not depend on the order of the sites
}

void Clinic::join(std::span<Clinic> parts) {
  for (auto& part : parts) {
    std::vector<FormIndex> own;
    for (const auto& f : part.forms) own.push_back(form(f.instrument, f.informant));
    part.scores.change_each([&](Score& score) { score.form = own[score.form]; });
    bhcm_fte.insert(bhcm_fte.end(), part.bhcm_fte.begin(), part.bhcm_fte.end());
  }
  const auto one = [&](auto member) {
    std::vector<decltype(&(this->*member))> of_parts;
    for (auto& part : parts) of_parts.push_back(&(part.*member));
    (this->*member).join(of_parts, patients.size());
  };
  const std::function<void()> members[] = {
      [&] { one(&Clinic::scores); },          [&] { one(&Clinic::contacts); },        [&] { one(&Clinic::episodes); },
      [&] { one(&Clinic::coverage); },        [&] { one(&Clinic::visits); },          [&] { one(&Clinic::reviews); },
      [&] { one(&Clinic::recommendations); }, [&] { one(&Clinic::treatment_steps); },
  };
  parallel(std::size(members), [&](std::size_t i) { members[i](); });
  std::sort(bhcm_fte.begin(), bhcm_fte.end());
}

}  // namespace concord::measures
