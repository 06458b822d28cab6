#include "base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <vector>

namespace concord {
namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments moments(int n, const std::function<double()>& draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  return {sum / n, squares / n - (sum / n) * (sum / n)};
}

TEST(Splitmix, GivesThePublishedSequence) {
  std::uint64_t state = 1234567;
  EXPECT_EQ(splitmix64(state), 6457827717110365317ULL);
  EXPECT_EQ(splitmix64(state), 3203168211198807973ULL);
  EXPECT_EQ(splitmix64(state), 9817491932198370423ULL);
}

TEST(Random, GivesTheSameNumbersForTheSameSeedForEver) {
  Random random(42);
  EXPECT_EQ(random.next(), 1546998764402558742ULL);
  EXPECT_EQ(random.next(), 6990951692964543102ULL);
  EXPECT_EQ(random.next(), 12544586762248559009ULL);
}

TEST(Random, DerivedNumbersAreTheSameForEver) {
  Random random(42);
  EXPECT_EQ(random.normal(), -0.72621913824478546);
  EXPECT_EQ(random.gamma(2.5, 3), 7.5285976556926517);
  EXPECT_EQ(random.gamma(0.3, 1), 0.018620619097617086);
  EXPECT_EQ(random.integer(0, 999), 85);
  EXPECT_EQ(random.poisson(4), 4);
}

TEST(Random, StreamsDiffer) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (std::uint64_t stream = 0; stream < 100; ++stream) first.insert(Random(seed, stream).next());
  EXPECT_EQ(first.size(), 1000u);
}

TEST(Random, UniformStaysBelowOne) {
  Random random(1);
  const Moments m = moments(200'000, [&] {
    const double x = random.uniform();
    EXPECT_TRUE(x >= 0 && x < 1);
    return x;
  });
  EXPECT_NEAR(m.mean, 0.5, 0.005);
  EXPECT_NEAR(m.variance, 1.0 / 12, 0.002);
}

TEST(Random, IntegersCoverTheirRangeEvenly) {
  Random random(2);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts[static_cast<std::size_t>(random.integer(-3, 3) + 3)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 400);
  EXPECT_EQ(random.integer(5, 5), 5);
  random.integer(INT64_MIN, INT64_MAX);
  EXPECT_THROW(random.integer(2, 1), BrokenInvariant);
}

TEST(Random, NormalHasItsMeanAndSpread) {
  Random random(3);
  const Moments m = moments(200'000, [&] { return random.normal(10, 2); });
  EXPECT_NEAR(m.mean, 10, 0.02);
  EXPECT_NEAR(m.variance, 4, 0.06);
  int beyond = 0;
  for (int i = 0; i < 100'000; ++i) beyond += std::abs(random.normal()) > 1.959964;
  EXPECT_NEAR(beyond, 5000, 300);
}

TEST(Random, GammaHasItsMeanAndSpreadForSmallAndLargeShapes) {
  Random random(4);
  for (const double shape : {0.2, 0.9, 1.0, 3.5, 50.0}) {
    const Moments m = moments(200'000, [&] { return random.gamma(shape, 2); });
    EXPECT_NEAR(m.mean, shape * 2, 0.03 * shape * 2) << shape;
    EXPECT_NEAR(m.variance, shape * 4, 0.06 * shape * 4) << shape;
  }
}

TEST(Random, BetaPoissonAndExponentialHaveTheirMeans) {
  Random random(5);
  EXPECT_NEAR(moments(100'000, [&] { return random.beta(2, 6); }).mean, 0.25, 0.005);
  const Moments poisson = moments(100'000, [&] { return double(random.poisson(3.5)); });
  EXPECT_NEAR(poisson.mean, 3.5, 0.03);
  EXPECT_NEAR(poisson.variance, 3.5, 0.1);
  EXPECT_NEAR(moments(100'000, [&] { return random.exponential(8); }).mean, 8, 0.15);
  EXPECT_EQ(random.poisson(0), 0);
}

TEST(Random, WeightsDecideAndZeroIsNeverChosen) {
  Random random(6);
  std::vector<int> counts(4);
  for (int i = 0; i < 60'000; ++i) ++counts[random.weighted({1, 0, 2, 3})];
  EXPECT_NEAR(counts[0], 10'000, 500);
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[2], 20'000, 600);
  EXPECT_THROW(random.weighted({0, 0}), BrokenInvariant);
}

TEST(Random, ShuffleKeepsEveryItemAndPickTakesOne) {
  Random random(7);
  std::vector<int> list = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<int> before = list;
  random.shuffle(list);
  EXPECT_NE(list, before);
  EXPECT_EQ(std::set<int>(list.begin(), list.end()).size(), 8u);
  EXPECT_GT(random.pick(list), 0);
}

TEST(PortableMath, AgreesWithTheCLibraryClosely) {
  Random random(8);
  for (int i = 0; i < 20'000; ++i) {
    const double x = random.uniform(-700, 700);
    const double e = portable_exp(x);
    EXPECT_NEAR(e / std::exp(x), 1, 1e-15) << x;
    if (e > 0) {
      EXPECT_NEAR(portable_log(e), std::log(e), std::abs(std::log(e)) * 4e-16 + 1e-16) << e;
    }
    const double near_one = random.uniform(0.5, 2);
    EXPECT_NEAR(portable_log(near_one), std::log(near_one), 4e-16) << near_one;
  }
  EXPECT_EQ(portable_log(1), 0);
  EXPECT_EQ(portable_exp(0), 1);
  EXPECT_EQ(portable_log(0), -INFINITY);
  EXPECT_TRUE(std::isnan(portable_log(-1)));
  EXPECT_EQ(portable_exp(1000), INFINITY);
  EXPECT_EQ(portable_exp(-1000), 0);
}

}  // namespace
}  // namespace concord
