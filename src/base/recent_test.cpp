#include "base/recent.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace concord {
namespace {

using Notes = Recent<std::string, std::string>;

Notes::Made note(std::string text, std::size_t bytes = 10) {
  return {std::make_shared<const std::string>(std::move(text)), bytes};
}
void keep(Notes& notes, const std::string& key, std::size_t bytes) {
  notes.keep(key, std::make_shared<const std::string>("of " + key), bytes);
}
/// Which of the keys are there.
std::string kept(Notes& notes, const std::vector<std::string>& keys) {
  std::string found;
  for (const auto& key : keys)
    if (notes.find(key)) found += key;
  return found;
}

TEST(Recent, WhatIsKeptIsFoundUnderItsKeyOnly) {
  Notes notes({});
  keep(notes, "a", 1);
  ASSERT_NE(notes.find("a"), nullptr);
  EXPECT_EQ(*notes.find("a"), "of a");
  EXPECT_EQ(notes.find("b"), nullptr);
}

TEST(Recent, TheEntryAskedForLongestAgoGoesFirst) {
  Notes notes({.entries = 3});
  for (const auto* key : {"a", "b", "c"}) keep(notes, key, 1);
  notes.find("a");
  keep(notes, "d", 1);
  EXPECT_EQ(kept(notes, {"a", "b", "c", "d"}), "acd");
  EXPECT_EQ(notes.entries(), 3u);
}

TEST(Recent, BytesAreABoundToo) {
  Notes notes({.bytes = 100});
  keep(notes, "a", 40);
  keep(notes, "b", 40);
  keep(notes, "c", 20);
  EXPECT_EQ(notes.bytes(), 100u);
  keep(notes, "d", 50);
  EXPECT_EQ(kept(notes, {"a", "b", "c", "d"}), "cd");
  EXPECT_EQ(notes.bytes(), 70u);
}

TEST(Recent, TheNewestStaysHoweverLargeUnlessOneMayOnlyBeSoLarge) {
  Notes any({.bytes = 100}), some({.bytes = 100, .one = 50});
  for (auto* notes : {&any, &some}) {
    keep(*notes, "small", 10);
    keep(*notes, "large", 500);
  }
  EXPECT_EQ(kept(any, {"small", "large"}), "large");
  EXPECT_EQ(kept(some, {"small", "large"}), "small");
  EXPECT_EQ(some.bytes(), 10u);
}

TEST(Recent, ANewValueTakesThePlaceOfTheOldOne) {
  Notes notes({.bytes = 100});
  keep(notes, "a", 60);
  notes.keep("a", std::make_shared<const std::string>("newer"), 30);
  EXPECT_EQ(*notes.find("a"), "newer");
  EXPECT_EQ(notes.bytes(), 30u);
  EXPECT_EQ(notes.entries(), 1u);
}

TEST(Recent, WhoeverHoldsAValueKeepsItWhenItIsForgotten) {
  Notes notes({.entries = 1});
  keep(notes, "a", 1);
  const auto held = notes.find("a");
  keep(notes, "b", 1);
  EXPECT_EQ(notes.find("a"), nullptr);
  EXPECT_EQ(*held, "of a");
}

TEST(Recent, WhatStandsThereIsNotMadeAgain) {
  Notes notes({});
  int made = 0;
  const auto make = [&] { return note("number " + std::to_string(++made)); };
  EXPECT_EQ(*notes.find_or_make("a", make), "number 1");
  EXPECT_EQ(*notes.find_or_make("a", make), "number 1");
  EXPECT_EQ(*notes.find_or_make("b", make), "number 2");
}

TEST(Recent, AMakerMayAskForAnotherKey) {
  Notes notes({});
  const auto outer =
      notes.find_or_make("outer", [&] { return note("with " + *notes.find_or_make("inner", [] { return note("inner"); })); });
  EXPECT_EQ(*outer, "with inner");
  EXPECT_EQ(*notes.find("inner"), "inner");
}

TEST(Recent, NothingIsHandedOnAndNotKept) {
  Notes notes({});
  EXPECT_EQ(notes.find_or_make("a", [] { return Notes::Made{}; }), nullptr);
  EXPECT_EQ(*notes.find_or_make("a", [] { return note("something"); }), "something");
}

// The maker does not end before all the others wait, so that what is shown here does not hang on who comes first.
TEST(Recent, OfManyWhoAskAtOnceOneMakesAndTheOthersWait) {
  constexpr std::size_t kOthers = 7;
  Notes notes({.entries = 0});  // nothing is kept: who came later would make it again
  std::atomic<int> made = 0;
  std::atomic<std::size_t> begun = 0, same = 0;
  const auto make = [&] {
    ++made;
    begun = 1;
    while (notes.waiting() < kOthers) std::this_thread::yield();
    return note("one answer");
  };
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { same += *notes.find_or_make("a", make) == "one answer"; });
    while (begun == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < kOthers; ++i)
      threads.emplace_back([&] { same += *notes.find_or_make("a", make) == "one answer"; });
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(same, kOthers + 1);
  EXPECT_EQ(notes.waiting(), 0u);
}

TEST(Recent, WhatTheMakerThrowsEverybodyWhoWaitsThrowsAndTheNextTriesAnew) {
  constexpr std::size_t kOthers = 3;
  Notes notes({});
  std::atomic<std::size_t> begun = 0, failed = 0;
  const auto make = [&]() -> Notes::Made {
    begun = 1;
    while (notes.waiting() < kOthers) std::this_thread::yield();
    throw std::runtime_error("no");
  };
  const auto ask = [&] {
    try {
      notes.find_or_make("a", make);
    } catch (const std::runtime_error& e) {
      failed += std::string(e.what()) == "no";
    }
  };
  {
    std::vector<std::jthread> threads;
    threads.emplace_back(ask);
    while (begun == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < kOthers; ++i) threads.emplace_back(ask);
  }
  EXPECT_EQ(failed, kOthers + 1);
  EXPECT_EQ(notes.waiting(), 0u);
  EXPECT_EQ(notes.find("a"), nullptr);
  EXPECT_EQ(*notes.find_or_make("a", [] { return note("yes"); }), "yes");
}

TEST(Recent, ManyThreadsAndKeysNeverMixUpTheirValues) {
  Notes notes({.entries = 5});
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 2000; ++i) {
          const std::string key = std::to_string((i * (t + 1)) % 11);
          wrong += *notes.find_or_make(key, [&] { return note(key); }) != key;
        }
      });
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(notes.entries(), 5u);
}

}  // namespace
}  // namespace concord
