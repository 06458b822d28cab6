// Counting of populations: who is in a figure and why, and shares that are rounded from the exact ratio.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "json/writer.h"

namespace concord::measures {

/// Totals are whole or have one decimal: differences must not suffer from binary fractions.
inline constexpr double kTolerance = 1e-9;

/// value x 10 rounded half up from a ratio of whole numbers, exactly, then / 10. Neither is negative, the denominator is not 0.
double tenths(std::int64_t numerator, std::int64_t denominator);

struct Rate {
  std::int64_t numerator = 0, denominator = 0;
  /// One decimal, half up, from the exact ratio; nullopt without anybody: never 0 %.
  std::optional<double> percent() const;
};

/// Why a line is in a figure's denominator and numerator, or not: a code ("no_later_score").
struct Standing {
  bool in_denominator = false;
  bool in_numerator = false;
  std::string_view reason;
};
inline Standing in(std::string_view reason) { return {true, true, reason}; }
inline Standing of_denominator(std::string_view reason) { return {true, false, reason}; }
inline Standing out(std::string_view reason) { return {false, false, reason}; }
void count(const Standing& standing, Rate& rate);

/// One decimal, half up; nullopt of nothing. Of an even number the mean of the two in the middle.
std::optional<double> median(std::vector<double> values);

/// `"name":{"numerator":..,"denominator":..,"percent":..}`
void write_rate(json::Writer& w, std::string_view name, const Rate& rate);
/// `"name":{"in":"numerator|denominator|out","why":..}`
void write_standing(json::Writer& w, std::string_view name, const Standing& standing);

}  // namespace concord::measures
