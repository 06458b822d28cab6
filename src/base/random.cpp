#include "base/random.h"

#include <bit>
#include <cmath>
#include <limits>

namespace concord {
namespace {

// A compiler may fuse a * b + c into one rounding or not. Sums of products are therefore written as std::fma,
// and products handed to a caller go through `rounded`. A lone product, quotient or square root is rounded
// alike everywhere.

double rounded(double product) {
  volatile double kept = product;
  return kept;
}

constexpr double kLn2High = 0x1.62e42fefa38p-1;  // few enough bits that a whole number times it is exact
constexpr double kLn2Low = 0x1.ef35793c7673p-45;
constexpr double kOneOverLn2 = 0x1.71547652b82fep0;
constexpr double kSqrtHalf = 0x1.6a09e667f3bcdp-1;

}  // namespace

std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

double portable_log(double x) {
  if (x == 0) return -std::numeric_limits<double>::infinity();
  if (!(x > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(x)) return x;
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < kSqrtHalf) {
    mantissa = mantissa + mantissa;
    --exponent;
  }
  // log m = 2 atanh(t) = 2 (t + t^3/3 + t^5/5 + ...), |t| < 0.172
  const double t = (mantissa - 1) / (mantissa + 1);
  const double square = t * t;
  double sum = 1.0 / 23;
  for (int divisor = 21; divisor >= 3; divisor -= 2) sum = std::fma(sum, square, 1.0 / divisor);
  const double cube = square * t;
  const double twice_log = std::fma(sum, cube, t);
  const double log_mantissa = twice_log + twice_log;
  return std::fma(exponent, kLn2High, std::fma(exponent, kLn2Low, log_mantissa));
}

double portable_exp(double x) {
  if (std::isnan(x)) return x;
  if (x > 709.8) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  const double power = std::floor(std::fma(x, kOneOverLn2, 0.5));
  const double rest = std::fma(-power, kLn2Low, std::fma(-power, kLn2High, x));  // |rest| < 0.35
  double sum = 1;
  for (int n = 15; n >= 1; --n) sum = std::fma(sum, rest / n, 1.0);
  return std::ldexp(sum, static_cast<int>(power));
}

Random::Random(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t state = seed;
  if (stream != 0) {
    std::uint64_t other = stream;
    state = splitmix64(state) + std::rotl(splitmix64(other), 29);  // seed and stream must not change places
  }
  for (auto& word : state_) word = splitmix64(state);
}

std::uint64_t Random::next() {
  auto& s = state_;
  const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

double Random::uniform(double from, double to) { return std::fma(uniform(), to - from, from); }

std::int64_t Random::integer(std::int64_t from, std::int64_t to) {
  CHECK(from <= to);
  const std::uint64_t range = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from) + 1;
  if (range == 0) return static_cast<std::int64_t>(next());
  // The lowest 2^64 mod range values would come once too often.
  const std::uint64_t surplus = (0 - range) % range;
  std::uint64_t x = next();
  while (x < surplus) x = next();
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + x % range);
}

double Random::normal() {
  // Marsaglia's polar method; its second value is thrown away, so that a stream has no hidden state.
  for (;;) {
    const double u = uniform(-1, 1);
    const double v = uniform(-1, 1);
    const double v_square = v * v;
    const double s = std::fma(u, u, v_square);
    if (s >= 1 || s == 0) continue;
    return rounded(u * std::sqrt(-2 * portable_log(s) / s));
  }
}

double Random::normal(double mean, double standard_deviation) { return std::fma(normal(), standard_deviation, mean); }

double Random::exponential(double mean) { return rounded(-portable_log(1 - uniform()) * mean); }

double Random::gamma(double shape, double scale) {
  CHECK(shape > 0 && scale > 0);
  if (shape < 1) {
    const double larger = gamma(shape + 1, scale);
    return rounded(larger * portable_exp(portable_log(1 - uniform()) / shape));
  }
  // Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = std::fma(c, x, 1.0);
    if (root <= 0) continue;
    const double v = rounded(root * root * root);
    const double log_u = portable_log(1 - uniform());
    const double half_square = 0.5 * x * x;
    const double bound = std::fma(d, (1 - v) + portable_log(v), half_square);
    if (log_u < bound) return rounded(d * v * scale);
  }
}

double Random::beta(double a, double b) {
  const double x = gamma(a, 1);
  const double y = gamma(b, 1);
  return x + y > 0 ? x / (x + y) : 0.5;
}

int Random::poisson(double mean) {
  CHECK(mean >= 0);
  int events = 0;
  for (double time = exponential(1); time < mean; time += exponential(1)) ++events;
  return events;
}

std::size_t Random::weighted(std::span<const double> weights) {
  double total = 0;
  for (const double weight : weights) {
    CHECK(weight >= 0);
    total += weight;
  }
  CHECK(total > 0);
  const double point = rounded(uniform() * total);
  double edge = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    last = i;
    edge += weights[i];
    if (point < edge) return i;
  }
  return last;  // point was rounded up to total
}

}  // namespace concord
