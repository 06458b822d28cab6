#include "exchange/behavioral.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace concord::exchange {
namespace {

// Ingredients by class, in lower case; brand names where prescriptions often carry only those.
constexpr std::array<std::string_view, 120> kPsychotropics = {
    // antidepressants
    "sertraline", "fluoxetine", "citalopram", "escitalopram", "paroxetine", "fluvoxamine", "venlafaxine", "desvenlafaxine",
    "duloxetine", "levomilnacipran", "milnacipran", "bupropion", "mirtazapine", "trazodone", "nefazodone", "vilazodone",
    "vortioxetine", "amitriptyline", "nortriptyline", "imipramine", "desipramine", "doxepin", "clomipramine", "protriptyline",
    "trimipramine", "amoxapine", "maprotiline", "phenelzine", "tranylcypromine", "isocarboxazid", "selegiline", "esketamine",
    "ketamine", "zuranolone", "brexanolone", "gepirone",
    // anxiolytics and hypnotics
    "buspirone", "hydroxyzine", "alprazolam", "lorazepam", "clonazepam", "diazepam", "chlordiazepoxide", "oxazepam", "temazepam",
    "triazolam", "clorazepate", "zolpidem", "eszopiclone", "zaleplon", "suvorexant", "lemborexant", "daridorexant", "ramelteon",
    // mood stabilizers
    "lithium", "lamotrigine", "valproate", "divalproex", "valproic", "carbamazepine", "oxcarbazepine",
    // antipsychotics
    "quetiapine", "aripiprazole", "olanzapine", "risperidone", "paliperidone", "ziprasidone", "lurasidone", "brexpiprazole",
    "cariprazine", "asenapine", "iloperidone", "lumateperone", "clozapine", "haloperidol", "fluphenazine", "perphenazine",
    "chlorpromazine", "thioridazine", "trifluoperazine", "loxapine", "thiothixene", "pimavanserin",
    // attention
    "methylphenidate", "dexmethylphenidate", "amphetamine", "dextroamphetamine", "lisdexamfetamine", "atomoxetine", "viloxazine",
    // substance use
    "naltrexone", "acamprosate", "disulfiram", "buprenorphine", "methadone", "varenicline", "lofexidine", "nicotine",
    // brand names
    "zoloft", "prozac", "celexa", "lexapro", "paxil", "effexor", "pristiq", "cymbalta", "wellbutrin", "remeron", "buspar",
    "xanax", "ativan", "klonopin", "seroquel", "abilify", "zyprexa", "risperdal", "lamictal", "depakote", "suboxone", "vivitrol"};

bool has(std::string_view words, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return words.find(part) != std::string_view::npos; });
}

}  // namespace

std::string_view psychotropic_in(std::string_view drug_name) {
  const std::string name = fold(drug_name);
  std::size_t start = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const bool letter = i < name.size() && ((name[i] >= 'a' && name[i] <= 'z') || name[i] == '-');
    if (letter) continue;
    const std::string_view word = std::string_view(name).substr(start, i - start);
    start = i + 1;
    if (word.size() < 5) continue;
    for (auto known : kPsychotropics)
      if (word == known) return known;
  }
  return {};
}

std::optional<std::string> behavioral_condition(std::string_view icd10, std::string_view words) {
  auto icd = [&](std::initializer_list<std::string_view> codes) {
    return std::any_of(codes.begin(), codes.end(), [&](std::string_view code) { return icd10.starts_with(code); });
  };
  const std::string w = fold(words);
  if (icd({"F31"}) || has(w, {"bipolar"})) return "bipolar";
  if (icd({"F43.1"}) || has(w, {"post-traumatic", "posttraumatic", "post traumatic", "ptsd"})) return "ptsd";
  if (icd({"F32", "F33", "F34.1", "F53.0", "O99.34"}) || has(w, {"depress", "dysthym"})) return "depression";
  if (icd({"F40", "F41", "F42"}) || has(w, {"anxiety", "panic disorder", "phobia", "obsessive"})) return "anxiety";
  if (icd({"F10"}) || has(w, {"alcohol dependence", "alcohol abuse", "alcohol use disorder", "alcoholism"})) return "alcohol_use";
  if (icd({"F11", "F12", "F13", "F14", "F15", "F16", "F18", "F19"}) ||
      has(w, {"opioid abuse", "opioid dependence", "opioid use disorder", "drug dependence", "substance use disorder",
              "drug abuse", "misuses drugs"}))
    return "substance_use";
  if (icd({"F90"}) || has(w, {"attention deficit", "adhd"})) return "adhd";
  if (icd({"F20", "F22", "F23", "F25", "F28", "F29"}) || has(w, {"schizo", "psychosis", "psychotic"})) return "psychosis";
  if (icd({"F51", "G47.0"}) || has(w, {"insomnia"})) return "insomnia";
  if (icd({"F50"}) || has(w, {"anorexia nervosa", "bulimia"})) return "eating_disorder";
  if (!icd10.empty() && icd10.front() == 'F' && !icd10.starts_with("F0") && !icd10.starts_with("F7")) return "other_behavioral";
  if (has(w, {"suicid", "self-harm", "mental disorder", "adjustment disorder"})) return "other_behavioral";
  return std::nullopt;
}

bool is_behavioral_service(std::string_view words) {
  const std::string w = fold(words);
  return has(w, {"psychiatr", "psycholog", "psychother", "behavioral health", "behavioural health", "behavioral medicine",
                 "mental health", "collaborative care", "cocm", "counsel", "depress", "anxiety", "substance use", "addiction"}) ||
         has(w, {"308477009", "308459004"});
}

std::string_view default_instrument(std::string_view condition, std::optional<int> age) {
  const bool young = age && *age < 18;
  if (condition == "anxiety") return young ? "scared" : "gad-7";
  if (condition == "ptsd") return "pcl-5";
  if (condition == "adhd") return "vanderbilt-parent";
  if (condition == "alcohol_use") return "audit-c";
  if (condition == "substance_use") return "dast-10";
  if (young && age && *age < 12) return "psc-17";
  return young ? "phq-9m" : "phq-9";
}

}  // namespace concord::exchange
