#include "reports/costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace concord::reports {
namespace {

double cents(double value) { return std::floor(value * 100 + 0.5 + 1e-9) / 100; }

/// No more decimals than there are, two at most.
std::string number(double value) {
  std::string text = fmt::format("{:.2f}", cents(value));
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

Assumptions default_assumptions(const Rules& rules) {
  Assumptions values;
  for (const auto& a : rules.assumptions) values[a.id] = a.value;
  return values;
}

std::vector<CostLine> costs(const CostInput& input, const Assumptions& assumptions) {
  const auto assumed = [&](std::string_view id) {
    const auto found = assumptions.find(id);
    return found == assumptions.end() ? 0.0 : found->second;
  };
  double manager = 0, consultant = 0, other = 0;
  for (const auto& role : input.minutes) {
    const double hours = static_cast<double>(role.minutes) / 60;
    if (role.role == "care_manager" || role.role == "bh_specialist" || role.role == "other_cocm_clinician") manager += hours;
    else if (role.role == "psychiatric_consultant") consultant += hours;
    else other += hours;
  }
  consultant = std::max(consultant, input.consultant_session_hours);

  std::vector<CostLine> lines;
  const auto add = [&](const char* id, const char* unit, std::optional<double> value, std::string formula,
                       bool suppressed = false) {
    lines.push_back({id, unit, value ? std::optional(cents(*value)) : std::nullopt, std::move(formula), suppressed});
  };
  const auto times = [&](double hours, std::string_view rate) {
    return number(hours) + " h x " + number(assumed(rate)) + " usd";
  };
  add("care_manager_hours", "hours", manager, "");
  add("consultant_hours", "hours", consultant, "");
  add("other_hours", "hours", other, "");
  const double of_managers = manager * assumed("care_manager_hourly");
  const double of_consultant = consultant * assumed("consultant_hourly");
  const double of_others = other * assumed("other_hourly");
  add("care_manager_cost", "usd", of_managers, times(manager, "care_manager_hourly"));
  add("consultant_cost", "usd", of_consultant, times(consultant, "consultant_hourly"));
  add("other_cost", "usd", of_others, times(other, "other_hourly"));
  const double hours_cost = of_managers + of_consultant + of_others;
  const double overhead = hours_cost * assumed("overhead_percent") / 100;
  add("overhead", "usd", overhead, number(hours_cost) + " usd x " + number(assumed("overhead_percent")) + " %");
  const double fixed = assumed("fixed_monthly") * input.months;
  add("fixed", "usd", fixed, number(input.months) + " x " + number(assumed("fixed_monthly")) + " usd");
  const double total = hours_cost + overhead + fixed;
  add("cost_total", "usd", total, number(hours_cost) + " + " + number(overhead) + " + " + number(fixed) + " usd");

  const auto per = [&](const char* id, const std::optional<std::int64_t>& people) {
    if (!people) add(id, "usd", std::nullopt, "", true);
    else if (*people == 0) add(id, "usd", std::nullopt, number(total) + " usd / 0");
    else add(id, "usd", total / static_cast<double>(*people), number(total) + " usd / " + std::to_string(*people));
  };
  per("cost_per_patient", input.patients);
  per("cost_per_response", input.responses);
  if (!input.patients) {
    add("savings", "usd", std::nullopt, "", true);
    add("return", "ratio", std::nullopt, "", true);
    return lines;
  }
  const double saving = assumed("saving_per_patient_year");
  const double savings = static_cast<double>(*input.patients) * input.months / 12 * saving;
  add("savings", "usd", savings,
      std::to_string(*input.patients) + " x " + std::to_string(input.months) + " / 12 x " + number(saving) + " usd");
  if (total > 0) add("return", "ratio", savings / total, number(savings) + " / " + number(total) + " usd");
  else add("return", "ratio", std::nullopt, number(savings) + " / 0 usd");
  return lines;
}

}  // namespace concord::reports
