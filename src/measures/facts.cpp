#include "measures/facts.h"

#include <algorithm>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/text.h"

namespace concord::measures {

PatientIndex Clinic::add_patient(std::string id, std::optional<Date> born, std::optional<Date> died) {
  patients.push_back({std::move(id), born, died});
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
  diagnoses.group(patients.size());
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
      [&] { one(&Clinic::recommendations); }, [&] { one(&Clinic::treatment_steps); }, [&] { one(&Clinic::diagnoses); },
  };
  parallel(std::size(members), [&](std::size_t i) { members[i](); });
  std::sort(bhcm_fte.begin(), bhcm_fte.end());
}

bool names_hospice(std::string_view billing_codes) {
  // Supervision of a hospice patient; places and hours of hospice care; hospice care by the day.
  static constexpr std::pair<std::string_view, std::string_view> kCodes[] = {
      {"G0182", "G0182"}, {"G0337", "G0337"}, {"G9473", "G9479"}, {"Q5001", "Q5010"}, {"S9126", "S9126"}, {"T2042", "T2046"}};
  for (const std::string_view code : split(billing_codes, ' '))
    for (const auto& [from, to] : kCodes)
      if (code.size() == from.size() && code >= from && code <= to) return true;
  return false;
}

std::optional<Diagnosis> diagnosis_of(std::string_view system, std::string_view code, std::optional<Date> onset, Date recorded) {
  if (to_lower(system).find("icd-10") == std::string::npos) return std::nullopt;
  std::string plain;
  for (const char c : code)
    if (c != '.' && c != ' ') plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return Diagnosis{onset.value_or(recorded), std::move(plain)};
}

}  // namespace concord::measures
