#include "measures/rates.h"

#include <algorithm>
#include <cmath>

namespace concord::measures {

double tenths(std::int64_t numerator, std::int64_t denominator) {
  return static_cast<double>((20 * numerator + denominator) / (2 * denominator)) / 10;
}

std::optional<double> Rate::percent() const {
  if (denominator == 0) return std::nullopt;
  return tenths(100 * numerator, denominator);
}

void count(const Standing& standing, Rate& rate) {
  rate.denominator += standing.in_denominator;
  rate.numerator += standing.in_numerator;
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const auto thousandths = [](double value) { return static_cast<std::int64_t>(std::llround(value * 1000)); };
  const std::int64_t upper = thousandths(values[half]);
  return tenths(values.size() % 2 ? 2 * upper : upper + thousandths(values[half - 1]), 2000);
}

void write_rate(json::Writer& w, std::string_view name, const Rate& rate) {
  w.key(name).object().field("numerator", rate.numerator).field("denominator", rate.denominator);
  w.field("percent", rate.percent()).end();
}

void write_standing(json::Writer& w, std::string_view name, const Standing& s) {
  w.key(name).object().field("in", s.in_numerator ? "numerator" : s.in_denominator ? "denominator" : "out");
  w.field("why", s.reason).end();
}

}  // namespace concord::measures
