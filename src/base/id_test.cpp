#include "base/id.h"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

#include "base/check.h"

namespace concord {
namespace {

using PersonId = Id<struct PersonTag>;

TEST(Uuid, ReadsBothCasesAndWritesLower) {
  const auto id = Uuid::parse("0196F3A0-1B2C-7d3e-8F40-5162738495a6");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "0196f3a0-1b2c-7d3e-8f40-5162738495a6");
  EXPECT_FALSE(id->is_nil());
  EXPECT_TRUE(Uuid::parse("00000000-0000-0000-0000-000000000000")->is_nil());
}

TEST(Uuid, RefusesEveryOtherForm) {
  const std::string good = "0196f3a0-1b2c-7d3e-8f40-5162738495a6";
  for (const std::string& text :
       {std::string(), std::string("0196f3a01b2c7d3e8f405162738495a6"), "{" + good + "}", good + " ", good.substr(0, 35),
        "urn:uuid:" + good, std::string("0196f3a0-1b2c-7d3e-8f40-5162738495g6"),
        std::string("0196f3a01-b2c-7d3e-8f40-5162738495a6"), std::string("0196f3a0-1b2c-7d3e-8f40-51627384 5a6")})
    EXPECT_FALSE(Uuid::parse(text)) << text;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = good[i] == '-' ? '0' : '-';
    EXPECT_FALSE(Uuid::parse(bad)) << bad;
  }
}

TEST(UuidV7, HoldsTimeVersionAndVariant) {
  const std::array<std::uint8_t, 10> ones{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  EXPECT_EQ(make_uuid_v7(0x0123456789ABLL, ones).text(), "01234567-89ab-7fff-bfff-ffffffffffff");
  const std::array<std::uint8_t, 10> zeros{};
  EXPECT_EQ(make_uuid_v7(0, zeros).text(), "00000000-0000-7000-8000-000000000000");
  EXPECT_THROW(make_uuid_v7(-1, zeros), BrokenInvariant);
}

TEST(UuidFromParts, IsTheSameForTheSamePartsAndHasVersion8) {
  const std::string_view parts[] = {"patient", "hospital-7", "MRN 1"};
  const Uuid id = make_uuid_from(parts);
  EXPECT_EQ(id, make_uuid_from(parts));
  EXPECT_EQ(id.text()[14], '8');
  EXPECT_NE(std::string_view("89ab").find(id.text()[19]), std::string_view::npos);
  // The value is stored by imports: it must never change between versions of the program.
  EXPECT_EQ(id.text(), "2555fb0c-143c-86ca-b185-bfb9434eb41e");
}

TEST(UuidFromParts, KeepsTheBordersOfTheParts) {
  const std::string_view a[] = {"ab", "c"}, b[] = {"a", "bc"}, c[] = {"abc"}, d[] = {"ab", "c", ""};
  const std::set<Uuid> ids = {make_uuid_from(a), make_uuid_from(b), make_uuid_from(c), make_uuid_from(d), make_uuid_from({})};
  EXPECT_EQ(ids.size(), 5u);
}

TEST(SeededIds, RepeatWithTheSameSeedAndDifferWithAnother) {
  ManualClock clock(parse_instant("2026-03-01T12:00:00Z").value());
  SeededIds one(clock, 1), again(clock, 1), two(clock, 2);
  for (int i = 0; i < 100; ++i) {
    const Uuid id = one.next();
    EXPECT_EQ(id, again.next());
    EXPECT_NE(id, two.next());
    EXPECT_EQ(id.text()[14], '7');
  }
}

TEST(SeededIds, AreDistinctAndSortByTime) {
  ManualClock clock(parse_instant("2026-03-01T12:00:00Z").value());
  SeededIds ids(clock, 7);
  std::unordered_set<Uuid> seen;
  Uuid last{};
  for (int i = 0; i < 10000; ++i) {
    const Uuid id = ids.next();
    EXPECT_TRUE(seen.insert(id).second);
    EXPECT_LT(last, id);
    last = id;
    clock.advance(std::chrono::milliseconds(1));
  }
}

TEST(TypedId, ParsesAndCompares) {
  const auto id = PersonId::parse("0196f3a0-1b2c-7d3e-8f40-5162738495a6");
  ASSERT_TRUE(id);
  EXPECT_EQ(*id, PersonId(id->uuid));
  EXPECT_NE(*id, PersonId());
  EXPECT_TRUE(PersonId().is_nil());
  EXPECT_FALSE(PersonId::parse("x"));
}

}  // namespace
}  // namespace concord
