#include "patients/patients.h"

#include <algorithm>

#include "base/text.h"

namespace concord::patients {
namespace {

constexpr std::size_t kNameBytes = 100;
constexpr int kOldestYears = 130;

bool is_language_tag(std::string_view tag) {  // "es", "pt-BR", "zh-Hant"
  if (tag.size() < 2 || tag.size() > 35) return false;
  std::size_t part = 0, in_part = 0;
  for (const char c : tag) {
    if (c == '-') {
      if (in_part == 0) return false;
      ++part, in_part = 0;
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (!letter && !(digit && part > 0)) return false;
    if (++in_part > (part == 0 ? 3u : 8u)) return false;
  }
  return in_part > 0;
}

}  // namespace

std::string folded_name(const Patient& patient) { return fold(patient.family_name + " " + patient.given_name); }

std::vector<std::string> name_words(std::string_view text) {
  std::vector<std::string> words;
  const std::string folded = fold(text);
  std::string word;
  const auto keep = [&] {
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    word.clear();
  };
  for (const char c : folded) {
    // Hyphens, apostrophes, commas and the like separate: "O'Brien-Ruiz" is found by "brien" and "ruiz".
    const bool ascii_separator = static_cast<unsigned char>(c) < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
    if (ascii_separator) keep();
    else word += c;
  }
  keep();
  return words;
}

std::vector<std::string> search_words(const Patient& patient) {
  std::vector<std::string> words = name_words(patient.family_name + " " + patient.given_name);
  // Also the name written together, so that "obrien" finds "O'Brien".
  for (const auto* name : {&patient.family_name, &patient.given_name}) {
    std::string together;
    for (const auto& word : name_words(*name)) together += word;
    if (!together.empty() && std::find(words.begin(), words.end(), together) == words.end()) words.push_back(together);
  }
  return words;
}

std::vector<Issue> check(const Patient& patient, Date today) {
  std::vector<Issue> issues;
  const auto name = [&](const std::string& value, std::string_view path) {
    if (trim(value).empty()) issues.push_back({std::string(path), "must not be empty"});
    else if (value.size() > kNameBytes) issues.push_back({std::string(path), "must have at most 100 bytes"});
    else if (name_words(value).empty()) issues.push_back({std::string(path), "must hold a letter"});
  };
  name(patient.given_name, "given_name");
  name(patient.family_name, "family_name");
  if (!patient.birth_date) issues.push_back({"birth_date", "is required"});
  else if (*patient.birth_date > today) issues.push_back({"birth_date", "must not be in the future"});
  else if (age_in_years(*patient.birth_date, today) > kOldestYears)
    issues.push_back({"birth_date", "must be within the last 130 years"});
  if (patient.deceased_date) {
    if (*patient.deceased_date > today) issues.push_back({"deceased_date", "must not be in the future"});
    else if (patient.birth_date && *patient.deceased_date < *patient.birth_date)
      issues.push_back({"deceased_date", "must not be before the birth date"});
  }
  if (patient.language && !is_language_tag(*patient.language))
    issues.push_back({"language", "must be a language tag like en or es"});
  if (patient.phone && std::none_of(patient.phone->begin(), patient.phone->end(), [](char c) { return c >= '0' && c <= '9'; }))
    issues.push_back({"phone", "must hold digits"});
  if (patient.email) {
    const auto at = patient.email->find('@');
    if (at == std::string::npos || at == 0 || at + 1 == patient.email->size() || patient.email->find(' ') != std::string::npos)
      issues.push_back({"email", "must be an address like name@example.org"});
  }
  for (std::size_t i = 0; i < patient.identifiers.size(); ++i) {
    const std::string path = "identifiers[" + std::to_string(i) + "]";
    if (trim(patient.identifiers[i].system).empty()) issues.push_back({path + ".system", "must not be empty"});
    if (trim(patient.identifiers[i].value).empty()) issues.push_back({path + ".value", "must not be empty"});
    for (std::size_t j = 0; j < i; ++j)
      if (patient.identifiers[i] == patient.identifiers[j]) {
        issues.push_back({path, "is listed twice"});
        break;
      }
  }
  return issues;
}

std::vector<Issue> check(const Coverage& coverage) {
  std::vector<Issue> issues;
  if (std::find(std::begin(kPayerCategories), std::end(kPayerCategories), coverage.payer_category) ==
      std::end(kPayerCategories)) {
    std::string text = "must be one of:";
    for (const auto category : kPayerCategories) text.append(" ").append(category);
    issues.push_back({"payer_category", std::move(text)});
  }
  if (coverage.end_date && *coverage.end_date < coverage.start_date)
    issues.push_back({"end_date", "must not be before the start date"});
  return issues;
}

}  // namespace concord::patients
