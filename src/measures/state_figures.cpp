#include "measures/state_figures.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "base/check.h"
#include "json/value.h"

namespace concord::measures {
namespace {

/// People in and out of the numerator.
bool has_small_part(const StateFigure& f) {
  if (!f.numerator) return f.denominator && is_small(*f.denominator);
  if (!f.denominator) return is_small(*f.numerator);
  return tell_of_few(*f.numerator, *f.denominator);
}

/// People who came or went between two statements.
bool differs_by_few(const StateFigure& a, const StateFigure& b) {
  const auto few = [](const std::optional<std::int64_t>& x, const std::optional<std::int64_t>& y) {
    return is_small(x.value_or(0) - y.value_or(0));
  };
  if (few(a.numerator, b.numerator) || few(a.denominator, b.denominator)) return true;
  return a.denominator && b.denominator && a.numerator && b.numerator &&
         is_small((*a.denominator - *a.numerator) - (*b.denominator - *b.numerator));
}

}  // namespace

StateFigures read_figures(std::string_view metrics_json) {
  const auto document = json::Document::parse(metrics_json);
  CHECK(document.has_value());
  StateFigures all;
  for (int metric = 1; metric <= kNysMetrics; ++metric) {
    const auto* found = document->root().find(std::to_string(metric));
    CHECK(found != nullptr);
    auto& f = all[static_cast<std::size_t>(metric)];
    const auto whole = [&](std::string_view key) { return found->find(key) ? found->find(key)->integer() : std::nullopt; };
    const auto real = [&](std::string_view key) { return found->find(key) ? found->find(key)->real() : std::nullopt; };
    if (metric <= 3) {
      f.numerator = whole("count");
      f.value = real("count");
    } else if (metric == 4) {
      const auto* days = found->find("days");
      f.denominator = days ? static_cast<std::int64_t>(days->items().size()) : 0;
      f.value = real("weeks");
    } else if (metric <= 10) {
      f.numerator = whole("numerator");
      f.denominator = whole("denominator");
      f.percent = real("percent");
    } else {
      f.value = real("fte");
    }
  }
  return all;
}

HiddenFigures hidden_figures(const StateFigures& f, std::span<const StateFigures> earlier) {
  HiddenFigures hidden{};
  for (std::size_t metric = 1; metric <= 10; ++metric) {
    hidden[metric] = has_small_part(f[metric]);
    for (const auto& before : earlier) hidden[metric] = hidden[metric] || differs_by_few(f[metric], before[metric]);
  }
  const std::int64_t medicaid = f[2].numerator.value_or(0);
  // Those without Medicaid; those who were enrolled earlier; those whom 6 leaves out.
  hidden[1] = hidden[1] || is_small(f[1].numerator.value_or(0) - medicaid);
  hidden[3] = hidden[3] || is_small(medicaid - f[3].numerator.value_or(0));
  hidden[6] = hidden[6] || is_small(medicaid - f[6].denominator.value_or(0));
  // The denominators of 5 and 7 are 2; that of 8 is 6 without its numerator.
  hidden[5] = hidden[5] || hidden[2];
  hidden[7] = hidden[7] || hidden[2];
  hidden[8] = hidden[8] || hidden[6];
  return hidden;
}

}  // namespace concord::measures
