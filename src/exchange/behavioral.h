// Which medications, conditions and referrals of an EHR belong to behavioral health care. An EHR sends every
// prescription; only these start a trial clock (README, "Medications").
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace concord::exchange {

/// The psychotropic or substance use ingredient in a drug's name ("sertraline" in "Sertraline 50 MG Oral
/// Tablet"); "" when there is none. By whole words, so brand names of one ingredient count too.
std::string_view psychotropic_in(std::string_view drug_name);

/// "depression", "anxiety", "ptsd", "alcohol_use", "substance_use", "adhd", "bipolar", "psychosis",
/// "insomnia", "eating_disorder", "other_behavioral"; nullopt when it is no behavioral condition.
/// `icd10` and `words` may be empty.
std::optional<std::string> behavioral_condition(std::string_view icd10, std::string_view words);

/// Words of a referral's code, category and reason: is it one to behavioral health or collaborative care?
bool is_behavioral_service(std::string_view words);

/// The instrument a condition is followed by, by age (metrics.md, "primary scale").
std::string_view default_instrument(std::string_view condition, std::optional<int> age);

}  // namespace concord::exchange
