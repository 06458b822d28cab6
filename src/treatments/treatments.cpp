#include "treatments/treatments.h"

#include <algorithm>

#include "base/text.h"

namespace concord::treatments {

std::optional<Date> last_change(const std::vector<Treatment>& treatments, Date on) {
  std::optional<Date> latest;
  auto consider = [&](Date day) {
    if (day <= on && (!latest || day > *latest)) latest = day;
  };
  for (const Treatment& t : treatments) {
    consider(t.start_date);
    if (t.stop_date) consider(*t.stop_date);
    for (const DoseChange& change : t.changes) consider(change.on);
  }
  return latest;
}

std::vector<DoseStep> dose_steps(const Treatment& t, Date on) {
  std::vector<DoseStep> steps;
  if (t.start_date > on) return steps;
  steps.push_back({t.start_date, t.changes.empty() ? t.dose : t.changes.front().from_dose});
  auto changes = t.changes;
  std::stable_sort(changes.begin(), changes.end(), [](const DoseChange& a, const DoseChange& b) { return a.on < b.on; });
  for (const auto& change : changes)
    if (change.on <= on) steps.push_back({change.on, change.to_dose});
  return steps;
}

std::string line(const Treatment& t, Date on) {
  std::vector<std::string> doses;
  for (const auto& step : dose_steps(t, on)) {
    if (!step.dose) continue;
    std::string dose(trim(*step.dose));
    if (!dose.empty() && (doses.empty() || doses.back() != dose)) doses.push_back(std::move(dose));
  }
  if (doses.empty()) return t.name;
  // "50 mg daily", "100 mg daily": words that all share stand at the end once.
  const auto rest = [](const std::string& dose) {
    const auto at = dose.find(' ');
    return at == std::string::npos ? std::string() : dose.substr(at);
  };
  const bool alike = std::all_of(doses.begin(), doses.end(), [&](const auto& dose) { return rest(dose) == rest(doses.back()); });
  std::string out = t.name + " ";
  constexpr std::size_t kMost = 4;
  for (std::size_t i = 0; i < doses.size(); ++i) {
    // A long titration: the first dose and the last two tell it.
    if (doses.size() > kMost && i > 0 && i + 2 < doses.size()) {
      if (i == 1) out += " -> ...";
      continue;
    }
    if (i > 0) out += " -> ";
    const bool last = i + 1 == doses.size();
    out += alike && !last ? doses[i].substr(0, doses[i].size() - rest(doses[i]).size()) : doses[i];
  }
  return out;
}

}  // namespace concord::treatments
