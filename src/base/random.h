// Random numbers that are the same for the same seed on every machine and compiler, for the simulator and for
// property tests. Nothing secret comes from here: ids and tokens take libsodium's randomness (app/).
// The standard library's distributions and the C library's log and exp may differ between platforms, so the
// few that are needed are made here from operations that IEEE 754 rounds in one way only.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>

#include "base/check.h"

namespace concord {

/// The next value of the splitmix64 sequence; moves `state`.
std::uint64_t splitmix64(std::uint64_t& state);

/// xoshiro256** (Blackman, Vigna: "Scrambled linear pseudorandom number generators", 2021), seeded through
/// splitmix64. Not thread-safe: give each thread or subject its own stream.
class Random {
 public:
  /// Streams of one seed are independent: one per patient keeps them the same when another patient changes.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint64_t next();
  /// 0 <= x < 1, 53 bits.
  double uniform();
  double uniform(double from, double to);
  /// from <= n <= to, each as likely.
  std::int64_t integer(std::int64_t from, std::int64_t to);
  bool chance(double probability) { return uniform() < probability; }
  double normal();  ///< mean 0, standard deviation 1
  double normal(double mean, double standard_deviation);
  double exponential(double mean);
  /// Mean shape * scale, variance shape * scale^2; both above 0.
  double gamma(double shape, double scale);
  /// Mean a / (a + b); both above 0.
  double beta(double a, double b);
  /// Takes time in proportion to the mean.
  int poisson(double mean);
  /// An index, each as likely as its weight among all (none negative, not all 0).
  std::size_t weighted(std::span<const double> weights);
  std::size_t weighted(std::initializer_list<double> weights) { return weighted({weights.begin(), weights.size()}); }

  template <class List>
  decltype(auto) pick(List&& list) {
    CHECK(std::size(list) > 0);
    return list[static_cast<std::size_t>(integer(0, static_cast<std::int64_t>(std::size(list)) - 1))];
  }
  template <class List>
  void shuffle(List& list) {
    for (std::size_t i = std::size(list); i > 1; --i) {
      using std::swap;
      swap(list[i - 1], list[static_cast<std::size_t>(integer(0, static_cast<std::int64_t>(i) - 1))]);
    }
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

/// Natural logarithm and exponential within a few units in the last place, the same on every platform.
double portable_log(double x);
double portable_exp(double x);

}  // namespace concord
